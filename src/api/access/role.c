/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The numbers are those of ESX's own roles; VirtualMachineUser comes with a vCenter. */
#include "api/access/role.h"

#include <string.h>

const RoleName role_names[] = {
        {ROLE_NONE, -5, "NoAccess", "No access", "Used for restricting granted access"},
        {ROLE_READ_ONLY, -2, "ReadOnly", "Read-only", "See details of objects, but not make changes"},
        {ROLE_OPERATOR, 5, "VirtualMachineUser", "Virtual machine user",
         "Power virtual machines, take snapshots, answer questions, work in guests"},
        {ROLE_ADMINISTRATOR, -1, "Admin", "Administrator", "Full access rights"},
};
const unsigned role_n_names = G_N_ELEMENTS(role_names);

const RoleName *role_find(Role role)
{
        for (unsigned i = 0; i < role_n_names; i++)
                if (role_names[i].role == role)
                        return &role_names[i];
        return &role_names[0];
}

const RoleName *role_find_id(int id)
{
        for (unsigned i = 0; i < role_n_names; i++)
                if (role_names[i].id == id)
                        return &role_names[i];
        return NULL;
}

/* --- privileges --- */

/* What no method of the table asks for, and files of datastores or handlers do. */
static const char *const others[] = {
        "Authorization.ModifyPermissions",
        "Datastore.Browse",
        "Datastore.FileManagement",
        "System.Anonymous",
        "System.Read",
        "System.View",
};

static void add(GHashTable *all, const char *privilege)
{
        gpointer key;

        memcpy(&key, &privilege, sizeof key);
        if (privilege != NULL && privilege[0] != '\0')
                (void)g_hash_table_add(all, key);
}

static void add_of_type(GHashTable *all, const VimType *type)
{
        if (type->kind != VIM_REFERENCE)
                return;
        for (unsigned i = 0; i < type->n_fields; i++)
                add(all, type->fields[i].privilege);
        for (unsigned i = 0; i < type->n_methods; i++)
                add(all, type->methods[i].privilege);
}

static int compare(const void *a, const void *b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gpointer gather(gpointer data)
{
        g_autoptr(GHashTable) all = g_hash_table_new(g_str_hash, g_str_equal);
        guint n;
        gpointer *list;

        (void)data;
        for (unsigned i = 0; i < vim_n_types; i++)
                add_of_type(all, &vim_types[i]);
        for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
                add(all, others[i]);
        list = g_hash_table_get_keys_as_array(all, &n);
        qsort(list, n, sizeof *list, compare);
        return list;
}

const char *const *role_privileges(void)
{
        static GOnce once = G_ONCE_INIT;

        return g_once(&once, gather, NULL);
}
