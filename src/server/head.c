/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lines to a head. libsoup's own reader is not used: it forgives what makes one request look like two
 * (folded lines, several lengths, a length beside chunks).
 */
#include "server/head.h"

#include <string.h>

#define NUMBER_DIGITS_MAX 18

/* RFC 9110: what a method or a header's name is made of. */
static bool is_token(const char *text, size_t size)
{
        static const char others[] = "!#$%&'*+-.^_`|~";

        for (size_t i = 0; i < size; i++)
                if (!g_ascii_isalnum(text[i]) && (text[i] == '\0' || strchr(others, text[i]) == NULL))
                        return false;
        return size > 0;
}

static bool is_plain(const char *text, size_t size)
{
        for (size_t i = 0; i < size; i++)
                if (((unsigned char)text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f)
                        return false;
        return true;
}

size_t head_end(const char *data, size_t size)
{
        const char *at = data, *end = data + size;

        while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
                at++;
                if (at < end && *at == '\n')
                        return (size_t)(at + 1 - data);
                if (end - at >= 2 && at[0] == '\r' && at[1] == '\n')
                        return (size_t)(at + 2 - data);
        }
        return 0;
}

/* A line without its end; *at goes to the next. False: there is none. */
static bool next_line(const char **at, const char *end, const char **ret_line, size_t *ret_size)
{
        const char *stop = memchr(*at, '\n', (size_t)(end - *at));

        if (stop == NULL)
                return false;
        *ret_line = *at;
        *ret_size = (size_t)(stop - *at);
        if (*ret_size > 0 && stop[-1] == '\r')
                --*ret_size;
        *at = stop + 1;
        return true;
}

static bool has_dots(const char *path)
{
        g_auto(GStrv) segments = g_strsplit(path, "/", -1);

        for (char **segment = segments; *segment != NULL; segment++)
                if (strcmp(*segment, ".") == 0 || strcmp(*segment, "..") == 0)
                        return true;
        return false;
}

/* "https://host/path?query" is the same as "/path?query". */
static bool set_target(Head *head, const char *text, size_t size)
{
        const char *start = text, *end = text + size, *query, *path;

        for (const char *const *scheme = (const char *const[]){"http://", "https://", NULL}; *scheme != NULL;
             scheme++) {
                size_t length = strlen(*scheme);

                if (size > length && g_ascii_strncasecmp(text, *scheme, length) == 0) {
                        start = memchr(text + length, '/', size - length);
                        if (start == NULL)
                                return false;
                }
        }
        if (start == end || *start != '/' || !is_plain(start, (size_t)(end - start)) ||
            memchr(start, '#', (size_t)(end - start)) != NULL)
                return false;
        head->target = g_strndup(start, (size_t)(end - start));
        query = strchr(head->target, '?');
        path = query != NULL ? query : head->target + strlen(head->target);
        head->query = query != NULL ? g_strdup(query + 1) : NULL;
        head->path = g_uri_unescape_segment(head->target, path, NULL);
        return head->path != NULL && g_utf8_validate(head->path, -1, NULL) && !has_dots(head->path);
}

static unsigned parse_request_line(Head *head, const char *line, size_t size)
{
        const char *method_end = memchr(line, ' ', size);
        const char *target_end = method_end != NULL ? memrchr(line, ' ', size) : NULL;
        size_t left;

        if (target_end == NULL || target_end == method_end || !is_token(line, (size_t)(method_end - line)))
                return SOUP_STATUS_BAD_REQUEST;
        left = size - (size_t)(target_end + 1 - line);
        if (left != strlen("HTTP/1.1") || strncmp(target_end + 1, "HTTP/", 5) != 0)
                return SOUP_STATUS_BAD_REQUEST;
        if (strncmp(target_end + 1, "HTTP/1.", 7) != 0 || !g_ascii_isdigit(target_end[8]))
                return SOUP_STATUS_HTTP_VERSION_NOT_SUPPORTED;
        head->minor = (unsigned)(target_end[8] - '0');
        head->method = g_strndup(line, (size_t)(method_end - line));
        return set_target(head, method_end + 1, (size_t)(target_end - method_end - 1))
                       ? 0
                       : SOUP_STATUS_BAD_REQUEST;
}

static bool add_header(Head *head, const char *line, size_t size)
{
        const char *colon = memchr(line, ':', size);
        g_autofree char *name = NULL, *value = NULL;

        /* A line that begins with a blank, too: it would go on with the one before. */
        if (colon == NULL || !is_token(line, (size_t)(colon - line)) || !is_plain(line, size))
                return false;
        name = g_strndup(line, (size_t)(colon - line));
        value = g_strstrip(g_strndup(colon + 1, size - (size_t)(colon + 1 - line)));
        if (!g_utf8_validate(value, -1, NULL))
                return false;
        soup_message_headers_append(head->headers, name, value);
        return true;
}

/* How often a header was sent. */
typedef struct Count {
        const char *name;
        unsigned n;
} Count;

static void count_header(const char *name, const char *value, gpointer user_data)
{
        Count *count = user_data;

        (void)value;
        count->n += g_ascii_strcasecmp(name, count->name) == 0;
}

static unsigned times(const Head *head, const char *name)
{
        Count count = {.name = name};

        soup_message_headers_foreach(head->headers, count_header, &count);
        return count.n;
}

static bool parse_number(const char *text, uint64_t *ret)
{
        guint64 number;

        if (strlen(text) > NUMBER_DIGITS_MAX || !g_ascii_isdigit(text[0]) ||
            !g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &number, NULL))
                return false;
        *ret = number;
        return true;
}

static unsigned parse_framing(Head *head)
{
        const char *encoding = soup_message_headers_get_list(head->headers, "Transfer-Encoding");
        unsigned lengths = times(head, "Content-Length"), hosts = times(head, "Host");

        if (lengths > 1 || hosts > 1 || (hosts == 0 && head->minor > 0) ||
            (encoding != NULL && (lengths > 0 || head->minor == 0)))
                return SOUP_STATUS_BAD_REQUEST;
        if (encoding != NULL && g_ascii_strcasecmp(encoding, "chunked") != 0)
                return SOUP_STATUS_NOT_IMPLEMENTED;
        head->chunked = encoding != NULL;
        if (lengths == 1 &&
            !parse_number(soup_message_headers_get_one(head->headers, "Content-Length"), &head->length))
                return SOUP_STATUS_BAD_REQUEST;
        return 0;
}

static void parse_connection(Head *head)
{
        const char *expect = soup_message_headers_get_list(head->headers, "Expect");

        if (head->minor == 0)
                head->keep_alive =
                        soup_message_headers_header_contains(head->headers, "Connection", "keep-alive");
        else
                head->keep_alive =
                        !soup_message_headers_header_contains(head->headers, "Connection", "close");
        head->expects_continue =
                head->minor > 0 && expect != NULL && g_ascii_strcasecmp(expect, "100-continue") == 0;
}

unsigned head_parse(const char *data, size_t size, Head *ret)
{
        const char *at = data, *end = data + size, *line = NULL;
        size_t length = 0;
        unsigned status, headers = 0;

        *ret = (Head){.headers = soup_message_headers_new(SOUP_MESSAGE_HEADERS_REQUEST)};
        /* Empty lines before a request are what some clients leave after the body of the last. */
        do {
                if (!next_line(&at, end, &line, &length))
                        return SOUP_STATUS_BAD_REQUEST;
        } while (length == 0);
        status = parse_request_line(ret, line, length);
        while (status == 0 && next_line(&at, end, &line, &length) && length > 0) {
                if (++headers > HEAD_HEADERS_MAX)
                        status = STATUS_HEAD_TOO_LARGE;
                else if (!add_header(ret, line, length))
                        status = SOUP_STATUS_BAD_REQUEST;
        }
        if (status == 0)
                status = parse_framing(ret);
        if (status == 0)
                parse_connection(ret);
        return status;
}

void head_clear(Head *head)
{
        g_clear_pointer(&head->method, g_free);
        g_clear_pointer(&head->target, g_free);
        g_clear_pointer(&head->path, g_free);
        g_clear_pointer(&head->query, g_free);
        g_clear_pointer(&head->headers, soup_message_headers_unref);
}

static char *unescape_form(const char *text, size_t size)
{
        g_autofree char *copy = g_strdelimit(g_strndup(text, size), "+", ' ');
        g_autofree char *plain = g_uri_unescape_string(copy, NULL);

        return plain != NULL && g_utf8_validate(plain, -1, NULL) ? g_steal_pointer(&plain) : NULL;
}

char *head_query_value(const char *query, const char *name)
{
        g_auto(GStrv) pairs = g_strsplit(query != NULL ? query : "", "&", HEAD_HEADERS_MAX);

        for (char **pair = pairs; *pair != NULL; pair++) {
                const char *equals = strchr(*pair, '=');
                g_autofree char *key =
                        equals != NULL ? unescape_form(*pair, (size_t)(equals - *pair)) : NULL;

                if (key != NULL && strcmp(key, name) == 0)
                        return unescape_form(equals + 1, strlen(equals + 1));
        }
        return NULL;
}
