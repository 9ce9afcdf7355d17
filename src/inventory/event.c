/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The event log. */
#include "inventory/database.h"

/* Events are trimmed once in so many, not each time. */
#define TRIM_EVERY 1000

bool event_trim(Inventory *inventory, GError **error)
{
        return db_run(inventory, error,
                      "DELETE FROM event WHERE type = 'reclaim' AND id <= (SELECT id FROM event"
                      "  WHERE type = 'reclaim' ORDER BY id DESC LIMIT 1 OFFSET ?)",
                      INT(INVENTORY_RECLAIMS_MAX)) &&
               db_run(inventory, error,
                      "DELETE FROM event WHERE id <= (SELECT id FROM event ORDER BY id DESC LIMIT 1 OFFSET "
                      "?)",
                      INT(INVENTORY_EVENTS_MAX));
}

void inventory_event_free(InventoryEvent *event)
{
        g_free(event->type);
        g_free(event->vm);
        g_free(event->message);
        g_free(event);
}

bool inventory_event_add(Inventory *inventory, int64_t time_ms, const char *type, const char *vm,
                         const char *message, GError **error)
{
        LOCK(inventory);
        bool ok;

        db_hurry(inventory);
        ok = db_run(inventory, error, "INSERT INTO event (time_ms, type, vm, message) VALUES (?, ?, ?, ?)",
                    INT(time_ms), TEXT(type), TEXT(vm), TEXT(message)) &&
             (++inventory->events_added % TRIM_EVERY != 0 || event_trim(inventory, error));
        db_hurry_end(inventory);
        return ok;
}

static gpointer read_event(const Statement *statement)
{
        InventoryEvent *event = g_new0(InventoryEvent, 1);

        event->id = db_int(statement, 0);
        event->time_ms = db_int(statement, 1);
        event->type = db_text(statement, 2);
        event->vm = db_text(statement, 3);
        event->message = db_text(statement, 4);
        return event;
}

static Statement *newest(Inventory *inventory, unsigned limit, GError **error)
{
        return db_query(inventory, error,
                        "SELECT * FROM (SELECT id, time_ms, type, vm, message FROM event"
                        "  ORDER BY id DESC LIMIT ?) ORDER BY id",
                        INT(limit));
}

static Statement *next(Inventory *inventory, int64_t after, unsigned limit, GError **error)
{
        return db_query(inventory, error,
                        "SELECT id, time_ms, type, vm, message FROM event WHERE id > ? ORDER BY id LIMIT ?",
                        INT(after), INT(limit));
}

GPtrArray *inventory_events(Inventory *inventory, int64_t after, unsigned limit, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                after < 0 ? newest(inventory, limit, error) : next(inventory, after, limit, error);

        return db_rows(statement, read_event, (GDestroyNotify)inventory_event_free, error);
}
