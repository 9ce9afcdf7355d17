/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "control-fixture.h"

#include "unit.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

char *control_new_dir(void)
{
        char *dir = g_dir_make_tmp("aerostat-unit-XXXXXX", NULL);

        g_assert_nonnull(dir);
        return dir;
}

bool control_set_up_with(struct control *f, const struct aerostat_pager_config *config)
{
        struct aerostat_pager_config full = *config;
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        int r;

        f->dir = control_new_dir();
        f->path = g_build_filename(f->dir, "vm.sock", NULL);
        full.socket_path = f->path;
        r = aerostat_pager_new(&full, &f->pager, reason);
        if (r == -EPERM || r == -ENOSYS) {
                g_test_skip(reason);
                (void)rmdir(f->dir);
                g_free(f->dir);
                g_free(f->path);
                return false;
        }
        g_assert_cmpstr(reason, ==, "");
        g_assert_cmpint(r, ==, 0);
        return true;
}

bool control_set_up(struct control *f)
{
        struct aerostat_pager_config config;

        aerostat_pager_config_init(&config);
        config.name = "unit";
        return control_set_up_with(f, &config);
}

void control_tear_down(struct control *f)
{
        aerostat_pager_free(f->pager);
        /* The socket has gone with the pager: the directory is empty. */
        g_assert_cmpint(rmdir(f->dir), ==, 0);
        g_free(f->dir);
        g_free(f->path);
}

int control_try_connect(const char *path)
{
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        struct timeval patience = {.tv_sec = UNIT_PATIENCE_MS / 1000};
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpuint(strlen(path), <, sizeof(address.sun_path));
        (void)strcpy(address.sun_path, path);
        if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
                int r = -errno;

                (void)close(fd);
                return r;
        }
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
        return fd;
}

int control_client(const struct control *f)
{
        int fd = control_try_connect(f->path);

        g_assert_cmpint(fd, >=, 0);
        return fd;
}

struct aerostat_pager_request control_request(unsigned type, uint64_t v0, uint64_t v1)
{
        static uint64_t serial = 0x1000;

        return (struct aerostat_pager_request){.magic = AEROSTAT_PAGER_MAGIC,
                                               .version = AEROSTAT_PAGER_VERSION,
                                               .type = (uint16_t)type,
                                               .serial = serial++,
                                               .value = {v0, v1}};
}

/* io_uring has the thread that made it do its work at times, and a wait with a timeout then ends early. */
ssize_t control_receive_any(int fd, struct aerostat_pager_reply *reply)
{
        ssize_t n;

        do {
                n = recv(fd, reply, sizeof(*reply), MSG_TRUNC);
        } while (n < 0 && errno == EINTR);
        return n;
}

bool control_is_closed(int fd)
{
        struct aerostat_pager_reply reply;
        ssize_t n = control_receive_any(fd, &reply);

        /* ECONNRESET: closed while something we sent was still unread. */
        return n == 0 || (n < 0 && errno == ECONNRESET);
}

void control_send(int fd, const void *message, size_t size)
{
        g_assert_cmpint(send(fd, message, size, MSG_NOSIGNAL), ==, (ssize_t)size);
}

void control_receive(int fd, struct aerostat_pager_reply *reply)
{
        ssize_t n;

        memset(reply, 0xa5, sizeof(*reply));
        n = control_receive_any(fd, reply);
        g_assert_cmpint(n, ==, sizeof(*reply));
        g_assert_cmphex(reply->magic, ==, AEROSTAT_PAGER_MAGIC);
        g_assert_cmpuint(reply->version, ==, AEROSTAT_PAGER_VERSION);
        g_assert_cmpuint(reply->reserved, ==, 0);
        g_assert_cmpint(reply->error, <=, 0);
        g_assert_nonnull(memchr(reply->message, '\0', sizeof(reply->message)));
        g_assert_null(strchr(reply->message, '\n'));
        g_assert_true(!reply->error == !reply->message[0]);
        g_assert_cmpuint(reply->stats.pid, ==, getpid());
        g_assert_cmpstr(reply->stats.name, ==, "unit");
}

int control_ask(int fd, unsigned type, uint64_t v0, uint64_t v1, struct aerostat_pager_reply *reply)
{
        struct aerostat_pager_request request = control_request(type, v0, v1);

        control_send(fd, &request, sizeof(request));
        control_receive(fd, reply);
        g_assert_cmpuint(reply->type, ==, type);
        g_assert_cmpuint(reply->serial, ==, request.serial);
        return reply->error;
}
