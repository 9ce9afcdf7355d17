/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/pool-call.h"

#include <string.h>

#include "cli/daemon-json.h"
#include "cli/memory.h"
#include "cli/output.h"

#define POOL "ResourcePool"

/* Owned; NULL with an error. */
static char *find_pool(ApiClient *client, const char *path, GError **error)
{
        g_autoptr(GHashTable) ids = memory_pool_ids(client, error);
        const char *id = ids != NULL ? g_hash_table_lookup(ids, path) : NULL;

        if (ids != NULL && id == NULL) {
                g_autofree char *shown = cli_escape(path);

                g_set_error(error, CLI_ERROR, CLI_NOT_FOUND,
                            "there is no pool \"%s\"; 'aerostat pool list' shows all", shown);
        }
        return g_strdup(id);
}

/* "high" or "5000" as a SharesInfo. */
static JsonObject *shares_of(const char *text)
{
        JsonObject *shares = json_typed("SharesInfo");
        bool custom = g_ascii_isdigit(text[0]);

        json_object_set_string_member(shares, "level", custom ? "custom" : text);
        json_object_set_int_member(shares, "shares", custom ? g_ascii_strtoll(text, NULL, 10) : 0);
        return shares;
}

/* A ResourceConfigSpec. */
static JsonObject *spec_of(JsonObject *wishes)
{
        static const char *const members[][2] = {{"reservation_mb", "reservation"},
                                                 {"limit_mb", "limit"},
                                                 {"expandable", "expandableReservation"}};
        JsonObject *spec = json_typed("ResourceConfigSpec"), *memory = json_typed("ResourceAllocationInfo");
        const char *shares = daemon_json_text(wishes, "shares");

        for (unsigned i = 0; i < G_N_ELEMENTS(members); i++)
                if (json_object_has_member(wishes, members[i][0]))
                        json_object_set_member(memory, members[i][1],
                                               json_object_dup_member(wishes, members[i][0]));
        if (shares != NULL)
                json_object_set_object_member(memory, "shares", shares_of(shares));
        json_object_set_object_member(spec, "cpuAllocation", json_typed("ResourceAllocationInfo"));
        json_object_set_object_member(spec, "memoryAllocation", memory);
        return spec;
}

bool pool_call_create(ApiClient *client, const char *path, JsonObject *wishes, GError **error)
{
        const char *name = strrchr(path, '/') + 1;
        g_autofree char *above =
                name - 1 == path ? g_strdup("/") : g_strndup(path, (size_t)(name - 1 - path));
        g_autofree char *parent = find_pool(client, above, error);
        JsonObject *args;

        if (parent == NULL)
                return false;
        args = json_object_new();
        json_object_set_string_member(args, "name", name);
        json_object_set_object_member(args, "spec", spec_of(wishes));
        return api_call(client, POOL, parent, "CreateResourcePool", args, NULL, error);
}

bool pool_call_update(ApiClient *client, const char *path, JsonObject *wishes, GError **error)
{
        g_autofree char *id = find_pool(client, path, error);
        JsonObject *args;

        if (id == NULL)
                return false;
        args = json_object_new();
        json_object_set_object_member(args, "config", spec_of(wishes));
        return api_call(client, POOL, id, "UpdateConfig", args, NULL, error);
}

bool pool_call_rename(ApiClient *client, const char *path, const char *name, GError **error)
{
        g_autofree char *id = find_pool(client, path, error);
        JsonObject *args;

        if (id == NULL)
                return false;
        args = json_object_new();
        json_object_set_string_member(args, "name", name);
        return api_call(client, POOL, id, "UpdateConfig", args, NULL, error);
}

bool pool_call_delete(ApiClient *client, const char *path, GError **error)
{
        g_autofree char *id = find_pool(client, path, error);

        /* Its task has ended when it is begun. */
        return id != NULL && api_call(client, POOL, id, "Destroy_Task", NULL, NULL, error);
}
