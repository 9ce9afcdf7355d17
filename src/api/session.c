/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What roles have, and what a session owns. */
#include "api/session.h"

#include <string.h>

#define AGENT_MAX 128 /* characters of what a client calls itself */

/* What the role has besides those before it; an entry that ends with "." is all below it. */
static const char *const none[] = {"System.Anonymous", NULL};
static const char *const read_only[] = {"System.View", "System.Read", NULL};
static const char *const operator[] = {
        "Datastore.Browse",         "Global.CancelTask",     "Task.", "VirtualMachine.GuestOperations.",
        "VirtualMachine.Interact.", "VirtualMachine.State.", NULL,
};
static const char *const *const roles[] = {
        [ROLE_NONE] = none, [ROLE_READ_ONLY] = read_only, [ROLE_OPERATOR] = operator, };

static bool is_in(const char *const *list, const char *privilege)
{
        for (; *list != NULL; list++) {
                size_t length = strlen(*list);

                if ((*list)[length - 1] == '.' ? strncmp(*list, privilege, length) == 0
                                               : strcmp(*list, privilege) == 0)
                        return true;
        }
        return false;
}

bool role_has(Role role, const char *privilege)
{
        if (privilege == NULL || role == ROLE_ADMINISTRATOR)
                return true;
        for (unsigned i = 0; i <= (unsigned)role; i++)
                if (is_in(roles[i], privilege))
                        return true;
        return false;
}

/* Who is told. */
typedef struct Ending {
        SessionEnd end;
        gpointer data;
} Ending;

Session *session_new(const char *address, const char *agent)
{
        Session *session = g_new0(Session, 1);

        session->references = 1;
        session->address = g_strdup(address);
        session->agent =
                agent != NULL ? g_utf8_substring(agent, 0, MIN(g_utf8_strlen(agent, -1), AGENT_MAX)) : NULL;
        session->owned = g_ptr_array_new();
        session->ends = g_array_new(FALSE, FALSE, sizeof(Ending));
        g_queue_init(&session->running);
        return session;
}

Session *session_ref(Session *session)
{
        session->references++;
        return session;
}

void session_unref(Session *session)
{
        if (--session->references > 0)
                return;
        g_assert(session->owned->len == 0);
        g_ptr_array_unref(session->owned);
        g_array_unref(session->ends);
        g_free(session->key);
        g_free(session->id);
        g_free(session->user);
        g_free(session->full_name);
        g_free(session->address);
        g_free(session->agent);
        g_free(session->locale);
        g_free(session);
}

void session_add_end(Session *session, SessionEnd end, gpointer data)
{
        const Ending ending = {.end = end, .data = data};

        g_array_append_val(session->ends, ending);
}

void session_remove_end(Session *session, gpointer data)
{
        for (unsigned i = session->ends->len; i-- > 0;)
                if (g_array_index(session->ends, Ending, i).data == data)
                        g_array_remove_index(session->ends, i);
}

void session_tell_end(Session *session)
{
        /* Who is told may take others away. */
        while (session->ends->len > 0) {
                const Ending ending = g_array_index(session->ends, Ending, 0);

                g_array_remove_index(session->ends, 0);
                ending.end(ending.data);
        }
}

Managed *session_add_object(World *world, Session *session, const char *type)
{
        g_autofree char *id = NULL;
        Managed *managed;
        unsigned kept = 0;

        /* Those that were destroyed meanwhile. */
        for (unsigned i = 0; i < session->owned->len; i++) {
                Managed *owned = session->owned->pdata[i];

                if (owned->gone)
                        managed_unref(owned);
                else
                        session->owned->pdata[kept++] = owned;
        }
        g_ptr_array_set_size(session->owned, (int)kept);
        if (kept >= SESSION_OWNED_MAX)
                return NULL;
        /* Not to be guessed by others, though they could do nothing with it. */
        id = g_uuid_string_random();
        managed = world_add(world, type, id, NULL);
        managed->owner = session;
        g_ptr_array_add(session->owned, managed_ref(managed));
        return managed;
}
