/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HistoryCollectors: reading on and back, and their latest pages. */
#include "api/manager/history.h"

typedef struct Collector {
        Api *api;
        const HistoryKind *kind;
        gpointer filter;
        int64_t position;
        unsigned page_size;
        GArray *page; /* numbers of the items in latestPage, oldest first */
} Collector;

/* The module's data: of Managed *, borrowed, all collectors whose subjects have not been freed. */
static GPtrArray *all_histories(const Api *api)
{
        return api_get_data(api, "history");
}

static void history_free(gpointer data)
{
        Collector *collector = data;
        GPtrArray *all = all_histories(collector->api);

        for (unsigned i = 0; all != NULL && i < all->len; i++)
                if (((const Managed *)all->pdata[i])->subject == collector) {
                        g_ptr_array_remove_index_fast(all, i);
                        break;
                }
        if (collector->kind->free_filter != NULL)
                collector->kind->free_filter(collector->filter);
        g_array_unref(collector->page);
        g_free(collector);
}

/* --- the latest page --- */

/* The newest first, as people look for them. */
static void show_page(Managed *managed)
{
        const Collector *collector = managed->subject;
        VimValue *list = vim_new_list(collector->kind->item);

        for (unsigned i = collector->page->len; i-- > 0;) {
                VimValue *item = collector->kind->read(collector->api, collector->filter,
                                                       g_array_index(collector->page, int64_t, i));

                if (item != NULL)
                        vim_add(list, item);
        }
        managed_set(managed, "latestPage", list);
}

static void fill_page(Managed *managed)
{
        Collector *collector = managed->subject;
        int64_t number = INT64_MAX;

        g_array_set_size(collector->page, 0);
        while (collector->page->len < collector->page_size &&
               (number = collector->kind->step(collector->api, collector->filter, number, true)) > 0) {
                g_array_prepend_val(collector->page, number);
                number--;
        }
        show_page(managed);
}

static int place_in(const GArray *page, int64_t number)
{
        for (unsigned i = page->len; i-- > 0;)
                if (g_array_index(page, int64_t, i) == number)
                        return (int)i;
        return -1;
}

/* Only one item has changed: the others are not read again. */
static void change_page(Managed *managed, int64_t number)
{
        Collector *collector = managed->subject;
        GArray *page = collector->page;
        const VimValue *old = managed_peek(managed, "latestPage");
        VimValue *list, *item;
        int place = place_in(page, number);

        if (!collector->kind->matches(collector->api, collector->filter, number)) {
                if (place >= 0)
                        fill_page(managed);
                return;
        }
        if ((place < 0 && page->len > 0 && g_array_index(page, int64_t, page->len - 1) > number) ||
            vim_length(old) != page->len) {
                fill_page(managed);
                return;
        }
        item = collector->kind->read(collector->api, collector->filter, number);
        if (item == NULL)
                return;
        list = vim_new_list(collector->kind->item);
        if (place < 0)
                vim_add(list, vim_ref(item));
        for (unsigned i = 0; i < vim_length(old) && vim_length(list) < collector->page_size; i++)
                vim_add(list, vim_ref(place == (int)(page->len - 1 - i) ? item : vim_item(old, i)));
        vim_unref(item);
        if (place < 0) {
                g_array_append_val(page, number);
                if (page->len > collector->page_size)
                        g_array_remove_index(page, 0);
        }
        managed_set(managed, "latestPage", list);
}

void histories_changed(Api *api, const HistoryKind *kind, int64_t number)
{
        const GPtrArray *all = all_histories(api);

        for (unsigned i = 0; all != NULL && i < all->len; i++) {
                Managed *managed = all->pdata[i];

                if (!managed->gone && ((const Collector *)managed->subject)->kind == kind)
                        change_page(managed, number);
        }
}

/* --- making one --- */

static unsigned count_of(const Session *session)
{
        const VimType *type = vim_type("HistoryCollector");
        unsigned n = 0;

        for (unsigned i = 0; i < session->owned->len; i++) {
                const Managed *managed = session->owned->pdata[i];

                n += !managed->gone && vim_type_is(managed->type, type);
        }
        return n;
}

void history_create(Request *request, const HistoryKind *kind, gpointer filter, const VimValue *value)
{
        Session *session = request_session(request);
        Collector *collector;
        Managed *managed = NULL;

        if (count_of(session) < HISTORY_COLLECTORS_MAX)
                managed = session_add_object(request_world(request), session, kind->type);
        if (managed == NULL) {
                kind->free_filter(filter);
                request_fault(request, vim_new_fault("InvalidState"),
                              "this session has as many objects of its own as it may (%d collectors, %d of "
                              "all kinds); destroy some first (DestroyCollector)",
                              HISTORY_COLLECTORS_MAX, SESSION_OWNED_MAX);
                return;
        }
        collector = g_new0(Collector, 1);
        *collector = (Collector){.api = request_api(request),
                                 .kind = kind,
                                 .filter = filter,
                                 .page_size = HISTORY_PAGE_DEFAULT,
                                 .page = g_array_new(FALSE, FALSE, sizeof(int64_t))};
        managed->subject = collector;
        managed->free_subject = history_free;
        g_ptr_array_add(all_histories(collector->api), managed);
        managed_set(managed, "filter", vim_ref(value));
        fill_page(managed);
        request_return(request, managed_reference(managed));
}

/* --- its methods --- */

static bool read_count(Request *request, unsigned *ret)
{
        int64_t count = request_arg_int(request, "maxCount", 0);

        if (count < 1 || count > HISTORY_PAGE_MAX) {
                request_invalid(request, "maxCount", "maxCount is to be 1 to %d", HISTORY_PAGE_MAX);
                return false;
        }
        *ret = (unsigned)count;
        return true;
}

static void read_on(Request *request, bool back)
{
        Collector *collector = request_target(request)->subject;
        g_autoptr(VimValue) list = vim_new_list(collector->kind->item);
        unsigned count;

        if (!read_count(request, &count))
                return;
        for (unsigned i = 0; i < count; i++) {
                int64_t number =
                        collector->kind->step(collector->api, collector->filter, collector->position, back);
                VimValue *item;

                if (number <= 0)
                        break;
                collector->position = back ? number - 1 : number;
                item = collector->kind->read(collector->api, collector->filter, number);
                if (item != NULL)
                        vim_add(list, item);
        }
        request_return(request, g_steal_pointer(&list));
}

void history_read_next(Request *request)
{
        read_on(request, false);
}

void history_read_previous(Request *request)
{
        read_on(request, true);
}

static void set_page_size(Request *request)
{
        Managed *managed = request_target(request);
        Collector *collector = managed->subject;

        if (!read_count(request, &collector->page_size))
                return;
        fill_page(managed);
        request_return(request, NULL);
}

static void rewind_to_oldest(Request *request)
{
        ((Collector *)request_target(request)->subject)->position = 0;
        request_return(request, NULL);
}

/* Before the latest page, so that reading back goes on where that ends. */
static void reset(Request *request)
{
        Collector *collector = request_target(request)->subject;

        collector->position = collector->page->len > 0 ? g_array_index(collector->page, int64_t, 0) - 1 : 0;
        request_return(request, NULL);
}

static void destroy(Request *request)
{
        world_remove(request_target(request));
        request_return(request, NULL);
}

static bool start(Api *api, GError **error)
{
        (void)error;
        api_set_data(api, "history", g_ptr_array_new());
        return true;
}

/* Sessions may keep some until later. */
static void stop(Api *api)
{
        GPtrArray *all = all_histories(api);

        while (all->len > 0) {
                Managed *managed = g_ptr_array_steal_index_fast(all, 0);

                g_clear_pointer(&managed->subject, history_free);
                managed->free_subject = NULL;
        }
        api_set_data(api, "history", NULL);
        g_ptr_array_unref(all);
}

/* Whose they are is all that counts. */
static const Handler handlers[] = {
        {"HistoryCollector", "SetCollectorPageSize", set_page_size, ""},
        {"HistoryCollector", "RewindCollector", rewind_to_oldest, ""},
        {"HistoryCollector", "ResetCollector", reset, ""},
        {"HistoryCollector", "DestroyCollector", destroy, ""},
        {NULL},
};

const ApiModule history_module = {.name = "history", .handlers = handlers, .start = start, .stop = stop};
