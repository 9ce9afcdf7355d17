/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CRC-32C: the SSE 4.2 instruction when present, else a table by byte. */
#include "base/crc32c.h"

#include <stdatomic.h>

#define POLYNOMIAL 0x82f63b78u /* reflected 0x1edc6f41 */

static uint32_t crc32c_by_table(const void *data, size_t size)
{
        static _Atomic(uint32_t) table[256];
        static atomic_bool ready;
        const uint8_t *p = data;
        uint32_t crc = ~0u;

        /* Threads that get here together write the same figures. */
        if (!atomic_load_explicit(&ready, memory_order_acquire)) {
                for (uint32_t i = 0; i < 256; i++) {
                        uint32_t c = i;

                        for (int bit = 0; bit < 8; bit++)
                                c = c & 1 ? (c >> 1) ^ POLYNOMIAL : c >> 1;
                        atomic_store_explicit(&table[i], c, memory_order_relaxed);
                }
                atomic_store_explicit(&ready, 1, memory_order_release);
        }
        while (size--)
                crc = (crc >> 8) ^ atomic_load_explicit(&table[(crc ^ *p++) & 0xff], memory_order_relaxed);
        return ~crc;
}

#ifdef __x86_64__
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_by_instruction(const void *data, size_t size)
{
        const uint64_t *p = data;
        uint64_t crc = ~0u;

        for (size_t i = 0; i < size / 8; i++)
                crc = _mm_crc32_u64(crc, p[i]);
        return ~(uint32_t)crc;
}

uint32_t crc32c(const void *data, size_t size)
{
        return __builtin_cpu_supports("sse4.2") ? crc32c_by_instruction(data, size)
                                                : crc32c_by_table(data, size);
}
#else
uint32_t crc32c(const void *data, size_t size)
{
        return crc32c_by_table(data, size);
}
#endif
