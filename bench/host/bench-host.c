/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a look at one process costs: microseconds a call, on a process with the memory given (MiB). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/macro.h"
#include "base/sys.h"
#include "host/ksm.h"
#include "host/memory.h"

static bool status_call(const HostProcess *process)
{
        HostProcessMemory memory;

        return host_process_read_memory(process, &memory, NULL);
}

static bool statm_call(const HostProcess *process)
{
        char text[256];

        return host_file_read(process->dir, "statm", text, sizeof(text)) > 0;
}

static bool ksm_stat_call(const HostProcess *process)
{
        HostKsmProcess figures;

        return host_ksm_read_process(process, &figures, NULL);
}

static bool pss_call(const HostProcess *process)
{
        uint64_t bytes;

        return host_process_read_pss(process, &bytes, NULL);
}

static bool identity_call(const HostProcess *process)
{
        g_autoptr(HostProcess) again = host_process_read("", process->pid, NULL);

        return again != NULL;
}

static bool memory_call(const HostProcess *process)
{
        HostMemory memory;

        (void)process;
        return host_memory_read("", &memory, NULL);
}

static bool ksm_call(const HostProcess *process)
{
        HostKsmFigures figures;

        (void)process;
        return host_ksm_read_figures("", &figures, NULL);
}

static int compare(const void *a, const void *b)
{
        const double *x = a, *y = b;

        return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
        static const struct {
                const char *name;
                bool (*call)(const HostProcess *process);
                unsigned calls;
        } looks[] = {
                {"process: status (memory)", status_call, 3000},
                {"process: statm, for comparison", statm_call, 3000},
                {"process: ksm_stat", ksm_stat_call, 3000},
                {"process: smaps_rollup (Pss)", pss_call, 20},
                {"process: who it is", identity_call, 1000},
                {"host: memory", memory_call, 1000},
                {"host: KSM", ksm_call, 1000},
        };
        size_t length = MIB(argc > 1 ? strtoull(argv[1], NULL, 10) : 1024);
        g_autoptr(HostProcess) self = host_process_read("", getpid(), NULL);
        void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (!self || memory == MAP_FAILED) {
                fprintf(stderr, "bench-host: cannot read /proc, or no memory\n");
                return 1;
        }
        /* Guests under memory pressure have small pages; huge ones would flatter smaps_rollup. */
        (void)madvise(memory, length, MADV_NOHUGEPAGE);
        memset(memory, 1, length);
        printf("%-34s %10s %10s   (us a call, %zu MiB resident)\n", "", "median", "p99", length >> 20);
        for (size_t i = 0; i < ARRAY_LENGTH(looks); i++) {
                g_autofree double *us = g_new(double, looks[i].calls);
                bool works = true;

                for (unsigned n = 0; n < looks[i].calls && works; n++) {
                        uint64_t before_ns = monotonic_ns();

                        works = looks[i].call(self);
                        us[n] = (double)(monotonic_ns() - before_ns) / 1000;
                }
                if (!works) {
                        printf("%-34s not to be had here\n", looks[i].name);
                        continue;
                }
                qsort(us, looks[i].calls, sizeof(*us), compare);
                printf("%-34s %10.1f %10.1f\n", looks[i].name, us[looks[i].calls / 2],
                       us[looks[i].calls - 1 - looks[i].calls / 100]);
        }
        (void)munmap(memory, length);
        return 0;
}
