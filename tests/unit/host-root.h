/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A host made of files: a temporary directory with a /proc and a /sys that say what the test wants. */
#pragma once

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "unit.h"

typedef struct HostRoot {
        char *path;
} HostRoot;

/* Reading it gives EIO: nothing is mapped where it begins. Writing it gives EIO, too. */
#define HOST_ROOT_EIO "/proc/self/mem"
/* Writing it gives ENOSPC. */
#define HOST_ROOT_FULL "/dev/full"

static inline HostRoot host_root_new(void)
{
        HostRoot root = {.path = g_dir_make_tmp("aerostat-host-XXXXXX", NULL)};

        g_assert_nonnull(root.path);
        return root;
}

static inline void host_root_remove(HostRoot *root, const char *file)
{
        g_autofree char *path = g_strconcat(root->path, file, NULL);

        g_assert_cmpint(g_remove(path), ==, 0);
}

static inline void host_root_set_bytes(HostRoot *root, const char *file, const char *bytes, size_t length)
{
        g_autofree char *path = g_strconcat(root->path, file, NULL), *folder = g_path_get_dirname(path);

        g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
        (void)g_remove(path); /* a link from host_root_link() */
        g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
}

static inline void host_root_set(HostRoot *root, const char *file, const char *text)
{
        host_root_set_bytes(root, file, text, strlen(text));
}

static inline void host_root_link(HostRoot *root, const char *file, const char *target)
{
        g_autofree char *path = g_strconcat(root->path, file, NULL), *folder = g_path_get_dirname(path);

        g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
        (void)g_remove(path);
        g_assert_cmpint(symlink(target, path), ==, 0);
}

/* What the file says now, without the line's end. */
static inline char *host_root_get(HostRoot *root, const char *file)
{
        g_autofree char *path = g_strconcat(root->path, file, NULL);
        char *text = NULL;

        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        return g_strchomp(text);
}

static inline void host_root_remove_tree(const char *path)
{
        GDir *dir = g_dir_open(path, 0, NULL);

        for (const char *name; dir && (name = g_dir_read_name(dir));) {
                g_autofree char *inside = g_build_filename(path, name, NULL);

                if (g_file_test(inside, G_FILE_TEST_IS_DIR) && !g_file_test(inside, G_FILE_TEST_IS_SYMLINK))
                        host_root_remove_tree(inside);
                else
                        (void)g_remove(inside);
        }
        g_clear_pointer(&dir, g_dir_close);
        (void)g_rmdir(path);
}

static inline void host_root_clear(HostRoot *root)
{
        host_root_remove_tree(root->path);
        g_clear_pointer(&root->path, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HostRoot, host_root_clear)
