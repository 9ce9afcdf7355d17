/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What VMs take of datastores: looks at their files, each once however many VMs stand on it. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "storage/datastore.h"
#include "storage/disk.h"
#include "storage/space.h"

#define BLOCK_BYTES 512u /* of st_blocks */

typedef struct FileKey {
        uint64_t device, inode;
} FileKey;

/* What is known of the file of a path, so that 75 clones do not look at their parent's 75 times. */
typedef struct Seen {
        unsigned file;
        uint64_t provisioned_bytes;
        char *backing; /* or NULL */
} Seen;

typedef struct Gatherer {
        Space *space;
        GHashTable *files; /* FileKey to the index + 1 */
        GHashTable *paths; /* char * to Seen * */
} Gatherer;

static guint hash_key(gconstpointer data)
{
        const FileKey *key = data;

        return (guint)(key->inode ^ key->inode >> 32 ^ key->device << 7);
}

static gboolean equal_keys(gconstpointer a, gconstpointer b)
{
        return memcmp(a, b, sizeof(FileKey)) == 0;
}

static void seen_free(gpointer data)
{
        Seen *seen = data;

        g_free(seen->backing);
        g_free(seen);
}

static void problem(Space *space, const char *vm, const char *words)
{
        g_ptr_array_add(space->problems, g_strdup_printf("%s: %s", vm, words));
}

/* The datastore with the longest path that the file is below. */
static int find_datastore(const Space *space, const char *path)
{
        size_t longest = 0;
        int found = -1;

        for (unsigned i = 0; i < space->datastores->len; i++) {
                const SpaceDatastore *datastore = &g_array_index(space->datastores, SpaceDatastore, i);
                g_autofree char *below = datastore_format("", datastore->path, path);

                if (below == NULL || strlen(datastore->path) < longest)
                        continue;
                longest = strlen(datastore->path);
                found = (int)i;
        }
        return found;
}

static unsigned add_file(Gatherer *gatherer, const char *path, const struct stat *st)
{
        const FileKey key = {st->st_dev, st->st_ino};
        unsigned index = GPOINTER_TO_UINT(g_hash_table_lookup(gatherer->files, &key));

        if (index > 0)
                return index - 1;
        index = space_add_file(gatherer->space, find_datastore(gatherer->space, path),
                               (uint64_t)st->st_blocks * BLOCK_BYTES);
        g_hash_table_insert(gatherer->files, g_memdup2(&key, sizeof(key)), GUINT_TO_POINTER(index + 1));
        return index;
}

static const Seen *look_at(Gatherer *gatherer, const char *path, GError **error)
{
        Seen *seen = g_hash_table_lookup(gatherer->paths, path);
        g_autoptr(DiskInfo) info = NULL;
        struct stat st;

        if (seen != NULL)
                return seen;
        info = disk_info(path, error);
        if (info == NULL)
                return NULL;
        if (stat(path, &st) < 0) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s is gone", path);
                return NULL;
        }
        seen = g_new0(Seen, 1);
        seen->file = add_file(gatherer, path, &st);
        seen->provisioned_bytes = info->provisioned_bytes;
        seen->backing = g_steal_pointer(&info->backing);
        g_hash_table_insert(gatherer->paths, g_strdup(path), seen);
        return seen;
}

static void add_disk(Gatherer *gatherer, unsigned vm, const char *name, const char *path, bool writes)
{
        unsigned chain[DISK_CHAIN_MAX], n = 0;
        uint64_t provisioned = 0;

        for (const char *next = path; next != NULL && n < DISK_CHAIN_MAX;) {
                g_autoptr(GError) error = NULL;
                const Seen *seen = look_at(gatherer, next, &error);

                if (seen == NULL) {
                        problem(gatherer->space, name, error->message);
                        break;
                }
                if (n == 0 && writes)
                        provisioned = seen->provisioned_bytes;
                chain[n++] = seen->file;
                next = seen->backing;
        }
        if (n > 0)
                space_add_disk(gatherer->space, vm, provisioned, chain, n);
}

void space_gather(Space *space, const SpaceSource *sources, unsigned n)
{
        g_autoptr(GHashTable) files = g_hash_table_new_full(hash_key, equal_keys, g_free, NULL);
        g_autoptr(GHashTable) paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, seen_free);
        Gatherer gatherer = {space, files, paths};
        unsigned first = space->vms->len;

        for (unsigned i = 0; i < n; i++)
                (void)space_add_vm(space, sources[i].name);
        for (unsigned i = 0; i < n; i++) {
                const SpaceSource *source = &sources[i];
                struct stat st;

                if (source->parent >= 0)
                        space_set_parent(space, first + i, first + (unsigned)source->parent);
                for (const char *const *path = source->disks; *path != NULL; path++)
                        add_disk(&gatherer, first + i, source->name, *path, true);
                for (const char *const *path = source->sides; path != NULL && *path != NULL; path++)
                        add_disk(&gatherer, first + i, source->name, *path, false);
                for (const char *const *path = source->extras; *path != NULL; path++)
                        if (lstat(*path, &st) == 0 && S_ISREG(st.st_mode))
                                space_add_extra(space, first + i, add_file(&gatherer, *path, &st));
        }
}
