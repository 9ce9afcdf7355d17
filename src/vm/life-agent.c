/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guest's agent. libvirt waits for its answer and cannot be told to stop waiting, so that it is asked by
 * a thread of its own, which is left alone with that when whoever wanted the answer does not any more.
 */
#include <libvirt/libvirt-qemu.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "vm/life-internal.h"

#define POLL_MS       100
#define AGENT_POLL_MS 500
#define ASKED_MAX     100 /* at a time, with those that nobody waits for any more */

static gint asked;

typedef struct Asking {
        gint references; /* who asks, and its thread */
        virDomainPtr domain;
        char *command;
        int timeout_s;
        GMutex lock;
        GCond ended;
        bool has_ended; /* by lock, as the rest */
        char *answer;
        GError *error; /* made there: libvirt's last error is a thread's own */
} Asking;

/* NULL with BUSY. */
static Asking *asking_new(virDomainPtr domain, const char *command, int timeout_s, GError **error)
{
        Asking *asking;

        if (g_atomic_int_add(&asked, 1) >= ASKED_MAX) {
                (void)g_atomic_int_add(&asked, -1);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "%d guests' agents have not answered yet; try again later", ASKED_MAX);
                life_domain_free(&domain);
                return NULL;
        }
        asking = g_new0(Asking, 1);
        asking->references = 2;
        asking->domain = domain;
        asking->command = g_strdup(command);
        asking->timeout_s = timeout_s;
        g_mutex_init(&asking->lock);
        g_cond_init(&asking->ended);
        return asking;
}

static void asking_unref(Asking *asking)
{
        if (!g_atomic_int_dec_and_test(&asking->references))
                return;
        (void)g_atomic_int_add(&asked, -1);
        life_domain_free(&asking->domain);
        g_free(asking->command);
        g_free(asking->answer);
        g_clear_error(&asking->error);
        g_mutex_clear(&asking->lock);
        g_cond_clear(&asking->ended);
        g_free(asking);
}

static char *ask(virDomainPtr domain, const char *command, int timeout_s, GError **error)
{
        char *answer = virDomainQemuAgentCommand(domain, command, timeout_s, 0), *copy = NULL;

        if (answer == NULL) {
                life_set_error(error, domain, NULL, "asking the guest's agent of");
                return NULL;
        }
        if (strnlen(answer, (size_t)LIFE_AGENT_MAX + 1) <= LIFE_AGENT_MAX)
                copy = g_strdup(answer);
        else
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                            "the guest's agent of %s answers more than %u bytes", virDomainGetName(domain),
                            LIFE_AGENT_MAX);
        free(answer);
        return copy;
}

static void *ask_thread(void *data)
{
        Asking *asking = data;
        GError *error = NULL;
        char *answer = ask(asking->domain, asking->command, asking->timeout_s, &error);

        g_mutex_lock(&asking->lock);
        asking->answer = answer;
        asking->error = error;
        asking->has_ended = true;
        g_cond_signal(&asking->ended);
        g_mutex_unlock(&asking->lock);
        asking_unref(asking);
        return NULL;
}

static char *wait_for_answer(Asking *asking, GCancellable *cancellable, GError **error)
{
        char *answer = NULL;

        g_mutex_lock(&asking->lock);
        while (!asking->has_ended && !g_cancellable_is_cancelled(cancellable))
                (void)g_cond_wait_until(&asking->ended, &asking->lock,
                                        g_get_monotonic_time() + POLL_MS * G_TIME_SPAN_MILLISECOND);
        if (asking->error != NULL)
                g_propagate_error(error, g_steal_pointer(&asking->error));
        else if (asking->has_ended)
                answer = g_steal_pointer(&asking->answer);
        else
                (void)g_cancellable_set_error_if_cancelled(cancellable, error);
        g_mutex_unlock(&asking->lock);
        return answer;
}

char *life_agent(virConnectPtr connection, const char *uuid, const char *command, unsigned timeout_s,
                 GCancellable *cancellable, GError **error)
{
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, error);
        int timeout = (int)CLAMP(timeout_s, 1u, 3600u);
        Asking *asking;
        char *answer;
        pthread_t thread;
        int r;

        if (domain == NULL || g_cancellable_set_error_if_cancelled(cancellable, error))
                return NULL;
        if (cancellable == NULL)
                return ask(domain, command, timeout, error);
        asking = asking_new(g_steal_pointer(&domain), command, timeout, error);
        if (asking == NULL)
                return NULL;
        r = thread_start(&thread, "agent", ask_thread, asking);
        if (r == 0) {
                (void)pthread_detach(thread);
                answer = wait_for_answer(asking, cancellable, error);
        } else {
                asking_unref(asking);
                answer = NULL;
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "a thread cannot be started: %s",
                            g_strerror(-r));
        }
        asking_unref(asking);
        return answer;
}

bool life_agent_wait(virConnectPtr connection, const char *uuid, unsigned timeout_s,
                     GCancellable *cancellable, GError **error)
{
        int64_t deadline = g_get_monotonic_time() + timeout_s * G_USEC_PER_SEC;

        for (;;) {
                g_autoptr(GError) local = NULL;
                g_autofree char *answer =
                        life_agent(connection, uuid, "{\"execute\":\"guest-ping\"}", 1, cancellable, &local);

                if (answer != NULL)
                        return true;
                if (g_error_matches(local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
                    g_error_matches(local, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
                        g_propagate_error(error, g_steal_pointer(&local));
                        return false;
                }
                if (g_get_monotonic_time() >= deadline) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no answer in %u s: %s",
                                    timeout_s, local->message);
                        return false;
                }
                if (!life_wait(AGENT_POLL_MS, cancellable, error))
                        return false;
        }
}
