/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random values of the API's types, the same in every run. */
#pragma once

#include <glib.h>

#include "vim/value.h"

/* Deeper than this, optional fields stay unset. */
#define RANDOM_DEPTH 4

/* A value that SOAP and JSON can tell from any other; of a subclass now and then. type may be anyType. */
VimValue *random_value(GRand *rand, const VimType *type, unsigned depth);
/* Of just this type. */
VimValue *random_object(GRand *rand, const VimType *type, unsigned depth);
