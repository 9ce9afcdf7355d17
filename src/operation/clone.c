/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CloneVM: one clone or dozens. All that could refuse it is looked at before the first is made; what was
 * made stays when a later one fails, and a second call of the same kind goes on where the first ended.
 */
#include "operation/clone.h"

#include <inttypes.h>
#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"

#define CLONES_MAX     1000
#define IN_FLIGHT_MAX  16
#define NUMBER_MAX     99999
#define ATTRIBUTES_MAX 100

typedef enum CloneState { CLONE_WAITS, CLONE_MADE, CLONE_THERE, CLONE_EXISTS, CLONE_FAILED } CloneState;

typedef struct Clone {
        const char *name; /* the batch's */
        char *uuid;
        CloneState state;
        char *error;
        GIOErrorEnum code; /* of it */
        unsigned percent;
        double seconds;
} Clone;

typedef struct Work {
        Call *call;
        ClonePlan *plan;
        Clone *clones;
        unsigned n;
        GMutex mutex; /* of next, ended and the clones' percent */
        unsigned next;
        unsigned ended;
        bool stop; /* the host cannot take more: no space, or cancelled */
} Work;

/* --- what is asked for --- */

static void clone_args_clear(CloneArgs *args)
{
        g_strfreev(args->names);
        g_strfreev(args->attributes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CloneArgs, clone_args_clear)

static bool read_args(JsonObject *json, CloneArgs *args, GError **error)
{
        args->linked = true;
        args->in_flight = 4;
        if (!args_only(json, error, "vm", "names", "count", "prefix", "folder", "datastore", "snapshot",
                       "customization", "attributes", "linked", "power_on", "template", "what_if", "new",
                       "in_flight", NULL))
                return false;
        args->vm = args_text(json, "vm", error);
        if (args->vm == NULL || !args_texts_if(json, "names", CLONES_MAX, &args->names, error) ||
            !args_int_if(json, "count", 1, CLONES_MAX, &args->count, error) ||
            !args_int_if(json, "in_flight", 1, IN_FLIGHT_MAX, &args->in_flight, error) ||
            !args_text_if(json, "prefix", &args->prefix, error) ||
            !args_text_if(json, "folder", &args->folder, error) ||
            !args_text_if(json, "datastore", &args->datastore, error) ||
            !args_text_if(json, "snapshot", &args->snapshot, error) ||
            !args_text_if(json, "customization", &args->customization, error) ||
            !args_texts_if(json, "attributes", ATTRIBUTES_MAX, &args->attributes, error) ||
            !args_bool_if(json, "linked", &args->linked, error) ||
            !args_bool_if(json, "power_on", &args->power_on, error) ||
            !args_bool_if(json, "template", &args->as_template, error) ||
            !args_bool_if(json, "what_if", &args->what_if, error) ||
            !args_bool_if(json, "new", &args->anew, error))
                return false;
        if ((args->names != NULL && args->names[0] != NULL) == (args->count > 0))
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "either the clones' names are to be given, or how many (\"count\")");
        if (args->names != NULL && args->prefix != NULL)
                return operation_refuse(
                        error, G_IO_ERROR_INVALID_ARGUMENT,
                        "a prefix is for names that are counted, not for names that are given");
        return true;
}

/* --- the names --- */

/* "Tmpl Capture 1.0" -> "Capture"; a name of one word is its own. */
static char *prefix_of(const char *parent)
{
        g_auto(GStrv) words = g_strsplit_set(parent, " \t", -1);
        const char *found[2] = {NULL, NULL};
        unsigned n = 0;

        for (char **word = words; *word != NULL && n < 2; word++)
                if (**word != '\0')
                        found[n++] = *word;
        return g_strdup(found[1] != NULL ? found[1] : found[0]);
}

/* The number of a counted name: "Capture07" is 7 of "Capture". -1: not one. */
static int64_t number_of(const char *name, const char *prefix)
{
        size_t length = strlen(prefix);
        guint64 number;

        if (strncmp(name, prefix, length) != 0 || strlen(name + length) < 2 ||
            !g_ascii_string_to_unsigned(name + length, 10, 0, NUMBER_MAX, &number, NULL))
                return -1;
        return (int64_t)number;
}

/* Those that count on from the highest number there is. */
static char **counted_names(Call *call, const CloneArgs *args, const Record *parent, GError **error)
{
        g_autofree char *prefix = args->prefix != NULL ? g_strdup(args->prefix) : prefix_of(parent->name);
        g_autoptr(GPtrArray) records = record_list(call_inventory(call), NULL, false, error);
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        int64_t highest = 0;

        if (records == NULL)
                return NULL;
        for (unsigned i = 0; i < records->len; i++)
                highest = MAX(highest, number_of(((const Record *)records->pdata[i])->name, prefix));
        if (highest + args->count > NUMBER_MAX) {
                (void)operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                       "there is already a \"%s%" PRId64 "\": numbers end at %d", prefix,
                                       highest, NUMBER_MAX);
                return NULL;
        }
        for (int64_t i = 1; i <= args->count; i++)
                g_ptr_array_add(names, g_strdup_printf("%s%02" PRId64, prefix, highest + i));
        g_ptr_array_add(names, NULL);
        return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

static bool check_names(char **names, GError **error)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

        for (char **name = names; *name != NULL; name++) {
                if (!catalog_check_name("virtual machine", *name, error))
                        return false;
                if (!g_hash_table_add(seen, *name))
                        return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                                "\"%s\" is to be made twice", *name);
        }
        return true;
}

/* --- the batch: which names, and which of them were made before --- */

/* What makes two calls the same, so that the second goes on with the first. */
static char *request_text(JsonObject *json)
{
        static const char *const members[] = {"count",    "prefix",        "names",  "folder",  "datastore",
                                              "snapshot", "customization", "linked", "template"};
        g_autoptr(JsonObject) same = json_object_new();
        g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);

        for (unsigned i = 0; i < G_N_ELEMENTS(members); i++) {
                JsonNode *value = json_object_get_member(json, members[i]);

                if (value != NULL)
                        json_object_set_member(same, members[i], json_node_copy(value));
        }
        json_node_set_object(node, same);
        return json_to_string(node, FALSE);
}

/*
 * Where this call is the only one that makes clones of the parent: what an earlier one left undone, if it
 * was the same, or (id 0) a new one, which is not saved yet. Beside another call names can be made, but not
 * counted on.
 */
static Batch *batch_for(Call *call, const CloneArgs *args, JsonObject *json, const Record *parent,
                        bool alone, GError **error)
{
        g_autofree char *request = request_text(json);
        g_autoptr(GError) inner = NULL;
        g_autoptr(Batch) batch = alone ? batch_find(call_inventory(call), parent->uuid, &inner) : NULL;
        char **names;

        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
                return NULL;
        }
        if (batch != NULL && !args->anew && strcmp(batch->request, request) == 0)
                return g_steal_pointer(&batch);
        names = args->names != NULL ? g_strdupv(args->names) : counted_names(call, args, parent, error);
        if (names == NULL || !check_names(names, error)) {
                g_strfreev(names);
                return NULL;
        }
        g_clear_pointer(&batch, batch_free);
        batch = g_new0(Batch, 1);
        batch->parent = g_strdup(parent->uuid);
        batch->request = g_steal_pointer(&request);
        batch->names = names;
        batch->begun_ms = g_get_real_time() / 1000;
        return g_steal_pointer(&batch);
}

/* In place of the one before, which nobody will go on with. */
static bool begin_batch(Call *call, Batch *batch, GError **error)
{
        g_autoptr(GError) inner = NULL;
        g_autoptr(Batch) before = batch_find(call_inventory(call), batch->parent, &inner);

        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
                return false;
        }
        return (before == NULL || batch_delete(call_inventory(call), before->id, error)) &&
               batch_save(call_inventory(call), batch, error);
}

/* Numbers count on from the highest there is, so nobody else may be counting. */
static bool lock_batch(Call *call, const CloneArgs *args, const Record *parent, bool *ret_alone,
                       GError **error)
{
        g_autofree char *key = g_strconcat("clones of ", parent->name, NULL);

        *ret_alone = call_lock(call, key, true, args->count > 0 ? error : NULL);
        return *ret_alone || args->count == 0;
}

/* A clone that an earlier call made is there; any other VM of that name is in the way. */
static void look_for(Call *call, Clone *clone, const Record *parent, bool goes_on)
{
        g_autoptr(Record) record = record_find(call_inventory(call), clone->name, NULL);

        if (record == NULL)
                return;
        if (goes_on && record->state == RECORD_READY && g_strcmp0(record->parent, parent->uuid) == 0)
                clone->state = CLONE_THERE;
        else
                clone->state = CLONE_EXISTS;
        clone->uuid = g_strdup(record->uuid);
}

/* --- making them --- */

typedef struct Progress {
        Work *work;
        Clone *clone;
} Progress;

/* By the mutex. */
static void tell_progress(Work *work, const char *name)
{
        unsigned sum = 0;

        for (unsigned i = 0; i < work->n; i++)
                sum += work->clones[i].percent;
        call_progress(work->call, sum / work->n, "%u of %u are there; making %s", work->ended, work->n,
                      name);
}

static void on_copied(unsigned percent, gpointer user_data)
{
        Progress *progress = user_data;
        Work *work = progress->work;

        g_mutex_lock(&work->mutex);
        progress->clone->percent = MIN(percent, 99U);
        tell_progress(work, progress->clone->name);
        g_mutex_unlock(&work->mutex);
}

static Clone *next_clone(Work *work)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&work->mutex);

        work->stop = work->stop || g_cancellable_is_cancelled(call_cancellable(work->call));
        while (!work->stop && work->next < work->n) {
                Clone *clone = &work->clones[work->next++];

                if (clone->state == CLONE_WAITS) {
                        tell_progress(work, clone->name);
                        return clone;
                }
        }
        return NULL;
}

static void set_error(Clone *clone, const GError *error)
{
        clone->error = g_strdup(error->message);
        clone->code = error->domain == G_IO_ERROR ? (GIOErrorEnum)error->code : G_IO_ERROR_FAILED;
}

static gpointer make_clones(gpointer data)
{
        Work *work = data;
        Clone *clone;

        while ((clone = next_clone(work)) != NULL) {
                Progress progress = {.work = work, .clone = clone};
                int64_t begun_us = g_get_monotonic_time();
                g_autoptr(GError) error = NULL;
                bool made = clone_make(work->call, work->plan, clone->name, on_copied, &progress,
                                       &clone->uuid, &error);

                g_mutex_lock(&work->mutex);
                clone->seconds = (double)(g_get_monotonic_time() - begun_us) / G_USEC_PER_SEC;
                clone->percent = 100;
                if (made)
                        clone->state = CLONE_MADE;
                else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_EXISTS))
                        clone->state = CLONE_EXISTS;
                else
                        clone->state = CLONE_FAILED;
                if (!made)
                        set_error(clone, error);
                work->ended += made;
                work->stop = work->stop || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ||
                             g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
                g_mutex_unlock(&work->mutex);
        }
        return NULL;
}

static void make_all(Work *work, unsigned in_flight)
{
        GThread *threads[IN_FLIGHT_MAX] = {NULL};

        /* This thread is one of them: where no other can be had, it makes them all. */
        for (unsigned i = 1; i < in_flight; i++)
                threads[i] = g_thread_try_new("clone", make_clones, work, NULL);
        (void)make_clones(work);
        for (unsigned i = 1; i < in_flight; i++)
                if (threads[i] != NULL)
                        (void)g_thread_join(threads[i]);
}

/* --- the report --- */

static const char *const state_names[] = {"waits", "made", "made before", "exists", "failed"};

static void report(const Work *work, bool what_if, bool goes_on, double seconds, JsonBuilder *result)
{
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "parent");
        json_builder_add_string_value(result, work->plan->parent->name);
        json_builder_set_member_name(result, "linked");
        json_builder_add_boolean_value(result, work->plan->linked);
        json_builder_set_member_name(result, "what_if");
        json_builder_add_boolean_value(result, what_if);
        json_builder_set_member_name(result, "goes_on");
        json_builder_add_boolean_value(result, goes_on);
        json_builder_set_member_name(result, "seconds");
        json_builder_add_double_value(result, seconds);
        json_builder_set_member_name(result, "clones");
        json_builder_begin_array(result);
        for (unsigned i = 0; i < work->n; i++) {
                const Clone *clone = &work->clones[i];

                json_builder_begin_object(result);
                json_builder_set_member_name(result, "name");
                json_builder_add_string_value(result, clone->name);
                json_builder_set_member_name(result, "state");
                json_builder_add_string_value(result, state_names[clone->state]);
                json_builder_set_member_name(result, "seconds");
                json_builder_add_double_value(result, clone->seconds);
                json_builder_set_member_name(result, "error");
                if (clone->error != NULL)
                        json_builder_add_string_value(result, clone->error);
                else
                        json_builder_add_null_value(result);
                json_builder_end_object(result);
        }
        json_builder_end_array(result);
        json_builder_end_object(result);
}

/* Whether all are there; if not, an error with what was made and why no more. */
static bool judge(const Work *work, GError **error)
{
        unsigned n[G_N_ELEMENTS(state_names)] = {0};
        const Clone *first = NULL;

        for (unsigned i = 0; i < work->n; i++) {
                const Clone *clone = &work->clones[i];

                n[clone->state]++;
                if (first == NULL && (clone->state == CLONE_FAILED || clone->state == CLONE_EXISTS))
                        first = clone;
        }
        if (n[CLONE_MADE] + n[CLONE_THERE] == work->n)
                return true;
        if (first == NULL)
                return operation_refuse(
                        error, G_IO_ERROR_CANCELLED,
                        "%u of %u clones were made, then it was cancelled; the same call goes on",
                        n[CLONE_MADE] + n[CLONE_THERE], work->n);
        if (work->n == 1 && first->error != NULL)
                return operation_refuse(error, first->code, "%s", first->error);
        return operation_refuse(error, first->state == CLONE_EXISTS ? G_IO_ERROR_EXISTS : G_IO_ERROR_FAILED,
                                "%u of %u clones are there; %s: %s", n[CLONE_MADE] + n[CLONE_THERE], work->n,
                                first->name,
                                first->error != NULL ? first->error : "a VM of that name is there already");
}

static unsigned find_clones(Work *work, const Batch *batch, bool goes_on)
{
        unsigned waiting = 0;

        work->n = g_strv_length(batch->names);
        work->clones = g_new0(Clone, work->n);
        for (unsigned i = 0; i < work->n; i++) {
                Clone *clone = &work->clones[i];

                clone->name = batch->names[i];
                look_for(work->call, clone, work->plan->parent, goes_on);
                waiting += clone->state == CLONE_WAITS;
                clone->percent = clone->state != CLONE_WAITS ? 100 : 0;
                work->ended += clone->state == CLONE_THERE;
        }
        return waiting;
}

static void work_clear(Work *work)
{
        for (unsigned i = 0; i < work->n; i++) {
                g_free(work->clones[i].uuid);
                g_free(work->clones[i].error);
        }
        g_free(work->clones);
        g_mutex_clear(&work->mutex);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* Makes those that wait, and ends the batch when all are there. */
static bool do_work(Work *work, const Batch *batch, bool goes_on, unsigned in_flight, JsonBuilder *result,
                    GError **error)
{
        Call *call = work->call;
        const ClonePlan *plan = work->plan;
        int64_t begun_us = g_get_monotonic_time();
        double seconds;

        make_all(work, in_flight);
        seconds = (double)(g_get_monotonic_time() - begun_us) / G_USEC_PER_SEC;
        report(work, false, goes_on, seconds, result);
        call_event(call, "vm", plan->parent->name, "%u of %u %s clones made in %.1f s", work->ended, work->n,
                   plan->linked ? "linked" : "full", seconds);
        call_changed(call);
        return judge(work, error) &&
               (batch->id == 0 || batch_delete(call_inventory(call), batch->id, error));
}

static bool run_clone(Call *call, JsonObject *json, JsonBuilder *result, GError **error)
{
        g_auto(CloneArgs) args = {0};
        g_autoptr(ClonePlan) plan = NULL;
        g_autoptr(Batch) batch = NULL;
        g_auto(Work) work = {.call = call};
        bool goes_on, alone = false;

        g_mutex_init(&work.mutex);
        if (!read_args(json, &args, error))
                return false;
        plan = clone_plan_new(call, &args, error);
        work.plan = plan;
        if (plan == NULL || !lock_batch(call, &args, plan->parent, &alone, error))
                return false;
        batch = batch_for(call, &args, json, plan->parent, alone, error);
        if (batch == NULL)
                return false;
        goes_on = batch->id != 0;
        if (!clone_plan_customize(call, plan, &args, find_clones(&work, batch, goes_on), error))
                return false;
        if (args.what_if) {
                report(&work, true, goes_on, 0, result);
                return true;
        }
        return (goes_on || !alone || begin_batch(call, batch, error)) &&
               do_work(&work, batch, goes_on, (unsigned)args.in_flight, result, error);
}

const Method clone_methods[] = {
        {.name = "CloneVM", .is_task = true, .run = run_clone},
        {.name = NULL},
};
