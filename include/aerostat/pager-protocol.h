/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The control socket of a pager: fixed-size messages over a SOCK_SEQPACKET Unix socket. */
#ifndef AEROSTAT_PAGER_PROTOCOL_H
#define AEROSTAT_PAGER_PROTOCOL_H

#include <aerostat/pager.h>

/*
 * A client sends one request of exactly sizeof(struct aerostat_pager_request) bytes and receives
 * one reply of exactly sizeof(struct aerostat_pager_reply) bytes, with the request's serial. All
 * numbers are in the machine's own byte order: the socket does not leave the host.
 *
 * A message of another size, magic or version is answered with EPROTO and the connection is closed.
 * A well-formed request that cannot be carried out is answered with its error, changes nothing, and
 * the connection stays. Only the pager's own user, and root, may connect; others are closed at once.
 * There are at most AEROSTAT_PAGER_CLIENTS_MAX connections; one more is closed at once. A client
 * that does not read its replies is closed.
 *
 * After SUBSCRIBE the pager sends a reply with the subscription's serial every interval_ms, beside
 * the replies to further requests, and in between at once when the guest touches much of what was
 * taken from it (not more than 40 such in a second). interval_ms 0 ends the subscription.
 *
 * Where the sockets are: AEROSTAT_SOCKET of the VMM's environment when set; else PID.sock in
 * /run/aerostat/pager (root) or $XDG_RUNTIME_DIR/aerostat/pager (others; without that variable
 * /run/user/UID/aerostat/pager).
 */

#define AEROSTAT_PAGER_MAGIC       0x52475041u /* "APGR" */
#define AEROSTAT_PAGER_VERSION     1u
#define AEROSTAT_PAGER_CLIENTS_MAX 16
#define AEROSTAT_PAGER_RUN_DIR     "/run/aerostat/pager"
#define AEROSTAT_PAGER_USERS_DIR   "/run/user"

enum aerostat_pager_request_type {
        AEROSTAT_PAGER_GET_STATS = 1,
        AEROSTAT_PAGER_SET_LIMIT = 2,       /* value[0]: bytes or AEROSTAT_PAGER_UNLIMITED */
        AEROSTAT_PAGER_SET_RESERVATION = 3, /* value[0]: bytes */
        AEROSTAT_PAGER_SET_CACHE_PCT = 4,   /* value[0]: 0..100 */
        AEROSTAT_PAGER_SET_CODEC = 5,       /* value[0]: enum aerostat_pager_codec */
        AEROSTAT_PAGER_SET_SAMPLING = 6,    /* value[0]: period in ms, value[1]: pages */
        AEROSTAT_PAGER_SUBSCRIBE = 7,       /* value[0]: interval in ms, 0 or 100..3600000 */
        AEROSTAT_PAGER_SET_MERGEABLE = 8, /* value[0]: 1: KSM may share guest memory, as QEMU asks; 0: not */
};

struct aerostat_pager_request {
        uint32_t magic;
        uint16_t version;
        uint16_t type;
        uint64_t serial;
        uint64_t value[2];
        uint64_t reserved[4]; /* zero */
};

struct aerostat_pager_reply {
        uint32_t magic;
        uint16_t version;
        uint16_t type;   /* of the request */
        uint64_t serial; /* of the request */
        int32_t error;   /* 0 or a negative errno value */
        uint32_t reserved;
        char message[AEROSTAT_PAGER_REASON_MAX]; /* with an error: what, why, what would mend it */
        struct aerostat_pager_stats stats;       /* always filled in: the state after the request */
};

#endif
