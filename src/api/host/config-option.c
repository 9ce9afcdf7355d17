/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VirtualMachineConfigOption: bounds, guests and devices of VMs made here, as clients ask for them before
 * they make one. */
#include <string.h>

#include "api/host/host.h"

#define KEY        "vmx-13"
#define HW_VERSION 13
#define MIB        ((uint64_t)1 << 20)

#define CPUS_MAX  288
#define DISKS_MAX 60

#define DISK_CONTROLLER  "ParaVirtualSCSIController"
#define CARD             "VirtualVmxnet3"
#define CDROM_CONTROLLER "VirtualAHCIController"

typedef struct Guest {
        const char *id;
        const char *family;
        const char *name;
        int memory_mb, disk_mb; /* recommended */
} Guest;

/* clang-format off */
static const Guest guests[] = {
        {"otherLinux64Guest", "linuxGuest", "Other Linux (64-bit)", 1024, 16384},
        {"otherLinuxGuest", "linuxGuest", "Other Linux (32-bit)", 512, 16384},
        {"other3xLinux64Guest", "linuxGuest", "Other 3.x Linux (64-bit)", 1024, 16384},
        {"other4xLinux64Guest", "linuxGuest", "Other 4.x or later Linux (64-bit)", 2048, 16384},
        {"other5xLinux64Guest", "linuxGuest", "Other 5.x or later Linux (64-bit)", 2048, 16384},
        {"debian9_64Guest", "linuxGuest", "Debian GNU/Linux 9 (64-bit)", 2048, 16384},
        {"debian10_64Guest", "linuxGuest", "Debian GNU/Linux 10 (64-bit)", 2048, 16384},
        {"debian11_64Guest", "linuxGuest", "Debian GNU/Linux 11 (64-bit)", 2048, 16384},
        {"debian12_64Guest", "linuxGuest", "Debian GNU/Linux 12 (64-bit)", 2048, 16384},
        {"ubuntu64Guest", "linuxGuest", "Ubuntu Linux (64-bit)", 2048, 16384},
        {"rhel7_64Guest", "linuxGuest", "Red Hat Enterprise Linux 7 (64-bit)", 2048, 16384},
        {"rhel8_64Guest", "linuxGuest", "Red Hat Enterprise Linux 8 (64-bit)", 2048, 16384},
        {"rhel9_64Guest", "linuxGuest", "Red Hat Enterprise Linux 9 (64-bit)", 2048, 16384},
        {"centos64Guest", "linuxGuest", "CentOS 4/5 or later (64-bit)", 1024, 16384},
        {"centos7_64Guest", "linuxGuest", "CentOS 7 (64-bit)", 2048, 16384},
        {"centos8_64Guest", "linuxGuest", "CentOS 8 (64-bit)", 2048, 16384},
        {"centos9_64Guest", "linuxGuest", "CentOS 9 (64-bit)", 2048, 16384},
        {"rockylinux_64Guest", "linuxGuest", "Rocky Linux (64-bit)", 2048, 16384},
        {"almalinux_64Guest", "linuxGuest", "AlmaLinux (64-bit)", 2048, 16384},
        {"oracleLinux8_64Guest", "linuxGuest", "Oracle Linux 8 (64-bit)", 2048, 16384},
        {"oracleLinux9_64Guest", "linuxGuest", "Oracle Linux 9 (64-bit)", 2048, 16384},
        {"sles12_64Guest", "linuxGuest", "SUSE Linux Enterprise 12 (64-bit)", 2048, 16384},
        {"sles15_64Guest", "linuxGuest", "SUSE Linux Enterprise 15 (64-bit)", 2048, 16384},
        {"opensuse64Guest", "linuxGuest", "SUSE openSUSE (64-bit)", 2048, 16384},
        {"fedora64Guest", "linuxGuest", "Red Hat Fedora (64-bit)", 2048, 16384},
        {"coreos64Guest", "linuxGuest", "CoreOS Linux (64-bit)", 2048, 16384},
        {"amazonlinux2_64Guest", "linuxGuest", "Amazon Linux 2 (64-bit)", 2048, 16384},
        {"amazonlinux3_64Guest", "linuxGuest", "Amazon Linux 3 (64-bit)", 2048, 16384},
        {"vmwarePhoton64Guest", "linuxGuest", "VMware Photon OS (64-bit)", 2048, 16384},
        {"freebsd12_64Guest", "otherGuestFamily", "FreeBSD 12 (64-bit)", 1024, 16384},
        {"freebsd13_64Guest", "otherGuestFamily", "FreeBSD 13 or later versions (64-bit)", 1024, 16384},
        {"freebsd64Guest", "otherGuestFamily", "FreeBSD (64-bit)", 1024, 16384},
        {"windows7_64Guest", "windowsGuest", "Microsoft Windows 7 (64-bit)", 4096, 32768},
        {"windows7Server64Guest", "windowsGuest", "Microsoft Windows Server 2008 R2 (64-bit)", 4096, 40960},
        {"windows8_64Guest", "windowsGuest", "Microsoft Windows 8.x (64-bit)", 4096, 32768},
        {"windows8Server64Guest", "windowsGuest", "Microsoft Windows Server 2012 (64-bit)", 4096, 40960},
        {"windows9_64Guest", "windowsGuest", "Microsoft Windows 10 (64-bit)", 4096, 49152},
        {"windows9Server64Guest", "windowsGuest", "Microsoft Windows Server 2016 (64-bit)", 4096, 92160},
        {"windows2019srv_64Guest", "windowsGuest", "Microsoft Windows Server 2019 (64-bit)", 4096, 92160},
        {"windows2019srvNext_64Guest", "windowsGuest", "Microsoft Windows Server 2022 (64-bit)", 4096, 92160},
        {"otherGuest64", "otherGuestFamily", "Other (64-bit)", 512, 8192},
        {"otherGuest", "otherGuestFamily", "Other (32-bit)", 256, 8192},
};
/* clang-format on */

const char *config_option_guest_name(const char *id)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(guests); i++)
                if (strcmp(guests[i].id, id) == 0)
                        return guests[i].name;
        return NULL;
}

static const struct {
        const char *name;
        int64_t value;
} guest_bounds[] = {
        {"supportedMaxCPUs", CPUS_MAX},
        {"numSupportedPhysicalSockets", CPUS_MAX},
        {"numSupportedCoresPerSocket", 64},
        {"supportedMinMemMB", 4},
        {"supportedMaxMemMB", CONFIG_MEMORY_MAX_MB},
        {"recommendedColorDepth", 32},
        {"supportedNumDisks", DISKS_MAX},
        {"numSupportedFloppyDevices", 0},
        {"numRecommendedPhysicalSockets", 1},
        {"numRecommendedCoresPerSocket", 1},
};

/* Required flags: false, unless they are in the list, which ends with NULL. */
static void set_flags(VimValue *object, const char *const *true_ones)
{
        for (unsigned i = 0; i < object->type->n_fields; i++) {
                const VimField *field = &object->type->fields[i];

                if (field->type->kind == VIM_BOOLEAN && !field->is_optional)
                        vim_set_bool(object, field->name, false);
        }
        for (; *true_ones != NULL; true_ones++)
                vim_set_bool(object, *true_ones, true);
}

static VimValue *int_option(int64_t min, int64_t max, int64_t otherwise)
{
        VimValue *option = vim_new_object("IntOption");

        vim_set_int(option, "min", min);
        vim_set_int(option, "max", max);
        vim_set_int(option, "defaultValue", otherwise);
        return option;
}

static VimValue *type_names(const char *name)
{
        VimValue *list = vim_new_list("TypeName");

        if (name != NULL)
                vim_add(list, vim_new_text(vim_type("TypeName"), name));
        return list;
}

static VimValue *guest_value(const Guest *guest)
{
        static const char *const flags[] = {"supportedForCreate", "supportsPvscsiControllerForBoot",
                                            "diskUuidEnabled", NULL};
        VimValue *value = vim_new_object("GuestOsDescriptor"), *firmware = vim_new_list("string");

        vim_add(firmware, vim_new_string("bios"));
        vim_add(firmware, vim_new_string("efi"));
        set_flags(value, flags);
        vim_set_text(value, "id", guest->id);
        vim_set_text(value, "family", guest->family);
        vim_set_text(value, "fullName", guest->name);
        vim_set_int(value, "recommendedMemMB", guest->memory_mb);
        vim_set_int(value, "recommendedDiskSizeMB", guest->disk_mb);
        for (unsigned i = 0; i < G_N_ELEMENTS(guest_bounds); i++)
                vim_set_int(value, guest_bounds[i].name, guest_bounds[i].value);
        vim_set(value, "supportedDiskControllerList", type_names(DISK_CONTROLLER));
        vim_set_text(value, "recommendedSCSIController", DISK_CONTROLLER);
        vim_set_text(value, "recommendedDiskController", DISK_CONTROLLER);
        vim_set_text(value, "recommendedCdromController", CDROM_CONTROLLER);
        vim_set(value, "supportedEthernetCard", type_names(CARD));
        vim_set_text(value, "recommendedEthernetCard", CARD);
        vim_set(value, "supportedUSBControllerList", type_names(NULL));
        vim_set(value, "supportedFirmware", firmware);
        vim_set_text(value, "recommendedFirmware", "bios");
        vim_set_text(value, "supportLevel", "supported");
        vim_set(value, "vRAMSizeInKB", int_option(4096, 131072, 16384));
        return value;
}

/* One that VMware has a name for, though it is not among the usual ones. */
static VimValue *unusual_guest(const char *id)
{
        const Guest guest = {.id = id,
                             .family = g_str_has_prefix(id, "win") ? "windowsGuest" : "otherGuestFamily",
                             .name = id,
                             .memory_mb = 1024,
                             .disk_mb = 16384};

        return vim_type_value(vim_type("VirtualMachineGuestOsIdentifier"), id) != NULL ? guest_value(&guest)
                                                                                       : NULL;
}

static void add_guest(VimValue *list, const char *id)
{
        VimValue *value = NULL;

        for (unsigned i = 0; i < G_N_ELEMENTS(guests) && value == NULL; i++)
                if (strcmp(guests[i].id, id) == 0)
                        value = guest_value(&guests[i]);
        if (value == NULL)
                value = unusual_guest(id);
        if (value != NULL)
                vim_add(list, value);
}

/* wanted: ids, or none for all. */
static VimValue *guest_list(const VimValue *wanted)
{
        VimValue *list = vim_new_list("GuestOsDescriptor");

        for (unsigned i = 0; i < vim_length(wanted); i++)
                add_guest(list, vim_item(wanted, i)->text);
        for (unsigned i = 0; i < G_N_ELEMENTS(guests) && vim_length(wanted) == 0; i++)
                vim_add(list, guest_value(&guests[i]));
        return list;
}

/* --- hardware --- */

static VimValue *allocation_option(void)
{
        VimValue *option = vim_new_object("ResourceAllocationOption"),
                 *shares = vim_new_object("SharesOption");

        vim_set(shares, "sharesOption", int_option(1, POLICY_SHARES_MAX, 1000));
        vim_set_text(shares, "defaultLevel", "normal");
        vim_set(option, "sharesOption", shares);
        return option;
}

static VimValue *resource_option(void)
{
        VimValue *option = vim_new_object("ResourceConfigOption");

        vim_set(option, "cpuAllocationOption", allocation_option());
        vim_set(option, "memoryAllocationOption", allocation_option());
        return option;
}

static VimValue *hardware_option(unsigned threads)
{
        static const char *const counts[] = {"numIDEControllers",     "numUSBControllers",
                                             "numUSBXHCIControllers", "numSIOControllers",
                                             "numPS2Controllers",     NULL};
        static const char *const never[] = {"numWDTDevices", "numPrecisionClockDevices", NULL};
        static const char *const none[] = {NULL};
        VimValue *option = vim_new_object("VirtualHardwareOption"), *memory = vim_new_object("LongOption"),
                 *cpus = vim_new_list("int");

        set_flags(option, none);
        for (unsigned i = 1; i <= MIN(threads, (unsigned)CPUS_MAX); i++)
                vim_add(cpus, vim_new_int(i));
        vim_set_int(memory, "min", 4);
        vim_set_int(memory, "max", CONFIG_MEMORY_MAX_MB);
        vim_set_int(memory, "defaultValue", 1024);
        vim_set_int(option, "hwVersion", HW_VERSION);
        vim_set(option, "virtualDeviceOption", vim_new_list("VirtualDeviceOption"));
        vim_set(option, "numCPU", cpus);
        vim_set(option, "numCoresPerSocket", int_option(1, 64, 1));
        vim_set(option, "memoryMB", memory);
        vim_set(option, "numPCIControllers", int_option(1, 1, 1));
        for (unsigned i = 0; counts[i] != NULL; i++)
                vim_set(option, counts[i], int_option(0, 1, 0));
        for (unsigned i = 0; never[i] != NULL; i++)
                vim_set(option, never[i], int_option(0, 0, 0));
        vim_set(option, "resourceConfigOption", resource_option());
        return option;
}

static VimValue *capability(void)
{
        static const char *const flags[] = {"snapshotOperationsSupported",
                                            "multipleSnapshotsSupported",
                                            "snapshotConfigSupported",
                                            "poweredOffSnapshotsSupported",
                                            "memorySnapshotsSupported",
                                            "revertToSnapshotSupported",
                                            "swapPlacementSupported",
                                            "multipleCoresPerSocketSupported",
                                            NULL};
        VimValue *value = vim_new_object("VirtualMachineCapability");

        set_flags(value, flags);
        return value;
}

VimValue *config_option(Api *api, const char *key, const VimValue *wanted)
{
        VimValue *option, *monitors;

        if (key != NULL && key[0] != '\0' && strcmp(key, KEY) != 0)
                return NULL;
        option = vim_new_object("VirtualMachineConfigOption");
        monitors = vim_new_list("string");
        vim_add(monitors, vim_new_string("release"));
        vim_set_text(option, "version", KEY);
        vim_set_text(option, "description", "QEMU virtual machine (" KEY ")");
        vim_set(option, "guestOSDescriptor", guest_list(wanted));
        vim_set_int(option, "guestOSDefaultIndex", 0);
        vim_set(option, "hardwareOptions", hardware_option(host_facts(api)->identity->threads->len));
        vim_set(option, "capabilities", capability());
        vim_set(option, "datastore", vim_new_object("DatastoreOption"));
        vim_set(option, "supportedMonitorType", monitors);
        return option;
}

VimValue *config_option_descriptors(Api *api)
{
        VimValue *list = vim_new_list("VirtualMachineConfigOptionDescriptor"),
                 *value = vim_new_object("VirtualMachineConfigOptionDescriptor");

        vim_set_text(value, "key", KEY);
        vim_set_text(value, "description", "QEMU virtual machine");
        vim_set(value, "host", managed_reference(host_object(api)));
        vim_set_bool(value, "createSupported", true);
        vim_set_bool(value, "defaultConfigOption", true);
        vim_set_bool(value, "runSupported", true);
        vim_set_bool(value, "upgradeSupported", true);
        vim_add(list, value);
        return list;
}
