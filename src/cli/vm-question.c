/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm question: VMs that wait for an answer. */
#include <string.h>

#include "cli/field.h"
#include "cli/operation.h"
#include "cli/vm-select.h"
#include "cli/vm.h"

static CliStatus list(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonNode) result = NULL;
        DaemonLook look;
        JsonArray *questions;

        if (args->operands->len > 1) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE,
                                    "'list' shows all questions, and takes no VMs");
                return CLI_USAGE;
        }
        if (!daemon_read_look(args, &look, error) || (client = api_client_new(args, error)) == NULL)
                return CLI_USAGE;
        if (!operation_do(args, client, "ListQuestions", json_object_new(), &result, error))
                return CLI_FAILED;
        if (look.format == CLI_FORMAT_JSON) {
                cli_json_print_node(stdout, result, true);
                putchar('\n');
                return CLI_OK;
        }
        questions = result != NULL && JSON_NODE_HOLDS_ARRAY(result) ? json_node_get_array(result) : NULL;
        for (unsigned i = 0; questions != NULL && i < json_array_get_length(questions); i++) {
                JsonNode *node = json_array_get_element(questions, i);
                const char *name = JSON_NODE_HOLDS_OBJECT(node)
                                           ? daemon_json_text(json_node_get_object(node), "vm")
                                           : NULL;
                const char *text = JSON_NODE_HOLDS_OBJECT(node)
                                           ? daemon_json_text(json_node_get_object(node), "text")
                                           : NULL;
                g_autofree char *shown_name = cli_escape(name != NULL ? name : ""),
                                *shown_text = cli_escape(text != NULL ? text : "");

                printf("%s: %s\n", shown_name, shown_text);
        }
        return CLI_OK;
}

static CliStatus answer(const CliArgs *args, GError **error)
{
        const char *words = args->operands->len > 1 ? args->operands->pdata[1] : "";
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(GPtrArray) vms = NULL;
        JsonObject *body;

        if (strcmp(words, "retry") != 0 && strcmp(words, "cancel") != 0) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE,
                                    "the answer is retry or cancel, and comes before the VMs");
                return CLI_USAGE;
        }
        client = api_client_new(args, error);
        vms = client != NULL ? vm_select(args, client, 2, error) : NULL;
        if (vms == NULL)
                return CLI_FAILED;
        body = json_object_new();
        json_object_set_string_member(body, "answer", words);
        return vm_do_each(args, client, vms, "AnswerVM", body, words);
}

CliStatus vm_question(const CliArgs *args, GError **error)
{
        const char *what = args->operands->pdata[0];

        if (strcmp(what, "list") == 0)
                return list(args, error);
        if (strcmp(what, "answer") == 0)
                return answer(args, error);
        g_set_error_literal(error, CLI_ERROR, CLI_USAGE,
                            "say list, or answer with retry or cancel and which VMs");
        return CLI_USAGE;
}
