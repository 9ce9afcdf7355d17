/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a document that a client sends is refused before json-glib sees it. Any thread. */
#pragma once

#include "vim/wire.h"

/*
 * Bytes, depth and values within bounds; UTF-8; nothing but JSON (json-glib takes comments and assignments
 * too); no NUL in strings, and no whole number that does not fit into 64 bits, which it would cut off.
 */
bool json_scan(const char *json, size_t length, GError **error);
