/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * aerostat top: what it shows and how it shows it. Keys change the view and never wait, so that they
 * work while the daemon is being asked, too:
 *
 *      top.c (asks, waits) --> top-view.c (keys) --> struct Top --> top-screen.c (draws)
 */
#pragma once

#include "cli/daemon.h"

#define TOP_FIELDS_MAX 64
#define TOP_INPUT_MAX  12

typedef enum TopMode {
        TOP_LIST,
        TOP_HELP,
        TOP_CHOOSE, /* which columns */
        TOP_ORDER,  /* and where */
        TOP_ASK_DELAY,
        TOP_ASK_ROWS,
} TopMode;

typedef struct Top {
        ApiClient *client;
        JsonObject *host; /* NULL until the first answer */
        JsonArray *vms;
        GPtrArray *rows; /* of vms, in the order that is shown */

        /* Every column once, in the order in which they stand; the first, the name, stays there. */
        const Field *order[TOP_FIELDS_MAX];
        bool shown[TOP_FIELDS_MAX]; /* by place in order */
        unsigned n_fields;

        const Field *sort; /* NULL: by name */
        bool reversed;
        unsigned first_row, first_column; /* scrolled to; columns without the name */
        unsigned rows_max;                /* 0: as many as there is room for */
        unsigned rows_drawn;              /* the last time, for a page */
        uint64_t delay_ms, count;         /* count 0: without end */

        TopMode mode;
        unsigned cursor; /* of TOP_CHOOSE and TOP_ORDER */
        char input[TOP_INPUT_MAX + 1];
        char *message; /* what went wrong; NULL: nothing */
        bool quit, refresh;
} Top;

/* --- top-view.c --- */

/* The columns that --columns names, or NULL for those of esxtop. */
void top_view_init(Top *top, const GPtrArray *columns);

/* One key, as ncurses calls it. */
void top_view_key(Top *top, int key);

/* After new figures, or when the order has changed. */
void top_view_sort(Top *top);

/* --- top-header.c: esxtop's lines above the table --- */

#define TOP_HEADER_LINES 7

/* Line n, fit for a terminal. */
char *top_header_line(const Top *top, unsigned n);

/* Megabytes with two digits, as esxtop has them. */
char *top_format_cell(const Field *field, JsonObject *vm);

/* --- top-screen.c --- */

bool top_screen_open(GError **error);
void top_screen_close(void);
void top_screen_draw(Top *top);

/* Takes the keys that are there. */
void top_screen_read_keys(Top *top);

/* --- top-batch.c --- */

CliStatus top_batch(Top *top, GError **error);

/* --- top.c --- */

/* Asks the daemon; what was there before stays when that fails. */
bool top_fetch(Top *top, GError **error);
