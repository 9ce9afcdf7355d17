/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/vm-select.h"

#include <string.h>

#include "cli/memory.h"
#include "cli/operation.h"

/* --- all VMs --- */

static void copy_member(JsonObject *object, const char *member, JsonNode *node, gpointer user_data)
{
        (void)object;
        json_object_set_member(user_data, member, json_node_copy(node));
}

/* Members of vm win over those of memory, which may be NULL. */
static JsonObject *merge(JsonObject *vm, JsonObject *memory)
{
        JsonObject *merged = json_object_new();

        if (memory != NULL)
                json_object_foreach_member(memory, copy_member, merged);
        json_object_foreach_member(vm, copy_member, merged);
        return merged;
}

static const char *key_of(JsonObject *vm)
{
        const char *uuid = daemon_json_text(vm, "uuid"), *name = daemon_json_text(vm, "name");

        return uuid != NULL ? uuid : name != NULL ? name : "";
}

/* What the inventory and libvirt say of VMs, and what the memory scheduler says of those that run. */
JsonArray *vm_load_all(ApiClient *client, bool disks, GError **error)
{
        g_autoptr(JsonArray) vms = NULL, memory = NULL, merged = json_array_new();
        g_autoptr(GHashTable) running = g_hash_table_new(g_str_hash, g_str_equal);
        JsonObject *body = json_object_new();

        json_object_set_boolean_member(body, "disks", disks);
        vms = operation_list(client, "ListVMs", body, error);
        memory = vms != NULL ? memory_vms(client, error) : NULL;
        if (memory == NULL)
                return NULL;
        for (guint i = 0; i < json_array_get_length(memory); i++) {
                JsonObject *vm = json_array_get_object_element(memory, i);

                g_hash_table_insert(running, (gpointer)(gintptr)key_of(vm), vm);
        }
        for (guint i = 0; i < json_array_get_length(vms); i++) {
                JsonObject *vm = json_array_get_object_element(vms, i);

                json_array_add_object_element(merged, merge(vm, g_hash_table_lookup(running, key_of(vm))));
        }
        return field_check_all(vm_fields, merged, error) ? g_steal_pointer(&merged) : NULL;
}

/* --- which of them --- */

typedef struct Selection {
        JsonArray *all;
        GPtrArray *found;  /* of JsonObject * */
        GHashTable *known; /* their UUIDs */
        bool adopted;      /* what they are to be */
} Selection;

const char *vm_select_name(JsonObject *vm)
{
        return daemon_json_text(vm, "name");
}

const char *vm_select_uuid(JsonObject *vm)
{
        return key_of(vm);
}

static void add(Selection *selection, JsonObject *vm)
{
        const char *uuid = vm_select_uuid(vm);

        if (g_hash_table_add(selection->known, (gpointer)(gintptr)uuid))
                g_ptr_array_add(selection->found, json_object_ref(vm));
}

/* By name, else by UUID. */
static JsonObject *find(JsonArray *vms, const char *operand, GError **error)
{
        static const char *const members[] = {"name", "uuid"};
        g_autofree char *shown = NULL;

        for (unsigned m = 0; m < G_N_ELEMENTS(members); m++)
                for (guint i = 0; i < json_array_get_length(vms); i++) {
                        JsonObject *vm = json_array_get_object_element(vms, i);

                        if (g_strcmp0(daemon_json_text(vm, members[m]), operand) == 0)
                                return vm;
                }
        shown = cli_escape(operand);
        g_set_error(error, CLI_ERROR, CLI_NOT_FOUND, "there is no VM \"%s\"; 'aerostat vm list' shows all",
                    shown);
        return NULL;
}

JsonObject *vm_find(ApiClient *client, const char *operand, GError **error)
{
        g_autoptr(JsonArray) vms = vm_load_all(client, true, error);
        JsonObject *vm = vms != NULL ? find(vms, operand, error) : NULL;

        return vm != NULL ? json_object_ref(vm) : NULL;
}

static bool add_named(Selection *selection, const char *operand, GError **error)
{
        JsonObject *vm = find(selection->all, operand, error);
        g_autofree char *shown = NULL;

        if (vm == NULL)
                return false;
        if (daemon_json_is_true(vm, "adopted") == selection->adopted) {
                add(selection, vm);
                return true;
        }
        shown = cli_escape(operand);
        if (selection->adopted)
                g_set_error(error, CLI_ERROR, CLI_NOT_FOUND,
                            "VM \"%s\" is not in the inventory; 'aerostat vm adopt' takes it in", shown);
        else
                g_set_error(error, CLI_ERROR, CLI_NOT_FOUND, "VM \"%s\" is in the inventory already", shown);
        return false;
}

/* Whether the folder is the one, or deep and below it. */
static bool is_in(const char *folder, const char *wanted, bool deep)
{
        size_t length = strlen(wanted);

        if (folder == NULL || !g_str_has_prefix(folder, wanted))
                return false;
        return folder[length] == '\0' || (deep && (folder[length] == '/' || strcmp(wanted, "/") == 0));
}

/* Those of the folder; NULL: all. */
static bool add_folder(Selection *selection, const char *folder, bool deep, GError **error)
{
        g_autoptr(GPtrArray) sorted = field_select(selection->all, NULL, &vm_fields[0], false);

        if (folder != NULL && folder[0] != '/') {
                g_autofree char *shown = cli_escape(folder);

                g_set_error(error, CLI_ERROR, CLI_USAGE,
                            "--folder: a folder's path begins with \"/\", and \"%s\" does not", shown);
                return false;
        }
        for (unsigned i = 0; i < sorted->len; i++) {
                JsonObject *vm = sorted->pdata[i];

                if (daemon_json_is_true(vm, "adopted") == selection->adopted &&
                    (folder == NULL || is_in(daemon_json_text(vm, "folder"), folder, deep)))
                        add(selection, vm);
        }
        return true;
}

static void keep(GPtrArray *vms, const FieldFilter *filter)
{
        for (unsigned i = vms->len; i-- > 0;)
                if (!field_filter_match(filter, vms->pdata[i]))
                        g_ptr_array_remove_index(vms, i);
}

static bool has_option(const CliArgs *args, const char *name)
{
        for (const CliOption *o = args->verb->options; o->name != NULL; o++)
                if (strcmp(o->name, name) == 0)
                        return true;
        return false;
}

static bool fill(const CliArgs *args, Selection *selection, unsigned first, GError **error)
{
        bool folders = has_option(args, "recursive");
        const char *folder = folders ? cli_args_get(args, "folder") : NULL;
        bool deep = folders && cli_args_has(args, "recursive");
        bool named = args->operands->len > first;

        for (unsigned i = first; i < args->operands->len; i++)
                if (!add_named(selection, args->operands->pdata[i], error))
                        return false;
        return (named && folder == NULL) || add_folder(selection, folder, deep, error);
}

static bool check(const CliArgs *args, unsigned first, GError **error)
{
        bool folders = has_option(args, "recursive"), filters = has_option(args, "filter");

        if (folders && cli_args_has(args, "recursive") && !cli_args_has(args, "folder")) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "--recursive goes with --folder");
                return false;
        }
        if (args->operands->len > first || (folders && cli_args_has(args, "folder")) ||
            (filters && cli_args_has(args, "filter")))
                return true;
        g_set_error(error, CLI_ERROR, CLI_USAGE, "say which VMs: by their names%s%s",
                    folders ? ", with --folder" : "", filters ? ", with --filter" : "");
        return false;
}

static GPtrArray *select_vms(const CliArgs *args, ApiClient *client, unsigned first, bool adopted,
                             GError **error)
{
        const char *condition = has_option(args, "filter") ? cli_args_get(args, "filter") : NULL;
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
        g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(FieldFilter) filter = NULL;
        g_autoptr(JsonArray) all = NULL;
        Selection selection = {.found = found, .known = known, .adopted = adopted};

        if (!check(args, first, error))
                return NULL;
        if (condition != NULL) {
                filter = field_filter_new(vm_fields, condition, error);
                if (filter == NULL)
                        return NULL;
        }
        all = vm_load_all(client, false, error);
        selection.all = all;
        if (all == NULL || !fill(args, &selection, first, error))
                return NULL;
        if (filter != NULL)
                keep(found, filter);
        if (found->len > 0)
                return g_steal_pointer(&found);
        g_set_error_literal(error, CLI_ERROR, CLI_NOT_FOUND,
                            adopted ? "there is no such VM; 'aerostat vm list' shows all"
                                    : "there is no such VM that is not in the inventory yet");
        return NULL;
}

GPtrArray *vm_select(const CliArgs *args, ApiClient *client, unsigned first, GError **error)
{
        return select_vms(args, client, first, true, error);
}

GPtrArray *vm_select_new(const CliArgs *args, ApiClient *client, unsigned first, GError **error)
{
        return select_vms(args, client, first, false, error);
}

/* --- each of them --- */

static CliStatus do_one(const CliArgs *args, ApiClient *client, JsonObject *vm, const char *method,
                        JsonObject *body, const char *done)
{
        g_autofree char *name = cli_escape(vm_select_name(vm));
        JsonObject *request = json_object_new();
        g_autoptr(JsonNode) result = NULL;
        g_autoptr(GError) error = NULL;

        if (body != NULL)
                json_object_foreach_member(body, copy_member, request);
        json_object_set_string_member(request, "vm", vm_select_uuid(vm));
        if (!operation_do(args, client, method, request, &result, &error)) {
                (void)fflush(stdout);
                fprintf(stderr, "aerostat: %s: %s\n", name, error->message);
                return (CliStatus)error->code;
        }
        if (!has_option(args, "no-wait") || !cli_args_has(args, "no-wait"))
                printf("%s: %s\n", name, done);
        return CLI_OK;
}

CliStatus vm_do_each(const CliArgs *args, ApiClient *client, const GPtrArray *vms, const char *method,
                     JsonObject *body, const char *done)
{
        g_autoptr(JsonObject) owned = body;
        bool what_if = has_option(args, "what-if") && cli_args_has(args, "what-if");
        CliStatus status = CLI_OK;

        for (unsigned i = 0; i < vms->len && !operation_interrupted(); i++) {
                g_autofree char *name = cli_escape(vm_select_name(vms->pdata[i]));
                CliStatus one = CLI_OK;

                if (what_if)
                        printf("What if: %s: %s\n", name, done);
                else
                        one = do_one(args, client, vms->pdata[i], method, owned, done);
                status = one != CLI_OK ? one : status;
        }
        return status;
}
