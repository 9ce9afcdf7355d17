/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which VMs are sized wrong, what blocks better use of the host, and how far it can be overcommitted. */
#include "policy/advice.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/macro.h"

/* A VM gets a quarter more than it was seen to need, in steps, and no less than the least. */
#define ROOM_PART   4
#define STEP_BYTES  MIB(64)
#define LEAST_BYTES MIB(256)
/* Differences of less are not worth anybody's time. */
#define WORTHWHILE      MIB(256)
#define ACTIVE_PART_MIN 16 /* activity below 1/16 is not counted on */

struct list {
        struct policy_advice *items;
        size_t n, max;
};

__attribute__((format(printf, 6, 7))) static void say(struct list *list, enum policy_advice_kind kind,
                                                      uint32_t vm, uint64_t memory_bytes,
                                                      uint64_t suggested_bytes, const char *format, ...)
{
        struct policy_advice *item;
        va_list arguments;

        if (list->n++ >= list->max)
                return;
        item = &list->items[list->n - 1];
        *item = (struct policy_advice){
                .kind = kind, .vm = vm, .memory_bytes = memory_bytes, .suggested_bytes = suggested_bytes};
        va_start(arguments, format);
        (void)vsnprintf(item->message, sizeof(item->message), format, arguments);
        va_end(arguments);
}

static uint64_t mib(uint64_t bytes)
{
        return bytes / MIB(1);
}

static uint64_t with_room(uint64_t bytes)
{
        uint64_t roomy = MIN(bytes, UINT64_MAX / 4) / ROOM_PART * (ROOM_PART + 1);

        return MAX(DIV_ROUND_UP(roomy, STEP_BYTES) * STEP_BYTES, LEAST_BYTES);
}

static void advise_size(struct list *list, const struct policy_advice_vm *vm, uint32_t index)
{
        uint64_t own = MIN(vm->limit_bytes, vm->memory_bytes);
        uint64_t need = MAX(vm->peak_active_bytes, vm->peak_guest_bytes), size = with_room(need);
        bool swaps = vm->swap_in_bytes_per_s >= KIB(64);

        if (own < vm->memory_bytes && swaps && vm->consumed_bytes >= own / 100 * 95)
                say(list, POLICY_ADVICE_LIMIT, index, vm->limit_bytes, MIN(MAX(size, own), vm->memory_bytes),
                    "its limit of %" PRIu64 " MB makes it swap (%" PRIu64
                    " KB/s come back in): raise or remove the limit",
                    mib(own), vm->swap_in_bytes_per_s / KIB(1));
        else if (need >= vm->memory_bytes / 100 * 90)
                say(list, POLICY_ADVICE_UNDERSIZED, index, vm->memory_bytes, MAX(size, vm->memory_bytes),
                    "it needs %" PRIu64 " MB of its %" PRIu64 " MB: give it more", mib(need),
                    mib(vm->memory_bytes));
        /* A guest that says nothing may well keep its page cache for a reason: halve it, no more. */
        if (vm->peak_guest_bytes == 0)
                size = MAX(size, vm->memory_bytes / 2);
        if (size <= vm->memory_bytes / 3 * 2 && vm->memory_bytes - size >= WORTHWHILE)
                say(list, POLICY_ADVICE_OVERSIZED, index, vm->memory_bytes, size,
                    "it needed at most %" PRIu64 " MB of its %" PRIu64 " MB: %" PRIu64 " MB would do",
                    mib(need), mib(vm->memory_bytes), mib(size));
}

static void advise_vm(struct list *list, const struct policy_advice_vm *vm, uint32_t index,
                      const struct policy_advice_host *host)
{
        bool seen = vm->observed_ms >= POLICY_ADVICE_WINDOW_MS;
        uint64_t reserved = MIN(vm->reservation_bytes, vm->memory_bytes),
                 use = with_room(vm->peak_active_bytes);

        if (seen)
                advise_size(list, vm, index);
        if (seen && reserved / 2 >= vm->peak_active_bytes && reserved >= use + WORTHWHILE)
                say(list, POLICY_ADVICE_LARGE_RESERVATION, index, reserved, use,
                    "it reserves %" PRIu64 " MB and used at most %" PRIu64 " MB at a time: others cannot be "
                    "promised the rest",
                    mib(reserved), mib(vm->peak_active_bytes));
        if (vm->balloon_state == POLICY_BALLOON_NONE)
                say(list, POLICY_ADVICE_NO_BALLOON, index, vm->memory_bytes, 0,
                    "no balloon driver: under pressure the host has to choose what to take, where the guest "
                    "would know better");
        if (host->sharing_on && !vm->shares_pages)
                say(list, POLICY_ADVICE_SHARING_OFF, index, vm->memory_bytes, 0,
                    "page sharing is off for it (sched.mem.pshare.enable): what it has in common with "
                    "others "
                    "is kept again");
}

static void advise_host(struct list *list, const struct policy_advice_vm *vms, size_t n_vms,
                        const struct policy_advice_host *host)
{
        double memory = 0, active = 0, part, fits;

        if (!host->sharing_on)
                say(list, POLICY_ADVICE_SHARING_OFF, POLICY_ADVICE_HOST, host->capacity_bytes, 0,
                    "page sharing is off (Mem.ShareScanGHz, Mem.ShareScanTime): what guests have in common "
                    "is "
                    "kept once for each");
        for (size_t i = 0; i < n_vms; i++) {
                memory += (double)vms[i].memory_bytes;
                active +=
                        (double)MIN(MAX(vms[i].active_bytes, vms[i].reservation_bytes), vms[i].memory_bytes);
        }
        if (memory < 1 || host->capacity_bytes == 0)
                return;
        part = MAX(active / memory * (ROOM_PART + 1) / ROOM_PART, 1.0 / ACTIVE_PART_MIN);
        fits = MIN((double)host->capacity_bytes / part, 9e18);
        say(list, POLICY_ADVICE_OVERCOMMIT, POLICY_ADVICE_HOST, (uint64_t)MIN(memory, 9e18), (uint64_t)fits,
            "guests have %.1f GB configured on %.1f GB; at today's activity (%.0f %% active or reserved) "
            "about "
            "%.1f GB would fit",
            memory / (double)GIB(1), (double)host->capacity_bytes / (double)GIB(1), active / memory * 100,
            fits / (double)GIB(1));
}

const char *policy_advice_kind_name(enum policy_advice_kind kind)
{
        static const char *const names[POLICY_ADVICE_KINDS] = {
                "oversized",   "undersized",        "limit",      "no-balloon",
                "sharing-off", "large-reservation", "overcommit",
        };

        return (unsigned)kind < POLICY_ADVICE_KINDS ? names[kind] : "unknown";
}

size_t policy_advise(const struct policy_advice_vm *vms, size_t n_vms, const struct policy_advice_host *host,
                     struct policy_advice *ret, size_t max)
{
        struct list list = {.items = ret, .max = max};

        n_vms = MIN(n_vms, (size_t)POLICY_MAX);
        for (size_t i = 0; i < n_vms; i++)
                advise_vm(&list, &vms[i], (uint32_t)i, host);
        advise_host(&list, vms, n_vms, host);
        return list.n;
}
