/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a request, and as a value: what is understood is written and read as the same again. */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>

#include "vim/soap.h"

#define CHECK(condition) ((condition) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Everything that is called is a VM. */
static const VimType *type_of(const char *claimed, const char *id, gpointer user_data)
{
        (void)claimed;
        (void)id;
        (void)user_data;
        return vim_type("VirtualMachine");
}

static GString *write_value(const VimValue *value)
{
        GString *text = g_string_new(NULL);

        soap_write_value(text, "v", value, VIM_NEWEST);
        return text;
}

/* What is written may be larger than what was read, and beyond the bounds; else it is as it was. */
static void check_value(const VimValue *value)
{
        g_autoptr(GString) text = write_value(value);
        g_autoptr(GString) old = g_string_new(NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(VimValue) again = soap_read_value(text->str, text->len, &error);
        g_autoptr(GString) same = again != NULL ? write_value(again) : NULL;

        CHECK(again != NULL || g_error_matches(error, WIRE_ERROR, WIRE_ERROR_MALFORMED));
        CHECK(same == NULL || g_string_equal(text, same));
        soap_write_value(old, "v", value, VIM_4_0);
        CHECK(old->len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        g_auto(WireCall) call = {0};
        g_autoptr(VimValue) value = soap_read_value((const char *)data, size, NULL);

        if (value != NULL)
                check_value(value);
        if (!soap_read_call((const char *)data, size, type_of, NULL, &call, NULL))
                return 0;
        for (unsigned i = 0; i < call.method->n_params; i++)
                if (call.args[i] != NULL)
                        check_value(call.args[i]);
        return 0;
}
