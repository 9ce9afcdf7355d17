/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Help texts, made from the tables of nouns and verbs, and suggestions for words that are not there. */
#include <string.h>

#include "cli/cli.h"

#define COLUMN 26 /* where the explanation of an option begins */

void cli_help(FILE *out)
{
        fputs("Usage: aerostat NOUN VERB [OPTION...] [ARGUMENT...]\n"
              "       aerostat COMMAND [OPTION...]\n"
              "       aerostat help [NOUN [VERB]]\n"
              "       aerostat --version\n"
              "\n"
              "Shares a host's memory among its virtual machines.\n"
              "\n"
              "Nouns:\n",
              out);
        for (const CliNoun *n = cli_nouns; n->name != NULL; n++)
                if (n->verbs != NULL)
                        fprintf(out, "  %-12s %s\n", n->name, n->summary);
        fputs("\n"
              "Commands:\n",
              out);
        for (const CliNoun *n = cli_nouns; n->name != NULL; n++)
                if (n->verbs == NULL)
                        fprintf(out, "  %-12s %s\n", n->name, n->summary);
        fputs("\n"
              "All but pager ask the host that --host, AEROSTAT_HOST or a file says, else this one.\n"
              "Exit status: 0 done, 1 failed, 2 the command line is wrong (nothing was done),\n"
              "3 no VM or more than one goes by that name, 4 no answer in time.\n",
              out);
}

void cli_help_noun(FILE *out, const CliNoun *noun)
{
        fprintf(out,
                "Usage: aerostat %s VERB [OPTION...] [ARGUMENT...]\n"
                "\n"
                "%s.\n"
                "\n"
                "Verbs:\n",
                noun->name, noun->summary);
        for (const CliVerb *v = noun->verbs; v->name != NULL; v++)
                fprintf(out, "  %-12s %s\n", v->name, v->summary);
        fprintf(out, "\n'aerostat %s VERB --help' tells more.\n", noun->name);
}

static void help_option(FILE *out, const CliOption *option)
{
        const char letter[] = {'-', option->letter, ',', ' ', '\0'};
        const char *name = option->name, *value = option->value, *help = option->help;
        const char *dash = option->letter != '\0' ? letter : "";
        bool optional = option->optional;
        g_autofree char *left = NULL;
        g_auto(GStrv) lines = g_strsplit(help, "\n", -1);

        if (value == NULL)
                left = g_strdup_printf("  %s--%s", dash, name);
        else if (optional)
                left = g_strdup_printf("  %s--%s[=%s]", dash, name, value);
        else
                left = g_strdup_printf("  %s--%s %s", dash, name, value);

        /* An option as long as the column has its explanation start on the next line. */
        if (strlen(left) + 2 > COLUMN)
                fprintf(out, "%s\n%*s%s\n", left, COLUMN, "", lines[0]);
        else
                fprintf(out, "%-*s%s\n", COLUMN, left, lines[0]);
        for (size_t i = 1; lines[i] != NULL; i++)
                fprintf(out, "%*s%s\n", COLUMN, "", lines[i]);
}

void cli_help_verb(FILE *out, const CliNoun *noun, const CliVerb *verb)
{
        static const CliOption help = {.name = "help", .help = "show this text", .letter = 'h'};
        g_autofree char *name = cli_command_name(noun, verb);

        fprintf(out, "Usage: aerostat %s [OPTION...]%s%s\n\n%s.\n\nOptions:\n", name,
                verb->operands != NULL ? " " : "", verb->operands != NULL ? verb->operands : "",
                verb->summary);
        for (const CliOption *o = verb->options; o->name != NULL; o++)
                help_option(out, o);
        help_option(out, &help);
        if (verb->notes != NULL)
                fprintf(out, "\n%s\n", verb->notes);
}

char *cli_command_name(const CliNoun *noun, const CliVerb *verb)
{
        if (verb == noun->command)
                return g_strdup(noun->name);
        return g_strconcat(noun->name, " ", verb->name, NULL);
}

/* Edits (insert, delete, replace, swap of neighbours) from a to b; more than limit counts as limit + 1. */
static unsigned distance(const char *a, const char *b, unsigned limit)
{
        size_t na = strlen(a), nb = strlen(b);
        unsigned rows[3][33];
        unsigned *two_back = rows[0], *back = rows[1], *row = rows[2];

        if (na >= G_N_ELEMENTS(rows[0]) || nb >= G_N_ELEMENTS(rows[0]))
                return limit + 1;
        for (size_t j = 0; j <= nb; j++) {
                two_back[j] = 0;
                back[j] = (unsigned)j;
        }
        for (size_t i = 1; i <= na; i++) {
                unsigned *oldest = two_back;

                row[0] = (unsigned)i;
                for (size_t j = 1; j <= nb; j++) {
                        row[j] = back[j - 1] + (a[i - 1] != b[j - 1]);
                        row[j] = MIN(row[j], MIN(back[j], row[j - 1]) + 1);
                        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                                row[j] = MIN(row[j], two_back[j - 2] + 1);
                }
                two_back = back;
                back = row;
                row = oldest;
        }
        return MIN(back[nb], limit + 1);
}

void cli_nearest_offer(CliNearest *nearest, const char *candidate)
{
        unsigned most = strlen(nearest->word) <= 3 ? 1 : 2;
        unsigned edits = distance(nearest->word, candidate, most);

        /* The beginning of a word is as good as one slip. */
        if (strlen(nearest->word) >= 2 && g_str_has_prefix(candidate, nearest->word))
                edits = MIN(edits, 1);
        if (edits <= most && (nearest->found == NULL || edits < nearest->edits)) {
                nearest->found = candidate;
                nearest->edits = edits;
        }
}

char *cli_nearest_hint(const CliNearest *nearest, const char *prefix)
{
        if (nearest->found == NULL)
                return g_strdup("");
        return g_strdup_printf("; did you mean %s%s?", prefix, nearest->found);
}

const CliNoun *cli_find_noun(const char *name, GError **error)
{
        g_autofree char *hint = NULL, *shown = NULL;
        CliNearest nearest = {.word = name};

        for (const CliNoun *n = cli_nouns; n->name != NULL; n++) {
                if (strcmp(n->name, name) == 0)
                        return n;
                cli_nearest_offer(&nearest, n->name);
        }
        cli_nearest_offer(&nearest, "help");

        hint = cli_nearest_hint(&nearest, "");
        shown = g_strescape(name, NULL);
        g_set_error(error, CLI_ERROR, CLI_USAGE, "there is no \"%s\"%s", shown, hint);
        return NULL;
}

const CliVerb *cli_find_verb(const CliNoun *noun, const char *name, GError **error)
{
        g_autofree char *hint = NULL, *shown = NULL;
        CliNearest nearest = {.word = name};

        for (const CliVerb *v = noun->verbs; v != NULL && v->name != NULL; v++) {
                if (strcmp(v->name, name) == 0)
                        return v;
                cli_nearest_offer(&nearest, v->name);
        }

        hint = cli_nearest_hint(&nearest, "");
        shown = g_strescape(name, NULL);
        g_set_error(error, CLI_ERROR, CLI_USAGE, "%s has no verb \"%s\"%s", noun->name, shown, hint);
        return NULL;
}
