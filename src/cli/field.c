/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields found by name, compared, and printed as columns. */
#include "cli/field.h"

#include <math.h>
#include <string.h>

unsigned field_count(const Field *fields)
{
        unsigned n = 0;

        while (fields[n].title != NULL)
                n++;
        return n;
}

const Field *field_find(const Field *fields, const char *name, const char *what, GError **error)
{
        g_autofree char *upper = g_ascii_strup(name, -1), *hint = NULL, *shown = NULL;
        CliNearest nearest = {.word = upper};

        for (const Field *f = fields; f->title != NULL; f++) {
                if (g_ascii_strcasecmp(f->title, name) == 0 || g_ascii_strcasecmp(f->member, name) == 0)
                        return f;
                cli_nearest_offer(&nearest, f->title);
        }
        hint = cli_nearest_hint(&nearest, "");
        shown = g_strescape(name, NULL);
        g_set_error(error, CLI_ERROR, CLI_USAGE, "%s: there is no column \"%s\"%s", what, shown, hint);
        return NULL;
}

GPtrArray *field_find_list(const Field *fields, const char *names, const char *what, GError **error)
{
        g_autoptr(GPtrArray) found = g_ptr_array_new();
        g_auto(GStrv) words = g_strsplit(names, ",", -1);

        for (unsigned i = 0; words[i] != NULL; i++) {
                const Field *field;

                if (g_ascii_strcasecmp(words[i], "all") == 0) {
                        for (const Field *f = fields; f->title != NULL; f++)
                                g_ptr_array_add(found, (gpointer)(uintptr_t)f);
                        continue;
                }
                field = field_find(fields, words[i], what, error);
                if (field == NULL)
                        return NULL;
                g_ptr_array_add(found, (gpointer)(uintptr_t)field);
        }
        if (found->len == 0) {
                g_set_error(error, CLI_ERROR, CLI_USAGE, "%s: name at least one column", what);
                return NULL;
        }
        return g_steal_pointer(&found);
}

bool field_is_text(const Field *field)
{
        return field->kind == FIELD_TEXT || field->kind == FIELD_BOOL;
}

double field_number(const Field *field, JsonObject *object)
{
        double value;

        switch (daemon_json_double(object, field->member, &value)) {
        case DAEMON_GIVEN:
                return value;
        case DAEMON_NONE:
                return field->kind == FIELD_LIMIT ? INFINITY : -1;
        case DAEMON_WRONG:
                break;
        }
        return -1;
}

char *field_text(JsonObject *object, const char *member)
{
        const char *text = daemon_json_text(object, member);

        return cli_escape(text != NULL ? text : "");
}

char *field_format(const Field *field, JsonObject *object, CliUnit unit, bool raw)
{
        double value = 0;
        bool yes = false;

        if (field->derive != NULL)
                return field->derive(object);
        switch (field->kind) {
        case FIELD_TEXT: {
                char *text = field_text(object, field->member);

                if (text[0] != '\0' || raw)
                        return text;
                g_free(text);
                break;
        }
        case FIELD_BOOL:
                if (daemon_json_bool(object, field->member, &yes) == DAEMON_GIVEN)
                        return g_strdup(yes ? "yes" : "no");
                break;
        case FIELD_COUNT: {
                uint64_t count;

                if (daemon_json_uint(object, field->member, &count) == DAEMON_GIVEN)
                        return g_strdup_printf("%" G_GUINT64_FORMAT, count);
                break;
        }
        case FIELD_BYTES:
        case FIELD_LIMIT: {
                uint64_t bytes;

                if (daemon_json_uint(object, field->member, &bytes) == DAEMON_GIVEN)
                        return cli_format_size(bytes, raw ? CLI_UNIT_B : unit);
                if (field->kind == FIELD_LIMIT && !raw)
                        return g_strdup("unlimited");
                break;
        }
        case FIELD_RATE:
                if (daemon_json_double(object, field->member, &value) == DAEMON_GIVEN && value >= 0)
                        return raw ? g_strdup_printf("%.0f", value)
                                   : cli_format_size((uint64_t)MIN(value, 9e18), unit);
                break;
        }
        return g_strdup(raw ? "" : "-");
}

static bool check_member(const Field *field, JsonObject *object)
{
        JsonNode *node = json_object_get_member(object, field->member);
        uint64_t whole;
        double number;
        bool yes;

        /* A column that is made of others has a name that the daemon does not know. */
        if (field->derive != NULL)
                return true;
        switch (field->kind) {
        case FIELD_TEXT:
                return node == NULL || JSON_NODE_HOLDS_NULL(node) ||
                       json_node_get_value_type(node) == G_TYPE_STRING;
        case FIELD_BOOL:
                return daemon_json_bool(object, field->member, &yes) != DAEMON_WRONG;
        case FIELD_RATE:
                return daemon_json_double(object, field->member, &number) != DAEMON_WRONG;
        case FIELD_BYTES:
        case FIELD_LIMIT:
        case FIELD_COUNT:
                return daemon_json_uint(object, field->member, &whole) != DAEMON_WRONG;
        }
        return false;
}

bool field_check(const Field *fields, JsonObject *object, GError **error)
{
        /* The first field is the name. */
        if (daemon_json_text(object, fields[0].member) == NULL) {
                g_set_error(
                        error, CLI_ERROR, CLI_FAILED,
                        "the daemon sent something without a %s; is it another version than this aerostat?",
                        fields[0].member);
                return false;
        }
        for (const Field *f = fields; f->title != NULL; f++) {
                if (!check_member(f, object)) {
                        g_autofree char *name = field_text(object, fields[0].member);

                        g_set_error(error, CLI_ERROR, CLI_FAILED,
                                    "the daemon sent nonsense for %s of %s; is it another version than this "
                                    "aerostat?",
                                    f->member, name);
                        return false;
                }
        }
        return true;
}

bool field_check_all(const Field *fields, JsonArray *objects, GError **error)
{
        for (guint i = 0; i < json_array_get_length(objects); i++)
                if (!field_check(fields, json_array_get_object_element(objects, i), error))
                        return false;
        return true;
}

/* web2 before web10. */
static int compare_names(JsonObject *a, JsonObject *b)
{
        static const char *const names[] = {"name", "path"};

        for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
                const char *x = daemon_json_text(a, names[i]), *y = daemon_json_text(b, names[i]);

                if (x != NULL && y != NULL)
                        return strverscmp(x, y);
        }
        return 0;
}

int field_compare(const Field *field, bool reversed, JsonObject *a, JsonObject *b)
{
        int order = 0;

        if (field != NULL && field_is_text(field)) {
                g_autofree char *x = field_format(field, a, CLI_UNIT_B, true),
                                *y = field_format(field, b, CLI_UNIT_B, true);

                order = strverscmp(x, y);
        } else if (field != NULL) {
                double x = field_number(field, a), y = field_number(field, b);

                order = (x < y) - (x > y);
        }
        if (order != 0)
                return reversed ? -order : order;
        return reversed && field == NULL ? -compare_names(a, b) : compare_names(a, b);
}

void field_print_json(JsonObject *object, bool indented)
{
        g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);

        json_node_set_object(node, object);
        cli_json_print_node(stdout, node, indented);
}

static void print_json(const GPtrArray *rows)
{
        putchar('[');
        for (unsigned i = 0; i < rows->len; i++) {
                fputs(i > 0 ? ",\n" : "\n", stdout);
                field_print_json(rows->pdata[i], false);
        }
        fputs("\n]\n", stdout);
}

void field_print(const GPtrArray *columns, const GPtrArray *rows, CliFormat format, CliUnit unit,
                 bool header)
{
        g_autofree CliColumn *table_columns = g_new0(CliColumn, columns->len + 1);
        g_autoptr(CliTable) table = NULL;
        const CliTableLook look = {.header = header, .bold = cli_may_style(stdout)};

        if (format == CLI_FORMAT_JSON) {
                print_json(rows);
                return;
        }
        for (unsigned c = 0; c < columns->len; c++) {
                const Field *field = columns->pdata[c];

                table_columns[c] = (CliColumn){field->title, field->member, 0, field_is_text(field)};
        }
        table = cli_table_new(table_columns);
        for (unsigned r = 0; r < rows->len; r++) {
                GPtrArray *cells = g_ptr_array_new();

                for (unsigned c = 0; c < columns->len; c++)
                        g_ptr_array_add(cells, field_format(columns->pdata[c], rows->pdata[r], unit,
                                                            format == CLI_FORMAT_CSV));
                cli_table_add(table, cells);
        }
        if (format == CLI_FORMAT_CSV)
                cli_table_print_csv(table, stdout, header);
        else
                (void)cli_table_print(table, stdout, &look);
}

void field_complete(const Field *fields, const char *prefix)
{
        const char *comma = strrchr(prefix, ',');
        g_autofree char *before = g_strndup(prefix, comma != NULL ? (size_t)(comma - prefix) + 1 : 0);
        const char *typed = comma != NULL ? comma + 1 : prefix;

        for (const Field *f = fields; f->title != NULL; f++) {
                g_autofree char *lower = g_ascii_strdown(f->title, -1);

                if (g_str_has_prefix(lower, typed))
                        printf("%s%s\n", before, lower);
        }
}
