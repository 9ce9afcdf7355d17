/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Intents, batches of clones and questions: what is not finished. */
#include "inventory/database.h"
#include "inventory/work.h"

/* --- intents --- */

void intent_free(Intent *intent)
{
        if (intent == NULL)
                return;
        g_free(intent->uuid);
        g_free(intent->kind);
        g_strfreev(intent->new_files);
        g_strfreev(intent->old_files);
        g_free(intent->details);
        g_free(intent);
}

bool intent_save(Inventory *inventory, Intent *intent, GError **error)
{
        LOCK(inventory);

        if (!db_run(inventory, error,
                    "INSERT INTO intent VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                    "  uuid = excluded.uuid, kind = excluded.kind, new_files = excluded.new_files,"
                    "  old_files = excluded.old_files, details = excluded.details",
                    ID(intent->id), TEXT(intent->uuid), TEXT(intent->kind), TEXTS(intent->new_files),
                    TEXTS(intent->old_files), TEXT(intent->details)))
                return false;
        if (intent->id == 0)
                intent->id = db_last_id(inventory);
        return true;
}

bool intent_delete(Inventory *inventory, int64_t id, GError **error)
{
        LOCK(inventory);

        return db_run(inventory, error, "DELETE FROM intent WHERE id = ?", INT(id));
}

static gpointer read_intent(const Statement *statement)
{
        Intent *intent = g_new0(Intent, 1);

        intent->id = db_int(statement, 0);
        intent->uuid = db_text(statement, 1);
        intent->kind = db_text(statement, 2);
        intent->new_files = db_texts(statement, 3);
        intent->old_files = db_texts(statement, 4);
        intent->details = db_text(statement, 5);
        return intent;
}

GPtrArray *intent_list(Inventory *inventory, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT id, uuid, kind, new_files, old_files, details FROM intent ORDER BY id");

        return db_rows(statement, read_intent, (GDestroyNotify)intent_free, error);
}

/* --- batches --- */

void batch_free(Batch *batch)
{
        if (batch == NULL)
                return;
        g_free(batch->parent);
        g_free(batch->request);
        g_strfreev(batch->names);
        g_free(batch);
}

bool batch_save(Inventory *inventory, Batch *batch, GError **error)
{
        LOCK(inventory);

        if (!db_run(inventory, error,
                    "INSERT INTO batch VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                    "  parent = excluded.parent, request = excluded.request, names = excluded.names,"
                    "  begun_ms = excluded.begun_ms",
                    ID(batch->id), TEXT(batch->parent), TEXT(batch->request), TEXTS(batch->names),
                    INT(batch->begun_ms)))
                return false;
        if (batch->id == 0)
                batch->id = db_last_id(inventory);
        return true;
}

bool batch_delete(Inventory *inventory, int64_t id, GError **error)
{
        LOCK(inventory);

        return db_run(inventory, error, "DELETE FROM batch WHERE id = ?", INT(id));
}

Batch *batch_find(Inventory *inventory, const char *parent, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT id, parent, request, names, begun_ms FROM batch WHERE parent = ?"
                         "  ORDER BY id DESC LIMIT 1",
                         TEXT(parent));
        Batch *batch;

        if (db_step(statement, error) <= 0)
                return NULL;
        batch = g_new0(Batch, 1);
        batch->id = db_int(statement, 0);
        batch->parent = db_text(statement, 1);
        batch->request = db_text(statement, 2);
        batch->names = db_texts(statement, 3);
        batch->begun_ms = db_int(statement, 4);
        return batch;
}

/* --- questions --- */

void question_free(Question *question)
{
        if (question == NULL)
                return;
        g_free(question->uuid);
        g_free(question->text);
        g_free(question->datastore);
        g_free(question);
}

bool question_save(Inventory *inventory, Question *question, GError **error)
{
        LOCK(inventory);

        /* The old one's row goes, so that the id is new. */
        if (!db_run(inventory, error,
                    "INSERT OR REPLACE INTO question (uuid, text, datastore, time_ms) VALUES (?, ?, ?, ?)",
                    TEXT(question->uuid), TEXT(question->text), TEXT(question->datastore),
                    INT(question->time_ms)))
                return false;
        question->id = db_last_id(inventory);
        return true;
}

bool question_delete(Inventory *inventory, const char *uuid, GError **error)
{
        LOCK(inventory);

        return db_run(inventory, error, "DELETE FROM question WHERE uuid = ?", TEXT(uuid));
}

static gpointer read_question(const Statement *statement)
{
        Question *question = g_new0(Question, 1);

        question->id = db_int(statement, 0);
        question->uuid = db_text(statement, 1);
        question->text = db_text(statement, 2);
        question->datastore = db_text(statement, 3);
        question->time_ms = db_int(statement, 4);
        return question;
}

GPtrArray *question_list(Inventory *inventory, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = db_query(
                inventory, error, "SELECT id, uuid, text, datastore, time_ms FROM question ORDER BY id");

        return db_rows(statement, read_question, (GDestroyNotify)question_free, error);
}
