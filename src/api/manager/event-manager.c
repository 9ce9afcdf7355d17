/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EventManager: the latest event, queries and collectors, and what users write into the log. */
#include <string.h>

#include "api/manager/event-kind.h"
#include "api/manager/manager.h"

/* Bytes of what a user writes. */
#define WORDS_MAX 1000

typedef struct EventManager {
        Managed *managed;
        EventLog *log;
} EventManager;

EventLog *manager_event_log(const Api *api)
{
        return ((EventManager *)api_get_data(api, "event-manager"))->log;
}

static void on_added(Api *api, gconstpointer data, gpointer user_data)
{
        EventManager *manager = user_data;
        int64_t newest = event_log_update(manager->log);

        (void)api;
        (void)data;
        managed_set(manager->managed, "latestEvent", event_log_read(manager->log, newest, false));
}

/* --- methods --- */

static void create_collector(Request *request)
{
        const VimValue *value = request_arg(request, "filter");
        gpointer filter = event_filter_new(request, value);

        if (filter != NULL)
                history_create(request, &event_history_kind, filter, value);
}

/* The newest of those that match, oldest first. */
static void query_events(Request *request)
{
        const VimValue *value = request_arg(request, "filter");
        int64_t max = vim_get_int(value, "maxCount", HISTORY_PAGE_MAX), number = INT64_MAX;
        g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(int64_t));
        Api *api = request_api(request);
        VimValue *list;
        gpointer filter;

        if (max < 1) {
                request_invalid(request, "filter.maxCount", "maxCount is to be 1 to %d", HISTORY_PAGE_MAX);
                return;
        }
        filter = event_filter_new(request, value);
        if (filter == NULL)
                return;
        while (found->len < MIN(max, HISTORY_PAGE_MAX) &&
               (number = event_history_kind.step(api, filter, number, true)) > 0) {
                g_array_append_val(found, number);
                number--;
        }
        list = vim_new_list("Event");
        for (unsigned i = found->len; i-- > 0;) {
                VimValue *event = event_history_kind.read(api, filter, g_array_index(found, int64_t, i));

                if (event != NULL)
                        vim_add(list, event);
        }
        event_history_kind.free_filter(filter);
        request_return(request, list);
}

/* Of an entity that is no VM, the words say which. */
static void log_user_event(Request *request)
{
        const char *words = request_arg_text(request, "msg");
        const VimValue *name;
        const Managed *entity;
        bool answered;

        entity = request_arg_object(request, "entity", &answered);
        if (answered)
                return;
        if (strlen(words) > WORDS_MAX) {
                request_invalid(request, "msg", "the message has more than %d bytes", WORDS_MAX);
                return;
        }
        name = managed_peek(entity, "name");
        if (vim_type_is(entity->type, vim_type("VirtualMachine")))
                journal_add(api_parts(request_api(request))->journal, EVENT_USER, name->text, "%s: %s",
                            request_session(request)->user, words);
        else
                journal_add(api_parts(request_api(request))->journal, EVENT_USER, NULL, "%s: %s (on %s)",
                            request_session(request)->user, words, name != NULL ? name->text : entity->id);
        request_return(request, NULL);
}

static void post_event(Request *request)
{
        request_fault(request, vim_new_fault("NotSupported"),
                      "the log has what aerostat does itself; LogUserEvent adds words of yours");
}

static void retrieve_argument_description(Request *request)
{
        const char *id = request_arg_text(request, "eventTypeId");

        for (const EventKind *kind = event_kinds; kind->type != NULL; kind++)
                if (event_kind_is(kind, id)) {
                        request_return(request, NULL);
                        return;
                }
        request_invalid(request, "eventTypeId", "there are no events \"%.100s\"", id);
}

static bool start(Api *api, GError **error)
{
        EventLog *log = event_log_new(api, error);
        Managed *managed;
        EventManager *manager;

        if (log == NULL)
                return false;
        managed = world_add(api_world(api), "EventManager", "EventManager", NULL);
        manager = g_new0(EventManager, 1);
        *manager = (EventManager){.managed = managed, .log = log};
        api_set_data(api, "event-manager", manager);
        managed_set(managed, "description", event_description());
        managed_set(managed, "maxCollector", vim_new_int(HISTORY_COLLECTORS_MAX));
        api_listen(api, API_EVENT_ADDED, on_added, manager);
        on_added(api, NULL, manager);
        return true;
}

static void stop(Api *api)
{
        EventManager *manager = api_get_data(api, "event-manager");

        event_log_free(manager->log);
        g_free(manager);
}

static const Handler handlers[] = {
        {"EventManager", "CreateCollectorForEvents", create_collector, NULL},
        {"EventManager", "QueryEvents", query_events, NULL},
        {"EventManager", "LogUserEvent", log_user_event, "Global.LogEvent"},
        {"EventManager", "PostEvent", post_event, NULL},
        {"EventManager", "RetrieveArgumentDescription", retrieve_argument_description, NULL},
        {"EventHistoryCollector", "ReadNextEvents", history_read_next, ""},
        {"EventHistoryCollector", "ReadPreviousEvents", history_read_previous, ""},
        {NULL},
};

const ApiModule event_manager_module = {
        .name = "event-manager", .handlers = handlers, .start = start, .stop = stop};
