/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Talks to pagers over their control sockets, to many at once, and believes nothing they send. */
#pragma once

#include <aerostat/pager-protocol.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 *            ask                       sent              received, well-formed
 *   IDLE ----------> ASKED ---------------------> WAITING ------------------> ANSWERED
 *                      |                             |                           |
 *                      +--> GONE, DENIED             +--> CLOSED, GARBLED,       +-- ask --> ASKED
 *                                                         SILENT
 *
 * GONE to SILENT are final: the connection is closed and problem says why.
 */
typedef enum PagerPeerState {
        PAGER_PEER_IDLE,
        PAGER_PEER_ASKED,
        PAGER_PEER_WAITING,
        PAGER_PEER_ANSWERED,
        PAGER_PEER_GONE,    /* nobody listens there */
        PAGER_PEER_DENIED,  /* cannot be reached: no permission, no file descriptor left */
        PAGER_PEER_CLOSED,  /* it closed the connection */
        PAGER_PEER_GARBLED, /* its reply breaks the protocol */
        PAGER_PEER_SILENT,  /* time ran out */
} PagerPeerState;

typedef struct PagerPeer {
        char *path;
        pid_t path_pid; /* from a file name PID.sock, else 0 */

        /*
         * When it is in a directory of another user, who may put anything there at any time: the
         * socket that was looked at (O_PATH), and whose it was. Else -1.
         */
        int pinned;
        uid_t owner;

        int fd;
        PagerPeerState state;
        char *problem; /* one printable line */
        struct aerostat_pager_request request;

        bool known;                        /* it has answered at least once, so: */
        struct aerostat_pager_reply reply; /* its last answer, whose error may be set */
} PagerPeer;

PagerPeer *pager_peer_new(const char *path);
void pager_peer_free(PagerPeer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PagerPeer, pager_peer_free)

/* Its name, or what is known of it when it has not answered. Printable. */
char *pager_peer_label(const PagerPeer *peer);

/* Prepares a request; pager_peers_exchange() sends it. Only for a peer that is IDLE or ANSWERED. */
void pager_peer_ask(PagerPeer *peer, enum aerostat_pager_request_type type, uint64_t value0,
                    uint64_t value1);

/*
 * Carries out the requests of all peers that were asked, together, and returns when each is
 * ANSWERED or in a final state: after timeout_ms at the latest, however many there are.
 */
void pager_peers_exchange(GPtrArray *peers, uint64_t timeout_ms);

/* So many files may be open, as far as this process is allowed. */
void pager_allow_files(unsigned n);

/* Without waiting, for a subscription. True: reply is a new one. Else look at state. */
bool pager_peer_receive(PagerPeer *peer);

/* Closes the connection; the peer is IDLE and can be asked again. */
void pager_peer_disconnect(PagerPeer *peer);
