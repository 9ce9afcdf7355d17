/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the host says of its memory, processors and processes, and what if it says nonsense. */
#include "host/memory.h"
#include "host/process.h"

#include <signal.h>
#include <sys/wait.h>

#include "host-root.h"

#define MEMINFO \
        "MemTotal:       16384 kB\nMemFree:         4096 kB\nMemAvailable:    8192 kB\nBuffers: 1 kB\n"
#define KB(n) ((uint64_t)(n)*1024)

static void test_numbers(void)
{
        const char *end = NULL;
        uint64_t value = 7;

        g_assert_cmpint(host_parse_u64("18446744073709551615 kB", &end, &value), ==, 0);
        g_assert_cmpuint(value, ==, UINT64_MAX);
        g_assert_cmpstr(end, ==, " kB");
        g_assert_cmpint(host_parse_u64("0", NULL, &value), ==, 0);
        g_assert_cmpuint(value, ==, 0);

        value = 7;
        g_assert_cmpint(host_parse_u64("18446744073709551616", NULL, &value), ==, -ERANGE);
        g_assert_cmpint(host_parse_u64("99999999999999999999999", NULL, &value), ==, -ERANGE);
        for (const char **bad = (const char *[]){"", " 1", "-1", "+1", "x", NULL}; *bad; bad++)
                g_assert_cmpint(host_parse_u64(*bad, NULL, &value), ==, -EINVAL);
        g_assert_cmpuint(value, ==, 7);

        g_assert_cmpint(host_parse_line_kb("A: 1 kB\nAB:\t 2 kB", "AB", &value), ==, 0);
        g_assert_cmpuint(value, ==, KB(2));
        g_assert_cmpint(host_parse_line_kb("A: 1 kB\n", "B", &value), ==, -ENOENT);
        g_assert_cmpint(host_parse_line_kb("xA: 1 kB\n", "A", &value), ==, -ENOENT);
        g_assert_cmpint(host_parse_line_kb("A: 1 MB\n", "A", &value), ==, -EINVAL);
        g_assert_cmpint(host_parse_line_kb("A: 1\n", "A", &value), ==, -EINVAL);
        g_assert_cmpint(host_parse_line_kb("A: 18446744073709551615 kB\n", "A", &value), ==, -ERANGE);
        g_assert_cmpint(host_parse_line_u64("A 1x\n", "A", &value), ==, -EINVAL);
        g_assert_cmpuint(value, ==, KB(2));
}

static void test_memory(void)
{
        g_auto(HostRoot) root = host_root_new();
        HostMemory memory;

        host_root_set(&root, "/proc/meminfo", MEMINFO);
        g_assert_true(host_memory_read(root.path, &memory, NULL));
        g_assert_cmpuint(memory.total_bytes, ==, KB(16384));
        g_assert_cmpuint(memory.machine_bytes, ==, KB(16384));
        g_assert_cmpuint(memory.available_bytes, ==, KB(8192));
        g_assert_cmpuint(memory.free_bytes, ==, KB(4096));
        g_assert_cmpuint(memory.hugepages_bytes, ==, 0);
        g_assert_cmpstr(memory.cgroup, ==, "");

        /* Of all sizes; what is not a number of pages does not count. */
        host_root_set(&root, "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "3\n");
        host_root_set(&root, "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "2\n");
        host_root_set(&root, "/sys/kernel/mm/hugepages/hugepages-64kB/nr_hugepages", "4\n");
        host_root_set(&root, "/sys/kernel/mm/hugepages/hugepages-64kB/free_hugepages", "40\n");
        host_root_set(&root, "/sys/kernel/mm/hugepages/hugepages-xkB/nr_hugepages", "4\n");
        host_root_set(&root, "/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "-1\n");
        g_assert_true(host_memory_read(root.path, &memory, NULL));
        g_assert_cmpuint(memory.hugepages_bytes, ==, KB(3 * 2048 + 4 * 64));
        g_assert_cmpuint(memory.hugepages_unused_bytes, ==, KB(2 * 2048 + 4 * 64));
}

static void test_memory_malformed(void)
{
        static const char *const bad[] = {
                "",
                "MemTotal:\n",
                "MemTotal: 1 kB\nMemFree: 1 kB\n",
                "MemTotal: 1 kB\nMemFree: 1 kB\nMemAvailable: 1\n",
                "MemTotal: 99999999999999999999 kB\nMemFree: 1 kB\nMemAvailable: 1 kB\n",
                "MemTotal: -1 kB\nMemFree: 1 kB\nMemAvailable: 1 kB\n",
        };
        g_auto(HostRoot) root = host_root_new();
        HostMemory memory = {.total_bytes = 7};
        GError *error = NULL;

        g_assert_false(host_memory_read(root.path, &memory, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_assert_nonnull(strstr(error->message, "/proc/meminfo"));
        g_clear_error(&error);
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                host_root_set(&root, "/proc/meminfo", bad[i]);
                g_assert_false(host_memory_read(root.path, &memory, &error));
                g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);
                g_clear_error(&error);
        }
        host_root_link(&root, "/proc/meminfo", HOST_ROOT_EIO);
        g_assert_false(host_memory_read(root.path, &memory, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_clear_error(&error);
        g_assert_cmpuint(memory.total_bytes, ==, 7);

        /* More than is there cannot be free. */
        host_root_set(&root, "/proc/meminfo", "MemTotal: 4 kB\nMemFree: 5 kB\nMemAvailable: 6 kB\n");
        g_assert_true(host_memory_read(root.path, &memory, NULL));
        g_assert_cmpuint(memory.free_bytes, ==, KB(4));
        g_assert_cmpuint(memory.available_bytes, ==, KB(4));
}

static void test_cgroup(void)
{
        g_auto(HostRoot) root = host_root_new();
        GError *error = NULL;
        HostMemory memory;

        host_root_set(&root, "/proc/meminfo", MEMINFO);
        host_root_set(&root, "/proc/self/cgroup", "4:memory:/old\n0::/a.slice/b.service\n");
        host_root_set(&root, "/sys/fs/cgroup/a.slice/b.service/memory.max", "max\n");
        g_assert_true(host_memory_read(root.path, &memory, NULL));
        g_assert_cmpstr(memory.cgroup, ==, "");

        /* The limit is above us. Of what it holds, caches could go. */
        host_root_set(&root, "/sys/fs/cgroup/a.slice/memory.max", "8388608\n");
        host_root_set(&root, "/sys/fs/cgroup/a.slice/memory.current", "6291456\n");
        host_root_set(&root, "/sys/fs/cgroup/a.slice/memory.stat",
                      "anon 1\ninactive_file 1048576\nactive_file 4096\nslab_reclaimable 4096\n");
        g_assert_true(host_memory_read(root.path, &memory, NULL));
        g_assert_cmpstr(memory.cgroup, ==, "/a.slice");
        g_assert_cmpuint(memory.total_bytes, ==, KB(8192));
        g_assert_cmpuint(memory.machine_bytes, ==, KB(16384));
        g_assert_cmpuint(memory.free_bytes, ==, KB(2048));
        g_assert_cmpuint(memory.available_bytes, ==, KB(2048 + 1024 + 8));

        /* A tighter one below it, with no memory.stat, and over its limit. */
        host_root_set(&root, "/sys/fs/cgroup/a.slice/b.service/memory.max", "4096\n");
        host_root_set(&root, "/sys/fs/cgroup/a.slice/b.service/memory.current", "8192\n");
        g_assert_true(host_memory_read(root.path, &memory, NULL));
        g_assert_cmpstr(memory.cgroup, ==, "/a.slice/b.service");
        g_assert_cmpuint(memory.total_bytes, ==, 4096);
        g_assert_cmpuint(memory.free_bytes, ==, 0);
        g_assert_cmpuint(memory.available_bytes, ==, 0);

        /* As large as the machine, or larger, is no limit. */
        host_root_set(&root, "/sys/fs/cgroup/a.slice/memory.max", "16777216\n");
        host_root_set(&root, "/sys/fs/cgroup/a.slice/b.service/memory.max", "18446744073709551615\n");
        g_assert_true(host_memory_read(root.path, &memory, NULL));
        g_assert_cmpstr(memory.cgroup, ==, "");

        /* In a container that sees its own cgroup as the top one. */
        host_root_set(&root, "/proc/self/cgroup", "0::/\n");
        host_root_set(&root, "/sys/fs/cgroup/memory.max", "8192\n");
        host_root_set(&root, "/sys/fs/cgroup/memory.current", "4096\n");
        g_assert_true(host_memory_read(root.path, &memory, NULL));
        g_assert_cmpstr(memory.cgroup, ==, "/");
        g_assert_cmpuint(memory.free_bytes, ==, 4096);

        /* Outside of what is seen. */
        host_root_set(&root, "/proc/self/cgroup", "0::/../elsewhere\n");
        g_assert_true(host_memory_read(root.path, &memory, NULL));
        g_assert_cmpstr(memory.cgroup, ==, "");

        /* A limit that cannot be made out must not pass for none. */
        host_root_set(&root, "/proc/self/cgroup", "0::/a.slice/b.service\n");
        host_root_set(&root, "/sys/fs/cgroup/a.slice/memory.max", "lots\n");
        g_assert_false(host_memory_read(root.path, &memory, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);
        g_assert_nonnull(strstr(error->message, "a.slice/memory.max"));
        g_clear_error(&error);
        host_root_link(&root, "/sys/fs/cgroup/a.slice/memory.max", HOST_ROOT_EIO);
        g_assert_false(host_memory_read(root.path, &memory, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_clear_error(&error);
}

/* A path that is too long to be named: what can be named of it counts. */
static void test_cgroup_deep(void)
{
        g_auto(HostRoot) root = host_root_new();
        g_autoptr(GString) own = g_string_new("0::/a");
        HostMemory memory;

        for (unsigned i = 0; i < 300; i++)
                g_string_append(own, "/deeper");
        g_string_append_c(own, '\n');
        host_root_set(&root, "/proc/meminfo", MEMINFO);
        host_root_set(&root, "/proc/self/cgroup", own->str);
        host_root_set(&root, "/sys/fs/cgroup/a/memory.max", "8192\n");
        host_root_set(&root, "/sys/fs/cgroup/a/memory.current", "4096\n");
        g_assert_true(host_memory_read(root.path, &memory, NULL));
        g_assert_cmpstr(memory.cgroup, ==, "/a");
}

static void test_cpu(void)
{
        static const struct {
                const char *online;
                unsigned count;
        } lists[] = {{"0\n", 1},    {"0-3\n", 4},   {"0-1,4,6-7\n", 5},
                     {"", 0},       {"3-1\n", 0},   {"0-\n", 0},
                     {"0,,1\n", 0}, {"0-3 5\n", 0}, {"0-999999999999\n", 0}};
        g_auto(HostRoot) root = host_root_new();
        GError *error = NULL;
        HostCpu cpu;

        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
                host_root_set(&root, "/sys/devices/system/cpu/online", lists[i].online);
                g_assert_cmpint(host_cpu_read(root.path, &cpu, &error), ==, lists[i].count > 0);
                if (lists[i].count) {
                        g_assert_cmpuint(cpu.online, ==, lists[i].count);
                        g_assert_cmpfloat(cpu.mhz, ==, 0);
                        g_assert_cmpuint(cpu.page_bytes, ==, sysconf(_SC_PAGESIZE));
                } else {
                        g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);
                }
                g_clear_error(&error);
        }
        host_root_set(&root, "/sys/devices/system/cpu/online", "0-1\n");
        host_root_set(&root, "/proc/cpuinfo", "processor\t: 0\ncpu MHz\t\t: 2596.098\n\nprocessor\t: 1\n");
        g_assert_true(host_cpu_read(root.path, &cpu, NULL));
        g_assert_cmpfloat_with_epsilon(cpu.mhz, 2596.098, 1e-6);
        host_root_set(&root, "/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "3500000\n");
        g_assert_true(host_cpu_read(root.path, &cpu, NULL));
        g_assert_cmpfloat(cpu.mhz, ==, 3500);
        host_root_set(&root, "/sys/devices/system/cpu/cpu0/cpufreq/base_frequency", "2400000\n");
        g_assert_true(host_cpu_read(root.path, &cpu, NULL));
        g_assert_cmpfloat(cpu.mhz, ==, 2400);
        host_root_set(&root, "/proc/cpuinfo", "cpu MHz : nan\n");
        host_root_remove(&root, "/sys/devices/system/cpu/cpu0/cpufreq/base_frequency");
        host_root_set(&root, "/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "0\n");
        g_assert_true(host_cpu_read(root.path, &cpu, NULL));
        g_assert_cmpfloat(cpu.mhz, ==, 0);
}

static void test_cpu_idle(void)
{
        g_auto(HostRoot) root = host_root_new();
        GError *error = NULL;
        uint64_t ns;

        host_root_set(&root, "/proc/stat", "cpu  10 20 30 400 7 60 0 0 0 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n");
        g_assert_true(host_cpu_read_idle(root.path, &ns, NULL));
        g_assert_cmpuint(ns, ==, 407u * (1000000000u / (uint64_t)sysconf(_SC_CLK_TCK)));
        host_root_set(&root, "/proc/stat", "cpu  10 20 30 400\n");
        g_assert_false(host_cpu_read_idle(root.path, &ns, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);
        g_clear_error(&error);
        host_root_set(&root, "/proc/stat", "intr 1 2 3 4 5\n");
        g_assert_false(host_cpu_read_idle(root.path, &ns, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);
        g_clear_error(&error);
        host_root_remove(&root, "/proc/stat");
        g_assert_false(host_cpu_read_idle(root.path, &ns, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_clear_error(&error);
}

/* The real thing: whatever machine this is, these hold. */
static void test_this_host(void)
{
        HostMemory memory;
        HostCpu cpu;

        g_assert_true(host_memory_read("", &memory, NULL));
        g_assert_cmpuint(memory.free_bytes, <=, memory.total_bytes);
        g_assert_cmpuint(memory.total_bytes, <=, memory.machine_bytes);
        g_assert_cmpuint(memory.machine_bytes, <=,
                         (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE));
        g_assert_true(host_cpu_read("", &cpu, NULL));
        g_assert_cmpuint(cpu.online, ==, sysconf(_SC_NPROCESSORS_ONLN));
}

#define UUID "0123abcd-4567-89ab-cdef-0123456789ab"

static void test_qemu_words(void)
{
        static const struct {
                const char *words; /* separated by | */
                const char *name, *uuid;
        } cases[] = {
                {"qemu|-name|guest=web,debug-threads=on|-uuid|" UUID "|", "web", UUID},
                {"qemu|--name|debug-threads=on,guest=web|--uuid|0123ABCD-4567-89AB-CDEF-0123456789AB|",
                 "web", UUID},
                {"qemu|-name|web,process=x|", "web", NULL},
                {"qemu|-name|guest=a,,b,,,,c,debug-threads=on|", "a,b,,c", NULL},
                {"qemu|-name|a,,guest=b|", "a,guest=b", NULL},
                {"qemu|-name|guest=a=b|", "a=b", NULL},
                {"qemu|-name|guest=a|-name|guest=b|", "b", NULL},
                {"qemu|-name|debug-threads=on|", NULL, NULL},
                {"qemu|-name|guest=|", NULL, NULL},
                {"qemu|-name||", NULL, NULL},
                {"qemu|-name|,|", NULL, NULL},
                /* What is free text names nobody. */
                {"qemu|-append|-name|guest=evil|-name|guest=good|", "good", NULL},
                {"qemu|-append|-uuid|" UUID "|", NULL, NULL},
                {"qemu|-name|-uuid|" UUID "|", "-uuid", NULL},
                {"qemu|name|guest=x|", NULL, NULL},
                {"qemu|-names|guest=x|", NULL, NULL},
                {"-name|x", NULL, NULL}, /* cut */
                {"-name|", NULL, NULL},
                {"-name", NULL, NULL},
                {"", NULL, NULL},
                {"|||", NULL, NULL},
                {"q|-uuid|0123|", NULL, NULL},
                {"q|-uuid|0123abcd-4567-89ab-cdef-0123456789ag|", NULL, NULL},
                {"q|-uuid|" UUID "0|", NULL, NULL},
                {"q|-uuid|" UUID "|-uuid|no|", NULL, UUID},
                {"q|-name|guest=a\nb\x1b[2J|", "a?b?[2J", NULL},
                {"q|-name|guest=a\xc2\x9b"
                 "b|",
                 "a??b", NULL},
                {"q|-name|guest=\xff|", "\xef\xbf\xbd", NULL},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                size_t length = strlen(cases[i].words);
                struct unit_guarded words = unit_guarded_new(length, false);
                g_autofree char *name = NULL, *uuid = NULL;

                for (size_t j = 0; j < length; j++)
                        words.data[j] = cases[i].words[j] == '|' ? '\0' : cases[i].words[j];
                host_process_parse_qemu(words.data, length, &name, &uuid);
                g_assert_cmpstr(name, ==, cases[i].name);
                g_assert_cmpstr(uuid, ==, cases[i].uuid);
                unit_guarded_free(&words);
        }
}

/* Whatever the bytes are: nothing beyond them is read, and what comes out can be printed. */
static void test_qemu_random(void)
{
        static const char *const pieces[] = {"-name",   "guest=",          ",", ",,",       "-uuid", UUID,
                                             "-append", "\xf0\x9f",        "=", "\xc3\xa4", "\x7f",  "-",
                                             "x",       "debug-threads=on"};
        uint64_t state = 0x51515;

        for (unsigned round = 0; round < 20000; round++) {
                g_autoptr(GString) text = g_string_new(NULL);
                g_autofree char *name = NULL, *uuid = NULL;
                struct unit_guarded words;

                for (unsigned n = unit_below(&state, 12); n > 0; n--) {
                        g_string_append(text, pieces[unit_below(&state, G_N_ELEMENTS(pieces))]);
                        if (unit_below(&state, 2))
                                g_string_append_c(text, '\0');
                        if (unit_below(&state, 60) == 0)
                                for (unsigned i = 0; i < 200; i++)
                                        g_string_append(text, "\xe2\x82\xac");
                }
                words = unit_guarded_new(text->len, false);
                memcpy(words.data, text->str, text->len);
                host_process_parse_qemu(words.data, text->len, &name, &uuid);
                if (name) {
                        g_assert_cmpuint(strlen(name), >, 0);
                        g_assert_cmpuint(strlen(name), <=, HOST_VM_NAME_MAX);
                        g_assert_true(g_utf8_validate(name, -1, NULL));
                        g_assert_null(strpbrk(name, "\x7f\n"));
                }
                g_assert_true(!uuid || strcmp(uuid, UUID) == 0);
                unit_guarded_free(&words);
        }
}

#define STATUS                                                                                             \
        "Name:\tqemu\nState:\tS (sleeping)\nUid:\t1\t64055\t64055\t64055\nVmRSS:\t 7 kB\nRssAnon:\t 4096 " \
        "kB\n"                                                                                             \
        "RssFile:\t 100 kB\nRssShmem:\t 2048 kB\nVmPTE:\t 64 kB\nVmSwap:\t 3 kB\n"
#define STAT "42 (CPU) 0) (x) S 1 1 1 0 -1 0 0 0 0 0 11 22 0 0 20 0 3 0 987654 1 2 3\n"

static void fake_process(HostRoot *root)
{
        static const char words[] =
                "/usr/bin/qemu\0-name\0guest=web,debug-threads=on\0-uuid\0" UUID "\0-x\0\x01";

        host_root_set(root, "/proc/42/stat", STAT);
        host_root_set(root, "/proc/42/status", STATUS);
        host_root_set_bytes(root, "/proc/42/cmdline", words, sizeof(words));
}

static void test_process(void)
{
        g_auto(HostRoot) root = host_root_new();
        HostProcessMemory memory;
        GError *error = NULL;
        uint64_t pss;

        fake_process(&root);
        g_autoptr(HostProcess) process = host_process_read(root.path, 42, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(process->start_ticks, ==, 987654);
        g_assert_cmpuint(process->uid, ==, 64055);
        g_assert_cmpstr(process->name, ==, "web");
        g_assert_cmpstr(process->uuid, ==, UUID);
        g_assert_cmpstr(process->command_line, ==,
                        "/usr/bin/qemu -name guest=web,debug-threads=on -uuid " UUID " -x ?");

        g_assert_true(host_process_read_memory(process, &memory, NULL));
        g_assert_cmpuint(memory.anon_bytes, ==, KB(4096));
        g_assert_cmpuint(memory.shmem_bytes, ==, KB(2048));
        g_assert_cmpuint(memory.file_bytes, ==, KB(100));
        g_assert_cmpuint(memory.swap_bytes, ==, KB(3));
        g_assert_cmpuint(host_process_overhead(&memory, KB(6000)), ==, KB(4096 + 2048 - 6000 + 64));
        /* The guest's figure is from another moment. */
        g_assert_cmpuint(host_process_overhead(&memory, KB(9000)), ==, KB(64));

        host_root_set(&root, "/proc/42/smaps_rollup", "0-1 ---p 0 0:0 0 [rollup]\nRss: 9 kB\nPss:\t 5 kB\n");
        g_assert_true(host_process_read_pss(process, &pss, NULL));
        g_assert_cmpuint(pss, ==, KB(5));
        host_root_set(&root, "/proc/42/smaps_rollup", "Rss: 9 kB\n");
        g_assert_false(host_process_read_pss(process, &pss, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);
        g_clear_error(&error);

        /* On its way out it has no memory any more; later it has no files. */
        host_root_set(&root, "/proc/42/status", "Name:\tqemu\nState:\tZ (zombie)\n");
        g_assert_false(host_process_read_memory(process, &memory, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_GONE);
        g_clear_error(&error);
        host_root_remove(&root, "/proc/42/status");
        g_assert_false(host_process_read_memory(process, &memory, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_GONE);
        g_clear_error(&error);
        host_root_link(&root, "/proc/42/status", HOST_ROOT_EIO);
        g_assert_false(host_process_read_memory(process, &memory, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_clear_error(&error);
        host_root_set(&root, "/proc/42/status", "State: S\nVmRSS: 1 kB\nRssAnon: x kB\n");
        g_assert_false(host_process_read_memory(process, &memory, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);
        g_clear_error(&error);
}

static void assert_unreadable(HostRoot *root, pid_t pid, HostError code)
{
        GError *error = NULL;

        g_assert_null(host_process_read(root->path, pid, &error));
        g_assert_error(error, HOST_ERROR, (int)code);
        g_clear_error(&error);
}

static void test_process_malformed(void)
{
        static const char *const bad[] = {"",
                                          "42",
                                          "42 (x",
                                          "42 (x)",
                                          "42 (x) ",
                                          "42 (x) S 1 2 3",
                                          "42 (x) S 1 1 1 0 -1 0 0 0 0 0 11 22 0 0 20 0 3 0 ",
                                          "42 (x) S 1 1 1 0 -1 0 0 0 0 0 11 22 0 0 20 0 3 0 -5 "};
        g_auto(HostRoot) root = host_root_new();

        assert_unreadable(&root, 42, HOST_ERROR_GONE);
        assert_unreadable(&root, 0, HOST_ERROR_GONE);
        assert_unreadable(&root, -1, HOST_ERROR_GONE);
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                fake_process(&root);
                host_root_set(&root, "/proc/42/stat", bad[i]);
                assert_unreadable(&root, 42, HOST_ERROR_MALFORMED);
        }
        fake_process(&root);
        host_root_set(&root, "/proc/42/stat", "42 (x) Z 1 1 1 0 -1 0 0 0 0 0 11 22 0 0 20 0 3 0 98 1\n");
        assert_unreadable(&root, 42, HOST_ERROR_GONE);
        fake_process(&root);
        host_root_set(&root, "/proc/42/status", "Name:\tx\nUid:\t1\n");
        assert_unreadable(&root, 42, HOST_ERROR_MALFORMED);
        host_root_set(&root, "/proc/42/status", "Uid:\t0\t4294967296\t0\t0\n");
        assert_unreadable(&root, 42, HOST_ERROR_MALFORMED);
        fake_process(&root);
        host_root_link(&root, "/proc/42/cmdline", HOST_ROOT_EIO);
        assert_unreadable(&root, 42, HOST_ERROR_IO);
}

/* A command line longer than what is looked at: bounded, and what comes early is found. */
static void test_process_huge(void)
{
        g_auto(HostRoot) root = host_root_new();
        g_autoptr(GString) words = g_string_new("qemu");
        g_autoptr(HostProcess) process = NULL;

        fake_process(&root);
        g_string_append_len(words, "\0-name\0guest=early\0", 19);
        for (unsigned i = 0; i < 100000; i++)
                g_string_append(words, "\xff\xc3\xa4");
        g_string_append_len(words, "\0-name\0guest=late\0", 18);
        host_root_set_bytes(&root, "/proc/42/cmdline", words->str, words->len);
        process = host_process_read(root.path, 42, NULL);
        g_assert_nonnull(process);
        g_assert_cmpstr(process->name, ==, "early");
        g_assert_cmpuint(strlen(process->command_line), <=, HOST_COMMAND_LINE_MAX);
        g_assert_true(g_utf8_validate(process->command_line, -1, NULL));
}

static void test_this_process(void)
{
        g_autoptr(HostProcess) self = host_process_read("", getpid(), NULL);
        HostProcessMemory before, after;
        size_t length = (size_t)32 << 20;
        GError *error = NULL;
        char *map;
        int status;
        pid_t child;

        g_assert_nonnull(self);
        g_assert_cmpuint(self->uid, ==, geteuid());
        g_assert_nonnull(strstr(self->command_line, "test-host"));
        g_assert_true(host_process_read_memory(self, &before, NULL));
        map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        g_assert_true(map != MAP_FAILED);
        g_assert_true(host_process_read_memory(self, &after, NULL));
        /* The kernel's counters lag by some pages per processor. */
        g_assert_cmpuint(after.anon_bytes, >, before.anon_bytes + length * 3 / 4);
        g_assert_cmpuint(host_process_overhead(&after, length), <, host_process_overhead(&after, 0));
        g_assert_cmpint(munmap(map, length), ==, 0);

        /* What was opened stays this process, or is gone. */
        child = fork();
        if (child == 0) {
                (void)pause();
                _exit(0);
        }
        g_assert_cmpint(child, >, 0);
        {
                g_autoptr(HostProcess) process = host_process_read("", child, &error);

                g_assert_no_error(error);
                g_assert_cmpuint(process->start_ticks, >=, self->start_ticks);
                g_assert_cmpint(kill(child, SIGKILL), ==, 0);
                g_assert_cmpint(waitpid(child, &status, 0), ==, child);
                g_assert_false(host_process_read_memory(process, &after, &error));
                g_assert_error(error, HOST_ERROR, HOST_ERROR_GONE);
                g_clear_error(&error);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/host/numbers", test_numbers);
        g_test_add_func("/host/memory", test_memory);
        g_test_add_func("/host/memory-malformed", test_memory_malformed);
        g_test_add_func("/host/cgroup", test_cgroup);
        g_test_add_func("/host/cgroup-deep", test_cgroup_deep);
        g_test_add_func("/host/cpu", test_cpu);
        g_test_add_func("/host/cpu-idle", test_cpu_idle);
        g_test_add_func("/host/this-host", test_this_host);
        g_test_add_func("/host/qemu-words", test_qemu_words);
        g_test_add_func("/host/qemu-random", test_qemu_random);
        g_test_add_func("/host/process", test_process);
        g_test_add_func("/host/process-malformed", test_process_malformed);
        g_test_add_func("/host/process-huge", test_process_huge);
        g_test_add_func("/host/this-process", test_this_process);
        return g_test_run();
}
