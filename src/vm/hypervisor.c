/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jobs for libvirt in threads, their results in the main context, and a connection that comes back. */
#include "vm/hypervisor.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "vm/domain.h"

#define THREADS              8
#define ORDERS_MAX           4096
#define RETRY_FIRST_MS       500
#define RETRY_LAST_MS        30000
#define KEEPALIVE_INTERVAL_S 5
#define KEEPALIVE_COUNT      3

struct Hypervisor {
        char *uri;
        const HypervisorEvents *events;
        gpointer user_data;
        GThreadPool *threads;

        GMutex lock;
        virConnectPtr connection; /* by lock; NULL: none */
        GHashTable *known;        /* of the one list that is being made */

        /* Of the main context. */
        bool connected;
        bool connecting;
        bool listing;
        bool list_again; /* asked for while one was being made: what it found may be out of date */
        bool closing;
        unsigned jobs; /* under way */
        unsigned retry_ms;
        guint retry_source;
};

typedef enum JobType { JOB_CONNECT, JOB_LIST, JOB_ORDER } JobType;

typedef struct Job {
        Hypervisor *hypervisor;
        JobType type;

        /* JOB_ORDER */
        char uuid[VIR_UUID_STRING_BUFLEN];
        VmOrderType order;
        uint64_t value;
        VmOrderDone done;

        /* results */
        char *error;
        bool lost; /* the error is that of the connection */
        virConnectPtr connection;
        GPtrArray *vms;
} Job;

static void push(Job *job)
{
        job->hypervisor->jobs++;
        g_thread_pool_push(job->hypervisor->threads, job, NULL);
}

static Job *job_new(Hypervisor *hypervisor, JobType type)
{
        Job *job = g_new0(Job, 1);

        job->hypervisor = hypervisor;
        job->type = type;
        return job;
}

static void job_free(Job *job)
{
        g_free(job->error);
        if (job->vms != NULL)
                g_ptr_array_unref(job->vms);
        g_free(job);
}

/* Events of libvirt come in the main context, by the loop that main() registered with it. */

static int on_lifecycle(virConnectPtr connection, virDomainPtr domain, int event, int detail, void *opaque)
{
        Hypervisor *hypervisor = opaque;

        (void)connection;
        (void)domain;
        (void)event;
        (void)detail;
        if (!hypervisor->closing)
                hypervisor->events->changed(hypervisor->user_data);
        return 0;
}

static void on_reboot(virConnectPtr connection, virDomainPtr domain, void *opaque)
{
        Hypervisor *hypervisor = opaque;
        char uuid[VIR_UUID_STRING_BUFLEN];

        (void)connection;
        if (!hypervisor->closing && virDomainGetUUIDString(domain, uuid) == 0)
                hypervisor->events->rebooted(uuid, hypervisor->user_data);
}

static gboolean retry(gpointer user_data);

static void schedule_retry(Hypervisor *hypervisor)
{
        if (hypervisor->closing || hypervisor->retry_source != 0)
                return;
        hypervisor->retry_source = g_timeout_add(hypervisor->retry_ms, retry, hypervisor);
        hypervisor->retry_ms = MIN(2 * hypervisor->retry_ms, RETRY_LAST_MS);
}

static void disconnect(Hypervisor *hypervisor)
{
        virConnectPtr connection;

        g_mutex_lock(&hypervisor->lock);
        connection = g_steal_pointer(&hypervisor->connection);
        g_mutex_unlock(&hypervisor->lock);
        if (connection == NULL)
                return;
        (void)virConnectUnregisterCloseCallback(connection, NULL);
        (void)virConnectClose(connection);
}

static void lose(Hypervisor *hypervisor, const char *reason)
{
        if (!hypervisor->connected)
                return;
        hypervisor->connected = false;
        disconnect(hypervisor);
        if (hypervisor->closing)
                return;
        hypervisor->events->lost(reason, hypervisor->user_data);
        hypervisor->retry_ms = RETRY_FIRST_MS;
        schedule_retry(hypervisor);
}

static void on_close(virConnectPtr connection, int reason, void *opaque)
{
        (void)connection;
        lose(opaque, reason == VIR_CONNECT_CLOSE_REASON_KEEPALIVE ? "libvirt does not answer any more"
                                                                  : "libvirt has closed the connection");
}

static void connect_job(Job *job)
{
        job->connection = virConnectOpen(job->hypervisor->uri);
        if (job->connection == NULL) {
                job->error = vm_describe_error();
                return;
        }
        /* Of no use to a connection within this process, which says so: ignored. */
        (void)virConnectSetKeepAlive(job->connection, KEEPALIVE_INTERVAL_S, KEEPALIVE_COUNT);
        vm_subscribe(job->connection, on_lifecycle, on_reboot, job->hypervisor);
}

static virConnectPtr take_connection(Hypervisor *hypervisor)
{
        virConnectPtr connection;

        g_mutex_lock(&hypervisor->lock);
        connection = hypervisor->connection;
        if (connection != NULL)
                (void)virConnectRef(connection);
        g_mutex_unlock(&hypervisor->lock);
        return connection;
}

static void carry_out(Job *job)
{
        virConnectPtr connection = take_connection(job->hypervisor);

        if (connection == NULL) {
                job->error = g_strdup("there is no connection to libvirt");
                return;
        }
        if (job->type == JOB_LIST)
                job->vms = vm_list(connection, job->hypervisor->known, &job->error);
        else
                (void)vm_order(connection, job->uuid, job->order, job->value, &job->error);
        job->lost = job->error != NULL && virConnectIsAlive(connection) != 1;
        (void)virConnectClose(connection);
}

static void finish_connect(Hypervisor *hypervisor, Job *job)
{
        hypervisor->connecting = false;
        if (job->connection != NULL && hypervisor->closing) {
                (void)virConnectClose(job->connection);
        } else if (job->connection != NULL) {
                (void)virConnectRegisterCloseCallback(job->connection, on_close, hypervisor, NULL);
                g_mutex_lock(&hypervisor->lock);
                hypervisor->connection = job->connection;
                g_mutex_unlock(&hypervisor->lock);
                hypervisor->connected = true;
                hypervisor->retry_ms = RETRY_FIRST_MS;
                hypervisor->events->connected(hypervisor->user_data);
        } else if (!hypervisor->closing) {
                hypervisor->events->lost(job->error, hypervisor->user_data);
                schedule_retry(hypervisor);
        }
}

static gboolean finish(gpointer user_data)
{
        Job *job = user_data;
        Hypervisor *hypervisor = job->hypervisor;

        hypervisor->jobs--;
        if (job->type == JOB_CONNECT) {
                finish_connect(hypervisor, job);
        } else if (job->type == JOB_LIST) {
                hypervisor->listing = false;
                if (job->vms != NULL && !hypervisor->closing)
                        hypervisor->events->listed(job->vms, hypervisor->user_data);
                if (hypervisor->list_again)
                        hypervisor_list(hypervisor);
        } else {
                job->done(job->uuid, job->order, job->error, hypervisor->user_data);
        }
        if (job->lost)
                lose(hypervisor, job->error);
        job_free(job);
        return G_SOURCE_REMOVE;
}

static void run_job(gpointer data, gpointer user_data)
{
        Job *job = data;

        (void)user_data;
        if (job->type == JOB_CONNECT)
                connect_job(job);
        else
                carry_out(job);
        (void)g_idle_add_full(G_PRIORITY_DEFAULT, finish, job, NULL);
}

static void start_connecting(Hypervisor *hypervisor)
{
        if (hypervisor->connecting || hypervisor->connected)
                return;
        hypervisor->connecting = true;
        push(job_new(hypervisor, JOB_CONNECT));
}

static gboolean retry(gpointer user_data)
{
        Hypervisor *hypervisor = user_data;

        hypervisor->retry_source = 0;
        start_connecting(hypervisor);
        return G_SOURCE_REMOVE;
}

Hypervisor *hypervisor_new(const char *uri, const HypervisorEvents *events, gpointer user_data)
{
        Hypervisor *hypervisor = g_new0(Hypervisor, 1);

        /* First by this thread: libraries behind it keep things until the thread ends that began. */
        (void)virInitialize();
        hypervisor->uri = g_strdup(uri);
        hypervisor->events = events;
        hypervisor->user_data = user_data;
        hypervisor->known = vm_known_new();
        hypervisor->retry_ms = RETRY_FIRST_MS;
        g_mutex_init(&hypervisor->lock);
        /* Threads that others do not share: one guest whose monitor hangs must not stop the rest. */
        hypervisor->threads = g_thread_pool_new(run_job, NULL, THREADS, FALSE, NULL);
        start_connecting(hypervisor);
        return hypervisor;
}

void hypervisor_free(Hypervisor *hypervisor)
{
        if (hypervisor == NULL)
                return;
        hypervisor->closing = true;
        g_clear_handle_id(&hypervisor->retry_source, g_source_remove);
        while (hypervisor->jobs > 0)
                (void)g_main_context_iteration(NULL, TRUE);
        g_thread_pool_free(hypervisor->threads, FALSE, TRUE);
        disconnect(hypervisor);
        g_mutex_clear(&hypervisor->lock);
        g_hash_table_unref(hypervisor->known);
        g_free(hypervisor->uri);
        g_free(hypervisor);
}

bool hypervisor_is_connected(const Hypervisor *hypervisor)
{
        return hypervisor->connected;
}

void hypervisor_list(Hypervisor *hypervisor)
{
        hypervisor->list_again = hypervisor->listing;
        if (!hypervisor->connected || hypervisor->listing || hypervisor->closing)
                return;
        hypervisor->listing = true;
        push(job_new(hypervisor, JOB_LIST));
}

void hypervisor_order(Hypervisor *hypervisor, const char *uuid, VmOrderType type, uint64_t value,
                      VmOrderDone done)
{
        Job *job;

        if (hypervisor->jobs >= ORDERS_MAX) {
                done(uuid, type, "too many orders wait for libvirt", hypervisor->user_data);
                return;
        }
        job = job_new(hypervisor, JOB_ORDER);
        (void)g_strlcpy(job->uuid, uuid, sizeof(job->uuid));
        job->order = type;
        job->value = value;
        job->done = done;
        push(job);
}
