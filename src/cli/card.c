/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat card: the network cards of VMs. */
#include <limits.h>
#include <string.h>

#include "cli/network.h"
#include "cli/vm-select.h"

static CliStatus card_list(const CliArgs *args, GError **error);
static CliStatus card_add(const CliArgs *args, GError **error);
static CliStatus card_set(const CliArgs *args, GError **error);
static CliStatus card_remove(const CliArgs *args, GError **error);

static const char *const models[] = {"virtio", "e1000e", "e1000", "vmxnet3", "rtl8139", NULL};
static const char *const no_yes[] = {"no", "yes", NULL};

/* clang-format off */
#define OPTION_MAC(help) {"mac", "ADDRESS", NULL, false, help}
#define OPTION_PORTGROUP(help) {"portgroup", "NAME", NULL, false, help, .complete = portgroup_complete}
#define OPTION_CONNECTED {"connected", "yes|no", no_yes, false, "no: as if its cable were pulled"}
#define OPTION_START_CONNECTED \
        {"start-connected", "yes|no", no_yes, false, "the same at the VM's next start alone"}

static const CliOption list_options[] = {
        OPTIONS_SELECT,
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption add_options[] = {
        OPTION_PORTGROUP("what it is on"),
        {"model", "MODEL", models, false, "what the guest sees: virtio (default), e1000e, e1000,\nvmxnet3, rtl8139"},
        OPTION_MAC("its address, of one VM's card (default: a new one)"),
        OPTION_CONNECTED,
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption set_options[] = {
        OPTION_MAC("which card; may be left out for VMs that have one"),
        OPTION_PORTGROUP("put it on this port group"),
        OPTION_CONNECTED,
        OPTION_START_CONNECTED,
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption remove_options[] = {
        OPTION_MAC("which card; may be left out for VMs that have one"),
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

const CliVerb card_verbs[] = {
        {
                .name = "list",
                .summary = "List the network cards of VMs",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = list_options,
                .run = card_list,
                .complete_operand = vm_complete,
        },
        {
                .name = "add",
                .summary = "Give VMs a network card, also while they run",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = add_options,
                .run = card_add,
                .complete_operand = vm_complete,
        },
        {
                .name = "set",
                .summary = "Put cards on another port group, or pull their cables",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = set_options,
                .notes = "The cards of running VMs are changed at once.",
                .run = card_set,
                .complete_operand = vm_complete,
        },
        {
                .name = "remove",
                .summary = "Take cards from VMs, also while they run",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = remove_options,
                .run = card_remove,
                .complete_operand = vm_complete,
        },
        {.name = NULL},
};
/* clang-format on */

static const Field fields[] = {
        {"VM", "vm", FIELD_TEXT, NULL, NULL},         {"MAC", "mac", FIELD_TEXT, NULL, NULL},
        {"MODEL", "model", FIELD_TEXT, NULL, NULL},   {"PORTGROUP", "port_group", FIELD_TEXT, NULL, NULL},
        {"SWITCH", "switch", FIELD_TEXT, NULL, NULL}, {"BRIDGE", "bridge", FIELD_TEXT, NULL, NULL},
        {"VLAN", "vlan", FIELD_COUNT, NULL, NULL},    {"CONNECTED", "connected", FIELD_BOOL, NULL, NULL},
        {"DEVICE", "device", FIELD_TEXT, NULL, NULL}, {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static bool add_cards(ApiClient *client, JsonObject *vm, JsonArray *all, GError **error)
{
        g_autoptr(JsonArray) cards = NULL;
        JsonObject *body = json_object_new();

        json_object_set_string_member(body, "vm", vm_select_uuid(vm));
        cards = operation_list(client, "ListCards", body, error);
        for (guint i = 0; cards != NULL && i < json_array_get_length(cards); i++) {
                JsonObject *card = json_array_get_object_element(cards, i);

                json_object_set_string_member(card, "vm", vm_select_name(vm));
                json_array_add_object_element(all, json_object_ref(card));
        }
        return cards != NULL;
}

static CliStatus card_list(const CliArgs *args, GError **error)
{
        g_autoptr(GPtrArray) columns = field_find_list(fields, "all", "", NULL), vms = NULL, rows = NULL;
        g_autoptr(JsonArray) cards = json_array_new();
        g_autoptr(ApiClient) client = NULL;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        vms = client != NULL ? vm_select(args, client, 0, error) : NULL;
        if (vms == NULL)
                return CLI_FAILED;
        for (unsigned i = 0; i < vms->len; i++)
                if (!add_cards(client, vms->pdata[i], cards, error))
                        return CLI_FAILED;
        if (!field_check_all(fields, cards, error))
                return CLI_FAILED;
        rows = field_select(cards, NULL, NULL, false);
        field_print(columns, rows, look.format, CLI_UNIT_AUTO, look.header);
        return CLI_OK;
}

static void add_text_if(const CliArgs *args, const char *option, const char *member, JsonObject *body)
{
        const char *text = cli_args_get(args, option);

        if (text != NULL)
                json_object_set_string_member(body, member, text);
}

static bool add_flag_if(const CliArgs *args, const char *option, const char *member, JsonObject *body,
                        GError **error)
{
        unsigned value = 1;

        if (!cli_args_choice(args, option, no_yes, &value, error))
                return false;
        if (cli_args_has(args, option))
                json_object_set_boolean_member(body, member, value == 1);
        return true;
}

/* A card belongs to one VM; takes over body. */
static CliStatus do_each(const CliArgs *args, const char *method, JsonObject *body, const char *done,
                         GError **error)
{
        g_autoptr(JsonObject) owned = body;
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autoptr(GPtrArray) vms = client != NULL ? vm_select(args, client, 0, error) : NULL;

        if (vms == NULL)
                return CLI_FAILED;
        if (vms->len > 1 && cli_args_has(args, "mac")) {
                g_set_error(error, CLI_ERROR, CLI_USAGE, "--mac is for one VM's card, and these are %u VMs",
                            vms->len);
                return CLI_USAGE;
        }
        return vm_do_each(args, client, vms, method, g_steal_pointer(&owned), done);
}

static CliStatus card_add(const CliArgs *args, GError **error)
{
        g_autoptr(JsonObject) body = json_object_new();
        unsigned model = 0;

        if (!cli_args_has(args, "portgroup")) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE,
                                    "--portgroup is missing; 'aerostat portgroup list' shows all");
                return CLI_USAGE;
        }
        if (!cli_args_choice(args, "model", models, &model, error) ||
            !add_flag_if(args, "connected", "connected", body, error))
                return CLI_USAGE;
        add_text_if(args, "portgroup", "port_group", body);
        add_text_if(args, "model", "model", body);
        add_text_if(args, "mac", "mac", body);
        return do_each(args, "AddCard", g_steal_pointer(&body), "card added", error);
}

static CliStatus card_set(const CliArgs *args, GError **error)
{
        g_autoptr(JsonObject) body = json_object_new();

        if (!add_flag_if(args, "connected", "connected", body, error) ||
            !add_flag_if(args, "start-connected", "start_connected", body, error))
                return CLI_USAGE;
        add_text_if(args, "portgroup", "port_group", body);
        if (json_object_get_size(body) == 0) {
                g_set_error_literal(
                        error, CLI_ERROR, CLI_USAGE,
                        "nothing to set; there are --portgroup, --connected and --start-connected");
                return CLI_USAGE;
        }
        add_text_if(args, "mac", "mac", body);
        return do_each(args, "SetCard", g_steal_pointer(&body), "card changed", error);
}

static CliStatus card_remove(const CliArgs *args, GError **error)
{
        g_autoptr(JsonObject) body = json_object_new();

        add_text_if(args, "mac", "mac", body);
        return do_each(args, "RemoveCard", g_steal_pointer(&body), "card removed", error);
}
