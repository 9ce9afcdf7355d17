/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm create, and vm register: VMs that are not there yet. */
#include <string.h>

#include "cli/operation.h"
#include "cli/output.h"
#include "cli/vm.h"

#define CPUS_MAX 256

static void add_text_if(const CliArgs *args, JsonObject *body, const char *option)
{
        const char *text = cli_args_get(args, option);

        if (text != NULL)
                json_object_set_string_member(body, option, text);
}

static bool add_mb(JsonObject *body, const char *member, const char *text, const char *option,
                   GError **error)
{
        int64_t mb;

        if (!daemon_parse_mb(text, option, false, 0, &mb, error))
                return false;
        json_object_set_int_member(body, member, mb);
        return true;
}

/* "20G", "20G:thick", "1G:thin:independent_nonpersistent". */
static JsonObject *read_disk(const char *text, GError **error)
{
        g_autoptr(JsonObject) disk = json_object_new();
        g_auto(GStrv) parts = g_strsplit(text, ":", -1);

        if (!add_mb(disk, "size_mb", parts[0] != NULL ? parts[0] : "", "--disk", error))
                return NULL;
        for (unsigned i = 1; parts[i] != NULL; i++)
                json_object_set_string_member(disk,
                                              strcmp(parts[i], "thin") == 0 || strcmp(parts[i], "thick") == 0
                                                      ? "provisioning"
                                                      : "mode",
                                              parts[i]);
        return g_steal_pointer(&disk);
}

static bool add_disks(const CliArgs *args, JsonObject *body, GError **error)
{
        const char *text = cli_args_get(args, "disk");
        g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", ",", -1);
        g_autoptr(JsonArray) disks = json_array_new();
        const char *image = cli_args_get(args, "image");

        if (image != NULL) {
                JsonObject *disk = json_object_new();

                json_object_set_string_member(disk, "from", image);
                json_array_add_object_element(disks, disk);
        }
        for (unsigned i = 0; words[i] != NULL; i++) {
                JsonObject *disk = read_disk(words[i], error);

                if (disk == NULL)
                        return false;
                json_array_add_object_element(disks, disk);
        }
        json_object_set_array_member(body, "disks", g_steal_pointer(&disks));
        return true;
}

static void add_cards(const CliArgs *args, JsonObject *body)
{
        static const char *const options[] = {"port-group", "bridge"};
        static const char *const members[] = {"port_group", "bridge"};
        JsonArray *cards = json_array_new();

        for (unsigned i = 0; i < G_N_ELEMENTS(options); i++) {
                const char *text = cli_args_get(args, options[i]);
                g_auto(GStrv) names = g_strsplit(text != NULL ? text : "", ",", -1);

                for (unsigned n = 0; names[n] != NULL; n++) {
                        JsonObject *card = json_object_new();

                        json_object_set_string_member(card, members[i], names[n]);
                        json_array_add_object_element(cards, card);
                }
        }
        json_object_set_array_member(body, "cards", cards);
}

static JsonObject *read_create(const CliArgs *args, GError **error)
{
        static const char *const texts[] = {"datastore", "folder",  "cdrom",   "kernel",
                                            "initrd",    "cmdline", "firmware"};
        g_autoptr(JsonObject) body = json_object_new();
        const char *memory = cli_args_get(args, "memory");
        uint64_t cpus = 0, cpus_max = 0;

        if (memory == NULL || cli_args_get(args, "datastore") == NULL) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "a VM needs --datastore and --memory");
                return NULL;
        }
        if (!add_mb(body, "memory_mb", memory, "--memory", error) ||
            !cli_args_uint(args, "cpus", 1, CPUS_MAX, &cpus, error) ||
            !cli_args_uint(args, "cpus-max", 1, CPUS_MAX, &cpus_max, error) || !add_disks(args, body, error))
                return NULL;
        json_object_set_string_member(body, "name", args->operands->pdata[0]);
        for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
                add_text_if(args, body, texts[i]);
        if (cpus > 0)
                json_object_set_int_member(body, "cpus", (int64_t)cpus);
        if (cpus_max > 0)
                json_object_set_int_member(body, "cpus_max", (int64_t)cpus_max);
        add_cards(args, body);
        json_object_set_boolean_member(body, "pager", !cli_args_has(args, "no-pager"));
        return g_steal_pointer(&body);
}

static CliStatus run(const CliArgs *args, const char *method, JsonObject *body, const char *done,
                     GError **error)
{
        g_autoptr(JsonObject) own = body;
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autoptr(JsonNode) result = NULL;
        g_autofree char *shown = cli_escape(args->operands->pdata[0]);

        if (client == NULL)
                return CLI_USAGE;
        if (!operation_do(args, client, method, g_steal_pointer(&own), &result, error))
                return CLI_FAILED;
        if (!cli_args_has(args, "no-wait"))
                printf("%s: %s\n", shown, done);
        return CLI_OK;
}

CliStatus vm_create(const CliArgs *args, GError **error)
{
        JsonObject *body = read_create(args, error);

        return body != NULL ? run(args, "CreateVM", body, "created", error) : CLI_USAGE;
}

CliStatus vm_register(const CliArgs *args, GError **error)
{
        JsonObject *body = json_object_new();

        json_object_set_string_member(body, "path", args->operands->pdata[0]);
        add_text_if(args, body, "folder");
        add_text_if(args, body, "name");
        return run(args, "RegisterVM", body, "registered", error);
}
