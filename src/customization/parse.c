/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reading of a specification: whatever is not understood, or would mean something else in a guest, is
 * refused, with the member's name. */
#include <json-glib/json-glib.h>
#include <string.h>

#include "customization/parts.h"

#define DEPTH_MAX     8
#define TIME_ZONE_MAX 64
#define WORDS_MAX     1024 /* bytes of a description */
#define ACCOUNT_MAX   32
#define HASH_MAX      512
#define KEY_MAX       (8u << 10)

static void card_free(gpointer data)
{
        SpecCard *card = data;

        g_free(card->gateway);
        g_strfreev(card->dns);
        g_free(card);
}

static void user_free(gpointer data)
{
        SpecUser *user = data;

        g_free(user->name);
        g_free(user->password_hash);
        g_strfreev(user->ssh_keys);
        g_strfreev(user->groups);
        g_free(user);
}

static bool refuse(GError **error, const char *where, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
static bool refuse(GError **error, const char *where, const char *format, ...)
{
        g_autofree char *message = NULL;
        va_list arguments;

        va_start(arguments, format);
        message = g_strdup_vprintf(format, arguments);
        va_end(arguments);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "customization specification: %s %s",
                    where, message);
        return false;
}

/* --- members, of an object that is called where ("users[0]", "" for the specification itself) --- */

static char *member_name(const char *where, const char *name)
{
        return where[0] == '\0' ? g_strdup(name) : g_strdup_printf("%s.%s", where, name);
}

static bool check_members(JsonObject *object, const char *where, const char *const *known, GError **error)
{
        g_autoptr(GList) members = json_object_get_members(object);

        for (GList *at = members; at != NULL; at = at->next)
                if (!g_strv_contains(known, at->data)) {
                        g_autofree char *name = g_strescape(at->data, NULL);
                        g_autoptr(GString) all = g_string_new(known[0]);

                        for (unsigned i = 1; known[i] != NULL; i++)
                                g_string_append_printf(all, ", %s", known[i]);
                        return refuse(error, where[0] == '\0' ? "it" : where,
                                      "has no member \"%.60s\"; there are %s", name, all->str);
                }
        return true;
}

static bool is_text(JsonNode *node)
{
        return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
               json_node_get_value_type(node) == G_TYPE_STRING &&
               g_utf8_validate(json_node_get_string(node), -1, NULL);
}

/* *ret, owned, stays NULL when it is not there or null. */
static bool read_text(JsonObject *object, const char *where, const char *name, char **ret, GError **error)
{
        g_autofree char *full = member_name(where, name);
        JsonNode *node = json_object_get_member(object, name);

        if (node == NULL || JSON_NODE_HOLDS_NULL(node))
                return true;
        if (!is_text(node))
                return refuse(error, full, "is a string");
        *ret = g_strdup(json_node_get_string(node));
        return true;
}

static bool read_bool(JsonObject *object, const char *where, const char *name, bool *ret, GError **error)
{
        g_autofree char *full = member_name(where, name);
        JsonNode *node = json_object_get_member(object, name);

        if (node == NULL || JSON_NODE_HOLDS_NULL(node))
                return true;
        if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_BOOLEAN)
                return refuse(error, full, "is true or false");
        *ret = json_node_get_boolean(node);
        return true;
}

/* The elements of an array, which may be missing; *ret is borrowed and NULL then. */
static bool read_array(JsonObject *object, const char *full, const char *name, unsigned max, JsonArray **ret,
                       GError **error)
{
        JsonNode *node = json_object_get_member(object, name);

        *ret = NULL;
        if (node == NULL || JSON_NODE_HOLDS_NULL(node))
                return true;
        if (!JSON_NODE_HOLDS_ARRAY(node))
                return refuse(error, full, "is a list");
        if (json_array_get_length(json_node_get_array(node)) > max)
                return refuse(error, full, "has at most %u entries", max);
        *ret = json_node_get_array(node);
        return true;
}

/* What is wrong with an entry, as half a sentence; NULL when nothing is. */
typedef const char *(*CheckText)(const char *text);

static bool read_texts(JsonObject *object, const char *where, const char *name, unsigned max,
                       CheckText check, char ***ret, GError **error)
{
        g_autofree char *full = member_name(where, name);
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        JsonArray *array;

        if (!read_array(object, full, name, max, &array, error))
                return false;
        for (unsigned i = 0; array != NULL && i < json_array_get_length(array); i++) {
                JsonNode *node = json_array_get_element(array, i);
                g_autofree char *entry = g_strdup_printf("%s[%u]", full, i);
                const char *wrong = is_text(node) ? check(json_node_get_string(node)) : "is a string";

                if (wrong != NULL)
                        return refuse(error, entry, "%s", wrong);
                g_ptr_array_add(texts, g_strdup(json_node_get_string(node)));
        }
        g_ptr_array_add(texts, NULL);
        *ret = (char **)g_ptr_array_free(g_steal_pointer(&texts), FALSE);
        return true;
}

/* --- single values --- */

static bool has_control_characters(const char *text, const char *but)
{
        for (; *text != '\0'; text = g_utf8_find_next_char(text, NULL))
                if (g_unichar_iscntrl(g_utf8_get_char(text)) && strchr(but, *text) == NULL)
                        return true;
        return false;
}

/* It becomes a path below /usr/share/zoneinfo in the guest. */
static bool is_time_zone(const char *text)
{
        g_auto(GStrv) parts = g_strsplit(text, "/", -1);

        if (text[0] == '\0' || strlen(text) > TIME_ZONE_MAX)
                return false;
        for (unsigned i = 0; parts[i] != NULL; i++) {
                if (!g_ascii_isalpha(parts[i][0]))
                        return false;
                if (strspn(parts[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-") !=
                    strlen(parts[i]))
                        return false;
        }
        return true;
}

/* Of users and groups: what Debian's and others' useradd take. */
static const char *account_wrong(const char *name)
{
        if (name[0] == '\0' || strlen(name) > ACCOUNT_MAX || !(g_ascii_islower(name[0]) || name[0] == '_') ||
            strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != strlen(name))
                return "is a small letter or \"_\" and then small letters, digits, \"_\" and \"-\", 32 at "
                       "most";
        return NULL;
}

/* "$6$salt$hash": crypt(5)'s form. What looks like a password is refused, it would lie about in the open. */
static bool is_password_hash(const char *text)
{
        const char *id_end = text[0] == '$' ? strchr(text + 1, '$') : NULL;

        return id_end != NULL && id_end - text >= 2 && id_end - text <= 10 &&
               strchr(id_end + 1, '$') != NULL && strlen(id_end) > 10 && strlen(text) <= HASH_MAX &&
               strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./$=,+-_") ==
                       strlen(text);
}

/* A line of authorized_keys(5), perhaps with options first: it has a type and then its base64 text. */
static const char *key_wrong(const char *text)
{
        static const char *const types[] = {"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"};
        g_auto(GStrv) words = NULL;

        if (strlen(text) > KEY_MAX || has_control_characters(text, ""))
                return "is one line, 8192 bytes at most";
        words = g_strsplit(text, " ", -1);
        for (unsigned i = 0; words[i] != NULL && words[i + 1] != NULL; i++)
                for (unsigned t = 0; t < G_N_ELEMENTS(types); t++)
                        if (g_str_has_prefix(words[i], types[t]) && g_str_has_prefix(words[i + 1], "AAAA"))
                                return NULL;
        return "is a public key, as in id_ed25519.pub";
}

static const char *command_wrong(const char *text)
{
        g_autofree char *content = g_strstrip(g_strdup(text));

        if (content[0] == '\0')
                return "is empty";
        if (has_control_characters(text, "\t\n"))
                return "has control characters in it besides tabs and ends of lines";
        return strlen(text) > CUSTOMIZATION_COMMAND_MAX ? "is 16384 bytes at most" : NULL;
}

static const char *address_wrong(const char *text)
{
        Address address;

        return address_parse(text, &address) ? NULL : "is an address";
}

/* --- its parts --- */

static bool check_gateway(const SpecCard *card, const char *where, GError **error)
{
        g_autofree char *full = member_name(where, "gateway");
        Address gateway;

        if (card->gateway == NULL)
                return true;
        if (!address_parse(card->gateway, &gateway))
                return refuse(error, full, "is an address");
        if (!address_pool_in_network(&card->pool, gateway))
                return refuse(error, full, "%s is not in the network of the addresses", card->gateway);
        if (address_pool_has(&card->pool, gateway))
                return refuse(error, full, "%s is in the pool: a VM would get it", card->gateway);
        return true;
}

static bool read_card(JsonObject *object, const char *where, SpecCard *card, GError **error)
{
        static const char *const known[] = {"address", "gateway", "dns", NULL};
        g_autofree char *full = member_name(where, "address");
        g_autofree char *address = NULL;
        g_autoptr(GError) wrong = NULL;

        if (!check_members(object, where, known, error) ||
            !read_text(object, where, "address", &address, error) ||
            !read_text(object, where, "gateway", &card->gateway, error) ||
            !read_texts(object, where, "dns", CUSTOMIZATION_DNS_MAX, address_wrong, &card->dns, error))
                return false;
        card->dhcp = g_strcmp0(address, "dhcp") == 0;
        if (card->dhcp && (card->gateway != NULL || card->dns[0] != NULL))
                return refuse(error, where, "has its gateway and its dns by DHCP; leave them out");
        if (card->dhcp)
                return true;
        if (!address_pool_parse(address == NULL ? "" : address, &card->pool, &wrong))
                return refuse(error, full, "%s", wrong->message);
        return check_gateway(card, where, error);
}

static bool read_user(JsonObject *object, const char *where, SpecUser *user, GError **error)
{
        static const char *const known[] = {"name", "password_hash", "ssh_keys", "groups", "sudo", NULL};
        g_autofree char *full = member_name(where, "name");
        const char *wrong;

        if (!check_members(object, where, known, error) ||
            !read_text(object, where, "name", &user->name, error) ||
            !read_text(object, where, "password_hash", &user->password_hash, error) ||
            !read_texts(object, where, "ssh_keys", CUSTOMIZATION_KEYS_MAX, key_wrong, &user->ssh_keys,
                        error) ||
            !read_texts(object, where, "groups", CUSTOMIZATION_GROUPS_MAX, account_wrong, &user->groups,
                        error) ||
            !read_bool(object, where, "sudo", &user->sudo, error))
                return false;
        wrong = account_wrong(user->name == NULL ? "" : user->name);
        if (wrong != NULL)
                return refuse(error, full, "%s", wrong);
        if (user->password_hash != NULL && !is_password_hash(user->password_hash))
                return refuse(error, where,
                              "(%s) has a password_hash that is none; \"openssl passwd -6\" makes one",
                              user->name);
        return true;
}

/* An array of objects: read is given each with the thing that it fills. */
static bool read_objects(JsonObject *object, const char *name, unsigned max, size_t size, GPtrArray *things,
                         bool (*read)(JsonObject *, const char *, gpointer, GError **), GError **error)
{
        JsonArray *array;

        if (!read_array(object, name, name, max, &array, error))
                return false;
        for (unsigned i = 0; array != NULL && i < json_array_get_length(array); i++) {
                JsonNode *node = json_array_get_element(array, i);
                g_autofree char *where = g_strdup_printf("%s[%u]", name, i);
                gpointer thing = g_malloc0(size);

                g_ptr_array_add(things, thing);
                if (!JSON_NODE_HOLDS_OBJECT(node))
                        return refuse(error, where, "is an object");
                if (!read(json_node_get_object(node), where, thing, error))
                        return false;
        }
        return true;
}

static bool read_any_card(JsonObject *object, const char *where, gpointer thing, GError **error)
{
        return read_card(object, where, thing, error);
}

static bool read_any_user(JsonObject *object, const char *where, gpointer thing, GError **error)
{
        return read_user(object, where, thing, error);
}

static bool check_users(const CustomizationSpec *spec, GError **error)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

        for (unsigned i = 0; i < spec->users->len; i++) {
                const SpecUser *user = g_ptr_array_index(spec->users, i);

                if (!g_hash_table_add(seen, user->name))
                        return refuse(error, "users", "has %s twice", user->name);
        }
        return true;
}

static bool check_names(CustomizationSpec *spec, const char *by, GError **error)
{
        const char *wrong;

        if (spec->host_name == NULL)
                spec->host_name = g_strdup(HOST_NAME_NAME);
        if (spec->description != NULL &&
            (strlen(spec->description) > WORDS_MAX || has_control_characters(spec->description, "\t\n")))
                return refuse(error, "description", "is %u bytes at most, without control characters",
                              WORDS_MAX);
        wrong = host_name_pattern_wrong(spec->host_name);
        if (wrong != NULL)
                return refuse(error, "host_name", "%s", wrong);
        if (spec->domain != NULL && !is_domain(spec->domain))
                return refuse(error, "domain", "is a domain name such as \"lab.example.com\"");
        if (spec->time_zone != NULL && !is_time_zone(spec->time_zone))
                return refuse(error, "time_zone", "is a name such as \"Europe/Berlin\" or \"UTC\"");
        if (by != NULL && strcmp(by, "cloud-init") != 0 && strcmp(by, "agent") != 0)
                return refuse(error, "by", "is \"cloud-init\" or \"agent\"");
        spec->by = g_strcmp0(by, "agent") == 0 ? CUSTOMIZATION_BY_AGENT : CUSTOMIZATION_BY_CLOUD_INIT;
        return true;
}

static bool read_all(JsonObject *object, CustomizationSpec *spec, GError **error)
{
        static const char *const known[] = {"description", "host_name", "domain", "time_zone", "cards",
                                            "users",       "commands",  "by",     NULL};
        g_autofree char *by = NULL;

        return check_members(object, "", known, error) &&
               read_text(object, "", "description", &spec->description, error) &&
               read_text(object, "", "host_name", &spec->host_name, error) &&
               read_text(object, "", "domain", &spec->domain, error) &&
               read_text(object, "", "time_zone", &spec->time_zone, error) &&
               read_text(object, "", "by", &by, error) && check_names(spec, by, error) &&
               read_objects(object, "cards", CUSTOMIZATION_CARDS_MAX, sizeof(SpecCard), spec->cards,
                            read_any_card, error) &&
               read_objects(object, "users", CUSTOMIZATION_USERS_MAX, sizeof(SpecUser), spec->users,
                            read_any_user, error) &&
               check_users(spec, error) &&
               read_texts(object, "", "commands", CUSTOMIZATION_COMMANDS_MAX, command_wrong, &spec->commands,
                          error);
}

/*
 * What the parser must not be given: it calls itself for every level, and a string ends for it at a NUL, so
 * that a command with one would be another command. It also takes comments, in which quotes would hide
 * levels; JSON has none.
 */
static const char *text_wrong(const char *json)
{
        unsigned depth = 0;
        bool inside = false; /* of a string */

        if (strlen(json) > CUSTOMIZATION_TEXT_MAX)
                return "is longer than 256 KiB";
        for (const char *at = json; *at != '\0'; at++) {
                if (inside && *at == '\\') {
                        if (g_str_has_prefix(at + 1, "u0000"))
                                return "has a NUL character in a string";
                        at++;
                        if (*at == '\0')
                                break;
                } else if (*at == '"') {
                        inside = !inside;
                } else if (!inside && (*at == '[' || *at == '{')) {
                        if (++depth > DEPTH_MAX)
                                return "is nested too deeply";
                } else if (!inside && (*at == ']' || *at == '}') && depth > 0) {
                        depth--;
                } else if (!inside && !g_ascii_isalnum(*at) && strchr(" \t\r\n:,+-.]}", *at) == NULL) {
                        return "is no JSON";
                }
        }
        return g_utf8_validate(json, -1, NULL) ? NULL : "is not UTF-8";
}

CustomizationSpec *customization_parse(const char *json, GError **error)
{
        g_autoptr(CustomizationSpec) spec = g_new0(CustomizationSpec, 1);
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(GError) wrong = NULL;
        const char *unfit = text_wrong(json);
        JsonNode *root;

        spec->cards = g_ptr_array_new_with_free_func(card_free);
        spec->users = g_ptr_array_new_with_free_func(user_free);
        if (unfit != NULL)
                return refuse(error, "its text", "%s", unfit), NULL;
        if (!json_parser_load_from_data(parser, json, -1, &wrong))
                return refuse(error, "it", "is no JSON: %s", wrong->message), NULL;
        root = json_parser_get_root(parser);
        if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root))
                return refuse(error, "it", "is a JSON object"), NULL;
        return read_all(json_node_get_object(root), spec, error) ? g_steal_pointer(&spec) : NULL;
}
