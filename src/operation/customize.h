/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Customization of a VM: by a seed on a CD-ROM, or by its guest's agent as soon as that answers. */
#pragma once

#include "customization/specification.h"
#include "operation/operation.h"
#include "vm/definition.h"

/* The specification of that name. NOT_FOUND, or INVALID_ARGUMENT for one that this aerostat does not take.
 */
CustomizationSpec *customize_load(Call *call, const char *specification, GError **error);

/*
 * Whether so many clones of a VM can be customized with it: it is there, has an entry for each of the
 * definition's cards, and enough addresses. To be asked before the first is made.
 */
bool customize_can(Call *call, const char *specification, Definition *definition, unsigned count,
                   GError **error);

/*
 * The VM's number of the specification, for good: the one that its name ends with ("web07" is the seventh),
 * where that is free and the pools reach so far, so that clones made side by side have theirs in order; else
 * the smallest that is free.
 */
bool customize_number(Call *call, const CustomizationSpec *spec, const char *specification,
                      const Record *record, unsigned *ret, GError **error);

/*
 * Makes the seed of the specification for the VM in its home, and adds the drive with it to its definition,
 * which the caller defines; or, by the agent, remembers what is to be done. Which of the specification's
 * addresses it gets is settled here, for good. Threads of one call may do this for several VMs at once.
 */
bool customize_clone(Call *call, Definition *definition, const Record *record, const char *specification,
                     GError **error);

/* What an earlier life of the daemon has left to be done by agents goes on. */
bool customize_resume(Call *call, GError **error);

/* What a VM is, for a specification; filled by customize_target(). */
typedef struct CustomizeTarget {
        CustomizationTarget target; /* points into what follows, and into the record */
        char **macs;
} CustomizeTarget;

void customize_target(CustomizeTarget *ret, const Record *record, Definition *definition, unsigned index);
void customize_target_clear(CustomizeTarget *target);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CustomizeTarget, customize_target_clear)

/* Makes the seed, and puts the drive into the definition where it is not there yet; *ret_added says so. */
bool customize_by_seed(const CustomizationSpec *spec, const CustomizationTarget *target,
                       const Record *record, Definition *definition, bool *ret_added, GError **error);

/* By the agent of a guest that runs. Errors as customization_by_agent()'s. */
bool customize_by_agent(Call *call, const CustomizationSpec *spec, const CustomizationTarget *target,
                        GError **error);
