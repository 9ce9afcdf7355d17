/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the files that make lines for a shell. */
#pragma once

#include "api/recorder/step.h"

void shell_add_word(GString *line, const char *word);
void shell_add_option(GString *line, const char *option, const char *value);
void shell_add_mb(GString *line, const char *option, int64_t mb);

/* A VM's name: the last of its path, and the only one of its name on the host. Borrowed. */
const char *shell_name_at(const Place *place);

/* --- shell-guest.c --- */

/* Of what is done in guests. False: as below. */
bool shell_add_guest(GString *line, const Step *step);

/* --- shell-host.c --- */

/* Of calls that are no operations. False: there is no command for it, or not for all that it says. */
bool shell_add_host(GString *line, const Step *step);
