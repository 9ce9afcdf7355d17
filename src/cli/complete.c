/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a shell may offer next. The shell's own part is a few lines that call "aerostat __complete"
 * with the words typed so far; all that is known about the commands stays in their tables.
 */
#include <string.h>

#include "cli/cli.h"

static size_t count(char *const *words)
{
        size_t n = 0;

        while (words[n] != NULL)
                n++;
        return n;
}

static void offer(const char *candidate, const char *prefix)
{
        if (g_str_has_prefix(candidate, prefix))
                puts(candidate);
}

static const CliOption *option_awaiting_value(const CliVerb *verb, const char *word)
{
        for (const CliOption *o = verb->options; o->name != NULL; o++)
                if ((g_str_has_prefix(word, "--") && strcmp(word + 2, o->name) == 0) ||
                    (o->letter != '\0' && word[0] == '-' && word[1] == o->letter && word[2] == '\0'))
                        return o->value != NULL && !o->optional ? o : NULL;
        return NULL;
}

static void offer_choices(const CliOption *option, const char *prefix)
{
        for (size_t i = 0; option->choices != NULL && option->choices[i] != NULL; i++)
                offer(option->choices[i], prefix);
        if (option->complete != NULL)
                option->complete(prefix);
}

static bool given(char *const *words, const char *option)
{
        size_t length = strlen(option);

        for (size_t i = 0; words[i] != NULL; i++)
                if (strncmp(words[i], option, length) == 0 &&
                    (words[i][length] == '\0' || words[i][length] == '='))
                        return true;
        return false;
}

static void complete_verb_words(const CliVerb *verb, char *const *words)
{
        size_t n = count(words);
        const char *typed = words[n - 1];
        const CliOption *waiting = n >= 2 ? option_awaiting_value(verb, words[n - 2]) : NULL;

        if (waiting != NULL) {
                offer_choices(waiting, typed);
        } else if (typed[0] == '-') {
                for (const CliOption *o = verb->options; o->name != NULL; o++) {
                        g_autofree char *option = g_strconcat("--", o->name, NULL);

                        if (strcmp(typed, option) == 0 || !given(words, option))
                                offer(option, typed);
                }
                offer("--help", typed);
        } else if (verb->complete_operand != NULL) {
                verb->complete_operand(typed);
        }
}

void cli_complete(char *const *words)
{
        size_t n = count(words);
        bool help = n > 1 && strcmp(words[0], "help") == 0;

        if (n == 0)
                return;
        if (help) {
                words++;
                n--;
        }
        if (n == 1) {
                for (const CliNoun *noun = cli_nouns; noun->name != NULL; noun++)
                        offer(noun->name, words[0]);
                if (!help) {
                        offer("help", words[0]);
                        if (words[0][0] == '-') {
                                offer("--help", words[0]);
                                offer("--version", words[0]);
                        }
                }
                return;
        }

        const CliNoun *noun = cli_find_noun(words[0], NULL);
        if (noun == NULL)
                return;
        if (noun->verbs == NULL) {
                if (!help)
                        complete_verb_words(noun->command, words + 1);
                return;
        }
        if (n == 2) {
                for (const CliVerb *v = noun->verbs; v->name != NULL; v++)
                        offer(v->name, words[1]);
                return;
        }

        const CliVerb *verb = cli_find_verb(noun, words[1], NULL);
        if (verb != NULL && !help)
                complete_verb_words(verb, words + 2);
}
