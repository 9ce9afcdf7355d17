/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Splits the words after a verb into options and operands, by the verb's table, and reads values.
 * Options and operands may be mixed; options cannot be shortened, so that a script which works
 * today does not become ambiguous when an option is added.
 */
#include <math.h>
#include <string.h>

#include "cli/cli.h"

GQuark cli_error_quark(void)
{
        return g_quark_from_static_string("aerostat-cli-error");
}

static unsigned count_options(const CliVerb *verb)
{
        unsigned n = 0;

        while (verb->options[n].name != NULL)
                n++;
        return n;
}

static const CliOption *find_option(const CliVerb *verb, const char *name, size_t length)
{
        for (const CliOption *o = verb->options; o->name != NULL; o++)
                if (strlen(o->name) == length && strncmp(o->name, name, length) == 0)
                        return o;
        return NULL;
}

static void set_unknown_option(const CliVerb *verb, const char *word, GError **error)
{
        g_autofree char *name = g_strndup(word, strcspn(word, "="));
        g_autofree char *shown = g_strescape(name, NULL);
        g_autofree char *hint = NULL;
        CliNearest nearest = {.word = name + strspn(name, "-")};

        for (const CliOption *o = verb->options; o->name != NULL; o++)
                cli_nearest_offer(&nearest, o->name);
        cli_nearest_offer(&nearest, "help");
        hint = strcmp(name, "--host") == 0 || strcmp(name, "-H") == 0
                       ? g_strdup(": the pagers of this machine are asked, and no others")
                       : cli_nearest_hint(&nearest, "--");
        g_set_error(error, CLI_ERROR, CLI_USAGE, "unknown option %s%s", shown, hint);
}

static const CliOption *find_letter(const CliVerb *verb, char letter)
{
        for (const CliOption *o = verb->options; o->name != NULL; o++)
                if (o->letter != '\0' && o->letter == letter)
                        return o;
        return NULL;
}

static bool set_value(CliArgs *args, const CliVerb *verb, const CliOption *option, const char *value,
                      GError **error)
{
        if (args->values[option - verb->options] != NULL) {
                g_set_error(error, CLI_ERROR, CLI_USAGE, "--%s is given twice", option->name);
                return false;
        }
        args->values[option - verb->options] = value;
        return true;
}

static bool set_value_missing(const CliOption *option, GError **error)
{
        g_set_error(error, CLI_ERROR, CLI_USAGE, "--%s needs a value: %s", option->name, option->value);
        return false;
}

/* Takes a word of letters: -b, -bn5, -n 5. Only the last of them may have a value. */
static bool take_letters(CliArgs *args, const CliVerb *verb, const char *word, const char *next,
                         bool *ret_took_next, GError **error)
{
        for (const char *p = word + 1; *p != '\0'; p++) {
                const CliOption *option = find_letter(verb, *p);
                const char *value = "";

                if (option == NULL) {
                        set_unknown_option(verb, word, error);
                        return false;
                }
                if (option->value != NULL && p[1] != '\0') {
                        value = p + 1;
                } else if (option->value != NULL && !option->optional) {
                        if (next == NULL)
                                return set_value_missing(option, error);
                        value = next;
                        *ret_took_next = true;
                }
                if (!set_value(args, verb, option, value, error))
                        return false;
                if (option->value != NULL)
                        return true;
        }
        return true;
}

/* Takes the option that word is; next is the word after it. Sets *ret_took_next when it is the value. */
static bool take_option(CliArgs *args, const CliVerb *verb, const char *word, const char *next,
                        bool *ret_took_next, GError **error)
{
        const char *equals = strchr(word, '=');
        const char *name = word + 2;
        size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
        const CliOption *option = NULL;
        const char *value = equals != NULL ? equals + 1 : NULL;

        if (!g_str_has_prefix(word, "--") && find_letter(verb, word[1]) != NULL)
                return take_letters(args, verb, word, next, ret_took_next, error);
        if (g_str_has_prefix(word, "--"))
                option = find_option(verb, name, length);
        if (option == NULL) {
                set_unknown_option(verb, word, error);
                return false;
        }
        if (option->value == NULL) {
                if (value != NULL) {
                        g_set_error(error, CLI_ERROR, CLI_USAGE, "--%s takes no value", option->name);
                        return false;
                }
                value = "";
        } else if (value == NULL && option->optional) {
                value = "";
        } else if (value == NULL) {
                if (next == NULL)
                        return set_value_missing(option, error);
                value = next;
                *ret_took_next = true;
        }
        return set_value(args, verb, option, value, error);
}

static bool check_operands(const CliArgs *args, const CliVerb *verb, GError **error)
{
        if (args->operands->len < verb->operands_min) {
                g_set_error(error, CLI_ERROR, CLI_USAGE, "%s is missing", verb->operands);
                return false;
        }
        if (args->operands->len > verb->operands_max) {
                g_autofree char *word = g_strescape(args->operands->pdata[verb->operands_max], NULL);

                g_set_error(error, CLI_ERROR, CLI_USAGE, "one word too many: \"%s\"", word);
                return false;
        }
        return true;
}

bool cli_args_parse(CliArgs *args, const CliVerb *verb, char *const *words, GError **error)
{
        bool options_ended = false;

        args->verb = verb;
        args->operands = g_ptr_array_new();
        args->values = g_new0(const char *, count_options(verb) + 1);

        for (size_t i = 0; words[i] != NULL; i++) {
                bool took_next = false;

                if (options_ended || words[i][0] != '-' || words[i][1] == '\0') {
                        g_ptr_array_add(args->operands, words[i]);
                } else if (strcmp(words[i], "--") == 0) {
                        options_ended = true;
                } else if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0) {
                        args->help = true;
                        return true;
                } else if (!take_option(args, verb, words[i], words[i + 1], &took_next, error)) {
                        return false;
                }
                i += took_next ? 1 : 0;
        }

        return check_operands(args, verb, error);
}

void cli_args_clear(CliArgs *args)
{
        g_clear_pointer(&args->operands, g_ptr_array_unref);
        g_clear_pointer(&args->values, g_free);
}

const char *cli_args_get(const CliArgs *args, const char *option)
{
        const CliOption *o = find_option(args->verb, option, strlen(option));

        /* An option that the verb does not have is a mistake in this program. */
        g_return_val_if_fail(o != NULL, NULL);
        return args->values[o - args->verb->options];
}

bool cli_args_choice(const CliArgs *args, const char *option, const char *const *choices, unsigned *ret,
                     GError **error)
{
        const char *text = cli_args_get(args, option);

        if (text == NULL)
                return true;
        for (unsigned i = 0; choices[i] != NULL; i++) {
                if (strcmp(choices[i], text) == 0) {
                        *ret = i;
                        return true;
                }
        }

        g_autoptr(GString) list = g_string_new(NULL);
        g_autofree char *shown = g_strescape(text, NULL);
        for (unsigned i = 0; choices[i] != NULL; i++)
                g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", choices[i]);
        g_set_error(error, CLI_ERROR, CLI_USAGE, "--%s is one of %s, not \"%s\"", option, list->str, shown);
        return false;
}

bool cli_args_uint(const CliArgs *args, const char *option, uint64_t min, uint64_t max, uint64_t *ret,
                   GError **error)
{
        const char *text = cli_args_get(args, option);
        guint64 value = 0;

        if (text == NULL)
                return true;
        if (!g_ascii_string_to_unsigned(text, 10, min, max, &value, NULL)) {
                g_autofree char *shown = g_strescape(text, NULL);

                if (max == UINT64_MAX)
                        g_set_error(error, CLI_ERROR, CLI_USAGE,
                                    "--%s is a whole number from %" G_GUINT64_FORMAT " up, not \"%s\"",
                                    option, min, shown);
                else
                        g_set_error(error, CLI_ERROR, CLI_USAGE,
                                    "--%s is a whole number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                                    ", not \"%s\"",
                                    option, min, max, shown);
                return false;
        }
        *ret = value;
        return true;
}

bool cli_args_seconds(const CliArgs *args, const char *option, uint64_t min_ms, uint64_t max_ms,
                      uint64_t *ret_ms, GError **error)
{
        const char *text = cli_args_get(args, option);
        char *end = NULL;
        double seconds;

        if (text == NULL)
                return true;

        /* strtod also reads "inf", "nan", hexadecimal and leading blanks. */
        seconds = strspn(text, "0123456789.") == strlen(text) ? g_ascii_strtod(text, &end) : -1;
        if (end == NULL || end == text || *end != '\0' || seconds * 1000 < (double)min_ms ||
            seconds * 1000 > (double)max_ms) {
                g_autofree char *shown = g_strescape(text, NULL);

                g_set_error(error, CLI_ERROR, CLI_USAGE, "--%s is seconds from %g to %g, not \"%s\"", option,
                            (double)min_ms / 1000, (double)max_ms / 1000, shown);
                return false;
        }
        *ret_ms = (uint64_t)llround(seconds * 1000);
        return true;
}
