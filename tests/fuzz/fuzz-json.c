/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as arguments, and as a value: what is understood is written and read as the same again. */
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>

#include "vim/json.h"

#define CHECK(condition) ((condition) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is written may be larger than what was read, and beyond the bounds; else it is as it was. */
static void check_value(const VimValue *value)
{
        g_autoptr(GString) text = json_write_any(value, VIM_NEWEST);
        g_autoptr(GString) old = json_write_any(value, VIM_4_0);
        g_autoptr(GError) error = NULL;
        g_autoptr(VimValue) again = json_read_value(text->str, text->len, &error);
        g_autoptr(GString) same = again != NULL ? json_write_any(again, VIM_NEWEST) : NULL;

        CHECK(again != NULL || g_error_matches(error, WIRE_ERROR, WIRE_ERROR_MALFORMED));
        CHECK(same == NULL || g_string_equal(text, same));
        CHECK(old->len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const VimMethod *method = vim_type_method(vim_type("VirtualMachine"), "ReconfigVM_Task");
        g_autoptr(VimValue) value = json_read_value((const char *)data, size, NULL);
        VimValue **args = NULL;

        if (value != NULL)
                check_value(value);
        if (!json_read_args((const char *)data, size, method, &args, NULL))
                return 0;
        for (unsigned i = 0; i < method->n_params; i++) {
                if (args[i] != NULL)
                        check_value(args[i]);
                vim_unref(args[i]);
        }
        g_free(args);
        return 0;
}
