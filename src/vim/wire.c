/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls, and what can be wrong with them. */
#include "vim/wire.h"

#include "vim/wire-form.h"

GQuark wire_error_quark(void)
{
        return g_quark_from_static_string("aerostat-wire-error");
}

void wire_call_clear(WireCall *call)
{
        if (call->method != NULL)
                wire_free_args(call->method, call->args);
        g_free(call->object_type);
        g_free(call->object_id);
        g_free(call->method_name);
        g_free(call->operation_id);
        g_free(call->session_cookie);
        *call = (WireCall){0};
}
