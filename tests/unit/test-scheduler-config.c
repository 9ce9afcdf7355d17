/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon's file: what is not understood is refused with what is allowed, and changes nothing. */
#include <glib/gstdio.h>
#include <unistd.h>

#include "scheduler/config.h"

typedef struct File {
        char *folder, *path;
} File;

static void set_up(File *file, gconstpointer data)
{
        g_autoptr(GError) error = NULL;

        (void)data;
        file->folder = g_dir_make_tmp("aerostat-config-XXXXXX", &error);
        g_assert_no_error(error);
        file->path = g_build_filename(file->folder, "aerostatd.conf", NULL);
}

static void tear_down(File *file, gconstpointer data)
{
        (void)data;
        (void)g_unlink(file->path);
        g_assert_cmpint(g_rmdir(file->folder), ==, 0);
        g_free(file->folder);
        g_free(file->path);
}

static void write_file(const File *file, const char *text)
{
        g_autoptr(GError) error = NULL;

        g_assert_true(g_file_set_contents(file->path, text, -1, &error));
        g_assert_no_error(error);
}

static char *read_file(const File *file)
{
        char *text = NULL;

        g_assert_true(g_file_get_contents(file->path, &text, NULL, NULL));
        return text;
}

static Config *must_load(const File *file)
{
        g_autoptr(GError) error = NULL;
        Config *config = config_new(file->path, &error);

        g_assert_no_error(error);
        return config;
}

static bool set_one(Config *config, const char *name, int64_t value, GError **error)
{
        g_autoptr(GHashTable) values = g_hash_table_new(g_str_hash, g_str_equal);

        g_hash_table_insert(values, (char *)(gintptr)name, &value);
        return config_set(config, values, error);
}

static void test_no_file(File *file, gconstpointer data)
{
        g_autoptr(Config) config = must_load(file);

        (void)data;
        for (unsigned id = 0; id < POLICY_SETTINGS; id++)
                g_assert_cmpint(config_get(config, id), ==, policy_settings[id].default_value);
        g_assert_cmpstr(config_connection(config), ==, "qemu:///system");
        g_assert_cmpstr(config_pager_dirs(config)[0], ==, "/run/aerostat/pager");
        g_assert_cmpuint(config_metrics_port(config), ==, 0);
        g_assert_cmpuint(config_api_port(config), ==, 443);
        g_assert_null(config_api_addresses(config));
        g_assert_cmpuint(config_api_plain_port(config), ==, 0);
        g_assert_null(config_api_certificate(config));
        g_assert_cmpuint(config_session_timeout(config), ==, 1800);
        g_assert_false(g_file_test(file->path, G_FILE_TEST_EXISTS));
}

static void test_read(File *file, gconstpointer data)
{
        (void)data;
        write_file(file,
                   "[aerostatd]\nConnection=test:///default\nPagerDirectories=/a;/b\nMetricsPort=9177\n"
                   "ApiPort=0\nApiAddresses=127.0.0.1;::1\nApiCertificate=/c\nApiKey=/k\nSessionTimeout=5\n"
                   "[Memory]\nMem.IdleTax = 0\nmem.hostmemorymb=1024\n");
        g_autoptr(Config) config = must_load(file);

        g_assert_cmpstr(config_connection(config), ==, "test:///default");
        g_assert_cmpstr(config_pager_dirs(config)[1], ==, "/b");
        g_assert_null(config_pager_dirs(config)[2]);
        g_assert_cmpuint(config_metrics_port(config), ==, 9177);
        g_assert_cmpuint(config_api_port(config), ==, 0);
        g_assert_cmpstr(config_api_addresses(config)[1], ==, "::1");
        g_assert_null(config_api_addresses(config)[2]);
        g_assert_cmpstr(config_api_certificate(config), ==, "/c");
        g_assert_cmpstr(config_api_key(config), ==, "/k");
        g_assert_cmpuint(config_session_timeout(config), ==, 5);
        g_assert_cmpint(config_get(config, POLICY_IDLE_TAX), ==, 0);
        g_assert_cmpint(config_get(config, POLICY_HOST_MEMORY_MB), ==, 1024);
}

static const struct {
        const char *text, *names; /* what the message must name: the cause, what is allowed */
        const char *allowed;
} wrong[] = {
        {"[Memry]\nMem.IdleTax=1\n", "[Memry]", "[Memory]"},
        {"[aerostatd]\nConection=x\n", "Conection", "Connection"},
        {"[Memory]\nMem.IdleTaxes=1\n", "Mem.IdleTaxes", "setting list"},
        {"[Memory]\nMem.IdleTax=100\n", "Mem.IdleTax", "99"},
        {"[Memory]\nMem.IdleTax=-1\n", "Mem.IdleTax", "0"},
        {"[Memory]\nMem.IdleTax=much\n", "Mem.IdleTax", "99"},
        {"[Memory]\nMem.IdleTax=\n", "Mem.IdleTax", "99"},
        {"[aerostatd]\nMetricsPort=65536\n", "MetricsPort", "65535"},
        {"[aerostatd]\nMetricsPort=-1\n", "MetricsPort", "65535"},
        {"[aerostatd]\nMetricsPort=http\n", "MetricsPort", "65535"},
        {"[aerostatd]\nApiPort=https\n", "ApiPort", "65535"},
        {"[aerostatd]\nApiPlainPort=65536\n", "ApiPlainPort", "65535"},
        {"[aerostatd]\nSessionTimeout=0\n", "SessionTimeout", "604800"},
        {"[aerostatd]\nApiKey=/k\n", "ApiKey", "ApiCertificate"},
        {"no group\n", "aerostatd.conf", "aerostatd.conf"},
        {"[Memory\nMem.IdleTax=1\n", "aerostatd.conf", "aerostatd.conf"},
};

static void assert_wrong(const File *file, const GError *error, unsigned i)
{
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(error->message, file->path));
        g_assert_nonnull(strstr(error->message, wrong[i].names));
        g_assert_nonnull(strstr(error->message, wrong[i].allowed));
}

static void test_wrong(File *file, gconstpointer data)
{
        (void)data;
        for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
                g_autoptr(GError) error = NULL;

                write_file(file, wrong[i].text);
                g_assert_null(config_new(file->path, &error));
                assert_wrong(file, error, i);
        }
}

/* The file was edited, and wrongly: all stays as it was, and no live change makes the file's errors ours. */
static void test_wrong_later(File *file, gconstpointer data)
{
        (void)data;
        write_file(file, "[aerostatd]\nMetricsPort=1\n[Memory]\nMem.IdleTax=10\n");
        g_autoptr(Config) config = must_load(file);

        for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
                g_autoptr(GError) error = NULL, live = NULL;
                g_autofree char *after = NULL;

                write_file(file, wrong[i].text);
                g_assert_false(config_reload(config, &error));
                assert_wrong(file, error, i);
                g_assert_false(set_one(config, "Mem.BalancePeriod", 20, &live));
                assert_wrong(file, live, i);

                after = read_file(file);
                g_assert_cmpstr(after, ==, wrong[i].text);
                g_assert_cmpint(config_get(config, POLICY_IDLE_TAX), ==, 10);
                g_assert_cmpint(config_get(config, POLICY_BALANCE_PERIOD), ==,
                                policy_settings[POLICY_BALANCE_PERIOD].default_value);
                g_assert_cmpuint(config_metrics_port(config), ==, 1);
        }
}

static void test_live_change(File *file, gconstpointer data)
{
        g_autofree char *text = NULL;

        (void)data;
        write_file(file, "# of the site\n[aerostatd]\nMetricsPort=1\n[Memory]\n# taxes\nMem.IdleTax=10\n");
        g_autoptr(Config) config = must_load(file);

        /* Edited meanwhile: the other change is taken over with this one. */
        write_file(file, "# of the site\n[aerostatd]\nMetricsPort=2\n[Memory]\n# taxes\nMem.IdleTax=10\n");
        g_assert_true(set_one(config, "mem.idletax", 20, NULL));
        g_assert_cmpint(config_get(config, POLICY_IDLE_TAX), ==, 20);
        g_assert_cmpuint(config_metrics_port(config), ==, 2);
        text = read_file(file);
        g_assert_cmpstr(
                text, ==,
                "# of the site\n\n[aerostatd]\nMetricsPort=2\n\n[Memory]\n# taxes\nMem.IdleTax=20\n");
}

/* A setting that the file names in another case, and twice, has one value afterwards. */
static void test_other_case(File *file, gconstpointer data)
{
        g_autofree char *text = NULL;

        (void)data;
        write_file(file, "[Memory]\nMem.IdleTax=10\nmem.idletax=20\n");
        g_autoptr(Config) config = must_load(file);

        g_assert_true(set_one(config, "MEM.IDLETAX", 30, NULL));
        g_assert_cmpint(config_get(config, POLICY_IDLE_TAX), ==, 30);
        text = read_file(file);
        g_assert_cmpstr(text, ==, "[Memory]\nMem.IdleTax=30\nmem.idletax=30\n");
}

/* All or nothing, in the file as in force. */
static void test_several(File *file, gconstpointer data)
{
        g_autoptr(GHashTable) values = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GError) error = NULL, unknown = NULL;
        g_autofree char *text = NULL;
        int64_t tax = 50, period = 1 << 30;

        (void)data;
        write_file(file, "[Memory]\nMem.IdleTax=10\n");
        g_autoptr(Config) config = must_load(file);
        g_hash_table_insert(values, (char *)(gintptr) "Mem.IdleTax", &tax);
        g_hash_table_insert(values, (char *)(gintptr) "Mem.BalancePeriod", &period);
        g_assert_false(config_set(config, values, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(error->message, "Mem.BalancePeriod"));
        g_assert_false(set_one(config, "Mem.Nothing\n", 1, &unknown));
        g_assert_error(unknown, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        g_assert_null(strchr(unknown->message, '\n'));
        g_assert_cmpint(config_get(config, POLICY_IDLE_TAX), ==, 10);
        text = read_file(file);
        g_assert_cmpstr(text, ==, "[Memory]\nMem.IdleTax=10\n");
}

/* Not even root can write there. */
static void test_unwritable(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Config) config = config_new("/proc/aerostat-none/aerostatd.conf", NULL);

        g_assert_nonnull(config);
        g_assert_false(set_one(config, "Mem.IdleTax", 20, &error));
        g_assert_nonnull(strstr(error->message, "cannot be kept"));
        g_assert_nonnull(strstr(error->message, "/proc/aerostat-none"));
        g_assert_cmpint(config_get(config, POLICY_IDLE_TAX), ==, 75);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, File, NULL, set_up, function, tear_down)
        ADD("/config/no-file", test_no_file);
        ADD("/config/read", test_read);
        ADD("/config/wrong", test_wrong);
        ADD("/config/wrong-later", test_wrong_later);
        ADD("/config/live-change", test_live_change);
        ADD("/config/other-case", test_other_case);
        ADD("/config/several", test_several);
        g_test_add_func("/config/unwritable", test_unwritable);
        return g_test_run();
}
