/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What vim25's ReconfigVM_Task says itself of a VM: its notes, its options, its processors' allocation. */
#include "cli/vm-spec.h"

#include <string.h>
#include <unistd.h>

#include "cli/daemon-json.h"
#include "cli/operation.h"
#include "cli/output.h"
#include "cli/password.h"
#include "cli/task-info.h"
#include "cli/vm-select.h"

#define MHZ_MAX 100000000

/* KEY=VALUE, or KEY, whose value is asked for: others see command lines. */
static bool add_option(JsonObject *spec, const char *text, GError **error)
{
        const char *equals = strchr(text, '=');
        g_autofree char *key = equals != NULL ? g_strndup(text, (gsize)(equals - text)) : g_strdup(text),
                        *shown = cli_escape(key), *prompt = g_strdup_printf("%s: ", shown);
        char *asked = equals == NULL ? password_read_line(STDIN_FILENO, prompt) : NULL;
        JsonObject *option, *value;
        JsonArray *list;

        if (equals == NULL && asked == NULL) {
                g_set_error(error, CLI_ERROR, CLI_USAGE, "--option %s: there is no value; say %s=VALUE",
                            shown, shown);
                return false;
        }
        option = json_typed("OptionValue");
        value = json_typed("string");
        list = json_array_new();
        json_object_set_string_member(value, "_value", equals != NULL ? equals + 1 : asked);
        json_object_set_string_member(option, "key", key);
        json_object_set_object_member(option, "value", value);
        json_array_add_object_element(list, option);
        json_object_set_array_member(spec, "extraConfig", list);
        password_free(asked);
        return true;
}

static bool add_processors(const CliArgs *args, JsonObject *spec, GError **error)
{
        const char *shares = cli_args_get(args, "cpu-shares"), *limit = cli_args_get(args, "cpu-limit");
        bool unlimited = g_strcmp0(limit, "none") == 0;
        uint64_t reserved = 0, most = 0;
        JsonObject *allocation, *level;

        if ((shares != NULL && !daemon_check_shares(shares, error)) ||
            !cli_args_uint(args, "cpu-reservation", 0, MHZ_MAX, &reserved, error) ||
            (!unlimited && !cli_args_uint(args, "cpu-limit", 0, MHZ_MAX, &most, error)))
                return false;
        if (shares == NULL && limit == NULL && !cli_args_has(args, "cpu-reservation"))
                return true;
        allocation = json_typed("ResourceAllocationInfo");
        if (shares != NULL) {
                level = json_typed("SharesInfo");
                json_object_set_string_member(level, "level",
                                              g_ascii_isdigit(shares[0]) ? "custom" : shares);
                json_object_set_int_member(
                        level, "shares", g_ascii_isdigit(shares[0]) ? g_ascii_strtoll(shares, NULL, 10) : 0);
                json_object_set_object_member(allocation, "shares", level);
        }
        if (cli_args_has(args, "cpu-reservation"))
                json_object_set_int_member(allocation, "reservation", (int64_t)reserved);
        if (limit != NULL)
                json_object_set_int_member(allocation, "limit", unlimited ? -1 : (int64_t)most);
        json_object_set_object_member(spec, "cpuAllocation", allocation);
        return true;
}

JsonObject *vm_spec_read(const CliArgs *args, GError **error)
{
        static const char *const texts[][2] = {{"annotation", "annotation"}, {"guest-id", "guestId"}};
        g_autoptr(JsonObject) spec = json_typed("VirtualMachineConfigSpec");
        const char *option = cli_args_get(args, "option");

        for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
                const char *text = cli_args_get(args, texts[i][0]);

                if (text != NULL && !g_utf8_validate(text, -1, NULL)) {
                        g_set_error(error, CLI_ERROR, CLI_USAGE, "--%s is not UTF-8", texts[i][0]);
                        return NULL;
                }
                if (text != NULL)
                        json_object_set_string_member(spec, texts[i][1], text);
        }
        if (option != NULL && !g_utf8_validate(option, -1, NULL)) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "--option is not UTF-8");
                return NULL;
        }
        if (!add_processors(args, spec, error) || (option != NULL && !add_option(spec, option, error)))
                return NULL;
        return g_steal_pointer(&spec);
}

bool vm_spec_says_nothing(JsonObject *spec)
{
        return json_object_get_size(spec) == 1;
}

/* One that has failed at once has no number. */
static bool wait_for(const CliArgs *args, ApiClient *client, JsonNode *task, GError **error)
{
        int64_t number = task_info_number(task);
        const char *id = json_text(task, "value");
        g_autoptr(JsonNode) result = NULL;
        g_autoptr(JsonObject) info = NULL;

        if (number > 0 && cli_args_has(args, "no-wait"))
                printf("%" G_GINT64_FORMAT "\n", number);
        if (number > 0)
                return cli_args_has(args, "no-wait") || operation_wait(client, number, &result, error);
        if (id == NULL)
                return api_garbled(client, "no task was begun", error);
        info = api_get_object(client, "Task", id, "info", error);
        if (info != NULL && json_object_has_member(info, "error")) {
                const char *message = json_text(json_object_get_member(info, "error"), "localizedMessage");
                g_autofree char *words = cli_escape(message != NULL ? message : "it failed");

                g_set_error(error, CLI_ERROR, CLI_FAILED, "%s", words);
                return false;
        }
        return info != NULL;
}

char *vm_spec_id(ApiClient *client, const char *uuid, GError **error)
{
        JsonObject *args = json_object_new();
        g_autoptr(JsonNode) vm = NULL;

        json_object_set_string_member(args, "uuid", uuid);
        json_object_set_boolean_member(args, "vmSearch", TRUE);
        if (!api_call(client, "SearchIndex", "SearchIndex", "FindByUuid", args, &vm, error))
                return NULL;
        if (json_text(vm, "value") == NULL)
                (void)api_garbled(client, "a VM that it lists is not there", error);
        return g_strdup(json_text(vm, "value"));
}

bool vm_spec_apply(const CliArgs *args, ApiClient *client, JsonObject *vm, JsonObject *spec, GError **error)
{
        g_autofree char *id = vm_spec_id(client, vm_select_uuid(vm), error);
        g_autoptr(JsonNode) task = NULL;
        JsonObject *request;

        if (id == NULL)
                return false;
        request = json_object_new();
        json_object_set_object_member(request, "spec", json_object_ref(spec));
        return api_call(client, "VirtualMachine", id, "ReconfigVM_Task", request, &task, error) &&
               wait_for(args, client, task, error);
}
