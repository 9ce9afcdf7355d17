/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two OptionManagers: the host's, which sets what 'aerostat setting' sets, and the vCenter's, mostly to
 * be read. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "api/host/host.h"
#include "api/host/option.h"
#include "api/tree/kept.h"

#define HOST    "host"
#define VCENTER "vcenter"

/* --- the host's --- */

static void show_host(Api *api)
{
        Managed *manager = world_find_key(api_world(api), "OptionManager", HOST);
        VimValue *settings = vim_new_list("OptionValue");

        for (unsigned i = 0; i < POLICY_SETTINGS; i++)
                vim_add(settings, option_value(policy_settings[i].name,
                                               vim_new_long(config_get(api_parts(api)->config,
                                                                       (enum policy_setting_id)i))));
        managed_set_part(host_object(api), "config", "option", vim_ref(settings));
        managed_set(manager, "setting", settings);
}

static void add_host(Api *api)
{
        g_autofree char *id = api_id(api, "EsxHostAdvSettings", HOST);
        Managed *manager = world_add(api_world(api), "OptionManager", id, HOST);
        VimValue *defs = vim_new_list("OptionDef");

        for (unsigned i = 0; i < POLICY_SETTINGS; i++)
                vim_add(defs, option_def(&policy_settings[i]));
        managed_set_part(host_object(api), "config", "optionDef", vim_ref(defs));
        managed_set(manager, "supportedOption", defs);
        show_host(api);
}

static void on_change(Api *api, gconstpointer data, gpointer user_data)
{
        (void)data;
        (void)user_data;
        show_host(api);
}

/* InvalidName: there is no such option. */
static void refuse_name(Request *request, const char *key)
{
        VimValue *fault = vim_new_fault("InvalidName");

        vim_set_text(fault, "name", key);
        request_fault(request, fault, "there is no option \"%.100s\"; QueryOptions lists all", key);
}

/* False: what is wrong was sent. */
static bool read_numbers(Request *request, GHashTable *numbers)
{
        const VimValue *changes = request_arg(request, "changedValue");
        g_autoptr(GError) error = NULL;

        for (unsigned i = 0; i < vim_length(changes); i++) {
                const VimValue *change = vim_item(changes, i);
                int id = policy_setting_find(vim_get_text(change, "key"));
                int64_t number = 0;

                if (id < 0) {
                        refuse_name(request, vim_get_text(change, "key"));
                        return false;
                }
                if (!option_number((enum policy_setting_id)id, vim_get(change, "value"), &number, &error)) {
                        request_invalid(request, policy_settings[id].name, "%s", error->message);
                        return false;
                }
                g_hash_table_replace(numbers, g_strdup(policy_settings[id].name),
                                     g_memdup2(&number, sizeof(number)));
        }
        return true;
}

static void update_host(Request *request)
{
        const ApiParts *parts = api_parts(request_api(request));
        g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_autoptr(GError) error = NULL;
        GHashTableIter iter;
        gpointer name, number;

        if (!read_numbers(request, numbers))
                return;
        if (!config_set(parts->config, numbers, &error)) {
                request_fail(request, error);
                return;
        }
        g_hash_table_iter_init(&iter, numbers);
        while (g_hash_table_iter_next(&iter, &name, &number))
                journal_add(parts->journal, "setting", NULL, "%s = %" PRId64, (const char *)name,
                            *(const int64_t *)number);
        /* Admission goes by what the host has. */
        scheduler_round(parts->scheduler);
        api_signal(request_api(request), API_SETTINGS_CHANGED, NULL);
        request_return(request, NULL);
}

/* --- the vCenter's --- */

typedef struct VcOption {
        const char *key;
        const char *label;
        const char *value; /* NULL: the host's name */
} VcOption;

#define INSTANCE_NAME "VirtualCenter.InstanceName"

static const VcOption vc_options[] = {
        {INSTANCE_NAME, "Name of this instance", NULL},
        {"VirtualCenter.FQDN", "Name of the host", NULL},
        {"VirtualCenter.ManagedIP", "Address for managed hosts", ""},
        {"config.vpxd.hostnameUrl", "Name of the host", NULL},
        {"event.maxAgeEnabled", "Whether old events are dropped by age", "false"},
        {"task.maxAgeEnabled", "Whether old tasks are dropped by age", "false"},
};

static char *vc_value(Api *api, const VcOption *option)
{
        char *kept = strcmp(option->key, INSTANCE_NAME) == 0 ? kept_get(api, option->key) : NULL;

        if (kept != NULL)
                return kept;
        return g_strdup(option->value != NULL ? option->value : g_get_host_name());
}

static VimValue *vc_type(const VcOption *option, const char *value)
{
        VimValue *type = vim_new_object("StringOption");

        vim_set_bool(type, "valueIsReadonly", strcmp(option->key, INSTANCE_NAME) != 0);
        vim_set_text(type, "defaultValue", value);
        return type;
}

static void show_vcenter(Api *api)
{
        Managed *manager = world_find_key(api_world(api), "OptionManager", VCENTER);
        VimValue *settings = vim_new_list("OptionValue"), *defs = vim_new_list("OptionDef");

        for (unsigned i = 0; i < G_N_ELEMENTS(vc_options); i++) {
                const VcOption *option = &vc_options[i];
                g_autofree char *value = vc_value(api, option);
                VimValue *def = vim_new_object("OptionDef");

                vim_set_text(def, "key", option->key);
                vim_set_text(def, "label", option->key);
                vim_set_text(def, "summary", option->label);
                vim_set(def, "optionType", vc_type(option, value));
                vim_add(defs, def);
                vim_add(settings, option_value(option->key, vim_new_string(value)));
        }
        managed_set(manager, "supportedOption", defs);
        managed_set(manager, "setting", settings);
}

static const VcOption *find_vc_option(const char *key)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(vc_options); i++)
                if (strcasecmp(vc_options[i].key, key) == 0)
                        return &vc_options[i];
        return NULL;
}

/* NULL: what is wrong was sent. */
static const char *read_vc_value(Request *request, const VimValue *change)
{
        const char *key = vim_get_text(change, "key");
        const VcOption *option = find_vc_option(key);
        const char *value = vim_get_text(change, "value");

        if (option == NULL)
                refuse_name(request, key);
        else if (strcmp(option->key, INSTANCE_NAME) != 0)
                request_fault(request, vim_new_fault("NotSupported"), "%s can only be read", option->key);
        else if (value == NULL || value[0] == '\0' || strlen(value) > 255)
                request_invalid(request, option->key, "%s is text of 1 to 255 bytes", option->key);
        else
                return value;
        return NULL;
}

static void update_vcenter(Request *request)
{
        const VimValue *changes = request_arg(request, "changedValue");
        const char *name = NULL;
        g_autoptr(GError) error = NULL;

        for (unsigned i = 0; i < vim_length(changes); i++) {
                name = read_vc_value(request, vim_item(changes, i));
                if (name == NULL)
                        return;
        }
        if (name != NULL && !kept_set(request_api(request), INSTANCE_NAME, name, &error)) {
                request_fail(request, error);
                return;
        }
        show_vcenter(request_api(request));
        request_return(request, NULL);
}

/* --- both --- */

static void query(Request *request)
{
        const char *name = request_arg_text(request, "name");
        VimValue *found = option_find(managed_peek(request_target(request), "setting"), name);

        if (found == NULL)
                refuse_name(request, name != NULL ? name : "");
        else
                request_return(request, found);
}

static void update(Request *request)
{
        if (g_strcmp0(request_target(request)->key, HOST) == 0)
                update_host(request);
        else
                update_vcenter(request);
}

static bool start(Api *api, GError **error)
{
        (void)error;
        add_host(api);
        (void)world_add(api_world(api), "OptionManager", "VpxSettings", VCENTER);
        show_vcenter(api);
        api_listen(api, API_SETTINGS_CHANGED, on_change, NULL);
        api_listen(api, API_ROUND, on_change, NULL);
        return true;
}

static const Handler handlers[] = {
        {"OptionManager", "QueryOptions", query, NULL},
        {"OptionManager", "UpdateOptions", update, "Host.Config.AdvancedConfig"},
        {NULL},
};

const ApiModule option_module = {.name = "option", .handlers = handlers, .start = start};
