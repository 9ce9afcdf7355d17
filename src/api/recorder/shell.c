/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls as lines for a shell: the operations that they began, as commands of aerostat(1), which begin the
 * same. What has no command is said in a comment.
 */
#include "api/recorder/shell.h"

#include <string.h>

#include "api/vm/vm.h"
#include "operation/vm.h"

/* How an argument of an operation is said. */
typedef enum Kind {
        END,
        OPTION,     /* --word 'its text' */
        OR_NONE,    /* the same; --word none when it is not there, or empty */
        OR_DEFAULT, /* the same; --word default when it is empty */
        OR_WORDS,   /* the same of a list, with commas */
        NUMBER,     /* --word 5 */
        MB,         /* --word 5M; none below 0 */
        MB_DEFAULT, /* the same, but default below 0 */
        YES_NO,     /* --word yes */
        ON_OFF,     /* --word on, for the text of a truth */
        FLAG,       /* --word when it is true */
        FLAG_NOT,   /* --word when it is false */
        IF_SAID,    /* --word when that is its text; else it says nothing */
        WAY,        /* --TEXT; what is preset is not said */
        WORD,       /* 'its text' */
        WORDS,      /* of a list */
        SILENT,     /* what the command does anyhow */
        IS_TRUE,    /* the same; the other way has no command */
        IS_FALSE,
} Kind;

typedef struct Argument {
        Kind kind;
        const char *name, *word;
} Argument;

typedef struct Command {
        const char *operation, *command;
        Argument arguments[18]; /* options first */
} Command;

/* clang-format off */
static const Command commands[] = {
        {"PowerOnVM", "vm on", {{WORD, "vm"}}},
        {"PowerOffVM", "vm off", {{WAY, "type"}, {NUMBER, "timeout_s", "within"}, {WORD, "vm"}}},
        {"ResetVM", "vm reset", {{WAY, "type"}, {WORD, "vm"}}},
        {"SuspendVM", "vm suspend", {{WAY, "type"}, {WORD, "vm"}}},
        {"ShutdownGuest", "vm shutdown", {{SILENT, "wait"}, {NUMBER, "timeout_s", "within"}, {WORD, "vm"}}},
        {"RebootGuest", "vm reboot", {{WORD, "vm"}}},
        {"StandbyGuest", "vm standby", {{WORD, "vm"}}},
        {"AnswerVM", "vm question answer", {{SILENT, "id"}, {WORD, "answer"}, {WORD, "vm"}}},
        {"DestroyVM", "vm delete", {{WORD, "vm"}}},
        {"UnregisterVM", "vm unregister", {{WORD, "vm"}}},
        {"RegisterVM", "vm register", {{OPTION, "folder", "folder"}, {OPTION, "name", "name"}, {WORD, "path"}}},
        {"AdoptVM", "vm adopt", {{OPTION, "folder", "folder"}, {WORD, "vm"}}},
        {"ReconcileVMs", "vm reconcile", {}},
        {"MarkAsTemplate", "vm template mark", {{WORD, "vm"}}},
        {"MarkAsVirtualMachine", "vm template unmark", {{WORD, "vm"}}},
        {"RenameVM", "vm rename", {{WORD, "vm"}, {WORD, "name"}}},
        {"MoveIntoFolder", "vm move", {{OPTION, "folder", "folder"}, {WORDS, "vms"}}},
        {"RelocateVM", "vm relocate", {{OPTION, "datastore", "datastore"}, {IF_SAID, "provisioning", "thick"},
                {WORD, "vm"}}},
        {"CreateVM", "vm create", {{OPTION, "datastore", "datastore"}, {MB, "memory_mb", "memory"},
                {NUMBER, "cpus", "cpus"}, {NUMBER, "cpus_max", "cpus-max"}, {OPTION, "firmware", "firmware"},
                {OPTION, "cdrom", "cdrom"}, {OPTION, "kernel", "kernel"}, {OPTION, "initrd", "initrd"},
                {OPTION, "cmdline", "cmdline"}, {OPTION, "disk", "disk"}, {OPTION, "image", "image"},
                {OPTION, "port-group", "port-group"}, {OPTION, "bridge", "bridge"}, {FLAG_NOT, "pager", "no-pager"},
                {OPTION, "folder", "folder"}, {WORD, "name"}}},
        {"CloneVM", "vm clone", {{FLAG_NOT, "linked", "full"}, {OPTION, "snapshot", "snapshot"},
                {OR_NONE, "customization", "customization"}, {OPTION, "folder", "folder"},
                {OPTION, "datastore", "datastore"}, {FLAG, "template", "template"}, {FLAG, "new", "new"},
                {NUMBER, "count", "count"}, {OPTION, "prefix", "prefix"},
                {OR_WORDS, "attributes", "copy-attributes"}, {FLAG, "power_on", "power-on"},
                {NUMBER, "in_flight", "in-flight"}, {WORD, "vm"}, {WORDS, "names"}}},
        {"CustomizeVM", "vm customize", {{OPTION, "spec", "customization"}, {WORD, "vm"}}},
        {"ReconfigVM", "vm reconfigure", {{MB, "memory_mb", "memory"}, {NUMBER, "cpus", "cpus"},
                {OR_NONE, "cdrom", "cdrom"}, {OPTION, "powerOffType", "power-off-type"},
                {OPTION, "suspendType", "suspend-type"}, {OPTION, "resetType", "reset-type"},
                {OPTION, "standbyAction", "standby-action"}, {ON_OFF, "pager", "pager"}, {WORD, "vm"}}},
        {"Configure", "vm set", {{OPTION, "sched.mem.shares", "shares"}, {MB, "sched.mem.min", "reservation"},
                {MB, "sched.mem.max", "limit"}, {MB_DEFAULT, "sched.mem.maxmemctl", "max-balloon"},
                {ON_OFF, "sched.mem.pshare.enable", "sharing"}, {OPTION, "sched.mem.pshare.salt", "salt"},
                {OR_DEFAULT, "sched.swap.dir", "swap-dir"}, {OPTION, "pool", "pool"}, {WORD, "vm"}}},
        {"AddDisk", "disk add", {{MB, "size_mb", "size"}, {IF_SAID, "provisioning", "thick"},
                {OPTION, "mode", "mode"}, {OPTION, "bus", "bus"}, {SILENT, "target"}, {WORD, "vm"}}},
        {"AttachDisk", "disk attach", {{OPTION, "mode", "mode"}, {OPTION, "bus", "bus"}, {SILENT, "target"},
                {WORD, "vm"}, {WORD, "path"}}},
        {"ReleaseSpace", "disk release", {{WORD, "vm"}}},
        {"AddDrive", "drive add", {{OPTION, "bus", "bus"}, {OPTION, "target", "target"},
                {OR_NONE, "file", "file"}, {WORD, "vm"}}},
        {"SetDrive", "drive set", {{OR_NONE, "file", "file"}, {WORD, "vm"}, {WORD, "target"}}},
        {"RemoveDrive", "drive remove", {{WORD, "vm"}, {WORD, "target"}}},
        {"RemoveDisk", "disk remove", {{FLAG, "delete", "delete-files"}, {WORD, "vm"}, {WORD, "target"}}},
        {"ExtendDisk", "disk extend", {{MB, "size_mb", "size"}, {WORD, "vm"}, {WORD, "target"}}},
        {"SetDiskMode", "disk set", {{OPTION, "mode", "mode"}, {WORD, "vm"}, {WORD, "target"}}},
        {"AddCard", "card add", {{OPTION, "port_group", "portgroup"}, {OPTION, "model", "model"},
                {OPTION, "mac", "mac"}, {YES_NO, "connected", "connected"}, {WORD, "vm"}}},
        {"SetCard", "card set", {{OPTION, "mac", "mac"}, {OPTION, "port_group", "portgroup"},
                {YES_NO, "connected", "connected"}, {YES_NO, "start_connected", "start-connected"}, {WORD, "vm"}}},
        {"RemoveCard", "card remove", {{OPTION, "mac", "mac"}, {WORD, "vm"}}},
        {"CreateSnapshot", "snapshot create", {{OPTION, "description", "description"}, {FLAG, "memory", "memory"},
                {FLAG, "quiesce", "quiesce"}, {WORD, "vm"}, {WORD, "name"}}},
        {"RevertToSnapshot", "snapshot revert", {{IS_FALSE, "suppressPowerOn"}, {WORD, "vm"}, {WORD, "snapshot"}}},
        {"RemoveSnapshot", "snapshot remove", {{FLAG, "removeChildren", "children"}, {WORD, "vm"},
                {WORD, "snapshot"}}},
        {"RemoveAllSnapshots", "snapshot remove --all", {{WORD, "vm"}}},
        {"RenameSnapshot", "snapshot rename", {{OPTION, "name", "name"}, {OPTION, "description", "description"},
                {WORD, "vm"}, {WORD, "snapshot"}}},
        {"ConsolidateVMDisks", "snapshot consolidate", {{WORD, "vm"}}},
        {"CreateFolder", "folder create", {{WORD, "path"}}},
        {"MoveFolder", "folder move", {{WORD, "path"}, {WORD, "to"}}},
        {"DestroyFolder", "folder delete", {{WORD, "path"}}},
        {"AddDatastore", "datastore add", {{WORD, "name"}, {WORD, "path"}}},
        {"RenameDatastore", "datastore rename", {{WORD, "name"}, {WORD, "to"}}},
        {"RemoveDatastore", "datastore remove", {{WORD, "name"}}},
        {"AddVirtualSwitch", "switch create", {{OR_WORDS, "uplinks", "uplinks"}, {WORD, "name"}}},
        {"UpdateVirtualSwitch", "switch set", {{OR_WORDS, "uplinks", "uplinks"}, {WORD, "name"}}},
        {"RemoveVirtualSwitch", "switch delete", {{WORD, "name"}}},
        {"AddPortGroup", "portgroup create", {{NUMBER, "vlan", "vlan"}, {OPTION, "switch", "switch"},
                {WORD, "name"}}},
        {"UpdatePortGroup", "portgroup set", {{NUMBER, "vlan", "vlan"}, {OPTION, "switch", "switch"},
                {WORD, "name"}}},
        {"RemovePortGroup", "portgroup delete", {{WORD, "name"}}},
        {"AddCustomFieldDef", "attribute define", {{OPTION, "type", "type"}, {WORD, "name"}}},
        {"RenameCustomFieldDef", "attribute rename", {{WORD, "name"}, {WORD, "to"}}},
        {"RemoveCustomFieldDef", "attribute delete", {{WORD, "name"}}},
        {"SetField", "attribute set", {{FLAG, "host", "of-host"}, {WORD, "name"}, {WORD, "value"}, {WORD, "vm"},
                {WORDS, "vms"}}},
        {"RenameCustomizationSpec", "customization rename", {{WORD, "name"}, {WORD, "to"}}},
        {"DeleteCustomizationSpec", "customization delete", {{WORD, "name"}}},
};
/* clang-format on */

/* --- words --- */

void shell_add_word(GString *line, const char *word)
{
        g_autofree char *quoted = g_shell_quote(word);

        g_string_append_printf(line, " %s", quoted);
}

void shell_add_option(GString *line, const char *option, const char *value)
{
        g_string_append_printf(line, " --%s", option);
        shell_add_word(line, value);
}

void shell_add_mb(GString *line, const char *option, int64_t mb)
{
        if (mb < 0)
                g_string_append_printf(line, " --%s none", option);
        else
                g_string_append_printf(line, " --%s %" G_GINT64_FORMAT "M", option, mb);
}

const char *shell_name_at(const Place *place)
{
        const char *slash = place->path != NULL ? strrchr(place->path, '/') : NULL;

        return slash != NULL ? slash + 1 : place->path != NULL ? place->path : place->id;
}

/* --- arguments --- */

/* With commas between them. Owned. */
static char *joined(JsonArray *texts)
{
        GString *text = g_string_new(NULL);

        for (unsigned i = 0; i < json_array_get_length(texts); i++)
                g_string_append_printf(text, "%s%s", i > 0 ? "," : "",
                                       json_array_get_string_element(texts, i));
        return g_string_free(text, FALSE);
}

static void add_or(GString *line, const char *option, const char *text, const char *otherwise)
{
        if (text == NULL || *text == '\0')
                g_string_append_printf(line, " --%s %s", option, otherwise);
        else
                shell_add_option(line, option, text);
}

static void add_size(GString *line, const Argument *argument, int64_t mb)
{
        if (mb < 0 && argument->kind == MB_DEFAULT)
                g_string_append_printf(line, " --%s default", argument->word);
        else
                shell_add_mb(line, argument->word, mb);
}

static bool add_boolean(GString *line, const Argument *argument, bool value)
{
        switch (argument->kind) {
        case YES_NO:
                g_string_append_printf(line, " --%s %s", argument->word, value ? "yes" : "no");
                return true;
        case ON_OFF:
                g_string_append_printf(line, " --%s %s", argument->word, value ? "on" : "off");
                return true;
        case FLAG:
        case FLAG_NOT:
                if (value == (argument->kind == FLAG))
                        g_string_append_printf(line, " --%s", argument->word);
                return true;
        case IS_TRUE:
        case IS_FALSE:
                return value == (argument->kind == IS_TRUE);
        default:
                return false;
        }
}

static bool add_text(GString *line, const Argument *argument, const char *text)
{
        switch (argument->kind) {
        case OPTION:
                shell_add_option(line, argument->word, text);
                return true;
        case OR_DEFAULT:
                add_or(line, argument->word, text, "default");
                return true;
        case ON_OFF:
                return add_boolean(line, argument, g_ascii_strcasecmp(text, "TRUE") == 0);
        case IF_SAID:
                if (strcmp(text, argument->word) == 0)
                        g_string_append_printf(line, " --%s", text);
                return true;
        case WAY:
                if (strcmp(text, "hard") == 0 || strcmp(text, "soft") == 0)
                        g_string_append_printf(line, " --%s", text);
                return true;
        case WORD:
                shell_add_word(line, text);
                return true;
        case MB:
        case MB_DEFAULT:
                add_size(line, argument, g_ascii_strtoll(text, NULL, 10));
                return true;
        default:
                return false;
        }
}

static bool add_number(GString *line, const Argument *argument, int64_t number)
{
        if (argument->kind == NUMBER)
                g_string_append_printf(line, " --%s %" G_GINT64_FORMAT, argument->word, number);
        else if (argument->kind == MB || argument->kind == MB_DEFAULT)
                add_size(line, argument, number);
        else
                return false;
        return true;
}

static bool add_texts(GString *line, const Argument *argument, JsonArray *texts)
{
        g_autofree char *list = NULL;

        if (argument->kind == OR_WORDS) {
                list = joined(texts);
                add_or(line, argument->word, list, "none");
        }
        for (unsigned i = 0; argument->kind == WORDS && i < json_array_get_length(texts); i++)
                shell_add_word(line, json_array_get_string_element(texts, i));
        return argument->kind == OR_WORDS || argument->kind == WORDS;
}

/* False: it is not there in a way that the command has words for. */
static bool add_argument(GString *line, const Argument *argument, JsonObject *args)
{
        JsonNode *node = json_object_get_member(args, argument->name);
        JsonArray *texts = step_json_texts(args, argument->name);
        const char *text = step_json_text(args, argument->name);

        if (argument->kind == OR_NONE && (node != NULL || strcmp(argument->name, "customization") == 0)) {
                add_or(line, argument->word, text, "none");
                return true;
        }
        if (node == NULL || argument->kind == SILENT)
                return true;
        if (texts != NULL)
                return add_texts(line, argument, texts);
        if (text != NULL)
                return add_text(line, argument, text);
        if (!JSON_NODE_HOLDS_VALUE(node))
                return false;
        if (json_node_get_value_type(node) == G_TYPE_INT64)
                return add_number(line, argument, json_node_get_int(node));
        return json_node_get_value_type(node) == G_TYPE_BOOLEAN &&
               add_boolean(line, argument, json_node_get_boolean(node));
}

static bool knows(const Command *command, const char *name)
{
        for (const Argument *argument = command->arguments; argument->kind != END; argument++)
                if (strcmp(argument->name, name) == 0)
                        return true;
        return false;
}

/* Words that begin with a hyphen are none of options. */
static bool has_hyphen(const Command *command, JsonObject *args)
{
        for (const Argument *argument = command->arguments; argument->kind != END; argument++) {
                const char *text = step_json_text(args, argument->name);
                JsonArray *texts = argument->kind == WORDS ? step_json_texts(args, argument->name) : NULL;

                if (text != NULL && argument->kind == WORD && text[0] == '-')
                        return true;
                for (unsigned i = 0; texts != NULL && i < json_array_get_length(texts); i++)
                        if (json_array_get_string_element(texts, i)[0] == '-')
                                return true;
        }
        return false;
}

static bool add_command(GString *line, const Command *command, JsonObject *args)
{
        g_autoptr(GList) names = json_object_get_members(args);
        bool hyphen = has_hyphen(command, args);

        for (GList *name = names; name != NULL; name = name->next)
                if (!knows(command, name->data))
                        return false;
        g_string_append_printf(line, "aerostat %s", command->command);
        for (const Argument *argument = command->arguments; argument->kind != END; argument++) {
                if (hyphen && (argument->kind == WORD || argument->kind == WORDS)) {
                        g_string_append(line, " --");
                        hyphen = false;
                }
                if (!add_argument(line, argument, args))
                        return false;
        }
        return true;
}

/* --- those that are not said by a table --- */

/* The options that have words of their own; *ret_default: what null is. NULL: none. */
static const char *option_word(const char *name, const char **ret_default)
{
        static const char *const words[][3] = {{VM_OPTION_PAGER, "pager", "on"},
                                               {VM_OPTION_STANDBY, "standby-action", "checkpoint"},
                                               {VM_OPTION_POWER_OFF, "power-off-type", "soft"},
                                               {VM_OPTION_SUSPEND, "suspend-type", "hard"},
                                               {VM_OPTION_RESET, "reset-type", "soft"},
                                               {VM_OPTION_ANNOTATION, "annotation", ""},
                                               {VM_OPTION_GUEST_ID, "guest-id", VM_GUEST_ID_DEFAULT},
                                               {VM_OPTION_CPU_SHARES, "cpu-shares", "normal"},
                                               {VM_OPTION_CPU_MIN, "cpu-reservation", "0"},
                                               {VM_OPTION_CPU_MAX, "cpu-limit", "none"}};

        for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
                if (strcmp(words[i][0], name) == 0) {
                        *ret_default = words[i][2];
                        return words[i][1];
                }
        return NULL;
}

/* A secret is asked for by the command. */
static void add_option_of(GString *line, const char *vm, const char *key, const char *value)
{
        g_autofree char *said = g_strdup_printf("%s=%s", key, value != NULL ? value : "");

        g_string_append_printf(line, "%saerostat vm reconfigure", line->len > 0 ? "\n" : "");
        shell_add_option(line, "option", step_is_secret(NULL, key) ? key : said);
        if (vm[0] == '-')
                g_string_append(line, " --");
        shell_add_word(line, vm);
}

static bool add_vm_option(GString *line, JsonObject *args)
{
        const char *value = step_json_text(args, "value"), *name = step_json_text(args, "name"),
                   *vm = step_json_text(args, "vm"), *otherwise = NULL,
                   *word = option_word(name, &otherwise);

        if (word == NULL) {
                add_option_of(line, vm, name, value);
                return true;
        }
        g_string_append(line, "aerostat vm reconfigure");
        if (strcmp(name, VM_OPTION_PAGER) == 0 && value != NULL)
                g_string_append_printf(line, " --pager %s", strcmp(value, "TRUE") == 0 ? "on" : "off");
        else
                shell_add_option(line, word, value != NULL ? value : otherwise);
        if (vm[0] == '-')
                g_string_append(line, " --");
        shell_add_word(line, vm);
        return true;
}

/* The text is JSON, in which no line is "EOF". */
static bool add_specification(GString *line, const char *verb, JsonObject *args)
{
        const char *name = step_json_text(args, "name"), *text = step_json_text(args, "text");

        if (name == NULL || text == NULL)
                return false;
        g_string_append_printf(line, "aerostat customization %s", verb);
        shell_add_word(line, name);
        g_string_append_printf(line, " - <<'EOF'\n%s\nEOF", text);
        return true;
}

static bool add_port_groups(GString *line, JsonObject *args)
{
        const char *table = step_json_text(args, "table"), *on = step_json_text(args, "switch");

        if (table == NULL)
                return false;
        g_string_append(line, "printf %s");
        shell_add_word(line, table);
        g_string_append(line, " | aerostat portgroup apply");
        if (on != NULL)
                shell_add_option(line, "switch", on);
        if (step_json_truth(args, "remove_others", false))
                g_string_append(line, " --remove-others");
        g_string_append(line, " -");
        return true;
}

static const Command *find_command(const char *operation)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++)
                if (strcmp(commands[i].operation, operation) == 0)
                        return &commands[i];
        return NULL;
}

/* Called by its name, it has its settings in one object. */
static bool add_configured(GString *line, JsonObject *args)
{
        JsonObject *settings = step_json_object(args, "settings");
        const char *vm = step_json_text(args, "vm");
        g_autoptr(GList) names = settings != NULL ? json_object_get_members(settings) : NULL;
        g_autoptr(JsonObject) all = json_object_new();

        if (vm == NULL)
                return false;
        for (GList *name = names; name != NULL; name = name->next)
                json_object_set_member(all, name->data,
                                       json_node_copy(json_object_get_member(settings, name->data)));
        json_object_set_string_member(all, "vm", vm);
        return add_command(line, find_command("Configure"), all);
}

/* "16M:thick", and so on. False: the command cannot say it. */
static bool add_disks(GString *words, GString *image, JsonArray *disks)
{
        for (unsigned i = 0; disks != NULL && i < json_array_get_length(disks); i++) {
                JsonNode *node = json_array_get_element(disks, i);
                JsonObject *disk = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
                const char *from = step_json_text(disk, "from"), *mode = step_json_text(disk, "mode"),
                           *provisioning = step_json_text(disk, "provisioning");
                int64_t mb = step_json_number(disk, "size_mb", 0);

                if (from != NULL ? i > 0 || json_object_get_size(disk) > 1 : mb <= 0)
                        return false;
                if (from != NULL)
                        g_string_append(image, from);
                else
                        g_string_append_printf(
                                words, "%s%" G_GINT64_FORMAT "M%s%s%s%s", words->len > 0 ? "," : "", mb,
                                provisioning != NULL ? ":" : "", provisioning != NULL ? provisioning : "",
                                mode != NULL ? ":" : "", mode != NULL ? mode : "");
        }
        return true;
}

static bool add_cards(GString *groups, GString *bridges, JsonArray *cards)
{
        for (unsigned i = 0; cards != NULL && i < json_array_get_length(cards); i++) {
                JsonNode *node = json_array_get_element(cards, i);
                JsonObject *card = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
                const char *group = step_json_text(card, "port_group"),
                           *name = group != NULL ? group : step_json_text(card, "bridge");
                GString *words = group != NULL ? groups : bridges;

                if (name == NULL || strchr(name, ',') != NULL || json_object_get_size(card) > 1)
                        return false;
                g_string_append_printf(words, "%s%s", words->len > 0 ? "," : "", name);
        }
        return true;
}

/* Its disks and cards are lists of objects. */
static bool add_created(GString *line, JsonObject *args, const Command *command)
{
        static const char *const options[] = {"disk", "image", "port-group", "bridge"};
        g_autoptr(JsonObject) flat = json_object_new();
        g_autoptr(GList) names = json_object_get_members(args);
        GString *words[G_N_ELEMENTS(options)];
        bool said;

        for (GList *name = names; name != NULL; name = name->next)
                if (strcmp(name->data, "disks") != 0 && strcmp(name->data, "cards") != 0)
                        json_object_set_member(flat, name->data,
                                               json_node_copy(json_object_get_member(args, name->data)));
        for (unsigned i = 0; i < G_N_ELEMENTS(options); i++)
                words[i] = g_string_new(NULL);
        said = add_disks(words[0], words[1], step_json_array(args, "disks")) &&
               add_cards(words[2], words[3], step_json_array(args, "cards"));
        for (unsigned i = 0; i < G_N_ELEMENTS(options); i++) {
                if (words[i]->len > 0)
                        json_object_set_string_member(flat, options[i], words[i]->str);
                (void)g_string_free(words[i], TRUE);
        }
        return said && add_command(line, command, flat);
}

static bool add_operation(GString *line, const Operation *operation)
{
        const char *name = operation->name;
        const Command *command = find_command(name);

        if (strcmp(name, "SetOption") == 0)
                return add_vm_option(line, operation->args);
        if (strcmp(name, "CreateCustomizationSpec") == 0 || strcmp(name, "OverwriteCustomizationSpec") == 0)
                return add_specification(line, name[0] == 'C' ? "create" : "set", operation->args);
        if (strcmp(name, "ApplyPortGroups") == 0)
                return add_port_groups(line, operation->args);
        if (strcmp(name, "ConfigureVM") == 0)
                return add_configured(line, operation->args);
        if (strcmp(name, "CreateVM") == 0)
                return add_created(line, operation->args, command);
        return command != NULL && add_command(line, command, operation->args);
}

/* --- a call --- */

/* What has no command; detail: of the call, or NULL. */
static void add_comment(GString *script, const Step *step, const char *detail)
{
        const Place *place = step_place(step, step->target);
        g_autofree char *text = g_strdup_printf("# not one line here, see the Python form: %s.%s of %s%s%s",
                                                place->type, step->method->name, shell_name_at(place),
                                                detail != NULL ? ": " : "", detail != NULL ? detail : "");

        for (char *c = text; *c != '\0'; c++)
                if (g_ascii_iscntrl(*c))
                        *c = '?';
        g_string_append_printf(script, "%s\n", text);
}

void shell_add(GString *script, const Step *step)
{
        g_autoptr(GString) line = g_string_new(NULL);

        if (step->operations->len == 0) {
                if (shell_add_host(line, step))
                        g_string_append_printf(script, "%s\n", line->str);
                else
                        add_comment(script, step, NULL);
                return;
        }
        for (unsigned i = 0; i < step->operations->len; i++) {
                const Operation *operation = step->operations->pdata[i];

                (void)g_string_truncate(line, 0);
                if (add_operation(line, operation))
                        g_string_append_printf(script, "%s\n", line->str);
                else
                        add_comment(script, step, operation->name);
        }
}
