/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What in-guest says of files and processes, as vim25's values. A guest's words: bounded, never believed. */
#include <string.h>

#include "api/guest/guest.h"

#define ENTRIES_MAX   100000u
#define PROCESSES_MAX 32768u

const char *guest_next_text(const char **at, const char *end)
{
        const char *text = *at, *zero = text < end ? memchr(text, '\0', (size_t)(end - text)) : NULL;

        if (zero == NULL)
                return NULL;
        *at = zero + 1;
        return text;
}

/* A number of 0 to max, at the beginning of a field that may go on with a fraction. */
static bool read_number(const char *text, unsigned base, int64_t max, int64_t *ret)
{
        char *end;
        guint64 value;

        if (!g_ascii_isdigit(*text))
                return false;
        value = g_ascii_strtoull(text, &end, base);
        if (value > (guint64)max || (*end != '\0' && *end != '.'))
                return false;
        *ret = (int64_t)value;
        return true;
}

static const char *kind_of(const char *word)
{
        if (strcmp(word, "d") == 0 || strcmp(word, "directory") == 0)
                return "directory";
        if (strcmp(word, "l") == 0 || strcmp(word, "symbolic link") == 0)
                return "symlink";
        return "file";
}

VimValue *guest_file_value(const char *path, const char *attributes, const char *target)
{
        g_auto(GStrv) fields = g_strsplit(attributes, "|", 8);
        int64_t size, modified, accessed, owner, group, mode;
        VimValue *value, *posix;

        if (g_strv_length(fields) != 7 || !read_number(fields[1], 10, INT64_MAX, &size) ||
            !read_number(fields[2], 10, INT32_MAX * INT64_C(1000), &modified) ||
            !read_number(fields[3], 10, INT32_MAX * INT64_C(1000), &accessed) ||
            !read_number(fields[4], 10, UINT32_MAX, &owner) ||
            !read_number(fields[5], 10, UINT32_MAX, &group) || !read_number(fields[6], 8, 07777, &mode))
                return NULL;
        posix = vim_new_object("GuestPosixFileAttributes");
        vim_set(posix, "modificationTime", vim_new_time(modified * G_USEC_PER_SEC));
        vim_set(posix, "accessTime", vim_new_time(accessed * G_USEC_PER_SEC));
        if (*target != '\0')
                vim_set_text(posix, "symlinkTarget", target);
        vim_set_int(posix, "ownerId", owner);
        vim_set_int(posix, "groupId", group);
        vim_set_int(posix, "permissions", mode);
        value = vim_new_object("GuestFileInfo");
        vim_set_text(value, "path", path);
        vim_set_text(value, "type", kind_of(fields[0]));
        vim_set_int(value, "size", size);
        vim_set(value, "attributes", posix);
        return value;
}

VimValue *guest_list_value(GBytes *said, const GRegex *pattern, int64_t index, int64_t max)
{
        gsize size;
        const char *at = g_bytes_get_data(said, &size), *end = at + size;
        VimValue *value = vim_new_object("GuestListFileInfo"), *files = vim_new_list("GuestFileInfo");
        const char *attributes, *target, *name;
        int64_t place = 0, left = 0;

        for (unsigned n = 0; at != NULL && n < ENTRIES_MAX; n++) {
                g_autofree char *valid = NULL;
                VimValue *file;

                if ((attributes = guest_next_text(&at, end)) == NULL ||
                    (target = guest_next_text(&at, end)) == NULL ||
                    (name = guest_next_text(&at, end)) == NULL)
                        break;
                valid = g_utf8_make_valid(name, -1);
                if (pattern != NULL && !g_regex_match(pattern, valid, 0, NULL))
                        continue;
                if (place++ < index)
                        continue;
                if ((int64_t)vim_length(files) >= max) {
                        left++;
                        continue;
                }
                file = guest_file_value(valid, attributes, target);
                if (file != NULL)
                        vim_add(files, file);
        }
        vim_set(value, "files", files);
        vim_set_int(value, "remaining", left);
        return value;
}

VimValue *guest_processes_value(GBytes *said)
{
        gsize size;
        const char *at = g_bytes_get_data(said, &size), *end = at + size;
        VimValue *list = vim_new_list("GuestProcessInfo");

        while (at != NULL && vim_length(list) < PROCESSES_MAX) {
                const char *fields[5];
                int64_t pid, started;
                VimValue *value;

                for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++)
                        if ((fields[i] = guest_next_text(&at, end)) == NULL)
                                return list;
                if (!read_number(fields[0], 10, INT32_MAX, &pid) ||
                    !read_number(fields[2], 10, INT32_MAX * INT64_C(1000), &started))
                        continue;
                value = vim_new_object("GuestProcessInfo");
                vim_set_text(value, "name", fields[3]);
                vim_set_int(value, "pid", pid);
                vim_set_text(value, "owner", fields[1]);
                vim_set_text(value, "cmdLine", *fields[4] != '\0' ? fields[4] : fields[3]);
                vim_set(value, "startTime", vim_new_time(started * G_USEC_PER_SEC));
                vim_add(list, value);
        }
        return list;
}
