/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One writer or many readers to a VM, and who comes too late is told who they are. */
#include <gio/gio.h>
#include <string.h>

#include "operation/internal.h"

typedef struct Hold {
        gconstpointer owner;
        const char *what;
        bool exclusive;
        bool passing;
} Hold;

struct Locks {
        GMutex mutex;
        GHashTable *holds; /* uuid to GArray of Hold */
};

static void hold_list_free(gpointer list)
{
        g_array_free(list, TRUE);
}

Locks *locks_new(void)
{
        Locks *locks = g_new0(Locks, 1);

        g_mutex_init(&locks->mutex);
        locks->holds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, hold_list_free);
        return locks;
}

void locks_free(Locks *locks)
{
        g_hash_table_unref(locks->holds);
        g_mutex_clear(&locks->mutex);
        g_free(locks);
}

static GArray *holds_of(Locks *locks, const char *uuid)
{
        GArray *list = g_hash_table_lookup(locks->holds, uuid);

        if (list == NULL) {
                list = g_array_new(FALSE, FALSE, sizeof(Hold));
                g_hash_table_insert(locks->holds, g_strdup(uuid), list);
        }
        return list;
}

static void drop_if_empty(Locks *locks, const char *uuid, const GArray *list)
{
        if (list->len == 0)
                g_hash_table_remove(locks->holds, uuid);
}

bool locks_take(Locks *locks, gconstpointer owner, const char *what, bool passing, const char *uuid,
                const char *name, bool exclusive, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&locks->mutex);
        GArray *list = holds_of(locks, uuid);
        Hold *own = NULL;

        for (unsigned i = 0; i < list->len; i++) {
                Hold *hold = &g_array_index(list, Hold, i);

                if (hold->owner == owner) {
                        own = hold;
                } else if (exclusive || hold->exclusive) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                                    "VM \"%s\" is busy: %s works on it; try again when that has ended", name,
                                    hold->what);
                        drop_if_empty(locks, uuid, list);
                        return false;
                }
        }
        if (own != NULL)
                own->exclusive = own->exclusive || exclusive;
        else
                g_array_append_val(
                        list,
                        ((Hold){.owner = owner, .what = what, .exclusive = exclusive, .passing = passing}));
        return true;
}

bool locks_are_passing(Locks *locks, gconstpointer owner, const char *uuid)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&locks->mutex);
        GArray *list = g_hash_table_lookup(locks->holds, uuid);

        for (unsigned i = 0; list != NULL && i < list->len; i++) {
                const Hold *hold = &g_array_index(list, Hold, i);

                if (hold->owner != owner && !hold->passing)
                        return false;
        }
        return true;
}

void locks_give(Locks *locks, gconstpointer owner, const char *uuid)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&locks->mutex);
        GArray *list = g_hash_table_lookup(locks->holds, uuid);

        for (unsigned i = 0; list != NULL && i < list->len; i++) {
                if (g_array_index(list, Hold, i).owner == owner) {
                        g_array_remove_index_fast(list, i);
                        drop_if_empty(locks, uuid, list);
                        return;
                }
        }
}

static gboolean give(gpointer uuid, gpointer value, gpointer owner)
{
        GArray *list = value;

        (void)uuid;
        for (unsigned i = 0; i < list->len; i++) {
                if (g_array_index(list, Hold, i).owner == owner) {
                        g_array_remove_index_fast(list, i);
                        break;
                }
        }
        return list->len == 0;
}

void locks_give_all(Locks *locks, gconstpointer owner)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&locks->mutex);

        (void)g_hash_table_foreach_remove(locks->holds, give, (gpointer)(gintptr)owner);
}
