/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server side of the control socket (<aerostat/pager-protocol.h>). */
#pragma once

#include <aerostat/pager-protocol.h>
#include <stdbool.h>

struct control;

/* Makes the socket, replacing one that nobody listens on, and starts its thread. */
int control_start(struct aerostat_pager *pager, const char *path, struct control **ret_control);
void control_stop(struct control *control);

/* Removes the socket's name; for the end of a process whose threads are going on. */
void control_unlink(const struct control *control);

/*
 * Answers one message, of any content and size. Returns false when the connection is to be closed
 * after the reply. *ret_interval_ms is set by a subscription.
 */
bool control_answer(struct aerostat_pager *pager, const void *message, size_t size,
                    struct aerostat_pager_reply *ret_reply, uint32_t *ret_interval_ms);
