/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The handshake and frames of WebSockets. */
#include <string.h>

#include "server/websocket.h"

#define SECOND_FRAME "\x80\x82\0\0\0\0\x31\x32"

/* Of RFC 6455, 1.3. */
static void test_handshake(void)
{
        static const char text[] = "GET /ticket/x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                                   "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                   "Sec-WebSocket-Protocol: base64, binary\r\n"
                                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        g_auto(Head) head = {0};
        g_autofree char *accept = NULL;

        g_assert_cmpuint(head_parse(text, strlen(text), &head), ==, 0);
        accept = websocket_accept(&head);
        g_assert_cmpstr(accept, ==, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        g_assert_true(websocket_offers(&head, "binary"));
        g_assert_false(websocket_offers(&head, "chat"));
        soup_message_headers_replace(head.headers, "Sec-WebSocket-Version", "12");
        g_assert_null(websocket_accept(&head));
}

/* All that is taken of data when they come in pieces of so many bytes; the last result to ret. */
static GString *take_all(const char *data, size_t size, size_t piece, WebSocketTaken *ret,
                         unsigned *ret_code)
{
        g_autofree WebSocket *websocket = g_new0(WebSocket, 1);
        GString *all = g_string_new(NULL);
        size_t at = 0, seen = 0, used;

        do {
                seen = MIN(seen + piece, size);
                do {
                        *ret = websocket_take(websocket, data + at, seen - at, &used);
                        at += used;
                        g_assert_cmpuint(at, <=, seen);
                        if (*ret == WEBSOCKET_TAKEN_DATA)
                                g_string_append_len(all, websocket->payload, (gssize)websocket->size);
                } while (*ret != WEBSOCKET_TAKEN_NOTHING && *ret != WEBSOCKET_TAKEN_WRONG &&
                         *ret != WEBSOCKET_TAKEN_CLOSE);
        } while (*ret == WEBSOCKET_TAKEN_NOTHING && seen < size);
        *ret_code = websocket->code;
        return all;
}

/* Two frames of a message, masked in RFC 6455's manner, with a ping and an empty frame between them. */
static void test_pieces(void)
{
        static const char data[] = "\x02\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58" /* "Hello" */
                                   "\x89\x81\x01\x02\x03\x04\x70"
                                   "\0\x80\0\0\0\0" SECOND_FRAME;

        for (size_t piece = 1; piece <= sizeof data - 1; piece++) {
                WebSocketTaken taken;
                unsigned code;
                g_autoptr(GString) all = take_all(data, sizeof data - 1, piece, &taken, &code);

                g_assert_cmpint(taken, ==, WEBSOCKET_TAKEN_NOTHING);
                g_assert_cmpstr(all->str, ==, "Hello12");
        }
}

static void test_ends(void)
{
        static const struct {
                const char *data;
                size_t size;
                WebSocketTaken taken;
                unsigned code;
        } cases[] = {
#define CASE(text, taken, code) {text, sizeof text - 1, taken, code}
                CASE("\x88\x80\0\0\0\0", WEBSOCKET_TAKEN_CLOSE, WEBSOCKET_NO_CODE),
                CASE("\x88\x82\0\0\0\0\x03\xe8", WEBSOCKET_TAKEN_CLOSE, 1000),
                CASE("\x88\x82\0\0\0\0\x03\xed", WEBSOCKET_TAKEN_CLOSE, WEBSOCKET_WRONG), /* 1005 */
                CASE("\x88\x81\0\0\0\0\x03", WEBSOCKET_TAKEN_CLOSE, WEBSOCKET_WRONG),
                CASE("\x81\x80\0\0\0\0", WEBSOCKET_TAKEN_WRONG, WEBSOCKET_NO_TEXT),
                CASE("\x82\x00", WEBSOCKET_TAKEN_WRONG, WEBSOCKET_WRONG), /* no mask */
                CASE("\xc2\x80\0\0\0\0", WEBSOCKET_TAKEN_WRONG, WEBSOCKET_WRONG),
                CASE("\x80\x80\0\0\0\0", WEBSOCKET_TAKEN_WRONG, WEBSOCKET_WRONG), /* goes on with nothing */
                CASE("\x02\x80\0\0\0\0\x82\x80\0\0\0\0", WEBSOCKET_TAKEN_WRONG, WEBSOCKET_WRONG),
                CASE("\x09\x80\0\0\0\0", WEBSOCKET_TAKEN_WRONG, WEBSOCKET_WRONG), /* a ping in pieces */
                CASE("\x89\xfe\0\x7e\0\0\0\0", WEBSOCKET_TAKEN_WRONG, WEBSOCKET_WRONG),
                CASE("\x82\xfe\0\x7d\0\0\0\0", WEBSOCKET_TAKEN_WRONG, WEBSOCKET_WRONG), /* 125 in 2 bytes */
                CASE("\x82\xff\0\0\0\0\0\0\xff\xff\0\0\0\0", WEBSOCKET_TAKEN_WRONG, WEBSOCKET_WRONG),
                CASE("\x8b\x80\0\0\0\0", WEBSOCKET_TAKEN_WRONG, WEBSOCKET_WRONG), /* no such opcode */
                CASE("\x82\xff\0\0\0\0\x01\0\0\x01\0\0\0\0", WEBSOCKET_TAKEN_WRONG, WEBSOCKET_TOO_LARGE),
                CASE("\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", WEBSOCKET_TAKEN_WRONG,
                     WEBSOCKET_TOO_LARGE),
#undef CASE
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
                WebSocketTaken taken;
                unsigned code;
                g_autoptr(GString) all = take_all(cases[i].data, cases[i].size, 1, &taken, &code);

                g_assert_cmpuint(all->len, ==, 0);
                g_assert_cmpint(taken, ==, cases[i].taken);
                g_assert_cmpuint(code, ==, cases[i].code);
        }
}

static void check_frame(size_t size, const char *header, size_t header_size)
{
        g_autofree char *payload = g_strnfill(size, 'x');
        g_autoptr(GBytes) frame = websocket_frame(WEBSOCKET_BINARY, payload, size);
        gsize all;
        const char *data = g_bytes_get_data(frame, &all);

        g_assert_cmpuint(all, ==, header_size + size);
        g_assert_cmpmem(data, header_size, header, header_size);
        g_assert_cmpmem(data + header_size, size, payload, size);
}

static void test_frames(void)
{
        g_autofree char *reason = g_strnfill(122, 'x');
        g_autofree char *longer = g_strconcat(reason, "\xc3\xa4", NULL);
        g_autoptr(GBytes) closing = websocket_close_frame(WEBSOCKET_REFUSED, longer);
        g_autoptr(GBytes) empty = websocket_close_frame(WEBSOCKET_NO_CODE, NULL);

        check_frame(0, "\x82\0", 2);
        check_frame(125, "\x82\x7d", 2);
        check_frame(126, "\x82\x7e\0\x7e", 4);
        check_frame(65535, "\x82\x7e\xff\xff", 4);
        check_frame(65536, "\x82\x7f\0\0\0\0\0\x01\0\0", 10);
        g_assert_cmpuint(g_bytes_get_size(closing), ==, 2 + 2 + 122); /* no half of a letter */
        g_assert_cmpuint(g_bytes_get_size(empty), ==, 2);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/websocket/handshake", test_handshake);
        g_test_add_func("/websocket/pieces", test_pieces);
        g_test_add_func("/websocket/ends", test_ends);
        g_test_add_func("/websocket/frames", test_frames);
        return g_test_run();
}
