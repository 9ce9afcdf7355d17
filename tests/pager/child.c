/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests in a process of their own: for what ends a process, or must be undone however it ends. */
#include "child.h"

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int in_child(void (*body)(const void *), const void *argument, char **ret_stderr)
{
        g_autoptr(GString) text = g_string_new(NULL);
        char buffer[512];
        int ends[2], status;
        ssize_t n;
        pid_t pid;

        (void)fflush(NULL);
        g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
        pid = fork();
        g_assert_cmpint(pid, >=, 0);
        if (pid == 0) {
                (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
                (void)signal(SIGINT, SIG_DFL);
                (void)signal(SIGTERM, SIG_DFL);
                (void)dup2(ends[1], STDERR_FILENO);
                body(argument);
                _exit(0);
        }
        (void)close(ends[1]);
        while ((n = read(ends[0], buffer, sizeof(buffer))) > 0)
                g_string_append_len(text, buffer, n);
        (void)close(ends[0]);
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        *ret_stderr = g_string_free(g_steal_pointer(&text), FALSE);
        return status;
}

void in_child_succeed(void (*body)(const void *), const void *argument)
{
        g_autofree char *text = NULL;
        int status = in_child(body, argument, &text);

        if (status)
                g_error("status %x: %s", (unsigned)status, text);
}
