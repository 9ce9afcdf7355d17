/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * KSM, the kernel's page sharing: steers its scanner and reads its figures.
 *
 * The host's settings are borrowed. Before the first one is changed, all are written down in the state
 * directory; host_ksm_restore() puts back what it finds still as we set it, also after a daemon that
 * was killed. Merged pages stay merged: to unmerge them needs memory at once, for every copy,
 * just when nobody steers any more. So where run was 2 (unmerge) it becomes 0; that differs from 2 only in
 * that nothing is unmerged, the scanner rests in both.
 *
 *                 set_pace              tick: something is not as we set it
 *      IDLE ------------------> SCANNING ----------------------------------> FOREIGN
 *       ^ ^ <------------------    |            (from IDLE: run became 1)       |
 *       |            stop          |                                            |
 *       +-------- restore ---------+                    ends by host_ksm_open() only
 *   open: OFF (no KSM, no right to it), FOREIGN (run is 1, and not by us), IDLE, or SCANNING (a daemon
 *   that was killed left it so).
 */
#pragma once

#include "host/process.h"

typedef enum HostKsmState {
        HOST_KSM_OFF,      /* there is none, or we may not steer it */
        HOST_KSM_IDLE,     /* may be steered; does not scan */
        HOST_KSM_SCANNING, /* at our pace */
        HOST_KSM_FOREIGN,  /* somebody else steers it: left alone */
} HostKsmState;

/* Either by a number, or, where scan_time_s is set and the kernel can (6.8), by the kernel's advisor. */
typedef struct HostKsmPace {
        uint64_t pages_per_s; /* at most 10,000,000; the kernel may not get that far. 0: stop */
        uint32_t ns_per_page; /* what the scanner takes for one (HostKsmUsage), at most 1 ms; 0: not known */
        uint32_t scan_time_s; /* one pass over everything; 0: pages_per_s counts */
        uint32_t max_cpu_pct; /* of one processor, 1 to 100 */
        uint32_t min_pages_to_scan, max_pages_to_scan; /* per wake-up, every 20 ms */
} HostKsmPace;

typedef struct HostKsm HostKsm;

/*
 * state_dir must exist, belong to the daemon alone, and outlive it. Changes nothing. NULL only when the
 * record of a predecessor, or KSM's settings, cannot be read.
 */
HostKsm *host_ksm_open(const char *root, const char *state_dir, GError **error);

/* Closes it, and leaves KSM as it is. */
void host_ksm_free(HostKsm *ksm);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HostKsm, host_ksm_free)

HostKsmState host_ksm_state(const HostKsm *ksm);

/* One sentence for OFF and FOREIGN, and about a record that was no use; else "". Valid until the next call.
 */
const char *host_ksm_reason(const HostKsm *ksm);

/* Whether scan_time_s counts on this kernel. */
bool host_ksm_has_advisor(const HostKsm *ksm);

/*
 * Scans at this pace. Cheap when nothing changes; a pace that differs by less than a sixteenth from the one
 * set is as good. On failure KSM may be half set; call again, or restore. Errors: HOST_ERROR_UNSUPPORTED in
 * OFF, HOST_ERROR_FOREIGN in FOREIGN, HOST_ERROR_IO (also when the record cannot be written).
 */
bool host_ksm_set_pace(HostKsm *ksm, const HostKsmPace *pace, GError **error);

/* Scans no more; what is merged stays. Errors as above; nothing to do if it does not scan. */
bool host_ksm_stop(HostKsm *ksm, GError **error);

/*
 * Looks whether all is as we set it; to be called once a second or so. False: a file cannot be read, the
 * state is as before.
 */
bool host_ksm_tick(HostKsm *ksm, GError **error);

/*
 * Gives KSM back: every setting that is still as we set it becomes what it was; what somebody else has
 * changed is his. Then the record is removed. Allowed in every state. On failure, the rest is restored
 * and the record stays for another try.
 */
bool host_ksm_restore(HostKsm *ksm, GError **error);

/* Figures of the whole host. Those that the kernel does not have are 0. */
typedef struct HostKsmFigures {
        unsigned run;
        uint64_t pages_shared, pages_sharing, pages_unshared, pages_volatile, full_scans;
        uint64_t pages_scanned, pages_skipped, zero_pages, stable_node_chains, stable_node_dups;
        int64_t general_profit_bytes;
        /* In ESX's words. Zero pages (use_zero_pages) are shared and cost nothing in common. */
        uint64_t shared_bytes; /* guest memory that is shared: pages_sharing + pages_shared + zero_pages */
        uint64_t common_bytes; /* host memory that holds it: pages_shared */
        uint64_t saved_bytes;  /* the difference */
} HostKsmFigures;

bool host_ksm_read_figures(const char *root, HostKsmFigures *ret_figures, GError **error);

/* Figures of one process. */
typedef struct HostKsmProcess {
        bool known;            /* the kernel says how many pages are merged (5.19) */
        bool detailed;         /* and the rest (6.1) */
        uint64_t merged_bytes; /* of this process, that KSM holds */
        uint64_t zero_bytes;   /* and that are the zero page */
        uint64_t rmap_items;   /* pages that KSM keeps an eye on */
        int64_t profit_bytes;
} HostKsmProcess;

bool host_ksm_read_process(const HostProcess *process, HostKsmProcess *ret_figures, GError **error);

/* The kernel's scanner. HOST_ERROR_UNSUPPORTED: not to be seen here (another PID namespace). */
HostProcess *host_ksm_find_thread(const char *root, GError **error);

/* CPU time it has used since the host started: exact where the kernel has schedstat, else in clock ticks. */
bool host_ksm_read_cpu(const HostProcess *thread, uint64_t *ret_ns, GError **error);

/* What the scanner did between two looks. */
typedef struct HostKsmSample {
        uint64_t time_ns; /* of a clock that does not jump */
        uint64_t cpu_ns, pages_scanned;
} HostKsmSample;

typedef struct HostKsmUsage {
        double cores, pages_per_s;
        uint32_t ns_per_page; /* 0: too few pages to say */
} HostKsmUsage;

/* All 0 if no time has passed, or a figure went back. */
HostKsmUsage host_ksm_usage(const HostKsmSample *before, const HostKsmSample *after);
