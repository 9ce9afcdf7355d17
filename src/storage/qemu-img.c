/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One run of qemu-img: bounded output, progress, an end when it is cancelled, errors in our words. */
#include "storage/qemu-img.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define OUTPUT_MAX    (1u << 20) /* more is an error */
#define COMPLAINT_MAX 1024u      /* more is dropped: the first words say what it is */

typedef struct Progress {
        DiskProgress report;
        gpointer user_data;
        int percent; /* last reported */
        bool inside; /* of "(12.34/100%)", before the point */
        unsigned value;
} Progress;

typedef struct Stream {
        int fd; /* -1: ended */
        GString *text;
        size_t max;
        bool overflowed;
} Stream;

static void follow_progress(Progress *progress, const char *text, size_t length)
{
        for (size_t i = 0; i < length; i++) {
                if (text[i] == '(') {
                        progress->inside = true;
                        progress->value = 0;
                } else if (progress->inside && g_ascii_isdigit(text[i]) && progress->value < 100) {
                        progress->value = 10 * progress->value + (unsigned)(text[i] - '0');
                } else if (progress->inside) {
                        progress->inside = false;
                        if (text[i] != '.' || progress->value > 100 ||
                            (int)progress->value == progress->percent)
                                continue;
                        progress->percent = (int)progress->value;
                        progress->report(progress->value, progress->user_data);
                }
        }
}

/* What there is to read now; there is something, or the end. */
static void take(Stream *stream, Progress *progress)
{
        char buffer[4096];
        ssize_t n = read(stream->fd, buffer, sizeof(buffer));
        size_t room = stream->max - stream->text->len;

        if (n < 0 && errno == EINTR)
                return;
        if (n <= 0) {
                stream->fd = -1; /* which is its pipe's to close */
                return;
        }
        if (progress->report != NULL && stream->max == OUTPUT_MAX) {
                follow_progress(progress, buffer, (size_t)n);
                return;
        }
        stream->overflowed |= (size_t)n > room;
        g_string_append_len(stream->text, buffer, (gssize)MIN((size_t)n, room));
}

/* Until both streams have ended. Returns false when it has to be killed, with the reason. */
static bool pump(const QemuImg *run, Stream *output, Stream *complaints, GError **error)
{
        Progress progress = {.report = run->progress, .user_data = run->user_data, .percent = -1};
        GPollFD fds[3] = {{.events = G_IO_IN}, {.events = G_IO_IN}};
        unsigned n = g_cancellable_make_pollfd(run->cancellable, &fds[2]) ? 3 : 2;
        bool well = true;

        while (well && (output->fd >= 0 || complaints->fd >= 0)) {
                int r;

                fds[0].fd = output->fd;
                fds[1].fd = complaints->fd;
                r = g_poll(fds, n, run->silence_s > 0 ? (int)(1000 * run->silence_s) : -1);
                if (r < 0 && errno == EINTR)
                        continue;
                if (r == 0) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                    "cannot %s %s: qemu-img has not said anything for %u s", run->doing,
                                    run->path, run->silence_s);
                        well = false;
                } else if (g_cancellable_set_error_if_cancelled(run->cancellable, error)) {
                        well = false;
                } else {
                        if (output->fd >= 0 && fds[0].revents != 0)
                                take(output, &progress);
                        if (complaints->fd >= 0 && fds[1].revents != 0)
                                take(complaints, &progress);
                }
        }
        if (n == 3)
                g_cancellable_release_fd(run->cancellable);
        return well;
}

/* What it complained about: one line, printable, without its own name. */
static char *describe(const char *complaints)
{
        g_autofree char *text = g_utf8_make_valid(complaints, -1);
        const char *begin = g_str_has_prefix(text, "qemu-img: ") ? text + strlen("qemu-img: ") : text;

        for (char *p = text; *p != '\0'; p++)
                if (g_ascii_iscntrl(*p))
                        *p = ' ';
        return g_strstrip(g_strdup(begin));
}

static void set_failure(const QemuImg *run, GSubprocess *process, const char *complaints, GError **error)
{
        g_autofree char *words = describe(complaints);

        if (g_subprocess_get_if_signaled(process))
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                            "cannot %s %s: qemu-img was ended by signal %d", run->doing, run->path,
                            g_subprocess_get_term_sig(process));
        else if (strstr(words, "No space left on device") != NULL ||
                 strstr(words, "Disk quota exceeded") != NULL)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "cannot %s %s: there is no space left",
                            run->doing, run->path);
        else if (strstr(words, "\" lock") != NULL)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "cannot %s %s: it is open elsewhere (%s); power off the VM that uses it",
                            run->doing, run->path, words);
        else
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot %s %s: %s", run->doing, run->path,
                            *words != '\0' ? words : "qemu-img does not say why");
}

/* In the child: a copy that nobody waits for must not go on writing, also when we are killed. */
static void die_with_parent(gpointer user_data)
{
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != GPOINTER_TO_INT(user_data))
                _exit(127);
}

static GSubprocess *launch(const QemuImg *run, GError **error)
{
        g_autoptr(GSubprocessLauncher) launcher =
                g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
        g_autoptr(GPtrArray) words = g_ptr_array_new();
        g_autoptr(GError) failure = NULL;
        GSubprocess *process;

        g_ptr_array_add(words, (gpointer)(guintptr) "qemu-img");
        for (const char *const *p = run->arguments; *p != NULL; p++)
                g_ptr_array_add(words, (gpointer)(guintptr)*p);
        g_ptr_array_add(words, NULL);
        g_subprocess_launcher_setenv(launcher, "LC_ALL", "C", TRUE);
        g_subprocess_launcher_unsetenv(launcher, "LD_PRELOAD");
        g_subprocess_launcher_set_child_setup(launcher, die_with_parent, GINT_TO_POINTER(getpid()), NULL);
        process = g_subprocess_launcher_spawnv(launcher, (const char *const *)words->pdata, &failure);
        if (process == NULL && g_error_matches(failure, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "cannot %s %s: there is no qemu-img; install qemu-utils", run->doing, run->path);
        else if (process == NULL)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                            "cannot %s %s: qemu-img cannot be started: %s", run->doing, run->path,
                            failure->message);
        return process;
}

static int pipe_fd(GInputStream *stream)
{
        return g_unix_input_stream_get_fd(G_UNIX_INPUT_STREAM(stream));
}

bool qemu_img_run(const QemuImg *run, GError **error)
{
        g_autoptr(GString) said = g_string_new(NULL), complained = g_string_new(NULL);
        g_autoptr(GSubprocess) process = NULL;
        Stream output, complaints;
        int status;

        if (g_cancellable_set_error_if_cancelled(run->cancellable, error))
                return false;
        process = launch(run, error);
        if (process == NULL)
                return false;
        output = (Stream){pipe_fd(g_subprocess_get_stdout_pipe(process)), said, OUTPUT_MAX, false};
        complaints =
                (Stream){pipe_fd(g_subprocess_get_stderr_pipe(process)), complained, COMPLAINT_MAX, false};
        if (!pump(run, &output, &complaints, error)) {
                g_subprocess_force_exit(process);
                (void)g_subprocess_wait(process, NULL, NULL);
                return false;
        }
        (void)g_subprocess_wait(process, NULL, NULL);
        status = g_subprocess_get_if_exited(process) ? g_subprocess_get_exit_status(process) : -1;
        if (status != 0 && (run->ret_status == NULL || status < 0)) {
                set_failure(run, process, complained->str, error);
                return false;
        }
        if (output.overflowed) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                            "cannot %s %s: qemu-img says more than %u bytes", run->doing, run->path,
                            OUTPUT_MAX);
                return false;
        }
        if (run->ret_status != NULL)
                *run->ret_status = status;
        if (run->ret_output != NULL)
                *run->ret_output = g_string_free(g_steal_pointer(&said), FALSE);
        return true;
}
