/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Many clients of the vSphere API at a time: each waits for updates of all VMs, and together they read
 * properties at a set rate, of one VM, of ten, of all. Says how long reads took, as JSON.
 *
 * A read is sent when its time has come, however long those before it take, and its latency counts from
 * then.
 */
#include <inttypes.h>
#include <libsoup/soup.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads of one client at a time; beside them it waits for updates. */
#define IN_FLIGHT_MAX 4
/* For the last answers. */
#define PATIENCE_S 30

typedef enum Size { ONE, TEN, ALL, N_SIZES } Size;

static const char *const size_names[] = {[ONE] = "small", [TEN] = "ten", [ALL] = "all"};

typedef struct Client {
        SoupSession *http;
        char *cookie;
        char *view;
        char *version; /* of the updates that it has */
        GQueue due;    /* of Pending *: reads to be sent when there is a connection */
        guint in_flight;
} Client;

typedef struct Load {
        GMainLoop *loop;
        Client *clients;
        GPtrArray *vms;             /* ids */
        GArray *latencies[N_SIZES]; /* of double, ms */
        uint64_t sent, answered, updates, faults;
        gint64 begun, until, next_read;
        guint next_client;
        bool measures;
} Load;

static char *url = "http://127.0.0.1:80/sdk", *user = "admin", *password = "";
static int n_clients = 200, rate = 500, seconds = 600, warm_up = 10;

static const GOptionEntry options[] = {
        {"url", 0, 0, G_OPTION_ARG_STRING, &url, "Address of the API", "URL"},
        {"user", 0, 0, G_OPTION_ARG_STRING, &user, "Who logs in", "NAME"},
        {"password", 0, 0, G_OPTION_ARG_STRING, &password, "With which password", "TEXT"},
        {"clients", 0, 0, G_OPTION_ARG_INT, &n_clients, "How many there are", "N"},
        {"rate", 0, 0, G_OPTION_ARG_INT, &rate, "Reads a second, of all of them", "N"},
        {"seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "How long it is measured", "N"},
        {"warm-up", 0, 0, G_OPTION_ARG_INT, &warm_up, "Seconds before that", "N"},
        {NULL},
};

/* === calls === */

static gboolean on_certificate(SoupMessage *message, GTlsCertificate *certificate,
                               GTlsCertificateFlags errors, gpointer user_data)
{
        (void)message;
        (void)certificate;
        (void)errors;
        (void)user_data;
        return TRUE;
}

static SoupMessage *message_of(const Client *client, const char *method, const char *object_type,
                               const char *object, const char *arguments)
{
        SoupMessage *message = soup_message_new("POST", url);
        g_autofree char *body =
                g_strdup_printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope "
                                "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
                                "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body><%s "
                                "xmlns=\"urn:vim25\">"
                                "<_this type=\"%s\">%s</_this>%s</%s></soapenv:Body></soapenv:Envelope>",
                                method, object_type, object, arguments, method);
        g_autoptr(GBytes) bytes = g_bytes_new(body, strlen(body));

        soup_message_set_request_body_from_bytes(message, "text/xml; charset=utf-8", bytes);
        soup_message_headers_append(soup_message_get_request_headers(message), "SOAPAction",
                                    "urn:vim25/6.7");
        if (client->cookie != NULL)
                soup_message_headers_append(soup_message_get_request_headers(message), "Cookie",
                                            client->cookie);
        /* Or libsoup makes a new connection for each. */
        soup_message_add_flags(message, SOUP_MESSAGE_IDEMPOTENT);
        g_signal_connect(message, "accept-certificate", G_CALLBACK(on_certificate), NULL);
        return message;
}

/* At once; ends the program when it fails. */
static char *call(Client *client, const char *method, const char *object_type, const char *object,
                  const char *arguments)
{
        g_autoptr(SoupMessage) message = message_of(client, method, object_type, object, arguments);
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) body = soup_session_send_and_read(client->http, message, NULL, &error);
        const char *cookie;

        if (body == NULL || soup_message_get_status(message) != 200)
                g_error("%s: %s", method,
                        error != NULL ? error->message : (const char *)g_bytes_get_data(body, NULL));
        cookie = soup_message_headers_get_one(soup_message_get_response_headers(message), "Set-Cookie");
        if (cookie != NULL && client->cookie == NULL)
                client->cookie = g_strndup(cookie, strcspn(cookie, ";"));
        return g_strndup(g_bytes_get_data(body, NULL), g_bytes_get_size(body));
}

/* The text of the first such element, whatever attributes it has; NULL: there is none. */
static char *text_of(const char *answer, const char *element)
{
        const char *from = strstr(answer, element);

        from = from != NULL ? strchr(from, '>') : NULL;
        return from != NULL ? g_strndup(from + 1, strcspn(from + 1, "<")) : NULL;
}

/* === what is asked === */

#define WANTED                                                                                             \
        "<propSet><type>VirtualMachine</type><pathSet>name</pathSet><pathSet>runtime.powerState</pathSet>" \
        "<pathSet>config.hardware.memoryMB</pathSet></propSet>"

#define WANTED_OF_FOLDERS "<propSet><type>Folder</type><pathSet>name</pathSet></propSet>"

/* more: other types' properties. */
static char *spec_of_view(const Client *client, const char *element, const char *more)
{
        return g_strdup_printf(
                "<%s>" WANTED "%s<objectSet><obj type=\"ContainerView\">%s</obj><skip>true</skip>"
                "<selectSet xsi:type=\"TraversalSpec\"><type>ContainerView</type><path>view</path>"
                "<skip>false</skip></selectSet></objectSet></%s>",
                element, more, client->view, element);
}

static char *spec_of_vms(const Load *load, unsigned n)
{
        GString *spec = g_string_new("<specSet>" WANTED);

        for (unsigned i = 0; i < n; i++)
                g_string_append_printf(
                        spec, "<objectSet><obj type=\"VirtualMachine\">%s</obj></objectSet>",
                        (const char *)load->vms->pdata[g_random_int_range(0, (int)load->vms->len)]);
        g_string_append(spec, "</specSet>");
        return g_string_free(spec, FALSE);
}

static void begin_client(Client *client)
{
        g_autofree char *login =
                g_strdup_printf("<userName>%s</userName><password>%s</password>", user, password);
        g_autofree char *content = NULL, *root = NULL, *container = NULL;
        g_autofree char *answer = NULL, *spec = NULL, *filter = NULL;

        client->http = soup_session_new_with_options("max-conns-per-host", 8, "timeout", 0, "idle-timeout",
                                                     0, NULL);
        g_free(call(client, "Login", "SessionManager", "SessionManager", login));
        content = call(client, "RetrieveServiceContent", "ServiceInstance", "ServiceInstance", "");
        root = text_of(content, "<rootFolder");
        container = g_strdup_printf("<container type=\"Folder\">%s</container><type>VirtualMachine</type>"
                                    "<type>Folder</type><recursive>true</recursive>",
                                    root);
        answer = call(client, "CreateContainerView", "ViewManager", "ViewManager", container);
        client->view = text_of(answer, "<returnval");
        spec = spec_of_view(client, "spec", WANTED_OF_FOLDERS);
        filter = g_strconcat(spec, "<partialUpdates>false</partialUpdates>", NULL);
        g_free(call(client, "CreateFilter", "PropertyCollector", "propertyCollector", filter));
        client->version = g_strdup("");
}

static void find_vms(Load *load)
{
        g_autofree char *spec = spec_of_view(&load->clients[0], "specSet", "");
        g_autofree char *answer = call(&load->clients[0], "RetrieveProperties", "PropertyCollector",
                                       "propertyCollector", spec);

        load->vms = g_ptr_array_new_with_free_func(g_free);
        for (const char *at = answer; (at = strstr(at, "<obj type=\"VirtualMachine\"")) != NULL; at++)
                g_ptr_array_add(load->vms, text_of(at, "<obj"));
        if (load->vms->len == 0)
                g_error("there are no VMs");
}

/* === waiting === */

typedef struct Pending {
        Load *load;
        Client *client;
        SoupMessage *message;
        gint64 due;
        Size size;
} Pending;

static void wait_for_updates(Load *load, Client *client);

static void on_updates(GObject *source, GAsyncResult *result, gpointer user_data)
{
        g_autofree Pending *pending = user_data;
        g_autoptr(SoupMessage) message = pending->message;
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) body = soup_session_send_and_read_finish(SOUP_SESSION(source), result, &error);
        g_autofree char *text = NULL, *version = NULL;

        if (body == NULL || soup_message_get_status(message) != 200) {
                pending->load->faults++;
                g_printerr("WaitForUpdatesEx: %s\n", error != NULL ? error->message : "a fault");
                return;
        }
        text = g_strndup(g_bytes_get_data(body, NULL), g_bytes_get_size(body));
        version = text_of(text, "<version");
        if (version != NULL) {
                pending->load->updates++;
                g_free(pending->client->version);
                pending->client->version = g_steal_pointer(&version);
        }
        wait_for_updates(pending->load, pending->client);
}

static void wait_for_updates(Load *load, Client *client)
{
        g_autofree char *arguments = g_strdup_printf("<version>%s</version>", client->version);
        Pending *pending = g_new0(Pending, 1);

        pending->load = load;
        pending->client = client;
        pending->message =
                message_of(client, "WaitForUpdatesEx", "PropertyCollector", "propertyCollector", arguments);
        soup_session_send_and_read_async(client->http, pending->message, G_PRIORITY_DEFAULT, NULL,
                                         on_updates, pending);
}

/* === reading === */

static void send_due(Client *client);

static void on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
        g_autofree Pending *pending = user_data;
        g_autoptr(SoupMessage) message = pending->message;
        g_autoptr(GBytes) body = soup_session_send_and_read_finish(SOUP_SESSION(source), result, NULL);
        Load *load = pending->load;
        double ms = (double)(g_get_monotonic_time() - pending->due) / 1000;

        load->answered++;
        if (body == NULL || soup_message_get_status(message) != 200)
                load->faults++;
        if (load->measures)
                g_array_append_val(load->latencies[pending->size], ms);
        pending->client->in_flight--;
        send_due(pending->client);
}

/* Not more than it has connections for: libsoup's own queue becomes slow when it is long. */
static void send_due(Client *client)
{
        while (client->in_flight < IN_FLIGHT_MAX && client->due.length > 0) {
                Pending *pending = g_queue_pop_head(&client->due);
                g_autofree char *spec = pending->size == ALL
                                                ? spec_of_view(client, "specSet", "")
                                                : spec_of_vms(pending->load, pending->size == ONE ? 1 : 10);

                client->in_flight++;
                pending->message = message_of(client, "RetrieveProperties", "PropertyCollector",
                                              "propertyCollector", spec);
                soup_session_send_and_read_async(client->http, pending->message, G_PRIORITY_DEFAULT, NULL,
                                                 on_read, pending);
        }
}

static void read_some(Load *load, gint64 due)
{
        Client *client = &load->clients[load->next_client++ % (guint)n_clients];
        int dice = g_random_int_range(0, 10);
        Pending *pending = g_new0(Pending, 1);

        pending->load = load;
        pending->client = client;
        pending->due = due;
        pending->size = dice < 5 ? ONE : dice < 9 ? TEN : ALL;
        load->sent++;
        g_queue_push_tail(&client->due, pending);
        send_due(client);
}

static gboolean on_tick(gpointer user_data)
{
        Load *load = user_data;
        gint64 now = g_get_monotonic_time();

        for (; load->next_read <= MIN(now, load->until); load->next_read += G_USEC_PER_SEC / rate)
                read_some(load, load->next_read);
        if (!load->measures && now >= load->begun) {
                load->measures = true;
                /* Who measures memory begins now. */
                g_print("warm\n");
                (void)fflush(stdout);
        }
        /* What is on its way then is no lost answer yet. */
        if (now < load->until ||
            (load->answered < load->sent && now < load->until + PATIENCE_S * G_USEC_PER_SEC))
                return G_SOURCE_CONTINUE;
        g_main_loop_quit(load->loop);
        return G_SOURCE_REMOVE;
}

/* === figures === */

static int compare_doubles(gconstpointer a, gconstpointer b)
{
        double x = *(const double *)a, y = *(const double *)b;

        return (x > y) - (x < y);
}

static double percentile(const GArray *sorted, double part)
{
        return sorted->len > 0 ? g_array_index(sorted, double, (guint)((sorted->len - 1) * part)) : 0;
}

static void report(const Load *load)
{
        for (unsigned i = 0; i < N_SIZES; i++) {
                GArray *latencies = load->latencies[i];

                g_array_sort(latencies, compare_doubles);
                g_print("%s\"%s_read_p50_ms\": %.2f, \"%s_read_p99_ms\": %.2f, \"%s_reads\": %u",
                        i > 0 ? ", " : "{", size_names[i], percentile(latencies, 0.5), size_names[i],
                        percentile(latencies, 0.99), size_names[i], latencies->len);
        }
        g_print(", \"vms\": %u, \"clients\": %d, \"reads_per_s\": %.1f, \"updates\": %" PRIu64
                ", \"faults\": %" PRIu64 ", \"unanswered\": %" PRIu64 "}\n",
                load->vms->len, n_clients,
                (double)load->answered * 1e6 /
                        (double)(load->until - load->begun + warm_up * G_USEC_PER_SEC),
                load->updates, load->faults, load->sent - load->answered);
}

int main(int argc, char **argv)
{
        g_autoptr(GOptionContext) context = g_option_context_new("- loads a vSphere API");
        g_autoptr(GError) error = NULL;
        Load load = {0};

        g_option_context_add_main_entries(context, options, NULL);
        if (!g_option_context_parse(context, &argc, &argv, &error) || n_clients < 1 || rate < 1) {
                g_printerr("%s\n", error != NULL ? error->message : "clients and rate are one at least");
                return EXIT_FAILURE;
        }
        load.clients = g_new0(Client, (gsize)n_clients);
        for (int i = 0; i < n_clients; i++)
                begin_client(&load.clients[i]);
        find_vms(&load);
        for (unsigned i = 0; i < N_SIZES; i++)
                load.latencies[i] = g_array_new(FALSE, FALSE, sizeof(double));
        for (int i = 0; i < n_clients; i++)
                wait_for_updates(&load, &load.clients[i]);
        load.loop = g_main_loop_new(NULL, FALSE);
        load.next_read = g_get_monotonic_time();
        load.begun = load.next_read + warm_up * G_USEC_PER_SEC;
        load.until = load.begun + seconds * G_USEC_PER_SEC;
        g_timeout_add(1, on_tick, &load);
        g_main_loop_run(load.loop);
        report(&load);
        return load.faults > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
