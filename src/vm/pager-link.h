/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A lasting connection to the pager of one VM: its figures as they come, and orders to it. */
#pragma once

#include <aerostat/pager-protocol.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * For the thread of the default main context. Nothing here waits: a VMM that is stopped stays silent,
 * and the owner sees that by the age of the last figures. Whatever a pager sends is checked first.
 */
typedef struct PagerLink PagerLink;

typedef struct PagerLinkEvents {
        /* New figures, which stay valid until the next. */
        void (*stats)(PagerLink *link, const struct aerostat_pager_stats *stats, gpointer user_data);
        /* An order was refused; message is printable. */
        void (*refused)(PagerLink *link, enum aerostat_pager_request_type type, const char *message,
                        gpointer user_data);
        /* The connection has ended, with the VM or by a fault; the link does nothing any more. */
        void (*lost)(PagerLink *link, const char *reason, gpointer user_data);
} PagerLinkEvents;

/* events and user_data must outlive the link. */
PagerLink *pager_link_new(const char *path, const PagerLinkEvents *events, gpointer user_data,
                          GError **error);
void pager_link_free(PagerLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PagerLink, pager_link_free)

/* Who the events are for, when that is known only after the connection is there. */
void pager_link_set_owner(PagerLink *link, gpointer user_data);

const char *pager_link_path(const PagerLink *link);

/* Of the process that listens, as the kernel tells. */
pid_t pager_link_pid(const PagerLink *link);

/* How often figures come, 100 to 3600000 ms. */
void pager_link_set_interval(PagerLink *link, unsigned interval_ms);

/*
 * Orders. The last one of a kind counts: those that were not sent yet are replaced by it. An order
 * equal to the last is not sent again; one that was refused is, after a minute.
 */
void pager_link_order(PagerLink *link, enum aerostat_pager_request_type type, uint64_t value0,
                      uint64_t value1);
