/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NAME.vmx: lines of key = "value". Others write them, too: what is read is not believed. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#define VMX_SIZE_MAX (8u << 20) /* bytes of a file: each snapshot has a definition in it */

/* char *key to char *value, owned. INVALID_ARGUMENT with the line's number. */
GHashTable *vmx_parse(const char *text, GError **error);

/* One line, with what cannot stand between quotes written as ESX does ("|22" for a quote). */
void vmx_append(GString *text, const char *key, const char *value);

/* A regular file and no link, at most size_max bytes, without a null byte in it; owned. */
char *vmx_read_file(const char *path, gsize size_max, GError **error);
