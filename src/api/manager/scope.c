/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tasks and events are about, and what of it a filter asks for. */
#include "api/manager/scope.h"

#include <string.h>

/* Of parents; a tree is not so high. */
#define HEIGHT_MAX 64

void scope_init(Scope *scope, const VimValue *value)
{
        const char *recursion = vim_get_text(value, "recursion");

        *scope = (Scope){.id = g_strdup(vim_get_text(value, "entity"))};
        scope->self = g_strcmp0(recursion, "children") != 0;
        scope->below = g_strcmp0(recursion, "self") != 0;
}

void scope_clear(Scope *scope)
{
        g_clear_pointer(&scope->id, g_free);
}

static bool is_below(World *world, const Managed *managed, const char *property, const char *id)
{
        for (unsigned i = 0; managed != NULL && i < HEIGHT_MAX; i++) {
                const VimValue *up = vim_type_field(managed->type, property) >= 0
                                             ? managed_peek(managed, property)
                                             : managed_peek(managed, "parent");

                if (up != NULL && strcmp(up->text, id) == 0)
                        return true;
                managed = world_resolve(world, up);
        }
        return false;
}

bool scope_has(const Scope *scope, World *world, const char *id)
{
        const Managed *host = world_find_key(world, "HostSystem", "host");
        const Managed *managed;

        if (scope->id == NULL)
                return true;
        if (id == NULL)
                id = host != NULL ? host->id : "";
        if (strcmp(id, scope->id) == 0)
                return scope->self;
        managed = scope->below ? world_find(world, id) : NULL;
        if (managed == NULL)
                return false;
        if (is_below(world, managed, "parent", scope->id))
                return true;
        /* VMs lie below their host and in their pool, too. */
        return vim_type_is(managed->type, vim_type("VirtualMachine")) &&
               (is_below(world, managed, "resourcePool", scope->id) ||
                (host != NULL &&
                 (strcmp(host->id, scope->id) == 0 || is_below(world, host, "parent", scope->id))));
}

Managed *scope_vm_named(World *world, const char *name)
{
        g_autoptr(GPtrArray) vms = world_list(world, "VirtualMachine");

        for (unsigned i = 0; name != NULL && i < vms->len; i++) {
                const VimValue *value = managed_peek(vms->pdata[i], "name");

                if (value != NULL && strcmp(value->text, name) == 0)
                        return vms->pdata[i];
        }
        return NULL;
}

bool scope_has_user(const VimValue *value, const char *user)
{
        const VimValue *users = vim_get(value, "userList");
        bool is_system = user[0] == '\0' || strcmp(user, SCOPE_SYSTEM_USER) == 0;

        if (value == NULL || (is_system && vim_get_bool(value, "systemUser", false)))
                return true;
        for (unsigned i = 0; i < vim_length(users); i++)
                if (strcmp(vim_item(users, i)->text, user) == 0)
                        return true;
        return false;
}
