/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The SOAP form: documents of vim25 to values and back, for clients of every version.
 *
 * Reading: no external entity, no DTD, bounds as in wire.h. Elements in any order are taken; those that the
 * type does not have are passed over, as a vCenter does; xsi:type may stand before or after a reference's
 * own type attribute, with any prefix bound to the right namespace; a list's items come as repeated
 * elements, or as children of an ArrayOf... in an anyType. Any thread.
 */
#pragma once

#include "vim/wire.h"

/*
 * A request. ret is as it was where it fails, but for what was understood before (object_*, method_name,
 * operation_id), which is there for the fault's and the log's sake, and is to be cleared.
 */
bool soap_read_call(const char *body, size_t length, WireTypeOf type_of, gpointer user_data, WireCall *ret,
                    GError **error);

/* Answers, as whole documents. Fields and types that are newer than the client's version are left out or
 * sent as the nearest base that it knows. result: NULL for a method without one, or an optional one that is
 * not. */
GString *soap_write_result(const VimMethod *method, const VimValue *result, VimVersion version);
/* fault: a MethodFault. */
GString *soap_write_fault(const VimValue *fault, const char *message, VimVersion version);

/* One value as an element of that name with its xsi:type, and back: for tests, and for who keeps values. */
void soap_write_value(GString *to, const char *element, const VimValue *value, VimVersion version);
VimValue *soap_read_value(const char *xml, size_t length, GError **error);
