/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operations that a call begins, as they are kept: one by one, in names, without secrets. */
#include <string.h>

#include "api/recorder/step.h"
#include "api/vm/vm.h"

#define DEPTH_MAX 64

void step_operation_free(gpointer data)
{
        Operation *operation = data;

        g_free(operation->name);
        json_object_unref(operation->args);
        g_free(operation);
}

/* --- names --- */

static JsonNode *value_of(JsonObject *object, const char *member, GType type)
{
        JsonNode *node = object != NULL ? json_object_get_member(object, member) : NULL;

        return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type ? node
                                                                                                     : NULL;
}

const char *step_json_text(JsonObject *object, const char *member)
{
        JsonNode *node = value_of(object, member, G_TYPE_STRING);

        return node != NULL ? json_node_get_string(node) : NULL;
}

bool step_json_truth(JsonObject *object, const char *member, bool otherwise)
{
        JsonNode *node = value_of(object, member, G_TYPE_BOOLEAN);

        return node != NULL ? json_node_get_boolean(node) : otherwise;
}

int64_t step_json_number(JsonObject *object, const char *member, int64_t otherwise)
{
        JsonNode *node = value_of(object, member, G_TYPE_INT64);

        return node != NULL ? json_node_get_int(node) : otherwise;
}

JsonObject *step_json_object(JsonObject *object, const char *member)
{
        JsonNode *node = object != NULL ? json_object_get_member(object, member) : NULL;

        return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

JsonArray *step_json_array(JsonObject *object, const char *member)
{
        JsonNode *node = object != NULL ? json_object_get_member(object, member) : NULL;

        return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

JsonArray *step_json_texts(JsonObject *object, const char *member)
{
        JsonArray *array = step_json_array(object, member);

        for (unsigned i = 0; array != NULL && i < json_array_get_length(array); i++) {
                JsonNode *node = json_array_get_element(array, i);

                if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING)
                        return NULL;
        }
        return array;
}

/* Of a VM by its UUID, or what was given. */
static const char *name_of(const Request *request, const char *uuid)
{
        const Managed *vm = world_find_key(request_world(request), "VirtualMachine", uuid);
        const VimValue *name = vm != NULL ? managed_peek(vm, "name") : NULL;

        return name != NULL ? name->text : uuid;
}

/* Of a snapshot by its number. NULL: it is said otherwise, or not there. */
static const char *snapshot_name(Step *step, const Request *request, const char *which)
{
        const Managed *snapshot =
                which[0] == '#' ? world_find_key(request_world(request), "VirtualMachineSnapshot", which + 1)
                                : NULL;

        return snapshot != NULL ? step_add_place(step, snapshot)->snapshot : NULL;
}

/* Cards are told from each other by addresses, which others have elsewhere; one needs no telling. */
static bool has_one_card(const Request *request, const char *vm)
{
        const Managed *managed =
                vm != NULL ? world_find_key(request_world(request), "VirtualMachine", vm) : NULL;
        const Vm *found = vm_of(managed);

        return found != NULL && fact_count(fact_object(found->facts, "hardware"), "cards") == 1;
}

static void name_all(Step *step, const Request *request, const char *operation, JsonObject *args)
{
        const char *vm = step_json_text(args, "vm"), *snapshot = step_json_text(args, "snapshot");
        const char *name = snapshot != NULL ? snapshot_name(step, request, snapshot) : NULL;
        JsonArray *vms = step_json_texts(args, "vms"), *names;

        if ((strcmp(operation, "SetCard") == 0 || strcmp(operation, "RemoveCard") == 0) &&
            has_one_card(request, vm)) {
                json_object_remove_member(args, "mac");
                json_object_remove_member(args, "card");
        }
        /* The question that is asked then has another number. */
        if (strcmp(operation, "AnswerVM") == 0)
                json_object_remove_member(args, "id");
        if (vm != NULL)
                json_object_set_string_member(args, "vm", name_of(request, vm));
        if (name != NULL)
                json_object_set_string_member(args, "snapshot", name);
        if (vms == NULL)
                return;
        names = json_array_new();
        for (unsigned i = 0; i < json_array_get_length(vms); i++)
                json_array_add_string_element(names,
                                              name_of(request, json_array_get_string_element(vms, i)));
        json_object_set_array_member(args, "vms", names);
}

/* --- secrets --- */

/* A specification without its users' passwords. */
static void strip(JsonObject *args)
{
        const char *text = step_json_text(args, "text");
        g_autoptr(JsonNode) node = text != NULL ? json_from_string(text, NULL) : NULL;
        JsonObject *object =
                node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        JsonArray *users = step_json_array(object, "users");
        g_autofree char *stripped = NULL;

        for (unsigned i = 0; users != NULL && i < json_array_get_length(users); i++) {
                JsonNode *user = json_array_get_element(users, i);

                if (JSON_NODE_HOLDS_OBJECT(user))
                        json_object_remove_member(json_node_get_object(user), "password_hash");
        }
        if (object == NULL)
                return;
        stripped = json_to_string(node, TRUE);
        json_object_set_string_member(args, "text", stripped);
}

/* --- one --- */

static JsonObject *copy_of(JsonObject *object)
{
        JsonObject *copy = json_object_new();
        g_autoptr(GList) names = object != NULL ? json_object_get_members(object) : NULL;

        for (GList *name = names; name != NULL; name = name->next)
                json_object_set_member(copy, name->data,
                                       json_node_copy(json_object_get_member(object, name->data)));
        return copy;
}

/* args is taken. */
static void add(Step *step, const Request *request, const char *name, JsonObject *args)
{
        Operation *operation = g_new(Operation, 1);
        g_autofree char *text = NULL;
        g_autoptr(JsonNode) node = NULL;

        name_all(step, request, name, args);
        strip(args);
        node = json_node_init_object(json_node_alloc(), args);
        text = json_to_string(node, FALSE);
        step->bytes += sizeof *operation + strlen(name) + strlen(text);
        *operation = (Operation){.name = g_strdup(name), .args = args};
        g_ptr_array_add(step->operations, operation);
}

static JsonObject *with_text(const char *member, const char *text)
{
        JsonObject *args = json_object_new();

        json_object_set_string_member(args, member, text);
        return args;
}

/* --- folders --- */

static char *in_folder(const char *folder, const char *path)
{
        const char *slash = strrchr(path, '/');

        return g_strconcat(strcmp(folder, "/") == 0 ? "" : folder, "/", slash != NULL ? slash + 1 : path,
                           NULL);
}

static void add_moves(Step *step, const Request *request, JsonObject *args)
{
        JsonArray *folders = step_json_array(args, "folders"), *vms = step_json_array(args, "vms");
        const char *folder = step_json_text(args, "folder");
        JsonObject *moved;

        for (unsigned i = 0; folders != NULL && i < json_array_get_length(folders); i++) {
                const char *path = json_array_get_string_element(folders, i);
                g_autofree char *to = in_folder(folder, path);

                moved = with_text("path", path);
                json_object_set_string_member(moved, "to", to);
                add(step, request, "MoveFolder", moved);
        }
        if (vms == NULL || json_array_get_length(vms) == 0)
                return;
        moved = with_text("folder", folder);
        json_object_set_array_member(moved, "vms", json_array_ref(vms));
        add(step, request, "MoveIntoFolder", moved);
}

/* What is in it first. */
static void add_destroyed(Step *step, const Request *request, const Managed *folder,
                          const char *vm_operation, unsigned depth)
{
        const VimValue *children = managed_peek(folder, "childEntity");

        for (unsigned i = 0; i < vim_length(children) && depth < DEPTH_MAX; i++) {
                const Managed *child = world_resolve(request_world(request), vim_item(children, i));

                if (child == NULL)
                        continue;
                if (vm_of(child) != NULL)
                        add(step, request, vm_operation, with_text("vm", child->key));
                else
                        add_destroyed(step, request, child, vm_operation, depth + 1);
        }
        add(step, request, "DestroyFolder", with_text("path", folder->key + strlen("vm:")));
}

/* --- several --- */

/* The name that it has; of one that is made, that it gets. Owned. */
static char *vm_of_all(const Request *request, JsonObject *args)
{
        JsonObject *made = step_json_object(step_json_object(args, "first"), "args");
        const char *vm = step_json_text(args, "vm"), *name = step_json_text(made, "name"),
                   *path = step_json_text(made, "path");
        JsonArray *names = step_json_array(made, "names");
        char *base;

        if (vm != NULL)
                return g_strdup(name_of(request, vm));
        if (names != NULL && json_array_get_length(names) > 0)
                return g_strdup(json_array_get_string_element(names, 0));
        if (name != NULL || path == NULL)
                return g_strdup(name);
        base = g_path_get_basename(path);
        if (g_str_has_suffix(base, ".vmx"))
                base[strlen(base) - strlen(".vmx")] = '\0';
        return base;
}

static void add_step(Step *step, const Request *request, JsonObject *part, const char *vm, bool own_spec)
{
        const char *method = step_json_text(part, "method");
        JsonObject *args = copy_of(step_json_object(part, "args"));
        JsonArray *vms;

        if (vm != NULL && strcmp(method, "MoveIntoFolder") == 0) {
                vms = json_array_new();
                json_array_add_string_element(vms, vm);
                json_object_set_array_member(args, "vms", vms);
        } else if (vm != NULL) {
                json_object_set_string_member(args, "vm", vm);
        }
        if (own_spec && strcmp(method, "CloneVM") == 0)
                json_object_set_string_member(args, "customization", STEP_SPECIFICATION);
        if (own_spec && strcmp(method, "CustomizeVM") == 0)
                json_object_set_string_member(args, "spec", STEP_SPECIFICATION);
        add(step, request, method, args);
}

static void add_options(Step *step, const Request *request, JsonObject *options, const char *vm)
{
        g_autoptr(GList) names = options != NULL ? json_object_get_members(options) : NULL;

        names = g_list_sort(g_steal_pointer(&names), (GCompareFunc)(void (*)(void))strcmp);
        for (GList *name = names; name != NULL; name = name->next) {
                JsonObject *args = with_text("name", name->data);

                json_object_set_string_member(args, "vm", vm);
                json_object_set_member(args, "value",
                                       json_node_copy(json_object_get_member(options, name->data)));
                add(step, request, "SetOption", args);
        }
}

static void add_all(Step *step, const Request *request, JsonObject *args)
{
        JsonObject *first = step_json_object(args, "first"), *last = step_json_object(args, "last"),
                   *spec = step_json_object(args, "specification"),
                   *settings = step_json_object(args, "settings");
        g_autofree char *vm = vm_of_all(request, args);
        JsonArray *steps = step_json_array(args, "steps");
        JsonObject *own;

        if (spec != NULL) {
                own = with_text("name", STEP_SPECIFICATION);
                json_object_set_string_member(own, "text", step_json_text(spec, "text"));
                add(step, request, "CreateCustomizationSpec", own);
        }
        if (first != NULL)
                add_step(step, request, first, NULL, spec != NULL);
        if (vm != NULL)
                add_options(step, request, step_json_object(args, "options"), vm);
        if (settings != NULL && json_object_get_size(settings) > 0) {
                own = copy_of(settings);
                json_object_set_string_member(own, "vm", vm != NULL ? vm : "");
                add(step, request, "Configure", own);
        }
        for (unsigned i = 0; steps != NULL && i < json_array_get_length(steps); i++)
                add_step(step, request, json_array_get_object_element(steps, i), vm, spec != NULL);
        if (last != NULL)
                add_step(step, request, last, vm, spec != NULL);
        if (spec != NULL)
                add(step, request, "DeleteCustomizationSpec", with_text("name", STEP_SPECIFICATION));
}

void step_add_operation(Step *step, const Request *request, const char *operation, JsonObject *args)
{
        const char *what = step_json_text(args, "vms");

        /* What a client says is taken as it is, but for what changes nothing. */
        if (step->called && step_json_truth(args, "what_if", false))
                return;
        if (step->called) {
                step_add_equals(step, request, operation, args);
                add(step, request, operation, copy_of(args));
                return;
        }
        if (g_str_has_suffix(operation, "FromSpec") || strcmp(operation, "ApplyConfigSpec") == 0)
                add_all(step, request, args);
        else if (strcmp(operation, "MoveIntoFolder") == 0)
                add_moves(step, request, args);
        else if (strcmp(operation, "DestroyFolderTree") == 0)
                add_destroyed(step, request, request_target(request),
                              g_strcmp0(what, "destroy") == 0 ? "DestroyVM" : "UnregisterVM", 0);
        else
                add(step, request, operation, copy_of(args));
}
