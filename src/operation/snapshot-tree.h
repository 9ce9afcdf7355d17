/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The files that a VM's disks and snapshots stand on: which stands on which, who needs them, and which two
 * may become one.
 *
 *      web01.qcow2  <-  web01-000001.qcow2  <-  web01-000003.qcow2   the VM writes here
 *      (snapshot 1)     (snapshot 2)       ^-  web01-000002.qcow2   (snapshot 3, a side branch)
 *
 * A file that the VM once wrote to, and that no snapshot names any more, may be merged with the only file
 * that stands on it: what that has is written into it, and it takes its place. So what there is to write is
 * what has changed since, and never the whole disk.
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

typedef struct TreeFile {
        char *path;
        char *format;
        struct TreeFile *backing; /* NULL: none, or none that is looked at */
        GPtrArray *children;      /* of TreeFile * */
        bool active;              /* a VM that is on writes to it, or will */
        bool named;               /* by a snapshot */
        bool cloned;              /* by a snapshot that has linked clones */
} TreeFile;

typedef struct Tree {
        GHashTable *files; /* char *path to TreeFile * */
} Tree;

Tree *tree_new(void);
void tree_free(Tree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tree, tree_free)

/* Adds a file and those beneath it, as their headers say. NULL with an error when one cannot be read. */
TreeFile *tree_add(Tree *tree, const char *path, GError **error);
TreeFile *tree_find(const Tree *tree, const char *path);

/* "web01-000012.qcow2" is 12; 0: it is not one of ours. */
unsigned tree_overlay_number(const char *path);

/*
 * The next that may be merged: *ret_into, and *ret_child, the only one on it. False: there is none. Files
 * are left as they are beneath linked clones, and where what stands on them was not made by a snapshot.
 */
bool tree_next_merge(const Tree *tree, TreeFile **ret_into, TreeFile **ret_child);

/* Whether there is a file that no snapshot names and that cannot be merged yet. */
bool tree_has_unmerged(const Tree *tree);

/*
 * Files of before that are not in after, and that snapshots made: paths, owned. Not those that a file which
 * is in neither tree stands on.
 */
GPtrArray *tree_dropped(const Tree *before, const Tree *after);
