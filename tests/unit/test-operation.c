/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frame of operations, with methods of the test's own: results, tasks, locks, cancelling, bounds. */
#include <string.h>

#include "operation/args.h"
#include "operation/internal.h"

#define URI  "test:///default"
#define UUID "11111111-2222-3333-4444-555555555555"

typedef struct World {
        Inventory *inventory;
        Operations *operations;
        GPtrArray *events; /* "type vm: message" */
        GPtrArray *told;   /* of tasks: "Hold running 40 holds it" */
        GThread *thread;   /* where all is told */
        unsigned changed;
        bool admits;
} World;

/* Methods that wait go on when the gate opens. */
static GMutex gate_mutex;
static GCond gate_cond;
static unsigned entered;
static bool gate_open;

static void pass_gate(void)
{
        g_mutex_lock(&gate_mutex);
        entered++;
        g_cond_broadcast(&gate_cond);
        while (!gate_open)
                g_cond_wait(&gate_cond, &gate_mutex);
        g_mutex_unlock(&gate_mutex);
}

static void set_gate(bool open)
{
        g_mutex_lock(&gate_mutex);
        gate_open = open;
        entered = 0;
        g_cond_broadcast(&gate_cond);
        g_mutex_unlock(&gate_mutex);
}

/* --- the methods --- */

static void add_result(JsonBuilder *result, const char *text)
{
        json_builder_begin_array(result);
        json_builder_add_string_value(result, text);
        json_builder_end_array(result);
}

static const char *result_text(JsonNode *result)
{
        return json_array_get_string_element(json_node_get_array(result), 0);
}

static bool run_echo(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *text = args_text(args, "text", error);

        (void)call;
        if (text == NULL)
                return false;
        add_result(result, text);
        return true;
}

static bool run_hold(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        bool exclusive = true;

        (void)result;
        if (!args_bool_if(args, "exclusive", &exclusive, error) || !call_lock(call, UUID, exclusive, error))
                return false;
        call_progress(call, 40, "holds it");
        pass_gate();
        return true;
}

static bool run_until_cancelled(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        (void)args;
        (void)result;
        pass_gate();
        while (!g_cancellable_set_error_if_cancelled(call_cancellable(call), error))
                g_thread_yield();
        return false;
}

/* Further on in many steps while the gate is shut. */
static bool run_steps(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        (void)args;
        (void)result;
        (void)error;
        for (unsigned i = 1; i <= 50; i++)
                call_progress(call, i, "step %u", i);
        pass_gate();
        return true;
}

/* What it fails with is told by its kind. */
static bool run_fail(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        int64_t code = 0;

        (void)call;
        (void)result;
        if (!args_int_if(args, "code", 0, 1000, &code, error))
                return false;
        if (code == 1000)
                g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "it went wrong");
        else
                g_set_error(error, G_IO_ERROR, (int)code, "it went wrong");
        return false;
}

static bool run_half(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        (void)call;
        (void)args;
        add_result(result, "a part of it");
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no room for the rest");
        return false;
}

/* Two parts, of which the first is done; what is done after that is not shown. */
static bool run_parts(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        bool well;

        call_part(call, 0, 4);
        call_progress(call, 10, "begins");
        call_part(call, 2, 4);
        well = call_method(call, "Hold", args, result, error);
        call_part(call, 0, 0);
        return well && call_method(call, "Steps", args, result, error);
}

/* A method in a method: it may lock what the outer one has locked, and its progress is not seen. */
static bool run_outer(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        return call_lock(call, UUID, true, error) && call_method(call, "Hold", args, result, error);
}

static bool run_world(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        (void)args;
        (void)result;
        call_event(call, "vm", "web1", "says %d", 7);
        call_changed(call);
        return call_admit(call, UUID, "web1", 1, error);
}

static bool run_vm(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name = args_text(args, "vm", error);
        g_autoptr(Record) record = name != NULL ? call_vm(call, name, true, error) : NULL;

        if (record == NULL)
                return false;
        add_result(result, record->uuid);
        return true;
}

/* What else is looked after with each new connection. */
static bool run_nothing(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        (void)call;
        (void)args;
        (void)result;
        (void)error;
        return true;
}

static const Method methods[] = {
        {.name = "ReconcileNetwork", .internal = true, .run = run_nothing},
        {.name = "Echo", .run = run_echo},
        {.name = "Hold", .is_task = true, .run = run_hold},
        {.name = "UntilCancelled", .is_task = true, .run = run_until_cancelled},
        {.name = "Half", .is_task = true, .run = run_half},
        {.name = "Steps", .is_task = true, .run = run_steps},
        {.name = "Fail", .is_task = true, .run = run_fail},
        {.name = "Parts", .is_task = true, .run = run_parts},
        {.name = "Outer", .is_task = true, .run = run_outer},
        {.name = "World", .run = run_world},
        {.name = "VM", .run = run_vm},
};

const Method *method_find(const char *name)
{
        if (strcmp(name, reconcile_methods[0].name) == 0)
                return &reconcile_methods[0];
        for (unsigned i = 0; i < G_N_ELEMENTS(methods); i++)
                if (strcmp(methods[i].name, name) == 0)
                        return &methods[i];
        return NULL;
}

static bool ended_uses_new, can_end = true, ends_slowly;
static unsigned intents_ended;

static bool end_intent(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        if (ends_slowly)
                pass_gate();
        intents_ended++;
        ended_uses_new = uses_new;
        if (can_end)
                return intent_delete(call_inventory(call), intent->id, error);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the disk is not there");
        return false;
}

static const IntentKind kind = {.name = "test", .end = end_intent};

const IntentKind *intent_kind_find(const char *name)
{
        return strcmp(name, kind.name) == 0 ? &kind : NULL;
}

/* --- the daemon's side --- */

static bool admit(const char *uuid, const char *name, uint64_t memory_bytes, gpointer user_data,
                  GError **error)
{
        const World *world = user_data;

        g_assert_cmpstr(uuid, ==, UUID);
        g_assert_cmpstr(name, ==, "web1");
        g_assert_cmpuint(memory_bytes, ==, 1);
        g_assert_true(g_main_context_is_owner(g_main_context_default()));
        if (!world->admits)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no memory is left");
        return world->admits;
}

static void on_event(const char *type, const char *vm, const char *message, gpointer user_data)
{
        World *world = user_data;

        g_ptr_array_add(world->events, g_strdup_printf("%s %s: %s", type, vm != NULL ? vm : "-", message));
}

static void on_changed(gpointer user_data)
{
        ((World *)user_data)->changed++;
}

static void on_task(const TaskRecord *task, gpointer user_data)
{
        World *world = user_data;

        g_assert_true(g_thread_self() == world->thread);
        g_assert_cmpint(task->id, >, 0);
        g_ptr_array_add(world->told,
                        g_strdup_printf("%s %d %u %s", task->method, (int)task->state, task->percent,
                                        task->message != NULL ? task->message : "-"));
}

static void start(World *world, const char *uri)
{
        const OperationsParts parts = {.inventory = world->inventory,
                                       .uri = uri,
                                       .admit = admit,
                                       .event = on_event,
                                       .changed = on_changed,
                                       .task = on_task,
                                       .user_data = world};
        g_autoptr(GError) error = NULL;

        world->operations = operations_new(&parts, &error);
        g_assert_no_error(error);
}

static void set_up(World *world, gconstpointer data)
{
        g_autoptr(GError) error = NULL;

        (void)data;
        world->inventory = inventory_open(":memory:", &error);
        g_assert_no_error(error);
        world->events = g_ptr_array_new_with_free_func(g_free);
        world->told = g_ptr_array_new_with_free_func(g_free);
        world->admits = true;
        world->thread = g_thread_self();
        set_gate(false);
        can_end = true;
        intents_ended = 0;
        start(world, URI);
}

static void tear_down(World *world, gconstpointer data)
{
        (void)data;
        set_gate(true);
        operations_free(world->operations);
        inventory_close(world->inventory);
        g_ptr_array_unref(world->events);
        g_ptr_array_unref(world->told);
}

typedef struct Answer {
        bool done;
        JsonNode *result;
        GError *error;
} Answer;

static void on_done(JsonNode *result, const GError *error, gpointer user_data)
{
        Answer *answer = user_data;

        g_assert_false(answer->done);
        answer->done = true;
        answer->result = result != NULL ? json_node_copy(result) : NULL;
        answer->error = error != NULL ? g_error_copy(error) : NULL;
}

static void answer_clear(Answer *answer)
{
        g_clear_pointer(&answer->result, json_node_unref);
        g_clear_error(&answer->error);
        answer->done = false;
}

static JsonObject *args_of(const char *text)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) node = json_from_string(text, &error);

        g_assert_no_error(error);
        return json_node_dup_object(node);
}

static void ask(World *world, const char *method, const char *text, Answer *answer)
{
        g_autoptr(JsonObject) args = args_of(text);
        g_autoptr(GError) error = NULL;
        int64_t task = -1;

        g_assert_true(operations_start(world->operations, method, args, on_done, answer, &task, &error));
        g_assert_no_error(error);
        g_assert_cmpint(task, ==, 0);
        while (!answer->done)
                (void)g_main_context_iteration(NULL, TRUE);
}

static int64_t begin(World *world, const char *method, const char *text)
{
        g_autoptr(JsonObject) args = args_of(text);
        g_autoptr(GError) error = NULL;
        int64_t task = 0;

        g_assert_true(operations_start(world->operations, method, args, NULL, NULL, &task, &error));
        g_assert_no_error(error);
        g_assert_cmpint(task, >, 0);
        return task;
}

static JsonObject *task_now(World *world, int64_t id)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) node = operations_task(world->operations, id, &error);

        g_assert_no_error(error);
        return json_node_dup_object(node);
}

/* Iterates until the task is in that state, and returns it. */
static JsonObject *wait_state(World *world, int64_t id, const char *state)
{
        for (;;) {
                JsonObject *task = task_now(world, id);

                if (strcmp(json_object_get_string_member(task, "state"), state) == 0)
                        return task;
                json_object_unref(task);
                (void)g_main_context_iteration(NULL, FALSE);
        }
}

static void assert_ends(World *world, int64_t id, const char *state, const char *message)
{
        g_autoptr(JsonObject) task = wait_state(world, id, state);

        g_assert_nonnull(strstr(json_object_get_string_member(task, "message"), message));
        g_assert_cmpint(json_object_get_int_member(task, "ended_ms"), >=,
                        json_object_get_int_member(task, "queued_ms"));
}

/* --- the tests --- */

static void test_answers(World *world, gconstpointer data)
{
        g_autoptr(JsonObject) args = json_object_new();
        g_autoptr(GError) error = NULL;
        Answer answer = {0};

        (void)data;
        ask(world, "Echo", "{\"text\": \"hello\"}", &answer);
        g_assert_no_error(answer.error);
        g_assert_cmpstr(result_text(answer.result), ==, "hello");
        answer_clear(&answer);
        ask(world, "Echo", "{\"text\": 5}", &answer);
        g_assert_error(answer.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_assert_null(answer.result);
        answer_clear(&answer);
        g_assert_false(operations_start(world->operations, "No\nsuch", args, NULL, NULL, NULL, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        g_assert_null(strchr(error->message, '\n'));
}

static void test_task(World *world, gconstpointer data)
{
        int64_t id = begin(world, "Hold", "{\"vm\": \"web1\"}");
        g_autoptr(JsonObject) running = NULL;

        (void)data;
        while (entered == 0)
                (void)g_main_context_iteration(NULL, FALSE);
        running = wait_state(world, id, "running");
        g_assert_cmpstr(json_object_get_string_member(running, "method"), ==, "Hold");
        g_assert_cmpstr(json_object_get_string_member(running, "object"), ==, "web1");
        g_assert_cmpint(json_object_get_int_member(running, "percent"), ==, 40);
        g_assert_cmpstr(json_object_get_string_member(running, "message"), ==, "holds it");
        set_gate(true);
        assert_ends(world, id, "success", "done");
}

static void test_parts_of_a_task(World *world, gconstpointer data)
{
        int64_t id = begin(world, "Parts", "{\"vm\": \"web1\"}");
        g_autoptr(JsonObject) running = NULL;

        (void)data;
        while (entered == 0)
                (void)g_main_context_iteration(NULL, FALSE);
        running = wait_state(world, id, "running");
        /* 40 of 100 of the third quarter. */
        g_assert_cmpint(json_object_get_int_member(running, "percent"), ==, 60);
        g_assert_cmpstr(json_object_get_string_member(running, "message"), ==, "holds it");
        set_gate(true);
        assert_ends(world, id, "success", "done");
}

static void test_task_fails_in_part(World *world, gconstpointer data)
{
        int64_t id = begin(world, "Half", "{}");
        g_autoptr(JsonObject) task = NULL;

        (void)data;
        assert_ends(world, id, "error", "no room for the rest");
        task = task_now(world, id);
        g_assert_cmpstr(result_text(json_object_get_member(task, "result")), ==, "a part of it");
}

static void assert_error_kind(World *world, int64_t id, const char *word)
{
        g_autoptr(JsonObject) task = task_now(world, id);

        g_assert_cmpstr(json_object_get_string_member_with_default(task, "errorKind", NULL), ==, word);
}

/* Also when the task is long gone. */
static void test_error_kinds(World *world, gconstpointer data)
{
        static const struct {
                int code;
                const char *kind;
        } kinds[] = {{G_IO_ERROR_NOT_FOUND, "not_found"},
                     {G_IO_ERROR_EXISTS, "exists"},
                     {G_IO_ERROR_INVALID_ARGUMENT, "invalid_argument"},
                     {G_IO_ERROR_BUSY, "busy"},
                     {G_IO_ERROR_NO_SPACE, "no_space"},
                     {G_IO_ERROR_CANCELLED, "cancelled"},
                     {G_IO_ERROR_NOT_SUPPORTED, "not_supported"},
                     {G_IO_ERROR_FAILED, "failed"},
                     {G_IO_ERROR_PERMISSION_DENIED, "failed"},
                     {1000, "failed"}}; /* of another domain */
        int64_t ids[G_N_ELEMENTS(kinds)], done = begin(world, "Steps", "{}");

        (void)data;
        set_gate(true);
        for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
                g_autofree char *args = g_strdup_printf("{\"code\": %d}", kinds[i].code);

                ids[i] = begin(world, "Fail", args);
                assert_ends(world, ids[i], "error", "it went wrong");
                assert_error_kind(world, ids[i], kinds[i].kind);
        }
        assert_ends(world, done, "success", "done");
        assert_error_kind(world, done, NULL);
        operations_free(world->operations);
        start(world, URI);
        for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
                assert_error_kind(world, ids[i], kinds[i].kind);
}

static const char *last_told(const World *world)
{
        return world->told->len > 0 ? world->told->pdata[world->told->len - 1] : "";
}

/* Each change of state at once; of many steps the last, and few between. */
static void test_told(World *world, gconstpointer data)
{
        (void)data;
        (void)begin(world, "Steps", "{}");
        g_assert_cmpstr(last_told(world), ==, "Steps 0 0 -");
        while (strcmp(last_told(world), "Steps 1 50 step 50") != 0)
                (void)g_main_context_iteration(NULL, TRUE);
        g_assert_cmpuint(world->told->len, <, 10);
        set_gate(true);
        while (strcmp(last_told(world), "Steps 2 100 done") != 0)
                (void)g_main_context_iteration(NULL, TRUE);
        g_ptr_array_set_size(world->told, 0);
        (void)begin(world, "Half", "{}");
        while (strcmp(last_told(world), "Half 3 0 no room for the rest") != 0)
                (void)g_main_context_iteration(NULL, TRUE);
}

static void test_locks(World *world, gconstpointer data)
{
        int64_t first = begin(world, "Hold", "{\"exclusive\": false}"), second, third;

        (void)data;
        while (entered == 0)
                (void)g_main_context_iteration(NULL, FALSE);
        /* Readers together; a writer is told who reads. */
        second = begin(world, "Hold", "{\"exclusive\": false}");
        while (entered == 1)
                (void)g_main_context_iteration(NULL, FALSE);
        third = begin(world, "Hold", "{}");
        assert_ends(world, third, "error", "(Hold) works on it");
        set_gate(true);
        assert_ends(world, first, "success", "done");
        assert_ends(world, second, "success", "done");
        /* Given back with the end of each. */
        assert_ends(world, begin(world, "Hold", "{}"), "success", "done");
        assert_ends(world, begin(world, "Hold", "{}"), "success", "done");
}

static void test_method_in_method(World *world, gconstpointer data)
{
        int64_t id = begin(world, "Outer", "{}");
        g_autoptr(JsonObject) task = NULL;

        (void)data;
        while (entered == 0)
                (void)g_main_context_iteration(NULL, FALSE);
        task = wait_state(world, id, "running");
        g_assert_cmpint(json_object_get_int_member(task, "percent"), ==, 0);
        set_gate(true);
        assert_ends(world, id, "success", "done");
        assert_ends(world, begin(world, "Hold", "{}"), "success", "done");
}

static void test_cancel(World *world, gconstpointer data)
{
        int64_t id = begin(world, "UntilCancelled", "{}");
        g_autoptr(GError) error = NULL;

        (void)data;
        set_gate(true);
        g_assert_true(operations_cancel(world->operations, id, &error));
        g_assert_no_error(error);
        assert_ends(world, id, "error", "cancelled");
        g_assert_false(operations_cancel(world->operations, id, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
        g_clear_error(&error);
        g_assert_false(operations_cancel(world->operations, 12345, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void test_end_cancels(World *world, gconstpointer data)
{
        int64_t id = begin(world, "UntilCancelled", "{}");

        (void)data;
        while (entered == 0)
                (void)g_main_context_iteration(NULL, FALSE);
        set_gate(true);
        operations_free(world->operations);
        start(world, URI);
        assert_ends(world, id, "error", "cancelled");
}

static void test_no_more_than(World *world, gconstpointer data)
{
        g_autoptr(JsonObject) args = json_object_new();
        g_autoptr(GError) error = NULL;
        unsigned n = 0;

        (void)data;
        while (operations_start(world->operations, "Half", args, NULL, NULL, NULL, &error))
                n++;
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_BUSY);
        g_assert_cmpuint(n, >, OPERATIONS_MAX / 2);
        g_assert_cmpuint(n, <=, OPERATIONS_MAX + OPERATION_THREADS);
}

static void test_world(World *world, gconstpointer data)
{
        Answer answer = {0};

        (void)data;
        ask(world, "World", "{}", &answer);
        g_assert_no_error(answer.error);
        g_assert_cmpuint(world->changed, ==, 1);
        g_assert_cmpstr(world->events->pdata[0], ==, "vm web1: says 7");
        answer_clear(&answer);
        world->admits = false;
        ask(world, "World", "{}", &answer);
        g_assert_error(answer.error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
        answer_clear(&answer);
}

static void save_vm(World *world, const char *name, RecordState state)
{
        g_autoptr(Record) record = record_new(UUID, name);
        g_autoptr(GError) error = NULL;

        record->state = state;
        g_assert_true(record_save(world->inventory, record, &error));
        g_assert_no_error(error);
}

static void test_vm(World *world, gconstpointer data)
{
        Answer answer = {0};

        (void)data;
        /* When a task has run, nobody looks any more for VMs that an earlier life has half made. */
        assert_ends(world, begin(world, "Half", "{}"), "error", "no room");
        ask(world, "VM", "{\"vm\": \"web1\"}", &answer);
        g_assert_error(answer.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        answer_clear(&answer);
        save_vm(world, "web1", RECORD_MAKING);
        ask(world, "VM", "{\"vm\": \"web1\"}", &answer);
        g_assert_error(answer.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        answer_clear(&answer);
        save_vm(world, "web1", RECORD_READY);
        ask(world, "VM", "{\"vm\": \"web1\"}", &answer);
        g_assert_no_error(answer.error);
        g_assert_cmpstr(result_text(answer.result), ==, UUID);
        answer_clear(&answer);
        ask(world, "VM", "{\"vm\": \"" UUID "\"}", &answer);
        g_assert_no_error(answer.error);
        answer_clear(&answer);
}

/* An earlier life was killed: its intents are ended before tasks run; where that fails the VM is left alone.
 */
static void test_reconcile(World *world, gconstpointer data)
{
        char *files[] = {(char *)(gintptr) "/nowhere/web1-000001.qcow2", NULL}, *none[] = {NULL};
        Intent intent = {.uuid = (char *)(gintptr)UUID,
                         .kind = (char *)(gintptr) "test",
                         .new_files = files,
                         .old_files = none,
                         .details = (char *)(gintptr) "{}"};
        g_autoptr(GError) error = NULL;
        Answer answer = {0};

        (void)data;
        /* A task runs only when this life has looked. */
        assert_ends(world, begin(world, "Half", "{}"), "error", "no room");
        save_vm(world, "web1", RECORD_READY);
        g_assert_true(intent_save(world->inventory, &intent, &error));
        operations_free(world->operations);
        can_end = false;
        start(world, URI);
        set_gate(true);
        assert_ends(world, begin(world, "Hold", "{}"), "success", "done");
        g_assert_cmpuint(intents_ended, ==, 1);
        g_assert_false(ended_uses_new);
        ask(world, "VM", "{\"vm\": \"web1\"}", &answer);
        g_assert_error(answer.error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
        g_assert_nonnull(strstr(answer.error->message, "the disk is not there"));
        answer_clear(&answer);

        can_end = true;
        operations_free(world->operations);
        start(world, URI);
        assert_ends(world, begin(world, "Hold", "{}"), "success", "done");
        g_assert_cmpuint(intents_ended, ==, 2);
        ask(world, "VM", "{\"vm\": \"web1\"}", &answer);
        g_assert_no_error(answer.error);
        answer_clear(&answer);
}

/* Nothing is done to a VM, by a task or at once, before what was left of it is put right. */
static void test_waits_for_reconciling(World *world, gconstpointer data)
{
        char *none[] = {NULL};
        Intent intent = {.uuid = (char *)(gintptr)UUID,
                         .kind = (char *)(gintptr) "test",
                         .new_files = none,
                         .old_files = none,
                         .details = (char *)(gintptr) "{}"};
        g_autoptr(JsonObject) args = args_of("{\"vm\": \"web1\"}");
        g_autoptr(GError) error = NULL;
        Answer answer = {0};

        (void)data;
        assert_ends(world, begin(world, "Half", "{}"), "error", "no room");
        save_vm(world, "web1", RECORD_READY);
        g_assert_true(intent_save(world->inventory, &intent, &error));
        operations_free(world->operations);
        ends_slowly = true;
        start(world, URI);
        g_assert_true(operations_start(world->operations, "VM", args, on_done, &answer, NULL, &error));
        while (entered == 0)
                (void)g_main_context_iteration(NULL, FALSE);
        for (unsigned i = 0; i < 100; i++)
                (void)g_main_context_iteration(NULL, FALSE);
        g_assert_false(answer.done);
        set_gate(true);
        while (!answer.done)
                (void)g_main_context_iteration(NULL, TRUE);
        g_assert_no_error(answer.error);
        g_assert_cmpstr(result_text(answer.result), ==, UUID);
        g_assert_cmpuint(intents_ended, ==, 1);
        answer_clear(&answer);
        ends_slowly = false;

        /* Nor is it waited for for ever: then it is said why. */
        set_gate(false);
        g_assert_true(intent_save(world->inventory, (intent.id = 0, &intent), &error));
        operations_free(world->operations);
        ends_slowly = true;
        start(world, URI);
        while (entered == 0)
                (void)g_main_context_iteration(NULL, FALSE);
        ask(world, "VM", "{\"vm\": \"web1\"}", &answer);
        g_assert_error(answer.error, G_IO_ERROR, G_IO_ERROR_BUSY);
        g_assert_nonnull(strstr(answer.error->message, "being put right"));
        answer_clear(&answer);
        set_gate(true);
        ends_slowly = false;
}

/* Without libvirt tasks wait, and what needs no task is answered. */
static void test_no_libvirt(World *world, gconstpointer data)
{
        Answer answer = {0};
        int64_t id;

        (void)data;
        operations_free(world->operations);
        start(world, "test:///no/such/file");
        id = begin(world, "Half", "{}");
        ask(world, "Echo", "{\"text\": \"hello\"}", &answer);
        g_assert_no_error(answer.error);
        answer_clear(&answer);
        while (world->events->len == 0)
                (void)g_main_context_iteration(NULL, TRUE);
        g_assert_nonnull(strstr(world->events->pdata[0], "test:///no/such/file"));
        json_object_unref(wait_state(world, id, "queued"));
}

static void test_args(void)
{
        g_autoptr(JsonObject) args =
                args_of("{\"n\": 7, \"t\": \"x\", \"b\": true, \"z\": null, \"l\": [\"a\", \"b\"],"
                        " \"m\": [1], \"o\": {}}");
        g_autoptr(GError) error = NULL;
        g_auto(GStrv) list = NULL;
        JsonObject *object = NULL;
        const char *text = "before";
        int64_t number = 3;
        bool flag = false;

        g_assert_true(args_only(args, &error, "n", "t", "b", "z", "l", "m", "o", NULL));
        g_assert_false(args_only(args, &error, "n", "t", NULL));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_clear_error(&error);
        g_assert_true(args_text_if(args, "z", &text, &error) && args_text_if(args, "none", &text, &error));
        g_assert_cmpstr(text, ==, "before");
        g_assert_null(args_text(args, "z", &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_clear_error(&error);
        g_assert_true(args_int_if(args, "n", 0, 7, &number, &error) && number == 7);
        g_assert_false(args_int_if(args, "n", 0, 6, &number, &error));
        g_clear_error(&error);
        g_assert_false(args_int_if(args, "t", 0, 7, &number, &error));
        g_clear_error(&error);
        g_assert_true(args_bool_if(args, "b", &flag, &error) && flag);
        g_assert_false(args_bool_if(args, "n", &flag, &error));
        g_clear_error(&error);
        g_assert_true(args_object_if(args, "o", &object, &error) && object != NULL);
        g_assert_false(args_object_if(args, "l", &object, &error));
        g_clear_error(&error);
        g_assert_true(args_texts_if(args, "l", 2, &list, &error));
        g_assert_cmpuint(g_strv_length(list), ==, 2);
        g_assert_false(args_texts_if(args, "l", 1, &list, &error));
        g_clear_error(&error);
        g_assert_false(args_texts_if(args, "m", 2, &list, &error));
}

int main(int argc, char **argv)
{
        static const struct {
                const char *path;
                void (*run)(World *world, gconstpointer data);
        } tests[] = {
                {"/operation/answers", test_answers},
                {"/operation/task", test_task},
                {"/operation/parts-of-a-task", test_parts_of_a_task},
                {"/operation/task-fails-in-part", test_task_fails_in_part},
                {"/operation/error-kinds", test_error_kinds},
                {"/operation/told", test_told},
                {"/operation/locks", test_locks},
                {"/operation/method-in-method", test_method_in_method},
                {"/operation/cancel", test_cancel},
                {"/operation/end-cancels", test_end_cancels},
                {"/operation/no-more-than", test_no_more_than},
                {"/operation/world", test_world},
                {"/operation/vm", test_vm},
                {"/operation/reconcile", test_reconcile},
                {"/operation/waits-for-reconciling", test_waits_for_reconciling},
                {"/operation/no-libvirt", test_no_libvirt},
        };

        g_test_init(&argc, &argv, NULL);
        for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].path, World, NULL, set_up, tests[i].run, tear_down);
        g_test_add_func("/operation/args", test_args);
        return g_test_run();
}
