/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * /recorder/SESSION: SESSION is UserSession.key, or "own". POST begins to record what it does, GET returns a
 * script of what it has done since (?form=shell, python or powercli), DELETE ends that. POST with
 * ?paused=true or false lets a recording rest, or go on; GET says which in its header Recorder-State.
 * Administrators may record everybody, others themselves.
 */
#include "api/recorder/recorder.h"

#include <string.h>

#include "api/access/session-manager.h"
#include "server/routes.h"

static bool may(const Session *session, const char *user)
{
        return session->role == ROLE_ADMINISTRATOR || g_strcmp0(session->user, user) == 0;
}

/* In the query. Owned; NULL: it is not there. */
static char *value_of(const Exchange *exchange, const char *name)
{
        const char *query = exchange_head(exchange)->query;

        return query != NULL ? head_query_value(query, name) : NULL;
}

static void begin(Exchange *exchange, Api *api, const char *id)
{
        const Session *recorded = session_manager_by_id(api, id);
        g_autoptr(GError) error = NULL;

        if (recorded == NULL || !may(route_session(exchange), recorded->user))
                exchange_refuse(exchange, SOUP_STATUS_NOT_FOUND, "there is no session of this key");
        else if (!recorder_start(api, recorded, &error))
                exchange_refuse(exchange, SOUP_STATUS_CONFLICT, "%s", error->message);
        else
                exchange_answer(exchange, SOUP_STATUS_NO_CONTENT, NULL, NULL);
}

static void pause_or_go_on(Exchange *exchange, Api *api, const char *id, const char *paused)
{
        if (strcmp(paused, "true") != 0 && strcmp(paused, "false") != 0) {
                exchange_refuse(exchange, SOUP_STATUS_BAD_REQUEST, "paused is \"true\" or \"false\"");
                return;
        }
        (void)recorder_pause(api, id, strcmp(paused, "true") == 0);
        exchange_answer(exchange, SOUP_STATUS_NO_CONTENT, NULL, NULL);
}

static void show(Exchange *exchange, Api *api, const char *id)
{
        g_autofree char *name = value_of(exchange, "form");
        RecorderForm form = RECORDER_SHELL;

        if (name != NULL && !recorder_form_parse(name, &form)) {
                exchange_refuse(exchange, SOUP_STATUS_BAD_REQUEST,
                                "the form is \"shell\", \"python\" or \"powercli\"");
                return;
        }
        exchange_add_header(exchange, "Recorder-State",
                            recorder_is_paused(api, id) ? "paused" : "recording");
        exchange_answer(exchange, SOUP_STATUS_OK, "text/plain; charset=utf-8",
                        recorder_script(api, id, form));
}

void recorder_run(Exchange *exchange, gpointer user_data)
{
        const Session *session = route_session(exchange);
        const char *id = exchange_head(exchange)->path + strlen("/recorder/");
        Api *api = server_api(user_data);
        g_autofree char *paused = value_of(exchange, "paused");
        const char *user;

        if (session->role == ROLE_NONE) {
                exchange_refuse(exchange, SOUP_STATUS_UNAUTHORIZED, "log in first");
                return;
        }
        if (strcmp(id, "own") == 0)
                id = session->id;
        if (exchange_is(exchange, "POST") && paused == NULL) {
                begin(exchange, api, id);
                return;
        }
        user = recorder_user(api, id);
        if (user == NULL || !may(session, user)) {
                exchange_refuse(exchange, SOUP_STATUS_NOT_FOUND,
                                "nothing is recorded of this session; POST begins it");
        } else if (exchange_is(exchange, "POST")) {
                pause_or_go_on(exchange, api, id, paused);
        } else if (exchange_is(exchange, "DELETE")) {
                (void)recorder_stop(api, id);
                exchange_answer(exchange, SOUP_STATUS_NO_CONTENT, NULL, NULL);
        } else {
                show(exchange, api, id);
        }
}
