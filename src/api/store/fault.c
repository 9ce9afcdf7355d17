/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths in requests, and what goes wrong with files, as vim25 has it. */
#include <string.h>

#include "api/store/store.h"
#include "storage/datastore-path.h"

static void refuse_path(Request *request, const char *path, const char *why)
{
        VimValue *fault = vim_new_fault("InvalidDatastorePath");

        vim_set_text(fault, "datastorePath", path);
        request_fault(request, fault, "%s", why);
}

Managed *store_of_path(Request *request, const char *path, bool may_be_folder, const Managed *within)
{
        g_autofree char *name = NULL, *rest = NULL;
        g_autoptr(GError) error = NULL;
        Managed *datastore;
        VimValue *fault;

        if (may_be_folder ? !datastore_parse_folder(path, &name, &rest, &error)
                          : !datastore_parse(path, &name, &rest, &error)) {
                refuse_path(request, path, error->message);
                return NULL;
        }
        datastore = world_find_key(request_world(request), "Datastore", name);
        if (datastore != NULL && (within == NULL || within == datastore))
                return datastore;
        fault = vim_new_fault("InvalidDatastore");
        vim_set_text(fault, "name", name);
        if (within != NULL)
                request_fault(request, fault, "\"%s\" is not on the datastore of this browser", path);
        else
                request_fault(request, fault, "there is no datastore \"%s\"", name);
        return NULL;
}

/* What a message is about: what is between quotes first, else the first path in it. Owned. */
static char *subject_of(const char *message)
{
        const char *start = strchr(message, '"');
        const char *end = start != NULL ? strchr(start + 1, '"') : NULL;
        const char *slash = strstr(message, " /");

        if (end != NULL)
                return g_strndup(start + 1, (gsize)(end - start - 1));
        if (slash == NULL)
                return g_strdup("");
        slash++;
        return g_strndup(slash, strcspn(slash, ":, "));
}

static VimValue *file_fault(const char *type, const GError *error)
{
        VimValue *fault = vim_new_fault(type);
        g_autofree char *subject = subject_of(error->message);
        const char *end = *subject == '[' ? strstr(subject, "] ") : NULL;
        g_autofree char *datastore = end != NULL ? g_strndup(subject + 1, (gsize)(end - subject - 1)) : NULL;

        vim_set_text(fault, "file", subject);
        if (strcmp(type, "NoDiskSpace") == 0)
                vim_set_text(fault, "datastore", datastore != NULL ? datastore : subject);
        return fault;
}

VimValue *store_fault(const GError *error)
{
        switch (error->domain == G_IO_ERROR ? error->code : G_IO_ERROR_FAILED) {
        case G_IO_ERROR_NOT_FOUND:
                return file_fault("FileNotFound", error);
        case G_IO_ERROR_EXISTS:
                return file_fault("FileAlreadyExists", error);
        case G_IO_ERROR_BUSY:
                return file_fault("FileLocked", error);
        case G_IO_ERROR_NO_SPACE:
                return file_fault("NoDiskSpace", error);
        case G_IO_ERROR_INVALID_DATA:
                return vim_new_fault("InvalidDiskFormat");
        case G_IO_ERROR_INVALID_ARGUMENT:
        case G_IO_ERROR_CANCELLED:
                return fault_of(error);
        default:
                return file_fault("CannotAccessFile", error);
        }
}

static VimValue *with_name(const char *type, const GError *error)
{
        VimValue *fault = vim_new_fault(type);
        g_autofree char *subject = subject_of(error->message);

        vim_set_text(fault, "name", subject);
        return fault;
}

VimValue *store_datastore_fault(const GError *error)
{
        switch (error->domain == G_IO_ERROR ? error->code : G_IO_ERROR_FAILED) {
        case G_IO_ERROR_NOT_FOUND:
                return file_fault("FileNotFound", error);
        case G_IO_ERROR_EXISTS:
                return with_name("DuplicateName", error);
        case G_IO_ERROR_INVALID_ARGUMENT:
                return with_name("InvalidName", error);
        case G_IO_ERROR_BUSY:
                return with_name("ResourceInUse", error);
        default:
                return vim_new_fault("HostConfigFault");
        }
}

void store_run(Request *request, Managed *datastore, const char *operation, JsonObject *args,
               RequestResult result, gpointer data, GDestroyNotify free_data)
{
        const TaskPlan plan = {.operation = operation,
                               .args = args,
                               .entity = datastore,
                               .result = result,
                               .data = data,
                               .free_data = free_data};

        request_set_fault(request, store_fault);
        task_run(request, &plan);
}

void store_nothing(Request *request)
{
        request_return(request, NULL);
}

void store_none(Request *request)
{
        request_return(request, vim_new_list(request_method(request)->result->name));
}

void store_unsupported(Request *request)
{
        request_fault(request, vim_new_fault("NotSupported"),
                      "%s is not supported: datastores here are folders", request_method(request)->name);
}
