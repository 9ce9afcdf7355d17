/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt says of domains, in bytes and in one call for all of them. */
#include "vm/domain.h"

#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#define KIB 1024

/* How often a guest's driver is to report; libvirt keeps what it said last. */
#define STATS_PERIOD_S 2

char *vm_describe_error(void)
{
        virErrorPtr error = virGetLastError();

        return g_strescape(error != NULL && error->message != NULL ? error->message : "unknown error", NULL);
}

void vm_subscribe(virConnectPtr connection, virConnectDomainEventCallback lifecycle,
                  virConnectDomainEventGenericCallback reboot, void *opaque)
{
        /* Without events the regular list still finds everything, a little later. */
        (void)virConnectDomainEventRegisterAny(connection, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                               VIR_DOMAIN_EVENT_CALLBACK(lifecycle), opaque, NULL);
        (void)virConnectDomainEventRegisterAny(connection, NULL, VIR_DOMAIN_EVENT_ID_REBOOT, reboot, opaque,
                                               NULL);
}

static void vm_info_free(gpointer data)
{
        VmInfo *info = data;

        g_free(info->name);
        g_free(info);
}

static uint64_t get_bytes(virDomainStatsRecordPtr record, const char *name)
{
        unsigned long long kib = 0;

        (void)virTypedParamsGetULLong(record->params, record->nparams, name, &kib);
        return (uint64_t)kib * KIB;
}

const char *vm_power_word(int state, int reason)
{
        switch (state) {
        case VIR_DOMAIN_RUNNING:
        case VIR_DOMAIN_BLOCKED:
        case VIR_DOMAIN_SHUTDOWN:
                return "on";
        case VIR_DOMAIN_PAUSED:
                return reason == VIR_DOMAIN_PAUSED_IOERROR ? "io_error" : "paused";
        case VIR_DOMAIN_PMSUSPENDED:
                return "standby";
        case VIR_DOMAIN_CRASHED:
                return "crashed";
        default:
                return "off";
        }
}

static void get_power(virDomainStatsRecordPtr record, VmInfo *info)
{
        int state = VIR_DOMAIN_NOSTATE, reason = 0;

        (void)virTypedParamsGetInt(record->params, record->nparams, "state.state", &state);
        (void)virTypedParamsGetInt(record->params, record->nparams, "state.reason", &reason);
        info->runs = state == VIR_DOMAIN_RUNNING || state == VIR_DOMAIN_BLOCKED;
        info->power = vm_power_word(state, reason);
}

/* What the XML of a running VM says; asked for once. */
typedef struct Known {
        bool balloon_deflates;
        bool asked_for_reports;
        bool seen; /* in the list that is being made */
} Known;

GHashTable *vm_known_new(void)
{
        return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static void on_element(GMarkupParseContext *context, const char *element, const char **names,
                       const char **values, gpointer user_data, GError **error)
{
        Known *known = user_data;

        (void)context;
        (void)error;
        if (strcmp(element, "memballoon") != 0)
                return;
        for (unsigned i = 0; names[i] != NULL; i++)
                if (strcmp(names[i], "autodeflate") == 0)
                        known->balloon_deflates = strcmp(values[i], "on") == 0;
}

static Known *look_up(GHashTable *table, virDomainPtr domain, const char *uuid)
{
        static const GMarkupParser parser = {.start_element = on_element};
        Known *known = g_hash_table_lookup(table, uuid);
        char *xml;

        if (known == NULL) {
                known = g_new0(Known, 1);
                xml = virDomainGetXMLDesc(domain, 0);
                if (xml != NULL) {
                        g_autoptr(GMarkupParseContext) context =
                                g_markup_parse_context_new(&parser, G_MARKUP_DEFAULT_FLAGS, known, NULL);

                        /* What cannot be read leaves the careful answer. */
                        (void)g_markup_parse_context_parse(context, xml, -1, NULL);
                        free(xml);
                }
                g_hash_table_insert(table, g_strdup(uuid), known);
        }
        known->seen = true;
        return known;
}

/* Also prepares the next list: those that are seen then are kept. */
static gboolean was_not_seen(gpointer uuid, gpointer value, gpointer user_data)
{
        Known *known = value;
        bool gone = !known->seen;

        (void)uuid;
        (void)user_data;
        known->seen = false;
        return gone;
}

static VmInfo *get_info(virDomainStatsRecordPtr record, GHashTable *known)
{
        VmInfo *info = g_new0(VmInfo, 1);
        uint64_t current = get_bytes(record, "balloon.current");
        unsigned long long updated = 0;
        Known *vm;

        (void)virDomainGetUUIDString(record->dom, info->uuid);
        info->name = g_strdup(virDomainGetName(record->dom));
        get_power(record, info);
        info->memory_bytes = get_bytes(record, "balloon.maximum");
        info->guest_total_bytes = get_bytes(record, "balloon.available");
        info->guest_usable_bytes = get_bytes(record, "balloon.usable");
        info->rss_bytes = get_bytes(record, "balloon.rss");
        /* libvirt gives last-update for a VM with the device, even when its guest has never spoken. */
        info->has_balloon_device = virTypedParamsGetULLong(record->params, record->nparams,
                                                           "balloon.last-update", &updated) == 1;
        vm = look_up(known, record->dom, info->uuid);
        info->balloon_deflates = vm->balloon_deflates;
        info->guest_updated_s = updated;
        if (current > 0 && current < info->memory_bytes)
                info->balloon_bytes = info->memory_bytes - current;

        /* Once: this is a call to the VM's monitor, which may be a long time in answering. */
        if (info->has_balloon_device && updated == 0 && !vm->asked_for_reports) {
                vm->asked_for_reports = true;
                (void)virDomainSetMemoryStatsPeriod(record->dom, STATS_PERIOD_S, VIR_DOMAIN_AFFECT_LIVE);
        }
        return info;
}

GPtrArray *vm_list(virConnectPtr connection, GHashTable *known, char **ret_error)
{
        g_autoptr(GPtrArray) vms = g_ptr_array_new_with_free_func(vm_info_free);
        virDomainStatsRecordPtr *records = NULL;
        /* A guest whose monitor is busy gives what libvirt knows without asking it. */
        int n = virConnectGetAllDomainStats(
                connection, VIR_DOMAIN_STATS_STATE | VIR_DOMAIN_STATS_BALLOON, &records,
                VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE | VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);

        if (n < 0) {
                *ret_error = vm_describe_error();
                return NULL;
        }
        for (int i = 0; i < n; i++)
                g_ptr_array_add(vms, get_info(records[i], known));
        (void)g_hash_table_foreach_remove(known, was_not_seen, NULL);
        virDomainStatsRecordListFree(records);
        return g_steal_pointer(&vms);
}

static int set_balloon(virDomainPtr domain, uint64_t balloon_bytes)
{
        unsigned long maximum_kib = virDomainGetMaxMemory(domain);
        uint64_t balloon_kib = balloon_bytes / KIB;

        if (maximum_kib == 0)
                return -1;
        return virDomainSetMemoryFlags(domain, maximum_kib - (unsigned long)MIN(balloon_kib, maximum_kib),
                                       VIR_DOMAIN_AFFECT_LIVE);
}

static bool runs(virDomainPtr domain)
{
        int state = 0;

        return virDomainGetState(domain, &state, NULL, 0) == 0 && state == VIR_DOMAIN_RUNNING;
}

bool vm_order(virConnectPtr connection, const char *uuid, VmOrderType type, uint64_t value, char **ret_error)
{
        virDomainPtr domain = virDomainLookupByUUIDString(connection, uuid);
        int result = -1;

        if (domain != NULL) {
                if (type == VM_ORDER_BALLOON)
                        result = set_balloon(domain, value);
                else if (type == VM_ORDER_SUSPEND)
                        result = virDomainSuspend(domain);
                else
                        result = virDomainResume(domain);
        }
        if (result < 0)
                *ret_error = vm_describe_error();
        if (result < 0 && domain != NULL && type == VM_ORDER_RESUME && runs(domain)) {
                /* Somebody else was quicker; that is what was wanted. */
                g_clear_pointer(ret_error, g_free);
                result = 0;
        }
        if (domain != NULL)
                (void)virDomainFree(domain);
        return result == 0;
}
