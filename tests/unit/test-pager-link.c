/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon's end of a pager's socket, against one that lies, stalls and goes away. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit.h"
#include "vm/pager-link.h"

#define MIB ((uint64_t)1 << 20)

typedef struct Fake {
        char *folder, *path;
        int listener, fd;
        PagerLink *link;

        /* what the owner was told */
        unsigned stats, refused, lost;
        uint64_t consumed_bytes;
        enum aerostat_pager_request_type refused_type;
        char *refused_message, *lost_reason;
        bool free_when_lost;
} Fake;

static void on_stats(PagerLink *link, const struct aerostat_pager_stats *stats, gpointer user_data)
{
        Fake *fake = user_data;

        g_assert_true(link == fake->link);
        fake->stats++;
        fake->consumed_bytes = stats->consumed_bytes;
}

static void on_refused(PagerLink *link, enum aerostat_pager_request_type type, const char *message,
                       gpointer user_data)
{
        Fake *fake = user_data;

        g_assert_true(link == fake->link);
        fake->refused++;
        fake->refused_type = type;
        g_free(fake->refused_message);
        fake->refused_message = g_strdup(message);
}

static void on_lost(PagerLink *link, const char *reason, gpointer user_data)
{
        Fake *fake = user_data;

        g_assert_true(link == fake->link);
        fake->lost++;
        g_free(fake->lost_reason);
        fake->lost_reason = g_strdup(reason);
        if (fake->free_when_lost)
                g_clear_pointer(&fake->link, pager_link_free);
}

static const PagerLinkEvents events = {.stats = on_stats, .refused = on_refused, .lost = on_lost};

static void set_up(Fake *fake, gconstpointer data)
{
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        g_autoptr(GError) error = NULL;

        (void)data;
        fake->folder = g_dir_make_tmp("aerostat-link-XXXXXX", NULL);
        fake->path = g_build_filename(fake->folder, "pager.sock", NULL);
        fake->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        g_assert_cmpuint(g_strlcpy(address.sun_path, fake->path, sizeof(address.sun_path)), <,
                         sizeof(address.sun_path));
        g_assert_cmpint(bind(fake->listener, (struct sockaddr *)&address, sizeof(address)), ==, 0);
        g_assert_cmpint(listen(fake->listener, 1), ==, 0);
        fake->link = pager_link_new(fake->path, &events, fake, &error);
        g_assert_no_error(error);
        g_assert_cmpint(pager_link_pid(fake->link), ==, getpid());
        g_assert_cmpstr(pager_link_path(fake->link), ==, fake->path);
        fake->fd = accept4(fake->listener, NULL, NULL, SOCK_CLOEXEC);
        g_assert_cmpint(fake->fd, >=, 0);
}

static void tear_down(Fake *fake, gconstpointer data)
{
        (void)data;
        pager_link_free(fake->link);
        if (fake->fd >= 0)
                (void)close(fake->fd);
        (void)close(fake->listener);
        (void)g_unlink(fake->path);
        (void)g_rmdir(fake->folder);
        g_free(fake->folder);
        g_free(fake->path);
        g_free(fake->refused_message);
        g_free(fake->lost_reason);
}

static void settle(void)
{
        while (g_main_context_iteration(NULL, FALSE))
                ;
}

/* What the link sends next; false when it has nothing to say. */
static bool next_request(const Fake *fake, struct aerostat_pager_request *ret)
{
        ssize_t n;

        settle();
        n = recv(fake->fd, ret, sizeof(*ret), MSG_DONTWAIT | MSG_TRUNC);
        if (n < 0) {
                g_assert_cmpint(errno, ==, EAGAIN);
                return false;
        }
        g_assert_cmpint(n, ==, sizeof(*ret));
        g_assert_cmphex(ret->magic, ==, AEROSTAT_PAGER_MAGIC);
        return true;
}

static struct aerostat_pager_request expect(const Fake *fake, enum aerostat_pager_request_type type,
                                            uint64_t value0)
{
        struct aerostat_pager_request request;

        g_assert_true(next_request(fake, &request));
        g_assert_cmpuint(request.type, ==, type);
        g_assert_cmpuint(request.value[0], ==, value0);
        return request;
}

static void expect_silence(const Fake *fake)
{
        struct aerostat_pager_request request;

        g_assert_false(next_request(fake, &request));
}

static struct aerostat_pager_reply reply_to(const struct aerostat_pager_request *request)
{
        return (struct aerostat_pager_reply){
                .magic = AEROSTAT_PAGER_MAGIC,
                .version = AEROSTAT_PAGER_VERSION,
                .type = request->type,
                .serial = request->serial,
        };
}

static void send_bytes(const Fake *fake, const void *data, size_t size)
{
        g_assert_cmpint(send(fake->fd, data, size, MSG_NOSIGNAL), ==, (ssize_t)size);
        settle();
}

static void answer(const Fake *fake, const struct aerostat_pager_request *request)
{
        struct aerostat_pager_reply reply = reply_to(request);

        send_bytes(fake, &reply, sizeof(reply));
}

static void test_orders(Fake *fake, gconstpointer data)
{
        struct aerostat_pager_request request, subscription;
        struct aerostat_pager_reply reply;

        (void)data;
        pager_link_set_interval(fake->link, 1000);
        subscription = expect(fake, AEROSTAT_PAGER_SUBSCRIBE, 1000);
        answer(fake, &subscription);
        g_assert_cmpuint(fake->stats, ==, 1);

        /* Of what is ordered while another order is under way, only the last of each kind is sent. */
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, 1 * MIB, 0);
        request = expect(fake, AEROSTAT_PAGER_SET_LIMIT, 1 * MIB);
        for (uint64_t mib = 2; mib <= 100; mib++)
                pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, mib * MIB, 0);
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_RESERVATION, 5, 0);
        expect_silence(fake);

        /* Figures of the subscription come in between and answer nothing. */
        reply = reply_to(&subscription);
        reply.stats.consumed_bytes = 77;
        send_bytes(fake, &reply, sizeof(reply));
        g_assert_cmpuint(fake->consumed_bytes, ==, 77);
        expect_silence(fake);

        answer(fake, &request);
        request = expect(fake, AEROSTAT_PAGER_SET_LIMIT, 100 * MIB);
        expect_silence(fake);
        answer(fake, &request);
        request = expect(fake, AEROSTAT_PAGER_SET_RESERVATION, 5);
        answer(fake, &request);
        expect_silence(fake);

        /* What is in force is not sent again. */
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, 100 * MIB, 0);
        pager_link_set_interval(fake->link, 1000);
        expect_silence(fake);
        g_assert_cmpuint(fake->lost, ==, 0);
        g_assert_cmpuint(fake->refused, ==, 0);
}

/* A refused order is not sent again and again, when it is given again and again; another one is. */
static void test_refused(Fake *fake, gconstpointer data)
{
        struct aerostat_pager_request request;
        struct aerostat_pager_reply reply;

        (void)data;
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, 1, 0);
        request = expect(fake, AEROSTAT_PAGER_SET_LIMIT, 1);
        reply = reply_to(&request);
        reply.error = -EINVAL;
        (void)g_strlcpy(reply.message, "too small\033[2J\n\xff", sizeof(reply.message));
        send_bytes(fake, &reply, sizeof(reply));
        g_assert_cmpuint(fake->refused, ==, 1);
        g_assert_cmpuint(fake->refused_type, ==, AEROSTAT_PAGER_SET_LIMIT);
        g_assert_cmpstr(fake->refused_message, ==, "too small\\033[2J\\n\\377");
        g_assert_cmpuint(fake->stats, ==, 1);

        expect_silence(fake);
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, 1, 0);
        expect_silence(fake);
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, 2, 0);
        request = expect(fake, AEROSTAT_PAGER_SET_LIMIT, 2);
        answer(fake, &request);
        g_assert_cmpuint(fake->lost, ==, 0);
}

/* One that has been replaced already, by an order that came while it was under way, is not forgotten. */
static void test_refused_and_replaced(Fake *fake, gconstpointer data)
{
        struct aerostat_pager_request request;
        struct aerostat_pager_reply reply;

        (void)data;
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, 1, 0);
        request = expect(fake, AEROSTAT_PAGER_SET_LIMIT, 1);
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, 2, 0);
        reply = reply_to(&request);
        reply.error = -EINVAL;
        send_bytes(fake, &reply, sizeof(reply));
        request = expect(fake, AEROSTAT_PAGER_SET_LIMIT, 2);
        answer(fake, &request);
        expect_silence(fake);
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, 2, 0);
        expect_silence(fake);
}

typedef enum Lie {
        LIE_SHORT,
        LIE_TINY,
        LIE_LONG,
        LIE_MAGIC,
        LIE_VERSION,
        LIE_SERIAL,
        LIE_TYPE,
        LIE_ERROR_POSITIVE,
        LIE_ERROR_HUGE,
        LIE_MESSAGE,
        LIE_NAME,
        LIE_REASON,
        LIE_NOISE,
        LIES
} Lie;

static const char *const lie_names[LIES] = {"short",  "tiny",   "long",           "magic",      "version",
                                            "serial", "type",   "error-positive", "error-huge", "message",
                                            "name",   "reason", "noise"};

static void test_lie(Fake *fake, gconstpointer data)
{
        Lie lie = (Lie)GPOINTER_TO_UINT(data);
        struct aerostat_pager_request request;
        uint64_t random = 1 + lie;
        struct {
                struct aerostat_pager_reply reply;
                char more[4096];
        } sent = {0};
        size_t size = sizeof(sent.reply);

        /* The owner frees the link at once, as the scheduler does. */
        fake->free_when_lost = true;
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, 1, 0);
        request = expect(fake, AEROSTAT_PAGER_SET_LIMIT, 1);
        sent.reply = reply_to(&request);
        switch (lie) {
        case LIE_SHORT:
                size--;
                break;
        case LIE_TINY:
                size = 1;
                break;
        case LIE_LONG:
                size = sizeof(sent);
                break;
        case LIE_MAGIC:
                sent.reply.magic++;
                break;
        case LIE_VERSION:
                sent.reply.version++;
                break;
        case LIE_SERIAL:
                sent.reply.serial++;
                break;
        case LIE_TYPE:
                sent.reply.type++;
                break;
        case LIE_ERROR_POSITIVE:
                sent.reply.error = 1;
                break;
        case LIE_ERROR_HUGE:
                sent.reply.error = INT32_MIN;
                break;
        case LIE_MESSAGE:
                memset(sent.reply.message, 'x', sizeof(sent.reply.message));
                break;
        case LIE_NAME:
                memset(sent.reply.stats.name, 'x', sizeof(sent.reply.stats.name));
                break;
        case LIE_REASON:
                memset(sent.reply.stats.reason, 'x', sizeof(sent.reply.stats.reason));
                break;
        case LIE_NOISE:
        case LIES:
                unit_fill_random(&sent.reply, sizeof(sent.reply), &random);
                break;
        }
        send_bytes(fake, &sent, size);
        g_assert_cmpuint(fake->lost, ==, 1);
        g_assert_cmpuint(fake->stats, ==, 0);
        g_assert_cmpuint(fake->refused, ==, 0);
        g_assert_cmpuint(strlen(fake->lost_reason), >, 0);
        g_assert_true(g_str_is_ascii(fake->lost_reason));
}

/* Nobody subscribed: figures that come all the same are an answer to nothing. */
static void test_unasked(Fake *fake, gconstpointer data)
{
        struct aerostat_pager_request none = {.type = AEROSTAT_PAGER_SUBSCRIBE};

        (void)data;
        fake->free_when_lost = true;
        none.serial = 5;
        answer(fake, &none);
        g_assert_cmpuint(fake->lost, ==, 1);
        g_assert_cmpuint(fake->stats, ==, 0);
}

static void test_closed(Fake *fake, gconstpointer data)
{
        (void)data;
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, 1, 0);
        (void)expect(fake, AEROSTAT_PAGER_SET_LIMIT, 1);
        (void)close(fake->fd);
        fake->fd = -1;
        fake->free_when_lost = true;
        settle();
        g_assert_cmpuint(fake->lost, ==, 1);
        g_assert_nonnull(strstr(fake->lost_reason, "closed"));
}

/* Told once, and not again by the order that cannot be sent. */
static void test_closed_then_ordered(Fake *fake, gconstpointer data)
{
        (void)data;
        (void)close(fake->fd);
        fake->fd = -1;
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, 1, 0);
        settle();
        g_assert_cmpuint(fake->lost, ==, 1);
        pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, 2, 0);
        settle();
        g_assert_cmpuint(fake->lost, ==, 1);
}

/* A pager that never answers keeps one order, and its owner is never made to wait. */
static void test_silent(Fake *fake, gconstpointer data)
{
        struct aerostat_pager_request request;

        (void)data;
        for (uint64_t i = 1; i <= 10000; i++) {
                pager_link_order(fake->link, AEROSTAT_PAGER_SET_LIMIT, i, 0);
                if (i % 100 == 0)
                        settle();
        }
        request = expect(fake, AEROSTAT_PAGER_SET_LIMIT, 100);
        expect_silence(fake);
        g_assert_cmpuint(fake->stats + fake->lost + fake->refused, ==, 0);
        answer(fake, &request);
        (void)expect(fake, AEROSTAT_PAGER_SET_LIMIT, 10000);
}

static void test_nobody_there(void)
{
        g_autofree char *long_path = g_strnfill(200, 'x');
        g_autoptr(GError) none = NULL, too_long = NULL;

        g_assert_null(pager_link_new("/nonexistent/pager.sock", &events, NULL, &none));
        g_assert_error(none, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        g_assert_nonnull(strstr(none->message, "/nonexistent/pager.sock"));
        g_assert_null(pager_link_new(long_path, &events, NULL, &too_long));
        g_assert_error(too_long, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
#define ADD(name, data, function) g_test_add(name, Fake, data, set_up, function, tear_down)
        ADD("/pager-link/orders", NULL, test_orders);
        ADD("/pager-link/refused", NULL, test_refused);
        ADD("/pager-link/refused-and-replaced", NULL, test_refused_and_replaced);
        for (unsigned lie = 0; lie < LIES; lie++) {
                g_autofree char *name = g_strdup_printf("/pager-link/lie/%s", lie_names[lie]);

                ADD(name, GUINT_TO_POINTER(lie), test_lie);
        }
        ADD("/pager-link/unasked", NULL, test_unasked);
        ADD("/pager-link/closed", NULL, test_closed);
        ADD("/pager-link/closed-then-ordered", NULL, test_closed_then_ordered);
        ADD("/pager-link/silent", NULL, test_silent);
        g_test_add_func("/pager-link/nobody-there", test_nobody_there);
        return g_test_run();
}
