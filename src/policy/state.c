/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The states of the host: thresholds of free memory, and when one follows another. */
#include "policy/policy.h"

#include <errno.h>

#include "base/macro.h"

static uint64_t percent(uint64_t bytes, uint32_t pct)
{
        return bytes / 100 * pct + bytes % 100 * pct / 100;
}

/* Each step in whole MiB, as the published figures are. */
static uint64_t sliding_scale(uint64_t managed_bytes)
{
        uint64_t managed_mib = managed_bytes / MIB(1), free_mib;

        free_mib = MIN(managed_mib, (uint64_t)4 * 1024) * 6 / 100;
        if (managed_mib > 4 * 1024)
                free_mib += (MIN(managed_mib, (uint64_t)12 * 1024) - 4 * 1024) * 4 / 100;
        if (managed_mib > 12 * 1024)
                free_mib += (MIN(managed_mib, (uint64_t)28 * 1024) - 12 * 1024) * 2 / 100;
        if (managed_mib > 28 * 1024)
                free_mib += (managed_mib - 28 * 1024) * 10 / 1024;
        return free_mib * MIB(1);
}

int policy_thresholds_compute(uint64_t managed_bytes, uint32_t min_free_pct, struct policy_thresholds *ret)
{
        uint64_t high;

        if (min_free_pct > POLICY_MIN_FREE_PCT_MAX)
                return -EINVAL;
        if (min_free_pct == 0) {
                high = sliding_scale(managed_bytes);
                *ret = (struct policy_thresholds){
                        .bytes = {high, percent(high, 64), percent(high, 32), percent(high, 16)},
                };
        } else {
                high = percent(managed_bytes, min_free_pct);
                *ret = (struct policy_thresholds){
                        .bytes = {high, high / 3 * 2 + high % 3 * 2 / 3, high / 3, high / 6},
                };
        }
        return 0;
}

enum policy_state policy_state_next(enum policy_state now, uint64_t free_bytes,
                                    const struct policy_thresholds *thresholds)
{
        uint64_t margin = thresholds->bytes[POLICY_HIGH] / 16;

        for (enum policy_state worse = POLICY_LOW; worse > now && worse < POLICY_STATES; worse--)
                if (free_bytes < thresholds->bytes[worse])
                        return worse;
        if (now == POLICY_HIGH)
                return POLICY_HIGH;
        if (now >= POLICY_STATES)
                return POLICY_LOW;
        return free_bytes > thresholds->bytes[now - 1] + margin ? now - 1 : now;
}

const char *policy_state_name(enum policy_state state)
{
        static const char *const names[POLICY_STATES] = {"high", "soft", "hard", "low"};

        return (unsigned)state < POLICY_STATES ? names[state] : "unknown";
}
