/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VirtualDiskManager: disks that belong to no VM (yet). */
#include <string.h>

#include "api/store/store.h"

#define PRIVILEGE "Datastore.FileManagement"

/* What vim25 calls disks, and how they are made here. */
static const struct {
        const char *type, *provisioning;
} disk_types[] = {
        {"thin", "thin"},      {"seSparse", "thin"},        {"sparseMonolithic", "thin"},
        {"sparse2Gb", "thin"}, {"preallocated", "thick"},   {"thick", "thick"},
        {"thick2Gb", "thick"}, {"flatMonolithic", "thick"}, {"eagerZeroedThick", "thick"},
};

/* NULL: InvalidArgument was sent. */
static const char *provisioning_of(Request *request, const VimValue *spec, const char *property)
{
        const char *type = vim_get_text(spec, "diskType");

        for (unsigned i = 0; i < G_N_ELEMENTS(disk_types); i++)
                if (strcmp(disk_types[i].type, type) == 0)
                        return disk_types[i].provisioning;
        request_invalid(request, property,
                        "a disk of type \"%.40s\" cannot be made here; thin and thick can", type);
        return NULL;
}

static JsonObject *with_path(const char *member, const char *path)
{
        JsonObject *args = json_object_new();

        json_object_set_string_member(args, member, path);
        return args;
}

/* The path, which is what the task results in. */
static VimValue *path_of(Api *api, JsonNode *result, gpointer data)
{
        (void)api;
        (void)result;
        return vim_new_string(data);
}

/* --- tasks --- */

static void create(Request *request)
{
        const char *path = request_arg_text(request, "name"), *provisioning;
        const VimValue *spec = request_arg(request, "spec");
        Managed *datastore = store_of_path(request, path, false, NULL);
        JsonObject *args;
        int64_t size_kb;

        if (datastore == NULL || (provisioning = provisioning_of(request, spec, "spec.diskType")) == NULL)
                return;
        size_kb = vim_is(spec, "FileBackedVirtualDiskSpec") ? vim_get_int(spec, "capacityKb", 0) : 0;
        if (size_kb <= 0) {
                request_invalid(request, "spec.capacityKb", "a new disk has a capacity of 1 KB at least");
                return;
        }
        args = with_path("path", path);
        json_object_set_int_member(args, "size_kb", size_kb);
        json_object_set_string_member(args, "provisioning", provisioning);
        store_run(request, datastore, "CreateVirtualDisk", args, path_of, g_strdup(path), g_free);
}

/* What goes from one place to another. args: what there is besides; taken. */
static void transfer(Request *request, const char *operation, JsonObject *args)
{
        const char *source = request_arg_text(request, "sourceName");
        const char *target = request_arg_text(request, "destName");
        Managed *datastore = store_of_path(request, source, false, NULL);

        if (datastore == NULL || store_of_path(request, target, false, NULL) == NULL) {
                json_object_unref(args);
                return;
        }
        json_object_set_string_member(args, "source", source);
        json_object_set_string_member(args, "target", target);
        json_object_set_boolean_member(args, "force", request_arg_bool(request, "force", false));
        store_run(request, datastore, operation, args, path_of, g_strdup(target), g_free);
}

static void move(Request *request)
{
        transfer(request, "MoveVirtualDisk", json_object_new());
}

static void copy(Request *request)
{
        const VimValue *spec = request_arg(request, "destSpec");
        const char *provisioning =
                spec != NULL ? provisioning_of(request, spec, "destSpec.diskType") : "thin";

        if (provisioning != NULL)
                transfer(request, "CopyVirtualDisk", with_path("provisioning", provisioning));
}

/* A task with nothing but the disk. */
static void run_simple(Request *request, const char *operation)
{
        const char *path = request_arg_text(request, "name");
        Managed *datastore = store_of_path(request, path, false, NULL);

        if (datastore != NULL)
                store_run(request, datastore, operation, with_path("path", path), NULL, NULL, NULL);
}

static void delete_disk(Request *request)
{
        run_simple(request, "DeleteVirtualDisk");
}

static void inflate(Request *request)
{
        run_simple(request, "InflateVirtualDisk");
}

static void shrink(Request *request)
{
        run_simple(request, "ShrinkVirtualDisk");
}

static void zero_fill(Request *request)
{
        run_simple(request, "ZeroFillVirtualDisk");
}

static void extend(Request *request)
{
        const char *path = request_arg_text(request, "name");
        Managed *datastore = store_of_path(request, path, false, NULL);
        int64_t size_kb = request_arg_int(request, "newCapacityKb", 0);
        JsonObject *args;

        if (datastore == NULL)
                return;
        if (size_kb <= 0) {
                request_invalid(request, "newCapacityKb", "a disk has a capacity of 1 KB at least");
                return;
        }
        args = with_path("path", path);
        json_object_set_int_member(args, "size_kb", size_kb);
        store_run(request, datastore, "ExtendVirtualDisk", args, NULL, NULL, NULL);
}

/* --- questions --- */

static void ask(Request *request, RequestResult result)
{
        const char *path = request_arg_text(request, "name");

        if (store_of_path(request, path, false, NULL) == NULL)
                return;
        request_set_fault(request, store_fault);
        request_operate(request, "QueryVirtualDisk", with_path("path", path), result, NULL, NULL);
}

/* "60 00 C2 9f 64 ..." as ESX writes it. */
static VimValue *uuid_value(Api *api, JsonNode *result, gpointer data)
{
        const char *uuid = json_object_get_string_member(json_node_get_object(result), "uuid");
        g_autoptr(GString) text = g_string_new(NULL);
        unsigned digits = 0;

        (void)api;
        (void)data;
        for (; *uuid != '\0'; uuid++) {
                if (*uuid == '-')
                        continue;
                if (digits > 0 && digits % 2 == 0)
                        g_string_append_c(text, digits == 16 ? '-' : ' ');
                g_string_append_c(text, g_ascii_tolower(*uuid));
                digits++;
        }
        return vim_new_string(text->str);
}

/* As a controller tells old guests. */
static VimValue *geometry_value(Api *api, JsonNode *result, gpointer data)
{
        int64_t bytes = json_object_get_int_member(json_node_get_object(result), "provisioned_bytes");
        bool small = bytes < INT64_C(1) << 30;
        int heads = small ? 64 : 255, sectors = small ? 32 : 63;
        VimValue *value = vim_new_object("HostDiskDimensionsChs");

        (void)api;
        (void)data;
        vim_set_int(value, "cylinder", bytes / 512 / heads / sectors);
        vim_set_int(value, "head", heads);
        vim_set_int(value, "sector", sectors);
        return value;
}

static void query_uuid(Request *request)
{
        ask(request, uuid_value);
}

static void query_geometry(Request *request)
{
        ask(request, geometry_value);
}

/* In any of the forms there are: 32 hexadecimal digits with blanks and dashes. */
static char *parse_uuid(const char *text)
{
        g_autoptr(GString) digits = g_string_new(NULL);

        for (; *text != '\0' && digits->len <= 32; text++)
                if (g_ascii_isxdigit(*text))
                        g_string_append_c(digits, g_ascii_tolower(*text));
                else if (*text != ' ' && *text != '-')
                        return NULL;
        if (digits->len != 32)
                return NULL;
        return g_strdup_printf("%.8s-%.4s-%.4s-%.4s-%.12s", digits->str, digits->str + 8, digits->str + 12,
                               digits->str + 16, digits->str + 20);
}

static void set_uuid(Request *request)
{
        const char *path = request_arg_text(request, "name");
        g_autofree char *uuid = parse_uuid(request_arg_text(request, "uuid"));
        JsonObject *args;

        if (store_of_path(request, path, false, NULL) == NULL)
                return;
        if (uuid == NULL) {
                request_invalid(request, "uuid", "a UUID has 32 hexadecimal digits");
                return;
        }
        args = with_path("path", path);
        json_object_set_string_member(args, "uuid", uuid);
        request_set_fault(request, store_fault);
        request_operate(request, "SetVirtualDiskUuid", args, NULL, NULL, NULL);
}

static bool start(Api *api, GError **error)
{
        (void)error;
        (void)world_add(api_world(api), "VirtualDiskManager", "virtualDiskManager", NULL);
        return true;
}

static const Handler handlers[] = {
        {"VirtualDiskManager", "CreateVirtualDisk_Task", create, PRIVILEGE},
        {"VirtualDiskManager", "DeleteVirtualDisk_Task", delete_disk, PRIVILEGE},
        {"VirtualDiskManager", "MoveVirtualDisk_Task", move, PRIVILEGE},
        {"VirtualDiskManager", "CopyVirtualDisk_Task", copy, PRIVILEGE},
        {"VirtualDiskManager", "ExtendVirtualDisk_Task", extend, PRIVILEGE},
        {"VirtualDiskManager", "InflateVirtualDisk_Task", inflate, PRIVILEGE},
        {"VirtualDiskManager", "EagerZeroVirtualDisk_Task", inflate, PRIVILEGE},
        {"VirtualDiskManager", "ShrinkVirtualDisk_Task", shrink, PRIVILEGE},
        {"VirtualDiskManager", "DefragmentVirtualDisk_Task", shrink, PRIVILEGE},
        {"VirtualDiskManager", "ZeroFillVirtualDisk_Task", zero_fill, PRIVILEGE},
        {"VirtualDiskManager", "SetVirtualDiskUuid", set_uuid, PRIVILEGE},
        {"VirtualDiskManager", "QueryVirtualDiskUuid", query_uuid, NULL},
        {"VirtualDiskManager", "QueryVirtualDiskGeometry", query_geometry, NULL},
        {NULL},
};

extern const ApiModule disk_manager_module;
const ApiModule disk_manager_module = {.name = "disk-manager", .handlers = handlers, .start = start};
