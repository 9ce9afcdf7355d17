/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames of WebSockets. */
#include "server/websocket.h"

#include <string.h>

#define MAGIC     "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define KEY_BYTES 16

#define FIN        0x80
#define RESERVED   0x70
#define OPCODE     0x0f
#define MASKED     0x80
#define LENGTH     0x7f
#define LENGTH_16  126
#define LENGTH_64  127
#define HEADER_MAX 14

/* === the handshake === */

static bool is_key(const char *key)
{
        g_autofree guchar *bytes = NULL;
        gsize size = 0;

        if (key == NULL || strlen(key) != (KEY_BYTES + 2) / 3 * 4)
                return false;
        bytes = g_base64_decode(key, &size);
        return size == KEY_BYTES;
}

static bool has(const Head *head, const char *name, const char *token)
{
        return soup_message_headers_header_contains(head->headers, name, token);
}

char *websocket_accept(const Head *head)
{
        const char *key = soup_message_headers_get_one(head->headers, "Sec-WebSocket-Key");
        const char *version = soup_message_headers_get_one(head->headers, "Sec-WebSocket-Version");
        g_autofree char *text = NULL;
        guint8 digest[20];
        gsize size = sizeof digest;
        g_autoptr(GChecksum) sum = NULL;

        if (strcmp(head->method, "GET") != 0 || head->minor == 0 || !is_key(key) ||
            g_strcmp0(version, "13") != 0 || !has(head, "Upgrade", "websocket") ||
            !has(head, "Connection", "Upgrade"))
                return NULL;
        text = g_strconcat(key, MAGIC, NULL);
        sum = g_checksum_new(G_CHECKSUM_SHA1);
        g_checksum_update(sum, (const guchar *)text, -1);
        g_checksum_get_digest(sum, digest, &size);
        return g_base64_encode(digest, size);
}

bool websocket_offers(const Head *head, const char *protocol)
{
        return has(head, "Sec-WebSocket-Protocol", protocol);
}

/* === taking === */

typedef struct Header {
        unsigned opcode;
        bool fin;
        bool is_brief; /* the length has no more bytes than it takes */
        uint64_t length;
        size_t size; /* of itself */
        const char *mask;
} Header;

static uint64_t big_endian(const char *data, unsigned bytes)
{
        uint64_t number = 0;

        for (unsigned i = 0; i < bytes; i++)
                number = number << 8 | (guint8)data[i];
        return number;
}

static bool is_control(unsigned opcode)
{
        return (opcode & 8) != 0;
}

/* Of two bytes at least. False: it is not all there. */
static bool read_header(const char *data, size_t size, Header *ret)
{
        unsigned short_length, length_bytes;

        short_length = data[1] & LENGTH;
        length_bytes = short_length == LENGTH_16 ? 2 : short_length == LENGTH_64 ? 8 : 0;
        *ret = (Header){.opcode = data[0] & OPCODE,
                        .fin = (data[0] & FIN) != 0,
                        .size = 2 + length_bytes + 4,
                        .length = short_length};
        if (size < ret->size)
                return false;
        if (length_bytes > 0)
                ret->length = big_endian(data + 2, length_bytes);
        ret->is_brief = length_bytes == 0 || ret->length >= (length_bytes == 2 ? LENGTH_16 : 0x10000);
        ret->mask = data + 2 + length_bytes;
        return true;
}

/* 0, or why not. */
static unsigned check_header(const WebSocket *websocket, const Header *header)
{
        if (!header->is_brief)
                return WEBSOCKET_WRONG;
        if (is_control(header->opcode))
                return header->fin && header->length <= WEBSOCKET_CONTROL_MAX &&
                                       header->opcode <= WEBSOCKET_PONG
                               ? 0
                               : WEBSOCKET_WRONG;
        if (header->opcode == WEBSOCKET_TEXT)
                return WEBSOCKET_NO_TEXT;
        if (header->opcode != (websocket->in_message ? WEBSOCKET_CONTINUATION : WEBSOCKET_BINARY))
                return WEBSOCKET_WRONG;
        return header->length <= WEBSOCKET_FRAME_MAX ? 0 : WEBSOCKET_TOO_LARGE;
}

static void unmask(WebSocket *websocket, const char *data, size_t n)
{
        for (size_t i = 0; i < n; i++)
                websocket->payload[i] = (char)(data[i] ^ websocket->mask[(websocket->masked + i) % 4]);
        websocket->masked = (unsigned)((websocket->masked + n) % 4);
        websocket->size = n;
}

static WebSocketTaken take_payload(WebSocket *websocket, const char *data, size_t size, size_t *ret_used)
{
        size_t n = MIN(MIN(size, websocket->left), WEBSOCKET_TAKE_MAX);

        if (n == 0)
                return WEBSOCKET_TAKEN_NOTHING;
        unmask(websocket, data, n);
        websocket->left -= n;
        *ret_used += n;
        return WEBSOCKET_TAKEN_DATA;
}

/* What the client says is said back to it, where it may be said at all. */
static unsigned close_code(const WebSocket *websocket)
{
        uint64_t code;

        if (websocket->size == 0)
                return WEBSOCKET_NO_CODE;
        if (websocket->size == 1)
                return WEBSOCKET_WRONG;
        code = big_endian(websocket->payload, 2);
        if ((code >= 3000 && code < 5000) || (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)))
                return (unsigned)code;
        return WEBSOCKET_WRONG;
}

static WebSocketTaken take_control(WebSocket *websocket, unsigned opcode, const char *data, size_t size)
{
        unmask(websocket, data, size);
        if (opcode == WEBSOCKET_PING)
                return WEBSOCKET_TAKEN_PING;
        if (opcode == WEBSOCKET_PONG)
                return WEBSOCKET_TAKEN_PONG;
        websocket->code = close_code(websocket);
        return WEBSOCKET_TAKEN_CLOSE;
}

/* A frame's beginning. */
static WebSocketTaken take_frame(WebSocket *websocket, const char *data, size_t size, size_t *ret_used)
{
        Header header;

        if (size < 2)
                return WEBSOCKET_TAKEN_NOTHING;
        websocket->code = (data[0] & RESERVED) != 0 || (data[1] & MASKED) == 0 ? WEBSOCKET_WRONG : 0;
        if (websocket->code == 0 && !read_header(data, size, &header))
                return WEBSOCKET_TAKEN_NOTHING;
        if (websocket->code == 0)
                websocket->code = check_header(websocket, &header);
        if (websocket->code != 0)
                return WEBSOCKET_TAKEN_WRONG;
        if (is_control(header.opcode) && size < header.size + header.length)
                return WEBSOCKET_TAKEN_NOTHING;
        memcpy(websocket->mask, header.mask, sizeof websocket->mask);
        websocket->masked = 0;
        *ret_used += header.size;
        if (is_control(header.opcode)) {
                *ret_used += header.length;
                return take_control(websocket, header.opcode, data + header.size, header.length);
        }
        websocket->in_message = !header.fin;
        websocket->left = header.length;
        return take_payload(websocket, data + header.size, size - header.size, ret_used);
}

WebSocketTaken websocket_take(WebSocket *websocket, const char *data, size_t size, size_t *ret_used)
{
        WebSocketTaken taken = WEBSOCKET_TAKEN_NOTHING;
        size_t before;

        *ret_used = 0;
        if (websocket->left > 0)
                return take_payload(websocket, data, size, ret_used);
        do { /* an empty frame is nothing, and there may be more behind it */
                before = *ret_used;
                taken = take_frame(websocket, data + before, size - before, ret_used);
        } while (taken == WEBSOCKET_TAKEN_NOTHING && *ret_used > before && websocket->left == 0);
        return taken;
}

/* === frames === */

GBytes *websocket_frame(unsigned opcode, const void *data, size_t size)
{
        GByteArray *frame = g_byte_array_sized_new((guint)(HEADER_MAX + size));
        guint8 header[HEADER_MAX] = {(guint8)(FIN | opcode)};
        unsigned length_bytes = size < LENGTH_16 ? 0 : size <= 0xffff ? 2 : 8;

        header[1] = (guint8)(length_bytes == 0 ? size : length_bytes == 2 ? LENGTH_16 : LENGTH_64);
        for (unsigned i = 0; i < length_bytes; i++)
                header[2 + i] = (guint8)((uint64_t)size >> 8 * (length_bytes - 1 - i));
        g_byte_array_append(frame, header, 2 + length_bytes);
        g_byte_array_append(frame, data, (guint)size);
        return g_byte_array_free_to_bytes(frame);
}

GBytes *websocket_close_frame(unsigned code, const char *reason)
{
        char payload[WEBSOCKET_CONTROL_MAX] = {(char)(code >> 8), (char)code};
        size_t n = 0;

        if (code == WEBSOCKET_NO_CODE)
                return websocket_frame(WEBSOCKET_CLOSE, payload, 0);
        if (reason != NULL) {
                n = MIN(strlen(reason), sizeof payload - 2);
                while (n > 0 && !g_utf8_validate(reason, (gssize)n, NULL))
                        n--;
                memcpy(payload + 2, reason, n);
        }
        return websocket_frame(WEBSOCKET_CLOSE, payload, 2 + n);
}
