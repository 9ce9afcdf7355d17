/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * aerostat pager set. Three steps, so that a mistake changes nothing: the values are read, then
 * checked against every VM's present state, and only then is the first request sent.
 */
#include <string.h>

#include "cli/pager-fields.h"
#include "cli/pager-find.h"
#include "cli/pager-wait.h"
#include "cli/pager.h"

#define LIMIT_MIN_BYTES (UINT64_C(4) << 20)
#define PERIOD_MAX_MS   (3600 * 1000)
#define WAIT_DEFAULT_MS (60 * 1000)
#define PAGE_BYTES      4096

/*
 * In the order in which they are sent. A limit that is lowered evicts pages at once, with the codec,
 * the cache and the swap space there are then; so it comes last.
 */
typedef enum Setting {
        SET_CODEC,
        SET_CACHE_PCT,
        SET_SAMPLING,
        SET_RESERVATION,
        SET_LIMIT,
        SETTINGS
} Setting;

static const struct {
        const char *name;
        enum aerostat_pager_request_type type;
} settings[SETTINGS] = {
        [SET_CODEC] = {"codec", AEROSTAT_PAGER_SET_CODEC},
        [SET_CACHE_PCT] = {"cache", AEROSTAT_PAGER_SET_CACHE_PCT},
        [SET_SAMPLING] = {"sampling", AEROSTAT_PAGER_SET_SAMPLING},
        [SET_RESERVATION] = {"reservation", AEROSTAT_PAGER_SET_RESERVATION},
        [SET_LIMIT] = {"limit", AEROSTAT_PAGER_SET_LIMIT},
};

typedef struct Wishes {
        bool wanted[SETTINGS];
        CliSize limit, reservation;
        uint64_t cache_pct, sample_period_ms, sample_pages;
        unsigned codec;
        bool has_period, has_pages;

        bool what_if, wait;
        uint64_t wait_ms, timeout_ms;
} Wishes;

/* One VM and what is to be asked of it. */
typedef struct Change {
        PagerPeer *peer; /* borrowed */
        uint64_t values[SETTINGS][2];
        bool failed;
} Change;

static bool read_size(const CliArgs *args, const char *option, bool none_allowed, CliSize *ret,
                      GError **error)
{
        g_autofree char *what = g_strconcat("--", option, NULL);
        const char *text = cli_args_get(args, option);

        return text == NULL || cli_parse_size(text, what, none_allowed, ret, error);
}

/* Zero, or a second at least. */
static bool read_period(const CliArgs *args, uint64_t *ret_ms, GError **error)
{
        if (!cli_args_seconds(args, "sample-period", 0, PERIOD_MAX_MS, ret_ms, error))
                return false;
        if (*ret_ms == 0 || *ret_ms >= 1000)
                return true;
        g_set_error(error, CLI_ERROR, CLI_USAGE, "--sample-period is 0 or from 1 to 3600 seconds");
        return false;
}

static bool check_wishes(const CliArgs *args, const Wishes *w, GError **error)
{
        bool any = false;

        for (Setting s = 0; s < SETTINGS; s++)
                any = any || w->wanted[s];
        if (!any)
                g_set_error(error, CLI_ERROR, CLI_USAGE, "nothing to set");
        else if (cli_args_has(args, "all") && args->operands->len > 0)
                g_set_error(error, CLI_ERROR, CLI_USAGE, "--all and the name of a VM exclude each other");
        else if (!cli_args_has(args, "all") && args->operands->len == 0)
                g_set_error(error, CLI_ERROR, CLI_USAGE, "name a VM, or say --all");
        else if (w->wait && w->what_if)
                g_set_error(error, CLI_ERROR, CLI_USAGE, "--what-if changes nothing to --wait for");
        else
                return true;
        return false;
}

static bool read_wishes(const CliArgs *args, Wishes *w, GError **error)
{
        if (!read_size(args, "limit", true, &w->limit, error) ||
            !read_size(args, "reservation", false, &w->reservation, error) ||
            !cli_args_uint(args, "cache-pct", 0, 100, &w->cache_pct, error) ||
            !cli_args_choice(args, "codec", pager_codec_names, &w->codec, error) ||
            !read_period(args, &w->sample_period_ms, error) ||
            !cli_args_uint(args, "sample-pages", 1, AEROSTAT_PAGER_SAMPLE_PAGES_MAX, &w->sample_pages,
                           error) ||
            !pager_get_timeout(args, &w->timeout_ms, error))
                return false;

        w->wait = cli_args_has(args, "wait");
        w->wait_ms = WAIT_DEFAULT_MS;
        if (w->wait && cli_args_get(args, "wait")[0] != '\0' &&
            !cli_args_seconds(args, "wait", 0, UINT64_C(86400) * 1000, &w->wait_ms, error))
                return false;

        w->what_if = cli_args_has(args, "what-if");
        w->has_period = cli_args_has(args, "sample-period");
        w->has_pages = cli_args_has(args, "sample-pages");
        w->wanted[SET_LIMIT] = cli_args_has(args, "limit");
        w->wanted[SET_RESERVATION] = cli_args_has(args, "reservation");
        w->wanted[SET_CACHE_PCT] = cli_args_has(args, "cache-pct");
        w->wanted[SET_CODEC] = cli_args_has(args, "codec");
        w->wanted[SET_SAMPLING] = w->has_period || w->has_pages;
        return check_wishes(args, w, error);
}

static uint64_t size_for(const CliSize *size, uint64_t memory_bytes)
{
        if (size->kind == CLI_SIZE_NONE)
                return AEROSTAT_PAGER_UNLIMITED;
        if (size->kind == CLI_SIZE_BYTES)
                return size->bytes;
        /* Whole pages; also keeps 100 % from becoming a byte more by rounding. */
        return MIN((uint64_t)(size->percent / 100 * (double)memory_bytes), memory_bytes) / PAGE_BYTES *
               PAGE_BYTES;
}

static bool check_limit(const Change *change, const CliSize *wish, GError **error)
{
        uint64_t limit = change->values[SET_LIMIT][0];

        if (limit >= LIMIT_MIN_BYTES)
                return true;

        g_autofree char *label = pager_peer_label(change->peer), *size = cli_format_size_exact(limit);
        /* Who writes 512 means megabytes. */
        bool unit_forgotten = wish->kind == CLI_SIZE_BYTES && limit < UINT64_C(1) << 20;
        g_set_error(error, CLI_ERROR, CLI_USAGE,
                    "%s: --limit %s is too little: it is 4M at least, or none%s", label, size,
                    unit_forgotten ? "; a number without a unit is bytes" : "");
        return false;
}

static bool check_reservation(const Change *change, GError **error)
{
        uint64_t reservation = change->values[SET_RESERVATION][0];
        uint64_t memory = change->peer->reply.stats.memory_bytes;

        if (reservation <= memory)
                return true;

        g_autofree char *label = pager_peer_label(change->peer), *size = cli_format_size_exact(reservation),
                        *most = cli_format_size_exact(memory);
        g_set_error(error, CLI_ERROR, CLI_USAGE,
                    "%s: --reservation %s is more than the VM's memory: 0 to %s", label, size, most);
        return false;
}

/* Fills in the values for one VM, of which some depend on its memory or on what is set there now. */
static bool plan(Change *change, const Wishes *w, GError **error)
{
        const struct aerostat_pager_stats *now = &change->peer->reply.stats;

        if (w->wanted[SET_LIMIT])
                change->values[SET_LIMIT][0] = size_for(&w->limit, now->memory_bytes);
        if (w->wanted[SET_RESERVATION])
                change->values[SET_RESERVATION][0] = size_for(&w->reservation, now->memory_bytes);
        change->values[SET_CACHE_PCT][0] = w->cache_pct;
        change->values[SET_CODEC][0] = w->codec;
        change->values[SET_SAMPLING][0] = w->has_period ? w->sample_period_ms : now->sample_period_ms;
        change->values[SET_SAMPLING][1] = w->has_pages ? w->sample_pages : now->sample_pages;

        return (!w->wanted[SET_LIMIT] || check_limit(change, &w->limit, error)) &&
               (!w->wanted[SET_RESERVATION] || check_reservation(change, error));
}

/*
 * Memory below the reservation has no place in the swap file; a limit that asks for it to be put
 * there cannot be kept. The pager takes it, for the cache may do; but whoever sets it should know.
 */
static void warn_limit_below_reservation(const Change *change, const Wishes *w)
{
        const struct aerostat_pager_stats *now = &change->peer->reply.stats;
        uint64_t limit = w->wanted[SET_LIMIT] ? change->values[SET_LIMIT][0] : now->limit_bytes;
        uint64_t reservation =
                w->wanted[SET_RESERVATION] ? change->values[SET_RESERVATION][0] : now->reservation_bytes;

        if (limit >= reservation || (!w->wanted[SET_LIMIT] && !w->wanted[SET_RESERVATION]))
                return;

        g_autofree char *label = pager_peer_label(change->peer), *l = cli_format_size_exact(limit),
                        *r = cli_format_size_exact(reservation);
        fprintf(stderr,
                "aerostat: %s: the limit of %s is below the reservation of %s, for which there is no swap "
                "space; the VM may stay above its limit\n",
                label, l, r);
}

static char *format_limit_exact(uint64_t bytes)
{
        return bytes == AEROSTAT_PAGER_UNLIMITED ? g_strdup("none") : cli_format_size_exact(bytes);
}

static char *format_setting(Setting setting, const uint64_t value[2])
{
        switch (setting) {
        case SET_CODEC:
                return g_strdup(pager_codec_name((uint32_t)value[0]));
        case SET_CACHE_PCT:
                return g_strdup_printf("%" G_GUINT64_FORMAT " %%", value[0]);
        case SET_SAMPLING:
                if (value[0] == 0)
                        return g_strdup("off");
                return g_strdup_printf("%" G_GUINT64_FORMAT " pages every %g s", value[1],
                                       (double)value[0] / 1000);
        case SET_RESERVATION:
                return cli_format_size_exact(value[0]);
        case SET_LIMIT:
                return format_limit_exact(value[0]);
        case SETTINGS:
                break;
        }
        g_return_val_if_reached(NULL);
}

static void get_setting(Setting setting, const struct aerostat_pager_stats *s, uint64_t ret[2])
{
        ret[1] = 0;
        switch (setting) {
        case SET_CODEC:
                ret[0] = s->codec;
                break;
        case SET_CACHE_PCT:
                ret[0] = s->cache_pct;
                break;
        case SET_SAMPLING:
                ret[0] = s->sample_period_ms;
                ret[1] = s->sample_pages;
                break;
        case SET_RESERVATION:
                ret[0] = s->reservation_bytes;
                break;
        case SET_LIMIT:
                ret[0] = s->limit_bytes;
                break;
        case SETTINGS:
                break;
        }
}

static void tell(const Change *change, Setting setting, const uint64_t before[2], const uint64_t after[2],
                 bool what_if)
{
        g_autofree char *label = pager_peer_label(change->peer), *old = format_setting(setting, before),
                        *new = format_setting(setting, after);

        printf("%s%s: %s: ", what_if ? "What if: " : "", label, settings[setting].name);
        if (strcmp(old, new) == 0)
                printf("%s, as before\n", new);
        else
                printf("%s -> %s\n", old, new);
}

static void tell_what_if(const GPtrArray *changes, const Wishes *w)
{
        for (unsigned i = 0; i < changes->len; i++) {
                const Change *change = changes->pdata[i];

                for (Setting s = 0; s < SETTINGS; s++) {
                        uint64_t before[2];

                        if (!w->wanted[s])
                                continue;
                        get_setting(s, &change->peer->reply.stats, before);
                        tell(change, s, before, change->values[s], true);
                }
        }
}

/* Tells how one request went. before: the setting as it was when the request was sent. */
static void conclude(Change *change, Setting setting, const uint64_t before[2], CliStatus *status)
{
        const PagerPeer *peer = change->peer;
        g_autofree char *label = pager_peer_label(peer);

        if (peer->state == PAGER_PEER_ANSWERED && peer->reply.error == 0) {
                uint64_t after[2];

                get_setting(setting, &peer->reply.stats, after);
                tell(change, setting, before, after, false);
                return;
        }

        change->failed = true;
        *status = peer->state == PAGER_PEER_SILENT ? CLI_TIMED_OUT : CLI_FAILED;
        if (peer->state == PAGER_PEER_ANSWERED) {
                g_autofree char *message = cli_escape(peer->reply.message);

                fprintf(stderr, "aerostat: %s: %s not changed: %s\n", label, settings[setting].name,
                        message[0] != '\0' ? message : g_strerror(-peer->reply.error));
        } else if (peer->state == PAGER_PEER_SILENT) {
                /* The request lies in the pager's socket, closed or not on our side. */
                fprintf(stderr, "aerostat: %s: %s: %s It will change when the pager goes on\n", label,
                        settings[setting].name, peer->problem);
        } else {
                fprintf(stderr, "aerostat: %s: %s not changed: %s\n", label, settings[setting].name,
                        peer->problem);
        }
}

/* One setting after the other, each for all VMs together. A VM that refuses one is asked no more. */
static CliStatus apply(const GPtrArray *changes, const Wishes *w)
{
        CliStatus status = CLI_OK;

        for (Setting s = 0; s < SETTINGS; s++) {
                g_autoptr(GPtrArray) asked = g_ptr_array_new();
                g_autofree uint64_t(*before)[2] = g_malloc0_n(changes->len, sizeof(*before));

                for (unsigned i = 0; w->wanted[s] && i < changes->len; i++) {
                        Change *change = changes->pdata[i];

                        if (change->failed)
                                continue;
                        get_setting(s, &change->peer->reply.stats, before[i]);
                        pager_peer_ask(change->peer, settings[s].type, change->values[s][0],
                                       change->values[s][1]);
                        g_ptr_array_add(asked, change->peer);
                }
                pager_peers_exchange(asked, w->timeout_ms);
                for (unsigned i = 0; w->wanted[s] && i < changes->len; i++) {
                        Change *change = changes->pdata[i];

                        if (!change->failed)
                                conclude(change, s, before[i], &status);
                }
        }
        return status;
}

static CliStatus wait_for_limits(const GPtrArray *changes, const Wishes *w)
{
        g_autoptr(GPtrArray) peers = g_ptr_array_new();

        for (unsigned i = 0; i < changes->len; i++) {
                const Change *change = changes->pdata[i];

                if (!change->failed)
                        g_ptr_array_add(peers, change->peer);
        }
        (void)fflush(stdout);
        return pager_wait_for_limits(peers, w->wait_ms, w->timeout_ms);
}

/*
 * The VMs to change. With --all, one that does not answer must not keep the others from being
 * changed; it is told and makes *ret_status a failure. A named one that does not answer is an error.
 */
static GPtrArray *find_peers(const CliArgs *args, uint64_t timeout_ms, CliStatus *ret_status, GError **error)
{
        GPtrArray *peers;

        if (!cli_args_has(args, "all"))
                return pager_find_named(args->operands, timeout_ms, error);

        peers = pager_find_all(timeout_ms);
        for (unsigned i = peers->len; i-- > 0;) {
                const PagerPeer *peer = peers->pdata[i];

                if (peer->state == PAGER_PEER_ANSWERED)
                        continue;
                *ret_status = peer->state == PAGER_PEER_SILENT ? CLI_TIMED_OUT : CLI_FAILED;
                pager_peer_warn(peer);
                g_ptr_array_remove_index(peers, i);
        }
        if (peers->len == 0)
                fputs("aerostat: no VM with a pager runs here\n", stderr);
        return peers;
}

CliStatus pager_set(const CliArgs *args, GError **error)
{
        g_autoptr(GPtrArray) peers = NULL, changes = g_ptr_array_new_with_free_func(g_free);
        CliStatus status = CLI_OK, applied, waited = CLI_OK;
        Wishes w = {0};

        if (!read_wishes(args, &w, error))
                return CLI_USAGE;
        peers = find_peers(args, w.timeout_ms, &status, error);
        if (peers == NULL)
                return CLI_FAILED;

        for (unsigned i = 0; i < peers->len; i++) {
                Change *change = g_new0(Change, 1);

                change->peer = peers->pdata[i];
                g_ptr_array_add(changes, change);
                if (!plan(change, &w, error))
                        return CLI_USAGE;
        }
        for (unsigned i = 0; i < changes->len; i++)
                warn_limit_below_reservation(changes->pdata[i], &w);

        if (w.what_if) {
                tell_what_if(changes, &w);
                return status;
        }
        applied = apply(changes, &w);
        if (w.wait)
                waited = wait_for_limits(changes, &w);

        if (applied != CLI_OK)
                return applied;
        return waited != CLI_OK ? waited : status;
}
