/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disk files: what they are, and new ones. */
#include "storage/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macro.h"
#include "storage/datastore.h"
#include "storage/disk-internal.h"
#include "storage/qcow2.h"
#include "storage/qemu-img.h"

#define SECTOR_BYTES    512u
#define BYTES_MAX       (UINT64_C(64) << 40)
#define BLOCK_BYTES     512u /* of st_blocks */
#define QUICK_SILENCE_S 120u /* no word from a call that only touches headers: its storage hangs */

/* For overlays:
 * - 64 KiB clusters, as the disks beneath have them: the cache of tables that QEMU keeps for each file (32
 * MiB) covers 256 GiB, so that a clone's read costs one more look into memory than a plain disk's.
 * - No lazy_refcounts: after a crash, files would have to be repaired before qemu-img check finds them
 * clean.
 * - No extended_l2, though it would make first writes cheaper: with subclusters QEMU 7.2 copies on read in
 *   pieces that do not fit them, which is what a block pull does when a snapshot is removed.
 */
#define QCOW2_OPTIONS "cluster_size=65536,lazy_refcounts=off"

void disk_info_free(DiskInfo *info)
{
        if (info == NULL)
                return;
        g_free(info->format);
        g_free(info->backing);
        g_free(info->backing_format);
        g_free(info);
}

void disk_set_errno(GError **error, int error_number, const char *doing, const char *path)
{
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(error_number), "cannot %s %s: %s", doing,
                    path, g_strerror(error_number));
}

static bool check_absolute(const char *path, GError **error)
{
        if (g_path_is_absolute(path) && strlen(path) < PATH_MAX)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "\"%s\" is no absolute path of a disk file", path);
        return false;
}

/* The name of the file beneath, as the header of path has it, to an absolute path. */
static char *resolve_backing(const char *path, const char *name, GError **error)
{
        const char *file = g_str_has_prefix(name, "file:") ? name + strlen("file:") : name;
        g_autofree char *folder = NULL, *real = NULL;
        size_t word = strcspn(file, ":/");

        if (*file == '/')
                return g_strdup(file);
        if (file[word] == ':') {
                g_set_error(
                        error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                        "%s stands on \"%s\", which is no file of this host; copy it to a disk of its own",
                        path, name);
                return NULL;
        }
        folder = g_path_get_dirname(path);
        real = realpath(folder, NULL);
        return g_canonicalize_filename(file, real != NULL ? real : folder);
}

static DiskInfo *info_of_qcow2(const char *path, const void *data, size_t size, GError **error)
{
        g_autoptr(DiskInfo) info = g_new0(DiskInfo, 1);
        Qcow2Header header;
        const char *wrong = qcow2_parse(data, size, &header);

        if (wrong == NULL && header.has_data_file)
                wrong = "its data lie in another file, which is not supported";
        if (wrong != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be used as a disk: %s", path,
                            wrong);
                return NULL;
        }
        info->format = g_strdup("qcow2");
        info->provisioned_bytes = header.bytes;
        if (header.backing[0] == '\0')
                return g_steal_pointer(&info);
        info->backing = resolve_backing(path, header.backing, error);
        if (info->backing == NULL)
                return NULL;
        if (header.backing_format[0] != '\0')
                info->backing_format = g_strdup(header.backing_format);
        return g_steal_pointer(&info);
}

static const char *text_member(JsonObject *object, const char *name)
{
        JsonNode *node = json_object_get_member(object, name);

        return node != NULL && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
}

/* A format that is not ours, or none: qemu-img knows many. */
static DiskInfo *info_by_qemu_img(const char *path, GError **error)
{
        const char *const arguments[] = {"info", "--output=json", "-U", "--", path, NULL};
        g_autofree char *text = NULL;
        const QemuImg run = {.arguments = arguments,
                             .doing = "look at",
                             .path = path,
                             .silence_s = QUICK_SILENCE_S,
                             .ret_output = &text};
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(DiskInfo) info = g_new0(DiskInfo, 1);
        const char *format, *backing;
        JsonObject *object;
        JsonNode *size;

        if (!qemu_img_run(&run, error))
                return NULL;
        if (!json_parser_load_from_data(parser, text, -1, NULL) ||
            !JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)))
                goto malformed;
        object = json_node_get_object(json_parser_get_root(parser));
        format = text_member(object, "format");
        size = json_object_get_member(object, "virtual-size");
        if (format == NULL || size == NULL || json_node_get_value_type(size) != G_TYPE_INT64 ||
            json_node_get_int(size) < 0)
                goto malformed;
        info->format = g_strdup(format);
        info->provisioned_bytes = (uint64_t)json_node_get_int(size);
        backing = text_member(object, "full-backing-filename");
        if (backing != NULL) {
                info->backing = resolve_backing(path, backing, error);
                if (info->backing == NULL)
                        return NULL;
                info->backing_format = g_strdup(text_member(object, "backing-filename-format"));
        }
        return g_steal_pointer(&info);

malformed:
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "what qemu-img says of %s cannot be understood",
                    path);
        return NULL;
}

/* Reads the beginning of a file; returns how much, or -1 with an error. */
static ssize_t read_beginning(const char *path, char *buffer, struct stat *ret_stat, GError **error)
{
        _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        ssize_t n;

        if (fd < 0 || fstat(fd, ret_stat) < 0) {
                disk_set_errno(error, errno, "open", path);
                return -1;
        }
        if (!S_ISREG(ret_stat->st_mode) && !S_ISBLK(ret_stat->st_mode)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is no disk file", path);
                return -1;
        }
        do
                n = pread(fd, buffer, QCOW2_HEADER_MAX, 0);
        while (n < 0 && errno == EINTR);
        if (n < 0)
                disk_set_errno(error, errno, "read", path);
        if (S_ISBLK(ret_stat->st_mode))
                ret_stat->st_size = lseek(fd, 0, SEEK_END);
        return n;
}

/* format: what is known of it, "raw" above all, which a guest could make look like anything; or NULL. */
static DiskInfo *info_as(const char *path, const char *format, GError **error)
{
        g_autofree char *buffer = g_malloc(QCOW2_HEADER_MAX);
        DiskInfo *info;
        struct stat st;
        ssize_t n;

        if (!check_absolute(path, error))
                return NULL;
        n = read_beginning(path, buffer, &st, error);
        if (n < 0)
                return NULL;
        if (g_strcmp0(format, "raw") == 0) {
                info = g_new0(DiskInfo, 1);
                info->format = g_strdup("raw");
                info->provisioned_bytes = (uint64_t)MAX(st.st_size, 0);
        } else if (qcow2_is(buffer, (size_t)n)) {
                info = info_of_qcow2(path, buffer, (size_t)n, error);
        } else {
                info = info_by_qemu_img(path, error);
        }
        if (info != NULL)
                info->used_bytes = (uint64_t)st.st_blocks * BLOCK_BYTES;
        return info;
}

DiskInfo *disk_info(const char *path, GError **error)
{
        return info_as(path, NULL, error);
}

bool disk_check_format(const char *path, const char *format, GError **error)
{
        g_autoptr(DiskInfo) info = disk_info(path, error);

        if (info == NULL)
                return false;
        if (g_strcmp0(info->format, format) == 0)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "%s is defined as %s and looks like %s; correct the VM's definition, unless its guest "
                    "wrote that",
                    path, format != NULL ? format : "a disk without a format", info->format);
        return false;
}

GPtrArray *disk_chain(const char *path, GError **error)
{
        g_autoptr(GPtrArray) chain = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *next = g_strdup(path), *format = NULL;

        while (next != NULL) {
                g_autoptr(DiskInfo) info = NULL;

                if (chain->len == DISK_CHAIN_MAX) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                                    "%s stands on more than %d files, or on itself", path,
                                    DISK_CHAIN_MAX - 1);
                        return NULL;
                }
                info = info_as(next, format, error);
                if (info == NULL) {
                        if (chain->len > 0)
                                g_prefix_error(error, "beneath %s: ", path);
                        return NULL;
                }
                g_ptr_array_add(chain, g_steal_pointer(&next));
                g_free(format);
                next = g_steal_pointer(&info->backing);
                format = g_steal_pointer(&info->backing_format);
        }
        return g_steal_pointer(&chain);
}

bool disk_sync(const char *path, GError **error)
{
        g_autofree char *folder = g_path_get_dirname(path);
        const char *const names[] = {path, folder};

        for (unsigned i = 0; i < ARRAY_LENGTH(names); i++) {
                _cleanup_close_ int fd = open(names[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

                if (fd < 0 || fsync(fd) < 0) {
                        disk_set_errno(error, errno, "write to storage", names[i]);
                        return false;
                }
        }
        return true;
}

bool disk_make_file(const char *path, GError **error)
{
        _cleanup_close_ int fd = -1;

        if (!check_absolute(path, error))
                return false;
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
        if (fd >= 0)
                return true;
        disk_set_errno(error, errno, "make", path);
        return false;
}

void disk_drop_file(const char *path)
{
        (void)g_unlink(path);
}

bool disk_check_space(const char *path, uint64_t needed_bytes, GError **error)
{
        g_autofree char *folder = g_path_get_dirname(path), *needed = NULL, *missing = NULL;
        DatastoreSpace space;

        if (!datastore_space(folder, &space, error))
                return false;
        if (space.free_bytes >= needed_bytes)
                return true;
        needed = g_format_size_full(needed_bytes, G_FORMAT_SIZE_IEC_UNITS);
        missing = g_format_size_full(needed_bytes - space.free_bytes, G_FORMAT_SIZE_IEC_UNITS);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no room for %s: it needs %s, %s are missing",
                    path, needed, missing);
        return false;
}

static bool check_bytes(const char *path, uint64_t bytes, GError **error)
{
        if (bytes >= SECTOR_BYTES && bytes <= BYTES_MAX && bytes % SECTOR_BYTES == 0)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "%s cannot have %" G_GUINT64_FORMAT
                    " bytes: a disk has a multiple of 512, at most 64 TiB",
                    path, bytes);
        return false;
}

/* Runs qemu-img create, which fills the file that is there already; takes it away again if that fails. */
static bool create(const char *path, const char *const *arguments, GError **error)
{
        const QemuImg run = {
                .arguments = arguments, .doing = "make", .path = path, .silence_s = QUICK_SILENCE_S};

        if (qemu_img_run(&run, error) && disk_sync(path, error))
                return true;
        disk_drop_file(path);
        return false;
}

bool disk_create(const char *path, uint64_t bytes, DiskProvisioning provisioning, GError **error)
{
        g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, bytes);
        const char *options =
                provisioning == DISK_THICK ? QCOW2_OPTIONS ",preallocation=falloc" : QCOW2_OPTIONS;
        const char *const arguments[] = {"create", "-q", "-f", "qcow2", "-o",
                                         options,  "--", path, size,    NULL};

        if (!check_bytes(path, bytes, error))
                return false;
        if (provisioning == DISK_THICK && !disk_check_space(path, bytes, error))
                return false;
        return disk_make_file(path, error) && create(path, arguments, error);
}

bool disk_create_overlay(const char *path, const char *backing, const char *backing_format, GError **error)
{
        g_autoptr(DiskInfo) info = info_as(backing, backing_format, error);
        g_autofree char *size = NULL;

        if (info == NULL)
                return false;
        if (g_strcmp0(info->format, backing_format) != 0) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is %s and not %s", backing,
                            info->format, backing_format != NULL ? backing_format : "without a format");
                return false;
        }
        size = g_strdup_printf("%" G_GUINT64_FORMAT, info->provisioned_bytes);
        /* -u and the size: the file beneath is not opened, so that nobody's lock on it is in the way. */
        const char *const arguments[] = {"create",      "-q",    "-u", "-f",           "qcow2",
                                         "-b",          backing, "-F", backing_format, "-o",
                                         QCOW2_OPTIONS, "--",    path, size,           NULL};
        return disk_make_file(path, error) && create(path, arguments, error);
}

bool disk_resize(const char *path, uint64_t bytes, GError **error)
{
        g_autoptr(DiskInfo) info = disk_info(path, error);
        g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, bytes);
        const char *preallocation = "--preallocation=off";

        if (info == NULL || !check_bytes(path, bytes, error))
                return false;
        if (bytes < info->provisioned_bytes) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "%s has %" G_GUINT64_FORMAT
                            " bytes; a disk cannot be made smaller, its guest would "
                            "lose what is at the end",
                            path, info->provisioned_bytes);
                return false;
        }
        /* What is thick stays thick. */
        if (info->backing == NULL && info->used_bytes >= info->provisioned_bytes) {
                preallocation = "--preallocation=falloc";
                if (!disk_check_space(path, bytes - info->provisioned_bytes, error))
                        return false;
        }
        const char *const arguments[] = {"resize", "-q", "-f", info->format, preallocation,
                                         "--",     path, size, NULL};
        const QemuImg run = {
                .arguments = arguments, .doing = "extend", .path = path, .silence_s = QUICK_SILENCE_S};
        return qemu_img_run(&run, error) && disk_sync(path, error);
}

bool disk_set_backing(const char *path, const char *backing, const char *backing_format, GError **error)
{
        const char *const arguments[] = {"rebase", "-q", "-u",           "-f", "qcow2", "-b",
                                         backing,  "-F", backing_format, "--", path,    NULL};
        const QemuImg run = {
                .arguments = arguments, .doing = "change", .path = path, .silence_s = QUICK_SILENCE_S};

        return check_absolute(path, error) && check_absolute(backing, error) && qemu_img_run(&run, error) &&
               disk_sync(path, error);
}

/* A member of qemu-img check's report; those that are 0 are left out. */
static int64_t count_member(JsonObject *object, const char *name)
{
        JsonNode *node = json_object_get_member(object, name);

        return node != NULL && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_int(node) : 0;
}

bool disk_mend_leaks(const char *path, GError **error)
{
        g_autoptr(DiskInfo) info = disk_info(path, error);
        g_autofree char *text = NULL;
        g_autoptr(JsonParser) parser = json_parser_new();
        int64_t corruptions = 0, leaks = 0, errors = 0;
        int status = 0;

        if (info == NULL)
                return false;
        if (strcmp(info->format, "raw") == 0)
                return true;
        const char *const repair[] = {
                "check", "--output=json", "-f", info->format, "-r", "leaks", "--", path, NULL};
        const QemuImg run = {.arguments = repair,
                             .doing = "mend",
                             .path = path,
                             .ret_output = &text,
                             .ret_status = &status};
        if (!qemu_img_run(&run, error))
                return false;
        if (status == 0)
                return true;
        if (json_parser_load_from_data(parser, text, -1, NULL) &&
            JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser))) {
                JsonObject *object = json_node_get_object(json_parser_get_root(parser));

                corruptions = count_member(object, "corruptions");
                leaks = count_member(object, "leaks");
                errors = count_member(object, "check-errors");
        }
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "%s is damaged: %" G_GINT64_FORMAT " corruptions, %" G_GINT64_FORMAT
                    " leaked clusters, %" G_GINT64_FORMAT
                    " errors while checking (qemu-img check ended with %d)",
                    path, corruptions, leaks, errors, status);
        return false;
}
