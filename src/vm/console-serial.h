/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes between a stream of libvirt's and a socket. */
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

/*
 * Opens the first serial console and takes it from who has it. False: libvirt says why. May wait long; from
 * any thread but the main one.
 */
bool console_serial_open(virDomainPtr domain, virStreamPtr stream);

/* Takes both. Either's end is the other's. From any thread; it goes on in the default main context. */
void console_serial_pass(virStreamPtr stream, int fd);
