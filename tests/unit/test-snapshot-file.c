/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree of snapshots in NAME.vmx: what others may have written there. */
#include "operation/snapshot-file.h"

#include <string.h>

#include "operation/vmx.h"

#define UUID "11111111-2222-3333-4444-555555555555"

static const Foreign foreign = {.uuid = UUID, .from = "/old/web01", .home = "/ds1/web01"};

/* Two, one on the other. */
static const char good[] = "snapshot.numSnapshots = \"2\"\n"
                           "snapshot.current = \"9\"\n"
                           "snapshot0.uid = \"7\"\n"
                           "snapshot0.parent = \"0\"\n"
                           "snapshot0.displayName = \"first\"\n"
                           "snapshot0.description = \"a|0Ab\"\n"
                           "snapshot0.time_ms = \"1000\"\n"
                           "snapshot0.definition = \"<domain/>\"\n"
                           "snapshot0.numDisks = \"1\"\n"
                           "snapshot0.disk0.node = \"vda\"\n"
                           "snapshot0.disk0.fileName = \"web01.qcow2\"\n"
                           "snapshot1.uid = \"9\"\n"
                           "snapshot1.parent = \"7\"\n"
                           "snapshot1.displayName = \"second\"\n"
                           "snapshot1.description = \"\"\n"
                           "snapshot1.time_ms = \"2000\"\n"
                           "snapshot1.filename = \"web01-Snapshot1.vmsn\"\n"
                           "snapshot1.definition = \"<domain/>\"\n"
                           "snapshot1.numDisks = \"2\"\n"
                           "snapshot1.disk0.node = \"vda\"\n"
                           "snapshot1.disk0.fileName = \"/old/web01/web01-000001.qcow2\"\n"
                           "snapshot1.disk1.node = \"vdb\"\n"
                           "snapshot1.disk1.fileName = \"/ds2/web01/b.qcow2\"\n";

static GPtrArray *parse(const char *text, int64_t *ret_current, GError **error)
{
        g_autoptr(GError) inner = NULL;
        g_autoptr(GHashTable) vmx = vmx_parse(text, &inner);

        g_assert_no_error(inner);
        return snapshot_file_parse(&foreign, vmx, ret_current, error);
}

static void test_good(void)
{
        g_autoptr(GError) error = NULL;
        int64_t current = -1;
        g_autoptr(GPtrArray) snapshots = parse(good, &current, &error), none = NULL;
        const SnapshotRecord *first, *second;

        g_assert_no_error(error);
        g_assert_cmpint(current, ==, 9);
        g_assert_cmpuint(snapshots->len, ==, 2);
        first = snapshots->pdata[0];
        second = snapshots->pdata[1];
        g_assert_cmpint(first->id, ==, 7);
        g_assert_cmpint(first->parent, ==, 0);
        g_assert_cmpint(first->time_ms, ==, 1000);
        g_assert_cmpstr(first->uuid, ==, UUID);
        g_assert_cmpstr(first->name, ==, "first");
        g_assert_cmpstr(first->description, ==, "a\nb");
        g_assert_cmpstr(first->definition, ==, "<domain/>");
        g_assert_null(first->memory);
        g_assert_cmpstr(g_hash_table_lookup(first->disks, "vda"), ==, "/ds1/web01/web01.qcow2");
        g_assert_cmpint(second->parent, ==, 7);
        g_assert_cmpstr(second->memory, ==, "/ds1/web01/web01-Snapshot1.vmsn");
        /* What has moved with the folder is where it is now; the rest is where it was. */
        g_assert_cmpstr(g_hash_table_lookup(second->disks, "vda"), ==, "/ds1/web01/web01-000001.qcow2");
        g_assert_cmpstr(g_hash_table_lookup(second->disks, "vdb"), ==, "/ds2/web01/b.qcow2");

        none = parse("displayName = \"web01\"", &current, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(none->len, ==, 0);
        g_assert_cmpint(current, ==, 0);
}

/* One line in place of another of the good file; what the error names. */
static const struct {
        const char *old, *replacement, *named;
} bad[] = {
        {"numSnapshots = \"2\"", "numSnapshots = \"3\"", "snapshot2.uid"},
        {"numSnapshots = \"2\"", "numSnapshots = \"100000\"", "snapshot.numSnapshots"},
        {"numSnapshots = \"2\"", "numSnapshots = \"-1\"", "snapshot.numSnapshots"},
        {"numSnapshots = \"2\"", "numSnapshots = \"\"", "snapshot.numSnapshots"},
        {"current = \"9\"", "current = \"8\"", "snapshot.current"},
        {"current = \"9\"", "current = \"9x\"", "snapshot.current"},
        {"snapshot1.uid = \"9\"", "snapshot1.uid = \"7\"", "snapshot1.uid"},
        {"snapshot1.uid = \"9\"", "snapshot1.uid = \"0\"", "snapshot1.uid"},
        {"snapshot1.uid = \"9\"", "snapshot1.uid = \"99999999999999999999\"", "snapshot1.uid"},
        {"snapshot1.parent = \"7\"", "snapshot1.parent = \"9\"", "snapshot1.parent"},
        {"snapshot0.parent = \"0\"", "snapshot0.parent = \"9\"", "snapshot0.parent"},
        {"snapshot0.parent = \"0\"", "snapshot0.parent = \"-7\"", "snapshot0.parent"},
        {"time_ms = \"1000\"", "time_ms = \"soon\"", "snapshot0.time_ms"},
        {"displayName = \"first\"", "displayName = \"\"", "snapshot"},
        {"displayName = \"first\"", "displayName = \"a|0Ab\"", "snapshot"},
        {"snapshot0.description", "snapshot0.other", "snapshot0.description"},
        {"snapshot0.definition", "snapshot0.other", "snapshot0.definition"},
        {"numDisks = \"1\"", "numDisks = \"0\"", "snapshot0.numDisks"},
        {"numDisks = \"1\"", "numDisks = \"1000\"", "snapshot0.numDisks"},
        {"numDisks = \"1\"", "numDisks = \"2\"", "snapshot0.disk1.node"},
        {"\"web01.qcow2\"", "\"../web02/web02.qcow2\"", "snapshot0.disk0.fileName"},
        {"\"web01.qcow2\"", "\"a/../../b.qcow2\"", "snapshot0.disk0.fileName"},
        {"\"web01.qcow2\"", "\"\"", "snapshot0.disk0.fileName"},
        {"\"web01.qcow2\"", "\"/\"", "snapshot0.disk0.fileName"},
        {"\"/ds2/web01/b.qcow2\"", "\"/ds2/../etc/passwd\"", "snapshot1.disk1.fileName"},
        {"\"web01-Snapshot1.vmsn\"", "\"../../etc/passwd\"", "snapshot1.filename"},
};

static void test_bad(void)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_autoptr(GString) text = g_string_new(good);
                g_autoptr(GError) error = NULL;
                int64_t current = -1;

                g_assert_cmpuint(g_string_replace(text, bad[i].old, bad[i].replacement, 1), ==, 1);
                g_assert_null(parse(text->str, &current, &error));
                g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
                if (strstr(error->message, bad[i].named) == NULL)
                        g_error("\"%s\" does not name %s", error->message, bad[i].named);
        }
}

static void test_too_long(void)
{
        g_autofree char *words = g_strnfill(5000, 'x');
        g_autofree char *line = g_strdup_printf("description = \"%s\"", words);
        g_autoptr(GString) text = g_string_new(good);
        g_autoptr(GError) error = NULL;
        int64_t current = -1;

        g_assert_cmpuint(g_string_replace(text, "description = \"a|0Ab\"", line, 1), ==, 1);
        g_assert_null(parse(text->str, &current, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(error->message, "snapshot0.description"));
}

int main(int argc, char *argv[])
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/snapshot-file/good", test_good);
        g_test_add_func("/snapshot-file/bad", test_bad);
        g_test_add_func("/snapshot-file/too-long", test_too_long);
        return g_test_run();
}
