/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings, resource pools and accounts as lines for a shell: what is done at once, and by no operation. */
#include <string.h>

#include "api/recorder/shell.h"

static const char *text(const Step *step, const char *name)
{
        const VimValue *value = step_arg(step, name);

        return value != NULL ? value->text : NULL;
}

/* Whether nothing but these fields is set; what a client sends without saying anything does not count. */
static bool has_only(const VimValue *object, const char *const *fields)
{
        for (unsigned i = 0; object != NULL && i < object->type->n_fields; i++) {
                const VimValue *value = object->fields[i];

                if (value != NULL && !(value->is_list && vim_length(value) == 0) &&
                    !g_strv_contains(fields, object->type->fields[i].name))
                        return false;
        }
        return true;
}

/* --- settings --- */

static bool add_settings(GString *line, const Step *step)
{
        const VimValue *changed = step_arg(step, "changedValue");

        g_string_append(line, "aerostat setting set");
        for (unsigned i = 0; i < vim_length(changed); i++) {
                const VimValue *option = vim_item(changed, i), *value = vim_get(option, "value");
                const char *key = vim_get_text(option, "key");
                g_autofree char *said = NULL;

                if (value == NULL || !g_str_has_prefix(key, "Mem."))
                        return false;
                if (value->type->kind == VIM_STRING)
                        said = g_strdup_printf("%s=%s", key, value->text);
                else
                        said = g_strdup_printf("%s=%" G_GINT64_FORMAT, key, value->integer);
                shell_add_word(line, said);
        }
        return vim_length(changed) > 0;
}

/* --- pools --- */

/* "ha/host/machine/Resources/prod" is "/prod". Owned. */
static char *pool_at(const Place *place)
{
        const char *path = place->path != NULL ? strstr(place->path, "/Resources") : NULL;

        path = path != NULL ? path + strlen("/Resources") : "";
        return g_strdup(*path != '\0' ? path : "/");
}

static bool add_allocation(GString *line, const VimValue *spec)
{
        static const char *const known[] = {"shares",        "reservation", "limit", "expandableReservation",
                                            "overheadLimit", NULL};
        const VimValue *allocation = vim_get(spec, "memoryAllocation"),
                       *shares = vim_get(allocation, "shares");
        const char *level = vim_get_text(shares, "level");

        if (level != NULL && strcmp(level, "custom") == 0)
                g_string_append_printf(line, " --shares %" G_GINT64_FORMAT,
                                       vim_get_int(shares, "shares", 0));
        else if (level != NULL)
                shell_add_option(line, "shares", level);
        if (vim_get(allocation, "reservation") != NULL)
                shell_add_mb(line, "reservation", vim_get_int(allocation, "reservation", 0));
        if (vim_get(allocation, "limit") != NULL)
                shell_add_mb(line, "limit", vim_get_int(allocation, "limit", 0));
        return has_only(allocation, known);
}

static bool add_moved(GString *line, const Step *step, const char *path)
{
        const VimValue *list = step_arg(step, "list");

        g_string_append(line, "aerostat vm set");
        shell_add_option(line, "pool", path);
        for (unsigned i = 0; i < vim_length(list); i++) {
                const Place *place = step_place(step, vim_item(list, i)->text);

                if (strcmp(place->type, "VirtualMachine") != 0)
                        return false;
                shell_add_word(line, shell_name_at(place));
        }
        return vim_length(list) > 0;
}

/* Of what is in a pool. */
static bool add_children(GString *line, const Step *step)
{
        const VimValue *specs = step_arg(step, "spec");

        for (unsigned i = 0; i < vim_length(specs); i++) {
                const VimValue *spec = vim_item(specs, i);
                const char *id = vim_get_text(spec, "entity");
                const Place *place = id != NULL ? step_place(step, id) : NULL;
                g_autofree char *path = NULL;
                bool is_vm;

                if (place == NULL)
                        return false;
                is_vm = strcmp(place->type, "VirtualMachine") == 0;
                path = is_vm ? g_strdup(shell_name_at(place)) : pool_at(place);
                g_string_append_printf(line, "%saerostat %s set", i > 0 ? "\n" : "", is_vm ? "vm" : "pool");
                if (!add_allocation(line, spec))
                        return false;
                shell_add_word(line, path);
        }
        return vim_length(specs) > 0;
}

static bool add_renamed(GString *line, const char *path, const char *name)
{
        g_string_append_printf(line, "%saerostat pool rename", line->len > 0 ? "\n" : "");
        if (name[0] == '-')
                g_string_append(line, " --");
        shell_add_word(line, path);
        shell_add_word(line, name);
        return true;
}

/* By the path that it has before. */
static bool add_updated(GString *line, const Step *step, const char *path)
{
        const VimValue *config = step_arg(step, "config");
        g_autoptr(GString) set = g_string_new("aerostat pool set");
        size_t nothing = set->len;

        if (!add_allocation(set, config))
                return false;
        if (set->len > nothing) {
                shell_add_word(set, path);
                g_string_append(line, set->str);
        }
        return text(step, "name") == NULL ? line->len > 0 : add_renamed(line, path, text(step, "name"));
}

static bool add_on_pool(GString *line, const Step *step)
{
        g_autofree char *path = pool_at(step_place(step, step->target)), *child = NULL;
        const char *method = step->method->name;

        if (strcmp(method, "CreateResourcePool") == 0) {
                child = g_build_path("/", path, text(step, "name"), NULL);
                g_string_append(line, "aerostat pool create");
                if (!add_allocation(line, step_arg(step, "spec")))
                        return false;
                shell_add_word(line, child);
                return true;
        }
        if (strcmp(method, "Rename_Task") == 0)
                return add_renamed(line, path, text(step, "newName"));
        if (strcmp(method, "UpdateConfig") == 0)
                return add_updated(line, step, path);
        if (strcmp(method, "Destroy_Task") == 0) {
                g_string_append(line, "aerostat pool delete");
                shell_add_word(line, path);
                return true;
        }
        if (strcmp(method, "UpdateChildResourceConfiguration") == 0)
                return add_children(line, step);
        return strcmp(method, "MoveIntoResourcePool") == 0 && add_moved(line, step, path);
}

/* --- accounts --- */

/* Passwords are asked for by the command itself. */
static bool add_on_accounts(GString *line, const Step *step)
{
        const VimValue *user = step_arg(step, "user");
        const char *method = step->method->name, *description = vim_get_text(user, "description");

        if (strcmp(method, "RemoveUser") == 0) {
                g_string_append(line, "aerostat account remove");
                shell_add_word(line, text(step, "userName"));
                return true;
        }
        if (strcmp(method, "CreateUser") == 0) {
                g_string_append(line, "aerostat account add --role NoAccess");
                if (vim_get(user, "password") == NULL)
                        g_string_append(line, " --system");
                if (description != NULL)
                        shell_add_option(line, "description", description);
        } else if (strcmp(method, "UpdateUser") == 0 && description == NULL) {
                g_string_append(line, "aerostat account password");
        } else {
                return false;
        }
        shell_add_word(line, vim_get_text(user, "id"));
        return true;
}

static const char *role_name(int64_t id)
{
        static const struct {
                int64_t id;
                const char *name;
        } roles[] = {{-1, "Admin"}, {-2, "ReadOnly"}, {5, "VirtualMachineUser"}, {-5, "NoAccess"}};

        for (unsigned i = 0; i < G_N_ELEMENTS(roles); i++)
                if (roles[i].id == id)
                        return roles[i].name;
        return NULL;
}

static bool add_role(GString *line, const char *user, const char *role)
{
        if (user == NULL || role == NULL)
                return false;
        g_string_append_printf(line, "%saerostat account role", line->len > 0 ? "\n" : "");
        shell_add_word(line, user);
        shell_add_word(line, role);
        return true;
}

static bool add_on_rights(GString *line, const Step *step)
{
        const VimValue *permissions = step_arg(step, "permission");

        if (strcmp(step->method->name, "RemoveEntityPermission") == 0)
                return add_role(line, text(step, "user"), role_name(-5));
        for (unsigned i = 0; i < vim_length(permissions); i++) {
                const VimValue *permission = vim_item(permissions, i);

                if (!add_role(line, vim_get_text(permission, "principal"),
                              role_name(vim_get_int(permission, "roleId", 0))))
                        return false;
        }
        return strcmp(step->method->name, "SetEntityPermissions") == 0 && line->len > 0;
}

bool shell_add_host(GString *line, const Step *step)
{
        static const struct {
                const char *type;
                bool (*add)(GString *line, const Step *step);
        } kinds[] = {{"GuestFileManager", shell_add_guest},
                     {"GuestProcessManager", shell_add_guest},
                     {"OptionManager", add_settings},
                     {"ResourcePool", add_on_pool},
                     {"HostLocalAccountManager", add_on_accounts},
                     {"AuthorizationManager", add_on_rights}};
        const char *type = step_place(step, step->target)->type;

        for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
                if (strcmp(kinds[i].type, type) == 0)
                        return kinds[i].add(line, step);
        return false;
}
