/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The operations' own connection to libvirt: a long copy of a disk must not hold up what the memory
 * scheduler asks over its.
 */
#include <gio/gio.h>
#include <libvirt/virterror.h>

#include "operation/internal.h"

#define KEEPALIVE_INTERVAL_S 5
#define KEEPALIVE_COUNT      3

struct Connection {
        char *uri;
        GMutex mutex;
        virConnectPtr open; /* NULL: none */
        unsigned generation;
};

Connection *connection_new(const char *uri)
{
        Connection *connection = g_new0(Connection, 1);

        /* First by this thread: libraries behind it keep things until the thread ends that began. */
        (void)virInitialize();
        connection->uri = g_strdup(uri);
        g_mutex_init(&connection->mutex);
        return connection;
}

void connection_free(Connection *connection)
{
        if (connection->open != NULL)
                (void)virConnectClose(connection->open);
        g_mutex_clear(&connection->mutex);
        g_free(connection->uri);
        g_free(connection);
}

virConnectPtr connection_get(Connection *connection, unsigned *ret_generation, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&connection->mutex);

        if (connection->open != NULL && virConnectIsAlive(connection->open) != 1) {
                (void)virConnectClose(connection->open);
                connection->open = NULL;
        }
        if (connection->open == NULL) {
                connection->open = virConnectOpen(connection->uri);
                if (connection->open == NULL) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no connection to %s: %s",
                                    connection->uri, virGetLastErrorMessage());
                        return NULL;
                }
                connection->generation++;
                /* Of no use to a connection within this process, which says so: ignored. */
                (void)virConnectSetKeepAlive(connection->open, KEEPALIVE_INTERVAL_S, KEEPALIVE_COUNT);
        }
        (void)virConnectRef(connection->open);
        *ret_generation = connection->generation;
        return connection->open;
}
