/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as what a client sends: heads and bodies, in pieces; the same however they are cut. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/body.h"
#include "server/head.h"
#include "storage/datastore-path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BODY_MAX 4096

static void check(bool condition, const char *what)
{
        if (!condition) {
                (void)fprintf(stderr, "not so: %s\n", what);
                abort();
        }
}

static void check_path(const Head *head)
{
        g_autofree char *store = head_query_value(head->query, "dsName");
        g_autofree char *text = g_strdup_printf("[%s] %s", store != NULL ? store : "", head->path + 1);
        g_autofree char *name = NULL, *rest = NULL;

        check(head->path[0] == '/' && g_utf8_validate(head->path, -1, NULL), "a path is text");
        check(strstr(head->path, "/../") == NULL && !g_str_has_suffix(head->path, "/.."), "no way up");
        if (datastore_parse_folder(text, &name, &rest, NULL))
                check(rest[0] != '/' && strstr(rest, "//") == NULL, "below the datastore");
}

/* The last result; what of the body there was goes to ret. */
static BodyResult take_all(const Head *head, const char *data, size_t size, size_t piece, GString *ret,
                           size_t *ret_used)
{
        BodyResult result = BODY_MORE;
        size_t at = 0, seen = MIN(piece, size);
        Body body;

        body_begin(&body, head, BODY_MAX);
        for (;;) {
                g_autofree char *exact = g_memdup2(data + at, seen - at);
                const char *part;
                size_t used, n;

                result = body_take(&body, seen > at ? exact : "", seen - at, &used, &part, &n);
                check(used <= seen - at, "no more than there is");
                if (result == BODY_DATA) {
                        check(n > 0 && part >= exact && part + n <= exact + used, "the data lie within");
                        g_string_append_len(ret, part, (gssize)n);
                }
                at += used;
                if (result != BODY_DATA && (result != BODY_MORE || seen == size))
                        break;
                if (result == BODY_MORE)
                        seen = MIN(seen + piece, size);
        }
        check(ret->len <= BODY_MAX, "no more than the bound");
        *ret_used = at;
        return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        g_autofree char *text = g_memdup2(data, size);
        size_t end = size > 0 ? head_end(text, size) : 0;
        g_auto(Head) head = {0};
        g_autoptr(GString) one = g_string_new(NULL), other = g_string_new(NULL);
        size_t used = 0, other_used = 0;
        BodyResult result;

        check(end <= size, "a head ends within what there is");
        if (end == 0 || head_parse(text, end, &head) != 0)
                return 0;
        check(head.method[0] != '\0' && !(head.chunked && head.length > 0), "one way to frame the body");
        check_path(&head);
        result = take_all(&head, text + end, size - end, SIZE_MAX / 2, one, &used);
        check(take_all(&head, text + end, size - end, 1, other, &other_used) == result,
              "the same in pieces");
        if (result == BODY_DONE)
                check(used == other_used && g_string_equal(one, other), "the same body in pieces");
        return 0;
}
