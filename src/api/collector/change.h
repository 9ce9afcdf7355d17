/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The difference of two values as PropertyChanges. Pure. */
#pragma once

#include "vim/value.h"

/* One more. value: NULL for "remove" and "indirectRemove", and "assign" of what is unset now. Takes it. */
void change_add(VimValue *changes, const char *name, const char *op, VimValue *value);

/*
 * What makes `old` into `new`, both there, as the deepest assignments, and additions to and removals from
 * lists whose items have keys. path is where they are.
 */
void change_between(VimValue *changes, const char *path, const VimValue *old, const VimValue *new);
