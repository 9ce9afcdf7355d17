/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cloud-init's three texts, written as JSON, which YAML contains. */
#include "customization/seed.h"

#include <json-glib/json-glib.h>

#include "customization/parts.h"

void customization_seed_free(CustomizationSeed *seed)
{
        if (seed == NULL)
                return;
        g_free(seed->meta_data);
        g_free(seed->user_data);
        g_free(seed->network_config);
        g_free(seed);
}

/*
 * What YAML's readers refuse as it is, or take for the end of a line. JSON's writer has escaped the rest,
 * and a specification has no control characters.
 */
static bool is_to_be_escaped(gunichar c)
{
        return c == 0x2028 || c == 0x2029 || c == 0xfeff || c == 0xfffe || c == 0xffff;
}

/* The builder's text. Such characters are in strings only, where an escape means the same to both. */
static char *finish(JsonBuilder *builder)
{
        g_autoptr(JsonNode) root = json_builder_get_root(builder);
        g_autofree char *json = json_to_string(root, true);
        GString *result = g_string_new(NULL);

        for (char *at = json; *at != '\0'; at = g_utf8_next_char(at)) {
                gunichar c = g_utf8_get_char(at);

                if (is_to_be_escaped(c))
                        g_string_append_printf(result, "\\u%04x", c);
                else
                        g_string_append_unichar(result, c);
        }
        g_string_append_c(result, '\n');
        return g_string_free(result, FALSE);
}

static void add_text(JsonBuilder *builder, const char *name, const char *value)
{
        (void)json_builder_set_member_name(builder, name);
        (void)json_builder_add_string_value(builder, value);
}

static void add_bool(JsonBuilder *builder, const char *name, bool value)
{
        (void)json_builder_set_member_name(builder, name);
        (void)json_builder_add_boolean_value(builder, value);
}

static void add_texts(JsonBuilder *builder, const char *name, char *const *values)
{
        (void)json_builder_set_member_name(builder, name);
        (void)json_builder_begin_array(builder);
        for (unsigned i = 0; values[i] != NULL; i++)
                (void)json_builder_add_string_value(builder, values[i]);
        (void)json_builder_end_array(builder);
}

static void add_user(JsonBuilder *builder, const SpecUser *user)
{
        (void)json_builder_begin_object(builder);
        add_text(builder, "name", user->name);
        /* "passwd" would be for new users alone, and without this the password of one that is there is
         * locked.
         */
        add_bool(builder, "lock_passwd", false);
        if (user->password_hash != NULL)
                add_text(builder, "hashed_passwd", user->password_hash);
        if (user->ssh_keys[0] != NULL)
                add_texts(builder, "ssh_authorized_keys", user->ssh_keys);
        if (user->groups[0] != NULL)
                add_texts(builder, "groups", user->groups);
        if (user->sudo)
                add_text(builder, "sudo", "ALL=(ALL) NOPASSWD:ALL");
        (void)json_builder_end_object(builder);
}

static void add_users(JsonBuilder *builder, const CustomizationSpec *spec)
{
        (void)json_builder_set_member_name(builder, "users");
        (void)json_builder_begin_array(builder);
        for (unsigned i = 0; i < spec->users->len; i++)
                add_user(builder, g_ptr_array_index(spec->users, i));
        (void)json_builder_end_array(builder);
}

/* Each by a shell of its own: one that is no shell language must not take the others with it. */
static void add_commands(JsonBuilder *builder, const CustomizationSpec *spec)
{
        (void)json_builder_set_member_name(builder, "runcmd");
        (void)json_builder_begin_array(builder);
        for (unsigned i = 0; spec->commands[i] != NULL; i++) {
                (void)json_builder_begin_array(builder);
                (void)json_builder_add_string_value(builder, "/bin/sh");
                (void)json_builder_add_string_value(builder, "-c");
                (void)json_builder_add_string_value(builder, spec->commands[i]);
                (void)json_builder_end_array(builder);
        }
        (void)json_builder_end_array(builder);
}

static char *user_data(const CustomizationSpec *spec, const char *host_name)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();
        g_autofree char *full = customization_full_name(spec, host_name);
        g_autofree char *text = NULL;

        (void)json_builder_begin_object(builder);
        add_text(builder, "hostname", host_name);
        add_text(builder, "fqdn", full);
        add_bool(builder, "preserve_hostname", false);
        add_text(builder, "manage_etc_hosts", "localhost");
        if (spec->time_zone != NULL)
                add_text(builder, "timezone", spec->time_zone);
        /* Without the member there is the image's own user. */
        if (spec->users->len > 0)
                add_users(builder, spec);
        if (spec->commands[0] != NULL)
                add_commands(builder, spec);
        (void)json_builder_end_object(builder);
        text = finish(builder);
        return g_strconcat("#cloud-config\n", text, NULL);
}

static char *meta_data(const CustomizationSpec *spec, const CustomizationTarget *target,
                       const char *host_name)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();
        g_autofree char *id = customization_instance_id(spec, target);

        (void)json_builder_begin_object(builder);
        add_text(builder, "instance-id", id);
        add_text(builder, "local-hostname", host_name);
        (void)json_builder_end_object(builder);
        return finish(builder);
}

static void add_static(JsonBuilder *builder, const CustomizationSpec *spec, const SpecCard *card,
                       char *address)
{
        char *const addresses[] = {address, NULL};
        char *const search[] = {spec->domain, NULL};

        add_texts(builder, "addresses", addresses);
        if (card->gateway != NULL) {
                (void)json_builder_set_member_name(builder, "routes");
                (void)json_builder_begin_array(builder);
                (void)json_builder_begin_object(builder);
                /* Not "default", which older ones do not know. */
                add_text(builder, "to", card->pool.first.bits == 32 ? "0.0.0.0/0" : "::/0");
                add_text(builder, "via", card->gateway);
                (void)json_builder_end_object(builder);
                (void)json_builder_end_array(builder);
        }
        if (card->dns[0] == NULL)
                return;
        (void)json_builder_set_member_name(builder, "nameservers");
        (void)json_builder_begin_object(builder);
        add_texts(builder, "addresses", card->dns);
        add_texts(builder, "search", search);
        (void)json_builder_end_object(builder);
}

static void add_card(JsonBuilder *builder, const CustomizationSpec *spec, char *address, const char *mac,
                     unsigned i)
{
        const SpecCard *card = g_ptr_array_index(spec->cards, i);
        g_autofree char *name = g_strdup_printf("eth%u", i);

        (void)json_builder_set_member_name(builder, name);
        (void)json_builder_begin_object(builder);
        (void)json_builder_set_member_name(builder, "match");
        (void)json_builder_begin_object(builder);
        add_text(builder, "macaddress", mac);
        (void)json_builder_end_object(builder);
        /* Those that write /etc/network/interfaces know a card by its name alone. */
        add_text(builder, "set-name", name);
        add_bool(builder, "dhcp4", card->dhcp);
        if (!card->dhcp)
                add_static(builder, spec, card, address);
        (void)json_builder_end_object(builder);
}

static char *network_config(const CustomizationSpec *spec, const CustomizationTarget *target)
{
        g_auto(GStrv) addresses = customization_addresses(spec, target->index);
        g_autoptr(JsonBuilder) builder = json_builder_new();

        (void)json_builder_begin_object(builder);
        (void)json_builder_set_member_name(builder, "version");
        (void)json_builder_add_int_value(builder, 2);
        (void)json_builder_set_member_name(builder, "ethernets");
        (void)json_builder_begin_object(builder);
        for (unsigned i = 0; i < spec->cards->len; i++)
                add_card(builder, spec, addresses[i], target->macs[i], i);
        (void)json_builder_end_object(builder);
        (void)json_builder_end_object(builder);
        return finish(builder);
}

CustomizationSeed *customization_seed_new(const CustomizationSpec *spec, const CustomizationTarget *target,
                                          GError **error)
{
        CustomizationSeed *seed;
        g_autofree char *host_name = NULL;

        if (!customization_check(spec, target, error))
                return NULL;
        host_name = customization_host_name(spec, target);
        seed = g_new0(CustomizationSeed, 1);
        seed->meta_data = meta_data(spec, target, host_name);
        seed->user_data = user_data(spec, host_name);
        if (spec->cards->len > 0)
                seed->network_config = network_config(spec, target);
        return seed;
}
