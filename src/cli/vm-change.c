/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm reconfigure, rename, template, delete, unregister: what VMs are, and whether they are. */
#include <string.h>

#include "cli/operation.h"
#include "cli/output.h"
#include "cli/vm-select.h"
#include "cli/vm-spec.h"
#include "cli/vm.h"

#define CPUS_MAX 256

static CliStatus do_each(const CliArgs *args, unsigned first, const char *method, JsonObject *body,
                         const char *done, GError **error)
{
        g_autoptr(JsonObject) own = body;
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autoptr(GPtrArray) vms = client != NULL ? vm_select(args, client, first, error) : NULL;

        if (vms == NULL)
                return CLI_FAILED;
        return vm_do_each(args, client, vms, method, g_steal_pointer(&own), done);
}

CliStatus vm_delete(const CliArgs *args, GError **error)
{
        return do_each(args, 0, "DestroyVM", NULL, "deleted", error);
}

CliStatus vm_unregister(const CliArgs *args, GError **error)
{
        return do_each(args, 0, "UnregisterVM", NULL, "unregistered", error);
}

CliStatus vm_template(const CliArgs *args, GError **error)
{
        const char *what = args->operands->pdata[0];

        if (strcmp(what, "mark") == 0)
                return do_each(args, 1, "MarkAsTemplate", NULL, "a template", error);
        if (strcmp(what, "unmark") == 0)
                return do_each(args, 1, "MarkAsVirtualMachine", NULL, "a VM", error);
        g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "say mark or unmark, then which VMs");
        return CLI_USAGE;
}

CliStatus vm_rename(const CliArgs *args, GError **error)
{
        JsonObject *body = json_object_new();
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonNode) result = NULL;

        json_object_set_string_member(body, "vm", args->operands->pdata[0]);
        json_object_set_string_member(body, "name", args->operands->pdata[1]);
        client = api_client_new(args, error);
        if (client == NULL) {
                json_object_unref(body);
                return CLI_USAGE;
        }
        return operation_do(args, client, "RenameVM", body, &result, error) ? CLI_OK : CLI_FAILED;
}

static JsonObject *read_change(const CliArgs *args, GError **error)
{
        static const struct {
                const char *option, *member;
        } texts[] = {{"power-off-type", "powerOffType"},
                     {"suspend-type", "suspendType"},
                     {"reset-type", "resetType"},
                     {"standby-action", "standbyAction"}};
        g_autoptr(JsonObject) body = json_object_new();
        const char *memory = cli_args_get(args, "memory"), *cdrom = cli_args_get(args, "cdrom");
        uint64_t cpus = 0;
        int64_t mb;

        if (memory != NULL) {
                if (!daemon_parse_mb(memory, "--memory", false, 0, &mb, error))
                        return NULL;
                json_object_set_int_member(body, "memory_mb", mb);
        }
        if (!cli_args_uint(args, "cpus", 1, CPUS_MAX, &cpus, error))
                return NULL;
        if (cpus > 0)
                json_object_set_int_member(body, "cpus", (int64_t)cpus);
        for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
                if (cli_args_has(args, texts[i].option))
                        json_object_set_string_member(body, texts[i].member,
                                                      cli_args_get(args, texts[i].option));
        if (cdrom != NULL)
                json_object_set_string_member(body, "cdrom", strcmp(cdrom, "none") == 0 ? "" : cdrom);
        if (cli_args_has(args, "pager"))
                json_object_set_boolean_member(body, "pager",
                                               strcmp(cli_args_get(args, "pager"), "on") == 0);
        return g_steal_pointer(&body);
}

static CliStatus apply(const CliArgs *args, ApiClient *client, JsonObject *vm, JsonObject *spec)
{
        g_autofree char *name = cli_escape(vm_select_name(vm));
        g_autoptr(GError) error = NULL;

        if (cli_args_has(args, "what-if")) {
                printf("What if: %s: reconfigured\n", name);
        } else if (!vm_spec_apply(args, client, vm, spec, &error)) {
                (void)fflush(stdout);
                fprintf(stderr, "aerostat: %s: %s\n", name, error->message);
                return (CliStatus)error->code;
        } else if (!cli_args_has(args, "no-wait")) {
                printf("%s: reconfigured\n", name);
        }
        return CLI_OK;
}

/* By the operation, or by vim25's method. Of both at once one might be done and the other not. */
CliStatus vm_reconfigure(const CliArgs *args, GError **error)
{
        g_autoptr(JsonObject) body = read_change(args, error);
        g_autoptr(JsonObject) spec = body != NULL ? vm_spec_read(args, error) : NULL;
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(GPtrArray) vms = NULL;
        CliStatus status = CLI_OK;

        if (spec == NULL)
                return CLI_USAGE;
        if ((json_object_get_size(body) == 0) == vm_spec_says_nothing(spec)) {
                g_set_error_literal(
                        error, CLI_ERROR, CLI_USAGE,
                        vm_spec_says_nothing(spec)
                                ? "say what is to change; --help shows what can be"
                                : "notes, options and what processors get are changed alone; say the "
                                  "rest in a second command");
                return CLI_USAGE;
        }
        client = api_client_new(args, error);
        vms = client != NULL ? vm_select(args, client, 0, error) : NULL;
        if (vms == NULL)
                return CLI_FAILED;
        if (vm_spec_says_nothing(spec))
                return vm_do_each(args, client, vms, "ReconfigVM", g_steal_pointer(&body), "reconfigured");
        for (unsigned i = 0; i < vms->len && !operation_interrupted(); i++) {
                CliStatus one = apply(args, client, vms->pdata[i], spec);

                status = one != CLI_OK ? one : status;
        }
        return status;
}
