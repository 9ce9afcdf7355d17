/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Programs and files in guests as lines for a shell. The user's password is asked for by the command. */
#include <string.h>

#include "api/recorder/shell.h"

static bool truth(const Step *step, const char *name)
{
        const VimValue *value = step_arg(step, name);

        return value != NULL && value->boolean;
}

/* "aerostat guest VERB --user 'NAME'". False: it is nobody with a name and a password. */
static bool begin(GString *line, const Step *step, const char *verb)
{
        const VimValue *auth = step_arg(step, "auth");

        if (auth == NULL || !vim_is(auth, "NamePasswordAuthentication"))
                return false;
        g_string_append_printf(line, "aerostat guest %s", verb);
        shell_add_option(line, "user", vim_get_text(auth, "username"));
        return true;
}

/* Operands; what begins with a hyphen is no option. */
static bool end(GString *line, const Step *step, const char *first, const char *second)
{
        const VimValue *vm = step_arg(step, "vm");
        const char *words[] = {shell_name_at(step_place(step, vm->text)), first, second};

        g_string_append(line, " --");
        for (unsigned i = 0; i < G_N_ELEMENTS(words) && words[i] != NULL; i++)
                shell_add_word(line, words[i]);
        return true;
}

static const char *text(const Step *step, const char *name)
{
        const VimValue *value = step_arg(step, name);

        return value != NULL ? value->text : NULL;
}

static void add_flag(GString *line, const Step *step, const char *name, const char *word)
{
        if (truth(step, name))
                g_string_append_printf(line, " --%s", word);
}

static bool add_program(GString *line, const Step *step)
{
        const VimValue *spec = step_arg(step, "spec"), *variables = vim_get(spec, "envVariables");
        const char *directory = vim_get_text(spec, "workingDirectory"),
                   *arguments = vim_get_text(spec, "arguments");
        g_autoptr(GString) list = g_string_new(NULL);

        if (!begin(line, step, "run --detach"))
                return false;
        for (unsigned i = 0; i < vim_length(variables); i++) {
                const char *variable = vim_item(variables, i)->text;
                g_autofree char *name = g_strndup(variable, strcspn(variable, "="));

                /* One with a comma in it the command cannot say, and a secret it should not. */
                if (strchr(variable, ',') != NULL || step_is_secret(NULL, name))
                        return false;
                g_string_append_printf(list, "%s%s", i > 0 ? "," : "", variable);
        }
        if (directory != NULL && *directory != '\0')
                shell_add_option(line, "directory", directory);
        if (list->len > 0)
                shell_add_option(line, "environment", list->str);
        return end(line, step, vim_get_text(spec, "programPath"),
                   arguments != NULL && *arguments != '\0' ? arguments : NULL);
}

bool shell_add_guest(GString *line, const Step *step)
{
        const char *method = step->method->name;
        bool directory = strstr(method, "Directory") != NULL;

        if (strcmp(method, "StartProgramInGuest") == 0)
                return add_program(line, step);
        if (strcmp(method, "MakeDirectoryInGuest") == 0) {
                if (!begin(line, step, "mkdir"))
                        return false;
                add_flag(line, step, "createParentDirectories", "parents");
                return end(line, step, text(step, "directoryPath"), NULL);
        }
        if (g_str_has_prefix(method, "Delete")) {
                if (!begin(line, step, directory ? "rm --directory" : "rm"))
                        return false;
                add_flag(line, step, "recursive", "recursive");
                return end(line, step, text(step, directory ? "directoryPath" : "filePath"), NULL);
        }
        if (g_str_has_prefix(method, "Move")) {
                if (!begin(line, step, directory ? "mv --directory" : "mv"))
                        return false;
                add_flag(line, step, "overwrite", "overwrite");
                return end(line, step, text(step, directory ? "srcDirectoryPath" : "srcFilePath"),
                           text(step, directory ? "dstDirectoryPath" : "dstFilePath"));
        }
        return false;
}
