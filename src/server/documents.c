/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be read without logging in: the service's description, and a page for who comes by a browser. */
#include <string.h>

#include "server/routes.h"
#include "vim/wsdl.h"

static const char page[] =
        "<!DOCTYPE html>\n"
        "<html lang=\"en\"><head><meta charset=\"utf-8\"><title>aerostat</title></head><body>\n"
        "<h1>aerostat</h1>\n"
        "<p>This host is managed by aerostat " AEROSTAT_VERSION
        ". It speaks the vSphere Web Services API:</p>\n"
        "<ul>\n"
        "<li><code>/sdk</code>: SOAP (<a href=\"/sdk/vimService.wsdl\">its description</a>, "
        "<a href=\"/sdk/vimServiceVersions.xml\">its versions</a>)</li>\n"
        "<li><code>/sdk/vim25/RELEASE/TYPE/ID/METHOD</code>: the same as JSON</li>\n"
        "<li><code>/folder</code>: files of datastores</li>\n"
        "</ul>\n"
        "</body></html>\n";

static void send_document(Exchange *exchange, const char *name)
{
        const GString *document = wsdl_document(name);
        g_autoptr(GBytes) bytes = NULL;

        if (document == NULL) {
                exchange_refuse(exchange, SOUP_STATUS_NOT_FOUND, "there is no document of this name");
                return;
        }
        /* Kept for as long as the program runs. */
        bytes = g_bytes_new_static(document->str, document->len);
        exchange_answer_bytes(exchange, SOUP_STATUS_OK, "text/xml; charset=utf-8", bytes);
}

void documents_run(Exchange *exchange, gpointer user_data)
{
        const Head *head = exchange_head(exchange);
        const char *name = strrchr(head->path, '/') + 1;

        (void)user_data;
        if (strcmp(head->path, "/") == 0)
                exchange_answer(exchange, SOUP_STATUS_OK, "text/html; charset=utf-8", g_string_new(page));
        else if (head->query != NULL && g_ascii_strcasecmp(head->query, "wsdl") == 0)
                send_document(exchange, "vimService.wsdl");
        else
                send_document(exchange, name);
}
