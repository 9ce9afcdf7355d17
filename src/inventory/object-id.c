/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers by which the API names things. */
#include "inventory/object-id.h"

#include "inventory/database.h"

int64_t object_id_get(Inventory *inventory, const char *kind, const char *key, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT id, gone FROM object_id WHERE kind = ? AND key = ?",
                         TEXT(kind), TEXT(key));
        int step = db_step(statement, error);
        int64_t id = step > 0 ? db_int(statement, 0) : 0;

        if (step > 0 && db_int(statement, 1) != 0 &&
            !db_run(inventory, error, "UPDATE object_id SET gone = NULL WHERE id = ?", INT(id)))
                return 0;
        if (step != 0)
                return id;
        return db_run(inventory, error, "INSERT INTO object_id (kind, key) VALUES (?, ?)", TEXT(kind),
                      TEXT(key))
                       ? db_last_id(inventory)
                       : 0;
}

bool object_id_make(Inventory *inventory, const char *kind, const char *const *keys, GError **error)
{
        bool ok = true;

        if (!db_begin(inventory, error))
                return false;
        for (; ok && *keys != NULL; keys++)
                ok = object_id_get(inventory, kind, *keys, error) != 0;
        return db_end(inventory, ok, error);
}

bool object_id_move(Inventory *inventory, const char *kind, const char *from, const char *to, GError **error)
{
        LOCK(inventory);

        return db_run(inventory, error, "UPDATE OR REPLACE object_id SET key = ? WHERE kind = ? AND key = ?",
                      TEXT(to), TEXT(kind), TEXT(from));
}

bool object_id_forget(Inventory *inventory, const char *kind, const char *key, GError **error)
{
        LOCK(inventory);

        return db_run(inventory, error, "DELETE FROM object_id WHERE kind = ? AND key = ?", TEXT(kind),
                      TEXT(key));
}

/* The one that went longest ago makes room for it. */
static bool mark_gone(Inventory *inventory, const char *kind, const char *key, GError **error)
{
        return db_run(inventory, error,
                      "UPDATE object_id SET gone = 1 + (SELECT ifnull(max(gone), 0) FROM object_id"
                      "  WHERE gone IS NOT NULL) WHERE kind = ? AND key = ? AND gone IS NULL",
                      TEXT(kind), TEXT(key)) &&
               db_run(inventory, error,
                      "DELETE FROM object_id WHERE gone <= (SELECT max(gone) FROM object_id"
                      "  WHERE gone IS NOT NULL) - ?",
                      INT(OBJECT_IDS_GONE_MAX));
}

bool object_id_gone(Inventory *inventory, const char *kind, const char *key, GError **error)
{
        LOCK(inventory);
        bool well;

        /* Lost by a crash of the host, it is remembered for longer, and no more. */
        db_hurry(inventory);
        well = db_begin(inventory, error) &&
               db_end(inventory, mark_gone(inventory, kind, key, error), error);
        db_hurry_end(inventory);
        return well;
}
