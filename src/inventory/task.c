/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tasks: what was asked for, how far it is, how it ended. */
#include "inventory/database.h"
#include "inventory/work.h"

/* Trimmed once in so many that are added, not each time. */
#define TRIM_EVERY 500

bool task_trim(Inventory *inventory, GError **error)
{
        return db_run(inventory, error,
                      "DELETE FROM task WHERE state >= ?1 AND id <="
                      "  (SELECT id FROM task WHERE state >= ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
                      INT(TASK_SUCCESS), INT(TASKS_KEPT_MAX));
}

void task_record_free(TaskRecord *task)
{
        if (task == NULL)
                return;
        g_free(task->method);
        g_free(task->object);
        g_free(task->message);
        g_free(task);
}

static bool save(Inventory *inventory, TaskRecord *task, GError **error)
{
        if (!db_run(inventory, error,
                    "INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                    "  method = excluded.method, object = excluded.object, state = excluded.state,"
                    "  percent = excluded.percent, message = excluded.message,"
                    "  queued_ms = excluded.queued_ms, started_ms = excluded.started_ms,"
                    "  ended_ms = excluded.ended_ms, error = excluded.error",
                    ID(task->id), TEXT(task->method), TEXT(task->object), INT(task->state),
                    INT(task->percent), TEXT(task->message), INT(task->queued_ms), INT(task->started_ms),
                    INT(task->ended_ms), INT(task->error)))
                return false;
        if (task->id != 0)
                return true;
        task->id = db_last_id(inventory);
        return ++inventory->tasks_added % TRIM_EVERY != 0 || task_trim(inventory, error);
}

bool task_record_save(Inventory *inventory, TaskRecord *task, GError **error)
{
        LOCK(inventory);
        bool ok;

        db_hurry(inventory);
        ok = save(inventory, task, error);
        db_hurry_end(inventory);
        return ok;
}

static gpointer read_task(const Statement *statement)
{
        TaskRecord *task = g_new0(TaskRecord, 1);

        task->id = db_int(statement, 0);
        task->method = db_text(statement, 1);
        task->object = db_text(statement, 2);
        task->state = (TaskState)db_int(statement, 3);
        task->percent = (unsigned)db_int(statement, 4);
        task->message = db_text(statement, 5);
        task->queued_ms = db_int(statement, 6);
        task->started_ms = db_int(statement, 7);
        task->ended_ms = db_int(statement, 8);
        task->error = (GIOErrorEnum)db_int(statement, 9);
        return task;
}

#define COLUMNS "id, method, object, state, percent, message, queued_ms, started_ms, ended_ms, error"

TaskRecord *task_record_load(Inventory *inventory, int64_t id, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT " COLUMNS " FROM task WHERE id = ?", INT(id));

        return db_step(statement, error) > 0 ? read_task(statement) : NULL;
}

GPtrArray *task_records(Inventory *inventory, unsigned limit, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = db_query(
                inventory, error, "SELECT " COLUMNS " FROM task ORDER BY id DESC LIMIT ?", INT(limit));

        return db_rows(statement, read_task, (GDestroyNotify)task_record_free, error);
}

bool task_records_end_all(Inventory *inventory, int64_t now_ms, GError **error)
{
        LOCK(inventory);

        return db_run(inventory, error,
                      "UPDATE task SET state = ?, ended_ms = ?, error = ?,"
                      "  message = 'the daemon ended before it did' WHERE state < ?",
                      INT(TASK_ERROR), INT(now_ms), INT(G_IO_ERROR_FAILED), INT(TASK_SUCCESS));
}
