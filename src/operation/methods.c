/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All methods there are, and all kinds of intents, by their names. */
#include <gio/gio.h>
#include <string.h>

#include "operation/internal.h"


static const Method *const methods[] = {
        reconcile_methods,
};

static const IntentKind *const intent_kinds[] = {
        NULL,
};

const Method *method_find(const char *name)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(methods); i++)
                for (const Method *method = methods[i]; method->name != NULL; method++)
                        if (strcmp(method->name, name) == 0)
                                return method;
        return NULL;
}

const IntentKind *intent_kind_find(const char *name)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(intent_kinds); i++)
                for (const IntentKind *kind = intent_kinds[i]; kind != NULL && kind->name != NULL; kind++)
                        if (strcmp(kind->name, name) == 0)
                                return kind;
        return NULL;
}
