/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process of the host, most often a VM's QEMU: who it is, and what memory it takes. */
#pragma once

#include "host/file.h"

#define HOST_COMMAND_LINE_MAX ((size_t)128 << 10) /* what is looked at of it */
#define HOST_VM_NAME_MAX      255u                /* bytes; a longer name is cut */

/*
 * It keeps /proc/PID open, which stays the directory of this process even when the kernel gives its
 * number to another one: whatever is read through it is of this process, or HOST_ERROR_GONE.
 */
typedef struct HostProcess {
        pid_t pid;
        int dir;              /* /proc/PID */
        uint64_t start_ticks; /* since boot. With pid and the boot's id it names the process for ever */
        uid_t uid;            /* the effective one */
        char *command_line;   /* printable UTF-8, words separated by blanks; to be shown, not to be parsed */
        /*
         * What QEMU's -name and -uuid say; NULL: nothing, or no QEMU. Whoever may start processes can
         * write what he likes there, so they are labels and prove nothing.
         */
        char *name; /* printable UTF-8 */
        char *uuid; /* 36 characters, lower case */
} HostProcess;

/* A kernel thread or a process without arguments has an empty command line. */
HostProcess *host_process_read(const char *root, pid_t pid, GError **error);
void host_process_free(HostProcess *process);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HostProcess, host_process_free)

/*
 * The name and UUID in a QEMU command line: words that end with NUL, the last perhaps cut off.
 * Either result may be NULL; of several the last counts, as for QEMU.
 */
void host_process_parse_qemu(const char *words, size_t length, char **ret_name, char **ret_uuid);

typedef struct HostProcessMemory {
        uint64_t anon_bytes;  /* RssAnon; a page that KSM shares counts in full */
        uint64_t shmem_bytes; /* RssShmem: guest memory, too, if it is a memfd */
        uint64_t
                file_bytes; /* RssFile: programs and libraries, in the page cache and mostly common to all */
        uint64_t swap_bytes;
        uint64_t page_table_bytes;
} HostProcessMemory;

/*
 * From /proc/PID/status: exact but for what changes meanwhile, with the page tables, and as cheap for a
 * large process as for a small one. statm would be cheaper, but its counters lag by some pages for each
 * processor and it lacks the page tables. Median of `build/bench/host/bench-host`, microseconds a call
 * for 1 GiB resident (2 processors, Linux 6.18): this one 16, statm 5, ksm_stat 7, Pss 30,500. So 500 VMs
 * once a second take 0.8 % of a processor for their memory, and 0.4 % for their sharing.
 */
bool host_process_read_memory(const HostProcess *process, HostProcessMemory *ret_memory, GError **error);

/*
 * Overhead: what the process takes beyond its guest's memory. guest_bytes is the guest memory that is
 * present, shared pages in full, and everything that the pager holds for it (parked pages, compression
 * cache). Programs and libraries do not count: they are there once for all VMs, and can be dropped.
 */
uint64_t host_process_overhead(const HostProcessMemory *memory, uint64_t guest_bytes);

/*
 * Pss: every page by its share among those that map it. Walks all page tables under the process's
 * mmap lock, so its cost and the delay of the guest grow with its memory (figures above): for a look
 * at one VM, never for a round over all of them.
 */
bool host_process_read_pss(const HostProcess *process, uint64_t *ret_bytes, GError **error);
