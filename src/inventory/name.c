/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be a name, and how one that comes from outside is shown. */
#include <string.h>

#include "inventory/catalog.h"

#define SHOWN_MAX_BYTES 200

/* Besides controls: what ends a line or changes the direction of the text around it. */
static bool is_control(gunichar c)
{
        return g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
               (c >= 0x2066 && c <= 0x2069);
}

char *catalog_shown(const char *name)
{
        g_autofree char *valid = g_utf8_make_valid(name, (gssize)strnlen(name, SHOWN_MAX_BYTES + 4));
        g_autoptr(GString) shown = g_string_new(NULL);

        for (char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
                gunichar c = g_utf8_get_char(p);

                if (shown->len >= SHOWN_MAX_BYTES) {
                        g_string_append(shown, "...");
                        break;
                }
                if (c == '\n')
                        g_string_append(shown, "\\n");
                else if (is_control(c))
                        g_string_append_printf(shown, "\\u%04x", c);
                else
                        g_string_append_unichar(shown, c);
        }
        return g_string_free(g_steal_pointer(&shown), FALSE);
}

static const char *what_is_wrong(const char *name)
{
        size_t length = strlen(name);
        g_autofree gunichar *characters = NULL;
        glong n = 0;

        if (length == 0)
                return "it is empty";
        if (length > CATALOG_NAME_MAX)
                return "it is longer than " G_STRINGIFY(CATALOG_NAME_MAX) " bytes";
        if (!g_utf8_validate(name, (gssize)length, NULL))
                return "it is not UTF-8";
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
                return "folders have that name";
        characters = g_utf8_to_ucs4_fast(name, (glong)length, &n);
        for (glong i = 0; i < n; i++) {
                if (characters[i] == '/' || characters[i] == '\\')
                        return "it has a slash or backslash in it";
                if (is_control(characters[i]))
                        return "it has a control character in it";
        }
        if (g_unichar_isspace(characters[0]) || g_unichar_isspace(characters[n - 1]))
                return "it has a blank at an end";
        return NULL;
}

bool catalog_check_name(const char *kind, const char *name, GError **error)
{
        const char *wrong = what_is_wrong(name);
        g_autofree char *shown = NULL;

        if (wrong == NULL)
                return true;
        shown = catalog_shown(name);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "\"%s\" cannot be the name of a %s: %s",
                    shown, kind, wrong);
        return false;
}
