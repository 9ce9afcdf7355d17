/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be done to resource pools, and to the allocations of what is in them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/host/allocation.h"
#include "api/host/host.h"
#include "api/task.h"
#include "api/tree/tree.h"
#include "api/vm/vm.h"

#define NAME_MAX_BYTES 64 /* of a pool */

static Scheduler *scheduler_of(const Request *request)
{
        return api_parts(request_api(request))->scheduler;
}

static Pools *pools_of(const Request *request)
{
        return api_parts(request_api(request))->pools;
}

static char *child_path(const char *pool, const char *name)
{
        return g_strconcat(strcmp(pool, "/") == 0 ? "" : pool, "/", name, NULL);
}

static bool is_type(const Managed *entity, const char *type)
{
        return vim_type_is(entity->type, vim_type(type));
}

/* --- errors --- */

/* What cannot be guaranteed. */
static VimValue *insufficient(const Managed *pool, int64_t requested_mib)
{
        VimValue *fault = vim_new_fault("InsufficientMemoryResourcesFault");
        const VimValue *memory = vim_get(managed_peek(pool, "runtime"), "memory");

        vim_set_int(fault, "unreserved", vim_get_int(memory, "unreservedForPool", 0));
        vim_set_int(fault, "requested", requested_mib << 20);
        return fault;
}

/* The fault that a refused change of allocation means. property: whose value was refused. */
static VimValue *fault_for(const Request *request, const GError *error, const char *property,
                           int64_t requested_mib)
{
        VimValue *fault;

        if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
                return insufficient(request_target(request), requested_mib);
        if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
                return vim_new_fault("NotSupported");
        fault = fault_of(error);
        if (vim_is(fault, "InvalidArgument"))
                vim_set_text(fault, "invalidProperty", property);
        if (vim_is(fault, "DuplicateName"))
                vim_set(fault, "object", managed_reference(request_target(request)));
        return fault;
}

static void refuse(Request *request, const GError *error, const char *property, int64_t requested_mib)
{
        request_fault(request, fault_for(request, error, property, requested_mib), "%s", error->message);
}

/* The root is the host; false: that was sent. */
static bool not_root(Request *request, const char *what)
{
        if (strcmp(request_target(request)->key, "/") != 0)
                return true;
        request_fault(request, vim_new_fault("NotSupported"),
                      "the root resource pool is the host's memory and cannot be %s", what);
        return false;
}

static bool pool_name_is_right(Request *request, const char *name)
{
        VimValue *fault;

        if (strlen(name) <= NAME_MAX_BYTES)
                return name_is_right(request, "resource pool", name);
        fault = vim_new_fault("InvalidName");
        vim_set_text(fault, "name", name);
        request_fault(request, fault, "the name of a resource pool has at most %d bytes", NAME_MAX_BYTES);
        return false;
}

static bool is_free(Request *request, const char *path, const char *name)
{
        return name_is_free(request, pool_object(request_api(request), path), name);
}

/* --- one pool --- */

/* Shares do not grow with what is in a pool. */
static bool check_scaling(const VimValue *spec, GError **error)
{
        const char *scaling = vim_get_text(spec, "scaleDescendantsShares");

        if (scaling == NULL || strcmp(scaling, POOL_SHARES_AS_SET) == 0)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                    "shares are as they are set here: scaleDescendantsShares can only be \"%s\"",
                    POOL_SHARES_AS_SET);
        return false;
}

/* The pool as it is, or as new ones are, with what the spec asks for. NULL with an error. */
static InventoryPool *read_pool(const Pools *pools, const char *path, const VimValue *spec, GError **error)
{
        const InventoryPool *known = pools_get(pools, pools_index(pools, path));
        InventoryPool fresh = {.path = (char *)(gintptr)path,
                               .shares = (char *)(gintptr) "normal",
                               .limit_mib = -1,
                               .expandable = true};
        InventoryPool *pool;
        Allocation allocation;

        if (!check_scaling(spec, error) ||
            !allocation_check_cpu(vim_get(spec, "cpuAllocation"), POOL_CPU_SHARES, error) ||
            !allocation_read(vim_get(spec, "memoryAllocation"), &allocation, error))
                return NULL;
        pool = inventory_pool_copy(known != NULL ? known : &fresh);
        allocation_apply(&allocation, pool);
        return pool;
}

static void create(Request *request)
{
        const char *name = request_arg_text(request, "name");
        g_autofree char *path = child_path(request_target(request)->key, name);
        g_autoptr(GError) error = NULL;
        InventoryPool *pool;

        if (!pool_name_is_right(request, name) || !is_free(request, path, name))
                return;
        pool = read_pool(pools_of(request), path, request_arg(request, "spec"), &error);
        if (pool == NULL || !scheduler_set_pool(scheduler_of(request), pool, &error)) {
                refuse(request, error, "spec.memoryAllocation", pool != NULL ? pool->reservation_mib : 0);
        } else {
                pools_sync(request_api(request));
                request_return(request, managed_reference(pool_object(request_api(request), path)));
        }
        g_clear_pointer(&pool, inventory_pool_free);
}

/* --- renaming --- */

static bool rename_to(const Request *request, const Managed *pool, const char *to, GError **error)
{
        g_autofree char *from = g_strdup(pool->key);

        if (!scheduler_rename_pool(scheduler_of(request), from, to, error))
                return false;
        pools_moved(request_api(request), from, to);
        pools_sync(request_api(request));
        vm_places_moved(request_world(request), "pool", from, to);
        return true;
}

/* NULL: why not was sent. */
static char *renamed_path(Request *request, const char *name)
{
        const char *from = request_target(request)->key;
        g_autofree char *parent = g_path_get_dirname(from), *to = NULL;

        if (!not_root(request, "renamed") || !pool_name_is_right(request, name))
                return NULL;
        to = child_path(parent, name);
        if (strcmp(from, to) != 0 && !is_free(request, to, name))
                return NULL;
        return g_steal_pointer(&to);
}

static void rename_pool(Request *request)
{
        g_autofree char *to = renamed_path(request, request_arg_text(request, "newName"));
        g_autoptr(GError) error = NULL;

        if (to == NULL)
                return;
        if (rename_to(request, request_target(request), to, &error))
                task_done(request, NULL);
        else
                refuse(request, error, "newName", 0);
}

static void update_config(Request *request)
{
        const char *name = request_arg_text(request, "name");
        const VimValue *spec = request_arg(request, "config");
        const Managed *target = request_target(request);
        g_autofree char *to = name != NULL ? renamed_path(request, name) : g_strdup(target->key);
        g_autoptr(GError) error = NULL;
        InventoryPool *pool = NULL;
        int64_t asked = 0;
        bool ok = true;

        if (to == NULL || (spec != NULL && !not_root(request, "changed")))
                return;
        if (spec != NULL) {
                pool = read_pool(pools_of(request), target->key, spec, &error);
                asked = pool != NULL ? pool->reservation_mib : 0;
                ok = pool != NULL && scheduler_set_pool(scheduler_of(request), pool, &error);
                g_clear_pointer(&pool, inventory_pool_free);
        }
        ok = ok && (strcmp(to, target->key) == 0 || rename_to(request, target, to, &error));
        pools_sync(request_api(request));
        if (ok)
                request_return(request, NULL);
        else
                refuse(request, error, "config.memoryAllocation", asked);
}

/* --- VMs --- */

/* options: of scheduler_configure(). */
static bool configure_vm(const Request *request, Managed *vm, GHashTable *options, GError **error)
{
        Scheduler *scheduler = scheduler_of(request);
        Machine *running = scheduler_find(scheduler, vm->key, NULL), *off = NULL;
        bool ok;

        if (running == NULL) {
                off = scheduler_load_off(scheduler, vm->key, error);
                if (off == NULL)
                        return false;
        }
        ok = scheduler_configure(scheduler, running != NULL ? running : off, options, error);
        g_clear_pointer(&off, machine_free);
        if (ok)
                vm_settings_changed(vm, options);
        return ok;
}

/* Of processors a VM's own task changes what it has: here it may only be said again. */
static bool check_vm_cpu(const Managed *vm, const VimValue *spec, GError **error)
{
        const VimValue *now = vim_get(managed_peek(vm, "resourceConfig"), "cpuAllocation");
        const VimValue *asked = vim_get(spec, "cpuAllocation");
        const VimValue *shares = vim_get(asked, "shares"), *shares_now = vim_get(now, "shares");
        const char *level = vim_get_text(shares, "level");
        int64_t number = vim_get_int(shares_now, "shares", 0);

        if (vim_get_int(asked, "reservation", vim_get_int(now, "reservation", 0)) ==
                    vim_get_int(now, "reservation", 0) &&
            vim_get_int(asked, "limit", vim_get_int(now, "limit", -1)) == vim_get_int(now, "limit", -1) &&
            (level == NULL ||
             (strcmp(level, "custom") == 0 ? vim_get_int(shares, "shares", number) == number
                                           : g_strcmp0(level, vim_get_text(shares_now, "level")) == 0)))
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                    "cpuAllocation of VM \"%s\": ReconfigVM_Task changes what a VM has of processors",
                    managed_peek(vm, "name")->text);
        return false;
}

/* The VM's settings that the spec asks for. NULL with an error. */
static GHashTable *vm_options(const Managed *vm, const VimValue *spec, GError **error)
{
        Allocation allocation;

        if (!check_vm_cpu(vm, spec, error) ||
            !allocation_read(vim_get(spec, "memoryAllocation"), &allocation, error))
                return NULL;
        return allocation_options(&allocation, NULL);
}

/* --- what is in a pool --- */

static bool change_child(Request *request, Managed *child, const VimValue *spec, bool only_check,
                         GError **error)
{
        InventoryPool *pool;
        bool ok;

        if (is_type(child, "VirtualMachine")) {
                g_autoptr(GHashTable) options = vm_options(child, spec, error);

                return options != NULL && (only_check || configure_vm(request, child, options, error));
        }
        pool = read_pool(pools_of(request), child->key, spec, error);
        ok = pool != NULL && (only_check || scheduler_set_pool(scheduler_of(request), pool, error));
        g_clear_pointer(&pool, inventory_pool_free);
        return ok;
}

/* What a spec is for; NULL: InvalidArgument was sent. */
static Managed *child_of_spec(Request *request, const VimValue *spec)
{
        Managed *child = world_resolve(request_world(request), vim_get(spec, "entity"));
        const Managed *target = request_target(request);
        const VimValue *above;

        if (child != NULL && (is_type(child, "VirtualMachine") || is_type(child, "ResourcePool"))) {
                above = managed_peek(child, is_type(child, "VirtualMachine") ? "resourcePool" : "parent");
                if (above != NULL && strcmp(above->text, target->id) == 0)
                        return child;
        }
        request_invalid(request, "spec.entity", "each is to be a VM or a pool that is directly in \"%s\"",
                        managed_peek(target, "name")->text);
        return NULL;
}

static void update_children(Request *request)
{
        const VimValue *specs = request_arg(request, "spec");
        g_autoptr(GError) error = NULL;
        bool ok = true;

        /* What is wrong by itself is found before anything is changed. */
        for (unsigned pass = 0; ok && pass < 2; pass++)
                for (unsigned i = 0; ok && i < vim_length(specs); i++) {
                        Managed *child = child_of_spec(request, vim_item(specs, i));

                        if (child == NULL)
                                return;
                        ok = change_child(request, child, vim_item(specs, i), pass == 0, &error);
                }
        pools_sync(request_api(request));
        if (ok)
                request_return(request, NULL);
        else
                refuse(request, error, "spec", 0);
}

/* --- moving --- */

/* names: of the pools that were in the list before. False: why it cannot be moved here was sent. */
static bool can_move(Request *request, const VimValue *reference, GHashTable *names)
{
        const Managed *entity = world_resolve(request_world(request), reference), *other;
        const char *target = request_target(request)->key, *name;
        g_autofree char *within = NULL, *path = NULL;

        if (entity == NULL || (!is_type(entity, "VirtualMachine") && !is_type(entity, "ResourcePool"))) {
                request_invalid(request, "list", "%s \"%.100s\" is no VM or resource pool that is here",
                                reference->type->name, reference->text);
                return false;
        }
        if (is_type(entity, "VirtualMachine"))
                return true;
        within = pools_moved_path(target, entity->key, "");
        if (strcmp(entity->key, "/") == 0 || within != NULL) {
                request_invalid(request, "list", "the resource pool \"%s\" cannot be moved into itself",
                                entity->key);
                return false;
        }
        name = strrchr(entity->key, '/') + 1;
        path = child_path(target, name);
        other = g_hash_table_lookup(names, name);
        if (other != NULL && other != entity)
                return name_is_free(request, other, name);
        g_hash_table_insert(names, (gpointer)(gintptr)name, (gpointer)(gintptr)entity);
        return strcmp(path, entity->key) == 0 || is_free(request, path, name);
}

/* What has moved is shown where it is; the world is brought up when all of it is. */
static void show_moved(const Request *request, Managed *entity)
{
        const char *target = request_target(request)->key;

        if (is_type(entity, "VirtualMachine")) {
                const Allocation as_it_is = {0};
                g_autoptr(GHashTable) options = allocation_options(&as_it_is, target);

                vm_settings_changed(entity, options);
        } else {
                g_autofree char *from = g_strdup(entity->key),
                                *to = child_path(target, strrchr(entity->key, '/') + 1);

                if (strcmp(from, to) == 0)
                        return;
                pools_moved(request_api(request), from, to);
                vm_places_moved(request_world(request), "pool", from, to);
        }
}

static void move_into(Request *request)
{
        const VimValue *list = request_arg(request, "list");
        g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
        g_autofree SchedulerMove *moves = g_new0(SchedulerMove, vim_length(list));
        uint64_t asked_bytes = 0;
        g_autoptr(GError) error = NULL;

        for (unsigned i = 0; i < vim_length(list); i++) {
                const Managed *entity = world_resolve(request_world(request), vim_item(list, i));

                if (!can_move(request, vim_item(list, i), names))
                        return;
                *(is_type(entity, "VirtualMachine") ? &moves[i].uuid : &moves[i].pool) = entity->key;
        }
        if (!scheduler_move_into(scheduler_of(request), request_target(request)->key, moves,
                                 vim_length(list), &asked_bytes, &error)) {
                refuse(request, error, "list", (int64_t)(asked_bytes >> 20));
                return;
        }
        for (unsigned i = 0; i < vim_length(list); i++)
                show_moved(request, world_resolve(request_world(request), vim_item(list, i)));
        pools_sync(request_api(request));
        request_return(request, NULL);
}

/* --- deleting --- */

static bool dissolve(const Request *request, const Managed *pool, GError **error)
{
        g_autofree char *path = g_strdup(pool->key), *parent = g_path_get_dirname(path);
        const VimValue *children = managed_peek(pool, "resourcePool");
        g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

        for (unsigned i = 0; i < vim_length(children); i++) {
                const Managed *child = world_resolve(request_world(request), vim_item(children, i));

                g_ptr_array_add(paths, g_strdup(child->key));
        }
        if (!scheduler_dissolve_pool(scheduler_of(request), path, error))
                return false;
        for (unsigned i = 0; i < paths->len; i++) {
                g_autofree char *to = child_path(parent, strrchr(paths->pdata[i], '/') + 1);

                pools_moved(request_api(request), paths->pdata[i], to);
        }
        vm_places_moved(request_world(request), "pool", path, parent);
        pools_sync(request_api(request));
        return true;
}

static void destroy(Request *request)
{
        g_autoptr(GError) error = NULL;

        if (!not_root(request, "deleted"))
                return;
        if (dissolve(request, request_target(request), &error))
                task_done(request, NULL);
        else
                refuse(request, error, NULL, 0);
}

/* All that is below goes, and the VMs of it come here. */
static bool dissolve_below(const Request *request, const Managed *pool, GError **error)
{
        for (;;) {
                const VimValue *children = managed_peek(pool, "resourcePool");
                const Managed *child;

                if (vim_length(children) == 0)
                        return true;
                child = world_resolve(request_world(request), vim_item(children, 0));
                if (!dissolve_below(request, child, error) || !dissolve(request, child, error))
                        return false;
        }
}

static void destroy_children(Request *request)
{
        g_autoptr(GError) error = NULL;

        if (dissolve_below(request, request_target(request), &error))
                request_return(request, NULL);
        else
                refuse(request, error, NULL, 0);
}

/* --- what else there is --- */

static VimValue *shares_option(void)
{
        VimValue *option = vim_new_object("ResourceAllocationOption"),
                 *shares = vim_new_object("SharesOption"), *number = vim_new_object("IntOption");

        vim_set_int(number, "min", 1);
        vim_set_int(number, "max", POLICY_SHARES_MAX);
        vim_set_int(number, "defaultValue", POOL_CPU_SHARES);
        vim_set(shares, "sharesOption", number);
        vim_set_text(shares, "defaultLevel", "normal");
        vim_set(option, "sharesOption", shares);
        return option;
}

static void query_option(Request *request)
{
        VimValue *option = vim_new_object("ResourceConfigOption");

        vim_set(option, "cpuAllocationOption", shares_option());
        vim_set(option, "memoryAllocationOption", shares_option());
        request_return(request, option);
}

static void refresh(Request *request)
{
        pools_sync(request_api(request));
        request_return(request, NULL);
}

const Handler pool_handlers[] = {
        {"ResourcePool", "CreateResourcePool", create, NULL},
        {"ResourcePool", "UpdateConfig", update_config, "Resource.EditPool"},
        {"ResourcePool", "UpdateChildResourceConfiguration", update_children, "Resource.EditPool"},
        {"ResourcePool", "MoveIntoResourcePool", move_into, "Resource.MovePool"},
        {"ResourcePool", "DestroyChildren", destroy_children, "Resource.DeletePool"},
        {"ResourcePool", "QueryResourceConfigOption", query_option, "System.Read"},
        {"ResourcePool", "RefreshRuntime", refresh, NULL},
        {"ResourcePool", "Rename_Task", rename_pool, "Resource.RenamePool"},
        {"ResourcePool", "Destroy_Task", destroy, "Resource.DeletePool"},
        {NULL},
};
