/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The WebSocket protocol (RFC 6455), version 13, on the server's side: the handshake, what a client sends as
 * a stream of bytes, and frames for it. What a message is does not matter to those who use it, so none is
 * ever kept whole. Pure.
 */
#pragma once

#include "server/head.h"

/* Of a payload looked at in one go, and of what a control frame can have. */
#define WEBSOCKET_TAKE_MAX    (16 << 10)
#define WEBSOCKET_CONTROL_MAX 125
/* A longer frame is refused. */
#define WEBSOCKET_FRAME_MAX (16 << 20)

enum {
        WEBSOCKET_CONTINUATION = 0,
        WEBSOCKET_TEXT = 1,
        WEBSOCKET_BINARY = 2,
        WEBSOCKET_CLOSE = 8,
        WEBSOCKET_PING = 9,
        WEBSOCKET_PONG = 10,
};

/* Of a close frame. */
enum {
        WEBSOCKET_NORMAL = 1000,
        WEBSOCKET_WRONG = 1002,
        WEBSOCKET_NO_TEXT = 1003,
        WEBSOCKET_NO_CODE = 1005, /* is not sent: the frame has none */
        WEBSOCKET_REFUSED = 1008,
        WEBSOCKET_TOO_LARGE = 1009,
        WEBSOCKET_FAILED = 1011,
};

/*
 * Whether the head asks for a WebSocket, and what Sec-WebSocket-Accept is then, owned. NULL: it is no such
 * request.
 */
char *websocket_accept(const Head *head);
/* Whether it is among the subprotocols that the client can speak. */
bool websocket_offers(const Head *head, const char *protocol);

typedef struct WebSocket {
        bool in_message; /* its last frame has not come */
        uint64_t left;   /* of a data frame's payload */
        guint8 mask[4];
        unsigned masked; /* bytes of that payload so far, modulo 4 */
        char payload[WEBSOCKET_TAKE_MAX];
        size_t size;   /* of it */
        unsigned code; /* of WEBSOCKET_TAKEN_CLOSE and WEBSOCKET_TAKEN_WRONG */
} WebSocket;

typedef enum WebSocketTaken {
        WEBSOCKET_TAKEN_NOTHING, /* give more */
        WEBSOCKET_TAKEN_DATA,    /* `payload`; what follows may be the rest of the frame */
        WEBSOCKET_TAKEN_PING,    /* `payload` */
        WEBSOCKET_TAKEN_PONG,
        WEBSOCKET_TAKEN_CLOSE, /* `code`: what is to be answered */
        WEBSOCKET_TAKEN_WRONG, /* what follows cannot be understood; `code`: why */
} WebSocketTaken;

/* websocket is zeroed at first. Looks at data, of which *ret_used are done with. */
WebSocketTaken websocket_take(WebSocket *websocket, const char *data, size_t size, size_t *ret_used);

/* A whole frame, not masked. */
GBytes *websocket_frame(unsigned opcode, const void *data, size_t size);
/* reason: for people; what is too long of it is left out. NULL: none. */
GBytes *websocket_close_frame(unsigned code, const char *reason);
