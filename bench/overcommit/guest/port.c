/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines from and to the host, over a virtio port that takes the place of standard input and output. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "workload.h"

static char input[1024], line[1024];
static size_t filled;

bool port_open(const char *path)
{
        int fd = open(path, O_RDWR | O_CLOEXEC);

        if (fd < 0 || dup2(fd, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
                return false;
        /* A line goes out whole, and when it happens. */
        return setvbuf(stdout, NULL, _IOLBF, BUFSIZ) == 0;
}

/* Takes the first line out of what has arrived. */
static char *port_take(void)
{
        char *end = memchr(input, '\n', filled);
        size_t length;

        if (end == NULL) {
                /* Nobody sends lines as long as that. */
                if (filled == sizeof(input))
                        filled = 0;
                return NULL;
        }
        length = (size_t)(end - input);
        memcpy(line, input, length);
        line[length] = '\0';
        filled -= length + 1;
        memmove(input, end + 1, filled);
        return line;
}

char *port_line(int timeout_ms)
{
        struct pollfd wait = {.fd = STDIN_FILENO, .events = POLLIN};
        char *found = port_take();
        ssize_t n;

        if (found != NULL || poll(&wait, 1, timeout_ms) <= 0 || !(wait.revents & POLLIN))
                return found;
        n = read(STDIN_FILENO, input + filled, sizeof(input) - filled);
        if (n > 0)
                filled += (size_t)n;
        return port_take();
}
