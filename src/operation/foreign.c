/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operation/foreign.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "inventory/catalog.h"
#include "operation/vm.h"
#include "storage/disk.h"

/* Where links lead, of a file or of the folder that it is to be made in; owned. */
static char *real_path(const char *path)
{
        char resolved[PATH_MAX];
        g_autofree char *folder = g_path_get_dirname(path);

        if (realpath(path, resolved) != NULL || realpath(folder, resolved) != NULL)
                return g_strdup(resolved);
        return NULL;
}

/* In one of the datastores, wherever links lead. */
static bool is_allowed(const char *path, gpointer user_data)
{
        g_autofree char *canonical = g_path_is_absolute(path) ? g_canonicalize_filename(path, "/") : NULL;
        g_autofree char *real = canonical != NULL ? real_path(canonical) : NULL;
        g_autoptr(GPtrArray) datastores = datastore_list(call_inventory(user_data), NULL);

        for (unsigned i = 0; real != NULL && datastores != NULL && i < datastores->len; i++) {
                const NamedText *datastore = datastores->pdata[i];
                g_autofree char *root = real_path(datastore->text);

                if (root != NULL && g_str_has_prefix(real, root) && real[strlen(root)] == '/')
                        return true;
        }
        return false;
}

bool foreign_is_allowed(const Foreign *foreign, const char *path)
{
        return is_allowed(path, foreign->call);
}

bool foreign_adapt(const Foreign *foreign, Definition *definition, GError **error)
{
        const char *type = vm_domain_type(foreign->call, error);

        if (type == NULL)
                return false;
        if (g_path_is_absolute(foreign->from))
                definition_move_files(definition, foreign->from, foreign->home);
        return definition_check_foreign(definition, type, NULL, is_allowed, foreign->call, error);
}

static bool is_below(const char *path, const char *folder)
{
        size_t length = strlen(folder);

        return length > 1 && strncmp(path, folder, length) == 0 && path[length] == '/';
}

char *foreign_path(const Foreign *foreign, const char *path)
{
        if (!is_below(path, foreign->from))
                return g_strdup(path);
        return g_build_filename(foreign->home, path + strlen(foreign->from) + 1, NULL);
}

bool foreign_check_chain(const Foreign *foreign, const char *path, const char *format, GError **error)
{
        g_autofree char *file = g_strdup(path);
        g_autofree char *expected = g_strdup(format != NULL ? format : "raw");

        for (unsigned i = 0; i < DISK_CHAIN_MAX; i++) {
                g_autoptr(DiskInfo) info = NULL;
                g_autofree char *next = NULL;

                if (!foreign_is_allowed(foreign, file)) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                                    "a disk stands on %s, which lies in none of this host's datastores",
                                    file);
                        return false;
                }
                if (!disk_check_format(file, expected, error))
                        return false;
                info = strcmp(expected, "raw") != 0 ? disk_info(file, error) : NULL;
                if (strcmp(expected, "raw") == 0)
                        return true;
                if (info == NULL || info->backing == NULL)
                        return info != NULL;
                /* Files elsewhere are others' as well. */
                next = is_below(file, foreign->home) ? foreign_path(foreign, info->backing)
                                                     : g_strdup(info->backing);
                if (strcmp(next, info->backing) != 0 &&
                    !disk_set_backing(file, next,
                                      info->backing_format != NULL ? info->backing_format : "raw", error))
                        return false;
                g_free(expected);
                expected = g_strdup(info->backing_format != NULL ? info->backing_format : "raw");
                g_free(file);
                file = g_steal_pointer(&next);
        }
        return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT, "a disk stands on more than %d files",
                                DISK_CHAIN_MAX);
}

/* must_exist: a file that is not there is an error. */
static bool check_disks(const Foreign *foreign, Definition *definition, bool must_exist, GError **error)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition);

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (disk->path != NULL && g_strcmp0(disk->device, "disk") == 0 &&
                    (must_exist || g_file_test(disk->path, G_FILE_TEST_EXISTS)) &&
                    !foreign_check_chain(foreign, disk->path, disk->format, error))
                        return false;
        }
        return true;
}

bool foreign_check_disks(const Foreign *foreign, Definition *definition, GError **error)
{
        return check_disks(foreign, definition, true, error);
}

bool foreign_take_memory(const Foreign *foreign, const char *path, const char *what, GError **error)
{
        virConnectPtr connection = call_connection(foreign->call, error);
        g_autofree char *xml = NULL, *adapted = NULL;
        g_autoptr(Definition) definition = NULL;

        if (connection == NULL)
                return false;
        if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) || g_file_test(path, G_FILE_TEST_IS_SYMLINK))
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "%s, and its memory is not at %s", what, path);
        xml = life_saved_definition(connection, path, error);
        definition = xml != NULL ? definition_parse(xml, error) : NULL;
        /* Its disks may have been merged since: the VM goes on with those that its own definition has. */
        if (definition == NULL || !foreign_adapt(foreign, definition, error) ||
            !check_disks(foreign, definition, false, error)) {
                g_prefix_error(error, "%s: ", path);
                return false;
        }
        if (g_strcmp0(definition_uuid(definition), foreign->uuid) != 0)
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT, "%s is the memory of another VM",
                                        path);
        adapted = definition_text(definition);
        return strcmp(adapted, xml) == 0 || life_saved_define(connection, path, adapted, error);
}
