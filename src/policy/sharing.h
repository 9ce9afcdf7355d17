/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How fast memory is scanned for pages to share. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "policy/policy.h"

#define POLICY_SHARING_BOOST       240u
#define POLICY_SHARING_BOOST_GROWN 40u
/* The kernel merges a page when it comes by it a second time, wherever it began. */
#define POLICY_SHARING_BOOST_PASSES 2u

enum policy_sharing_pace {
        POLICY_SHARING_OFF = 0, /* by the settings, or nothing to scan */
        POLICY_SHARING_IDLE,    /* nothing more was found: only looking whether that is still so */
        POLICY_SHARING_NORMAL,
        POLICY_SHARING_BOOSTED,
};

/* What happened since the last call, and what is now. */
struct policy_sharing_facts {
        enum policy_state state;
        uint64_t mergeable_bytes; /* of all VMs that take part */
        uint64_t touched_bytes;   /* of that, what guests have touched and not given back */
        uint32_t n_vms;           /* that take part */
        bool vm_started;          /* since the last call */
        bool scarce;              /* free memory is little, though the state may be high */
        double idle_cpus;         /* processors that had nothing to do since then */
        double scanner_cpus;      /* what scanning took of the others */
        uint64_t pages_scanned;   /* since the last call */
        uint64_t pages_merged;    /* since the last call: how many more are shared now; 0 when fewer */

        uint32_t scan_time_min;        /* Mem.ShareScanTime */
        uint32_t scan_ghz;             /* Mem.ShareScanGHz */
        uint32_t rate_max;             /* Mem.ShareRateMax */
        uint32_t cpu_mhz;              /* of one processor; 0: not known, taken for 2000 */
        uint64_t pages_per_cpu_second; /* as measured; 0: not yet, taken for 100,000 */
};

/* Between calls; zeroed is a new one. */
struct policy_sharing {
        bool on;
        uint64_t boost_pages;   /* still to be scanned */
        bool hurries;           /* because a VM is new */
        uint64_t boosted_bytes; /* that were touched when there was a reason to boost last */
        uint64_t pass_scanned, pass_merged;
        uint64_t mergeable_bytes; /* when it fell idle */
        uint32_t barren_passes;
        bool idle;
};

struct policy_sharing_order {
        enum policy_sharing_pace pace;
        uint64_t pages_per_s; /* 0: stop scanning */
        double cpus;          /* what that costs, in processors */
};

/*
 * All mergeable memory once in Mem.ShareScanTime; POLICY_SHARING_BOOST times that for two passes after a
 * VM has started or sharing was turned on, and while the state is worse than high;
 * POLICY_SHARING_BOOST_GROWN times that for two passes after guests have touched a sixteenth of mergeable
 * memory more, and memory is scarce: what is merged before it is short need not be compressed. In state high
 * a boost takes only processors that are idle, and what it takes of a host without any is halved from call
 * to call, down to the pace without a boost. Never more than Mem.ShareRateMax for each VM, nor more
 * processor time than Mem.ShareScanGHz is. When two passes in a row (the first one only makes the kernel
 * acquainted with a page) have merged fewer than one page in a thousand, a sixteenth of the pace is enough
 * until there is more or other memory, or something is found again.
 */
struct policy_sharing_order policy_sharing_update(struct policy_sharing *sharing,
                                                  const struct policy_sharing_facts *facts);
