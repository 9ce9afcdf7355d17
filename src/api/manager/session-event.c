/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of sessions: written for people, and so that they can be read back. */
#include "api/manager/session-event.h"

#include <string.h>

/* In this order: what a client may choose freely is last, so that it can look like nothing before it. */
#define BY      "by user "
#define FROM    " from "
#define SESSION ", session "
#define AGENT   ", client "

/* Bytes of what a client may call himself. */
#define WORDS_MAX 100

static void write_event(Api *api, const char *type, const char *what, const Session *session)
{
        journal_add(api_parts(api)->journal, type, NULL, "%s " BY "%s" FROM "%s" SESSION "%s" AGENT "%.*s",
                    what, session->user, session->address != NULL ? session->address : "",
                    session->id != NULL ? session->id : "", WORDS_MAX,
                    session->agent != NULL ? session->agent : "");
}

void session_event_login(Api *api, const Session *session)
{
        write_event(api, SESSION_EVENT_LOGIN, "login", session);
}

void session_event_logout(Api *api, const Session *session)
{
        write_event(api, SESSION_EVENT_LOGOUT, "logout", session);
}

void session_event_refused(Api *api, const char *user, const char *address)
{
        g_autofree char *name = g_strndup(user, WORDS_MAX), *valid = g_utf8_make_valid(name, -1);

        /* A name with blanks could go on like the rest of the message. */
        g_strdelimit(valid, " \t\r\n", '_');
        journal_add(api_parts(api)->journal, SESSION_EVENT_REFUSED, NULL, "login refused " BY "%s" FROM "%s",
                    valid, address != NULL ? address : "");
}

/* Up to the next word, which *text is then behind; or all that is left. Owned. */
static char *take(const char **text, const char *until)
{
        const char *end = strstr(*text, until);
        char *part = end != NULL ? g_strndup(*text, (gsize)(end - *text)) : g_strdup(*text);

        *text = end != NULL ? end + strlen(until) : *text + strlen(*text);
        return part;
}

void session_event_parse(const char *message, SessionEvent *ret)
{
        const char *rest = strstr(message, BY);

        rest = rest != NULL ? rest + strlen(BY) : "";
        ret->user = take(&rest, FROM);
        ret->address = take(&rest, SESSION);
        ret->id = take(&rest, AGENT);
        ret->agent = g_strdup(rest);
}

void session_event_clear(SessionEvent *event)
{
        g_free(event->user);
        g_free(event->address);
        g_free(event->id);
        g_free(event->agent);
}
