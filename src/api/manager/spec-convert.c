/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vim25's customization specifications from and to aerostat's. */
#include "api/manager/spec-convert.h"

#include <arpa/inet.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "customization/specification.h"

#define NAME   "{name}"
#define NUMBER "-{number}" /* as a vCenter makes names unique */

/* What vim25 has no words for. */
static const char *const own_members[] = {"users", "commands", "by"};

/* --- from vim25 --- */

typedef struct Reading {
        char *property; /* of what is refused; "spec..." */
        GError *error;
        JsonBuilder *builder;
        const char *domain; /* or NULL */
} Reading;

static bool refuse(Reading *reading, const char *property, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
static bool refuse(Reading *reading, const char *property, const char *format, ...)
{
        va_list words;

        if (reading->error != NULL)
                return false;
        va_start(words, format);
        reading->error = g_error_new_valist(G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, format, words);
        va_end(words);
        reading->property = g_strdup(property);
        return false;
}

static void put(Reading *reading, const char *name, const char *text)
{
        (void)json_builder_set_member_name(reading->builder, name);
        (void)json_builder_add_string_value(reading->builder, text);
}

/* NULL for what is unset or empty. */
static const char *text_of(const VimValue *object, const char *field)
{
        const char *text = vim_get_text(object, field);

        return text != NULL && text[0] != '\0' ? text : NULL;
}

static bool read_host_name(Reading *reading, const VimValue *name)
{
        g_autofree char *pattern = NULL;

        if (vim_is(name, "CustomizationVirtualMachineName"))
                pattern = g_strdup(NAME);
        else if (vim_is(name, "CustomizationFixedName"))
                pattern = g_strdup(vim_get_text(name, "name"));
        else if (vim_is(name, "CustomizationPrefixName"))
                pattern = g_strconcat(vim_get_text(name, "base"), NUMBER, NULL);
        else if (vim_is(name, "CustomizationCustomName"))
                pattern = g_strdup(text_of(name, "argument"));
        if (pattern == NULL)
                return refuse(reading, "spec.identity.hostName",
                              "a host name is the VM's (CustomizationVirtualMachineName), a fixed one, one "
                              "with a prefix, or aerostat's pattern as a CustomizationCustomName's "
                              "argument (\"web-{number}\"); nobody can be asked for it here");
        if (!vim_is(name, "CustomizationCustomName") && !vim_is(name, "CustomizationVirtualMachineName") &&
            strchr(vim_get_text(name, vim_is(name, "CustomizationFixedName") ? "name" : "base"), '{') !=
                    NULL)
                return refuse(reading, "spec.identity.hostName", "a host name has no \"{\"");
        put(reading, "host_name", pattern);
        return true;
}

static bool read_identity(Reading *reading, const VimValue *identity)
{
        if (!vim_is(identity, "CustomizationLinuxPrep"))
                return refuse(reading, "spec.identity",
                              "a %s cannot be carried out: guests are customized by cloud-init or by their "
                              "agent, as a CustomizationLinuxPrep says; Windows' Sysprep is not run from "
                              "outside (let the template's own first start do that)",
                              identity->type->name);
        if (!vim_get_bool(identity, "hwClockUTC", true))
                return refuse(reading, "spec.identity.hwClockUTC",
                              "the VMs' clocks are in UTC; hwClockUTC cannot be false");
        if (text_of(identity, "scriptText") != NULL)
                return refuse(reading, "spec.identity.scriptText",
                              "a script cannot come with a specification of vim25; first commands are of "
                              "aerostat's own ('aerostat customization')");
        reading->domain = text_of(identity, "domain");
        if (!read_host_name(reading, vim_get(identity, "hostName")))
                return false;
        if (reading->domain != NULL)
                put(reading, "domain", reading->domain);
        if (text_of(identity, "timeZone") != NULL)
                put(reading, "time_zone", text_of(identity, "timeZone"));
        return true;
}

/* "255.255.255.0" is 24; -1: not a mask. */
static int prefix_of(const char *mask)
{
        struct in_addr address;
        uint32_t bits;

        if (mask == NULL || inet_pton(AF_INET, mask, &address) != 1)
                return -1;
        bits = ntohl(address.s_addr);
        if (bits == 0 || (~bits & (~bits + 1)) != 0)
                return -1;
        return __builtin_popcount(bits);
}

/* What the specification has of an address; NULL: refused. Owned. */
static char *read_address(Reading *reading, const char *where, const VimValue *adapter)
{
        const VimValue *ip = vim_get(adapter, "ip");
        g_autofree char *property = g_strconcat(where, ".ip", NULL);
        int prefix;

        if (vim_is(ip, "CustomizationDhcpIpGenerator"))
                return g_strdup("dhcp");
        if (vim_is(ip, "CustomizationCustomIpGenerator") && text_of(ip, "argument") != NULL)
                return g_strdup(text_of(ip, "argument"));
        if (!vim_is(ip, "CustomizationFixedIp")) {
                (void)refuse(
                        reading, property,
                        "an address is by DHCP, fixed, or of aerostat's pool as a "
                        "CustomizationCustomIpGenerator's argument (\"10.0.0.10-10.0.0.50/24\"); nobody "
                        "can be asked for it here");
                return NULL;
        }
        prefix = prefix_of(text_of(adapter, "subnetMask"));
        if (prefix < 0) {
                (void)refuse(reading, property,
                             "a fixed address needs its subnetMask, such as 255.255.255.0");
                return NULL;
        }
        return g_strdup_printf("%s/%d", vim_get_text(ip, "ipAddress"), prefix);
}

static void put_servers(Reading *reading, const VimValue *own, const VimValue *common)
{
        const VimValue *const lists[] = {own, common};
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

        (void)json_builder_set_member_name(reading->builder, "dns");
        (void)json_builder_begin_array(reading->builder);
        for (unsigned i = 0; i < G_N_ELEMENTS(lists); i++)
                for (unsigned j = 0; j < vim_length(lists[i]); j++)
                        if (g_hash_table_add(seen, vim_item(lists[i], j)->text))
                                (void)json_builder_add_string_value(reading->builder,
                                                                    vim_item(lists[i], j)->text);
        (void)json_builder_end_array(reading->builder);
}

/* What means nothing to a Linux guest (WINS, NetBIOS) is passed over, as a vCenter does. */
static bool read_adapter(Reading *reading, const char *where, const VimValue *mapping,
                         const VimValue *common)
{
        const VimValue *adapter = vim_get(mapping, "adapter");
        const VimValue *gateway = vim_get(adapter, "gateway");
        g_autofree char *address = read_address(reading, where, adapter);
        bool dhcp = g_strcmp0(address, "dhcp") == 0;

        if (address == NULL)
                return false;
        if (text_of(mapping, "macAddress") != NULL)
                return refuse(reading, where,
                              "network cards are told apart by their order, not by macAddress");
        if (vim_length(vim_get(vim_get(adapter, "ipV6Spec"), "ip")) > 0)
                return refuse(reading, where,
                              "a card has one address; an IPv6 one goes in place of the IPv4 one, as a "
                              "CustomizationCustomIpGenerator's argument (\"fd00::10/64\")");
        if (vim_length(gateway) > 1)
                return refuse(reading, where, "a card has one gateway");
        if (text_of(adapter, "dnsDomain") != NULL &&
            g_strcmp0(text_of(adapter, "dnsDomain"), reading->domain) != 0)
                return refuse(reading, where,
                              "dnsDomain is not the identity's domain; there is one for all cards");
        if (dhcp && (vim_length(gateway) > 0 || vim_length(vim_get(adapter, "dnsServerList")) > 0))
                return refuse(reading, where,
                              "a card with DHCP has its gateway and its name servers by DHCP");
        (void)json_builder_begin_object(reading->builder);
        put(reading, "address", address);
        if (vim_length(gateway) > 0)
                put(reading, "gateway", vim_item(gateway, 0)->text);
        if (!dhcp)
                put_servers(reading, vim_get(adapter, "dnsServerList"), common);
        (void)json_builder_end_object(reading->builder);
        return true;
}

static bool has_static_card(const VimValue *map)
{
        for (unsigned i = 0; i < vim_length(map); i++)
                if (!vim_is(vim_get(vim_get(vim_item(map, i), "adapter"), "ip"),
                            "CustomizationDhcpIpGenerator"))
                        return true;
        return false;
}

static bool read_network(Reading *reading, const VimValue *spec)
{
        const VimValue *global = vim_get(spec, "globalIPSettings"), *map = vim_get(spec, "nicSettingMap");
        const VimValue *servers = vim_get(global, "dnsServerList"),
                       *suffixes = vim_get(global, "dnsSuffixList");

        for (unsigned i = 0; i < vim_length(suffixes); i++)
                if (g_strcmp0(vim_item(suffixes, i)->text, reading->domain) != 0)
                        return refuse(reading, "spec.globalIPSettings.dnsSuffixList",
                                      "\"%.100s\" is not the identity's domain, which is the one that names "
                                      "are looked up in",
                                      vim_item(suffixes, i)->text);
        if (vim_length(servers) > 0 && !has_static_card(map))
                return refuse(reading, "spec.globalIPSettings.dnsServerList",
                              "all cards have their name servers by DHCP; leave the list empty");
        (void)json_builder_set_member_name(reading->builder, "cards");
        (void)json_builder_begin_array(reading->builder);
        for (unsigned i = 0; i < vim_length(map); i++) {
                g_autofree char *where = g_strdup_printf("spec.nicSettingMap[%u].adapter", i);

                if (!read_adapter(reading, where, vim_item(map, i), servers))
                        return false;
        }
        (void)json_builder_end_array(reading->builder);
        return true;
}

/* What spec_to_vim() put there; anything else that a client sends is passed over. NULL: nothing. Owned. */
static char *key_text(const VimValue *key)
{
        g_autoptr(GString) text = g_string_new(NULL);

        if (key == NULL || !key->is_list || vim_length(key) > CUSTOMIZATION_TEXT_MAX)
                return NULL;
        for (unsigned i = 0; i < vim_length(key); i++)
                g_string_append_c(text, (char)vim_item(key, i)->integer);
        return strlen(text->str) == text->len && g_utf8_validate(text->str, -1, NULL)
                       ? g_string_free(g_steal_pointer(&text), FALSE)
                       : NULL;
}

/* Only what is a specification by itself: it is checked before anything is made of it. */
static JsonNode *read_own(const char *text)
{
        g_autoptr(CustomizationSpec) spec = text != NULL ? customization_parse(text, NULL) : NULL;

        return spec != NULL ? json_from_string(text, NULL) : NULL;
}

static void keep_own(Reading *reading, const VimValue *key, const char *base)
{
        g_autofree char *text = key_text(key);
        g_autoptr(JsonNode) node = read_own(text);

        if (node == NULL)
                node = read_own(base);
        for (unsigned i = 0; node != NULL && i < G_N_ELEMENTS(own_members); i++) {
                JsonNode *member = json_object_get_member(json_node_get_object(node), own_members[i]);

                if (member == NULL)
                        continue;
                (void)json_builder_set_member_name(reading->builder, own_members[i]);
                (void)json_builder_add_value(reading->builder, json_node_copy(member));
        }
}

static char *finish(Reading *reading)
{
        g_autoptr(JsonNode) root = NULL;
        g_autofree char *text = NULL;
        g_autoptr(CustomizationSpec) parsed = NULL;

        (void)json_builder_end_object(reading->builder);
        root = json_builder_get_root(reading->builder);
        text = json_to_string(root, false);
        parsed = customization_parse(text, &reading->error);
        if (parsed == NULL)
                reading->property = g_strdup("spec");
        return parsed != NULL ? customization_text(parsed) : NULL;
}

char *spec_from_vim(const VimValue *spec, const char *description, const char *base, char **ret_property,
                    GError **error)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();
        Reading reading = {.builder = builder};
        char *text = NULL;

        (void)json_builder_begin_object(builder);
        if (description != NULL && description[0] != '\0')
                put(&reading, "description", description);
        if (vim_is(vim_get(spec, "options"), "CustomizationWinOptions"))
                (void)refuse(&reading, "spec.options", "CustomizationWinOptions are for Windows' Sysprep");
        else if (read_identity(&reading, vim_get(spec, "identity")) && read_network(&reading, spec)) {
                keep_own(&reading, vim_get(spec, "encryptionKey"), base);
                text = finish(&reading);
        }
        if (text == NULL) {
                *ret_property = reading.property;
                g_propagate_error(error, reading.error);
        }
        return text;
}

/* --- to vim25 --- */

static const char *member(JsonObject *object, const char *name)
{
        return json_object_get_string_member_with_default(object, name, NULL);
}

static VimValue *host_name_of(const char *pattern)
{
        const char *brace = strchr(pattern, '{'), *number = strstr(pattern, NUMBER);
        VimValue *name;

        if (strcmp(pattern, NAME) == 0)
                return vim_new_object("CustomizationVirtualMachineName");
        if (brace == NULL) {
                name = vim_new_object("CustomizationFixedName");
                vim_set_text(name, "name", pattern);
        } else if (number != NULL && number > pattern && brace == number + 1 &&
                   number[strlen(NUMBER)] == '\0') {
                g_autofree char *base = g_strndup(pattern, (gsize)(number - pattern));

                name = vim_new_object("CustomizationPrefixName");
                vim_set_text(name, "base", base);
        } else {
                name = vim_new_object("CustomizationCustomName");
                vim_set_text(name, "argument", pattern);
        }
        return name;
}

static VimValue *identity_of(JsonObject *object)
{
        VimValue *identity = vim_new_object("CustomizationLinuxPrep");
        const char *domain = member(object, "domain");

        vim_set(identity, "hostName", host_name_of(member(object, "host_name")));
        vim_set_text(identity, "domain", domain != NULL ? domain : "");
        vim_set_text(identity, "timeZone", member(object, "time_zone"));
        vim_set_bool(identity, "hwClockUTC", true);
        return identity;
}

static void set_address(VimValue *adapter, const char *address)
{
        g_auto(GStrv) parts = g_strsplit(address, "/", 2);
        g_autofree char *mask = NULL;
        guint64 prefix = 0;
        uint32_t bits;
        VimValue *ip;

        if (strcmp(address, "dhcp") == 0) {
                vim_set(adapter, "ip", vim_new_object("CustomizationDhcpIpGenerator"));
                return;
        }
        if (strpbrk(address, "-:") != NULL || parts[1] == NULL ||
            !g_ascii_string_to_unsigned(parts[1], 10, 1, 32, &prefix, NULL)) {
                ip = vim_new_object("CustomizationCustomIpGenerator");
                vim_set_text(ip, "argument", address);
                vim_set(adapter, "ip", ip);
                return;
        }
        ip = vim_new_object("CustomizationFixedIp");
        bits = UINT32_MAX << (32 - prefix);
        mask = g_strdup_printf("%u.%u.%u.%u", bits >> 24, bits >> 16 & 255, bits >> 8 & 255, bits & 255);
        vim_set_text(ip, "ipAddress", parts[0]);
        vim_set(adapter, "ip", ip);
        vim_set_text(adapter, "subnetMask", mask);
}

static JsonArray *servers_of(JsonObject *card)
{
        return json_object_has_member(card, "dns") ? json_object_get_array_member(card, "dns") : NULL;
}

static VimValue *texts(JsonArray *array)
{
        VimValue *list = vim_new_list("string");

        for (unsigned i = 0; array != NULL && i < json_array_get_length(array); i++)
                vim_add(list, vim_new_string(json_array_get_string_element(array, i)));
        return list;
}

/* The name servers that all cards without DHCP have; then they are said once, for all. Else NULL. */
static VimValue *common_servers(JsonArray *cards)
{
        g_autoptr(VimValue) common = NULL;

        for (unsigned i = 0; i < json_array_get_length(cards); i++) {
                JsonObject *card = json_array_get_object_element(cards, i);
                g_autoptr(VimValue) servers = texts(servers_of(card));

                if (strcmp(member(card, "address"), "dhcp") == 0)
                        continue;
                if (common == NULL)
                        common = g_steal_pointer(&servers);
                else if (!vim_equal(common, servers))
                        return NULL;
        }
        return g_steal_pointer(&common);
}

static VimValue *mapping_of(JsonObject *card, bool with_servers)
{
        VimValue *mapping = vim_new_object("CustomizationAdapterMapping");
        VimValue *adapter = vim_new_object("CustomizationIPSettings");

        set_address(adapter, member(card, "address"));
        vim_set(adapter, "gateway",
                member(card, "gateway") != NULL ? vim_new_string(member(card, "gateway")) : NULL);
        if (with_servers && servers_of(card) != NULL)
                vim_set(adapter, "dnsServerList", texts(servers_of(card)));
        vim_set(mapping, "adapter", adapter);
        return mapping;
}

static VimValue *key_of(JsonObject *object)
{
        g_autoptr(JsonObject) own = json_object_new();
        g_autoptr(JsonNode) node = NULL;
        g_autofree char *text = NULL;
        VimValue *list;

        for (unsigned i = 0; i < G_N_ELEMENTS(own_members); i++) {
                JsonNode *member_node = json_object_get_member(object, own_members[i]);

                if (member_node != NULL)
                        json_object_set_member(own, own_members[i], json_node_copy(member_node));
        }
        node = json_node_init_object(json_node_alloc(), own);
        text = json_to_string(node, false);
        list = vim_new_list("byte");
        for (const char *c = text; *c != '\0'; c++)
                vim_add(list, vim_new_byte((signed char)*c));
        return list;
}

static VimValue *value_of(JsonObject *object)
{
        VimValue *spec = vim_new_object("CustomizationSpec");
        VimValue *global = vim_new_object("CustomizationGlobalIPSettings");
        VimValue *map = vim_new_list("CustomizationAdapterMapping"), *common;
        JsonArray *cards = json_object_get_array_member(object, "cards");

        common = common_servers(cards);
        for (unsigned i = 0; i < json_array_get_length(cards); i++)
                vim_add(map, mapping_of(json_array_get_object_element(cards, i), common == NULL));
        vim_set(global, "dnsServerList", common);
        vim_set(global, "dnsSuffixList",
                member(object, "domain") != NULL ? vim_new_string(member(object, "domain")) : NULL);
        vim_set(spec, "options", vim_new_object("CustomizationLinuxOptions"));
        vim_set(spec, "identity", identity_of(object));
        vim_set(spec, "globalIPSettings", global);
        vim_set(spec, "nicSettingMap", map);
        vim_set(spec, "encryptionKey", key_of(object));
        return spec;
}

/* As it is written when it has been checked. */
static JsonNode *read_text(const char *text, GError **error)
{
        g_autoptr(CustomizationSpec) parsed = customization_parse(text, error);
        g_autofree char *checked = parsed != NULL ? customization_text(parsed) : NULL;

        return checked != NULL ? json_from_string(checked, error) : NULL;
}

VimValue *spec_to_vim(const char *text, GError **error)
{
        g_autoptr(JsonNode) node = read_text(text, error);

        return node != NULL ? value_of(json_node_get_object(node)) : NULL;
}

char *spec_description(const char *text)
{
        g_autoptr(JsonNode) node = read_text(text, NULL);
        const char *description = node != NULL ? member(json_node_get_object(node), "description") : NULL;

        return g_strdup(description != NULL ? description : "");
}
