/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostatd: the memory scheduler of one host. */
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <libvirt-glib/libvirt-glib.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/http.h"

#define STATE_DIR   "/var/lib/aerostat"
#define CONFIG_FILE AEROSTAT_SYSCONFDIR "/aerostat/aerostatd.conf"
#define RUN_DIR     "/run/aerostat"

/* A connection for each VM's pager, and some. */
#define FILES_WANTED 65536

typedef struct Options {
        char *config;
        char *state_dir;
        char *socket;
        gboolean check;
        gboolean version;
} Options;

typedef struct Daemon {
        GMainLoop *loop;
        ApiParts parts;
        Api *api; /* NULL while it is not there yet */
        Server *server;
        Http *http;
} Daemon;

static int fail(const GError *error)
{
        fprintf(stderr, "aerostatd: %s\n", error->message);
        return 1;
}

static bool read_options(Options *options, int *argc, char ***argv, GError **error)
{
        const GOptionEntry entries[] = {
                {"config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config,
                 "settings (default " CONFIG_FILE ")", "FILE"},
                {"state-dir", 's', 0, G_OPTION_ARG_FILENAME, &options->state_dir,
                 "where the inventory is (default " STATE_DIR ")", "DIRECTORY"},
                {"socket", 'S', 0, G_OPTION_ARG_FILENAME, &options->socket,
                 "where to listen (default " RUN_DIR "/aerostatd.sock)", "PATH"},
                {"check", 0, 0, G_OPTION_ARG_NONE, &options->check,
                 "read the settings, say what is wrong, end", NULL},
                {"version", 'V', 0, G_OPTION_ARG_NONE, &options->version, "say which version this is", NULL},
                G_OPTION_ENTRY_NULL,
        };
        g_autoptr(GOptionContext) context = g_option_context_new("- share a host's memory among its VMs");

        g_option_context_add_main_entries(context, entries, NULL);
        if (!g_option_context_parse(context, argc, argv, error))
                return false;
        if (*argc > 1) {
                g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "one word too many: \"%s\"",
                            (*argv)[1]);
                return false;
        }
        if (options->config == NULL)
                options->config = g_strdup(CONFIG_FILE);
        if (options->state_dir == NULL)
                options->state_dir = g_strdup(STATE_DIR);
        if (options->socket == NULL) {
                const char *user = g_getenv("XDG_RUNTIME_DIR");

                options->socket = geteuid() == 0 || user == NULL
                                          ? g_strdup(RUN_DIR "/aerostatd.sock")
                                          : g_build_filename(user, "aerostat", "aerostatd.sock", NULL);
        }
        return true;
}

static void options_clear(Options *options)
{
        g_free(options->config);
        g_free(options->state_dir);
        g_free(options->socket);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static bool make_folder(const char *path, int mode, GError **error)
{
        if (g_mkdir_with_parents(path, mode) == 0)
                return true;
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno), "cannot make %s: %s", path,
                    g_strerror(errno));
        return false;
}

/* Held for as long as the process lives, however it ends. Two schedulers would take turns undoing each
 * other. */
static bool lock(const char *path, GError **error)
{
        char pid[24] = {0};
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

        if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
                g_autofree char *own = g_strdup_printf("%d\n", (int)getpid());

                /* For whoever finds it locked; nothing depends on it. */
                if (ftruncate(fd, 0) < 0 || write(fd, own, strlen(own)) < 0)
                        errno = 0;
                return true;
        }
        if (fd >= 0 && errno == EWOULDBLOCK) {
                ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

                pid[MAX(n, 0)] = '\0';
                g_set_error(
                        error, G_IO_ERROR, G_IO_ERROR_BUSY,
                        "another aerostatd (process %s) is in charge here: it holds %s. One host has one",
                        pid[0] != '\0' ? g_strstrip(pid) : "unknown", path);
        } else {
                g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno), "cannot lock %s: %s", path,
                            g_strerror(errno));
        }
        if (fd >= 0)
                (void)close(fd);
        return false;
}

static gboolean on_end(gpointer user_data)
{
        g_main_loop_quit(((Daemon *)user_data)->loop);
        return G_SOURCE_CONTINUE;
}

static gboolean on_reload(gpointer user_data)
{
        Daemon *daemon = user_data;
        g_autoptr(GError) error = NULL;

        if (config_reload(daemon->parts.config, &error)) {
                journal_add(daemon->parts.journal, "setting", NULL, "settings were read again");
                scheduler_poke(daemon->parts.scheduler);
        } else {
                journal_add(daemon->parts.journal, "error", NULL, "settings stay as they were: %s",
                            error->message);
        }
        return G_SOURCE_CONTINUE;
}

/* libvirt's errors are reported where they occur, not printed besides. */
static void ignore_error(void *user_data, virErrorPtr error)
{
        (void)user_data;
        (void)error;
}

static void allow_files(void)
{
        struct rlimit limit;

        if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
                return;
        limit.rlim_cur = MIN(limit.rlim_max, FILES_WANTED);
        (void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* --- what the parts tell each other --- */

static bool on_admit(const char *uuid, const char *name, uint64_t memory_bytes, gpointer user_data,
                     GError **error)
{
        const Daemon *daemon = user_data;

        return scheduler_admit(daemon->parts.scheduler, uuid, name, memory_bytes, error);
}

static void on_event(const char *type, const char *vm, const char *message, gpointer user_data)
{
        const Daemon *daemon = user_data;

        journal_add(daemon->parts.journal, type, vm, "%s", message);
}

static void tell(const Daemon *daemon, ApiSignal signal, gconstpointer data)
{
        if (daemon->api != NULL)
                api_signal(daemon->api, signal, data);
}

static void on_vms(gpointer user_data)
{
        tell(user_data, API_VMS_CHANGED, NULL);
}

static void on_changed(gpointer user_data)
{
        const Daemon *daemon = user_data;

        scheduler_poke(daemon->parts.scheduler);
        tell(daemon, API_VMS_CHANGED, NULL);
        tell(daemon, API_CATALOG_CHANGED, NULL);
}

static void on_task(const TaskRecord *task, gpointer user_data)
{
        tell(user_data, API_TASK_CHANGED, task);
}

static void on_described(JsonNode *vms, gpointer user_data)
{
        tell(user_data, API_VMS_DESCRIBED, vms);
}

static bool on_configure(const char *uuid, GHashTable *options, gpointer user_data, GError **error)
{
        const ApiParts *parts = &((const Daemon *)user_data)->parts;
        Machine *running = scheduler_find(parts->scheduler, uuid, NULL);
        Machine *off = running == NULL ? scheduler_load_off(parts->scheduler, uuid, error) : NULL;
        Machine *machine = running != NULL ? running : off;
        bool done = machine != NULL && scheduler_configure(parts->scheduler, machine, options, error);

        if (done)
                operations_settings_changed(parts->operations, machine->record->uuid);
        machine_free(off);
        return done;
}

static void on_added(gpointer user_data)
{
        tell(user_data, API_EVENT_ADDED, NULL);
}

static void on_round(gpointer user_data)
{
        tell(user_data, API_ROUND, NULL);
}

static bool start_operations(Daemon *daemon, GError **error)
{
        ApiParts *parts = &daemon->parts;
        const OperationsParts needs = {.inventory = parts->inventory,
                                       .uri = config_connection(parts->config),
                                       .domain_type = config_domain_type(parts->config),
                                       .pager_library = config_pager_library(parts->config),
                                       .pager_dir = config_pager_dirs(parts->config)[0],
                                       .admit = on_admit,
                                       .event = on_event,
                                       .changed = on_changed,
                                       .task = on_task,
                                       .described = on_described,
                                       .configure = on_configure,
                                       .user_data = daemon};

        parts->operations = operations_new(&needs, error);
        return parts->operations != NULL;
}

static bool start_api(Daemon *daemon, GError **error)
{
        const SchedulerListener listener = {.round = on_round, .changed = on_vms, .user_data = daemon};

        daemon->api = api_new(&daemon->parts, error);
        if (daemon->api == NULL)
                return false;
        scheduler_listen(daemon->parts.scheduler, &listener);
        journal_listen(daemon->parts.journal, on_added, daemon);
        return true;
}

/* The host's memory is shared out also when nobody can be told. */
static void start_server(Daemon *daemon)
{
        g_autoptr(GError) error = NULL;

        daemon->server = server_new(daemon->api);
        if (server_listen(daemon->server, &error))
                return;
        fprintf(stderr,
                "aerostatd: the API is not to be had as the settings say: %s. ApiPort and ApiAddresses in "
                "aerostatd.conf say where it is\n",
                error->message);
        journal_add(daemon->parts.journal, "error", NULL, "the API is not to be had as the settings say: %s",
                    error->message);
}

static bool start(Daemon *daemon, const Options *options, GError **error)
{
        g_autofree char *inventory = g_build_filename(options->state_dir, "inventory.sqlite", NULL);
        ApiParts *parts = &daemon->parts;

        parts->inventory = inventory_open(inventory, error);
        if (parts->inventory == NULL)
                return false;
        parts->pools = pools_new(parts->inventory, error);
        if (parts->pools == NULL)
                return false;
        parts->journal = journal_new(parts->inventory);
        journal_add(parts->journal, "daemon", NULL, "aerostatd %s has started", AEROSTAT_VERSION);
        parts->scheduler = scheduler_new(parts->config, parts->inventory, parts->pools, parts->journal);
        parts->sharing = sharing_new(options->state_dir, parts->config, parts->scheduler, parts->journal);
        parts->state_dir = options->state_dir;
        if (!start_operations(daemon, error) || !start_api(daemon, error))
                return false;
        start_server(daemon);
        daemon->http = http_new(options->socket, parts, daemon->server, error);
        return daemon->http != NULL;
}

static void end(Daemon *daemon)
{
        ApiParts *parts = &daemon->parts;

        g_clear_pointer(&daemon->http, http_free);
        g_clear_pointer(&daemon->server, server_free);
        g_clear_pointer(&parts->operations, operations_free);
        /* After the operations: what they still answer to are the API's requests. */
        g_clear_pointer(&daemon->api, api_free);
        g_clear_pointer(&parts->sharing, sharing_free);
        g_clear_pointer(&parts->scheduler, scheduler_free);
        if (parts->journal != NULL)
                journal_add(parts->journal, "daemon", NULL,
                            "aerostatd has ended; the VMs keep their targets");
        g_clear_pointer(&parts->journal, journal_free);
        g_clear_pointer(&parts->pools, pools_free);
        g_clear_pointer(&parts->inventory, inventory_close);
        g_clear_pointer(&parts->config, config_free);
        g_clear_pointer(&daemon->loop, g_main_loop_unref);
}

int main(int argc, char **argv)
{
        g_auto(Options) options = {0};
        g_autoptr(GError) error = NULL;
        g_autofree char *run_dir = NULL, *lock_path = NULL;
        Daemon daemon = {0};
        bool started;

        if (!read_options(&options, &argc, &argv, &error)) {
                (void)fail(error);
                return 2;
        }
        if (options.version) {
                puts("aerostatd " AEROSTAT_VERSION);
                return 0;
        }
        daemon.parts.config = config_new(options.config, &error);
        if (daemon.parts.config == NULL)
                return fail(error);
        if (options.check) {
                config_free(daemon.parts.config);
                return 0;
        }

        run_dir = g_path_get_dirname(options.socket);
        lock_path = g_build_filename(run_dir, "aerostatd.lock", NULL);
        if (!make_folder(run_dir, 0755, &error) || !make_folder(options.state_dir, 0711, &error) ||
            !lock(lock_path, &error)) {
                config_free(daemon.parts.config);
                return fail(error);
        }
        /* What is made from here on is the daemon's alone: inventory, socket, records. */
        (void)umask(0077);
        allow_files();
        /* What GnuTLS still lets pass on Debian is too old; before there are other threads. */
        (void)g_setenv("G_TLS_GNUTLS_PRIORITY", "NORMAL:%COMPAT:-VERS-TLS1.0:-VERS-TLS1.1", FALSE);
        gvir_event_register();
        virSetErrorFunc(NULL, ignore_error);
        daemon.loop = g_main_loop_new(NULL, FALSE);
        (void)g_unix_signal_add(SIGTERM, on_end, &daemon);
        (void)g_unix_signal_add(SIGINT, on_end, &daemon);
        (void)g_unix_signal_add(SIGHUP, on_reload, &daemon);

        started = start(&daemon, &options, &error);
        if (started)
                g_main_loop_run(daemon.loop);
        end(&daemon);
        return started ? 0 : fail(error);
}
