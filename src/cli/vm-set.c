/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * aerostat vm set. The values are read, then checked against each VM as it is now, and only then is the
 * first one changed. All values of one VM go in one request, which the host carries out or refuses whole.
 */
#include <string.h>

#include "cli/memory.h"
#include "cli/operation.h"
#include "cli/vm-select.h"
#include "cli/vm.h"

/* A setting: the option, the daemon's key, and how it is called in messages. */
static const struct {
        const char *option, *key, *name;
        bool memory;      /* in MB */
        const char *none; /* the word for -1 */
} settings[] = {
        {"shares", "sched.mem.shares", "shares", false, NULL},
        {"reservation", "sched.mem.min", "reservation", true, NULL},
        {"limit", "sched.mem.max", "limit", true, "none"},
        {"max-balloon", "sched.mem.maxmemctl", "max-balloon", true, "default"},
        {"sharing", "sched.mem.pshare.enable", "sharing", false, NULL},
        {"salt", "sched.mem.pshare.salt", "salt", false, NULL},
        {"swap-dir", "sched.swap.dir", "swap-dir", false, NULL},
        {"pool", "pool", "pool", false, NULL},
};

#define SETTINGS G_N_ELEMENTS(settings)

typedef struct Change {
        const char *operand;
        JsonObject *vm;
        char *values[SETTINGS]; /* as the daemon has them; NULL: stays */
} Change;

static void change_free(gpointer data)
{
        Change *change = data;

        g_clear_pointer(&change->vm, json_object_unref);
        for (unsigned s = 0; s < SETTINGS; s++)
                g_free(change->values[s]);
        g_free(change);
}

/* The value for one VM in the daemon's form. memory_bytes 0: it is not known yet, and any will do. */
static char *convert(unsigned s, const char *text, uint64_t memory_bytes, GError **error)
{
        const char *option = settings[s].option;
        g_autofree char *what = g_strconcat("--", option, NULL);
        int64_t mb;

        if (settings[s].memory) {
                if (strcmp(option, "max-balloon") == 0 && strcmp(text, "default") == 0)
                        return g_strdup("-1");
                if (!daemon_parse_mb(text, what, strcmp(option, "limit") == 0,
                                     memory_bytes != 0 ? memory_bytes : UINT64_C(1) << 40, &mb, error))
                        return NULL;
                return g_strdup_printf("%" G_GINT64_FORMAT, mb);
        }
        if (strcmp(option, "shares") == 0)
                return daemon_check_shares(text, error) ? g_strdup(text) : NULL;
        if (strcmp(option, "sharing") == 0)
                return g_strdup(strcmp(text, "on") == 0 ? "TRUE" : "FALSE");
        if (strcmp(option, "swap-dir") == 0 && strcmp(text, "default") == 0)
                return g_strdup("");
        if ((strcmp(option, "swap-dir") == 0 || strcmp(option, "pool") == 0) && text[0] != '/') {
                g_set_error(error, CLI_ERROR, CLI_USAGE, "%s begins with a slash", what);
                return NULL;
        }
        return g_strdup(text);
}

/* Values that are wrong for any VM are told before the daemon is asked. */
static bool check_words(const CliArgs *args, GError **error)
{
        static const char *const on_off[] = {"on", "off", NULL};
        unsigned chosen = 0;
        bool any = false;

        if (!cli_args_choice(args, "sharing", on_off, &chosen, error))
                return false;
        for (unsigned s = 0; s < SETTINGS; s++) {
                const char *text = cli_args_get(args, settings[s].option);
                g_autofree char *value = NULL;

                if (text == NULL)
                        continue;
                any = true;
                if (!g_utf8_validate(text, -1, NULL)) {
                        g_set_error(error, CLI_ERROR, CLI_USAGE, "--%s is not UTF-8", settings[s].option);
                        return false;
                }
                value = convert(s, text, 0, error);
                if (value == NULL)
                        return false;
        }
        if (!any)
                g_set_error(error, CLI_ERROR, CLI_USAGE, "nothing to set");
        return any;
}

/* As it is now, in the daemon's form. */
static const char *get_value(JsonObject *vm, unsigned s)
{
        JsonObject *config = daemon_json_object(vm, "config");
        const char *text = NULL;

        if (strcmp(settings[s].key, "pool") == 0)
                text = daemon_json_text(vm, "pool");
        else if (config != NULL)
                text = daemon_json_text(config, settings[s].key);
        return text != NULL ? text : "";
}

/* What a VM has that does not run, the daemon knows alone. */
static bool knows(JsonObject *vm, unsigned s)
{
        return strcmp(settings[s].key, "pool") == 0 || daemon_json_object(vm, "config") != NULL;
}

/* For the eye. */
static char *show_value(unsigned s, const char *value)
{
        gint64 mb;

        if (settings[s].memory && g_ascii_string_to_signed(value, 10, -1, INT64_MAX >> 20, &mb, NULL))
                return daemon_format_mb(mb, settings[s].none != NULL ? settings[s].none : "0");
        if (strcmp(settings[s].option, "sharing") == 0)
                return g_strdup(strcmp(value, "FALSE") == 0 ? "off" : "on");
        if (value[0] == '\0')
                return g_strdup(strcmp(settings[s].option, "swap-dir") == 0 ? "default" : "none");
        return g_strdup(value);
}

static int64_t get_mb(const Change *change, const char *key)
{
        for (unsigned s = 0; s < SETTINGS; s++) {
                const char *value = change->values[s] != NULL ? change->values[s] : get_value(change->vm, s);

                if (strcmp(settings[s].key, key) == 0)
                        return value[0] != '\0' ? g_ascii_strtoll(value, NULL, 10)
                                                : -1; /* -1: nobody knows */
        }
        return 0;
}

/* The daemon checks, too; but it is asked for one VM after the other. */
static bool check_change(const Change *change, GError **error)
{
        g_autofree char *name = field_text(change->vm, "name");
        int64_t reservation = get_mb(change, "sched.mem.min"), limit = get_mb(change, "sched.mem.max");
        uint64_t memory = daemon_json_uint_or_0(change->vm, "memory_bytes");
        g_autofree char *r = daemon_format_mb(reservation, "0"), *l = daemon_format_mb(limit, "none"),
                        *m = cli_format_size_exact(memory);

        if (reservation > 0 && memory > 0 && (uint64_t)reservation > memory >> 20) {
                g_set_error(error, CLI_ERROR, CLI_USAGE,
                            "%s: a reservation of %s is more than its memory, %s; reserve %s at most", name,
                            r, m, m);
                return false;
        }
        if (limit >= 0 && reservation > limit) {
                g_set_error(error, CLI_ERROR, CLI_USAGE,
                            "%s: a reservation of %s is more than its limit, %s; lower the one or raise the "
                            "other",
                            name, r, l);
                return false;
        }
        return true;
}

/* By UUID, else by name: with its settings where it runs, else as the inventory has it. */
static JsonObject *find_vm(ApiClient *client, JsonArray *vms, const char *operand, GError **error)
{
        static const char *const members[] = {"uuid", "name"};

        for (unsigned m = 0; m < G_N_ELEMENTS(members); m++)
                for (guint i = 0; i < json_array_get_length(vms); i++) {
                        JsonObject *vm = json_array_get_object_element(vms, i);

                        if (g_strcmp0(daemon_json_text(vm, members[m]), operand) == 0)
                                return json_object_ref(vm);
                }
        return vm_find(client, operand, error);
}

/* Finds one VM, and makes its values. */
static bool plan(ApiClient *client, JsonArray *vms, const CliArgs *args, Change *change, GError **error)
{
        change->vm = find_vm(client, vms, change->operand, error);
        if (change->vm == NULL)
                return false;
        for (unsigned s = 0; s < SETTINGS; s++) {
                const char *text = cli_args_get(args, settings[s].option);

                if (text == NULL)
                        continue;
                change->values[s] =
                        convert(s, text, daemon_json_uint_or_0(change->vm, "memory_bytes"), error);
                if (change->values[s] == NULL)
                        return false;
        }
        return check_change(change, error);
}

static void tell(const Change *change, bool what_if)
{
        for (unsigned s = 0; s < SETTINGS; s++) {
                g_autofree char *old = NULL, *new = NULL;

                if (change->values[s] == NULL)
                        continue;
                old = knows(change->vm, s) ? show_value(s, get_value(change->vm, s)) : g_strdup("?");
                new = show_value(s, change->values[s]);
                daemon_tell_change(daemon_json_text(change->vm, "name"), settings[s].name, old, new,
                                   what_if);
        }
}

static CliStatus apply(ApiClient *client, const Change *change)
{
        JsonObject *body = json_object_new(), *wanted = json_object_new();
        g_autoptr(JsonNode) result = NULL;
        g_autoptr(GError) error = NULL;

        for (unsigned s = 0; s < SETTINGS; s++)
                if (change->values[s] != NULL)
                        json_object_set_string_member(wanted, settings[s].key, change->values[s]);
        json_object_set_string_member(body, "vm", vm_select_uuid(change->vm));
        json_object_set_object_member(body, "settings", wanted);
        if (!operation_ask(client, "ConfigureVM", body, &result, &error)) {
                g_autofree char *name = field_text(change->vm, "name");

                (void)fflush(stdout);
                fprintf(stderr, "aerostat: %s: not changed: %s\n", name, error->message);
                return (CliStatus)error->code;
        }
        tell(change, false);
        return CLI_OK;
}

/*
 * Names as they are given: one that does not run and was never adopted has its settings, too. Others than
 * named are selected. Array of char *, owned.
 */
static GPtrArray *read_operands(const CliArgs *args, ApiClient *client, GError **error)
{
        g_autoptr(GPtrArray) operands = g_ptr_array_new_with_free_func(g_free), vms = NULL;

        if (args->operands->len > 0 && !cli_args_has(args, "folder") && !cli_args_has(args, "filter")) {
                for (unsigned i = 0; i < args->operands->len; i++)
                        g_ptr_array_add(operands, g_strdup(args->operands->pdata[i]));
                return g_steal_pointer(&operands);
        }
        vms = vm_select(args, client, 0, error);
        for (unsigned i = 0; vms != NULL && i < vms->len; i++)
                g_ptr_array_add(operands, g_strdup(vm_select_uuid(vms->pdata[i])));
        return vms != NULL ? g_steal_pointer(&operands) : NULL;
}

CliStatus vm_set(const CliArgs *args, GError **error)
{
        g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func(change_free), operands = NULL;
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonArray) vms = NULL;
        CliStatus status = CLI_OK;

        if (!check_words(args, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        operands = client != NULL ? read_operands(args, client, error) : NULL;
        vms = operands != NULL ? memory_vms(client, error) : NULL;
        if (vms == NULL || !field_check_all(vm_fields, vms, error))
                return CLI_FAILED;

        for (unsigned i = 0; i < operands->len; i++) {
                Change *change = g_new0(Change, 1);

                change->operand = operands->pdata[i];
                g_ptr_array_add(changes, change);
                if (!plan(client, vms, args, change, error))
                        return CLI_FAILED;
        }
        for (unsigned i = 0; i < changes->len; i++) {
                if (cli_args_has(args, "what-if")) {
                        tell(changes->pdata[i], true);
                } else {
                        CliStatus one = apply(client, changes->pdata[i]);

                        status = one != CLI_OK ? one : status;
                }
        }
        return status;
}
