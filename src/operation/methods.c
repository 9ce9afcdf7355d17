/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All methods there are, and all kinds of intents, by their names. */
#include <gio/gio.h>
#include <string.h>

#include "operation/internal.h"

extern const Method attribute_methods[];
extern const Method card_methods[];
extern const Method clone_methods[];
extern const Method compose_methods[];
extern const Method customization_methods[];
extern const Method datastore_methods[];
extern const Method disk_methods[];
extern const Method drive_methods[];
extern const Method file_methods[];
extern const Method folder_methods[];
extern const Method guest_methods[];
extern const Method network_config_methods[];
extern const Method port_group_methods[];
extern const Method power_methods[];
extern const Method question_methods[];
extern const Method reconfigure_methods[];
extern const Method relocate_methods[];
extern const Method snapshot_methods[];
extern const Method suspend_methods[];
extern const Method switch_methods[];
extern const Method virtual_disk_methods[];
extern const Method vm_methods[];
extern const Method vm_create_methods[];
extern const Method vm_register_methods[];
extern const Method vms_methods[];
extern const Method watch_methods[];

extern const IntentKind disk_intents[];
extern const IntentKind disk_space_intents[];
extern const IntentKind file_intents[];
extern const IntentKind relocate_intents[];
extern const IntentKind snapshot_intents[];
extern const IntentKind suspend_intents[];
extern const IntentKind vm_intents[];
extern const IntentKind vm_register_intents[];

/* clang-format off */
static const Method *const methods[] = {
        attribute_methods,
        card_methods,
        clone_methods,
        compose_methods,
        customization_methods,
        datastore_methods,
        disk_methods,
        drive_methods,
        file_methods,
        folder_methods,
        guest_methods,
        network_config_methods, port_group_methods,
        power_methods,
        question_methods,
        reconcile_methods,
        reconfigure_methods,
        relocate_methods,
        snapshot_methods,
        suspend_methods,
        switch_methods,
        virtual_disk_methods,
        vm_methods,
        vm_create_methods,
        vm_register_methods,
        vms_methods,
        watch_methods,
};

static const IntentKind *const intent_kinds[] = {
        disk_intents,
        disk_space_intents,
        file_intents,
        relocate_intents,
        snapshot_intents,
        suspend_intents,
        vm_intents,
        vm_register_intents,
};
/* clang-format on */

const Method *method_find(const char *name)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(methods); i++)
                for (const Method *method = methods[i]; method->name != NULL; method++)
                        if (strcmp(method->name, name) == 0)
                                return method;
        return NULL;
}

const char *operations_offered(unsigned index, bool *ret_is_task)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(methods); i++)
                for (const Method *method = methods[i]; method->name != NULL; method++)
                        if (!method->internal && index-- == 0) {
                                *ret_is_task = method->is_task;
                                return method->name;
                        }
        return NULL;
}

const IntentKind *intent_kind_find(const char *name)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(intent_kinds); i++)
                for (const IntentKind *kind = intent_kinds[i]; kind != NULL && kind->name != NULL; kind++)
                        if (strcmp(kind->name, name) == 0)
                                return kind;
        return NULL;
}
