/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datastore objects: one for each of the inventory's, with what is free there, looked at now and then. */
#include <string.h>

#include "api/store/store.h"
#include "api/wait.h"
#include "inventory/catalog.h"
#include "storage/datastore.h"

#define MODULE        "datastore"
#define LOOK_EVERY_S  30
#define SPACE_EVERY_S 600
#define FIRST_LOOK_MS 300

#define FILE_MAX (INT64_C(64) << 40)

typedef struct Stores {
        guint look_source, space_source;
        bool gathers; /* what is promised to VMs is being summed up */
} Stores;

/* The subject of a Datastore. */
typedef struct Facts {
        char *path;
        DatastoreSpace space;
        bool accessible;
        bool looking;
        int64_t uncommitted; /* -1: not known yet */
} Facts;

static void facts_free(gpointer data)
{
        Facts *facts = data;

        g_free(facts->path);
        g_free(facts);
}

const char *store_path(const Managed *datastore)
{
        return ((const Facts *)datastore->subject)->path;
}

/* --- values --- */

static char *url_of(const Facts *facts)
{
        return g_strdup_printf("ds://%s/", facts->path);
}

static VimValue *summary_of(const Managed *datastore)
{
        const Facts *facts = datastore->subject;
        VimValue *summary = vim_new_object("DatastoreSummary");
        g_autofree char *url = url_of(facts);

        vim_set(summary, "datastore", managed_reference(datastore));
        vim_set_text(summary, "name", datastore->key);
        vim_set_text(summary, "url", url);
        vim_set_int(summary, "capacity", (int64_t)facts->space.capacity_bytes);
        vim_set_int(summary, "freeSpace", (int64_t)facts->space.free_bytes);
        if (facts->uncommitted >= 0)
                vim_set_int(summary, "uncommitted", facts->uncommitted);
        vim_set_bool(summary, "accessible", facts->accessible);
        vim_set_bool(summary, "multipleHostAccess", false);
        vim_set_text(summary, "type", "OTHER");
        vim_set_text(summary, "maintenanceMode", "normal");
        return summary;
}

static VimValue *info_of(const Managed *datastore)
{
        const Facts *facts = datastore->subject;
        VimValue *info = vim_new_object("LocalDatastoreInfo");
        g_autofree char *url = url_of(facts);

        vim_set_text(info, "name", datastore->key);
        vim_set_text(info, "url", url);
        vim_set_int(info, "freeSpace", (int64_t)facts->space.free_bytes);
        vim_set_int(info, "maxFileSize", FILE_MAX);
        vim_set_int(info, "maxVirtualDiskCapacity", FILE_MAX);
        vim_set_int(info, "maxMemoryFileSize", FILE_MAX);
        vim_set_text(info, "path", facts->path);
        return info;
}

static VimValue *capability(void)
{
        VimValue *value = vim_new_object("DatastoreCapability");

        vim_set_bool(value, "directoryHierarchySupported", true);
        vim_set_bool(value, "rawDiskMappingsSupported", false);
        vim_set_bool(value, "perFileThinProvisioningSupported", true);
        vim_set_bool(value, "storageIORMSupported", false);
        vim_set_bool(value, "nativeSnapshotSupported", false);
        vim_set_bool(value, "topLevelDirectoryCreateSupported", true);
        vim_set_bool(value, "seSparseSupported", false);
        vim_set_bool(value, "vmfsSparseSupported", false);
        vim_set_bool(value, "vsanSparseSupported", false);
        vim_set_bool(value, "vmdkExpandSupported", true);
        vim_set_bool(value, "clusteredVmdkSupported", false);
        return value;
}

static VimValue *mount_info(const Facts *facts)
{
        VimValue *info = vim_new_object("HostMountInfo");

        vim_set_text(info, "path", facts->path);
        vim_set_text(info, "accessMode", "readWrite");
        vim_set_bool(info, "mounted", true);
        vim_set_bool(info, "accessible", facts->accessible);
        return info;
}

static void set_figures(Managed *datastore)
{
        const Managed *host = world_find_key(datastore->world, "HostSystem", "host");
        VimValue *mounts = vim_new_list("DatastoreHostMount"), *mount;

        managed_set(datastore, "summary", summary_of(datastore));
        managed_set(datastore, "info", info_of(datastore));
        if (host != NULL) {
                mount = vim_new_object("DatastoreHostMount");
                vim_set(mount, "key", managed_reference(host));
                vim_set(mount, "mountInfo", mount_info(datastore->subject));
                vim_add(mounts, mount);
        }
        managed_set(datastore, "host", mounts);
}

/* --- file systems, as HostStorageSystem lists them --- */

static VimValue *volume_of(const Managed *datastore)
{
        const Facts *facts = datastore->subject;
        VimValue *entry = vim_new_object("HostFileSystemMountInfo");
        VimValue *volume = vim_new_object("HostLocalFileSystemVolume");

        vim_set_text(volume, "type", "OTHER");
        vim_set_text(volume, "name", datastore->key);
        vim_set_int(volume, "capacity", (int64_t)facts->space.capacity_bytes);
        vim_set_text(volume, "device", facts->path);
        vim_set(entry, "mountInfo", mount_info(facts));
        vim_set(entry, "volume", volume);
        return entry;
}

void store_update_volumes(Api *api)
{
        Managed *system = world_find_key(api_world(api), "HostStorageSystem", "host");
        Managed *host = world_find_key(api_world(api), "HostSystem", "host");
        g_autoptr(GPtrArray) datastores = world_list(api_world(api), "Datastore");
        g_autoptr(VimValue) info = vim_new_object("HostFileSystemVolumeInfo");
        VimValue *list = vim_new_list("HostFileSystemMountInfo");

        for (unsigned i = 0; i < datastores->len; i++)
                vim_add(list, volume_of(datastores->pdata[i]));
        vim_set(info, "volumeTypeList", vim_new_string("OTHER"));
        vim_set(info, "mountInfo", list);
        if (system != NULL)
                managed_set(system, "fileSystemVolumeInfo", vim_ref(info));
        if (host != NULL && managed_peek(host, "config") != NULL)
                managed_set_part(host, "config", "fileSystemVolume", vim_ref(info));
}

/* --- looking at what is free: in threads, as a file system may hang --- */

typedef struct Look {
        char *path;
        DatastoreSpace space;
        bool accessible;
        Managed *datastore; /* a reference */
        Request *request;   /* to be answered, or NULL */
        Api *api;
        bool done; /* by the mutex, as the figures */
} Look;

static GMutex look_mutex;
static GCond look_cond;

static void look_free(gpointer data)
{
        Look *look = data;

        g_free(look->path);
        g_free(look);
}

static void look_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
        Look *look = data;
        DatastoreSpace space = {0};
        bool accessible = datastore_space(look->path, &space, NULL);

        (void)source;
        (void)cancellable;
        g_mutex_lock(&look_mutex);
        look->space = space;
        look->accessible = accessible;
        look->done = true;
        g_cond_broadcast(&look_cond);
        g_mutex_unlock(&look_mutex);
        g_task_return_boolean(task, TRUE);
}

static void on_looked(GObject *source, GAsyncResult *result, gpointer user_data)
{
        Look *look = g_task_get_task_data(G_TASK(result));
        Managed *datastore = look->datastore;
        Facts *facts = datastore->subject;

        (void)source;
        (void)user_data;
        facts->looking = false;
        facts->space = look->space;
        facts->accessible = look->accessible;
        if (!datastore->gone) {
                set_figures(datastore);
                store_update_volumes(look->api);
        }
        if (look->request != NULL)
                request_return(look->request, NULL);
        managed_unref(datastore);
}

/* NULL: somebody looks already. Good until the main loop goes on. */
static Look *look_at(Api *api, Managed *datastore, Request *request)
{
        Facts *facts = datastore->subject;
        g_autoptr(GTask) task = NULL;
        Look *look;

        /* It hangs, or will tell soon. */
        if (facts->looking) {
                if (request != NULL)
                        request_return(request, NULL);
                return NULL;
        }
        facts->looking = true;
        look = g_new0(Look, 1);
        look->path = g_strdup(facts->path);
        look->datastore = managed_ref(datastore);
        look->request = request;
        look->api = api;
        task = g_task_new(NULL, NULL, on_looked, NULL);
        g_task_set_task_data(task, look, look_free);
        g_task_run_in_thread(task, look_thread);
        return look;
}

/* So that who asks at once is told figures: a moment, unless the file system hangs. */
static void look_first(Api *api, Managed *datastore)
{
        Facts *facts = datastore->subject;
        Look *look = look_at(api, datastore, NULL);
        int64_t until = g_get_monotonic_time() + FIRST_LOOK_MS * G_TIME_SPAN_MILLISECOND;

        g_mutex_lock(&look_mutex);
        while (!look->done && g_cond_wait_until(&look_cond, &look_mutex, until))
                ;
        if (look->done) {
                facts->space = look->space;
                facts->accessible = look->accessible;
        }
        g_mutex_unlock(&look_mutex);
}

static gboolean look_at_all(gpointer user_data)
{
        Api *api = user_data;
        g_autoptr(GPtrArray) datastores = world_list(api_world(api), "Datastore");

        for (unsigned i = 0; i < datastores->len; i++)
                (void)look_at(api, datastores->pdata[i], NULL);
        return G_SOURCE_CONTINUE;
}

/* --- what VMs may still take --- */

static void on_space(JsonNode *result, const GError *error, gpointer user_data)
{
        Api *api = user_data;
        Stores *stores = api_get_data(api, MODULE);
        JsonArray *list;

        stores->gathers = false;
        if (error != NULL)
                return;
        list = json_object_get_array_member(json_node_get_object(result), "datastores");
        for (unsigned i = 0; i < json_array_get_length(list); i++) {
                JsonObject *entry = json_array_get_object_element(list, i);
                Managed *datastore = world_find_key(api_world(api), "Datastore",
                                                    json_object_get_string_member(entry, "name"));
                gint64 more = json_object_get_int_member(entry, "provisioned_bytes") -
                              json_object_get_int_member(entry, "used_bytes");

                if (datastore == NULL)
                        continue;
                ((Facts *)datastore->subject)->uncommitted = MAX(more, 0);
                set_figures(datastore);
        }
}

static gboolean gather(gpointer user_data)
{
        Api *api = user_data;
        Stores *stores = api_get_data(api, MODULE);
        g_autoptr(JsonObject) args = json_object_new();
        int64_t task;

        if (!stores->gathers)
                stores->gathers = operations_start(api_parts(api)->operations, "GetSpaceReport", args,
                                                   on_space, api, &task, NULL);
        return G_SOURCE_CONTINUE;
}

/* --- which there are --- */

static void list_in_all(Managed *datastore, bool listed)
{
        static const struct {
                const char *type, *key;
        } others[] = {{"HostSystem", "host"},
                      {"ComputeResource", "host"},
                      {"Datacenter", "host"},
                      {"HostDatastoreSystem", "host"},
                      {"HostDatastoreBrowser", "host"}};

        for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
                Managed *other = world_find_key(datastore->world, others[i].type, others[i].key);

                if (other != NULL && listed)
                        entity_list_in(datastore, other, "datastore");
                else if (other != NULL)
                        entity_unlist_in(datastore, other, "datastore");
        }
}

static Managed *add_datastore(Api *api, const char *name, const char *path)
{
        World *world = api_world(api);
        g_autofree char *id = api_id(api, "datastore", path);
        Managed *datastore = world_add(world, "Datastore", id, name), *browser;
        Facts *facts = g_new0(Facts, 1);

        facts->path = g_strdup(path);
        facts->uncommitted = -1;
        datastore->subject = facts;
        datastore->free_subject = facts_free;
        entity_set_up(datastore, name);
        managed_set(datastore, "vm", vim_new_list("VirtualMachine"));
        managed_set(datastore, "capability", capability());
        browser = store_add_browser(api, path);
        entity_list_in(datastore, browser, "datastore");
        managed_set(datastore, "browser", managed_reference(browser));
        look_first(api, datastore);
        set_figures(datastore);
        entity_set_parent(datastore, world_find_key(world, "Folder", "datastore:/"));
        list_in_all(datastore, true);
        return datastore;
}

static void drop_datastore(Api *api, Managed *datastore)
{
        Managed *browser = world_find_key(datastore->world, "HostDatastoreBrowser", store_path(datastore));

        api_id_gone(api, "datastore", store_path(datastore), false);
        api_id_gone(api, "datastoreBrowser", store_path(datastore), false);
        list_in_all(datastore, false);
        entity_set_parent(datastore, NULL);
        world_remove(browser);
        world_remove(datastore);
}

static Managed *find_by_path(const GPtrArray *datastores, const char *path)
{
        for (unsigned i = 0; i < datastores->len; i++)
                if (strcmp(store_path(datastores->pdata[i]), path) == 0)
                        return datastores->pdata[i];
        return NULL;
}

static bool has_path(const GPtrArray *entries, const char *path)
{
        for (unsigned i = 0; i < entries->len; i++)
                if (strcmp(((const NamedText *)entries->pdata[i])->text, path) == 0)
                        return true;
        return false;
}

static void rename_to(Managed *datastore, const char *name)
{
        if (strcmp(datastore->key, name) == 0)
                return;
        world_set_key(datastore, name);
        managed_set_text(datastore, "name", name);
        set_figures(datastore);
}

static void update(Api *api)
{
        g_autoptr(GPtrArray) entries = datastore_list(api_parts(api)->inventory, NULL);
        g_autoptr(GPtrArray) datastores = world_list(api_world(api), "Datastore");
        bool others = false;

        if (entries == NULL)
                return;
        for (unsigned i = 0; i < datastores->len; i++)
                if (!has_path(entries, store_path(datastores->pdata[i]))) {
                        drop_datastore(api, datastores->pdata[i]);
                        g_ptr_array_remove_index(datastores, i--);
                        others = true;
                }
        for (unsigned i = 0; i < entries->len; i++) {
                const NamedText *entry = entries->pdata[i];
                Managed *datastore = find_by_path(datastores, entry->text);

                /* Names may have been swapped: one after the other gets out of the way. */
                if (datastore != NULL && strcmp(datastore->key, entry->name) != 0) {
                        Managed *holder = world_find_key(api_world(api), "Datastore", entry->name);

                        if (holder != NULL)
                                world_set_key(holder, store_path(holder));
                        rename_to(datastore, entry->name);
                        others = true;
                } else if (datastore == NULL) {
                        g_ptr_array_add(datastores, add_datastore(api, entry->name, entry->text));
                        others = true;
                }
        }
        if (others)
                store_update_volumes(api);
}

static void on_catalog(Api *api, gconstpointer data, gpointer user_data)
{
        (void)data;
        (void)user_data;
        update(api);
}

/* --- methods of Datastore --- */

static JsonObject *named(const Managed *datastore)
{
        JsonObject *args = json_object_new();

        json_object_set_string_member(args, "name", datastore->key);
        return args;
}

static JsonObject *renaming(Request *request)
{
        JsonObject *args = named(request_target(request));

        json_object_set_string_member(args, "to", request_arg_text(request, "newName"));
        return args;
}

/* Before the task has ended, so that who has waited for it finds what it did. */
static VimValue *tell_changed(Api *api, JsonNode *result, gpointer data)
{
        (void)result;
        (void)data;
        api_signal(api, API_CATALOG_CHANGED, NULL);
        return NULL;
}

static void run_task(Request *request, const char *operation, JsonObject *args)
{
        const TaskPlan plan = {.operation = operation, .args = args, .result = tell_changed};

        request_set_fault(request, store_datastore_fault);
        task_run(request, &plan);
}

static void change(Request *request, const char *operation, JsonObject *args)
{
        request_set_fault(request, store_datastore_fault);
        request_change(request, operation, args, NULL, NULL, NULL);
}

static void rename_task(Request *request)
{
        run_task(request, "RenameDatastore", renaming(request));
}

static void rename_now(Request *request)
{
        change(request, "RenameDatastore", renaming(request));
}

static void destroy_task(Request *request)
{
        run_task(request, "RemoveDatastore", named(request_target(request)));
}

static void destroy_now(Request *request)
{
        change(request, "RemoveDatastore", named(request_target(request)));
}

static void refresh(Request *request)
{
        (void)look_at(request_api(request), request_target(request), request);
}

static void refresh_storage_info(Request *request)
{
        (void)gather(request_api(request));
        refresh(request);
}

/* --- HostDatastoreSystem --- */

static VimValue *created(Api *api, JsonNode *result, gpointer data)
{
        (void)result;
        return managed_reference(world_find_key(api_world(api), "Datastore", data));
}

static void create_local(Request *request)
{
        JsonObject *args = json_object_new();
        const char *name = request_arg_text(request, "name");

        json_object_set_string_member(args, "name", name);
        json_object_set_string_member(args, "path", request_arg_text(request, "path"));
        request_set_fault(request, store_datastore_fault);
        request_change(request, "AddDatastore", args, created, g_strdup(name), g_free);
}

static void remove_datastore(Request *request)
{
        bool answered;
        Managed *datastore = request_arg_object(request, "datastore", &answered);

        if (!answered)
                change(request, "RemoveDatastore", named(datastore));
}

static VimValue *system_capabilities(void)
{
        VimValue *value = vim_new_object("HostDatastoreSystemCapabilities");

        vim_set_bool(value, "nfsMountCreationRequired", false);
        vim_set_bool(value, "nfsMountCreationSupported", false);
        vim_set_bool(value, "localDatastoreSupported", true);
        vim_set_bool(value, "vmfsExtentExpansionSupported", false);
        return value;
}

static void add_system(Api *api)
{
        g_autofree char *id = api_id(api, "datastoreSystem", "host");
        Managed *system = world_add(api_world(api), "HostDatastoreSystem", id, "host");
        Managed *host = world_find_key(api_world(api), "HostSystem", "host"), *browser;

        managed_set(system, "datastore", vim_new_list("Datastore"));
        managed_set(system, "capabilities", system_capabilities());
        browser = store_add_browser(api, "host");
        if (host == NULL)
                return;
        managed_set(host, "datastoreBrowser", managed_reference(browser));
        if (managed_peek(host, "config") != NULL)
                managed_set_part(host, "config", "datastoreCapabilities", system_capabilities());
}

/* --- the module --- */

static bool start(Api *api, GError **error)
{
        Stores *stores = g_new0(Stores, 1);

        (void)error;
        api_set_data(api, MODULE, stores);
        add_system(api);
        update(api);
        api_listen(api, API_CATALOG_CHANGED, on_catalog, NULL);
        stores->look_source = g_timeout_add_seconds(LOOK_EVERY_S, look_at_all, api);
        stores->space_source = g_timeout_add_seconds(SPACE_EVERY_S, gather, api);
        (void)gather(api);
        return true;
}

static bool is_busy(Api *api)
{
        g_autoptr(GPtrArray) datastores = world_list(api_world(api), "Datastore");

        for (unsigned i = 0; i < datastores->len; i++)
                if (((const Facts *)((const Managed *)datastores->pdata[i])->subject)->looking)
                        return true;
        return false;
}

/* A look that hangs is left behind: the process ends. */
static void stop(Api *api)
{
        Stores *stores = api_get_data(api, MODULE);
        int64_t until = g_get_monotonic_time() + G_USEC_PER_SEC;

        g_source_remove(stores->look_source);
        g_source_remove(stores->space_source);
        while (is_busy(api) && g_get_monotonic_time() < until)
                (void)g_main_context_iteration(NULL, FALSE);
        g_free(stores);
}

static const Handler handlers[] = {
        {"Datastore", "Rename_Task", rename_task, "Datastore.Rename"},
        {"Datastore", "Destroy_Task", destroy_task, "Datastore.Delete"},
        {"Datastore", "RenameDatastore", rename_now, NULL},
        {"Datastore", "DestroyDatastore", destroy_now, NULL},
        {"Datastore", "RefreshDatastore", refresh, NULL},
        {"Datastore", "RefreshDatastoreStorageInfo", refresh_storage_info, NULL},
        {"HostDatastoreSystem", "CreateLocalDatastore", create_local, NULL},
        {"HostDatastoreSystem", "RemoveDatastore", remove_datastore, NULL},
        {"HostDatastoreSystem", "QueryAvailableDisksForVmfs", store_none, NULL},
        {"HostDatastoreSystem", "QueryUnresolvedVmfsVolumes", store_none, NULL},
        {"HostDatastoreSystem", "UpdateLocalSwapDatastore", store_unsupported, NULL},
        {"HostDatastoreSystem", "CreateVmfsDatastore", store_unsupported, NULL},
        {"HostDatastoreSystem", "CreateNasDatastore", store_unsupported, NULL},
        {NULL},
};

extern const ApiModule datastore_module;
const ApiModule datastore_module = {.name = MODULE, .handlers = handlers, .start = start, .stop = stop};
