/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls over HTTP: the JSON form of the API, tasks, and files. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "client/internal.h"

#define CHUNK_BYTES (256U << 10)
/* For one WaitForUpdatesEx; the next follows. */
#define WAIT_S 20

/* --- errors --- */

static const struct {
        const char *fault;
        int code;
} fault_codes[] = {
        {"AlreadyExists", -EEXIST},
        {"DuplicateName", -EEXIST},
        {"FileAlreadyExists", -EEXIST},
        {"FileNotFound", -ENOENT},
        {"GuestPermissionDenied", -EPERM},
        {"GuestProcessNotFound", -ENOENT},
        {"InvalidArgument", -EINVAL},
        {"InvalidGuestLogin", -EACCES},
        {"InvalidLogin", -EACCES},
        {"InvalidName", -EINVAL},
        {"InvalidPowerState", -ESTALE},
        {"InvalidState", -ESTALE},
        {"GuestOperationsUnavailable", -ESTALE},
        {"ManagedObjectNotFound", -ENOENT},
        {"NoDiskSpace", -ENOSPC},
        {"NoPermission", -EPERM},
        {"NotAuthenticated", -EACCES},
        {"NotFound", -ENOENT},
        {"NotImplemented", -EOPNOTSUPP},
        {"NotSupported", -EOPNOTSUPP},
        {"RequestCanceled", -ECANCELED},
        {"TaskInProgress", -EBUSY},
        {"ToolsUnavailable", -ESTALE},
};

static int code_of_fault(const char *fault)
{
        for (unsigned i = 0; fault != NULL && i < G_N_ELEMENTS(fault_codes); i++)
                if (strcmp(fault_codes[i].fault, fault) == 0)
                        return fault_codes[i].code;
        return -EIO;
}

static bool fail_transport(const aerostat_job *job, const GError *cause, GError **error)
{
        int code = -ECONNRESET;

        if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
                return job_fail(error, -ECANCELED, "cancelled");
        if (cause->domain == G_TLS_ERROR)
                return job_fail(
                        error, -EPROTO,
                        "%s: its certificate is not trusted (%s); give the certificate's authority or "
                        "thumbprint",
                        job->host->wire.base, cause->message);
        if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
            g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
                code = -ECONNREFUSED;
        else if (g_error_matches(cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
                code = -ETIMEDOUT;
        return job_fail(error, code, "%s: %s",
                        job->host->wire.socket != NULL ? job->host->wire.socket : job->host->wire.base,
                        cause->message);
}

/* What the host says went wrong. */
static bool fail_answer(const aerostat_job *job, const char *method, unsigned status, JsonNode *fault,
                        GError **error)
{
        const char *type = json_fault_type(fault), *message = json_fault_sentence(fault);

        if (type == NULL && status == SOUP_STATUS_UNAUTHORIZED)
                return job_fail(error, -EACCES, "%s: not logged in (any more)", method);
        if (type == NULL)
                return job_fail(error, -EPROTO, "%s: %s does not answer as a host does (HTTP status %u)",
                                method, job->host->wire.base, status);
        return job_fail(error, code_of_fault(type), "%s", message != NULL ? message : type);
}

/* --- HTTP --- */

static SoupSession *http_of(aerostat_job *job)
{
        if (job->http == NULL)
                job->http = wire_http_new(&job->host->wire, "libaerostat/" AEROSTAT_VERSION,
                                          job->host->timeout_ms / 1000 + WAIT_S);
        return job->http;
}

static SoupMessage *new_message(aerostat_job *job, const char *verb, const char *url, GError **error)
{
        SoupMessage *message = wire_message_new(&job->host->wire, verb, url);

        if (message == NULL)
                (void)job_fail(error, -EINVAL, "%s is no address", url);
        return message;
}

static bool exchange(aerostat_job *job, SoupMessage *message, const char *method, JsonNode **ret,
                     GError **error)
{
        g_autoptr(GError) inner = NULL;
        g_autoptr(GByteArray) answer = wire_send(
                http_of(job), message, job->host->timeout_ms + WAIT_S * 1000, job->cancellable, &inner);
        g_autoptr(JsonNode) node = NULL;
        g_autofree char *problem = NULL;
        unsigned status = soup_message_get_status(message);

        if (answer == NULL)
                return fail_transport(job, inner, error);
        if (answer->len > 0)
                node = json_parse_bounded((const char *)answer->data, answer->len, &problem);
        if (status < 200 || status > 299)
                return fail_answer(job, method, status, node, error);
        if (problem != NULL)
                return job_fail(error, -EPROTO, "%s: what %s answers is wrong: %s", method,
                                job->host->wire.base, problem);
        if (ret != NULL)
                *ret = g_steal_pointer(&node);
        return true;
}

/* The session's key comes with the answer to the login. */
static void take_session(aerostat_job *job, SoupMessage *message)
{
        const char *key =
                soup_message_headers_get_one(soup_message_get_response_headers(message), WIRE_SESSION);

        if (job->host->wire.session == NULL && key != NULL)
                job->host->wire.session = g_strdup(key);
}

bool job_call(aerostat_job *job, const char *type, const char *id, const char *method, JsonObject *args,
              JsonNode **ret, GError **error)
{
        g_autoptr(JsonObject) owned = args;
        g_autofree char *url = wire_url(&job->host->wire, type, id, method);
        g_autoptr(SoupMessage) message = new_message(job, "POST", url, error);

        if (message == NULL)
                return false;
        wire_set_args(message, owned);
        if (!exchange(job, message, method, ret, error))
                return false;
        if (strcmp(method, "Login") == 0)
                take_session(job, message);
        return true;
}

bool job_get(aerostat_job *job, const char *type, const char *id, const char *property, JsonNode **ret,
             GError **error)
{
        g_autofree char *url = wire_url(&job->host->wire, type, id, property);
        g_autoptr(SoupMessage) message = new_message(job, "GET", url, error);

        return message != NULL && exchange(job, message, property, ret, error);
}

/* --- tasks --- */

static JsonObject *task_filter(const char *task)
{
        JsonObject *object = json_typed("ObjectSpec"), *property = json_typed("PropertySpec");
        JsonObject *spec = json_typed("PropertyFilterSpec"), *args = json_object_new();
        JsonArray *objects = json_array_new(), *properties = json_array_new(), *paths = json_array_new();

        json_object_set_object_member(object, "obj", json_reference("Task", task));
        json_array_add_object_element(objects, object);
        json_array_add_string_element(paths, "info");
        json_object_set_string_member(property, "type", "Task");
        json_object_set_array_member(property, "pathSet", paths);
        json_array_add_object_element(properties, property);
        json_object_set_array_member(spec, "objectSet", objects);
        json_object_set_array_member(spec, "propSet", properties);
        json_object_set_object_member(args, "spec", spec);
        json_object_set_boolean_member(args, "partialUpdates", FALSE);
        return args;
}

/* Until something has changed since the version, or a while. The new version in *version. */
static bool wait_for_update(aerostat_job *job, char **version, GError **error)
{
        JsonObject *options = json_typed("WaitOptions"), *args = json_object_new();
        g_autoptr(JsonNode) update = NULL;
        const char *reached;

        json_object_set_int_member(options, "maxWaitSeconds", WAIT_S);
        json_object_set_string_member(args, "version", *version);
        json_object_set_object_member(args, "options", options);
        if (!job_call(job, "PropertyCollector", job->collector, "WaitForUpdatesEx", args, &update, error))
                return false;
        reached = json_text(update, "version");
        if (reached != NULL) {
                g_free(*version);
                *version = g_strdup(reached);
        }
        return true;
}

static bool fail_task(const char *method, JsonNode *info, GError **error)
{
        JsonNode *wrong = json_member(info, "error");
        const char *type = json_text(json_member(wrong, "fault"), "_typeName");
        const char *message = json_text(wrong, "localizedMessage");

        return job_fail(error, code_of_fault(type), "%s",
                        message != NULL ? message
                        : type != NULL  ? type
                                        : method);
}

/* Whether the task has ended, by its info; progress on the way. */
static bool look_at_task(aerostat_job *job, JsonNode **ret_info, bool *ret_ended, GError **error)
{
        const char *state;
        JsonNode *progress;

        if (!job_get(job, "Task", job->task, "info", ret_info, error))
                return false;
        state = json_text(*ret_info, "state");
        progress = json_member(*ret_info, "progress");
        if (progress != NULL && JSON_NODE_HOLDS_VALUE(progress) &&
            json_node_get_value_type(progress) == G_TYPE_INT64)
                job_set_progress(job, (unsigned)CLAMP(json_node_get_int(progress), 0, 99));
        *ret_ended = state == NULL || strcmp(state, "success") == 0 || strcmp(state, "error") == 0;
        return true;
}

/* The user wants it ended: the host is told, and how it ends is still waited for. */
static bool cancel_task(aerostat_job *job, GError **error)
{
        g_autoptr(GError) ignored = NULL;

        if (!g_cancellable_is_cancelled(job->cancellable))
                return false;
        g_cancellable_reset(job->cancellable);
        g_clear_error(error);
        (void)job_call(job, "Task", job->task, "CancelTask", NULL, NULL, &ignored);
        return true;
}

static bool follow_task(aerostat_job *job, JsonNode **ret_info, GError **error)
{
        g_autofree char *version = g_strdup("");
        bool ended = false, told = false;

        while (!ended) {
                g_autoptr(JsonNode) info = NULL;
                g_autoptr(GError) inner = NULL;

                if (!wait_for_update(job, &version, &inner) || !look_at_task(job, &info, &ended, &inner)) {
                        if (!told && cancel_task(job, &inner)) {
                                told = true;
                                continue;
                        }
                        g_propagate_error(error, g_steal_pointer(&inner));
                        return false;
                }
                if (ended)
                        *ret_info = g_steal_pointer(&info);
        }
        return true;
}

static bool wait_for_task(aerostat_job *job, const char *method, JsonNode **ret, GError **error)
{
        g_autoptr(JsonNode) collector = NULL, info = NULL;
        g_autoptr(GError) ignored = NULL;
        const char *state;
        bool ok;

        if (!job_call(job, "PropertyCollector", "propertyCollector", "CreatePropertyCollector", NULL,
                      &collector, error))
                return false;
        job->collector = g_strdup(json_text(collector, "value"));
        if (job->collector == NULL)
                return job_fail(error, -EPROTO, "%s: the host made no property collector", method);
        ok = job_call(job, "PropertyCollector", job->collector, "CreateFilter", task_filter(job->task), NULL,
                      error) &&
             follow_task(job, &info, error);
        (void)job_call(job, "PropertyCollector", job->collector, "DestroyPropertyCollector", NULL, NULL,
                       &ignored);
        g_clear_pointer(&job->collector, g_free);
        if (!ok)
                return false;
        state = json_text(info, "state");
        if (state == NULL || strcmp(state, "success") != 0)
                return fail_task(method, info, error);
        if (ret != NULL) {
                JsonNode *result = json_member(info, "result");

                *ret = result != NULL ? json_node_ref(result) : NULL;
        }
        return true;
}

bool job_task(aerostat_job *job, const char *type, const char *id, const char *method, JsonObject *args,
              JsonNode **ret, GError **error)
{
        g_autoptr(JsonNode) task = NULL;
        bool ok;

        if (!job_call(job, type, id, method, args, &task, error))
                return false;
        job->task = g_strdup(json_text(task, "value"));
        if (job->task == NULL)
                return job_fail(error, -EPROTO, "%s: the host began no task", method);
        ok = wait_for_task(job, method, ret, error);
        g_clear_pointer(&job->task, g_free);
        return ok;
}

/* --- files --- */

static bool write_all(int fd, const guint8 *bytes, size_t length, GError **error)
{
        while (length > 0) {
                ssize_t n = write(fd, bytes, length);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return job_fail(error, -errno, "writing the local file: %s", g_strerror(errno));
                bytes += n;
                length -= (size_t)n;
        }
        return true;
}

static bool take_file(aerostat_job *job, GInputStream *stream, uint64_t expected, int fd, GError **error)
{
        g_autofree guint8 *chunk = g_malloc(CHUNK_BYTES);
        g_autoptr(GError) inner = NULL;
        uint64_t taken = 0;
        gssize n;

        while ((n = g_input_stream_read(stream, chunk, CHUNK_BYTES, job->cancellable, &inner)) > 0) {
                if (!write_all(fd, chunk, (size_t)n, error))
                        return false;
                taken += (uint64_t)n;
                if (expected > 0)
                        job_set_progress(job, (unsigned)(MIN(taken, expected) * 99 / expected));
        }
        return n == 0 || fail_transport(job, inner, error);
}

bool job_download(aerostat_job *job, const char *url, int fd, GError **error)
{
        g_autoptr(SoupMessage) message = new_message(job, "GET", url, error);
        g_autoptr(GError) inner = NULL;
        g_autoptr(GInputStream) stream = NULL;
        unsigned status;

        if (message == NULL)
                return false;
        stream = soup_session_send(http_of(job), message, job->cancellable, &inner);
        if (stream == NULL)
                return fail_transport(job, inner, error);
        status = soup_message_get_status(message);
        if (status != SOUP_STATUS_OK)
                return job_fail(error, status == SOUP_STATUS_NOT_FOUND ? -ENOENT : -EIO,
                                "the file does not come: HTTP status %u", status);
        return take_file(job, stream,
                         (uint64_t)MAX(soup_message_headers_get_content_length(
                                               soup_message_get_response_headers(message)),
                                       0),
                         fd, error);
}

bool job_upload(aerostat_job *job, const char *url, int fd, uint64_t bytes, GError **error)
{
        g_autoptr(SoupMessage) message = new_message(job, "PUT", url, error);
        g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
        g_autoptr(GFile) file = g_file_new_for_path(path);
        g_autoptr(GFileInputStream) body = NULL;
        g_autoptr(GError) inner = NULL;
        g_autoptr(GInputStream) stream = NULL;
        unsigned status;

        if (message == NULL)
                return false;
        body = g_file_read(file, job->cancellable, &inner);
        if (body == NULL)
                return job_fail(error, -EIO, "reading the local file: %s", inner->message);
        soup_message_set_request_body(message, "application/octet-stream", G_INPUT_STREAM(body),
                                      (gssize)bytes);
        stream = soup_session_send(http_of(job), message, job->cancellable, &inner);
        if (stream == NULL)
                return fail_transport(job, inner, error);
        status = soup_message_get_status(message);
        if (status < 200 || status > 299)
                return job_fail(error, status == SOUP_STATUS_NOT_FOUND ? -ENOENT : -EIO,
                                "the host did not take the file: HTTP status %u", status);
        return true;
}
