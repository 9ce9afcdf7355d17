/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table is read line by line; what is wrong with it is collected, so that it is mended in one go. */
#include "network/plan.h"

#include <string.h>

#define FIELDS_MAX     3
#define PROBLEMS_SHOWN 10

PlanGroup *plan_group_new(const char *name, const char *switch_name, unsigned vlan)
{
        PlanGroup *group = g_new0(PlanGroup, 1);

        group->name = g_strdup(name);
        group->switch_name = g_strdup(switch_name);
        group->vlan = vlan;
        return group;
}

void plan_group_free(PlanGroup *group)
{
        if (group == NULL)
                return;
        g_free(group->name);
        g_free(group->switch_name);
        g_free(group);
}

static bool refuse_name(const char *kind, const char *name, const char *why, GError **error)
{
        g_autofree char *valid = g_utf8_make_valid(name, -1), *shown = g_strescape(valid, NULL);

        /* Room for the longest that can be right, so that the reader sees where it goes wrong. */
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "\"%.100s\" cannot be the name of a %s: %s", shown, kind, why);
        return false;
}

bool plan_check_name(const char *kind, const char *name, GError **error)
{
        size_t length = strlen(name);

        if (!g_utf8_validate(name, -1, NULL))
                return refuse_name(kind, name, "it is not UTF-8", error);
        if (length == 0)
                return refuse_name(kind, name, "it is empty", error);
        if (g_utf8_strlen(name, -1) > PLAN_NAME_MAX)
                return refuse_name(kind, name, "it is longer than " G_STRINGIFY(PLAN_NAME_MAX) " characters",
                                   error);
        for (const char *p = name; *p != '\0'; p = g_utf8_find_next_char(p, NULL))
                if (g_unichar_iscntrl(g_utf8_get_char(p)))
                        return refuse_name(kind, name, "it has a control character", error);
        if (strpbrk(name, "/\\") != NULL)
                return refuse_name(kind, name, "it has a \"/\" or a \"\\\"", error);
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
                return refuse_name(kind, name, "that is a folder", error);
        if (g_unichar_isspace(g_utf8_get_char(name)) ||
            g_unichar_isspace(g_utf8_get_char(g_utf8_prev_char(name + length))))
                return refuse_name(kind, name, "it begins or ends with a blank", error);
        return true;
}

bool plan_check_vlan(gint64 vlan, GError **error)
{
        if (vlan >= 0 && vlan <= PLAN_VLAN_TRUNK)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "there is no VLAN %" G_GINT64_FORMAT
                    ": they go from 1 to 4094; 0 is untagged, 4095 is all of them",
                    vlan);
        return false;
}

/* What is wrong with a table, line by line. */
typedef struct Problems {
        GString *text;
        unsigned n;
} Problems;

static void add_problem(Problems *problems, unsigned line, const char *what)
{
        if (problems->n++ < PROBLEMS_SHOWN)
                g_string_append_printf(problems->text, "%sline %u: %s", problems->text->len > 0 ? "; " : "",
                                       line, what);
}

static void take_problem(Problems *problems, unsigned line, GError **problem)
{
        add_problem(problems, line, (*problem)->message);
        g_clear_error(problem);
}

static const char *skip_blanks(const char *p)
{
        return p + strspn(p, " \t");
}

/* The field at *p, without its quotes; *p is left at the comma or the end. NULL: a quote too many or few. */
static char *take_field(const char **p)
{
        g_autoptr(GString) field = g_string_new(NULL);

        *p = skip_blanks(*p);
        if (**p != '"') {
                size_t length = strcspn(*p, ",");

                g_string_append_len(field, *p, (gssize)length);
                *p += length;
                if (strchr(field->str, '"') != NULL)
                        return NULL;
                return g_strchomp(g_strdup(field->str));
        }
        for ((*p)++; **p != '\0'; (*p)++) {
                if (**p == '"' && *++*p != '"') {
                        *p = skip_blanks(*p);
                        return **p == ',' || **p == '\0' ? g_strdup(field->str) : NULL;
                }
                g_string_append_c(field, **p);
        }
        return NULL;
}

/* Returns how many fields there are, FIELDS_MAX + 1 for too many, 0 for quotes that do not match. */
static unsigned split(const char *line, char *fields[FIELDS_MAX])
{
        unsigned n = 0;

        for (const char *p = line;; p++) {
                g_autofree char *field = take_field(&p);

                if (field == NULL)
                        return 0;
                if (n == FIELDS_MAX)
                        return FIELDS_MAX + 1;
                fields[n++] = g_steal_pointer(&field);
                if (*p == '\0')
                        return n;
        }
}

static bool is_title(char *const fields[FIELDS_MAX], unsigned n)
{
        static const char *const titles[FIELDS_MAX] = {"VLAN", "NAME", "SWITCH"};

        if (n < 2 || n > FIELDS_MAX)
                return false;
        for (unsigned i = 0; i < n; i++)
                if (g_ascii_strcasecmp(fields[i], titles[i]) != 0)
                        return false;
        return true;
}

static PlanGroup *read_row(char *const fields[FIELDS_MAX], unsigned n, GError **error)
{
        guint64 vlan = 0;

        if (!g_ascii_string_to_unsigned(fields[0], 10, 0, PLAN_VLAN_TRUNK, &vlan, NULL)) {
                g_autofree char *shown = g_strescape(fields[0], NULL);

                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "a VLAN is a number from 0 to 4095, not \"%.40s\"", shown);
                return NULL;
        }
        if (!plan_check_name("port group", fields[1], error))
                return NULL;
        /* "10,lab," is what spreadsheets write of a row without a switch. */
        if (n > 2 && fields[2][0] != '\0' && !plan_check_name("virtual switch", fields[2], error))
                return NULL;
        return plan_group_new(fields[1], n > 2 && fields[2][0] != '\0' ? fields[2] : NULL, (unsigned)vlan);
}

typedef struct Table {
        GPtrArray *rows;    /* of PlanGroup *, owned */
        GHashTable *names;  /* char * to PlanGroup *, of rows */
        bool titles_passed; /* or something else than titles */
        Problems problems;
} Table;

static void add_row(Table *table, PlanGroup *group, unsigned line)
{
        const PlanGroup *other = g_hash_table_lookup(table->names, group->name);

        group->line = line;
        if (other != NULL) {
                g_autofree char *what = g_strdup_printf(
                        "port group \"%s\" stands in line %u already; a name belongs to one port group",
                        group->name, other->line);

                add_problem(&table->problems, line, what);
                plan_group_free(group);
                return;
        }
        g_ptr_array_add(table->rows, group);
        g_hash_table_insert(table->names, group->name, group);
}

static void read_line(Table *table, const char *text, unsigned line)
{
        char *fields[FIELDS_MAX] = {NULL};
        g_autoptr(GError) problem = NULL;
        PlanGroup *group = NULL;
        unsigned n = split(text, fields);

        if (!table->titles_passed && is_title(fields, n))
                ;
        else if (n == 0)
                add_problem(
                        &table->problems, line,
                        "quotes that do not match; a field in quotes has its own doubled: \"a \"\"b\"\"\"");
        else if (n == 1 || n > FIELDS_MAX)
                add_problem(&table->problems, line,
                            n == 1 ? "a name is missing; a line is VLAN,NAME or VLAN,NAME,SWITCH"
                                   : "too many commas; a line is VLAN,NAME or VLAN,NAME,SWITCH, and a name "
                                     "with a comma stands in quotes");
        else if ((group = read_row(fields, n, &problem)) != NULL)
                add_row(table, group, line);
        else
                take_problem(&table->problems, line, &problem);
        table->titles_passed = true;
        for (unsigned i = 0; i < FIELDS_MAX; i++)
                g_free(fields[i]);
}

static bool read_lines(Table *table, const char *text, GError **error)
{
        unsigned line = 0;

        for (const char *next = text; *next != '\0';) {
                size_t length = strcspn(next, "\n");
                g_autofree char *one = g_strchomp(g_strndup(next, length));

                line++;
                next += length + (next[length] == '\n');
                if (*skip_blanks(one) == '\0' || *skip_blanks(one) == '#')
                        continue;
                if (table->rows->len == PLAN_ROWS_MAX) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                    "line %u: a table has at most %d port groups", line, PLAN_ROWS_MAX);
                        return false;
                }
                read_line(table, one, line);
        }
        if (table->problems.n == 0)
                return true;
        if (table->problems.n > PROBLEMS_SHOWN)
                g_string_append_printf(table->problems.text, "; and %u more lines",
                                       table->problems.n - PROBLEMS_SHOWN);
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, table->problems.text->str);
        return false;
}

GPtrArray *plan_parse(const char *text, GError **error)
{
        g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)plan_group_free);
        g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GString) problems = g_string_new(NULL);
        Table table = {.rows = rows, .names = names, .problems = {.text = problems}};

        if (strlen(text) > PLAN_TEXT_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "the table is larger than %u bytes", PLAN_TEXT_MAX);
                return NULL;
        }
        /* What some editors put first, to say that this is UTF-8. */
        if (g_str_has_prefix(text, "\xef\xbb\xbf"))
                text += 3;
        if (!read_lines(&table, text, error))
                return NULL;
        return g_steal_pointer(&rows);
}

const char *plan_action_name(PlanAction action)
{
        static const char *const names[] = {[PLAN_MAKE] = "make",
                                            [PLAN_CHANGE] = "change",
                                            [PLAN_REMOVE] = "remove",
                                            [PLAN_KEEP] = "keep"};

        return names[action];
}

static void add_step(GPtrArray *steps, PlanAction action, const PlanGroup *before, const PlanGroup *after)
{
        PlanStep *step = g_new(PlanStep, 1);

        *step = (PlanStep){.action = action, .before = before, .after = after};
        g_ptr_array_add(steps, step);
}

static GHashTable *by_name(const GPtrArray *groups)
{
        GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);

        for (unsigned i = 0; i < groups->len; i++) {
                PlanGroup *group = groups->pdata[i];

                g_hash_table_insert(table, group->name, group);
        }
        return table;
}

GPtrArray *plan_difference(const GPtrArray *wanted, const GPtrArray *present, bool remove_others)
{
        g_autoptr(GHashTable) is_wanted = by_name(wanted), is_present = by_name(present);
        g_autoptr(GHashTable) switches = g_hash_table_new(g_str_hash, g_str_equal);
        GPtrArray *steps = g_ptr_array_new_with_free_func(g_free);

        for (unsigned i = 0; i < wanted->len; i++) {
                const PlanGroup *after = wanted->pdata[i];
                const PlanGroup *before = g_hash_table_lookup(is_present, after->name);
                bool same = before != NULL && before->vlan == after->vlan &&
                            strcmp(before->switch_name, after->switch_name) == 0;

                g_hash_table_add(switches, after->switch_name);
                add_step(steps, before == NULL ? PLAN_MAKE : same ? PLAN_KEEP : PLAN_CHANGE, before, after);
        }
        for (unsigned i = 0; remove_others && i < present->len; i++) {
                const PlanGroup *before = present->pdata[i];

                if (!g_hash_table_contains(is_wanted, before->name) &&
                    g_hash_table_contains(switches, before->switch_name))
                        add_step(steps, PLAN_REMOVE, before, NULL);
        }
        return steps;
}
