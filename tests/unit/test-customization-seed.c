/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cloud-init's texts, word for word, and the image: its label, its files, its mode, always the same bytes.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "customization/seed.h"

#define UUID "6f1c1c1e-0000-4000-8000-00000000aaaa"

static const char *const macs[] = {"52:54:00:00:00:01", "52:54:00:00:00:02", NULL};

/* With all that quoting could get wrong: in JSON, in YAML and in a shell. */
static const char rich[] =
        "{\"host_name\": \"{name}-{number}\", \"domain\": \"lab.example\", \"time_zone\": \"UTC\", "
        "\"cards\": [{\"address\": \"10.0.0.10-10.0.0.50/24\", \"gateway\": \"10.0.0.1\", \"dns\": "
        "[\"10.0.0.2\"]}, {\"address\": \"dhcp\"}], \"users\": [{\"name\": \"ops\", \"password_hash\": "
        "\"$6$salt$abcdefghijkl\", \"ssh_keys\": [\"ssh-ed25519 AAAAC3Nz o'ps: #\\\"x\\\"\"], \"groups\": "
        "[\"adm\"], \"sudo\": true}, {\"name\": \"dev\"}], \"commands\": [\"echo 'a: \\\"b\\\"' # "
        "c\\n\\ttab "
        "\\\\ - {x}\\u2028\\ufeff\xf0\x9f\x98\x80\xc3\xbc /\", \"- [\"]}";

static const char rich_user_data[] = "#cloud-config\n"
                                     "{\n"
                                     "  \"hostname\" : \"web-8\",\n"
                                     "  \"fqdn\" : \"web-8.lab.example\",\n"
                                     "  \"preserve_hostname\" : false,\n"
                                     "  \"manage_etc_hosts\" : \"localhost\",\n"
                                     "  \"timezone\" : \"UTC\",\n"
                                     "  \"users\" : [\n"
                                     "    {\n"
                                     "      \"name\" : \"ops\",\n"
                                     "      \"lock_passwd\" : false,\n"
                                     "      \"hashed_passwd\" : \"$6$salt$abcdefghijkl\",\n"
                                     "      \"ssh_authorized_keys\" : [\n"
                                     "        \"ssh-ed25519 AAAAC3Nz o'ps: #\\\"x\\\"\"\n"
                                     "      ],\n"
                                     "      \"groups\" : [\n"
                                     "        \"adm\"\n"
                                     "      ],\n"
                                     "      \"sudo\" : \"ALL=(ALL) NOPASSWD:ALL\"\n"
                                     "    },\n"
                                     "    {\n"
                                     "      \"name\" : \"dev\",\n"
                                     "      \"lock_passwd\" : false\n"
                                     "    }\n"
                                     "  ],\n"
                                     "  \"runcmd\" : [\n"
                                     "    [\n"
                                     "      \"/bin/sh\",\n"
                                     "      \"-c\",\n"
                                     "      \"echo 'a: \\\"b\\\"' # c\\n\\ttab \\\\ - "
                                     "{x}\\u2028\\ufeff\xf0\x9f\x98\x80\xc3\xbc /\"\n"
                                     "    ],\n"
                                     "    [\n"
                                     "      \"/bin/sh\",\n"
                                     "      \"-c\",\n"
                                     "      \"- [\"\n"
                                     "    ]\n"
                                     "  ]\n"
                                     "}\n";

static const char rich_network_config[] = "{\n"
                                          "  \"version\" : 2,\n"
                                          "  \"ethernets\" : {\n"
                                          "    \"eth0\" : {\n"
                                          "      \"match\" : {\n"
                                          "        \"macaddress\" : \"52:54:00:00:00:01\"\n"
                                          "      },\n"
                                          "      \"set-name\" : \"eth0\",\n"
                                          "      \"dhcp4\" : false,\n"
                                          "      \"addresses\" : [\n"
                                          "        \"10.0.0.17/24\"\n"
                                          "      ],\n"
                                          "      \"routes\" : [\n"
                                          "        {\n"
                                          "          \"to\" : \"0.0.0.0/0\",\n"
                                          "          \"via\" : \"10.0.0.1\"\n"
                                          "        }\n"
                                          "      ],\n"
                                          "      \"nameservers\" : {\n"
                                          "        \"addresses\" : [\n"
                                          "          \"10.0.0.2\"\n"
                                          "        ],\n"
                                          "        \"search\" : [\n"
                                          "          \"lab.example\"\n"
                                          "        ]\n"
                                          "      }\n"
                                          "    },\n"
                                          "    \"eth1\" : {\n"
                                          "      \"match\" : {\n"
                                          "        \"macaddress\" : \"52:54:00:00:00:02\"\n"
                                          "      },\n"
                                          "      \"set-name\" : \"eth1\",\n"
                                          "      \"dhcp4\" : true\n"
                                          "    }\n"
                                          "  }\n"
                                          "}\n";

static CustomizationSpec *must_parse(const char *json)
{
        g_autoptr(GError) error = NULL;
        CustomizationSpec *spec = customization_parse(json, &error);

        g_assert_no_error(error);
        return spec;
}

static void test_golden(void)
{
        g_autoptr(CustomizationSpec) spec = must_parse(rich);
        CustomizationTarget target = {.name = "web", .uuid = UUID, .index = 7, .macs = macs};
        g_autoptr(CustomizationSeed) seed = customization_seed_new(spec, &target, NULL);

        g_assert_cmpstr(seed->user_data, ==, rich_user_data);
        g_assert_cmpstr(seed->network_config, ==, rich_network_config);
        g_assert_true(g_str_has_prefix(seed->meta_data, "{\n  \"instance-id\" : \"" UUID "-"));
        g_assert_true(g_str_has_suffix(seed->meta_data, "\",\n  \"local-hostname\" : \"web-8\"\n}\n"));
}

static void test_version_6(void)
{
        g_autoptr(CustomizationSpec) spec = must_parse(
                "{\"cards\": [{\"address\": \"fd00::fffe-fd00::1:5/64\", \"gateway\": \"fd00::1\"}]}");
        CustomizationTarget target = {.name = "web", .uuid = UUID, .index = 3, .macs = &macs[1]};
        g_autoptr(CustomizationSeed) seed = customization_seed_new(spec, &target, NULL);

        g_assert_nonnull(strstr(seed->network_config, "\"fd00::1:1/64\""));
        g_assert_nonnull(strstr(seed->network_config, "\"to\" : \"::/0\""));
        g_assert_null(strstr(seed->network_config, "nameservers"));
}

/* cloud-init does its work again when the instance is another, and only then. */
static void test_instance(void)
{
        g_autoptr(CustomizationSpec) spec = must_parse("{}");
        g_autoptr(CustomizationSpec) other_spec = must_parse("{\"commands\": [\"true\"]}");
        CustomizationTarget target = {.name = "web", .uuid = UUID, .index = 1};
        CustomizationTarget other_index = {.name = "web", .uuid = UUID, .index = 2};
        g_autoptr(CustomizationSeed) seed = customization_seed_new(spec, &target, NULL);
        g_autoptr(CustomizationSeed) same = customization_seed_new(spec, &target, NULL);
        g_autoptr(CustomizationSeed) third = customization_seed_new(other_spec, &target, NULL);
        g_autoptr(CustomizationSeed) fourth = customization_seed_new(spec, &other_index, NULL);

        g_assert_cmpstr(seed->meta_data, ==, same->meta_data);
        g_assert_cmpstr(seed->meta_data, !=, third->meta_data);
        g_assert_cmpstr(seed->meta_data, !=, fourth->meta_data);
        g_assert_null(seed->network_config);
        g_assert_null(strstr(seed->user_data, "users"));
}

/* --- the image --- */

typedef struct Folder {
        char *path, *image;
} Folder;

static void set_up(Folder *folder, gconstpointer data)
{
        (void)data;
        folder->path = g_dir_make_tmp("aerostat-seed-XXXXXX", NULL);
        /* Which xorriso would take for something else, were it not quoted. */
        folder->image = g_build_filename(folder->path, "-a=b \\ \xc3\xbc,'\"-seed.iso", NULL);
}

static void tear_down(Folder *folder, gconstpointer data)
{
        (void)data;
        (void)g_unlink(folder->image);
        /* Nothing was left beside it. */
        g_assert_cmpint(g_rmdir(folder->path), ==, 0);
        g_free(folder->path);
        g_free(folder->image);
}

static char *output_of(const char *const *command)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GSubprocess) process = g_subprocess_newv(
                command, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
        char *output = NULL;

        g_assert_no_error(error);
        g_assert_true(g_subprocess_communicate_utf8(process, NULL, NULL, &output, NULL, &error));
        g_assert_no_error(error);
        return output;
}

static char *file_in(const char *image, const char *name)
{
        g_autofree char *folder = g_dir_make_tmp("aerostat-seed-out-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(folder, name, NULL);
        const char *const command[] = {"xorriso", "-no_rc",   "-osirrox", "on", "-indev",
                                       image,     "-extract", name,       path, NULL};
        g_autofree char *output G_GNUC_UNUSED = output_of(command);
        char *text = NULL;

        if (!g_file_get_contents(path, &text, NULL, NULL))
                text = NULL;
        (void)g_unlink(path);
        g_assert_cmpint(g_rmdir(folder), ==, 0);
        return text;
}

static void test_image(Folder *folder, gconstpointer data)
{
        g_autoptr(CustomizationSpec) spec = must_parse(rich);
        CustomizationTarget target = {.name = "web", .uuid = UUID, .index = 7, .macs = macs};
        const char *const label[] = {"xorriso", "-no_rc", "-indev", folder->image, "-pvd_info", NULL};
        g_autofree char *first = NULL, *second = NULL, *volume = NULL, *user_data = NULL, *network = NULL;
        gsize first_size, second_size;
        g_autoptr(GError) error = NULL;
        struct stat st;

        (void)data;
        g_assert_true(customization_make_seed(spec, &target, folder->image, &error));
        g_assert_no_error(error);
        g_assert_cmpint(g_stat(folder->image, &st), ==, 0);
        g_assert_cmpint(st.st_mode & 07777, ==, 0600);
        volume = output_of(label);
        g_assert_nonnull(strstr(volume, "CIDATA"));
        user_data = file_in(folder->image, "user-data");
        g_assert_cmpstr(user_data, ==, rich_user_data);
        network = file_in(folder->image, "network-config");
        g_assert_cmpstr(network, ==, rich_network_config);

        g_assert_true(g_file_get_contents(folder->image, &first, &first_size, NULL));
        /* Dates in an image are whole seconds: the next one must not be in it. */
        g_usleep(1100000);
        g_assert_true(customization_make_seed(spec, &target, folder->image, &error));
        g_assert_true(g_file_get_contents(folder->image, &second, &second_size, NULL));
        g_assert_cmpmem(first, first_size, second, second_size);
}

/* What a kill left is taken away, and a link that lies there is not followed. */
static void test_leftovers(Folder *folder, gconstpointer data)
{
        g_autoptr(CustomizationSpec) spec = must_parse("{}");
        CustomizationTarget target = {.name = "web", .uuid = UUID};
        g_autofree char *left = g_strconcat(folder->image, ".new", NULL);
        g_autofree char *link = g_strconcat(folder->image, ".user-data", NULL);
        g_autofree char *victim = g_build_filename(folder->path, "victim", NULL);
        g_autofree char *text = NULL, *network = NULL;
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_true(g_file_set_contents(left, "half", -1, NULL));
        g_assert_true(g_file_set_contents(victim, "mine", -1, NULL));
        g_assert_cmpint(symlink(victim, link), ==, 0);
        g_assert_true(customization_make_seed(spec, &target, folder->image, &error));
        g_assert_no_error(error);
        g_assert_true(g_file_get_contents(victim, &text, NULL, NULL));
        g_assert_cmpstr(text, ==, "mine");
        g_assert_cmpint(g_unlink(victim), ==, 0);
        network = file_in(folder->image, "network-config");
        g_assert_null(network);
}

static void test_no_folder(void)
{
        g_autoptr(CustomizationSpec) spec = must_parse("{}");
        CustomizationTarget target = {.name = "web", .uuid = UUID};
        g_autoptr(GError) error = NULL;

        g_assert_false(customization_make_seed(spec, &target, "/nonexistent/a-seed.iso", &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        g_assert_nonnull(strstr(error->message, "/nonexistent/"));
}

/* Where xorriso is not installed the error says so, and nothing is left. */
static void test_no_xorriso(Folder *folder, gconstpointer data)
{
        g_autoptr(CustomizationSpec) spec = must_parse("{}");
        CustomizationTarget target = {.name = "web", .uuid = UUID};
        g_autofree char *path = g_strdup(g_getenv("PATH"));
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_true(g_setenv("PATH", folder->path, TRUE));
        g_assert_false(customization_make_seed(spec, &target, folder->image, &error));
        g_assert_true(g_setenv("PATH", path, TRUE));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        g_assert_nonnull(strstr(error->message, "install the package xorriso"));
        g_assert_false(g_file_test(folder->image, G_FILE_TEST_EXISTS));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/customization-seed/golden", test_golden);
        g_test_add_func("/customization-seed/version-6", test_version_6);
        g_test_add_func("/customization-seed/instance", test_instance);
        g_test_add("/customization-seed/image", Folder, NULL, set_up, test_image, tear_down);
        g_test_add("/customization-seed/leftovers", Folder, NULL, set_up, test_leftovers, tear_down);
        g_test_add_func("/customization-seed/no-folder", test_no_folder);
        g_test_add("/customization-seed/no-xorriso", Folder, NULL, set_up, test_no_xorriso, tear_down);
        return g_test_run();
}
