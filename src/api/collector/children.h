/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is below an entity in the inventory: which of its properties name its children. */
#pragma once

#include "api/world.h"

/* The places of these properties in a type, in their order; ended by -1. At most CHILDREN_MAX. */
#define CHILDREN_MAX 4
void children_places(const VimType *type, int places[CHILDREN_MAX + 1]);

/* Of Managed *, borrowed; the array is owned. */
GPtrArray *children_of(const Managed *managed);
