/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* --filter and --sort: which objects are shown, and in which order. */
#include <math.h>
#include <string.h>

#include "cli/field.h"

#define CONDITIONS_MAX 32

typedef enum Operator { EQUAL, UNEQUAL, LESS, LESS_EQUAL, MORE, MORE_EQUAL } Operator;

/* "attribute:Owner=x" looks into the object's custom attributes. */
#define ATTRIBUTE "attribute:"

typedef struct Condition {
        const Field *field; /* NULL: it is of a custom attribute */
        char *attribute;
        Operator operator;
        GPatternSpec *pattern; /* NULL: number it is */
        double number;
} Condition;

struct FieldFilter {
        Condition conditions[CONDITIONS_MAX];
        unsigned n;
};

/* Longer signs before those they begin with. */
static const struct {
        const char *sign;
        Operator operator;
} signs[] = {{"!=", UNEQUAL}, {"<=", LESS_EQUAL}, {">=", MORE_EQUAL},
             {"=", EQUAL},    {"<", LESS},        {">", MORE}};

static bool parse_number(const Field *field, const char *text, double *ret, GError **error)
{
        CliSize size;

        if (!cli_parse_size(text, field->title, field->kind == FIELD_LIMIT, &size, error))
                return false;
        if (size.kind == CLI_SIZE_PERCENT) {
                g_set_error(error, CLI_ERROR, CLI_USAGE,
                            "--filter: %s is compared with a size, not a percentage", field->title);
                return false;
        }
        *ret = size.kind == CLI_SIZE_NONE ? INFINITY : (double)size.bytes;
        return true;
}

static bool has_attributes(const Field *fields)
{
        for (const Field *f = fields; f->title != NULL; f++)
                if (strcmp(f->title, "ATTRIBUTES") == 0)
                        return true;
        return false;
}

static bool parse_condition(const Field *fields, const char *text, Condition *c, GError **error)
{
        size_t at = strcspn(text, "!=<>");
        g_autofree char *name = g_strndup(text, at), *shown = g_strescape(text, NULL);
        const char *value = NULL;

        if (text[at] == '\0') {
                *c = (Condition){.field = &fields[0], .pattern = g_pattern_spec_new(text)};
                return true;
        }
        for (unsigned i = 0; i < G_N_ELEMENTS(signs) && value == NULL; i++) {
                if (g_str_has_prefix(text + at, signs[i].sign)) {
                        value = text + at + strlen(signs[i].sign);
                        c->operator= signs[i].operator;
                }
        }
        if (value == NULL) {
                g_set_error(error, CLI_ERROR, CLI_USAGE, "--filter: \"%s\" has no sign such as =, != or >",
                            shown);
                return false;
        }
        if (has_attributes(fields) && g_str_has_prefix(name, ATTRIBUTE))
                c->attribute = g_strdup(name + strlen(ATTRIBUTE));
        else
                c->field = field_find(fields, name, "--filter", error);
        if (c->field == NULL && c->attribute == NULL)
                return false;
        if (c->field != NULL && !field_is_text(c->field))
                return parse_number(c->field, value, &c->number, error);
        if (c->operator!= EQUAL && c->operator!= UNEQUAL) {
                g_autofree char *word = g_strescape(name, NULL);

                g_set_error(error, CLI_ERROR, CLI_USAGE, "--filter: %s is a word; compare it with = or !=",
                            c->field != NULL ? c->field->title : word);
                return false;
        }
        c->pattern = g_pattern_spec_new(value);
        return true;
}

FieldFilter *field_filter_new(const Field *fields, const char *text, GError **error)
{
        g_autoptr(FieldFilter) filter = g_new0(FieldFilter, 1);
        g_auto(GStrv) words = g_strsplit(text, ",", CONDITIONS_MAX + 1);

        for (unsigned i = 0; words[i] != NULL; i++) {
                if (i == CONDITIONS_MAX) {
                        g_set_error(error, CLI_ERROR, CLI_USAGE, "--filter has more than %d conditions",
                                    CONDITIONS_MAX);
                        return NULL;
                }
                filter->n++;
                if (!parse_condition(fields, words[i], &filter->conditions[i], error))
                        return NULL;
        }
        return g_steal_pointer(&filter);
}

void field_filter_free(FieldFilter *filter)
{
        if (filter == NULL)
                return;
        for (unsigned i = 0; i < CONDITIONS_MAX; i++) {
                g_clear_pointer(&filter->conditions[i].pattern, g_pattern_spec_free);
                g_free(filter->conditions[i].attribute);
        }
        g_free(filter);
}

/* The word that is compared; "" for what is not there. */
static char *get_word(const Condition *c, JsonObject *object)
{
        JsonObject *attributes;

        if (c->field != NULL)
                return field_format(c->field, object, CLI_UNIT_B, true);
        attributes = daemon_json_object(object, "attributes");
        return attributes != NULL ? field_text(attributes, c->attribute) : g_strdup("");
}

static bool holds(const Condition *c, JsonObject *object)
{
        double value;

        if (c->pattern != NULL) {
                g_autofree char *text = get_word(c, object);

                return g_pattern_spec_match_string(c->pattern, text) == (c->operator== EQUAL);
        }
        value = field_number(c->field, object);
        switch (c->operator) {
        case EQUAL:
                return value == c->number;
        case UNEQUAL:
                return value != c->number;
        case LESS:
                return value < c->number;
        case LESS_EQUAL:
                return value <= c->number;
        case MORE:
                return value > c->number;
        case MORE_EQUAL:
                return value >= c->number;
        }
        return false;
}

bool field_filter_match(const FieldFilter *filter, JsonObject *object)
{
        for (unsigned i = 0; i < filter->n; i++)
                if (!holds(&filter->conditions[i], object))
                        return false;
        return true;
}

bool field_parse_sort(const Field *fields, const char *text, const Field **ret, bool *ret_reversed,
                      GError **error)
{
        const char *colon = strrchr(text, ':');
        g_autofree char *name = g_strndup(text, colon != NULL ? (size_t)(colon - text) : strlen(text));

        if (colon != NULL && strcmp(colon, ":reverse") != 0) {
                g_autofree char *shown = g_strescape(colon + 1, NULL);

                g_set_error(error, CLI_ERROR, CLI_USAGE,
                            "--sort: after the colon of COLUMN:reverse there can be nothing else, such as "
                            "\"%s\"",
                            shown);
                return false;
        }
        *ret = field_find(fields, name, "--sort", error);
        *ret_reversed = colon != NULL;
        return *ret != NULL;
}

typedef struct Order {
        const Field *field;
        bool reversed;
} Order;

static int compare(gconstpointer a, gconstpointer b, gpointer data)
{
        const Order *order = data;

        return field_compare(order->field, order->reversed, *(JsonObject *const *)a,
                             *(JsonObject *const *)b);
}

GPtrArray *field_select(JsonArray *objects, const FieldFilter *filter, const Field *sort, bool reversed)
{
        GPtrArray *rows = g_ptr_array_new();
        Order order = {sort, reversed};

        for (guint i = 0; i < json_array_get_length(objects); i++) {
                JsonObject *object = json_array_get_object_element(objects, i);

                if (filter == NULL || field_filter_match(filter, object))
                        g_ptr_array_add(rows, object);
        }
        g_ptr_array_sort_with_data(rows, compare, &order);
        return rows;
}
