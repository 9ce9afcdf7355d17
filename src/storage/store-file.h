/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files and folders on a datastore, reached without ever following a link: what is asked for lies on the
 * datastore or is refused. All calls block; for any thread. Errors name the path as ESX writes it, between
 * quotes, first: NOT_FOUND, EXISTS, NOT_SUPPORTED (a link, a device), NO_SPACE, CANCELLED, FAILED.
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

typedef struct StoreFile {
        char *datastore; /* its name */
        char *root;      /* its folder of the host */
        char *rest;      /* below it: "web01/web01.qcow2"; "" is the datastore itself */
        char *text;      /* "[store1] web01/web01.qcow2" */
        char *path;      /* of the host, for programs that take paths */
} StoreFile;

/* Copies; rest as datastore_parse_folder() has it. */
StoreFile *store_file_new(const char *datastore, const char *root, const char *rest);
void store_file_free(StoreFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreFile, store_file_free)

/* Another in the same folder. */
StoreFile *store_file_beside(const StoreFile *file, const char *name);

/* Sets an error that begins with the path; code from errno. Returns false. */
bool store_file_fail(const StoreFile *file, int error_number, const char *doing, GError **error);

/* Opens it, as openat() would with these flags. -1 with an error. */
int store_file_open(const StoreFile *file, int flags, mode_t mode, GError **error);

/* What it is; links are NOT_SUPPORTED. */
bool store_file_stat(const StoreFile *file, struct stat *ret, GError **error);

/* Whether the folder that it is to lie in is there: NOT_FOUND. Not of the datastore itself. */
bool store_file_is_in_folder(const StoreFile *file, GError **error);

/* parents: the folders above it are made, too. EXISTS when there is something. */
bool store_file_make_folder(const StoreFile *file, bool parents, GError **error);

/* A file, or a folder with all that is in it (its links, not what they lead to). */
bool store_file_remove(const StoreFile *file, GError **error);

/* Gives one that was opened without a name, with O_TMPFILE, this name. EXISTS. */
bool store_file_link(const StoreFile *file, int fd, GError **error);

/* In one step; replace: what to is goes (a file only), else EXISTS. NOT_SUPPORTED between file systems. */
bool store_file_rename(const StoreFile *from, const StoreFile *to, bool replace, GError **error);

typedef void (*StoreFileProgress)(unsigned percent, gpointer user_data);

/*
 * A copy of a file, holes staying holes, or of a folder with all that is in it, on storage when it returns.
 * to must not be there (EXISTS); nothing of it is left after an error.
 */
bool store_file_copy(const StoreFile *from, const StoreFile *to, StoreFileProgress progress,
                     gpointer user_data, GCancellable *cancellable, GError **error);

/* Names and what they are, links left out. False ends the walk; with an error set it has failed. */
typedef bool (*StoreFileVisit)(const StoreFile *file, const struct stat *st, gpointer user_data,
                               GError **error);

/* Everything in a folder, by name; deep: each folder before what is in it, folders below DATASTORE_DEPTH_MAX
 * and what cannot be read left out. */
bool store_file_walk(const StoreFile *folder, bool deep, StoreFileVisit visit, gpointer user_data,
                     GError **error);
