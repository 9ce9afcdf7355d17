/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses as numbers, so that one is the next of another and lies in a network or not. */
#include "customization/address.h"

#include <arpa/inet.h>
#include <limits.h>
#include <string.h>

bool address_parse(const char *text, Address *ret)
{
        unsigned char bytes[sizeof(struct in6_addr)];
        Address address = {0};

        if (inet_pton(AF_INET, text, bytes) == 1)
                address.bits = 32;
        else if (inet_pton(AF_INET6, text, bytes) == 1)
                address.bits = 128;
        else
                return false;
        for (unsigned i = 0; i < address.bits / 8; i++)
                address.number = address.number << 8 | bytes[i];
        *ret = address;
        return true;
}

char *address_text(Address address)
{
        unsigned char bytes[sizeof(struct in6_addr)];
        char text[INET6_ADDRSTRLEN];

        for (unsigned i = address.bits / 8; i-- > 0; address.number >>= 8)
                bytes[i] = (unsigned char)address.number;
        return g_strdup(inet_ntop(address.bits == 32 ? AF_INET : AF_INET6, bytes, text, sizeof(text)));
}

/* The bits of an address that are its own in the network. */
static AddressNumber host_mask(unsigned bits, unsigned prefix)
{
        return bits == prefix ? 0 : ~(AddressNumber)0 >> (128 - (bits - prefix));
}

static bool same_network(Address a, Address b, unsigned prefix)
{
        AddressNumber mask = host_mask(a.bits, prefix);

        return a.bits == b.bits && (a.number & ~mask) == (b.number & ~mask);
}

/* Whether a card can have it: no group of receivers, not the host itself, not "none". */
static bool is_for_a_card(Address address)
{
        unsigned first = (unsigned)(address.number >> (address.bits - 8));

        if (address.bits == 32)
                return first != 0 && first != 127 && first < 224;
        return address.number > 1 && first != 0xff;
}

static bool refuse(GError **error, const char *why)
{
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s", why);
        return false;
}

static bool check_pool(const AddressPool *pool, GError **error)
{
        Address last = {pool->first.bits, pool->last};
        AddressNumber mask = host_mask(last.bits, pool->prefix);

        if (pool->last < pool->first.number)
                return refuse(error, "begins after its end");
        if (!same_network(pool->first, last, pool->prefix))
                return refuse(error, "goes beyond its network; is the number after \"/\" right?");
        if (!is_for_a_card(pool->first) || !is_for_a_card(last))
                return refuse(error, "has addresses that no card can have");
        /* A network of one or two addresses has none to spare for itself and for all. */
        if (pool->first.bits == 32 && pool->prefix < 31 &&
            ((pool->first.number & mask) == 0 || (last.number & mask) == mask))
                return refuse(error, "has the network's own address in it, or its broadcast address");
        return true;
}

bool address_pool_parse(const char *text, AddressPool *ret, GError **error)
{
        static const char shape[] = "is \"dhcp\", an address with its network (\"10.0.0.10/24\"), or a pool "
                                    "of them (\"10.0.0.10-10.0.0.50/24\")";
        g_autofree char *range = g_strdup(text);
        char *slash = strchr(range, '/'), *dash;
        AddressPool pool = {0};
        Address last;
        guint64 prefix;

        if (slash == NULL)
                return refuse(error, shape);
        *slash = '\0';
        dash = strchr(range, '-');
        if (dash != NULL)
                *dash++ = '\0';
        if (!address_parse(range, &pool.first) || !address_parse(dash == NULL ? range : dash, &last) ||
            last.bits != pool.first.bits)
                return refuse(error, shape);
        if (!g_ascii_string_to_unsigned(slash + 1, 10, 1, pool.first.bits, &prefix, NULL))
                return refuse(error, pool.first.bits == 32
                                             ? "has a network of 1 to 32 bits after the \"/\""
                                             : "has a network of 1 to 128 bits after the \"/\"");
        pool.last = last.number;
        pool.prefix = (unsigned)prefix;
        if (!check_pool(&pool, error))
                return false;
        *ret = pool;
        return true;
}

char *address_pool_text(const AddressPool *pool)
{
        g_autofree char *first = address_text(pool->first);
        g_autofree char *last = address_text((Address){pool->first.bits, pool->last});

        if (pool->last == pool->first.number)
                return g_strdup_printf("%s/%u", first, pool->prefix);
        return g_strdup_printf("%s-%s/%u", first, last, pool->prefix);
}

unsigned address_pool_size(const AddressPool *pool)
{
        AddressNumber more = pool->last - pool->first.number;

        return more >= UINT_MAX ? UINT_MAX : (unsigned)more + 1;
}

char *address_pool_get(const AddressPool *pool, unsigned index)
{
        if (index > pool->last - pool->first.number)
                return NULL;
        return address_text((Address){pool->first.bits, pool->first.number + index});
}

bool address_pool_has(const AddressPool *pool, Address address)
{
        return address.bits == pool->first.bits && address.number >= pool->first.number &&
               address.number <= pool->last;
}

bool address_pool_in_network(const AddressPool *pool, Address address)
{
        return same_network(pool->first, address, pool->prefix);
}
