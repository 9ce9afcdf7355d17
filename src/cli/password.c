/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/password.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/output.h"

void password_free(char *password)
{
        if (password != NULL)
                explicit_bzero(password, strlen(password));
        g_free(password);
}

static volatile sig_atomic_t caught;
static pthread_t asking;

/* Other threads, of the libraries', do not block what the one that asks does; it is the one to wake. */
static void on_signal(int number)
{
        caught = number;
        if (!pthread_equal(pthread_self(), asking))
                (void)pthread_kill(asking, number);
}

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/* Whether there is something to read; not when a signal came first, which unblocked lets through. */
static bool wait_for_input(int fd, const sigset_t *unblocked)
{
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

        while (caught == 0)
                if (ppoll(&poll_fd, 1, NULL, unblocked) >= 0 || errno != EINTR)
                        return true;
        return false;
}

/*
 * Byte by byte: what follows the line is not this one's. unblocked: a signal ends it, without a line; NULL:
 * it does what it does.
 */
static char *take_line(int fd, const sigset_t *unblocked)
{
        char text[PASSWORD_MAX + 2];
        size_t length = 0;
        char *line = NULL;
        ssize_t n;
        char c;

        for (;;) {
                n = unblocked == NULL || wait_for_input(fd, unblocked) ? read(fd, &c, 1) : -1;
                if (n < 0 && errno == EINTR && unblocked == NULL)
                        continue;
                if (n <= 0 || c == '\n' || length == sizeof(text) - 1)
                        break;
                text[length++] = c;
        }
        if (n > 0 || (n == 0 && length > 0))
                line = g_strndup(text, length);
        explicit_bzero(text, sizeof(text));
        return line;
}

static void say(int fd, const char *text)
{
        if (dprintf(fd, "%s", text) < 0)
                fputs(text, stderr);
}

char *password_read_line(int fd, const char *prompt)
{
        struct sigaction action = {.sa_handler = on_signal}, saved[G_N_ELEMENTS(signals)];
        struct termios before, quiet;
        sigset_t blocked, unblocked;
        char *line;

        if (!isatty(fd) || tcgetattr(fd, &before) != 0)
                return take_line(fd, NULL);
        /* A terminal that no longer shows what is typed is not left to the shell. */
        caught = 0;
        asking = pthread_self();
        (void)sigemptyset(&blocked);
        for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++) {
                (void)sigaddset(&blocked, signals[i]);
                (void)sigaction(signals[i], &action, &saved[i]);
        }
        (void)sigprocmask(SIG_BLOCK, &blocked, &unblocked);
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(fd, TCSAFLUSH, &quiet);
        say(fd, prompt);
        line = take_line(fd, &unblocked);
        (void)tcsetattr(fd, TCSAFLUSH, &before);
        say(fd, "\n");
        (void)sigprocmask(SIG_SETMASK, &unblocked, NULL);
        for (unsigned i = 0; i < G_N_ELEMENTS(signals); i++)
                (void)sigaction(signals[i], &saved[i], NULL);
        if (caught != 0)
                (void)raise(caught);
        return line;
}

char *password_read_file(const char *path, GError **error)
{
        g_autofree char *shown = cli_escape(path);
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        struct stat status;
        char *line = NULL;

        if (fd < 0) {
                g_set_error(error, CLI_ERROR, CLI_FAILED, "the password's file %s cannot be read: %s", shown,
                            g_strerror(errno));
                return NULL;
        }
        if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
                g_set_error(error, CLI_ERROR, CLI_FAILED, "the password's file %s is no file", shown);
        else if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "the password's file %s can be read by others than its owner: chmod 600 %s",
                            shown, shown);
        else if ((line = take_line(fd, NULL)) == NULL || line[0] == '\0')
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "the password's file %s is empty; the password is its first line", shown);
        (void)close(fd);
        if (line != NULL && line[0] == '\0')
                g_clear_pointer(&line, password_free);
        return line;
}

char *password_ask(const char *prompt)
{
        int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
        char *line;

        if (fd < 0)
                return isatty(STDIN_FILENO) ? password_read_line(STDIN_FILENO, prompt) : NULL;
        line = password_read_line(fd, prompt);
        (void)close(fd);
        return line;
}
