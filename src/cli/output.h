/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How figures and words are read and printed, the same for every noun. */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* --- size.c: memory sizes, read and written --- */

/* Each is 1024 times the one before. */
typedef enum CliUnit { CLI_UNIT_B, CLI_UNIT_K, CLI_UNIT_M, CLI_UNIT_G, CLI_UNIT_T, CLI_UNIT_AUTO } CliUnit;

extern const char *const cli_unit_names[]; /* in the order of CliUnit, ended by NULL */

/* "412M" and the like: readable, rounded. CLI_UNIT_B gives bytes without a letter. */
char *cli_format_size(uint64_t bytes, CliUnit unit);

/* Never rounded: in the largest unit that divides it. */
char *cli_format_size_exact(uint64_t bytes);

typedef struct CliSize {
        enum { CLI_SIZE_BYTES, CLI_SIZE_PERCENT, CLI_SIZE_NONE } kind;
        uint64_t bytes;
        double percent; /* 0..100 */
} CliSize;

/*
 * Reads 1.5G, 262144K, 4194304, 50% and, where none_allowed, "none". what names the value in the
 * error.
 */
bool cli_parse_size(const char *text, const char *what, bool none_allowed, CliSize *ret, GError **error);

/* --- text.c: words from elsewhere, made fit for a terminal --- */

/* Control and other invisible characters, bytes that are not UTF-8 and \ become \xNN. */
char *cli_escape(const char *text);

/* g_utf8_next_char() without its cast away from const. text is UTF-8 and not at its end. */
static inline const char *cli_next_char(const char *text)
{
        return text + g_utf8_skip[(unsigned char)*text];
}

/* Columns that text takes on a terminal. text is UTF-8. */
unsigned cli_width(const char *text);

/* The longest beginning of text that takes no more than width columns, in bytes. */
size_t cli_fit(const char *text, unsigned width);

/* A whole-number percentage that is 0 or 100 only when that is exact. */
unsigned cli_percent(uint64_t part, uint64_t whole);

char *cli_format_duration_ms(uint64_t ms);
char *cli_format_latency_ns(double ns);

/* --- table.c: the same rows as an aligned table or as CSV --- */

typedef enum CliFormat { CLI_FORMAT_TABLE, CLI_FORMAT_JSON, CLI_FORMAT_CSV } CliFormat;

extern const char *const cli_format_names[]; /* in the order of CliFormat, ended by NULL */

typedef struct CliColumn {
        const char *title; /* in a table */
        const char *field; /* in CSV */
        unsigned width;    /* at least, in a table */
        bool text;         /* set flush left; in CSV, quoted when needed */
} CliColumn;

typedef struct CliTable CliTable;

/* columns are borrowed, and ended by one without a title. */
CliTable *cli_table_new(const CliColumn *columns);
void cli_table_free(CliTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CliTable, cli_table_free)

/* Takes over the cells, one for each column, and the array. */
void cli_table_add(CliTable *table, GPtrArray *cells);

typedef struct CliTableLook {
        bool header;
        bool bold;      /* the header */
        unsigned width; /* lines are cut here; 0: never */
        unsigned rows;  /* at most that many, then how many there are besides; 0: all */
} CliTableLook;

/* Returns the lines printed. */
unsigned cli_table_print(CliTable *table, FILE *out, const CliTableLook *look);
void cli_table_print_csv(const CliTable *table, FILE *out, bool header);

/* --- terminal --- */

/* Whether out may be given bold type: a terminal, and NO_COLOR is not set. */
bool cli_may_style(FILE *out);

/* 0 for what is not a terminal. */
unsigned cli_terminal_width(FILE *out);
unsigned cli_terminal_height(FILE *out);

/* --- json.c --- */

/* JSON counts with 63 bits here; what is larger (no sane figure is) is given as the largest. */
void cli_json_add_uint(JsonBuilder *builder, const char *member, uint64_t value);
void cli_json_add_string(JsonBuilder *builder, const char *member, const char *value);

/* One value. Not indented, it is one line. No newline at the end. */
void cli_json_print(FILE *out, JsonBuilder *builder, bool indented);
void cli_json_print_node(FILE *out, JsonNode *root, bool indented);
