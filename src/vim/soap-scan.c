/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bounds of what is read. libxml2 has bounds of its own, but compares each attribute of a tag with all
 * others, and each name with all namespaces in force: a few megabytes of them would take it minutes.
 */
#include "vim/soap-scan.h"

#include <string.h>

/* The envelope and what is in it; toolkits declare about ten namespaces. */
#define DEPTH_MAX           (WIRE_DEPTH_MAX + 4)
#define TAG_ATTRIBUTES_MAX  64
#define OPEN_ATTRIBUTES_MAX 256    /* of all elements that are open */
#define ATTRIBUTES_MAX      100000 /* of all elements */

typedef struct Scan {
        const char *at, *end;
        unsigned depth, n_elements, n_attributes, n_open_attributes;
        unsigned char attributes[DEPTH_MAX];
} Scan;

static bool refuse(GError **error, const char *why)
{
        g_set_error(error, WIRE_ERROR, WIRE_ERROR_MALFORMED, "The request is refused: %s", why);
        return false;
}

static bool starts_with(const Scan *scan, const char *text)
{
        size_t length = strlen(text);

        return (size_t)(scan->end - scan->at) >= length && memcmp(scan->at, text, length) == 0;
}

/* To behind the next such text, or to the end. */
static void pass(Scan *scan, const char *text)
{
        const char *found = memmem(scan->at, (size_t)(scan->end - scan->at), text, strlen(text));

        scan->at = found != NULL ? found + strlen(text) : scan->end;
}

static bool open_element(Scan *scan, unsigned n_attributes, bool is_empty, GError **error)
{
        if (++scan->n_elements > WIRE_VALUES_MAX)
                return refuse(error, "it has more than " G_STRINGIFY(WIRE_VALUES_MAX) " elements");
        scan->n_attributes += n_attributes;
        if (scan->n_attributes > ATTRIBUTES_MAX)
                return refuse(error, "it has more than " G_STRINGIFY(ATTRIBUTES_MAX) " attributes");
        if (is_empty)
                return true;
        if (scan->depth == DEPTH_MAX)
                return refuse(error, "its elements are nested deeper than " G_STRINGIFY(WIRE_DEPTH_MAX));
        scan->attributes[scan->depth++] = (unsigned char)n_attributes;
        scan->n_open_attributes += n_attributes;
        if (scan->n_open_attributes > OPEN_ATTRIBUTES_MAX)
                return refuse(error, "it has too many attributes");
        return true;
}

/* At the "<" of a start tag; a ">" in quotes does not end it. */
static bool pass_start_tag(Scan *scan, GError **error)
{
        unsigned n_attributes = 0;
        bool is_empty = false;
        char quote = '\0';

        for (scan->at++; scan->at < scan->end; scan->at++) {
                char c = *scan->at;

                if (quote != '\0') {
                        quote = c == quote ? '\0' : quote;
                        continue;
                }
                if (c == '>')
                        break;
                if (c == '"' || c == '\'')
                        quote = c;
                if (c == '=' && ++n_attributes > TAG_ATTRIBUTES_MAX)
                        return refuse(error, "an element has more than " G_STRINGIFY(
                                                     TAG_ATTRIBUTES_MAX) " attributes");
                is_empty = c == '/';
        }
        if (scan->at < scan->end)
                scan->at++;
        return open_element(scan, n_attributes, is_empty, error);
}

static void pass_end_tag(Scan *scan)
{
        pass(scan, ">");
        if (scan->depth > 0)
                scan->n_open_attributes -= scan->attributes[--scan->depth];
}

static bool pass_markup(Scan *scan, GError **error)
{
        if (starts_with(scan, "</"))
                pass_end_tag(scan);
        else if (starts_with(scan, "<!--"))
                pass(scan, "-->");
        else if (starts_with(scan, "<![CDATA["))
                pass(scan, "]]>");
        else if (starts_with(scan, "<!"))
                return refuse(error, "it has a document type, which SOAP does not allow");
        else if (starts_with(scan, "<?"))
                pass(scan, "?>");
        else
                return pass_start_tag(scan, error);
        return true;
}

bool soap_scan(const char *xml, size_t length, GError **error)
{
        Scan scan = {.at = xml, .end = xml + length};

        if (length == 0)
                return refuse(error, "it is empty");
        if (length > WIRE_BYTES_MAX)
                return refuse(error, "it is larger than " G_STRINGIFY(WIRE_BYTES_MAX) " bytes");
        if (!g_utf8_validate_len(xml, length, NULL))
                return refuse(error, "it is not in UTF-8");
        while (scan.at < scan.end) {
                scan.at = memchr(scan.at, '<', (size_t)(scan.end - scan.at));
                if (scan.at == NULL)
                        return true;
                if (!pass_markup(&scan, error))
                        return false;
        }
        return true;
}
