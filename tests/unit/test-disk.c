/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disk files, with the real qemu-img: what they hold after each operation, and what is left when one fails.
 */
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "storage/disk.h"
#include "storage/qcow2.h"
#include "unit.h"

#define MIB(n) ((uint64_t)(n) << 20)
/* What would be read wrongly by a shell, by qemu-img's options, as a protocol or as an option. */
#define ODD_NAMES_SIZE 5
static const char *const odd_names[ODD_NAMES_SIZE] = {"-o", "a,b=c,file.filename=x", "nbd:host:1", "json:{}",
                                                      "new\nline 'q' \"ä\" %s"};

typedef struct Folder {
        char *path;
} Folder;

static void set_up(Folder *folder, gconstpointer data)
{
        (void)data;
        folder->path = g_dir_make_tmp("aerostat-disk-XXXXXX", NULL);
        g_assert_nonnull(folder->path);
}

static void tear_down(Folder *folder, gconstpointer data)
{
        g_autoptr(GDir) dir = g_dir_open(folder->path, 0, NULL);
        const char *name;

        (void)data;
        while ((name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *file = g_build_filename(folder->path, name, NULL);

                g_assert_cmpint(g_unlink(file), ==, 0);
        }
        g_assert_cmpint(g_rmdir(folder->path), ==, 0);
        g_free(folder->path);
}

static char *in(Folder *folder, const char *name)
{
        return g_build_filename(folder->path, name, NULL);
}

/* One command of qemu-io on the disk; whether it did what it should. */
static bool io(const char *path, const char *command)
{
        const char *const argv[] = {"qemu-io", "-f", "qcow2", "-c", command, path, NULL};
        g_autoptr(GSubprocess) process = g_subprocess_newv(
                argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, NULL);
        g_autofree char *text = NULL;

        g_assert_nonnull(process);
        g_assert_true(g_subprocess_communicate_utf8(process, NULL, NULL, &text, NULL, NULL));
        return g_subprocess_get_successful(process) && strstr(text, "verification failed") == NULL;
}

static void must(bool well, GError *error)
{
        g_assert_no_error(error);
        g_assert_true(well);
}

static char *make_disk(Folder *folder, const char *name, unsigned mib)
{
        g_autoptr(GError) error = NULL;
        char *path = in(folder, name);

        must(disk_create(path, MIB(mib), DISK_THIN, &error), error);
        return path;
}

static char *make_overlay(Folder *folder, const char *name, const char *backing)
{
        g_autoptr(GError) error = NULL;
        char *path = in(folder, name);

        must(disk_create_overlay(path, backing, "qcow2", &error), error);
        return path;
}

static uint64_t used(const char *path)
{
        g_autoptr(DiskInfo) info = disk_info(path, NULL);

        g_assert_nonnull(info);
        return info->used_bytes;
}

/* Nothing is wrong with it, and no cluster is nobody's. */
static void assert_clean(const char *path)
{
        const char *const argv[] = {"qemu-img", "check", "-q", "-f", "qcow2", path, NULL};
        g_autoptr(GSubprocess) process = g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_NONE, NULL);

        g_assert_nonnull(process);
        g_assert_true(g_subprocess_wait_check(process, NULL, NULL));
}

static void test_create(Folder *folder, gconstpointer data)
{
        g_autofree char *thin = make_disk(folder, "thin.qcow2", 64), *thick = in(folder, "thick.qcow2");
        g_autoptr(GError) error = NULL;
        g_autoptr(DiskInfo) info = NULL;
        struct stat st;

        (void)data;
        must(disk_create(thick, MIB(16), DISK_THICK, &error), error);
        info = disk_info(thin, &error);
        must(info != NULL, error);
        g_assert_cmpstr(info->format, ==, "qcow2");
        g_assert_null(info->backing);
        g_assert_cmpuint(info->provisioned_bytes, ==, MIB(64));
        g_assert_cmpuint(info->used_bytes, <, MIB(1));
        g_assert_cmpuint(used(thick), >=, MIB(16));
        g_assert_cmpint(g_stat(thin, &st), ==, 0);
        g_assert_cmpint(st.st_mode & 07777, ==, 0600);
        assert_clean(thin);
        assert_clean(thick);

        /* Never over a file that is there. */
        g_assert_true(io(thin, "write -P 7 0 4k"));
        g_assert_false(disk_create(thin, MIB(1), DISK_THIN, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
        g_assert_true(io(thin, "read -P 7 0 4k"));
}

static void assert_not_created(Folder *folder, uint64_t bytes, DiskProvisioning provisioning,
                               GIOErrorEnum code)
{
        g_autofree char *path = in(folder, "no.qcow2");
        g_autoptr(GError) error = NULL;

        g_assert_false(disk_create(path, bytes, provisioning, &error));
        g_assert_error(error, G_IO_ERROR, (int)code);
        g_assert_nonnull(strstr(error->message, path));
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void test_create_refused(Folder *folder, gconstpointer data)
{
        g_autoptr(GError) error = NULL;

        (void)data;
        assert_not_created(folder, 0, DISK_THIN, G_IO_ERROR_INVALID_ARGUMENT);
        assert_not_created(folder, 1000, DISK_THIN, G_IO_ERROR_INVALID_ARGUMENT);
        assert_not_created(folder, UINT64_MAX - 511, DISK_THIN, G_IO_ERROR_INVALID_ARGUMENT);
        assert_not_created(folder, UINT64_C(60) << 40, DISK_THICK, G_IO_ERROR_NO_SPACE);
        g_assert_false(disk_create("relative", MIB(1), DISK_THIN, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void test_odd_names(Folder *folder, gconstpointer data)
{
        (void)data;
        for (unsigned i = 0; i < ODD_NAMES_SIZE; i++) {
                g_autofree char *name = g_strconcat(odd_names[i], " over", NULL);
                g_autofree char *base = make_disk(folder, odd_names[i], 1);
                g_autofree char *over = make_overlay(folder, name, base),
                                *copy = g_strconcat(base, "2", NULL);
                g_autofree char *linked = g_strconcat(base, "3", NULL);
                g_autoptr(GError) error = NULL;
                g_autoptr(DiskInfo) info = disk_info(over, &error);

                must(info != NULL, error);
                g_assert_cmpstr(info->backing, ==, base);
                g_assert_cmpstr(info->backing_format, ==, "qcow2");
                assert_clean(over);
                must(disk_copy(over, copy, DISK_THIN, NULL, NULL, NULL, NULL, &error), error);
                must(disk_copy(over, linked, DISK_THIN, base, NULL, NULL, NULL, &error), error);
                must(disk_commit(over, NULL, NULL, NULL, &error), error);
                must(disk_set_backing(over, base, "qcow2", &error), error);
                must(disk_resize(over, MIB(2), &error), error);
                must(disk_release_zeros(over, NULL, NULL, NULL, &error), error);
        }
}

static void test_info_foreign(Folder *folder, gconstpointer data)
{
        const char *const argv[] = {"qemu-img", "create", "-q", "-f", "vmdk", "x.vmdk", "2M", NULL};
        g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
        g_autoptr(GSubprocess) process = NULL;
        g_autofree char *raw = in(folder, "raw"), *vmdk = in(folder, "x.vmdk"), *text = g_malloc0(MIB(1));
        g_autoptr(DiskInfo) info = NULL, other = NULL;
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_true(g_file_set_contents(raw, text, MIB(1), NULL));
        info = disk_info(raw, &error);
        must(info != NULL, error);
        g_assert_cmpstr(info->format, ==, "raw");
        g_assert_cmpuint(info->provisioned_bytes, ==, MIB(1));

        g_subprocess_launcher_set_cwd(launcher, folder->path);
        process = g_subprocess_launcher_spawnv(launcher, argv, NULL);
        g_assert_true(g_subprocess_wait_check(process, NULL, NULL));
        other = disk_info(vmdk, &error);
        must(other != NULL, error);
        g_assert_cmpstr(other->format, ==, "vmdk");
        g_assert_cmpuint(other->provisioned_bytes, ==, MIB(2));

        g_assert_null(disk_info(folder->path, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_clear_error(&error);
        g_free(g_steal_pointer(&vmdk));
        vmdk = in(folder, "missing");
        g_assert_null(disk_info(vmdk, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* A guest with a raw disk writes the header of a qcow2 that stands on a file of the host. */
static void test_guest_writes_header(Folder *folder, gconstpointer data)
{
        g_autofree char *secret = make_disk(folder, "secret", 1),
                        *forged = make_overlay(folder, "forged", secret);
        g_autofree char *over = in(folder, "over"), *third = in(folder, "third");
        g_autoptr(GPtrArray) chain = NULL;
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_false(disk_check_format(forged, "raw", &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
        g_clear_error(&error);
        must(disk_check_format(forged, "qcow2", &error), error);

        /* What stands on it as raw does not follow what the guest wrote. */
        must(disk_create_overlay(over, forged, "raw", &error), error);
        chain = disk_chain(over, &error);
        must(chain != NULL, error);
        g_assert_cmpuint(chain->len, ==, 2);
        g_assert_false(disk_create_overlay(third, forged, "vmdk", &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_assert_false(g_file_test(third, G_FILE_TEST_EXISTS));
}

static void put_be(uint8_t *data, size_t at, uint64_t value, unsigned bytes)
{
        for (unsigned i = 0; i < bytes; i++)
                data[at + i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
}

/* A header with a backing file at 512; then one figure of it changed. */
static bool parses(size_t size, size_t at, uint64_t value, unsigned bytes)
{
        struct unit_guarded memory = unit_guarded_new(size, false);
        uint8_t data[1024] = "QFI\xfb";
        Qcow2Header header;
        bool well;

        put_be(data, 4, 3, 4);
        put_be(data, 8, 512, 8);
        put_be(data, 16, 5, 4);
        put_be(data, 20, 16, 4);
        put_be(data, 24, MIB(1), 8);
        put_be(data, 100, 104, 4);
        put_be(data, 104, 0xe2792aca, 4);
        put_be(data, 108, 5, 4);
        memcpy(data + 112, "qcow2", 5);
        memcpy(data + 512, "/base", 5);
        put_be(data, at, value, bytes);
        memcpy(memory.data, data, size);
        well = qcow2_parse(memory.data, size, &header) == NULL;
        unit_guarded_free(&memory);
        return well;
}

static void test_header(void)
{
        g_assert_true(parses(1024, 0, 'Q', 1));
        g_assert_false(parses(1024, 0, 'q', 1));
        for (size_t size = 0; size < 517; size += 3)
                g_assert_false(parses(size, 4, 3, 4));
        g_assert_false(parses(1024, 4, 4, 4));  /* version */
        g_assert_false(parses(1024, 20, 8, 4)); /* clusters */
        g_assert_false(parses(1024, 20, 40, 4));
        g_assert_false(parses(1024, 24, UINT64_MAX, 8)); /* size */
        g_assert_false(parses(1024, 8, 1022, 8));        /* name beyond the end */
        g_assert_false(parses(1024, 8, UINT64_MAX, 8));
        g_assert_false(parses(1024, 8, 50, 8)); /* name within the header */
        g_assert_false(parses(1024, 16, 0, 4));
        g_assert_false(parses(1024, 16, 2000, 4));
        g_assert_false(parses(1024, 16, UINT32_MAX, 4));
        g_assert_false(parses(1024, 514, 0, 1));          /* NUL in the name */
        g_assert_false(parses(1024, 100, UINT32_MAX, 4)); /* length of the header */
        g_assert_false(parses(1024, 108, UINT32_MAX, 4)); /* length of an extension */
        g_assert_false(parses(1024, 108, 16, 4));         /* name of the format */

        /* Whatever is in it, nothing is read beyond its end. */
        for (uint64_t seed = 1; seed < 3000; seed++) {
                uint64_t state = seed;
                size_t at = unit_below(&state, 520);

                (void)parses(200 + unit_below(&state, 800), at, unit_random(&state),
                             1 + unit_below(&state, 8));
        }
}

static void test_chain(Folder *folder, gconstpointer data)
{
        g_autofree char *base = make_disk(folder, "base", 1), *mid = make_overlay(folder, "mid", base);
        g_autofree char *top = make_overlay(folder, "top", mid);
        g_autoptr(GPtrArray) chain = NULL, none = NULL;
        g_autoptr(GError) error = NULL;

        (void)data;
        chain = disk_chain(top, &error);
        must(chain != NULL, error);
        g_assert_cmpuint(chain->len, ==, 3);
        g_assert_cmpstr(chain->pdata[0], ==, top);
        g_assert_cmpstr(chain->pdata[1], ==, mid);
        g_assert_cmpstr(chain->pdata[2], ==, base);

        /* One that stands on itself has an end, and so has one whose file is gone. */
        g_assert_cmpint(g_rename(base, mid), ==, 0);
        must(disk_set_backing(mid, mid, "qcow2", &error), error);
        none = disk_chain(top, &error);
        g_assert_null(none);
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
        g_clear_error(&error);
        g_assert_cmpint(g_unlink(mid), ==, 0);
        none = disk_chain(top, &error);
        g_assert_null(none);
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        g_assert_nonnull(strstr(error->message, top));
        g_assert_nonnull(strstr(error->message, mid));
}

static void count(unsigned percent, gpointer user_data)
{
        unsigned *last = user_data;

        g_assert_cmpuint(percent, <=, 100);
        g_assert_cmpuint(percent, >=, *last);
        *last = percent;
}

static void test_copy(Folder *folder, gconstpointer data)
{
        g_autofree char *base = make_disk(folder, "base", 32), *mid = NULL, *top = NULL;
        g_autofree char *whole = in(folder, "whole"), *thick = in(folder, "thick");
        g_autofree char *on_mid = in(folder, "on-mid"), *on_base = in(folder, "on-base");
        g_autoptr(DiskInfo) info = NULL;
        g_autoptr(GError) error = NULL;
        const char *const copies[] = {whole, thick, on_mid, on_base};
        unsigned percent = 0;

        (void)data;
        g_assert_true(io(base, "write -P 1 0 8M"));
        mid = make_overlay(folder, "mid", base);
        g_assert_true(io(mid, "write -P 2 1M 1M"));
        top = make_overlay(folder, "top", mid);
        g_assert_true(io(top, "write -P 3 2M 1M"));
        g_assert_true(io(top, "write -z 3M 1M"));
        g_assert_true(io(top, "write -P 0 16M 8M"));

        must(disk_copy(top, whole, DISK_THIN, NULL, count, &percent, NULL, &error), error);
        g_assert_cmpuint(percent, ==, 100);
        must(disk_copy(top, thick, DISK_THICK, NULL, NULL, NULL, NULL, &error), error);
        must(disk_copy(top, on_mid, DISK_THIN, mid, NULL, NULL, NULL, &error), error);
        must(disk_copy(top, on_base, DISK_THIN, base, NULL, NULL, NULL, &error), error);
        for (unsigned i = 0; i < G_N_ELEMENTS(copies); i++) {
                g_test_message("%s", copies[i]);
                g_assert_true(io(copies[i], "read -P 1 0 1M"));
                g_assert_true(io(copies[i], "read -P 2 1M 1M"));
                g_assert_true(io(copies[i], "read -P 3 2M 1M"));
                g_assert_true(io(copies[i], "read -P 0 3M 1M"));
                g_assert_true(io(copies[i], "read -P 1 4M 4M"));
                g_assert_true(io(copies[i], "read -P 0 8M 24M"));
                assert_clean(copies[i]);
        }
        info = disk_info(on_base, NULL);
        g_assert_cmpstr(info->backing, ==, base);
        g_assert_cmpuint(used(whole), <, MIB(9));
        g_assert_cmpuint(used(thick), >=, MIB(32));
        g_assert_cmpuint(used(on_mid), <, MIB(3));
        g_assert_cmpuint(used(on_base), <, MIB(5));

        g_assert_false(disk_copy(top, whole, DISK_THIN, NULL, NULL, NULL, NULL, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
        g_assert_true(io(whole, "read -P 1 0 1M"));
}

static void cancel(unsigned percent, gpointer user_data)
{
        (void)percent;
        g_cancellable_cancel(user_data);
}

static void test_cancel(Folder *folder, gconstpointer data)
{
        g_autofree char *base = make_disk(folder, "base", 64), *copy = in(folder, "copy");
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_true(io(base, "write -P 1 0 64M"));
        g_assert_false(disk_copy(base, copy, DISK_THIN, NULL, cancel, cancellable, cancellable, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        g_assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
        /* Nobody writes on: the source is free for writing. */
        g_assert_true(io(base, "write -P 2 0 1M"));
}

static void test_commit(Folder *folder, gconstpointer data)
{
        g_autofree char *base = make_disk(folder, "base", 4), *top = NULL;
        g_autoptr(DiskInfo) info = NULL;
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_true(io(base, "write -P 1 0 4M"));
        top = make_overlay(folder, "top", base);
        must(disk_resize(top, MIB(6), &error), error);
        g_assert_true(io(top, "write -P 2 1M 1M"));
        g_assert_true(io(top, "write -z 2M 1M"));
        g_assert_true(io(top, "write -P 3 5M 1M"));
        /* As often as one likes. */
        for (unsigned i = 0; i < 2; i++) {
                must(disk_commit(top, NULL, NULL, NULL, &error), error);
                g_assert_true(io(base, "read -P 1 0 1M"));
                g_assert_true(io(base, "read -P 2 1M 1M"));
                g_assert_true(io(base, "read -P 0 2M 1M"));
                g_assert_true(io(base, "read -P 1 3M 1M"));
                g_assert_true(io(base, "read -P 0 4M 1M"));
                g_assert_true(io(base, "read -P 3 5M 1M"));
                g_assert_true(io(top, "read -P 2 1M 1M"));
                assert_clean(base);
                assert_clean(top);
        }
        info = disk_info(top, NULL);
        g_assert_cmpstr(info->backing, ==, base);
        g_assert_false(disk_commit(base, NULL, NULL, NULL, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* Killed anywhere, what has been written down in part says the same from above, and can be written again. */
static void test_commit_killed(Folder *folder, gconstpointer data)
{
        g_autofree char *base = make_disk(folder, "base", 64), *top = make_overlay(folder, "top", base);
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_true(io(top, "write -P 1 0 64M"));
        for (unsigned i = 0; i < 3; i++) {
                g_autoptr(GCancellable) cancellable = g_cancellable_new();

                g_assert_false(disk_commit(top, cancel, cancellable, cancellable, &error));
                g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
                g_clear_error(&error);
                must(disk_mend_leaks(base, &error), error);
                assert_clean(base);
                assert_clean(top);
                g_assert_true(io(top, "read -P 1 0 64M"));
        }
        must(disk_commit(top, NULL, NULL, NULL, &error), error);
        g_assert_true(io(base, "read -P 1 0 64M"));
}

static void test_resize(Folder *folder, gconstpointer data)
{
        g_autofree char *thin = make_disk(folder, "thin", 1), *thick = in(folder, "thick");
        g_autoptr(GError) error = NULL;
        g_autoptr(DiskInfo) info = NULL;

        (void)data;
        must(disk_create(thick, MIB(4), DISK_THICK, &error), error);
        must(disk_resize(thin, MIB(8), &error), error);
        must(disk_resize(thick, MIB(8), &error), error);
        info = disk_info(thin, NULL);
        g_assert_cmpuint(info->provisioned_bytes, ==, MIB(8));
        g_assert_cmpuint(used(thin), <, MIB(1));
        g_assert_cmpuint(used(thick), >=, MIB(8));
        g_assert_false(disk_resize(thin, MIB(4), &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void test_release_zeros(Folder *folder, gconstpointer data)
{
        g_autofree char *base = make_disk(folder, "base", 16), *top = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(DiskInfo) info = NULL;
        struct stat st;

        (void)data;
        g_assert_true(io(base, "write -P 1 0 16M"));
        g_assert_true(io(base, "write -P 0 4M 8M"));
        g_assert_cmpint(g_chmod(base, 0640), ==, 0);
        must(disk_release_zeros(base, NULL, NULL, NULL, &error), error);
        g_assert_cmpuint(used(base), <, MIB(9));
        g_assert_true(io(base, "read -P 1 0 4M"));
        g_assert_true(io(base, "read -P 0 4M 8M"));
        g_assert_true(io(base, "read -P 1 12M 4M"));
        g_assert_cmpint(g_stat(base, &st), ==, 0);
        g_assert_cmpint(st.st_mode & 07777, ==, 0640);

        /* Zeros over what is beneath are no holes. */
        top = make_overlay(folder, "top", base);
        g_assert_true(io(top, "write -P 0 0 4M"));
        must(disk_release_zeros(top, NULL, NULL, NULL, &error), error);
        g_assert_cmpuint(used(top), <, MIB(1));
        g_assert_true(io(top, "read -P 0 0 12M"));
        g_assert_true(io(top, "read -P 1 12M 4M"));
        info = disk_info(top, NULL);
        g_assert_cmpstr(info->backing, ==, base);
        assert_clean(top);
}

static void test_damaged(Folder *folder, gconstpointer data)
{
        g_autofree char *path = make_disk(folder, "disk", 4);
        const uint64_t nowhere = GUINT64_TO_BE(UINT64_C(0x8000000000ff0000));
        g_autoptr(GError) error = NULL;
        int fd;

        (void)data;
        g_assert_true(io(path, "write -P 1 0 1M"));
        assert_clean(path);
        /* The first entry of the L2 table, which follows the L1 table of a new disk. */
        fd = g_open(path, O_RDWR | O_CLOEXEC);
        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpint(pwrite(fd, &nowhere, sizeof(nowhere), 4 << 16), ==, sizeof(nowhere));
        g_assert_cmpint(close(fd), ==, 0);
        g_assert_false(disk_mend_leaks(path, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
        g_assert_nonnull(strstr(error->message, path));
}

/* A disk that a VM has open is looked at, and not written. */
static void test_open_elsewhere(Folder *folder, gconstpointer data)
{
        g_autofree char *path = make_disk(folder, "disk", 4), *copy = in(folder, "copy");
        const char *const argv[] = {"qemu-io", "-f", "qcow2", path, NULL};
        g_autoptr(GSubprocess) holder = g_subprocess_newv(
                argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
        GOutputStream *input = g_subprocess_get_stdin_pipe(holder);
        g_autoptr(GError) error = NULL;
        g_autoptr(DiskInfo) info = NULL;
        char answer[64];

        (void)data;
        g_assert_true(g_output_stream_write_all(input, "write 0 4k\n", 11, NULL, NULL, NULL));
        g_assert_cmpint(g_input_stream_read(g_subprocess_get_stdout_pipe(holder), answer, sizeof(answer),
                                            NULL, NULL),
                        >, 0);
        info = disk_info(path, &error);
        must(info != NULL, error);
        g_assert_false(disk_resize(path, MIB(8), &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_BUSY);
        g_clear_error(&error);
        g_assert_false(disk_copy(path, copy, DISK_THIN, NULL, NULL, NULL, NULL, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_BUSY);
        g_assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
        g_subprocess_force_exit(holder);
        g_assert_true(g_subprocess_wait(holder, NULL, NULL));
}

/* In a mount namespace of this process: a file system that fills up. */
static void test_no_space(Folder *folder, gconstpointer data)
{
        g_autofree char *small = in(folder, "small"), *base = make_disk(folder, "base", 64);
        g_autofree char *copy = g_build_filename(small, "copy", NULL);
        g_autoptr(GError) error = NULL;

        (void)data;
        if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
                g_test_skip("mounting a small file system needs root");
                return;
        }
        g_assert_true(io(base, "write -P 1 0 64M"));
        g_assert_cmpint(g_mkdir(small, 0700), ==, 0);
        g_assert_cmpint(mount("none", small, "tmpfs", 0, "size=8m"), ==, 0);
        g_assert_false(disk_copy(base, copy, DISK_THIN, NULL, NULL, NULL, NULL, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
        g_assert_nonnull(strstr(error->message, base));
        g_assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
        g_clear_error(&error);
        g_assert_false(disk_create(copy, MIB(16), DISK_THICK, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
        g_assert_nonnull(strstr(error->message, "missing"));
        g_assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
        g_assert_cmpint(umount(small), ==, 0);
        g_assert_cmpint(g_rmdir(small), ==, 0);
}

#define ADD(name, test) g_test_add("/disk/" name, Folder, NULL, set_up, test, tear_down)

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/disk/header", test_header);
        ADD("create", test_create);
        ADD("create-refused", test_create_refused);
        ADD("odd-names", test_odd_names);
        ADD("info-foreign", test_info_foreign);
        ADD("guest-writes-header", test_guest_writes_header);
        ADD("chain", test_chain);
        ADD("copy", test_copy);
        ADD("cancel", test_cancel);
        ADD("commit-killed", test_commit_killed);
        ADD("commit", test_commit);
        ADD("resize", test_resize);
        ADD("release-zeros", test_release_zeros);
        ADD("damaged", test_damaged);
        ADD("open-elsewhere", test_open_elsewhere);
        ADD("no-space", test_no_space);
        return g_test_run();
}
