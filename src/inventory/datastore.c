/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which datastores there are, and which VMs live where. */
#include <string.h>

#include "inventory/catalog.h"
#include "inventory/database.h"

static bool must_have(Inventory *inventory, const char *name, GError **error)
{
        int there = db_has(inventory, error, "SELECT 1 FROM datastore WHERE name = ?", TEXT(name));
        g_autofree char *shown = NULL;

        if (there == 0) {
                shown = catalog_shown(name);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no datastore \"%s\"", shown);
        }
        return there > 0;
}

static bool is_free(Inventory *inventory, const char *name, GError **error)
{
        int there;

        if (!catalog_check_name("datastore", name, error))
                return false;
        /* "[name] file" is to have one meaning. */
        if (strpbrk(name, "[]") != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"%s\" cannot be the name of a datastore: it has a bracket in it", name);
                return false;
        }
        there = db_has(inventory, error, "SELECT 1 FROM datastore WHERE name = ?", TEXT(name));
        if (there > 0)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, "there is a datastore \"%s\" already",
                            name);
        return there == 0;
}

bool datastore_add(Inventory *inventory, const char *name, const char *path, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = NULL;
        g_autofree char *other = NULL;

        if (!is_free(inventory, name, error))
                return false;
        statement = db_query(inventory, error, "SELECT name FROM datastore WHERE path = ?", TEXT(path));
        if (!db_names(statement, &other, error))
                return false;
        if (other != NULL) {
                g_autofree char *shown = catalog_shown(path);

                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s is the datastore \"%s\" already",
                            shown, other);
                return false;
        }
        return db_run(inventory, error, "INSERT INTO datastore VALUES (?, ?)", TEXT(name), TEXT(path));
}

bool datastore_rename(Inventory *inventory, const char *name, const char *to, GError **error)
{
        LOCK(inventory);

        if (!must_have(inventory, name, error))
                return false;
        if (strcmp(name, to) == 0)
                return true;
        return is_free(inventory, to, error) &&
               db_run(inventory, error, "UPDATE datastore SET name = ? WHERE name = ?", TEXT(to),
                      TEXT(name));
}

bool datastore_delete(Inventory *inventory, const char *name, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = NULL;
        g_autofree char *vms = NULL;

        if (!must_have(inventory, name, error))
                return false;
        statement = db_query(inventory, error,
                             "SELECT name FROM vm WHERE datastore = ?1 OR uuid IN (SELECT l.uuid"
                             "  FROM left_home AS l, datastore AS d WHERE d.name = ?1"
                             "  AND substr(l.path, 1, length(d.path) + 1) = d.path || '/') ORDER BY name",
                             TEXT(name));
        if (!db_names(statement, &vms, error))
                return false;
        if (vms != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "VMs live on the datastore \"%s\": %s; move or delete them first", name, vms);
                return false;
        }
        return db_run(inventory, error, "DELETE FROM datastore WHERE name = ?", TEXT(name));
}

char *datastore_path(Inventory *inventory, const char *name, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT path FROM datastore WHERE name = ?", TEXT(name));

        return db_step(statement, error) > 0 ? db_text(statement, 0) : NULL;
}

GPtrArray *datastore_list(Inventory *inventory, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT name, path FROM datastore ORDER BY name");

        return db_rows(statement, db_named_text, (GDestroyNotify)named_text_free, error);
}
