/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small macros that every part uses. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

/* GLib has them, too, and evaluates twice. */
#undef MIN
#undef MAX
#undef CLAMP

/* Each operand is evaluated once; the counter keeps nested uses apart. */
#define MIN(a, b)          PICK_(a, <, b, __COUNTER__)
#define MAX(a, b)          PICK_(a, >, b, __COUNTER__)
#define PICK_(a, op, b, n) PICK__(a, op, b, n)
#define PICK__(a, op, b, n)                                         \
        ({                                                          \
                __typeof__(a) pick_a_##n = (a);                     \
                __typeof__(b) pick_b_##n = (b);                     \
                pick_a_##n op pick_b_##n ? pick_a_##n : pick_b_##n; \
        })
#define CLAMP(x, low, high) MIN(MAX((x), (low)), (high))
#define ARRAY_LENGTH(a)     (sizeof(a) / sizeof((a)[0]))
#define DIV_ROUND_UP(n, d)  (((n) + (d)-1) / (d))

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

#define _cleanup_(f)            __attribute__((cleanup(f)))
#define _printf_(format, first) __attribute__((format(printf, format, first)))

static inline void close_fd(int *fd)
{
        if (*fd >= 0)
                (void)close(*fd);
}
#define _cleanup_close_ _cleanup_(close_fd)

/* Gives away the ownership of a file descriptor that _cleanup_close_ would close. */
static inline int take_fd(int *fd)
{
        int taken = *fd;
        *fd = -1;
        return taken;
}
