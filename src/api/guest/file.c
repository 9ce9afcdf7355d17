/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GuestFileManager: files in guests. Each method is one word of in-guest. */
#include <inttypes.h>
#include <string.h>

#include "api/guest/guest.h"

#define QUERY  "VirtualMachine.GuestOperations.Query"
#define MODIFY "VirtualMachine.GuestOperations.Modify"

#define LIST_DEFAULT 50 /* entries, as published */
#define LIST_MAX     10000
#define PATTERN_MAX  1024u

/* --- words --- */

typedef struct Words {
        GPtrArray *words;
        const char *about;
        VimValue *(*make)(Work *work, GBytes *said);
} Words;

static void words_free(gpointer data)
{
        Words *words = data;

        g_ptr_array_unref(words->words);
        g_free(words);
}

GPtrArray *guest_words(const char *first, ...)
{
        GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
        va_list rest;

        va_start(rest, first);
        for (const char *word = first; word != NULL; word = va_arg(rest, const char *))
                g_ptr_array_add(words, g_strdup(word));
        va_end(rest);
        g_ptr_array_add(words, NULL);
        return words;
}

static void run_words(Work *work)
{
        const Words *words = work->data;
        g_autoptr(GBytes) said = work_do(work, words->about, (const char *const *)words->words->pdata);

        if (said != NULL && words->make != NULL)
                work->result = words->make(work, said);
}

void guest_run_words(Request *request, GPtrArray *words, const char *about,
                     VimValue *(*make)(Work *work, GBytes *said))
{
        Words *data = g_new0(Words, 1);

        *data = (Words){.words = words, .about = about, .make = make};
        work_start(request, run_words, NULL, data, words_free);
}

/* An argument that is a path; NULL: InvalidArgument was sent. */
static const char *path_arg(Request *request, const char *name)
{
        const char *path = request_arg_text(request, name);

        return guest_check_text(request, name, path, GUEST_PATH_MAX) ? path : NULL;
}

/* About the path, which is its first argument. */
static void run_with_path(Request *request, GPtrArray *words)
{
        guest_run_words(request, words, words->pdata[1], NULL);
}

/* --- methods --- */

static void make_directory(Request *request)
{
        const char *path = path_arg(request, "directoryPath");

        if (path != NULL)
                run_with_path(request,
                              guest_words("mkdir", path,
                                          request_arg_bool(request, "createParentDirectories", false)
                                                  ? "parents"
                                                  : "one",
                                          NULL));
}

static void delete_file(Request *request)
{
        const char *path = path_arg(request, "filePath");

        if (path != NULL)
                run_with_path(request, guest_words("delete-file", path, NULL));
}

static void delete_directory(Request *request)
{
        const char *path = path_arg(request, "directoryPath");

        if (path != NULL)
                run_with_path(
                        request,
                        guest_words("delete-directory", path,
                                    request_arg_bool(request, "recursive", false) ? "recursive" : "one",
                                    NULL));
}

static void move(Request *request, const char *from, const char *to, const char *how)
{
        const char *source = path_arg(request, from), *target;

        if (source == NULL || (target = path_arg(request, to)) == NULL)
                return;
        run_with_path(request, guest_words("move", source, target, how, NULL));
}

static void move_directory(Request *request)
{
        move(request, "srcDirectoryPath", "dstDirectoryPath", "directory");
}

static void move_file(Request *request)
{
        move(request, "srcFilePath", "dstFilePath",
             request_arg_bool(request, "overwrite", false) ? "overwrite" : "no");
}

static VimValue *text_value(Work *work, GBytes *said)
{
        gsize size;
        const char *data = g_bytes_get_data(said, &size);
        g_autofree char *text = g_strndup(data != NULL ? data : "", size);

        (void)work;
        return vim_new_string(text);
}

static void temporary(Request *request, const char *what)
{
        const char *prefix = request_arg_text(request, "prefix"),
                   *suffix = request_arg_text(request, "suffix");
        const char *folder = request_arg_text(request, "directoryPath");
        GPtrArray *words;

        if (strchr(prefix, '/') != NULL || strchr(suffix, '/') != NULL || strlen(prefix) > 128 ||
            strlen(suffix) > 100) {
                request_invalid(request, strchr(suffix, '/') != NULL ? "suffix" : "prefix",
                                "what a name begins and ends with has at most 100 bytes, and no slash");
                return;
        }
        if (folder != NULL && *folder != '\0' &&
            !guest_check_text(request, "directoryPath", folder, GUEST_PATH_MAX))
                return;
        words = guest_words("temporary", what, folder != NULL ? folder : "", prefix, suffix, NULL);
        guest_run_words(request, words, words->pdata[2], text_value);
}

static void temporary_file(Request *request)
{
        temporary(request, "file");
}

static void temporary_directory(Request *request)
{
        temporary(request, "directory");
}

/* --- listing --- */

typedef struct List {
        GPtrArray *words;
        GRegex *pattern;
        int64_t index, max;
} List;

static void list_free(gpointer data)
{
        List *list = data;

        g_ptr_array_unref(list->words);
        g_clear_pointer(&list->pattern, g_regex_unref);
        g_free(list);
}

static void run_list(Work *work)
{
        const List *list = work->data;
        g_autoptr(GBytes) said =
                work_do(work, list->words->pdata[1], (const char *const *)list->words->pdata);

        if (said != NULL)
                work->result = guest_list_value(said, list->pattern, list->index, list->max);
}

static void list_files(Request *request)
{
        const char *path = path_arg(request, "filePath"),
                   *pattern = request_arg_text(request, "matchPattern");
        g_autoptr(GRegex) regex = NULL;
        g_autoptr(GError) error = NULL;
        List *list;

        if (path == NULL)
                return;
        if (pattern != NULL && *pattern != '\0') {
                regex = strlen(pattern) <= PATTERN_MAX ? g_regex_new(pattern, G_REGEX_DOLLAR_ENDONLY,
                                                                     G_REGEX_MATCH_ANCHORED, &error)
                                                       : NULL;
                if (regex == NULL) {
                        request_invalid(request, "matchPattern", "no regular expression: %s",
                                        error != NULL ? error->message : "too long");
                        return;
                }
        }
        list = g_new0(List, 1);
        list->words = guest_words("list", path, NULL);
        list->pattern = g_steal_pointer(&regex);
        list->index = MAX(request_arg_int(request, "index", 0), 0);
        list->max = CLAMP(request_arg_int(request, "maxResults", LIST_DEFAULT), 0, LIST_MAX);
        work_start(request, run_list, NULL, list, list_free);
}

/* --- attributes --- */

static char *number_text(const VimValue *object, const char *field, const char *format_octal)
{
        const VimValue *value = vim_get(object, field);

        if (value == NULL)
                return g_strdup("");
        return format_octal != NULL ? g_strdup_printf("%" PRIo64, (uint64_t)value->integer & 07777)
                                    : g_strdup_printf("%" PRId64, value->integer);
}

static char *time_text(const VimValue *object, const char *field)
{
        const VimValue *value = vim_get(object, field);

        return value != NULL ? g_strdup_printf("%" PRId64, value->integer / G_USEC_PER_SEC) : g_strdup("");
}

static void change_attributes(Request *request)
{
        const char *path = path_arg(request, "guestFilePath");
        const VimValue *attributes = request_arg(request, "fileAttributes");
        bool posix = vim_is(attributes, "GuestPosixFileAttributes");
        g_autofree char *owner = NULL, *group = NULL, *mode = NULL, *modified = NULL, *accessed = NULL;

        if (path == NULL)
                return;
        if (vim_is(attributes, "GuestWindowsFileAttributes")) {
                request_invalid(request, "fileAttributes", "the agent tells of guests as POSIX has them");
                return;
        }
        owner = posix ? number_text(attributes, "ownerId", NULL) : g_strdup("");
        group = posix ? number_text(attributes, "groupId", NULL) : g_strdup("");
        mode = posix ? number_text(attributes, "permissions", "o") : g_strdup("");
        modified = time_text(attributes, "modificationTime");
        accessed = time_text(attributes, "accessTime");
        run_with_path(request,
                      guest_words("attributes", path, owner, group, mode, modified, accessed, NULL));
}

const Handler guest_file_handlers[] = {
        {"GuestFileManager", "MakeDirectoryInGuest", make_directory, MODIFY},
        {"GuestFileManager", "DeleteFileInGuest", delete_file, MODIFY},
        {"GuestFileManager", "DeleteDirectoryInGuest", delete_directory, MODIFY},
        {"GuestFileManager", "MoveDirectoryInGuest", move_directory, MODIFY},
        {"GuestFileManager", "MoveFileInGuest", move_file, MODIFY},
        {"GuestFileManager", "CreateTemporaryFileInGuest", temporary_file, MODIFY},
        {"GuestFileManager", "CreateTemporaryDirectoryInGuest", temporary_directory, MODIFY},
        {"GuestFileManager", "ListFilesInGuest", list_files, QUERY},
        {"GuestFileManager", "ChangeFileAttributesInGuest", change_attributes, MODIFY},
        {"GuestFileManager", "InitiateFileTransferFromGuest", guest_transfer_from, QUERY},
        {"GuestFileManager", "InitiateFileTransferToGuest", guest_transfer_to, MODIFY},
        {NULL},
};
