/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the methods of a VM's life share. */
#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/home.h"
#include "operation/vm.h"
#include "policy/settings.h"
#include "storage/datastore.h"

const VmOption vm_options[] = {
        {.name = VM_OPTION_PAGER, .arg = "pager", .values = "TRUE|FALSE"},
        {.name = VM_OPTION_STANDBY, .arg = "standbyAction", .values = "checkpoint|powerOnSuspend"},
        {.name = VM_OPTION_POWER_OFF, .arg = "powerOffType", .values = "soft|hard"},
        {.name = VM_OPTION_SUSPEND, .arg = "suspendType", .values = "hard|soft"},
        {.name = VM_OPTION_RESET, .arg = "resetType", .values = "soft|hard"},
        {.name = NULL},
};

int64_t vm_cpu_shares(const char *shares, unsigned cpus)
{
        guint64 number = 0;

        if (shares != NULL && g_ascii_string_to_unsigned(shares, 10, 1, POLICY_SHARES_MAX, &number, NULL))
                return (int64_t)number;
        if (g_strcmp0(shares, "low") == 0)
                return VM_CPU_SHARES_NORMAL / 2 * (int64_t)cpus;
        return (g_strcmp0(shares, "high") == 0 ? 2 : 1) * VM_CPU_SHARES_NORMAL * (int64_t)cpus;
}

const VmOption *vm_option_find(const char *name)
{
        for (const VmOption *option = vm_options; option->name != NULL; option++)
                if (strcmp(option->name, name) == 0)
                        return option;
        return NULL;
}

bool vm_option_travels(const char *name, const char *value)
{
        static const char *const names[] = {
                VM_OPTION_CPU_MIN,  VM_OPTION_CPU_MAX,  "scsi0.virtualDev", "scsi1.virtualDev",
                "scsi2.virtualDev", "scsi3.virtualDev", "sata0.present",    NULL};

        if (strcmp(name, VM_OPTION_CPU_SHARES) == 0)
                return strcmp(value, "low") == 0 || strcmp(value, "high") == 0 ||
                       (*value != '\0' && strlen(value) < 10 &&
                        strspn(value, "0123456789") == strlen(value));
        return vm_option_find(name) != NULL ||
               (g_strv_contains(names, name) && strlen(value) <= CATALOG_NAME_MAX);
}

bool vm_option_check(const VmOption *option, const char *value, GError **error)
{
        g_auto(GStrv) values = g_strsplit(option->values, "|", -1);
        g_autofree char *allowed = g_strjoinv(" or ", values);

        if (g_strv_contains((const char *const *)values, value))
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is to be %s", option->arg, allowed);
        return false;
}

char *vm_option_get(Call *call, const char *uuid, const char *name, GError **error)
{
        const VmOption *option = vm_option_find(name);
        g_autoptr(GError) inner = NULL;
        g_autoptr(InventoryVm) vm = inventory_vm_load(call_inventory(call), uuid, &inner);
        const char *value = vm != NULL ? g_hash_table_lookup(vm->options, name) : NULL;

        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
                return NULL;
        }
        return value != NULL ? g_strdup(value) : g_strndup(option->values, strcspn(option->values, "|"));
}

char *vm_parse_file(Call *call, const char *text, GError **error)
{
        g_autofree char *name = NULL, *rest = NULL, *path = NULL;
        g_autoptr(GError) inner = NULL;

        if (g_path_is_absolute(text))
                return g_canonicalize_filename(text, "/");
        if (!datastore_parse(text, &name, &rest, error))
                return NULL;
        path = datastore_path(call_inventory(call), name, &inner);
        if (path != NULL)
                return g_build_filename(path, rest, NULL);
        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
        } else {
                g_autofree char *shown = catalog_shown(name);

                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "there is no datastore \"%s\"; 'aerostat datastore list' shows all", shown);
        }
        return NULL;
}

bool vm_find_datastore(Call *call, const char *file, char **ret_name, char **ret_path)
{
        g_autoptr(GPtrArray) datastores = datastore_list(call_inventory(call), NULL);

        for (unsigned i = 0; datastores != NULL && i < datastores->len; i++) {
                const NamedText *datastore = datastores->pdata[i];
                g_autofree char *inside = datastore_format(datastore->name, datastore->text, file);

                if (inside == NULL)
                        continue;
                *ret_name = g_strdup(datastore->name);
                *ret_path = g_strdup(datastore->text);
                return true;
        }
        return false;
}

Definition *vm_definition(Call *call, const char *uuid, bool live, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autofree char *xml = connection != NULL ? life_definition(connection, uuid, live, error) : NULL;

        return xml != NULL ? definition_parse(xml, error) : NULL;
}

bool vm_define(Call *call, const Definition *definition, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autofree char *xml = definition_text(definition);

        return connection != NULL && life_define(connection, xml, error);
}

const char *vm_domain_type(Call *call, GError **error)
{
        const char *wanted = call_parts(call)->domain_type;
        virConnectPtr connection;
        char *capabilities;

        if (wanted != NULL)
                return wanted;
        connection = call_connection(call, error);
        if (connection == NULL)
                return NULL;
        capabilities = virConnectGetDomainCapabilities(connection, NULL, "x86_64", NULL, "kvm", 0);
        if (capabilities == NULL)
                return "qemu";
        free(capabilities);
        return "kvm";
}

static void set_number(Definition *definition, const char *variable, const char *value)
{
        /* -1 is no limit. */
        definition_set_environment(definition, variable, value != NULL && *value != '-' ? value : NULL);
}

static bool set_variables(Call *call, const Record *record, Definition *definition, GError **error)
{
        const OperationsParts *parts = call_parts(call);
        g_autofree char *file = g_strconcat(record->uuid, ".sock", NULL);
        g_autofree char *path = g_build_filename(parts->pager_dir, file, NULL);
        g_autoptr(GError) inner = NULL;
        g_autoptr(InventoryVm) vm = inventory_vm_load(call_inventory(call), record->uuid, &inner);
        const char *swap_dir = vm != NULL ? g_hash_table_lookup(vm->options, "sched.swap.dir") : NULL;

        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
                return false;
        }
        if (!g_file_test(parts->pager_library, G_FILE_TEST_IS_REGULAR)) {
                g_set_error(
                        error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                        "VM \"%s\" is to have a pager, and its library is not at %s; set PagerLibrary in "
                        "aerostatd.conf, or start the VM without: 'aerostat vm reconfigure --no-pager'",
                        record->name, parts->pager_library);
                return false;
        }
        /* It is in memory on most hosts, and gone after each of their starts. What cannot be made, the pager
         * tells. */
        (void)g_mkdir_with_parents(parts->pager_dir, 0755);
        definition_set_environment(definition, "LD_PRELOAD", parts->pager_library);
        definition_set_environment(definition, "AEROSTAT_SOCKET", path);
        definition_set_environment(definition, "AEROSTAT_SWAP_DIR",
                                   swap_dir != NULL && *swap_dir != '\0' ? swap_dir : record->home);
        set_number(definition, "AEROSTAT_RESERVATION_MIB",
                   vm != NULL ? g_hash_table_lookup(vm->options, "sched.mem.min") : NULL);
        set_number(definition, "AEROSTAT_LIMIT_MIB",
                   vm != NULL ? g_hash_table_lookup(vm->options, "sched.mem.max") : NULL);
        return true;
}

bool vm_set_pager(Call *call, const Record *record, Definition *definition, GError **error)
{
        static const char *const variables[] = {"LD_PRELOAD", "AEROSTAT_SOCKET", "AEROSTAT_SWAP_DIR",
                                                "AEROSTAT_RESERVATION_MIB", "AEROSTAT_LIMIT_MIB"};
        g_autofree char *pager = vm_option_get(call, record->uuid, VM_OPTION_PAGER, error);

        if (pager == NULL)
                return false;
        if (strcmp(pager, "TRUE") == 0 && call_parts(call)->pager_library != NULL)
                return set_variables(call, record, definition, error);
        for (unsigned i = 0; i < G_N_ELEMENTS(variables); i++)
                definition_set_environment(definition, variables[i], NULL);
        return true;
}

void vm_update_files(Call *call, const Record *record)
{
        g_autoptr(GError) error = NULL;

        if (!home_write_files(call, record, &error))
                call_event(call, "error", record->name,
                           "the files by which another host can register it are not up to date: %s",
                           error->message);
}

bool vm_refuse(const Record *record, const char *what, GError **error)
{
        return operation_refuse(error, G_IO_ERROR_NOT_SUPPORTED, "VM \"%s\" %s", record->name, what);
}

bool vm_has_intent(Call *call, const char *uuid)
{
        g_autoptr(GPtrArray) intents = intent_list(call_inventory(call), NULL);

        for (unsigned i = 0; intents != NULL && i < intents->len; i++)
                if (strcmp(((const Intent *)intents->pdata[i])->uuid, uuid) == 0)
                        return true;
        /* When it is not known, nothing should be done by itself. */
        return intents == NULL;
}

bool vm_is_soft(Call *call, const char *uuid, JsonObject *args, const char *option, bool *ret,
                GError **error)
{
        const char *type = "hard";
        g_autofree char *preset = NULL;

        if (!args_text_if(args, "type", &type, error))
                return false;
        if (strcmp(type, "preset") == 0) {
                preset = vm_option_get(call, uuid, option, error);
                if (preset == NULL)
                        return false;
                type = preset;
        }
        *ret = strcmp(type, "soft") == 0;
        if (*ret || strcmp(type, "hard") == 0)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "\"type\" is to be hard, soft or preset");
        return false;
}
