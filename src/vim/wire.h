/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What SOAP and JSON have in common: a call of a method as it was read, and what can be wrong with it.
 */
#pragma once

#include "vim/value.h"

/* Of what is read, whatever it says it is. */
#define WIRE_BYTES_MAX  (4 << 20)
#define WIRE_DEPTH_MAX  64
#define WIRE_VALUES_MAX 200000 /* values in one request, of any kind */

#define WIRE_ERROR (wire_error_quark())
GQuark wire_error_quark(void);

typedef enum WireError {
        WIRE_ERROR_MALFORMED,      /* not XML or JSON, too deep, too large, no envelope: InvalidRequest */
        WIRE_ERROR_UNKNOWN_METHOD, /* MethodNotFound, or InvalidRequest where the object is not known */
        WIRE_ERROR_UNKNOWN_OBJECT, /* ManagedObjectNotFound */
        WIRE_ERROR_WRONG_VALUE, /* a value that its type cannot have, a missing argument: InvalidArgument, or
                                   InvalidType */
} WireError;

typedef struct WireCall {
        char *object_type; /* as the client calls it */
        char *object_id;
        char *method_name;
        const VimMethod *method;
        VimValue **args;      /* method->n_params of them, NULL where unset */
        char *operation_id;   /* the client's own, for logs; NULL: none */
        char *session_cookie; /* a session's key in the SOAP header (vcSessionCookie); NULL: none */
} WireCall;

void wire_call_clear(WireCall *call); /* may be cleared twice */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WireCall, wire_call_clear)

/*
 * The type that an object really has; NULL: there is no such object. claimed may be "" or a base of it.
 * id is borrowed until it returns.
 */
typedef const VimType *(*WireTypeOf)(const char *claimed, const char *id, gpointer user_data);
