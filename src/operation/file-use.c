/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who uses which files of the host: VMs with all that their disks and snapshots stand on, and work under
 * way. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "inventory/catalog.h"
#include "operation/file.h"
#include "storage/datastore-path.h"
#include "storage/disk.h"
#include "vm/definition.h"
#include "vm/life.h"

typedef struct Identity {
        dev_t device;
        ino_t inode;
} Identity;

typedef struct Use {
        Identity identity;
        char *who;      /* "VM \"web01\"" */
        char *format;   /* as a definition has it, or NULL */
        GPtrArray *vms; /* UUIDs of VMs with a Record */
        bool written;   /* by a VM that runs */
        char *owner;    /* whose it is, and does not just stand on: "VM \"web01\"", or NULL */
        char *others;   /* of those who have it, one besides the first, or NULL */
} Use;

struct FileUses {
        GHashTable *files; /* Identity to Use, of files that are there */
        GHashTable *paths; /* char *path to char *who, of those too that are not there now */
        GHashTable *homes; /* char *path to char *who */
};

/* Who is being looked at. */
typedef struct Look {
        Call *call;
        virConnectPtr connection;
        FileUses *uses;
        const char *who;
        const char *vm; /* UUID of a Record, or NULL */
} Look;

static guint hash_identity(gconstpointer key)
{
        const Identity *identity = key;

        return (guint)identity->inode * 31u + (guint)identity->device;
}

static gboolean equal_identity(gconstpointer a, gconstpointer b)
{
        const Identity *one = a, *other = b;

        return one->device == other->device && one->inode == other->inode;
}

static void use_free(gpointer data)
{
        Use *use = data;

        g_free(use->who);
        g_free(use->format);
        g_free(use->owner);
        g_free(use->others);
        g_ptr_array_unref(use->vms);
        g_free(use);
}

void file_uses_free(FileUses *uses)
{
        if (uses == NULL)
                return;
        g_hash_table_unref(uses->files);
        g_hash_table_unref(uses->paths);
        g_hash_table_unref(uses->homes);
        g_free(uses);
}

/* --- looking --- */

/* beneath: something of the VM's stands on it. */
static void add_use(const Look *look, const char *path, const char *format, bool written, bool beneath)
{
        struct stat st;
        Identity identity;
        Use *use;

        g_hash_table_insert(look->uses->paths, g_strdup(path), g_strdup(look->who));
        if (stat(path, &st) < 0)
                return;
        identity = (Identity){.device = st.st_dev, .inode = st.st_ino};
        use = g_hash_table_lookup(look->uses->files, &identity);
        if (use == NULL) {
                use = g_new0(Use, 1);
                use->identity = identity;
                use->who = g_strdup(look->who);
                use->vms = g_ptr_array_new_with_free_func(g_free);
                g_hash_table_insert(look->uses->files, &use->identity, use);
        }
        if (look->vm != NULL &&
            (use->vms->len == 0 || strcmp(use->vms->pdata[use->vms->len - 1], look->vm) != 0))
                g_ptr_array_add(use->vms, g_strdup(look->vm));
        if (format != NULL && use->format == NULL)
                use->format = g_strdup(format);
        use->written = use->written || written;
        if (use->others == NULL && strcmp(use->who, look->who) != 0)
                use->others = g_strdup(look->who);
        if (!beneath && use->owner == NULL)
                use->owner = g_strdup(look->who);
}

static void add_file(const Look *look, const char *path, const char *format, bool written)
{
        add_use(look, path, format, written, false);
}

/* And the files beneath. A guest decides what its raw disk looks like: nothing stands beneath that. */
static void add_disk(const Look *look, const char *path, const char *format, bool written)
{
        g_autoptr(GPtrArray) chain = g_strcmp0(format, "raw") != 0 ? disk_chain(path, NULL) : NULL;

        add_file(look, path, format, written);
        for (unsigned i = 1; chain != NULL && i < chain->len; i++)
                add_use(look, chain->pdata[i], NULL, false, true);
}

static void add_definition(const Look *look, Definition *definition, bool is_on)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition), files = definition_files(definition);

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (disk->path != NULL)
                        add_disk(look, disk->path, disk->format, is_on && !disk->read_only);
        }
        for (unsigned i = 0; i < files->len; i++)
                add_file(look, files->pdata[i], NULL, false);
}

static bool add_definition_of(const Look *look, const char *uuid, bool live, GError **error)
{
        g_autofree char *xml = life_definition(look->connection, uuid, live, error);
        g_autoptr(Definition) definition = xml != NULL ? definition_parse(xml, error) : NULL;

        if (definition != NULL)
                add_definition(look, definition, live);
        return definition != NULL;
}

static bool add_domain(const Look *look, virDomainPtr domain, GError **error)
{
        char uuid[VIR_UUID_STRING_BUFLEN];
        g_autoptr(Record) record = NULL;
        g_autofree char *who = NULL;
        g_autoptr(GError) inner = NULL;
        Look own = *look;

        if (virDomainGetUUIDString(domain, uuid) < 0)
                return true; /* it is gone */
        record = record_load(call_inventory(look->call), uuid, error);
        who = g_strdup_printf("VM \"%s\"", virDomainGetName(domain));
        own.who = who;
        own.vm = record != NULL ? uuid : NULL;
        if ((virDomainIsPersistent(domain) != 1 || add_definition_of(&own, uuid, false, &inner)) &&
            (virDomainIsActive(domain) != 1 || add_definition_of(&own, uuid, true, &inner)))
                return true;
        /* One that has gone meanwhile uses nothing any more. */
        if (g_error_matches(inner, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
                return true;
        g_propagate_error(error, g_steal_pointer(&inner));
        return false;
}

static bool add_domains(const Look *look, GError **error)
{
        virDomainPtr *domains = NULL;
        int n = virConnectListAllDomains(look->connection, &domains, 0);
        bool well = n >= 0;

        if (n < 0)
                g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                                    "libvirt does not say which VMs there are, so that no file is touched");
        for (int i = 0; i < n; i++) {
                well = well && add_domain(look, domains[i], error);
                virDomainFree(domains[i]);
        }
        free(domains);
        return well;
}

static bool add_snapshots(const Look *look, GError **error)
{
        g_autoptr(GPtrArray) snapshots = snapshot_records(call_inventory(look->call), look->vm, error);

        for (unsigned i = 0; snapshots != NULL && i < snapshots->len; i++) {
                const SnapshotRecord *snapshot = snapshots->pdata[i];
                GHashTableIter iter;
                gpointer path;

                if (snapshot->memory != NULL)
                        add_file(look, snapshot->memory, NULL, false);
                g_hash_table_iter_init(&iter, snapshot->disks);
                while (g_hash_table_iter_next(&iter, NULL, &path))
                        add_disk(look, path, NULL, false);
        }
        return snapshots != NULL;
}

static bool add_record(const Look *look, const Record *record, GError **error)
{
        g_autoptr(GPtrArray) disks = disk_records(call_inventory(look->call), record->uuid, error);
        g_autoptr(GPtrArray) left =
                disks != NULL ? left_homes(call_inventory(look->call), record->uuid, error) : NULL;
        static const char *const suffixes[] = {".vmx", ".xml", ".vmsd"};

        for (unsigned i = 0; disks != NULL && i < disks->len; i++) {
                const DiskRecord *disk = disks->pdata[i];

                if (disk->base != NULL)
                        add_disk(look, disk->base, NULL, false);
        }
        if (record->saved != NULL)
                add_file(look, record->saved, NULL, false);
        if (record->home != NULL) {
                g_hash_table_insert(look->uses->homes, g_strdup(record->home), g_strdup(look->who));
                for (unsigned i = 0; i < G_N_ELEMENTS(suffixes); i++) {
                        g_autofree char *path =
                                g_strdup_printf("%s/%s%s", record->home, record->name, suffixes[i]);

                        add_file(look, path, NULL, false);
                }
        }
        for (unsigned i = 0; left != NULL && i < left->len; i++)
                g_hash_table_insert(look->uses->homes, g_strdup(left->pdata[i]), g_strdup(look->who));
        return left != NULL && add_snapshots(look, error);
}

static bool add_records(const Look *look, GError **error)
{
        g_autoptr(GPtrArray) records = record_list(call_inventory(look->call), NULL, false, error);

        for (unsigned i = 0; records != NULL && i < records->len; i++) {
                const Record *record = records->pdata[i];
                g_autofree char *who = g_strdup_printf("VM \"%s\"", record->name);
                Look own = *look;

                own.who = who;
                own.vm = record->uuid;
                if (!add_record(&own, record, error))
                        return false;
        }
        return records != NULL;
}

static bool add_intents(const Look *look, GError **error)
{
        g_autoptr(GPtrArray) intents = intent_list(call_inventory(look->call), error);

        for (unsigned i = 0; intents != NULL && i < intents->len; i++) {
                const Intent *intent = intents->pdata[i];
                g_autofree char *who = g_strdup_printf("work under way (%s)", intent->kind);
                Look own = *look;

                own.who = who;
                for (char **file = intent->new_files; *file != NULL; file++)
                        add_file(&own, *file, NULL, true);
                for (char **file = intent->old_files; *file != NULL; file++)
                        add_file(&own, *file, NULL, true);
        }
        return intents != NULL;
}

FileUses *file_uses_new(Call *call, GError **error)
{
        g_autoptr(FileUses) uses = g_new0(FileUses, 1);
        const Look look = {.call = call, .connection = call_connection(call, error), .uses = uses};

        uses->files = g_hash_table_new_full(hash_identity, equal_identity, NULL, use_free);
        uses->paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        uses->homes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        if (look.connection == NULL || !add_domains(&look, error) || !add_records(&look, error) ||
            !add_intents(&look, error))
                return NULL;
        return g_steal_pointer(&uses);
}

/* --- asking --- */

static bool refuse(const StoreFile *file, const char *what, const char *who, GError **error)
{
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY, "\"%s\" is in use: %s%s", file->text, who, what);
        return false;
}

static const Use *find_use(const FileUses *uses, const struct stat *st)
{
        const Identity identity = {.device = st->st_dev, .inode = st->st_ino};

        return g_hash_table_lookup(uses->files, &identity);
}

/* What is in use below a folder, by the paths that are known of it. */
static const char *find_below(GHashTable *paths, const char *folder, bool itself)
{
        GHashTableIter iter;
        gpointer path, who;

        g_hash_table_iter_init(&iter, paths);
        while (g_hash_table_iter_next(&iter, &path, &who))
                if (datastore_below(folder, path) != NULL || (itself && strcmp(folder, path) == 0))
                        return who;
        return NULL;
}

static bool check_member(const StoreFile *file, const struct stat *st, gpointer user_data, GError **error)
{
        const Use *use = find_use(user_data, st);
        unsigned depth = 1;

        if (use != NULL && S_ISREG(st->st_mode))
                return refuse(file, " has it", use->who, error);
        for (const char *p = file->rest; *p != '\0'; p++)
                depth += *p == '/';
        if (!S_ISDIR(st->st_mode) || depth < DATASTORE_DEPTH_MAX)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                    "\"%s\" lies too deep for its folders to be looked at", file->text);
        return false;
}

bool file_uses_check(const FileUses *uses, const StoreFile *file, GError **error)
{
        const char *who;
        struct stat st;

        if (!store_file_stat(file, &st, error))
                return false;
        if (!S_ISDIR(st.st_mode)) {
                const Use *use = find_use(uses, &st);

                return use == NULL || refuse(file, " has it", use->who, error);
        }
        who = find_below(uses->homes, file->path, true);
        if (who != NULL)
                return refuse(file, " lives there", who, error);
        who = find_below(uses->paths, file->path, false);
        if (who != NULL)
                return refuse(file, " has a file there", who, error);
        return store_file_walk(file, true, check_member, (gpointer)(guintptr)uses, error);
}

bool file_uses_check_shared(const FileUses *uses, const StoreFile *file, GError **error)
{
        const Use *use;
        struct stat st;

        if (!store_file_stat(file, &st, error))
                return false;
        use = find_use(uses, &st);
        return use == NULL || use->owner == NULL || refuse(file, " has it for its own", use->owner, error);
}

bool file_uses_check_others(const FileUses *uses, const char *path, const char *vm, GError **error)
{
        g_autofree char *own = g_strdup_printf("VM \"%s\"", vm);
        const char *other;
        const Use *use;
        struct stat st;

        if (stat(path, &st) < 0)
                return operation_refuse(error, g_io_error_from_errno(errno), "%s: %s", path,
                                        g_strerror(errno));
        use = find_use(uses, &st);
        other = use == NULL ? NULL : strcmp(use->who, own) != 0 ? use->who : use->others;
        return other == NULL ||
               operation_refuse(error, G_IO_ERROR_BUSY,
                                "%s has %s, too, so that nobody writes to it; copy it for a disk of its own",
                                other, path);
}

bool file_uses_read(const FileUses *uses, Call *call, const StoreFile *file, const char **ret_format,
                    GError **error)
{
        const Use *use;
        struct stat st;

        *ret_format = NULL;
        if (!store_file_stat(file, &st, error))
                return false;
        use = find_use(uses, &st);
        if (use == NULL)
                return true;
        if (use->written)
                return refuse(file,
                              " writes to it; power it off, or take a snapshot and copy what that froze",
                              use->who, error);
        for (unsigned i = 0; i < use->vms->len; i++)
                if (!call_lock(call, use->vms->pdata[i], false, error))
                        return file_prefix_error(file, error);
        *ret_format = use->format;
        return true;
}
