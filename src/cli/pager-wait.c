/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waiting for eviction to catch up with limits that were set. */
#include "cli/pager-wait.h"

#include <unistd.h>

#include "cli/output.h"
#include "cli/pager-find.h"

#define STEP_MS 100

static uint64_t excess(const PagerPeer *peer)
{
        const struct aerostat_pager_stats *s = &peer->reply.stats;

        return s->consumed_bytes > s->limit_bytes ? s->consumed_bytes - s->limit_bytes : 0;
}

static void drop_those_within(GPtrArray *waiting)
{
        for (unsigned i = waiting->len; i-- > 0;)
                if (excess(waiting->pdata[i]) == 0)
                        g_ptr_array_remove_index(waiting, i);
}

/* Asks again. A VM that has ended, or does not answer, is told and waited for no longer. */
static void refresh(GPtrArray *waiting, uint64_t timeout_ms, CliStatus *status)
{
        for (unsigned i = 0; i < waiting->len; i++)
                pager_peer_ask(waiting->pdata[i], AEROSTAT_PAGER_GET_STATS, 0, 0);
        pager_peers_exchange(waiting, timeout_ms);
        for (unsigned i = waiting->len; i-- > 0;) {
                const PagerPeer *peer = waiting->pdata[i];

                if (peer->state == PAGER_PEER_ANSWERED)
                        continue;
                *status = peer->state == PAGER_PEER_SILENT ? CLI_TIMED_OUT : CLI_FAILED;
                pager_peer_warn(peer);
                g_ptr_array_remove_index(waiting, i);
        }
}

static void show_progress(const GPtrArray *waiting, unsigned total)
{
        g_autofree char *left = NULL;
        uint64_t bytes = 0;

        for (unsigned i = 0; i < waiting->len; i++)
                bytes += excess(waiting->pdata[i]);
        left = cli_format_size(bytes, CLI_UNIT_AUTO);
        fprintf(stderr, "\r%u of %u above their limits, %s to go\033[K", waiting->len, total, left);
}

CliStatus pager_wait_for_limits(GPtrArray *peers, uint64_t wait_ms, uint64_t timeout_ms)
{
        gint64 deadline = g_get_monotonic_time() + (gint64)wait_ms * 1000;
        g_autoptr(GPtrArray) waiting = g_ptr_array_copy(peers, NULL, NULL);
        bool terminal = isatty(STDERR_FILENO);
        CliStatus status = CLI_OK;

        drop_those_within(waiting);
        while (waiting->len > 0 && g_get_monotonic_time() < deadline) {
                if (terminal)
                        show_progress(waiting, peers->len);
                g_usleep(STEP_MS * 1000);
                refresh(waiting, timeout_ms, &status);
                drop_those_within(waiting);
        }
        if (terminal)
                fputs("\r\033[K", stderr);

        for (unsigned i = 0; i < waiting->len; i++) {
                const PagerPeer *peer = waiting->pdata[i];
                g_autofree char *label = pager_peer_label(peer);
                g_autofree char *over = cli_format_size(excess(peer), CLI_UNIT_AUTO);

                fprintf(stderr, "aerostat: %s: still %s above its limit\n", label, over);
                status = CLI_TIMED_OUT;
        }
        return status;
}
