/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and folders on datastores: made, moved, copied, deleted. */
#include "operation/file.h"

#include <errno.h>
#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/vm.h"
#include "storage/datastore-path.h"

#define INTENT "file"

StoreFile *file_parse(Call *call, const char *text, bool may_be_folder, GError **error)
{
        g_autofree char *name = NULL, *rest = NULL, *root = NULL;
        g_autoptr(GError) inner = NULL;

        if (may_be_folder ? !datastore_parse_folder(text, &name, &rest, error)
                          : !datastore_parse(text, &name, &rest, error))
                return NULL;
        root = datastore_path(call_inventory(call), name, &inner);
        if (root != NULL)
                return store_file_new(name, root, rest);
        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
        } else {
                g_autofree char *shown = catalog_shown(name);

                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "\"%s\" is not there: there is no datastore \"%s\"", text, shown);
        }
        return NULL;
}

bool file_lock(Call *call, const StoreFile *file, GError **error)
{
        g_autofree char *key = g_strconcat("file:", file->path, NULL);

        if (call_lock(call, key, true, NULL))
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                    "\"%s\" is in use: another task works on it; try again when that has ended", file->text);
        return false;
}

void file_show_progress(unsigned percent, gpointer user_data)
{
        call_progress(user_data, percent, "copies");
}

bool file_prefix_error(const StoreFile *file, GError **error)
{
        g_autofree char *start = g_strdup_printf("\"%s\"", file->text);

        if (error != NULL && *error != NULL && !g_str_has_prefix((*error)->message, start))
                g_prefix_error(error, "%s: ", start);
        return false;
}

/* --- what is being made --- */

void file_work_free(FileWork *work)
{
        if (work == NULL)
                return;
        store_file_free(work->target);
        store_file_free(work->partial);
        intent_free(work->intent);
        g_free(work);
}

static Intent *begin(Call *call, char **new_files, char **old_files, GError **error)
{
        g_autoptr(Intent) intent = g_new0(Intent, 1);

        /* Nobody's: reconciling leaves it alone as long as this call has it. */
        intent->uuid = g_uuid_string_random();
        intent->kind = g_strdup(INTENT);
        intent->new_files = new_files;
        intent->old_files = old_files;
        if (call_lock(call, intent->uuid, true, error) && intent_save(call_inventory(call), intent, error))
                return g_steal_pointer(&intent);
        return NULL;
}

static char **one_path(const char *path)
{
        char **paths = g_new0(char *, path != NULL ? 2 : 1);

        if (path != NULL)
                paths[0] = g_strdup(path);
        return paths;
}

FileWork *file_work_new(Call *call, const StoreFile *target, bool replace, GError **error)
{
        g_autofree char *name = g_strdup_printf(".aerostat-%08x.partial", g_random_int());
        g_autoptr(FileWork) work = NULL;
        struct stat st;

        if (!store_file_is_in_folder(target, error))
                return NULL;
        if (!replace && store_file_stat(target, &st, NULL)) {
                store_file_fail(target, EEXIST, "made", error);
                return NULL;
        }
        work = g_new0(FileWork, 1);
        work->target = store_file_new(target->datastore, target->root, target->rest);
        work->partial = store_file_beside(target, name);
        work->intent = begin(call, one_path(work->partial->path), one_path(NULL), error);
        return work->intent != NULL ? g_steal_pointer(&work) : NULL;
}

void file_work_drop(Call *call, FileWork *work)
{
        g_autoptr(GError) error = NULL;

        if (!store_file_remove(work->partial, &error) &&
            !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
                call_event(call, "error", NULL, "%s; it is tried again at the next start", error->message);
                return;
        }
        (void)intent_delete(call_inventory(call), work->intent->id, NULL);
}

bool file_work_end(Call *call, FileWork *work, bool replace, GError **error)
{
        if (!store_file_rename(work->partial, work->target, replace, error)) {
                file_work_drop(call, work);
                return false;
        }
        return intent_delete(call_inventory(call), work->intent->id, error);
}

static bool end_work(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        char *const *const lists[] = {intent->new_files, intent->old_files};
        g_autoptr(FileUses) uses = NULL;
        Inventory *inventory = call_inventory(call);

        (void)uses_new;
        /* Else it would be its own user. */
        if (!intent_delete(inventory, intent->id, error) || (uses = file_uses_new(call, error)) == NULL)
                goto failed;
        for (unsigned i = 0; i < G_N_ELEMENTS(lists); i++)
                for (char *const *path = lists[i]; *path != NULL; path++) {
                        g_autofree char *name = NULL, *root = NULL;
                        g_autoptr(StoreFile) file = NULL;
                        g_autoptr(GError) inner = NULL;

                        if (!vm_find_datastore(call, *path, &name, &root))
                                continue; /* out of reach with its datastore */
                        file = store_file_new(name, root, datastore_below(root, *path));
                        if ((file_uses_check(uses, file, &inner) && store_file_remove(file, &inner)) ||
                            g_error_matches(inner, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
                                continue;
                        g_propagate_error(error, g_steal_pointer(&inner));
                        goto failed;
                }
        return true;
failed : {
        Intent again = *intent;

        again.id = 0;
        (void)intent_save(inventory, &again, NULL);
}
        return false;
}

/* --- a pair --- */

void file_pair_clear(FilePair *pair)
{
        g_clear_pointer(&pair->from, store_file_free);
        g_clear_pointer(&pair->to, store_file_free);
        g_clear_pointer(&pair->uses, file_uses_free);
}

bool file_pair_open(Call *call, JsonObject *args, bool may_be_folder, FilePair *ret, GError **error)
{
        const char *source, *target;
        struct stat st;

        if ((source = args_text(args, "source", error)) == NULL ||
            (target = args_text(args, "target", error)) == NULL ||
            !args_bool_if(args, "force", &ret->replace, error) ||
            (ret->from = file_parse(call, source, may_be_folder, error)) == NULL ||
            (ret->to = file_parse(call, target, may_be_folder, error)) == NULL ||
            !store_file_stat(ret->from, &st, error) || !file_lock(call, ret->from, error))
                return false;
        if (strcmp(ret->from->path, ret->to->path) == 0)
                return store_file_fail(ret->to, EEXIST, "made", error);
        if (!file_lock(call, ret->to, error) || (ret->uses = file_uses_new(call, error)) == NULL)
                return false;
        if (!store_file_stat(ret->to, &st, NULL))
                return true;
        if (!ret->replace || S_ISDIR(st.st_mode))
                return store_file_fail(ret->to, EEXIST, "made", error);
        return file_uses_check(ret->uses, ret->to, error);
}

/* --- MoveDatastoreFile --- */

static bool same_file_system(const FilePair *pair)
{
        struct stat from, to;

        return strcmp(pair->from->root, pair->to->root) == 0 ||
               (stat(pair->from->root, &from) == 0 && stat(pair->to->root, &to) == 0 &&
                from.st_dev == to.st_dev);
}

/* The copy takes its place before the source goes; killed between, the source goes at the next start. */
static bool move_far(Call *call, const FilePair *pair, GError **error)
{
        g_autoptr(FileWork) work = file_work_new(call, pair->to, pair->replace, error);

        if (work == NULL)
                return false;
        if (!store_file_copy(pair->from, work->partial, file_show_progress, call, call_cancellable(call),
                             error)) {
                file_work_drop(call, work);
                return false;
        }
        if (!store_file_rename(work->partial, work->target, pair->replace, error)) {
                file_work_drop(call, work);
                return false;
        }
        g_strfreev(work->intent->new_files);
        g_strfreev(work->intent->old_files);
        work->intent->new_files = one_path(NULL);
        work->intent->old_files = one_path(pair->from->path);
        return intent_save(call_inventory(call), work->intent, error) &&
               store_file_remove(pair->from, error) &&
               intent_delete(call_inventory(call), work->intent->id, error);
}

bool file_move(Call *call, const FilePair *pair, GError **error)
{
        return same_file_system(pair) ? store_file_rename(pair->from, pair->to, pair->replace, error)
                                      : move_far(call, pair, error);
}

static bool run_move(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_auto(FilePair) pair = {0};

        (void)result;
        return args_only(args, error, "source", "target", "force", NULL) &&
               file_pair_open(call, args, true, &pair, error) &&
               file_uses_check(pair.uses, pair.from, error) && file_move(call, &pair, error);
}

/* --- CopyDatastoreFile --- */

static bool run_copy(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(FileWork) work = NULL;
        g_auto(FilePair) pair = {0};
        const char *format;
        struct stat st;

        (void)result;
        if (!args_only(args, error, "source", "target", "force", NULL) ||
            !file_pair_open(call, args, true, &pair, error) || !store_file_stat(pair.from, &st, error))
                return false;
        /* A folder with files that change meanwhile would not be a copy of anything. */
        if (S_ISDIR(st.st_mode) ? !file_uses_check(pair.uses, pair.from, error)
                                : !file_uses_read(pair.uses, call, pair.from, &format, error))
                return false;
        work = file_work_new(call, pair.to, pair.replace, error);
        if (work == NULL)
                return false;
        if (store_file_copy(pair.from, work->partial, file_show_progress, call, call_cancellable(call),
                            error))
                return file_work_end(call, work, pair.replace, error);
        file_work_drop(call, work);
        return false;
}

/* --- DeleteDatastoreFile, MakeDirectory --- */

static bool run_delete(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(FileUses) uses = NULL;
        g_autoptr(StoreFile) file = NULL;
        const char *path;
        struct stat st;

        (void)result;
        if (!args_only(args, error, "path", NULL) || (path = args_text(args, "path", error)) == NULL ||
            (file = file_parse(call, path, true, error)) == NULL || !store_file_stat(file, &st, error) ||
            !file_lock(call, file, error) || (uses = file_uses_new(call, error)) == NULL ||
            !file_uses_check(uses, file, error) || !store_file_remove(file, error))
                return false;
        call_event(call, "task", NULL, "%s is deleted", file->text);
        return true;
}

static bool run_make_directory(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(StoreFile) folder = NULL;
        bool parents = false;
        const char *path;

        (void)result;
        return args_only(args, error, "path", "parents", NULL) &&
               (path = args_text(args, "path", error)) != NULL &&
               args_bool_if(args, "parents", &parents, error) &&
               (folder = file_parse(call, path, true, error)) != NULL &&
               store_file_make_folder(folder, parents, error);
}

extern const Method file_methods[];
extern const IntentKind file_intents[];

const Method file_methods[] = {
        {.name = "MakeDirectory", .run = run_make_directory},
        {.name = "DeleteDatastoreFile", .is_task = true, .run = run_delete},
        {.name = "MoveDatastoreFile", .is_task = true, .run = run_move},
        /* The same for who waits: files that come over HTTP. */
        {.name = "RemoveDatastoreFile", .run = run_delete},
        {.name = "PutDatastoreFile", .run = run_move},
        {.name = "CopyDatastoreFile", .is_task = true, .run = run_copy},
        {.name = "SearchDatastore", .is_task = true, .run = run_search_datastore},
        {.name = NULL},
};

const IntentKind file_intents[] = {
        {.name = INTENT, .end = end_work},
        {.name = NULL},
};
