/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which VMs are sized wrong, what blocks better use of the host, and how far it can be overcommitted. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/policy.h"

/* Nothing is said about a VM's size that was observed for less. */
#define POLICY_ADVICE_WINDOW_MS ((uint64_t)3600 * 1000)
#define POLICY_ADVICE_HOST      UINT32_MAX /* instead of a VM's index */

/* Of one VM. */
struct policy_advice_vm {
        uint64_t memory_bytes;
        uint64_t limit_bytes; /* POLICY_UNLIMITED */
        uint64_t reservation_bytes;
        uint64_t consumed_bytes;
        uint64_t active_bytes;      /* of now */
        uint64_t peak_active_bytes; /* in the observed time */
        uint64_t peak_guest_bytes; /* most that the guest said it could not do without; 0: it says nothing */
        uint64_t swap_in_bytes_per_s; /* on average in the observed time, compressed pages included */
        uint64_t observed_ms;
        enum policy_balloon_state balloon_state;
        bool shares_pages;
};

struct policy_advice_host {
        uint64_t capacity_bytes; /* managed less the high threshold and overheads */
        bool sharing_on;
};

enum policy_advice_kind {
        POLICY_ADVICE_OVERSIZED,
        POLICY_ADVICE_UNDERSIZED,
        POLICY_ADVICE_LIMIT, /* its own limit makes it swap */
        POLICY_ADVICE_NO_BALLOON,
        POLICY_ADVICE_SHARING_OFF,
        POLICY_ADVICE_LARGE_RESERVATION,
        POLICY_ADVICE_OVERCOMMIT,
        POLICY_ADVICE_KINDS
};

struct policy_advice {
        enum policy_advice_kind kind;
        uint32_t vm;              /* index, or POLICY_ADVICE_HOST */
        uint64_t memory_bytes;    /* what it is about: size, limit, reservation, sum of sizes */
        uint64_t suggested_bytes; /* 0: none */
        char message[200];        /* one sentence; of the VM, without its name */
};

/* "oversized" ... */
const char *policy_advice_kind_name(enum policy_advice_kind kind);

/*
 * Fills up to max pieces of advice, VM by VM, the host's last. Returns how many there are, which can
 * be more than max.
 */
size_t policy_advise(const struct policy_advice_vm *vms, size_t n_vms, const struct policy_advice_host *host,
                     struct policy_advice *ret, size_t max);
