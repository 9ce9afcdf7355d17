/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses of IPv4 and IPv6 as numbers, and pools of them: "10.0.0.10-10.0.0.50/24", "fd00::10/64". */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

typedef unsigned __int128 AddressNumber;

typedef struct Address {
        unsigned bits; /* 32 or 128 */
        AddressNumber number;
} Address;

typedef struct AddressPool {
        Address first;
        AddressNumber last;
        unsigned prefix; /* bits of the network */
} AddressPool;

bool address_parse(const char *text, Address *ret);
char *address_text(Address address);

/* INVALID_ARGUMENT, with what is wrong as half a sentence that a member's name goes before. */
bool address_pool_parse(const char *text, AddressPool *ret, GError **error);
char *address_pool_text(const AddressPool *pool);

/* UINT_MAX when there are as many or more. */
unsigned address_pool_size(const AddressPool *pool);

/* The index-th from 0, without the prefix; NULL when there are not so many. */
char *address_pool_get(const AddressPool *pool, unsigned index);

bool address_pool_has(const AddressPool *pool, Address address);
bool address_pool_in_network(const AddressPool *pool, Address address);
