/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disk files that belong to no VM (yet): made, copied, moved, extended, their provisioning changed. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/macro.h"
#include "operation/args.h"
#include "operation/file.h"
#include "operation/foreign.h"
#include "storage/disk.h"

#define SIZE_KB_MAX (INT64_C(64) << 30)
/* Where a disk that was given a UUID has it. */
#define UUID_ATTRIBUTE "user.aerostat.uuid"

static bool parse_provisioning(JsonObject *args, DiskProvisioning *ret, GError **error)
{
        const char *word = NULL;

        if (!args_text_if(args, "provisioning", &word, error))
                return false;
        if (word != NULL && strcmp(word, "thin") != 0 && strcmp(word, "thick") != 0)
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "a disk is thin or thick, not \"%.40s\"", word);
        *ret = word != NULL && strcmp(word, "thick") == 0 ? DISK_THICK : DISK_THIN;
        return true;
}

/* A disk to be looked into: its format, and nothing beneath it that lies elsewhere than on datastores.
 * format: what a VM's definition says of it, or NULL. */
static DiskInfo *look_at(Call *call, const StoreFile *file, const char *format, GError **error)
{
        const Foreign foreign = {.call = call, .uuid = "", .from = "", .home = ""};
        g_autoptr(DiskInfo) info = NULL;
        struct stat st;

        if (!store_file_stat(file, &st, error))
                return NULL;
        if (!S_ISREG(st.st_mode)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "\"%s\" is a folder and no disk",
                            file->text);
                return NULL;
        }
        info = disk_info(file->path, error);
        if (info == NULL ||
            !foreign_check_chain(&foreign, file->path, format != NULL ? format : info->format, error)) {
                file_prefix_error(file, error);
                return NULL;
        }
        if (strcmp(info->format, "qcow2") == 0 || strcmp(info->format, "raw") == 0)
                return g_steal_pointer(&info);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                    "\"%s\" is %s; disks here are qcow2 or raw: qemu-img convert makes one of it",
                    file->text, info->format);
        return NULL;
}

/* The disk of "path", locked and used by nobody. */
static StoreFile *open_unused(Call *call, JsonObject *args, GError **error)
{
        const char *path = args_text(args, "path", error);
        g_autoptr(StoreFile) file = path != NULL ? file_parse(call, path, false, error) : NULL;
        g_autoptr(FileUses) uses = NULL;
        struct stat st;

        if (file == NULL || !store_file_stat(file, &st, error) || !file_lock(call, file, error) ||
            (uses = file_uses_new(call, error)) == NULL || !file_uses_check(uses, file, error))
                return NULL;
        if (S_ISREG(st.st_mode))
                return g_steal_pointer(&file);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "\"%s\" is a folder and no disk", file->text);
        return NULL;
}

/* --- CreateVirtualDisk, CopyVirtualDisk, MoveVirtualDisk, DeleteVirtualDisk --- */

static bool read_size(JsonObject *args, int64_t *ret, GError **error)
{
        if (!args_int_if(args, "size_kb", 1, SIZE_KB_MAX, ret, error))
                return false;
        return *ret != 0 || operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                             "\"size_kb\" is missing: the disk's size");
}

static bool run_create(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(StoreFile) file = NULL;
        g_autoptr(FileWork) work = NULL;
        DiskProvisioning provisioning;
        const char *path;
        int64_t size_kb = 0;

        (void)result;
        if (!args_only(args, error, "path", "size_kb", "provisioning", NULL) ||
            (path = args_text(args, "path", error)) == NULL || !read_size(args, &size_kb, error) ||
            !parse_provisioning(args, &provisioning, error) ||
            (file = file_parse(call, path, false, error)) == NULL || !file_lock(call, file, error) ||
            (work = file_work_new(call, file, false, error)) == NULL)
                return false;
        if (disk_create(work->partial->path, (uint64_t)size_kb << 10, provisioning, error))
                return file_work_end(call, work, false, error);
        file_work_drop(call, work);
        return file_prefix_error(file, error);
}

static bool run_copy(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(FileWork) work = NULL;
        g_autoptr(DiskInfo) info = NULL;
        g_auto(FilePair) pair = {0};
        DiskProvisioning provisioning;
        const char *format;

        (void)result;
        if (!args_only(args, error, "source", "target", "force", "provisioning", NULL) ||
            !parse_provisioning(args, &provisioning, error) ||
            !file_pair_open(call, args, false, &pair, error) ||
            !file_uses_read(pair.uses, call, pair.from, &format, error) ||
            (info = look_at(call, pair.from, format, error)) == NULL ||
            (work = file_work_new(call, pair.to, pair.replace, error)) == NULL)
                return false;
        if (disk_copy(pair.from->path, work->partial->path, provisioning, NULL, file_show_progress, call,
                      call_cancellable(call), error))
                return file_work_end(call, work, pair.replace, error);
        file_work_drop(call, work);
        return file_prefix_error(pair.from, error);
}

static bool run_move(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_auto(FilePair) pair = {0};
        struct stat st;

        (void)result;
        if (!args_only(args, error, "source", "target", "force", NULL) ||
            !file_pair_open(call, args, false, &pair, error) ||
            !file_uses_check(pair.uses, pair.from, error) || !store_file_stat(pair.from, &st, error))
                return false;
        if (S_ISREG(st.st_mode))
                return file_move(call, &pair, error);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "\"%s\" is a folder and no disk",
                    pair.from->text);
        return false;
}

static bool run_delete(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(StoreFile) file = NULL;

        (void)result;
        if (!args_only(args, error, "path", NULL) || (file = open_unused(call, args, error)) == NULL ||
            !store_file_remove(file, error))
                return false;
        call_event(call, "task", NULL, "disk %s is deleted", file->text);
        return true;
}

/* --- ExtendVirtualDisk, InflateVirtualDisk, ShrinkVirtualDisk, ZeroFillVirtualDisk --- */

static bool run_extend(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(StoreFile) file = NULL;
        g_autoptr(DiskInfo) info = NULL;
        int64_t size_kb = 0;

        (void)result;
        if (!args_only(args, error, "path", "size_kb", NULL) || !read_size(args, &size_kb, error) ||
            (file = open_unused(call, args, error)) == NULL ||
            (info = look_at(call, file, NULL, error)) == NULL)
                return false;
        return disk_resize(file->path, (uint64_t)size_kb << 10, error) || file_prefix_error(file, error);
}

/* What is made of a disk takes its place, with its owner. */
typedef bool (*Remake)(Call *call, const StoreFile *file, const DiskInfo *info, const char *made,
                       GError **error);

static bool take_owner(const StoreFile *from, const StoreFile *to, GError **error)
{
        _cleanup_close_ int fd = store_file_open(to, O_RDONLY | O_NOFOLLOW, 0, error);
        struct stat st;

        if (fd < 0 || !store_file_stat(from, &st, error))
                return false;
        return (fchown(fd, st.st_uid, st.st_gid) == 0 && fchmod(fd, st.st_mode & 07777) == 0) ||
               store_file_fail(to, errno, "given its owner", error);
}

static bool remake(Call *call, JsonObject *args, Remake make, GError **error)
{
        g_autoptr(StoreFile) file = NULL;
        g_autoptr(DiskInfo) info = NULL;
        g_autoptr(FileWork) work = NULL;

        if (!args_only(args, error, "path", NULL) || (file = open_unused(call, args, error)) == NULL ||
            (info = look_at(call, file, NULL, error)) == NULL)
                return false;
        if (info->backing != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                            "\"%s\" stands on another disk; copy it to one of its own first", file->text);
                return false;
        }
        work = file_work_new(call, file, true, error);
        if (work == NULL)
                return false;
        if (make(call, file, info, work->partial->path, error) && take_owner(file, work->partial, error))
                return file_work_end(call, work, true, error);
        file_work_drop(call, work);
        return file_prefix_error(file, error);
}

static bool make_thick(Call *call, const StoreFile *file, const DiskInfo *info, const char *made,
                       GError **error)
{
        (void)info;
        return disk_copy(file->path, made, DISK_THICK, NULL, file_show_progress, call,
                         call_cancellable(call), error);
}

static bool make_thin(Call *call, const StoreFile *file, const DiskInfo *info, const char *made,
                      GError **error)
{
        (void)info;
        return disk_copy(file->path, made, DISK_THIN, NULL, file_show_progress, call, call_cancellable(call),
                         error);
}

/* As thick as it was, and nothing in it. */
static bool make_empty(Call *call, const StoreFile *file, const DiskInfo *info, const char *made,
                       GError **error)
{
        (void)call;
        (void)file;
        return disk_create(made, info->provisioned_bytes,
                           info->used_bytes >= info->provisioned_bytes ? DISK_THICK : DISK_THIN, error);
}

static bool run_inflate(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        (void)result;
        return remake(call, args, make_thick, error);
}

static bool run_shrink(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        (void)result;
        return remake(call, args, make_thin, error);
}

static bool run_zero_fill(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        (void)result;
        return remake(call, args, make_empty, error);
}

/* --- QueryVirtualDisk, SetVirtualDiskUuid --- */

/* The one that it was given, else one that its path has. Owned. */
static char *uuid_of(const StoreFile *file)
{
        char given[37] = "";
        ssize_t n = getxattr(file->path, UUID_ATTRIBUTE, given, sizeof given - 1);
        g_autofree char *sum = NULL;

        if (n == 36 && g_uuid_string_is_valid(given))
                return g_strdup(given);
        sum = g_compute_checksum_for_string(G_CHECKSUM_SHA1, file->text, -1);
        return g_strdup_printf("%.8s-%.4s-5%.3s-a%.3s-%.12s", sum, sum + 8, sum + 13, sum + 17, sum + 20);
}

static bool run_query(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *path;
        g_autoptr(StoreFile) file = NULL;
        g_autoptr(DiskInfo) info = NULL;
        g_autofree char *uuid = NULL;
        struct stat st;

        if (!args_only(args, error, "path", NULL) || (path = args_text(args, "path", error)) == NULL ||
            (file = file_parse(call, path, false, error)) == NULL || !store_file_stat(file, &st, error))
                return false;
        info = disk_info(file->path, error);
        if (info == NULL)
                return file_prefix_error(file, error);
        uuid = uuid_of(file);
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "uuid");
        json_builder_add_string_value(result, uuid);
        json_builder_set_member_name(result, "provisioned_bytes");
        json_builder_add_int_value(result, (gint64)MIN(info->provisioned_bytes, (uint64_t)INT64_MAX));
        json_builder_end_object(result);
        return true;
}

static bool run_set_uuid(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(StoreFile) file = NULL;
        const char *uuid;

        (void)result;
        if (!args_only(args, error, "path", "uuid", NULL) || (uuid = args_text(args, "uuid", error)) == NULL)
                return false;
        if (!g_uuid_string_is_valid(uuid))
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT, "\"%.40s\" is no UUID", uuid);
        file = open_unused(call, args, error);
        return file != NULL && (setxattr(file->path, UUID_ATTRIBUTE, uuid, 36, 0) == 0 ||
                                store_file_fail(file, errno, "given a UUID", error));
}

extern const Method virtual_disk_methods[];

const Method virtual_disk_methods[] = {
        {.name = "CreateVirtualDisk", .is_task = true, .run = run_create},
        {.name = "CopyVirtualDisk", .is_task = true, .run = run_copy},
        {.name = "MoveVirtualDisk", .is_task = true, .run = run_move},
        {.name = "DeleteVirtualDisk", .is_task = true, .run = run_delete},
        {.name = "ExtendVirtualDisk", .is_task = true, .run = run_extend},
        {.name = "InflateVirtualDisk", .is_task = true, .run = run_inflate},
        {.name = "ShrinkVirtualDisk", .is_task = true, .run = run_shrink},
        {.name = "ZeroFillVirtualDisk", .is_task = true, .run = run_zero_fill},
        {.name = "QueryVirtualDisk", .run = run_query},
        {.name = "SetVirtualDiskUuid", .run = run_set_uuid},
        {.name = NULL},
};
