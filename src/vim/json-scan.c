/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bounds of what is read: json-glib calls itself for each level of a document, however deep. */
#include "vim/json-scan.h"

#include <string.h>

/* A list of objects is two of JSON's. */
#define DEPTH_MAX (2 * WIRE_DEPTH_MAX)

typedef struct Scan {
        const char *start, *at, *end;
        unsigned depth, n_values;
} Scan;

static bool refuse(GError **error, const char *why)
{
        g_set_error(error, WIRE_ERROR, WIRE_ERROR_MALFORMED, "The request is refused: %s", why);
        return false;
}

/* At the first quote. */
static bool pass_string(Scan *scan, GError **error)
{
        for (scan->at++; scan->at < scan->end && *scan->at != '"'; scan->at++) {
                if (*scan->at != '\\')
                        continue;
                if (scan->end - scan->at >= 6 && memcmp(scan->at, "\\u0000", 6) == 0)
                        return refuse(error, "a string has a NUL");
                if (++scan->at == scan->end)
                        return true;
        }
        return true;
}

/* At the first digit. */
static bool pass_number(Scan *scan, GError **error)
{
        static const char most[] = "9223372036854775807", least[] = "9223372036854775808";
        bool is_negative = scan->at > scan->start && scan->at[-1] == '-';
        const char *digits;
        size_t n;

        while (scan->at < scan->end && *scan->at == '0')
                scan->at++;
        digits = scan->at;
        while (scan->at < scan->end && g_ascii_isdigit(*scan->at))
                scan->at++;
        n = (size_t)(scan->at - digits);
        if (scan->at < scan->end && strchr(".eE", *scan->at) != NULL) {
                while (scan->at < scan->end &&
                       (g_ascii_isdigit(*scan->at) || strchr(".eE+-", *scan->at) != NULL))
                        scan->at++;
        } else if (n >= sizeof most ||
                   (n == sizeof most - 1 && memcmp(digits, is_negative ? least : most, n) > 0)) {
                return refuse(error, "a number has more than 64 bits");
        }
        scan->at--;
        return true;
}

static bool pass_char(Scan *scan, GError **error)
{
        char c = *scan->at;

        if (c == '"')
                return pass_string(scan, error);
        if (g_ascii_isdigit(c))
                return pass_number(scan, error);
        if (strchr("{[,", c) != NULL && ++scan->n_values > WIRE_VALUES_MAX)
                return refuse(error, "it has more than " G_STRINGIFY(WIRE_VALUES_MAX) " values");
        if ((c == '{' || c == '[') && ++scan->depth > DEPTH_MAX)
                return refuse(error, "its values are nested deeper than " G_STRINGIFY(WIRE_DEPTH_MAX));
        if ((c == '}' || c == ']') && scan->depth > 0)
                scan->depth--;
        if (strchr("{}[],:-+. \t\r\ntrufalsne", c) == NULL)
                return refuse(error, "it is not JSON");
        return true;
}

bool json_scan(const char *json, size_t length, GError **error)
{
        Scan scan = {.start = json, .at = json, .end = json + length};

        if (length > WIRE_BYTES_MAX)
                return refuse(error, "it is larger than " G_STRINGIFY(WIRE_BYTES_MAX) " bytes");
        if (!g_utf8_validate_len(json, length, NULL))
                return refuse(error, "it is not in UTF-8");
        for (; scan.at < scan.end; scan.at++)
                if (!pass_char(&scan, error))
                        return false;
        return true;
}
