/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints "Type Method" of all that the API carries out, sorted: for the test of docs/guide/api.md. */
#include <stdio.h>
#include <string.h>

#include "api/request.h"

static int by_text(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int main(void)
{
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

        for (unsigned i = 0; api_modules[i] != NULL; i++)
                for (const Handler *handler = api_modules[i]->handlers;
                     handler != NULL && handler->type != NULL; handler++)
                        g_ptr_array_add(lines, g_strdup_printf("%s %s", handler->type, handler->method));
        g_ptr_array_sort(lines, by_text);
        for (unsigned i = 0; i < lines->len; i++)
                puts(lines->pdata[i]);
        return 0;
}
