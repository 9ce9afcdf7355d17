/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One running VM as the scheduler knows it: settings, figures from all sides, and the orders under way. */
#pragma once

#include "host/process.h"
#include "inventory/inventory.h"
#include "policy/policy.h"
#include "policy/settings.h"
#include "vm/hypervisor.h"
#include "vm/pager-link.h"

/* Of a pager's counters, per second. */
typedef struct MachineRates {
        double swap_in, swap_out, zip, unzip; /* pages */
        double faults;
} MachineRates;

typedef struct Scheduler Scheduler;

typedef struct Machine {
        Scheduler *scheduler;
        InventoryVm *record;
        struct policy_vm_config config; /* the record's options, read */
        VmInfo info;                    /* name: the record's */
        bool listed;                    /* was in the last list */
        int64_t started_us;             /* monotonic: seen first, or when the guest rebooted */
        uint64_t unfit_report_s;        /* what the guest said before it rebooted */

        PagerLink *link; /* NULL: it has no pager, or none was found yet */
        struct aerostat_pager_stats stats;
        int64_t stats_us;                   /* monotonic; 0: none yet */
        struct aerostat_pager_stats before; /* the figures that rates are counted from */
        int64_t before_us;
        MachineRates rates;
        char *problem; /* why it is not wholly managed, or "" */

        /* Since it was seen first, for advice. */
        uint64_t peak_active_bytes;
        uint64_t peak_guest_bytes; /* that the guest said it could not do without */
        uint64_t first_swap_ins;   /* the pager's counter of pages read back, when it was first seen */

        HostProcess *process; /* of the VMM; NULL: not known */
        uint64_t overhead_bytes;
        int64_t measured_us;   /* overhead, by a report of the pager; 0: not yet */
        uint64_t merged_bytes; /* of a VM without a pager: its pages that KSM holds */

        /*
         * What guest memory the pager says is in use, over time: a guest that grows must not be ballooned
         * meanwhile, and its own report is older than its growth.
         */
        uint64_t touched_bytes;
        uint64_t reported_touched_bytes; /* when the guest's report was new */
        uint64_t grown_from_bytes;       /* a second ago or so */
        int64_t grown_from_us, grew_us;

        struct policy_balloon_watch watch;
        enum policy_balloon_state balloon_state;
        uint64_t balloon_asked_bytes;
        bool ordering;      /* an order to libvirt is under way */
        int64_t refused_us; /* when one was refused; the next has to wait */

        struct policy_vm plan; /* input and output of the last round */
        int64_t came_down_us;  /* while it is stopped: when it last lost memory */
        uint64_t lowest_bytes; /* what it has come down to since */
        int64_t let_go_us;     /* could not come down, so it goes on: not stopped again for a while */
        const char *cause;     /* of the last event about it */
        int64_t caused_us;
        uint64_t state_consumed_bytes; /* when the host's state last changed */
} Machine;

/* Takes the record over. */
Machine *machine_new(InventoryVm *record, Scheduler *scheduler);
void machine_free(Machine *machine);

/* Pages brought back from cache and swap file, by the pager's counters. */
uint64_t machine_swap_ins(const Machine *machine);
uint64_t machine_granted_bytes(const Machine *machine); /* that the guest has touched and not given back */

/* Takes over what libvirt says. */
void machine_set_info(Machine *machine, const VmInfo *info);

/* That its pager brought back in the last second or so: that before it has been counted, or already more. */
uint64_t machine_returned_bytes(const Machine *machine);

/*
 * The next step towards balloon_target_bytes: never more at once than half of what the guest can spare,
 * nothing while it grows, and at once whatever it gets back.
 */
uint64_t machine_balloon_step(const Machine *machine, int64_t now_us, uint64_t balloon_target_bytes);

/* Takes over what the pager says. */
void machine_set_stats(Machine *machine, const struct aerostat_pager_stats *stats, int64_t now_us);

/* The guest starts anew: what it said of itself is void, and it is left alone while it boots. */
void machine_set_rebooted(Machine *machine);

/* Forgets the pager, whose connection has ended. */
void machine_drop_link(Machine *machine, const char *reason);

/* Reads the VMM's process; cheap, and never fails: without it there is no overhead. */
void machine_measure(Machine *machine);

/* The pager's figures are there and not too old to go by. */
bool machine_has_pager(const Machine *machine, int64_t now_us);

/* There is a pager, and it has said nothing for so long that its figures are not gone by. */
bool machine_is_silent(const Machine *machine, int64_t now_us);

/* Figures for the policy, but for the pool. ctl_max_pct, zip_pct: Mem.CtlMaxPercent, Mem.MemZipMaxPct or 0.
 */
void machine_fill(const Machine *machine, int64_t now_us, unsigned ctl_max_pct, unsigned zip_pct,
                  struct policy_vm *ret_vm);
