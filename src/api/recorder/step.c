/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which calls are kept, and what they name. */
#include "api/recorder/step.h"

#include <string.h>

#include "api/vm/customize.h"

#define HEIGHT_MAX 64
#define DEPTH_MAX  64

/* --- which --- */

/* Whether an operation is called by its name. */
static bool is_operation(const Request *request)
{
        return g_str_has_prefix(request_method(request)->name, "RunOperation");
}

static bool changes(const Request *request)
{
        static const char *const readers[] = {
                "PropertyCollector",  "SearchIndex", "ViewManager",        "SessionManager",
                "ServiceInstance",    "TaskManager", "PerformanceManager", "HostDatastoreBrowser",
                "EnvironmentBrowser", NULL};
        static const char *const verbs[] = {
                "Query",    "Retrieve",      "Find",     "Get",     "List",   "Read",
                "Check",    "Validate",      "Does",     "Has",     "Fetch",  "Search",
                "Wait",     "Acquire",       "XmlTo",    "Browse",  "Lookup", "CreateCollector",
                "Estimate", "Customization", "Describe", "Preview", "Ask",    NULL};
        const Managed *target = request_target(request);
        const char *method = request_method(request)->name;

        /* aerostat's own: it is the operation that changes something, or not. */
        if (is_operation(request))
                method = request_arg_text(request, "operation");
        if (target->owner != NULL || g_strv_contains(readers, target->type->name))
                return false;
        for (unsigned i = 0; verbs[i] != NULL; i++)
                if (g_str_has_prefix(method, verbs[i]))
                        return false;
        return true;
}

bool step_is_secret(const VimType *owner, const char *field)
{
        g_autofree char *lower = g_ascii_strdown(field, -1);

        if (owner != NULL && strcmp(owner->name, "CustomizationPassword") == 0)
                return strcmp(field, "value") == 0;
        if (owner != NULL && strcmp(owner->name, "CustomizationSysprepText") == 0)
                return strcmp(field, "value") == 0;
        return strstr(lower, "password") != NULL || strstr(lower, "secret") != NULL ||
               strstr(lower, "privatekey") != NULL || strstr(lower, "token") != NULL ||
               strstr(lower, "passphrase") != NULL || strcmp(lower, "encryptionkey") == 0 ||
               strcmp(lower, "ticket") == 0;
}

/* --- where --- */

static void place_free(gpointer data)
{
        Place *place = data;

        g_free(place->type);
        g_free(place->path);
        g_free(place->snapshot);
        g_free(place->id);
        g_free(place);
}

/* Up to the root folder, which is not named. NULL: it lies nowhere. */
static char *path_of(const Managed *entity)
{
        char *path = g_strdup("");

        for (unsigned i = 0; i < HEIGHT_MAX; i++) {
                const VimValue *parent = managed_peek(entity, "parent"),
                               *name = managed_peek(entity, "name");
                char *longer;

                if (parent == NULL && i == 0 && g_strcmp0(entity->key, "root") != 0)
                        break;
                if (parent == NULL || name == NULL)
                        return path;
                longer = g_strconcat(name->text, i > 0 ? "/" : "", path, NULL);
                g_free(path);
                path = longer;
                entity = world_resolve(entity->world, parent);
                if (entity == NULL)
                        break;
        }
        g_free(path);
        return NULL;
}

/* The name of a snapshot in the trees of its VM; NULL: not among them. Borrowed. */
static const char *snapshot_name(const VimValue *trees, const char *id, unsigned depth)
{
        for (unsigned i = 0; i < vim_length(trees) && depth < DEPTH_MAX; i++) {
                const VimValue *tree = vim_item(trees, i);
                const char *below;

                if (g_strcmp0(vim_get_text(tree, "snapshot"), id) == 0)
                        return vim_get_text(tree, "name");
                below = snapshot_name(vim_get(tree, "childSnapshotList"), id, depth + 1);
                if (below != NULL)
                        return below;
        }
        return NULL;
}

static void place_snapshot(Place *place, const Managed *snapshot)
{
        g_autoptr(GPtrArray) vms = world_list(snapshot->world, "VirtualMachine");

        for (unsigned i = 0; i < vms->len; i++) {
                const char *name =
                        snapshot_name(vim_get(managed_peek(vms->pdata[i], "snapshot"), "rootSnapshotList"),
                                      snapshot->id, 0);

                if (name == NULL)
                        continue;
                place->snapshot = g_strdup(name);
                place->path = path_of(vms->pdata[i]);
                return;
        }
}

static void add_place(Step *step, World *world, const char *type, const char *id)
{
        const Managed *managed = world_find(world, id);
        Place *place;

        if (g_hash_table_contains(step->places, id))
                return;
        place = g_new0(Place, 1);
        place->id = g_strdup(id);
        place->type = g_strdup(managed != NULL ? managed->type->name : type);
        if (managed != NULL && vim_type_is(managed->type, vim_type("ManagedEntity")))
                place->path = path_of(managed);
        else if (managed != NULL && vim_type_is(managed->type, vim_type("VirtualMachineSnapshot")))
                place_snapshot(place, managed);
        g_hash_table_insert(step->places, g_strdup(id), place);
}

const Place *step_add_place(Step *step, const Managed *managed)
{
        add_place(step, managed->world, managed->type->name, managed->id);
        return step_place(step, managed->id);
}

static void add_places(Step *step, World *world, const VimValue *value, unsigned depth)
{
        if (value == NULL || depth > DEPTH_MAX)
                return;
        step->bytes += sizeof(VimValue);
        if (!value->is_list && (value->type->kind == VIM_STRING || value->type->kind == VIM_REFERENCE))
                step->bytes += strlen(value->text);
        if (value->is_list) {
                for (unsigned i = 0; i < vim_length(value); i++)
                        add_places(step, world, vim_item(value, i), depth + 1);
        } else if (value->type->kind == VIM_OBJECT) {
                for (unsigned i = 0; i < value->type->n_fields; i++)
                        add_places(step, world, value->fields[i], depth + 1);
        } else if (value->type->kind == VIM_REFERENCE) {
                add_place(step, world, value->type->name, value->text);
        }
}

/* --- keeping --- */

static char *field_name(const Step *step, const Managed *target)
{
        const VimValue *key = step_arg(step, "key"), *fields;

        if (key == NULL || strcmp(target->type->name, "CustomFieldsManager") != 0)
                return NULL;
        fields = managed_peek(target, "field");
        for (unsigned i = 0; i < vim_length(fields); i++)
                if (vim_get_int(vim_item(fields, i), "key", -1) == key->integer)
                        return g_strdup(vim_get_text(vim_item(fields, i), "name"));
        return NULL;
}

/* Of CloneVM_Task and CustomizeVM_Task. */
static char *specification_name(const Request *request)
{
        const char *method = request_method(request)->name;
        const VimValue *spec = NULL;

        if (strcmp(method, "CloneVM_Task") == 0)
                spec = vim_get(request_arg(request, "spec"), "customization");
        else if (strcmp(method, "CustomizeVM_Task") == 0)
                spec = request_arg(request, "spec");
        return spec != NULL ? customize_kept_name(api_parts(request_api(request))->inventory, spec) : NULL;
}

static void unref_step(gpointer step)
{
        step_unref(step);
}

static Step *begin(const Managed *target, const VimMethod *method)
{
        Step *step = g_new0(Step, 1);

        step->references = 1;
        step->operations = g_ptr_array_new_with_free_func(step_operation_free);
        step->equals = g_ptr_array_new_with_free_func(unref_step);
        step->method = method;
        step->target = g_strdup(target->id);
        step->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, place_free);
        step->args = g_new0(VimValue *, method->n_params + 1);
        (void)step_add_place(step, target);
        return step;
}

Step *step_new(const Request *request)
{
        const VimMethod *method = request_method(request);
        Step *step;

        if (!changes(request))
                return NULL;
        step = begin(request_target(request), method);
        step->called = is_operation(request);
        for (unsigned i = 0; i < method->n_params; i++) {
                step->args[i] = vim_ref(request_arg(request, method->params[i].name));
                add_places(step, request_world(request), step->args[i], 0);
        }
        step->field = field_name(step, request_target(request));
        step->specification = specification_name(request);
        return step;
}

Step *step_make(const Managed *target, const char *method)
{
        return begin(target, vim_type_method(target->type, method));
}

void step_give(Step *step, World *world, const char *param, VimValue *value)
{
        for (unsigned i = 0; i < step->method->n_params; i++)
                if (strcmp(step->method->params[i].name, param) == 0) {
                        vim_unref(step->args[i]);
                        step->args[i] = vim_fit_field(&step->method->params[i], value);
                        add_places(step, world, step->args[i], 0);
                        return;
                }
        vim_unref(value);
}

Step *step_ref(Step *step)
{
        step->references++;
        return step;
}

void step_unref(Step *step)
{
        if (step == NULL || --step->references > 0)
                return;
        g_ptr_array_unref(step->operations);
        g_ptr_array_unref(step->equals);
        g_free(step->specification);
        for (unsigned i = 0; i < step->method->n_params; i++)
                vim_unref(step->args[i]);
        g_free(step->args);
        g_free(step->target);
        g_free(step->field);
        g_hash_table_unref(step->places);
        g_free(step);
}

const Place *step_place(const Step *step, const char *id)
{
        return g_hash_table_lookup(step->places, id);
}

const VimValue *step_arg(const Step *step, const char *name)
{
        for (unsigned i = 0; i < step->method->n_params; i++)
                if (strcmp(step->method->params[i].name, name) == 0)
                        return step->args[i];
        return NULL;
}
