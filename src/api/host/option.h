/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OptionManager: options of the host (Mem.*) and of the vCenter that clients take aerostat for. */
#pragma once

#include <gio/gio.h>

#include "policy/settings.h"
#include "vim/value.h"

/* An option of the host as clients are told of it. */
VimValue *option_def(const struct policy_setting *setting);
VimValue *option_value(const char *key, VimValue *value);

/* Those that begin with prefix; NULL or "": all. A list; NULL: there is none. */
VimValue *option_find(const VimValue *settings, const char *prefix);

/*
 * The number that a client gives for a setting, in whatever type: int, long, or text. False with
 * INVALID_ARGUMENT for what is no such number, or one out of bounds.
 */
bool option_number(enum policy_setting_id id, const VimValue *value, int64_t *ret, GError **error);
