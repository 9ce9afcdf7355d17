/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The frame of the command line: nouns, their verbs, the verbs' options, and how a command ends. A
 * noun may have one command instead of verbs ("aerostat top").
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What the command exits with, and the code of every error in CLI_ERROR. Documented in aerostat(1). */
typedef enum CliStatus {
        CLI_OK = 0,
        CLI_FAILED = 1,
        CLI_USAGE = 2,     /* nothing was done */
        CLI_NOT_FOUND = 3, /* no VM, or more than one, goes by that name */
        CLI_TIMED_OUT = 4, /* no answer, or a --wait that ran out */
} CliStatus;

#define CLI_ERROR (cli_error_quark())
GQuark cli_error_quark(void);

typedef struct CliOption {
        const char *name;
        const char *value;          /* how help calls the value; NULL: the option takes none */
        const char *const *choices; /* the only values there are, for completion; NULL: not a fixed set */
        bool optional;              /* the value may be left out; it is then given as --name=value */
        const char *help;           /* lines end in \n, the last does not */
        char letter;                /* -n beside --name; 0: none */

        /* Prints values that begin with prefix, one a line. NULL: choices are all there is. */
        void (*complete)(const char *prefix);
} CliOption;

typedef struct CliArgs CliArgs;

typedef struct CliVerb {
        const char *name;
        const char *summary;  /* one line, in the imperative */
        const char *operands; /* how help calls the operands; NULL: there are none */
        unsigned operands_min;
        unsigned operands_max;    /* UINT_MAX: any number */
        const CliOption *options; /* ended by one without a name */
        const char *notes;        /* further paragraphs of the help; NULL: none */

        /* Either sets error and returns anything, or returns how the command went. */
        CliStatus (*run)(const CliArgs *args, GError **error);

        /* Prints operands that begin with prefix, one a line. NULL: none can be completed. */
        void (*complete_operand)(const char *prefix);
} CliVerb;

typedef struct CliNoun {
        const char *name;
        const char *summary;
        const CliVerb *verbs; /* ended by one without a name; NULL: there is only the command */
        const CliVerb *command;
} CliNoun;

/* Ended by one without a name. */
extern const CliNoun cli_nouns[];

/* --- args.c: what was given to one verb --- */

struct CliArgs {
        const CliVerb *verb;
        GPtrArray *operands; /* of char *, borrowed from argv */
        const char **values; /* one for each of the verb's options, borrowed from argv */
        bool help;           /* --help was among them; nothing else was checked */
};

bool cli_args_parse(CliArgs *args, const CliVerb *verb, char *const *words, GError **error);
void cli_args_clear(CliArgs *args);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliArgs, cli_args_clear)

/* The option's value, "" when it was given without one, NULL when it was not given. */
const char *cli_args_get(const CliArgs *args, const char *option);

static inline bool cli_args_has(const CliArgs *args, const char *option)
{
        return cli_args_get(args, option) != NULL;
}

/* Both leave *ret alone when the option was not given. */
bool cli_args_choice(const CliArgs *args, const char *option, const char *const *choices, unsigned *ret,
                     GError **error);
bool cli_args_uint(const CliArgs *args, const char *option, uint64_t min, uint64_t max, uint64_t *ret,
                   GError **error);

/* Seconds with a fraction; the bounds and the result are milliseconds. */
bool cli_args_seconds(const CliArgs *args, const char *option, uint64_t min_ms, uint64_t max_ms,
                      uint64_t *ret_ms, GError **error);

/* --- help.c --- */

void cli_help(FILE *out);
void cli_help_noun(FILE *out, const CliNoun *noun);
void cli_help_verb(FILE *out, const CliNoun *noun, const CliVerb *verb);

const CliNoun *cli_find_noun(const char *name, GError **error);
const CliVerb *cli_find_verb(const CliNoun *noun, const char *name, GError **error);

/* "noun verb", or the noun alone for its one command. */
char *cli_command_name(const CliNoun *noun, const CliVerb *verb);

/* Finds the word that was meant: set word, offer it all there are, then ask for the hint. */
typedef struct CliNearest {
        const char *word;
        const char *found;
        unsigned edits;
} CliNearest;

void cli_nearest_offer(CliNearest *nearest, const char *candidate);

/* "; did you mean X?", or "" when nothing offered is near. prefix is put before X. */
char *cli_nearest_hint(const CliNearest *nearest, const char *prefix);

/* --- complete.c --- */

/* Prints what may follow: words are what stands on the line, the last is being typed. */
void cli_complete(char *const *words);
