/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls as Python with pyVmomi, or as PowerCLI where that has no cmdlet (cmdlet.c): every call of vim25 in
 * its own words, a line for each field, so that what differs in one setting differs in one line. So are
 * operations that were called by their names: as vim25's calls (equal.c), or by the API's JSON form where
 * vim25 has none.
 */
#include "api/recorder/step.h"

#include <string.h>

static const char python_head[] =
        "#!/usr/bin/python3\n"
        "\"\"\"Does again what was recorded. In the environment: VI_SERVER, VI_USERNAME, VI_PASSWORD, "
        "VI_PORT.\"\"\"\n"
        "import datetime\n"
        "import getpass\n"
        "%simport os\n"
        "import ssl\n"
        "%s\n"
        "from pyVim.connect import SmartConnect\n"
        "from pyVim.task import WaitForTask\n"
        "from pyVmomi import vim\n"
        "from pyVmomi.VmomiSupport import GetWsdlType\n"
        "\n"
        "si = SmartConnect(host=os.environ[\"VI_SERVER\"], user=os.environ[\"VI_USERNAME\"], "
        "pwd=os.environ[\"VI_PASSWORD\"],\n"
        "                  port=int(os.environ.get(\"VI_PORT\", \"443\")), "
        "sslContext=ssl._create_unverified_context())\n"
        "content = si.content\n"
        "\n"
        "\n"
        "def kind(name):\n"
        "    return GetWsdlType(\"urn:vim25\", name)\n"
        "\n"
        "\n"
        "def new(name, /, **fields):\n"
        "    return kind(name)(**fields)\n"
        "\n"
        "\n"
        "def at(path):\n"
        "    found = content.searchIndex.FindByInventoryPath(path) if path else content.rootFolder\n"
        "    if found is None:\n"
        "        raise SystemExit(f\"there is nothing at {path}\")\n"
        "    return found\n"
        "\n"
        "\n"
        "def snapshot(path, name):\n"
        "    trees = list(at(path).snapshot.rootSnapshotList)\n"
        "    while trees:\n"
        "        tree = trees.pop(0)\n"
        "        if tree.name == name:\n"
        "            return tree.snapshot\n"
        "        trees += tree.childSnapshotList\n"
        "    raise SystemExit(f\"{path} has no snapshot {name}\")\n"
        "\n"
        "\n"
        "def spec(name):\n"
        "    return content.customizationSpecManager.GetCustomizationSpec(name).spec\n"
        "\n"
        "\n"
        "def thing(name, id):\n"
        "    return kind(name)(id, si._stub)\n"
        "\n"
        "\n"
        "def field(name):\n"
        "    return next(field.key for field in content.customFieldsManager.field if field.name == name)\n"
        "\n"
        "\n"
        "def secret(name):\n"
        "    return getpass.getpass(f\"{name}: \")\n"
        "\n"
        "\n"
        "def do(result):\n"
        "    if isinstance(result, vim.Task):\n"
        "        WaitForTask(result, si=si)\n"
        "\n"
        "\n";

static const char powercli_head[] =
        "# Does again what was recorded, on the server that Connect-VIServer has connected to.\n"
        "$ErrorActionPreference = 'Stop'\n"
        "$content = (Get-View ServiceInstance).Content\n"
        "function At($path) {\n"
        "    if ($path -eq '') { return $content.RootFolder }\n"
        "    $found = (Get-View $content.SearchIndex).FindByInventoryPath($path)\n"
        "    if ($null -eq $found) { throw \"there is nothing at $path\" }\n"
        "    $found\n"
        "}\n"
        "function Snapshot($path, $name) {\n"
        "    $trees = @((Get-View (At $path)).Snapshot.RootSnapshotList)\n"
        "    while ($trees) {\n"
        "        foreach ($tree in $trees) { if ($tree.Name -eq $name) { return $tree.Snapshot } }\n"
        "        $trees = @($trees | ForEach-Object { $_.ChildSnapshotList } | Where-Object { $_ })\n"
        "    }\n"
        "    throw \"$path has no snapshot $name\"\n"
        "}\n"
        "function Entity($path) { Get-VIObjectByVIView -MORef (At $path) }\n"
        "function EntitySnapshot($path, $name) { Get-VIObjectByVIView -MORef (Snapshot $path $name) }\n"
        "function Specification($name) {\n"
        "    Get-OSCustomizationSpec | Where-Object { $_.Name -eq $name }\n"
        "}\n"
        "function Spec($name) {\n"
        "    (Get-View $content.CustomizationSpecManager).GetCustomizationSpec($name).Spec\n"
        "}\n"
        "function Thing($type, $id) {\n"
        "    New-Object VMware.Vim.ManagedObjectReference -Property @{ Type = $type; Value = $id }\n"
        "}\n"
        "function Field($name) {\n"
        "    ((Get-View $content.CustomFieldsManager).Field | Where-Object { $_.Name -eq $name }).Key\n"
        "}\n"
        "function Secret($name) {\n"
        "    (New-Object System.Net.NetworkCredential('', (Read-Host $name -AsSecureString))).Password\n"
        "}\n"
        "function Do-Call($result) {\n"
        "    if ($result -is [VMware.Vim.ManagedObjectReference] -and $result.Type -eq 'Task') {\n"
        "        $null = Get-Task -Id \"Task-$($result.Value)\" | Wait-Task\n"
        "    }\n"
        "}\n";

/* Only where something is called that vim25 has not. */
static const char python_operate[] =
        "def operate(method, operation, arguments):\n"
        "    request = urllib.request.Request(\n"
        "        f\"https://{si._stub.host}/sdk/vim25/8.0.1.0/AerostatManager/AerostatManager/{method}\",\n"
        "        json.dumps({\"operation\": operation, \"arguments\": json.dumps(arguments)}).encode(),\n"
        "        {\"Content-Type\": \"application/json\", \"Cookie\": si._stub.cookie})\n"
        "    try:\n"
        "        with urllib.request.urlopen(request, context=ssl._create_unverified_context()) as answer:\n"
        "            result = json.loads(answer.read() or \"null\")\n"
        "    except urllib.error.HTTPError as error:\n"
        "        raise SystemExit(f\"{operation}: {error.read().decode()}\") from None\n"
        "    if not method.endswith(\"_Task\"):\n"
        "        return\n"
        "    task = thing(\"Task\", result[\"value\"])\n"
        "    # WaitForTask() takes only tasks of vim25's methods.\n"
        "    while task.info.state in (\"queued\", \"running\"):\n"
        "        time.sleep(0.1)\n"
        "    if task.info.error is not None:\n"
        "        raise task.info.error\n"
        "\n"
        "\n";

static const char powercli_operate[] =
        "function Invoke-Operation($method, $operation, $arguments) {\n"
        "    $server = $global:DefaultVIServer\n"
        "    $call = @{\n"
        "        Method = 'Post'\n"
        "        Uri = \"https://$($server.Name):$($server.Port)/sdk/vim25/8.0.1.0\" +\n"
        "            \"/AerostatManager/AerostatManager/$method\"\n"
        "        ContentType = 'application/json; charset=utf-8'\n"
        "        Headers = @{ 'vmware-api-session-id' = $server.SessionSecret }\n"
        "        Body = ConvertTo-Json @{\n"
        "            operation = $operation\n"
        "            arguments = ConvertTo-Json $arguments -Depth 64 -Compress\n"
        "        }\n"
        "    }\n"
        "    $result = Invoke-RestMethod @call -SkipCertificateCheck\n"
        "    if ($method -like '*_Task') { return Thing 'Task' $result.value }\n"
        "    $result\n"
        "}\n";

typedef struct Writer {
        GString *script;
        const Step *step;
        bool powercli;
} Writer;

void script_begin(GString *script, bool operates, bool powercli)
{
        if (powercli)
                g_string_append_printf(script, "%s%s\n", powercli_head, operates ? powercli_operate : "");
        else
                g_string_append_printf(script, python_head, operates ? "import json\n" : "",
                                       operates ? "import time\nimport urllib.error\nimport urllib.request\n"
                                                : "");
        if (operates && !powercli)
                g_string_append(script, python_operate);
}

/* --- words --- */

/* Nothing in it means anything to Python or PowerShell but itself. */
static void write_text(const Writer *writer, const char *text)
{
        if (writer->powercli) {
                cmdlet_add_text(writer->script, text);
                return;
        }
        g_string_append_c(writer->script, '"');
        for (const char *c = text; *c != '\0'; c++) {
                if (*c == '"' || *c == '\\')
                        g_string_append_printf(writer->script, "\\%c", *c);
                else if (g_ascii_iscntrl(*c))
                        g_string_append_printf(writer->script, "\\x%02x", (unsigned char)*c);
                else
                        g_string_append_c(writer->script, *c);
        }
        g_string_append_c(writer->script, '"');
}

static void write_call(const Writer *writer, const char *function, const char *first, const char *second)
{
        g_autofree char *title = g_strdup(function);

        title[0] = g_ascii_toupper(title[0]);
        g_string_append_printf(writer->script, writer->powercli ? "(%s " : "%s(",
                               writer->powercli ? title : function);
        write_text(writer, first);
        if (second != NULL) {
                g_string_append(writer->script, writer->powercli ? " " : ", ");
                write_text(writer, second);
        }
        g_string_append_c(writer->script, ')');
}

static void write_place(const Writer *writer, const char *id)
{
        const Place *place = step_place(writer->step, id);

        if (place->snapshot != NULL && place->path != NULL)
                write_call(writer, "snapshot", place->path, place->snapshot);
        else if (place->path != NULL)
                write_call(writer, "at", place->path, NULL);
        else
                write_call(writer, "thing", place->type, place->id);
}

static void new_line(const Writer *writer, unsigned depth)
{
        g_string_append_printf(writer->script, "\n%*s", (int)(depth * 4), "");
}

/* --- values --- */

static void write_value(const Writer *writer, const VimValue *value, unsigned depth);

static void write_field(const Writer *writer, const VimType *owner, const char *name, const VimValue *value,
                        unsigned depth)
{
        if (step_is_secret(owner, name))
                write_call(writer, "secret", name, NULL);
        else
                write_value(writer, value, depth);
}

static void write_object(const Writer *writer, const VimValue *value, unsigned depth)
{
        const char *key = vim_is(value, "OptionValue") ? vim_get_text(value, "key") : NULL;
        bool any = false;

        g_string_append_printf(writer->script,
                               writer->powercli ? "(New-Object VMware.Vim.%s -Property @{" : "new(\"%s\"",
                               value->type->name);
        for (unsigned i = 0; i < value->type->n_fields; i++) {
                const char *name = value->type->fields[i].name;

                /* What is a secret as a whole, and optional, is best not there. */
                if (value->fields[i] == NULL || strcmp(name, "encryptionKey") == 0)
                        continue;
                any = true;
                if (!writer->powercli)
                        g_string_append_c(writer->script, ',');
                new_line(writer, depth + 1);
                g_string_append_printf(writer->script, writer->powercli ? "%s = " : "%s=", name);
                if (key != NULL && strcmp(name, "value") == 0 && step_is_secret(NULL, key))
                        write_call(writer, "secret", key, NULL);
                else
                        write_field(writer, value->type, name, value->fields[i], depth + 1);
        }
        if (any)
                new_line(writer, depth);
        g_string_append(writer->script, writer->powercli ? "})" : ")");
}

static void write_list(const Writer *writer, const VimValue *value, unsigned depth)
{
        g_string_append(writer->script, writer->powercli ? "@(" : "[");
        for (unsigned i = 0; i < vim_length(value); i++) {
                new_line(writer, depth + 1);
                write_value(writer, vim_item(value, i), depth + 1);
                if (!writer->powercli || i + 1 < vim_length(value))
                        g_string_append_c(writer->script, ',');
        }
        if (vim_length(value) > 0)
                new_line(writer, depth);
        g_string_append_c(writer->script, writer->powercli ? ')' : ']');
}

static void write_time(const Writer *writer, int64_t us)
{
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(us / G_USEC_PER_SEC);
        g_autofree char *shown = time != NULL ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S") : NULL;

        g_string_append_printf(writer->script,
                               writer->powercli ? "[DateTime]'%sZ'"
                                                : "datetime.datetime.fromisoformat(\"%s+00:00\")",
                               shown != NULL ? shown : "1970-01-01T00:00:00");
}

static void write_truth(const Writer *writer, bool truth)
{
        g_string_append(writer->script,
                        writer->powercli ? (truth ? "$true" : "$false") : (truth ? "True" : "False"));
}

static void write_number(const Writer *writer, double number)
{
        char text[G_ASCII_DTOSTR_BUF_SIZE];

        g_string_append(writer->script, g_ascii_dtostr(text, sizeof text, number));
}

static void write_value(const Writer *writer, const VimValue *value, unsigned depth)
{
        if (value->is_list) {
                write_list(writer, value, depth);
                return;
        }
        switch (value->type->kind) {
        case VIM_OBJECT:
                if (writer->step->specification != NULL && vim_is(value, "CustomizationSpec"))
                        write_call(writer, "spec", writer->step->specification, NULL);
                else
                        write_object(writer, value, depth);
                break;
        case VIM_REFERENCE:
                write_place(writer, value->text);
                break;
        case VIM_BOOLEAN:
                write_truth(writer, value->boolean);
                break;
        case VIM_FLOAT:
        case VIM_DOUBLE:
                write_number(writer, value->number);
                break;
        case VIM_TIME:
                write_time(writer, value->integer);
                break;
        case VIM_STRING:
                if (!writer->powercli && strcmp(value->type->name, "TypeName") == 0)
                        write_call(writer, "kind", value->text, NULL);
                else
                        write_text(writer, value->text);
                break;
        case VIM_ENUM:
                write_text(writer, value->text);
                break;
        case VIM_BINARY:
        case VIM_ANY:
                g_string_append(writer->script, writer->powercli ? "$null" : "None");
                break;
        default:
                g_string_append_printf(writer->script, "%" G_GINT64_FORMAT, value->integer);
        }
}

/* --- calls --- */

static void write_arg(const Writer *writer, unsigned i)
{
        const char *name = writer->step->method->params[i].name;

        if (writer->step->args[i] == NULL)
                g_string_append(writer->script, "$null");
        else if (writer->step->field != NULL && strcmp(name, "key") == 0)
                write_call(writer, "field", writer->step->field, NULL);
        else
                write_field(writer, NULL, name, writer->step->args[i], 1);
}

/* --- operations that vim25 has not --- */

static void write_json(const Writer *writer, JsonNode *node, unsigned depth);

static void write_members(const Writer *writer, JsonObject *object, unsigned depth)
{
        g_autoptr(GList) names = json_object_get_members(object);

        g_string_append(writer->script, writer->powercli ? "@{" : "{");
        for (GList *name = names; name != NULL; name = name->next) {
                JsonNode *node = json_object_get_member(object, name->data);

                new_line(writer, depth + 1);
                write_text(writer, name->data);
                g_string_append(writer->script, writer->powercli ? " = " : ": ");
                if (step_is_secret(NULL, name->data) && JSON_NODE_HOLDS_VALUE(node))
                        write_call(writer, "secret", name->data, NULL);
                else
                        write_json(writer, node, depth + 1);
                if (!writer->powercli)
                        g_string_append_c(writer->script, ',');
        }
        if (names != NULL)
                new_line(writer, depth);
        g_string_append_c(writer->script, '}');
}

static void write_items(const Writer *writer, JsonArray *array, unsigned depth)
{
        g_string_append(writer->script, writer->powercli ? "@(" : "[");
        for (unsigned i = 0; i < json_array_get_length(array); i++) {
                new_line(writer, depth + 1);
                write_json(writer, json_array_get_element(array, i), depth + 1);
                if (!writer->powercli || i + 1 < json_array_get_length(array))
                        g_string_append_c(writer->script, ',');
        }
        if (json_array_get_length(array) > 0)
                new_line(writer, depth);
        g_string_append_c(writer->script, writer->powercli ? ')' : ']');
}

static void write_json(const Writer *writer, JsonNode *node, unsigned depth)
{
        GType type = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_NONE;

        if (JSON_NODE_HOLDS_OBJECT(node))
                write_members(writer, json_node_get_object(node), depth);
        else if (JSON_NODE_HOLDS_ARRAY(node))
                write_items(writer, json_node_get_array(node), depth);
        else if (type == G_TYPE_STRING)
                write_text(writer, json_node_get_string(node));
        else if (type == G_TYPE_BOOLEAN)
                write_truth(writer, json_node_get_boolean(node));
        else if (type == G_TYPE_INT64)
                g_string_append_printf(writer->script, "%" G_GINT64_FORMAT, json_node_get_int(node));
        else if (type == G_TYPE_DOUBLE)
                write_number(writer, json_node_get_double(node));
        else
                g_string_append(writer->script, writer->powercli ? "$null" : "None");
}

static void add_operation(const Writer *writer, const Operation *operation)
{
        const char *method = writer->step->method->name;

        g_string_append_printf(writer->script,
                               writer->powercli ? "Do-Call (Invoke-Operation %s " : "operate(\"%s\", ",
                               method);
        write_text(writer, operation->name);
        g_string_append(writer->script, writer->powercli ? " " : ", ");
        write_members(writer, operation->args, 0);
        g_string_append(writer->script, ")\n");
}

bool script_operates(const Step *step)
{
        return step->called && step->equals->len == 0;
}

/* --- one --- */

static void add_call(const Writer *writer)
{
        const Step *step = writer->step;
        GString *script = writer->script;
        bool any = false;

        if (writer->powercli && cmdlet_add(script, step))
                return;
        g_string_append(script, writer->powercli ? "Do-Call ((Get-View " : "do(");
        write_place(writer, step->target);
        g_string_append_printf(script, "%s.%s(", writer->powercli ? ")" : "", step->method->name);
        for (unsigned i = 0; i < step->method->n_params; i++) {
                /* By name in Python; in their order in PowerShell. */
                if (step->args[i] == NULL && !writer->powercli)
                        continue;
                if (any)
                        g_string_append_c(script, ',');
                any = true;
                new_line(writer, 1);
                if (!writer->powercli)
                        g_string_append_printf(script, "%s=", step->method->params[i].name);
                write_arg(writer, i);
        }
        g_string_append(script, any ? "\n" : "");
        g_string_append(script, "))\n");
}

void script_add(GString *script, const Step *step, bool powercli)
{
        const Writer writer = {.script = script, .step = step, .powercli = powercli};

        if (!step->called)
                add_call(&writer);
        for (unsigned i = 0; i < step->equals->len; i++)
                script_add(script, step->equals->pdata[i], powercli);
        for (unsigned i = 0; script_operates(step) && i < step->operations->len; i++)
                add_operation(&writer, step->operations->pdata[i]);
}
