/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the clients' tests ask of the wire formats. Documents come and go with a NUL after each:
 *
 *   vim-tool read           values as SOAP come back as we write them
 *   vim-tool call           requests come back as JSON, {"method": ..., "args": ...}, as they were read
 *   vim-tool result METHOD  a value becomes the whole answer of that method
 * ("VirtualMachine.PowerOnVM_Task") vim-tool fault          a LocalizedMethodFault becomes the whole answer
 * that says so vim-tool wsdl FOLDER    writes the WSDL and its schemas there
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vim/json.h"
#include "vim/soap.h"
#include "vim/wsdl.h"

G_NORETURN static void die(const char *why)
{
        (void)fprintf(stderr, "vim-tool: %s\n", why);
        exit(EXIT_FAILURE);
}

static void print_document(GString *text)
{
        (void)fwrite(text->str, 1, text->len + 1, stdout);
        (void)g_string_free(text, TRUE);
}

static void on_read(const VimValue *value, const char *argument)
{
        GString *text = g_string_new(NULL);

        (void)argument;
        soap_write_value(text, "object", value, VIM_NEWEST);
        print_document(text);
}

static void on_result(const VimValue *value, const char *argument)
{
        g_auto(GStrv) parts = g_strsplit(argument, ".", 2);
        const VimType *type = vim_type(parts[0]);
        const VimMethod *method = type != NULL && parts[1] != NULL ? vim_type_method(type, parts[1]) : NULL;

        if (method == NULL)
                die("there is no such method");
        print_document(soap_write_result(method, value, VIM_NEWEST));
}

static void on_fault(const VimValue *value, const char *argument)
{
        (void)argument;
        if (!vim_is(value, "LocalizedMethodFault"))
                die("a LocalizedMethodFault is meant to come");
        print_document(soap_write_fault(vim_get(value, "fault"), vim_get_text(value, "localizedMessage"),
                                        VIM_NEWEST));
}

/* Every object is of the type that it is called by. */
static const VimType *type_of(const char *claimed, const char *id, gpointer user_data)
{
        (void)id;
        (void)user_data;
        return vim_type(claimed);
}

static void print_call(const char *line)
{
        g_auto(WireCall) call = {0};
        g_autoptr(GError) error = NULL;
        GString *text;

        if (!soap_read_call(line, strlen(line), type_of, NULL, &call, &error))
                die(error->message);
        text = g_string_new(NULL);
        g_string_append_printf(
                text, "{\"method\":\"%s\",\"type\":\"%s\",\"id\":\"%s\",\"operation\":\"%s\",\"args\":{",
                call.method_name, call.object_type, call.object_id,
                call.operation_id != NULL ? call.operation_id : "");
        for (unsigned i = 0, n = 0; i < call.method->n_params; i++) {
                GString *arg = call.args[i] != NULL ? json_write_any(call.args[i], VIM_NEWEST) : NULL;

                if (arg == NULL)
                        continue;
                g_string_append_printf(text, "%s\"%s\":%s", n++ > 0 ? "," : "", call.method->params[i].name,
                                       arg->str);
                (void)g_string_free(arg, TRUE);
        }
        g_string_append(text, "}}");
        print_document(text);
}

static void write_documents(const char *folder)
{
        static const char *const names[] = {"vimService.wsdl",      "vim.wsdl",
                                            "core-types.xsd",       "vim-types.xsd",
                                            "vim-messagetypes.xsd", "vimServiceVersions.xml"};

        for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
                g_autofree char *path = g_build_filename(folder, names[i], NULL);
                const GString *text = wsdl_document(names[i]);

                if (text == NULL || !g_file_set_contents(path, text->str, (gssize)text->len, NULL))
                        die(path);
        }
}

static void for_each_document(void (*answer)(const VimValue *value, const char *argument),
                              const char *argument)
{
        g_autofree char *line = NULL;
        size_t size = 0;

        while (getdelim(&line, &size, '\0', stdin) > 0) {
                g_autoptr(GError) error = NULL;
                g_autoptr(VimValue) value = NULL;

                if (answer == NULL) {
                        print_call(line);
                        continue;
                }
                value = soap_read_value(line, strlen(line), &error);
                if (value == NULL)
                        die(error->message);
                answer(value, argument);
        }
}

int main(int argc, char **argv)
{
        const char *verb = argc > 1 ? argv[1] : "", *argument = argc > 2 ? argv[2] : "";

        if (strcmp(verb, "read") == 0)
                for_each_document(on_read, argument);
        else if (strcmp(verb, "call") == 0)
                for_each_document(NULL, argument);
        else if (strcmp(verb, "result") == 0)
                for_each_document(on_result, argument);
        else if (strcmp(verb, "fault") == 0)
                for_each_document(on_fault, argument);
        else if (strcmp(verb, "wsdl") == 0)
                write_documents(argument);
        else
                die("read, call, result, fault or wsdl?");
        return EXIT_SUCCESS;
}
