/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A VM's name, its end, and whether it is a template. */
#include <glib/gstdio.h>
#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/discard.h"
#include "operation/home.h"
#include "operation/vm.h"

#define NAMES_SHOWN 10

static Record *find(Call *call, JsonObject *args, LifePower *ret_power, GError **error)
{
        const char *name = args_text(args, "vm", error);
        virConnectPtr connection = name != NULL ? call_connection(call, error) : NULL;
        g_autoptr(Record) record = connection != NULL ? call_vm(call, name, true, error) : NULL;

        if (record == NULL || !life_power(connection, record->uuid, ret_power, error))
                return NULL;
        return g_steal_pointer(&record);
}

static bool is_off(LifePower power)
{
        return power == LIFE_OFF || power == LIFE_NONE;
}

/* What stands on its disks must not lose them. */
static bool check_clones(Call *call, const Record *record, GError **error)
{
        g_autoptr(GPtrArray) clones = record_clones(call_inventory(call), record->uuid, 0, error);
        g_autoptr(GString) names = g_string_new(NULL);

        if (clones == NULL || clones->len == 0)
                return clones != NULL;
        for (unsigned i = 0; i < MIN(clones->len, NAMES_SHOWN); i++)
                g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
                                       ((const Record *)clones->pdata[i])->name);
        if (clones->len > NAMES_SHOWN)
                g_string_append_printf(names, " and %u more", clones->len - NAMES_SHOWN);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                    "VM \"%s\" has linked clones: %s; delete them first ('aerostat vm clone --full' makes "
                    "copies that stand alone)",
                    record->name, names->str);
        return false;
}

static bool run_destroy(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        LifePower power = LIFE_OFF;
        g_autoptr(Record) record =
                args_only(args, error, "vm", NULL) ? find(call, args, &power, error) : NULL;

        (void)result;
        if (record == NULL)
                return false;
        if (!is_off(power))
                return vm_refuse(record, "runs; power it off before it is deleted", error);
        if (!check_clones(call, record, error))
                return false;
        record->state = RECORD_REMOVING;
        if (!record_save(call_inventory(call), record, error) || !vm_discard(call, record, error))
                return false;
        call_event(call, "vm", record->name, "is deleted");
        return true;
}

/* --- renaming --- */

#define KIND_RENAME "rename"

static char **own_files(const Record *record)
{
        char **files = g_new0(char *, 3);

        if (record->home == NULL)
                return files;
        files[0] = g_strdup_printf("%s/%s.vmx", record->home, record->name);
        files[1] = g_strdup_printf("%s/%s.xml", record->home, record->name);
        return files;
}

/* Files of the name that it has no longer. What cannot be deleted is one file more in its folder. */
static void delete_files(const Record *record, char *const *files)
{
        g_auto(GStrv) own = own_files(record);

        for (; *files != NULL; files++)
                if (!g_strv_contains((const char *const *)own, *files))
                        (void)g_unlink(*files);
}

static bool finish_rename(Call *call, const Record *record, const Intent *intent, GError **error)
{
        if (!home_write_files(call, record, error))
                return false;
        delete_files(record, intent->old_files);
        return intent_delete(call_inventory(call), intent->id, error);
}

static bool save_name(Call *call, Record *record, const char *name, GError **error)
{
        g_free(record->name);
        record->name = g_strdup(name);
        return record_save(call_inventory(call), record, error);
}

static bool rename_vm(Call *call, Record *record, const char *to, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autofree char *from = g_strdup(record->name);
        g_auto(GStrv) files = own_files(record);
        char *none[] = {NULL};
        Intent intent = {
                .uuid = record->uuid, .kind = (char *)KIND_RENAME, .new_files = none, .old_files = files};

        if (connection == NULL || !intent_save(call_inventory(call), &intent, error))
                return false;
        /* The inventory first, where it shows whether the name is taken. */
        if (!save_name(call, record, to, error)) {
                (void)intent_delete(call_inventory(call), intent.id, NULL);
                return false;
        }
        if (!life_rename(connection, record->uuid, to, error)) {
                if (save_name(call, record, from, NULL))
                        (void)intent_delete(call_inventory(call), intent.id, NULL);
                return false;
        }
        return finish_rename(call, record, &intent, error);
}

/* The definition has the last word on the name. */
static bool end_rename(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        g_autoptr(Record) record = record_load(call_inventory(call), intent->uuid, error);
        g_autoptr(Definition) definition =
                record != NULL ? vm_definition(call, intent->uuid, false, error) : NULL;

        (void)uses_new;
        return definition != NULL && save_name(call, record, definition_name(definition), error) &&
               finish_rename(call, record, intent, error);
}

static bool run_rename(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        LifePower power;
        const char *to = args_only(args, error, "vm", "name", NULL) ? args_text(args, "name", error) : NULL;
        g_autoptr(Record) record = NULL;
        g_autofree char *from = NULL;

        (void)result;
        if (to == NULL || !catalog_check_name("virtual machine", to, error))
                return false;
        record = find(call, args, &power, error);
        if (record == NULL || strcmp(record->name, to) == 0)
                return record != NULL;
        if (!is_off(power) || record->saved != NULL)
                return vm_refuse(
                        record,
                        record->saved != NULL
                                ? "is suspended, and libvirt renames only what is powered off: power it "
                                  "on, and off"
                                : "runs, and libvirt renames only what is powered off: power it off "
                                  "first",
                        error);
        from = g_strdup(record->name);
        if (!rename_vm(call, record, to, error))
                return false;
        call_event(call, "vm", to, "was called \"%s\" until now", from);
        return true;
}

/* --- templates --- */

static bool mark(Call *call, JsonObject *args, bool as_template, GError **error)
{
        LifePower power = LIFE_OFF;
        g_autoptr(Record) record =
                args_only(args, error, "vm", NULL) ? find(call, args, &power, error) : NULL;

        if (record == NULL || record->is_template == as_template)
                return record != NULL;
        if (!is_off(power) || record->saved != NULL)
                return vm_refuse(record,
                                 record->saved != NULL ? "is suspended; a template is powered off"
                                                       : "runs; a template is powered off",
                                 error);
        record->is_template = as_template;
        if (!record_save(call_inventory(call), record, error))
                return false;
        vm_update_files(call, record);
        call_event(call, "vm", record->name, as_template ? "is a template" : "is a VM again");
        return true;
}

static bool run_mark_template(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        (void)result;
        return mark(call, args, true, error);
}

static bool run_mark_vm(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        (void)result;
        return mark(call, args, false, error);
}

const Method vm_methods[] = {
        {.name = "DestroyVM", .is_task = true, .run = run_destroy},
        {.name = "RenameVM", .is_task = true, .run = run_rename},
        {.name = "MarkAsTemplate", .run = run_mark_template},
        {.name = "MarkAsVirtualMachine", .run = run_mark_vm},
        {.name = NULL},
};

const IntentKind vm_intents[] = {
        {.name = KIND_RENAME, .end = end_rename},
        {.name = NULL},
};
