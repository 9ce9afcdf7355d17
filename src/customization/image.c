/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The seed's CD-ROM image, by xorriso. It wants files by name, so the three texts lie beside the image for a
 * moment, where the VM's folder is removed with all its files whatever becomes of us.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "customization/seed.h"

#define LABEL "CIDATA"

/* Any date, as long as it is always the same: that of DOS, as in other reproducible images. */
#define DATE       "315532800"
#define OUTPUT_MAX 300 /* bytes of what xorriso says that an error repeats */

/* xorriso's words. */
#define FAILURE  "FAILURE : "
#define NO_SPACE "exceeds free space"

typedef struct SeedFile {
        const char *name; /* in the image */
        const char *text; /* NULL: it is not in the image */
        char *path;       /* of the text beside the image */
} SeedFile;

static bool fail(GError **error, int code, const char *path, const char *what)
{
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(code), "%s: %s: %s", path, what,
                    g_strerror(code));
        return false;
}

/* A new, empty file that nobody else can read, whatever was there. */
static int make_file(const char *path, GError **error)
{
        int fd;

        if (unlink(path) < 0 && errno != ENOENT)
                return fail(error, errno, path, "cannot be replaced"), -1;
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
                (void)fail(error, errno, path, "cannot be made");
        return fd;
}

static bool write_file(const char *path, const char *text, GError **error)
{
        size_t size = strlen(text), done = 0;
        int fd = make_file(path, error);

        if (fd < 0)
                return false;
        while (done < size) {
                ssize_t n = write(fd, text + done, size - done);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0) {
                        (void)fail(error, errno, path, "cannot be written");
                        (void)close(fd);
                        return false;
                }
                done += (size_t)n;
        }
        (void)close(fd);
        return true;
}

/* "NAME=PATH" as xorriso reads it. */
static char *graft(const SeedFile *file)
{
        GString *text = g_string_new(file->name);

        g_string_append_c(text, '=');
        for (const char *at = file->path; *at != '\0'; at++) {
                if (*at == '=' || *at == '\\')
                        g_string_append_c(text, '\\');
                g_string_append_c(text, *at);
        }
        return g_string_free(text, FALSE);
}

static bool run(const char *const *arguments, const char *path, GError **error)
{
        g_autoptr(GSubprocessLauncher) launcher =
                g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
        g_autoptr(GSubprocess) process = NULL;
        g_autoptr(GError) wrong = NULL;
        g_autoptr(GBytes) output = NULL;
        g_autofree char *said = NULL;
        const char *what;
        gsize size;
        bool full;

        g_subprocess_launcher_setenv(launcher, "SOURCE_DATE_EPOCH", DATE, TRUE);
        g_subprocess_launcher_setenv(launcher, "LC_ALL", "C", TRUE);
        process = g_subprocess_launcher_spawnv(launcher, arguments, &wrong);
        if (g_error_matches(wrong, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "xorriso is not installed, which writes the CD-ROM for cloud-init; install the "
                            "package xorriso, or have the specification applied \"by\": \"agent\"");
                return false;
        }
        if (process == NULL || !g_subprocess_communicate(process, NULL, NULL, &output, NULL, &wrong)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: xorriso: %s", path, wrong->message);
                return false;
        }
        if (g_subprocess_get_successful(process))
                return true;
        said = g_strndup(g_bytes_get_data(output, &size), g_bytes_get_size(output));
        what = g_strrstr(g_strchomp(said), FAILURE);
        what = what != NULL ? what + strlen(FAILURE) : said;
        full = strstr(said, g_strerror(ENOSPC)) != NULL || strstr(said, NO_SPACE) != NULL;
        g_set_error(error, G_IO_ERROR, full ? G_IO_ERROR_NO_SPACE : G_IO_ERROR_FAILED,
                    "%s could not be written: %s: %.*s", path, full ? "there is no space left" : "xorriso",
                    OUTPUT_MAX, what);
        return false;
}

static bool make_image(const SeedFile *files, unsigned n, const char *image, GError **error)
{
        static const char *const options[] = {
                "xorriso",
                "-no_rc",
                "-as",
                "mkisofs",
                "-quiet",
                "-volid",
                LABEL,
                "-joliet",
                "-no-pad",
                "-rational-rock",
                "--set_all_file_dates",
                ("=" DATE),
                "-o",
        };
        g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
        int fd = make_file(image, error);

        /* With its mode and empty: it is written into. */
        if (fd < 0)
                return false;
        (void)close(fd);
        for (unsigned i = 0; i < G_N_ELEMENTS(options); i++)
                g_ptr_array_add(arguments, g_strdup(options[i]));
        g_ptr_array_add(arguments, g_strdup(image));
        g_ptr_array_add(arguments, g_strdup("-graft-points"));
        for (unsigned i = 0; i < n; i++)
                if (files[i].text != NULL)
                        g_ptr_array_add(arguments, graft(&files[i]));
        g_ptr_array_add(arguments, NULL);
        return run((const char *const *)arguments->pdata, image, error);
}

static bool sync_path(const char *path, int flags, GError **error)
{
        int fd = open(path, flags | O_RDONLY | O_CLOEXEC);
        bool right = fd >= 0 && fsync(fd) == 0;

        if (!right)
                (void)fail(error, errno, path, "cannot be brought to disk");
        if (fd >= 0)
                (void)close(fd);
        return right;
}

/* Under its own name only when it is whole and on the disk. */
static bool put_in_place(const char *image, const char *path, GError **error)
{
        g_autofree char *folder = g_path_get_dirname(path);

        if (!sync_path(image, 0, error))
                return false;
        if (rename(image, path) < 0)
                return fail(error, errno, path, "cannot be replaced");
        return sync_path(folder, O_DIRECTORY, error);
}

bool customization_make_seed(const CustomizationSpec *spec, const CustomizationTarget *target,
                             const char *path, GError **error)
{
        g_autoptr(CustomizationSeed) seed = customization_seed_new(spec, target, error);
        g_autofree char *image = g_strconcat(path, ".new", NULL);
        SeedFile files[] = {{"meta-data"}, {"user-data"}, {"network-config"}};
        bool done = seed != NULL;

        if (seed == NULL)
                return false;
        files[0].text = seed->meta_data;
        files[1].text = seed->user_data;
        files[2].text = seed->network_config;
        for (unsigned i = 0; i < G_N_ELEMENTS(files); i++) {
                files[i].path = g_strconcat(path, ".", files[i].name, NULL);
                if (done && files[i].text != NULL)
                        done = write_file(files[i].path, files[i].text, error);
        }
        done = done && make_image(files, G_N_ELEMENTS(files), image, error) &&
               put_in_place(image, path, error);
        if (!done)
                (void)unlink(image);
        for (unsigned i = 0; i < G_N_ELEMENTS(files); i++) {
                (void)unlink(files[i].path);
                g_free(files[i].path);
        }
        return done;
}
