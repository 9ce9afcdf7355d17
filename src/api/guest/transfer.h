/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files on their way between clients and guests: for the HTTP server, which serves
 *
 *	GET /guestFile?id=N&token=T    from a guest: guest_transfer_read() until it says that was the end
 *	PUT /guestFile?id=N&token=T    to a guest: guest_transfer_write() of each piece of the body
 *
 * and then guest_transfer_end(). The token alone, which is good once and for a few minutes, says that it is
 * allowed: there is no session. All from the main thread; nothing blocks; one call at a time to a transfer.
 */
#pragma once

#include "api/api.h"

typedef struct GuestTransfer GuestTransfer;

/* What the URLs of transfers begin with: any host ("*"), port 443, unless the server says otherwise. */
void guest_transfer_set_base(Api *api, const char *base);

/* The one that has not begun yet; it has begun then. NULL: there is none such, or it is for the other way.
 */
GuestTransfer *guest_transfer_begin(Api *api, const char *id, const char *token, bool to_guest);

/* Bytes that there are to come. What is sent to a guest must be so long. */
int64_t guest_transfer_size(const GuestTransfer *transfer);

/* bytes: empty at the end; NULL with an error, by words that can be shown. Borrowed. */
typedef void (*GuestTransferDone)(GuestTransfer *transfer, GBytes *bytes, const char *error,
                                  gpointer user_data);

/* So much at most that a guest has to keep in memory is on its way at a time. */
#define GUEST_TRANSFER_CHUNK (512u << 10)

void guest_transfer_read(GuestTransfer *transfer, GuestTransferDone done, gpointer user_data);
/* At most GUEST_TRANSFER_CHUNK; bytes of done is NULL when it was written, too: error tells. */
void guest_transfer_write(GuestTransfer *transfer, GBytes *bytes, GuestTransferDone done,
                          gpointer user_data);
/*
 * whole: all has come; what was sent takes its place in the guest, with the attributes that were asked for;
 * else nothing is left of it. The transfer is no more when done is called, or, with NULL, soon.
 */
void guest_transfer_end(GuestTransfer *transfer, bool whole, GuestTransferDone done, gpointer user_data);
