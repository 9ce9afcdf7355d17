/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A customization specification: what a clone is to be that its parent is not. Kept by name in the
 * inventory, as JSON (see aerostat-customization(1)). Nothing here talks to a VM; all of it is for any
 * thread, and a specification does not change once it is parsed.
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#define CUSTOMIZATION_TEXT_MAX     (256u << 10) /* bytes of a specification's JSON */
#define CUSTOMIZATION_CARDS_MAX    16u
#define CUSTOMIZATION_DNS_MAX      8u
#define CUSTOMIZATION_USERS_MAX    64u
#define CUSTOMIZATION_KEYS_MAX     64u
#define CUSTOMIZATION_GROUPS_MAX   32u
#define CUSTOMIZATION_COMMANDS_MAX 100u
#define CUSTOMIZATION_COMMAND_MAX  (16u << 10) /* bytes */

typedef enum CustomizationBy {
        CUSTOMIZATION_BY_CLOUD_INIT, /* from a seed on a CD-ROM */
        CUSTOMIZATION_BY_AGENT,      /* by commands to the guest's agent, when it first answers */
} CustomizationBy;

typedef struct CustomizationSpec CustomizationSpec;

/* One VM, as a specification is applied to it. */
typedef struct CustomizationTarget {
        const char *name; /* the VM's */
        const char *uuid;
        unsigned index;          /* 0, 1, ...: its address in a pool, and, counted from 1, its {number} */
        const char *const *macs; /* of its cards, in their order; NULL-terminated, or NULL for none */
} CustomizationTarget;

/* INVALID_ARGUMENT names the member ("users[0].name") and what it is to be. */
CustomizationSpec *customization_parse(const char *json, GError **error);
void customization_free(CustomizationSpec *spec);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CustomizationSpec, customization_free)

/* As JSON again: customization_parse() of it gives the same. */
char *customization_text(const CustomizationSpec *spec);

CustomizationBy customization_by(const CustomizationSpec *spec);

/*
 * The VM's host name, without domain: 1 to 63 letters, digits and hyphens, as RFC 1123 has it. What of the
 * VM's name cannot be in one becomes a hyphen, and a name too long is shortened to one that is still its
 * own. A name of which nothing is left becomes "vm-" and the beginning of the UUID.
 */
char *customization_host_name(const CustomizationSpec *spec, const CustomizationTarget *target);

/*
 * Whether the specification can be applied to it: every card has its entry (INVALID_ARGUMENT), the pools
 * reach for its index (NO_SPACE). Errors name the VM.
 */
bool customization_check(const CustomizationSpec *spec, const CustomizationTarget *target, GError **error);

/* Of the cards, in their order: "dhcp" or "10.0.0.10/24". NULL-terminated, owned; the index must be checked.
 */
char **customization_addresses(const CustomizationSpec *spec, unsigned index);

/*
 * How many VMs the specification's pools have addresses for, that is, indices from 0; UINT_MAX when none of
 * its cards has a pool.
 */
unsigned customization_capacity(const CustomizationSpec *spec);
