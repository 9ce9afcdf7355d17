/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operation/vmx.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macro.h"

#define KEY_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-"

void vmx_append(GString *text, const char *key, const char *value)
{
        g_string_append_printf(text, "%s = \"", key);
        for (const char *c = value; *c != '\0'; c++) {
                if (*c == '"' || *c == '|' || (unsigned char)*c < 0x20)
                        g_string_append_printf(text, "|%02X", (unsigned)(unsigned char)*c);
                else
                        g_string_append_c(text, *c);
        }
        g_string_append(text, "\"\n");
}

static bool refuse(unsigned line, const char *what, GError **error)
{
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "line %u: %s", line, what);
        return false;
}

/* The value between its quotes; NULL when it is none. */
static char *parse_value(const char *text)
{
        g_autoptr(GString) value = g_string_new(NULL);

        if (*text++ != '"')
                return NULL;
        for (; *text != '\0' && *text != '"'; text++) {
                int high, low;

                if (*text != '|') {
                        g_string_append_c(value, *text);
                        continue;
                }
                high = g_ascii_xdigit_value(text[1]);
                low = high >= 0 ? g_ascii_xdigit_value(text[2]) : -1;
                if (low < 0 || high + low == 0)
                        return NULL;
                g_string_append_c(value, (char)(high << 4 | low));
                text += 2;
        }
        if (*text != '"' || text[1] != '\0' || !g_utf8_validate(value->str, -1, NULL))
                return NULL;
        return g_strdup(value->str);
}

static bool parse_line(GHashTable *values, char *line, unsigned number, GError **error)
{
        size_t length = strspn(line, KEY_CHARACTERS);
        char *rest = line + length, *value;

        rest += strspn(rest, " \t");
        if (length == 0 || *rest != '=')
                return refuse(number, "it is to be KEY = \"VALUE\"", error);
        rest++;
        rest += strspn(rest, " \t");
        value = parse_value(rest);
        if (value == NULL)
                return refuse(number, "the value is to stand between quotes, in UTF-8", error);
        if (!g_hash_table_insert(values, g_strndup(line, length), value))
                return refuse(number, "the key has come before", error);
        return true;
}

GHashTable *vmx_parse(const char *text, GError **error)
{
        g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        for (unsigned i = 0; lines[i] != NULL; i++) {
                char *line = g_strstrip(lines[i]);

                if (*line != '\0' && *line != '#' && !parse_line(values, line, i + 1, error))
                        return NULL;
        }
        return g_steal_pointer(&values);
}

static bool fail(const char *path, GError **error)
{
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno), "%s: %s", path, g_strerror(errno));
        return false;
}

char *vmx_read_file(const char *path, gsize size_max, GError **error)
{
        /* Not blocked by a pipe, not led elsewhere by a link. */
        _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        g_autofree char *text = NULL;
        struct stat status;
        gsize size = 0;

        if (fd < 0 || fstat(fd, &status) < 0) {
                (void)fail(path, error);
                return NULL;
        }
        if (!S_ISREG(status.st_mode) || status.st_size < 0 || (gsize)status.st_size > size_max) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "%s is no file, or larger than %" G_GSIZE_FORMAT " bytes", path, size_max);
                return NULL;
        }
        text = g_malloc0((gsize)status.st_size + 1);
        while (size < (gsize)status.st_size) {
                ssize_t n = read(fd, text + size, (gsize)status.st_size - size);

                if (n < 0 && errno != EINTR) {
                        (void)fail(path, error);
                        return NULL;
                }
                if (n == 0)
                        break;
                size += (gsize)MAX(n, 0);
        }
        if (strlen(text) != size) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is no text", path);
                return NULL;
        }
        return g_steal_pointer(&text);
}
