/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A running VM's display and serial port, for people: RFB from its VNC server, which listens nowhere, and
 * the bytes of its first serial port. libvirt is asked in threads of this file's own; everything here is to
 * be called, and calls back, in the default main context.
 */
#pragma once

#include <gio/gio.h>
#include <libvirt/libvirt.h>
#include <stdbool.h>

typedef enum ConsoleKind {
        CONSOLE_DISPLAY,
        CONSOLE_SERIAL,
} ConsoleKind;

/* fd: see console_look(). error: NOT_SUPPORTED, saying what to add, for what the VM has not; NOT_FOUND. */
typedef void (*ConsoleDone)(int fd, const GError *error, gpointer user_data);

/*
 * Looks whether the VM has such a console, and with `open` opens it: fd is a stream socket then, the
 * callee's, which ends with the VM's run, and when somebody else opens its serial port; without, or with an
 * error, it is -1. Takes the connection, and calls done once.
 */
void console_look(virConnectPtr connection, const char *uuid, ConsoleKind kind, bool open, ConsoleDone done,
                  gpointer user_data);
