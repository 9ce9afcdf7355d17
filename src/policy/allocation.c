/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who gets how much: shares, reservations, limits and the tax on idle memory, down the tree of pools. */
#include "policy/policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"

/* In pages: 32 PiB. A million of them still add up within 64 bits. */
#define PAGES_MAX ((uint64_t)1 << 43)

/* Fewer are sorted in place. */
#define SORT_SMALL 48

/* A VM or a pool among its siblings. Siblings stand next to each other. All in pages. */
struct node {
        uint64_t min, max;
        uint64_t active;
        uint64_t room; /* of a VM: what it can have at all */
        uint64_t got;
        uint32_t shares;
        bool is_pool;
        bool rounded; /* got less than its exact part */
};

/* From this level on, the siblings together take so much more (or less) for each further step of it. */
struct event {
        double level;
        uint64_t slope_change; /* modulo 2^64 */
};

struct policy_scratch {
        struct node *nodes; /* [0]: the root; then the children of pool 0, of pool 1, ... */
        uint32_t *node_of_pool;
        uint32_t *node_of_vm;
        uint32_t *first_child; /* n_pools + 1: where the children of each pool begin */
        struct event *events, *sorted;
        size_t n_nodes, n_pools; /* how many there is room for */
};

struct policy_scratch *policy_scratch_new(void)
{
        return calloc(1, sizeof(struct policy_scratch));
}

static void clear(struct policy_scratch *scratch)
{
        free(scratch->nodes);
        free(scratch->node_of_pool);
        free(scratch->node_of_vm);
        free(scratch->first_child);
        free(scratch->events);
        free(scratch->sorted);
        memset(scratch, 0, sizeof(*scratch));
}

void policy_scratch_free(struct policy_scratch *scratch)
{
        if (!scratch)
                return;
        clear(scratch);
        free(scratch);
}

static int make_room(struct policy_scratch *scratch, size_t n_pools, size_t n_vms)
{
        size_t n_nodes = n_pools + n_vms;

        if (n_nodes <= scratch->n_nodes && n_pools <= scratch->n_pools)
                return 0;
        n_nodes = MAX(n_nodes, scratch->n_nodes);
        n_pools = MAX(n_pools, scratch->n_pools);
        clear(scratch);
        scratch->nodes = malloc(n_nodes * sizeof(*scratch->nodes));
        scratch->node_of_pool = malloc(n_pools * sizeof(*scratch->node_of_pool));
        scratch->node_of_vm = malloc(n_nodes * sizeof(*scratch->node_of_vm));
        scratch->first_child = malloc((n_pools + 1) * sizeof(*scratch->first_child));
        scratch->events = malloc(3 * n_nodes * sizeof(*scratch->events));
        scratch->sorted = malloc(3 * n_nodes * sizeof(*scratch->sorted));
        if (!scratch->nodes || !scratch->node_of_pool || !scratch->node_of_vm || !scratch->first_child ||
            !scratch->events || !scratch->sorted) {
                clear(scratch);
                return -ENOMEM;
        }
        scratch->n_nodes = n_nodes;
        scratch->n_pools = n_pools;
        return 0;
}

static uint64_t pages_down(uint64_t bytes)
{
        return MIN(bytes / POLICY_PAGE, PAGES_MAX);
}

static uint64_t pages_up(uint64_t bytes)
{
        return MIN(bytes / POLICY_PAGE + (bytes % POLICY_PAGE != 0), PAGES_MAX);
}

static uint64_t bytes_of(uint64_t pages)
{
        return pages > UINT64_MAX / POLICY_PAGE ? UINT64_MAX : pages * POLICY_PAGE;
}

static void add_bytes(uint64_t *sum, uint64_t bytes)
{
        if (__builtin_add_overflow(*sum, bytes, sum))
                *sum = UINT64_MAX;
}

/* What it can have at all. */
static uint64_t vm_room(const struct policy_vm *vm)
{
        return pages_down(MIN(vm->limit_bytes, vm->memory_bytes));
}

/* Levels are positive, so the order of their bits is their order. */
static uint64_t level_bits(const struct event *event)
{
        uint64_t bits;

        memcpy(&bits, &event->level, sizeof(bits));
        return bits;
}

/* By level. Returns where the sorted events are: one of the two arrays. */
static struct event *sort_events(struct event *events, struct event *other, size_t n)
{
        uint32_t counts[8][256];

        if (n <= SORT_SMALL) {
                for (size_t i = 1; i < n; i++) {
                        struct event event = events[i];
                        size_t at = i;

                        for (; at > 0 && events[at - 1].level > event.level; at--)
                                events[at] = events[at - 1];
                        events[at] = event;
                }
                return events;
        }
        memset(counts, 0, sizeof(counts));
        for (size_t i = 0; i < n; i++) {
                uint64_t bits = level_bits(&events[i]);

                for (unsigned digit = 0; digit < 8; digit++)
                        counts[digit][bits >> 8 * digit & 0xff]++;
        }
        for (unsigned digit = 0; digit < 8; digit++) {
                struct event *swap = other;
                uint32_t start = 0, *count = counts[digit];

                if (count[level_bits(&events[0]) >> 8 * digit & 0xff] == n)
                        continue;
                for (unsigned value = 0; value < 256; value++) {
                        uint32_t here = count[value];

                        count[value] = start;
                        start += here;
                }
                for (size_t i = 0; i < n; i++)
                        other[count[level_bits(&events[i]) >> 8 * digit & 0xff]++] = events[i];
                other = events;
                events = swap;
        }
        return events;
}

/*
 * Levels are lambda / 100: a node takes 100 * shares pages for each, and only rate * shares, rate =
 * 100 - tax, beyond its active memory. So slopes are whole numbers and their sums exact.
 */
static double level_of(const struct node *node, uint64_t pages, uint32_t rate)
{
        double shares = node->shares;

        if (pages <= node->active)
                return (double)pages / (100 * shares);
        return (double)node->active / (100 * shares) + (double)(pages - node->active) / (rate * shares);
}

static double pages_at(const struct node *node, double level, uint32_t rate)
{
        double shares = node->shares, pages = 100 * shares * level, active = (double)node->active;

        if (pages <= active)
                return pages;
        return active + (level - active / (100 * shares)) * rate * shares;
}

/* The level at which the nodes, at their minima together min pages, have amount. */
static double find_level(const struct node *nodes, size_t n, uint64_t min, uint64_t amount, uint32_t rate,
                         struct policy_scratch *scratch)
{
        struct event *events = scratch->events;
        double level = 0, have = (double)min, want = (double)amount;
        uint64_t slope = 0;
        size_t n_events = 0;

        for (size_t i = 0; i < n; i++) {
                const struct node *node = &nodes[i];
                uint64_t now = (uint64_t)node->shares * (node->min < node->active ? 100 : rate);

                if (node->min == node->max)
                        continue;
                events[n_events++] = (struct event){level_of(node, node->min, rate), now};
                if (rate < 100 && node->min < node->active && node->active < node->max) {
                        uint64_t idle = (uint64_t)node->shares * rate;

                        events[n_events++] = (struct event){level_of(node, node->active, rate), idle - now};
                        now = idle;
                }
                events[n_events++] = (struct event){level_of(node, node->max, rate), -now};
        }
        events = sort_events(events, scratch->sorted, n_events);
        for (size_t i = 0; i < n_events; i++) {
                double gain = (double)slope * (events[i].level - level);

                if (have + gain >= want)
                        return level + (want - have) / (double)slope;
                have += gain;
                level = events[i].level;
                slope += events[i].slope_change;
        }
        return level;
}

/*
 * What rounding left over, or took too much: a page each, first for those that were rounded down. After
 * two rounds of that (figures too large for a double's 53 bits), as much as each can have.
 */
static void settle(struct node *nodes, size_t n, uint64_t sum, uint64_t amount)
{
        for (unsigned round = 0; sum < amount && round < 3; round++)
                for (size_t i = 0; i < n && sum < amount; i++) {
                        uint64_t more = MIN(nodes[i].max - nodes[i].got, amount - sum);

                        if (round == 0 && !nodes[i].rounded)
                                continue;
                        if (round < 2)
                                more = MIN(more, (uint64_t)1);
                        nodes[i].got += more;
                        sum += more;
                }
        for (unsigned round = 0; sum > amount && round < 2; round++)
                for (size_t i = n; i-- > 0 && sum > amount;) {
                        uint64_t less = MIN(nodes[i].got - nodes[i].min, sum - amount);

                        if (round == 0)
                                less = MIN(less, (uint64_t)1);
                        nodes[i].got -= less;
                        sum -= less;
                }
}

/* Gives siblings amount together, or all their maximum, or all their minimum. */
static void fill(struct node *nodes, size_t n, uint64_t amount, uint32_t rate,
                 struct policy_scratch *scratch)
{
        uint64_t min = 0, max = 0, sum = 0;
        double level;

        for (size_t i = 0; i < n; i++) {
                min += nodes[i].min;
                max += nodes[i].max;
        }
        if (amount <= min || amount >= max) {
                for (size_t i = 0; i < n; i++)
                        nodes[i].got = amount <= min ? nodes[i].min : nodes[i].max;
                return;
        }
        level = find_level(nodes, n, min, amount, rate, scratch);
        for (size_t i = 0; i < n; i++) {
                double exact = pages_at(&nodes[i], level, rate);

                nodes[i].got = CLAMP((uint64_t)MIN(exact, (double)PAGES_MAX * POLICY_MAX), nodes[i].min,
                                     nodes[i].max);
                nodes[i].rounded = nodes[i].got < nodes[i].max && exact > (double)nodes[i].got;
                sum += nodes[i].got;
        }
        settle(nodes, n, sum, amount);
}

static bool well_formed(const struct policy_pool *pools, size_t n_pools, const struct policy_vm *vms,
                        size_t n_vms)
{
        if (n_pools == 0 || n_pools > POLICY_MAX || n_vms > POLICY_MAX || !pools || (n_vms && !vms))
                return false;
        for (size_t i = 0; i < n_pools; i++)
                if (pools[i].shares == 0 || (i == 0 ? pools[i].parent != 0 : pools[i].parent >= i))
                        return false;
        for (size_t i = 0; i < n_vms; i++)
                if (vms[i].shares == 0 || vms[i].pool >= n_pools)
                        return false;
        return true;
}

/* Places all nodes: the root, then each pool's children, pools first, in the order of the arrays. */
static void plant(struct policy_scratch *scratch, const struct policy_pool *pools, size_t n_pools,
                  const struct policy_vm *vms, size_t n_vms)
{
        uint32_t *first = scratch->first_child, next = 1;

        memset(first, 0, (n_pools + 1) * sizeof(*first));
        for (size_t i = 1; i < n_pools; i++)
                first[pools[i].parent]++;
        for (size_t i = 0; i < n_vms; i++)
                first[vms[i].pool]++;
        for (size_t i = 0; i <= n_pools; i++) {
                uint32_t children = first[i];

                first[i] = next;
                next += children;
        }
        scratch->nodes[0] = (struct node){.shares = 1, .is_pool = true};
        scratch->node_of_pool[POLICY_ROOT] = 0;
        for (size_t i = 1; i < n_pools; i++) {
                uint32_t at = first[pools[i].parent]++;

                scratch->node_of_pool[i] = at;
                scratch->nodes[at] = (struct node){.shares = pools[i].shares, .is_pool = true};
        }
        for (size_t i = 0; i < n_vms; i++) {
                const struct policy_vm *vm = &vms[i];
                uint32_t at = first[vm->pool]++;
                struct node *node = &scratch->nodes[at];

                scratch->node_of_vm[i] = at;
                *node = (struct node){.shares = vm->shares, .room = vm_room(vm)};
                node->max = MIN(node->room, pages_down(vm->demand_bytes));
                if (vm->asks_bytes)
                        node->max = MIN(node->max, pages_down(vm->asks_bytes));
                node->min = MIN(pages_up(vm->reservation_bytes), node->max);
                node->active = MIN(pages_up(vm->active_bytes), node->max);
        }
        /* Each start has become its end, which is the next one's start. */
        memmove(first + 1, first, n_pools * sizeof(*first));
        first[0] = 1;
}

/* From the leaves up: what pools must have, can have, and have in use. */
static void sum_up(struct policy_scratch *scratch, const struct policy_pool *pools, size_t n_pools)
{
        for (size_t i = n_pools; i-- > 0;) {
                struct node *pool = &scratch->nodes[scratch->node_of_pool[i]];
                uint64_t min = 0, max = 0, active = 0;

                for (uint32_t at = scratch->first_child[i]; at < scratch->first_child[i + 1]; at++) {
                        min += scratch->nodes[at].min;
                        max += scratch->nodes[at].max;
                        active += scratch->nodes[at].active;
                }
                pool->max = MAX(MIN(max, pages_down(pools[i].limit_bytes)), min);
                pool->min = min;
                if (i != POLICY_ROOT)
                        pool->min = MIN(MAX(min, pages_up(pools[i].reservation_bytes)), pool->max);
                pool->active = MIN(active, pool->max);
        }
}

static void fill_all(struct policy_scratch *scratch, size_t n_pools, uint64_t capacity, uint32_t rate)
{
        struct node *nodes = scratch->nodes;

        nodes[0].got = CLAMP(capacity, nodes[0].min, nodes[0].max);
        for (size_t i = 0; i < n_pools; i++) {
                uint32_t first = scratch->first_child[i];

                fill(nodes + first, scratch->first_child[i + 1] - first, nodes[scratch->node_of_pool[i]].got,
                     rate, scratch);
        }
}

/* The second filling begins at the claims and ends at what VMs can have at all. */
static void raise_maxima(struct policy_scratch *scratch, const struct policy_pool *pools, size_t n_pools)
{
        struct node *nodes = scratch->nodes;

        for (size_t i = n_pools; i-- > 0;) {
                struct node *pool = &nodes[scratch->node_of_pool[i]];
                uint64_t max = 0;

                for (uint32_t at = scratch->first_child[i]; at < scratch->first_child[i + 1]; at++) {
                        if (!nodes[at].is_pool) {
                                nodes[at].min = nodes[at].got;
                                nodes[at].max = MAX(nodes[at].room, nodes[at].got);
                        }
                        max += nodes[at].max;
                }
                pool->min = pool->got;
                pool->max = MAX(MIN(max, pages_down(pools[i].limit_bytes)), pool->got);
        }
}

int policy_allocate(struct policy_pool *pools, size_t n_pools, struct policy_vm *vms, size_t n_vms,
                    uint64_t capacity_bytes, uint32_t tax_pct, struct policy_scratch *scratch,
                    uint64_t *ret_deficit_bytes)
{
        uint64_t capacity = capacity_bytes / POLICY_PAGE, deficit = 0, claims = 0;
        struct node *nodes;
        int r;

        if (tax_pct > 99 || !scratch || !well_formed(pools, n_pools, vms, n_vms))
                return -EINVAL;
        r = make_room(scratch, n_pools, n_vms);
        if (r < 0)
                return r;
        nodes = scratch->nodes;
        plant(scratch, pools, n_pools, vms, n_vms);
        sum_up(scratch, pools, n_pools);
        if (nodes[0].min > capacity)
                deficit = bytes_of(nodes[0].min) - capacity_bytes;
        fill_all(scratch, n_pools, capacity, 100 - tax_pct);

        for (size_t i = 0; i < n_pools; i++) {
                const struct node *node = &nodes[scratch->node_of_pool[i]];

                pools[i].active_bytes = bytes_of(node->active);
                pools[i].claim_bytes = bytes_of(node->got);
                pools[i].target_bytes = 0;
        }
        for (size_t i = 0; i < n_vms; i++) {
                uint64_t got = nodes[scratch->node_of_vm[i]].got;

                vms[i].claim_bytes = bytes_of(got);
                claims += got;
        }
        if (claims < capacity) {
                raise_maxima(scratch, pools, n_pools);
                fill_all(scratch, n_pools, capacity, 100);
        }
        for (size_t i = 0; i < n_vms; i++) {
                const struct node *node = &nodes[scratch->node_of_vm[i]];
                uint64_t reserved = MIN(pages_up(vms[i].reservation_bytes), node->room);

                vms[i].target_bytes = bytes_of(MAX(node->got, reserved));
                add_bytes(&pools[vms[i].pool].target_bytes, vms[i].target_bytes);
        }
        for (size_t i = n_pools; i-- > 1;)
                add_bytes(&pools[pools[i].parent].target_bytes, pools[i].target_bytes);
        if (ret_deficit_bytes)
                *ret_deficit_bytes = deficit;
        return deficit ? 1 : 0;
}
