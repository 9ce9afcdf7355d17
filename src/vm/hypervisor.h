/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The connection to libvirt: which VMs run, what their balloons say, and orders to them. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Calls to libvirt may wait for a guest's monitor, so they are made by threads of the hypervisor's
 * own; what they find is handed over in the default main context, from which all functions here are
 * to be called. A connection that is lost is tried again, by and by less often, for ever.
 */
typedef struct Hypervisor Hypervisor;

typedef struct VmInfo {
        char uuid[37];
        char *name;
        bool runs;
        const char *power; /* static: see vm_power_word() */
        bool has_balloon_device;
        bool balloon_deflates;  /* of its own accord, before the guest runs out of memory (autodeflate) */
        uint64_t memory_bytes;  /* configured */
        uint64_t balloon_bytes; /* taken by the balloon now */

        /* What the guest's driver says of itself: advice. 0 when it does not say. */
        uint64_t guest_updated_s; /* when it said so, by libvirt's clock */
        uint64_t guest_total_bytes;
        uint64_t guest_usable_bytes; /* could be had without swapping in the guest */
        uint64_t rss_bytes;          /* of the VMM, by libvirt */
} VmInfo;

/* What people are told of a domain's state: "on", "paused", "io_error", "standby", "crashed", "off". */
const char *vm_power_word(int state, int reason);

typedef struct HypervisorEvents {
        /* The VMs that run or are paused, of VmInfo *; the callee may keep a reference. */
        void (*listed)(GPtrArray *vms, gpointer user_data);
        /* Something has begun, ended or changed: a new list is due. */
        void (*changed)(gpointer user_data);
        /* The guest has started anew inside the same VMM. */
        void (*rebooted)(const char *uuid, gpointer user_data);
        void (*connected)(gpointer user_data);
        void (*lost)(const char *reason, gpointer user_data);
} HypervisorEvents;

/* uri: as libvirt knows it. events and user_data must outlive the hypervisor. */
Hypervisor *hypervisor_new(const char *uri, const HypervisorEvents *events, gpointer user_data);

/* Waits for calls that are under way. */
void hypervisor_free(Hypervisor *hypervisor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hypervisor, hypervisor_free)

bool hypervisor_is_connected(const Hypervisor *hypervisor);

/* Asks for a new list; nothing when one is being made. */
void hypervisor_list(Hypervisor *hypervisor);

typedef enum VmOrderType {
        VM_ORDER_BALLOON, /* the balloon shall take value bytes */
        VM_ORDER_SUSPEND,
        VM_ORDER_RESUME,
} VmOrderType;

/* Called once, with a printable error or with NULL. */
typedef void (*VmOrderDone)(const char *uuid, VmOrderType type, const char *error, gpointer user_data);

/*
 * The caller keeps at most one order to a VM under way: at most ORDERS_MAX wait, more are answered
 * with an error at once.
 */
void hypervisor_order(Hypervisor *hypervisor, const char *uuid, VmOrderType type, uint64_t value,
                      VmOrderDone done);
