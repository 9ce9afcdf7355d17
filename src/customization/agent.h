/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The same by commands to qemu-guest-agent, for guests without cloud-init: each step is one guest-exec of a
 * shell in the guest, with the facts as its arguments and not in its text, and a wait for its end. Applying
 * it again changes nothing, and the specification's own commands are begun once only, so that what a kill
 * broke off can be done again from its beginning.
 */
#pragma once

#include "customization/specification.h"

/* A built-in step may take so long in the guest, and one of the specification's commands so long. */
#define CUSTOMIZATION_STEP_S    120u
#define CUSTOMIZATION_COMMAND_S 1800u

/*
 * Sends one command (JSON) to the agent and returns its answer (JSON), owned by the caller; NULL with an
 * error when there is none, which ends the customization. To cancel, fail.
 */
typedef char *(*CustomizationSend)(const char *command, gpointer user_data, GError **error);

/*
 * Blocks until all is done. Errors: customization_check()'s; those of send, as they are; INVALID_DATA when
 * the guest could not do a step, with the step and what the guest said: doing it again will not help;
 * TIMED_OUT.
 */
bool customization_by_agent(const CustomizationSpec *spec, const CustomizationTarget *target,
                            CustomizationSend send, gpointer user_data, GError **error);
