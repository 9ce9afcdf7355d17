/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Modules, their handlers, and what they are told. */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "inventory/object-id.h"

typedef struct Listener {
        ApiListener listener;
        gpointer user_data;
} Listener;

struct Api {
        ApiParts parts;
        World *world;
        GHashTable *handlers; /* Carried to itself */
        GHashTable *data;     /* of modules, by name, borrowed */
        GArray *listeners[API_N_SIGNALS];
        unsigned started; /* modules */
};

/* Who carries out a method of a type and of those that extend it. */
typedef struct Carried {
        const VimType *type;
        const VimMethod *method;
        const Handler *handler;
} Carried;

static guint hash_carried(gconstpointer key)
{
        const Carried *carried = key;

        return g_direct_hash(carried->type) * 31 + g_direct_hash(carried->method);
}

static gboolean equal_carried(gconstpointer a, gconstpointer b)
{
        const Carried *one = a, *other = b;

        return one->type == other->type && one->method == other->method;
}

static void add_handlers(Api *api, const ApiModule *module)
{
        for (const Handler *handler = module->handlers; handler != NULL && handler->type != NULL;
             handler++) {
                const VimType *type = vim_type(handler->type);
                const VimMethod *method = type != NULL ? vim_type_method(type, handler->method) : NULL;
                Carried *carried = g_new(Carried, 1);

                if (method == NULL)
                        g_error("%s: %s has no method %s", module->name, handler->type, handler->method);
                *carried = (Carried){.type = type, .method = method, .handler = handler};
                if (!g_hash_table_add(api->handlers, carried))
                        g_error("%s.%s is there twice", handler->type, handler->method);
        }
}

const Handler *api_handler(const Api *api, const VimType *type, const VimMethod *method)
{
        for (; type != NULL; type = type->base) {
                const Carried wanted = {.type = type, .method = method};
                const Carried *found = g_hash_table_lookup(api->handlers, &wanted);

                if (found != NULL)
                        return found->handler;
        }
        return NULL;
}

Api *api_new(const ApiParts *parts, GError **error)
{
        g_autoptr(Api) api = g_new0(Api, 1);

        api->parts = *parts;
        api->world = world_new();
        api->handlers = g_hash_table_new_full(hash_carried, equal_carried, g_free, NULL);
        api->data = g_hash_table_new(g_str_hash, g_str_equal);
        for (unsigned i = 0; i < API_N_SIGNALS; i++)
                api->listeners[i] = g_array_new(FALSE, FALSE, sizeof(Listener));
        for (; api_modules[api->started] != NULL; api->started++) {
                const ApiModule *module = api_modules[api->started];

                add_handlers(api, module);
                if (module->start != NULL && !module->start(api, error))
                        return NULL;
        }
        return g_steal_pointer(&api);
}

void api_free(Api *api)
{
        if (api == NULL)
                return;
        while (api->started > 0) {
                const ApiModule *module = api_modules[--api->started];

                if (module->stop != NULL)
                        module->stop(api);
        }
        for (unsigned i = 0; i < API_N_SIGNALS; i++)
                g_array_unref(api->listeners[i]);
        g_hash_table_unref(api->data);
        g_hash_table_unref(api->handlers);
        world_free(api->world);
        g_free(api);
}

const ApiParts *api_parts(const Api *api)
{
        return &api->parts;
}

World *api_world(const Api *api)
{
        return api->world;
}

char *api_id(Api *api, const char *kind, const char *key)
{
        g_autoptr(GError) error = NULL;
        int64_t number = object_id_get(api->parts.inventory, kind, key, &error);

        /* The inventory cannot be written: an id that is good until the end is better than none. */
        if (number == 0) {
                g_warning("%s", error->message);
                return g_strdup_printf("%s-t%08x", kind, g_str_hash(key));
        }
        return g_strdup_printf("%s-%" G_GINT64_FORMAT, kind, number);
}

void api_ids_make(Api *api, const char *kind, const char *const *keys)
{
        g_autoptr(GError) error = NULL;

        /* Then each tries for itself. */
        if (!object_id_make(api->parts.inventory, kind, keys, &error))
                g_warning("%s", error->message);
}

void api_id_gone(Api *api, const char *kind, const char *key, bool for_good)
{
        g_autoptr(GError) error = NULL;

        if (!(for_good ? object_id_forget(api->parts.inventory, kind, key, &error)
                       : object_id_gone(api->parts.inventory, kind, key, &error)))
                g_warning("%s", error->message);
}

void api_id_moved(Api *api, const char *kind, const char *from, const char *to)
{
        g_autoptr(GError) error = NULL;

        if (!object_id_move(api->parts.inventory, kind, from, to, &error))
                g_warning("%s", error->message);
}

void api_listen(Api *api, ApiSignal signal, ApiListener listener, gpointer user_data)
{
        Listener added = {.listener = listener, .user_data = user_data};

        g_array_append_val(api->listeners[signal], added);
}

void api_signal(Api *api, ApiSignal signal, gconstpointer data)
{
        for (unsigned i = 0; i < api->listeners[signal]->len; i++) {
                const Listener *listener = &g_array_index(api->listeners[signal], Listener, i);

                listener->listener(api, data, listener->user_data);
        }
}

void api_set_data(Api *api, const char *module, gpointer data)
{
        gpointer key;

        memcpy(&key, &module, sizeof key);
        g_hash_table_insert(api->data, key, data);
}

gpointer api_get_data(const Api *api, const char *module)
{
        return g_hash_table_lookup(api->data, module);
}
