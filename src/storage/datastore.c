/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datastores: directories with a folder for each VM. */
#include "storage/datastore.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/macro.h"

#define SAME_NAME_MAX 1000u /* folders of one name */

static bool fail_errno(GError **error, int error_number, const char *doing, const char *path)
{
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(error_number), "cannot %s %s: %s", doing,
                    path, g_strerror(error_number));
        return false;
}

bool datastore_space(const char *path, DatastoreSpace *ret, GError **error)
{
        _cleanup_close_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        struct statvfs space;

        if (fd < 0 || fstatvfs(fd, &space) < 0)
                return fail_errno(error, errno, "look at", path);
        ret->capacity_bytes = (uint64_t)space.f_blocks * space.f_frsize;
        ret->free_bytes = (uint64_t)space.f_bavail * space.f_frsize;
        return true;
}

char *datastore_make_home(const char *datastore_path, const char *vm_name, DatastoreClaim claim,
                          gpointer user_data, GError **error)
{
        _cleanup_close_ int store = open(datastore_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (store < 0) {
                fail_errno(error, errno, "use the datastore", datastore_path);
                return NULL;
        }
        for (unsigned i = 0; i < SAME_NAME_MAX; i++) {
                g_autofree char *name = i == 0 ? g_strdup(vm_name) : g_strdup_printf("%s_%u", vm_name, i);
                g_autofree char *home = g_build_filename(datastore_path, name, NULL);

                if (faccessat(store, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
                        continue;
                if (claim != NULL && !claim(home, user_data, error))
                        return NULL;
                if (mkdirat(store, name, 0700) == 0) {
                        if (fsync(store) == 0)
                                return g_steal_pointer(&home);
                        fail_errno(error, errno, "write to storage", home);
                        (void)unlinkat(store, name, AT_REMOVEDIR);
                        return NULL;
                }
                if (errno != EEXIST) {
                        fail_errno(error, errno, "make", home);
                        return NULL;
                }
        }
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                    "%s has %u folders named like %s; remove those that no VM uses", datastore_path,
                    SAME_NAME_MAX, vm_name);
        return NULL;
}

typedef bool (*Visit)(int folder, const char *name, const char *home, GError **error);

static bool visit_all(int folder, const char *home, Visit visit, GError **error)
{
        int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
        bool well = true;
        struct dirent *entry;

        if (dir == NULL) {
                fail_errno(error, errno, "list", home);
                if (fd >= 0)
                        (void)close(fd);
                return false;
        }
        while (well && (entry = readdir(dir)) != NULL)
                if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
                        well = visit(folder, entry->d_name, home, error);
        (void)closedir(dir);
        return well;
}

static bool refuse_folder(int folder, const char *name, const char *home, GError **error)
{
        struct stat st;

        if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode))
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "%s is not deleted: it has a folder \"%s\", which is not the VM's; move it away", home,
                    name);
        return false;
}

static bool drop(int folder, const char *name, const char *home, GError **error)
{
        g_autofree char *path = NULL;

        if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
                return true;
        path = g_build_filename(home, name, NULL);
        return fail_errno(error, errno, "delete", path);
}

bool datastore_remove_home(const char *datastore_path, const char *home, GError **error)
{
        _cleanup_close_ int store = open(datastore_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        _cleanup_close_ int folder = -1;
        const char *name = datastore_below(datastore_path, home);

        if (store < 0)
                return fail_errno(error, errno, "use the datastore", datastore_path);
        if (name == NULL || strchr(name, '/') != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "%s is no folder of a VM on the datastore %s", home, datastore_path);
                return false;
        }
        folder = openat(store, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (folder < 0 && errno == ENOENT)
                return true;
        if (folder < 0)
                return fail_errno(error, errno, "delete", home);
        if (!visit_all(folder, home, refuse_folder, error) || !visit_all(folder, home, drop, error))
                return false;
        if (unlinkat(store, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
                return fail_errno(error, errno, "delete", home);
        if (fsync(store) < 0)
                return fail_errno(error, errno, "write to storage", datastore_path);
        return true;
}
