/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The JSON form of the same values, as in VMware's VI JSON: objects name their type in "_typeName",
 * references are {"_typeName": "ManagedObjectReference", "type": ..., "value": ...}, and in an anyType
 * primitives and lists are {"_typeName": "string" or "ArrayOfString", "_value": ...}. Any thread.
 */
#pragma once

#include "vim/wire.h"

/* The arguments of a method, an object of them by name; body may be empty where none is needed. */
bool json_read_args(const char *body, size_t length, const VimMethod *method, VimValue ***ret_args,
                    GError **error);

/* A result or property, or a fault (a MethodFault, as VI JSON sends it: with its fields and "_typeName"). */
GString *json_write_value(const VimValue *value, VimVersion version);
GString *json_write_fault(const VimValue *fault, const char *message, VimVersion version);

/* With its type inside, as of an anyType. */
VimValue *json_read_value(const char *json, size_t length, GError **error);
GString *json_write_any(const VimValue *value, VimVersion version);
