/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What KSM says of itself, of a process and of its thread, in a host made of files. */
#include "host/ksm.h"

#include "host-root.h"

#define KSM "/sys/kernel/mm/ksm/"

static void test_figures(void)
{
        static const char *const files[][2] = {
                {KSM "pages_shared", "10\n"},  {KSM "pages_sharing", "90\n"}, {KSM "pages_unshared", "5\n"},
                {KSM "pages_volatile", "1\n"}, {KSM "full_scans", "3\n"},
        };
        g_auto(HostRoot) root = host_root_new();
        uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
        GError *error = NULL;
        HostKsmFigures f;

        host_root_set(&root, KSM "run", "1\n");
        g_assert_false(host_ksm_read_figures(root.path, &f, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_clear_error(&error);
        for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
                host_root_set(&root, files[i][0], files[i][1]);
        g_assert_true(host_ksm_read_figures(root.path, &f, NULL));
        g_assert_cmpuint(f.run, ==, 1);
        g_assert_cmpuint(f.shared_bytes, ==, 100 * page);
        g_assert_cmpuint(f.common_bytes, ==, 10 * page);
        g_assert_cmpuint(f.saved_bytes, ==, 90 * page);
        g_assert_cmpuint(f.pages_scanned, ==, 0);

        host_root_set(&root, KSM "ksm_zero_pages", "7\n");
        host_root_set(&root, KSM "pages_scanned", "1234\n");
        host_root_set(&root, KSM "general_profit", "-4096\n");
        g_assert_true(host_ksm_read_figures(root.path, &f, NULL));
        g_assert_cmpuint(f.shared_bytes, ==, 107 * page);
        g_assert_cmpuint(f.saved_bytes, ==, 97 * page);
        g_assert_cmpuint(f.pages_scanned, ==, 1234);
        g_assert_cmpint(f.general_profit_bytes, ==, -4096);

        host_root_set(&root, KSM "pages_sharing", "18446744073709551615\n");
        g_assert_true(host_ksm_read_figures(root.path, &f, NULL));
        g_assert_cmpuint(f.shared_bytes, ==, UINT64_MAX);
        host_root_link(&root, KSM "pages_scanned", HOST_ROOT_EIO);
        g_assert_false(host_ksm_read_figures(root.path, &f, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_clear_error(&error);
        host_root_set(&root, KSM "pages_scanned", "12 34\n");
        g_assert_false(host_ksm_read_figures(root.path, &f, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);
        g_clear_error(&error);
}

/* A process as /proc shows it; flags are field 9 of stat. */
static void add_process(HostRoot *root, unsigned pid, const char *name, unsigned flags, const char *times)
{
        g_autofree char *folder = g_strdup_printf("/proc/%u", pid),
                        *stat = g_strconcat(folder, "/stat", NULL),
                        *status = g_strconcat(folder, "/status", NULL),
                        *words = g_strconcat(folder, "/cmdline", NULL),
                        *text = g_strdup_printf("%u (%s) S 2 0 0 0 -1 %u 0 0 0 0 %s 0 0 25 5 1 0 27 0\n",
                                                pid, name, flags, times);

        host_root_set(root, stat, text);
        host_root_set(root, status, "State: S\nUid:\t0\t0\t0\t0\n");
        host_root_set(root, words, "");
}

static void test_process_figures(void)
{
        static const struct {
                const char *text;
                bool known, detailed;
                uint64_t merged, zero, items;
                int64_t profit;
        } good[] = {
                {"ksm_rmap_items 9\nksm_zero_pages 2\nksm_merging_pages 5\nksm_process_profit "
                 "-64\nksm_mergeable: yes\n",
                 true, true, 5, 2, 9, -64},
                {"ksm_rmap_items 9\nksm_merging_pages 5\n", true, true, 5, 0, 9, 0},
        };
        static const char *const bad[] = {"", "ksm_rmap_items x\n",
                                          "ksm_rmap_items 1\nksm_process_profit --1\n",
                                          "ksm_rmap_items 1\nksm_merging_pages 99999999999999999999\n"};
        g_auto(HostRoot) root = host_root_new();
        g_autoptr(HostProcess) process = NULL;
        uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
        GError *error = NULL;
        HostKsmProcess f;

        add_process(&root, 42, "qemu", 0, "0 0");
        process = host_process_read(root.path, 42, NULL);
        g_assert_nonnull(process);

        /* Nothing known, on a kernel without any of it. */
        g_assert_true(host_ksm_read_process(process, &f, NULL));
        g_assert_false(f.known);
        host_root_set(&root, "/proc/42/ksm_merging_pages", "3\n");
        g_assert_true(host_ksm_read_process(process, &f, NULL));
        g_assert_true(f.known && !f.detailed);
        g_assert_cmpuint(f.merged_bytes, ==, 3 * page);

        host_root_set(&root, "/proc/42/ksm_stat", "ksm_rmap_items 8\n");
        g_assert_true(host_ksm_read_process(process, &f, NULL));
        g_assert_true(f.known && f.detailed);
        g_assert_cmpuint(f.merged_bytes, ==, 3 * page);
        g_assert_cmpuint(f.rmap_items, ==, 8);

        for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
                host_root_set(&root, "/proc/42/ksm_stat", good[i].text);
                g_assert_true(host_ksm_read_process(process, &f, NULL));
                g_assert_true(f.known == good[i].known && f.detailed == good[i].detailed);
                g_assert_cmpuint(f.merged_bytes, ==, good[i].merged * page);
                g_assert_cmpuint(f.zero_bytes, ==, good[i].zero * page);
                g_assert_cmpuint(f.rmap_items, ==, good[i].items);
                g_assert_cmpint(f.profit_bytes, ==, good[i].profit);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                host_root_set(&root, "/proc/42/ksm_stat", bad[i]);
                g_assert_false(host_ksm_read_process(process, &f, &error));
                g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);
                g_clear_error(&error);
        }
        host_root_remove(&root, "/proc/42/ksm_stat");
        host_root_remove(&root, "/proc/42/ksm_merging_pages");
        host_root_remove(&root, "/proc/42/stat");
        g_assert_false(host_ksm_read_process(process, &f, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_GONE);
        g_clear_error(&error);
}

static void test_thread(void)
{
        g_auto(HostRoot) root = host_root_new();
        g_autoptr(HostProcess) thread = NULL;
        uint64_t ns, tick = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);
        GError *error = NULL;

        /* Programs that call themselves so, or nearly, are not it. */
        add_process(&root, 10, "ksmd", 0, "1 1");
        add_process(&root, 11, "x) (ksmd", 0x200000, "1 1");
        add_process(&root, 12, "ksmd) S 2 0 0 0 -1 2097216 (y", 0, "1 1");
        add_process(&root, 13, "ksmd2", 0x200000, "1 1");
        host_root_set(&root, "/proc/14/stat", "14 (ksmd) S");
        g_assert_null(host_ksm_find_thread(root.path, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_UNSUPPORTED);
        g_clear_error(&error);

        add_process(&root, 37, "ksmd", 2097216, "3 72682");
        thread = host_ksm_find_thread(root.path, &error);
        g_assert_no_error(error);
        g_assert_cmpint(thread->pid, ==, 37);
        g_assert_true(host_ksm_read_cpu(thread, &ns, NULL));
        g_assert_cmpuint(ns, ==, 72685 * tick);
        host_root_set(&root, "/proc/37/schedstat", "726823143499 565727944698 2500097\n");
        g_assert_true(host_ksm_read_cpu(thread, &ns, NULL));
        g_assert_cmpuint(ns, ==, 726823143499);
        host_root_set(&root, "/proc/37/schedstat", "\n");
        g_assert_false(host_ksm_read_cpu(thread, &ns, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);
        g_clear_error(&error);
        host_root_remove(&root, "/proc/37/schedstat");
        host_root_set(&root, "/proc/37/stat", "37 (ksmd) S 2 0");
        g_assert_false(host_ksm_read_cpu(thread, &ns, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);
        g_clear_error(&error);
}

static void test_usage(void)
{
        HostKsmSample a = {.time_ns = 1000, .cpu_ns = 5, .pages_scanned = 10};
        HostKsmSample b = {
                .time_ns = 1000 + 2000000000ull, .cpu_ns = 5 + 500000000, .pages_scanned = 10 + 100000};
        HostKsmUsage usage = host_ksm_usage(&a, &b);

        g_assert_cmpfloat(usage.cores, ==, 0.25);
        g_assert_cmpfloat(usage.pages_per_s, ==, 50000);
        g_assert_cmpuint(usage.ns_per_page, ==, 5000);
        usage = host_ksm_usage(&b, &a);
        g_assert_cmpfloat(usage.cores, ==, 0);
        usage = host_ksm_usage(&a, &a);
        g_assert_cmpfloat(usage.pages_per_s, ==, 0);
        b.pages_scanned = 20;
        g_assert_cmpuint(host_ksm_usage(&a, &b).ns_per_page, ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/host-ksm-figures/host", test_figures);
        g_test_add_func("/host-ksm-figures/process", test_process_figures);
        g_test_add_func("/host-ksm-figures/thread", test_thread);
        g_test_add_func("/host-ksm-figures/usage", test_usage);
        return g_test_run();
}
