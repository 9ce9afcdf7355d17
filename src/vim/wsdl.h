/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What SOAP toolkits bind to, made from the type table. */
#pragma once

#include <glib.h>

/*
 * A document by the last part of its address: "vimService.wsdl", "vim.wsdl", the schemas that these import,
 * and "vimServiceVersions.xml". Made once and kept. NULL: there is no such document. Borrowed; the main
 * thread.
 */
const GString *wsdl_document(const char *name);
