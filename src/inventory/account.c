/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The accounts of the API, one row each. */
#include "inventory/account.h"

#include <string.h>

#include "inventory/database.h"

#define COLUMNS "name, full_name, hash, role, made_ms"

void account_free(Account *account)
{
        g_free(account->name);
        g_free(account->full_name);
        g_free(account->hash);
        g_free(account);
}

static gpointer read_account(const Statement *statement)
{
        Account *account = g_new0(Account, 1);

        account->name = db_text(statement, 0);
        account->full_name = db_text(statement, 1);
        account->hash = db_text(statement, 2);
        account->role = (int)db_int(statement, 3);
        account->made_ms = db_int(statement, 4);
        return account;
}

static void free_account(gpointer account)
{
        account_free(account);
}

/* Always false. */
static bool is_missing(const char *name, GError **error)
{
        g_autofree char *shown = catalog_shown(name);

        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "there is no account \"%s\"; 'aerostat account list' shows all", shown);
        return false;
}

Account *account_get(Inventory *inventory, const char *name, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT " COLUMNS " FROM account WHERE name = ?", TEXT(name));
        int step = db_step(statement, error);

        if (step > 0)
                return read_account(statement);
        if (step == 0)
                (void)is_missing(name, error);
        return NULL;
}

GPtrArray *account_list(Inventory *inventory, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT " COLUMNS " FROM account ORDER BY name");

        return db_rows(statement, read_account, free_account, error);
}

/* What a login name can be: it stands in files, in logs and before an "@". */
static bool check(const Account *account, GError **error)
{
        static const char others[] = "._-@\\";
        const char *name = account->name;
        size_t length = strlen(name);
        bool right = length > 0 && length <= ACCOUNT_NAME_MAX && name[0] != '-';

        for (size_t i = 0; i < length; i++)
                right = right && (g_ascii_isalnum(name[i]) || strchr(others, name[i]) != NULL);
        if (!right) {
                g_autofree char *shown = catalog_shown(name);

                g_set_error(
                        error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                        "\"%s\" cannot be the name of an account: it has up to %d letters, digits, \".\", "
                        "\"_\", \"-\", \"@\" and \"\\\", and does not begin with \"-\"",
                        shown, ACCOUNT_NAME_MAX);
                return false;
        }
        if (strlen(account->full_name) <= ACCOUNT_TEXT_MAX)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "\"%s\": a description has at most %d bytes", name, ACCOUNT_TEXT_MAX);
        return false;
}

static int64_t count(Inventory *inventory, GError **error)
{
        g_autoptr(Statement) statement = db_query(inventory, error, "SELECT count(*) FROM account");

        return db_step(statement, error) > 0 ? db_int(statement, 0) : -1;
}

bool account_add(Inventory *inventory, const Account *account, GError **error)
{
        LOCK(inventory);
        int there;
        int64_t n;

        if (!check(account, error))
                return false;
        there = db_has(inventory, error, "SELECT 1 FROM account WHERE name = ?", TEXT(account->name));
        n = there == 0 ? count(inventory, error) : -1;
        if (there > 0)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, "there is an account \"%s\" already",
                            account->name);
        else if (n >= ACCOUNT_COUNT_MAX)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"%s\" would be one account more than the %d there can be", account->name,
                            ACCOUNT_COUNT_MAX);
        if (there != 0 || n < 0 || n >= ACCOUNT_COUNT_MAX)
                return false;
        return db_run(inventory, error, "INSERT INTO account (" COLUMNS ") VALUES (?, ?, ?, ?, ?)",
                      TEXT(account->name), TEXT(account->full_name), TEXT(account->hash), INT(account->role),
                      INT(account->made_ms));
}

bool account_change(Inventory *inventory, const Account *account, GError **error)
{
        LOCK(inventory);

        return check(account, error) &&
               db_run(inventory, error,
                      "UPDATE account SET full_name = ?, hash = ?, role = ? WHERE name = ?",
                      TEXT(account->full_name), TEXT(account->hash), INT(account->role),
                      TEXT(account->name)) &&
               (db_changes(inventory) > 0 || is_missing(account->name, error));
}

bool account_remove(Inventory *inventory, const char *name, GError **error)
{
        LOCK(inventory);

        return db_run(inventory, error, "DELETE FROM account WHERE name = ?", TEXT(name)) &&
               (db_changes(inventory) > 0 || is_missing(name, error));
}
