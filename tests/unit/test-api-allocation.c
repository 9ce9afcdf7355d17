/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Allocations and options, from vim25 and into it. */
#include "api/host/allocation.h"
#include "api/host/option.h"
#include "unit.h"

static VimValue *info(const char *level, int64_t shares, int64_t reservation, int64_t limit)
{
        VimValue *value = vim_new_object("ResourceAllocationInfo"), *pair = vim_new_object("SharesInfo");

        vim_set_text(pair, "level", level);
        vim_set_int(pair, "shares", shares);
        vim_set(value, "shares", pair);
        vim_set_int(value, "reservation", reservation);
        vim_set_int(value, "limit", limit);
        return value;
}

static void test_read(void)
{
        g_autoptr(VimValue) level = info("high", 77, 512, -1), custom = info("custom", 77, 0, 2048);
        g_autoptr(VimValue) nothing = vim_new_object("ResourceAllocationInfo");
        Allocation allocation;

        g_assert_true(allocation_read(level, &allocation, NULL));
        g_assert_cmpstr(allocation.shares, ==, "high"); /* the number counts with custom only */
        g_assert_true(allocation.has_reservation && allocation.has_limit && !allocation.has_expandable);
        g_assert_cmpint(allocation.reservation_mib, ==, 512);
        g_assert_cmpint(allocation.limit_mib, ==, -1);

        g_assert_true(allocation_read(custom, &allocation, NULL));
        g_assert_cmpstr(allocation.shares, ==, "77");
        g_assert_cmpint(allocation.limit_mib, ==, 2048);

        g_assert_true(allocation_read(nothing, &allocation, NULL));
        g_assert_cmpstr(allocation.shares, ==, "");
        g_assert_false(allocation.has_reservation || allocation.has_limit || allocation.has_expandable);
        g_assert_true(allocation_read(NULL, &allocation, NULL));
}

static void refuse(VimValue *value, const char *word)
{
        g_autoptr(VimValue) taken = value;
        g_autoptr(GError) error = NULL;
        Allocation allocation = {.reservation_mib = 7};

        g_assert_false(allocation_read(taken, &allocation, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(error->message, word));
        g_assert_cmpint(allocation.reservation_mib, ==, 7);
}

static void test_refused(void)
{
        refuse(info("custom", 0, 0, -1), "shares");
        refuse(info("custom", 1000001, 0, -1), "shares");
        refuse(info("normal", 0, -1, -1), "reservation");
        refuse(info("normal", 0, INT64_MAX, -1), "reservation");
        refuse(info("normal", 0, 0, -2), "limit");
        refuse(info("normal", 0, 0, INT64_MAX), "limit");
}

static void test_apply(void)
{
        g_autoptr(VimValue) value = info("low", 0, 5, 9);
        InventoryPool pool = {
                .path = NULL, .shares = g_strdup("normal"), .reservation_mib = 1, .limit_mib = -1};
        Allocation allocation;

        g_assert_true(allocation_read(NULL, &allocation, NULL));
        allocation_apply(&allocation, &pool);
        g_assert_cmpstr(pool.shares, ==, "normal");
        g_assert_cmpint(pool.reservation_mib, ==, 1);
        vim_set_bool(value, "expandableReservation", true);
        g_assert_true(allocation_read(value, &allocation, NULL));
        allocation_apply(&allocation, &pool);
        g_assert_cmpstr(pool.shares, ==, "low");
        g_assert_cmpint(pool.reservation_mib, ==, 5);
        g_assert_cmpint(pool.limit_mib, ==, 9);
        g_assert_true(pool.expandable);
        g_free(pool.shares);
}

static void check_cpu(VimValue *value, bool right)
{
        g_autoptr(VimValue) taken = value;
        g_autoptr(GError) error = NULL;

        g_assert_true(allocation_check_cpu(taken, 4000, &error) == right);
        if (!right)
                g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void test_cpu(void)
{
        check_cpu(NULL, true);
        check_cpu(info("normal", 1, 0, -1), true);
        check_cpu(info("custom", 4000, 0, -1), true);
        check_cpu(info("custom", 4001, 0, -1), false);
        check_cpu(info("high", 8000, 0, -1), false);
        check_cpu(info("normal", 4000, 1, -1), false);
        check_cpu(info("normal", 4000, 0, 1000), false);
        check_cpu(allocation_cpu_value(4000), true);
}

static void test_value(void)
{
        g_autoptr(VimValue) value = allocation_value("123", 123, 4, -1, false);
        const VimValue *shares = vim_get(value, "shares");

        g_assert_cmpstr(vim_get_text(shares, "level"), ==, "custom");
        g_assert_cmpint(vim_get_int(shares, "shares", 0), ==, 123);
        g_assert_cmpint(vim_get_int(value, "limit", 0), ==, -1);
        g_assert_false(vim_get_bool(value, "expandableReservation", true));
}

/* --- options --- */

static void test_option_number(void)
{
        const struct {
                VimValue *value;
                int64_t number; /* -1: refused */
        } cases[] = {
                {vim_new_long(50), 50},        {vim_new_int(0), 0},
                {vim_new_short(99), 99},       {vim_new_string("42"), 42},
                {vim_new_long(100), -1},       {vim_new_int(-1), -1},
                {vim_new_string("42 "), -1},   {vim_new_string(""), -1},
                {vim_new_bool(true), -1},      {vim_new_double(5), -1},
                {vim_new_list("int"), -1},     {NULL, -1},
                {vim_new_long(INT64_MIN), -1}, {vim_new_string("99999999999999999999"), -1},
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(VimValue) value = cases[i].value;
                g_autoptr(GError) error = NULL;
                int64_t number = -1;

                g_assert_true(option_number(POLICY_IDLE_TAX, value, &number, &error) ==
                              (cases[i].number >= 0));
                g_assert_cmpint(number, ==, cases[i].number);
                if (cases[i].number < 0)
                        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        }
}

static void test_option_def(void)
{
        for (unsigned i = 0; i < POLICY_SETTINGS; i++) {
                g_autoptr(VimValue) def = option_def(&policy_settings[i]);
                const VimValue *type = vim_get(def, "optionType");

                g_assert_cmpstr(vim_get_text(def, "key"), ==, policy_settings[i].name);
                g_assert_nonnull(strstr(vim_get_text(def, "summary"), policy_settings[i].help));
                g_assert_cmpint(vim_get_int(type, "min", -1), ==, policy_settings[i].min);
                g_assert_cmpint(vim_get_int(type, "max", -1), ==, policy_settings[i].max);
                g_assert_cmpint(vim_get_int(type, "defaultValue", -1), ==, policy_settings[i].default_value);
        }
}

static void test_option_find(void)
{
        g_autoptr(VimValue) all = vim_new_list("OptionValue"), found = NULL, whole = NULL;

        vim_add(all, option_value("Mem.IdleTax", vim_new_long(1)));
        vim_add(all, option_value("Mem.SamplePeriod", vim_new_long(2)));
        vim_add(all, option_value("Net.Other", vim_new_long(3)));
        found = option_find(all, "mem.");
        g_assert_cmpuint(vim_length(found), ==, 2);
        whole = option_find(all, NULL);
        g_assert_cmpuint(vim_length(whole), ==, 3);
        g_assert_null(option_find(all, "Mem.IdleTax2"));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/allocation/read", test_read);
        g_test_add_func("/allocation/refused", test_refused);
        g_test_add_func("/allocation/apply", test_apply);
        g_test_add_func("/allocation/cpu", test_cpu);
        g_test_add_func("/allocation/value", test_value);
        g_test_add_func("/option/number", test_option_number);
        g_test_add_func("/option/definition", test_option_def);
        g_test_add_func("/option/find", test_option_find);
        return g_test_run();
}
