/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat event: what the daemon did and why, as a list or as it happens. */
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "cli/daemon.h"
#include "cli/memory.h"

#define PAGE_EVENTS   1000
#define FOLLOW_MS     1000
#define LIMIT_DEFAULT 100
#define COLUMN_TIME   19 /* of a table that grows line by line */
#define COLUMN_TYPE   7
#define COLUMN_VM     12

static CliStatus event_list(const CliArgs *args, GError **error);

static const char *const types[] = {"state", "reclaim", "balloon", "limit",  "stop",  "resume",
                                    "share", "vm",      "setting", "daemon", "error", NULL};

/* clang-format off */
static const CliOption list_options[] = {
        {"follow", NULL, NULL, false, "go on with those that come, until Ctrl-C", .letter = 'f'},
        {"vm", "NAME", NULL, false, "only those of this VM", .complete = vm_complete},
        {"type", "TYPE", types, false,
         "only those of this type: state, reclaim, balloon, limit,\n"
         "stop, resume, share, vm, setting, daemon or error"},
        {"limit", "N", NULL, false, "the last N that there are (default 100)", .letter = 'n'},
        {"format", "FORMAT", cli_format_names, false,
         "table (default), csv, or json: one object a line with\n"
         "--follow, else an array"},
        OPTION_NO_HEADER,
        OPTIONS_DAEMON,
        OPTION_END,
};

const CliVerb event_verbs[] = {
        {
                .name = "list",
                .summary = "List what happened, with the causes",
                .options = list_options,
                .run = event_list,
        },
        {.name = NULL},
};
/* clang-format on */

/* UTC for programs, local time for people. */
static char *format_time(JsonObject *event, bool utc)
{
        uint64_t ms = MIN(daemon_json_uint_or_0(event, "time_ms"), UINT64_C(253402300799999));
        g_autoptr(GDateTime) time = utc ? g_date_time_new_from_unix_utc((gint64)(ms / 1000))
                                        : g_date_time_new_from_unix_local((gint64)(ms / 1000));
        g_autofree char *text = NULL;

        if (time == NULL)
                return g_strdup("-");
        if (!utc)
                return g_date_time_format(time, "%Y-%m-%d %H:%M:%S");
        text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
        return g_strdup_printf("%s.%03uZ", text, (unsigned)(ms % 1000));
}

static char *derive_time(JsonObject *event)
{
        return format_time(event, true);
}

static const Field fields[] = {
        {"ID", "id", FIELD_COUNT, NULL, NULL},          {"TIME", "time", FIELD_TEXT, NULL, derive_time},
        {"TYPE", "type", FIELD_TEXT, NULL, NULL},       {"VM", "vm", FIELD_TEXT, NULL, NULL},
        {"MESSAGE", "message", FIELD_TEXT, NULL, NULL}, {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

typedef struct Events {
        ApiClient *client;
        const char *vm, *type; /* NULL: all */
        uint64_t limit, last_id;
        bool follow, header_printed;
        DaemonLook look;
} Events;

static volatile sig_atomic_t interrupted;

static void on_signal(int signal_number)
{
        (void)signal_number;
        interrupted = 1;
}

static bool wanted(const Events *events, JsonObject *event)
{
        const char *vm = daemon_json_text(event, "vm"), *type = daemon_json_text(event, "type");

        return (events->vm == NULL || (vm != NULL && strcmp(vm, events->vm) == 0)) &&
               (events->type == NULL || (type != NULL && strcmp(type, events->type) == 0));
}

/*
 * One request. Adds those that are wanted to found, and keeps no more than the limit of them. Each id
 * must be higher than the last, so that a daemon that repeats itself is not asked forever.
 */
static bool read_page(Events *events, int64_t after, uint64_t limit, GPtrArray *found, unsigned *ret_n,
                      GError **error)
{
        g_autoptr(JsonArray) page = memory_events(events->client, after, (unsigned)limit, error);

        if (page == NULL)
                return false;
        for (guint i = 0; i < json_array_get_length(page); i++) {
                JsonObject *event = json_array_get_object_element(page, i);
                uint64_t id = 0;

                if (daemon_json_uint(event, "id", &id) != DAEMON_GIVEN || id <= events->last_id ||
                    daemon_json_text(event, "message") == NULL) {
                        g_set_error(
                                error, CLI_ERROR, CLI_FAILED,
                                "the daemon sent events without a message or out of order; is it another "
                                "version than this aerostat?");
                        return false;
                }
                events->last_id = id;
                if (!wanted(events, event))
                        continue;
                g_ptr_array_add(found, json_object_ref(event));
                if (found->len > events->limit)
                        g_ptr_array_remove_index(found, 0);
        }
        *ret_n = json_array_get_length(page);
        return true;
}

static bool read_after(Events *events, GPtrArray *found, GError **error)
{
        unsigned n;

        do {
                if (!read_page(events, (int64_t)events->last_id, PAGE_EVENTS, found, &n, error))
                        return false;
        } while (n >= PAGE_EVENTS && !interrupted);
        return true;
}

/* The last ones. Of a selection, or of more than fit in one answer, from the first event on. */
static GPtrArray *read_first(Events *events, GError **error)
{
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
        unsigned n;

        if (events->vm == NULL && events->type == NULL && events->limit <= PAGE_EVENTS) {
                if (!read_page(events, -1, events->limit, found, &n, error))
                        return NULL;
        } else if (!read_after(events, found, error)) {
                return NULL;
        }
        return g_steal_pointer(&found);
}

/* Lines of a table that is not known as a whole yet. */
static void print_lines(Events *events, const GPtrArray *found)
{
        if (!events->header_printed && events->look.header)
                printf("%s%-*s  %-*s  %-*s  MESSAGE%s\n", cli_may_style(stdout) ? "\033[1m" : "",
                       COLUMN_TIME, "TIME", COLUMN_TYPE, "TYPE", COLUMN_VM, "VM",
                       cli_may_style(stdout) ? "\033[0m" : "");
        events->header_printed = true;
        for (unsigned i = 0; i < found->len; i++) {
                g_autofree char *time = format_time(found->pdata[i], false),
                                *type = field_text(found->pdata[i], "type"),
                                *vm = field_text(found->pdata[i], "vm"),
                                *message = field_text(found->pdata[i], "message");

                printf("%-*s  %-*s  %-*s  %s\n", COLUMN_TIME, time, COLUMN_TYPE, type, COLUMN_VM,
                       vm[0] != '\0' ? vm : "-", message);
        }
}

static void print(Events *events, const GPtrArray *found)
{
        g_autoptr(GPtrArray) columns = field_find_list(fields, "id,time,type,vm,message", "", NULL);

        if (events->look.format == CLI_FORMAT_TABLE) {
                print_lines(events, found);
        } else if (events->look.format == CLI_FORMAT_JSON && events->follow) {
                for (unsigned i = 0; i < found->len; i++) {
                        field_print_json(found->pdata[i], false);
                        putchar('\n');
                }
        } else {
                field_print(columns, found, events->look.format, CLI_UNIT_B,
                            events->look.header && !events->header_printed);
                events->header_printed = true;
        }
        (void)fflush(stdout);
}

/* Signals end the wait, and thus the command; a request that is under way is finished. */
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

static CliStatus follow(Events *events, const sigset_t *unblocked, GError **error)
{
        const struct timespec wait = {.tv_sec = FOLLOW_MS / 1000, .tv_nsec = FOLLOW_MS % 1000 * 1000000L};

        while (!interrupted && !ferror(stdout)) {
                g_autoptr(GPtrArray) found =
                        g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);

                if (!read_after(events, found, error))
                        return CLI_FAILED;
                if (found->len > 0)
                        print(events, found);
                (void)ppoll(NULL, 0, &wait, unblocked);
        }
        return CLI_OK;
}

static CliStatus event_list(const CliArgs *args, GError **error)
{
        Events events = {.vm = cli_args_get(args, "vm"), .limit = LIMIT_DEFAULT};
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(GPtrArray) found = NULL;
        sigset_t unblocked;
        unsigned type = 0;

        if (!daemon_read_look(args, &events.look, error) ||
            !cli_args_choice(args, "type", types, &type, error) ||
            !cli_args_uint(args, "limit", 1, 1000000, &events.limit, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;

        events.client = client;
        events.type = cli_args_has(args, "type") ? types[type] : NULL;
        events.follow = cli_args_has(args, "follow");
        found = read_first(&events, error);
        if (found == NULL)
                return CLI_FAILED;
        if (events.follow)
                catch_signals(&unblocked);
        print(&events, found);
        if (!events.follow)
                return CLI_OK;
        events.limit = UINT64_MAX;
        return follow(&events, &unblocked, error);
}
