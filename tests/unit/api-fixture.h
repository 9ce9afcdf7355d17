/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What tests of the API's modules use: an API with the modules that the test names (api_modules), sessions,
 * calls and their answers. */
#pragma once

#include <libvirt/virterror.h>
#include <stdarg.h>
#include <string.h>

#include "api/entity.h"
#include "api/request.h"
#include "inventory/object-id.h"

typedef struct Answer {
        unsigned times;
        VimValue *result, *fault;
        char *message;
} Answer;

typedef struct ApiFixture {
        Inventory *inventory;
        Journal *journal;
        Operations *operations;
        Api *api;
        World *world;
        Session reader, operator, admin;
        Answer answer;
        /* Set before set-up by tests whose modules need more parts than these: adds them. */
        void (*add_parts)(ApiParts *parts, gpointer data);
        gpointer add_data;
} ApiFixture;

/* --- what the parts tell each other, as the daemon wires it --- */

static inline void api_fixture_on_event(const char *type, const char *vm, const char *message,
                                        gpointer user_data)
{
        const ApiFixture *fixture = user_data;

        journal_add(fixture->journal, type, vm, "%s", message);
}

static inline void api_fixture_on_changed(gpointer user_data)
{
        const ApiFixture *fixture = user_data;

        if (fixture->api != NULL)
                api_signal(fixture->api, API_CATALOG_CHANGED, NULL);
}

static inline void api_fixture_on_task(const TaskRecord *task, gpointer user_data)
{
        const ApiFixture *fixture = user_data;

        if (fixture->api != NULL)
                api_signal(fixture->api, API_TASK_CHANGED, task);
}

static inline void api_fixture_on_added(gpointer user_data)
{
        const ApiFixture *fixture = user_data;

        if (fixture->api != NULL)
                api_signal(fixture->api, API_EVENT_ADDED, NULL);
}

/* libvirt says on standard error what it says in errors, too. */
static inline void api_fixture_ignore(void *user_data, virErrorPtr error)
{
        (void)user_data;
        (void)error;
}

static inline Session api_fixture_session(const char *user, Role role)
{
        /* The test's own reference: it lives as long as the fixture. */
        return (Session){.references = 1,
                         .key = g_strdup(user),
                         .id = g_strdup(user),
                         .user = g_strdup(user),
                         .role = role,
                         .owned = g_ptr_array_new()};
}

static inline void api_fixture_session_clear(Session *session)
{
        g_free(session->key);
        g_free(session->id);
        g_free(session->user);
        for (unsigned i = 0; i < session->owned->len; i++)
                managed_unref(session->owned->pdata[i]);
        g_ptr_array_unref(session->owned);
}

/* The inventory's file (":memory:" for none) is opened, not made anew. */
static inline void api_fixture_set_up(ApiFixture *fixture, const char *inventory, ApiParts parts)
{
        g_autoptr(GError) error = NULL;
        OperationsParts operations = {.uri = "test:///default",
                                      .event = api_fixture_on_event,
                                      .changed = api_fixture_on_changed,
                                      .task = api_fixture_on_task,
                                      .user_data = fixture};

        virSetErrorFunc(NULL, api_fixture_ignore);
        parts.inventory = fixture->inventory = inventory_open(inventory, &error);
        g_assert_no_error(error);
        parts.journal = fixture->journal = journal_new(fixture->inventory);
        operations.inventory = fixture->inventory;
        parts.operations = fixture->operations = operations_new(&operations, &error);
        g_assert_no_error(error);
        if (fixture->add_parts != NULL)
                fixture->add_parts(&parts, fixture->add_data);
        fixture->api = api_new(&parts, &error);
        g_assert_no_error(error);
        fixture->world = api_world(fixture->api);
        journal_listen(fixture->journal, api_fixture_on_added, fixture);
        fixture->reader = api_fixture_session("reader", ROLE_READ_ONLY);
        fixture->operator= api_fixture_session("operator", ROLE_OPERATOR);
        fixture->admin = api_fixture_session("admin", ROLE_ADMINISTRATOR);
}

static inline void answer_clear(Answer *answer)
{
        g_clear_pointer(&answer->result, vim_unref);
        g_clear_pointer(&answer->fault, vim_unref);
        g_clear_pointer(&answer->message, g_free);
        answer->times = 0;
}

static inline void api_fixture_tear_down(ApiFixture *fixture)
{
        answer_clear(&fixture->answer);
        operations_free(fixture->operations);
        api_free(fixture->api);
        api_fixture_session_clear(&fixture->reader);
        api_fixture_session_clear(&fixture->operator);
        api_fixture_session_clear(&fixture->admin);
        journal_free(fixture->journal);
        inventory_close(fixture->inventory);
}

/* So much comes and goes that ids of what went before are forgotten. */
static inline void api_fixture_forget_ids(ApiFixture *fixture)
{
        g_assert_true(inventory_begin(fixture->inventory, NULL));
        for (unsigned i = 0; i < OBJECT_IDS_GONE_MAX; i++) {
                g_autofree char *key = g_strdup_printf("came and went %u", i);

                g_assert_cmpint(object_id_get(fixture->inventory, "vm", key, NULL), >, 0);
                g_assert_true(object_id_gone(fixture->inventory, "vm", key, NULL));
        }
        g_assert_true(inventory_end(fixture->inventory, true, NULL));
}

/* --- calls --- */

static inline void api_fixture_on_done(const VimValue *result, const VimValue *fault, const char *message,
                                       gpointer user_data)
{
        Answer *answer = user_data;

        answer->times++;
        answer->result = vim_ref(result);
        answer->fault = vim_ref(fault);
        answer->message = g_strdup(message);
}

/*
 * Names of parameters and their values (VimValue *, taken), ended by NULL. The request, while it is not
 * answered.
 */
static inline Request *call_start(ApiFixture *fixture, Session *session, Managed *target, const char *name,
                                  va_list words)
{
        const VimMethod *method = vim_type_method(target->type, name);
        g_autofree VimValue **args = NULL;
        const char *param;

        g_assert_nonnull(method);
        answer_clear(&fixture->answer);
        args = g_new0(VimValue *, method->n_params + 1);
        while ((param = va_arg(words, const char *)) != NULL) {
                unsigned i = 0;

                while (i < method->n_params && strcmp(method->params[i].name, param) != 0)
                        i++;
                g_assert_cmpuint(i, <, method->n_params);
                args[i] = vim_fit_field(&method->params[i], va_arg(words, VimValue *));
        }
        return request_start(fixture->api, session, VIM_NEWEST, target, method, args, api_fixture_on_done,
                             &fixture->answer);
}

static inline Request *call_open(ApiFixture *fixture, Session *session, Managed *target, const char *name,
                                 ...) G_GNUC_NULL_TERMINATED;
static inline Request *call_open(ApiFixture *fixture, Session *session, Managed *target, const char *name,
                                 ...)
{
        Request *request;
        va_list words;

        va_start(words, name);
        request = call_start(fixture, session, target, name, words);
        va_end(words);
        return request;
}

/* Until it is answered. The result, borrowed until the next call; NULL: none, or a fault. */
static inline const VimValue *call(ApiFixture *fixture, Session *session, Managed *target, const char *name,
                                   ...) G_GNUC_NULL_TERMINATED;
static inline const VimValue *call(ApiFixture *fixture, Session *session, Managed *target, const char *name,
                                   ...)
{
        va_list words;

        va_start(words, name);
        (void)call_start(fixture, session, target, name, words);
        va_end(words);
        while (fixture->answer.times == 0)
                (void)g_main_context_iteration(NULL, TRUE);
        g_assert_cmpuint(fixture->answer.times, ==, 1);
        return fixture->answer.result;
}

static inline void assert_no_fault(const ApiFixture *fixture)
{
        if (fixture->answer.fault != NULL)
                g_error("%s: %s", fixture->answer.fault->type->name, fixture->answer.message);
}

static inline void assert_fault(const ApiFixture *fixture, const char *type)
{
        g_assert_null(fixture->answer.result);
        g_assert_nonnull(fixture->answer.fault);
        g_assert_cmpstr(fixture->answer.fault->type->name, ==, type);
        g_assert_cmpstr(fixture->answer.message, !=, "");
}
