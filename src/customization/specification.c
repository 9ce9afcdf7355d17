/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Life and writing of specifications, and whether one fits a VM. Their reading is in parse.c. */
#include "customization/specification.h"

#include <json-glib/json-glib.h>
#include <limits.h>
#include <string.h>

#include "customization/parts.h"

void customization_free(CustomizationSpec *spec)
{
        if (spec == NULL)
                return;
        g_free(spec->description);
        g_free(spec->host_name);
        g_free(spec->domain);
        g_free(spec->time_zone);
        g_clear_pointer(&spec->cards, g_ptr_array_unref);
        g_clear_pointer(&spec->users, g_ptr_array_unref);
        g_strfreev(spec->commands);
        g_free(spec);
}

CustomizationBy customization_by(const CustomizationSpec *spec)
{
        return spec->by;
}

static void add_text(JsonBuilder *builder, const char *name, const char *value)
{
        if (value == NULL)
                return;
        (void)json_builder_set_member_name(builder, name);
        (void)json_builder_add_string_value(builder, value);
}

static void add_texts(JsonBuilder *builder, const char *name, char *const *values)
{
        if (values[0] == NULL)
                return;
        (void)json_builder_set_member_name(builder, name);
        (void)json_builder_begin_array(builder);
        for (unsigned i = 0; values[i] != NULL; i++)
                (void)json_builder_add_string_value(builder, values[i]);
        (void)json_builder_end_array(builder);
}

static void add_card(JsonBuilder *builder, const SpecCard *card)
{
        g_autofree char *pool = card->dhcp ? g_strdup("dhcp") : address_pool_text(&card->pool);

        (void)json_builder_begin_object(builder);
        add_text(builder, "address", pool);
        add_text(builder, "gateway", card->gateway);
        add_texts(builder, "dns", card->dns);
        (void)json_builder_end_object(builder);
}

static void add_user(JsonBuilder *builder, const SpecUser *user)
{
        (void)json_builder_begin_object(builder);
        add_text(builder, "name", user->name);
        add_text(builder, "password_hash", user->password_hash);
        add_texts(builder, "ssh_keys", user->ssh_keys);
        add_texts(builder, "groups", user->groups);
        (void)json_builder_set_member_name(builder, "sudo");
        (void)json_builder_add_boolean_value(builder, user->sudo);
        (void)json_builder_end_object(builder);
}

static char *text_of(const CustomizationSpec *spec, bool with_description)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();
        g_autoptr(JsonNode) root = NULL;

        (void)json_builder_begin_object(builder);
        if (with_description)
                add_text(builder, "description", spec->description);
        add_text(builder, "host_name", spec->host_name);
        add_text(builder, "domain", spec->domain);
        add_text(builder, "time_zone", spec->time_zone);
        (void)json_builder_set_member_name(builder, "cards");
        (void)json_builder_begin_array(builder);
        for (unsigned i = 0; i < spec->cards->len; i++)
                add_card(builder, g_ptr_array_index(spec->cards, i));
        (void)json_builder_end_array(builder);
        (void)json_builder_set_member_name(builder, "users");
        (void)json_builder_begin_array(builder);
        for (unsigned i = 0; i < spec->users->len; i++)
                add_user(builder, g_ptr_array_index(spec->users, i));
        (void)json_builder_end_array(builder);
        add_texts(builder, "commands", spec->commands);
        add_text(builder, "by", spec->by == CUSTOMIZATION_BY_AGENT ? "agent" : "cloud-init");
        (void)json_builder_end_object(builder);
        root = json_builder_get_root(builder);
        return json_to_string(root, true);
}

char *customization_text(const CustomizationSpec *spec)
{
        return text_of(spec, true);
}

unsigned customization_capacity(const CustomizationSpec *spec)
{
        unsigned capacity = UINT_MAX;

        for (unsigned i = 0; i < spec->cards->len; i++) {
                const SpecCard *card = g_ptr_array_index(spec->cards, i);

                if (!card->dhcp)
                        capacity = MIN(capacity, address_pool_size(&card->pool));
        }
        return capacity;
}

char **customization_addresses(const CustomizationSpec *spec, unsigned index)
{
        char **addresses = g_new0(char *, spec->cards->len + 1);

        for (unsigned i = 0; i < spec->cards->len; i++) {
                const SpecCard *card = g_ptr_array_index(spec->cards, i);
                g_autofree char *address = card->dhcp ? NULL : address_pool_get(&card->pool, index);

                addresses[i] =
                        card->dhcp ? g_strdup("dhcp") : g_strdup_printf("%s/%u", address, card->pool.prefix);
        }
        return addresses;
}

bool customization_check(const CustomizationSpec *spec, const CustomizationTarget *target, GError **error)
{
        unsigned capacity = customization_capacity(spec), cards = 0;

        while (target->macs != NULL && target->macs[cards] != NULL)
                cards++;
        if (spec->cards->len > 0 && cards != spec->cards->len) {
                g_set_error(
                        error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                        "%s has %u network card%s and the specification says what to do with %u; give it "
                        "an entry in \"cards\" for each, or none at all for DHCP",
                        target->name, cards, cards == 1 ? "" : "s", spec->cards->len);
                return false;
        }
        if (target->index >= capacity) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                            "%s would be number %" G_GUINT64_FORMAT " of the specification's VMs, and its "
                            "smallest pool has %u address%s; make the pool larger",
                            target->name, (guint64)target->index + 1, capacity, capacity == 1 ? "" : "es");
                return false;
        }
        return true;
}

char *customization_instance_id(const CustomizationSpec *spec, const CustomizationTarget *target)
{
        g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
        g_autofree char *text = text_of(spec, false);
        g_autofree char *index = g_strdup_printf("%u", target->index);
        const char *const facts[] = {text, target->name, index};

        /* With their ends, so that no two lists of facts read the same. */
        for (unsigned i = 0; i < G_N_ELEMENTS(facts); i++)
                g_checksum_update(checksum, (const guchar *)facts[i], (gssize)strlen(facts[i]) + 1);
        for (unsigned i = 0; target->macs != NULL && target->macs[i] != NULL; i++)
                g_checksum_update(checksum, (const guchar *)target->macs[i],
                                  (gssize)strlen(target->macs[i]) + 1);
        return g_strdup_printf("%s-%.8s", target->uuid, g_checksum_get_string(checksum));
}
