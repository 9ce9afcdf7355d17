/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connecting to a host, and finding its VMs. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "client/internal.h"

#define SOCKET_DEFAULT "/run/aerostat/aerostatd.sock"
#define TIMEOUT_MS     60000
#define PAGE_OBJECTS   500

/* --- the handle --- */

aerostat_host *aerostat_host_ref(aerostat_host *host)
{
        g_atomic_ref_count_inc(&host->references);
        return host;
}

static void host_free(aerostat_host *host)
{
        wire_host_clear(&host->wire);
        g_free(host->user);
        g_free(host->password);
        g_free(host);
}

static bool run_log_out(aerostat_job *job, GError **error)
{
        bool ok = job_call(job, "SessionManager", "SessionManager", "Logout", NULL, NULL, error);

        /* However it went: the job gives back the last reference, and that is not to log out again. */
        g_clear_pointer(&job->host->wire.session, g_free);
        return ok;
}

/* The job that logs out has the last reference. */
void aerostat_host_unref(aerostat_host *host)
{
        aerostat_job *job;

        if (host == NULL || !g_atomic_ref_count_dec(&host->references))
                return;
        if (host->wire.session == NULL) {
                host_free(host);
                return;
        }
        g_atomic_ref_count_init(&host->references);
        job = job_begin(job_new(host, NULL, run_log_out, NULL, NULL));
        g_atomic_ref_count_dec(&host->references);
        aerostat_job_unref(job);
}

/* --- connecting --- */

static char *usual_socket(void)
{
        const char *runtime = g_getenv("XDG_RUNTIME_DIR");
        g_autofree char *own = NULL;

        if (geteuid() == 0 || runtime == NULL)
                return g_strdup(SOCKET_DEFAULT);
        own = g_build_filename(runtime, "aerostat", "aerostatd.sock", NULL);
        return g_file_test(own, G_FILE_TEST_EXISTS) ? g_steal_pointer(&own) : g_strdup(SOCKET_DEFAULT);
}

/* What the caller gave is checked here, so that its error is the job's. */
static bool take_trust(aerostat_job *job, GError **error)
{
        aerostat_host *host = job->host;
        const char *ca_file = job->text[0], *thumbprint = job->text[1];
        g_autoptr(GError) inner = NULL;

        if (thumbprint != NULL) {
                host->wire.thumbprint = wire_thumbprint(thumbprint);
                if (host->wire.thumbprint == NULL)
                        return job_fail(error, -EINVAL,
                                        "\"%s\" is no SHA-256 thumbprint: 64 hexadecimal digits",
                                        thumbprint);
        }
        if (ca_file != NULL) {
                host->wire.trusted = g_tls_file_database_new(ca_file, &inner);
                if (host->wire.trusted == NULL)
                        return job_fail(error, -EINVAL, "%s: %s", ca_file, inner->message);
        }
        return true;
}

static void wipe(char **secret)
{
        if (*secret != NULL)
                explicit_bzero(*secret, strlen(*secret));
        g_clear_pointer(secret, g_free);
}

static bool run_connect(aerostat_job *job, GError **error)
{
        aerostat_host *host = job->host;
        JsonObject *args;
        bool ok;

        if (host->wire.socket == NULL && !g_str_has_prefix(host->wire.base, "https://") &&
            !g_str_has_prefix(host->wire.base, "http://"))
                return job_fail(error, -EINVAL, "\"%s\" is no address: https://HOST", host->wire.base);
        if (!take_trust(job, error))
                return false;
        /* By the socket one is who one is; the host is asked whether it is one at all. */
        if (host->wire.socket != NULL && host->user == NULL)
                return job_call(job, "ServiceInstance", "ServiceInstance", "CurrentTime", NULL, NULL, error);
        if (host->user == NULL || host->password == NULL)
                return job_fail(error, -EINVAL, "%s: a user and a password are needed", host->wire.base);
        args = json_object_new();
        json_object_set_string_member(args, "userName", host->user);
        json_object_set_string_member(args, "password", host->password);
        ok = job_call(job, "SessionManager", "SessionManager", "Login", args, NULL, error);
        wipe(&host->password);
        if (ok && host->wire.session == NULL)
                return job_fail(error, -EPROTO, "%s: the login was answered without a session",
                                host->wire.base);
        return ok;
}

aerostat_job *aerostat_connect(const struct aerostat_connection *connection, aerostat_callback callback,
                               void *data)
{
        aerostat_host *host = g_new0(aerostat_host, 1);
        aerostat_job *job;

        g_atomic_ref_count_init(&host->references);
        host->wire.base = g_strdup(connection->url != NULL ? connection->url : "http://localhost");
        /* A path of its own is not part of a host's address. */
        while (g_str_has_suffix(host->wire.base, "/"))
                host->wire.base[strlen(host->wire.base) - 1] = '\0';
        if (connection->url == NULL)
                host->wire.socket =
                        connection->socket != NULL ? g_strdup(connection->socket) : usual_socket();
        host->user = g_strdup(connection->user);
        host->password = g_strdup(connection->password);
        host->timeout_ms = connection->timeout_ms != 0 ? connection->timeout_ms : TIMEOUT_MS;
        job = job_new(host, NULL, run_connect, callback, data);
        job->text[0] = g_strdup(connection->ca_file);
        job->text[1] = g_strdup(connection->thumbprint);
        aerostat_host_unref(host);
        return job_begin(job);
}

/* --- finding VMs --- */

static JsonObject *all_vms(const char *view)
{
        JsonObject *object = json_typed("ObjectSpec"), *property = json_typed("PropertySpec");
        JsonObject *traversal = json_typed("TraversalSpec"), *spec = json_typed("PropertyFilterSpec");
        JsonObject *options = json_typed("RetrieveOptions"), *args = json_object_new();
        JsonArray *objects = json_array_new(), *properties = json_array_new(), *paths = json_array_new();
        JsonArray *selections = json_array_new(), *specs = json_array_new();

        json_object_set_string_member(traversal, "type", "ContainerView");
        json_object_set_string_member(traversal, "path", "view");
        json_object_set_boolean_member(traversal, "skip", FALSE);
        json_array_add_object_element(selections, traversal);
        json_object_set_object_member(object, "obj", json_reference("ContainerView", view));
        json_object_set_boolean_member(object, "skip", TRUE);
        json_object_set_array_member(object, "selectSet", selections);
        json_array_add_object_element(objects, object);
        json_array_add_string_element(paths, "name");
        json_array_add_string_element(paths, "config.uuid");
        json_object_set_string_member(property, "type", "VirtualMachine");
        json_object_set_array_member(property, "pathSet", paths);
        json_array_add_object_element(properties, property);
        json_object_set_array_member(spec, "objectSet", objects);
        json_object_set_array_member(spec, "propSet", properties);
        json_array_add_object_element(specs, spec);
        json_object_set_int_member(options, "maxObjects", PAGE_OBJECTS);
        json_object_set_array_member(args, "specSet", specs);
        json_object_set_object_member(args, "options", options);
        return args;
}

/* One VM as it was answered; borrowed. */
typedef struct Found {
        const char *id, *name, *uuid;
} Found;

static Found read_found(JsonNode *content)
{
        JsonArray *properties = json_list(json_member(content, "propSet"));
        Found found = {.id = json_text(json_member(content, "obj"), "value")};

        for (unsigned i = 0; properties != NULL && i < json_array_get_length(properties); i++) {
                JsonNode *property = json_array_get_element(properties, i);
                const char *name = json_text(property, "name"), *value = json_text(property, "val");

                if (g_strcmp0(name, "name") == 0)
                        found.name = value;
                else if (g_strcmp0(name, "config.uuid") == 0)
                        found.uuid = value;
        }
        return found;
}

typedef bool (*FoundEach)(aerostat_job *job, const Found *found, GError **error);

static bool each_of(aerostat_job *job, JsonNode *result, FoundEach each, GError **error)
{
        JsonArray *objects = json_list(json_member(result, "objects"));

        for (unsigned i = 0; objects != NULL && i < json_array_get_length(objects); i++) {
                Found found = read_found(json_array_get_element(objects, i));

                if (found.id != NULL && found.name != NULL && !each(job, &found, error))
                        return false;
        }
        return true;
}

static bool go_through(aerostat_job *job, const char *view, FoundEach each, GError **error)
{
        g_autoptr(JsonNode) result = NULL;
        bool more = job_call(job, "PropertyCollector", "propertyCollector", "RetrievePropertiesEx",
                             all_vms(view), &result, error);

        if (!more)
                return false;
        for (;;) {
                const char *token = json_text(result, "token");
                g_autoptr(JsonNode) next = NULL;
                JsonObject *args;

                if (!each_of(job, result, each, error))
                        return false;
                if (token == NULL)
                        return true;
                args = json_object_new();
                json_object_set_string_member(args, "token", token);
                if (!job_call(job, "PropertyCollector", "propertyCollector", "ContinueRetrievePropertiesEx",
                              args, &next, error))
                        return false;
                json_node_unref(result);
                result = g_steal_pointer(&next);
        }
}

static bool with_all(aerostat_job *job, FoundEach each, GError **error)
{
        g_autoptr(JsonNode) content = NULL, view = NULL;
        g_autoptr(GError) ignored = NULL;
        JsonObject *args = json_object_new();
        JsonArray *types = json_array_new();
        const char *root, *views, *id;
        bool ok;

        json_array_add_string_element(types, "VirtualMachine");
        json_object_set_array_member(args, "type", types);
        json_object_set_boolean_member(args, "recursive", TRUE);
        if (!job_get(job, "ServiceInstance", "ServiceInstance", "content", &content, error)) {
                json_object_unref(args);
                return false;
        }
        root = json_text(json_member(content, "rootFolder"), "value");
        views = json_text(json_member(content, "viewManager"), "value");
        if (root == NULL || views == NULL) {
                json_object_unref(args);
                return job_fail(error, -EPROTO, "%s has no inventory", job->host->wire.base);
        }
        json_object_set_object_member(args, "container", json_reference("Folder", root));
        if (!job_call(job, "ViewManager", views, "CreateContainerView", args, &view, error))
                return false;
        id = json_text(view, "value");
        if (id == NULL)
                return job_fail(error, -EPROTO, "%s made no view", job->host->wire.base);
        ok = go_through(job, id, each, error);
        (void)job_call(job, "ContainerView", id, "DestroyView", NULL, NULL, &ignored);
        return ok;
}

static bool add_name(aerostat_job *job, const Found *found, GError **error)
{
        (void)error;
        g_ptr_array_add(job->texts, g_strdup(found->name));
        return true;
}

static int by_text(gconstpointer a, gconstpointer b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool run_list(aerostat_job *job, GError **error)
{
        if (!with_all(job, add_name, error))
                return false;
        g_ptr_array_sort(job->texts, by_text);
        return true;
}

aerostat_job *aerostat_host_list_vms(aerostat_host *host, aerostat_callback callback, void *data)
{
        return job_begin(job_new(host, NULL, run_list, callback, data));
}

static bool take_if_wanted(aerostat_job *job, const Found *found, GError **error)
{
        const char *wanted = job->text[0];
        aerostat_vm *vm;

        if (strcmp(found->name, wanted) != 0 &&
            (found->uuid == NULL || g_ascii_strcasecmp(found->uuid, wanted) != 0))
                return true;
        if (job->found != NULL)
                return job_fail(error, -ENOTUNIQ, "there are several VMs \"%s\"; open it by its UUID",
                                wanted);
        vm = g_new0(aerostat_vm, 1);
        g_atomic_ref_count_init(&vm->references);
        g_mutex_init(&vm->mutex);
        vm->host = aerostat_host_ref(job->host);
        vm->id = g_strdup(found->id);
        vm->name = g_strdup(found->name);
        job->found = vm;
        return true;
}

static bool run_open(aerostat_job *job, GError **error)
{
        if (!with_all(job, take_if_wanted, error))
                return false;
        if (job->found == NULL)
                return job_fail(error, -ENOENT, "there is no VM \"%s\"", job->text[0]);
        return true;
}

aerostat_job *aerostat_host_open_vm(aerostat_host *host, const char *name, aerostat_callback callback,
                                    void *data)
{
        aerostat_job *job = job_new(host, NULL, run_open, callback, data);

        job->text[0] = g_strdup(name);
        return job_begin(job);
}
