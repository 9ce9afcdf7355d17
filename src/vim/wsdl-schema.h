/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The schemas of the WSDL. Inside src/vim only; any thread. */
#pragma once

#include <glib.h>

#include "vim/type.h"

#define WSDL_XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define WSDL_XSD      "http://www.w3.org/2001/XMLSchema"

GString *wsdl_core_types(void);    /* core-types.xsd: references, lists of primitives */
GString *wsdl_vim_types(void);     /* vim-types.xsd: data objects, enumerations, lists of them */
GString *wsdl_message_types(void); /* vim-messagetypes.xsd: what is sent to methods and comes back */
