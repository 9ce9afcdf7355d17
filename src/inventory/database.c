/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statements, their values and errors, transactions. */
#include "inventory/database.h"

#include <string.h>

/* Of the names in an error's text. */
#define NAMES_SHOWN_MAX 20

bool db_fail(const Inventory *inventory, GError **error)
{
        GIOErrorEnum code = G_IO_ERROR_FAILED;

        switch (sqlite3_extended_errcode(inventory->db)) {
        case SQLITE_FULL:
                code = G_IO_ERROR_NO_SPACE;
                break;
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
                code = G_IO_ERROR_EXISTS;
                break;
        default:
                break;
        }
        g_set_error(error, G_IO_ERROR, (int)code, "inventory %s: %s", inventory->path,
                    sqlite3_errmsg(inventory->db));
        return false;
}

/*
 * A full disk makes SQLite undo the whole transaction, not only the statement. What would come after
 * that is not to be done by itself.
 */
static bool in_order(const Inventory *inventory, GError **error)
{
        if (inventory->depth == 0 || sqlite3_get_autocommit(inventory->db) == 0)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "inventory %s: an earlier error has undone the whole transaction", inventory->path);
        return false;
}

bool db_execute(Inventory *inventory, const char *sql, GError **error)
{
        if (!in_order(inventory, error))
                return false;
        return sqlite3_exec(inventory->db, sql, NULL, NULL, NULL) == SQLITE_OK || db_fail(inventory, error);
}

/* --- statements --- */

void statement_free(Statement *statement)
{
        (void)sqlite3_finalize(statement->stmt);
        g_free(statement);
}

void statement_release(Statement *statement)
{
        Inventory *inventory = statement->inventory;

        (void)sqlite3_reset(statement->stmt);
        (void)sqlite3_clear_bindings(statement->stmt);
        /* Two of one SQL were in use at a time: the other is there already. */
        if (g_hash_table_contains(inventory->statements, statement->sql))
                statement_free(statement);
        else
                g_hash_table_insert(inventory->statements, (gpointer)(gintptr)statement->sql, statement);
}

static Statement *prepare(Inventory *inventory, const char *sql, GError **error)
{
        Statement *statement = NULL;
        sqlite3_stmt *stmt = NULL;

        if (!in_order(inventory, error))
                return NULL;
        /* Taken out while it is used, so that nobody steps it in the midst of its rows. */
        if (g_hash_table_steal_extended(inventory->statements, sql, NULL, (gpointer *)&statement))
                return statement;
        if (sqlite3_prepare_v3(inventory->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) !=
            SQLITE_OK) {
                (void)db_fail(inventory, error);
                return NULL;
        }
        statement = g_new0(Statement, 1);
        statement->inventory = inventory;
        statement->stmt = stmt;
        statement->sql = sql;
        return statement;
}

/* Strings one after the other, each with its zero: they may have any other byte in them. */
static int bind_texts(sqlite3_stmt *stmt, int index, char *const *texts)
{
        g_autoptr(GByteArray) bytes = g_byte_array_new();

        for (; texts != NULL && *texts != NULL; texts++)
                g_byte_array_append(bytes, (const guint8 *)*texts, (guint)strlen(*texts) + 1);
        if (bytes->len == 0)
                return sqlite3_bind_zeroblob(stmt, index, 0);
        return sqlite3_bind_blob(stmt, index, bytes->data, (int)bytes->len, SQLITE_TRANSIENT);
}

static int bind_value(sqlite3_stmt *stmt, int index, const Value *value)
{
        switch (value->kind) {
        case VALUE_TEXT:
                return sqlite3_bind_text(stmt, index, value->text, -1, SQLITE_TRANSIENT);
        case VALUE_TEXTS:
                return bind_texts(stmt, index, value->texts);
        case VALUE_BYTES:
                return sqlite3_bind_blob(stmt, index, g_bytes_get_data(value->bytes, NULL),
                                         (int)g_bytes_get_size(value->bytes), SQLITE_TRANSIENT);
        default:
                if (value->null_if_zero && value->integer == 0)
                        return sqlite3_bind_null(stmt, index);
                return sqlite3_bind_int64(stmt, index, value->integer);
        }
}

Statement *db_query_values(Inventory *inventory, GError **error, const char *sql, const Value *values,
                           unsigned n)
{
        g_autoptr(Statement) statement = prepare(inventory, sql, error);

        if (statement == NULL)
                return NULL;
        g_assert(sqlite3_bind_parameter_count(statement->stmt) == (int)n);
        for (unsigned i = 0; i < n; i++) {
                if (bind_value(statement->stmt, (int)i + 1, &values[i]) == SQLITE_OK)
                        continue;
                (void)db_fail(inventory, error);
                return NULL;
        }
        return g_steal_pointer(&statement);
}

int db_step(Statement *statement, GError **error)
{
        if (statement == NULL)
                return -1;
        switch (sqlite3_step(statement->stmt)) {
        case SQLITE_ROW:
                return 1;
        case SQLITE_DONE:
                return 0;
        default:
                (void)db_fail(statement->inventory, error);
                return -1;
        }
}

bool db_run_values(Inventory *inventory, GError **error, const char *sql, const Value *values, unsigned n)
{
        g_autoptr(Statement) statement = db_query_values(inventory, error, sql, values, n);

        return db_step(statement, error) == 0;
}

int64_t db_changes(const Inventory *inventory)
{
        return sqlite3_changes64(inventory->db);
}

int64_t db_last_id(const Inventory *inventory)
{
        return sqlite3_last_insert_rowid(inventory->db);
}

int db_has_values(Inventory *inventory, GError **error, const char *sql, const Value *values, unsigned n)
{
        g_autoptr(Statement) statement = db_query_values(inventory, error, sql, values, n);

        return db_step(statement, error);
}

char *db_text(const Statement *statement, int column)
{
        return g_strdup((const char *)sqlite3_column_text(statement->stmt, column));
}

int64_t db_int(const Statement *statement, int column)
{
        return sqlite3_column_int64(statement->stmt, column);
}

char **db_texts(const Statement *statement, int column)
{
        const char *bytes = sqlite3_column_blob(statement->stmt, column);
        size_t size = (size_t)sqlite3_column_bytes(statement->stmt, column);
        g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

        /* What is behind the last zero was not written by us. */
        while (size > 0) {
                size_t length = strnlen(bytes, size);

                if (length == size)
                        break;
                g_strv_builder_add(builder, bytes);
                bytes += length + 1;
                size -= length + 1;
        }
        return g_strv_builder_end(builder);
}

GPtrArray *db_rows(Statement *statement, gpointer (*read)(const Statement *), GDestroyNotify destroy,
                   GError **error)
{
        g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(destroy);
        int step;

        while ((step = db_step(statement, error)) > 0)
                g_ptr_array_add(rows, read(statement));
        return step == 0 ? g_steal_pointer(&rows) : NULL;
}

char **db_strings(Statement *statement, GError **error)
{
        g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
        int step;

        while ((step = db_step(statement, error)) > 0)
                g_strv_builder_add(builder, (const char *)sqlite3_column_text(statement->stmt, 0));
        return step == 0 ? g_strv_builder_end(builder) : NULL;
}

bool db_names(Statement *statement, char **ret, GError **error)
{
        g_autoptr(GString) names = g_string_new(NULL);
        unsigned n = 0;
        int step;

        while ((step = db_step(statement, error)) > 0)
                if (n++ < NAMES_SHOWN_MAX)
                        g_string_append_printf(names, "%s%s", n > 1 ? ", " : "",
                                               (const char *)sqlite3_column_text(statement->stmt, 0));
        if (step < 0)
                return false;
        if (n > NAMES_SHOWN_MAX)
                g_string_append_printf(names, " and %u more", n - NAMES_SHOWN_MAX);
        *ret = n > 0 ? g_strdup(names->str) : NULL;
        return true;
}

/* --- transactions --- */

bool db_begin(Inventory *inventory, GError **error)
{
        g_rec_mutex_lock(&inventory->mutex);
        if (!db_execute(inventory, inventory->depth == 0 ? "BEGIN IMMEDIATE" : "SAVEPOINT inner", error)) {
                g_rec_mutex_unlock(&inventory->mutex);
                return false;
        }
        inventory->depth++;
        return true;
}

bool db_end(Inventory *inventory, bool ok, GError **error)
{
        bool outer = inventory->depth == 1;

        ok = ok && db_execute(inventory, outer ? "COMMIT" : "RELEASE inner", error);
        /* What fails here was undone by SQLite before. */
        if (!ok)
                (void)sqlite3_exec(inventory->db, outer ? "ROLLBACK" : "ROLLBACK TO inner; RELEASE inner",
                                   NULL, NULL, NULL);
        inventory->depth--;
        g_rec_mutex_unlock(&inventory->mutex);
        return ok;
}

void db_hurry(Inventory *inventory)
{
        /* Within a transaction it cannot be changed, and the transaction's end waits as it should. */
        if (inventory->depth == 0)
                (void)sqlite3_exec(inventory->db, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
}

void db_hurry_end(Inventory *inventory)
{
        if (inventory->depth == 0)
                (void)sqlite3_exec(inventory->db, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
}
