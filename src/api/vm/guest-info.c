/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GuestInfo: what the guest's agent said, which is the guest's word. */
#include <string.h>

#include "api/vm/vm.h"

/* What open-vm-tools say of themselves, which nobody upgrades from here. */
#define TOOLS_VERSION_UNMANAGED "2147483647"

bool vm_agent_answers(const Vm *vm)
{
        return fact_is(vm->facts, "power", "on") && fact_is(vm->facts, "agent", "connected");
}

static const char *tools_status(const Vm *vm)
{
        if (vm_agent_answers(vm))
                return "toolsOk";
        /* Of one that has answered before it is known. */
        return vm->guest != NULL ? "toolsNotRunning" : "toolsNotInstalled";
}

static void set_tools(VimValue *value, const Vm *vm)
{
        const char *version =
                vm->guest != NULL || vm_agent_answers(vm) ? "guestToolsUnmanaged" : "guestToolsNotInstalled";

        vim_set_text(value, "toolsStatus", tools_status(vm));
        vim_set_text(value, "toolsVersionStatus", version);
        vim_set_text(value, "toolsVersionStatus2", version);
        vim_set_text(value, "toolsRunningStatus",
                     vm_agent_answers(vm) ? "guestToolsRunning" : "guestToolsNotRunning");
}

/* --- addresses --- */

/* One by which others reach it. */
static bool is_global(const char *address)
{
        return address != NULL && strncmp(address, "127.", 4) != 0 && strcmp(address, "::1") != 0 &&
               g_ascii_strncasecmp(address, "fe80:", 5) != 0 && strncmp(address, "169.254.", 8) != 0;
}

/* The first of its cards' addresses, IPv4 before IPv6; NULL: none. */
static const char *address_of(const Vm *vm)
{
        const char *found = NULL;

        for (unsigned c = 0; c < fact_count(vm->guest, "cards"); c++) {
                JsonObject *card = fact_item(vm->guest, "cards", c);

                if (device_card_key(vm, fact_text(card, "mac")) < 0)
                        continue;
                for (unsigned a = 0; a < fact_count(card, "addresses"); a++) {
                        const char *address = fact_text(fact_item(card, "addresses", a), "address");

                        if (!is_global(address))
                                continue;
                        if (strchr(address, ':') == NULL)
                                return address;
                        found = found != NULL ? found : address;
                }
        }
        return found;
}

static VimValue *new_ip_config(JsonObject *card)
{
        VimValue *config = vim_new_object("NetIpConfigInfo"),
                 *list = vim_new_list("NetIpConfigInfoIpAddress");

        for (unsigned i = 0; i < fact_count(card, "addresses"); i++) {
                JsonObject *address = fact_item(card, "addresses", i);
                VimValue *item = vim_new_object("NetIpConfigInfoIpAddress");

                vim_set_text(item, "ipAddress",
                             fact_text(address, "address") != NULL ? fact_text(address, "address") : "");
                vim_set_int(item, "prefixLength", fact_int(address, "prefix", 0));
                vim_set_text(item, "state", "preferred");
                vim_add(list, item);
        }
        vim_set(config, "ipAddress", list);
        return config;
}

static VimValue *new_card(const Vm *vm, JsonObject *card)
{
        int key = device_card_key(vm, fact_text(card, "mac"));
        JsonObject *own = device_find_card(vm, key);
        VimValue *nic = vim_new_object("GuestNicInfo"), *addresses = vim_new_list("string");

        for (unsigned i = 0; i < fact_count(card, "addresses"); i++) {
                const char *address = fact_text(fact_item(card, "addresses", i), "address");

                if (address != NULL)
                        vim_add(addresses, vim_new_string(address));
        }
        vim_set_text(nic, "network",
                     fact_text(own, "port_group") != NULL ? fact_text(own, "port_group")
                                                          : fact_text(own, "bridge"));
        vim_set(nic, "ipAddress", addresses);
        vim_set_text(nic, "macAddress", fact_text(card, "mac"));
        vim_set_bool(nic, "connected", fact_bool(own, "connected", true));
        vim_set_int(nic, "deviceConfigId", key);
        vim_set(nic, "ipConfig", new_ip_config(card));
        return nic;
}

/* Of what the guest has besides (loopback, bridges) others need not know. */
static VimValue *new_net(const Vm *vm)
{
        VimValue *list = vim_new_list("GuestNicInfo");

        for (unsigned i = 0; i < fact_count(vm->guest, "cards"); i++) {
                JsonObject *card = fact_item(vm->guest, "cards", i);

                if (device_card_key(vm, fact_text(card, "mac")) >= 0)
                        vim_add(list, new_card(vm, card));
        }
        return list;
}

static VimValue *new_disks(const Vm *vm)
{
        VimValue *list = vim_new_list("GuestDiskInfo");

        for (unsigned i = 0; i < fact_count(vm->guest, "file_systems"); i++) {
                JsonObject *system = fact_item(vm->guest, "file_systems", i);
                int64_t total = fact_int(system, "total_bytes", 0), used = fact_int(system, "used_bytes", 0);
                VimValue *disk;

                if (total <= 0)
                        continue;
                disk = vim_new_object("GuestDiskInfo");
                vim_set_text(disk, "diskPath", fact_text(system, "path"));
                vim_set_text(disk, "filesystemType", fact_text(system, "type"));
                vim_set_int(disk, "capacity", total);
                vim_set_int(disk, "freeSpace", total - CLAMP(used, 0, total));
                vim_add(list, disk);
        }
        return list;
}

/* --- the whole --- */

static const char *guest_state(const Vm *vm)
{
        if (fact_is(vm->facts, "power", "standby"))
                return "standby";
        if (!vm_is_on(vm))
                return "notRunning";
        return vm_agent_answers(vm) ? "running" : "unknown";
}

static void set_identity(VimValue *value, const Vm *vm)
{
        const char *id = fact_text(vm->guest, "os_id");

        vim_set_text(value, "hwVersion", VM_HARDWARE_VERSION);
        vim_set_text(value, "guestFullName", fact_text(vm->guest, "os_name"));
        if (id != NULL)
                vim_set_text(value, "guestId",
                             strcmp(id, "mswindows") == 0 ? "windows9_64Guest" : "otherLinux64Guest");
        /* What was true once is not told of one that is off. */
        if (vm_is_on(vm)) {
                vim_set_text(value, "hostName", fact_text(vm->guest, "host_name"));
                vim_set_text(value, "ipAddress", address_of(vm));
        }
}

VimValue *vm_guest(const Vm *vm)
{
        VimValue *guest = vim_new_object("GuestInfo");
        bool answers = vm_agent_answers(vm);
        const char *id = fact_text(vm->guest, "os_id");

        set_tools(guest, vm);
        if (answers)
                vim_set_text(guest, "toolsVersion", TOOLS_VERSION_UNMANAGED);
        set_identity(guest, vm);
        if (id != NULL)
                vim_set_text(guest, "guestFamily",
                             strcmp(id, "mswindows") == 0 ? "windowsGuest" : "linuxGuest");
        vim_set(guest, "net", vm_is_on(vm) ? new_net(vm) : vim_new_list("GuestNicInfo"));
        vim_set(guest, "disk", vm_is_on(vm) ? new_disks(vm) : vim_new_list("GuestDiskInfo"));
        vim_set_text(guest, "guestState", guest_state(vm));
        vim_set_text(guest, "appHeartbeatStatus", "appStatusGray");
        vim_set_bool(guest, "guestKernelCrashed", false);
        vim_set_bool(guest, "guestOperationsReady", answers);
        vim_set_bool(guest, "interactiveGuestOperationsReady", false);
        vim_set_bool(guest, "guestStateChangeSupported", answers);
        return guest;
}

VimValue *vm_guest_summary(const Vm *vm)
{
        VimValue *summary = vim_new_object("VirtualMachineGuestSummary");

        set_tools(summary, vm);
        set_identity(summary, vm);
        return summary;
}
