/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which machine the host is, from a /proc and a /sys that the test makes. */
#include "host/identity.h"

#include "host-root.h"

static void test_whole(void)
{
        g_auto(HostRoot) root = host_root_new();
        g_autoptr(HostIdentity) identity = NULL;
        const HostThread *thread;

        host_root_set(&root, "/sys/class/dmi/id/sys_vendor", "ACME\n");
        host_root_set(&root, "/sys/class/dmi/id/product_name", "  Box\x01 1\n");
        host_root_set(&root, "/sys/class/dmi/id/product_serial", "S-1\n");
        host_root_set(&root, "/sys/class/dmi/id/product_uuid", "4C4C4544-0042-3510-8051-B7C04F4A4E32\n");
        host_root_set(&root, "/sys/class/dmi/id/bios_version", "2.1\n");
        host_root_set(&root, "/proc/cpuinfo",
                      "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Some CPU @ 2GHz\n\n");
        host_root_set(&root, "/proc/stat", "cpu  1 2 3 4\ncpu0 1 2 3 4\nbtime 1700000000\n");
        host_root_set(&root, "/sys/devices/system/cpu/online", "0-2,5\n");
        host_root_set(&root, "/sys/devices/system/node/online", "0-1\n");
        for (unsigned i = 0; i < 6; i++) {
                g_autofree char *package = g_strdup_printf(
                                        "/sys/devices/system/cpu/cpu%u/topology/physical_package_id", i),
                                *core = g_strdup_printf("/sys/devices/system/cpu/cpu%u/topology/core_id", i);

                host_root_set(&root, package, i < 2 ? "0\n" : "1\n");
                host_root_set(&root, core, "0\n");
        }

        identity = host_identity_read(root.path);
        g_assert_cmpstr(identity->vendor, ==, "ACME");
        g_assert_cmpstr(identity->model, ==, "Box  1");
        g_assert_cmpstr(identity->serial, ==, "S-1");
        g_assert_cmpstr(identity->uuid, ==, "4c4c4544-0042-3510-8051-b7c04f4a4e32");
        g_assert_cmpstr(identity->bios_version, ==, "2.1");
        g_assert_cmpstr(identity->bios_vendor, ==, "");
        g_assert_cmpstr(identity->cpu_vendor, ==, "GenuineIntel");
        g_assert_cmpstr(identity->cpu_model, ==, "Some CPU @ 2GHz");
        g_assert_cmpuint(identity->threads->len, ==, 4);
        thread = &g_array_index(identity->threads, HostThread, 3);
        g_assert_cmpuint(thread->number, ==, 5);
        g_assert_cmpuint(thread->package, ==, 1);
        g_assert_cmpuint(identity->packages, ==, 2);
        g_assert_cmpuint(identity->cores, ==, 2);
        g_assert_cmpuint(identity->nodes, ==, 2);
        g_assert_cmpint(identity->boot_s, ==, 1700000000);
}

/* A machine that says nothing has a UUID all the same, if it has a name for itself. */
static void test_bare(void)
{
        g_auto(HostRoot) root = host_root_new();
        g_autoptr(HostIdentity) bare = host_identity_read(root.path), named = NULL;

        g_assert_cmpstr(bare->vendor, ==, "");
        g_assert_cmpstr(bare->uuid, ==, "00000000-0000-0000-0000-000000000000");
        g_assert_cmpuint(bare->threads->len, ==, 1);
        g_assert_cmpuint(bare->packages, ==, 1);
        g_assert_cmpuint(bare->cores, ==, 1);
        g_assert_cmpint(bare->boot_s, ==, 0);

        host_root_set(&root, "/sys/class/dmi/id/product_uuid", "Not Settable\n");
        host_root_set(&root, "/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
        named = host_identity_read(root.path);
        g_assert_cmpstr(named->uuid, ==, "01234567-89ab-cdef-0123-456789abcdef");
}

static void test_busy(void)
{
        g_auto(HostRoot) root = host_root_new();
        HostCpuTime before, now;
        g_autoptr(GError) error = NULL;

        g_assert_false(host_cpu_time_read(root.path, &before, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_IO);
        g_clear_error(&error);
        host_root_set(&root, "/proc/stat", "intr 5\n");
        g_assert_false(host_cpu_time_read(root.path, &before, &error));
        g_assert_error(error, HOST_ERROR, HOST_ERROR_MALFORMED);

        /* user nice system idle iowait irq softirq steal guest guest_nice */
        host_root_set(&root, "/proc/stat", "cpu  100 0 100 700 100 0 0 0 50 0\ncpu0 1 1 1 1\n");
        g_assert_true(host_cpu_time_read(root.path, &before, NULL));
        g_assert_cmpuint(before.busy, ==, 200);
        g_assert_cmpuint(before.total, ==, 1000);
        host_root_set(&root, "/proc/stat", "cpu  125 0 100 775 100 0 0 0 60 0\n");
        g_assert_true(host_cpu_time_read(root.path, &now, NULL));
        g_assert_cmpfloat_with_epsilon(host_cpu_busy(&before, &now), 0.25, 1e-9);
        g_assert_cmpfloat(host_cpu_busy(&now, &before), ==, 0);
        g_assert_cmpfloat(host_cpu_busy(&now, &now), ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/host-identity/whole", test_whole);
        g_test_add_func("/host-identity/bare", test_bare);
        g_test_add_func("/host-identity/busy", test_busy);
        return g_test_run();
}
