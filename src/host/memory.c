/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What memory and processors the host has. */
#include "host/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"

#define HUGEPAGE_SIZES_MAX 32
#define CPUS_MAX           65536
#define CGROUP_MAX         440 /* so that the paths fit; of a deeper one only what is above counts */

/* Where no limit is set memory.max says "max". Without a limit, or the file, *ret_bytes is UINT64_MAX. */
static int read_cgroup_limit(const char *path, uint64_t *ret_bytes)
{
        char text[64];
        const char *end;
        ssize_t n = host_file_read(AT_FDCWD, path, text, sizeof(text));

        *ret_bytes = UINT64_MAX;
        if (n == -ENOENT || n == -ENODEV)
                return 0;
        if (n < 0)
                return (int)n;
        if (strcmp(text, "max\n") == 0)
                return 0;
        if (host_parse_u64(text, &end, ret_bytes) < 0 || strcmp(end, "\n") != 0)
                return -EINVAL;
        return 0;
}

/* One cgroup on the way up from our own; its limit is below the machine's memory. */
static bool apply_cgroup(const char *root, const char *cgroup, uint64_t limit_bytes, HostMemory *memory,
                         GError **error)
{
        HostPath path = host_path(root, "/sys/fs/cgroup%s/memory.current", cgroup);
        g_autofree char *stat = g_malloc(KIB(16));
        uint64_t current_bytes, cache_bytes = 0;
        int r = host_file_read_u64(AT_FDCWD, path.text, &current_bytes);

        if (r < 0) {
                host_set_file_error(error, path.text, r);
                return false;
        }
        path = host_path(root, "/sys/fs/cgroup%s/memory.stat", cgroup);
        /* Without it nothing counts as reclaimable, which is the safe side. */
        if (host_file_read(AT_FDCWD, path.text, stat, KIB(16)) > 0) {
                static const char *const caches[] = {"inactive_file", "active_file", "slab_reclaimable"};

                for (size_t i = 0; i < ARRAY_LENGTH(caches); i++) {
                        uint64_t bytes;

                        if (host_parse_line_u64(stat, caches[i], &bytes) == 0)
                                cache_bytes = host_add(cache_bytes, bytes);
                }
        }
        cache_bytes = MIN(cache_bytes, current_bytes);

        uint64_t free_bytes = host_subtract(limit_bytes, current_bytes);

        memory->free_bytes = MIN(memory->free_bytes, free_bytes);
        memory->available_bytes =
                MIN(memory->available_bytes, MIN(limit_bytes, host_add(free_bytes, cache_bytes)));
        if (limit_bytes < memory->total_bytes) {
                memory->total_bytes = limit_bytes;
                (void)g_strlcpy(memory->cgroup, cgroup[0] ? cgroup : "/", sizeof(memory->cgroup));
        }
        return true;
}

static bool apply_cgroups(const char *root, HostMemory *memory, GError **error)
{
        HostPath path = host_path(root, "/proc/self/cgroup");
        char text[4096];
        const char *own;
        ssize_t n = host_file_read(AT_FDCWD, path.text, text, sizeof(text));

        if (n == -ENOENT) /* a kernel without cgroups */
                return true;
        if (n < 0) {
                host_set_file_error(error, path.text, (int)n);
                return false;
        }
        own = host_find_line(text, "0:");
        if (!own || own[0] != '/') /* version 1 only */
                return true;

        g_autofree char *cgroup = g_strndup(own, strcspn(own, "\n"));

        if (strstr(cgroup, "/..")) /* out of our view: in another cgroup namespace */
                return true;
        while (strlen(cgroup) > CGROUP_MAX)
                *strrchr(cgroup, '/') = '\0';
        if (strcmp(cgroup, "/") == 0)
                cgroup[0] = '\0';
        for (;;) {
                uint64_t limit_bytes;
                int r;

                path = host_path(root, "/sys/fs/cgroup%s/memory.max", cgroup);
                r = read_cgroup_limit(path.text, &limit_bytes);
                if (r < 0) {
                        host_set_file_error(error, path.text, r);
                        return false;
                }
                if (limit_bytes < memory->machine_bytes &&
                    !apply_cgroup(root, cgroup, limit_bytes, memory, error))
                        return false;
                if (!cgroup[0])
                        return true;
                *strrchr(cgroup, '/') = '\0';
        }
}

/* Pools of all sizes; /proc/meminfo knows the default size only. None is the usual case. */
static void read_hugepages(const char *root, HostMemory *memory)
{
        HostPath path = host_path(root, "/sys/kernel/mm/hugepages");
        DIR *dir = opendir(path.text);
        unsigned seen = 0;

        if (!dir)
                return;
        for (struct dirent *entry; seen < HUGEPAGE_SIZES_MAX && (entry = readdir(dir));) {
                uint64_t size_kb, count, unused;
                const char *end;

                if (!g_str_has_prefix(entry->d_name, "hugepages-") ||
                    host_parse_u64(entry->d_name + strlen("hugepages-"), &end, &size_kb) < 0 ||
                    strcmp(end, "kB") != 0)
                        continue;
                seen++;
                path = host_path(root,
                                 "/sys/kernel/mm/hugepages/hugepages-%" G_GUINT64_FORMAT "kB/nr_hugepages",
                                 size_kb);
                if (host_file_read_u64(AT_FDCWD, path.text, &count) < 0)
                        continue;
                path = host_path(root,
                                 "/sys/kernel/mm/hugepages/hugepages-%" G_GUINT64_FORMAT "kB/free_hugepages",
                                 size_kb);
                if (host_file_read_u64(AT_FDCWD, path.text, &unused) < 0)
                        unused = 0;
                size_kb = host_multiply(size_kb, 1024);
                memory->hugepages_bytes = host_add(memory->hugepages_bytes, host_multiply(count, size_kb));
                memory->hugepages_unused_bytes =
                        host_add(memory->hugepages_unused_bytes, host_multiply(MIN(unused, count), size_kb));
        }
        (void)closedir(dir);
}

bool host_memory_read(const char *root, HostMemory *ret_memory, GError **error)
{
        HostPath path = host_path(root, "/proc/meminfo");
        HostMemory memory = {0};
        char text[8192];
        ssize_t n = host_file_read(AT_FDCWD, path.text, text, sizeof(text));
        const struct {
                const char *key;
                uint64_t *bytes;
        } lines[] = {
                {"MemTotal", &memory.machine_bytes},
                {"MemFree", &memory.free_bytes},
                {"MemAvailable", &memory.available_bytes},
        };

        if (n < 0) {
                host_set_file_error(error, path.text, (int)n);
                return false;
        }
        for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
                int r = host_parse_line_kb(text, lines[i].key, lines[i].bytes);

                if (r < 0) {
                        g_set_error(error, HOST_ERROR, HOST_ERROR_MALFORMED,
                                    "%s has no proper line %s; is /proc the kernel's?", path.text,
                                    lines[i].key);
                        return false;
                }
        }
        memory.total_bytes = memory.machine_bytes;
        memory.free_bytes = MIN(memory.free_bytes, memory.machine_bytes);
        memory.available_bytes = MIN(memory.available_bytes, memory.machine_bytes);
        if (!apply_cgroups(root, &memory, error))
                return false;
        read_hugepages(root, &memory);
        memory.hugepages_bytes = MIN(memory.hugepages_bytes, memory.machine_bytes);
        memory.hugepages_unused_bytes = MIN(memory.hugepages_unused_bytes, memory.hugepages_bytes);
        *ret_memory = memory;
        return true;
}

/* A list of ranges: "0-3,5". Returns how many there are, or 0 for what is no such list. */
static unsigned count_cpus(const char *text)
{
        unsigned count = 0;

        for (;;) {
                uint64_t first, last;

                if (host_parse_u64(text, &text, &first) < 0)
                        return 0;
                last = first;
                if (*text == '-' && host_parse_u64(text + 1, &text, &last) < 0)
                        return 0;
                if (last < first || last >= CPUS_MAX || count > CPUS_MAX)
                        return 0;
                count += (unsigned)(last - first + 1);
                if (*text != ',')
                        break;
                text++;
        }
        return strcmp(text, "\n") == 0 || *text == '\0' ? count : 0;
}

/* The rated speed if the kernel knows it, else the highest, else what runs now. */
static double read_mhz(const char *root)
{
        static const char *const files[] = {"base_frequency", "cpuinfo_max_freq"};
        char text[4096];
        HostPath path;
        const char *value;

        for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
                uint64_t khz;

                path = host_path(root, "/sys/devices/system/cpu/cpu0/cpufreq/%s", files[i]);
                if (host_file_read_u64(AT_FDCWD, path.text, &khz) == 0 && khz > 0 && khz < 1000000000u)
                        return (double)khz / 1000;
        }
        path = host_path(root, "/proc/cpuinfo");
        if (host_file_read(AT_FDCWD, path.text, text, sizeof(text)) > 0 &&
            (value = host_find_line(text, "cpu MHz"))) {
                double mhz = g_ascii_strtod(value, NULL);

                if (mhz > 0 && mhz < 1e6)
                        return mhz;
        }
        return 0;
}

bool host_cpu_read(const char *root, HostCpu *ret_cpu, GError **error)
{
        HostPath path = host_path(root, "/sys/devices/system/cpu/online");
        char text[4096];
        ssize_t n = host_file_read(AT_FDCWD, path.text, text, sizeof(text));
        unsigned online;

        if (n < 0) {
                host_set_file_error(error, path.text, (int)n);
                return false;
        }
        online = count_cpus(text);
        if (online == 0) {
                host_set_file_error(error, path.text, -EINVAL);
                return false;
        }
        *ret_cpu = (HostCpu){
                .online = online,
                .mhz = read_mhz(root),
                .page_bytes = (uint32_t)sysconf(_SC_PAGESIZE),
        };
        return true;
}

bool host_cpu_read_idle(const char *root, uint64_t *ret_ns, GError **error)
{
        HostPath path = host_path(root, "/proc/stat");
        uint64_t ticks[5]; /* user, nice, system, idle, iowait */
        char text[256];
        ssize_t n = host_file_read(AT_FDCWD, path.text, text, sizeof(text));
        const char *p = n > 0 ? host_find_line(text, "cpu") : NULL;
        int r = n < 0 ? (int)n : p ? 0 : -EINVAL;

        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(ticks); i++)
                r = host_parse_u64(p + strspn(p, " "), &p, &ticks[i]);
        if (r < 0) {
                host_set_file_error(error, path.text, r);
                return false;
        }
        *ret_ns = host_multiply(host_add(ticks[3], ticks[4]),
                                1000000000u / (uint64_t)MAX(sysconf(_SC_CLK_TCK), 1));
        return true;
}
