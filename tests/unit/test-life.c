/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls about one VM, with libvirt's own test driver: what they do, and what their errors say. */
#include <glib/gstdio.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "vm/definition.h"
#include "vm/life.h"

#define UUID "6695eb01-f6a4-8304-79aa-97f2502e193f" /* of "test", which runs from the start */
#define NONE "11111111-2222-3333-4444-555555555555"

static virConnectPtr must_connect(void)
{
        virConnectPtr connection = virConnectOpen("test:///default");

        g_assert_nonnull(connection);
        return connection;
}

static void be_quiet(void *data, virErrorPtr error)
{
        (void)data;
        (void)error;
}

static void assert_power(virConnectPtr connection, const char *uuid, LifePower wanted)
{
        g_autoptr(GError) error = NULL;
        LifePower power = LIFE_NONE;

        g_assert_true(life_power(connection, uuid, &power, &error));
        g_assert_no_error(error);
        g_assert_cmpint(power, ==, wanted);
}

static void test_power(void)
{
        virConnectPtr connection = must_connect();
        g_autoptr(GError) error = NULL;

        assert_power(connection, UUID, LIFE_ON);
        assert_power(connection, NONE, LIFE_NONE);
        g_assert_true(life_pause(connection, UUID, &error));
        assert_power(connection, UUID, LIFE_PAUSED);
        g_assert_true(life_resume(connection, UUID, &error));
        g_assert_true(life_destroy(connection, UUID, &error));
        assert_power(connection, UUID, LIFE_OFF);
        /* Off is off. */
        g_assert_true(life_destroy(connection, UUID, &error));
        g_assert_true(life_destroy(connection, NONE, &error));
        g_assert_true(life_start(connection, UUID, &error));
        g_assert_no_error(error);
        assert_power(connection, UUID, LIFE_ON);
        g_assert_false(life_start(connection, UUID, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
        g_assert_true(g_str_has_prefix(error->message, "starting test: "));
        g_assert_nonnull(strstr(error->message, "already running"));
        g_clear_error(&error);
        g_assert_false(life_start(connection, NONE, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        (void)virConnectClose(connection);
}

static void test_shutdown(void)
{
        virConnectPtr connection = must_connect();
        g_autoptr(GError) error = NULL;

        g_assert_true(life_shutdown(connection, UUID, 10, NULL, &error));
        g_assert_no_error(error);
        assert_power(connection, UUID, LIFE_OFF);
        (void)virConnectClose(connection);
}

static void test_definition(void)
{
        virConnectPtr connection = must_connect();
        g_autoptr(GError) error = NULL;
        g_autofree char *xml = life_definition(connection, UUID, false, &error);
        g_autoptr(Definition) definition = definition_parse(xml, &error);
        g_autofree char *changed = NULL, *after = NULL;

        g_assert_no_error(error);
        definition_set_name(definition, "other <&>");
        definition_set_uuid(definition, NONE);
        changed = definition_text(definition);
        g_assert_true(life_define(connection, changed, &error));
        assert_power(connection, NONE, LIFE_OFF);
        after = life_definition(connection, NONE, true, &error);
        g_assert_nonnull(strstr(after, "other &lt;&amp;&gt;"));
        /* The driver cannot be told what to keep of a domain: only that which is gone is tried here. */
        g_assert_true(life_undefine(connection, "22222222-2222-3333-4444-555555555555", &error));
        g_assert_no_error(error);
        g_assert_false(life_define(connection, "<domain/>", &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
        (void)virConnectClose(connection);
}

static void test_save(void)
{
        virConnectPtr connection = must_connect();
        g_autoptr(GError) error = NULL;
        g_autoptr(GCancellable) cancelled = g_cancellable_new();
        g_autofree char *folder = g_dir_make_tmp("aerostat-life-XXXXXX", &error);
        g_autofree char *path = g_build_filename(folder, "a.vmss", NULL);
        g_autofree char *nowhere = g_build_filename(folder, "none", "a.vmss", NULL);

        g_cancellable_cancel(cancelled);
        g_assert_false(life_save(connection, UUID, path, NULL, NULL, cancelled, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        g_clear_error(&error);
        g_assert_false(life_save(connection, UUID, nowhere, NULL, NULL, NULL, &error));
        g_assert_true(g_str_has_prefix(error->message, "saving the memory of test: "));
        g_clear_error(&error);
        assert_power(connection, UUID, LIFE_ON);
        g_assert_true(life_save(connection, UUID, path, NULL, NULL, NULL, &error));
        g_assert_no_error(error);
        assert_power(connection, UUID, LIFE_OFF);
        g_assert_true(life_restore(connection, path, NULL, false, &error));
        g_assert_no_error(error);
        assert_power(connection, UUID, LIFE_ON);
        g_assert_false(life_restore(connection, nowhere, NULL, false, &error));
        g_assert_nonnull(strstr(error->message, nowhere));
        g_assert_cmpint(g_unlink(path), ==, 0);
        g_assert_cmpint(g_rmdir(folder), ==, 0);
        (void)virConnectClose(connection);
}

static void test_no_agent(void)
{
        virConnectPtr connection = must_connect();
        g_autoptr(GError) error = NULL;

        g_assert_null(life_agent(connection, UUID, "{}", 1, NULL, &error));
        g_assert_nonnull(error);
        g_clear_error(&error);
        g_assert_false(life_agent_wait(connection, UUID, 0, NULL, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
        g_clear_error(&error);
        g_assert_false(life_agent_wait(connection, NONE, 10, NULL, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        (void)virConnectClose(connection);
}

int main(int argc, char *argv[])
{
        g_test_init(&argc, &argv, NULL);
        virSetErrorFunc(NULL, be_quiet);
        g_test_add_func("/life/power", test_power);
        g_test_add_func("/life/shutdown", test_shutdown);
        g_test_add_func("/life/definition", test_definition);
        g_test_add_func("/life/save", test_save);
        g_test_add_func("/life/no-agent", test_no_agent);
        return g_test_run();
}
