/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors of operations as the API's faults. */
#include <string.h>

#include "api/internal.h"
#include "api/request.h"

VimValue *fault_no_object(const char *type, const char *id)
{
        VimValue *fault = vim_new_fault("ManagedObjectNotFound");

        vim_set_ref(fault, "obj", type, id);
        return fault;
}

/* What the message is about: operations name the object first, between quotes. Owned. */
static char *named_in(const char *message)
{
        const char *start = strchr(message, '"');
        const char *end = start != NULL ? strchr(start + 1, '"') : NULL;

        return end != NULL ? g_strndup(start + 1, (gsize)(end - start - 1)) : g_strdup("");
}

static VimValue *no_space(const char *message)
{
        VimValue *fault = vim_new_fault("NoDiskSpace");
        g_autofree char *name = named_in(message);

        vim_set_text(fault, "file", name);
        vim_set_text(fault, "datastore", name);
        return fault;
}

static VimValue *with_name(const char *type, const char *message)
{
        VimValue *fault = vim_new_fault(type);
        g_autofree char *name = named_in(message);

        vim_set_text(fault, "name", name);
        return fault;
}

/* What a lock's error says works on the object: "... is busy: task 12 (CloneVM) works on it". */
static VimValue *busy(const char *message)
{
        const char *task = strstr(message, "task ");
        gint64 number = task != NULL ? g_ascii_strtoll(task + strlen("task "), NULL, 10) : 0;
        g_autofree char *id = number > 0 ? g_strdup_printf("task-%" G_GINT64_FORMAT, number) : NULL;
        VimValue *fault;

        if (id == NULL)
                return with_name("ResourceInUse", message);
        fault = vim_new_fault("TaskInProgress");
        vim_set_ref(fault, "task", "Task", id);
        return fault;
}

static VimValue *system_error(const char *message)
{
        VimValue *fault = vim_new_fault("SystemError");

        vim_set_text(fault, "reason", message);
        return fault;
}

VimValue *fault_of(const GError *error)
{
        if (error->domain != G_IO_ERROR)
                return system_error(error->message);
        switch (error->code) {
        case G_IO_ERROR_NOT_FOUND:
                return vim_new_fault("NotFound");
        case G_IO_ERROR_EXISTS:
                return with_name("DuplicateName", error->message);
        case G_IO_ERROR_INVALID_ARGUMENT:
                return vim_new_fault("InvalidArgument");
        case G_IO_ERROR_BUSY:
                return busy(error->message);
        case G_IO_ERROR_NO_SPACE:
                return no_space(error->message);
        case G_IO_ERROR_CANCELLED:
                return vim_new_fault("RequestCanceled");
        case G_IO_ERROR_NOT_SUPPORTED:
                return vim_new_fault("InvalidState");
        default:
                return system_error(error->message);
        }
}

VimValue *fault_about(FaultOf make, const GError *error, const VimValue *object)
{
        VimValue *fault = make(error);

        if (vim_is(fault, "DuplicateName"))
                vim_set(fault, "object", vim_ref(object));
        return fault;
}
