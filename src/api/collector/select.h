/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which objects a specification selects: its ObjectSpecs, and what its traversals lead to from there. */
#pragma once

#include "api/collector/spec.h"
#include "api/collector/walk.h"

/* References followed by one selection; what is beyond is not looked at. */
#define SELECT_STEPS_MAX 2000000u

/*
 * Between walk_begin() and walk_end(). False: there was more than a selection may look at. session NULL: not
 * logged in; then *ret_denied (may be NULL) says of which object a property would have to be read.
 */
bool select_objects(Walk *walk, const Spec *spec, Session *session, const Managed **ret_denied);
