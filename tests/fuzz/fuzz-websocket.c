/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Any bytes as what a client sends on a WebSocket: told as RFC 6455 has it, the same however they are cut;
 * and frames of any payload, which say what they were made of.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition, const char *what)
{
        if (!condition) {
                (void)fprintf(stderr, "not so: %s\n", what);
                abort();
        }
}

/* What a stream comes to. */
typedef struct Told {
        GString *data;     /* of all data frames */
        GString *controls; /* 'i' or 'o' before the payload of each ping and pong */
        WebSocketTaken end;
        unsigned code;
} Told;

static void told_clear(Told *told)
{
        (void)g_string_free(told->data, TRUE);
        (void)g_string_free(told->controls, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Told, told_clear)

#define TOLD_INIT                                                          \
        {                                                                  \
                .data = g_string_new(NULL), .controls = g_string_new(NULL) \
        }

/* Those that may be sent, or none. */
static bool is_sent_code(unsigned code)
{
        return code == WEBSOCKET_NO_CODE || (code >= 1000 && code <= 1003) ||
               (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/* --- as the protocol has it, of all bytes at once --- */

/* The length that a frame says; its least size in bytes to *ret_header. */
static uint64_t said_length(const uint8_t *frame, size_t size, size_t *ret_header)
{
        size_t more = (frame[1] & 127) == 126 ? 2 : (frame[1] & 127) == 127 ? 8 : 0;
        uint64_t length = more > 0 ? 0 : frame[1] & 127;

        *ret_header = 6 + more;
        for (size_t i = 0; i < more && size >= *ret_header; i++)
                length = length << 8 | frame[2 + i];
        return length;
}

/* 0: the frame may stand here; it has a header that is all there. */
static unsigned refusal(const uint8_t *frame, uint64_t length, size_t header, bool in_message)
{
        unsigned opcode = frame[0] & 15;
        bool is_short = (header == 8 && length < 126) || (header == 14 && length < 65536);

        if (is_short)
                return WEBSOCKET_WRONG;
        if (opcode >= 8)
                return opcode > 10 || length > 125 || frame[0] < 128 ? WEBSOCKET_WRONG : 0;
        if (opcode == 1)
                return WEBSOCKET_NO_TEXT;
        if (opcode != (in_message ? 0 : 2))
                return WEBSOCKET_WRONG;
        return length > WEBSOCKET_FRAME_MAX ? WEBSOCKET_TOO_LARGE : 0;
}

static void tell_control(Told *told, unsigned opcode, const char *payload, size_t length)
{
        unsigned code = WEBSOCKET_NO_CODE;

        if (opcode != 8) {
                g_string_append_c(told->controls, opcode == 9 ? 'i' : 'o');
                g_string_append_len(told->controls, payload, (gssize)length);
                return;
        }
        if (length > 0)
                code = length == 1 ? 0 : (unsigned)(uint8_t)payload[0] << 8 | (uint8_t)payload[1];
        told->end = WEBSOCKET_TAKEN_CLOSE;
        told->code =
                is_sent_code(code) && !(length > 0 && code == WEBSOCKET_NO_CODE) ? code : WEBSOCKET_WRONG;
}

static void tell(const uint8_t *stream, size_t size, Told *told)
{
        bool in_message = false;

        told->end = WEBSOCKET_TAKEN_NOTHING;
        while (size >= 2 && told->end == WEBSOCKET_TAKEN_NOTHING) {
                size_t header, there;
                uint64_t length = said_length(stream, size, &header);
                unsigned code = (stream[0] & 0x70) != 0 || stream[1] < 128 ? WEBSOCKET_WRONG : 0;
                g_autofree char *payload = NULL;

                if (code == 0 && size < header)
                        return;
                if (code == 0)
                        code = refusal(stream, length, header, in_message);
                if (code != 0) {
                        told->end = WEBSOCKET_TAKEN_WRONG;
                        told->code = code;
                        return;
                }
                there = MIN(length, size - header);
                payload = g_malloc(there + 1);
                for (size_t i = 0; i < there; i++)
                        payload[i] = (char)(stream[header + i] ^ stream[header - 4 + i % 4]);
                if ((stream[0] & 15) < 8) {
                        g_string_append_len(told->data, payload, (gssize)there);
                        in_message = stream[0] < 128;
                } else if (there == length) {
                        tell_control(told, stream[0] & 15, payload, there);
                }
                if (there < length)
                        return;
                stream += header + there;
                size -= header + there;
        }
}

/* --- as the server takes it --- */

static void add_taken(Told *told, const WebSocket *websocket, WebSocketTaken taken)
{
        check(websocket->size <= WEBSOCKET_TAKE_MAX, "no more at once than there is room for");
        if (taken == WEBSOCKET_TAKEN_DATA) {
                check(websocket->size > 0, "some data");
                g_string_append_len(told->data, websocket->payload, (gssize)websocket->size);
        } else if (taken == WEBSOCKET_TAKEN_PING || taken == WEBSOCKET_TAKEN_PONG) {
                check(websocket->size <= WEBSOCKET_CONTROL_MAX, "control frames are small");
                g_string_append_c(told->controls, taken == WEBSOCKET_TAKEN_PING ? 'i' : 'o');
                g_string_append_len(told->controls, websocket->payload, (gssize)websocket->size);
        } else if (taken != WEBSOCKET_TAKEN_NOTHING) {
                told->code = websocket->code;
                check(is_sent_code(told->code), "a code that may be sent");
        }
}

static void take_all(const uint8_t *stream, size_t size, size_t piece, Told *told)
{
        g_autofree WebSocket *websocket = g_new0(WebSocket, 1);
        size_t at = 0, seen = 0;

        do {
                seen = MIN(seen + piece, size);
                do {
                        /* Just as many bytes as there are, for the sanitizer to see. */
                        g_autofree char *exact = g_memdup2(stream + at, seen - at);
                        size_t used;

                        told->end = websocket_take(websocket, exact != NULL ? exact : "", seen - at, &used);
                        check(used <= seen - at, "no more than there is");
                        check(used > 0 || told->end == WEBSOCKET_TAKEN_NOTHING ||
                                      told->end == WEBSOCKET_TAKEN_WRONG,
                              "it goes on");
                        at += used;
                        add_taken(told, websocket, told->end);
                } while (told->end != WEBSOCKET_TAKEN_NOTHING && told->end != WEBSOCKET_TAKEN_WRONG &&
                         told->end != WEBSOCKET_TAKEN_CLOSE);
                check(told->end != WEBSOCKET_TAKEN_NOTHING || seen - at < 6 + 8 + WEBSOCKET_CONTROL_MAX,
                      "little is left lying");
        } while (told->end == WEBSOCKET_TAKEN_NOTHING && seen < size);
}

static void check_stream(const uint8_t *stream, size_t size)
{
        static const size_t pieces[] = {SIZE_MAX / 2, 1, 7};
        g_auto(Told) meant = TOLD_INIT;

        tell(stream, size, &meant);
        for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
                g_auto(Told) told = TOLD_INIT;

                take_all(stream, size, pieces[i], &told);
                check(told.end == meant.end && told.code == meant.code, "the end, and the code");
                check(g_string_equal(told.data, meant.data), "the data");
                check(g_string_equal(told.controls, meant.controls), "pings and pongs");
        }
}

/* --- frames --- */

/* The server's frame as a client would send it. */
static GByteArray *masked(GBytes *frame, const uint8_t *mask)
{
        gsize size;
        const uint8_t *plain = g_bytes_get_data(frame, &size);
        GByteArray *result = g_byte_array_new();
        gsize header = (plain[1] & 127) == 126 ? 4 : (plain[1] & 127) == 127 ? 10 : 2;

        g_byte_array_append(result, plain, (guint)header);
        result->data[1] |= 128;
        g_byte_array_append(result, mask, 4);
        for (gsize i = header; i < size; i++) {
                uint8_t byte = plain[i] ^ mask[(i - header) % 4];

                g_byte_array_append(result, &byte, 1);
        }
        return result;
}

static void check_frames(const uint8_t *payload, size_t size)
{
        static const uint8_t mask[] = {0x12, 0x00, 0xff, 0x80};
        g_autoptr(GBytes) frame = websocket_frame(WEBSOCKET_BINARY, payload, size);
        g_autoptr(GByteArray) sent = masked(frame, mask);
        g_autofree char *reason = g_strndup((const char *)payload, size);
        g_autoptr(GBytes) closing = websocket_close_frame(WEBSOCKET_FAILED, reason);
        g_autoptr(GByteArray) closed = masked(closing, mask);
        g_auto(Told) told = TOLD_INIT, ended = TOLD_INIT;

        take_all(sent->data, sent->len, SIZE_MAX / 2, &told);
        check(told.end == WEBSOCKET_TAKEN_NOTHING && told.data->len == size &&
                      memcmp(told.data->str, payload, size) == 0,
              "the payload of a frame");
        check(g_bytes_get_size(closing) <= 2 + WEBSOCKET_CONTROL_MAX, "a reason is cut");
        check(g_utf8_validate((const char *)g_bytes_get_data(closing, NULL) + 4,
                              (gssize)g_bytes_get_size(closing) - 4, NULL),
              "a reason is text");
        take_all(closed->data, closed->len, 1, &ended);
        check(ended.end == WEBSOCKET_TAKEN_CLOSE && ended.code == WEBSOCKET_FAILED,
              "the code of a close frame");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        check_stream(data, size);
        check_frames(data, size);
        return 0;
}
