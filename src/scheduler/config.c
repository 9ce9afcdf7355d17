/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A key file in the manner of glib, read strictly: a setting that is not understood is not in force. */
#include "scheduler/config.h"

#include <aerostat/pager-protocol.h>
#include <string.h>

#include "policy/settings.h"

#define GROUP_DAEMON "aerostatd"
#define GROUP_MEMORY "Memory"

#define KEY_CONNECTION    "Connection"
#define KEY_PAGER_DIRS    "PagerDirectories"
#define KEY_METRICS_PORT  "MetricsPort"
#define KEY_PAGER_LIBRARY "PagerLibrary"
#define KEY_DOMAIN_TYPE   "DomainType"
#define KEY_API_PORT      "ApiPort"
#define KEY_API_ADDRESSES "ApiAddresses"
#define KEY_API_PLAIN     "ApiPlainPort"
#define KEY_API_CERT      "ApiCertificate"
#define KEY_API_KEY       "ApiKey"
#define KEY_SESSION       "SessionTimeout"
#define KEY_WEB           "WebDir"

#define DEFAULT_CONNECTION "qemu:///system"

#define CONFIG_MESSAGE_MAX 256

#define DEFAULT_API_PORT 443

/* Whole numbers of [aerostatd]. */
typedef struct Numbers {
        unsigned metrics_port, api_port, api_plain_port, session_timeout;
} Numbers;

typedef struct NumberKey {
        const char *name;
        size_t offset;
        unsigned otherwise, least, most;
        const char *meaning;
} NumberKey;

static const NumberKey number_keys[] = {
        {KEY_METRICS_PORT, offsetof(Numbers, metrics_port), 0, 0, 65535,
         "a port from 1 to 65535, or 0 for none"},
        {KEY_API_PORT, offsetof(Numbers, api_port), DEFAULT_API_PORT, 0, 65535,
         "a port from 1 to 65535, or 0 for none"},
        {KEY_API_PLAIN, offsetof(Numbers, api_plain_port), 0, 0, 65535,
         "a port from 1 to 65535, or 0 for none"},
        {KEY_SESSION, offsetof(Numbers, session_timeout), 1800, 1, 86400 * 7,
         "a number of seconds from 1 to 604800"},
};

struct Config {
        char *path;
        GKeyFile *file;
        char *connection;
        char **pager_dirs;
        char *pager_library;
        char *domain_type; /* NULL: auto */
        char **api_addresses;
        char *api_certificate, *api_key;
        char *web_dir;
        Numbers numbers;
        int64_t values[POLICY_SETTINGS];
};

void config_free(Config *config)
{
        if (config == NULL)
                return;
        g_free(config->path);
        g_clear_pointer(&config->file, g_key_file_unref);
        g_free(config->connection);
        g_strfreev(config->pager_dirs);
        g_free(config->pager_library);
        g_free(config->domain_type);
        g_strfreev(config->api_addresses);
        g_free(config->api_certificate);
        g_free(config->api_key);
        g_free(config->web_dir);
        g_free(config);
}

static bool refuse(const Config *config, GError **error, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
static bool refuse(const Config *config, GError **error, const char *format, ...)
{
        g_autofree char *message = NULL;
        va_list arguments;

        va_start(arguments, format);
        message = g_strdup_vprintf(format, arguments);
        va_end(arguments);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: %s", config->path, message);
        return false;
}

static const char *const daemon_keys[] = {KEY_API_ADDRESSES,
                                          KEY_API_CERT,
                                          KEY_API_KEY,
                                          KEY_API_PLAIN,
                                          KEY_API_PORT,
                                          KEY_CONNECTION,
                                          KEY_DOMAIN_TYPE,
                                          KEY_METRICS_PORT,
                                          KEY_PAGER_DIRS,
                                          KEY_PAGER_LIBRARY,
                                          KEY_SESSION,
                                          KEY_WEB,
                                          NULL};

static bool refuse_key(const Config *config, const char *key, GError **error)
{
        g_autofree char *all = g_strjoinv(", ", (char **)(gintptr)daemon_keys);

        return refuse(config, error, "unknown key %s in [" GROUP_DAEMON "]; there are %s", key, all);
}

/* Checks that everything in the file has a meaning. */
static bool check_names(const Config *config, GKeyFile *file, GError **error)
{
        g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

        for (unsigned i = 0; groups[i] != NULL; i++) {
                g_auto(GStrv) keys = g_key_file_get_keys(file, groups[i], NULL, NULL);
                bool memory = strcmp(groups[i], GROUP_MEMORY) == 0;

                if (!memory && strcmp(groups[i], GROUP_DAEMON) != 0)
                        return refuse(config, error, "unknown group [%s]; there are [%s] and [%s]",
                                      groups[i], GROUP_DAEMON, GROUP_MEMORY);
                for (unsigned k = 0; keys[k] != NULL; k++) {
                        if (memory ? policy_setting_find(keys[k]) >= 0
                                   : g_strv_contains(daemon_keys, keys[k]))
                                continue;
                        if (memory)
                                return refuse(config, error,
                                              "unknown setting %s; 'aerostat setting list' shows all",
                                              keys[k]);
                        return refuse_key(config, keys[k], error);
                }
        }
        return true;
}

static bool read_values(const Config *config, GKeyFile *file, int64_t values[POLICY_SETTINGS],
                        GError **error)
{
        g_auto(GStrv) keys = g_key_file_get_keys(file, GROUP_MEMORY, NULL, NULL);

        policy_settings_defaults(values);
        for (unsigned i = 0; keys != NULL && keys[i] != NULL; i++) {
                g_autofree char *text = g_key_file_get_value(file, GROUP_MEMORY, keys[i], NULL);
                int id = policy_setting_find(keys[i]);
                char message[CONFIG_MESSAGE_MAX];

                if (policy_setting_parse((enum policy_setting_id)id, g_strstrip(text), &values[id], message,
                                         sizeof(message)) < 0)
                        return refuse(config, error, "%s", message);
        }
        return true;
}

static bool load(const Config *config, GKeyFile *file, GError **error)
{
        g_autoptr(GError) wrong = NULL;

        if (g_key_file_load_from_file(file, config->path, G_KEY_FILE_KEEP_COMMENTS, &wrong) ||
            g_error_matches(wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT))
                return true;
        return refuse(config, error, "%s", wrong->message);
}

static bool read_numbers(const Config *config, GKeyFile *file, Numbers *ret, GError **error)
{
        Numbers numbers = {0};

        for (unsigned i = 0; i < G_N_ELEMENTS(number_keys); i++) {
                const NumberKey *key = &number_keys[i];
                g_autoptr(GError) wrong = NULL;
                int number = g_key_file_get_integer(file, GROUP_DAEMON, key->name, &wrong);

                if (g_error_matches(wrong, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE) ||
                    (wrong == NULL && (number < (int)key->least || number > (int)key->most)))
                        return refuse(config, error, "%s is %s", key->name, key->meaning);
                G_STRUCT_MEMBER(unsigned, &numbers, key->offset) =
                        wrong == NULL ? (unsigned)number : key->otherwise;
        }
        *ret = numbers;
        return true;
}

/* Reads what the file means, or says what in it means nothing. */
static bool understand(const Config *config, GKeyFile *file, int64_t values[POLICY_SETTINGS],
                       Numbers *numbers, GError **error)
{
        g_autofree char *type = g_key_file_get_string(file, GROUP_DAEMON, KEY_DOMAIN_TYPE, NULL);

        if (!check_names(config, file, error) || !read_values(config, file, values, error) ||
            !read_numbers(config, file, numbers, error))
                return false;
        if (type != NULL && !g_strv_contains((const char *const[]){"auto", "kvm", "qemu", NULL}, type))
                return refuse(config, error, "%s is auto, kvm or qemu", KEY_DOMAIN_TYPE);
        if (g_key_file_has_key(file, GROUP_DAEMON, KEY_API_KEY, NULL) &&
            !g_key_file_has_key(file, GROUP_DAEMON, KEY_API_CERT, NULL))
                return refuse(config, error, "%s is of no use without %s", KEY_API_KEY, KEY_API_CERT);
        return true;
}

bool config_reload(Config *config, GError **error)
{
        g_autoptr(GKeyFile) file = g_key_file_new();
        int64_t values[POLICY_SETTINGS];
        Numbers numbers = {0};

        if (!load(config, file, error) || !understand(config, file, values, &numbers, error))
                return false;

        config->numbers = numbers;
        g_free(config->connection);
        config->connection = g_key_file_get_string(file, GROUP_DAEMON, KEY_CONNECTION, NULL);
        if (config->connection == NULL)
                config->connection = g_strdup(DEFAULT_CONNECTION);
        g_strfreev(config->pager_dirs);
        config->pager_dirs = g_key_file_get_string_list(file, GROUP_DAEMON, KEY_PAGER_DIRS, NULL, NULL);
        if (config->pager_dirs == NULL)
                config->pager_dirs = g_strsplit(AEROSTAT_PAGER_RUN_DIR, ";", -1);
        g_free(config->pager_library);
        config->pager_library = g_key_file_get_string(file, GROUP_DAEMON, KEY_PAGER_LIBRARY, NULL);
        if (config->pager_library == NULL)
                config->pager_library = g_strdup(AEROSTAT_PAGER_LIBRARY);
        g_free(config->domain_type);
        config->domain_type = g_key_file_get_string(file, GROUP_DAEMON, KEY_DOMAIN_TYPE, NULL);
        if (g_strcmp0(config->domain_type, "auto") == 0)
                g_clear_pointer(&config->domain_type, g_free);
        g_strfreev(config->api_addresses);
        config->api_addresses =
                g_key_file_get_string_list(file, GROUP_DAEMON, KEY_API_ADDRESSES, NULL, NULL);
        g_free(config->api_certificate);
        config->api_certificate = g_key_file_get_string(file, GROUP_DAEMON, KEY_API_CERT, NULL);
        g_free(config->api_key);
        config->api_key = g_key_file_get_string(file, GROUP_DAEMON, KEY_API_KEY, NULL);
        g_free(config->web_dir);
        config->web_dir = g_key_file_get_string(file, GROUP_DAEMON, KEY_WEB, NULL);
        if (config->web_dir == NULL)
                config->web_dir = g_strdup(AEROSTAT_WEB_DIR);
        memcpy(config->values, values, sizeof(values));
        g_clear_pointer(&config->file, g_key_file_unref);
        config->file = g_steal_pointer(&file);
        return true;
}

Config *config_new(const char *path, GError **error)
{
        g_autoptr(Config) config = g_new0(Config, 1);

        config->path = g_strdup(path);
        return config_reload(config, error) ? g_steal_pointer(&config) : NULL;
}

const char *config_connection(const Config *config)
{
        return config->connection;
}

const char *const *config_pager_dirs(const Config *config)
{
        return (const char *const *)config->pager_dirs;
}

const char *config_pager_library(const Config *config)
{
        return config->pager_library;
}

const char *config_domain_type(const Config *config)
{
        return config->domain_type;
}

unsigned config_metrics_port(const Config *config)
{
        return config->numbers.metrics_port;
}

unsigned config_api_port(const Config *config)
{
        return config->numbers.api_port;
}

const char *const *config_api_addresses(const Config *config)
{
        return (const char *const *)config->api_addresses;
}

unsigned config_api_plain_port(const Config *config)
{
        return config->numbers.api_plain_port;
}

const char *config_api_certificate(const Config *config)
{
        return config->api_certificate;
}

const char *config_api_key(const Config *config)
{
        return config->api_key;
}

const char *config_web_dir(const Config *config)
{
        return config->web_dir;
}

unsigned config_session_timeout(const Config *config)
{
        return config->numbers.session_timeout;
}

int64_t config_get(const Config *config, enum policy_setting_id id)
{
        return config->values[id];
}

/* Where the file names it, in whatever case; else at the end. */
static void write_value(GKeyFile *file, enum policy_setting_id id, int64_t value)
{
        g_auto(GStrv) keys = g_key_file_get_keys(file, GROUP_MEMORY, NULL, NULL);
        bool there = false;

        for (unsigned i = 0; keys != NULL && keys[i] != NULL; i++)
                if (policy_setting_find(keys[i]) == (int)id) {
                        g_key_file_set_int64(file, GROUP_MEMORY, keys[i], value);
                        there = true;
                }
        if (!there)
                g_key_file_set_int64(file, GROUP_MEMORY, policy_settings[id].name, value);
}

bool config_set(Config *config, GHashTable *values, GError **error)
{
        g_autoptr(GKeyFile) file = g_key_file_new();
        g_autofree char *folder = g_path_get_dirname(config->path);
        int64_t understood[POLICY_SETTINGS];
        Numbers numbers = {0};
        GHashTableIter iter;
        gpointer name, value;

        /* Onto the file as it is now: it may have been edited since. */
        if (!load(config, file, error) || !understand(config, file, understood, &numbers, error))
                return false;
        g_hash_table_iter_init(&iter, values);
        while (g_hash_table_iter_next(&iter, &name, &value)) {
                int id = policy_setting_find(name);
                char message[CONFIG_MESSAGE_MAX];

                if (id < 0) {
                        g_autofree char *shown = g_strescape(name, NULL);

                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                    "there is no setting \"%.100s\"; 'aerostat setting list' shows all",
                                    shown);
                        return false;
                }
                if (policy_setting_check((enum policy_setting_id)id, *(const int64_t *)value, message,
                                         sizeof(message)) < 0) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s", message);
                        return false;
                }
                write_value(file, (enum policy_setting_id)id, *(const int64_t *)value);
        }
        (void)g_mkdir_with_parents(folder, 0755);
        if (!g_key_file_save_to_file(file, config->path, error)) {
                g_prefix_error(error, "the setting cannot be kept, so it is not changed: ");
                return false;
        }
        return config_reload(config, error);
}
