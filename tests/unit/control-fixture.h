/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pager with a control socket in a directory of its own, and clients of it. */
#pragma once

#include <aerostat/pager-protocol.h>
#include <stdbool.h>
#include <sys/types.h>

#include "pager/pager.h"

struct control {
        char *dir;
        char *path;
        struct aerostat_pager *pager;
};

char *control_new_dir(void);
/* False, the test being skipped, where this process may not have a pager. */
bool control_set_up_with(struct control *f, const struct aerostat_pager_config *config);
bool control_set_up(struct control *f);
void control_tear_down(struct control *f);

/* A socket, or a negative errno value. */
int control_try_connect(const char *path);
int control_client(const struct control *f);
struct aerostat_pager_request control_request(unsigned type, uint64_t v0, uint64_t v1);
ssize_t control_receive_any(int fd, struct aerostat_pager_reply *reply);
bool control_is_closed(int fd);
void control_send(int fd, const void *message, size_t size);
void control_receive(int fd, struct aerostat_pager_reply *reply);
/* Asks and takes the answer; returns its error. */
int control_ask(int fd, unsigned type, uint64_t v0, uint64_t v1, struct aerostat_pager_reply *reply);
