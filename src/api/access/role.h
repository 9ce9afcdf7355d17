/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Roles by the numbers and names that vim25 has for them, and their privileges. Any thread. */
#pragma once

#include "api/session.h"

typedef struct RoleName {
        Role role;
        int id;           /* AuthorizationRole.roleId */
        const char *name; /* and how the CLI calls it */
        const char *label, *summary;
} RoleName;

extern const RoleName role_names[];
extern const unsigned role_n_names;

const RoleName *role_find(Role role);
const RoleName *role_find_id(int id); /* NULL: none such */

/* All that the type table and the roles name, sorted; ended by NULL. Made once. */
const char *const *role_privileges(void);
