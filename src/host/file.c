/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small files of /proc and /sys: bounded reads, strict numbers, errors that name the file. */
#include "host/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"

GQuark host_error_quark(void)
{
        return g_quark_from_static_string("aerostat-host-error-quark");
}

HostPath host_path(const char *root, const char *format, ...)
{
        HostPath path;
        int length = g_snprintf(path.text, sizeof(path.text) / 2, "%s", root);
        size_t used = MIN((size_t)MAX(length, 0), sizeof(path.text) / 2 - 1);
        va_list arguments;

        va_start(arguments, format);
        (void)g_vsnprintf(path.text + used, sizeof(path.text) - used, format, arguments);
        va_end(arguments);
        return path;
}

ssize_t host_file_read(int dir, const char *name, char *buffer, size_t size)
{
        _cleanup_close_ int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        size_t length = 0;

        if (fd < 0)
                return -errno;
        while (length < size - 1) {
                ssize_t n = read(fd, buffer + length, size - 1 - length);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                if (n == 0)
                        break;
                length += (size_t)n;
        }
        buffer[length] = '\0';
        return (ssize_t)length;
}

int host_file_write(const char *path, const char *text)
{
        /* Files of sysfs take a value in one write() and do not mind being cut; a test's do need it. */
        _cleanup_close_ int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY);
        size_t length = strlen(text);
        ssize_t n;

        if (fd < 0)
                return -errno;
        do
                n = write(fd, text, length);
        while (n < 0 && errno == EINTR);
        if (n < 0)
                return -errno;
        return (size_t)n == length ? 0 : -EIO;
}

int host_parse_u64(const char *text, const char **ret_end, uint64_t *ret_value)
{
        uint64_t value = 0;
        const char *p = text;

        if (*p < '0' || *p > '9')
                return -EINVAL;
        for (; *p >= '0' && *p <= '9'; p++)
                if (__builtin_mul_overflow(value, 10u, &value) ||
                    __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value))
                        return -ERANGE;
        if (ret_end)
                *ret_end = p;
        *ret_value = value;
        return 0;
}

int host_file_read_u64(int dir, const char *name, uint64_t *ret_value)
{
        char text[64];
        const char *end;
        uint64_t value;
        ssize_t n = host_file_read(dir, name, text, sizeof(text));
        int r;

        if (n < 0)
                return (int)n;
        r = host_parse_u64(text, &end, &value);
        if (r < 0)
                return r;
        if (*end == '\n')
                end++;
        if (end != text + n)
                return -EINVAL;
        *ret_value = value;
        return 0;
}

const char *host_find_line(const char *text, const char *key)
{
        size_t length = strlen(key);

        for (const char *line = text; line; line = strchr(line, '\n')) {
                if (*line == '\n')
                        line++;
                if (strncmp(line, key, length) == 0 && strchr(": \t", line[length]) && line[length]) {
                        line += length;
                        return line + strspn(line, ": \t");
                }
        }
        return NULL;
}

int host_parse_line_u64(const char *text, const char *key, uint64_t *ret_value)
{
        const char *value = host_find_line(text, key), *end;
        uint64_t number;
        int r;

        if (!value)
                return -ENOENT;
        r = host_parse_u64(value, &end, &number);
        if (r < 0)
                return r;
        if (*end && !strchr(" \t\n", *end))
                return -EINVAL;
        *ret_value = number;
        return 0;
}

int host_parse_line_kb(const char *text, const char *key, uint64_t *ret_bytes)
{
        const char *value = host_find_line(text, key), *end;
        uint64_t kb;
        int r;

        if (!value)
                return -ENOENT;
        r = host_parse_u64(value, &end, &kb);
        if (r < 0)
                return r;
        if (strncmp(end, " kB", 3) != 0 || (end[3] && end[3] != '\n'))
                return -EINVAL;
        if (__builtin_mul_overflow(kb, 1024u, &kb))
                return -ERANGE;
        *ret_bytes = kb;
        return 0;
}

void host_set_file_error(GError **error, const char *path, int error_number)
{
        if (error_number == -EINVAL || error_number == -ERANGE)
                g_set_error(error, HOST_ERROR, HOST_ERROR_MALFORMED,
                            "%s does not say what it should; is it the kernel's?", path);
        else
                g_set_error(error, HOST_ERROR, HOST_ERROR_IO, "cannot read %s: %s", path,
                            g_strerror(-error_number));
}
