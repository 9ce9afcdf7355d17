/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm show: everything about one VM, for eyes or as JSON. */
#include <string.h>

#include "cli/vm-select.h"
#include "cli/vm.h"

#define BAR_WIDTH   64
#define LABEL_WIDTH 26

static void heading(const char *text, bool bold)
{
        printf("\n%s%s%s\n", bold ? "\033[1m" : "", text, bold ? "\033[0m" : "");
}

static void line(const char *label, const char *value)
{
        printf("  %-*s%s\n", LABEL_WIDTH, label, value);
}

/* The fields that are named, each on a line with its column's title, by which --columns knows it. */
static void show_fields(JsonObject *vm, const char *const *titles)
{
        for (unsigned i = 0; titles[i] != NULL; i++) {
                const Field *field = field_find(vm_fields, titles[i], "", NULL);
                g_autofree char *value = field_format(field, vm, CLI_UNIT_AUTO, false);

                printf("  %-10s%9s%s  %s\n", field->title, value, field->kind == FIELD_RATE ? "/s" : "  ",
                       field->help);
        }
}

/* The bar is drawn with letters, which need neither colour nor a font. */
static void show_places(JsonObject *vm)
{
        static const struct {
                char mark;
                const char *name, *member, *meaning;
        } places[] = {
                {'#', "private", "private_bytes", "pages of its own"},
                {'+', "shared", "shared_bytes", "shared with like pages"},
                {'b', "balloon", "balloon_bytes", "given back by the guest's driver"},
                {'z', "compressed", "compressed_bytes", "in the cache, before compression"},
                {'0', "same", "same_bytes", "one value throughout, no storage"},
                {'s', "swapped", "swapped_bytes", "in the swap file"},
        };
        double whole = (double)daemon_json_uint_or_0(vm, "memory_bytes"), sum = 0;
        unsigned drawn = 0;

        fputs("  [", stdout);
        for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
                sum += (double)daemon_json_uint_or_0(vm, places[i].member);
                for (; whole > 0 && drawn < BAR_WIDTH &&
                       drawn < (unsigned)(MIN(sum / whole, 1) * BAR_WIDTH + 0.5);
                     drawn++)
                        putchar(places[i].mark);
        }
        for (; drawn < BAR_WIDTH; drawn++)
                putchar('.');
        puts("]");

        for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
                uint64_t bytes = daemon_json_uint_or_0(vm, places[i].member);
                g_autofree char *size = cli_format_size(bytes, CLI_UNIT_AUTO);

                printf("  %c %-14s%6s %4u %%  %s\n", places[i].mark, places[i].name, size,
                       cli_percent(bytes, (uint64_t)whole), places[i].meaning);
        }
        puts("  . never touched, or free");
}

static void show_config(JsonObject *vm)
{
        JsonObject *config = daemon_json_object(vm, "config");
        g_autoptr(GList) members = config != NULL ? json_object_get_members(config) : NULL;

        for (const GList *m = members; m != NULL; m = m->next) {
                g_autofree char *key = cli_escape(m->data), *value = field_text(config, m->data);

                line(key, value);
        }
}

/* What the memory scheduler knows of a VM that runs. */
static void show_memory(JsonObject *vm, bool bold)
{
        static const char *const memory[] = {"MEMSZ", "GRANT", "CNSM", "SZTGT", "TCHD",
                                             "IDLE",  "OVHD",  "SVD",  NULL};
        static const char *const reclaim[] = {"MCTLSZ", "MCTLTGT", "MCTLMAX", "CACHESZ", "CACHEUSD",
                                              "ZIP/s",  "UNZIP/s", "SWCUR",   "SWTGT",   "SWR/s",
                                              "SWW/s",  "PGLIM",   NULL};
        static const char *const rights[] = {"SHARES", "LEVEL", "RESV", "LIMIT", NULL};

        heading("Memory", bold);
        show_fields(vm, memory);
        heading("Where guest memory is", bold);
        show_places(vm);
        heading("Reclaiming", bold);
        show_fields(vm, reclaim);
        heading("Entitlement", bold);
        show_fields(vm, rights);
        heading("Settings", bold);
        show_config(vm);
}

/* What the inventory knows. */
static void show_inventory(JsonObject *vm)
{
        static const char *const titles[] = {"FOLDER", "TEMPLATE", "DATASTORE", "HOME",
                                             "PARENT", "LINKED",   "SNAPS",     "DISKS"};
        JsonObject *attributes = daemon_json_object(vm, "attributes");
        g_autoptr(GList) names = attributes != NULL ? json_object_get_members(attributes) : NULL;

        if (!daemon_json_is_true(vm, "adopted"))
                line("inventory", "not in it; 'aerostat vm adopt' takes it in");
        for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) {
                const Field *field = field_find(vm_fields, titles[i], "", NULL);
                g_autofree char *value = field_format(field, vm, CLI_UNIT_AUTO, true);

                if (value[0] != '\0')
                        line(field->member, value);
        }
        names = g_list_sort(g_steal_pointer(&names), (GCompareFunc)strcmp);
        for (GList *name = names; name != NULL; name = name->next) {
                g_autofree char *shown = cli_escape(name->data), *value = field_text(attributes, name->data),
                                *label = g_strconcat("attribute ", shown, NULL);

                line(label, value);
        }
}

static void show_text(JsonObject *vm)
{
        static const char *const remarks[] = {"pool",          "uuid",  "power",  "managed",
                                              "balloon_state", "cause", "problem"};
        g_autofree char *name = field_text(vm, "name");
        uint64_t pid;

        fputs(name, stdout);
        if (daemon_json_uint(vm, "pid", &pid) == DAEMON_GIVEN)
                printf(" (PID %" G_GUINT64_FORMAT ")", pid);
        putchar('\n');
        for (size_t i = 0; i < G_N_ELEMENTS(remarks); i++) {
                g_autofree char *text = field_text(vm, remarks[i]);

                if (text[0] != '\0')
                        line(strcmp(remarks[i], "balloon_state") == 0 ? "balloon driver" : remarks[i], text);
        }
        if (daemon_json_is_true(vm, "stopped"))
                line("stopped", "until it is below its target: host memory is low");
        show_inventory(vm);
        /* There is nothing to say of the memory of a VM that does not run. */
        if (json_object_has_member(vm, "memory_bytes"))
                show_memory(vm, cli_may_style(stdout));
}

CliStatus vm_show(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonObject) vm = NULL;
        unsigned format = CLI_FORMAT_TABLE;

        if (!cli_args_choice(args, "format", daemon_show_formats, &format, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        vm = client != NULL ? vm_find(client, args->operands->pdata[0], error) : NULL;
        if (vm == NULL)
                return CLI_FAILED;

        if (format == CLI_FORMAT_JSON) {
                field_print_json(vm, true);
                putchar('\n');
        } else {
                show_text(vm);
        }
        return CLI_OK;
}
