/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Heads and bodies of HTTP requests, and how attempts to log in are slowed. */
#include <string.h>

#include "api/access/password.h"
#include "api/access/throttle.h"
#include "server/body.h"
#include "server/head.h"

static unsigned parse(const char *text, Head *ret)
{
        size_t end = head_end(text, strlen(text));

        g_assert_cmpuint(end, ==, strlen(text));
        return head_parse(text, end, ret);
}

static void test_head(void)
{
        g_auto(Head) head = {0};

        g_assert_cmpuint(parse("\r\nPOST /a%20b/c?d=%26e&f=g+h HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                               "A:  b \r\nconnection: Keep-Alive, Close\r\nExpect: 100-continue\r\n\r\n",
                               &head),
                         ==, 0);
        g_assert_cmpstr(head.method, ==, "POST");
        g_assert_cmpstr(head.path, ==, "/a b/c");
        g_assert_cmpstr(head.target, ==, "/a%20b/c?d=%26e&f=g+h");
        g_assert_cmpuint(head.length, ==, 5);
        g_assert_false(head.chunked);
        g_assert_false(head.keep_alive);
        g_assert_true(head.expects_continue);
        g_assert_cmpstr(soup_message_headers_get_one(head.headers, "a"), ==, "b");
}

static void test_query(void)
{
        static const char query[] = "d=%26e&f=g+h&=x&i&j=%ff&k=";
        const struct {
                const char *name, *value;
        } cases[] = {{"d", "&e"}, {"f", "g h"}, {"i", NULL}, {"j", NULL}, {"k", ""}, {"l", NULL}};

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *value = head_query_value(query, cases[i].name);

                g_assert_cmpstr(value, ==, cases[i].value);
        }
        g_assert_null(head_query_value(NULL, "a"));
}

static void test_keep_alive(void)
{
        const struct {
                const char *text;
                bool keep;
        } cases[] = {
                {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", true},
                {"GET / HTTP/1.0\r\n\r\n", false},
                {"GET / HTTP/1.0\nConnection: keep-alive\n\n", true},
                {"GET http://x HTTP/1.1\r\nHost: x\r\n\r\n", false},
                {"GET https://x/y?z HTTP/1.1\r\nHost: x\r\n\r\n", true},
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(Head) head = {0};

                g_assert_cmpuint(parse(cases[i].text, &head), ==, i == 3 ? 400 : 0);
                g_assert_true(head.keep_alive == cases[i].keep);
        }
}

/* --- bodies --- */

/* Gives it a piece at a time; the last result, and what of the body there was. */
static BodyResult feed(const char *text, size_t piece, bool chunked, uint64_t length, uint64_t max,
                       GString *ret, size_t *ret_used)
{
        Head head = {.chunked = chunked, .length = length};
        g_autoptr(GString) buffer = g_string_new(NULL);
        BodyResult result = BODY_MORE;
        size_t given = 0, all = strlen(text);
        Body body;

        *ret_used = 0;
        body_begin(&body, &head, max);
        do {
                const char *data;
                size_t used, size;

                result = body_take(&body, buffer->str, buffer->len, &used, &data, &size);
                if (result == BODY_DATA)
                        g_string_append_len(ret, data, (gssize)size);
                g_string_erase(buffer, 0, (gssize)used);
                *ret_used += used;
                if (result == BODY_MORE && given < all) {
                        size_t n = MIN(piece, all - given);

                        g_string_append_len(buffer, text + given, (gssize)n);
                        given += n;
                        result = BODY_DATA;
                }
        } while (result == BODY_DATA);
        return result;
}

static void test_bodies(void)
{
        const struct {
                const char *text;
                bool chunked;
                uint64_t length, max;
                BodyResult result;
                const char *body;
                size_t left; /* of what comes after it */
        } cases[] = {
                {"", false, 0, 0, BODY_DONE, "", 0},
                {"abc", false, 3, 3, BODY_DONE, "abc", 0},
                {"abcGET", false, 3, 3, BODY_DONE, "abc", 3},
                {"ab", false, 3, 3, BODY_MORE, "ab", 0},
                {"abc", false, 3, 2, BODY_TOO_LARGE, "", 3},
                {"3\r\nabc\r\n0\r\n\r\n", true, 0, 3, BODY_DONE, "abc", 0},
                {"1;x=y\r\na\r\n2\nbc\n0\r\nTrailer: x\r\n\r\nGET", true, 0, 3, BODY_DONE, "abc", 3},
                {"2\r\nab\r\n2\r\ncd\r\n", true, 0, 3, BODY_TOO_LARGE, "ab", 4},
                {"ffffffffffffffff\r\n", true, 0, G_MAXINT64, BODY_MALFORMED, "", 0},
                {"-1\r\n", true, 0, 3, BODY_MALFORMED, "", 0},
                {"\r\n", true, 0, 3, BODY_MALFORMED, "", 0},
                {"1x\r\n", true, 0, 3, BODY_MALFORMED, "", 0},
                {"1\r\nab\r\n", true, 0, 3, BODY_MALFORMED, "a", 3},
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
                for (size_t piece = 1; piece <= strlen(cases[i].text) + 1; piece++) {
                        g_autoptr(GString) body = g_string_new(NULL);
                        size_t used;
                        BodyResult result = feed(cases[i].text, piece, cases[i].chunked, cases[i].length,
                                                 cases[i].max, body, &used);

                        g_assert_cmpint(result, ==, cases[i].result);
                        g_assert_cmpstr(body->str, ==, cases[i].body);
                        if (result == BODY_DONE)
                                g_assert_cmpuint(used, ==, strlen(cases[i].text) - cases[i].left);
                }
}

static void test_long_lines(void)
{
        g_autofree char *line = g_strnfill(200, '0'), *trailers = g_strnfill(5000, 'a');
        g_autofree char *with_trailers = g_strconcat("0\r\n", trailers, NULL);
        g_autoptr(GString) body = g_string_new(NULL);
        size_t used;

        g_assert_cmpint(feed(line, 7, true, 0, 3, body, &used), ==, BODY_MALFORMED);
        g_assert_cmpint(feed(with_trailers, 7, true, 0, 3, body, &used), ==, BODY_MALFORMED);
}

/* --- throttle --- */

#define SECOND INT64_C(1000000)

static void test_throttle(void)
{
        Throttle *throttle = throttle_new(4 * SECOND);
        const int64_t expected_ms[] = {0, 0, 0, 0, 250, 750, 1750, 3750, 7750, 11750};

        for (unsigned i = 0; i < G_N_ELEMENTS(expected_ms); i++) /* all at once */
                g_assert_cmpint(throttle_take(throttle, "anna", SECOND), ==, expected_ms[i] * 1000);
        g_assert_cmpint(throttle_take(throttle, "olga", SECOND), ==, 0);
        throttle_clear(throttle, "anna");
        throttle_clear(throttle, "nobody");
        g_assert_cmpint(throttle_take(throttle, "anna", SECOND), ==, 0);
        for (unsigned i = 0; i < 20; i++)
                (void)throttle_take(throttle, "anna", SECOND);
        g_assert_cmpint(throttle_take(throttle, "anna", 2000 * SECOND), ==, 0); /* long ago */
        throttle_free(throttle);
}

static void test_throttle_bound(void)
{
        Throttle *throttle = throttle_new(4 * SECOND);

        for (unsigned i = 0; i < 10; i++)
                (void)throttle_take(throttle, "first", SECOND);
        g_assert_cmpint(throttle_take(throttle, "first", SECOND), >, 0);
        for (unsigned i = 0; i < 5000; i++) {
                g_autofree char *name = g_strdup_printf("name %u", i);

                (void)throttle_take(throttle, name, SECOND);
        }
        g_assert_cmpint(throttle_take(throttle, "first", SECOND), ==, 0); /* forgotten for newer ones */
        throttle_free(throttle);
}

static void test_password(void)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *hash = password_hash("correct horse", &error), *other = NULL;

        g_assert_no_error(error);
        other = password_hash("correct horse", &error);
        g_assert_cmpstr(hash, !=, other); /* salted */
        g_assert_null(strstr(hash, "horse"));
        g_assert_true(password_matches("correct horse", hash));
        g_assert_false(password_matches("correct hors", hash));
        g_assert_false(password_matches("", hash));
        g_assert_false(password_matches("x", "no hash"));
        g_assert_false(password_matches("x", ""));
        g_assert_false(password_matches("x", NULL));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/head/all", test_head);
        g_test_add_func("/head/query", test_query);
        g_test_add_func("/head/keep-alive", test_keep_alive);
        g_test_add_func("/body/all", test_bodies);
        g_test_add_func("/body/long-lines", test_long_lines);
        g_test_add_func("/throttle/pauses", test_throttle);
        g_test_add_func("/throttle/bound", test_throttle_bound);
        g_test_add_func("/password/all", test_password);
        return g_test_run();
}
