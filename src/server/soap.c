/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* POST /sdk: SOAP. */
#include "vim/soap.h"

#include <string.h>

#include "api/access/session-manager.h"
#include "server/call.h"

#define CONTENT "text/xml; charset=utf-8"

static void send_fault(Exchange *exchange, const VimValue *fault, const char *message, VimVersion version)
{
        exchange_answer(exchange, SOUP_STATUS_INTERNAL_SERVER_ERROR, CONTENT,
                        soap_write_fault(fault, message, version));
}

static const Form form = {.content = CONTENT, .result = soap_write_result, .fault = send_fault};

/*
 * "urn:vim25/6.7". Who names no version was written before there were any: 2.5. A version that is none is
 * taken for one to come.
 */
static VimVersion version_of(const Exchange *exchange)
{
        const char *action = exchange_header(exchange, "SOAPAction");
        const char *slash = action != NULL ? strrchr(action, '/') : NULL;
        g_autofree char *text = NULL;
        VimVersion version = VIM_NEWEST;

        if (slash == NULL)
                return VIM_2_5;
        text = g_strdup(slash + 1);
        text[strcspn(text, "\"' ")] = '\0';
        (void)vim_version_parse(text, &version);
        return version;
}

void soap_run(Exchange *exchange, gpointer user_data)
{
        Server *server = user_data;
        World *world = api_world(server_api(server));
        VimVersion version = version_of(exchange);
        g_auto(WireCall) call = {0};
        g_autoptr(GError) error = NULL;
        gsize length;
        const char *body = g_bytes_get_data(exchange_body(exchange), &length);
        bool read = soap_read_call(body != NULL ? body : "", length, call_type_of, world, &call, &error);

        if (call.session_cookie != NULL && route_session(exchange)->role == ROLE_NONE) {
                Session *session = session_manager_find(server_api(server), call.session_cookie);

                if (session != NULL)
                        route_set_session(server, exchange, session);
        }
        if (read)
                call_run(server, exchange, &form, version, world_find(world, call.object_id), call.method,
                         call.args);
        else
                call_refuse(exchange, &form, version, call.object_type, call.object_id, call.method_name,
                            error);
}
