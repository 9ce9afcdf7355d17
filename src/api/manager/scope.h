/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which entities a filter of tasks or events is about: one, what is below it, or both. */
#pragma once

#include "api/api.h"

typedef struct Scope {
        char *id; /* of the entity; NULL: everything */
        bool self, below;
} Scope;

/* value: a TaskFilterSpecByEntity or EventFilterSpecByEntity, or NULL. */
void scope_init(Scope *scope, const VimValue *value);
void scope_clear(Scope *scope);

/* id: of what a task or an event is about; it may be gone: then only by itself. NULL: of the host. */
bool scope_has(const Scope *scope, World *world, const char *id);

/* Of a virtual machine's name; NULL: there is none. Looks at all. */
Managed *scope_vm_named(World *world, const char *name);

/* "userName" of such filters: whether it lets this one through. value NULL: all. */
bool scope_has_user(const VimValue *value, const char *user);

/* Who did what nobody did through the API. */
#define SCOPE_SYSTEM_USER "aerostat"
