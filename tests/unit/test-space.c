/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report of space: sums over shared and own files, and the worked example, as figures and with real
 * disks. */
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "storage/disk.h"
#include "storage/space.h"
#include "unit.h"

#define CLONES  25
#define PARENTS 3
#define MB      UINT64_C(1000000)

/* Three parents, in hundredths of GB: provisioned and used; each clone's delta. */
static const uint64_t provisioned[PARENTS] = {1100, 800, 800};
static const uint64_t used[PARENTS] = {334, 372, 249};
#define DELTA 13

/* Each parent has the file that its clones stand on and an own one over it, which takes nothing here. */
static void add_family(Space *space, int datastore, uint64_t size, uint64_t base_used, uint64_t delta)
{
        unsigned base = space_add_file(space, datastore, base_used),
                 leaf = space_add_file(space, datastore, 0);
        unsigned parent = space_add_vm(space, "parent"), chain[2] = {leaf, base};

        space_add_disk(space, parent, size, chain, 2);
        for (unsigned i = 0; i < CLONES; i++) {
                unsigned vm = space_add_vm(space, "clone");

                chain[0] = space_add_file(space, datastore, delta);
                space_add_disk(space, vm, size, chain, 2);
                space_set_parent(space, vm, parent);
        }
}

static void test_example(void)
{
        g_autoptr(Space) space = space_new();
        const uint64_t gb = 1000 * MB, hundredth = 10 * MB;

        for (unsigned i = 0; i < PARENTS; i++)
                add_family(space, -1, provisioned[i] * hundredth, used[i] * hundredth, DELTA * hundredth);
        space_compute(space);
        g_assert_cmpuint(space->thick_bytes, ==, 675 * gb);
        g_assert_cmpuint(space->thin_bytes, ==, 23875 * hundredth);
        g_assert_cmpuint(space->linked_bytes, ==, 1930 * hundredth);
        g_assert_cmpuint(space->fleet.provisioned_bytes, ==, 26 * 27 * gb);
        g_assert_cmpuint(space->fleet.used_bytes, ==, 1930 * hundredth);
        g_assert_cmpuint(space->fleet.not_shared_bytes, ==, 75 * DELTA * hundredth);
}

static const SpaceFigures *of_vm(const Space *space, unsigned vm)
{
        return &g_array_index(space->vms, SpaceVm, vm).figures;
}

static void assert_figures(const SpaceFigures *figures, uint64_t provisioned_bytes, uint64_t not_shared,
                           uint64_t used_bytes)
{
        g_assert_cmpuint(figures->provisioned_bytes, ==, provisioned_bytes);
        g_assert_cmpuint(figures->not_shared_bytes, ==, not_shared);
        g_assert_cmpuint(figures->used_bytes, ==, used_bytes);
}

static void test_sums(void)
{
        g_autoptr(Space) space = space_new();
        unsigned fast = space_add_datastore(space, "fast", "/fast", 1000, 500);
        unsigned slow = space_add_datastore(space, "slow", "/slow", 1000, 500);
        unsigned base = space_add_file(space, (int)slow, 40), leaf = space_add_file(space, (int)slow, 1);
        unsigned delta = space_add_file(space, (int)fast, 2), memory = space_add_file(space, (int)fast, 7);
        unsigned own = space_add_file(space, -1, 30);
        unsigned parent = space_add_vm(space, "parent"), clone = space_add_vm(space, "clone");
        unsigned alone = space_add_vm(space, "alone"), bare = space_add_vm(space, "bare");

        space_add_disk(space, clone, 100, (unsigned[]){delta, base}, 2);
        space_add_disk(space, parent, 100, (unsigned[]){leaf, base}, 2);
        /* Two disks over one file, which the VM has once. */
        space_add_disk(space, alone, 60, (unsigned[]){own}, 1);
        space_add_disk(space, alone, 60, (unsigned[]){own}, 1);
        space_add_extra(space, clone, memory);
        space_set_parent(space, clone, parent);

        /* The same however often. */
        for (unsigned i = 0; i < 2; i++) {
                space_compute(space);
                assert_figures(of_vm(space, parent), 100, 1, 41);
                assert_figures(of_vm(space, clone), 107, 9, 49);
                assert_figures(of_vm(space, alone), 120, 30, 30);
                assert_figures(of_vm(space, bare), 0, 0, 0);
                assert_figures(&g_array_index(space->datastores, SpaceDatastore, fast).figures, 107, 9, 9);
                assert_figures(&g_array_index(space->datastores, SpaceDatastore, slow).figures, 100, 1, 41);
                assert_figures(&space->fleet, 327, 40, 80);
                g_assert_cmpuint(space->thick_bytes, ==, 220);
                g_assert_cmpuint(space->thin_bytes, ==, 70);
                g_assert_cmpuint(space->linked_bytes, ==, 73);
        }
}

static void test_too_large(void)
{
        g_autoptr(Space) space = space_new();
        unsigned vm = space_add_vm(space, "vm");

        for (unsigned i = 0; i < 2; i++) {
                unsigned file = space_add_file(space, -1, UINT64_MAX - 1);

                space_add_disk(space, vm, UINT64_MAX - 1, &file, 1);
        }
        space_compute(space);
        assert_figures(&space->fleet, UINT64_MAX, UINT64_MAX, UINT64_MAX);
        g_assert_cmpuint(space->thin_bytes, ==, UINT64_MAX);
}

/* --- with real disks: a hundredth of a GB of the example is this much --- */

#define UNIT_BYTES (64u * 1024u)

static void write_units(const char *path, uint64_t units)
{
        g_autofree char *command = g_strdup_printf("write -P 7 0 %" G_GUINT64_FORMAT, units * UNIT_BYTES);
        const char *const argv[] = {"qemu-io", "-f", "qcow2", "-c", command, path, NULL};
        g_autoptr(GSubprocess) process = g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL);

        g_assert_nonnull(process);
        g_assert_true(g_subprocess_wait_check(process, NULL, NULL));
}

static char *make_base(const char *folder, unsigned i)
{
        g_autofree char *name = g_strdup_printf("parent%u.qcow2", i);
        char *path = g_build_filename(folder, name, NULL);
        g_autoptr(GError) error = NULL;

        g_assert_true(disk_create(path, provisioned[i] * UNIT_BYTES, DISK_THIN, &error));
        g_assert_no_error(error);
        write_units(path, used[i]);
        return path;
}

static char *make_over(const char *base, unsigned i, uint64_t units)
{
        char *path = g_strdup_printf("%s-%u", base, i);
        g_autoptr(GError) error = NULL;

        g_assert_true(disk_create_overlay(path, base, "qcow2", &error));
        g_assert_no_error(error);
        if (units > 0)
                write_units(path, units);
        return path;
}

static double in_gb(uint64_t bytes)
{
        return (double)bytes / UNIT_BYTES / 100;
}

/* What qcow2 needs for itself: 5 clusters a file at most, and one of the tables for every 512 MiB. */
static void assert_about(double gb, double expected, unsigned files)
{
        g_assert_cmpfloat(gb, >=, expected);
        g_assert_cmpfloat(gb, <=, expected + 0.06 * files);
}

static void test_real(void)
{
        g_autofree char *folder = g_dir_make_tmp("aerostat-space-XXXXXX", NULL);
        SpaceSource sources[PARENTS * (CLONES + 1)];
        const char *disks[PARENTS * (CLONES + 1)][2] = {{NULL}};
        static const char *const none[] = {NULL};
        g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(Space) space = space_new();
        unsigned n = 0;

        for (unsigned i = 0; i < PARENTS; i++) {
                char *base = make_base(folder, i);
                int parent = (int)n;

                g_ptr_array_add(paths, base);
                for (unsigned j = 0; j <= CLONES; j++, n++) {
                        char *path = make_over(base, j, j == 0 ? 0 : DELTA);

                        g_ptr_array_add(paths, path);
                        disks[n][0] = path;
                        sources[n] = (SpaceSource){.name = "vm",
                                                   .parent = j == 0 ? -1 : parent,
                                                   .disks = disks[n],
                                                   .extras = none};
                }
        }
        (void)space_add_datastore(space, "store", folder, 0, 0);
        space_gather(space, sources, n);
        space_compute(space);
        g_assert_cmpuint(space->problems->len, ==, 0);
        g_assert_cmpuint(space->files->len, ==, PARENTS * (CLONES + 2));
        g_assert_cmpfloat(in_gb(space->thick_bytes), ==, 675);
        assert_about(in_gb(space->thin_bytes), 238.75, PARENTS * CLONES);
        assert_about(in_gb(space->linked_bytes), 19.3, PARENTS * (CLONES + 2));
        g_assert_cmpuint(g_array_index(space->datastores, SpaceDatastore, 0).figures.used_bytes, ==,
                         space->linked_bytes);

        /* A file that is gone is a problem that names the VM, and the rest is counted. */
        g_assert_cmpint(g_unlink(paths->pdata[0]), ==, 0);
        space_free(g_steal_pointer(&space));
        space = space_new();
        space_gather(space, sources, n);
        space_compute(space);
        g_assert_cmpuint(space->problems->len, ==, CLONES + 1);
        g_assert_nonnull(strstr(space->problems->pdata[0], paths->pdata[0]));
        g_assert_cmpfloat(in_gb(space->thick_bytes), ==, 675);

        for (unsigned i = 1; i < paths->len; i++)
                g_assert_cmpint(g_unlink(paths->pdata[i]), ==, 0);
        g_assert_cmpint(g_rmdir(folder), ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/space/example", test_example);
        g_test_add_func("/space/sums", test_sums);
        g_test_add_func("/space/too-large", test_too_large);
        g_test_add_func("/space/real", test_real);
        return g_test_run();
}
