/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Objects by their ids, versions of their properties, and who is told. */
#include "api/world.h"

#include <string.h>

typedef struct Watcher {
        unsigned id;
        WorldWatch watch;
        gpointer user_data;
} Watcher;

struct World {
        GHashTable *by_id;  /* borrowed id to Managed, a reference */
        GHashTable *by_key; /* "Type key" to Managed, borrowed */
        GArray *watchers;
        unsigned last_watcher;
        bool telling;    /* them: who is taken out keeps his place until all are told */
        guint source;    /* pending, to tell them */
        Managed *latest; /* the one that changed last */
        uint64_t version, structure_version;
};

static void remove_all(World *world)
{
        GHashTableIter iter;
        gpointer managed;

        g_hash_table_iter_init(&iter, world->by_id);
        while (g_hash_table_iter_next(&iter, NULL, &managed)) {
                g_hash_table_iter_steal(&iter);
                ((Managed *)managed)->gone = true;
                managed_unref(managed);
        }
        /* Those that somebody still has outlive the world. */
        for (Managed *left = world->latest; left != NULL; left = left->older)
                left->world = NULL;
}

World *world_new(void)
{
        World *world = g_new0(World, 1);

        world->by_id = g_hash_table_new(g_str_hash, g_str_equal);
        world->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        world->watchers = g_array_new(FALSE, FALSE, sizeof(Watcher));
        return world;
}

void world_free(World *world)
{
        if (world == NULL)
                return;
        if (world->source != 0)
                (void)g_source_remove(world->source);
        remove_all(world);
        g_hash_table_unref(world->by_id);
        g_hash_table_unref(world->by_key);
        g_array_unref(world->watchers);
        g_free(world);
}

/* --- telling --- */

static gboolean tell(gpointer user_data)
{
        World *world = user_data;

        world->source = 0;
        world->telling = true;
        for (unsigned i = 0; i < world->watchers->len; i++) {
                Watcher watcher = g_array_index(world->watchers, Watcher, i);

                if (watcher.watch != NULL)
                        watcher.watch(world, watcher.user_data);
        }
        world->telling = false;
        for (unsigned i = world->watchers->len; i-- > 0;)
                if (g_array_index(world->watchers, Watcher, i).watch == NULL)
                        g_array_remove_index(world->watchers, i);
        return G_SOURCE_REMOVE;
}

/* --- in the order in which they changed --- */

static void unlink_managed(Managed *managed)
{
        if (managed->newer != NULL)
                managed->newer->older = managed->older;
        else if (managed->world != NULL && managed->world->latest == managed)
                managed->world->latest = managed->older;
        if (managed->older != NULL)
                managed->older->newer = managed->newer;
        managed->older = managed->newer = NULL;
}

static void make_latest(Managed *managed)
{
        World *world = managed->world;

        unlink_managed(managed);
        managed->older = world->latest;
        if (world->latest != NULL)
                world->latest->newer = managed;
        world->latest = managed;
}

Managed *world_latest(const World *world)
{
        return world->latest;
}

/* The version that the change makes. */
static uint64_t changed(Managed *managed, bool structure)
{
        World *world = managed->world;

        world->version++;
        if (structure)
                world->structure_version = world->version;
        make_latest(managed);
        managed->changed = world->version;
        if (world->source == 0 && world->watchers->len > 0)
                world->source = g_idle_add_full(G_PRIORITY_DEFAULT, tell, world, NULL);
        return world->version;
}

unsigned world_watch(World *world, WorldWatch watch, gpointer user_data)
{
        Watcher watcher = {.id = ++world->last_watcher, .watch = watch, .user_data = user_data};

        g_array_append_val(world->watchers, watcher);
        return watcher.id;
}

void world_unwatch(World *world, unsigned id)
{
        for (unsigned i = 0; i < world->watchers->len; i++) {
                Watcher *watcher = &g_array_index(world->watchers, Watcher, i);

                if (watcher->id != id)
                        continue;
                if (world->telling)
                        watcher->watch = NULL;
                else
                        g_array_remove_index(world->watchers, i);
                return;
        }
}

uint64_t world_version(const World *world)
{
        return world->version;
}

uint64_t world_structure_version(const World *world)
{
        return world->structure_version;
}

/* --- objects --- */

static char *key_of(const VimType *type, const char *key)
{
        return g_strconcat(type->name, " ", key, NULL);
}

Managed *world_add(World *world, const char *type_name, const char *id, const char *key)
{
        const VimType *type = vim_type(type_name);
        Managed *managed = g_new0(Managed, 1);

        g_assert(type != NULL && type->kind == VIM_REFERENCE);
        g_assert(!g_hash_table_contains(world->by_id, id));
        managed->world = world;
        managed->type = type;
        managed->id = g_strdup(id);
        managed->reference = vim_new_reference(type->name, id);
        managed->key = g_strdup(key);
        managed->references = 1;
        managed->properties = g_new0(VimValue *, type->n_fields);
        managed->versions = g_new0(uint64_t, type->n_fields);
        g_hash_table_insert(world->by_id, managed->id, managed);
        if (key != NULL)
                g_hash_table_insert(world->by_key, key_of(type, key), managed);
        managed->added = changed(managed, true);
        return managed;
}

void world_remove(Managed *managed)
{
        World *world = managed->world;

        if (managed->gone)
                return;
        managed->gone = true;
        if (managed->key != NULL) {
                g_autofree char *key = key_of(managed->type, managed->key);

                (void)g_hash_table_remove(world->by_key, key);
        }
        g_hash_table_remove(world->by_id, managed->id);
        (void)changed(managed, true);
        managed_unref(managed);
}

void world_set_key(Managed *managed, const char *key)
{
        World *world = managed->world;
        g_autofree char *from = key_of(managed->type, managed->key), *to = key_of(managed->type, key);

        if (strcmp(managed->key, key) == 0)
                return;
        g_assert(!g_hash_table_contains(world->by_key, to));
        (void)g_hash_table_remove(world->by_key, from);
        g_free(managed->key);
        managed->key = g_strdup(key);
        g_hash_table_insert(world->by_key, g_steal_pointer(&to), managed);
}

Managed *managed_ref(Managed *managed)
{
        managed->references++;
        return managed;
}

void managed_unref(Managed *managed)
{
        if (managed == NULL || --managed->references > 0)
                return;
        unlink_managed(managed);
        for (unsigned i = 0; i < managed->type->n_fields; i++)
                vim_unref(managed->properties[i]);
        if (managed->free_subject != NULL)
                managed->free_subject(managed->subject);
        g_free(managed->properties);
        g_free(managed->gets);
        g_free(managed->versions);
        vim_unref(managed->reference);
        g_free(managed->id);
        g_free(managed->key);
        g_free(managed);
}

VimValue *managed_reference(const Managed *managed)
{
        return managed != NULL ? vim_ref(managed->reference) : NULL;
}

Managed *world_find(World *world, const char *id)
{
        return g_hash_table_lookup(world->by_id, id);
}

Managed *world_find_key(World *world, const char *type, const char *key)
{
        g_autofree char *text = g_strconcat(type, " ", key, NULL);

        return g_hash_table_lookup(world->by_key, text);
}

Managed *world_resolve(World *world, const VimValue *reference)
{
        Managed *managed = reference != NULL ? world_find(world, reference->text) : NULL;

        return managed != NULL && vim_type_is(managed->type, reference->type) ? managed : NULL;
}

GPtrArray *world_list(World *world, const char *type_name)
{
        const VimType *type = vim_type(type_name);
        GPtrArray *list = g_ptr_array_new();
        GHashTableIter iter;
        gpointer managed;

        g_hash_table_iter_init(&iter, world->by_id);
        while (g_hash_table_iter_next(&iter, NULL, &managed))
                if (vim_type_is(((Managed *)managed)->type, type))
                        g_ptr_array_add(list, managed);
        return list;
}

/* --- properties --- */

/* -1 where there is none: see vim_set(). */
static int place_of(const Managed *managed, const char *property)
{
        int place = vim_type_field(managed->type, property);

        if (place < 0)
                g_critical("%s has no property %s", managed->type->name, property);
        return place;
}

void managed_set(Managed *managed, const char *property, VimValue *value)
{
        int place = place_of(managed, property);
        const VimField *field = place >= 0 ? &managed->type->fields[place] : NULL;

        if (field == NULL) {
                vim_unref(value);
                return;
        }
        value = vim_fit_field(field, value);
        if (vim_equal(managed->properties[place], value)) {
                vim_unref(value);
                return;
        }
        vim_unref(managed->properties[place]);
        managed->properties[place] = value;
        managed->versions[place] = changed(managed, field->type->kind == VIM_REFERENCE);
}

void managed_set_text(Managed *managed, const char *property, const char *text)
{
        managed_set(managed, property, vim_new_string(text));
}

void managed_set_get(Managed *managed, const char *property, ManagedGet get)
{
        int place = place_of(managed, property);

        if (managed->gets == NULL)
                managed->gets = g_new0(ManagedGet, managed->type->n_fields);
        if (place >= 0)
                managed->gets[place] = get;
}

VimValue *managed_get(const Managed *managed, unsigned place, Session *session)
{
        if (managed->gets != NULL && managed->gets[place] != NULL)
                return managed->gets[place](managed, session);
        return vim_ref(managed->properties[place]);
}

const VimValue *managed_peek(const Managed *managed, const char *property)
{
        int place = place_of(managed, property);

        return place >= 0 ? managed->properties[place] : NULL;
}
