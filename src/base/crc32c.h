/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CRC-32C (Castagnoli; RFC 3720, appendix B.4), by the processor's instruction where it has one. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The checksum of size bytes, size a multiple of 8, data aligned to 8. */
uint32_t crc32c(const void *data, size_t size);
