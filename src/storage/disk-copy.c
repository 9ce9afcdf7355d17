/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disk files: what copies their contents, and so may take long. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macro.h"
#include "storage/disk-internal.h"
#include "storage/disk.h"
#include "storage/qemu-img.h"

typedef struct Long {
        DiskProgress progress;
        gpointer user_data;
        GCancellable *cancellable;
} Long;

static bool run_long(const char *const *arguments, const char *doing, const char *path, const Long *how,
                     GError **error)
{
        const QemuImg run = {.arguments = arguments,
                             .doing = doing,
                             .path = path,
                             .progress = how->progress,
                             .user_data = how->user_data,
                             .cancellable = how->cancellable};

        return qemu_img_run(&run, error);
}

static bool same_file(const char *a, const char *b)
{
        struct stat st_a, st_b;

        return a != NULL && b != NULL && stat(a, &st_a) == 0 && stat(b, &st_b) == 0 &&
               st_a.st_dev == st_b.st_dev && st_a.st_ino == st_b.st_ino;
}

static bool convert(const char *source, const DiskInfo *info, const char *target,
                    DiskProvisioning provisioning, const Long *how, GError **error)
{
        const char *options = provisioning == DISK_THICK ? "preallocation=falloc" : "preallocation=off";
        const char *const alone[] = {"convert", "-p",    "-f", info->format, "-O",   "qcow2",
                                     "-o",      options, "--", source,       target, NULL};
        const char *const over[] = {"convert", "-p",   "-f",          info->format, "-O",
                                    "qcow2",   "-B",   info->backing, "-F",         info->backing_format,
                                    "--",      source, target,        NULL};

        return run_long(info->backing != NULL ? over : alone, "copy", source, how, error);
}

/*
 * What source and backing differ in: an empty overlay of source that is made to stand on backing. It is
 * nobody's yet, so that qemu-img may write as it likes.
 */
static bool copy_differences(const char *source, const DiskInfo *info, const char *target,
                             const char *backing, const char *backing_format, const Long *how,
                             GError **error)
{
        g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, info->provisioned_bytes);
        const char *const overlay[] = {"create", "-q",         "-u", "-f",   "qcow2", "-b", source,
                                       "-F",     info->format, "--", target, size,    NULL};
        const char *const rebase[] = {"rebase", "-p",           "-f", "qcow2", "-b", backing,
                                      "-F",     backing_format, "--", target,  NULL};
        const Long quiet = {.cancellable = how->cancellable};

        return run_long(overlay, "make", target, &quiet, error) &&
               run_long(rebase, "copy", source, how, error);
}

static bool copy_to(const char *source, const char *target, DiskProvisioning provisioning,
                    const char *backing, const Long *how, GError **error)
{
        g_autoptr(DiskInfo) info = disk_info(source, error);
        g_autoptr(DiskInfo) base = NULL;

        if (info == NULL)
                return false;
        if (backing == NULL) {
                DiskInfo whole = *info;

                whole.backing = NULL;
                return convert(source, &whole, target, provisioning, how, error);
        }
        base = disk_info(backing, error);
        if (base == NULL)
                return false;
        /* convert -B copies what source itself has: right only if it stands on this very file. */
        if (same_file(info->backing, backing) && info->backing_format != NULL) {
                g_free(info->backing);
                info->backing = g_strdup(backing);
                return convert(source, info, target, DISK_THIN, how, error);
        }
        return copy_differences(source, info, target, backing, base->format, how, error);
}

bool disk_copy(const char *source, const char *target, DiskProvisioning provisioning, const char *backing,
               DiskProgress progress, gpointer user_data, GCancellable *cancellable, GError **error)
{
        const Long how = {progress, user_data, cancellable};
        g_autoptr(DiskInfo) info = disk_info(source, error);

        if (info == NULL)
                return false;
        if (provisioning == DISK_THICK && backing != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "%s cannot be thick: it is to stand on %s", target, backing);
                return false;
        }
        if (provisioning == DISK_THICK && !disk_check_space(target, info->provisioned_bytes, error))
                return false;
        if (!disk_make_file(target, error))
                return false;
        if (copy_to(source, target, provisioning, backing, &how, error) && disk_sync(target, error))
                return true;
        disk_drop_file(target);
        return false;
}

bool disk_commit(const char *path, DiskProgress progress, gpointer user_data, GCancellable *cancellable,
                 GError **error)
{
        const Long how = {progress, user_data, cancellable};
        const char *const arguments[] = {"commit", "-p", "-d", "-f", "qcow2", "--", path, NULL};
        g_autoptr(DiskInfo) info = disk_info(path, error);

        if (info == NULL)
                return false;
        if (info->backing == NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "%s stands on no file to commit to", path);
                return false;
        }
        return run_long(arguments, "commit", path, &how, error) && disk_sync(info->backing, error);
}

/* The new file in place of the old one, with its owner: the VMM that reads it is often another user. */
static bool replace(const char *path, const char *made, GError **error)
{
        _cleanup_close_ int fd = open(made, O_RDONLY | O_CLOEXEC);
        struct stat st;

        if (fd < 0 || stat(path, &st) < 0 || fchown(fd, st.st_uid, st.st_gid) < 0 ||
            fchmod(fd, st.st_mode & 07777) < 0 || fsync(fd) < 0 || rename(made, path) < 0) {
                disk_set_errno(error, errno, "replace", path);
                return false;
        }
        return disk_sync(path, error);
}

bool disk_release_zeros(const char *path, DiskProgress progress, gpointer user_data,
                        GCancellable *cancellable, GError **error)
{
        g_autofree char *made = g_strconcat(path, DISK_RELEASE_SUFFIX, NULL);
        g_autoptr(DiskInfo) info = disk_info(path, error);

        if (info == NULL)
                return false;
        if (strcmp(info->format, "qcow2") != 0) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "%s is %s; move it, which makes a thin disk of it", path, info->format);
                return false;
        }
        disk_drop_file(made); /* of a call that was killed */
        if (disk_copy(path, made, DISK_THIN, info->backing, progress, user_data, cancellable, error) &&
            replace(path, made, error))
                return true;
        disk_drop_file(made);
        return false;
}
