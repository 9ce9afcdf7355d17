/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For the files of this folder: statements, their values and errors, transactions.
 *
 * Everything here is called with the inventory's mutex held: LOCK(inventory) at the top of every public
 * function. The mutex is recursive, so public functions may call each other.
 */
#pragma once

#include <sqlite3.h>

#include "inventory/catalog.h"
#include "inventory/inventory.h"

struct Inventory {
        sqlite3 *db;
        char *path;
        GRecMutex mutex;
        unsigned depth;         /* of transactions within each other */
        GHashTable *statements; /* SQL to Statement *, those not in use */
        unsigned events_added, tasks_added;
};

#define LOCK(inventory)                                        \
        G_GNUC_UNUSED g_autoptr(GRecMutexLocker) lock_locker = \
                g_rec_mutex_locker_new(&((Inventory *)(inventory))->mutex)

/* --- statements --- */

typedef struct Statement {
        Inventory *inventory;
        sqlite3_stmt *stmt;
        const char *sql;
} Statement;

/* Gives it back for the next who asks for the same SQL. */
void statement_release(Statement *statement);
void statement_free(Statement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Statement, statement_release)

typedef struct Value {
        enum { VALUE_TEXT, VALUE_INT, VALUE_TEXTS, VALUE_BYTES } kind;
        const char *text;
        int64_t integer;
        char *const *texts;
        GBytes *bytes;
        bool null_if_zero;
} Value;

#define TEXT(t)  ((Value){.kind = VALUE_TEXT, .text = (t)}) /* NULL is NULL */
#define INT(i)   ((Value){.kind = VALUE_INT, .integer = (i)})
#define ID(i)    ((Value){.kind = VALUE_INT, .integer = (i), .null_if_zero = true}) /* 0: none */
#define TEXTS(t) ((Value){.kind = VALUE_TEXTS, .texts = (t)})                       /* NULL is none */
#define BYTES(b) ((Value){.kind = VALUE_BYTES, .bytes = (b)})

#define VALUES(...) \
        (const Value[]){__VA_ARGS__}, (unsigned)(sizeof((const Value[]){__VA_ARGS__}) / sizeof(Value))

/* sql: a literal, it is the key under which the statement is kept. NULL with an error. */
#define db_query(inventory, error, sql, ...) \
        (db_query_values((inventory), (error), "" sql, VALUES(__VA_ARGS__)))
Statement *db_query_values(Inventory *inventory, GError **error, const char *sql, const Value *values,
                           unsigned n);

/* 1: there is a row, 0: no more, -1: error. Of a NULL statement -1, its error was told before. */
int db_step(Statement *statement, GError **error);

/* Runs what returns no rows. */
#define db_run(inventory, error, sql, ...) (db_run_values((inventory), (error), "" sql, VALUES(__VA_ARGS__)))
bool db_run_values(Inventory *inventory, GError **error, const char *sql, const Value *values, unsigned n);
/* How many rows the last change was made to; and the id of the last one added. */
int64_t db_changes(const Inventory *inventory);
int64_t db_last_id(const Inventory *inventory);

/* Whether there is a row: 1, 0, -1 with an error. */
#define db_has(inventory, error, sql, ...) (db_has_values((inventory), (error), "" sql, VALUES(__VA_ARGS__)))
int db_has_values(Inventory *inventory, GError **error, const char *sql, const Value *values, unsigned n);

char *db_text(const Statement *statement, int column);
int64_t db_int(const Statement *statement, int column);
char **db_texts(const Statement *statement, int column);

/* All rows, each made into something by read. */
GPtrArray *db_rows(Statement *statement, gpointer (*read)(const Statement *), GDestroyNotify destroy,
                   GError **error);
/* The first column of all rows. */
char **db_strings(Statement *statement, GError **error);
/* The same for an error's text: "a, b, c and 7 more"; NULL in *ret when there are none. */
bool db_names(Statement *statement, char **ret, GError **error);

/* For db_rows(): two columns to a NamedText. */
gpointer db_named_text(const Statement *statement);

/* Whether it has a Record; NOT_FOUND. */
bool db_vm_must_exist(Inventory *inventory, const char *uuid, GError **error);

/* --- errors and transactions --- */

/* What SQLite says of the last call. Always false. */
bool db_fail(const Inventory *inventory, GError **error);
bool db_execute(Inventory *inventory, const char *sql, GError **error);

/*
 * All or nothing of what is between. May be nested: the inner one alone may fail. The mutex is held in
 * between. end: ok false undoes and returns false, with the error that is there already.
 */
bool db_begin(Inventory *inventory, GError **error);
bool db_end(Inventory *inventory, bool ok, GError **error);

/*
 * For what may be lost with the host's power, though not by any end of the daemon (events, progress of
 * tasks): the disk is not waited for until db_hurry_end().
 */
void db_hurry(Inventory *inventory);
void db_hurry_end(Inventory *inventory);

/* schema.c: makes tables, or those of an older version into those of this one. */
bool schema_set_up(Inventory *inventory, GError **error);

/* event.c, task.c: drop what is too much. */
bool event_trim(Inventory *inventory, GError **error);
bool task_trim(Inventory *inventory, GError **error);
