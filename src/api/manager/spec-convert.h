/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Customization specifications of vim25 and aerostat's (customization/specification.h), one as the other.
 *
 * What vim25 has and aerostat does not do is refused with a reason, never left out. What aerostat has and
 * vim25 does not goes there and back in the "argument" of a CustomizationCustomName ("{name}-{number}") and
 * of a CustomizationCustomIpGenerator (a pool of addresses, "10.0.0.10-10.0.0.50/24"); users, commands and
 * the way it is done (by) are in the encryptionKey, which clients hand back as they got it; without it they
 * are taken over from the specification that is overwritten.
 */
#pragma once

#include <gio/gio.h>

#include "vim/value.h"

/*
 * The text of a CustomizationSpec. description: "" or NULL for none. base: the text of the specification
 * that it takes the place of, or NULL. INVALID_ARGUMENT; *ret_property names the field then
 * ("spec.identity").
 */
char *spec_from_vim(const VimValue *spec, const char *description, const char *base, char **ret_property,
                    GError **error);

/* A CustomizationSpec. INVALID_ARGUMENT when the text is not taken any more. */
VimValue *spec_to_vim(const char *text, GError **error);

/* "" when there is none. Owned. */
char *spec_description(const char *text);
