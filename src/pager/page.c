/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The steps that the life of a page may take. */
#include "pager/page.h"

#define TO(state) (1u << PAGE_##state)

static const uint16_t may_become[PAGE_STATES] = {
        [PAGE_UNTRACKED] = TO(ABSENT) | TO(RESIDENT),
        [PAGE_ABSENT] = TO(UNTRACKED) | TO(RESIDENT),
        [PAGE_RESIDENT] = TO(UNTRACKED) | TO(ABSENT) | TO(PARKED) | TO(SAME) | TO(COMPRESSED) | TO(WRITING),
        [PAGE_PARKED] = TO(RESIDENT) | TO(SAME) | TO(COMPRESSED) | TO(WRITING) | TO(ABSENT),
        [PAGE_SAME] = TO(RESIDENT) | TO(ABSENT),
        [PAGE_COMPRESSED] = TO(RESIDENT) | TO(WRITING) | TO(ABSENT),
        [PAGE_WRITING] = TO(RESIDENT) | TO(SWAPPED) | TO(ABSENT),
        [PAGE_SWAPPED] = TO(READING) | TO(ABSENT),
        [PAGE_READING] = TO(RESIDENT) | TO(ABSENT) | TO(LOST) | TO(SWAPPED),
        [PAGE_LOST] = TO(ABSENT),
};

bool page_may_change(enum page_state from, enum page_state to)
{
        return from < PAGE_STATES && to < PAGE_STATES && (may_become[from] & 1u << to);
}

const char *page_state_name(enum page_state state)
{
        static const char *const names[PAGE_STATES] = {
                [PAGE_UNTRACKED] = "untracked", [PAGE_ABSENT] = "absent",   [PAGE_RESIDENT] = "resident",
                [PAGE_PARKED] = "parked",       [PAGE_SAME] = "same",       [PAGE_COMPRESSED] = "compressed",
                [PAGE_WRITING] = "writing",     [PAGE_SWAPPED] = "swapped", [PAGE_READING] = "reading",
                [PAGE_LOST] = "lost",
        };

        return state < PAGE_STATES ? names[state] : "unknown";
}
