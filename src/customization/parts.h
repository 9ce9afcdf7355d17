/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A specification from the inside, for this folder. Everything in it has been checked. */
#pragma once

#include "customization/address.h"
#include "customization/specification.h"

/* Their names, in a pattern of host names. */
#define HOST_NAME_NAME   "{name}"
#define HOST_NAME_NUMBER "{number}"

typedef struct SpecCard {
        bool dhcp; /* the rest is then empty */
        AddressPool pool;
        char *gateway; /* or NULL */
        char **dns;
} SpecCard;

typedef struct SpecUser {
        char *name;
        char *password_hash; /* as in /etc/shadow; NULL: none is set */
        char **ssh_keys;     /* lines of authorized_keys */
        char **groups;
        bool sudo; /* may do everything, without a password */
} SpecUser;

struct CustomizationSpec {
        char *description; /* for people; or NULL */
        char *host_name;   /* the pattern */
        char *domain;      /* or NULL */
        char *time_zone;   /* or NULL */
        GPtrArray *cards;
        GPtrArray *users;
        char **commands; /* for a shell, in order */
        CustomizationBy by;
};

/* What is wrong with a pattern, for an error; NULL when it is right. */
const char *host_name_pattern_wrong(const char *pattern);

bool is_domain(const char *text); /* labels as RFC 1123 has them, with dots between */

/* "host.domain", or the host name alone. */
char *customization_full_name(const CustomizationSpec *spec, const char *host_name);

/* The same for the same specification and facts, else another: what is done once is done once for it. */
char *customization_instance_id(const CustomizationSpec *spec, const CustomizationTarget *target);
