/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Specifications: what is read is written again, what is wrong is refused by name, names and addresses fit.
 */
#include <limits.h>
#include <string.h>

#include "customization/specification.h"

#define UUID "6f1c1c1e-0000-4000-8000-00000000aaaa"
#define HASH "$6$salt$abcdefghijklmnopqrstuvwxyz0123456789"
#define KEY  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample ops@desk"

static CustomizationSpec *must_parse(const char *json)
{
        g_autoptr(GError) error = NULL;
        CustomizationSpec *spec = customization_parse(json, &error);

        g_assert_no_error(error);
        g_assert_nonnull(spec);
        return spec;
}

static void test_round_trip(void)
{
        static const char json[] =
                "{\"host_name\": \"web-{number}\", \"domain\": \"lab.example.com\", \"time_zone\": "
                "\"Europe/Berlin\", \"cards\": [{\"address\": \"dhcp\"}, {\"address\": "
                "\"10.0.0.10-10.0.0.50/24\", \"gateway\": \"10.0.0.1\", \"dns\": [\"10.0.0.2\", "
                "\"fd00::2\"]}], \"users\": [{\"name\": \"ops\", \"password_hash\": \"" HASH
                "\", \"ssh_keys\": [\"" KEY "\"], \"groups\": [\"adm\", \"ssh-users\"], \"sudo\": true}], "
                "\"commands\": [\"echo 'it\\\"s' \\\\ > /root/\\u00fc\\n\"], \"by\": \"agent\"}";
        g_autoptr(CustomizationSpec) spec = must_parse(json);
        g_autofree char *text = customization_text(spec);
        g_autoptr(CustomizationSpec) again = must_parse(text);
        g_autofree char *text_again = customization_text(again);

        g_assert_cmpstr(text, ==, text_again);
        g_assert_cmpint(customization_by(spec), ==, CUSTOMIZATION_BY_AGENT);
        g_assert_cmpuint(customization_capacity(spec), ==, 41);
        g_assert_nonnull(strstr(text, "10.0.0.10-10.0.0.50/24"));
        g_assert_nonnull(strstr(text, HASH));
        g_assert_nonnull(strstr(text, "\"ssh-users\""));
        g_assert_nonnull(strstr(text, "echo 'it\\\"s' \\\\ > /root/ü\\n"));
}

static void test_defaults(void)
{
        g_autoptr(CustomizationSpec) spec = must_parse("{}");
        g_autofree char *host_name =
                customization_host_name(spec, &(CustomizationTarget){.name = "web01", .uuid = UUID});

        g_assert_cmpstr(host_name, ==, "web01");
        g_assert_cmpint(customization_by(spec), ==, CUSTOMIZATION_BY_CLOUD_INIT);
        g_assert_cmpuint(customization_capacity(spec), ==, UINT_MAX);
        g_assert_true(customization_check(
                spec, &(CustomizationTarget){.name = "web01", .uuid = UUID, .index = 7}, NULL));
}

/* Each is refused, in words that have the second text in them. */
static const char *const bad[][2] = {
        {"", "JSON"},
        {"[]", "is a JSON object"},
        {"{", "JSON"},
        {"{\"by\": \"agent\"} x", "JSON"},
        {"{'by': 'agent'}", "JSON"},
        {"{/* \" */\"by\":\"agent\"}", "JSON"},
        {"{\"hostname\": \"a\"}", "has no member \"hostname\"; there are description, host_name, domain"},
        {"{\"host\\nname\": \"a\"}", "\"host\\nname\""},
        {"{\"host_name\": 5}", "host_name is a string"},
        {"{\"host_name\": \"\"}", "host_name is empty"},
        {"{\"host_name\": \"a b\"}", "host_name has letters, digits"},
        {"{\"host_name\": \"a.b\"}", "host_name has letters, digits"},
        {"{\"host_name\": \"{nam}\"}", "host_name has letters, digits"},
        {"{\"host_name\": \"\xc3\xbc\"}", "host_name has letters, digits"},
        {"{\"host_name\": \"-a\"}", "hyphen"},
        {"{\"host_name\": \"{name}-\"}", "hyphen"},
        {"{\"host_name\": \"{name}{name}\"}", "at most once"},
        {"{\"host_name\": \"a234567890123456789012345678901234567890b\"}", "at most 40"},
        {"{\"domain\": \"-a.example\"}", "domain is"},
        {"{\"domain\": \"a..b\"}", "domain is"},
        {"{\"domain\": \"a_b\"}", "domain is"},
        {"{\"domain\": \"a.example\\nx\"}", "domain is"},
        {"{\"time_zone\": \"../../etc/shadow\"}", "time_zone is"},
        {"{\"time_zone\": \"/etc/shadow\"}", "time_zone is"},
        {"{\"time_zone\": \"Europe/Berlin\\n\"}", "time_zone is"},
        {"{\"time_zone\": \"\"}", "time_zone is"},
        {"{\"by\": \"magic\"}", "by is"},
        {"{\"cards\": {}}", "cards is a list"},
        {"{\"cards\": [1]}", "cards[0] is an object"},
        {"{\"cards\": [{}]}", "cards[0].address is \"dhcp\""},
        {"{\"cards\": [{\"address\": \"10.0.0.1\"}]}", "cards[0].address is"},
        {"{\"cards\": [{\"address\": \"10.0.0.1/33\"}]}", "1 to 32 bits"},
        {"{\"cards\": [{\"address\": \"fd00::1/0\"}]}", "1 to 128 bits"},
        {"{\"cards\": [{\"address\": \"10.0.0.9-10.0.0.5/24\"}]}", "begins after its end"},
        {"{\"cards\": [{\"address\": \"10.0.0.9-10.0.1.5/24\"}]}", "goes beyond its network"},
        {"{\"cards\": [{\"address\": \"10.0.0.9-fd00::9/24\"}]}", "is \"dhcp\""},
        {"{\"cards\": [{\"address\": \"10.0.0.0-10.0.0.9/24\"}]}", "network's own"},
        {"{\"cards\": [{\"address\": \"10.0.0.9-10.0.0.255/24\"}]}", "broadcast"},
        {"{\"cards\": [{\"address\": \"127.0.0.5/24\"}]}", "no card can have"},
        {"{\"cards\": [{\"address\": \"224.0.0.5/24\"}]}", "no card can have"},
        {"{\"cards\": [{\"address\": \"ff02::5/64\"}]}", "no card can have"},
        {"{\"cards\": [{\"address\": \"10.0.0.9/24\", \"gateway\": \"10.0.1.1\"}]}",
         "is not in the network"},
        {"{\"cards\": [{\"address\": \"10.0.0.9/24\", \"gateway\": \"fd00::1\"}]}", "is not in the network"},
        {"{\"cards\": [{\"address\": \"10.0.0.9/24\", \"gateway\": \"10.0.0.9\"}]}", "is in the pool"},
        {"{\"cards\": [{\"address\": \"10.0.0.9/24\", \"gateway\": \"router\"}]}", "gateway is an address"},
        {"{\"cards\": [{\"address\": \"10.0.0.9/24\", \"dns\": [\"10.0.0.2\", \"a\"]}]}",
         "cards[0].dns[1] is an address"},
        {"{\"cards\": [{\"address\": \"dhcp\", \"gateway\": \"10.0.0.1\"}]}", "by DHCP"},
        {"{\"users\": [{}]}", "users[0].name is"},
        {"{\"users\": [{\"name\": \"Ops\"}]}", "users[0].name is"},
        {"{\"users\": [{\"name\": \"a:b\"}]}", "users[0].name is"},
        {"{\"users\": [{\"name\": \"-rf\"}]}", "users[0].name is"},
        {"{\"users\": [{\"name\": \"a\\nb\"}]}", "users[0].name is"},
        {"{\"users\": [{\"name\": \"a$(reboot)\"}]}", "users[0].name is"},
        {"{\"users\": [{\"name\": \"ops\"}, {\"name\": \"ops\"}]}", "users has ops twice"},
        {"{\"users\": [{\"name\": \"ops\", \"password_hash\": \"secret\"}]}", "password_hash that is none"},
        {"{\"users\": [{\"name\": \"ops\", \"password_hash\": \"" HASH "\\nroot::0\"}]}",
         "password_hash that is none"},
        {"{\"users\": [{\"name\": \"ops\", \"password_hash\": \"$6$a:b$cdefghijklmnop\"}]}",
         "password_hash that is none"},
        {"{\"users\": [{\"name\": \"ops\", \"ssh_keys\": [\"AAAA\"]}]}", "ssh_keys[0] is a public key"},
        {"{\"users\": [{\"name\": \"ops\", \"ssh_keys\": [\"" KEY "\\n" KEY "\"]}]}",
         "ssh_keys[0] is one line"},
        {"{\"users\": [{\"name\": \"ops\", \"ssh_keys\": \"" KEY "\"}]}", "ssh_keys is a list"},
        {"{\"users\": [{\"name\": \"ops\", \"groups\": [\"a,b\"]}]}", "groups[0] is"},
        {"{\"users\": [{\"name\": \"ops\", \"sudo\": \"yes\"}]}", "users[0].sudo is true or false"},
        {"{\"users\": [{\"name\": \"ops\", \"shell\": \"/bin/sh\"}]}", "users[0] has no member \"shell\""},
        {"{\"commands\": \"reboot\"}", "commands is a list"},
        {"{\"commands\": [\" \\n\"]}", "commands[0] is empty"},
        {"{\"commands\": [[\"a\"]]}", "commands[0] is a string"},
        {"{\"commands\": [\"rm -r /tmp/a\\u0000b\"]}", "NUL"},
        {"{\"commands\": [\"a\xff\"]}", "UTF-8"},
        {"{\"commands\": [\"a\\r\\n\"]}", "commands[0] has control characters"},
        {"{\"commands\": [\"a\\u001f\"]}", "commands[0] has control characters"},
        {"{\"commands\": [\"a\\u0085\"]}", "commands[0] has control characters"},
        {"{\"commands\": [\"a\", [[[[[[[[[]]]]]]]]]}", "nested too deeply"},
};

static void test_bad(void)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_autoptr(GError) error = NULL;
                CustomizationSpec *spec = customization_parse(bad[i][0], &error);

                if (spec != NULL)
                        g_error("taken: %s", bad[i][0]);
                g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
                if (strstr(error->message, bad[i][1]) == NULL)
                        g_error("%s: \"%s\" says nothing of \"%s\"", bad[i][0], error->message, bad[i][1]);
        }
}

static void test_bounds(void)
{
        GString *many = g_string_new("{\"commands\": [\"true\"");
        g_autoptr(CustomizationSpec) spec = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *deep = g_strnfill(CUSTOMIZATION_TEXT_MAX, '[');
        g_autofree char *huge = g_strnfill(CUSTOMIZATION_TEXT_MAX + 1, ' ');
        g_autofree char *hidden = g_strconcat("{/* \" */", deep + 100, NULL);

        for (unsigned i = 1; i < CUSTOMIZATION_COMMANDS_MAX; i++)
                g_string_append(many, ", \"[ -e \\\\u0000 ]\"");
        g_string_append(many, "]}");
        spec = must_parse(many->str);
        g_string_truncate(many, many->len - 2);
        g_string_append(many, ", \"true\"]}");
        g_assert_null(customization_parse(many->str, &error));
        g_assert_nonnull(strstr(error->message, "commands has at most 100"));
        g_assert_null(customization_parse(deep, NULL));
        g_assert_null(customization_parse(hidden, NULL));
        g_assert_null(customization_parse(huge, NULL));
        (void)g_string_free(many, TRUE);
}

static char *host_name(const char *pattern, const char *name, unsigned index)
{
        g_autofree char *json = g_strdup_printf("{\"host_name\": \"%s\"}", pattern);
        g_autoptr(CustomizationSpec) spec = must_parse(json);

        return customization_host_name(spec,
                                       &(CustomizationTarget){.name = name, .uuid = UUID, .index = index});
}

static void test_host_names(void)
{
        static const struct {
                const char *pattern, *name;
                unsigned index;
                const char *expected;
        } cases[] = {
                {"{name}", "Capture01", 0, "Capture01"},
                {"{name}", "Tmpl Capture 1.0", 0, "Tmpl-Capture-1-0"},
                {"{name}-{number}", "web", 0, "web-1"},
                {"lab-{number}", "web", UINT_MAX, "lab-4294967296"},
                {"fixed", "web", 3, "fixed"},
                {"{name}", "B\xc3\xbcro \xe2\x80\x94 1", 0, "Buro-1"},
                {"{name}", "--a--", 0, "a"},
                {"{name}", "\xe6\x9d\xb1\xe4\xba\xac", 0, "vm-6f1c1c1e"},
                {"x-{name}", "...", 0, "x-vm-6f1c1c1e"},
                {"{name}", "a\"b'c\nd$(e)", 0, "a-b-c-d-e"},
                {"{name}", "{number}", 4, "number"},
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *result = host_name(cases[i].pattern, cases[i].name, cases[i].index);

                g_assert_cmpstr(result, ==, cases[i].expected);
        }
}

/* However long both are, it is one label, and long names that differ at their ends alone stay two. */
static void test_long_names(void)
{
        g_autofree char *long_name = g_strnfill(300, 'x');
        g_autofree char *other_name = g_strconcat(long_name, "2", NULL);
        g_autofree char *filler = g_strnfill(53, 'b');
        g_autofree char *hyphens = g_strconcat(filler, "- c d e f g h", NULL);
        g_autofree char *sixty_three = g_strnfill(63, 'y');
        const char *const patterns[] = {"{name}", "{name}-{number}",
                                        "a23456789012345678901234567890123456789-{name}{number}"};

        for (unsigned i = 0; i < G_N_ELEMENTS(patterns); i++) {
                g_autofree char *one = host_name(patterns[i], long_name, 4000000000u);
                g_autofree char *other = host_name(patterns[i], other_name, 4000000000u);
                g_autofree char *third = host_name(patterns[i], hyphens, 0);

                g_assert_cmpuint(strlen(one), <=, 63);
                g_assert_cmpuint(strlen(other), <=, 63);
                g_assert_cmpuint(strlen(third), <=, 63);
                g_assert_cmpstr(one, !=, other);
                g_assert_null(strstr(third, "--"));
        }
        {
                g_autofree char *whole = host_name("{name}", sixty_three, 0);

                g_assert_cmpstr(whole, ==, sixty_three);
        }
}

static void test_check(void)
{
        static const char *const macs[] = {"52:54:00:00:00:01", "52:54:00:00:00:02", NULL};
        g_autoptr(CustomizationSpec) spec = must_parse(
                "{\"cards\": [{\"address\": \"10.0.0.1-10.0.0.3/24\"}, {\"address\": \"fd00::1/64\"}]}");
        CustomizationTarget target = {.name = "web01", .uuid = UUID, .index = 0, .macs = macs};
        g_autoptr(GError) error = NULL;

        g_assert_cmpuint(customization_capacity(spec), ==, 1);
        g_assert_true(customization_check(spec, &target, NULL));
        target.index = 1;
        g_assert_false(customization_check(spec, &target, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
        g_assert_nonnull(strstr(error->message, "web01 would be number 2"));
        g_clear_error(&error);
        target.index = 0;
        target.macs = &macs[1];
        g_assert_false(customization_check(spec, &target, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(error->message, "web01 has 1 network card and"));
}

/* Pools beyond what a number of 32 bits counts. */
static void test_large_pool(void)
{
        g_autoptr(CustomizationSpec) spec =
                must_parse("{\"cards\": [{\"address\": \"fd00::1-fd00::ffff:ffff:ffff/64\"}]}");
        g_autoptr(CustomizationSpec) whole = must_parse("{\"cards\": [{\"address\": \"::2-7fff::/1\"}]}");

        g_assert_cmpuint(customization_capacity(spec), ==, UINT_MAX);
        g_assert_cmpuint(customization_capacity(whole), ==, UINT_MAX);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/customization/round-trip", test_round_trip);
        g_test_add_func("/customization/defaults", test_defaults);
        g_test_add_func("/customization/bad", test_bad);
        g_test_add_func("/customization/bounds", test_bounds);
        g_test_add_func("/customization/host-names", test_host_names);
        g_test_add_func("/customization/long-names", test_long_names);
        g_test_add_func("/customization/check", test_check);
        g_test_add_func("/customization/large-pool", test_large_pool);
        return g_test_run();
}
