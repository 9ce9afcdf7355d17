/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shares, reservation, limit of vim25 and of the memory scheduler. Memory is in MB on both sides. */
#include "api/host/allocation.h"

#include <gio/gio.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "policy/settings.h"

static bool refuse(GError **error, GIOErrorEnum code, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
static bool refuse(GError **error, GIOErrorEnum code, const char *format, ...)
{
        g_autofree char *message = NULL;
        va_list words;

        va_start(words, format);
        message = g_strdup_vprintf(format, words);
        va_end(words);
        g_set_error_literal(error, G_IO_ERROR, (int)code, message);
        return false;
}

static bool read_shares(const VimValue *shares, Allocation *allocation, GError **error)
{
        const char *level = vim_get_text(shares, "level");
        int64_t number = vim_get_int(shares, "shares", 0);

        if (strcmp(level, "custom") != 0) {
                (void)g_strlcpy(allocation->shares, level, sizeof(allocation->shares));
                return true;
        }
        if (number < 1 || number > POLICY_SHARES_MAX)
                return refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                              "shares.shares cannot be %" PRId64 "; custom shares are 1 to %u", number,
                              POLICY_SHARES_MAX);
        (void)snprintf(allocation->shares, sizeof(allocation->shares), "%" PRId64, number);
        return true;
}

static bool read_in(const VimValue *info, const char *unit, Allocation *ret, GError **error)
{
        Allocation allocation = {.limit_mib = -1};
        const VimValue *shares = vim_get(info, "shares");

        if (shares != NULL && !read_shares(shares, &allocation, error))
                return false;
        if (vim_get(info, "reservation") != NULL) {
                allocation.has_reservation = true;
                allocation.reservation_mib = vim_get_int(info, "reservation", 0);
                if (allocation.reservation_mib < 0 || allocation.reservation_mib > POLICY_MB_MAX)
                        return refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                      "reservation cannot be %" PRId64 "; it is 0 to %" PRId64 " %s",
                                      allocation.reservation_mib, POLICY_MB_MAX, unit);
        }
        if (vim_get(info, "limit") != NULL) {
                allocation.has_limit = true;
                allocation.limit_mib = vim_get_int(info, "limit", -1);
                if (allocation.limit_mib < -1 || allocation.limit_mib > POLICY_MB_MAX)
                        return refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                      "limit cannot be %" PRId64 "; it is -1 (none) or 0 to %" PRId64 " %s",
                                      allocation.limit_mib, POLICY_MB_MAX, unit);
        }
        if (vim_get(info, "expandableReservation") != NULL) {
                allocation.has_expandable = true;
                allocation.expandable = vim_get_bool(info, "expandableReservation", false);
        }
        *ret = allocation;
        return true;
}

bool allocation_read(const VimValue *info, Allocation *ret, GError **error)
{
        return read_in(info, "MB", ret, error);
}

bool allocation_read_cpu(const VimValue *info, Allocation *ret, GError **error)
{
        return read_in(info, "MHz", ret, error);
}

bool allocation_check_cpu(const VimValue *info, int64_t normal, GError **error)
{
        const VimValue *shares = vim_get(info, "shares");
        const char *level = vim_get_text(shares, "level");
        const char *what = NULL;

        if (vim_get_int(info, "reservation", 0) != 0)
                what = "reservation";
        else if (vim_get_int(info, "limit", -1) != -1)
                what = "limit";
        else if (level != NULL && strcmp(level, "normal") != 0 &&
                 (strcmp(level, "custom") != 0 || vim_get_int(shares, "shares", normal) != normal))
                what = "shares";
        return what == NULL ||
               refuse(error, G_IO_ERROR_NOT_SUPPORTED,
                      "cpuAllocation.%s: aerostat shares out memory, not processors; leave reservation 0, "
                      "limit -1 and shares normal",
                      what);
}

static VimValue *shares_value(const char *shares, int64_t number)
{
        VimValue *value = vim_new_object("SharesInfo");

        vim_set(value, "level", vim_new_enum("SharesLevel", g_ascii_isdigit(shares[0]) ? "custom" : shares));
        vim_set_int(value, "shares", number);
        return value;
}

VimValue *allocation_value(const char *shares, int64_t number, int64_t reservation_mib, int64_t limit_mib,
                           bool expandable)
{
        VimValue *info = vim_new_object("ResourceAllocationInfo");

        vim_set_int(info, "reservation", reservation_mib);
        vim_set_bool(info, "expandableReservation", expandable);
        vim_set_int(info, "limit", limit_mib);
        vim_set(info, "shares", shares_value(shares, number));
        return info;
}

VimValue *allocation_cpu_value(int64_t shares)
{
        return allocation_value("normal", shares, 0, -1, true);
}

void allocation_apply(const Allocation *allocation, InventoryPool *pool)
{
        if (allocation->shares[0] != '\0') {
                g_free(pool->shares);
                pool->shares = g_strdup(allocation->shares);
        }
        if (allocation->has_reservation)
                pool->reservation_mib = allocation->reservation_mib;
        if (allocation->has_limit)
                pool->limit_mib = allocation->limit_mib;
        if (allocation->has_expandable)
                pool->expandable = allocation->expandable;
}

static void set_option(GHashTable *options, const char *key, char *value)
{
        gpointer name;

        memcpy(&name, &key, sizeof name);
        g_hash_table_insert(options, name, value);
}

GHashTable *allocation_options(const Allocation *allocation, const char *pool)
{
        GHashTable *options = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);

        if (allocation->shares[0] != '\0')
                set_option(options, policy_vm_keys[POLICY_VM_SHARES], g_strdup(allocation->shares));
        if (allocation->has_reservation)
                set_option(options, policy_vm_keys[POLICY_VM_MIN],
                           g_strdup_printf("%" PRId64, allocation->reservation_mib));
        if (allocation->has_limit)
                set_option(options, policy_vm_keys[POLICY_VM_MAX],
                           g_strdup_printf("%" PRId64, allocation->limit_mib));
        if (pool != NULL)
                set_option(options, "pool", g_strdup(pool));
        return options;
}
