/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* KSM steered in a host made of files: what is set, whose it is, and that it goes back to what it was. */
#include "host/ksm.h"

#include "host-root.h"

#define KSM    "/sys/kernel/mm/ksm/"
#define BOOT   "1d1827ca-8a48-4390-8a25-76d03116146e"
#define RECORD "/state/ksm-settings"

int __real_fsync(int fd);
int __wrap_fsync(int fd);
static bool fsync_fails;

int __wrap_fsync(int fd)
{
        if (!fsync_fails)
                return __real_fsync(fd);
        errno = EIO;
        return -1;
}

static const struct {
        const char *file, *value;
} as_found[] = {
        {KSM "run", "0\n"},
        {KSM "pages_to_scan", "100\n"},
        {KSM "sleep_millisecs", "20\n"},
        {KSM "advisor_mode", "[none] scan-time\n"},
        {KSM "advisor_target_scan_time", "200\n"},
        {KSM "advisor_max_cpu", "70\n"},
        {KSM "advisor_min_pages_to_scan", "500\n"},
        {KSM "advisor_max_pages_to_scan", "30000\n"},
        {KSM "use_zero_pages", "0\n"},
        {KSM "smart_scan", "1\n"},
        {KSM "max_page_sharing", "256\n"},
        {KSM "merge_across_nodes", "1\n"},
};

static HostRoot ksm_root(void)
{
        HostRoot root = host_root_new();

        for (size_t i = 0; i < G_N_ELEMENTS(as_found); i++)
                host_root_set(&root, as_found[i].file, as_found[i].value);
        host_root_set(&root, "/proc/sys/kernel/random/boot_id", BOOT "\n");
        host_root_set(&root, RECORD, "");
        host_root_remove(&root, RECORD);
        return root;
}

static HostKsm *ksm_open(HostRoot *root)
{
        g_autofree char *state = g_strconcat(root->path, "/state", NULL);
        GError *error = NULL;
        HostKsm *ksm = host_ksm_open(root->path, state, &error);

        g_assert_no_error(error);
        g_assert_nonnull(ksm);
        return ksm;
}

static void assert_file(HostRoot *root, const char *file, const char *value)
{
        g_autofree char *text = host_root_get(root, file);

        g_assert_cmpstr(text, ==, value);
}

static bool has_record(HostRoot *root)
{
        g_autofree char *path = g_strconcat(root->path, RECORD, NULL);

        return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void assert_as_found(HostRoot *root)
{
        for (size_t i = 0; i < G_N_ELEMENTS(as_found); i++) {
                g_autofree char *text = host_root_get(root, as_found[i].file);
                g_autofree char *wanted = g_strchomp(g_strdup(as_found[i].value));

                /* A file does not put brackets around what was chosen. */
                g_assert_true(strcmp(text, wanted) == 0 ||
                              (strcmp(text, "none") == 0 && g_str_has_prefix(wanted, "[none]")));
        }
}

static void assert_state(HostKsm *ksm, HostKsmState state, const char *reason)
{
        g_assert_cmpint(host_ksm_state(ksm), ==, state);
        if (reason)
                g_assert_nonnull(strstr(host_ksm_reason(ksm), reason));
        else
                g_assert_cmpstr(host_ksm_reason(ksm), ==, "");
}

static void set_pages_per_s(HostKsm *ksm, uint64_t pages_per_s)
{
        HostKsmPace pace = {.pages_per_s = pages_per_s};
        GError *error = NULL;

        g_assert_true(host_ksm_set_pace(ksm, &pace, &error));
        g_assert_no_error(error);
}

static const HostKsmPace by_advisor = {.pages_per_s = 1000,
                                       .scan_time_s = 600,
                                       .max_cpu_pct = 10,
                                       .min_pages_to_scan = 200,
                                       .max_pages_to_scan = 9000};

static void test_by_hand(void)
{
        g_auto(HostRoot) root = ksm_root();
        g_autoptr(HostKsm) ksm = ksm_open(&root);

        assert_state(ksm, HOST_KSM_IDLE, NULL);
        g_assert_true(host_ksm_has_advisor(ksm));
        assert_as_found(&root);
        g_assert_false(has_record(&root));

        set_pages_per_s(ksm, 50000);
        assert_state(ksm, HOST_KSM_SCANNING, NULL);
        assert_file(&root, KSM "run", "1");
        assert_file(&root, KSM "pages_to_scan", "200");
        assert_file(&root, KSM "sleep_millisecs", "4");
        assert_file(&root, KSM "smart_scan", "1");
        g_assert_true(has_record(&root));
        g_assert_true(host_ksm_tick(ksm, NULL));
        assert_state(ksm, HOST_KSM_SCANNING, NULL);

        g_assert_true(host_ksm_stop(ksm, NULL));
        assert_state(ksm, HOST_KSM_IDLE, NULL);
        assert_file(&root, KSM "run", "0");
        g_assert_true(host_ksm_stop(ksm, NULL));

        set_pages_per_s(ksm, 100);
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_state(ksm, HOST_KSM_IDLE, NULL);
        assert_as_found(&root);
        g_assert_false(has_record(&root));
        g_assert_true(host_ksm_restore(ksm, NULL));

        /* What is found later is what counts the second time. */
        host_root_set(&root, KSM "pages_to_scan", "333\n");
        set_pages_per_s(ksm, 100);
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_file(&root, KSM "pages_to_scan", "333");
}

static void test_paces(void)
{
        static const struct {
                uint64_t pages_per_s;
                uint32_t ns_per_page;
                const char *pages, *sleep_ms;
        } paces[] = {
                {1, 0, "1", "1000"},           {10, 0, "10", "1000"},
                {1000, 0, "100", "100"},       {1500, 0, "150", "100"},
                {5000, 0, "100", "20"},        {10000, 0, "100", "10"},
                {100000, 0, "400", "4"},       {100000, 5000, "800", "4"},
                {UINT64_MAX, 0, "40000", "4"}, {UINT64_MAX, UINT32_MAX, "400000", "4"},
        };
        g_auto(HostRoot) root = ksm_root();
        g_autoptr(HostKsm) ksm = ksm_open(&root);

        for (size_t i = 0; i < G_N_ELEMENTS(paces); i++) {
                HostKsmPace pace = {.pages_per_s = paces[i].pages_per_s,
                                    .ns_per_page = paces[i].ns_per_page};

                g_assert_true(host_ksm_set_pace(ksm, &pace, NULL));
                assert_file(&root, KSM "pages_to_scan", paces[i].pages);
                assert_file(&root, KSM "sleep_millisecs", paces[i].sleep_ms);
        }

        /* A trifle is not worth a write to the disk; more is. */
        set_pages_per_s(ksm, 100000);
        host_root_remove(&root, RECORD);
        set_pages_per_s(ksm, 103000);
        assert_file(&root, KSM "pages_to_scan", "400");
        g_assert_false(has_record(&root));
        set_pages_per_s(ksm, 110000);
        assert_file(&root, KSM "pages_to_scan", "440");
        g_assert_true(has_record(&root));

        set_pages_per_s(ksm, 0);
        assert_state(ksm, HOST_KSM_IDLE, NULL);
        assert_file(&root, KSM "run", "0");
}

static void test_advisor(void)
{
        g_auto(HostRoot) root = ksm_root();
        g_autoptr(HostKsm) ksm = ksm_open(&root);
        HostKsmPace odd = {.scan_time_s = UINT32_MAX, .max_cpu_pct = 0, .min_pages_to_scan = 50};

        g_assert_true(host_ksm_set_pace(ksm, &by_advisor, NULL));
        assert_file(&root, KSM "advisor_mode", "scan-time");
        assert_file(&root, KSM "advisor_target_scan_time", "600");
        assert_file(&root, KSM "advisor_max_cpu", "10");
        assert_file(&root, KSM "advisor_min_pages_to_scan", "200");
        assert_file(&root, KSM "advisor_max_pages_to_scan", "9000");
        assert_file(&root, KSM "run", "1");

        /* The kernel may set pages_to_scan now. */
        host_root_set(&root, KSM "pages_to_scan", "4321\n");
        g_assert_true(host_ksm_tick(ksm, NULL));
        assert_state(ksm, HOST_KSM_SCANNING, NULL);
        g_assert_true(host_ksm_set_pace(ksm, &by_advisor, NULL));

        set_pages_per_s(ksm, 50000);
        assert_file(&root, KSM "advisor_mode", "none");
        assert_file(&root, KSM "pages_to_scan", "200");
        host_root_set(&root, KSM "pages_to_scan", "200\n");
        g_assert_true(host_ksm_set_pace(ksm, &by_advisor, NULL));
        host_root_set(&root, KSM "pages_to_scan", "4321\n");
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_as_found(&root);

        g_assert_true(host_ksm_set_pace(ksm, &odd, NULL));
        assert_file(&root, KSM "advisor_max_cpu", "1");
        assert_file(&root, KSM "advisor_max_pages_to_scan", "50");
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_as_found(&root);
}

/* The advisor was on, KSM was not: that is put back, and pages_to_scan is the advisor's. */
static void test_advisor_found(void)
{
        g_auto(HostRoot) root = ksm_root();
        g_autoptr(HostKsm) ksm = NULL;

        host_root_set(&root, KSM "advisor_mode", "none [scan-time]\n");
        ksm = ksm_open(&root);
        set_pages_per_s(ksm, 50000);
        assert_file(&root, KSM "advisor_mode", "none");
        assert_file(&root, KSM "pages_to_scan", "200");
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_file(&root, KSM "advisor_mode", "scan-time");
        assert_file(&root, KSM "pages_to_scan", "200");
        assert_file(&root, KSM "run", "0");
}

static void test_old_kernel(void)
{
        static const char *const newer[] = {"advisor_mode",
                                            "advisor_target_scan_time",
                                            "advisor_max_cpu",
                                            "advisor_min_pages_to_scan",
                                            "advisor_max_pages_to_scan",
                                            "smart_scan",
                                            "use_zero_pages"};
        g_auto(HostRoot) root = ksm_root();
        g_autoptr(HostKsm) ksm = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(newer); i++) {
                g_autofree char *file = g_strconcat(KSM, newer[i], NULL);

                host_root_remove(&root, file);
        }
        ksm = ksm_open(&root);
        g_assert_false(host_ksm_has_advisor(ksm));
        g_assert_true(host_ksm_set_pace(ksm, &by_advisor, NULL));
        assert_file(&root, KSM "pages_to_scan", "100");
        assert_file(&root, KSM "sleep_millisecs", "100");
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_file(&root, KSM "sleep_millisecs", "20");
        assert_file(&root, KSM "run", "0");
}

static void test_absent(void)
{
        g_auto(HostRoot) root = host_root_new();
        g_autoptr(HostKsm) ksm = ksm_open(&root);
        HostKsmPace pace = {.pages_per_s = 100};
        HostKsmFigures figures;
        GError *error = NULL;

        assert_state(ksm, HOST_KSM_OFF, "CONFIG_KSM");
        g_assert_false(host_ksm_has_advisor(ksm));
        g_assert_false(host_ksm_set_pace(ksm, &pace, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_UNSUPPORTED);
        g_clear_error(&error);
        g_assert_true(host_ksm_tick(ksm, NULL));
        g_assert_true(host_ksm_restore(ksm, NULL));
        g_assert_false(host_ksm_read_figures(root.path, &figures, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_UNSUPPORTED);
        g_clear_error(&error);
}

static void test_foreign(void)
{
        g_auto(HostRoot) root = ksm_root();
        g_autoptr(HostKsm) ksm = NULL, other = NULL;
        HostKsmPace pace = {.pages_per_s = 100};
        GError *error = NULL;

        host_root_set(&root, KSM "run", "1\n");
        ksm = ksm_open(&root);
        assert_state(ksm, HOST_KSM_FOREIGN, "was on before");
        g_assert_false(host_ksm_set_pace(ksm, &pace, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_FOREIGN);
        g_clear_error(&error);
        g_assert_false(host_ksm_stop(ksm, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_FOREIGN);
        g_clear_error(&error);
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_file(&root, KSM "run", "1");
        assert_file(&root, KSM "pages_to_scan", "100");
        g_assert_false(has_record(&root));

        /* Turned on between our looking and our first setting, and while idle. */
        host_root_set(&root, KSM "run", "0\n");
        other = ksm_open(&root);
        assert_state(other, HOST_KSM_IDLE, NULL);
        host_root_set(&root, KSM "run", "1\n");
        g_assert_false(host_ksm_set_pace(other, &pace, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_FOREIGN);
        g_clear_error(&error);
        assert_state(other, HOST_KSM_FOREIGN, "turned KSM on");
        assert_file(&root, KSM "pages_to_scan", "100");
}

/* Each of the settings that we set, changed by somebody else: noticed, left alone, and the rest put back. */
static void test_changed(void)
{
        static const char *const changes[][2] = {
                {KSM "run", "0"},
                {KSM "run", "2"},
                {KSM "pages_to_scan", "777"},
                {KSM "sleep_millisecs", "50"},
                {KSM "advisor_mode", "scan-time"},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
                g_auto(HostRoot) root = ksm_root();
                g_autoptr(HostKsm) ksm = ksm_open(&root);
                HostKsmPace pace = {.pages_per_s = 100};
                GError *error = NULL;

                set_pages_per_s(ksm, 1000000);
                host_root_set(&root, changes[i][0], changes[i][1]);
                if (i % 2) {
                        g_assert_true(host_ksm_tick(ksm, NULL));
                } else {
                        g_assert_false(host_ksm_set_pace(ksm, &pace, &error));
                        g_assert_error(error, HOST_ERROR, HOST_ERROR_FOREIGN);
                        g_clear_error(&error);
                }
                assert_state(ksm, HOST_KSM_FOREIGN, changes[i][0] + strlen(KSM));
                g_assert_nonnull(strstr(host_ksm_reason(ksm), changes[i][1]));
                assert_file(&root, changes[i][0], changes[i][1]);

                g_assert_true(host_ksm_restore(ksm, NULL));
                assert_state(ksm, HOST_KSM_FOREIGN, "somebody else");
                g_assert_false(has_record(&root));
                for (size_t j = 0; j < G_N_ELEMENTS(as_found); j++) {
                        g_autofree char *wanted = g_strchomp(g_strdup(as_found[j].value));
                        bool by_advisor_now = i == 4 && strcmp(as_found[j].file, KSM "pages_to_scan") == 0;

                        if (strcmp(as_found[j].file, changes[i][0]) == 0)
                                assert_file(&root, as_found[j].file, changes[i][1]);
                        else if (by_advisor_now)
                                assert_file(&root, as_found[j].file, "4000");
                        else if (strcmp(as_found[j].file, KSM "advisor_mode") != 0)
                                assert_file(&root, as_found[j].file, wanted);
                }
        }
}

/* With the advisor ours, pages_to_scan is put back; when somebody ends it, that is his, too. */
static void test_advisor_changed(void)
{
        g_auto(HostRoot) root = ksm_root();
        g_autoptr(HostKsm) ksm = ksm_open(&root);

        g_assert_true(host_ksm_set_pace(ksm, &by_advisor, NULL));
        host_root_set(&root, KSM "advisor_mode", "[none] scan-time\n");
        host_root_set(&root, KSM "pages_to_scan", "5555\n");
        g_assert_true(host_ksm_tick(ksm, NULL));
        assert_state(ksm, HOST_KSM_FOREIGN, "advisor_mode");
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_file(&root, KSM "pages_to_scan", "5555");
        assert_file(&root, KSM "advisor_target_scan_time", "200");
        assert_file(&root, KSM "run", "0");
}

/* run was 2: never unmerge when we leave. */
static void test_never_unmerges(void)
{
        g_auto(HostRoot) root = ksm_root();
        g_autoptr(HostKsm) ksm = NULL;

        host_root_set(&root, KSM "run", "2\n");
        ksm = ksm_open(&root);
        assert_state(ksm, HOST_KSM_IDLE, NULL);
        set_pages_per_s(ksm, 1000);
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_file(&root, KSM "run", "0");
        g_assert_false(has_record(&root));
}

/* Killed at any moment; its successor knows what was there before both. */
static void test_killed(void)
{
        g_auto(HostRoot) root = ksm_root();

        host_ksm_free(({
                HostKsm *first = ksm_open(&root);

                set_pages_per_s(first, 50000);
                first;
        }));
        host_ksm_free(({
                HostKsm *second = ksm_open(&root);

                assert_state(second, HOST_KSM_SCANNING, NULL);
                set_pages_per_s(second, 1000);
                second;
        }));
        {
                g_autoptr(HostKsm) third = ksm_open(&root);

                assert_state(third, HOST_KSM_SCANNING, NULL);
                g_assert_true(host_ksm_stop(third, NULL));
        }
        {
                g_autoptr(HostKsm) fourth = ksm_open(&root);

                assert_state(fourth, HOST_KSM_IDLE, NULL);
                g_assert_true(host_ksm_set_pace(fourth, &by_advisor, NULL));
                host_root_set(&root, KSM "pages_to_scan", "4321\n");
        }
        {
                g_autoptr(HostKsm) fifth = ksm_open(&root);

                assert_state(fifth, HOST_KSM_SCANNING, NULL);
                g_assert_true(host_ksm_restore(fifth, NULL));
                assert_as_found(&root);
                g_assert_false(has_record(&root));
        }
}

/* Killed between any two writes of a change of pace: all of it is still known to be ours. */
static void test_killed_midway(void)
{
        static const char *const files[] = {KSM "sleep_millisecs", KSM "pages_to_scan", KSM "run"};
        static const char *const values[][3] = {
                {"20", "100", "0"}, {"100", "100", "0"}, {"100", "150", "0"}, {"100", "150", "1"}};

        for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
                g_auto(HostRoot) root = ksm_root();
                g_autoptr(HostKsm) ksm = ksm_open(&root);

                set_pages_per_s(ksm, 1500);
                g_clear_pointer(&ksm, host_ksm_free);
                for (size_t j = 0; j < 3; j++)
                        host_root_set(&root, files[j], values[i][j]);
                ksm = ksm_open(&root);
                assert_state(ksm, values[i][2][0] == '1' ? HOST_KSM_SCANNING : HOST_KSM_IDLE, NULL);
                g_assert_true(host_ksm_tick(ksm, NULL));
                g_assert_cmpint(host_ksm_state(ksm), !=, HOST_KSM_FOREIGN);
                g_assert_true(host_ksm_restore(ksm, NULL));
                assert_as_found(&root);
        }
}

/* The same between two paces, and when the kernel itself changes what the advisor had set. */
static void test_killed_between_paces(void)
{
        g_auto(HostRoot) root = ksm_root(), advised = ksm_root();
        g_autoptr(HostKsm) ksm = ksm_open(&root);

        set_pages_per_s(ksm, 50000);
        set_pages_per_s(ksm, 1500);
        g_clear_pointer(&ksm, host_ksm_free);
        host_root_set(&root, KSM "pages_to_scan", "200\n");
        ksm = ksm_open(&root);
        assert_state(ksm, HOST_KSM_SCANNING, NULL);
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_as_found(&root);
        g_clear_pointer(&ksm, host_ksm_free);

        host_root_set(&advised, KSM "advisor_mode", "none [scan-time]\n");
        host_root_set(&advised, KSM "pages_to_scan", "4321\n");
        ksm = ksm_open(&advised);
        set_pages_per_s(ksm, 50000);
        g_clear_pointer(&ksm, host_ksm_free);
        host_root_set(&advised, KSM "run", "0\n");
        host_root_set(&advised, KSM "pages_to_scan", "100\n");
        ksm = ksm_open(&advised);
        assert_state(ksm, HOST_KSM_IDLE, NULL);
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_file(&advised, KSM "advisor_mode", "scan-time");
}

static void test_changed_while_dead(void)
{
        g_auto(HostRoot) root = ksm_root();
        g_autoptr(HostKsm) ksm = ksm_open(&root);

        set_pages_per_s(ksm, 50000);
        g_clear_pointer(&ksm, host_ksm_free);
        host_root_set(&root, KSM "pages_to_scan", "777\n");
        ksm = ksm_open(&root);
        assert_state(ksm, HOST_KSM_FOREIGN, "pages_to_scan");
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_file(&root, KSM "pages_to_scan", "777");
        assert_file(&root, KSM "run", "0");
}

/* After a start of the host all settings are the kernel's own; the record says nothing of them. */
static void test_other_boot(void)
{
        g_auto(HostRoot) root = ksm_root();
        g_autoptr(HostKsm) ksm = ksm_open(&root);

        set_pages_per_s(ksm, 50000);
        g_clear_pointer(&ksm, host_ksm_free);
        host_root_set(&root, "/proc/sys/kernel/random/boot_id", "00000000-0000-4000-8000-000000000001\n");
        ksm = ksm_open(&root);
        assert_state(ksm, HOST_KSM_FOREIGN, "was on before");

        g_clear_pointer(&ksm, host_ksm_free);
        host_root_set(&root, KSM "run", "0\n");
        host_root_set(&root, KSM "pages_to_scan", "222\n");
        ksm = ksm_open(&root);
        assert_state(ksm, HOST_KSM_IDLE, NULL);
        set_pages_per_s(ksm, 1000);
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_file(&root, KSM "pages_to_scan", "222");
}

static void test_damaged_record(void)
{
        static const char *const bad[] = {
                "",
                "end\n",
                "something else 1\nboot " BOOT "\nrun 0 0 1\nend\n",
                "aerostat-ksm-settings 1\nboot " BOOT "\nrun 0 0 1\n",
                "aerostat-ksm-settings 1\nboot " BOOT "\nend\n",
                "aerostat-ksm-settings 1\nboot " BOOT "\nrun 0 0\nend\n",
                "aerostat-ksm-settings 1\nboot " BOOT "\nrun 0 0 1 1\nend\n",
                "aerostat-ksm-settings 1\nboot " BOOT "\nrun 0 0 1\nrun 0 0 1\nend\n",
                "aerostat-ksm-settings 1\nboot " BOOT "\nrun 0 0 1\n../../x 0 0 1\nend\n",
                "aerostat-ksm-settings 1\nboot " BOOT "\nrun * 0 1\nend\n",
                "aerostat-ksm-settings 1\nboot " BOOT "\nrun 0 0 *\nend\n",
                "aerostat-ksm-settings 1\nboot " BOOT "\nrun 0 0 1\nadvisor_mode none none *\nend\n",
                "aerostat-ksm-settings 1\nboot " BOOT "\nrun 0 0 99999999999999999999999999\nend\n",
                "aerostat-ksm-settings 1\nboot " BOOT "\nrun 0 0 1\nend\nend",
                "aerostat-ksm-settings 1\nboot " BOOT "\nrun 0 0 ;reboot\nend\n",
        };

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_auto(HostRoot) root = ksm_root();
                g_autoptr(HostKsm) ksm = NULL;

                host_root_set(&root, RECORD, bad[i]);
                ksm = ksm_open(&root);
                assert_state(ksm, HOST_KSM_IDLE, "damaged");
                set_pages_per_s(ksm, 1000);
                assert_state(ksm, HOST_KSM_SCANNING, NULL);
                g_assert_true(host_ksm_restore(ksm, NULL));
                assert_as_found(&root);

                /* With KSM on nobody can tell whose it is. */
                host_root_set(&root, RECORD, bad[i]);
                host_root_set(&root, KSM "run", "1\n");
                g_clear_pointer(&ksm, host_ksm_free);
                ksm = ksm_open(&root);
                assert_state(ksm, HOST_KSM_FOREIGN, "damaged");
        }
}

/* Nothing is set that could not be put back. */
static void test_no_record_no_change(void)
{
        g_auto(HostRoot) root = ksm_root();
        g_autofree char *state = g_strconcat(root.path, "/state", NULL),
                        *draft = g_strconcat(state, "/ksm-settings.new", NULL);
        g_autoptr(HostKsm) ksm = ksm_open(&root);
        HostKsmPace pace = {.pages_per_s = 50000};
        GError *error = NULL;

        fsync_fails = true;
        g_assert_false(host_ksm_set_pace(ksm, &pace, &error));
        fsync_fails = false;
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_assert_nonnull(strstr(error->message, "ksm-settings"));
        g_clear_error(&error);
        assert_as_found(&root);
        assert_state(ksm, HOST_KSM_IDLE, NULL);
        g_assert_false(has_record(&root));

        /* A link in the place of the draft is not followed. */
        (void)g_remove(draft);
        g_assert_cmpint(symlink("/dev/null", draft), ==, 0);
        g_assert_false(host_ksm_set_pace(ksm, &pace, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_clear_error(&error);
        assert_as_found(&root);

        host_root_remove_tree(state);
        g_assert_false(host_ksm_set_pace(ksm, &pace, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_clear_error(&error);
        assert_as_found(&root);

        g_assert_cmpint(g_mkdir(state, 0700), ==, 0);
        set_pages_per_s(ksm, 50000);
        assert_state(ksm, HOST_KSM_SCANNING, NULL);
}

/* Reads 65536 and takes no write, not even root's. */
#define READ_ONLY "/proc/sys/kernel/ngroups_max"

/* A setting that cannot be written, or read: said, and what was set before it is put back. */
static void test_write_fails(void)
{
        g_auto(HostRoot) root = ksm_root();
        g_autoptr(HostKsm) ksm = NULL;
        HostKsmPace pace = {.pages_per_s = 1500};
        GError *error = NULL;

        host_root_link(&root, KSM "pages_to_scan", READ_ONLY);
        ksm = ksm_open(&root);
        g_assert_false(host_ksm_set_pace(ksm, &pace, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_assert_nonnull(strstr(error->message, "pages_to_scan to 150"));
        g_clear_error(&error);
        assert_state(ksm, HOST_KSM_IDLE, NULL);
        assert_file(&root, KSM "run", "0");
        assert_file(&root, KSM "sleep_millisecs", "100");
        g_assert_true(host_ksm_tick(ksm, NULL));
        assert_state(ksm, HOST_KSM_IDLE, NULL);
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_file(&root, KSM "sleep_millisecs", "20");
        g_assert_false(has_record(&root));

        host_root_link(&root, KSM "pages_to_scan", HOST_ROOT_EIO);
        g_assert_false(host_ksm_set_pace(ksm, &pace, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_clear_error(&error);
        g_assert_false(host_ksm_tick(ksm, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_clear_error(&error);
        assert_state(ksm, HOST_KSM_IDLE, NULL);
        assert_file(&root, KSM "run", "0");
}

/* The rest is restored, and the record stays for another try. */
static void test_restore_fails(void)
{
        g_auto(HostRoot) root = ksm_root();
        g_autoptr(HostKsm) ksm = ksm_open(&root);
        /* As many pages a scan as the file that takes no write says. */
        const HostKsmPace pace = {.pages_per_s = 9006158, .ns_per_page = 50};
        GError *error = NULL;

        g_assert_true(host_ksm_set_pace(ksm, &pace, NULL));
        assert_file(&root, KSM "pages_to_scan", "65536");
        host_root_link(&root, KSM "pages_to_scan", READ_ONLY);
        host_root_set(&root, KSM "sleep_millisecs", "20\n");
        g_assert_false(host_ksm_restore(ksm, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_assert_nonnull(strstr(error->message, "pages_to_scan to 100"));
        g_clear_error(&error);
        g_assert_true(has_record(&root));
        assert_file(&root, KSM "run", "0");
        assert_state(ksm, HOST_KSM_IDLE, NULL);

        host_root_set(&root, KSM "pages_to_scan", "65536\n");
        g_assert_true(host_ksm_restore(ksm, NULL));
        assert_as_found(&root);
        g_assert_false(has_record(&root));

        /* The record cannot be removed for certain: said, and tried again. */
        set_pages_per_s(ksm, 1500);
        fsync_fails = true;
        g_assert_false(host_ksm_restore(ksm, &error));
        fsync_fails = false;
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_clear_error(&error);
        assert_as_found(&root);
        g_assert_true(host_ksm_restore(ksm, NULL));
        g_assert_true(host_ksm_tick(ksm, NULL));
        assert_state(ksm, HOST_KSM_IDLE, NULL);
        assert_as_found(&root);
}

static void test_malformed_settings(void)
{
        static const char *const bad[][2] = {
                {KSM "run", ""},
                {KSM "pages_to_scan", "-1\n"},
                {KSM "advisor_mode", "[none\n"},
                {KSM "advisor_mode", "[]\n"},
                {KSM "sleep_millisecs", "99999999999999999999\n"},
                {KSM "run", "*\n"},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_auto(HostRoot) root = ksm_root();
                g_autofree char *state = g_strconcat(root.path, "/state", NULL);
                GError *error = NULL;

                host_root_set(&root, bad[i][0], bad[i][1]);
                g_assert_null(host_ksm_open(root.path, state, &error));
                g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);
                g_clear_error(&error);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/host-ksm/by-hand", test_by_hand);
        g_test_add_func("/host-ksm/paces", test_paces);
        g_test_add_func("/host-ksm/advisor", test_advisor);
        g_test_add_func("/host-ksm/advisor-found", test_advisor_found);
        g_test_add_func("/host-ksm/old-kernel", test_old_kernel);
        g_test_add_func("/host-ksm/absent", test_absent);
        g_test_add_func("/host-ksm/foreign", test_foreign);
        g_test_add_func("/host-ksm/changed", test_changed);
        g_test_add_func("/host-ksm/advisor-changed", test_advisor_changed);
        g_test_add_func("/host-ksm/never-unmerges", test_never_unmerges);
        g_test_add_func("/host-ksm/killed", test_killed);
        g_test_add_func("/host-ksm/killed-midway", test_killed_midway);
        g_test_add_func("/host-ksm/killed-between-paces", test_killed_between_paces);
        g_test_add_func("/host-ksm/changed-while-dead", test_changed_while_dead);
        g_test_add_func("/host-ksm/other-boot", test_other_boot);
        g_test_add_func("/host-ksm/damaged-record", test_damaged_record);
        g_test_add_func("/host-ksm/no-record-no-change", test_no_record_no_change);
        g_test_add_func("/host-ksm/write-fails", test_write_fails);
        g_test_add_func("/host-ksm/restore-fails", test_restore_fails);
        g_test_add_func("/host-ksm/malformed-settings", test_malformed_settings);
        return g_test_run();
}
