/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a relocation moves, and the copies of it. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "operation/home.h"
#include "operation/relocate.h"
#include "storage/disk.h"
#include "vm/block.h"

const char *relocate_path(const GHashTable *moves, const char *path)
{
        const char *moved = path != NULL ? g_hash_table_lookup((GHashTable *)(guintptr)moves, path) : NULL;

        return moved != NULL ? moved : path;
}

/* Files of its own: those in its folder, or, of an adopted VM, what it writes to and what it froze. */
static bool is_own(const Relocate *move, const TreeFile *file)
{
        g_autofree char *folder = g_path_get_dirname(file->path);

        if (move->old_home != NULL)
                return strcmp(folder, move->old_home) == 0;
        return file->active || file->named;
}

static char *name_for(const TreeFile *file)
{
        g_autofree char *name = g_path_get_basename(file->path);
        const char *point = strrchr(name, '.');

        /* What is copied becomes a qcow2. */
        if (g_str_has_suffix(name, ".qcow2"))
                return g_steal_pointer(&name);
        return g_strdup_printf("%.*s.qcow2", (int)(point != NULL ? point - name : (gssize)strlen(name)),
                               name);
}

bool relocate_choose(Relocate *move, GError **error)
{
        GHashTableIter iter;
        gpointer value;

        g_clear_pointer(&move->moves, g_hash_table_unref);
        move->moves = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        move->n_disks = 0;
        g_hash_table_iter_init(&iter, move->tree->files);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const TreeFile *file = value;
                g_autofree char *name = name_for(file);

                if (file->cloned) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                                    "VM \"%s\" has linked clones, which stand on its files where they are; "
                                    "delete them first ('aerostat vm clone --full' makes copies that stand "
                                    "alone)",
                                    move->vm->record->name);
                        return false;
                }
                if (is_own(move, file)) {
                        move->n_disks++;
                        g_hash_table_insert(move->moves, g_strdup(file->path),
                                            g_build_filename(move->home, name, NULL));
                }
        }
        for (unsigned i = 0; i < move->vm->snapshots->len; i++) {
                const SnapshotRecord *snapshot = move->vm->snapshots->pdata[i];
                g_autofree char *name =
                        snapshot->memory != NULL ? g_path_get_basename(snapshot->memory) : NULL;

                if (name != NULL)
                        g_hash_table_insert(move->moves, g_strdup(snapshot->memory),
                                            g_build_filename(move->home, name, NULL));
        }
        return true;
}

/* --- copies --- */

static void show_progress(unsigned percent, gpointer user_data)
{
        const Relocate *move = user_data;
        unsigned n = MAX(move->n_disks, 1u);

        call_progress(move->vm->call, (100 * MIN(move->n_done, n - 1) + percent) / n, "copies disks");
}

/* A copy that stands where the original does; then, by name alone, on the copy of that. */
static bool copy_file(Relocate *move, const TreeFile *file, GError **error)
{
        const char *to = relocate_path(move->moves, file->path), *backing = NULL;
        DiskProvisioning provisioning = file->backing != NULL ? DISK_THIN : move->provisioning;

        if (file->backing != NULL)
                backing = file->backing->path;
        if (!disk_copy(file->path, to, provisioning, backing, show_progress, move,
                       call_cancellable(move->vm->call), error))
                return false;
        if (backing != NULL && relocate_path(move->moves, backing) != backing &&
            !disk_set_backing(to, relocate_path(move->moves, backing), "qcow2", error))
                return false;
        move->n_done++;
        return true;
}

/* What a running VM writes to: QEMU copies it, and writes to both until it changes over. */
bool relocate_copy_active(Relocate *move, const DefinitionDisk *disk, GError **error)
{
        SnapshotVm *vm = move->vm;
        const TreeFile *file = tree_find(move->tree, disk->path);
        const char *to = relocate_path(move->moves, disk->path);
        const BlockWatch watch = {show_progress, move, call_cancellable(vm->call)};
        g_autoptr(DiskInfo) info = disk_info(disk->path, error);
        bool made;

        if (info == NULL)
                return false;
        if (file->backing != NULL)
                made = disk_create_overlay(to, relocate_path(move->moves, file->backing->path),
                                           relocate_path(move->moves, file->backing->path) !=
                                                           file->backing->path
                                                   ? "qcow2"
                                                   : file->backing->format,
                                           error) &&
                       disk_resize(to, info->provisioned_bytes, error);
        else
                made = disk_create(to, info->provisioned_bytes, move->provisioning, error);
        if (!made || !block_copy(vm->connection, vm->record->uuid, disk->target, to, file->backing != NULL,
                                 &watch, error))
                return false;
        move->n_done++;
        return true;
}

bool relocate_copy_disks(Relocate *move, GError **error)
{
        GHashTableIter iter;
        gpointer value;

        g_hash_table_iter_init(&iter, move->tree->files);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const TreeFile *file = value;

                if (relocate_path(move->moves, file->path) != file->path &&
                    !(move->vm->is_on && file->active) && !copy_file(move, file, error))
                        return false;
        }
        return true;
}

bool relocate_copy_again(Relocate *move, const DefinitionDisk *disk, GError **error)
{
        const TreeFile *file = tree_find(move->tree, disk->path);
        const char *to = relocate_path(move->moves, disk->path);

        if (g_unlink(to) < 0 && errno != ENOENT)
                return operation_refuse(error, g_io_error_from_errno(errno),
                                        "%s is in the way and cannot be deleted: %s", to, g_strerror(errno));
        return move->vm->is_on ? relocate_copy_active(move, disk, error) : copy_file(move, file, error);
}

/* What describes the VM is written anew, and what a kill has left of such writing is nobody's. */
static bool is_description(const Relocate *move, const char *name)
{
        const char *vm = move->vm->record->name;

        return g_str_has_prefix(name, vm) &&
               (g_str_has_prefix(name + strlen(vm), ".vmx") || g_str_has_prefix(name + strlen(vm), ".xml"));
}

/*
 * Memory, EFI variables, seeds, consoles: whatever else lies in its folder. Variables that QEMU may write
 * while this copies them follow later.
 */
bool relocate_copy_others(const Relocate *move, GError **error)
{
        const char *nvram = move->vm->is_on ? definition_nvram(move->vm->definition) : NULL;
        g_autoptr(GDir) dir = move->old_home != NULL ? g_dir_open(move->old_home, 0, error) : NULL;
        const char *name;

        if (move->old_home != NULL && dir == NULL)
                return false;
        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *from = g_build_filename(move->old_home, name, NULL);
                g_autofree char *to = g_build_filename(move->home, name, NULL);
                struct stat st;

                if (is_description(move, name) || g_strcmp0(from, nvram) == 0 ||
                    tree_find(move->tree, from) != NULL || lstat(from, &st) < 0 || !S_ISREG(st.st_mode))
                        continue;
                if (!home_copy_file(from, to, error))
                        return false;
        }
        return true;
}
