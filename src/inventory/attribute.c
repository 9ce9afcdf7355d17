/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Custom attributes: defined for VMs, for the host or for both, and their values. */
#include <string.h>

#include "inventory/catalog.h"
#include "inventory/database.h"
#include "inventory/object-id.h"

#define HOST "host"

/* Of the numbers by which the API names attributes. */
#define FIELD "field"

void attribute_free(Attribute *attribute)
{
        if (attribute == NULL)
                return;
        g_free(attribute->name);
        g_free(attribute);
}

/* Its id and type, or false with an error. */
static bool find(Inventory *inventory, const char *name, int64_t *ret_id, AttributeType *ret_type,
                 GError **error)
{
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT id, type FROM attribute WHERE name = ?", TEXT(name));
        g_autofree char *shown = NULL;
        int step = db_step(statement, error);

        if (step > 0) {
                *ret_id = db_int(statement, 0);
                *ret_type = (AttributeType)db_int(statement, 1);
        } else if (step == 0) {
                shown = catalog_shown(name);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "there is no custom attribute \"%s\"; 'aerostat attribute list' shows all, "
                            "'aerostat attribute define' makes one",
                            shown);
        }
        return step > 0;
}

static bool is_free(Inventory *inventory, const char *name, GError **error)
{
        int there;

        if (!catalog_check_name("custom attribute", name, error))
                return false;
        there = db_has(inventory, error, "SELECT 1 FROM attribute WHERE name = ?", TEXT(name));
        if (there > 0)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                            "there is a custom attribute \"%s\" already", name);
        return there == 0;
}

bool attribute_add(Inventory *inventory, const char *name, AttributeType type, GError **error)
{
        LOCK(inventory);

        return is_free(inventory, name, error) &&
               db_run(inventory, error, "INSERT INTO attribute (name, type) VALUES (?, ?)", TEXT(name),
                      INT(type));
}

bool attribute_rename(Inventory *inventory, const char *name, const char *to, GError **error)
{
        LOCK(inventory);
        AttributeType type;
        int64_t id;

        if (!find(inventory, name, &id, &type, error))
                return false;
        if (strcmp(name, to) == 0)
                return true;
        return is_free(inventory, to, error) && db_begin(inventory, error) &&
               db_end(inventory,
                      db_run(inventory, error, "UPDATE attribute SET name = ? WHERE id = ?", TEXT(to),
                             INT(id)) &&
                              object_id_move(inventory, FIELD, name, to, error),
                      error);
}

bool attribute_delete(Inventory *inventory, const char *name, GError **error)
{
        LOCK(inventory);
        AttributeType type;
        int64_t id;

        return find(inventory, name, &id, &type, error) && db_begin(inventory, error) &&
               db_end(inventory,
                      db_run(inventory, error, "DELETE FROM attribute WHERE id = ?", INT(id)) &&
                              object_id_forget(inventory, FIELD, name, error),
                      error);
}

static gpointer read_attribute(const Statement *statement)
{
        Attribute *attribute = g_new0(Attribute, 1);

        attribute->name = db_text(statement, 0);
        attribute->type = (AttributeType)db_int(statement, 1);
        return attribute;
}

GPtrArray *attribute_list(Inventory *inventory, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT name, type FROM attribute ORDER BY name");

        return db_rows(statement, read_attribute, (GDestroyNotify)attribute_free, error);
}

/* Whether such an attribute may have this value on this object. */
static bool check(Inventory *inventory, const char *object, const char *name, AttributeType type,
                  const char *value, GError **error)
{
        bool host = strcmp(object, HOST) == 0;
        g_autofree char *shown = NULL;
        int there;

        if (type == (host ? ATTRIBUTE_VM : ATTRIBUTE_HOST)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "the custom attribute \"%s\" is for %s only", name, host ? "VMs" : "hosts");
                return false;
        }
        if (strlen(value) > ATTRIBUTE_VALUE_MAX || !g_utf8_validate(value, -1, NULL)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "the value of the custom attribute \"%s\" is to be UTF-8 of at most %d bytes",
                            name, ATTRIBUTE_VALUE_MAX);
                return false;
        }
        there = host ? 1
                     : db_has(inventory, error, "SELECT 1 FROM vm WHERE uuid = ? AND folder IS NOT NULL",
                              TEXT(object));
        if (there == 0) {
                shown = catalog_shown(object);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "no VM with UUID %s is in the inventory", shown);
        }
        return there > 0;
}

bool attribute_set(Inventory *inventory, const char *object, const char *name, const char *value,
                   GError **error)
{
        LOCK(inventory);
        const char *vm = strcmp(object, HOST) == 0 ? NULL : object;
        AttributeType type;
        int64_t id;

        if (!find(inventory, name, &id, &type, error) ||
            !check(inventory, object, name, type, value != NULL ? value : "", error))
                return false;
        if (value == NULL || value[0] == '\0')
                return db_run(inventory, error,
                              "DELETE FROM attribute_value WHERE attribute = ? AND vm IS ?", INT(id),
                              TEXT(vm));
        return db_run(inventory, error,
                      "INSERT INTO attribute_value VALUES (?, ?, ?)"
                      "  ON CONFLICT (attribute, ifnull(vm, '')) DO UPDATE SET value = excluded.value",
                      INT(id), TEXT(vm), TEXT(value));
}

GHashTable *attribute_values(Inventory *inventory, const char *object, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT name, value FROM attribute_value JOIN attribute ON attribute = id"
                         "  WHERE vm IS nullif(?, 'host')",
                         TEXT(object));
        g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        int step;

        while ((step = db_step(statement, error)) > 0)
                g_hash_table_insert(values, db_text(statement, 0), db_text(statement, 1));
        return step == 0 ? g_steal_pointer(&values) : NULL;
}

GHashTable *attribute_values_all(Inventory *inventory, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT ifnull(vm, 'host'), name, value FROM attribute_value"
                         "  JOIN attribute ON attribute = id");
        g_autoptr(GHashTable) all =
                g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
        int step;

        while ((step = db_step(statement, error)) > 0) {
                g_autofree char *object = db_text(statement, 0);
                GHashTable *values = g_hash_table_lookup(all, object);

                if (values == NULL) {
                        values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
                        g_hash_table_insert(all, g_steal_pointer(&object), values);
                }
                g_hash_table_insert(values, db_text(statement, 1), db_text(statement, 2));
        }
        return step == 0 ? g_steal_pointer(&all) : NULL;
}

char *attribute_get(Inventory *inventory, const char *object, const char *name, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT value FROM attribute_value JOIN attribute ON attribute = id"
                         "  WHERE name = ? AND vm IS nullif(?, 'host')",
                         TEXT(name), TEXT(object));

        return db_step(statement, error) > 0 ? db_text(statement, 0) : NULL;
}

char **attribute_find(Inventory *inventory, const char *name, const char *value, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = NULL;
        AttributeType type;
        int64_t id;

        if (!find(inventory, name, &id, &type, error))
                return NULL;
        statement = db_query(inventory, error,
                             "SELECT vm FROM attribute_value WHERE attribute = ? AND vm IS NOT NULL"
                             "  AND (?2 IS NULL OR value = ?2) ORDER BY vm",
                             INT(id), TEXT(value));
        return db_strings(statement, error);
}
