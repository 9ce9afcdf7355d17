/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Several virtual switches and port groups at once, all of them or none.
 *
 * What will be is worked out from what is, and checked as a whole. Then it is written to the inventory in
 * one transaction, brought to Open vSwitch in one, ports of running cards among it, and definitions follow.
 * What does not succeed is undone by the same steps the other way; what a kill leaves is wanted, and made at
 * the next start.
 */
#include <string.h>

#include "network/plan.h"
#include "operation/args.h"
#include "operation/network.h"
#include "operation/vm.h"

/* Of each kind in one call. */
#define SWITCHES_MAX 256
#define GROUPS_MAX   PLAN_ROWS_MAX

typedef struct Change {
        Call *call;
        bool replace;                  /* what is not mentioned goes */
        NetworkView before, after;     /* bridges are not asked for */
        GHashTable *switches, *groups; /* names that were mentioned */
        GHashTable *users;             /* UUIDs of VMs with cards on port groups that change, locked */
} Change;

static void change_clear(Change *change)
{
        network_view_clear(&change->before);
        network_view_clear(&change->after);
        g_clear_pointer(&change->switches, g_hash_table_unref);
        g_clear_pointer(&change->groups, g_hash_table_unref);
        g_clear_pointer(&change->users, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Change, change_clear)

/* --- what is asked for --- */

typedef enum What { LEAVE, REMOVE, MAKE_SO } What;

static bool mention(GHashTable *names, const char *kind, const char *name, GError **error)
{
        g_autofree char *shown = catalog_shown(name);

        return g_hash_table_add(names, g_strdup(name)) ||
               operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT, "%s \"%s\" is given twice", kind, shown);
}

/* known: it is there; missing: the error when it is not. */
static bool read_what(const Change *change, JsonObject *entry, const char *kind, const char *name,
                      bool known, GError *missing, What *ret, GError **error)
{
        g_autofree char *shown = catalog_shown(name);
        const char *word = NULL;

        if (!args_text_if(entry, "change", &word, error))
                return false;
        *ret = g_strcmp0(word, "ignore") == 0 ? LEAVE : g_strcmp0(word, "remove") == 0 ? REMOVE : MAKE_SO;
        if (word != NULL && *ret == MAKE_SO && strcmp(word, "add") != 0 && strcmp(word, "edit") != 0)
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "%s \"%s\": \"%.40s\" is no change: add, edit, remove, ignore", kind,
                                        shown, word);
        /* What is to be there, whether it is there already or not. */
        if (change->replace || word == NULL || *ret == LEAVE)
                return true;
        if (strcmp(word, "add") == 0 && known)
                return operation_refuse(error, G_IO_ERROR_EXISTS, "there is a %s \"%s\" already", kind,
                                        shown);
        if (strcmp(word, "add") != 0 && !known) {
                g_propagate_error(error, g_error_copy(missing));
                return false;
        }
        return true;
}

static bool read_switch(Change *change, JsonObject *entry, GError **error)
{
        g_autoptr(GError) missing = NULL;
        g_auto(GStrv) uplinks = NULL;
        SwitchRecord *record;
        const char *name;
        What what;

        if (!args_only(entry, error, "name", "change", "uplinks", NULL) ||
            (name = args_text(entry, "name", error)) == NULL ||
            !args_texts_if(entry, "uplinks", NETWORK_UPLINKS_MAX, &uplinks, error) ||
            !mention(change->switches, "virtual switch", name, error))
                return false;
        record = network_find_switch(change->after.switches, name, &missing);
        if (!read_what(change, entry, "virtual switch", name, record != NULL, missing, &what, error))
                return false;
        if (what == LEAVE || (what == REMOVE && record == NULL))
                return true;
        if (what == REMOVE)
                return g_ptr_array_remove(change->after.switches, record);
        if (record == NULL && !plan_check_name("virtual switch", name, error))
                return false;
        if (record == NULL) {
                g_ptr_array_add(change->after.switches, network_new_switch(name, uplinks));
        } else if (uplinks != NULL) {
                g_strfreev(record->uplinks);
                record->uplinks = g_steal_pointer(&uplinks);
        }
        return true;
}

static bool read_group(Change *change, JsonObject *entry, GError **error)
{
        g_autoptr(GError) missing = NULL;
        PortGroupRecord *record;
        const char *name, *on = NULL;
        int64_t vlan = -1;
        What what;

        if (!args_only(entry, error, "name", "change", "switch", "vlan", NULL) ||
            (name = args_text(entry, "name", error)) == NULL || !args_text_if(entry, "switch", &on, error) ||
            !mention(change->groups, "port group", name, error))
                return false;
        if (!args_int_if(entry, "vlan", 0, PLAN_VLAN_TRUNK, &vlan, error)) {
                g_autofree char *shown = catalog_shown(name);

                g_prefix_error(error, "port group \"%s\": ", shown);
                return false;
        }
        record = network_find_port_group(change->after.groups, name, &missing);
        if (!read_what(change, entry, "port group", name, record != NULL, missing, &what, error))
                return false;
        if (what == LEAVE || (what == REMOVE && record == NULL))
                return true;
        if (what == REMOVE)
                return g_ptr_array_remove(change->after.groups, record);
        if (record == NULL) {
                if (!plan_check_name("port group", name, error))
                        return false;
                if (on == NULL)
                        return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                                "port group \"%s\": say which virtual switch it is to be on",
                                                name);
                record = g_new0(PortGroupRecord, 1);
                record->name = g_strdup(name);
                g_ptr_array_add(change->after.groups, record);
        }
        if (on != NULL) {
                g_free(record->switch_name);
                record->switch_name = g_strdup(on);
        }
        record->vlan = vlan >= 0 ? (unsigned)vlan : record->vlan;
        return true;
}

static bool read_list(Change *change, JsonObject *args, const char *name, unsigned max,
                      bool (*read)(Change *change, JsonObject *entry, GError **error), GError **error)
{
        JsonArray *entries = NULL;

        if (!args_objects_if(args, name, max, &entries, error))
                return false;
        for (unsigned i = 0; entries != NULL && i < json_array_get_length(entries); i++)
                if (!read(change, json_array_get_object_element(entries, i), error))
                        return false;
        return true;
}

static void drop_others(Change *change)
{
        for (unsigned i = change->after.groups->len; i-- > 0;)
                if (!g_hash_table_contains(change->groups,
                                           ((PortGroupRecord *)change->after.groups->pdata[i])->name))
                        g_ptr_array_remove_index(change->after.groups, i);
        for (unsigned i = change->after.switches->len; i-- > 0;)
                if (!g_hash_table_contains(change->switches,
                                           ((SwitchRecord *)change->after.switches->pdata[i])->name))
                        g_ptr_array_remove_index(change->after.switches, i);
}

/* --- whether it can be --- */

static bool is_same_switch(const SwitchRecord *a, const SwitchRecord *b)
{
        return b != NULL && g_strv_equal((const char *const *)a->uplinks, (const char *const *)b->uplinks);
}

static bool is_same_group(const PortGroupRecord *a, const PortGroupRecord *b)
{
        return b != NULL && a->vlan == b->vlan && strcmp(a->switch_name, b->switch_name) == 0;
}

/* Each port group has its switch. */
static bool check_switches(const Change *change, GError **error)
{
        for (unsigned i = 0; i < change->after.groups->len; i++) {
                const PortGroupRecord *group = change->after.groups->pdata[i];
                g_autoptr(GError) missing = NULL;

                if (network_find_switch(change->after.switches, group->switch_name, &missing) != NULL)
                        continue;
                if (network_find_switch(change->before.switches, group->switch_name, NULL) != NULL)
                        return operation_refuse(error, G_IO_ERROR_BUSY,
                                                "virtual switch \"%s\" cannot go: port group \"%s\" is to "
                                                "be on it; keep the "
                                                "one, or delete the other as well",
                                                group->switch_name, group->name);
                g_propagate_prefixed_error(error, g_steal_pointer(&missing),
                                           "port group \"%s\": ", group->name);
                return false;
        }
        return true;
}

/* VMs are locked whose cards come along; those of port groups that go must have gone before. */
static bool check_users(Change *change, GError **error)
{
        for (unsigned i = 0; i < change->before.groups->len; i++) {
                const PortGroupRecord *before = change->before.groups->pdata[i];
                const PortGroupRecord *after =
                        network_find_port_group(change->after.groups, before->name, NULL);

                if (after == NULL
                            ? !network_check_unused(change->call, before->name, error)
                            : !is_same_group(before, after) &&
                                      !network_lock_users(change->call, before->name, change->users, error))
                        return false;
        }
        return true;
}

/* --- doing it, from one view to the other --- */

static bool write_view(Inventory *inventory, const NetworkView *from, const NetworkView *to, GError **error)
{
        bool ok = true;

        if (!inventory_begin(inventory, error))
                return false;
        for (unsigned i = 0; ok && i < to->switches->len; i++) {
                const SwitchRecord *record = to->switches->pdata[i];

                ok = is_same_switch(record, network_find_switch(from->switches, record->name, NULL)) ||
                     switch_save(inventory, record, error);
        }
        for (unsigned i = 0; ok && i < to->groups->len; i++) {
                const PortGroupRecord *record = to->groups->pdata[i];

                ok = is_same_group(record, network_find_port_group(from->groups, record->name, NULL)) ||
                     port_group_save(inventory, record, error);
        }
        for (unsigned i = 0; ok && i < from->groups->len; i++) {
                const PortGroupRecord *record = from->groups->pdata[i];

                ok = network_find_port_group(to->groups, record->name, NULL) != NULL ||
                     port_group_delete(inventory, record->name, error);
        }
        for (unsigned i = 0; ok && i < from->switches->len; i++) {
                const SwitchRecord *record = from->switches->pdata[i];

                ok = network_find_switch(to->switches, record->name, NULL) != NULL ||
                     switch_delete(inventory, record->name, error);
        }
        return inventory_end(inventory, ok, error);
}

static GArray *wanted_bridges(const NetworkView *from, const NetworkView *to)
{
        GArray *bridges = g_array_new(FALSE, FALSE, sizeof(OvsWanted));

        for (unsigned i = 0; i < to->switches->len; i++) {
                const SwitchRecord *record = to->switches->pdata[i];
                const OvsWanted wanted = {.bridge = record->bridge,
                                          .switch_name = record->name,
                                          .uplinks = (const char *const *)record->uplinks};

                if (!is_same_switch(record, network_find_switch(from->switches, record->name, NULL)))
                        g_array_append_val(bridges, wanted);
        }
        for (unsigned i = 0; i < from->switches->len; i++) {
                const SwitchRecord *record = from->switches->pdata[i];
                const OvsWanted wanted = {.bridge = record->bridge, .switch_name = record->name};

                if (network_find_switch(to->switches, record->name, NULL) == NULL)
                        g_array_append_val(bridges, wanted);
        }
        return bridges;
}

/* Of one VM's running cards. names: own the ports'. */
static bool add_places(Change *change, const NetworkView *to, const char *uuid, GArray *ports,
                       GPtrArray *names, GError **error)
{
        g_autoptr(GHashTable) groups = card_records(call_inventory(change->call), uuid, error);
        g_autoptr(Definition) definition = NULL;
        g_autoptr(GPtrArray) cards = NULL;
        virConnectPtr connection = groups != NULL ? call_connection(change->call, error) : NULL;
        LifePower power;

        if (connection == NULL || !life_power(connection, uuid, &power, error))
                return false;
        if (power == LIFE_OFF || power == LIFE_NONE)
                return true;
        definition = vm_definition(change->call, uuid, true, error);
        if (definition == NULL)
                return false;
        cards = definition_cards(definition);
        for (unsigned i = 0; i < cards->len; i++) {
                const DefinitionCard *card = cards->pdata[i];
                const char *group = card->mac != NULL ? g_hash_table_lookup(groups, card->mac) : NULL;
                OvsPlace place = {0};

                if (group == NULL || !card->open_vswitch || card->device == NULL)
                        continue;
                if (!network_view_place(to, group, &place.bridge, &place.vlan, error))
                        return false;
                char *port = g_strdup(card->device);

                g_ptr_array_add(names, port);
                place.port = port;
                g_array_append_val(ports, place);
        }
        return true;
}

static bool change_bridges(Change *change, const NetworkView *from, const NetworkView *to, GError **error)
{
        g_autoptr(GArray) bridges = wanted_bridges(from, to),
                          ports = g_array_new(FALSE, FALSE, sizeof(OvsPlace));
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        GHashTableIter iter;
        gpointer uuid;

        g_hash_table_iter_init(&iter, change->users);
        while (g_hash_table_iter_next(&iter, &uuid, NULL))
                if (!add_places(change, to, uuid, ports, names, error))
                        return false;
        /* A host without switches is not asked for Open vSwitch. */
        return bridges->len + ports->len == 0 ||
               ovs_change((OvsWanted *)(void *)bridges->data, bridges->len,
                          (const OvsPlace *)(const void *)ports->data, ports->len, error);
}

static bool follow(Change *change, NetworkView *to, GError **error)
{
        unsigned n = 0, all = g_hash_table_size(change->users);
        GHashTableIter iter;
        gpointer uuid;

        g_hash_table_iter_init(&iter, change->users);
        while (g_hash_table_iter_next(&iter, &uuid, NULL)) {
                g_autoptr(Record) record = record_load(call_inventory(change->call), uuid, NULL);
                const char *name = record != NULL ? record->name : uuid;

                call_progress(change->call, 100 * n++ / all, "changes the cards of %s", name);
                if (!network_follow(change->call, to, uuid, error)) {
                        g_prefix_error(
                                error,
                                "the cards of VM \"%s\" have not come along, and all is as before: ", name);
                        return false;
                }
        }
        return true;
}

/* As far as it goes; what does not is put right when the daemon starts. */
static void undo(Change *change, bool has_followed)
{
        GHashTableIter iter;
        gpointer uuid;

        if (!write_view(call_inventory(change->call), &change->after, &change->before, NULL) ||
            !has_followed)
                return;
        (void)change_bridges(change, &change->after, &change->before, NULL);
        g_hash_table_iter_init(&iter, change->users);
        while (g_hash_table_iter_next(&iter, &uuid, NULL))
                (void)network_follow(change->call, &change->before, uuid, NULL);
}

static bool apply(Change *change, GError **error)
{
        /* First, so that what a kill prevents is made at the next start. */
        if (!write_view(call_inventory(change->call), &change->before, &change->after, error))
                return false;
        if (!change_bridges(change, &change->before, &change->after, error)) {
                undo(change, false);
                return false;
        }
        if (!follow(change, &change->after, error)) {
                undo(change, true);
                return false;
        }
        return true;
}

/* --- telling it --- */

static void tell(const Change *change)
{
        const NetworkView *before = &change->before, *after = &change->after;

        for (unsigned i = 0; i < after->switches->len; i++) {
                const SwitchRecord *now = after->switches->pdata[i],
                                   *was = network_find_switch(before->switches, now->name, NULL);

                if (!is_same_switch(now, was))
                        network_tell_switch(change->call, now, was != NULL ? "changed" : "made");
        }
        for (unsigned i = 0; i < after->groups->len; i++) {
                const PortGroupRecord *now = after->groups->pdata[i];

                if (!is_same_group(now, network_find_port_group(before->groups, now->name, NULL)))
                        network_tell_port_group(change->call, now);
        }
        for (unsigned i = 0; i < before->groups->len; i++) {
                const PortGroupRecord *was = before->groups->pdata[i];

                if (network_find_port_group(after->groups, was->name, NULL) == NULL)
                        network_tell_deleted(change->call, "port group", was->name);
        }
        for (unsigned i = 0; i < before->switches->len; i++) {
                const SwitchRecord *was = before->switches->pdata[i];

                if (network_find_switch(after->switches, was->name, NULL) == NULL)
                        network_tell_deleted(change->call, "virtual switch", was->name);
        }
}

static bool run_update(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        /* To the end: what is undone is what this call has done. */
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = network_lock();
        g_auto(Change) change = {.call = call};

        (void)result;
        change.switches = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        change.groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        change.users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        if (!args_only(args, error, "replace", "switches", "port_groups", NULL) ||
            !args_bool_if(args, "replace", &change.replace, error) ||
            !network_view_load(call, &change.before, error) ||
            !network_view_load(call, &change.after, error) ||
            !read_list(&change, args, "switches", SWITCHES_MAX, read_switch, error) ||
            !read_list(&change, args, "port_groups", GROUPS_MAX, read_group, error))
                return false;
        if (change.replace)
                drop_others(&change);
        if (!check_switches(&change, error) || !check_users(&change, error) || !apply(&change, error))
                return false;
        tell(&change);
        return true;
}

const Method network_config_methods[] = {
        {.name = "UpdateNetworkConfig", .is_task = true, .changes = true, .run = run_update},
        {.name = NULL},
};
