/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Specifications that come with a call, in the operations that apply them. */
#include "api/vm/customize.h"

#include "api/manager/spec-convert.h"
#include "inventory/catalog.h"

bool customize_check(Plan *plan, const VimValue *spec)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *property = NULL, *text = spec_from_vim(spec, NULL, NULL, &property, &error);
        unsigned n = vim_length(vim_get(spec, "nicSettingMap"));
        unsigned has = fact_count(fact_object(plan->vm->facts, "hardware"), "cards");
        VimValue *fault;

        if (text == NULL)
                return plan_fail(plan, vim_new_fault("CustomizationFault"), "%s: %s", property,
                                 error->message);
        if (n == 0 || n == has)
                return true;
        fault = vim_new_fault("NicSettingMismatch");
        vim_set_int(fault, "numberOfNicsInSpec", n);
        vim_set_int(fault, "numberOfNicsInVM", has);
        return plan_fail(plan, fault, "the specification is for %u cards, and the VM has %u", n, has);
}

/* What a specification that is kept says, as a client would hand it back; owned. */
static char *as_handed_back(const char *text)
{
        g_autoptr(VimValue) spec = spec_to_vim(text, NULL);
        g_autofree char *property = NULL;

        return spec != NULL ? spec_from_vim(spec, NULL, NULL, &property, NULL) : NULL;
}

static char *kept_name(Inventory *inventory, const char *text)
{
        g_autoptr(GPtrArray) kept = specification_list(inventory, NULL);

        for (unsigned i = 0; kept != NULL && i < kept->len; i++) {
                const NamedText *entry = kept->pdata[i];
                g_autofree char *same = as_handed_back(entry->text);

                if (g_strcmp0(same, text) == 0)
                        return g_strdup(entry->name);
        }
        return NULL;
}

char *customize_kept_name(Inventory *inventory, const VimValue *spec)
{
        g_autofree char *property = NULL, *text = spec_from_vim(spec, NULL, NULL, &property, NULL);

        return text != NULL ? kept_name(inventory, text) : NULL;
}

void customize_add(Inventory *inventory, JsonObject *args, JsonObject *step, const char *member,
                   const VimValue *spec)
{
        g_autofree char *property = NULL, *text = spec_from_vim(spec, NULL, NULL, &property, NULL);
        g_autofree char *uuid = g_uuid_string_random(), *name = kept_name(inventory, text);
        JsonObject *specification;

        if (name == NULL) {
                name = g_strconcat("api ", uuid, NULL);
                specification = json_object_new();
                json_object_set_string_member(specification, "name", name);
                json_object_set_string_member(specification, "text", text);
                json_object_set_object_member(args, "specification", specification);
        }
        json_object_set_string_member(step, member, name);
}
