/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * aerostat pager watch. Every VM sends its figures at its own time. On a terminal the newest of each
 * make a table that is drawn again in its place; elsewhere each figure is a line when it comes.
 *
 * A VM is watched until it has sent --count figures, has ended, or breaks the protocol; while it is
 * silent (stopped in a debugger, say) it stays, because it may go on.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "cli/pager-find.h"
#include "cli/pager-rates.h"
#include "cli/pager.h"

#define REDRAW_US 50000

/* Taken at a time from one VM: a flood from one must not keep the others, or Ctrl-C, waiting. */
#define FIGURES_PER_TURN 16

typedef struct Watched {
        PagerPeer *peer; /* borrowed */
        struct aerostat_pager_stats before;
        uint64_t figures;
        GPtrArray *row; /* the newest, in the terminal's table */
        gint64 heard_us, connected_us;
        bool silent, done;
} Watched;

typedef struct Watch {
        GPtrArray *watched; /* of Watched */
        CliFormat format;
        CliUnit unit;
        bool header, redraw;
        uint64_t interval_ms, timeout_ms, count; /* count 0: without end */

        bool header_printed, dirty;
        unsigned lines_drawn; /* of the table that stands on the terminal */
        gint64 drawn_us;
        CliStatus status;
} Watch;

static volatile sig_atomic_t interrupted;

static void on_signal(int signal_number)
{
        (void)signal_number;
        interrupted = 1;
}

static void watched_free(gpointer data)
{
        Watched *w = data;

        g_clear_pointer(&w->row, g_ptr_array_unref);
        g_free(w);
}

/* What is said below a table that stands; the next table is drawn below it in turn. */
static void say(Watch *watch, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(Watch *watch, const char *format, ...)
{
        va_list arguments;

        (void)fflush(stdout);
        watch->lines_drawn = 0;
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
}

static void print_figure(Watch *watch, Watched *w)
{
        const struct aerostat_pager_stats *now = &w->peer->reply.stats;
        const CliTableLook look = {.header = watch->header && !watch->header_printed,
                                   .bold = cli_may_style(stdout)};
        g_autoptr(CliTable) table = NULL;
        GPtrArray *row;

        if (watch->format == CLI_FORMAT_JSON) {
                g_autoptr(JsonBuilder) builder = pager_rate_object(w->peer, &w->before, now);

                cli_json_print(stdout, builder, false);
                putchar('\n');
                return;
        }

        row = pager_rate_row(w->peer, &w->before, now, watch->format, watch->unit);
        if (row == NULL)
                return;
        if (watch->redraw) {
                g_ptr_array_set_free_func(row, g_free);
                g_clear_pointer(&w->row, g_ptr_array_unref);
                w->row = row;
                watch->dirty = true;
                return;
        }
        table = cli_table_new(pager_rate_columns);
        cli_table_add(table, row);
        if (watch->format == CLI_FORMAT_CSV)
                cli_table_print_csv(table, stdout, look.header);
        else
                (void)cli_table_print(table, stdout, &look);
        watch->header_printed = true;
}

static void draw(Watch *watch)
{
        g_autoptr(CliTable) table = cli_table_new(pager_rate_columns);
        unsigned height = cli_terminal_height(stdout);
        const CliTableLook look = {
                .header = watch->header,
                .bold = cli_may_style(stdout),
                .width = cli_terminal_width(stdout),
                /* The header, "and N more", and the line the cursor is left on need room as well. */
                .rows = height > 4 ? height - 3 : 1,
        };

        for (unsigned i = 0; i < watch->watched->len; i++) {
                const Watched *w = watch->watched->pdata[i];

                if (w->row != NULL)
                        cli_table_add(table, g_ptr_array_ref(w->row));
        }
        if (watch->lines_drawn > 0)
                printf("\033[%uA", watch->lines_drawn);
        fputs("\033[J", stdout);
        watch->lines_drawn = cli_table_print(table, stdout, &look);
        watch->dirty = false;
        watch->drawn_us = g_get_monotonic_time();
}

static void finish(Watch *watch, Watched *w)
{
        w->done = true;
        pager_peer_disconnect(w->peer);
        /* The last figures of a VM that was watched to its count stay on the screen; others' do not. */
        if (watch->count == 0 || w->figures < watch->count)
                g_clear_pointer(&w->row, g_ptr_array_unref);
}

static void take_figure(Watch *watch, Watched *w)
{
        const struct aerostat_pager_stats *now = &w->peer->reply.stats;

        w->heard_us = g_get_monotonic_time();
        w->silent = false;
        /* Two answers in the same millisecond: the next one tells. */
        if (now->uptime_ms == w->before.uptime_ms)
                return;

        print_figure(watch, w);
        w->before = *now;
        w->figures++;
        if (w->figures == watch->count)
                finish(watch, w);
}

/* Asks for figures, and tells of whom there will be none. */
static void subscribe(Watch *watch, GPtrArray *peers)
{
        for (unsigned i = 0; i < peers->len; i++)
                pager_peer_ask(peers->pdata[i], AEROSTAT_PAGER_SUBSCRIBE, watch->interval_ms, 0);
        pager_peers_exchange(peers, watch->timeout_ms);

        for (unsigned i = 0; i < peers->len; i++) {
                const PagerPeer *peer = peers->pdata[i];

                if (peer->state != PAGER_PEER_ANSWERED) {
                        pager_peer_warn(peer);
                        watch->status = peer->state == PAGER_PEER_SILENT ? CLI_TIMED_OUT : CLI_FAILED;
                } else if (peer->reply.error != 0) {
                        g_autofree char *label = pager_peer_label(peer);
                        g_autofree char *message = cli_escape(peer->reply.message);

                        fprintf(stderr, "aerostat: %s: %s\n", label,
                                message[0] != '\0' ? message : g_strerror(-peer->reply.error));
                        watch->status = CLI_FAILED;
                }
        }
}

/*
 * The connection is closed. That is the end of the VM, or the pager's way with a client that did not
 * read for long (output into a pager of the other kind, with nobody scrolling): only a new connection
 * tells which. One that lasted no longer than an interval is not tried again, lest it be tried forever.
 */
static void handle_close(Watch *watch, Watched *w)
{
        gint64 now_us = g_get_monotonic_time();
        g_autofree char *label = pager_peer_label(w->peer);

        if (now_us - w->connected_us > (gint64)watch->interval_ms * 1000) {
                g_autoptr(GPtrArray) one = g_ptr_array_new();

                pager_peer_disconnect(w->peer);
                pager_peer_ask(w->peer, AEROSTAT_PAGER_SUBSCRIBE, watch->interval_ms, 0);
                g_ptr_array_add(one, w->peer);
                pager_peers_exchange(one, watch->timeout_ms);
                if (w->peer->state == PAGER_PEER_ANSWERED && w->peer->reply.error == 0) {
                        w->connected_us = w->heard_us = g_get_monotonic_time();
                        return;
                }
        }
        say(watch, "aerostat: %s (PID %" G_GUINT64_FORMAT ") has ended\n", label, w->peer->reply.stats.pid);
        finish(watch, w);
}

static void handle_input(Watch *watch, Watched *w)
{
        for (unsigned i = 0; i < FIGURES_PER_TURN && !w->done && pager_peer_receive(w->peer); i++)
                take_figure(watch, w);
        if (w->done || w->peer->state == PAGER_PEER_ANSWERED)
                return;

        if (w->peer->state == PAGER_PEER_CLOSED) {
                handle_close(watch, w);
        } else {
                g_autofree char *label = pager_peer_label(w->peer);

                say(watch, "aerostat: %s: %s\n", label, w->peer->problem);
                watch->status = CLI_FAILED;
                finish(watch, w);
        }
}

/* Notes who has become silent. */
static void check_silence(Watch *watch)
{
        gint64 limit_us = (gint64)(2 * watch->interval_ms + watch->timeout_ms) * 1000;
        gint64 now_us = g_get_monotonic_time();

        for (unsigned i = 0; i < watch->watched->len; i++) {
                Watched *w = watch->watched->pdata[i];

                if (w->done || w->silent || now_us - w->heard_us < limit_us)
                        continue;

                g_autofree char *label = pager_peer_label(w->peer);
                w->silent = true;
                say(watch, "aerostat: %s: sends nothing any more; is it stopped?\n", label);
        }
}

/* Whether there is something left to wait for. A silent VM is not, where an end was asked for. */
static bool goes_on(Watch *watch)
{
        bool silent = false;

        for (unsigned i = 0; i < watch->watched->len; i++) {
                const Watched *w = watch->watched->pdata[i];

                if (!w->done && (!w->silent || watch->count == 0))
                        return true;
                silent = silent || !w->done;
        }
        if (silent)
                watch->status = CLI_TIMED_OUT;
        return false;
}

static void poll_once(Watch *watch, const sigset_t *unblocked)
{
        g_autoptr(GArray) fds = g_array_new(FALSE, TRUE, sizeof(struct pollfd));
        gint64 wait_us = watch->dirty ? REDRAW_US : (gint64)MIN(watch->timeout_ms, 1000) * 1000;
        const struct timespec wait = {.tv_sec = wait_us / G_USEC_PER_SEC,
                                      .tv_nsec = wait_us % G_USEC_PER_SEC * 1000};

        for (unsigned i = 0; i < watch->watched->len; i++) {
                const Watched *w = watch->watched->pdata[i];
                const struct pollfd fd = {.fd = w->done ? -1 : w->peer->fd, .events = POLLIN};

                g_array_append_val(fds, fd);
        }
        if (ppoll((struct pollfd *)(void *)fds->data, fds->len, &wait, unblocked) <= 0)
                return;
        for (unsigned i = 0; i < fds->len; i++)
                if (g_array_index(fds, struct pollfd, i).revents != 0)
                        handle_input(watch, watch->watched->pdata[i]);
}

/* Signals are let in only while waiting, so that none comes between a look at the flag and the wait. */
static void catch_signals(sigset_t *ret_unblocked)
{
        struct sigaction action = {.sa_handler = on_signal};
        sigset_t blocked;

        (void)sigemptyset(&blocked);
        (void)sigaddset(&blocked, SIGINT);
        (void)sigaddset(&blocked, SIGTERM);
        (void)sigprocmask(SIG_BLOCK, &blocked, ret_unblocked);
        (void)sigaction(SIGINT, &action, NULL);
        (void)sigaction(SIGTERM, &action, NULL);
}

static void run(Watch *watch)
{
        sigset_t unblocked;

        catch_signals(&unblocked);
        while (goes_on(watch) && !interrupted && !ferror(stdout)) {
                poll_once(watch, &unblocked);
                check_silence(watch);
                if (watch->dirty && g_get_monotonic_time() - watch->drawn_us >= REDRAW_US)
                        draw(watch);
                /* Whoever reads the lines wants them now, not by the buffer. */
                (void)fflush(stdout);
        }
        if (watch->dirty)
                draw(watch);
}

static bool read_options(const CliArgs *args, Watch *watch, GError **error)
{
        unsigned format = CLI_FORMAT_TABLE, unit = CLI_UNIT_AUTO;

        watch->interval_ms = 1000;
        if (!cli_args_choice(args, "format", cli_format_names, &format, error) ||
            !cli_args_choice(args, "unit", cli_unit_names, &unit, error) ||
            !cli_args_seconds(args, "interval", 100, 3600 * 1000, &watch->interval_ms, error) ||
            !cli_args_uint(args, "count", 1, UINT64_MAX, &watch->count, error) ||
            !pager_get_timeout(args, &watch->timeout_ms, error))
                return false;

        watch->format = (CliFormat)format;
        watch->unit = format == CLI_FORMAT_CSV ? CLI_UNIT_B : (CliUnit)unit;
        watch->header = !cli_args_has(args, "no-header");
        watch->redraw = watch->format == CLI_FORMAT_TABLE && cli_terminal_height(stdout) > 0;
        return true;
}

/* All that answer, without words; those that do not are told. */
static GPtrArray *find_peers(const CliArgs *args, Watch *watch, GError **error)
{
        GPtrArray *peers;

        if (args->operands->len > 0)
                return pager_find_named(args->operands, watch->timeout_ms, error);

        peers = pager_find_all(watch->timeout_ms);
        for (unsigned i = peers->len; i-- > 0;) {
                const PagerPeer *peer = peers->pdata[i];

                if (peer->state != PAGER_PEER_ANSWERED) {
                        pager_peer_warn(peer);
                        g_ptr_array_remove_index(peers, i);
                }
        }
        if (peers->len == 0)
                g_set_error(error, CLI_ERROR, CLI_NOT_FOUND, "no VM with a pager runs here");
        return peers;
}

CliStatus pager_watch(const CliArgs *args, GError **error)
{
        g_autoptr(GPtrArray) peers = NULL, watched = g_ptr_array_new_with_free_func(watched_free);
        Watch watch = {.watched = watched};

        if (!read_options(args, &watch, error))
                return CLI_USAGE;
        peers = find_peers(args, &watch, error);
        if (peers == NULL || peers->len == 0)
                return CLI_FAILED;

        subscribe(&watch, peers);
        for (unsigned i = 0; i < peers->len; i++) {
                PagerPeer *peer = peers->pdata[i];
                Watched *w;

                if (peer->state != PAGER_PEER_ANSWERED || peer->reply.error != 0)
                        continue;
                w = g_new0(Watched, 1);
                w->peer = peer;
                w->before = peer->reply.stats;
                w->heard_us = w->connected_us = g_get_monotonic_time();
                g_ptr_array_add(watched, w);
        }
        run(&watch);
        return watch.status;
}
