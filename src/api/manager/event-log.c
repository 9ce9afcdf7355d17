/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which events there are, and which of them a filter lets through. */
#include "api/manager/event-log.h"

#include <string.h>

#include "api/manager/event-kind.h"
#include "api/manager/manager.h"

#define CHUNK 2000 /* read from the inventory at a time */
#define TRIM  1000 /* so many too many go together */

/* Of VMs that are gone, too. */
#define NAMES_MAX 20000

typedef struct Entry {
        int64_t id, time_ms;
        const EventKind *kind;
        char *vm;   /* GRefString, or NULL */
        char *user; /* GRefString, or NULL */
        int64_t chain;
} Entry;

struct EventLog {
        Api *api;
        GArray *entries;      /* of Entry, by id */
        unsigned reclaims;    /* of them */
        GHashTable *vms;      /* char * (name) to char * (the object's id) */
        uint64_t vms_version; /* of the world, when it was filled */
};

static void entry_clear(gpointer data)
{
        Entry *entry = data;

        g_clear_pointer(&entry->vm, g_ref_string_release);
        g_clear_pointer(&entry->user, g_ref_string_release);
}

static const Entry *at(const EventLog *log, unsigned place)
{
        return &g_array_index(log->entries, Entry, place);
}

/* The first that has a greater id. */
static unsigned place_after(const EventLog *log, int64_t id)
{
        unsigned low = 0, high = log->entries->len;

        while (low < high) {
                unsigned middle = low + (high - low) / 2;

                if (at(log, middle)->id > id)
                        high = middle;
                else
                        low = middle + 1;
        }
        return low;
}

static const Entry *find(const EventLog *log, int64_t id)
{
        unsigned place = place_after(log, id);

        return place > 0 && at(log, place - 1)->id == id ? at(log, place - 1) : NULL;
}

/* --- VMs by name --- */

/* Those that have gone meanwhile stay in it, for their events. */
static void update_names(EventLog *log)
{
        World *world = api_world(log->api);
        g_autoptr(GPtrArray) vms = NULL;

        if (log->vms_version == world_version(world))
                return;
        log->vms_version = world_version(world);
        if (g_hash_table_size(log->vms) > NAMES_MAX)
                g_hash_table_remove_all(log->vms);
        vms = world_list(world, "VirtualMachine");
        for (unsigned i = 0; i < vms->len; i++) {
                const Managed *vm = vms->pdata[i];
                const VimValue *name = managed_peek(vm, "name");
                const char *known = name != NULL ? g_hash_table_lookup(log->vms, name->text) : NULL;

                if (name != NULL && g_strcmp0(known, vm->id) != 0)
                        g_hash_table_insert(log->vms, g_strdup(name->text), g_strdup(vm->id));
        }
}

static const char *vm_id(EventLog *log, const char *name)
{
        if (name == NULL)
                return NULL;
        update_names(log);
        return g_hash_table_lookup(log->vms, name);
}

/* --- taking up --- */

/* As the inventory does it: see INVENTORY_RECLAIMS_MAX. */
static bool is_reclaim(const Entry *entry)
{
        return entry->kind->journal != NULL && strcmp(entry->kind->journal, "reclaim") == 0;
}

static void trim_reclaims(EventLog *log)
{
        g_autoptr(GArray) all = g_steal_pointer(&log->entries);

        log->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
        g_array_set_clear_func(log->entries, entry_clear);
        g_array_set_clear_func(all, NULL);
        for (unsigned i = 0, left = TRIM; i < all->len; i++) {
                Entry *entry = &g_array_index(all, Entry, i);

                if (left > 0 && is_reclaim(entry)) {
                        entry_clear(entry);
                        left--;
                } else {
                        g_array_append_val(log->entries, *entry);
                }
        }
        log->reclaims -= TRIM;
}

static void trim_all(EventLog *log)
{
        for (unsigned i = 0; i < TRIM; i++)
                log->reclaims -= is_reclaim(at(log, i));
        g_array_remove_range(log->entries, 0, TRIM);
}

static void add(EventLog *log, const InventoryEvent *event, const VimValue *task)
{
        const EventKind *kind = event_kind_of(event->type, event->vm, event->message);
        g_autofree char *user = event_kind_user(kind, event->message);
        Entry entry = {.id = event->id, .time_ms = event->time_ms, .kind = kind};

        if (task != NULL && user[0] == '\0') {
                g_free(user);
                user = g_strdup(vim_get_text(vim_get(task, "reason"), "userName"));
                entry.chain = vim_get_int(task, "eventChainId", 0);
        }
        if (event->vm != NULL)
                entry.vm = g_ref_string_new_intern(event->vm);
        if (user != NULL && user[0] != '\0')
                entry.user = g_ref_string_new_intern(user);
        g_array_append_val(log->entries, entry);
        log->reclaims += is_reclaim(&entry);
        if (log->reclaims >= INVENTORY_RECLAIMS_MAX + TRIM)
                trim_reclaims(log);
        if (log->entries->len >= INVENTORY_EVENTS_MAX + TRIM)
                trim_all(log);
}

static int64_t last_id(const EventLog *log)
{
        return log->entries->len > 0 ? at(log, log->entries->len - 1)->id : 0;
}

EventLog *event_log_new(Api *api, GError **error)
{
        EventLog *log = g_new0(EventLog, 1);

        log->api = api;
        log->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
        g_array_set_clear_func(log->entries, entry_clear);
        log->vms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        for (;;) {
                g_autoptr(GPtrArray) events =
                        inventory_events(api_parts(api)->inventory, last_id(log), CHUNK, error);

                if (events == NULL) {
                        event_log_free(log);
                        return NULL;
                }
                for (unsigned i = 0; i < events->len; i++)
                        add(log, events->pdata[i], NULL);
                if (events->len < CHUNK)
                        return log;
        }
}

void event_log_free(EventLog *log)
{
        g_array_unref(log->entries);
        g_hash_table_unref(log->vms);
        g_free(log);
}

int64_t event_log_update(EventLog *log)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) events =
                inventory_events(api_parts(log->api)->inventory, last_id(log), CHUNK, &error);

        if (events == NULL)
                g_warning("%s", error->message);
        for (unsigned i = 0; events != NULL && i < events->len; i++) {
                const InventoryEvent *event = events->pdata[i];

                /* A VM's event while a task works on it is a part of that. */
                add(log, event,
                    event->vm != NULL ? task_history_running(manager_task_history(log->api), event->vm)
                                      : NULL);
                histories_changed(log->api, &event_history_kind, event->id);
        }
        return last_id(log);
}

VimValue *event_log_read(EventLog *log, int64_t id, bool without_message)
{
        const Entry *entry = find(log, id);
        g_autoptr(GPtrArray) events =
                entry != NULL ? inventory_events(api_parts(log->api)->inventory, id - 1, 1, NULL) : NULL;
        EventContext context = {.api = log->api, .user = "", .without_message = without_message};
        const InventoryEvent *event;

        if (events == NULL || events->len == 0)
                return NULL;
        event = events->pdata[0];
        if (event->id != id)
                return NULL;
        context.vm_id = vm_id(log, event->vm);
        context.chain = entry->chain;
        if (entry->user != NULL)
                context.user = entry->user;
        return event_value(&context, event);
}

/* --- filters --- */

typedef struct EventFilter {
        Scope scope;
        VimValue *value; /* the EventFilterSpec */
        int64_t begin_ms, end_ms;
} EventFilter;

static void event_filter_free(gpointer data)
{
        EventFilter *filter = data;

        scope_clear(&filter->scope);
        vim_unref(filter->value);
        g_free(filter);
}

gpointer event_filter_new(Request *request, const VimValue *value)
{
        const VimValue *time = vim_get(value, "time");
        EventFilter *filter = g_new0(EventFilter, 1);

        scope_init(&filter->scope, vim_get(value, "entity"));
        filter->value = vim_ref(value);
        filter->begin_ms = vim_get_int(time, "beginTime", INT64_MIN / 1000 * 1000) / 1000;
        filter->end_ms = vim_get_int(time, "endTime", INT64_MAX) / 1000;
        if (filter->begin_ms <= filter->end_ms)
                return filter;
        event_filter_free(filter);
        request_invalid(request, "filter.time", "the time ends before it begins");
        return NULL;
}

static bool is_of_type(const EventFilter *filter, const EventKind *kind)
{
        static const char *const fields[] = {"type", "eventTypeId"};
        bool any = false;

        for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++) {
                const VimValue *list = vim_get(filter->value, fields[i]);

                for (unsigned j = 0; j < vim_length(list); j++)
                        if (event_kind_is(kind, vim_item(list, j)->text))
                                return true;
                any |= vim_length(list) > 0;
        }
        return !any;
}

static bool is_of_category(const EventFilter *filter, const EventKind *kind)
{
        const VimValue *list = vim_get(filter->value, "category");

        for (unsigned i = 0; i < vim_length(list); i++)
                if (strcmp(vim_item(list, i)->text, kind->category) == 0)
                        return true;
        return vim_length(list) == 0;
}

/* What a VM did that is gone belongs to its host, too. */
static bool is_in_scope(EventLog *log, const EventFilter *filter, const Entry *entry)
{
        World *world = api_world(log->api);
        const char *id;

        if (filter->scope.id == NULL || entry->vm == NULL)
                return scope_has(&filter->scope, world, NULL);
        id = vm_id(log, entry->vm);
        if (id != NULL && scope_has(&filter->scope, world, id))
                return true;
        return (id == NULL || world_find(world, id) == NULL) && filter->scope.below &&
               scope_has(&filter->scope, world, NULL);
}

/* Alarms, schedules and tags there are none. */
static bool takes(EventLog *log, const EventFilter *filter, const Entry *entry)
{
        const VimValue *spec = filter->value;
        int64_t chain = vim_get_int(spec, "eventChainId", 0);

        return entry->time_ms >= filter->begin_ms && entry->time_ms <= filter->end_ms &&
               is_of_type(filter, entry->kind) && is_of_category(filter, entry->kind) &&
               vim_get(spec, "alarm") == NULL && vim_get(spec, "scheduledTask") == NULL &&
               vim_length(vim_get(spec, "tag")) == 0 &&
               (chain == 0 || chain == (entry->chain != 0 ? entry->chain : entry->id)) &&
               scope_has_user(vim_get(spec, "userName"), entry->user != NULL ? entry->user : "") &&
               is_in_scope(log, filter, entry);
}

/* --- for collectors --- */

static bool matches(Api *api, gconstpointer filter, int64_t number)
{
        EventLog *log = manager_event_log(api);
        const Entry *entry = find(log, number);

        return entry != NULL && takes(log, filter, entry);
}

static int64_t step(Api *api, gconstpointer filter, int64_t from, bool back)
{
        EventLog *log = manager_event_log(api);
        unsigned place = place_after(log, from);

        if (!back) {
                while (place < log->entries->len && !takes(log, filter, at(log, place)))
                        place++;
                return place < log->entries->len ? at(log, place)->id : 0;
        }
        while (place > 0 && !takes(log, filter, at(log, place - 1)))
                place--;
        return place > 0 ? at(log, place - 1)->id : 0;
}

static VimValue *read_event(Api *api, gconstpointer filter, int64_t number)
{
        return event_log_read(
                manager_event_log(api), number,
                vim_get_bool(((const EventFilter *)filter)->value, "disableFullMessage", false));
}

const HistoryKind event_history_kind = {
        .type = "EventHistoryCollector",
        .item = "Event",
        .step = step,
        .matches = matches,
        .read = read_event,
        .free_filter = event_filter_free,
};
