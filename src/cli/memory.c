/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/memory.h"

#include <string.h>

#include "cli/daemon-json.h"

#define MANAGER "AerostatManager"

typedef enum Shape {
        AS_IS, /* null when it is unset */
        WORDS, /* "" when it is unset */
        TIME,  /* to milliseconds */
        GROUP, /* of this name; those after it, to the next one, are in it */
        UP,    /* the group has ended */
} Shape;

/* A member and where it comes from. Tables end with a NULL name. */
typedef struct Member {
        const char *name, *from;
        Shape shape;
} Member;

int64_t memory_time_ms(const char *text)
{
        g_autoptr(GDateTime) time = text != NULL ? g_date_time_new_from_iso8601(text, NULL) : NULL;

        return time != NULL ? g_date_time_to_unix(time) * 1000 + g_date_time_get_microsecond(time) / 1000
                            : 0;
}

static void copy(JsonObject *from, const Member *member, JsonObject *to)
{
        JsonNode *node = json_object_get_member(from, member->from);

        if (node == NULL && member->shape == WORDS)
                json_object_set_string_member(to, member->name, "");
        else if (node == NULL)
                json_object_set_null_member(to, member->name);
        else if (member->shape == TIME)
                json_object_set_int_member(to, member->name,
                                           memory_time_ms(daemon_json_text(from, member->from)));
        else
                json_object_set_member(to, member->name, json_node_copy(node));
}

/* from: an object of the API. What it has goes to whole. */
static void shape(JsonObject *from, const Member *members, JsonObject *whole)
{
        JsonObject *to = whole, *source = from;

        for (const Member *member = members; member->name != NULL; member++) {
                if (member->shape == UP) {
                        to = whole;
                        source = from;
                } else if (member->shape == GROUP) {
                        JsonObject *inner =
                                member->from != NULL ? daemon_json_object(from, member->from) : NULL;

                        to = json_object_new();
                        source = inner != NULL ? inner : from;
                        json_object_set_object_member(whole, member->name, to);
                } else {
                        copy(source, member, to);
                }
        }
}

static JsonArray *shape_all(JsonArray *list, const Member *members)
{
        JsonArray *shaped = json_array_new();

        for (guint i = 0; i < json_array_get_length(list); i++) {
                JsonObject *object = json_object_new();

                shape(json_array_get_object_element(list, i), members, object);
                json_array_add_object_element(shaped, object);
        }
        return shaped;
}

static JsonArray *query(ApiClient *client, const char *method, JsonObject *args, const Member *members,
                        GError **error)
{
        g_autoptr(JsonArray) list = api_call_objects(client, MANAGER, MANAGER, method, args, error);

        return list != NULL ? shape_all(list, members) : NULL;
}

/* --- the host --- */

static const Member host_members[] = {
        {"managed_bytes", "managedBytes", AS_IS},
        {"total_bytes", "totalBytes", AS_IS},
        {"free_bytes", "freeBytes", AS_IS},
        {"consumed_bytes", "consumedBytes", AS_IS},
        {"overhead_bytes", "overheadBytes", AS_IS},
        {"other_bytes", "otherBytes", AS_IS},
        {"state", "state", AS_IS},
        {"state_since_ms", "stateSince", TIME},
        {"state_cause", "stateCause", AS_IS},
        {"thresholds", NULL, GROUP},
        {"high_bytes", "highBytes", AS_IS},
        {"soft_bytes", "softBytes", AS_IS},
        {"hard_bytes", "hardBytes", AS_IS},
        {"low_bytes", "lowBytes", AS_IS},
        {"", NULL, UP},
        {"overcommit", "overcommit", AS_IS},
        {"vms", "vms", AS_IS},
        {"share", "share", GROUP},
        {"shared_bytes", "sharedBytes", AS_IS},
        {"common_bytes", "commonBytes", AS_IS},
        {"saved_bytes", "savedBytes", AS_IS},
        {"state", "state", AS_IS},
        {"reason", "reason", AS_IS},
        {"pages_per_s", "pagesPerSecond", AS_IS},
        {"cpu", "processors", AS_IS},
        {"balloon", NULL, GROUP},
        {"current_bytes", "balloonBytes", AS_IS},
        {"target_bytes", "balloonTargetBytes", AS_IS},
        {"max_bytes", "balloonMaxBytes", AS_IS},
        {"swap", NULL, GROUP},
        {"current_bytes", "swappedBytes", AS_IS},
        {"target_bytes", "swapTargetBytes", AS_IS},
        {"reads_bytes_per_s", "swapReadBytesPerSecond", AS_IS},
        {"writes_bytes_per_s", "swapWriteBytesPerSecond", AS_IS},
        {"zip", NULL, GROUP},
        {"zipped_bytes", "zippedBytes", AS_IS},
        {"saved_bytes", "zipSavedBytes", AS_IS},
        {"zip_bytes_per_s", "zipBytesPerSecond", AS_IS},
        {"unzip_bytes_per_s", "unzipBytesPerSecond", AS_IS},
        {"", NULL, UP},
        {"connection", "connection", AS_IS},
        {"connection_reason", "connectionReason", AS_IS},
        {NULL, NULL, AS_IS},
};

JsonObject *memory_host(ApiClient *client, GError **error)
{
        g_autoptr(JsonObject) host = NULL;
        JsonObject *content = api_content(client, error), *about, *shaped;
        const char *version;

        if (content == NULL)
                return NULL;
        about = daemon_json_object(content, "about");
        version = about != NULL ? daemon_json_text(about, "licenseProductVersion") : NULL;
        host = api_call_object(client, MANAGER, MANAGER, "QueryHostMemory", NULL, error);
        if (host == NULL)
                return NULL;
        shaped = json_object_new();
        json_object_set_string_member(shaped, "version", version != NULL ? version : "");
        shape(host, host_members, shaped);
        return shaped;
}

/* --- VMs --- */

static const Member vm_members[] = {
        {"name", "name", AS_IS},
        {"uuid", "uuid", AS_IS},
        {"pid", "processId", AS_IS},
        {"pool", "pool", AS_IS},
        {"power", "power", AS_IS},
        {"managed", "managed", AS_IS},
        {"problem", "problem", AS_IS},
        {"memory_bytes", "memoryBytes", AS_IS},
        {"granted_bytes", "grantedBytes", AS_IS},
        {"target_bytes", "targetBytes", AS_IS},
        {"active_bytes", "activeBytes", AS_IS},
        {"consumed_bytes", "consumedBytes", AS_IS},
        {"overhead_bytes", "overheadBytes", AS_IS},
        {"idle_bytes", "idleBytes", AS_IS},
        {"resident_bytes", "residentBytes", AS_IS},
        {"parked_bytes", "parkedBytes", AS_IS},
        {"absent_bytes", "absentBytes", AS_IS},
        {"shared_bytes", "sharedBytes", AS_IS},
        {"saved_bytes", "savedBytes", AS_IS},
        {"private_bytes", "privateBytes", AS_IS},
        {"balloon_bytes", "balloonBytes", AS_IS},
        {"balloon_target_bytes", "balloonTargetBytes", AS_IS},
        {"balloon_max_bytes", "balloonMaxBytes", AS_IS},
        {"swapped_bytes", "swappedBytes", AS_IS},
        {"swap_target_bytes", "swapTargetBytes", AS_IS},
        {"swap_reads_bytes_per_s", "swapReadBytesPerSecond", AS_IS},
        {"swap_writes_bytes_per_s", "swapWriteBytesPerSecond", AS_IS},
        {"cache_bytes", "cacheBytes", AS_IS},
        {"cache_used_bytes", "cacheUsedBytes", AS_IS},
        {"compressed_bytes", "compressedBytes", AS_IS},
        {"same_bytes", "sameBytes", AS_IS},
        {"zip_bytes_per_s", "zipBytesPerSecond", AS_IS},
        {"unzip_bytes_per_s", "unzipBytesPerSecond", AS_IS},
        {"faults_per_s", "faultsPerSecond", AS_IS},
        {"pager_limit_bytes", "pagerLimitBytes", AS_IS},
        {"balloon_state", "balloonState", AS_IS},
        {"stopped", "stopped", AS_IS},
        {"cause", "cause", WORDS},
        {"shares", "shares", AS_IS},
        {"shares_level", "sharesLevel", AS_IS},
        {"reservation_bytes", "reservationBytes", AS_IS},
        {"limit_bytes", "limitBytes", AS_IS},
        {NULL, NULL, AS_IS},
};

/* sched.mem.* as members. */
static JsonObject *config_of(JsonObject *vm)
{
        JsonObject *config = json_object_new();
        JsonArray *list = json_list(json_object_get_member(vm, "config"));

        for (guint i = 0; list != NULL && i < json_array_get_length(list); i++) {
                JsonNode *option = json_array_get_element(list, i);
                const char *key = json_text(option, "key"), *value = json_text(option, "value");

                if (key != NULL && value != NULL)
                        json_object_set_string_member(config, key, value);
        }
        return config;
}

JsonArray *memory_vms(ApiClient *client, GError **error)
{
        g_autoptr(JsonArray) list = api_call_objects(client, MANAGER, MANAGER, "QueryVmMemory", NULL, error);
        JsonArray *shaped = list != NULL ? shape_all(list, vm_members) : NULL;

        for (guint i = 0; shaped != NULL && i < json_array_get_length(shaped); i++)
                json_object_set_object_member(json_array_get_object_element(shaped, i), "config",
                                              config_of(json_array_get_object_element(list, i)));
        return shaped;
}

/* --- pools --- */

static const Member pool_members[] = {
        {"path", "path", AS_IS},
        {"shares", "shares", AS_IS},
        {"shares_level", "sharesLevel", AS_IS},
        {"reservation_bytes", "reservationBytes", AS_IS},
        {"limit_bytes", "limitBytes", AS_IS},
        {"expandable", "expandable", AS_IS},
        {"target_bytes", "targetBytes", AS_IS},
        {"consumed_bytes", "consumedBytes", AS_IS},
        {"active_bytes", "activeBytes", AS_IS},
        {"reservation_used_bytes", "reservationUsedBytes", AS_IS},
        {"reservation_free_bytes", "reservationFreeBytes", AS_IS},
        {"vms", "vms", AS_IS},
        {"pools", "pools", AS_IS},
        {NULL, NULL, AS_IS},
};

JsonArray *memory_pools(ApiClient *client, GError **error)
{
        return query(client, "QueryPoolMemory", NULL, pool_members, error);
}

GHashTable *memory_pool_ids(ApiClient *client, GError **error)
{
        g_autoptr(JsonArray) list =
                api_call_objects(client, MANAGER, MANAGER, "QueryPoolMemory", NULL, error);
        GHashTable *ids;

        if (list == NULL)
                return NULL;
        ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        for (guint i = 0; i < json_array_get_length(list); i++) {
                JsonNode *pool = json_array_get_element(list, i);
                const char *path = json_text(pool, "path"),
                           *id = json_text(json_member(pool, "pool"), "value");

                if (path == NULL || id == NULL) {
                        g_hash_table_unref(ids);
                        (void)api_garbled(client, "a pool has no path", error);
                        return NULL;
                }
                g_hash_table_insert(ids, g_strdup(path), g_strdup(id));
        }
        return ids;
}

/* --- advice and events --- */

static const Member advice_members[] = {
        {"kind", "kind", AS_IS},
        {"vm", "name", AS_IS},
        {"message", "message", AS_IS},
        {"memory_bytes", "memoryBytes", AS_IS},
        {"suggested_bytes", "suggestedBytes", AS_IS},
        {NULL, NULL, AS_IS},
};

JsonArray *memory_advice(ApiClient *client, GError **error)
{
        return query(client, "QueryAdvice", NULL, advice_members, error);
}

static const Member event_members[] = {
        {"id", "id", AS_IS}, {"time_ms", "time", TIME},     {"type", "type", AS_IS},
        {"vm", "vm", AS_IS}, {"message", "message", AS_IS}, {NULL, NULL, AS_IS},
};

JsonArray *memory_events(ApiClient *client, int64_t after, unsigned limit, GError **error)
{
        JsonObject *args = json_object_new();

        json_object_set_int_member(args, "limit", limit);
        if (after >= 0)
                json_object_set_int_member(args, "after", after);
        return query(client, "QueryJournal", args, event_members, error);
}
