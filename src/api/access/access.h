/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may come in, and do what: the modules of this folder. */
#pragma once

#include "api/api.h"

extern const ApiModule session_manager_module; /* sessions */
extern const ApiModule authorization_module;   /* roles, and who has which */
extern const ApiModule account_module;         /* names and passwords */
