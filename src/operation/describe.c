/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operation/describe.h"

#include <libvirt/virterror.h>
#include <string.h>
#include <sys/stat.h>

#include "inventory/catalog.h"
#include "operation/snapshot.h"
#include "storage/datastore.h"
#include "storage/disk.h"
#include "vm/hypervisor.h"

/* One look at some VMs. */
typedef struct Look {
        Call *call;
        virConnectPtr connection; /* NULL: libvirt cannot be asked */
        GPtrArray *datastores;    /* of NamedText * */
        GPtrArray *questions;     /* of Question * */
        JsonBuilder *result;
} Look;

static void look_clear(Look *look)
{
        g_clear_pointer(&look->datastores, g_ptr_array_unref);
        g_clear_pointer(&look->questions, g_ptr_array_unref);
        g_clear_object(&look->result);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Look, look_clear)

static void begin_look(Look *look, Call *call)
{
        look->call = call;
        look->connection = call_connection(call, NULL);
        look->datastores = datastore_list(call_inventory(call), NULL);
        look->questions = question_list(call_inventory(call), NULL);
        look->result = json_builder_new();
}

/* --- members --- */

static void add_text(Look *look, const char *name, const char *text)
{
        g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;

        json_builder_set_member_name(look->result, name);
        if (valid != NULL)
                json_builder_add_string_value(look->result, valid);
        else
                json_builder_add_null_value(look->result);
}

static void add_int(Look *look, const char *name, uint64_t number)
{
        json_builder_set_member_name(look->result, name);
        json_builder_add_int_value(look->result, (int64_t)MIN(number, (uint64_t)G_MAXINT64));
}

static void add_bool(Look *look, const char *name, bool value)
{
        json_builder_set_member_name(look->result, name);
        json_builder_add_boolean_value(look->result, value);
}

/* "file" as the API names it, "[datastore] path" where it lies in one, and "datastore". */
static void add_file(Look *look, const char *path)
{
        for (unsigned i = 0; path != NULL && look->datastores != NULL && i < look->datastores->len; i++) {
                const NamedText *datastore = look->datastores->pdata[i];
                g_autofree char *inside = datastore_format(datastore->name, datastore->text, path);

                if (inside == NULL)
                        continue;
                add_text(look, "file", inside);
                add_text(look, "datastore", datastore->name);
                return;
        }
        add_text(look, "file", path);
        add_text(look, "datastore", NULL);
}

static uint64_t used_bytes(const char *path)
{
        struct stat status;

        return stat(path, &status) == 0 ? (uint64_t)status.st_blocks * 512 : 0;
}

/* An element of "files"; of what is not there nothing is said. */
static void add_extra(Look *look, const char *path, const char *type)
{
        struct stat status;

        if (path == NULL || stat(path, &status) < 0)
                return;
        json_builder_begin_object(look->result);
        add_file(look, path);
        add_text(look, "type", type);
        add_int(look, "bytes", (uint64_t)status.st_size);
        add_int(look, "used_bytes", (uint64_t)status.st_blocks * 512);
        add_int(look, "time_ms", (uint64_t)status.st_mtim.tv_sec * 1000);
        json_builder_end_object(look->result);
}

/* --- hardware --- */

/* The files that the disk stands on, itself first. */
static void add_chain(Look *look, const char *path, const char *home)
{
        g_autoptr(GPtrArray) chain = disk_chain(path, NULL);

        json_builder_set_member_name(look->result, "chain");
        json_builder_begin_array(look->result);
        for (unsigned i = 0; chain != NULL && i < chain->len; i++) {
                g_autofree char *folder = g_path_get_dirname(chain->pdata[i]);

                json_builder_begin_object(look->result);
                add_file(look, chain->pdata[i]);
                add_int(look, "used_bytes", used_bytes(chain->pdata[i]));
                /* Of a linked clone's parent it is not. */
                add_bool(look, "own", home == NULL || strcmp(folder, home) == 0);
                json_builder_end_object(look->result);
        }
        json_builder_end_array(look->result);
}

static DiskMode mode_of(const GPtrArray *modes, const char *target)
{
        for (unsigned i = 0; modes != NULL && i < modes->len; i++)
                if (strcmp(((const DiskRecord *)modes->pdata[i])->target, target) == 0)
                        return ((const DiskRecord *)modes->pdata[i])->mode;
        return DISK_PERSISTENT;
}

static void add_disk(Look *look, const DefinitionDisk *disk, const GPtrArray *modes, const char *home)
{
        g_autoptr(DiskInfo) info = NULL;

        json_builder_begin_object(look->result);
        add_text(look, "target", disk->target);
        add_text(look, "bus", disk->bus);
        add_text(look, "device", disk->device);
        add_text(look, "path", disk->path);
        add_file(look, disk->path);
        add_text(look, "mode", disk_mode_name(mode_of(modes, disk->target)));
        if (strcmp(disk->device, "disk") == 0 && disk->path != NULL) {
                info = disk_info(disk->path, NULL);
                add_int(look, "provisioned_bytes", info != NULL ? info->provisioned_bytes : 0);
                add_int(look, "used_bytes", info != NULL ? info->used_bytes : 0);
                add_chain(look, disk->path, home);
        }
        json_builder_end_object(look->result);
}

static const DefinitionCard *running_card(const GPtrArray *cards, const char *mac)
{
        for (unsigned i = 0; cards != NULL && i < cards->len; i++)
                if (g_strcmp0(((const DefinitionCard *)cards->pdata[i])->mac, mac) == 0)
                        return cards->pdata[i];
        return NULL;
}

/* running: as it is plugged now; NULL: it is not. */
static void add_card(Look *look, const DefinitionCard *card, const DefinitionCard *running,
                     const char *port_group)
{
        json_builder_begin_object(look->result);
        add_text(look, "mac", card->mac);
        add_text(look, "model", card->model);
        add_text(look, "bridge", card->bridge);
        add_text(look, "port_group", port_group);
        add_bool(look, "start_connected", !card->disconnected);
        add_bool(look, "connected", running != NULL && !running->disconnected);
        json_builder_end_object(look->result);
}

/* live: NULL of what does not run. */
static void add_hardware(Look *look, Definition *definition, Definition *live, const char *uuid,
                         const char *home, const GPtrArray *modes)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition), cards = definition_cards(definition);
        g_autoptr(GPtrArray) running = live != NULL ? definition_cards(live) : NULL;
        g_autoptr(GHashTable) groups = card_records(call_inventory(look->call), uuid, NULL);

        json_builder_set_member_name(look->result, "hardware");
        json_builder_begin_object(look->result);
        add_int(look, "memory_mb", definition_memory_bytes(definition) >> 20);
        add_int(look, "cpus", definition_cpus(definition));
        add_int(look, "cpus_max", definition_cpus_max(definition));
        add_text(look, "firmware", definition_nvram(definition) != NULL ? "efi" : "bios");
        json_builder_set_member_name(look->result, "disks");
        json_builder_begin_array(look->result);
        for (unsigned i = 0; i < disks->len; i++)
                if (((const DefinitionDisk *)disks->pdata[i])->target != NULL)
                        add_disk(look, disks->pdata[i], modes, home);
        json_builder_end_array(look->result);
        json_builder_set_member_name(look->result, "cards");
        json_builder_begin_array(look->result);
        for (unsigned i = 0; i < cards->len; i++) {
                const DefinitionCard *card = cards->pdata[i];

                if (card->mac != NULL)
                        add_card(look, card, running_card(running, card->mac),
                                 groups != NULL ? g_hash_table_lookup(groups, card->mac) : NULL);
        }
        json_builder_end_array(look->result);
        json_builder_end_object(look->result);
}

/* --- snapshots --- */

static void add_snapshot(Look *look, const SnapshotRecord *snapshot, const char *home,
                         const GPtrArray *modes)
{
        g_autoptr(Definition) definition =
                snapshot->definition != NULL ? definition_parse(snapshot->definition, NULL) : NULL;
        GHashTableIter iter;
        gpointer target, path;

        /* Merging may have moved what it froze since. */
        g_hash_table_iter_init(&iter, snapshot->disks);
        while (definition != NULL && g_hash_table_iter_next(&iter, &target, &path))
                (void)definition_set_disk(definition, target, path, NULL, NULL);
        json_builder_begin_object(look->result);
        add_int(look, "id", (uint64_t)snapshot->id);
        add_int(look, "parent", (uint64_t)snapshot->parent);
        add_text(look, "name", snapshot->name);
        add_text(look, "description", snapshot->description);
        add_int(look, "time_ms", (uint64_t)snapshot->time_ms);
        add_bool(look, "memory", snapshot->memory != NULL);
        add_bool(look, "suspended",
                 snapshot->memory != NULL && g_str_has_suffix(snapshot->memory, SNAPSHOT_MEMORY_SUSPENDED));
        if (definition != NULL)
                add_hardware(look, definition, NULL, snapshot->uuid, home, modes);
        json_builder_end_object(look->result);
}

static void add_snapshots(Look *look, const Record *record, const GPtrArray *snapshots,
                          const GPtrArray *modes)
{
        json_builder_set_member_name(look->result, "snapshots");
        json_builder_begin_array(look->result);
        for (unsigned i = 0; snapshots != NULL && i < snapshots->len; i++)
                add_snapshot(look, snapshots->pdata[i], record->home, modes);
        json_builder_end_array(look->result);
        add_int(look, "current_snapshot", (uint64_t)record->current_snapshot);
}

/* --- the VM --- */

/* The same words as in lists of all. */
static const char *power_of(const Look *look, const char *uuid, const Record *record)
{
        virDomainPtr domain;
        const char *word;
        int state, reason;

        if (look->connection == NULL)
                return "unknown";
        domain = virDomainLookupByUUIDString(look->connection, uuid);
        if (domain == NULL)
                return virGetLastErrorCode() == VIR_ERR_NO_DOMAIN ? "missing" : "unknown";
        word = virDomainGetState(domain, &state, &reason, 0) == 0 ? vm_power_word(state, reason) : "unknown";
        (void)virDomainFree(domain);
        return record != NULL && record->saved != NULL && strcmp(word, "off") == 0 ? "suspended" : word;
}

char *describe_stamp(const Record *record, const char *name, const char *power)
{
        if (record == NULL)
                return g_strdup_printf("%s\n%s", power, name);
        return g_strdup_printf("%s\n%s\n%s\n%s\n%d\n%s\n%" G_GINT64_FORMAT, power, record->name,
                               record->folder, record->home != NULL ? record->home : "", record->is_template,
                               record->saved != NULL ? record->saved : "", record->current_snapshot);
}

static void add_options(Look *look, const char *uuid)
{
        g_autoptr(InventoryVm) vm = inventory_vm_load(call_inventory(look->call), uuid, NULL);
        GHashTableIter iter;
        gpointer name, value;

        add_text(look, "pool", vm != NULL ? vm->pool : "/");
        json_builder_set_member_name(look->result, "options");
        json_builder_begin_object(look->result);
        if (vm != NULL) {
                g_hash_table_iter_init(&iter, vm->options);
                while (g_hash_table_iter_next(&iter, &name, &value))
                        add_text(look, name, value);
        }
        json_builder_end_object(look->result);
}

static void add_question(Look *look, const char *uuid)
{
        for (unsigned i = 0; look->questions != NULL && i < look->questions->len; i++) {
                const Question *question = look->questions->pdata[i];

                if (strcmp(question->uuid, uuid) != 0)
                        continue;
                json_builder_set_member_name(look->result, "question");
                json_builder_begin_object(look->result);
                add_int(look, "id", (uint64_t)question->id);
                add_text(look, "text", question->text);
                add_int(look, "time_ms", (uint64_t)question->time_ms);
                json_builder_end_object(look->result);
                return;
        }
}

static void add_home_file(Look *look, const Record *record, const char *suffix, const char *type)
{
        g_autofree char *path = g_strdup_printf("%s/%s%s", record->home, record->name, suffix);

        add_extra(look, path, type);
}

static void add_files(Look *look, const Record *record, const GPtrArray *snapshots, Definition *definition)
{
        json_builder_set_member_name(look->result, "files");
        json_builder_begin_array(look->result);
        if (record->home != NULL) {
                add_home_file(look, record, ".vmx", "config");
                add_home_file(look, record, ".xml", "extendedConfig");
                add_home_file(look, record, ".console", "log");
        }
        if (definition != NULL)
                add_extra(look, definition_nvram(definition), "nvram");
        add_extra(look, record->saved, "suspend");
        for (unsigned i = 0; snapshots != NULL && i < snapshots->len; i++)
                add_extra(look, ((const SnapshotRecord *)snapshots->pdata[i])->memory, "snapshotMemory");
        json_builder_end_array(look->result);
}

/* Only one with overlays can have files that are to be merged. */
static bool has_overlays(Definition *definition)
{
        g_autoptr(GPtrArray) disks = definition != NULL ? definition_disks(definition) : NULL;

        for (unsigned i = 0; disks != NULL && i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (disk->path != NULL && tree_overlay_number(disk->path) > 0)
                        return true;
        }
        return false;
}

static bool needs_consolidation(Look *look, const char *uuid)
{
        g_autoptr(SnapshotVm) vm = snapshot_vm_look(look->call, uuid, NULL);
        g_autoptr(Tree) tree = vm != NULL ? snapshot_vm_tree(vm, NULL, 0, NULL) : NULL;

        return tree != NULL && tree_has_unmerged(tree);
}

static void add_record(Look *look, const Record *record, Definition *definition)
{
        g_autoptr(GPtrArray) modes = disk_records(call_inventory(look->call), record->uuid, NULL);
        g_autoptr(GPtrArray) snapshots = snapshot_records(call_inventory(look->call), record->uuid, NULL);
        g_autofree char *vmx =
                record->home != NULL ? g_strdup_printf("%s/%s.vmx", record->home, record->name) : NULL;

        add_text(look, "folder", record->folder);
        add_text(look, "home", record->home);
        add_bool(look, "template", record->is_template);
        add_text(look, "parent", record->parent);
        add_int(look, "made_ms", (uint64_t)record->made_ms);
        json_builder_set_member_name(look->result, "vmx");
        json_builder_begin_object(look->result);
        add_file(look, vmx);
        json_builder_end_object(look->result);
        add_snapshots(look, record, snapshots, modes);
        add_bool(look, "consolidation_needed",
                 has_overlays(definition) && needs_consolidation(look, record->uuid));
        add_files(look, record, snapshots, definition);
}

static Definition *read_definition(const Look *look, const char *uuid, bool live)
{
        g_autofree char *xml =
                look->connection != NULL ? life_definition(look->connection, uuid, live, NULL) : NULL;

        return xml != NULL ? definition_parse(xml, NULL) : NULL;
}

static void add_machine(Look *look, const char *uuid, const Record *record, Definition *definition,
                        const char *power)
{
        bool is_off = strcmp(power, "off") == 0 || strcmp(power, "suspended") == 0;
        g_autoptr(Definition) live = !is_off ? read_definition(look, uuid, true) : NULL;
        g_autoptr(GPtrArray) modes = disk_records(call_inventory(look->call), uuid, NULL);

        add_hardware(look, definition, live, uuid, record != NULL ? record->home : NULL, modes);
        add_text(look, "agent", live != NULL ? definition_agent(live) : NULL);
}

static void describe(Look *look, const char *uuid)
{
        static gsize last_sequence; /* of the process */
        gsize sequence = (gsize)g_atomic_pointer_add(&last_sequence, 1) + 1;
        g_autoptr(Record) record = record_load(call_inventory(look->call), uuid, NULL);
        g_autoptr(Definition) definition = read_definition(look, uuid, false);
        g_autofree char *name = NULL, *stamp = NULL;
        const char *word;

        json_builder_begin_object(look->result);
        add_text(look, "uuid", uuid);
        add_int(look, "sequence", sequence);
        /* One that is being made is not there yet, though libvirt may know it. */
        if (record != NULL ? record->state != RECORD_READY : definition == NULL) {
                add_bool(look, "gone", true);
                json_builder_end_object(look->result);
                return;
        }
        word = power_of(look, uuid, record);
        name = g_strdup(record != NULL ? record->name : definition_name(definition));
        stamp = describe_stamp(record, name, word);
        add_text(look, "name", name);
        add_text(look, "power", word);
        add_text(look, "stamp", stamp);
        add_bool(look, "adopted", record != NULL);
        add_options(look, uuid);
        add_question(look, uuid);
        if (definition != NULL)
                add_machine(look, uuid, record, definition, word);
        if (record != NULL)
                add_record(look, record, definition);
        json_builder_end_object(look->result);
}

JsonNode *describe_vms(Call *call, char *const *uuids)
{
        g_auto(Look) look = {0};

        begin_look(&look, call);
        json_builder_begin_array(look.result);
        for (; *uuids != NULL; uuids++)
                describe(&look, *uuids);
        json_builder_end_array(look.result);
        return json_builder_get_root(look.result);
}
