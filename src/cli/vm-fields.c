/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The columns of VMs and pools. */
#include <string.h>

#include "cli/field.h"

/* In a word how the VM is; the worst first. */
static char *derive_status(JsonObject *vm)
{
        const char *problem = daemon_json_text(vm, "problem"), *power = daemon_json_text(vm, "power");

        if (problem != NULL && problem[0] != '\0')
                return g_strdup("problem");
        if (daemon_json_is_true(vm, "stopped"))
                return g_strdup("stopped");
        if (power != NULL && strcmp(power, "on") != 0)
                return field_text(vm, "power");
        return g_strdup("ok");
}

/* esxtop's MCTL?: whether there is a balloon driver. */
static char *derive_has_balloon(JsonObject *vm)
{
        const char *state = daemon_json_text(vm, "balloon_state");

        return g_strdup(state != NULL && strcmp(state, "none") != 0 ? "Y" : "N");
}

/* "Owner=me, Template=gold". */
static char *derive_attributes(JsonObject *vm)
{
        JsonObject *attributes = daemon_json_object(vm, "attributes");
        g_autoptr(GList) names = attributes != NULL ? json_object_get_members(attributes) : NULL;
        g_autoptr(GString) list = g_string_new(NULL);

        names = g_list_sort(g_steal_pointer(&names), (GCompareFunc)strcmp);
        for (GList *name = names; name != NULL; name = name->next) {
                g_autofree char *shown = cli_escape(name->data), *value = field_text(attributes, name->data);

                g_string_append_printf(list, "%s%s=%s", list->len > 0 ? ", " : "", shown, value);
        }
        return g_string_free(g_steal_pointer(&list), FALSE);
}

const Field vm_fields[] = {
        {"NAME", "name", FIELD_TEXT, "Name", NULL},
        {"POOL", "pool", FIELD_TEXT, "Resource pool", NULL},
        {"STATUS", "status", FIELD_TEXT, "How it is", derive_status},
        {"MEMSZ", "memory_bytes", FIELD_BYTES, "Configured memory", NULL},
        {"GRANT", "granted_bytes", FIELD_BYTES, "Guest memory that is backed, shared pages included", NULL},
        {"CNSM", "consumed_bytes", FIELD_BYTES, "Host memory that guest memory takes", NULL},
        {"SZTGT", "target_bytes", FIELD_BYTES, "Host memory it should have now", NULL},
        {"TCHD", "active_bytes", FIELD_BYTES, "Active memory, an estimate", NULL},
        {"IDLE", "idle_bytes", FIELD_BYTES, "Consumed and not active", NULL},
        {"OVHD", "overhead_bytes", FIELD_BYTES, "Host memory beyond guest memory", NULL},
        {"MCTL?", "has_balloon", FIELD_TEXT, "Whether the guest has a balloon driver", derive_has_balloon},
        {"MCTLSZ", "balloon_bytes", FIELD_BYTES, "Balloon", NULL},
        {"MCTLTGT", "balloon_target_bytes", FIELD_BYTES, "Balloon, as asked", NULL},
        {"MCTLMAX", "balloon_max_bytes", FIELD_BYTES, "Balloon, at most", NULL},
        {"MCTLST", "balloon_state", FIELD_TEXT, "Balloon: none, ok, inactive, uncooperative", NULL},
        {"SWCUR", "swapped_bytes", FIELD_BYTES, "In the swap file", NULL},
        {"SWTGT", "swap_target_bytes", FIELD_BYTES, "In the swap file, as expected", NULL},
        {"SWR/s", "swap_reads_bytes_per_s", FIELD_RATE, "Read from the swap file", NULL},
        {"SWW/s", "swap_writes_bytes_per_s", FIELD_RATE, "Written to the swap file", NULL},
        {"CACHESZ", "cache_bytes", FIELD_BYTES, "Compression cache", NULL},
        {"CACHEUSD", "cache_used_bytes", FIELD_BYTES, "Of that, used", NULL},
        {"ZIPPED", "compressed_bytes", FIELD_BYTES, "In the cache, before compression", NULL},
        {"SAME", "same_bytes", FIELD_BYTES, "Of one value throughout, without storage", NULL},
        {"ZIP/s", "zip_bytes_per_s", FIELD_RATE, "Compressed", NULL},
        {"UNZIP/s", "unzip_bytes_per_s", FIELD_RATE, "Decompressed", NULL},
        {"SHRD", "shared_bytes", FIELD_BYTES, "Shared pages", NULL},
        {"SVD", "saved_bytes", FIELD_BYTES, "Saved by sharing", NULL},
        {"PRIV", "private_bytes", FIELD_BYTES, "Pages of its own", NULL},
        {"RESIDENT", "resident_bytes", FIELD_BYTES, "In the guest's reach", NULL},
        {"PARKED", "parked_bytes", FIELD_BYTES, "Out of its reach, still whole", NULL},
        {"ABSENT", "absent_bytes", FIELD_BYTES, "Never touched, or given back", NULL},
        {"SHARES", "shares", FIELD_COUNT, "Shares", NULL},
        {"LEVEL", "shares_level", FIELD_TEXT, "Shares: low, normal, high, custom", NULL},
        {"RESV", "reservation_bytes", FIELD_BYTES, "Reservation", NULL},
        {"LIMIT", "limit_bytes", FIELD_LIMIT, "Limit", NULL},
        {"PGLIM", "pager_limit_bytes", FIELD_LIMIT, "Limit that its pager enforces now", NULL},
        {"POWER", "power", FIELD_TEXT,
         "Power: on, off, suspended, paused, io_error, standby, crashed, missing", NULL},
        {"FOLDER", "folder", FIELD_TEXT, "Folder", NULL},
        {"TEMPLATE", "template", FIELD_BOOL, "Whether it is a template", NULL},
        {"DATASTORE", "datastore", FIELD_TEXT, "Datastore of its home", NULL},
        {"HOME", "home", FIELD_TEXT, "Folder with its files", NULL},
        {"PARENT", "parent", FIELD_TEXT, "VM that it is a clone of", NULL},
        {"LINKED", "linked", FIELD_BOOL, "Whether it stands on its parent's disks", NULL},
        {"SNAPS", "snapshots", FIELD_COUNT, "Snapshots", NULL},
        {"DISKS", "disks", FIELD_COUNT, "Disks", NULL},
        {"ADOPTED", "adopted", FIELD_BOOL, "Whether it is in the inventory", NULL},
        {"ATTRIBUTES", "attribute_list", FIELD_TEXT, "Custom attributes", derive_attributes},
        {"MANAGED", "managed", FIELD_TEXT, "Means there are: pager, balloon, none", NULL},
        {"STOPPED", "stopped", FIELD_BOOL, "Stopped by the low state", NULL},
        {"PID", "pid", FIELD_COUNT, "Process id", NULL},
        {"UUID", "uuid", FIELD_TEXT, "UUID", NULL},
        {"CAUSE", "cause", FIELD_TEXT, "Why it loses memory now", NULL},
        {"PROBLEM", "problem", FIELD_TEXT, "What is wrong", NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

const Field pool_fields[] = {
        {"PATH", "path", FIELD_TEXT, "Path", NULL},
        {"SHARES", "shares", FIELD_COUNT, "Shares", NULL},
        {"LEVEL", "shares_level", FIELD_TEXT, "Shares: low, normal, high, custom", NULL},
        {"RESV", "reservation_bytes", FIELD_BYTES, "Reservation", NULL},
        {"RESVUSD", "reservation_used_bytes", FIELD_BYTES, "Reserved by what is in it", NULL},
        {"RESVFREE", "reservation_free_bytes", FIELD_BYTES, "Can still be reserved in it", NULL},
        {"EXPAND", "expandable", FIELD_BOOL, "Whether what does not fit is reserved from its parent", NULL},
        {"LIMIT", "limit_bytes", FIELD_LIMIT, "Limit", NULL},
        {"SZTGT", "target_bytes", FIELD_BYTES, "Host memory it should have now", NULL},
        {"CNSM", "consumed_bytes", FIELD_BYTES, "Host memory it takes", NULL},
        {"TCHD", "active_bytes", FIELD_BYTES, "Active memory, an estimate", NULL},
        {"VMS", "vms", FIELD_COUNT, "VMs in it", NULL},
        {"POOLS", "pools", FIELD_COUNT, "Pools in it", NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};
