/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which pagers run on this host, and which of them the user means. */
#pragma once

#include "cli/pager-client.h"

/*
 * Asks every pager that has a socket in the run directories, each once. Those that did not answer
 * are among the result, with their problem; sockets that a dead VMM left behind are removed and are
 * not. Ordered by name. Directories that cannot be read are told on standard error.
 */
GPtrArray *pager_find_all(uint64_t timeout_ms);

/*
 * The pagers that words name: each a VM's name, a process id, or the path of a socket (anything with
 * a slash). Every one has answered. Naming a pager twice gives it once.
 */
GPtrArray *pager_find_named(const GPtrArray *words, uint64_t timeout_ms, GError **error);

/* Sets error from a peer in a final state. */
void pager_peer_set_error(const PagerPeer *peer, GError **error);

/* Tells a peer's problem on standard error, for commands that go on with the others. */
void pager_peer_warn(const PagerPeer *peer);

/* Names and process ids that begin with prefix, one a line, for the shell. */
void pager_complete(const char *prefix);
