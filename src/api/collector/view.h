/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Views: lists of objects that follow the inventory, or are as their client has set them.
 *
 * Container views of the same container, types and depth share what was found, so that many clients with the
 * same view cost as much as one.
 */
#pragma once

#include "api/api.h"

/* Whoever reads views' properties calls this before: then these are right for the world as it is now. */
void views_bring_up(Api *api);
