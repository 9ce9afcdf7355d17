/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the keys of aerostat top do: esxtop's keys where it has them. */
#include <ncurses.h>
#include <string.h>

#include "cli/top.h"

#define KEY_CTRL_B 2 /* for terminals without keys for pages */
#define KEY_CTRL_C 3
#define KEY_CTRL_F 6
#define KEY_ESCAPE 27

#define ESXTOP_COLUMNS                                                                    \
        "name,memsz,grant,sztgt,tchd,mctl?,mctlsz,mctltgt,mctlmax,swcur,swtgt,swr/s,sww/" \
        "s,cachesz,cacheusd,"                                                             \
        "zip/s,unzip/s"

static void append(Top *top, const Field *field, bool shown)
{
        for (unsigned i = 0; i < top->n_fields; i++)
                if (top->order[i] == field)
                        return;
        top->order[top->n_fields] = field;
        top->shown[top->n_fields++] = shown;
}

void top_view_init(Top *top, const GPtrArray *columns)
{
        g_autoptr(GPtrArray) esxtop = field_find_list(vm_fields, ESXTOP_COLUMNS, "", NULL);
        const GPtrArray *wanted = columns != NULL ? columns : esxtop;

        g_assert(field_count(vm_fields) <= TOP_FIELDS_MAX);
        append(top, &vm_fields[0], true);
        for (unsigned i = 0; i < wanted->len; i++)
                append(top, wanted->pdata[i], true);
        for (const Field *f = vm_fields; f->title != NULL; f++)
                append(top, f, false);
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

static void step_to(unsigned *position, int by, unsigned count)
{
        long to = (long)*position + by, last = count > 0 ? (long)count - 1 : 0;

        *position = (unsigned)CLAMP(to, 0, last);
}

void top_view_sort(Top *top)
{
        Order order = {top->sort, top->reversed};

        g_clear_pointer(&top->rows, g_ptr_array_unref);
        top->rows = g_ptr_array_new();
        for (guint i = 0; i < json_array_get_length(top->vms); i++)
                g_ptr_array_add(top->rows, json_array_get_object_element(top->vms, i));
        g_ptr_array_sort_with_data(top->rows, compare, &order);
        step_to(&top->first_row, 0, top->rows->len);
}

static void sort_by(Top *top, const char *title)
{
        top->sort = title != NULL ? field_find(vm_fields, title, "", NULL) : NULL;
        top->reversed = false;
        top->first_row = 0;
        top_view_sort(top);
}

/* To the column beside it. */
static void sort_beside(Top *top, int step)
{
        const Field *now = top->sort != NULL ? top->sort : top->order[0];
        int at = 0, n = (int)top->n_fields;

        while (at < n && top->order[at] != now)
                at++;
        for (int to = at + step; to >= 0 && to < n; to += step) {
                if (top->shown[to]) {
                        top->sort = top->order[to];
                        top->reversed = false;
                        top_view_sort(top);
                        return;
                }
        }
}

static unsigned count_shown(const Top *top)
{
        unsigned n = 0;

        for (unsigned i = 1; i < top->n_fields; i++)
                n += top->shown[i] ? 1 : 0;
        return n;
}

static void begin(Top *top, TopMode mode)
{
        top->mode = mode;
        top->cursor = 0;
        top->input[0] = '\0';
}

static void list_key(Top *top, int key)
{
        int page = top->rows_drawn > 1 ? (int)top->rows_drawn - 1 : 1;

        switch (key) {
        case 'q':
        case KEY_CTRL_C:
                top->quit = true;
                break;
        case ' ':
        case '\n':
                top->refresh = true;
                break;
        case 'h':
        case '?':
                begin(top, TOP_HELP);
                break;
        case 's':
                begin(top, TOP_ASK_DELAY);
                break;
        case '#':
        case 'V':
                begin(top, TOP_ASK_ROWS);
                break;
        case 'f':
        case 'F':
                begin(top, TOP_CHOOSE);
                break;
        case 'o':
        case 'O':
                begin(top, TOP_ORDER);
                break;
        case 'M':
                sort_by(top, "MEMSZ");
                break;
        case 'B':
                sort_by(top, "MCTLSZ");
                break;
        case 'N':
                sort_by(top, NULL);
                break;
        case '<':
                sort_beside(top, -1);
                break;
        case '>':
                sort_beside(top, 1);
                break;
        case 'R':
                top->reversed = !top->reversed;
                top_view_sort(top);
                break;
        case KEY_UP:
                step_to(&top->first_row, -1, top->rows->len);
                break;
        case KEY_DOWN:
                step_to(&top->first_row, 1, top->rows->len);
                break;
        case KEY_PPAGE:
        case KEY_CTRL_B:
                step_to(&top->first_row, -page, top->rows->len);
                break;
        case KEY_NPAGE:
        case KEY_CTRL_F:
                step_to(&top->first_row, page, top->rows->len);
                break;
        case KEY_HOME:
                top->first_row = 0;
                break;
        case KEY_END:
                step_to(&top->first_row, (int)top->rows->len, top->rows->len);
                step_to(&top->first_row, -page, top->rows->len);
                break;
        case KEY_LEFT:
                step_to(&top->first_column, -1, count_shown(top));
                break;
        case KEY_RIGHT:
                step_to(&top->first_column, 1, count_shown(top));
                break;
        default:
                break;
        }
}

/* The name stays first, and shown. */
static void toggle(Top *top)
{
        if (top->cursor > 0)
                top->shown[top->cursor] = !top->shown[top->cursor];
        step_to(&top->first_column, 0, count_shown(top));
}

static void move_column(Top *top, int step)
{
        unsigned to = top->cursor + (unsigned)step;
        const Field *field = top->order[top->cursor];
        bool shown = top->shown[top->cursor];

        if (top->cursor == 0 || to == 0 || to >= top->n_fields)
                return;
        top->order[top->cursor] = top->order[to];
        top->shown[top->cursor] = top->shown[to];
        top->order[to] = field;
        top->shown[to] = shown;
        top->cursor = to;
}

static void columns_key(Top *top, int key)
{
        switch (key) {
        case KEY_UP:
                step_to(&top->cursor, -1, top->n_fields);
                break;
        case KEY_DOWN:
                step_to(&top->cursor, 1, top->n_fields);
                break;
        case KEY_HOME:
                top->cursor = 0;
                break;
        case KEY_END:
                top->cursor = top->n_fields - 1;
                break;
        case KEY_LEFT:
        case '<':
                if (top->mode == TOP_ORDER)
                        move_column(top, -1);
                break;
        case KEY_RIGHT:
        case '>':
                if (top->mode == TOP_ORDER)
                        move_column(top, 1);
                break;
        case ' ':
                toggle(top);
                break;
        case KEY_RESIZE:
                break;
        case KEY_CTRL_C:
                top->quit = true;
                break;
        default:
                begin(top, TOP_LIST);
                break;
        }
}

static void take_input(Top *top)
{
        if (top->mode == TOP_ASK_DELAY) {
                char *end = NULL;
                double seconds = g_ascii_strtod(top->input, &end);

                if (end == top->input || *end != '\0' || !(seconds >= 0.1 && seconds <= 3600)) {
                        g_free(top->message);
                        top->message = g_strdup("the delay is seconds from 0.1 to 3600");
                } else {
                        top->delay_ms = (uint64_t)(seconds * 1000 + 0.5);
                }
        } else {
                guint64 rows = 0;

                if (g_ascii_string_to_unsigned(top->input, 10, 0, 100000, &rows, NULL)) {
                        top->rows_max = (unsigned)rows;
                } else {
                        g_free(top->message);
                        top->message = g_strdup("the number of rows is 0 (as many as fit) to 100000");
                }
        }
}

static void input_key(Top *top, int key)
{
        size_t length = strlen(top->input);

        if (key == '\n' || key == '\r' || key == KEY_ENTER) {
                if (length > 0)
                        take_input(top);
                top->mode = TOP_LIST;
        } else if (key == KEY_ESCAPE) {
                top->mode = TOP_LIST;
        } else if (key == KEY_CTRL_C) {
                top->quit = true;
        } else if ((key == KEY_BACKSPACE || key == 127 || key == 8) && length > 0) {
                top->input[length - 1] = '\0';
        } else if (((key >= '0' && key <= '9') || key == '.') && length < TOP_INPUT_MAX) {
                top->input[length] = (char)key;
                top->input[length + 1] = '\0';
        }
}

void top_view_key(Top *top, int key)
{
        if (key != KEY_RESIZE)
                g_clear_pointer(&top->message, g_free);
        switch (top->mode) {
        case TOP_LIST:
                list_key(top, key);
                break;
        case TOP_HELP:
                if (key == KEY_CTRL_C)
                        top->quit = true;
                else if (key != KEY_RESIZE)
                        begin(top, TOP_LIST);
                break;
        case TOP_CHOOSE:
        case TOP_ORDER:
                columns_key(top, key);
                break;
        case TOP_ASK_DELAY:
        case TOP_ASK_ROWS:
                input_key(top, key);
                break;
        }
}
