/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's own KSM, steered: it merges at the pace that was set, the figures are right, and all its
 * settings are afterwards as they were, whatever happened to the process that set them.
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "host/ksm.h"
#include "unit/unit.h"

#define KSM      "/sys/kernel/mm/ksm/"
#define LOCK     "/run/lock/aerostat-ksm" /* taken by every test that uses KSM: there is but one */
#define PAGES    4096u                    /* each of them twice in the memory to be merged */
#define SLOW     10000u                   /* pages a second; any machine could do more */
#define PACE     200000u                  /* others may have memory to be merged, too */
#define KILLINGS 12u

/* How long to wait for others: a benchmark may have the lock for minutes. */
#define LOCK_PATIENCE_MS 100000u

static const char *const settings[] = {"advisor_mode",
                                       "advisor_target_scan_time",
                                       "advisor_max_cpu",
                                       "advisor_min_pages_to_scan",
                                       "advisor_max_pages_to_scan",
                                       "pages_to_scan",
                                       "sleep_millisecs",
                                       "use_zero_pages",
                                       "smart_scan",
                                       "max_page_sharing",
                                       "merge_across_nodes",
                                       "run"};
static char *as_found[G_N_ELEMENTS(settings)]; /* NULL: not in this kernel */

static char *get(const char *name)
{
        g_autofree char *path = g_strconcat(KSM, name, NULL);
        char *text = NULL;

        if (!g_file_get_contents(path, &text, NULL, NULL))
                return NULL;
        return g_strchomp(text);
}

static void put(const char *name, const char *value)
{
        g_autofree char *path = g_strconcat(KSM, name, NULL);

        (void)host_file_write(path, value);
}

static void assert_as_found(void)
{
        g_autofree char *mode = get("advisor_mode");

        for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
                g_autofree char *now = get(settings[i]);

                /* Of the kernel's choice while its advisor is on. */
                if (mode && !strstr(mode, "[none]") && strcmp(settings[i], "pages_to_scan") == 0)
                        continue;
                if (g_strcmp0(now, as_found[i]) != 0)
                        g_test_message("%s", settings[i]);
                g_assert_cmpstr(now, ==, as_found[i]);
        }
}

/* By other means than those under test, for the case that they fail. */
static void put_all_back(void)
{
        put("run", strcmp(as_found[G_N_ELEMENTS(settings) - 1], "1") == 0 ? "1" : "0");
        for (size_t i = 0; i < G_N_ELEMENTS(settings) - 1; i++) {
                g_autofree char *now = get(settings[i]);
                const char *open = as_found[i] ? strchr(as_found[i], '[') : NULL;
                g_autofree char *value =
                        open ? g_strndup(open + 1, strcspn(open + 1, "]")) : g_strdup(as_found[i]);

                if (value && g_strcmp0(now, as_found[i]) != 0)
                        put(settings[i], value);
        }
}

typedef struct Fixture {
        char *state;
        HostKsm *ksm;
        HostProcess *self;
        char *memory; /* 2 * PAGES, the second half like the first */
} Fixture;

static HostKsm *ksm_open(const char *state)
{
        GError *error = NULL;
        HostKsm *ksm = host_ksm_open("", state, &error);

        g_assert_no_error(error);
        return ksm;
}

static void set_up(Fixture *f, gconstpointer data)
{
        size_t half = (size_t)PAGES * UNIT_PAGE;
        uint64_t state = 0xabcdef;

        (void)data;
        f->state = g_dir_make_tmp("aerostat-ksm-XXXXXX", NULL);
        g_assert_nonnull(f->state);
        f->ksm = ksm_open(f->state);
        f->self = host_process_read("", getpid(), NULL);
        g_assert_nonnull(f->self);
        f->memory = mmap(NULL, 2 * half, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        g_assert_true(f->memory != MAP_FAILED);
        g_assert_cmpint(madvise(f->memory, 2 * half, MADV_NOHUGEPAGE), ==, 0);
        unit_fill_random(f->memory, half, &state);
        memcpy(f->memory + half, f->memory, half);
        g_assert_cmpint(madvise(f->memory, 2 * half, MADV_MERGEABLE), ==, 0);
}

static void tear_down(Fixture *f, gconstpointer data)
{
        (void)data;
        g_clear_pointer(&f->ksm, host_ksm_free);
        g_clear_pointer(&f->self, host_process_free);
        g_assert_cmpint(munmap(f->memory, 2 * (size_t)PAGES * UNIT_PAGE), ==, 0);
        /* Empty, or a record was left behind. */
        g_assert_cmpint(g_rmdir(f->state), ==, 0);
        g_free(f->state);
        assert_as_found();
}

static HostKsmFigures host_figures(void)
{
        HostKsmFigures figures;

        g_assert_true(host_ksm_read_figures("", &figures, NULL));
        return figures;
}

static HostKsmProcess own_figures(Fixture *f)
{
        HostKsmProcess figures;

        g_assert_true(host_ksm_read_process(f->self, &figures, NULL));
        return figures;
}

static uint64_t cpu_ns(HostProcess *thread)
{
        uint64_t ns;

        g_assert_true(host_ksm_read_cpu(thread, &ns, NULL));
        return ns;
}

static void set_pace(HostKsm *ksm, const HostKsmPace *pace)
{
        GError *error = NULL;

        g_assert_true(host_ksm_set_pace(ksm, pace, &error));
        g_assert_no_error(error);
}

static void wait_for_merging(Fixture *f)
{
        bool merged = false;

        /* The scanner is nice, and goes through everybody's memory: it gets more time than others. */
        for (unsigned i = 0; i < 4 && !merged; i++)
                merged = UNIT_EVENTUALLY(own_figures(f).merged_bytes >= (uint64_t)2 * PAGES * UNIT_PAGE);
        g_assert_true(merged);
        g_assert_true(host_ksm_tick(f->ksm, NULL));
        g_assert_cmpint(host_ksm_state(f->ksm), ==, HOST_KSM_SCANNING);
}

static void test_pace(Fixture *f, gconstpointer data)
{
        g_autoptr(HostProcess) thread = host_ksm_find_thread("", NULL);
        HostKsmPace slow = {.pages_per_s = SLOW}, pace = {.pages_per_s = PACE};
        HostKsmFigures before, after;
        uint64_t began_ms, cpu_before_ns = thread ? cpu_ns(thread) : 0;

        (void)data;
        before = host_figures();
        began_ms = unit_now_ms();
        set_pace(f->ksm, &slow);
        /* No faster than was said, however fast the machine; a scan at each end may be cut. */
        if (before.pages_scanned) {
                g_assert_true(UNIT_EVENTUALLY(host_figures().pages_scanned >= before.pages_scanned + SLOW));
                after = host_figures();
                g_assert_cmpuint(after.pages_scanned - before.pages_scanned, <=,
                                 (unit_now_ms() - began_ms + 60) * SLOW / 1000);
        }
        set_pace(f->ksm, &pace);
        wait_for_merging(f);
        after = host_figures();
        g_assert_cmpuint(own_figures(f).merged_bytes, ==, (uint64_t)2 * PAGES * UNIT_PAGE);
        g_assert_true(own_figures(f).detailed);
        g_assert_cmpuint(own_figures(f).rmap_items, >=, 2 * PAGES);
        g_assert_cmpint(own_figures(f).profit_bytes, >, 0);
        /* Others may have memory that is merged, too. */
        g_assert_cmpuint(after.common_bytes, >=, (uint64_t)PAGES * UNIT_PAGE);
        g_assert_cmpuint(after.saved_bytes, >=, (uint64_t)PAGES * UNIT_PAGE);
        g_assert_cmpuint(after.shared_bytes, ==, after.common_bytes + after.saved_bytes);
        if (thread)
                g_assert_cmpuint(cpu_ns(thread), >, cpu_before_ns);

        /* Without the scanner nothing new is merged, and what is stays so. */
        g_assert_true(host_ksm_stop(f->ksm, NULL));
        g_assert_true(UNIT_EVENTUALLY(({
                uint64_t scanned = host_figures().pages_scanned;

                unit_nap_ms(50);
                scanned == host_figures().pages_scanned;
        })));
        g_assert_cmpuint(own_figures(f).merged_bytes, ==, (uint64_t)2 * PAGES * UNIT_PAGE);
        g_assert_true(host_ksm_restore(f->ksm, NULL));
        g_assert_cmpuint(own_figures(f).merged_bytes, ==, (uint64_t)2 * PAGES * UNIT_PAGE);
        g_assert_cmpmem(f->memory, (size_t)PAGES * UNIT_PAGE, f->memory + (size_t)PAGES * UNIT_PAGE,
                        (size_t)PAGES * UNIT_PAGE);
}

static void test_advisor(Fixture *f, gconstpointer data)
{
        HostKsmPace advised = {
                .scan_time_s = 1, .max_cpu_pct = 50, .min_pages_to_scan = 500, .max_pages_to_scan = 20000};
        HostKsmPace by_hand = {.pages_per_s = PACE};
        g_autofree char *mode = NULL;

        (void)data;
        if (!host_ksm_has_advisor(f->ksm)) {
                g_test_skip("this kernel's KSM has no advisor (Linux 6.8)");
                return;
        }
        set_pace(f->ksm, &advised);
        mode = get("advisor_mode");
        g_assert_nonnull(strstr(mode, "[scan-time]"));
        wait_for_merging(f);
        /* To and fro; each leaves pages_to_scan elsewhere. */
        set_pace(f->ksm, &by_hand);
        g_assert_true(host_ksm_tick(f->ksm, NULL));
        g_assert_cmpint(host_ksm_state(f->ksm), ==, HOST_KSM_SCANNING);
        set_pace(f->ksm, &advised);
        g_assert_true(host_ksm_tick(f->ksm, NULL));
        g_assert_cmpint(host_ksm_state(f->ksm), ==, HOST_KSM_SCANNING);
        g_assert_true(host_ksm_restore(f->ksm, NULL));
}

static void test_switched_off(Fixture *f, gconstpointer data)
{
        HostKsmPace pace = {.pages_per_s = PACE};
        GError *error = NULL;

        (void)data;
        set_pace(f->ksm, &pace);
        put("run", "0");
        g_assert_true(host_ksm_tick(f->ksm, NULL));
        g_assert_cmpint(host_ksm_state(f->ksm), ==, HOST_KSM_FOREIGN);
        g_assert_nonnull(strstr(host_ksm_reason(f->ksm), "run"));
        g_assert_false(host_ksm_set_pace(f->ksm, &pace, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_FOREIGN);
        g_clear_error(&error);
        g_assert_true(host_ksm_restore(f->ksm, NULL));
}

static void test_found_on(Fixture *f, gconstpointer data)
{
        g_autoptr(HostKsm) ksm = NULL;

        (void)data;
        put("run", "1");
        ksm = ksm_open(f->state);
        g_assert_cmpint(host_ksm_state(ksm), ==, HOST_KSM_FOREIGN);
        g_assert_true(host_ksm_restore(ksm, NULL));
        {
                g_autofree char *run = get("run");

                g_assert_cmpstr(run, ==, "1");
        }
        put("run", as_found[G_N_ELEMENTS(settings) - 1]);
}

/* Steers until it is killed, changing its mind all the time; says when it has begun. */
static G_GNUC_NORETURN void steer(const char *state, int ready)
{
        g_autoptr(HostKsm) ksm = host_ksm_open("", state, NULL);

        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (unsigned i = 0;; i++) {
                HostKsmPace paces[] = {
                        {.pages_per_s = 2000},
                        {.pages_per_s = 40000},
                        {.pages_per_s = 300, .scan_time_s = 60, .max_cpu_pct = 10, .max_pages_to_scan = 900},
                        {.pages_per_s = 0},
                };

                if (!ksm || !host_ksm_set_pace(ksm, &paces[i % G_N_ELEMENTS(paces)], NULL))
                        _exit(1);
                if (i == 3 && write(ready, "", 1) != 1)
                        _exit(1);
        }
}

static void test_killed(Fixture *f, gconstpointer data)
{
        uint64_t seed = 0x717171;

        (void)data;
        for (unsigned round = 0; round < KILLINGS; round++) {
                int ready[2], status;
                char byte;
                pid_t child;

                g_assert_cmpint(pipe2(ready, O_CLOEXEC), ==, 0);
                child = fork();
                if (child == 0)
                        steer(f->state, ready[1]);
                g_assert_cmpint(child, >, 0);
                g_assert_cmpint(close(ready[1]), ==, 0);
                g_assert_cmpint(read(ready[0], &byte, 1), ==, 1);
                unit_nap_ms(unit_below(&seed, 20)); /* any moment will do */
                g_assert_cmpint(kill(child, SIGKILL), ==, 0);
                g_assert_cmpint(waitpid(child, &status, 0), ==, child);
                g_assert_true(WIFSIGNALED(status));
                g_assert_cmpint(close(ready[0]), ==, 0);

                g_autoptr(HostKsm) successor = ksm_open(f->state);

                g_assert_cmpint(host_ksm_state(successor), !=, HOST_KSM_FOREIGN);
                g_assert_cmpint(host_ksm_state(successor), !=, HOST_KSM_OFF);
                /* A predecessor may also be succeeded without an end to it. */
                if (round % 2 == 0 && round + 1 < KILLINGS)
                        continue;
                g_assert_true(host_ksm_restore(successor, NULL));
                assert_as_found();
        }
}

static int run_tests(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/host-kernel/pace", Fixture, NULL, set_up, test_pace, tear_down);
        g_test_add("/host-kernel/advisor", Fixture, NULL, set_up, test_advisor, tear_down);
        g_test_add("/host-kernel/switched-off", Fixture, NULL, set_up, test_switched_off, tear_down);
        g_test_add("/host-kernel/found-on", Fixture, NULL, set_up, test_found_on, tear_down);
        g_test_add("/host-kernel/killed", Fixture, NULL, set_up, test_killed, tear_down);
        return g_test_run();
}

/* At most so long, or the test would be ended for taking too much time. */
static bool take_lock(void)
{
        int lock = open(LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        uint64_t until_ms = unit_now_ms() + LOCK_PATIENCE_MS;

        while (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) < 0) {
                if (errno != EWOULDBLOCK || unit_now_ms() > until_ms)
                        return false;
                unit_nap_ms(100);
        }
        return lock >= 0; /* until this process ends */
}

static int skip_all(const char *reason)
{
        printf("1..0 # SKIP %s\n", reason);
        return 0;
}

int main(int argc, char **argv)
{
        int status;
        pid_t child;

        if (geteuid() != 0)
                return skip_all("only root may steer KSM");
        if (access(KSM "run", W_OK) < 0)
                return skip_all("this kernel has no KSM, or it cannot be steered from here");
        if (!take_lock())
                return skip_all("cannot lock " LOCK
                                ", which keeps apart what uses KSM; something else does");
        for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
                as_found[i] = get(settings[i]);
        if (strcmp(as_found[G_N_ELEMENTS(settings) - 1], "0") != 0)
                return skip_all("KSM is in use on this host (/sys/kernel/mm/ksm/run is not 0)");

        /* Whatever becomes of the tests, the host gets its settings back. */
        child = fork();
        if (child == 0)
                return run_tests(argc, argv);
        if (child < 0 || waitpid(child, &status, 0) != child)
                return 1;
        put_all_back();
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
