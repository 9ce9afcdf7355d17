/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What VMs take of datastores: sums over files, VMs, datastores and the fleet. */
#include "storage/space.h"

#include <string.h>

#define NOBODY (-1)
#define MANY   (-2)

static uint64_t add(uint64_t a, uint64_t b)
{
        uint64_t sum;

        return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static void clear_disk(gpointer data)
{
        g_free(((SpaceDisk *)data)->chain);
}

static void clear_vm(gpointer data)
{
        g_free(((SpaceVm *)data)->name);
}

static void clear_datastore(gpointer data)
{
        SpaceDatastore *datastore = data;

        g_free(datastore->name);
        g_free(datastore->path);
}

static GArray *array_new(size_t size, GDestroyNotify clear)
{
        GArray *array = g_array_new(FALSE, TRUE, (guint)size);

        g_array_set_clear_func(array, clear);
        return array;
}

Space *space_new(void)
{
        Space *space = g_new0(Space, 1);

        space->datastores = array_new(sizeof(SpaceDatastore), clear_datastore);
        space->vms = array_new(sizeof(SpaceVm), clear_vm);
        space->files = array_new(sizeof(SpaceFile), NULL);
        space->disks = array_new(sizeof(SpaceDisk), clear_disk);
        space->extras = array_new(sizeof(SpaceExtra), NULL);
        space->problems = g_ptr_array_new_with_free_func(g_free);
        return space;
}

void space_free(Space *space)
{
        if (space == NULL)
                return;
        g_array_unref(space->datastores);
        g_array_unref(space->vms);
        g_array_unref(space->files);
        g_array_unref(space->disks);
        g_array_unref(space->extras);
        g_ptr_array_unref(space->problems);
        g_free(space);
}

unsigned space_add_datastore(Space *space, const char *name, const char *path, uint64_t capacity_bytes,
                             uint64_t free_bytes)
{
        const SpaceDatastore datastore = {.name = g_strdup(name),
                                          .path = g_strdup(path),
                                          .capacity_bytes = capacity_bytes,
                                          .free_bytes = free_bytes};

        g_array_append_val(space->datastores, datastore);
        return space->datastores->len - 1;
}

unsigned space_add_vm(Space *space, const char *name)
{
        const SpaceVm vm = {.name = g_strdup(name), .parent = NOBODY};

        g_array_append_val(space->vms, vm);
        return space->vms->len - 1;
}

unsigned space_add_file(Space *space, int datastore, uint64_t used_bytes)
{
        const SpaceFile file = {.datastore = datastore, .used_bytes = used_bytes};

        g_array_append_val(space->files, file);
        return space->files->len - 1;
}

void space_set_parent(Space *space, unsigned vm, unsigned parent)
{
        g_array_index(space->vms, SpaceVm, vm).parent = (int)parent;
}

void space_add_disk(Space *space, unsigned vm, uint64_t provisioned_bytes, const unsigned *chain,
                    unsigned n_chain)
{
        const SpaceDisk disk = {.vm = vm,
                                .provisioned_bytes = provisioned_bytes,
                                .chain = g_memdup2(chain, n_chain * sizeof(*chain)),
                                .n_chain = n_chain};

        g_array_append_val(space->disks, disk);
}

void space_add_extra(Space *space, unsigned vm, unsigned file)
{
        const SpaceExtra extra = {.vm = vm, .file = file};

        g_array_append_val(space->extras, extra);
}

/* What the computation knows of each file and VM besides its figures. */
typedef struct Work {
        Space *space;
        int *user;      /* per file: the one VM that stands on it, NOBODY or MANY */
        bool *of_disk;  /* per file */
        bool *is_mould; /* per VM: others are linked to it */
        int *seen_by;   /* per file: the VM that it was last counted for */
} Work;

static SpaceFile *file_of(Work *work, unsigned file)
{
        return &g_array_index(work->space->files, SpaceFile, file);
}

static SpaceVm *vm_of(Work *work, unsigned vm)
{
        return &g_array_index(work->space->vms, SpaceVm, vm);
}

static void note_user(Work *work, unsigned file, unsigned vm)
{
        int *user = &work->user[file];

        *user = *user == NOBODY || *user == (int)vm ? (int)vm : MANY;
}

/* A file that a VM stands on: counted for it once, however many of its disks do. False: it has been. */
static bool count_file(Work *work, unsigned file, unsigned vm)
{
        SpaceFigures *figures = &vm_of(work, vm)->figures;
        uint64_t used = file_of(work, file)->used_bytes;

        if (work->seen_by[file] == (int)vm)
                return false;
        work->seen_by[file] = (int)vm;
        figures->used_bytes = add(figures->used_bytes, used);
        if (work->user[file] != MANY)
                figures->not_shared_bytes = add(figures->not_shared_bytes, used);
        return true;
}

static void provision(Work *work, unsigned vm, unsigned top, uint64_t bytes)
{
        int datastore = file_of(work, top)->datastore;
        SpaceFigures *figures = &vm_of(work, vm)->figures, *fleet = &work->space->fleet, *on;

        figures->provisioned_bytes = add(figures->provisioned_bytes, bytes);
        fleet->provisioned_bytes = add(fleet->provisioned_bytes, bytes);
        if (datastore < 0)
                return;
        on = &g_array_index(work->space->datastores, SpaceDatastore, datastore).figures;
        on->provisioned_bytes = add(on->provisioned_bytes, bytes);
}

static void count_disk(Work *work, const SpaceDisk *disk)
{
        bool is_clone = vm_of(work, disk->vm)->parent >= 0, counts = !work->is_mould[disk->vm];
        Space *space = work->space;

        if (disk->n_chain == 0)
                return;
        provision(work, disk->vm, disk->chain[0], disk->provisioned_bytes);
        if (counts)
                space->thick_bytes = add(space->thick_bytes, disk->provisioned_bytes);
        for (unsigned i = 0; i < disk->n_chain; i++) {
                unsigned file = disk->chain[i];

                if (!count_file(work, file, disk->vm) || !counts)
                        continue;
                if (!is_clone || work->user[file] == MANY)
                        space->thin_bytes = add(space->thin_bytes, file_of(work, file)->used_bytes);
        }
}

static void count_once(Work *work, unsigned index)
{
        const SpaceFile *file = file_of(work, index);
        SpaceFigures *sums[2] = {&work->space->fleet, NULL};

        if (file->datastore >= 0)
                sums[1] = &g_array_index(work->space->datastores, SpaceDatastore, file->datastore).figures;
        for (unsigned i = 0; i < G_N_ELEMENTS(sums) && sums[i] != NULL; i++) {
                sums[i]->used_bytes = add(sums[i]->used_bytes, file->used_bytes);
                if (work->user[index] >= 0)
                        sums[i]->not_shared_bytes = add(sums[i]->not_shared_bytes, file->used_bytes);
        }
        if (work->of_disk[index])
                work->space->linked_bytes = add(work->space->linked_bytes, file->used_bytes);
}

static void prepare(Work *work)
{
        Space *space = work->space;

        for (unsigned i = 0; i < space->files->len; i++)
                work->user[i] = work->seen_by[i] = NOBODY;
        for (unsigned i = 0; i < space->disks->len; i++) {
                const SpaceDisk *disk = &g_array_index(space->disks, SpaceDisk, i);

                for (unsigned j = 0; j < disk->n_chain; j++) {
                        note_user(work, disk->chain[j], disk->vm);
                        work->of_disk[disk->chain[j]] = true;
                }
        }
        for (unsigned i = 0; i < space->extras->len; i++) {
                const SpaceExtra *extra = &g_array_index(space->extras, SpaceExtra, i);

                note_user(work, extra->file, extra->vm);
        }
        for (unsigned i = 0; i < space->vms->len; i++) {
                int parent = vm_of(work, i)->parent;

                memset(&vm_of(work, i)->figures, 0, sizeof(SpaceFigures));
                if (parent >= 0)
                        work->is_mould[parent] = true;
        }
        for (unsigned i = 0; i < space->datastores->len; i++)
                memset(&g_array_index(space->datastores, SpaceDatastore, i).figures, 0,
                       sizeof(SpaceFigures));
        memset(&space->fleet, 0, sizeof(space->fleet));
        space->thick_bytes = space->thin_bytes = space->linked_bytes = 0;
}

/* Disks must be counted VM by VM, so that a file is counted once for each. */
static gint by_vm(gconstpointer a, gconstpointer b)
{
        unsigned vm_a = ((const SpaceDisk *)a)->vm, vm_b = ((const SpaceDisk *)b)->vm;

        return (vm_a > vm_b) - (vm_a < vm_b);
}

void space_compute(Space *space)
{
        g_autofree int *user = g_new0(int, space->files->len);
        g_autofree int *seen_by = g_new0(int, space->files->len);
        g_autofree bool *of_disk = g_new0(bool, space->files->len);
        g_autofree bool *is_mould = g_new0(bool, space->vms->len);
        Work work = {space, user, of_disk, is_mould, seen_by};

        prepare(&work);
        g_array_sort(space->disks, by_vm);
        for (unsigned i = 0; i < space->disks->len; i++)
                count_disk(&work, &g_array_index(space->disks, SpaceDisk, i));
        for (unsigned i = 0; i < space->extras->len; i++) {
                const SpaceExtra *extra = &g_array_index(space->extras, SpaceExtra, i);

                if (count_file(&work, extra->file, extra->vm))
                        provision(&work, extra->vm, extra->file, file_of(&work, extra->file)->used_bytes);
        }
        for (unsigned i = 0; i < space->files->len; i++)
                count_once(&work, i);
}
