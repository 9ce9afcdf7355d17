/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Customization specifications, by name. */
#include "inventory/catalog.h"
#include "inventory/database.h"

void named_text_free(NamedText *entry)
{
        if (entry == NULL)
                return;
        g_free(entry->name);
        g_free(entry->text);
        g_free(entry);
}

gpointer db_named_text(const Statement *statement)
{
        NamedText *entry = g_new0(NamedText, 1);

        entry->name = db_text(statement, 0);
        entry->text = db_text(statement, 1);
        return entry;
}

bool specification_save(Inventory *inventory, const char *name, const char *text, GError **error)
{
        LOCK(inventory);

        return catalog_check_name("customization specification", name, error) &&
               db_run(inventory, error, "INSERT OR REPLACE INTO specification VALUES (?, ?)", TEXT(name),
                      TEXT(text));
}

static bool is_free(Inventory *inventory, const char *name, GError **error)
{
        int there;

        if (!catalog_check_name("customization specification", name, error))
                return false;
        there = db_has(inventory, error, "SELECT 1 FROM specification WHERE name = ?", TEXT(name));
        if (there > 0)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                            "there is a customization specification \"%s\" already", name);
        return there == 0;
}

static bool move(Inventory *inventory, const char *name, const char *to, GError **error)
{
        g_autofree char *shown = NULL;

        if (!db_run(inventory, error, "UPDATE specification SET name = ? WHERE name = ?", TEXT(to),
                    TEXT(name)))
                return false;
        if (db_changes(inventory) > 0)
                return db_run(inventory, error,
                              "UPDATE customization SET specification = ? WHERE specification = ?", TEXT(to),
                              TEXT(name));
        shown = catalog_shown(name);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "there is no customization specification \"%s\"", shown);
        return false;
}

bool specification_rename(Inventory *inventory, const char *name, const char *to, GError **error)
{
        LOCK(inventory);

        return is_free(inventory, to, error) && db_begin(inventory, error) &&
               db_end(inventory, move(inventory, name, to, error), error);
}

bool specification_delete(Inventory *inventory, const char *name, GError **error)
{
        LOCK(inventory);
        g_autofree char *shown = NULL;

        if (!db_run(inventory, error, "DELETE FROM specification WHERE name = ?", TEXT(name)))
                return false;
        if (db_changes(inventory) > 0)
                return true;
        shown = catalog_shown(name);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "there is no customization specification \"%s\"", shown);
        return false;
}

char *specification_load(Inventory *inventory, const char *name, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT text FROM specification WHERE name = ?", TEXT(name));

        return db_step(statement, error) > 0 ? db_text(statement, 0) : NULL;
}

GPtrArray *specification_list(Inventory *inventory, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT name, text FROM specification ORDER BY name");

        return db_rows(statement, db_named_text, (GDestroyNotify)named_text_free, error);
}
