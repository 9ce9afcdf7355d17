/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat pager: the table of its verbs. */
#include "cli/pager.h"

#include <limits.h>

#include "cli/pager-fields.h"
#include "cli/pager-find.h"

#define TIMEOUT_DEFAULT_MS 2000

static const char *const show_formats[] = {"table", "json", NULL};

/* clang-format off */
#define OPTION_TIMEOUT \
        {"timeout", "SECONDS", NULL, false, "how long to wait for an answer (default 2)"}
#define OPTION_END {NULL, NULL, NULL, false, NULL}

static const CliOption list_options[] = {
        {"format", "FORMAT", cli_format_names, false, "table (default), json or csv"},
        {"no-header", NULL, NULL, false, "leave out the line of titles"},
        {"unit", "UNIT", cli_unit_names, false,
         "sizes of the table in auto (default), B, K, M, G or T;\n"
         "JSON and CSV are in bytes always"},
        OPTION_TIMEOUT,
        OPTION_END,
};

static const CliOption show_options[] = {
        {"format", "FORMAT", show_formats, false, "table (default) or json"},
        OPTION_TIMEOUT,
        OPTION_END,
};

static const CliOption set_options[] = {
        {"limit", "SIZE|none", NULL, false,
         "host memory the VM may take, at least 4M; none: its\n"
         "configured size"},
        {"reservation", "SIZE", NULL, false, "memory for which no swap space is kept"},
        {"cache-pct", "N", NULL, false,
         "bound of the compression cache, 0 to 100 percent of the\n"
         "VM's memory"},
        {"codec", "CODEC", pager_codec_names, false, "lz4, zstd, or off: straight to swap"},
        {"sample-period", "SECONDS", NULL, false,
         "one estimate of active memory each; 0: none, else 1 to\n"
         "3600"},
        {"sample-pages", "N", NULL, false, "pages of one sample, 1 to 1024"},
        {"all", NULL, NULL, false, "every VM with a pager on this host"},
        {"what-if", NULL, NULL, false, "tell what would change, change nothing"},
        {"wait", "SECONDS", NULL, true,
         "return when the VMs are within their limits, after\n"
         "SECONDS (default 60) at the latest"},
        OPTION_TIMEOUT,
        OPTION_END,
};

static const CliOption watch_options[] = {
        {"interval", "SECONDS", NULL, false, "time between figures, 0.1 to 3600 (default 1)"},
        {"count", "N", NULL, false, "end after N figures of each VM"},
        {"format", "FORMAT", cli_format_names, false,
         "table (default), csv, or json: one object a line"},
        {"no-header", NULL, NULL, false, "leave out the line of titles"},
        {"unit", "UNIT", cli_unit_names, false,
         "sizes of the table in auto (default), B, K, M, G or T"},
        OPTION_TIMEOUT,
        OPTION_END,
};

const CliVerb pager_verbs[] = {
        {
                .name = "list",
                .summary = "List the VMs on this host that have a pager",
                .options = list_options,
                .run = pager_list,
        },
        {
                .name = "show",
                .summary = "Show all about one VM's pager",
                .operands = "NAME|PID|SOCKET",
                .operands_min = 1,
                .operands_max = 1,
                .options = show_options,
                .run = pager_show,
                .complete_operand = pager_complete,
        },
        {
                .name = "set",
                .summary = "Change settings of running pagers",
                .operands = "NAME|PID|SOCKET...",
                .operands_max = UINT_MAX,
                .options = set_options,
                .notes = "SIZE is bytes, or has a unit: 256M, 1.5G, 262144K. 50% is half of each VM's\n"
                         "memory. Every value is checked, for every VM, before the first is changed.",
                .run = pager_set,
                .complete_operand = pager_complete,
        },
        {
                .name = "watch",
                .summary = "Follow what pagers do, as rates per second",
                .operands = "[NAME|PID|SOCKET...]",
                .operands_max = UINT_MAX,
                .options = watch_options,
                .notes = "Without a VM: all that run now. Ends with Ctrl-C, or when the last VM has ended.",
                .run = pager_watch,
                .complete_operand = pager_complete,
        },
        {.name = NULL},
};
/* clang-format on */

bool pager_get_timeout(const CliArgs *args, uint64_t *ret_ms, GError **error)
{
        *ret_ms = TIMEOUT_DEFAULT_MS;
        return cli_args_seconds(args, "timeout", 10, 3600 * 1000, ret_ms, error);
}

char *pager_format_limit(uint64_t limit_bytes, CliUnit unit)
{
        if (limit_bytes != AEROSTAT_PAGER_UNLIMITED)
                return cli_format_size(limit_bytes, unit);
        return g_strdup("unlimited");
}

const char *pager_status(const PagerPeer *peer)
{
        switch (peer->state) {
        case PAGER_PEER_ANSWERED:
                return peer->reply.stats.reason[0] != '\0' ? "degraded" : "ok";
        case PAGER_PEER_GONE:
                return "no listener";
        case PAGER_PEER_DENIED:
                return "no access";
        case PAGER_PEER_CLOSED:
                return "refused";
        case PAGER_PEER_GARBLED:
                return "bad reply";
        case PAGER_PEER_SILENT:
        case PAGER_PEER_IDLE:
        case PAGER_PEER_ASKED:
        case PAGER_PEER_WAITING:
                break;
        }
        return "not answering";
}

char *pager_format_pid(const PagerPeer *peer)
{
        if (peer->known)
                return g_strdup_printf("%" G_GUINT64_FORMAT, peer->reply.stats.pid);
        return peer->path_pid > 0 ? g_strdup_printf("%d", peer->path_pid) : g_strdup("");
}

void pager_begin_json(JsonBuilder *builder, const PagerPeer *peer)
{
        json_builder_begin_object(builder);
        cli_json_add_string(builder, "socket", peer->path);
        cli_json_add_string(builder, "status", pager_status(peer));
        cli_json_add_string(builder, "problem", peer->problem);
        if (peer->known) {
                pager_fields_add_json(builder, &peer->reply.stats);
        } else if (peer->path_pid > 0) {
                cli_json_add_uint(builder, "pid", (uint64_t)peer->path_pid);
        }
}
