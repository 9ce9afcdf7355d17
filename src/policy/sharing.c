/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How fast memory is scanned for pages to share. */
#include "policy/sharing.h"

#include <string.h>

#include "base/macro.h"

#define UNKNOWN_MHZ                  2000u
#define UNKNOWN_PAGES_PER_CPU_SECOND 100000u
#define IDLE_PART                    16u
#define BARREN                       1000u /* one page merged of so many scanned */
#define BARREN_PASSES                2u
#define GROWN_PART                   16u
/* Fewer pages say nothing about whether there is something to find. */
#define SAMPLE_PAGES 4096u

static void begin_pass(struct policy_sharing *sharing)
{
        sharing->pass_scanned = sharing->pass_merged = 0;
}

static void wake(struct policy_sharing *sharing)
{
        sharing->idle = false;
        sharing->barren_passes = 0;
        begin_pass(sharing);
}

/* Passes end by what was scanned: the kernel's count of full scans says nothing of memory added since. */
static void judge(struct policy_sharing *sharing, const struct policy_sharing_facts *facts)
{
        uint64_t pass_pages = MAX(facts->mergeable_bytes / POLICY_PAGE, (uint64_t)SAMPLE_PAGES);
        uint64_t changed = MAX(facts->mergeable_bytes, sharing->mergeable_bytes) -
                           MIN(facts->mergeable_bytes, sharing->mergeable_bytes);
        bool barren;

        sharing->pass_scanned += facts->pages_scanned;
        sharing->pass_merged += facts->pages_merged;
        barren = sharing->pass_merged < sharing->pass_scanned / BARREN || sharing->pass_merged == 0;
        if (sharing->idle) {
                if (changed > sharing->mergeable_bytes / 100 ||
                    (!barren && sharing->pass_scanned >= SAMPLE_PAGES))
                        wake(sharing);
                else if (sharing->pass_scanned >= pass_pages)
                        begin_pass(sharing);
                return;
        }
        if (sharing->pass_scanned < pass_pages)
                return;
        sharing->barren_passes = barren ? sharing->barren_passes + 1 : 0;
        begin_pass(sharing);
        if (sharing->barren_passes >= BARREN_PASSES) {
                sharing->idle = true;
                sharing->mergeable_bytes = facts->mergeable_bytes;
        }
}

/*
 * What a boost may scan without taking processors from guests: in half of the time that nobody else wants,
 * for who wakes up beside a scanner that takes all of it waits for a processor. Where others want all, the
 * scanner's own part halves from call to call. A power of two: each change of pace goes to the disk.
 */
static uint64_t spare_pages(const struct policy_sharing_facts *facts, uint64_t per_cpu)
{
        double cpus = (facts->idle_cpus + facts->scanner_cpus) / 2;
        uint64_t pages = cpus > 0 ? (uint64_t)MIN(cpus * (double)per_cpu, (double)UINT32_MAX) : 0;

        return pages ? (uint64_t)1 << (63 - __builtin_clzll(pages)) : 0;
}

struct policy_sharing_order policy_sharing_update(struct policy_sharing *sharing,
                                                  const struct policy_sharing_facts *facts)
{
        uint64_t mhz = facts->cpu_mhz ? facts->cpu_mhz : UNKNOWN_MHZ;
        uint64_t per_cpu = facts->pages_per_cpu_second ? MIN(facts->pages_per_cpu_second, (uint64_t)1 << 30)
                                                       : UNKNOWN_PAGES_PER_CPU_SECOND;
        uint64_t seconds = 60 * MAX((uint64_t)facts->scan_time_min, (uint64_t)1);
        struct policy_sharing_order order = {.pace = POLICY_SHARING_NORMAL};
        bool grown;
        uint64_t most = MIN((uint64_t)facts->rate_max * facts->n_vms,
                            facts->scan_ghz * UINT64_C(1000) * per_cpu / mhz);

        if (most == 0 || facts->mergeable_bytes == 0) {
                memset(sharing, 0, sizeof(*sharing));
                return (struct policy_sharing_order){.pace = POLICY_SHARING_OFF};
        }
        sharing->boost_pages -= MIN(facts->pages_scanned, sharing->boost_pages);
        judge(sharing, facts);
        /* Memory that comes and goes again and again is a reason once. */
        sharing->boosted_bytes = MIN(sharing->boosted_bytes, facts->mergeable_bytes);
        grown = facts->touched_bytes > sharing->boosted_bytes &&
                facts->touched_bytes - sharing->boosted_bytes > facts->mergeable_bytes / GROWN_PART;
        if (facts->vm_started || grown || !sharing->on) {
                /* What grows while a VM is new is part of its start. */
                sharing->hurries =
                        facts->vm_started || !sharing->on || (sharing->hurries && sharing->boost_pages > 0);
                sharing->on = true;
                sharing->boosted_bytes = facts->touched_bytes;
                sharing->boost_pages = POLICY_SHARING_BOOST_PASSES * (facts->mergeable_bytes / POLICY_PAGE);
                wake(sharing);
        }
        order.pages_per_s = DIV_ROUND_UP(facts->mergeable_bytes / POLICY_PAGE, seconds);
        if (sharing->idle) {
                order.pace = POLICY_SHARING_IDLE;
                order.pages_per_s /= IDLE_PART;
        } else if (facts->state > POLICY_HIGH) {
                order.pace = POLICY_SHARING_BOOSTED;
                order.pages_per_s *= POLICY_SHARING_BOOST;
        } else if (sharing->boost_pages > 0 && (sharing->hurries || facts->scarce)) {
                uint64_t boosted = order.pages_per_s *
                                   (sharing->hurries ? POLICY_SHARING_BOOST : POLICY_SHARING_BOOST_GROWN);

                order.pace = POLICY_SHARING_BOOSTED;
                order.pages_per_s = MAX(order.pages_per_s, MIN(boosted, spare_pages(facts, per_cpu)));
        }
        order.pages_per_s = CLAMP(order.pages_per_s, (uint64_t)1, most);
        order.cpus = (double)order.pages_per_s / (double)per_cpu;
        return order;
}
