/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/host-choice.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/output.h"

#define SYSTEM_SOCKET "/run/aerostat/aerostatd.sock"
#define SYSTEM_FILE   AEROSTAT_SYSCONFDIR "/aerostat/client.conf"
#define DEFAULT       "default"
#define PORT_DEFAULT  443
#define FILE_MAX      (64 << 10)

/* In the order of the fields of HostChoice that they are. */
static const char *const keys[] = {"Host", "User", "Fingerprint", "PasswordFile", NULL};

void host_choice_clear(HostChoice *choice)
{
        g_free(choice->label);
        g_free(choice->socket);
        g_free(choice->base);
        g_free(choice->user);
        g_free(choice->fingerprint);
        g_free(choice->password_file);
        *choice = (HostChoice){0};
}

/* --- files --- */

char *host_own_file(void)
{
        return g_build_filename(g_get_user_config_dir(), "aerostat", "config", NULL);
}

/* *ret: NULL when there is none. */
static bool load_file(const char *path, GKeyFile **ret, GError **error)
{
        g_autoptr(GKeyFile) file = g_key_file_new();
        g_autoptr(GError) inner = NULL;
        struct stat status;

        *ret = NULL;
        if (stat(path, &status) == 0 && status.st_size > FILE_MAX) {
                g_set_error(error, CLI_ERROR, CLI_USAGE, "%s has more than %d KiB: that is no file of hosts",
                            path, FILE_MAX >> 10);
                return false;
        }
        if (g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &inner)) {
                *ret = g_steal_pointer(&file);
                return true;
        }
        if (g_error_matches(inner, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
            g_error_matches(inner, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
                return true;
        g_set_error(error, CLI_ERROR, CLI_USAGE, "%s cannot be read: %s", path, inner->message);
        return false;
}

static bool check_section(GKeyFile *file, const char *section, const char *path, GError **error)
{
        g_auto(GStrv) there = g_key_file_get_keys(file, section, NULL, NULL);

        for (char **key = there; key != NULL && *key != NULL; key++)
                if (!g_strv_contains(keys, *key)) {
                        g_autofree char *shown = cli_escape(*key);

                        g_set_error(error, CLI_ERROR, CLI_USAGE,
                                    "%s: [%s] has Host, User, Fingerprint and PasswordFile, not \"%s\"",
                                    path, section, shown);
                        return false;
                }
        return true;
}

typedef struct Files {
        char *paths[2];
        GKeyFile *files[2]; /* NULL: not there */
} Files;

static void files_clear(Files *files)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(files->files); i++) {
                g_free(files->paths[i]);
                g_clear_pointer(&files->files[i], g_key_file_unref);
        }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Files, files_clear)

static bool files_load(Files *files, GError **error)
{
        files->paths[0] = host_own_file();
        files->paths[1] = g_strdup(SYSTEM_FILE);
        for (unsigned i = 0; i < G_N_ELEMENTS(files->files); i++)
                if (!load_file(files->paths[i], &files->files[i], error))
                        return false;
        return true;
}

/* What a section says goes where nothing was said yet. *ret_host: its Host, owned. False: it is wrong. */
static bool take_section(const Files *files, const char *section, HostChoice *choice, char **ret_host,
                         GError **error)
{
        char **fields[] = {ret_host, &choice->user, &choice->fingerprint, &choice->password_file};

        for (unsigned i = 0; i < G_N_ELEMENTS(files->files); i++) {
                GKeyFile *file = files->files[i];

                if (file == NULL || !g_key_file_has_group(file, section))
                        continue;
                if (!check_section(file, section, files->paths[i], error))
                        return false;
                for (unsigned k = 0; k < G_N_ELEMENTS(fields); k++)
                        if (*fields[k] == NULL)
                                *fields[k] = g_key_file_get_string(file, section, keys[k], NULL);
                return true;
        }
        return true;
}

void host_complete(const char *prefix)
{
        g_auto(Files) files = {0};

        if (!files_load(&files, NULL))
                return;
        for (unsigned i = 0; i < G_N_ELEMENTS(files.files); i++) {
                g_auto(GStrv) groups =
                        files.files[i] != NULL ? g_key_file_get_groups(files.files[i], NULL) : NULL;

                for (char **group = groups; group != NULL && *group != NULL; group++) {
                        g_autofree char *shown = cli_escape(*group);

                        if (strcmp(*group, DEFAULT) != 0 && strcmp(shown, *group) == 0 &&
                            g_str_has_prefix(*group, prefix))
                                puts(*group);
                }
        }
}

/* --- addresses --- */

static char *local_socket(void)
{
        const char *named = g_getenv("AEROSTAT_DAEMON"), *runtime = g_getenv("XDG_RUNTIME_DIR");

        if (named != NULL && named[0] != '\0')
                return g_strdup(named);
        if (geteuid() != 0 && runtime != NULL && runtime[0] == '/') {
                g_autofree char *own = g_build_filename(runtime, "aerostat", "aerostatd.sock", NULL);

                /* Who runs no daemon of his own may be allowed to ask the system's. */
                if (g_file_test(own, G_FILE_TEST_EXISTS) || !g_file_test(SYSTEM_SOCKET, G_FILE_TEST_EXISTS))
                        return g_steal_pointer(&own);
        }
        return g_strdup(SYSTEM_SOCKET);
}

static bool take_socket(const char *path, HostChoice *choice, GError **error)
{
        size_t most = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1;

        choice->label = cli_escape(path);
        if (strlen(path) > most) {
                g_set_error(
                        error, CLI_ERROR, CLI_USAGE,
                        "the path of the daemon's socket, %s, is longer than %zu bytes; use a shorter one",
                        choice->label, most);
                return false;
        }
        choice->socket = g_strdup(path);
        return true;
}

static bool set_wrong_address(const char *word, const char *why, GError **error)
{
        g_autofree char *shown = cli_escape(word);

        g_set_error(
                error, CLI_ERROR, CLI_USAGE,
                "\"%s\" is no host: %s; --host takes [https://][USER@]HOST[:PORT], the path of a socket, or "
                "a section of the file of hosts",
                shown, why);
        return false;
}

/* text: without the user. */
static bool take_address(const char *text, HostChoice *choice, GError **error)
{
        g_autoptr(GSocketConnectable) address = NULL;
        const char *host;
        guint16 port;

        if (text[0] == '\0' ||
            strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]") !=
                    strlen(text))
                return set_wrong_address(text, "a name or an IP address is to be there, and nothing besides",
                                         error);
        address = g_network_address_parse(text, PORT_DEFAULT, NULL);
        host = address != NULL ? g_network_address_get_hostname(G_NETWORK_ADDRESS(address)) : NULL;
        port = address != NULL ? g_network_address_get_port(G_NETWORK_ADDRESS(address)) : 0;
        if (host == NULL || host[0] == '\0' || port == 0)
                return set_wrong_address(text, "its port is a number from 1 to 65535", error);
        choice->label = g_strdup_printf(strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
        choice->base = g_strconcat("https://", choice->label, NULL);
        return true;
}

/* "https://USER@HOST/": the user goes where none is yet. *ret: the rest, owned. */
static bool split(const char *word, HostChoice *choice, char **ret, GError **error)
{
        const char *text = word, *at;
        char *rest;

        if (g_str_has_prefix(text, "http://"))
                return set_wrong_address(word, "a password is not sent without TLS (https)", error);
        if (g_str_has_prefix(text, "https://"))
                text += strlen("https://");
        at = strrchr(text, '@');
        if (at == text)
                return set_wrong_address(word, "there is no user before the @", error);
        if (at != NULL && memchr(text, ':', (size_t)(at - text)) != NULL) {
                g_set_error_literal(
                        error, CLI_ERROR, CLI_USAGE,
                        "a password is not given on the command line, where others see it: give it by "
                        "AEROSTAT_PASSWORD or PasswordFile, or when asked");
                return false;
        }
        if (at != NULL && choice->user == NULL)
                choice->user = g_strndup(text, (size_t)(at - text));
        rest = g_strdup(at != NULL ? at + 1 : text);
        if (text != word && g_str_has_suffix(rest, "/"))
                rest[strlen(rest) - 1] = '\0';
        *ret = rest;
        return true;
}

/* An address or a path; what is in it goes before what section says. */
static bool take_place(const char *word, HostChoice *choice, GError **error)
{
        g_autofree char *rest = NULL;

        if (word[0] == '/')
                return take_socket(word, choice, error);
        return split(word, choice, &rest, error) && take_address(rest, choice, error);
}

/* --- all together --- */

static void take_user_of_environment(HostChoice *choice)
{
        const char *user = g_getenv("AEROSTAT_USER");

        if (choice->user == NULL && user != NULL && user[0] != '\0')
                choice->user = g_strdup(user);
}

/* word: a section, or a place, either with a user before it. */
static bool take_word(const Files *files, const char *word, HostChoice *choice, GError **error)
{
        g_autofree char *rest = NULL, *host = NULL;

        if (word[0] == '/')
                return take_socket(word, choice, error);
        if (!split(word, choice, &rest, error))
                return false;
        take_user_of_environment(choice);
        if (strcmp(rest, DEFAULT) != 0 && !take_section(files, rest, choice, &host, error))
                return false;
        return host != NULL ? take_place(host, choice, error) : take_address(rest, choice, error);
}

static bool take_default(const Files *files, HostChoice *choice, GError **error)
{
        g_autofree char *host = NULL, *socket = NULL;
        HostChoice said = {0};
        bool ok = take_section(files, DEFAULT, &said, &host, error);

        if (ok && host != NULL) {
                ok = take_word(files, host, choice, error);
                /* What [default] says besides is of its own host, and not of a section that it names. */
                if (choice->user == NULL)
                        choice->user = g_steal_pointer(&said.user);
                if (choice->fingerprint == NULL)
                        choice->fingerprint = g_steal_pointer(&said.fingerprint);
                if (choice->password_file == NULL)
                        choice->password_file = g_steal_pointer(&said.password_file);
        } else if (ok) {
                socket = local_socket();
                ok = take_socket(socket, choice, error);
        }
        host_choice_clear(&said);
        return ok;
}

bool host_choose(const char *word, HostChoice *ret, GError **error)
{
        g_auto(Files) files = {0};
        HostChoice choice = {0};
        bool ok;

        if (word != NULL && word[0] == '\0') {
                g_set_error(error, CLI_ERROR, CLI_USAGE,
                            "--host is a host, the path of a socket, or a section "
                            "of the file of hosts");
                return false;
        }
        if (word == NULL) {
                word = g_getenv("AEROSTAT_HOST");
                word = word != NULL && word[0] != '\0' ? word : NULL;
        }
        ok = files_load(&files, error) &&
             (word != NULL ? take_word(&files, word, &choice, error) : take_default(&files, &choice, error));
        if (ok)
                *ret = choice;
        else
                host_choice_clear(&choice);
        return ok;
}
