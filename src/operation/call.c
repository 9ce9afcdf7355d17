/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a method is given to work with. */
#include <string.h>

#include "operation/internal.h"
#include "operation/left-home.h"
#include "operation/vm.h"

/* How long the daemon's own look at a VM is waited for. */
#define LOOK_TRIES   1000
#define LOOK_POLL_US 10000

/* --- in the main context, for a thread that waits for it --- */

typedef struct MainJob {
        void (*run)(Call *call, gpointer data);
        Call *call;
        gpointer data;
        GMutex mutex;
        GCond cond;
        bool done;
} MainJob;

static gboolean run_main_job(gpointer data)
{
        MainJob *job = data;

        job->run(job->call, job->data);
        g_mutex_lock(&job->mutex);
        job->done = true;
        g_cond_signal(&job->cond);
        g_mutex_unlock(&job->mutex);
        return G_SOURCE_REMOVE;
}

static void in_main(Call *call, void (*run)(Call *call, gpointer data), gpointer data)
{
        MainJob job = {.run = run, .call = call, .data = data};

        g_mutex_init(&job.mutex);
        g_cond_init(&job.cond);
        g_mutex_lock(&job.mutex);
        (void)g_idle_add_full(G_PRIORITY_DEFAULT, run_main_job, &job, NULL);
        while (!job.done)
                g_cond_wait(&job.cond, &job.mutex);
        g_mutex_unlock(&job.mutex);
        g_cond_clear(&job.cond);
        g_mutex_clear(&job.mutex);
}

Operations *call_operations(Call *call)
{
        return call->operations;
}

const OperationsParts *call_parts(Call *call)
{
        return &call->operations->parts;
}

Inventory *call_inventory(Call *call)
{
        return call->operations->parts.inventory;
}

GCancellable *call_cancellable(Call *call)
{
        return call->cancellable;
}

virConnectPtr call_connection(Call *call, GError **error)
{
        Call *root = call->root;
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&root->mutex);

        if (root->connection == NULL)
                root->connection = connection_get(root->operations->connection, &root->generation, error);
        return root->connection;
}

bool call_lock(Call *call, const char *uuid, bool exclusive, GError **error)
{
        g_autoptr(Record) record = record_load(call_inventory(call), uuid, NULL);
        Locks *locks = call->operations->locks;
        bool passing = call->root->method->internal;

        /* The daemon's own looks at VMs are short, and nobody should be refused for them. */
        for (unsigned i = 0;; i++) {
                g_autoptr(GError) busy = NULL;

                if (locks_take(locks, call->root, call->root->what, passing, uuid,
                               record != NULL ? record->name : uuid, exclusive, &busy)) {
                        if (exclusive)
                                call_touch(call, uuid);
                        return true;
                }
                if (passing || i >= LOOK_TRIES || !locks_are_passing(locks, call->root, uuid)) {
                        g_propagate_error(error, g_steal_pointer(&busy));
                        return false;
                }
                g_usleep(LOOK_POLL_US);
        }
}

void call_touch(Call *call, const char *uuid)
{
        Call *root = call->root;
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&root->mutex);

        /* Locks are taken of other things, too. */
        if (!g_uuid_string_is_valid(uuid))
                return;
        if (root->touched == NULL)
                root->touched = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        (void)g_hash_table_add(root->touched, g_strdup(uuid));
}

void call_unlock(Call *call, const char *uuid)
{
        locks_give(call->operations->locks, call->root, uuid);
}

Record *call_find(Call *call, const char *name, GError **error)
{
        g_autoptr(GError) inner = NULL;
        Record *record = record_find(call_inventory(call), name, &inner);

        if (record == NULL && inner == NULL)
                record = record_load(call_inventory(call), name, &inner);
        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
                return NULL;
        }
        if (record == NULL || record->state != RECORD_READY) {
                g_autofree char *shown = g_strescape(name, NULL);

                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            record == NULL ? "there is no VM \"%.200s\"; 'aerostat vm list' shows all"
                                           : "VM \"%.200s\" is being made or deleted",
                            shown);
                g_clear_pointer(&record, record_free);
        }
        return record;
}

/* Before the first reconciling has come to it, it is not to be touched: what was begun is ended first. */
static bool check_left(Call *call, const Record *record, GError **error)
{
        bool reconciled;

        g_mutex_lock(&call->operations->mutex);
        reconciled = call->operations->reconciled != 0;
        g_mutex_unlock(&call->operations->mutex);
        if (reconciled || call->root->method->internal || !vm_has_intent(call, record->uuid))
                return true;
        g_set_error(
                error, G_IO_ERROR, G_IO_ERROR_BUSY,
                "VM \"%s\" was left half-changed when the daemon ended, and is being put right; try again "
                "soon",
                record->name);
        return false;
}

Record *call_vm(Call *call, const char *name, bool exclusive, GError **error)
{
        g_autoptr(Record) found = call_find(call, name, error);
        g_autofree char *stuck = NULL;

        if (found == NULL || !check_left(call, found, error) ||
            !call_lock(call, found->uuid, exclusive, error))
                return NULL;
        stuck = operations_get_stuck(call->operations, found->uuid);
        if (stuck != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "VM \"%s\" was left half-changed, and that could not be put right: %s. When the "
                            "cause is gone, 'aerostat vm reconcile' tries again",
                            found->name, stuck);
                return NULL;
        }
        if (exclusive)
                (void)left_home_settle(call, found->uuid);
        /* As it is now that nobody else changes it. */
        return call_find(call, found->uuid, error);
}

/* As UTF-8, which names of files in it need not be. */
static char *format_valid(const char *format, va_list words) __attribute__((format(printf, 1, 0)));

static char *format_valid(const char *format, va_list words)
{
        g_autofree char *text = g_strdup_vprintf(format, words);

        return g_utf8_make_valid(text, -1);
}

/* The mutex is held. message: taken; NULL: as it is. Of a part: where that is in the whole, and never back.
 */
static void show_progress(Call *call, unsigned percent, char *message)
{
        Call *root = call->root;

        if (call != root && root->part_to == 0) {
                g_free(message);
                return;
        }
        if (call != root)
                percent = MAX(root->task.percent,
                              root->part_from + (root->part_to - root->part_from) * percent / 100);
        root->task.percent = percent;
        if (message != NULL) {
                g_free(root->task.message);
                root->task.message = message;
        }
        task_tell_progress(root);
}

void call_progress(Call *call, unsigned percent, const char *format, ...)
{
        char *message;
        va_list words;

        va_start(words, format);
        message = format_valid(format, words);
        va_end(words);
        g_mutex_lock(&call->operations->mutex);
        show_progress(call, MIN(percent, 100U), message);
        g_mutex_unlock(&call->operations->mutex);
}

void call_part(Call *call, unsigned index, unsigned of)
{
        Call *root = call->root;

        g_mutex_lock(&call->operations->mutex);
        root->part_from = of > 0 ? 100 * index / of : 0;
        root->part_to = of > 0 ? 100 * (index + 1) / of : 0;
        if (of > 0)
                show_progress(root, MAX(root->task.percent, root->part_from), NULL);
        g_mutex_unlock(&call->operations->mutex);
}

typedef struct EventWords {
        const char *type, *vm, *message;
} EventWords;

static void say(Call *call, gpointer data)
{
        const EventWords *words = data;
        const OperationsParts *parts = &call->operations->parts;

        parts->event(words->type, words->vm, words->message, parts->user_data);
}

void call_event(Call *call, const char *type, const char *vm, const char *format, ...)
{
        g_autofree char *message = NULL;
        va_list words;

        va_start(words, format);
        message = format_valid(format, words);
        va_end(words);
        in_main(call, say, &(EventWords){.type = type, .vm = vm, .message = message});
}

typedef struct Admission {
        const char *uuid, *name;
        uint64_t memory_bytes;
        bool admitted;
        GError **error;
} Admission;

static void admit(Call *call, gpointer data)
{
        const OperationsParts *parts = &call->operations->parts;
        Admission *admission = data;

        admission->admitted = parts->admit(admission->uuid, admission->name, admission->memory_bytes,
                                           parts->user_data, admission->error);
}

bool call_admit(Call *call, const char *uuid, const char *name, uint64_t memory_bytes, GError **error)
{
        Admission admission = {.uuid = uuid, .name = name, .memory_bytes = memory_bytes, .error = error};

        if (call->operations->parts.admit == NULL)
                return true;
        in_main(call, admit, &admission);
        return admission.admitted;
}

typedef struct Configuration {
        const char *uuid;
        GHashTable *options;
        bool done;
        GError **error;
} Configuration;

static void configure(Call *call, gpointer data)
{
        const OperationsParts *parts = &call->operations->parts;
        Configuration *wanted = data;

        wanted->done = parts->configure(wanted->uuid, wanted->options, parts->user_data, wanted->error);
}

bool call_configure(Call *call, const char *uuid, GHashTable *options, GError **error)
{
        Configuration wanted = {.uuid = uuid, .options = options, .error = error};

        if (call->operations->parts.configure == NULL)
                return operation_refuse(error, G_IO_ERROR_NOT_SUPPORTED,
                                        "there is no memory scheduler here");
        in_main(call, configure, &wanted);
        return wanted.done;
}

static void tell_changed(Call *call, gpointer data)
{
        (void)data;
        call->operations->parts.changed(call->operations->parts.user_data);
}

void call_changed(Call *call)
{
        in_main(call, tell_changed, NULL);
}

bool call_method(Call *call, const char *name, JsonObject *args, JsonBuilder *result, GError **error)
{
        const Method *method = method_find(name);
        Call part = {.operations = call->operations,
                     .root = call->root,
                     .method = method,
                     .cancellable = call->cancellable};
        bool done;

        g_assert(method != NULL);
        done = method->run(&part, args, result, error);
        return done;
}

static void next_free(gpointer data)
{
        Next *next = data;

        g_free(next->uuid);
        g_free(next);
}

void call_begin_after(Call *call, const char *method, const char *uuid)
{
        Next *next = g_new0(Next, 1);
        Call *root = call->root;

        next->method = method;
        next->uuid = g_strdup(uuid);
        if (root->after == NULL)
                root->after = g_ptr_array_new_with_free_func(next_free);
        g_ptr_array_add(root->after, next);
}

bool operation_refuse(GError **error, GIOErrorEnum code, const char *format, ...)
{
        g_autofree char *message = NULL;
        va_list words;

        va_start(words, format);
        message = g_strdup_vprintf(format, words);
        va_end(words);
        g_set_error_literal(error, G_IO_ERROR, (int)code, message);
        return false;
}

bool call_is_reconciled(Call *call)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&call->operations->mutex);

        return call->operations->reconciled == call->root->generation;
}

void call_set_reconciled(Call *call)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&call->operations->mutex);

        call->operations->reconciled = call->root->generation;
}

/* --- VMs that could not be put right --- */

char *operations_get_stuck(Operations *operations, const char *uuid)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&operations->mutex);

        return g_strdup(g_hash_table_lookup(operations->stuck, uuid));
}

void operations_set_stuck(Operations *operations, const char *uuid, const char *reason)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&operations->mutex);

        if (reason != NULL)
                g_hash_table_insert(operations->stuck, g_strdup(uuid), g_strdup(reason));
        else
                g_hash_table_remove(operations->stuck, uuid);
}
