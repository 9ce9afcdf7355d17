/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a document is refused before libxml2 sees it. Inside src/vim only; any thread. */
#pragma once

#include "vim/wire.h"

/*
 * Bytes, depth, elements, attributes within bounds; UTF-8; no document type, and so no entity but the five
 * that XML has. A document that is not well formed may pass: up to where it is wrong it keeps the bounds.
 */
bool soap_scan(const char *xml, size_t length, GError **error);
