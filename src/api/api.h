/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The vSphere API of one host: its managed objects, what keeps them right, who is logged in.
 *
 * It is made of modules (modules.c), one for each kind of thing: each makes its objects at start, sets their
 * properties when something changes, and carries out their methods. The main thread only.
 */
#pragma once

#include "api/world.h"
#include "inventory/work.h"
#include "operation/operation.h"
#include "scheduler/scheduler.h"
#include "scheduler/sharing.h"

typedef struct Api Api;

/* All must outlive the API. */
typedef struct ApiParts {
        Config *config;
        Inventory *inventory;
        Pools *pools;
        Scheduler *scheduler;
        Sharing *sharing;
        Journal *journal;
        Operations *operations;
        const char *state_dir;
} ApiParts;

Api *api_new(const ApiParts *parts, GError **error);
void api_free(Api *api);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Api, api_free)

const ApiParts *api_parts(const Api *api);
World *api_world(const Api *api);

/* "vm-12": the id of what has this key (a UUID, a path, a name), the same after every start. kind is the
 * prefix. Owned. */
char *api_id(Api *api, const char *kind, const char *key);
/* Before api_id() of many, NULL-terminated: it waits for the disk once for all of them. */
void api_ids_make(Api *api, const char *kind, const char *const *keys);
/* What had a key has another now, and keeps its id. */
/* The thing is gone; one that never comes again is for good. */
void api_id_gone(Api *api, const char *kind, const char *key, bool for_good);
void api_id_moved(Api *api, const char *kind, const char *from, const char *to);

/* === what happens, for modules === */

typedef enum ApiSignal {
        API_VMS_CHANGED,   /* VMs have come, gone or changed; uuid in data (const char *), or NULL: any */
        API_VMS_DESCRIBED, /* data: JsonNode *, what some of them are: see operation/describe.h */
        API_TASK_CHANGED,  /* data: const TaskRecord * */
        API_TASK_INFO_CHANGED, /* data: const Managed *, a Task that is new, has another info or is gone */
        API_EVENT_ADDED,       /* there are new ones: see inventory_events() */
        API_ROUND,             /* the scheduler has new figures */
        API_SETTINGS_CHANGED,  /* of the host */
        API_CATALOG_CHANGED,   /* folders, pools, datastores, networks, attributes, specifications */
        API_N_SIGNALS,
} ApiSignal;

typedef void (*ApiListener)(Api *api, gconstpointer data, gpointer user_data);
void api_listen(Api *api, ApiSignal signal, ApiListener listener, gpointer user_data);
void api_signal(Api *api, ApiSignal signal, gconstpointer data);

/* === modules === */

struct Handler;

typedef struct ApiModule {
        const char *name;
        const struct Handler *handlers;          /* ended by a NULL type; or NULL */
        bool (*start)(Api *api, GError **error); /* NULL: nothing to do. In the order of modules.c */
        void (*stop)(Api *api);                  /* NULL as well; in the other order */
} ApiModule;

extern const ApiModule *const api_modules[]; /* ended by NULL */

/* A module's own, by its name. */
void api_set_data(Api *api, const char *module, gpointer data);
gpointer api_get_data(const Api *api, const char *module);
