/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HostStorageSystem: the host's disks as the kernel lists them, to be looked at only. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/store/store.h"

#define SECTOR_BYTES 512
#define ADAPTER      "key-vim.host.BlockHba-vmhba0"

/* One line of a file of a disk in /sys/block; "" when there is none. Owned. */
static char *attribute(const char *disk, const char *name)
{
        g_autofree char *path = g_build_filename("/sys/block", disk, name, NULL);
        char *text = NULL;

        if (!g_file_get_contents(path, &text, NULL, NULL))
                return g_strdup("");
        text[strcspn(text, "\n")] = '\0';
        return g_strstrip(text);
}

static VimValue *disk_value(const char *disk, int64_t sectors)
{
        g_autofree char *vendor = attribute(disk, "device/vendor"), *model = attribute(disk, "device/model");
        g_autofree char *rotational = attribute(disk, "queue/rotational");
        g_autofree char *path = g_strconcat("/dev/", disk, NULL);
        g_autofree char *uuid = g_compute_checksum_for_string(G_CHECKSUM_SHA1, path, -1);
        g_autofree char *key = g_strconcat("key-vim.host.ScsiDisk-", disk, NULL);
        VimValue *value = vim_new_object("HostScsiDisk"),
                 *capacity = vim_new_object("HostDiskDimensionsLba");

        vim_set_text(value, "deviceName", path);
        vim_set_text(value, "deviceType", "disk");
        vim_set_text(value, "key", key);
        vim_set_text(value, "uuid", uuid);
        vim_set_text(value, "canonicalName", disk);
        vim_set_text(value, "displayName", *model != '\0' ? model : disk);
        vim_set_text(value, "lunType", "disk");
        vim_set_text(value, "vendor", vendor);
        vim_set_text(value, "model", model);
        vim_set(value, "operationalState", vim_new_string("ok"));
        vim_set_int(capacity, "blockSize", SECTOR_BYTES);
        vim_set_int(capacity, "block", sectors);
        vim_set(value, "capacity", capacity);
        vim_set_text(value, "devicePath", path);
        vim_set_bool(value, "ssd", strcmp(rotational, "0") == 0);
        vim_set_bool(value, "localDisk", true);
        return value;
}

/* Those with a device behind them, and media in it. */
static VimValue *disks(void)
{
        VimValue *list = vim_new_list("ScsiLun");
        g_autoptr(GDir) dir = g_dir_open("/sys/block", 0, NULL);
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *device = g_build_filename("/sys/block", name, "device", NULL);
                g_autofree char *size = attribute(name, "size");
                int64_t sectors = g_ascii_strtoll(size, NULL, 10);

                if (sectors > 0 && g_file_test(device, G_FILE_TEST_EXISTS) &&
                    g_utf8_validate(name, -1, NULL))
                        vim_add(list, disk_value(name, sectors));
        }
        return list;
}

static VimValue *device_info(void)
{
        VimValue *info = vim_new_object("HostStorageDeviceInfo"), *adapter = vim_new_object("HostBlockHba");

        vim_set_text(adapter, "key", ADAPTER);
        vim_set_text(adapter, "device", "vmhba0");
        vim_set_int(adapter, "bus", 0);
        vim_set_text(adapter, "status", "online");
        vim_set_text(adapter, "model", "Disks of the host's kernel");
        vim_set(info, "hostBusAdapter", adapter);
        vim_set(info, "scsiLun", disks());
        vim_set(info, "scsiTopology", vim_new_object("HostScsiTopology"));
        vim_set(info, "multipathInfo", vim_new_object("HostMultipathInfo"));
        vim_set_bool(info, "softwareInternetScsiEnabled", false);
        return info;
}

static void update(Api *api)
{
        Managed *system = world_find_key(api_world(api), "HostStorageSystem", "host");
        Managed *host = world_find_key(api_world(api), "HostSystem", "host");
        g_autoptr(VimValue) info = device_info();

        managed_set(system, "storageDeviceInfo", vim_ref(info));
        if (host != NULL && managed_peek(host, "config") != NULL)
                managed_set_part(host, "config", "storageDevice", vim_ref(info));
        store_update_volumes(api);
}

static void refresh(Request *request)
{
        update(request_api(request));
        request_return(request, NULL);
}

static bool start(Api *api, GError **error)
{
        g_autofree char *id = api_id(api, "storageSystem", "host");
        Managed *system = world_add(api_world(api), "HostStorageSystem", id, "host");

        (void)error;
        managed_set(system, "value", vim_new_list("CustomFieldValue"));
        managed_set(system, "availableField", vim_new_list("CustomFieldDef"));
        update(api);
        return true;
}

static const Handler handlers[] = {
        {"HostStorageSystem", "RescanAllHba", refresh, NULL},
        {"HostStorageSystem", "RescanHba", refresh, NULL},
        {"HostStorageSystem", "RescanVmfs", refresh, NULL},
        {"HostStorageSystem", "RescanVffs", refresh, NULL},
        {"HostStorageSystem", "RefreshStorageSystem", refresh, NULL},
        {"HostStorageSystem", "QueryUnresolvedVmfsVolume", store_none, NULL},
        {NULL},
};

extern const ApiModule storage_system_module;
const ApiModule storage_system_module = {.name = "storage-system", .handlers = handlers, .start = start};
