/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and folders on a datastore, by file descriptors of the folders that they lie in. */
#include "storage/store-file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/macro.h"
#include "storage/datastore-path.h"

/* A folder with more names than this is not looked at. */
#define NAMES_MAX 100000u

StoreFile *store_file_new(const char *datastore, const char *root, const char *rest)
{
        StoreFile *file = g_new0(StoreFile, 1);

        file->datastore = g_strdup(datastore);
        file->root = g_strdup(root);
        file->rest = g_strdup(rest);
        file->text = g_strdup_printf("[%s] %s", datastore, rest);
        file->path = *rest != '\0' ? g_build_filename(root, rest, NULL) : g_strdup(root);
        return file;
}

void store_file_free(StoreFile *file)
{
        if (file == NULL)
                return;
        g_free(file->datastore);
        g_free(file->root);
        g_free(file->rest);
        g_free(file->text);
        g_free(file->path);
        g_free(file);
}

static StoreFile *store_file_below(const StoreFile *folder, const char *name)
{
        g_autofree char *rest =
                *folder->rest != '\0' ? g_strconcat(folder->rest, "/", name, NULL) : g_strdup(name);

        return store_file_new(folder->datastore, folder->root, rest);
}

static StoreFile *folder_of(const StoreFile *file)
{
        const char *slash = strrchr(file->rest, '/');
        g_autofree char *rest = g_strndup(file->rest, slash != NULL ? (size_t)(slash - file->rest) : 0);

        return store_file_new(file->datastore, file->root, rest);
}

static const char *leaf_of(const StoreFile *file)
{
        const char *slash = strrchr(file->rest, '/');

        return slash != NULL ? slash + 1 : file->rest;
}

StoreFile *store_file_beside(const StoreFile *file, const char *name)
{
        g_autoptr(StoreFile) folder = folder_of(file);

        return store_file_below(folder, name);
}

bool store_file_fail(const StoreFile *file, int error_number, const char *doing, GError **error)
{
        const char *why = g_strerror(error_number);
        int code = (int)g_io_error_from_errno(error_number);

        if (error_number == ELOOP || error_number == EXDEV) {
                code = G_IO_ERROR_NOT_SUPPORTED;
                why = error_number == ELOOP ? "there is a link on the way, which is not followed"
                                            : "that is on another file system";
        } else if (error_number == ENOTDIR) {
                code = G_IO_ERROR_NOT_FOUND;
        } else if (error_number == ENOTEMPTY) {
                code = G_IO_ERROR_EXISTS;
        }
        g_set_error(error, G_IO_ERROR, code, "\"%s\" cannot be %s: %s", file->text, doing, why);
        return false;
}

static int open_below(int root, const char *rest, int flags, mode_t mode)
{
        const struct open_how how = {
                .flags = (uint64_t)(flags | O_CLOEXEC | ((flags & O_PATH) != 0 ? 0 : O_NOCTTY)),
                .mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? mode : 0,
                .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
        };

        return (int)syscall(SYS_openat2, root, *rest != '\0' ? rest : ".", &how, sizeof how);
}

static int open_quietly(const StoreFile *file, int flags, mode_t mode)
{
        _cleanup_close_ int root = open(file->root, O_PATH | O_DIRECTORY | O_CLOEXEC);

        return root < 0 ? -1 : open_below(root, file->rest, flags, mode);
}

int store_file_open(const StoreFile *file, int flags, mode_t mode, GError **error)
{
        int fd = open_quietly(file, flags, mode);

        if (fd < 0)
                store_file_fail(file, errno, "opened", error);
        return fd;
}

/* The folder that it lies in. The datastore itself lies in none. */
static int open_parent(const StoreFile *file, const char *doing, GError **error)
{
        g_autoptr(StoreFile) folder = folder_of(file);
        int fd;

        if (*file->rest == '\0') {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "\"%s\" is a datastore as a whole",
                            file->text);
                return -1;
        }
        fd = open_quietly(folder, O_RDONLY | O_DIRECTORY, 0);
        if (fd < 0)
                store_file_fail(file, errno, doing, error);
        return fd;
}

bool store_file_stat(const StoreFile *file, struct stat *ret, GError **error)
{
        _cleanup_close_ int fd = open_quietly(file, O_PATH | O_NOFOLLOW, 0);

        if (fd < 0 || fstat(fd, ret) < 0)
                return store_file_fail(file, errno, "found", error);
        if (S_ISREG(ret->st_mode) || S_ISDIR(ret->st_mode))
                return true;
        return store_file_fail(file, ELOOP, "used", error);
}

bool store_file_is_in_folder(const StoreFile *file, GError **error)
{
        _cleanup_close_ int parent = open_parent(file, "made", error);

        return parent >= 0;
}

bool store_file_link(const StoreFile *file, int fd, GError **error)
{
        _cleanup_close_ int parent = open_parent(file, "made", error);
        g_autofree char *self = g_strdup_printf("/proc/self/fd/%d", fd);

        if (parent < 0)
                return false;
        if (linkat(AT_FDCWD, self, parent, leaf_of(file), AT_SYMLINK_FOLLOW) < 0 || fsync(parent) < 0)
                return store_file_fail(file, errno, "made", error);
        return true;
}

static bool make_one(const StoreFile *file, bool may_exist, GError **error)
{
        _cleanup_close_ int parent = open_parent(file, "made", error);

        if (parent < 0)
                return false;
        if (mkdirat(parent, leaf_of(file), 0700) < 0) {
                if (!may_exist || errno != EEXIST)
                        return store_file_fail(file, errno, "made", error);
                return true;
        }
        return fsync(parent) == 0 || store_file_fail(file, errno, "made", error);
}

bool store_file_make_folder(const StoreFile *file, bool parents, GError **error)
{
        if (parents && strchr(file->rest, '/') != NULL) {
                g_autoptr(StoreFile) folder = folder_of(file);
                struct stat st;

                if (!store_file_stat(folder, &st, NULL) && !store_file_make_folder(folder, true, error))
                        return false;
        }
        return make_one(file, false, error);
}

/* --- removing --- */

static DIR *list_fd(int fd)
{
        int other = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = other >= 0 ? fdopendir(other) : NULL;

        if (dir == NULL && other >= 0)
                (void)close(other);
        return dir;
}

static bool is_self(const char *name)
{
        return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Returns 0 or an errno. */
static int remove_at(int folder, const char *name, unsigned depth)
{
        _cleanup_close_ int fd = -1;
        struct dirent *entry;
        int result = 0;
        DIR *dir;

        if (unlinkat(folder, name, 0) == 0)
                return 0;
        if (errno != EISDIR && errno != EPERM)
                return errno;
        fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        dir = fd >= 0 && depth < 2 * DATASTORE_DEPTH_MAX ? list_fd(fd) : NULL;
        if (dir == NULL)
                return fd >= 0 && depth >= 2 * DATASTORE_DEPTH_MAX ? ELOOP : errno;
        while (result == 0 && (entry = readdir(dir)) != NULL)
                if (!is_self(entry->d_name))
                        result = remove_at(fd, entry->d_name, depth + 1);
        (void)closedir(dir);
        if (result == 0 && unlinkat(folder, name, AT_REMOVEDIR) < 0)
                result = errno;
        return result;
}

bool store_file_remove(const StoreFile *file, GError **error)
{
        _cleanup_close_ int parent = open_parent(file, "deleted", error);
        int result;

        if (parent < 0)
                return false;
        result = remove_at(parent, leaf_of(file), 0);
        if (result == 0 && fsync(parent) < 0)
                result = errno;
        return result == 0 || store_file_fail(file, result, "deleted", error);
}

/* --- moving --- */

bool store_file_rename(const StoreFile *from, const StoreFile *to, bool replace, GError **error)
{
        _cleanup_close_ int source = open_parent(from, "moved", error);
        _cleanup_close_ int target = source >= 0 ? open_parent(to, "made", error) : -1;
        struct stat st;

        if (target < 0)
                return false;
        if (fstatat(source, leaf_of(from), &st, AT_SYMLINK_NOFOLLOW) < 0)
                return store_file_fail(from, errno, "moved", error);
        /* A folder takes the place of an empty one only, a file that of a file: rename() sees to it. */
        if (renameat2(source, leaf_of(from), target, leaf_of(to), replace ? 0 : RENAME_NOREPLACE) < 0)
                return store_file_fail(errno == EEXIST || errno == ENOTEMPTY || errno == EISDIR ? to : from,
                                       errno == EISDIR ? EEXIST : errno, "moved", error);
        if (fsync(target) < 0 || fsync(source) < 0)
                return store_file_fail(to, errno, "written to storage", error);
        return true;
}

/* --- copying --- */

typedef struct Copy {
        StoreFileProgress progress;
        gpointer user_data;
        GCancellable *cancellable;
        uint64_t total, done;
} Copy;

#define COPY_PIECE (8u << 20)

static bool copy_range(Copy *copy, int from, int to, off_t at, off_t end)
{
        while (at < end) {
                off_t out = at;
                ssize_t n;

                if (g_cancellable_is_cancelled(copy->cancellable)) {
                        errno = ECANCELED;
                        return false;
                }
                n = copy_file_range(from, &at, to, &out, (size_t)MIN((off_t)COPY_PIECE, end - at), 0);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return false;
                if (n == 0)
                        return true; /* it has become shorter */
                copy->done += (uint64_t)n;
                if (copy->progress != NULL && copy->total > 0)
                        copy->progress((unsigned)MIN(copy->done * 100 / copy->total, 99u), copy->user_data);
        }
        return true;
}

static bool copy_contents(Copy *copy, int from, int to, off_t size)
{
        off_t at = 0;

        if (ftruncate(to, size) < 0)
                return false;
        while (at < size) {
                off_t data = lseek(from, at, SEEK_DATA), hole;

                if (data < 0 && errno == ENXIO)
                        break; /* all the rest is a hole */
                if (data < 0)
                        return false;
                hole = lseek(from, data, SEEK_HOLE);
                if (hole < 0 || !copy_range(copy, from, to, data, MIN(hole, size)))
                        return false;
                copy->done += (uint64_t)(data - at);
                at = hole;
        }
        return fsync(to) == 0;
}

static bool copy_file(Copy *copy, const StoreFile *from, const StoreFile *to, GError **error)
{
        _cleanup_close_ int source = store_file_open(from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0, error);
        _cleanup_close_ int target = -1;
        struct stat st;

        if (source < 0)
                return false;
        if (fstat(source, &st) < 0 || !S_ISREG(st.st_mode))
                return store_file_fail(from, ELOOP, "copied", error);
        target = store_file_open(to, O_WRONLY | O_CREAT | O_EXCL, 0600, error);
        if (target < 0)
                return false;
        if (copy_contents(copy, source, target, st.st_size))
                return true;
        if (errno == ECANCELED)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "\"%s\": copying was cancelled",
                            from->text);
        else
                store_file_fail(errno == ENOSPC || errno == EDQUOT ? to : from, errno, "copied", error);
        return false;
}

typedef struct Tree {
        Copy *copy;
        const StoreFile *from, *to;
} Tree;

static bool copy_member(const StoreFile *file, const struct stat *st, gpointer user_data, GError **error)
{
        const Tree *tree = user_data;
        g_autofree char *rest = g_strconcat(tree->to->rest, file->rest + strlen(tree->from->rest), NULL);
        g_autoptr(StoreFile) to = store_file_new(tree->to->datastore, tree->to->root, rest);

        return S_ISDIR(st->st_mode) ? make_one(to, false, error) : copy_file(tree->copy, file, to, error);
}

static bool add_size(const StoreFile *file, const struct stat *st, gpointer user_data, GError **error)
{
        (void)file;
        (void)error;
        *(uint64_t *)user_data += S_ISREG(st->st_mode) ? (uint64_t)st->st_size : 0;
        return true;
}

bool store_file_copy(const StoreFile *from, const StoreFile *to, StoreFileProgress progress,
                     gpointer user_data, GCancellable *cancellable, GError **error)
{
        Copy copy = {.progress = progress, .user_data = user_data, .cancellable = cancellable};
        Tree tree = {.copy = &copy, .from = from, .to = to};
        struct stat st, there;
        bool well;

        if (!store_file_stat(from, &st, error))
                return false;
        if (store_file_stat(to, &there, NULL))
                return store_file_fail(to, EEXIST, "made", error);
        if (datastore_below(from->path, to->path) != NULL)
                return store_file_fail(to, EINVAL, "made of what it lies in", error);
        if (S_ISDIR(st.st_mode))
                well = store_file_walk(from, true, add_size, &copy.total, error) &&
                       make_one(to, false, error) && store_file_walk(from, true, copy_member, &tree, error);
        else
                well = (copy.total = (uint64_t)st.st_size, copy_file(&copy, from, to, error));
        if (!well)
                (void)store_file_remove(to, NULL);
        return well;
}

/* --- walking --- */

static int compare_names(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *names_in(int fd)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        DIR *dir = list_fd(fd);
        struct dirent *entry;

        if (dir == NULL)
                return NULL;
        while (names->len <= NAMES_MAX && (entry = readdir(dir)) != NULL)
                if (!is_self(entry->d_name))
                        g_ptr_array_add(names, g_strdup(entry->d_name));
        (void)closedir(dir);
        if (names->len > NAMES_MAX) {
                errno = E2BIG;
                return NULL;
        }
        qsort(names->pdata, names->len, sizeof(char *), compare_names);
        return g_steal_pointer(&names);
}

static bool walk(const StoreFile *folder, int fd, bool deep, unsigned depth, StoreFileVisit visit,
                 gpointer user_data, GError **error)
{
        g_autoptr(GPtrArray) names = names_in(fd);

        if (names == NULL)
                return store_file_fail(folder, errno, "listed", error);
        for (unsigned i = 0; i < names->len; i++) {
                g_autoptr(StoreFile) file = store_file_below(folder, names->pdata[i]);
                _cleanup_close_ int below = -1;
                struct stat st;

                if (fstatat(fd, names->pdata[i], &st, AT_SYMLINK_NOFOLLOW) < 0 ||
                    (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
                        continue;
                if (!visit(file, &st, user_data, error))
                        return false;
                if (!S_ISDIR(st.st_mode) || !deep || depth >= DATASTORE_DEPTH_MAX)
                        continue;
                below = openat(fd, names->pdata[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
                if (below >= 0 && !walk(file, below, deep, depth + 1, visit, user_data, error))
                        return false;
        }
        return true;
}

bool store_file_walk(const StoreFile *folder, bool deep, StoreFileVisit visit, gpointer user_data,
                     GError **error)
{
        _cleanup_close_ int fd = store_file_open(folder, O_RDONLY | O_DIRECTORY, 0, error);

        return fd >= 0 && walk(folder, fd, deep, 0, visit, user_data, error);
}
