/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How aerostat top looks on a terminal of any size, and where its keys come from. */
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/top.h"

#define NAME_WIDTH_MAX 24
#define CELL_WIDTH_MAX 40
#define CELL_WIDTH_MIN 8
#define PICK_WIDTH     80

static SCREEN *screen;
static bool utf8;

static const char *const help_lines[] = {
        "space    refresh now                s        delay between refreshes",
        "q        quit                       h ?      this help",
        "f        choose columns             o        order columns",
        "M        sort by MEMSZ              B        sort by MCTLSZ",
        "N        sort by name               R        reverse the order",
        "< >      sort by the column beside  # V      number of rows",
        "arrows, Home, End, PgUp (Ctrl-B), PgDn (Ctrl-F)   scroll",
        "",
        "Sizes are in MB, rates in MB per second. aerostat-top(1) explains the columns.",
};

/* Ctrl-C comes as a key, so that it ends the command as q does; Ctrl-Z still stops it. */
static void keep_interrupt_as_key(void)
{
        struct termios mode;

        if (tcgetattr(STDIN_FILENO, &mode) < 0)
                return;
        mode.c_cc[VINTR] = _POSIX_VDISABLE;
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &mode);
        (void)def_prog_mode();
}

bool top_screen_open(GError **error)
{
        /* Which bytes are one character; figures do not depend on it. */
        (void)setlocale(LC_CTYPE, "");
        utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
        screen = newterm(NULL, stdout, stdin);
        if (screen == NULL) {
                const char *term = g_getenv("TERM");
                g_autofree char *shown = g_strescape(term != NULL ? term : "", NULL);

                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "nothing is known about terminals of the type \"%s\": set TERM, or use --batch",
                            shown);
                return false;
        }
        (void)cbreak();
        (void)noecho();
        (void)keypad(stdscr, TRUE);
        (void)nodelay(stdscr, TRUE);
        (void)curs_set(0);
        (void)set_escdelay(50);
        keep_interrupt_as_key();
        return true;
}

void top_screen_close(void)
{
        (void)endwin();
        delscreen(screen);
        screen = NULL;
}

void top_screen_read_keys(Top *top)
{
        for (int key = getch(); key != ERR && !top->quit; key = getch())
                top_view_key(top, key);
}

/* Puts text, which is escaped, at y, x, in at most width columns; returns the columns it takes. */
static unsigned put(int y, int x, const char *text, unsigned width)
{
        g_autoptr(GString) ascii = g_string_new(NULL);
        const char *shown = text;
        size_t fit;

        if (!utf8) {
                for (const char *p = text; *p != '\0'; p++) {
                        if ((unsigned char)*p < 0x80)
                                g_string_append_c(ascii, *p);
                        else
                                g_string_append_printf(ascii, "\\x%02x", (unsigned char)*p);
                }
                shown = ascii->str;
        }
        fit = cli_fit(shown, width);
        if (y >= 0 && y < LINES && x < COLS)
                (void)mvaddnstr(y, x, shown, (int)fit);
        return MIN(cli_width(shown), width);
}

/* The columns that are shown, from the one that is scrolled to; the name first. */
static GPtrArray *get_columns(const Top *top)
{
        GPtrArray *columns = g_ptr_array_new();
        unsigned skipped = 0;

        g_ptr_array_add(columns, (gpointer)(uintptr_t)top->order[0]);
        for (unsigned i = 1; i < top->n_fields; i++) {
                if (!top->shown[i])
                        continue;
                if (skipped++ >= top->first_column)
                        g_ptr_array_add(columns, (gpointer)(uintptr_t)top->order[i]);
        }
        return columns;
}

static unsigned shown_width(const char *text)
{
        unsigned width = 0;

        if (utf8)
                return cli_width(text);
        for (; *text != '\0'; text++)
                width += (unsigned char)*text < 0x80 ? 1 : 4;
        return width;
}

/* One column at x: title and cells. Returns where the next begins. */
static int draw_column(const Top *top, const Field *field, int x, int y, unsigned n_rows)
{
        unsigned most = field == top->order[0] ? NAME_WIDTH_MAX : CELL_WIDTH_MAX;
        unsigned width = MAX((unsigned)strlen(field->title), field_is_text(field) ? 0U : CELL_WIDTH_MIN);
        g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
        bool left = field_is_text(field), sorted = field == (top->sort != NULL ? top->sort : top->order[0]);

        for (unsigned r = 0; r < n_rows; r++) {
                char *cell = top_format_cell(field, top->rows->pdata[top->first_row + r]);

                g_ptr_array_add(cells, cell);
                width = MAX(width, MIN(shown_width(cell), most));
        }
        /* Half a number would be a wrong one; half a text is enough. */
        if (!left && x + (int)width > COLS)
                return COLS;

        unsigned room = MIN(width, (unsigned)(COLS - x));
        (void)attron(sorted ? A_BOLD | A_UNDERLINE : A_BOLD);
        (void)put(y, x + (left ? 0 : (int)(width - strlen(field->title))), field->title, room);
        (void)attroff(A_BOLD | A_UNDERLINE);
        for (unsigned r = 0; r < n_rows; r++) {
                const char *cell = cells->pdata[r];
                unsigned pad = left ? 0 : width - MIN(shown_width(cell), width);

                (void)put(y + 1 + (int)r, x + (int)pad, cell, room);
        }
        return x + (int)width + 1;
}

static void draw_table(Top *top, int y)
{
        g_autoptr(GPtrArray) columns = get_columns(top);
        unsigned room = LINES > y + 1 ? (unsigned)(LINES - y - 1) : 0, n_rows;
        int x = 0;

        if (top->rows_max > 0)
                room = MIN(room, top->rows_max);
        n_rows = MIN(room, top->rows->len - MIN(top->first_row, top->rows->len));
        top->rows_drawn = room;
        for (unsigned c = 0; c < columns->len && x < COLS; c++)
                x = draw_column(top, columns->pdata[c], x, y, n_rows);
}

static void draw_prompt(const Top *top, int y)
{
        g_autofree char *text = NULL;

        if (top->mode == TOP_ASK_DELAY)
                text = g_strdup_printf("Delay in seconds (now %g): %s_", (double)top->delay_ms / 1000,
                                       top->input);
        else if (top->mode == TOP_ASK_ROWS)
                text = g_strdup_printf("Number of rows, 0 for as many as fit (now %u): %s_", top->rows_max,
                                       top->input);
        else if (top->message != NULL)
                text = g_strdup(top->message);
        if (text == NULL)
                return;
        (void)attron(A_REVERSE);
        (void)put(y, 0, text, (unsigned)COLS);
        (void)attroff(A_REVERSE);
}

static void draw_list(Top *top)
{
        /* What little room there is belongs to the VMs. */
        unsigned lines = LINES >= TOP_HEADER_LINES + 6 ? TOP_HEADER_LINES : LINES >= 6 ? 1 : 0;

        for (unsigned n = 0; n < lines; n++) {
                g_autofree char *text = top_header_line(top, n);

                (void)put((int)n, 0, text, (unsigned)COLS);
        }
        draw_prompt(top, (int)lines);
        draw_table(top, (int)lines + 1);
}

static void draw_help(const Top *top)
{
        g_autofree char *first = g_strdup_printf("aerostat top %s: any key to go back", AEROSTAT_VERSION);

        (void)top;
        (void)put(0, 0, first, (unsigned)COLS);
        for (unsigned i = 0; i < G_N_ELEMENTS(help_lines); i++)
                (void)put((int)i + 2, 0, help_lines[i], (unsigned)COLS);
}

static void draw_columns(const Top *top)
{
        const char *first = top->mode == TOP_CHOOSE
                                    ? "Columns: arrows choose, space shows or hides, any other key goes back"
                                    : "Order: up and down choose, < and > move, any other key goes back";
        unsigned room = LINES > 2 ? (unsigned)LINES - 2 : 1;
        unsigned from = top->cursor >= room ? top->cursor - room + 1 : 0;

        (void)put(0, 0, first, (unsigned)COLS);
        for (unsigned i = from; i < top->n_fields && i - from < room; i++) {
                g_autofree char *text = g_strdup_printf("%c %c %-9s %s", i == top->cursor ? '>' : ' ',
                                                        top->shown[i] ? '*' : ' ', top->order[i]->title,
                                                        top->order[i]->help);

                (void)attrset(i == top->cursor ? A_REVERSE : A_NORMAL);
                (void)put((int)(i - from) + 2, 0, text, MIN(PICK_WIDTH, (unsigned)COLS));
                (void)attrset(A_NORMAL);
        }
}

void top_screen_draw(Top *top)
{
        (void)erase();
        switch (top->mode) {
        case TOP_LIST:
        case TOP_ASK_DELAY:
        case TOP_ASK_ROWS:
                draw_list(top);
                break;
        case TOP_HELP:
                draw_help(top);
                break;
        case TOP_CHOOSE:
        case TOP_ORDER:
                draw_columns(top);
                break;
        }
        (void)refresh();
}
