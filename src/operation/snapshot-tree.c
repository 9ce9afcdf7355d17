/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that a VM's disks and snapshots stand on. */
#include "operation/snapshot-tree.h"

#include <string.h>

#include "storage/disk.h"

#define SUFFIX        ".qcow2"
#define NUMBER_DIGITS 6

static void tree_file_free(gpointer data)
{
        TreeFile *file = data;

        g_free(file->path);
        g_free(file->format);
        g_ptr_array_unref(file->children);
        g_free(file);
}

Tree *tree_new(void)
{
        Tree *tree = g_new0(Tree, 1);

        tree->files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, tree_file_free);
        return tree;
}

void tree_free(Tree *tree)
{
        if (tree == NULL)
                return;
        g_hash_table_unref(tree->files);
        g_free(tree);
}

TreeFile *tree_find(const Tree *tree, const char *path)
{
        return g_hash_table_lookup(tree->files, path);
}

static TreeFile *add_file(Tree *tree, const char *path, const char *format)
{
        TreeFile *file = g_new0(TreeFile, 1);

        file->path = g_strdup(path);
        file->format = g_strdup(format);
        file->children = g_ptr_array_new();
        g_hash_table_insert(tree->files, file->path, file);
        return file;
}

TreeFile *tree_add(Tree *tree, const char *path, GError **error)
{
        g_autoptr(GHashTable) walked = g_hash_table_new(NULL, NULL);
        g_autofree char *next = g_strdup(path);
        TreeFile *first = NULL, *above = NULL;

        for (unsigned depth = 0; next != NULL; depth++) {
                g_autoptr(DiskInfo) info = NULL;
                TreeFile *file = tree_find(tree, next);
                bool known = file != NULL;

                if (depth == DISK_CHAIN_MAX || (known && g_hash_table_contains(walked, file))) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                                    "%s stands on more than %d files, or on itself", path, DISK_CHAIN_MAX);
                        return NULL;
                }
                if (!known) {
                        info = disk_info(next, error);
                        if (info == NULL)
                                return NULL;
                        file = add_file(tree, next, info->format);
                }
                g_hash_table_add(walked, file);
                if (first == NULL)
                        first = file;
                if (above != NULL) {
                        above->backing = file;
                        g_ptr_array_add(file->children, above);
                }
                if (known)
                        break;
                above = file;
                g_free(next);
                next = g_steal_pointer(&info->backing);
        }
        return first;
}

unsigned tree_overlay_number(const char *path)
{
        size_t length = strlen(path), tail = 1 + NUMBER_DIGITS + strlen(SUFFIX);
        const char *digits = path + length - tail + 1;
        unsigned number = 0;

        if (length <= tail || !g_str_has_suffix(path, SUFFIX) || digits[-1] != '-')
                return 0;
        for (unsigned i = 0; i < NUMBER_DIGITS; i++) {
                if (!g_ascii_isdigit(digits[i]))
                        return 0;
                number = 10 * number + (unsigned)(digits[i] - '0');
        }
        return number;
}

static bool same_folder(const char *a, const char *b)
{
        g_autofree char *folder_a = g_path_get_dirname(a), *folder_b = g_path_get_dirname(b);

        return strcmp(folder_a, folder_b) == 0;
}

/* Whether linked clones stand on it or on what stands on it: they may run, and read it. */
static bool has_clones(const TreeFile *file)
{
        if (file->cloned)
                return true;
        for (unsigned i = 0; i < file->children->len; i++)
                if (has_clones(file->children->pdata[i]))
                        return true;
        return false;
}

/* A file that a snapshot froze: what stands on it beside it has a number. No snapshot needs it any more. */
static bool is_left_over(const TreeFile *file)
{
        if (file->named || file->active)
                return false;
        for (unsigned i = 0; i < file->children->len; i++) {
                const TreeFile *child = file->children->pdata[i];

                if (tree_overlay_number(child->path) > 0 && same_folder(child->path, file->path))
                        return true;
        }
        return false;
}

static bool can_merge(const TreeFile *file)
{
        return is_left_over(file) && file->children->len == 1 && !has_clones(file);
}

bool tree_next_merge(const Tree *tree, TreeFile **ret_into, TreeFile **ret_child)
{
        TreeFile *best = NULL;
        GHashTableIter iter;
        gpointer value;

        /* Always in the same order. */
        g_hash_table_iter_init(&iter, tree->files);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                TreeFile *file = value;

                if (can_merge(file) && (best == NULL || strcmp(file->path, best->path) < 0))
                        best = file;
        }
        if (best == NULL)
                return false;
        /* From below: so each file's contents are written once. */
        while (best->backing != NULL && can_merge(best->backing))
                best = best->backing;
        *ret_into = best;
        *ret_child = best->children->pdata[0];
        return true;
}

bool tree_has_unmerged(const Tree *tree)
{
        GHashTableIter iter;
        gpointer value;

        g_hash_table_iter_init(&iter, tree->files);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                if (is_left_over(value))
                        return true;
        return false;
}

/* Whether there is a file beside it that stands on it and that is not to go, too. */
static bool has_stranger_on_it(const char *path, const Tree *before)
{
        g_autofree char *folder = g_path_get_dirname(path);
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *other = g_build_filename(folder, name, NULL);
                g_autoptr(DiskInfo) info = NULL;

                if (!g_str_has_suffix(name, SUFFIX) || tree_find(before, other) != NULL)
                        continue;
                info = disk_info(other, NULL);
                if (info != NULL && g_strcmp0(info->backing, path) == 0)
                        return true;
        }
        return false;
}

GPtrArray *tree_dropped(const Tree *before, const Tree *after)
{
        GPtrArray *dropped = g_ptr_array_new_with_free_func(g_free);
        GHashTableIter iter;
        gpointer path;

        g_hash_table_iter_init(&iter, before->files);
        while (g_hash_table_iter_next(&iter, &path, NULL))
                if (tree_find(after, path) == NULL && tree_overlay_number(path) > 0 &&
                    !has_stranger_on_it(path, before))
                        g_ptr_array_add(dropped, g_strdup(path));
        return dropped;
}
