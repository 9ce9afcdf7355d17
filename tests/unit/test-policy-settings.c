/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names, defaults and bounds of settings, and what is refused with which words. */
#include "policy/settings.h"

#include "base/macro.h"
#include "policy/policy.h"
#include "unit.h"

static void test_table(void)
{
        int64_t values[POLICY_SETTINGS];
        char error[200];

        policy_settings_defaults(values);
        for (int i = 0; i < POLICY_SETTINGS; i++) {
                const struct policy_setting *setting = &policy_settings[i];
                enum policy_setting_id id = (enum policy_setting_id)i;
                g_autofree char *upper = g_ascii_strup(setting->name, -1);

                g_assert_true(g_str_has_prefix(setting->name, "Mem."));
                g_assert_true(g_str_has_suffix(setting->help, "."));
                g_assert_cmpint(policy_setting_find(setting->name), ==, i);
                g_assert_cmpint(policy_setting_find(upper), ==, i);
                g_assert_cmpint(values[i], ==, setting->default_value);
                g_assert_cmpint(policy_setting_check(id, values[i], error, sizeof(error)), ==, 0);
                g_assert_cmpint(policy_setting_check(id, setting->min, error, sizeof(error)), ==, 0);
                g_assert_cmpint(policy_setting_check(id, setting->max, error, sizeof(error)), ==, 0);
                g_assert_cmpint(policy_setting_check(id, setting->min - 1, error, sizeof(error)), ==,
                                -ERANGE);
                g_assert_cmpint(policy_setting_check(id, setting->max + 1, error, sizeof(error)), ==,
                                -ERANGE);
        }
        g_assert_cmpint(values[POLICY_IDLE_TAX], ==, 75);
        g_assert_cmpint(values[POLICY_MIN_FREE_PCT], ==, 6);
        g_assert_cmpint(values[POLICY_CTL_MAX_PERCENT], ==, 65);
        g_assert_cmpint(policy_setting_find("Mem.IdleTa"), ==, -ENOENT);
        g_assert_cmpint(policy_setting_find(""), ==, -ENOENT);
        g_assert_cmpint(policy_setting_check(POLICY_IDLE_TAX, 100, error, sizeof(error)), ==, -ERANGE);
        g_assert_cmpstr(error, ==, "Mem.IdleTax cannot be 100; it goes from 0 to 99 %");
}

static void test_parse(void)
{
        static const char *const bad[] = {"",
                                          "-",
                                          "x",
                                          "7x",
                                          " 7",
                                          "7 ",
                                          "+7",
                                          "0x7",
                                          "7.0",
                                          "--7",
                                          "100",
                                          "-1",
                                          "99999999999999999999999"};
        char error[200];
        int64_t value = 5;

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                error[0] = '\0';
                g_assert_cmpint(policy_setting_parse(POLICY_IDLE_TAX, bad[i], &value, error, sizeof(error)),
                                <, 0);
                g_assert_true(g_str_has_prefix(error, "Mem.IdleTax cannot be "));
                g_assert_nonnull(strstr(error, "from 0 to 99"));
                g_assert_cmpint(value, ==, 5);
        }
        g_assert_cmpint(policy_setting_parse(POLICY_IDLE_TAX, "007", &value, error, sizeof(error)), ==, 0);
        g_assert_cmpint(value, ==, 7);
        /* Somebody else's text does not get at the terminal, and has an end. */
        g_assert_cmpint(policy_setting_parse(POLICY_IDLE_TAX, "\033[2J\n", &value, error, sizeof(error)), ==,
                        -EINVAL);
        g_assert_nonnull(strstr(error, "\"?[2J?\""));
        g_assert_cmpint(
                policy_setting_parse(POLICY_IDLE_TAX,
                                     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                     &value, error, sizeof(error)),
                ==, -EINVAL);
        g_assert_nonnull(strstr(error, "aaa...\""));
        g_assert_null(strstr(error, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

static void test_vm_values(void)
{
        static const struct {
                const char *key, *value;
                int result;
                const char *shown; /* NULL: as given */
        } cases[] = {
                {"sched.mem.shares", "normal", 0, NULL},
                {"sched.mem.shares", "LOW", 0, "low"},
                {"SCHED.MEM.SHARES", "high", 0, NULL},
                {"sched.mem.shares", "1", 0, NULL},
                {"sched.mem.shares", "1000000", 0, NULL},
                {"sched.mem.shares", "0", -EINVAL, NULL},
                {"sched.mem.shares", "1000001", -EINVAL, NULL},
                {"sched.mem.shares", "-5", -EINVAL, NULL},
                {"sched.mem.shares", "custom", -EINVAL, NULL},
                {"sched.mem.min", "0", 0, NULL},
                {"sched.mem.min", "512", 0, NULL},
                {"sched.mem.min", "-1", -ERANGE, NULL},
                {"sched.mem.min", "8589934593", -ERANGE, NULL},
                {"sched.mem.min", "1G", -EINVAL, NULL},
                {"sched.mem.max", "-1", 0, NULL},
                {"sched.mem.max", "4", 0, NULL},
                {"sched.mem.max", "3", -ERANGE, NULL},
                {"sched.mem.max", "-2", -ERANGE, NULL},
                {"sched.mem.maxmemctl", "-1", 0, NULL},
                {"sched.mem.maxmemctl", "0", 0, NULL},
                {"sched.mem.maxmemctl", "x", -EINVAL, NULL},
                {"sched.mem.pshare.enable", "false", 0, "FALSE"},
                {"sched.mem.pshare.enable", "TRUE", 0, NULL},
                {"sched.mem.pshare.enable", "yes", -EINVAL, NULL},
                {"sched.mem.pshare.enable", "", -EINVAL, NULL},
                {"sched.mem.pshare.salt", "tenant 7", 0, NULL},
                {"sched.mem.pshare.salt", "", 0, NULL},
                {"sched.mem.pshare.salt", "a\nb", -EINVAL, NULL},
                {"sched.mem.pshare.salt", "0123456789012345678901234567890123456789012345678901234567890123",
                 0, NULL},
                {"sched.mem.pshare.salt",
                 "01234567890123456789012345678901234567890123456789012345678901234", -EINVAL, NULL},
                {"sched.swap.dir", "/var/swap", 0, NULL},
                {"sched.swap.dir", "", 0, NULL},
                {"sched.swap.dir", "var/swap", -EINVAL, NULL},
                {"sched.swap.dir", "/var\n/swap", -EINVAL, NULL},
                {"sched.mem.minsize", "5", -ENOENT, NULL},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree struct policy_vm_config *config = g_new(struct policy_vm_config, 1);
                g_autofree struct policy_vm_config *before = g_new(struct policy_vm_config, 1);
                char error[300] = "", text[PATH_MAX];
                int id = policy_vm_key_find(cases[i].key);

                memset(config, 0, sizeof(*config));
                policy_vm_config_init(config);
                memcpy(before, config, sizeof(*config));
                g_test_message("%s = %s", cases[i].key, cases[i].value);
                g_assert_cmpint(
                        policy_vm_config_parse(config, cases[i].key, cases[i].value, error, sizeof(error)),
                        ==, cases[i].result);
                if (cases[i].result < 0) {
                        g_assert_cmpstr(error, !=, "");
                        g_assert_cmpmem(config, sizeof(*config), before, sizeof(*before));
                        continue;
                }
                g_assert_cmpint(policy_vm_config_format(config, (enum policy_vm_key)id, text, sizeof(text)),
                                ==, 0);
                g_assert_cmpstr(text, ==, cases[i].shown ? cases[i].shown : cases[i].value);
        }
}

static void test_vm_defaults(void)
{
        static const char *const defaults[POLICY_VM_KEYS] = {"normal", "0", "-1", "-1", "TRUE", "", ""};
        struct policy_vm_config config;
        char text[16], error[200];

        policy_vm_config_init(&config);
        for (int i = 0; i < POLICY_VM_KEYS; i++) {
                g_assert_cmpint(policy_vm_config_format(&config, (enum policy_vm_key)i, text, sizeof(text)),
                                ==, 0);
                g_assert_cmpstr(text, ==, defaults[i]);
                g_assert_cmpint(
                        policy_vm_config_parse(&config, policy_vm_keys[i], text, error, sizeof(error)), ==,
                        0);
        }
        g_assert_cmpint(policy_vm_config_format(&config, POLICY_VM_SHARES, text, 3), ==, -ENOSPC);
        g_assert_cmpint(policy_vm_config_format(&config, POLICY_VM_KEYS, text, sizeof(text)), ==, -EINVAL);
}

static void test_vm_check(void)
{
        struct policy_vm_config config;
        char error[200];

        policy_vm_config_init(&config);
        config.reservation_mb = 512;
        g_assert_cmpint(policy_vm_config_check(&config, MIB(512), error, sizeof(error)), ==, 0);
        g_assert_cmpint(policy_vm_config_check(&config, MIB(256), error, sizeof(error)), ==, -ERANGE);
        g_assert_nonnull(strstr(error, "512 MB is above its size of 256 MB"));
        config.limit_mb = 300;
        g_assert_cmpint(policy_vm_config_check(&config, MIB(1024), error, sizeof(error)), ==, -ERANGE);
        g_assert_nonnull(strstr(error, "512 MB is above its limit (sched.mem.max) of 300 MB"));
}

static void test_vm_figures(void)
{
        struct policy_vm_config config;

        policy_vm_config_init(&config);
        g_assert_cmpuint(policy_vm_config_shares(&config, MIB(512)), ==, 5120);
        config.shares_level = POLICY_SHARES_LOW;
        g_assert_cmpuint(policy_vm_config_shares(&config, MIB(512)), ==, 2560);
        config.shares_level = POLICY_SHARES_HIGH;
        g_assert_cmpuint(policy_vm_config_shares(&config, MIB(512)), ==, 10240);
        g_assert_cmpuint(policy_vm_config_shares(&config, 0), ==, 1);
        g_assert_cmpuint(policy_vm_config_shares(&config, UINT64_MAX), ==, UINT32_MAX);
        config.shares_level = POLICY_SHARES_CUSTOM;
        config.custom_shares = 77;
        g_assert_cmpuint(policy_vm_config_shares(&config, MIB(512)), ==, 77);

        g_assert_cmpuint(policy_vm_config_limit_bytes(&config), ==, POLICY_UNLIMITED);
        config.limit_mb = 300;
        g_assert_cmpuint(policy_vm_config_limit_bytes(&config), ==, MIB(300));

        g_assert_cmpuint(policy_vm_config_balloon_max_bytes(&config, MIB(1000), 65), ==, MIB(650));
        g_assert_cmpuint(policy_vm_config_balloon_max_bytes(&config, MIB(1000), 0), ==, 0);
        config.balloon_max_mb = 100;
        g_assert_cmpuint(policy_vm_config_balloon_max_bytes(&config, MIB(1000), 65), ==, MIB(100));
        config.balloon_max_mb = 2000;
        g_assert_cmpuint(policy_vm_config_balloon_max_bytes(&config, MIB(1000), 65), ==, MIB(1000));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/policy-settings/table", test_table);
        g_test_add_func("/policy-settings/parse", test_parse);
        g_test_add_func("/policy-settings/vm-values", test_vm_values);
        g_test_add_func("/policy-settings/vm-defaults", test_vm_defaults);
        g_test_add_func("/policy-settings/vm-check", test_vm_check);
        g_test_add_func("/policy-settings/vm-figures", test_vm_figures);
        return g_test_run();
}
