/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small files of /proc and /sys: bounded reads, strict numbers, errors that name the file. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define HOST_ERROR host_error_quark()
GQuark host_error_quark(void);

typedef enum HostError {
        HOST_ERROR_IO,          /* a file cannot be read or written */
        HOST_ERROR_MALFORMED,   /* it does not say what it should */
        HOST_ERROR_GONE,        /* the process has ended */
        HOST_ERROR_UNSUPPORTED, /* this kernel does not have it, or it is not for us */
        HOST_ERROR_FOREIGN,     /* KSM is in somebody else's hands */
} HostError;

/*
 * root stands before absolute paths: "" for the real /proc and /sys, a directory in tests.
 * Returns the whole path, which fits in any case: root is cut if it is absurdly long.
 */
typedef struct HostPath {
        char text[1024];
} HostPath;
HostPath host_path(const char *root, const char *format, ...) G_GNUC_PRINTF(2, 3);

/*
 * Reads at most size - 1 bytes and ends them with a NUL. name is looked up in the directory dir
 * (AT_FDCWD for whole paths). Returns how many bytes there were, or a negative errno value.
 */
ssize_t host_file_read(int dir, const char *name, char *buffer, size_t size);

/* Replaces what the file holds; it must exist. Returns 0 or a negative errno value. */
int host_file_write(const char *path, const char *text);

/*
 * A decimal number without sign, at the beginning of text; *ret_end, if wanted, is what comes after
 * it. Returns 0, -EINVAL (no number) or -ERANGE.
 */
int host_parse_u64(const char *text, const char **ret_end, uint64_t *ret_value);

/* The file is one number and perhaps a line's end. As above, and what host_file_read() returns. */
int host_file_read_u64(int dir, const char *name, uint64_t *ret_value);

/*
 * The text behind key where a line begins with it, colon and blanks skipped ("VmRSS:   12 kB"); NULL:
 * there is no such line. What an outsider can put into these files cannot begin a line.
 */
const char *host_find_line(const char *text, const char *key);

/* The number on that line. Returns 0, -ENOENT (no such line), -EINVAL or -ERANGE. */
int host_parse_line_u64(const char *text, const char *key, uint64_t *ret_value);

/* The number, in kB, on that line, in bytes. Returns as above. */
int host_parse_line_kb(const char *text, const char *key, uint64_t *ret_bytes);

/* Sets an error that names the file: HOST_ERROR_MALFORMED for -EINVAL, -ERANGE, HOST_ERROR_IO else. */
void host_set_file_error(GError **error, const char *path, int error_number);

/* a * b, or the largest number there is. */
static inline uint64_t host_multiply(uint64_t a, uint64_t b)
{
        uint64_t product;

        return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/* a + b, or the largest number there is. */
static inline uint64_t host_add(uint64_t a, uint64_t b)
{
        uint64_t sum;

        return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* a - b, or 0. Figures that were not read at the same moment need not fit together. */
static inline uint64_t host_subtract(uint64_t a, uint64_t b)
{
        return a > b ? a - b : 0;
}
