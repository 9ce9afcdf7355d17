/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names that clients give to entities. */
#include "api/tree/tree.h"
#include "inventory/catalog.h"

bool name_is_right(Request *request, const char *kind, const char *name)
{
        g_autoptr(GError) error = NULL;
        VimValue *fault;

        if (catalog_check_name(kind, name, &error))
                return true;
        fault = vim_new_fault("InvalidName");
        vim_set_text(fault, "name", name);
        vim_set(fault, "entity", managed_reference(request_target(request)));
        request_fault(request, fault, "%s", error->message);
        return false;
}

bool name_is_free(Request *request, const Managed *there, const char *name)
{
        VimValue *fault;

        if (there == NULL)
                return true;
        fault = vim_new_fault("DuplicateName");
        vim_set_text(fault, "name", name);
        vim_set(fault, "object", managed_reference(there));
        request_fault(request, fault, "there is a %s \"%s\" already", there->type->name, name);
        return false;
}
