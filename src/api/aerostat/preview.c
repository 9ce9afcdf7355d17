/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PreviewAllocation: who would gain and who would lose. */
#include "scheduler/preview.h"

#include <string.h>

#include "api/aerostat/aerostat.h"
#include "api/host/allocation.h"
#include "api/host/host.h"
#include "api/internal.h"

/* One change, as it is looked at. */
typedef struct Change {
        const Managed *entity, *pool; /* pool: where it would be; NULL: where it is */
        Allocation allocation;
} Change;

static bool is_pool(const Managed *managed)
{
        return managed != NULL && vim_type_is(managed->type, vim_type("ResourcePool"));
}

/* --- reading --- */

/* A VM or a pool; NULL: it is something else, or not there. */
static Managed *resolve(const Request *request, const VimValue *reference)
{
        const Pools *pools = api_parts(request_api(request))->pools;
        Managed *managed = world_resolve(request_world(request), reference);

        if (is_pool(managed))
                return pools_has(pools, managed->key) ? managed : NULL;
        return managed != NULL && vim_type_is(managed->type, vim_type("VirtualMachine")) ? managed : NULL;
}

/* False: what is wrong was sent. */
static bool read_entity(Request *request, const VimValue *value, GHashTable *seen, Change *change)
{
        const VimValue *reference = vim_get(value, "entity");
        Managed *entity = resolve(request, reference);

        if (entity == NULL) {
                request_invalid(request, "change.entity",
                                "%s \"%.100s\" is no VM or resource pool that is here",
                                reference->type->name, reference->text);
        } else if (!g_hash_table_add(seen, entity)) {
                request_invalid(request, "change.entity", "%s \"%s\" is there twice; one change says all",
                                entity->type->name, entity->id);
        } else if (is_pool(entity) && strcmp(entity->key, "/") == 0) {
                request_fault(request, vim_new_fault("NotSupported"),
                              "the root resource pool is the host's memory: it cannot be changed");
        } else {
                change->entity = entity;
                return true;
        }
        return false;
}

static bool read_change(Request *request, const VimValue *value, GHashTable *seen, Change *change)
{
        const VimValue *place = vim_get(value, "resourcePool");
        g_autoptr(GError) error = NULL;

        *change = (Change){0};
        if (!read_entity(request, value, seen, change))
                return false;
        change->pool = place != NULL ? resolve(request, place) : NULL;
        if (place != NULL && !is_pool(change->pool)) {
                request_fault(request, fault_no_object(place->type->name, place->text),
                              "there is no resource pool \"%.100s\" (any more)", place->text);
                return false;
        }
        if (allocation_read(vim_get(value, "memoryAllocation"), &change->allocation, &error))
                return true;
        request_invalid(request, "change.memoryAllocation", "%s \"%s\": %s", change->entity->type->name,
                        managed_peek(change->entity, "name")->text, error->message);
        return false;
}

/* --- making it --- */

static bool set_pool(Pools *pools, Preview *preview, const Change *change, GError **error)
{
        InventoryPool *pool = inventory_pool_copy(pools_get(pools, pools_index(pools, change->entity->key)));
        bool right;

        allocation_apply(&change->allocation, pool);
        right = preview_set_pool(preview, pool, change->pool != NULL ? change->pool->key : NULL, error);
        inventory_pool_free(pool);
        return right;
}

static bool set_vm(Preview *preview, const Change *change, GError **error)
{
        g_autoptr(GHashTable) options =
                allocation_options(&change->allocation, change->pool != NULL ? change->pool->key : NULL);

        return preview_set_vm(preview, change->entity->key, options, error);
}

/* False: why not was sent. */
static bool make_changes(Request *request, Preview *preview)
{
        const VimValue *changes = request_arg(request, "change");
        Pools *pools = api_parts(request_api(request))->pools;
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        g_autoptr(GError) error = NULL;

        for (unsigned i = 0; i < vim_length(changes); i++) {
                Change change;

                if (!read_change(request, vim_item(changes, i), seen, &change))
                        return false;
                if (is_pool(change.entity) ? !set_pool(pools, preview, &change, &error)
                                           : !set_vm(preview, &change, &error)) {
                        request_fail(request, error);
                        return false;
                }
        }
        if (preview_run(preview, &error))
                return true;
        request_fail(request, error);
        return false;
}

/* --- saying it --- */

/* Nothing of what has no object (yet). */
static void add(VimValue *list, const Managed *entity, uint64_t target_bytes, uint64_t new_bytes)
{
        VimValue *value;

        if (entity == NULL)
                return;
        value = vim_new_object("AerostatAllocationPreview");
        vim_set(value, "entity", managed_reference(entity));
        vim_set_int(value, "targetBytes", (int64_t)MIN(target_bytes, (uint64_t)INT64_MAX));
        vim_set_int(value, "newTargetBytes", (int64_t)MIN(new_bytes, (uint64_t)INT64_MAX));
        vim_add(list, value);
}

static VimValue *preview_value(Api *api, const Preview *preview)
{
        const ApiParts *parts = api_parts(api);
        GPtrArray *machines = scheduler_machines(parts->scheduler);
        VimValue *list = vim_new_list("AerostatAllocationPreview");
        size_t n;
        const struct policy_pool *pools = pools_array(parts->pools, &n);

        for (unsigned i = 0; i < machines->len; i++) {
                const Machine *machine = machines->pdata[i];

                add(list, world_find_key(api_world(api), "VirtualMachine", machine->record->uuid),
                    machine->plan.target_bytes, preview_vm_target(preview, i));
        }
        for (uint32_t i = 0; i < n; i++) {
                const InventoryPool *pool = pools_get(parts->pools, i);

                add(list, pool_object(api, pool != NULL ? pool->path : "/"), pools[i].target_bytes,
                    preview_pool_target(preview, i));
        }
        return list;
}

void aerostat_preview(Request *request)
{
        g_autoptr(Preview) preview = preview_new(api_parts(request_api(request))->scheduler);

        if (make_changes(request, preview))
                request_return(request, preview_value(request_api(request), preview));
}
