/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows of cells, printed as an aligned table for people or as CSV (RFC 4180, but with \n) for programs. */
#include <string.h>

#include "cli/output.h"

const char *const cli_format_names[] = {"table", "json", "csv", NULL};

struct CliTable {
        const CliColumn *columns;
        unsigned n_columns;
        unsigned *widths; /* in the making of lines */
        GPtrArray *rows;  /* of GPtrArray of char *, UTF-8 */
};

CliTable *cli_table_new(const CliColumn *columns)
{
        CliTable *table = g_new0(CliTable, 1);

        table->columns = columns;
        while (columns[table->n_columns].title != NULL)
                table->n_columns++;
        table->widths = g_new0(unsigned, table->n_columns);
        table->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
        return table;
}

void cli_table_free(CliTable *table)
{
        if (table == NULL)
                return;
        g_ptr_array_unref(table->rows);
        g_free(table->widths);
        g_free(table);
}

void cli_table_add(CliTable *table, GPtrArray *cells)
{
        g_assert(cells->len == table->n_columns);
        g_ptr_array_set_free_func(cells, g_free);
        g_ptr_array_add(table->rows, cells);
}

static const char *cell(const CliTable *table, unsigned row, unsigned column)
{
        const GPtrArray *cells = table->rows->pdata[row];

        return cells->pdata[column];
}

static void append_aligned(GString *line, const char *text, unsigned width, bool flush_left)
{
        unsigned used = cli_width(text);
        unsigned pad = width > used ? width - used : 0;

        if (line->len > 0)
                g_string_append(line, "  ");
        if (flush_left)
                g_string_append_printf(line, "%s%*s", text, (int)pad, "");
        else
                g_string_append_printf(line, "%*s%s", (int)pad, "", text);
}

static void print_line(GString *line, FILE *out, const CliTableLook *look, bool bold)
{
        while (line->len > 0 && line->str[line->len - 1] == ' ')
                g_string_truncate(line, line->len - 1);
        if (look->width > 0)
                g_string_truncate(line, cli_fit(line->str, look->width));
        fprintf(out, "%s%s%s\n", bold ? "\033[1m" : "", line->str, bold ? "\033[0m" : "");
}

unsigned cli_table_print(CliTable *table, FILE *out, const CliTableLook *look)
{
        unsigned *widths = table->widths;
        unsigned shown = table->rows->len, lines = 0;
        g_autoptr(GString) line = g_string_new(NULL);

        if (look->rows > 0)
                shown = MIN(shown, look->rows);
        for (unsigned c = 0; c < table->n_columns; c++) {
                widths[c] = MAX(table->columns[c].width, cli_width(table->columns[c].title));
                for (unsigned r = 0; r < shown; r++)
                        widths[c] = MAX(widths[c], cli_width(cell(table, r, c)));
        }

        if (look->header) {
                for (unsigned c = 0; c < table->n_columns; c++)
                        append_aligned(line, table->columns[c].title, widths[c], table->columns[c].text);
                print_line(line, out, look, look->bold);
                lines++;
        }
        for (unsigned r = 0; r < shown; r++) {
                g_string_truncate(line, 0);
                for (unsigned c = 0; c < table->n_columns; c++)
                        append_aligned(line, cell(table, r, c), widths[c], table->columns[c].text);
                print_line(line, out, look, false);
                lines++;
        }
        if (shown < table->rows->len) {
                g_string_printf(line, "and %u more", table->rows->len - shown);
                print_line(line, out, look, false);
                lines++;
        }
        return lines;
}

static void print_csv_cell(FILE *out, const char *text)
{
        if (strpbrk(text, ",\"\r\n") == NULL) {
                fputs(text, out);
                return;
        }
        putc('"', out);
        for (; *text != '\0'; text++) {
                if (*text == '"')
                        putc('"', out);
                putc(*text, out);
        }
        putc('"', out);
}

void cli_table_print_csv(const CliTable *table, FILE *out, bool header)
{
        for (unsigned c = 0; header && c < table->n_columns; c++)
                fprintf(out, "%s%s", c > 0 ? "," : "", table->columns[c].field);
        if (header)
                putc('\n', out);
        for (unsigned r = 0; r < table->rows->len; r++) {
                for (unsigned c = 0; c < table->n_columns; c++) {
                        if (c > 0)
                                putc(',', out);
                        print_csv_cell(out, cell(table, r, c));
                }
                putc('\n', out);
        }
}
