/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What takes long: a guest's shutdown, memory to a file and back. */
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "vm/life-internal.h"

#define POLL_MS       100
#define PRESS_AGAIN_S 10

static bool ask_shutdown(virDomainPtr domain, const char *uuid, GError **error)
{
        /* Without a choice of ours: the agent where there is one, and ACPI where that fails. */
        if (virDomainShutdownFlags(domain, 0) == 0 || virDomainIsActive(domain) != 1)
                return true;
        life_set_error(error, domain, uuid, "shutting down");
        return false;
}

bool life_ask_shutdown(virConnectPtr connection, const char *uuid, GError **error)
{
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, error);

        return domain != NULL && ask_shutdown(domain, uuid, error);
}

bool life_shutdown(virConnectPtr connection, const char *uuid, unsigned timeout_s, GCancellable *cancellable,
                   GError **error)
{
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, error);
        int64_t begun = g_get_monotonic_time(), deadline = begun + timeout_s * G_USEC_PER_SEC;
        int64_t again = begun + PRESS_AGAIN_S * G_USEC_PER_SEC;
        int state = 0;

        if (domain == NULL || !ask_shutdown(domain, uuid, error))
                return false;
        for (;;) {
                if (virDomainGetState(domain, &state, NULL, 0) < 0) {
                        /* One that was not defined is gone when it is off. */
                        if (virGetLastErrorCode() == VIR_ERR_NO_DOMAIN)
                                return true;
                        life_set_error(error, domain, uuid, "waiting for the shutdown of");
                        return false;
                }
                if (state == VIR_DOMAIN_SHUTOFF)
                        return true;
                if (g_get_monotonic_time() >= deadline)
                        break;
                /* A guest that was still booting has not heard it. */
                if (g_get_monotonic_time() >= again) {
                        (void)virDomainShutdownFlags(domain, 0);
                        again += PRESS_AGAIN_S * G_USEC_PER_SEC;
                }
                if (!life_wait(POLL_MS, cancellable, error))
                        return false;
        }
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                    "the guest of %s has not shut down in %u s; it may need a guest agent or ACPI, or can "
                    "be powered off hard",
                    virDomainGetName(domain), timeout_s);
        return false;
}

typedef struct Save {
        virDomainPtr domain;
        const char *path;
        GMutex lock;
        GCond ended;
        bool has_ended; /* by lock */
        GError *error;  /* made there: libvirt's last error is a thread's own */
} Save;

static void *save_thread(void *data)
{
        Save *save = data;

        if (virDomainSaveFlags(save->domain, save->path, NULL, 0) < 0)
                life_set_error(&save->error, save->domain, NULL, "saving the memory of");
        g_mutex_lock(&save->lock);
        save->has_ended = true;
        g_cond_signal(&save->ended);
        g_mutex_unlock(&save->lock);
        return NULL;
}

static void report(virDomainPtr domain, void (*progress)(unsigned, gpointer), gpointer user_data)
{
        virDomainJobInfo info;

        if (progress == NULL || virDomainGetJobInfo(domain, &info) < 0 || info.dataTotal == 0)
                return;
        progress((unsigned)MIN(info.dataProcessed * 100 / info.dataTotal, 100), user_data);
}

static void watch(Save *save, void (*progress)(unsigned, gpointer), gpointer user_data,
                  GCancellable *cancellable)
{
        g_mutex_lock(&save->lock);
        while (!save->has_ended) {
                (void)g_cond_wait_until(&save->ended, &save->lock,
                                        g_get_monotonic_time() + POLL_MS * G_TIME_SPAN_MILLISECOND);
                if (save->has_ended)
                        break;
                g_mutex_unlock(&save->lock);
                /* Again and again: the job may not have begun yet. */
                if (g_cancellable_is_cancelled(cancellable))
                        (void)virDomainAbortJob(save->domain);
                else
                        report(save->domain, progress, user_data);
                g_mutex_lock(&save->lock);
        }
        g_mutex_unlock(&save->lock);
}

bool life_save(virConnectPtr connection, const char *uuid, const char *path,
               void (*progress)(unsigned, gpointer), gpointer user_data, GCancellable *cancellable,
               GError **error)
{
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, error);
        Save save = {.domain = domain, .path = path};
        pthread_t thread;
        int r;

        if (domain == NULL || g_cancellable_set_error_if_cancelled(cancellable, error))
                return false;
        g_mutex_init(&save.lock);
        g_cond_init(&save.ended);
        r = thread_start(&thread, "save", save_thread, &save);
        if (r == 0) {
                watch(&save, progress, user_data, cancellable);
                (void)pthread_join(thread, NULL);
        } else {
                g_set_error(&save.error, G_IO_ERROR, G_IO_ERROR_FAILED, "a thread cannot be started: %s",
                            g_strerror(-r));
        }
        g_mutex_clear(&save.lock);
        g_cond_clear(&save.ended);
        if (save.error == NULL)
                return true;
        /* What libvirt says of the job's end is not what has ended it. */
        if (g_cancellable_set_error_if_cancelled(cancellable, error))
                g_error_free(save.error);
        else
                g_propagate_error(error, save.error);
        return false;
}

bool life_settle(virConnectPtr connection, const char *uuid, GError **error)
{
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, error);
        int64_t deadline = g_get_monotonic_time() + LIFE_SETTLE_S * G_USEC_PER_SEC;

        if (domain == NULL)
                return false;
        for (;;) {
                virDomainJobInfo info;

                if (virDomainGetJobInfo(domain, &info) < 0 && virDomainIsActive(domain) != 0) {
                        life_set_error(error, domain, uuid, "waiting for what libvirt does to");
                        return false;
                }
                if (virDomainIsActive(domain) == 0 || info.type == VIR_DOMAIN_JOB_NONE)
                        return true;
                if (g_get_monotonic_time() >= deadline)
                        break;
                /* It may be too late for that, and then ends by itself. */
                (void)virDomainAbortJob(domain);
                (void)life_wait(POLL_MS, NULL, NULL);
        }
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                    "libvirt still works on %s; try again when that has ended", virDomainGetName(domain));
        return false;
}

bool life_restore(virConnectPtr connection, const char *path, const char *xml, bool paused, GError **error)
{
        /* Else as it was when it was saved. */
        unsigned flags = paused ? VIR_DOMAIN_SAVE_PAUSED : 0;
        g_autofree char *what = g_strdup_printf("going on from %s", path);

        if (virDomainRestoreFlags(connection, path, xml, flags) == 0)
                return true;
        life_set_error(error, NULL, NULL, what);
        return false;
}

char *life_saved_definition(virConnectPtr connection, const char *path, GError **error)
{
        char *xml = virDomainSaveImageGetXMLDesc(connection, path, VIR_DOMAIN_SAVE_IMAGE_XML_SECURE);
        g_autofree char *what = g_strdup_printf("reading %s", path);
        char *copy;

        if (xml == NULL) {
                life_set_error(error, NULL, NULL, what);
                return NULL;
        }
        copy = g_strdup(xml);
        free(xml);
        return copy;
}

bool life_saved_define(virConnectPtr connection, const char *path, const char *xml, GError **error)
{
        g_autofree char *what = g_strdup_printf("changing the definition in %s", path);

        if (virDomainSaveImageDefineXML(connection, path, xml, 0) == 0)
                return true;
        life_set_error(error, NULL, NULL, what);
        return false;
}
