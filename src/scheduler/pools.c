/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths become indexes; whatever changes goes to the inventory first. */
#include "scheduler/pools.h"

#include <inttypes.h>
#include <string.h>

#include "policy/settings.h"

#define MESSAGE_MAX  256
#define MIB          ((uint64_t)1 << 20)
#define SIZE_MAX_MIB ((int64_t)1 << 40)
#define NAME_MAX_LEN 64

struct Pools {
        Inventory *inventory;
        GPtrArray *all;     /* of InventoryPool *, in the order of their paths; the root is not there */
        GHashTable *index;  /* path, borrowed, to index + 1 */
        GArray *for_policy; /* of struct policy_pool */
};

static char *parent_path(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash == path ? g_strdup("/") : g_strndup(path, (gsize)(slash - path));
}

/* ESX's presets for pools: what a VM of 16 GB gets. */
static const uint32_t preset_shares[] = {
        [POLICY_SHARES_LOW] = 81920,
        [POLICY_SHARES_NORMAL] = 163840,
        [POLICY_SHARES_HIGH] = 327680,
};

static bool read_shares(const char *text, uint32_t *ret_shares, GError **error)
{
        enum policy_shares_level level;
        char message[MESSAGE_MAX];
        uint32_t custom = 0;

        if (policy_shares_parse(text, &level, &custom, message, sizeof(message)) < 0) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s", message);
                return false;
        }
        *ret_shares = level == POLICY_SHARES_CUSTOM ? custom : preset_shares[level];
        return true;
}

struct policy_pool pools_laid_out(const InventoryPool *pool, uint32_t parent)
{
        struct policy_pool entry = {
                .parent = parent,
                .reservation_bytes = (uint64_t)pool->reservation_mib * MIB,
                .limit_bytes = pool->limit_mib < 0 ? POLICY_UNLIMITED : (uint64_t)pool->limit_mib * MIB,
                .expandable = pool->expandable,
                .shares = 1,
        };

        (void)read_shares(pool->shares, &entry.shares, NULL);
        return entry;
}

/* From all, anew. */
static void lay_out(Pools *pools)
{
        struct policy_pool root = {.shares = 1, .limit_bytes = POLICY_UNLIMITED, .expandable = false};

        g_hash_table_remove_all(pools->index);
        g_array_set_size(pools->for_policy, 0);
        g_array_append_val(pools->for_policy, root);
        for (unsigned i = 0; i < pools->all->len; i++) {
                InventoryPool *pool = pools->all->pdata[i];
                g_autofree char *parent = parent_path(pool->path);
                struct policy_pool entry = pools_laid_out(pool, pools_index(pools, parent));

                g_array_append_val(pools->for_policy, entry);
                g_hash_table_insert(pools->index, pool->path, GUINT_TO_POINTER(i + 2));
        }
}

static int by_path(gconstpointer a, gconstpointer b)
{
        const InventoryPool *pa = *(InventoryPool *const *)a, *pb = *(InventoryPool *const *)b;

        return strcmp(pa->path, pb->path);
}

Pools *pools_new(Inventory *inventory, GError **error)
{
        GPtrArray *all = inventory_pools(inventory, error);
        Pools *pools;

        if (all == NULL)
                return NULL;
        pools = g_new0(Pools, 1);
        pools->inventory = inventory;
        pools->all = all;
        pools->index = g_hash_table_new(g_str_hash, g_str_equal);
        pools->for_policy = g_array_new(FALSE, FALSE, sizeof(struct policy_pool));
        lay_out(pools);
        return pools;
}

void pools_free(Pools *pools)
{
        if (pools == NULL)
                return;
        g_hash_table_unref(pools->index);
        g_ptr_array_unref(pools->all);
        g_array_unref(pools->for_policy);
        g_free(pools);
}

struct policy_pool *pools_array(Pools *pools, size_t *ret_n)
{
        *ret_n = pools->for_policy->len;
        return (struct policy_pool *)(void *)pools->for_policy->data;
}

uint32_t pools_index(const Pools *pools, const char *path)
{
        gpointer found = g_hash_table_lookup(pools->index, path);

        return found != NULL ? GPOINTER_TO_UINT(found) - 1 : POLICY_ROOT;
}

bool pools_has(const Pools *pools, const char *path)
{
        return strcmp(path, "/") == 0 || g_hash_table_contains(pools->index, path);
}

const InventoryPool *pools_get(const Pools *pools, uint32_t index)
{
        return index == POLICY_ROOT ? NULL : pools->all->pdata[index - 1];
}

static bool is_name(const char *word)
{
        size_t length = strlen(word);

        if (length == 0 || length > NAME_MAX_LEN || strcmp(word, ".") == 0 || strcmp(word, "..") == 0 ||
            !g_utf8_validate(word, -1, NULL))
                return false;
        for (const char *c = word; *c != '\0'; c = g_utf8_find_next_char(c, NULL))
                if (!g_unichar_isprint(g_utf8_get_char(c)))
                        return false;
        return true;
}

static bool check_path(const Pools *pools, const char *path, GError **error)
{
        g_autofree char *shown = g_strescape(path, NULL);
        g_auto(GStrv) words = g_strsplit(path, "/", -1);
        g_autofree char *parent = NULL;
        bool right = path[0] == '/' && path[1] != '\0';

        for (unsigned i = 1; right && words[i] != NULL; i++)
                right = i <= POOL_DEPTH_MAX && is_name(words[i]);
        if (!right) {
                g_set_error(
                        error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                        "\"%.200s\" is no path of a pool: /NAME or /NAME/NAME, at most %d deep, each name "
                        "of 1 to %d printable characters",
                        shown, POOL_DEPTH_MAX, NAME_MAX_LEN);
                return false;
        }
        parent = parent_path(path);
        if (!pools_has(pools, parent)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "there is no pool \"%s\" for \"%s\" to be in; create it first", parent, shown);
                return false;
        }
        return true;
}

bool pools_check(const Pools *pools, const InventoryPool *pool, GError **error)
{
        uint32_t shares = 0;

        if (!check_path(pools, pool->path, error) || !read_shares(pool->shares, &shares, error))
                return false;
        if (pool->reservation_mib < 0 || pool->reservation_mib > SIZE_MAX_MIB) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "pool \"%s\": a reservation is 0 or more MB", pool->path);
                return false;
        }
        if (pool->limit_mib < -1 || pool->limit_mib > SIZE_MAX_MIB) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "pool \"%s\": a limit is -1 (none) or 0 and more MB", pool->path);
                return false;
        }
        if (pool->limit_mib >= 0 && pool->reservation_mib > pool->limit_mib) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "pool \"%s\": the reservation of %" PRId64 " MB is above the limit of %" PRId64
                            " MB",
                            pool->path, pool->reservation_mib, pool->limit_mib);
                return false;
        }
        if (!pools_has(pools, pool->path) && pools->all->len >= POOLS_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "there are %d pools, which is the most",
                            POOLS_MAX);
                return false;
        }
        return true;
}

bool pools_set(Pools *pools, const InventoryPool *pool, GError **error)
{
        if (!pools_check(pools, pool, error) || !inventory_pool_save(pools->inventory, pool, error))
                return false;
        if (pools_has(pools, pool->path))
                g_ptr_array_remove_index(pools->all, pools_index(pools, pool->path) - 1);
        g_ptr_array_add(pools->all, inventory_pool_copy(pool));
        g_ptr_array_sort(pools->all, by_path);
        lay_out(pools);
        return true;
}

/* How deep it is: 2 of "/a/b". */
static unsigned count_words(const char *path)
{
        unsigned n = 0;

        for (; *path != '\0'; path++)
                n += *path == '/';
        return n;
}

bool pools_delete(Pools *pools, const char *path, GError **error)
{
        g_autofree char *below = g_strconcat(path, "/", NULL);

        if (strcmp(path, "/") == 0 || !pools_has(pools, path)) {
                g_autofree char *shown = g_strescape(path, NULL);

                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no pool \"%.200s\" to delete",
                            shown);
                return false;
        }
        for (unsigned i = 0; i < pools->all->len; i++) {
                const InventoryPool *other = pools->all->pdata[i];

                if (g_str_has_prefix(other->path, below)) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                                    "pool \"%s\" has \"%s\" below it; delete that first", path, other->path);
                        return false;
                }
        }
        if (!inventory_pool_delete(pools->inventory, path, error))
                return false;
        g_ptr_array_remove_index(pools->all, pools_index(pools, path) - 1);
        lay_out(pools);
        return true;
}

char *pools_moved_path(const char *path, const char *from, const char *to)
{
        size_t length = strlen(from);

        if (strncmp(path, from, length) != 0 || (path[length] != '/' && path[length] != '\0'))
                return NULL;
        return g_strconcat(to, path + length, NULL);
}

static bool check_move(const Pools *pools, const char *from, const char *to, GError **error)
{
        g_autofree char *shown = g_strescape(from, NULL), *within = pools_moved_path(to, from, "");

        if (strcmp(from, "/") == 0 || !pools_has(pools, from)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no pool \"%.200s\" to move",
                            shown);
                return false;
        }
        if (within != NULL && within[0] != '\0') {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "the pool \"%s\" cannot be moved into itself", from);
                return false;
        }
        if (!check_path(pools, to, error))
                return false;
        if (pools_has(pools, to)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                            "\"%s\": there is a pool of this path already", to);
                return false;
        }
        for (unsigned i = 0; i < pools->all->len; i++) {
                const InventoryPool *pool = pools->all->pdata[i];
                g_autofree char *path = pools_moved_path(pool->path, from, to);

                /* A path that is too deep is refused whoever makes it. */
                if (path == NULL || count_words(path) <= POOL_DEPTH_MAX)
                        continue;
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"%s\" cannot be moved to \"%s\": \"%s\" would be more than %d deep", from, to,
                            pool->path, POOL_DEPTH_MAX);
                return false;
        }
        return true;
}

bool pools_move(Pools *pools, const char *from, const char *to, GError **error)
{
        if (strcmp(from, to) == 0)
                return true;
        if (!check_move(pools, from, to, error) || !inventory_pool_move(pools->inventory, from, to, error))
                return false;
        for (unsigned i = 0; i < pools->all->len; i++) {
                InventoryPool *pool = pools->all->pdata[i];
                char *path = pools_moved_path(pool->path, from, to);

                if (path == NULL)
                        continue;
                g_free(pool->path);
                pool->path = path;
        }
        g_ptr_array_sort(pools->all, by_path);
        lay_out(pools);
        return true;
}

/* What is directly in a pool, as paths: of char *, owned. */
static GPtrArray *children_of(const Pools *pools, const char *path)
{
        GPtrArray *children = g_ptr_array_new_with_free_func(g_free);

        for (unsigned i = 0; i < pools->all->len; i++) {
                const InventoryPool *pool = pools->all->pdata[i];
                g_autofree char *parent = parent_path(pool->path);

                if (strcmp(parent, path) == 0)
                        g_ptr_array_add(children, g_strdup(pool->path));
        }
        return children;
}

/* "/a/b/c" in "/a". */
static char *path_above(const char *child, const char *parent)
{
        return g_strconcat(strcmp(parent, "/") == 0 ? "" : parent, strrchr(child, '/'), NULL);
}

static bool dissolve(Pools *pools, const char *path, GError **error)
{
        g_autofree char *parent = parent_path(path);
        g_autoptr(GPtrArray) children = children_of(pools, path);

        for (unsigned i = 0; i < children->len; i++) {
                const char *child = children->pdata[i];
                g_autofree char *to = path_above(child, parent);

                /* A child that has its parent's name: that one is gone in a moment. */
                if (strcmp(to, path) == 0) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                                    "\"%s\": a pool in it has its own name; rename one of them first", path);
                        return false;
                }
                if (!pools_move(pools, child, to, error))
                        return false;
        }
        return pools_delete(pools, path, error);
}

/* As the inventory has them. */
static void load_again(Pools *pools)
{
        g_autoptr(GError) error = NULL;
        GPtrArray *all = inventory_pools(pools->inventory, &error);

        if (all == NULL) {
                g_warning("the pools cannot be read again: %s", error->message);
                return;
        }
        g_ptr_array_unref(pools->all);
        pools->all = all;
        lay_out(pools);
}

bool pools_begin(Pools *pools, GError **error)
{
        return inventory_begin(pools->inventory, error);
}

bool pools_end(Pools *pools, bool ok, GError **error)
{
        ok = inventory_end(pools->inventory, ok, error);
        if (!ok)
                load_again(pools);
        return ok;
}

bool pools_dissolve(Pools *pools, const char *path, GError **error)
{
        bool ok = pools_begin(pools, error);

        if (!ok)
                return false;
        ok = strcmp(path, "/") != 0 ? dissolve(pools, path, error) : pools_delete(pools, path, error);
        return pools_end(pools, ok, error);
}
