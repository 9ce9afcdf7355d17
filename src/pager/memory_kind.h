/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kind of memory an address range of this process is, and how much of it is there. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Whether the range is memory that can be moved page by page: private, anonymous, readable and
 * writable, of ordinary pages, not locked. -ENOTSUP when not; reason: why, and what would mend it.
 */
int memory_kind_check(uintptr_t addr, size_t length, char *reason, size_t reason_size);

/* Counts the pages of the range that are present (or in the host's swap). pagemap: /proc/self/pagemap. */
int memory_count_present(int pagemap, uintptr_t addr, size_t length, uint64_t *ret_pages);
