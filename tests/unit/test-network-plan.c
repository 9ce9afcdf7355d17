/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of VLANs: what they say, what is wrong with them, and what is to be done for them. */
#include "network/plan.h"

#include "unit.h"

/* "VLAN name@switch" of each row. */
static char *show(const GPtrArray *rows)
{
        GString *text = g_string_new(NULL);

        for (unsigned i = 0; i < rows->len; i++) {
                const PlanGroup *row = rows->pdata[i];

                g_string_append_printf(text, "%s%u:%u %s@%s", i > 0 ? "|" : "", row->line, row->vlan,
                                       row->name, row->switch_name != NULL ? row->switch_name : "");
        }
        return g_string_free(text, FALSE);
}

static void assert_rows(const char *text, const char *expected)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) rows = plan_parse(text, &error);
        g_autofree char *shown = NULL;

        g_assert_no_error(error);
        shown = show(rows);
        g_assert_cmpstr(shown, ==, expected);
}

static void assert_refused(const char *text, const char *expected)
{
        g_autoptr(GError) error = NULL;

        g_assert_null(plan_parse(text, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_assert_cmpstr(error->message, ==, expected);
}

static void test_rows(void)
{
        assert_rows("", "");
        assert_rows("\n \n# 1,x\n  # y\n", "");
        assert_rows("10,lab", "1:10 lab@");
        assert_rows("# the lab\r\n10,lab\r\n\r\n 0 , Office 2 ,sw1 \r\n4095,all,\r\n",
                    "2:10 lab@|4:0 Office 2@sw1|5:4095 all@");
        assert_rows("\xef\xbb\xbf"
                    "vlan,Name\n7,\"a \"\"b\"\", c\" , \"s w\"\n",
                    "2:7 a \"b\", c@s w");
        assert_rows("#x\nVLAN,NAME,SWITCH\n1,Grün\n", "3:1 Grün@");
        /* Two port groups may have one VLAN; and 010 is ten. */
        assert_rows("10,a\n010,b", "1:10 a@|2:10 b@");
        /* Only what comes first is titles. */
        assert_refused("1,a\nVLAN,NAME\n", "line 2: a VLAN is a number from 0 to 4095, not \"VLAN\"");
        assert_refused("VLAN,NAME,SWITCH,MORE\n",
                       "line 1: too many commas; a line is VLAN,NAME or VLAN,NAME,SWITCH, and a name with a "
                       "comma stands in quotes");
}

static void test_wrong_rows(void)
{
        g_autoptr(GString) many = g_string_new(NULL);
        g_autoptr(GError) error = NULL;
        g_autofree char *large = NULL;

        assert_refused("10\n", "line 1: a name is missing; a line is VLAN,NAME or VLAN,NAME,SWITCH");
        assert_refused("10,\n", "line 1: \"\" cannot be the name of a port group: it is empty");
        for (const char **vlan = (const char *[]){"4096", "-1", "", "1x", "0x1", "1.0", "+1",
                                                  "99999999999999999999", NULL};
             *vlan; vlan++) {
                g_autofree char *line = g_strdup_printf("%s,x", *vlan);
                g_autofree char *expected =
                        g_strdup_printf("line 1: a VLAN is a number from 0 to 4095, not \"%s\"", *vlan);

                assert_refused(line, expected);
        }
        for (const char **line = (const char *[]){"1,\"a", "1,\"a\"b", "1,a\"b", "\"1,a", "1,\"\"\"", NULL};
             *line; line++)
                assert_refused(*line, "line 1: quotes that do not match; a field in quotes has its own "
                                      "doubled: \"a \"\"b\"\"\"");
        assert_refused(
                "1,a\n#\n2,b\n3,a\n",
                "line 4: port group \"a\" stands in line 1 already; a name belongs to one port group");
        assert_refused(
                "x,a\n1,b\n2,c,sw/1",
                "line 1: a VLAN is a number from 0 to 4095, not \"x\"; line 3: \"sw/1\" cannot be the "
                "name of a virtual switch: it has a \"/\" or a \"\\\"");

        for (unsigned i = 0; i < 13; i++)
                g_string_append(many, "x\n");
        g_assert_null(plan_parse(many->str, &error));
        g_assert_true(g_str_has_suffix(error->message, "VLAN,NAME,SWITCH; and 3 more lines"));
        g_assert_nonnull(strstr(error->message, "line 10:"));
        g_assert_null(strstr(error->message, "line 11:"));

        g_string_truncate(many, 0);
        for (unsigned i = 0; i < PLAN_ROWS_MAX; i++)
                g_string_append_printf(many, "%u,n%u\n", i % 4096, i);
        g_ptr_array_unref(plan_parse(many->str, NULL));
        g_string_append(many, "1,more");
        assert_refused(many->str, "line 4097: a table has at most 4096 port groups");
        large = g_strnfill(PLAN_TEXT_MAX + 1, '#');
        assert_refused(large, "the table is larger than 1048576 bytes");
}

static void test_names(void)
{
        g_autofree char *longest = g_strnfill(80, 'x'), *longer = g_strnfill(81, 'x');
        g_autoptr(GString) umlauts = g_string_new(NULL);
        g_autoptr(GError) error = NULL;

        for (unsigned i = 0; i < 80; i++)
                g_string_append(umlauts, "ü");
        for (const char *const *name = (const char *[]){"a", "VM Network", "-x", "a,b:c\"d'e", longest,
                                                        umlauts->str, "...", "网络", NULL};
             *name; name++)
                g_assert_true(plan_check_name("port group", *name, NULL));
        for (const char *const *name =
                     (const char *[]){"", longer, "a/b", "a\\b", ".", "..", " a", "a ", "a\nb", "a\tb",
                                      "\x7f", "\xff", "a\xc3", "\xc2\x85", "a\xc2\xa0", NULL};
             *name; name++)
                g_assert_false(plan_check_name("port group", *name, NULL));
        g_assert_false(plan_check_name("port group", "a\n\"b", &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_assert_cmpstr(error->message, ==,
                        "\"a\\n\\\"b\" cannot be the name of a port group: it has a control character");
        g_assert_true(plan_check_vlan(0, NULL) && plan_check_vlan(4095, NULL));
        g_assert_false(plan_check_vlan(-1, NULL) || plan_check_vlan(4096, NULL));
}

static void add(GPtrArray *groups, const char *name, const char *switch_name, unsigned vlan)
{
        g_ptr_array_add(groups, plan_group_new(name, switch_name, vlan));
}

static void assert_difference(const GPtrArray *wanted, const GPtrArray *present, bool remove_others,
                              const char *expected)
{
        g_autoptr(GPtrArray) steps = plan_difference(wanted, present, remove_others);
        g_autoptr(GString) text = g_string_new(NULL);

        for (unsigned i = 0; i < steps->len; i++) {
                const PlanStep *step = steps->pdata[i];
                const PlanGroup *group = step->after != NULL ? step->after : step->before;

                g_assert_true((step->before == NULL) == (step->action == PLAN_MAKE));
                g_assert_true((step->after == NULL) == (step->action == PLAN_REMOVE));
                g_string_append_printf(text, "%s%s %s", i > 0 ? "|" : "", plan_action_name(step->action),
                                       group->name);
        }
        g_assert_cmpstr(text->str, ==, expected);
}

static void test_difference(void)
{
        g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func((GDestroyNotify)plan_group_free);
        g_autoptr(GPtrArray) present = g_ptr_array_new_with_free_func((GDestroyNotify)plan_group_free);

        assert_difference(wanted, present, true, "");
        add(present, "old", "sw0", 9);
        add(present, "same", "sw0", 1);
        add(present, "vlan", "sw0", 2);
        add(present, "moved", "sw1", 3);
        add(present, "elsewhere", "sw2", 10);
        assert_difference(wanted, present, true, "");

        add(wanted, "vlan", "sw0", 20);
        add(wanted, "new", "sw0", 9);
        add(wanted, "same", "sw0", 1);
        add(wanted, "moved", "sw0", 3);
        assert_difference(wanted, present, false, "change vlan|make new|keep same|change moved");
        /* sw2 is no matter of this table; sw1, which a port group leaves, is none either. */
        add(present, "left", "sw1", 4);
        assert_difference(wanted, present, true, "change vlan|make new|keep same|change moved|remove old");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/network-plan/rows", test_rows);
        g_test_add_func("/network-plan/wrong-rows", test_wrong_rows);
        g_test_add_func("/network-plan/names", test_names);
        g_test_add_func("/network-plan/difference", test_difference);
        return g_test_run();
}
