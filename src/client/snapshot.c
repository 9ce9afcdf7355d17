/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Snapshots of a VM, by their names. */
#include <errno.h>
#include <string.h>

#include "client/internal.h"

/* A host's answer is not followed deeper. */
#define TREE_DEPTH_MAX 100

static bool run_create(aerostat_job *job, GError **error)
{
        JsonObject *args = json_object_new();

        json_object_set_string_member(args, "name", job->text[0]);
        if (job->text[1] != NULL)
                json_object_set_string_member(args, "description", job->text[1]);
        json_object_set_boolean_member(args, "memory", (job->flags & AEROSTAT_SNAPSHOT_MEMORY) != 0);
        json_object_set_boolean_member(args, "quiesce", (job->flags & AEROSTAT_SNAPSHOT_QUIESCE) != 0);
        return job_task(job, "VirtualMachine", job->vm->id, "CreateSnapshot_Task", args, NULL, error);
}

aerostat_job *aerostat_vm_create_snapshot(aerostat_vm *vm, const char *name, const char *description,
                                          unsigned flags, aerostat_callback callback, void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_create, callback, data);

        job->text[0] = g_strdup(name);
        job->text[1] = g_strdup(description);
        job->flags = flags;
        return job_begin(job);
}

/* What a walk through the tree is for; name NULL: all. */
typedef struct Walk {
        aerostat_job *job;
        const char *name;
        const char *id; /* of the one with the name; borrowed from the answer */
        unsigned found;
} Walk;

static void walk(Walk *this, JsonArray *trees, unsigned depth)
{
        if (depth > TREE_DEPTH_MAX)
                return;
        for (unsigned i = 0; trees != NULL && i < json_array_get_length(trees); i++) {
                JsonNode *tree = json_array_get_element(trees, i);
                const char *name = json_text(tree, "name");

                if (name != NULL && this->name == NULL)
                        g_ptr_array_add(this->job->texts, g_strdup(name));
                if (name != NULL && g_strcmp0(this->name, name) == 0) {
                        this->id = json_text(json_member(tree, "snapshot"), "value");
                        this->found++;
                }
                walk(this, json_list(json_member(tree, "childSnapshotList")), depth + 1);
        }
}

/* ret_info holds what this->id points into. A VM without snapshots has no info. */
static bool look(Walk *this, JsonNode **ret_info, GError **error)
{
        if (!job_get(this->job, "VirtualMachine", this->job->vm->id, "snapshot", ret_info, error))
                return false;
        walk(this, json_list(json_member(*ret_info, "rootSnapshotList")), 0);
        return true;
}

static bool run_list(aerostat_job *job, GError **error)
{
        g_autoptr(JsonNode) info = NULL;
        Walk all = {.job = job};

        return look(&all, &info, error);
}

aerostat_job *aerostat_vm_list_snapshots(aerostat_vm *vm, aerostat_callback callback, void *data)
{
        return job_begin(job_new(vm->host, vm, run_list, callback, data));
}

/* Owned; NULL with an error when it is not there, or not the only one. */
static char *find(aerostat_job *job, const char *name, GError **error)
{
        g_autoptr(JsonNode) info = NULL;
        Walk one = {.job = job, .name = name};

        if (!look(&one, &info, error))
                return NULL;
        if (one.found == 1 && one.id != NULL)
                return g_strdup(one.id);
        if (one.found == 0)
                (void)job_fail(error, -ENOENT, "VM \"%s\" has no snapshot \"%s\"", job->vm->name, name);
        else
                (void)job_fail(error, -ENOTUNIQ, "VM \"%s\" has %u snapshots \"%s\"; rename all but one",
                               job->vm->name, one.found, name);
        return NULL;
}

static bool run_revert(aerostat_job *job, GError **error)
{
        g_autofree char *id = NULL;

        if (job->text[0] == NULL)
                return job_task(job, "VirtualMachine", job->vm->id, "RevertToCurrentSnapshot_Task", NULL,
                                NULL, error);
        id = find(job, job->text[0], error);
        return id != NULL &&
               job_task(job, "VirtualMachineSnapshot", id, "RevertToSnapshot_Task", NULL, NULL, error);
}

aerostat_job *aerostat_vm_revert(aerostat_vm *vm, const char *snapshot, aerostat_callback callback,
                                 void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_revert, callback, data);

        job->text[0] = g_strdup(snapshot);
        return job_begin(job);
}

static bool run_remove(aerostat_job *job, GError **error)
{
        g_autofree char *id = find(job, job->text[0], error);
        JsonObject *args;

        if (id == NULL)
                return false;
        args = json_object_new();
        json_object_set_boolean_member(args, "removeChildren", job->flags != 0);
        return job_task(job, "VirtualMachineSnapshot", id, "RemoveSnapshot_Task", args, NULL, error);
}

aerostat_job *aerostat_vm_remove_snapshot(aerostat_vm *vm, const char *snapshot, bool children,
                                          aerostat_callback callback, void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_remove, callback, data);

        job->text[0] = g_strdup(snapshot);
        job->flags = children;
        return job_begin(job);
}
