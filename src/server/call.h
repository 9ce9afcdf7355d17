/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A call of a method, from an exchange to a request and back. */
#pragma once

#include "server/routes.h"
#include "server/writer.h"
#include "vim/wire.h"

/* Of one session at a time: more than any client's threads, fewer than would fill memory. */
#define SESSION_CALLS_MAX 128

/* How a wire sends answers. */
typedef struct Form {
        const char *content;
        WriterForm result;
        void (*fault)(Exchange *exchange, const VimValue *fault, const char *message, VimVersion version);
} Form;

/* args: as many as the method has, taken one by one. */
void call_run(Server *server, Exchange *exchange, const Form *form, VimVersion version, Managed *target,
              const VimMethod *method, VimValue **args);

/* Answers with a result, or a property (method NULL). Holds it until it is written. */
void call_answer(Server *server, Exchange *exchange, const Form *form, const VimMethod *method,
                 const VimValue *result, VimVersion version);

/* Of what could not be read. type and id: of the object, as the client calls it; or NULL. */
void call_refuse(Exchange *exchange, const Form *form, VimVersion version, const char *type, const char *id,
                 const char *method, const GError *error);

/* A WireTypeOf; user_data: the World. */
const VimType *call_type_of(const char *claimed, const char *id, gpointer user_data);
