/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In place of a test under ThreadSanitizer. GLib is not built with it, and its locks are futexes that it does not
 * see: whatever threads hand over through GMutex, GThreadPool or GSubprocess would be reported.
 */
#include <glib.h>

static void test_nothing(void)
{
        g_test_skip("ThreadSanitizer does not see GLib's locks");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/tsan/glib", test_nothing);
        return g_test_run();
}
