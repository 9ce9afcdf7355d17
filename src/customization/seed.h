/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What cloud-init's NoCloud reads: three texts, and the CD-ROM image with them, labelled CIDATA. */
#pragma once

#include "customization/specification.h"

typedef struct CustomizationSeed {
        char *meta_data;
        char *user_data;
        char *network_config; /* NULL: the specification says nothing of cards */
} CustomizationSeed;

/* Errors as customization_check(). */
CustomizationSeed *customization_seed_new(const CustomizationSpec *spec, const CustomizationTarget *target,
                                          GError **error);
void customization_seed_free(CustomizationSeed *seed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CustomizationSeed, customization_seed_free)

/*
 * The image at path (absolute), with mode 0600, in place of what is there: the old one or the new one,
 * whole, after a kill or a crash at any moment. The same facts give the same bytes. It blocks for some 10
 * ms. A kill may leave files of the name PATH.*, which the next call for the path takes away. Errors:
 * customization_check()'s, NO_SPACE, NOT_FOUND when xorriso is not installed, FAILED.
 */
bool customization_make_seed(const CustomizationSpec *spec, const CustomizationTarget *target,
                             const char *path, GError **error);
