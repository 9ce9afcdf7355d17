/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What KSM has merged, on the host and in one process, and what its scanner takes. */
#include "host/ksm.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"

#define KSM_FOLDER "/sys/kernel/mm/ksm"
#define PF_KTHREAD                                                                              \
        0x00200000u /* in the flags of /proc/PID/stat, part of the kernel's interface since 2.6 \
                     */
#define PAGES_FOR_AVERAGE 1000u

/* Profits may be negative. */
static int parse_i64(const char *text, int64_t *ret_value)
{
        bool negative = *text == '-';
        uint64_t value;
        int r = host_parse_u64(text + negative, NULL, &value);

        if (r < 0)
                return r;
        if (value > INT64_MAX)
                return -ERANGE;
        *ret_value = negative ? -(int64_t)value : (int64_t)value;
        return 0;
}

bool host_ksm_read_figures(const char *root, HostKsmFigures *ret_figures, GError **error)
{
        HostPath folder = host_path(root, KSM_FOLDER);
        _cleanup_close_ int dir = open(folder.text, O_PATH | O_DIRECTORY | O_CLOEXEC);
        HostKsmFigures f = {0};
        uint64_t run, page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
        char text[64];
        const struct {
                const char *name;
                uint64_t *value;
                bool newer; /* not in every kernel */
        } files[] = {
                {"run", &run, false},
                {"pages_shared", &f.pages_shared, false},
                {"pages_sharing", &f.pages_sharing, false},
                {"pages_unshared", &f.pages_unshared, false},
                {"pages_volatile", &f.pages_volatile, false},
                {"full_scans", &f.full_scans, false},
                {"pages_scanned", &f.pages_scanned, true},
                {"pages_skipped", &f.pages_skipped, true},
                {"ksm_zero_pages", &f.zero_pages, true},
                {"stable_node_chains", &f.stable_node_chains, true},
                {"stable_node_dups", &f.stable_node_dups, true},
        };
        ssize_t n;

        if (dir < 0) {
                int code = errno == ENOENT ? HOST_ERROR_UNSUPPORTED : HOST_ERROR_IO;

                g_set_error(error, HOST_ERROR, code, "cannot open %s: %s", folder.text, g_strerror(errno));
                return false;
        }
        for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
                int r = host_file_read_u64(dir, files[i].name, files[i].value);

                if (r < 0 && !(r == -ENOENT && files[i].newer)) {
                        HostPath path = host_path(root, KSM_FOLDER "/%s", files[i].name);

                        host_set_file_error(error, path.text, r);
                        return false;
                }
        }
        n = host_file_read(dir, "general_profit", text, sizeof(text));
        if (n != -ENOENT) {
                int r = n < 0 ? (int)n : parse_i64(text, &f.general_profit_bytes);

                if (r < 0) {
                        HostPath path = host_path(root, KSM_FOLDER "/general_profit");

                        host_set_file_error(error, path.text, r);
                        return false;
                }
        }
        f.run = (unsigned)MIN(run, UINT32_MAX);
        f.common_bytes = host_multiply(f.pages_shared, page_bytes);
        f.saved_bytes = host_multiply(host_add(f.pages_sharing, f.zero_pages), page_bytes);
        f.shared_bytes = host_add(f.common_bytes, f.saved_bytes);
        *ret_figures = f;
        return true;
}

static void set_process_error(GError **error, pid_t pid, const char *file, int error_number)
{
        HostPath path = host_path("/proc", "/%d/%s", (int)pid, file);

        if (error_number == -ENOENT || error_number == -ESRCH)
                g_set_error(error, HOST_ERROR, HOST_ERROR_GONE, "process %d has ended", (int)pid);
        else
                host_set_file_error(error, path.text, error_number);
}

bool host_ksm_read_process(const HostProcess *process, HostKsmProcess *ret_figures, GError **error)
{
        HostKsmProcess f = {0};
        char text[1024];
        const char *file = "ksm_stat", *profit;
        uint64_t pages = 0, zero = 0, page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
        ssize_t n = host_file_read(process->dir, file, text, sizeof(text));
        int r = n < 0 ? (int)n : 0;

        if (r == 0) {
                /* The number of merged pages came into this file later than the file itself. */
                r = host_parse_line_u64(text, "ksm_rmap_items", &f.rmap_items);
                f.detailed = r == 0;
                if (r == 0) {
                        r = host_parse_line_u64(text, "ksm_zero_pages", &zero);
                        r = r == -ENOENT ? 0 : r;
                }
                if (r == 0 && (profit = host_find_line(text, "ksm_process_profit")))
                        r = parse_i64(profit, &f.profit_bytes);
                if (r == 0) {
                        r = host_parse_line_u64(text, "ksm_merging_pages", &pages);
                        f.known = r == 0;
                } else if (r == -ENOENT) {
                        r = -EINVAL;
                }
        }
        if (r == -ENOENT) {
                file = "ksm_merging_pages";
                r = host_file_read_u64(process->dir, file, &pages);
                f.known = r == 0;
        }
        if (r == -ENOENT) /* none of them, or no process any more? */
                r = faccessat(process->dir, "stat", F_OK, 0) == 0 ? 0 : -ESRCH;
        if (r < 0) {
                set_process_error(error, process->pid, file, r);
                return false;
        }
        f.merged_bytes = host_multiply(pages, page_bytes);
        f.zero_bytes = host_multiply(zero, page_bytes);
        *ret_figures = f;
        return true;
}

/* A user's program may call itself ksmd; the kernel's threads have a flag that nobody can give himself. */
static bool is_ksmd(int proc, const char *pid)
{
        HostPath path = host_path("", "%s/stat", pid);
        char text[1024];
        const char *name, *p;
        uint64_t flags;

        if (host_file_read(proc, path.text, text, sizeof(text)) <= 0 ||
            host_parse_u64(text, &name, &flags) < 0)
                return false;
        p = strrchr(text, ')');
        if (!p || strncmp(name, " (ksmd)", strlen(" (ksmd)")) != 0 || name + strlen(" (ksmd") != p)
                return false;
        /* Field 9; behind the name come those from 3 on. */
        for (unsigned field = 2; p && field < 9; field++) {
                p = strchr(p, ' ');
                p += p != NULL;
        }
        return p && host_parse_u64(p, NULL, &flags) == 0 && (flags & PF_KTHREAD);
}

HostProcess *host_ksm_find_thread(const char *root, GError **error)
{
        HostPath folder = host_path(root, "/proc");
        DIR *dir = opendir(folder.text);
        HostProcess *thread = NULL;

        if (!dir) {
                g_set_error(error, HOST_ERROR, HOST_ERROR_IO, "cannot open %s: %s", folder.text,
                            g_strerror(errno));
                return NULL;
        }
        for (struct dirent *entry; !thread && (entry = readdir(dir));) {
                const char *end;
                uint64_t pid;

                if (host_parse_u64(entry->d_name, &end, &pid) == 0 && *end == '\0' && pid > 0 &&
                    pid <= INT32_MAX && is_ksmd(dirfd(dir), entry->d_name))
                        thread = host_process_read(root, (pid_t)pid, NULL);
        }
        (void)closedir(dir);
        if (!thread)
                g_set_error(error, HOST_ERROR, HOST_ERROR_UNSUPPORTED,
                            "the kernel thread ksmd is not to be seen in %s; its CPU time is not known",
                            folder.text);
        return thread;
}

bool host_ksm_read_cpu(const HostProcess *thread, uint64_t *ret_ns, GError **error)
{
        char text[1024];
        const char *file = "schedstat", *p;
        uint64_t user, system;
        ssize_t n = host_file_read(thread->dir, file, text, sizeof(text));
        int r = n < 0 ? (int)n : host_parse_u64(text, NULL, ret_ns);

        if (r == -ENOENT) {
                /* Fields 14 and 15. */
                file = "stat";
                n = host_file_read(thread->dir, file, text, sizeof(text));
                r = n < 0 ? (int)n : 0;
                p = r == 0 ? strrchr(text, ')') : NULL;
                for (unsigned field = 2; p && field < 14; field++) {
                        p = strchr(p, ' ');
                        p += p != NULL;
                }
                if (r == 0 && (!p || host_parse_u64(p, &p, &user) < 0 || *p != ' ' ||
                               host_parse_u64(p + 1, NULL, &system) < 0))
                        r = -EINVAL;
                if (r == 0)
                        *ret_ns = host_multiply(host_add(user, system),
                                                1000000000u / (uint64_t)MAX(sysconf(_SC_CLK_TCK), 1));
        }
        if (r < 0)
                set_process_error(error, thread->pid, file, r);
        return r == 0;
}

HostKsmUsage host_ksm_usage(const HostKsmSample *before, const HostKsmSample *after)
{
        HostKsmUsage usage = {0};
        uint64_t pages, cpu_ns;
        double time_ns;

        if (after->time_ns <= before->time_ns || after->cpu_ns < before->cpu_ns ||
            after->pages_scanned < before->pages_scanned)
                return usage;
        time_ns = (double)(after->time_ns - before->time_ns);
        cpu_ns = after->cpu_ns - before->cpu_ns;
        pages = after->pages_scanned - before->pages_scanned;
        usage.cores = (double)cpu_ns / time_ns;
        usage.pages_per_s = (double)pages * 1e9 / time_ns;
        if (pages >= PAGES_FOR_AVERAGE)
                usage.ns_per_page = (uint32_t)MIN(cpu_ns / pages, UINT32_MAX);
        return usage;
}
