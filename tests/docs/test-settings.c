/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the documents say of settings is what the tables have: names, defaults, bounds, units. */
#include "policy/settings.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

#define MANUAL  "docs/man/aerostatd.conf.5.scd"
#define SHIPPED "data/aerostatd.conf"

static char *read_document(const char *name)
{
        g_autofree char *path = g_build_filename(SOURCE_ROOT, name, NULL);
        g_autoptr(GError) error = NULL;
        char *text = NULL;

        (void)g_file_get_contents(path, &text, NULL, &error);
        g_assert_no_error(error);
        return text;
}

/* Lines that begin with this prefix. */
static unsigned count_lines(const char *text, const char *prefix)
{
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        unsigned n = 0;

        for (unsigned i = 0; lines[i] != NULL; i++)
                n += g_str_has_prefix(lines[i], prefix);
        return n;
}

static void assert_line(const char *document, const char *text, const char *line)
{
        g_autofree char *whole = g_strdup_printf("%s\n", line);

        if (count_lines(text, line) != 1 || strstr(text, whole) == NULL)
                g_error("%s: this line is to be there once: %s", document, line);
}

static void test_manual(void)
{
        g_autofree char *text = read_document(MANUAL);

        for (int i = 0; i < POLICY_SETTINGS; i++) {
                const struct policy_setting *setting = &policy_settings[i];
                g_autofree char *line =
                        g_strdup_printf("*%s* (default %" PRId64 "; %" PRId64 " to %" PRId64 "%s%s)",
                                        setting->name, setting->default_value, setting->min, setting->max,
                                        *setting->unit ? " " : "", setting->unit);

                assert_line(MANUAL, text, line);
        }
        /* And none that is not there any more. */
        g_assert_cmpuint(count_lines(text, "*Mem."), ==, POLICY_SETTINGS);
}

static void test_manual_of_vms(void)
{
        g_autofree char *text = read_document(MANUAL);

        for (int i = 0; i < POLICY_VM_KEYS; i++) {
                g_autofree char *start = g_strdup_printf("*%s* (default ", policy_vm_keys[i]);

                if (count_lines(text, start) != 1)
                        g_error("%s: one line is to begin with: %s", MANUAL, start);
        }
        g_assert_cmpuint(count_lines(text, "*sched."), ==, POLICY_VM_KEYS);
}

static void test_file(void)
{
        g_autofree char *text = read_document(SHIPPED);

        for (int i = 0; i < POLICY_SETTINGS; i++) {
                g_autofree char *line = g_strdup_printf("#%s=%" PRId64, policy_settings[i].name,
                                                        policy_settings[i].default_value);

                assert_line(SHIPPED, text, line);
        }
        g_assert_cmpuint(count_lines(text, "#Mem."), ==, POLICY_SETTINGS);
        /* What is in force in it as it is shipped: nothing. */
        g_assert_cmpuint(count_lines(text, "Mem."), ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/docs/settings", test_manual);
        g_test_add_func("/docs/settings-of-vms", test_manual_of_vms);
        g_test_add_func("/docs/settings-file", test_file);
        return g_test_run();
}
