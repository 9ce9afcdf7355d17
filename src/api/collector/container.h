/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What container views show, shared by those that show the same. */
#pragma once

#include "api/world.h"

/* Of one server. */
typedef struct Containers Containers;

Containers *containers_new(World *world);
void containers_free(Containers *containers);
/* After the inventory has changed. */
void containers_bring_up(Containers *containers);

/* types: of const VimType *, taken; empty: all. From now on the view's "view" is right. */
void container_show(Containers *containers, Managed *view, Managed *container, GPtrArray *types,
                    bool recursive);
bool container_is_one(const Managed *managed);
