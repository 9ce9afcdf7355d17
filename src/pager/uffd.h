/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* userfaultfd: opening it with the rights there are, and its operations on pages. */
#pragma once

#include <linux/userfaultfd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Opens a blocking userfaultfd that can move pages and sees faults taken in the kernel.
 * -ENOSYS: the kernel is too old; -EPERM, -EACCES: no right to. reason: one line.
 */
int uffd_open(int *ret_fd, char *reason, size_t reason_size);

/* Missing-page faults in the range, and with protect also write-protection, are ours to resolve. */
int uffd_register(int fd, uintptr_t addr, size_t length, bool protect);
int uffd_unregister(int fd, uintptr_t addr, size_t length);

/*
 * Moves length bytes of pages (at most UFFD_MOVE_MAX) from src to dst, which must be empty, and
 * wakes whoever waits for dst. *ret_moved: bytes moved. Returns 0 when all were; -EAGAIN when some
 * were, or none this time; else why the first was not: -EBUSY pinned or not exclusive, -ENOENT
 * nothing there, -EINVAL src or dst is in more than one mapping, or one of them is locked. pagemap:
 * /proc/self/pagemap; -ENOTRECOVERABLE when that cannot be read, and any of the pages may have moved.
 */
#define UFFD_MOVE_MAX 64u /* pages */
int uffd_move(int fd, int pagemap, uintptr_t dst, uintptr_t src, size_t length, size_t *ret_moved);

/*
 * Puts a copy of src at the empty dst and wakes whoever waits for it. *ret_copied as above.
 * -EEXIST: a page is there; -ENOENT: dst is not registered any more.
 */
int uffd_copy(int fd, uintptr_t dst, const void *src, size_t length, size_t *ret_copied);

/* Maps the kernel's zero page at the empty page dst and wakes; errors as uffd_copy(). */
int uffd_zero(int fd, uintptr_t dst);

/*
 * Marks the empty page dst as one that cannot be accessed, and wakes: who waits gets an error (who
 * accesses it directly, SIGBUS). Discarding the page takes the mark away.
 */
int uffd_poison(int fd, uintptr_t dst);

int uffd_wake(int fd, uintptr_t addr, size_t length);

/* Sets or (waking) clears write-protection. */
int uffd_protect(int fd, uintptr_t addr, size_t length, bool protect);

/*
 * Reads up to max messages. wait: blocks until there is one; else -EAGAIN, or -EOPNOTSUPP where
 * the kernel cannot read this way. Returns their number.
 */
int uffd_read(int fd, struct uffd_msg *messages, size_t max, bool wait);
