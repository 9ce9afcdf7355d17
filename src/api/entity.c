/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all managed entities have in common. */
#include "api/entity.h"

#include <string.h>

void entity_set_up(Managed *entity, const char *name)
{
        VimValue *roles = vim_new_list("int");

        vim_add(roles, vim_new_int(-1)); /* Admin: what is allowed, methods say */
        managed_set_text(entity, "name", name);
        managed_set(entity, "overallStatus", vim_new_enum("ManagedEntityStatus", "green"));
        managed_set(entity, "configStatus", vim_new_enum("ManagedEntityStatus", "green"));
        managed_set(entity, "configIssue", vim_new_list("Event"));
        managed_set(entity, "effectiveRole", roles);
        managed_set(entity, "permission", vim_new_list("Permission"));
        managed_set(entity, "disabledMethod", vim_new_list("MethodName"));
        managed_set(entity, "recentTask", vim_new_list("Task"));
        managed_set(entity, "declaredAlarmState", vim_new_list("AlarmState"));
        managed_set(entity, "triggeredAlarmState", vim_new_list("AlarmState"));
        managed_set(entity, "alarmActionsEnabled", vim_new_bool(false));
        managed_set(entity, "tag", vim_new_list("Tag"));
        managed_set(entity, "value", vim_new_list("CustomFieldValue"));
        managed_set(entity, "availableField", vim_new_list("CustomFieldDef"));
        managed_set(entity, "customValue", vim_new_list("CustomFieldValue"));
}

static bool lists(const VimValue *list, const Managed *entity)
{
        for (unsigned i = 0; i < vim_length(list); i++)
                if (strcmp(vim_item(list, i)->text, entity->id) == 0)
                        return true;
        return false;
}

static VimValue *list_without(const Managed *entity, const Managed *other, const char *property)
{
        const VimField *field = &other->type->fields[vim_type_field(other->type, property)];
        const VimValue *old = managed_peek(other, property);
        VimValue *list = vim_new_list(field->type->name);

        for (unsigned i = 0; i < vim_length(old); i++)
                if (strcmp(vim_item(old, i)->text, entity->id) != 0)
                        vim_add(list, vim_ref(vim_item(old, i)));
        return list;
}

void entity_list_in(const Managed *entity, Managed *other, const char *property)
{
        VimValue *list;

        if (lists(managed_peek(other, property), entity))
                return;
        list = list_without(entity, other, property);
        vim_add(list, managed_reference(entity));
        managed_set(other, property, list);
}

void entity_unlist_in(const Managed *entity, Managed *other, const char *property)
{
        if (lists(managed_peek(other, property), entity))
                managed_set(other, property, list_without(entity, other, property));
}

void entity_set_parent(Managed *entity, Managed *parent)
{
        Managed *old = world_resolve(entity->world, managed_peek(entity, "parent"));
        const VimType *folder = vim_type("Folder");

        if (old == parent && old != NULL)
                return;
        if (old != NULL && vim_type_is(old->type, folder))
                entity_unlist_in(entity, old, "childEntity");
        managed_set(entity, "parent", managed_reference(parent));
        if (parent != NULL && vim_type_is(parent->type, folder))
                entity_list_in(entity, parent, "childEntity");
}

void managed_set_part(Managed *managed, const char *property, const char *field, VimValue *value)
{
        const VimValue *old = managed_peek(managed, property);
        VimValue *changed = vim_new_object(old->type->name);

        for (unsigned i = 0; i < changed->type->n_fields; i++)
                changed->fields[i] = vim_ref(old->fields[i]);
        vim_set(changed, field, value);
        managed_set(managed, property, changed);
}
