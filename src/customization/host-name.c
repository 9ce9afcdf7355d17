/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Host names: from the pattern of a specification and the name of a VM, which may be any text. */
#include <string.h>

#include "customization/parts.h"

#define LABEL_MAX   63  /* RFC 1123 by way of RFC 1035 */
#define DOMAIN_MAX  180 /* so that a name before it still fits in 253 */
#define DIGEST_LEN  8
#define LITERAL_MAX 40 /* leaves room for a number and for a name that is shortened */

static const char *skip_placeholder(const char *at)
{
        if (g_str_has_prefix(at, HOST_NAME_NAME))
                return at + strlen(HOST_NAME_NAME);
        return g_str_has_prefix(at, HOST_NAME_NUMBER) ? at + strlen(HOST_NAME_NUMBER) : NULL;
}

static bool is_twice(const char *pattern, const char *placeholder)
{
        const char *first = strstr(pattern, placeholder);

        return first != NULL && strstr(first + 1, placeholder) != NULL;
}

const char *host_name_pattern_wrong(const char *pattern)
{
        size_t literal = 0, length = strlen(pattern);

        if (length == 0)
                return "is empty; \"{name}\" is the VM's name";
        for (const char *at = pattern; *at != '\0';) {
                const char *next = skip_placeholder(at);

                if (next == NULL && !g_ascii_isalnum(*at) && *at != '-')
                        return "has letters, digits, hyphens, \"{name}\" (the VM's) and \"{number}\" in it";
                literal += next == NULL;
                at = next == NULL ? at + 1 : next;
        }
        if (pattern[0] == '-' || pattern[length - 1] == '-')
                return "neither begins nor ends with a hyphen";
        if (is_twice(pattern, HOST_NAME_NAME) || is_twice(pattern, HOST_NAME_NUMBER))
                return "has \"{name}\" and \"{number}\" at most once";
        if (literal > LITERAL_MAX)
                return "has at most 40 characters besides \"{name}\" and \"{number}\"";
        return NULL;
}

bool is_domain(const char *text)
{
        g_auto(GStrv) labels = g_strsplit(text, ".", -1);

        if (text[0] == '\0' || strlen(text) > DOMAIN_MAX)
                return false;
        for (unsigned i = 0; labels[i] != NULL; i++) {
                size_t length = strlen(labels[i]);

                if (length == 0 || length > LABEL_MAX || labels[i][0] == '-' || labels[i][length - 1] == '-')
                        return false;
                for (const char *at = labels[i]; *at != '\0'; at++)
                        if (!g_ascii_isalnum(*at) && *at != '-')
                                return false;
        }
        return true;
}

/* Letters lose their accents, what is left of other characters is one hyphen for each run of them. */
static char *fit(const char *name)
{
        /* Not by the locale of whoever runs this: a VM keeps its host name. */
        g_autofree char *ascii = g_str_to_ascii(name, "C");
        GString *result = g_string_new(NULL);

        for (const char *at = ascii; *at != '\0'; at++)
                if (g_ascii_isalnum(*at))
                        g_string_append_c(result, *at);
                else if (result->len > 0 && result->str[result->len - 1] != '-')
                        g_string_append_c(result, '-');
        if (result->len > 0 && result->str[result->len - 1] == '-')
                g_string_truncate(result, result->len - 1);
        return g_string_free(result, FALSE);
}

/* Two long names that begin alike must not become one. */
static void shorten(GString *name, size_t max, const char *whole)
{
        g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, whole, -1);

        g_string_truncate(name, max - DIGEST_LEN - 1);
        while (name->len > 0 && name->str[name->len - 1] == '-')
                g_string_truncate(name, name->len - 1);
        g_string_append_printf(name, "-%.*s", DIGEST_LEN, digest);
}

char *customization_host_name(const CustomizationSpec *spec, const CustomizationTarget *target)
{
        g_autofree char *fitting = fit(target->name);
        g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)target->index + 1);
        g_autoptr(GString) name = g_string_new(fitting);
        GString *result = g_string_new(spec->host_name);

        if (name->len == 0)
                g_string_printf(name, "vm-%.8s", target->uuid);
        (void)g_string_replace(result, HOST_NAME_NUMBER, number, 1);
        if (strstr(result->str, HOST_NAME_NAME) != NULL) {
                size_t room = LABEL_MAX - (result->len - strlen(HOST_NAME_NAME));

                if (name->len > room)
                        shorten(name, room, target->name);
                (void)g_string_replace(result, HOST_NAME_NAME, name->str, 1);
        }
        return g_string_free(result, FALSE);
}

char *customization_full_name(const CustomizationSpec *spec, const char *host_name)
{
        return spec->domain == NULL ? g_strdup(host_name)
                                    : g_strdup_printf("%s.%s", host_name, spec->domain);
}
