/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A CustomizationSpec that comes with a call (manager/spec-convert.h). */
#pragma once

#include "api/vm/plan.h"

/* CustomizationFault where it cannot be done. */
bool customize_check(Plan *plan, const VimValue *spec);

/* The name of the specification that is kept and says the same; NULL: none does. Owned. */
char *customize_kept_name(Inventory *inventory, const VimValue *spec);

/*
 * The name of the specification goes into the step's arguments as member: of the one that is kept and says
 * the same, so that its pools' addresses are given out once, or else one for the time of the operation,
 * which is added to args. The spec was checked.
 */
void customize_add(Inventory *inventory, JsonObject *args, JsonObject *step, const char *member,
                   const VimValue *spec);
