/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All VMs that the inventory or libvirt has, and taking into the inventory those that only libvirt has. */
#include <libvirt/virterror.h>
#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/describe.h"
#include "operation/vms.h"
#include "vm/definition.h"
#include "vm/hypervisor.h"
#include "vm/life.h"

/* Of a port group whose cards have all VLANs, tagged. */
#define VLAN_ALL 4095

/* --- ListVMs --- */

/* What libvirt says of one. */
typedef struct Seen {
        char *name;
        const char *power;
        unsigned disks;
        bool listed; /* with its record */
} Seen;

typedef struct Listing {
        GPtrArray *records;    /* of Record * */
        GHashTable *by_uuid;   /* UUID to Record *, borrowed */
        GHashTable *values;    /* see attribute_values_all() */
        GHashTable *snapshots; /* UUID to how many */
        GHashTable *seen;      /* UUID to Seen *; NULL: libvirt cannot be asked */
        bool disks;
} Listing;

static void listing_clear(Listing *listing)
{
        g_clear_pointer(&listing->by_uuid, g_hash_table_unref);
        g_clear_pointer(&listing->records, g_ptr_array_unref);
        g_clear_pointer(&listing->values, g_hash_table_unref);
        g_clear_pointer(&listing->snapshots, g_hash_table_unref);
        g_clear_pointer(&listing->seen, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Listing, listing_clear)

static void seen_free(gpointer data)
{
        Seen *seen = data;

        g_free(seen->name);
        g_free(seen);
}

static Seen *see(const virDomainStatsRecord *stats)
{
        Seen *seen = g_new0(Seen, 1);
        int state = VIR_DOMAIN_NOSTATE, reason = 0;

        (void)virTypedParamsGetInt(stats->params, stats->nparams, "state.state", &state);
        (void)virTypedParamsGetInt(stats->params, stats->nparams, "state.reason", &reason);
        (void)virTypedParamsGetUInt(stats->params, stats->nparams, "block.count", &seen->disks);
        seen->name = g_strdup(virDomainGetName(stats->dom));
        seen->power = vm_power_word(state, reason);
        return seen;
}

/* Of all domains at once. Without a connection the inventory alone is listed. */
static bool ask_libvirt(Call *call, Listing *listing, GError **error)
{
        unsigned wanted = VIR_DOMAIN_STATS_STATE | (listing->disks ? VIR_DOMAIN_STATS_BLOCK : 0);
        /* One that is busy says less; nobody waits for it. */
        unsigned flags = listing->disks ? VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT : 0;
        virConnectPtr connection = call_connection(call, NULL);
        virDomainStatsRecordPtr *stats = NULL;
        int n;

        if (connection == NULL)
                return true;
        n = virConnectGetAllDomainStats(connection, wanted, &stats, flags);
        if (n < 0) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "listing libvirt's VMs: %s",
                            virGetLastErrorMessage());
                return false;
        }
        listing->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, seen_free);
        for (int i = 0; i < n; i++) {
                char uuid[VIR_UUID_STRING_BUFLEN];

                if (virDomainGetUUIDString(stats[i]->dom, uuid) == 0)
                        g_hash_table_insert(listing->seen, g_strdup(uuid), see(stats[i]));
        }
        virDomainStatsRecordListFree(stats);
        return true;
}

static bool look(Call *call, Listing *listing, GError **error)
{
        Inventory *inventory = call_inventory(call);

        listing->records = record_list(inventory, NULL, false, error);
        listing->values = listing->records != NULL ? attribute_values_all(inventory, error) : NULL;
        listing->snapshots = listing->values != NULL ? snapshot_counts(inventory, error) : NULL;
        if (listing->snapshots == NULL || !ask_libvirt(call, listing, error))
                return false;
        listing->by_uuid = g_hash_table_new(g_str_hash, g_str_equal);
        for (unsigned i = 0; i < listing->records->len; i++) {
                Record *record = listing->records->pdata[i];

                g_hash_table_insert(listing->by_uuid, record->uuid, record);
        }
        return true;
}

/* A word that says what can be done with it next. */
static const char *power_of(const Listing *listing, const Record *record, const Seen *seen)
{
        if (listing->seen == NULL)
                return "unknown";
        if (seen == NULL)
                return "missing";
        if (record != NULL && record->saved != NULL && strcmp(seen->power, "off") == 0)
                return "suspended";
        return seen->power;
}

static void add_text(JsonBuilder *result, const char *member, const char *text)
{
        json_builder_set_member_name(result, member);
        json_builder_add_string_value(result, text);
}

static void add_bool(JsonBuilder *result, const char *member, bool value)
{
        json_builder_set_member_name(result, member);
        json_builder_add_boolean_value(result, value);
}

static void add_int(JsonBuilder *result, const char *member, int64_t value)
{
        json_builder_set_member_name(result, member);
        json_builder_add_int_value(result, value);
}

static void add_attributes(JsonBuilder *result, GHashTable *values)
{
        GHashTableIter iter;
        gpointer name, value;

        json_builder_set_member_name(result, "attributes");
        json_builder_begin_object(result);
        if (values != NULL) {
                g_hash_table_iter_init(&iter, values);
                while (g_hash_table_iter_next(&iter, &name, &value))
                        add_text(result, name, value);
        }
        json_builder_end_object(result);
}

static void add_record(JsonBuilder *result, const Listing *listing, const Record *record)
{
        const Record *parent =
                record->parent != NULL ? g_hash_table_lookup(listing->by_uuid, record->parent) : NULL;

        add_text(result, "folder", record->folder);
        add_text(result, "datastore", record->datastore);
        add_text(result, "home", record->home);
        add_bool(result, "template", record->is_template);
        add_text(result, "parent", parent != NULL ? parent->name : NULL);
        add_bool(result, "linked", record->parent_snapshot != 0);
        add_int(result, "snapshots",
                GPOINTER_TO_UINT(g_hash_table_lookup(listing->snapshots, record->uuid)));
        add_attributes(result, g_hash_table_lookup(listing->values, record->uuid));
}

/* record: NULL for one that was not adopted; seen: NULL for one that libvirt does not know. */
static void add_vm(JsonBuilder *result, const Listing *listing, const char *uuid, const char *name,
                   const Record *record, const Seen *seen)
{
        json_builder_begin_object(result);
        add_text(result, "name", name);
        add_text(result, "uuid", uuid);
        add_text(result, "power", power_of(listing, record, seen));
        add_bool(result, "adopted", record != NULL);
        if (record != NULL)
                add_record(result, listing, record);
        if (listing->disks && seen != NULL)
                add_int(result, "disks", seen->disks);
        json_builder_end_object(result);
}

static bool run_list(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_auto(Listing) listing = {0};
        GHashTableIter iter;
        gpointer uuid, seen;

        if (!args_only(args, error, "disks", NULL) || !args_bool_if(args, "disks", &listing.disks, error) ||
            !look(call, &listing, error))
                return false;
        json_builder_begin_array(result);
        for (unsigned i = 0; i < listing.records->len; i++) {
                const Record *record = listing.records->pdata[i];
                Seen *known = listing.seen != NULL ? g_hash_table_lookup(listing.seen, record->uuid) : NULL;

                if (known != NULL)
                        known->listed = true;
                /* Of what is being made or deleted its task tells. */
                if (record->state == RECORD_READY)
                        add_vm(result, &listing, record->uuid, record->name, record, known);
        }
        if (listing.seen != NULL) {
                g_hash_table_iter_init(&iter, listing.seen);
                while (g_hash_table_iter_next(&iter, &uuid, &seen))
                        if (!((const Seen *)seen)->listed)
                                add_vm(result, &listing, uuid, ((const Seen *)seen)->name, NULL, seen);
        }
        json_builder_end_array(result);
        return true;
}

/* --- DescribeVMs: those that are not as they were --- */

/* So many in one answer, which is handed over at once. */
#define DESCRIBED_MAX 100

/* Whether it is known as it is now; it is looked at in any case, so that it is not gone. */
static bool is_known(GHashTable *gone, JsonObject *known, const char *uuid, const char *stamp)
{
        const char *before = json_object_get_string_member_with_default(known, uuid, NULL);

        (void)g_hash_table_remove(gone, uuid);
        return g_strcmp0(before, stamp) == 0;
}

static void find_records(Listing *listing, JsonObject *known, GHashTable *gone, GPtrArray *changed)
{
        for (unsigned i = 0; i < listing->records->len; i++) {
                const Record *record = listing->records->pdata[i];
                Seen *seen = listing->seen != NULL ? g_hash_table_lookup(listing->seen, record->uuid) : NULL;
                g_autofree char *stamp =
                        describe_stamp(record, record->name, power_of(listing, record, seen));

                if (seen != NULL)
                        seen->listed = true;
                if (record->state == RECORD_READY && !is_known(gone, known, record->uuid, stamp))
                        g_ptr_array_add(changed, g_strdup(record->uuid));
        }
}

static void find_others(Listing *listing, JsonObject *known, GHashTable *gone, GPtrArray *changed)
{
        GHashTableIter iter;
        gpointer uuid, value;

        if (listing->seen == NULL)
                return;
        g_hash_table_iter_init(&iter, listing->seen);
        while (g_hash_table_iter_next(&iter, &uuid, &value)) {
                const Seen *seen = value;
                g_autofree char *stamp = describe_stamp(NULL, seen->name, seen->power);

                if (!seen->listed && !is_known(gone, known, uuid, stamp))
                        g_ptr_array_add(changed, g_strdup(uuid));
        }
}

/* UUIDs of those that are new, gone, or have another stamp than is known. */
static GPtrArray *find_changed(Call *call, JsonObject *known, GError **error)
{
        g_auto(Listing) listing = {0};
        g_autoptr(GHashTable) gone = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GList) uuids = json_object_get_members(known);
        GPtrArray *changed;
        GHashTableIter iter;
        gpointer uuid;

        if (!look(call, &listing, error))
                return NULL;
        for (GList *member = uuids; member != NULL; member = member->next)
                g_hash_table_add(gone, g_strdup(member->data));
        changed = g_ptr_array_new_with_free_func(g_free);
        find_records(&listing, known, gone, changed);
        find_others(&listing, known, gone, changed);
        g_hash_table_iter_init(&iter, gone);
        while (g_hash_table_iter_next(&iter, &uuid, NULL))
                g_ptr_array_add(changed, g_strdup(uuid));
        return changed;
}

/* known: of UUIDs, their stamps; vms: those that are to be described in any case. */
static bool run_describe(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GPtrArray) changed = NULL;
        g_auto(GStrv) vms = NULL;
        JsonObject *known = NULL;
        bool more = false;

        if (!args_only(args, error, "known", "vms", NULL) || !args_object_if(args, "known", &known, error) ||
            !args_texts_if(args, "vms", DESCRIBED_MAX, &vms, error))
                return false;
        if (known != NULL) {
                changed = find_changed(call, known, error);
                if (changed == NULL)
                        return false;
                more = changed->len > DESCRIBED_MAX;
                if (more)
                        g_ptr_array_set_size(changed, DESCRIBED_MAX);
                g_ptr_array_add(changed, NULL);
        }
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "vms");
        json_builder_add_value(result, describe_vms(call, vms != NULL       ? vms
                                                          : changed != NULL ? (char **)changed->pdata
                                                                            : (char *[]){NULL}));
        json_builder_set_member_name(result, "more");
        json_builder_add_boolean_value(result, more);
        json_builder_end_object(result);
        return true;
}

/* --- AdoptVM --- */

static virDomainPtr find_domain(virConnectPtr connection, const char *name, GError **error)
{
        virDomainPtr domain = virDomainLookupByName(connection, name);
        g_autofree char *shown = NULL;

        if (domain == NULL && g_uuid_string_is_valid(name))
                domain = virDomainLookupByUUIDString(connection, name);
        if (domain != NULL)
                return domain;
        shown = catalog_shown(name);
        if (virGetLastErrorCode() == VIR_ERR_NO_DOMAIN)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "libvirt has no VM \"%s\"", shown);
        else
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "looking for VM \"%s\": %s", shown,
                            virGetLastErrorMessage());
        return NULL;
}

/* Whether it can be kept in an inventory. */
static bool can_adopt(virDomainPtr domain, GError **error)
{
        const char *name = virDomainGetName(domain);
        g_autoptr(GError) wrong = NULL;
        g_autofree char *shown = NULL;

        if (!catalog_check_name("virtual machine", name, &wrong)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "%s; rename it in libvirt first, with 'virsh domrename'", wrong->message);
                return false;
        }
        if (virDomainIsPersistent(domain) == 1)
                return true;
        shown = catalog_shown(name);
        g_set_error(
                error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                "VM \"%s\" is transient: libvirt forgets it when it is powered off. Define it first, with "
                "'virsh dumpxml' and 'virsh define'",
                shown);
        return false;
}

/* A new record; of one that is in the inventory, that with the name which libvirt has for it now. */
static Record *make_record(Call *call, const char *uuid, const char *name, const char *folder,
                           GError **error)
{
        g_autoptr(GError) inner = NULL;
        g_autoptr(Record) record = record_load(call_inventory(call), uuid, &inner);

        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
                return NULL;
        }
        if (record == NULL) {
                record = record_new(uuid, name);
                record->made_ms = g_get_real_time() / 1000;
        } else if (strcmp(record->name, name) == 0) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, "VM \"%s\" is in the inventory already",
                            name);
                return NULL;
        } else {
                g_free(record->name);
                record->name = g_strdup(name);
        }
        if (folder != NULL) {
                g_free(record->folder);
                record->folder = g_strdup(folder);
        }
        return g_steal_pointer(&record);
}

/* The switch's port group that a card on its bridge is on, by the VLAN; NULL: none. Borrowed. */
static const char *port_group_of(const DefinitionCard *card, GPtrArray *switches, GPtrArray *groups)
{
        unsigned vlan = card->trunk ? VLAN_ALL : card->vlan;

        for (unsigned s = 0; s < switches->len; s++) {
                const SwitchRecord *vswitch = switches->pdata[s];

                if (g_strcmp0(vswitch->bridge, card->bridge) != 0)
                        continue;
                for (unsigned g = 0; g < groups->len; g++) {
                        const PortGroupRecord *group = groups->pdata[g];

                        if (strcmp(group->switch_name, vswitch->name) == 0 && group->vlan == vlan)
                                return group->name;
                }
        }
        return NULL;
}

/* Cards that are where a port group's would be are on it from now on, so that it is not deleted beneath
 * them. */
static bool adopt_cards(Call *call, const char *uuid, const char *xml, GError **error)
{
        Inventory *inventory = call_inventory(call);
        g_autoptr(Definition) definition = definition_parse(xml, error);
        g_autoptr(GPtrArray) cards = definition != NULL ? definition_cards(definition) : NULL;
        g_autoptr(GPtrArray) switches = cards != NULL ? switch_list(inventory, error) : NULL;
        g_autoptr(GPtrArray) groups = switches != NULL ? port_group_list(inventory, error) : NULL;

        if (groups == NULL)
                return false;
        for (unsigned i = 0; i < cards->len; i++) {
                const DefinitionCard *card = cards->pdata[i];
                const char *group = card->open_vswitch ? port_group_of(card, switches, groups) : NULL;

                if (group != NULL && !card_save(inventory, uuid, card->mac, group, error))
                        return false;
        }
        return true;
}

static bool save_adopted(Call *call, const Record *record, const char *xml, GError **error)
{
        if (!inventory_begin(call_inventory(call), error))
                return false;
        return inventory_end(call_inventory(call),
                             record_save(call_inventory(call), record, error) &&
                                     adopt_cards(call, record->uuid, xml, error),
                             error);
}

static bool adopt(Call *call, virDomainPtr domain, const char *folder, GError **error)
{
        const char *name = virDomainGetName(domain);
        char uuid[VIR_UUID_STRING_BUFLEN];
        g_autoptr(Record) record = NULL;
        g_autofree char *xml = NULL;

        if (virDomainGetUUIDString(domain, uuid) < 0) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "VM \"%s\": %s", name,
                            virGetLastErrorMessage());
                return false;
        }
        if (!call_lock(call, uuid, true, error))
                return false;
        xml = life_definition(call_connection(call, NULL), uuid, false, error);
        record = xml != NULL ? make_record(call, uuid, name, folder, error) : NULL;
        if (record == NULL || !save_adopted(call, record, xml, error))
                return false;
        call_event(call, "vm", name, "was taken into the inventory, in folder %s", record->folder);
        return true;
}

/* The VM goes on as it is: nothing of it is touched. */
static bool run_adopt(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *folder = NULL;
        virConnectPtr connection;
        virDomainPtr domain;
        bool ok;

        (void)result;
        if (!args_only(args, error, "vm", "folder", NULL) || !args_text_if(args, "folder", &folder, error))
                return false;
        name = args_text(args, "vm", error);
        connection = name != NULL ? call_connection(call, error) : NULL;
        domain = connection != NULL ? find_domain(connection, name, error) : NULL;
        if (domain == NULL)
                return false;
        ok = can_adopt(domain, error) && adopt(call, domain, folder, error);
        (void)virDomainFree(domain);
        return ok;
}

const Method vms_methods[] = {
        {.name = "ListVMs", .run = run_list},
        {.name = "DescribeVMs", .internal = true, .run = run_describe},
        {.name = "AdoptVM", .run = run_adopt},
        {.name = NULL},
};
