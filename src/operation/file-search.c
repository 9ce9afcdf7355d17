/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What there is on a datastore: names, sizes, and of disks what their headers say. */
#include <pwd.h>
#include <string.h>

#include "operation/args.h"
#include "operation/file.h"
#include "storage/disk.h"

#define PATTERNS_MAX 64
#define FOUND_MAX    20000u
#define LOOKED_MAX   500000u

static const char *const type_names[] = {"folder", "disk", "config", "snapshot", "nvram",
                                         "log",    "iso",  "floppy", "file"};

/* By the ends of names, as ESX tells them. */
static const struct {
        const char *suffix, *type;
} suffixes[] = {
        {".qcow2", "disk"},    {".vmdk", "disk"},   {".img", "disk"},      {".raw", "disk"},
        {".vmx", "config"},    {".vmtx", "config"}, {".vmsn", "snapshot"}, {".vmss", "snapshot"},
        {".vmem", "snapshot"}, {".nvram", "nvram"}, {".fd", "nvram"},      {".log", "log"},
        {".iso", "iso"},       {".flp", "floppy"},
};

typedef struct Search {
        Call *call;
        JsonBuilder *result;
        char **types;        /* NULL: all */
        GPtrArray *patterns; /* of GPatternSpec; empty: all */
        bool any_case, details;
        GHashTable *folders; /* char *rest of a folder to JsonArray of what was found in it */
        GPtrArray *order;    /* of these rests, borrowed */
        unsigned found, looked;
} Search;

static const char *type_of(const char *name, const struct stat *st)
{
        g_autofree char *lower = g_ascii_strdown(name, -1);

        if (S_ISDIR(st->st_mode))
                return "folder";
        for (unsigned i = 0; i < G_N_ELEMENTS(suffixes); i++)
                if (g_str_has_suffix(lower, suffixes[i].suffix))
                        return suffixes[i].type;
        return "file";
}

static bool is_wanted(const Search *search, const char *name, const char *type)
{
        g_autofree char *folded = search->any_case ? g_utf8_casefold(name, -1) : g_strdup(name);

        if (search->types != NULL && !g_strv_contains((const char *const *)search->types, type))
                return false;
        for (unsigned i = 0; i < search->patterns->len; i++)
                if (g_pattern_spec_match_string(search->patterns->pdata[i], folded))
                        return true;
        return search->patterns->len == 0;
}

static void add_disk(JsonObject *object, const StoreFile *file)
{
        g_autoptr(DiskInfo) info = disk_info(file->path, NULL);

        if (info == NULL)
                return;
        json_object_set_int_member(object, "provisioned_bytes",
                                   (gint64)MIN(info->provisioned_bytes, (uint64_t)G_MAXINT64));
        json_object_set_boolean_member(object, "thin", info->used_bytes < info->provisioned_bytes);
}

static void add_owner(JsonObject *object, const struct stat *st)
{
        struct passwd entry, *found = NULL;
        char buffer[4096];

        if (getpwuid_r(st->st_uid, &entry, buffer, sizeof buffer, &found) == 0 && found != NULL &&
            g_utf8_validate(entry.pw_name, -1, NULL))
                json_object_set_string_member(object, "owner", entry.pw_name);
}

static JsonObject *describe(const Search *search, const StoreFile *file, const char *name, const char *type,
                            const struct stat *st)
{
        JsonObject *object = json_object_new();

        json_object_set_string_member(object, "name", name);
        json_object_set_string_member(object, "type", type);
        json_object_set_int_member(object, "size_bytes", S_ISDIR(st->st_mode) ? 0 : (gint64)st->st_size);
        json_object_set_int_member(object, "modified_ms",
                                   (gint64)st->st_mtim.tv_sec * 1000 + st->st_mtim.tv_nsec / 1000000);
        add_owner(object, st);
        if (search->details && strcmp(type, "disk") == 0)
                add_disk(object, file);
        return object;
}

static JsonArray *array_for(Search *search, const char *folder)
{
        JsonArray *array = g_hash_table_lookup(search->folders, folder);
        char *key;

        if (array != NULL)
                return array;
        array = json_array_new();
        key = g_strdup(folder);
        g_hash_table_insert(search->folders, key, array);
        g_ptr_array_add(search->order, key);
        return array;
}

static bool add_found(const StoreFile *file, const struct stat *st, gpointer user_data, GError **error)
{
        Search *search = user_data;
        const char *slash = strrchr(file->rest, '/'), *name = slash != NULL ? slash + 1 : file->rest;
        g_autofree char *folder = g_strndup(file->rest, slash != NULL ? (size_t)(slash - file->rest) : 0);
        const char *type = type_of(name, st);

        if (g_cancellable_set_error_if_cancelled(call_cancellable(search->call), error))
                return false;
        if (++search->looked > LOOKED_MAX || search->found >= FOUND_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                            "\"%s\": there are more than %u files; search in a folder, or for fewer",
                            file->text, search->found >= FOUND_MAX ? FOUND_MAX : LOOKED_MAX);
                return false;
        }
        if (!g_utf8_validate(file->rest, -1, NULL) || !is_wanted(search, name, type))
                return true;
        search->found++;
        json_array_add_object_element(array_for(search, folder), describe(search, file, name, type, st));
        return true;
}

static bool read_patterns(JsonObject *args, Search *search, GError **error)
{
        g_auto(GStrv) patterns = NULL;

        if (!args_texts_if(args, "patterns", PATTERNS_MAX, &patterns, error))
                return false;
        for (char **pattern = patterns; pattern != NULL && *pattern != NULL; pattern++) {
                g_autofree char *folded =
                        search->any_case ? g_utf8_casefold(*pattern, -1) : g_strdup(*pattern);

                if (strlen(folded) > 1024)
                        return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                                "a pattern has at most 1024 bytes");
                g_ptr_array_add(search->patterns, g_pattern_spec_new(folded));
        }
        return true;
}

static bool check_types(char **types, GError **error)
{
        for (char **type = types; type != NULL && *type != NULL; type++) {
                bool known = false;

                for (unsigned i = 0; i < G_N_ELEMENTS(type_names); i++)
                        known = known || strcmp(type_names[i], *type) == 0;
                if (!known)
                        return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                                "\"%.40s\" is no type of a file", *type);
        }
        return true;
}

static void add_results(Search *search, const StoreFile *folder)
{
        json_builder_begin_array(search->result);
        for (unsigned i = 0; i < search->order->len; i++) {
                const char *rest = search->order->pdata[i];
                JsonNode *node =
                        json_node_init_array(json_node_alloc(), g_hash_table_lookup(search->folders, rest));
                g_autofree char *text =
                        g_strdup_printf("[%s] %s%s", folder->datastore, rest, *rest != '\0' ? "/" : "");

                json_builder_begin_object(search->result);
                json_builder_set_member_name(search->result, "folder");
                json_builder_add_string_value(search->result, text);
                json_builder_set_member_name(search->result, "files");
                json_builder_add_value(search->result, node);
                json_builder_end_object(search->result);
        }
        json_builder_end_array(search->result);
}

static void search_clear(Search *search)
{
        g_strfreev(search->types);
        g_ptr_array_unref(search->patterns);
        g_ptr_array_unref(search->order);
        g_hash_table_unref(search->folders);
}

static bool search_all(Search *search, JsonObject *args, GError **error)
{
        g_autoptr(StoreFile) folder = NULL;
        bool deep = false;
        const char *path;

        if (!args_only(args, error, "path", "deep", "patterns", "types", "any_case", "details", NULL) ||
            (path = args_text(args, "path", error)) == NULL || !args_bool_if(args, "deep", &deep, error) ||
            !args_bool_if(args, "any_case", &search->any_case, error) ||
            !args_bool_if(args, "details", &search->details, error) ||
            !args_texts_if(args, "types", G_N_ELEMENTS(type_names), &search->types, error) ||
            !check_types(search->types, error) || !read_patterns(args, search, error) ||
            (folder = file_parse(search->call, path, true, error)) == NULL)
                return false;
        (void)array_for(search, folder->rest);
        if (!store_file_walk(folder, deep, add_found, search, error))
                return false;
        add_results(search, folder);
        return true;
}

bool run_search_datastore(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        Search search = {.call = call, .result = result, .any_case = true};
        bool well;

        search.patterns = g_ptr_array_new_with_free_func((GDestroyNotify)g_pattern_spec_free);
        search.folders =
                g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_array_unref);
        search.order = g_ptr_array_new();
        well = search_all(&search, args, error);
        search_clear(&search);
        return well;
}
