/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree's trunk: root folder, datacenter, its four folders, and the folders of VMs as the inventory has
 * them. */
#include <string.h>

#include "api/tree/kept.h"
#include "api/tree/tree.h"
#include "api/vm/vm.h"
#include "inventory/catalog.h"

#define MODULE  "folder"
#define VM_ROOT "vm:/"
#define VM_KEY  "vm:" /* and a path */
#define KIND    "group-v"

typedef struct Folders {
        GHashTable *expected; /* char * to char *: see folders_expect() */
} Folders;

static const char *const root_types[] = {"Folder", "Datacenter", NULL};
static const char *const vm_types[] = {"Folder", "VirtualMachine", "VirtualApp", NULL};
static const char *const host_types[] = {"Folder", "ComputeResource", NULL};
static const char *const datastore_types[] = {"Folder", "Datastore", "StoragePod", NULL};
static const char *const network_types[] = {"Folder", "Network", "DistributedVirtualSwitch", NULL};

static Managed *add_folder(Api *api, const char *id, const char *key, const char *name,
                           const char *const *child_types, Managed *parent)
{
        Managed *folder = world_add(api_world(api), "Folder", id, key);
        VimValue *types = vim_new_list("TypeName");

        entity_set_up(folder, name);
        for (; *child_types != NULL; child_types++)
                vim_add(types, vim_new_text(vim_type("TypeName"), *child_types));
        managed_set(folder, "childType", types);
        managed_set(folder, "childEntity", vim_new_list("ManagedEntity"));
        entity_set_parent(folder, parent);
        return folder;
}

/* --- the folders of VMs --- */

const char *folder_path(const Managed *folder)
{
        return folder->key != NULL && g_str_has_prefix(folder->key, VM_KEY) ? folder->key + strlen(VM_KEY)
                                                                            : NULL;
}

static Managed *find_path(Api *api, const char *path)
{
        g_autofree char *key = g_strconcat(VM_KEY, path, NULL);

        return world_find_key(api_world(api), "Folder", key);
}

static Managed *find_parent(Api *api, const char *path)
{
        g_autofree char *parent = g_path_get_dirname(path);

        return find_path(api, parent);
}

static void add_path(Api *api, const char *path)
{
        g_autofree char *key = g_strconcat(VM_KEY, path, NULL), *name = g_path_get_basename(path),
                        *id = api_id(api, KIND, path);

        (void)add_folder(api, id, key, name, vm_types, find_parent(api, path));
}

/* Another path for one folder; what is in it, which are other objects, is not looked at. */
static void move_one(Api *api, Managed *folder, const char *to)
{
        g_autofree char *key = g_strconcat(VM_KEY, to, NULL), *name = g_path_get_basename(to);

        api_id_moved(api, KIND, folder_path(folder), to);
        world_set_key(folder, key);
        managed_set_text(folder, "name", name);
        entity_set_parent(folder, find_parent(api, to));
}

static bool is_below(const char *path, const char *folder)
{
        size_t length = strlen(folder);

        return strncmp(path, folder, length) == 0 && path[length] == '/';
}

static int by_length(gconstpointer a, gconstpointer b)
{
        size_t one = strlen(folder_path(*(Managed *const *)a)),
               other = strlen(folder_path(*(Managed *const *)b));

        return one < other ? -1 : one > other;
}

/* The folder and those below it; a parent comes before its children. */
static void move_path(Api *api, const char *from, const char *to)
{
        g_autoptr(GPtrArray) all = world_list(api_world(api), "Folder");
        g_autoptr(GPtrArray) moved = g_ptr_array_new();

        for (unsigned i = 0; i < all->len; i++) {
                const char *path = folder_path(all->pdata[i]);

                if (path != NULL && (strcmp(path, from) == 0 || is_below(path, from)))
                        g_ptr_array_add(moved, all->pdata[i]);
        }
        g_ptr_array_sort(moved, by_length);
        for (unsigned i = 0; i < moved->len; i++) {
                g_autofree char *path = g_strconcat(to, folder_path(moved->pdata[i]) + strlen(from), NULL);

                if (find_path(api, path) == NULL)
                        move_one(api, moved->pdata[i], path);
        }
}

void folders_expect(Api *api, const char *from, const char *to)
{
        Folders *folders = api_get_data(api, MODULE);

        g_hash_table_replace(folders->expected, g_strdup(from), g_strdup(to));
}

/* there: the paths that the inventory has. */
static void move_expected(Api *api, GHashTable *there)
{
        const Folders *folders = api_get_data(api, MODULE);
        GHashTableIter iter;
        gpointer from, to;

        g_hash_table_iter_init(&iter, folders->expected);
        while (g_hash_table_iter_next(&iter, &from, &to)) {
                if (g_hash_table_contains(there, from))
                        continue;
                if (g_hash_table_contains(there, to) && find_path(api, from) != NULL) {
                        move_path(api, from, to);
                        vm_places_moved(api_world(api), "folder", from, to);
                }
                g_hash_table_iter_remove(&iter);
        }
}

static void remove_gone(Api *api, GHashTable *there)
{
        g_autoptr(GPtrArray) all = world_list(api_world(api), "Folder");

        for (unsigned i = 0; i < all->len; i++) {
                Managed *folder = all->pdata[i];
                const char *path = folder_path(folder);

                if (path == NULL || strcmp(path, "/") == 0 || g_hash_table_contains(there, path))
                        continue;
                api_id_gone(api, KIND, path, false);
                entity_set_parent(folder, NULL);
                world_remove(folder);
        }
}

void folders_sync(Api *api)
{
        g_autoptr(GError) error = NULL;
        g_auto(GStrv) paths = folder_list(api_parts(api)->inventory, &error);
        g_autoptr(GHashTable) there = g_hash_table_new(g_str_hash, g_str_equal);

        if (paths == NULL) {
                g_warning("the folders of VMs cannot be listed: %s", error->message);
                return;
        }
        for (char **path = paths; *path != NULL; path++)
                g_hash_table_add(there, *path);
        move_expected(api, there);
        remove_gone(api, there);
        for (char **path = paths; *path != NULL; path++) {
                if (find_path(api, *path) != NULL)
                        continue;
                add_path(api, *path);
                /* A VM may have been heard to be in it before it was heard of itself. */
                vm_places_moved(api_world(api), "folder", *path, *path);
        }
}

/* --- the trunk --- */

static Managed *add_branch(Api *api, Managed *datacenter, const char *kind, const char *key,
                           const char *name, const char *const *child_types, const char *property)
{
        g_autofree char *id = api_id(api, kind, "/");
        Managed *folder = add_folder(api, id, key, name, child_types, datacenter);

        managed_set(datacenter, property, managed_reference(folder));
        return folder;
}

static void add_datacenter(Api *api, Managed *root)
{
        g_autofree char *id = api_id(api, "datacenter", "host"), *name = kept_get(api, "Datacenter.name");
        Managed *datacenter = world_add(api_world(api), "Datacenter", id, "host");

        entity_set_up(datacenter, name != NULL ? name : DATACENTER_NAME);
        entity_set_parent(datacenter, root);
        managed_set(datacenter, "datastore", vim_new_list("Datastore"));
        managed_set(datacenter, "network", vim_new_list("Network"));
        managed_set(datacenter, "configuration", vim_new_object("DatacenterConfigInfo"));
        (void)add_branch(api, datacenter, KIND, VM_ROOT, "vm", vm_types, "vmFolder");
        (void)add_branch(api, datacenter, "group-h", "host:/", "host", host_types, "hostFolder");
        (void)add_branch(api, datacenter, "group-s", "datastore:/", "datastore", datastore_types,
                         "datastoreFolder");
        (void)add_branch(api, datacenter, "group-n", "network:/", "network", network_types, "networkFolder");
}

static void on_catalog(Api *api, gconstpointer data, gpointer user_data)
{
        (void)data;
        (void)user_data;
        folders_sync(api);
}

/* A VM may be in a folder that is new: it is to be there when who lists VMs looks for it. */
static void on_vms(Api *api, gconstpointer data, gpointer user_data)
{
        (void)user_data;
        if (data == NULL)
                folders_sync(api);
}

static bool start(Api *api, GError **error)
{
        Folders *folders = g_new0(Folders, 1);

        (void)error;
        folders->expected = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        api_set_data(api, MODULE, folders);
        add_datacenter(api, add_folder(api, "group-d1", "root", "Datacenters", root_types, NULL));
        folders_sync(api);
        api_listen(api, API_VMS_CHANGED, on_vms, NULL);
        api_listen(api, API_CATALOG_CHANGED, on_catalog, NULL);
        return true;
}

static void stop(Api *api)
{
        Folders *folders = api_get_data(api, MODULE);

        g_hash_table_unref(folders->expected);
        g_free(folders);
}

const ApiModule folder_module = {.name = MODULE, .handlers = folder_handlers, .start = start, .stop = stop};
