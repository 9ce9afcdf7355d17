/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The API's keys of network cards, where they are not as the cards' order has them. */
#include "inventory/card-key.h"

#include "inventory/database.h"

GHashTable *card_keys(Inventory *inventory, const char *uuid, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT mac, key FROM card_key WHERE uuid = ?", TEXT(uuid));
        g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        int step;

        while ((step = db_step(statement, error)) > 0)
                g_hash_table_insert(keys, db_text(statement, 0), GINT_TO_POINTER((int)db_int(statement, 1)));
        return step == 0 ? g_steal_pointer(&keys) : NULL;
}

static bool save(Inventory *inventory, const char *uuid, GHashTable *keys, GError **error)
{
        GHashTableIter iter;
        gpointer mac, key;

        if (!db_run(inventory, error, "DELETE FROM card_key WHERE uuid = ?", TEXT(uuid)))
                return false;
        if (keys == NULL)
                return true;
        g_hash_table_iter_init(&iter, keys);
        while (g_hash_table_iter_next(&iter, &mac, &key))
                if (!db_run(inventory, error, "INSERT INTO card_key VALUES (?, ?, ?)", TEXT(uuid), TEXT(mac),
                            INT(GPOINTER_TO_INT(key))))
                        return false;
        return true;
}

bool card_keys_save(Inventory *inventory, const char *uuid, GHashTable *keys, GError **error)
{
        LOCK(inventory);

        return db_begin(inventory, error) && db_end(inventory, save(inventory, uuid, keys, error), error);
}
