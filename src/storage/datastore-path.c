/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths as ESX writes them, to their parts and back. */
#include "storage/datastore-path.h"

#include <limits.h>
#include <string.h>

/* Components that lead nowhere else, and no control characters. */
static bool is_plain(const char *rest)
{
        unsigned depth = 0;

        if (strlen(rest) > DATASTORE_PATH_MAX || !g_utf8_validate(rest, -1, NULL))
                return false;
        for (const char *p = rest; *p != '\0'; p += g_utf8_skip[(guchar)*p])
                if (g_unichar_iscntrl(g_utf8_get_char(p)))
                        return false;
        for (const char *part = rest;; part++) {
                size_t length = strcspn(part, "/");

                if (length == 0 || length > NAME_MAX || (length == 1 && part[0] == '.') ||
                    (length == 2 && memcmp(part, "..", 2) == 0) || ++depth > DATASTORE_DEPTH_MAX)
                        return false;
                part += length;
                if (*part == '\0')
                        return true;
        }
}

/* Without the "/" too many and the "." that clients leave in when they join and split paths; owned. */
static char *without_empty(const char *rest)
{
        g_auto(GStrv) parts = g_strsplit(rest, "/", -1);
        g_autoptr(GString) clean = g_string_new(NULL);

        for (char **part = parts; *part != NULL; part++)
                if (**part != '\0' && strcmp(*part, ".") != 0)
                        g_string_append_printf(clean, "%s%s", clean->len > 0 ? "/" : "", *part);
        return g_string_free(g_steal_pointer(&clean), FALSE);
}

static bool refuse(GError **error, const char *text, const char *example)
{
        g_autofree char *valid = g_utf8_make_valid(text, (gssize)strnlen(text, 200));
        g_autofree char *shown = g_strescape(valid, NULL);

        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "\"%.200s\" is no path on a datastore: it should be like \"%s\"", shown, example);
        return false;
}

/* Where the "]" is that ends the name; NULL: there is none, or it is too long to be a path. */
static const char *end_of_name(const char *text)
{
        size_t length = strnlen(text, DATASTORE_PATH_MAX + 1);
        const char *end;

        if (*text != '[' || length > DATASTORE_PATH_MAX)
                return NULL;
        end = strstr(text, "] ");
        if (end == NULL && text[length - 1] == ']')
                end = text + length - 1;
        return end == NULL || end == text + 1 || !g_utf8_validate(text, end - text, NULL) ? NULL : end;
}

static char *name_of(const char *text, const char *end)
{
        return g_strndup(text + 1, (size_t)(end - text - 1));
}

bool datastore_parse(const char *text, char **ret_name, char **ret_rest, GError **error)
{
        const char *end = end_of_name(text);
        g_autofree char *rest = NULL;

        /* What ends with "/" or "." is a folder. */
        if (end == NULL || end[1] != ' ' || g_str_has_suffix(text, "/") || g_str_has_suffix(text, "/.") ||
            !is_plain(rest = without_empty(end + 2)))
                return refuse(error, text, "[store1] web01/web01.qcow2");
        *ret_name = name_of(text, end);
        *ret_rest = g_steal_pointer(&rest);
        return true;
}

bool datastore_parse_folder(const char *text, char **ret_name, char **ret_rest, GError **error)
{
        const char *end = end_of_name(text);
        g_autofree char *rest = NULL;

        if (end == NULL || (end[1] != ' ' && end[1] != '\0'))
                return refuse(error, text, "[store1] web01");
        rest = without_empty(end[1] == ' ' ? end + 2 : "");
        if (*rest != '\0' && !is_plain(rest))
                return refuse(error, text, "[store1] web01");
        *ret_name = name_of(text, end);
        *ret_rest = g_steal_pointer(&rest);
        return true;
}

const char *datastore_below(const char *datastore_path, const char *file)
{
        size_t length = strlen(datastore_path);

        while (length > 1 && datastore_path[length - 1] == '/')
                length--;
        if (strncmp(datastore_path, file, length) != 0 || (length > 1 && file[length] != '/'))
                return NULL;
        file += length;
        file += strspn(file, "/");
        return is_plain(file) ? file : NULL;
}

char *datastore_format(const char *name, const char *datastore_path, const char *file)
{
        const char *rest = datastore_below(datastore_path, file);

        return rest != NULL ? g_strdup_printf("[%s] %s", name, rest) : NULL;
}
