/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Consoles are found in the VM's definition and opened by libvirt. */
#include "vm/console.h"

#include <errno.h>
#include <sys/socket.h>

#include "vm/console-serial.h"
#include "vm/definition-xml.h"
#include "vm/life-internal.h"

#define THREADS 4

typedef struct Looking {
        virConnectPtr connection;
        char uuid[VIR_UUID_STRING_BUFLEN];
        ConsoleKind kind;
        bool open;
        ConsoleDone done;
        gpointer user_data;
        int fd;
        GError *error;
} Looking;

/* === in a thread === */

static bool has_device(Definition *definition, const char *element, const char *type)
{
        xmlNode *node = xml_grandchild(definition_root(definition), "devices", element);

        for (; node != NULL; node = xml_next(node, element))
                if (xml_attribute_is(node, "type", type))
                        return true;
        return false;
}

static bool check(Looking *looking)
{
        g_autofree char *xml = life_definition(looking->connection, looking->uuid, true, &looking->error);
        g_autoptr(Definition) definition = xml != NULL ? definition_parse(xml, &looking->error) : NULL;

        if (definition == NULL)
                return false;
        if (looking->kind == CONSOLE_DISPLAY && !has_device(definition, "graphics", "vnc"))
                g_set_error(&looking->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "VM \"%s\" has no display: power it off and add to its definition (virsh edit) "
                            "<graphics type='vnc'><listen type='socket'/></graphics> and <video>",
                            definition_name(definition));
        if (looking->kind == CONSOLE_SERIAL && !has_device(definition, "serial", "pty"))
                g_set_error(&looking->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "VM \"%s\" has no serial port to type into: power it off and add to its "
                            "definition (virsh edit) <serial type='pty'/> before other serial ports",
                            definition_name(definition));
        return looking->error == NULL;
}

static int open_display(Looking *looking, virDomainPtr domain)
{
        /* Who may look was asked already. */
        int fd = virDomainOpenGraphicsFD(domain, 0, VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH);

        if (fd < 0)
                life_set_error(&looking->error, domain, NULL, "opening the display of");
        return fd;
}

static int open_serial(Looking *looking, virDomainPtr domain)
{
        virStreamPtr stream = virStreamNew(looking->connection, VIR_STREAM_NONBLOCK);
        int pair[2];

        if (stream == NULL || !console_serial_open(domain, stream)) {
                life_set_error(&looking->error, domain, NULL, "opening the serial console of");
        } else if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0) {
                g_set_error(&looking->error, G_IO_ERROR, (int)g_io_error_from_errno(errno),
                            "no socket for a serial console: %s", g_strerror(errno));
                (void)virStreamAbort(stream);
        } else {
                console_serial_pass(stream, pair[0]);
                return pair[1];
        }
        if (stream != NULL)
                (void)virStreamFree(stream);
        return -1;
}

static gboolean tell(gpointer data)
{
        Looking *looking = data;

        looking->done(looking->fd, looking->error, looking->user_data);
        g_clear_error(&looking->error);
        g_free(looking);
        return G_SOURCE_REMOVE;
}

static void look(gpointer data, gpointer user_data)
{
        Looking *looking = data;

        (void)user_data;
        if (check(looking) && looking->open) {
                _cleanup_domain_ virDomainPtr domain =
                        life_find(looking->connection, looking->uuid, &looking->error);

                if (domain != NULL)
                        looking->fd = looking->kind == CONSOLE_DISPLAY ? open_display(looking, domain)
                                                                       : open_serial(looking, domain);
        }
        (void)virConnectClose(looking->connection);
        (void)g_idle_add(tell, looking);
}

void console_look(virConnectPtr connection, const char *uuid, ConsoleKind kind, bool open, ConsoleDone done,
                  gpointer user_data)
{
        static GThreadPool *threads;
        Looking *looking = g_new0(Looking, 1);

        if (threads == NULL)
                threads = g_thread_pool_new(look, NULL, THREADS, FALSE, NULL);
        *looking = (Looking){.connection = connection,
                             .kind = kind,
                             .open = open,
                             .done = done,
                             .user_data = user_data,
                             .fd = -1};
        g_strlcpy(looking->uuid, uuid, sizeof looking->uuid);
        (void)g_thread_pool_push(threads, looking, NULL);
        // cppcheck-suppress memleak ; who it was given to frees it
}
