/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folders of VMs: each is a path; VMs follow when it changes. */
#include <string.h>

#include "inventory/catalog.h"
#include "inventory/database.h"

/* "/a/b" has the parent "/a", "/a" has "/". */
static char *parent_of(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash == path ? g_strdup("/") : g_strndup(path, (gsize)(slash - path));
}

bool folder_check(const char *path, GError **error)
{
        g_auto(GStrv) names = NULL;
        g_autofree char *shown = NULL;

        if (strcmp(path, "/") == 0)
                return true;
        if (path[0] != '/' || strlen(path) > FOLDER_PATH_MAX) {
                shown = catalog_shown(path);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"%s\" is no folder: it is to begin with \"/\" and to have at most %d bytes",
                            shown, FOLDER_PATH_MAX);
                return false;
        }
        names = g_strsplit(path + 1, "/", -1);
        for (char **name = names; *name != NULL; name++)
                if (!catalog_check_name("folder", *name, error))
                        return false;
        return true;
}

static int has(Inventory *inventory, const char *path, GError **error)
{
        return db_has(inventory, error, "SELECT 1 FROM folder WHERE path = ?", TEXT(path));
}

/* Whether it is there, with an error if not. */
static bool must_have(Inventory *inventory, const char *path, GError **error)
{
        int there = has(inventory, path, error);
        g_autofree char *shown = NULL;

        if (there == 0) {
                shown = catalog_shown(path);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "there is no folder \"%s\"; 'aerostat folder list' shows all", shown);
        }
        return there > 0;
}

/* Whether there can be one of this path: its parent is there, and it is not. */
static bool is_free(Inventory *inventory, const char *path, GError **error)
{
        g_autofree char *parent = NULL;
        int there;

        if (!folder_check(path, error))
                return false;
        there = has(inventory, path, error);
        if (there > 0)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, "there is a folder \"%s\" already", path);
        if (there != 0)
                return false;
        parent = parent_of(path);
        return must_have(inventory, parent, error);
}

bool folder_add(Inventory *inventory, const char *path, GError **error)
{
        LOCK(inventory);
        g_autofree char *parent = NULL;

        if (!is_free(inventory, path, error))
                return false;
        parent = parent_of(path);
        return db_run(inventory, error, "INSERT INTO folder VALUES (?, ?)", TEXT(path), TEXT(parent));
}

bool folder_exists(Inventory *inventory, const char *path, GError **error)
{
        LOCK(inventory);

        return has(inventory, path, error) > 0;
}

static bool is_root(const char *path, const char *what, GError **error)
{
        if (strcmp(path, "/") != 0)
                return false;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "the folder \"/\" cannot be %s", what);
        return true;
}

/* What is below it, too, is to have a path that is not too long. */
static bool fits(Inventory *inventory, const char *from, const char *to, GError **error)
{
        g_autofree char *below = g_strconcat(from, "/", NULL), *end = g_strconcat(from, "0", NULL);
        int64_t room = FOLDER_PATH_MAX + (int64_t)strlen(from) - (int64_t)strlen(to);
        int too_long = db_has(inventory, error,
                              "SELECT 1 FROM folder WHERE path > ? AND path < ?"
                              "  AND length(CAST(path AS BLOB)) > ?",
                              TEXT(below), TEXT(end), INT(room));

        if (too_long > 0)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"%s\" cannot be moved to \"%s\": what is below it would have a path of more "
                            "than %d bytes",
                            from, to, FOLDER_PATH_MAX);
        return too_long == 0;
}

bool folder_move(Inventory *inventory, const char *from, const char *to, GError **error)
{
        LOCK(inventory);
        g_autofree char *parent = NULL, *below = NULL, *end = NULL;

        if (is_root(from, "moved", error) || !must_have(inventory, from, error))
                return false;
        if (strcmp(from, to) == 0)
                return true;
        below = g_strconcat(from, "/", NULL);
        end = g_strconcat(from, "0", NULL);
        if (g_str_has_prefix(to, below)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "the folder \"%s\" cannot be moved into itself", from);
                return false;
        }
        if (!is_free(inventory, to, error) || !fits(inventory, from, to, error))
                return false;
        parent = parent_of(to);
        return db_run(inventory, error,
                      "UPDATE folder SET path = ?1 || substr(path, length(?2) + 1),"
                      "  parent = iif(path = ?2, ?3, ?1 || substr(parent, length(?2) + 1))"
                      "  WHERE path = ?2 OR (path > ?4 AND path < ?5)",
                      TEXT(to), TEXT(from), TEXT(parent), TEXT(below), TEXT(end));
}

bool folder_delete(Inventory *inventory, const char *path, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = NULL;
        g_autofree char *inside = NULL;

        if (is_root(path, "deleted", error) || !must_have(inventory, path, error))
                return false;
        statement = db_query(inventory, error,
                             "SELECT path FROM folder WHERE parent = ?1"
                             "  UNION ALL SELECT name FROM vm WHERE folder = ?1 ORDER BY 1",
                             TEXT(path));
        if (!db_names(statement, &inside, error))
                return false;
        if (inside != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "the folder \"%s\" is not empty: %s; move or delete them first", path, inside);
                return false;
        }
        return db_run(inventory, error, "DELETE FROM folder WHERE path = ?", TEXT(path));
}

char **folder_list(Inventory *inventory, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT path FROM folder WHERE path <> '/' ORDER BY path");

        return db_strings(statement, error);
}
