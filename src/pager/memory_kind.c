/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kind of memory an address range of this process is, and how much of it is there. */
#include "pager/memory_kind.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/macro.h"
#include "base/sys.h"

/* Linux 6.7; the headers of Debian 12 are older. See the kernel's admin-guide/mm/pagemap.rst. */
struct scan_region {
        uint64_t start, end, categories;
};
struct scan_argument {
        uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
        uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
#define SCAN_IOCTL   _IOWR('f', 16, struct scan_argument)
#define SCAN_PRESENT (1u << 3)
#define SCAN_SWAPPED (1u << 4)

static bool has_flag(const char *flags, const char *flag)
{
        const char *p = strstr(flags, flag);

        return p && p[-1] == ' ' && (p[2] == ' ' || p[2] == '\n' || p[2] == '\0');
}

int memory_kind_check(uintptr_t addr, size_t length, char *reason, size_t reason_size)
{
        static const struct {
                const char *flag, *why;
        } obstacles[] = {
                {"ht", "it is of huge pages (hugetlbfs); use ordinary memory with transparent huge pages"},
                {"sh", "it is shared; use a private memory backend (share=off)"},
                {"lo", "it is locked; start the VM without mem-lock"},
                {"pf", "it belongs to a device"},
                {"io", "it belongs to a device"},
        };
        char line[512];
        uintptr_t covered = addr, start = 0, end = 0;
        bool anonymous = false;
        FILE *f;
        int r = 0;

        f = fopen("/proc/self/smaps", "re");
        if (!f) {
                (void)snprintf(reason, reason_size, "guest memory cannot be examined: /proc/self/smaps: %s",
                               strerror(errno));
                return -ENOTSUP;
        }
        while (r == 0 && covered < addr + length && fgets(line, sizeof(line), f)) {
                uintptr_t from, to;
                uint64_t inode;
                char perms[5];

                /* Other lines may begin like a number, too ("AnonHugePages"). */
                if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*x %*x:%*x %" SCNu64, &from, &to, perms,
                           &inode) == 4) {
                        start = from;
                        end = to;
                        anonymous = inode == 0 && strcmp(perms, "rw-p") == 0;
                        continue;
                }
                if (strncmp(line, "VmFlags:", 8) != 0 || end <= addr || start >= addr + length)
                        continue;
                for (size_t i = 0; i < ARRAY_LENGTH(obstacles) && r == 0; i++) {
                        if (has_flag(line, obstacles[i].flag)) {
                                (void)snprintf(reason, reason_size, "guest memory cannot be managed: %s",
                                               obstacles[i].why);
                                r = -ENOTSUP;
                        }
                }
                if (r == 0 && (!anonymous || start > covered)) {
                        (void)snprintf(reason, reason_size,
                                       "guest memory cannot be managed: it is not private anonymous memory");
                        r = -ENOTSUP;
                }
                covered = end;
        }
        (void)fclose(f);
        if (r == 0 && covered < addr + length) {
                (void)snprintf(reason, reason_size,
                               "guest memory cannot be managed: part of it is not mapped");
                r = -ENOTSUP;
        }
        return r;
}

int memory_count_present(int pagemap, uintptr_t addr, size_t length, uint64_t *ret_pages)
{
        struct scan_region regions[64];
        struct scan_argument arg = {
                .size = sizeof(arg),
                .start = addr,
                .end = addr + length,
                .vec = (uintptr_t)regions,
                .vec_len = ARRAY_LENGTH(regions),
                .category_anyof_mask = SCAN_PRESENT | SCAN_SWAPPED,
                .return_mask = SCAN_PRESENT,
        };
        uint64_t pages = 0;

        while (arg.start < arg.end) {
                int n = ioctl(pagemap, SCAN_IOCTL, &arg);

                if (n < 0)
                        return -errno;
                for (int i = 0; i < n; i++)
                        pages += (regions[i].end - regions[i].start) / PAGE_BYTES;
                if (arg.walk_end <= arg.start)
                        return -EIO;
                arg.start = arg.walk_end;
        }
        *ret_pages = pages;
        return 0;
}
