/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt does to the disks of a running VM. */
#include "vm/block.h"

#include <libvirt/virterror.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>

#define SILENCE_US    (G_USEC_PER_SEC * 180) /* a job without progress for so long is given up */
#define POLL_FIRST_US 2000u
#define POLL_LAST_US  200000u
#define CHAIN_MAX     256

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlXPathContext, xmlXPathFreeContext)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlXPathObject, xmlXPathFreeObject)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virDomain, virDomainFree)

/* --- errors --- */

/* libvirt passes on what its helpers say, which need not be text. */
static char *printable(const char *words)
{
        char *text = g_utf8_make_valid(words, -1);

        for (char *p = text; *p != '\0'; p++)
                if (g_ascii_iscntrl(*p))
                        *p = ' ';
        return g_strstrip(text);
}

static bool fail(virDomainPtr domain, const char *doing, GError **error)
{
        virErrorPtr last = virGetLastError();
        g_autofree char *words = printable(
                last != NULL && last->message != NULL ? last->message : "libvirt does not say why");
        const char *name = domain != NULL ? virDomainGetName(domain) : NULL;
        int code = G_IO_ERROR_FAILED;

        if (last != NULL && last->code == VIR_ERR_NO_DOMAIN)
                code = G_IO_ERROR_NOT_FOUND;
        else if (strstr(words, "No space left") != NULL)
                code = G_IO_ERROR_NO_SPACE;
        else if (last != NULL && last->code == VIR_ERR_OPERATION_ABORTED)
                code = G_IO_ERROR_CANCELLED;
        g_set_error(error, G_IO_ERROR, code, "VM \"%s\": cannot %s: %s", name != NULL ? name : "?", doing,
                    words);
        return false;
}

static virDomainPtr look_up(virConnectPtr connection, const char *uuid, GError **error)
{
        virDomainPtr domain = virDomainLookupByUUIDString(connection, uuid);

        if (domain == NULL)
                fail(NULL, "find it in libvirt", error);
        return domain;
}

/* --- the XML of the running VM --- */

static xmlDocPtr read_xml(virDomainPtr domain, GError **error)
{
        char *text = virDomainGetXMLDesc(domain, 0);
        xmlDocPtr document = NULL;

        if (text == NULL) {
                fail(domain, "read its definition", error);
                return NULL;
        }
        document = xmlReadMemory(text, (int)strlen(text), "domain.xml", NULL,
                                 XML_PARSE_NONET | XML_PARSE_NOERROR);
        if (document == NULL)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                            "VM \"%s\": libvirt's definition is no XML", virDomainGetName(domain));
        free(text);
        return document;
}

static char *attribute(xmlNodePtr node, const char *name)
{
        xmlChar *value = node != NULL ? xmlGetProp(node, (const xmlChar *)name) : NULL;
        char *copy = g_strdup((const char *)value);

        xmlFree(value);
        return copy;
}

static xmlNodePtr child(xmlNodePtr node, const char *name)
{
        for (xmlNodePtr at = node != NULL ? node->children : NULL; at != NULL; at = at->next)
                if (at->type == XML_ELEMENT_NODE && strcmp((const char *)at->name, name) == 0)
                        return at;
        return NULL;
}

/* Calls visit for each <disk> with its target; until it returns false. */
typedef bool (*VisitDisk)(xmlNodePtr disk, const char *target, gpointer user_data);

static void for_each_disk(xmlDocPtr document, VisitDisk visit, gpointer user_data)
{
        g_autoptr(xmlXPathContext) context = xmlXPathNewContext(document);
        g_autoptr(xmlXPathObject) found =
                context != NULL ? xmlXPathEvalExpression((const xmlChar *)"/domain/devices/disk", context)
                                : NULL;
        xmlNodeSetPtr nodes = found != NULL ? found->nodesetval : NULL;

        for (int i = 0; nodes != NULL && i < nodes->nodeNr; i++) {
                g_autofree char *target = attribute(child(nodes->nodeTab[i], "target"), "dev");

                if (target != NULL && !visit(nodes->nodeTab[i], target, user_data))
                        return;
        }
}

typedef struct Chain {
        const char *target;
        GPtrArray *files;
} Chain;

static bool collect_chain(xmlNodePtr disk, const char *target, gpointer user_data)
{
        Chain *chain = user_data;

        if (strcmp(target, chain->target) != 0)
                return true;
        for (xmlNodePtr at = disk; at != NULL && chain->files->len < CHAIN_MAX;
             at = child(at, "backingStore")) {
                char *file = attribute(child(at, "source"), "file");

                if (file != NULL)
                        g_ptr_array_add(chain->files, file);
        }
        return false;
}

static GPtrArray *chain_of(virDomainPtr domain, const char *target, GError **error)
{
        g_autoptr(xmlDoc) document = read_xml(domain, error);
        g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
        Chain chain = {target, files};

        if (document == NULL)
                return NULL;
        for_each_disk(document, collect_chain, &chain);
        if (files->len > 0)
                return g_steal_pointer(&files);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "VM \"%s\" has no disk %s with a file",
                    virDomainGetName(domain), target);
        return NULL;
}

GPtrArray *block_chain(virConnectPtr connection, const char *uuid, const char *target, GError **error)
{
        g_autoptr(virDomain) domain = look_up(connection, uuid, error);

        return domain != NULL ? chain_of(domain, target, error) : NULL;
}

/* --- snapshots --- */

typedef struct SnapshotXml {
        GString *text;
        const BlockOverlay *overlays;
        unsigned n, found;
} SnapshotXml;

static bool describe_disk(xmlNodePtr disk, const char *target, gpointer user_data)
{
        SnapshotXml *xml = user_data;
        const char *path = NULL;
        g_autofree char *words = NULL;

        (void)disk;
        for (unsigned i = 0; i < xml->n; i++)
                if (strcmp(xml->overlays[i].target, target) == 0)
                        path = xml->overlays[i].path;
        xml->found += path != NULL;
        words = path != NULL ? g_markup_printf_escaped("<disk name='%s' snapshot='external' type='file'>"
                                                       "<driver type='qcow2'/><source file='%s'/></disk>",
                                                       target, path)
                             : g_markup_printf_escaped("<disk name='%s' snapshot='no'/>", target);
        g_string_append(xml->text, words);
        return true;
}

static char *snapshot_xml(virDomainPtr domain, const BlockOverlay *overlays, unsigned n, const char *memory,
                          GError **error)
{
        g_autoptr(xmlDoc) document = read_xml(domain, error);
        g_autoptr(GString) text = g_string_new("<domainsnapshot><name>aerostat</name>");
        SnapshotXml xml = {text, overlays, n, 0};

        if (document == NULL)
                return NULL;
        if (memory != NULL) {
                g_autofree char *words =
                        g_markup_printf_escaped("<memory snapshot='external' file='%s'/>", memory);

                g_string_append(text, words);
        } else {
                g_string_append(text, "<memory snapshot='no'/>");
        }
        g_string_append(text, "<disks>");
        for_each_disk(document, describe_disk, &xml);
        g_string_append(text, "</disks></domainsnapshot>");
        if (xml.found == n)
                return g_string_free(g_steal_pointer(&text), FALSE);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "VM \"%s\" does not have all of the %u disks now", virDomainGetName(domain), n);
        return NULL;
}

/* The call, in a thread of its own, so that it can be watched. */
typedef struct SnapshotCall {
        virDomainPtr domain;
        const char *xml;
        unsigned flags;
        bool well;
        GError *error;
        GMutex mutex;
        GCond cond;
        bool ended;
} SnapshotCall;

static gpointer run_snapshot(gpointer data)
{
        SnapshotCall *call = data;
        virDomainSnapshotPtr snapshot = virDomainSnapshotCreateXML(call->domain, call->xml, call->flags);

        call->well = snapshot != NULL || fail(call->domain, "make a snapshot", &call->error);
        if (snapshot != NULL)
                (void)virDomainSnapshotFree(snapshot);
        g_mutex_lock(&call->mutex);
        call->ended = true;
        g_cond_signal(&call->cond);
        g_mutex_unlock(&call->mutex);
        return NULL;
}

/* What a job has done, of how much; and since when it has not done more. */
typedef struct Pulse {
        unsigned long long done;
        int64_t since_us;
} Pulse;

static bool is_silent(Pulse *pulse, unsigned long long done)
{
        int64_t now = g_get_monotonic_time();

        if (pulse->since_us == 0 || done != pulse->done) {
                pulse->done = done;
                pulse->since_us = now;
        }
        return now - pulse->since_us > SILENCE_US;
}

static void report(const BlockWatch *watch, unsigned long long done, unsigned long long all)
{
        if (watch->progress != NULL && all > 0)
                watch->progress((unsigned)(100 * ((double)MIN(done, all) / (double)all)), watch->user_data);
}

/* Once every so often while the call runs: progress, and an end to it when nobody wants it any more. */
static void watch_snapshot(SnapshotCall *call, const BlockWatch *watch, Pulse *pulse, bool *silent)
{
        virDomainJobInfo info;

        if (virDomainGetJobInfo(call->domain, &info) == 0) {
                report(watch, info.dataProcessed, info.dataTotal);
                *silent = *silent || is_silent(pulse, info.dataProcessed);
        }
        if (*silent || g_cancellable_is_cancelled(watch->cancellable))
                (void)virDomainAbortJob(call->domain);
}

static bool snapshot_watched(virDomainPtr domain, const char *xml, unsigned flags, const BlockWatch *watch,
                             GError **error)
{
        SnapshotCall call = {.domain = domain, .xml = xml, .flags = flags};
        Pulse pulse = {0};
        bool silent = false;
        GThread *thread;

        g_mutex_init(&call.mutex);
        g_cond_init(&call.cond);
        thread = g_thread_new("snapshot", run_snapshot, &call);
        g_mutex_lock(&call.mutex);
        while (!call.ended) {
                if (g_cond_wait_until(&call.cond, &call.mutex, g_get_monotonic_time() + POLL_LAST_US))
                        continue;
                g_mutex_unlock(&call.mutex);
                watch_snapshot(&call, watch, &pulse, &silent);
                g_mutex_lock(&call.mutex);
        }
        g_mutex_unlock(&call.mutex);
        (void)g_thread_join(thread);
        g_mutex_clear(&call.mutex);
        g_cond_clear(&call.cond);
        if (call.well)
                return true;
        if (g_cancellable_is_cancelled(watch->cancellable))
                call.error->code = G_IO_ERROR_CANCELLED;
        else if (silent)
                call.error->code = G_IO_ERROR_TIMED_OUT;
        g_propagate_error(error, call.error);
        return false;
}

bool block_snapshot(virConnectPtr connection, const char *uuid, const BlockOverlay *overlays, unsigned n,
                    const char *memory, bool quiesce, const BlockWatch *watch, GError **error)
{
        g_autoptr(virDomain) domain = look_up(connection, uuid, error);
        g_autofree char *xml = domain != NULL ? snapshot_xml(domain, overlays, n, memory, error) : NULL;
        unsigned flags = VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA | VIR_DOMAIN_SNAPSHOT_CREATE_ATOMIC |
                         VIR_DOMAIN_SNAPSHOT_CREATE_REUSE_EXT;

        if (xml == NULL)
                return false;
        /* What is in memory is consistent with the disks, whether file systems were frozen or not. */
        if (memory != NULL)
                flags |= VIR_DOMAIN_SNAPSHOT_CREATE_LIVE;
        else
                flags |= VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY |
                         (quiesce ? VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE : 0u);
        return snapshot_watched(domain, xml, flags, watch, error);
}

/* --- jobs --- */

typedef struct Job {
        virDomainPtr domain;
        const char *target;
        const char *doing;
        bool pivots; /* has to be told to end, when it is ready */
} Job;

static void abort_job(const Job *job)
{
        (void)virDomainBlockJobAbort(job->domain, job->target, 0);
}

/* 1: ended; 0: it goes on; -1 with an error. */
static int look_at_job(const Job *job, const BlockWatch *watch, Pulse *pulse, GError **error)
{
        virDomainBlockJobInfo info = {0};
        int r = virDomainGetBlockJobInfo(job->domain, job->target, &info, 0);

        if (r < 0) {
                fail(job->domain, job->doing, error);
                return -1;
        }
        if (r == 0 && !job->pivots)
                return 1;
        if (r == 0) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                            "VM \"%s\": cannot %s: QEMU has given it up; there may be no space left where "
                            "disk %s is",
                            virDomainGetName(job->domain), job->doing, job->target);
                return -1;
        }
        report(watch, info.cur, info.end);
        /* libvirt shows less than all until it is ready for the change. */
        if (job->pivots && info.end > 0 && info.cur == info.end) {
                if (virDomainBlockJobAbort(job->domain, job->target, VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT) == 0)
                        return 1;
                if (virGetLastErrorCode() != VIR_ERR_BLOCK_COPY_ACTIVE) {
                        fail(job->domain, job->doing, error);
                        return -1;
                }
        }
        if (is_silent(pulse, info.cur)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                            "VM \"%s\": cannot %s: QEMU makes no progress with disk %s",
                            virDomainGetName(job->domain), job->doing, job->target);
                return -1;
        }
        return 0;
}

static bool wait_for_job(const Job *job, const BlockWatch *watch, GError **error)
{
        unsigned nap_us = POLL_FIRST_US;
        Pulse pulse = {0};
        int r;

        while ((r = look_at_job(job, watch, &pulse, error)) == 0) {
                if (g_cancellable_set_error_if_cancelled(watch->cancellable, error)) {
                        r = -1;
                        break;
                }
                g_usleep(nap_us);
                nap_us = MIN(2 * nap_us, POLL_LAST_US);
        }
        if (r > 0)
                return true;
        abort_job(job);
        return false;
}

static bool has_file(const GPtrArray *files, const char *path)
{
        for (unsigned i = 0; i < files->len; i++)
                if (strcmp(files->pdata[i], path) == 0)
                        return true;
        return false;
}

/* A job that is no more says nothing about how it ended; the chain does. */
static bool check_ended(const Job *job, const char *gone, const char *active, GError **error)
{
        g_autoptr(GPtrArray) files = chain_of(job->domain, job->target, error);

        if (files == NULL)
                return false;
        if ((gone == NULL || !has_file(files, gone)) &&
            (active == NULL || strcmp(files->pdata[0], active) == 0))
                return true;
        g_set_error(
                error, G_IO_ERROR, G_IO_ERROR_FAILED,
                "VM \"%s\": cannot %s: QEMU has given it up; there may be no space left where disk %s is",
                virDomainGetName(job->domain), job->doing, job->target);
        return false;
}

bool block_commit(virConnectPtr connection, const char *uuid, const char *target, const char *base,
                  const char *top, const BlockWatch *watch, GError **error)
{
        g_autoptr(virDomain) domain = look_up(connection, uuid, error);
        const Job job = {domain, target, "merge snapshot files", top == NULL};

        if (domain == NULL)
                return false;
        if (virDomainBlockCommit(domain, target, base, top, 0,
                                 top == NULL ? VIR_DOMAIN_BLOCK_COMMIT_ACTIVE : 0) < 0)
                return fail(domain, job.doing, error);
        return wait_for_job(&job, watch, error) && check_ended(&job, top, top == NULL ? base : NULL, error);
}

bool block_copy(virConnectPtr connection, const char *uuid, const char *target, const char *path,
                bool shallow, const BlockWatch *watch, GError **error)
{
        g_autoptr(virDomain) domain = look_up(connection, uuid, error);
        g_autofree char *xml = g_markup_printf_escaped(
                "<disk type='file'><driver type='qcow2'/><source file='%s'/></disk>", path);
        const Job job = {domain, target, "move a disk", true};
        unsigned flags = VIR_DOMAIN_BLOCK_COPY_REUSE_EXT | VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB;

        if (domain == NULL)
                return false;
        if (virDomainBlockCopy(domain, target, xml, NULL, 0,
                               shallow ? flags | VIR_DOMAIN_BLOCK_COPY_SHALLOW : flags) < 0)
                return fail(domain, job.doing, error);
        return wait_for_job(&job, watch, error) && check_ended(&job, NULL, path, error);
}

bool block_resize(virConnectPtr connection, const char *uuid, const char *target, uint64_t bytes,
                  GError **error)
{
        g_autoptr(virDomain) domain = look_up(connection, uuid, error);

        if (domain == NULL)
                return false;
        return virDomainBlockResize(domain, target, bytes, VIR_DOMAIN_BLOCK_RESIZE_BYTES) == 0 ||
               fail(domain, "extend a disk", error);
}

typedef struct Abort {
        virDomainPtr domain;
        GError **error;
        bool well;
} Abort;

static bool abort_disk(xmlNodePtr disk, const char *target, gpointer user_data)
{
        virDomainBlockJobInfo info = {0};
        Abort *abort = user_data;

        (void)disk;
        if (virDomainGetBlockJobInfo(abort->domain, target, &info, 0) <= 0)
                return true;
        if (virDomainBlockJobAbort(abort->domain, target, 0) < 0 &&
            virDomainGetBlockJobInfo(abort->domain, target, &info, 0) > 0)
                abort->well = fail(abort->domain, "end what was begun with its disks", abort->error);
        return abort->well;
}

/* A snapshot is a job of the whole domain; part of it cannot be broken off, and is soon over. */
static bool end_domain_job(virDomainPtr domain, GError **error)
{
        int64_t until = g_get_monotonic_time() + SILENCE_US;
        virDomainJobInfo info = {.type = VIR_DOMAIN_JOB_NONE};

        while (virDomainGetJobInfo(domain, &info) == 0 && info.type != VIR_DOMAIN_JOB_NONE &&
               info.type != VIR_DOMAIN_JOB_COMPLETED) {
                if (g_get_monotonic_time() > until) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                    "VM \"%s\": what libvirt does with it does not end",
                                    virDomainGetName(domain));
                        return false;
                }
                (void)virDomainAbortJob(domain);
                g_usleep(POLL_LAST_US / 10);
        }
        return true;
}

bool block_abort_all(virConnectPtr connection, const char *uuid, GError **error)
{
        g_autoptr(virDomain) domain = look_up(connection, uuid, error);
        g_autoptr(xmlDoc) document = NULL;
        Abort abort = {domain, error, true};

        if (domain == NULL || !end_domain_job(domain, error))
                return false;
        document = read_xml(domain, error);
        if (document == NULL)
                return false;
        for_each_disk(document, abort_disk, &abort);
        return abort.well;
}
