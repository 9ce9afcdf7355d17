/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A key file beside the inventory. */
#include "api/tree/kept.h"

#define FILE_NAME "api.conf"
#define GROUP     "api"

static char *file_of(Api *api)
{
        return g_build_filename(api_parts(api)->state_dir, FILE_NAME, NULL);
}

/* One that is not there, or that nobody can read any more, has nothing in it. */
static GKeyFile *load(const char *path)
{
        GKeyFile *file = g_key_file_new();
        g_autoptr(GError) error = NULL;

        if (!g_key_file_load_from_file(file, path, G_KEY_FILE_KEEP_COMMENTS, &error) &&
            !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
                g_warning("%s: %s", path, error->message);
        return file;
}

char *kept_get(Api *api, const char *key)
{
        g_autofree char *path = file_of(api);
        g_autoptr(GKeyFile) file = load(path);

        return g_key_file_get_string(file, GROUP, key, NULL);
}

bool kept_set(Api *api, const char *key, const char *value, GError **error)
{
        g_autofree char *path = file_of(api);
        g_autoptr(GKeyFile) file = load(path);
        g_autoptr(GError) wrong = NULL;

        g_key_file_set_string(file, GROUP, key, value);
        if (g_key_file_save_to_file(file, path, &wrong))
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "\"%s\" cannot be kept: %s", key, wrong->message);
        return false;
}
