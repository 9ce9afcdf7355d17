/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ViewManager, and the views that are as their client has set them: lists, and open folders. */
#include "api/collector/view.h"

#include <string.h>

#include "api/collector/children.h"
#include "api/collector/container.h"
#include "api/collector/read.h"
#include "api/request.h"

#define DATA     "views"
#define LIST_MAX 100000 /* objects in a list view */

typedef struct Views {
        World *world;
        Containers *containers;
        GPtrArray *inventory; /* of Managed *: inventory views, borrowed */
        uint64_t right_for;   /* the world's structure version */
        unsigned watch;
} Views;

/* The subject of an inventory view. */
typedef struct Open {
        Views *views; /* NULL: the module has ended */
        Managed *view;
        GPtrArray *entities; /* of Managed *, references, as they were opened */
} Open;

static Views *views_of(const Api *api)
{
        return api_get_data(api, DATA);
}

/* === sets of references === */

/* Of references, each once. */
typedef struct Set {
        VimValue *list;
        GHashTable *ids; /* borrowed from the list's items */
} Set;

static Set set_new(void)
{
        return (Set){.list = vim_new_list("ManagedObject"),
                     .ids = g_hash_table_new(g_str_hash, g_str_equal)};
}

/* Takes it. */
static void set_add(Set *set, VimValue *reference)
{
        if (g_hash_table_add(set->ids, reference->text))
                vim_add(set->list, reference);
        else
                vim_unref(reference);
}

static VimValue *set_end(Set *set)
{
        g_hash_table_unref(set->ids);
        return set->list;
}

/* === inventory views === */

static void unref_managed(gpointer managed)
{
        managed_unref(managed);
}

static void open_free(gpointer data)
{
        Open *open = data;

        if (open->views != NULL)
                (void)g_ptr_array_remove_fast(open->views->inventory, open->view);
        g_ptr_array_unref(open->entities);
        g_free(open);
}

static void add_children(Set *set, const Managed *entity)
{
        g_autoptr(GPtrArray) children = children_of(entity);

        for (unsigned i = 0; i < children->len; i++) {
                const Managed *child = children->pdata[i];

                set_add(set, managed_reference(child));
                /* Their own come with them. */
                if (vim_type_is(child->type, vim_type("Datacenter")) ||
                    vim_type_is(child->type, vim_type("ComputeResource")))
                        add_children(set, child);
        }
}

static void show_open(Managed *view)
{
        const Open *open = view->subject;
        const Managed *root = world_find_key(view->world, "Folder", "root");
        Set set = set_new();

        if (root != NULL)
                set_add(&set, managed_reference(root));
        for (unsigned i = 0; i < open->entities->len; i++) {
                const Managed *entity = open->entities->pdata[i];

                if (entity->gone)
                        continue;
                set_add(&set, managed_reference(entity));
                add_children(&set, entity);
        }
        managed_set(view, "view", set_end(&set));
}

static bool is_below(const Managed *entity, const Managed *above)
{
        /* The inventory is no deeper than its folders; a circle would be a mistake, and must not hang. */
        for (unsigned depth = 0; entity != NULL && depth < 1000; depth++) {
                int place = vim_type_field(entity->type, "parent");

                if (entity == above)
                        return true;
                entity = place >= 0 ? world_resolve(entity->world, entity->properties[place]) : NULL;
        }
        return false;
}

static void open_or_close(Request *request, void (*each)(Open *open, Managed *entity))
{
        Managed *view = request_target(request);
        const VimValue *list = request_arg(request, "entity");
        VimValue *unknown = vim_new_list("ManagedEntity");

        for (unsigned i = 0; i < vim_length(list); i++) {
                Managed *entity = world_resolve(view->world, vim_item(list, i));

                if (entity != NULL)
                        each(view->subject, entity);
                else
                        vim_add(unknown, vim_ref(vim_item(list, i)));
        }
        show_open(view);
        request_return(request, unknown);
}

static void open_one(Open *open, Managed *entity)
{
        if (!g_ptr_array_find(open->entities, entity, NULL))
                g_ptr_array_add(open->entities, managed_ref(entity));
}

static void close_one(Open *open, Managed *entity)
{
        for (unsigned i = open->entities->len; i-- > 0;)
                if (is_below(open->entities->pdata[i], entity))
                        g_ptr_array_remove_index(open->entities, i);
}

static void open_folder(Request *request)
{
        open_or_close(request, open_one);
}

static void close_folder(Request *request)
{
        open_or_close(request, close_one);
}

/* === list views === */

/* Adds what is there to the set; returns those that are not. NULL with too many: the request was answered.
 */
static VimValue *add_known(Request *request, Set *set, const VimValue *list)
{
        VimValue *unknown = vim_new_list("ManagedObject");

        for (unsigned i = 0; i < vim_length(list); i++) {
                const VimValue *reference = vim_item(list, i);
                const Managed *managed = world_resolve(request_world(request), reference);

                if (managed != NULL && may_see(request_session(request), managed))
                        set_add(set, managed_reference(managed));
                else
                        vim_add(unknown, vim_ref(reference));
        }
        if (vim_length(set->list) <= LIST_MAX)
                return unknown;
        vim_unref(unknown);
        request_invalid(request, "obj", "more than %d objects in one view", LIST_MAX);
        return NULL;
}

/* Sets the view and answers with what is unknown; takes both. unknown NULL: it was answered. */
static void set_list(Request *request, Set *set, VimValue *unknown)
{
        VimValue *list = set_end(set);

        if (unknown == NULL) {
                vim_unref(list);
                return;
        }
        managed_set(request_target(request), "view", list);
        request_return(request, unknown);
}

static void modify_list(Request *request)
{
        const VimValue *old = managed_peek(request_target(request), "view");
        const VimValue *remove = request_arg(request, "remove");
        g_autoptr(GHashTable) removed = g_hash_table_new(g_str_hash, g_str_equal);
        Set set = set_new();

        for (unsigned i = 0; i < vim_length(remove); i++)
                g_hash_table_add(removed, vim_item(remove, i)->text);
        for (unsigned i = 0; i < vim_length(old); i++)
                if (!g_hash_table_contains(removed, vim_item(old, i)->text))
                        set_add(&set, vim_ref(vim_item(old, i)));
        set_list(request, &set, add_known(request, &set, request_arg(request, "add")));
}

static void reset_list(Request *request)
{
        Set set = set_new();

        set_list(request, &set, add_known(request, &set, request_arg(request, "obj")));
}

/* What another view shows; NULL: the request was answered. */
static VimValue *list_of_view(Request *request)
{
        bool answered;
        const Managed *view = request_arg_object(request, "view", &answered);
        const VimValue *list;

        if (answered)
                return NULL;
        views_bring_up(request_api(request));
        list = managed_peek(view, "view");
        return list != NULL ? vim_ref(list) : vim_new_list("ManagedObject");
}

static void reset_list_from_view(Request *request)
{
        VimValue *list = list_of_view(request);

        if (list == NULL)
                return;
        managed_set(request_target(request), "view", list);
        request_return(request, NULL);
}

/* === making and destroying === */

/* NULL: the request was answered. */
static Managed *add_view(Request *request, const char *type)
{
        Managed *view = session_add_object(request_world(request), request_session(request), type);
        VimValue *fault;

        if (view != NULL)
                return view;
        fault = vim_new_fault("LimitExceeded");
        vim_set_int(fault, "limit", SESSION_OWNED_MAX);
        request_fault(request, fault,
                      "the session has %d filters, views and collectors; destroy some of them",
                      SESSION_OWNED_MAX);
        return NULL;
}

/* NULL: one of them is none, and the request was answered. */
static GPtrArray *read_types(Request *request)
{
        const VimValue *names = request_arg(request, "type");
        g_autoptr(GPtrArray) types = g_ptr_array_new();

        for (unsigned i = 0; i < vim_length(names); i++) {
                const VimType *type = vim_type(vim_item(names, i)->text);
                gpointer item;

                if (type == NULL || type->kind != VIM_REFERENCE) {
                        request_invalid(request, "type", "there is no type of managed objects \"%.100s\"",
                                        vim_item(names, i)->text);
                        return NULL;
                }
                memcpy(&item, &type, sizeof item);
                if (!g_ptr_array_find(types, item, NULL))
                        g_ptr_array_add(types, item);
        }
        return g_steal_pointer(&types);
}

static void create_container_view(Request *request)
{
        bool answered, recursive = request_arg_bool(request, "recursive", false);
        Managed *container = request_arg_object(request, "container", &answered), *view;
        g_autoptr(GPtrArray) types = NULL;

        if (answered)
                return;
        if (!container_is_one(container)) {
                request_invalid(request, "container", "a %s contains nothing", container->type->name);
                return;
        }
        types = read_types(request);
        view = types != NULL ? add_view(request, "ContainerView") : NULL;
        if (view == NULL)
                return;
        managed_set(view, "container", managed_reference(container));
        managed_set(view, "type", vim_ref(request_arg(request, "type")));
        managed_set(view, "recursive", vim_new_bool(recursive));
        container_show(views_of(request_api(request))->containers, view, container, g_steal_pointer(&types),
                       recursive);
        request_return(request, managed_reference(view));
}

static void create_list_view(Request *request)
{
        Set set = set_new();
        VimValue *unknown = add_known(request, &set, request_arg(request, "obj"));
        Managed *view = unknown != NULL ? add_view(request, "ListView") : NULL;
        VimValue *list = set_end(&set);

        vim_unref(unknown);
        if (view == NULL) {
                vim_unref(list);
                return;
        }
        managed_set(view, "view", list);
        request_return(request, managed_reference(view));
}

static void create_list_view_from_view(Request *request)
{
        VimValue *list = list_of_view(request);
        Managed *view = list != NULL ? add_view(request, "ListView") : NULL;

        if (view == NULL) {
                vim_unref(list);
                return;
        }
        managed_set(view, "view", list);
        request_return(request, managed_reference(view));
}

static void create_inventory_view(Request *request)
{
        Views *views = views_of(request_api(request));
        Managed *view = add_view(request, "InventoryView");
        Open *open;

        if (view == NULL)
                return;
        open = g_new0(Open, 1);
        open->views = views;
        open->view = view;
        open->entities = g_ptr_array_new_with_free_func(unref_managed);
        view->subject = open;
        view->free_subject = open_free;
        g_ptr_array_add(views->inventory, view);
        show_open(view);
        request_return(request, managed_reference(view));
}

static void destroy_view(Request *request)
{
        Managed *view = request_target(request);

        /* Its session may keep the object for a while; what it shows need not be kept right for that. */
        if (view->subject != NULL)
                view->free_subject(g_steal_pointer(&view->subject));
        view->free_subject = NULL;
        world_remove(view);
        request_return(request, NULL);
}

static VimValue *get_view_list(const Managed *managed, Session *session)
{
        VimValue *list = vim_new_list("View");

        (void)managed;
        for (unsigned i = 0; session != NULL && i < session->owned->len; i++) {
                const Managed *owned = session->owned->pdata[i];

                if (!owned->gone && vim_type_is(owned->type, vim_type("View")))
                        vim_add(list, managed_reference(owned));
        }
        return list;
}

/* === the module === */

void views_bring_up(Api *api)
{
        Views *views = views_of(api);

        if (views == NULL || views->right_for == world_structure_version(views->world))
                return;
        containers_bring_up(views->containers);
        for (unsigned i = 0; i < views->inventory->len; i++)
                show_open(views->inventory->pdata[i]);
        views->right_for = world_structure_version(views->world);
}

static void on_world(World *world, gpointer user_data)
{
        (void)world;
        views_bring_up(user_data);
}

static bool start(Api *api, GError **error)
{
        Views *views = g_new0(Views, 1);
        Managed *manager = world_add(api_world(api), "ViewManager", "ViewManager", NULL);

        (void)error;
        managed_set_get(manager, "viewList", get_view_list);
        views->world = api_world(api);
        views->containers = containers_new(views->world);
        views->inventory = g_ptr_array_new();
        views->watch = world_watch(views->world, on_world, api);
        api_set_data(api, DATA, views);
        return true;
}

static void stop(Api *api)
{
        Views *views = views_of(api);

        api_set_data(api, DATA, NULL);
        world_unwatch(views->world, views->watch);
        for (unsigned i = 0; i < views->inventory->len; i++)
                ((Open *)((Managed *)views->inventory->pdata[i])->subject)->views = NULL;
        containers_free(views->containers);
        g_ptr_array_unref(views->inventory);
        g_free(views);
}

static const Handler handlers[] = {
        {"ViewManager", "CreateContainerView", create_container_view},
        {"ViewManager", "CreateListView", create_list_view},
        {"ViewManager", "CreateListViewFromView", create_list_view_from_view},
        {"ViewManager", "CreateInventoryView", create_inventory_view},
        {"View", "DestroyView", destroy_view},
        {"ListView", "ModifyListView", modify_list, "System.View"},
        {"ListView", "ResetListView", reset_list, "System.View"},
        {"ListView", "ResetListViewFromView", reset_list_from_view, "System.View"},
        {"InventoryView", "OpenInventoryViewFolder", open_folder, "System.View"},
        {"InventoryView", "CloseInventoryViewFolder", close_folder, "System.View"},
        {NULL},
};

const ApiModule view_module = {.name = "view", .handlers = handlers, .start = start, .stop = stop};
