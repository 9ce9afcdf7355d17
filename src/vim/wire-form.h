/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the SOAP and the JSON form do alike: primitives as text, names of types and of lists of them, what a
 * client of a version knows, and what is demanded of a value that was read. Inside src/vim only; any thread.
 */
#pragma once

#include "vim/wire.h"

/* === names and versions === */

/* As xsi:type or "_typeName" has it; the type of the items when it is a list. */
typedef struct WireType {
        const VimType *type; /* NULL: there is no such type */
        bool is_list;
} WireType;

/* "VirtualMachineConfigSpec", "int", "ManagedObjectReference", "ArrayOfInt". References are ManagedObject.
 */
WireType wire_type(const char *name);
/* Those of XML Schema that API types have no name for ("unsignedShort") too. */
WireType wire_xsd_type(const char *name);
void wire_append_name(GString *to, const VimType *type, bool is_list);

/* The type, or the nearest base of it that was there in that version. */
const VimType *wire_known_type(const VimType *type, VimVersion version);
/* Of the items of a list in an anyType: faults are sent as LocalizedMethodFault, with a place for the
 * message. */
const VimType *wire_any_item_type(const VimType *type);
/*
 * A value as it stands in an anyType: a fault becomes a LocalizedMethodFault; of an enumeration that the
 * version does not have, or not with this value, its text is left, and so of all of a list; all else is
 * itself. Owned.
 *
 * In fields values need no such care: VMware publishes a field as a string where its enumeration has grown.
 */
VimValue *wire_any_value(const VimValue *value, VimVersion version);

/* === primitives, and enumerations === */

/* NULL: the text is none of the type. White space around all but strings does not count. */
VimValue *wire_parse(const VimType *type, const char *text);
VimValue *wire_parse_integer(const VimType *type, int64_t number);
VimValue *wire_parse_number(const VimType *type, double number);
/* Without escaping, and no string. */
void wire_append_text(GString *to, const VimValue *value);

/* === what was read === */

/* Where reading is, for messages: "spec.deviceChange.device". Names are borrowed. */
typedef struct WirePath {
        const char *names[WIRE_DEPTH_MAX + 1];
        unsigned n;
} WirePath;

void wire_enter(WirePath *path, const char *name);
void wire_leave(WirePath *path);
/* Sets the error, with the path before it and lengths bounded; always false. */
bool wire_fail(const WirePath *path, GError **error, WireError code, const char *format, ...)
        G_GNUC_PRINTF(4, 5);

/* A reference; claimed is its type as the client says, or NULL. Fails for a type that the field cannot have.
 */
bool wire_make_reference(const WirePath *path, const VimType *declared, const char *claimed, const char *id,
                         VimValue **ret, GError **error);
/* Into a place for values of a field, which it takes; a list's items go to those that are there. */
bool wire_place(WirePath *path, const VimField *field, VimValue **place, VimValue *value, GError **error);
/* Once all of an object was read: what is required is there. */
bool wire_check_object(WirePath *path, VimValue *object, GError **error);
bool wire_check_args(WirePath *path, const VimMethod *method, VimValue **args, GError **error);
void wire_free_args(const VimMethod *method, VimValue **args);
