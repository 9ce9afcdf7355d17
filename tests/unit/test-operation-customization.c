/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Methods about customization specifications, and what of a VM's customization needs no guest. */
#include <libvirt/libvirt.h>
#include <string.h>

#include "inventory/catalog.h"
#include "operation/operation.h"

/* libvirt's own driver for tests, with one running VM, "test". It lives as long as the process. */
#define URI       "test:///default"
#define TEST_UUID "6695eb01-f6a4-8304-79aa-97f2502e193f"

typedef struct World {
        Inventory *inventory;
        Operations *operations;
        virConnectPtr connection;
} World;

typedef struct Answer {
        bool done;
        JsonNode *result;
        GError *error;
} Answer;

static void on_event(const char *type, const char *vm, const char *message, gpointer user_data)
{
        (void)type;
        (void)vm;
        (void)message;
        (void)user_data;
}

static void on_changed(gpointer user_data)
{
        (void)user_data;
}

static void set_up(World *world, gconstpointer data)
{
        g_autoptr(GError) error = NULL;
        OperationsParts parts = {.uri = URI, .event = on_event, .changed = on_changed};

        (void)data;
        world->connection = virConnectOpen(URI);
        g_assert_nonnull(world->connection);
        world->inventory = inventory_open(":memory:", &error);
        g_assert_no_error(error);
        parts.inventory = world->inventory;
        world->operations = operations_new(&parts, &error);
        g_assert_no_error(error);
}

static void tear_down(World *world, gconstpointer data)
{
        (void)data;
        operations_free(world->operations);
        inventory_close(world->inventory);
        g_assert_cmpint(virConnectClose(world->connection), >=, 0);
}

static void on_done(JsonNode *result, const GError *error, gpointer user_data)
{
        Answer *answer = user_data;

        answer->done = true;
        answer->result = result != NULL ? json_node_copy(result) : NULL;
        answer->error = error != NULL ? g_error_copy(error) : NULL;
}

/* The state of a task as soon as it has ended. */
static JsonNode *wait_task(World *world, int64_t id)
{
        for (;;) {
                g_autoptr(JsonNode) task = operations_task(world->operations, id, NULL);
                const char *state = json_object_get_string_member(json_node_get_object(task), "state");

                if (strcmp(state, "success") == 0 || strcmp(state, "error") == 0)
                        return g_steal_pointer(&task);
                (void)g_main_context_iteration(NULL, TRUE);
        }
}

/* Calls a method, a task or not, with the arguments' names and values, up to NULL. */
static JsonNode *ask(World *world, GError **error, const char *method, ...) G_GNUC_NULL_TERMINATED;
static JsonNode *ask(World *world, GError **error, const char *method, ...)
{
        g_autoptr(JsonObject) args = json_object_new();
        g_autoptr(JsonNode) task = NULL;
        const char *name;
        int64_t id = -1;
        Answer answer = {0};
        va_list words;

        va_start(words, method);
        while ((name = va_arg(words, const char *)) != NULL)
                json_object_set_string_member(args, name, va_arg(words, const char *));
        va_end(words);
        /* The others are refused before anything is done. */
        if (strcmp(method, "CustomizeVM") == 0 &&
            strcmp(json_object_get_string_member(args, "spec"), "agent") == 0)
                json_object_set_boolean_member(args, "what_if", true);
        g_assert_true(operations_start(world->operations, method, args, on_done, &answer, &id, error));
        if (id == 0) {
                while (!answer.done)
                        (void)g_main_context_iteration(NULL, TRUE);
                if (answer.error != NULL)
                        g_propagate_error(error, answer.error);
                return answer.result;
        }
        task = wait_task(world, id);
        if (strcmp(json_object_get_string_member(json_node_get_object(task), "state"), "success") == 0)
                return json_object_dup_member(json_node_get_object(task), "result");
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                            json_object_get_string_member(json_node_get_object(task), "message"));
        return NULL;
}

#define assert_done(...)                                                                            \
        do {                                                                                        \
                g_autoptr(GError) error_ = NULL;                                                    \
                g_autoptr(JsonNode) result_ G_GNUC_UNUSED = ask(world, &error_, __VA_ARGS__, NULL); \
                g_assert_no_error(error_);                                                          \
        } while (0)

#define assert_refused(code, why, ...)                                         \
        do {                                                                   \
                g_autoptr(GError) error_ = NULL;                               \
                g_assert_null(ask(world, &error_, __VA_ARGS__, NULL));         \
                g_assert_error(error_, G_IO_ERROR, code);                      \
                if (strstr(error_->message, why) == NULL)                      \
                        g_error("\"%s\" is not in: %s", why, error_->message); \
        } while (0)

static void test_specifications(World *world, gconstpointer data)
{
        static const char text[] = "{\"cards\": [{\"address\": \"10.0.0.10-10.0.0.19/24\"}]}";
        g_autoptr(JsonNode) list = NULL, one = NULL, checked = NULL;
        g_autoptr(GError) error = NULL;
        JsonObject *entry;

        (void)data;
        assert_refused(G_IO_ERROR_NOT_FOUND, "makes one", "OverwriteCustomizationSpec", "name", "lab",
                       "text", "{}");
        assert_refused(G_IO_ERROR_INVALID_ARGUMENT, "by is", "CreateCustomizationSpec", "name", "lab",
                       "text", "{\"by\": \"x\"}");
        assert_refused(G_IO_ERROR_INVALID_ARGUMENT, "slash", "CreateCustomizationSpec", "name", "a/b",
                       "text", "{}");
        assert_refused(G_IO_ERROR_INVALID_ARGUMENT, "text", "CreateCustomizationSpec", "name", "lab");
        assert_done("CreateCustomizationSpec", "name", "lab", "text", text);
        assert_refused(G_IO_ERROR_EXISTS, "already", "CreateCustomizationSpec", "name", "lab", "text", "{}");
        one = ask(world, &error, "GetCustomizationSpec", "name", "lab", NULL);
        g_assert_no_error(error);
        g_assert_cmpint(json_object_get_int_member(json_node_get_object(one), "addresses_left"), ==, 10);

        /* What is refused changes nothing. */
        assert_refused(G_IO_ERROR_INVALID_ARGUMENT, "no JSON", "OverwriteCustomizationSpec", "name", "lab",
                       "text", "{");
        assert_done("OverwriteCustomizationSpec", "name", "lab", "text", "{\"by\": \"agent\"}");
        list = ask(world, &error, "ListCustomizationSpecs", NULL);
        g_assert_no_error(error);
        g_assert_cmpuint(json_array_get_length(json_node_get_array(list)), ==, 1);
        entry = json_array_get_object_element(json_node_get_array(list), 0);
        g_assert_false(json_object_has_member(entry, "addresses_left"));
        g_assert_cmpstr(json_object_get_string_member(json_object_get_object_member(entry, "spec"), "by"),
                        ==, "agent");

        checked = ask(world, &error, "CheckCustomizationSpec", "text", text, NULL);
        g_assert_no_error(error);
        assert_refused(G_IO_ERROR_INVALID_ARGUMENT, "JSON", "CheckCustomizationSpec", "text", "");
        assert_done("DeleteCustomizationSpec", "name", "lab");
        assert_refused(G_IO_ERROR_NOT_FOUND, "lab", "DeleteCustomizationSpec", "name", "lab");
        assert_refused(G_IO_ERROR_NOT_FOUND, "shows all", "GetCustomizationSpec", "name", "lab");
}

/* One from an older aerostat that this one does not take is listed with what is wrong with it. */
static void test_old_text(World *world, gconstpointer data)
{
        g_autoptr(JsonNode) list = NULL;
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_true(specification_save(world->inventory, "old", "{\"hostname\": \"x\"}", NULL));
        list = ask(world, &error, "ListCustomizationSpecs", NULL);
        g_assert_no_error(error);
        g_assert_nonnull(
                strstr(json_object_get_string_member(
                               json_array_get_object_element(json_node_get_array(list), 0), "wrong"),
                       "hostname"));
        assert_refused(G_IO_ERROR_INVALID_ARGUMENT, "has to be written anew", "GetCustomizationSpec", "name",
                       "old");
}

static void test_customize(World *world, gconstpointer data)
{
        g_autoptr(Record) record = record_new(TEST_UUID, "test");
        g_autoptr(JsonNode) outcome = NULL;
        g_autoptr(GError) error = NULL;
        unsigned vms;

        (void)data;
        assert_done("CreateCustomizationSpec", "name", "lab", "text",
                    "{\"host_name\": \"{name}-{number}\"}");
        assert_done("CreateCustomizationSpec", "name", "agent", "text",
                    "{\"host_name\": \"{name}-{number}\", \"by\": \"agent\"}");
        assert_done("CreateCustomizationSpec", "name", "cards", "text",
                    "{\"by\": \"agent\", \"cards\": [{\"address\": \"dhcp\"}, {\"address\": \"dhcp\"}]}");
        assert_refused(G_IO_ERROR_FAILED, "there is no VM", "CustomizeVM", "vm", "test", "spec", "lab");
        g_assert_true(record_save(world->inventory, record, NULL));
        assert_refused(G_IO_ERROR_FAILED, "there is no customization specification", "CustomizeVM", "vm",
                       "test", "spec", "none");
        assert_refused(G_IO_ERROR_FAILED, "test is powered on", "CustomizeVM", "vm", "test", "spec", "lab");
        assert_refused(G_IO_ERROR_FAILED, "what to do with 2", "CustomizeVM", "vm", "test", "spec", "cards");
        g_assert_true(customization_count(world->inventory, "cards", G_MAXINT, &vms, NULL));
        g_assert_cmpuint(vms, ==, 0);
        outcome = ask(world, &error, "CustomizeVM", "vm", "test", "spec", "agent", NULL);
        g_assert_no_error(error);
        g_assert_cmpstr(json_object_get_string_member(json_node_get_object(outcome), "host_name"), ==,
                        "test-1");
        /* It was only looked at. */
        g_assert_true(customization_count(world->inventory, "agent", G_MAXINT, &vms, NULL));
        g_assert_cmpuint(vms, ==, 0);

        record->is_template = true;
        g_assert_true(record_save(world->inventory, record, NULL));
        assert_refused(G_IO_ERROR_FAILED, "customize its clones", "CustomizeVM", "vm", "test", "spec",
                       "agent");
        record->is_template = false;
        record->saved = g_strdup("/a/file");
        g_assert_true(record_save(world->inventory, record, NULL));
        assert_refused(G_IO_ERROR_FAILED, "is suspended", "CustomizeVM", "vm", "test", "spec", "agent");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/operation/customization/specifications", World, NULL, set_up, test_specifications,
                   tear_down);
        g_test_add("/operation/customization/old-text", World, NULL, set_up, test_old_text, tear_down);
        g_test_add("/operation/customization/customize", World, NULL, set_up, test_customize, tear_down);
        return g_test_run();
}
