/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches a balloon: asked, answered, how fast. The states are drawn in policy.h. */
#include "policy/policy.h"

#include <string.h>

#include "base/macro.h"

/* Less is not worth a judgement, and the least that counts as progress of a large balloon. */
#define STEP_BYTES MIB(1)

static uint64_t distance(uint64_t a, uint64_t b)
{
        return MAX(a, b) - MIN(a, b);
}

/* Has it come towards what was asked since the last time that it had? */
static bool progressed(const struct policy_balloon_watch *watch, uint64_t asked, uint64_t actual)
{
        uint64_t missing = distance(asked, watch->best_bytes);
        uint64_t enough = MAX(MIN(STEP_BYTES, missing / 20), (uint64_t)POLICY_PAGE);

        if (watch->state == POLICY_BALLOON_UNCOOPERATIVE)
                enough = STEP_BYTES;
        return watch->inflating ? actual >= watch->best_bytes && actual - watch->best_bytes >= enough
                                : actual <= watch->best_bytes && watch->best_bytes - actual >= enough;
}

static void begin(struct policy_balloon_watch *watch, uint64_t now_ms, uint64_t actual_bytes)
{
        *watch = (struct policy_balloon_watch){
                .state = POLICY_BALLOON_OK,
                .started = true,
                .updated_ms = now_ms,
                .best_bytes = actual_bytes,
                .actual_bytes = actual_bytes,
                .retry_ms = POLICY_BALLOON_RETRY_MS,
        };
}

enum policy_balloon_state policy_balloon_watch_update(struct policy_balloon_watch *watch, uint64_t now_ms,
                                                      uint64_t asked_bytes, uint64_t actual_bytes, bool runs,
                                                      bool has_driver)
{
        uint64_t elapsed_ms, before = watch->actual_bytes;
        bool inflating = asked_bytes > actual_bytes;

        if (!has_driver) {
                memset(watch, 0, sizeof(*watch));
                return watch->state;
        }
        if (!watch->started || (actual_bytes == 0 && before >= STEP_BYTES && asked_bytes > 0)) {
                begin(watch, now_ms, actual_bytes);
                watch->inflating = inflating;
                return watch->state;
        }
        elapsed_ms = now_ms > watch->updated_ms ? now_ms - watch->updated_ms : 0;
        elapsed_ms = MIN(elapsed_ms, (uint64_t)POLICY_BALLOON_STEP_MAX_MS);
        watch->updated_ms = now_ms;
        watch->actual_bytes = actual_bytes;
        if (!runs)
                return watch->state;

        if (progressed(watch, asked_bytes, actual_bytes)) {
                watch->state = POLICY_BALLOON_OK;
                watch->best_bytes = actual_bytes;
                watch->still_ms = watch->waited_ms = 0;
                watch->retry_ms = POLICY_BALLOON_RETRY_MS;
        }
        if (watch->state == POLICY_BALLOON_UNCOOPERATIVE) {
                /* Not asked for more meanwhile, so having what is asked says nothing. */
                watch->waited_ms += elapsed_ms;
                if (watch->waited_ms >= watch->retry_ms) {
                        watch->state = POLICY_BALLOON_OK;
                        watch->retry_ms = MIN(2 * watch->retry_ms, (uint64_t)POLICY_BALLOON_RETRY_MAX_MS);
                        watch->still_ms = watch->waited_ms = 0;
                        watch->best_bytes = actual_bytes;
                }
                return watch->state;
        }
        if (distance(asked_bytes, actual_bytes) < STEP_BYTES || inflating != watch->inflating) {
                /* Nothing is missing, or it is to go the other way now. */
                watch->state = POLICY_BALLOON_OK;
                watch->inflating = inflating;
                watch->best_bytes = actual_bytes;
                watch->still_ms = 0;
                return watch->state;
        }
        watch->still_ms += elapsed_ms;
        if (watch->still_ms >= POLICY_BALLOON_UNCOOPERATIVE_MS)
                watch->state = POLICY_BALLOON_UNCOOPERATIVE;
        else if (watch->still_ms >= POLICY_BALLOON_INACTIVE_MS)
                watch->state = POLICY_BALLOON_INACTIVE;
        return watch->state;
}
