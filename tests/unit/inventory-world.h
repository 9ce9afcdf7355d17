/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the inventory share: some VMs, and what is said of errors. */
#pragma once

#include <string.h>

#include "inventory/catalog.h"
#include "inventory/record.h"
#include "inventory/work.h"

#define A "aaaaaaaa-0000-4000-8000-000000000001"
#define B "bbbbbbbb-0000-4000-8000-000000000002"
#define C "cccccccc-0000-4000-8000-000000000003"

/* What a name may not be, but everything that is looked up has to bear. */
static const char *const hostile[] = {
        "'; DROP TABLE vm; --",
        "\" OR 1=1 --",
        "a\nb",
        "%",
        "_",
        "?1",
        "\x01",
        "web\xff",
        "",
        " ",
        "..",
        "/",
        "a/b",
};

static inline Inventory *open_new(void)
{
        g_autoptr(GError) error = NULL;
        Inventory *inventory = inventory_open(":memory:", &error);

        g_assert_no_error(error);
        return inventory;
}

static inline void assert_fails(bool result, GError **error, GIOErrorEnum code, const char *said)
{
        g_assert_false(result);
        g_assert_error(*error, G_IO_ERROR, (int)code);
        if (strstr((*error)->message, said) == NULL)
                g_error("\"%s\" is not in: %s", said, (*error)->message);
        g_clear_error(error);
}

static inline void assert_done(bool result, GError **error)
{
        g_assert_no_error(*error);
        g_assert_true(result);
}

static inline void add_record(Inventory *inventory, const char *uuid, const char *name)
{
        g_autoptr(Record) record = record_new(uuid, name);
        g_autoptr(GError) error = NULL;

        assert_done(record_save(inventory, record, &error), &error);
}

/* In a folder, on a datastore, standing on a snapshot of a parent; each NULL or 0 for none. */
static inline bool save_record(Inventory *inventory, const char *uuid, const char *name, const char *folder,
                               const char *datastore, const char *parent, int64_t snapshot, GError **error)
{
        g_autoptr(Record) record = record_new(uuid, name);

        if (folder != NULL) {
                g_free(record->folder);
                record->folder = g_strdup(folder);
        }
        record->datastore = g_strdup(datastore);
        record->parent = g_strdup(parent);
        record->parent_snapshot = snapshot;
        return record_save(inventory, record, error);
}

/* "a b c" of strings; the array is freed. */
static inline void assert_strings(char **strings, const char *expected)
{
        g_auto(GStrv) owned = strings;
        g_autofree char *joined = NULL;

        g_assert_nonnull(owned);
        joined = g_strjoinv(" ", owned);
        g_assert_cmpstr(joined, ==, expected);
}

/* The names of records; the array is freed. */
static inline void assert_records(GPtrArray *records, const char *expected)
{
        g_autoptr(GPtrArray) owned = records;
        g_autoptr(GString) joined = g_string_new(NULL);

        g_assert_nonnull(owned);
        for (unsigned i = 0; i < owned->len; i++)
                g_string_append_printf(joined, "%s%s", i > 0 ? " " : "", ((Record *)owned->pdata[i])->name);
        g_assert_cmpstr(joined->str, ==, expected);
}
