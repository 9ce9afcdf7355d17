/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operation/home.h"

#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>

#include "operation/snapshot-file.h"
#include "operation/vm.h"
#include "operation/vmx.h"
#include "storage/datastore.h"
#include "storage/disk.h"

#define RANDOM_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

typedef struct Claim {
        Call *call;
        Record *record;
} Claim;

static bool claim_home(const char *home, gpointer user_data, GError **error)
{
        Claim *claim = user_data;

        g_free(claim->record->home);
        claim->record->home = g_strdup(home);
        return record_save(call_inventory(claim->call), claim->record, error);
}

bool home_make(Call *call, Record *record, const char *datastore_path, GError **error)
{
        Claim claim = {.call = call, .record = record};
        g_autofree char *home = datastore_make_home(datastore_path, record->name, claim_home, &claim, error);

        if (home != NULL)
                return true;
        /* What was claimed last may be somebody else's by now. */
        g_clear_pointer(&record->home, g_free);
        return false;
}

char *home_disk_path(const Record *record, unsigned number)
{
        g_autofree char *file = number == 0 ? g_strdup_printf("%s.qcow2", record->name)
                                            : g_strdup_printf("%s_%u.qcow2", record->name, number);

        return g_build_filename(record->home, file, NULL);
}

bool home_copy_file(const char *from, const char *to, GError **error)
{
        g_autoptr(GFile) source = g_file_new_for_path(from), target = g_file_new_for_path(to);

        return g_file_copy(source, target, G_FILE_COPY_ALL_METADATA | G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL,
                           NULL, NULL, error) &&
               disk_sync(to, error);
}

static void append_number(GString *text, const char *key, uint64_t value)
{
        g_autofree char *number = g_strdup_printf("%" PRIu64, value);

        vmx_append(text, key, number);
}

static bool append_options(Call *call, const Record *record, GString *text, GError **error)
{
        g_autoptr(GError) inner = NULL;
        g_autoptr(InventoryVm) vm = inventory_vm_load(call_inventory(call), record->uuid, &inner);
        g_autoptr(GList) names = vm != NULL ? g_hash_table_get_keys(vm->options) : NULL;

        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
                return false;
        }
        names = g_list_sort(names, (GCompareFunc)g_strcmp0);
        for (GList *name = names; name != NULL; name = name->next) {
                const char *value = g_hash_table_lookup(vm->options, name->data);

                if (g_str_has_prefix(name->data, "sched.") || vm_option_travels(name->data, value))
                        vmx_append(text, name->data, value);
        }
        return true;
}

static bool append_disks(Call *call, const Record *record, GString *text, GError **error)
{
        g_autoptr(GPtrArray) disks = disk_records(call_inventory(call), record->uuid, error);

        for (unsigned i = 0; disks != NULL && i < disks->len; i++) {
                const DiskRecord *disk = disks->pdata[i];
                g_autofree char *mode = g_strdup_printf("aerostat.disk.%s.mode", disk->target);
                g_autofree char *base = g_strdup_printf("aerostat.disk.%s.base", disk->target);

                vmx_append(text, mode, disk_mode_name(disk->mode));
                if (disk->base != NULL)
                        vmx_append(text, base, disk->base);
        }
        return disks != NULL;
}

static char *format_vmx(Call *call, const Record *record, Definition *definition, GError **error)
{
        g_autoptr(GString) text = g_string_new(NULL);
        g_autofree char *xml = g_strconcat(record->name, ".xml", NULL);

        vmx_append(text, ".encoding", "UTF-8");
        vmx_append(text, "config.version", "8");
        vmx_append(text, "displayName", record->name);
        vmx_append(text, "uuid.bios", record->uuid);
        append_number(text, "memsize", definition_memory_bytes(definition) >> 20);
        append_number(text, "numvcpus", definition_cpus(definition));
        vmx_append(text, "aerostat.home", record->home);
        vmx_append(text, "aerostat.xml", xml);
        if (record->is_template)
                vmx_append(text, "aerostat.template", "TRUE");
        if (record->saved != NULL)
                vmx_append(text, "checkpoint.vmState", record->saved);
        if (!append_options(call, record, text, error) || !append_disks(call, record, text, error) ||
            !snapshot_file_append(call, record->uuid, record->home, text, error))
                return NULL;
        if (text->len > VMX_SIZE_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "%s.vmx would be larger than %u MiB; remove some snapshots", record->name,
                            VMX_SIZE_MAX >> 20);
                return NULL;
        }
        return g_strdup(text->str);
}

/* In one step, and there after a crash of the host. */
static bool write_file(const char *path, const char *text, GError **error)
{
        g_autoptr(GError) inner = NULL;

        if (g_file_set_contents_full(path, text, -1,
                                     G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                     &inner))
                return disk_sync(path, error);
        g_set_error(error, G_IO_ERROR,
                    g_error_matches(inner, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ? G_IO_ERROR_NO_SPACE
                                                                             : G_IO_ERROR_FAILED,
                    "%s", inner->message);
        return false;
}

bool home_write_files(Call *call, const Record *record, GError **error)
{
        g_autoptr(Definition) definition = NULL;
        g_autofree char *vmx = NULL, *xml = NULL, *vmx_path = NULL, *xml_path = NULL;

        if (record->home == NULL)
                return true;
        definition = vm_definition(call, record->uuid, false, error);
        vmx = definition != NULL ? format_vmx(call, record, definition, error) : NULL;
        if (vmx == NULL)
                return false;
        xml = definition_text(definition);
        vmx_path = g_strdup_printf("%s/%s.vmx", record->home, record->name);
        xml_path = g_strdup_printf("%s/%s.xml", record->home, record->name);
        return write_file(xml_path, xml, error) && write_file(vmx_path, vmx, error);
}

/* g_file_set_contents_full() writes NAME.vmx.XXXXXX, of capitals and digits, and renames that. */
static bool is_left_over(const Record *record, const char *file)
{
        size_t length = strlen(record->name);
        const char *rest = file + length;

        return strncmp(file, record->name, length) == 0 &&
               (g_str_has_prefix(rest, ".vmx.") || g_str_has_prefix(rest, ".xml.")) &&
               strlen(rest) == strlen(".vmx.XXXXXX") &&
               strspn(rest + strlen(".vmx."), RANDOM_CHARACTERS) == 6;
}

void home_clean(const Record *record)
{
        g_autoptr(GDir) dir = record->home != NULL ? g_dir_open(record->home, 0, NULL) : NULL;
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *path = g_build_filename(record->home, name, NULL);

                /* One that stays is one file too many. */
                if (is_left_over(record, name))
                        (void)g_unlink(path);
        }
}
