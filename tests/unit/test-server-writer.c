/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who waits for what: large results are written beside small ones. */
#include "server/writer.h"

#include <string.h>

#include "unit.h"

typedef struct Fixture {
        Writer *writer;
        VimValue *small, *large;
        unsigned done;
        char *body; /* of the last */
        bool is_compressed;
} Fixture;

/* The thread that writes something large stays there until it is let go. */
static GMutex lock;
static GCond changed;
static bool is_held, holds;
static GThread *main_thread;

static GString *write_text(const VimMethod *method, const VimValue *result, VimVersion version)
{
        (void)method;
        (void)version;
        g_mutex_lock(&lock);
        holds = is_held && g_thread_self() != main_thread;
        g_cond_broadcast(&changed);
        while (is_held && g_thread_self() != main_thread)
                g_cond_wait(&changed, &lock);
        g_mutex_unlock(&lock);
        if (result == NULL)
                return NULL;
        return g_string_new(result->is_list ? "large" : result->text);
}

static GString *write_much(const VimMethod *method, const VimValue *result, VimVersion version)
{
        GString *text = write_text(method, result, version);

        for (unsigned i = 0; i < 10000; i++)
                g_string_append(text, " more");
        return text;
}

static void hold(bool holding)
{
        g_mutex_lock(&lock);
        is_held = holding;
        g_cond_broadcast(&changed);
        g_mutex_unlock(&lock);
}

static void wait_until_held(void)
{
        g_mutex_lock(&lock);
        while (!holds)
                g_cond_wait(&changed, &lock);
        g_mutex_unlock(&lock);
}

static void on_written(GBytes *body, bool is_compressed, gpointer user_data)
{
        Fixture *fixture = user_data;
        gsize size = 0;
        const char *text = body != NULL ? g_bytes_get_data(body, &size) : NULL;

        fixture->done++;
        g_free(fixture->body);
        fixture->body = text != NULL ? g_strndup(text, size) : NULL;
        fixture->is_compressed = is_compressed;
}

static WriterJob *write_value(Fixture *fixture, const VimValue *value)
{
        return writer_write(fixture->writer, write_text, NULL, value, VIM_NEWEST, false, on_written,
                            fixture);
}

static void set_up(Fixture *fixture, gconstpointer data)
{
        (void)data;
        main_thread = g_thread_self();
        is_held = holds = false;
        fixture->writer = writer_new();
        fixture->small = vim_new_string("small");
        fixture->large = vim_new_list("string");
        for (unsigned i = 0; i < 5000; i++)
                vim_add(fixture->large, vim_new_string("x"));
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        (void)data;
        writer_free(fixture->writer);
        vim_unref(fixture->small);
        vim_unref(fixture->large);
        g_free(fixture->body);
}

static void test_small(Fixture *fixture, gconstpointer data)
{
        (void)data;
        g_assert_null(write_value(fixture, fixture->small));
        g_assert_cmpuint(fixture->done, ==, 1);
        g_assert_cmpstr(fixture->body, ==, "small");
        g_assert_null(write_value(fixture, NULL));
        g_assert_cmpuint(fixture->done, ==, 2);
        g_assert_null(fixture->body);
}

static void test_overtaking(Fixture *fixture, gconstpointer data)
{
        (void)data;
        hold(true);
        g_assert_nonnull(write_value(fixture, fixture->large));
        wait_until_held();
        g_assert_null(write_value(fixture, fixture->small));
        g_assert_cmpstr(fixture->body, ==, "small");
        hold(false);
        while (fixture->done < 2)
                (void)g_main_context_iteration(NULL, TRUE);
        g_assert_cmpstr(fixture->body, ==, "large");
}

static void test_compressed(Fixture *fixture, gconstpointer data)
{
        (void)data;
        g_assert_null(writer_write(fixture->writer, write_much, NULL, fixture->small, VIM_NEWEST, true,
                                   on_written, fixture));
        g_assert_true(fixture->is_compressed);
        g_assert_nonnull(writer_write(fixture->writer, write_much, NULL, fixture->large, VIM_NEWEST, true,
                                      on_written, fixture));
        while (fixture->done < 2)
                (void)g_main_context_iteration(NULL, TRUE);
        g_assert_true(fixture->is_compressed);
        g_assert_null(writer_write(fixture->writer, write_text, NULL, fixture->small, VIM_NEWEST, true,
                                   on_written, fixture));
        g_assert_false(fixture->is_compressed);
}

static void test_cancel(Fixture *fixture, gconstpointer data)
{
        WriterJob *job;

        (void)data;
        hold(true);
        job = write_value(fixture, fixture->large);
        wait_until_held();
        writer_cancel(job);
        hold(false);
        g_assert_nonnull(write_value(fixture, fixture->large));
        while (fixture->done < 1)
                (void)g_main_context_iteration(NULL, TRUE);
        /* Threads are several, so the first may come to its end after the second. */
        writer_free(g_steal_pointer(&fixture->writer));
        g_assert_cmpuint(fixture->done, ==, 1);
}

/* However many ask, not more than so many results are kept for the threads. */
static void test_bound(Fixture *fixture, gconstpointer data)
{
        unsigned kept = 0;

        (void)data;
        hold(true);
        while (write_value(fixture, fixture->large) != NULL)
                g_assert_cmpuint(++kept, <, 1000);
        g_assert_cmpuint(fixture->done, ==, 1);
        hold(false);
        while (fixture->done < kept + 1)
                (void)g_main_context_iteration(NULL, TRUE);
}

static void test_end(Fixture *fixture, gconstpointer data)
{
        (void)data;
        for (unsigned i = 0; i < 20; i++)
                g_assert_nonnull(write_value(fixture, fixture->large));
        writer_free(g_steal_pointer(&fixture->writer));
        g_assert_cmpuint(fixture->done, ==, 0);
        /* It holds nothing of them any more. */
        g_assert_true(g_atomic_ref_count_compare(&fixture->large->references, 1));
}

int main(int argc, char **argv)
{
        static const struct {
                const char *name;
                void (*test)(Fixture *fixture, gconstpointer data);
        } tests[] = {
                {"/server-writer/small", test_small},
                {"/server-writer/overtaking", test_overtaking},
                {"/server-writer/compressed", test_compressed},
                {"/server-writer/cancel", test_cancel},
                {"/server-writer/bound", test_bound},
                {"/server-writer/end", test_end},
        };

        g_test_init(&argc, &argv, NULL);
        for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);
        return g_test_run();
}
