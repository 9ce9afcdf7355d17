/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * VirtualMachine objects: what is known of each, and the values of their properties, which are made of that
 * by functions that know nothing else. The main thread only.
 */
#pragma once

#include "api/api.h"
#include "api/entity.h"
#include "api/vm/facts.h"

#define KIB 1024
#define MIB (1024 * KIB)

#define VM_HARDWARE_VERSION "vmx-13"

#define VM_FIGURES 12

/* What a round of the memory scheduler says, as VirtualMachineQuickStats has it. */
typedef struct VmFigures {
        int64_t of[VM_FIGURES];
        bool agent_answers;
} VmFigures;

/* The subject of a VirtualMachine. Its key is the UUID. */
typedef struct Vm {
        World *world;
        char *id;          /* the object's */
        JsonObject *facts; /* what it was said to be last, see operation/describe.h */
        int64_t sequence;  /* of that */
        JsonObject *guest; /* what the guest's agent said last, see operation/guest.c; NULL: nothing yet */
        GHashTable *card_keys; /* MAC to GINT_TO_POINTER(key): the same for as long as the card is there */
        bool keeps_card_keys;  /* in the inventory, too */
        int64_t boot_us;       /* wall clock; 0: not known, or off */
        bool had_snapshots;
        int64_t first_question, last_question; /* the ids of what it has asked lie between; 0: nothing yet */
        VimValue *quick;                       /* VirtualMachineQuickStats of the last round; NULL: none */
        VmFigures figures;                     /* of which that was made */
        GArray *named;                         /* of named.c */

        /* When the agent is asked, and how it goes; of guest-ask.c. */
        int64_t ask_us; /* monotonic; 0: it is not to be asked */
        unsigned asked, silent;
        bool asking;
} Vm;

/* NULL: it is no VirtualMachine of ours. */
Vm *vm_of(const Managed *managed);

/* === module.c === */

/* What a description says becomes the object; it is made when it is not there. Also done for API signals. */
void vm_apply(Api *api, JsonObject *facts);
/* An array of them; what else it is, or NULL, is as if there were none. */
void vm_apply_all(Api *api, JsonNode *vms);

/* Sets what follows from facts and guest. */
void vm_refresh(Managed *managed);

void vm_set_summary(Managed *managed);

/* === quick.c === */

/* Sets what a round of the memory scheduler says; nothing where it says the same again. */
void vm_refresh_quick(Managed *managed, const Machine *machine);

/* === what is so: facts === */

/* "poweredOn", "poweredOff", "suspended". */
const char *vm_power(const Vm *vm);
bool vm_is_on(const Vm *vm);
const char *vm_option(const Vm *vm, const char *name); /* NULL: not set */

/* Settings of the memory scheduler. */
void vm_memory_settings(const Vm *vm, struct policy_vm_config *ret);

/* Options that are no lines of extraConfig. */
#define VM_OPTION_GUEST_ID   "aerostat.guestId"
#define VM_OPTION_ANNOTATION "aerostat.annotation"
#define VM_GUEST_ID_DEFAULT  "otherGuest64"

/* === named.c: objects of other modules, by their keys === */

GArray *vm_named_new(void);
/* NULL: there is none (yet). What was found is noted; type is a literal. */
Managed *vm_find_named(const Vm *vm, const char *type, const char *key);
VimValue *vm_reference_to(const Vm *vm, const char *type, const char *key); /* NULL with a NULL key, too */
/* Whether what was looked for since vm_forget_named() would be found otherwise now: then the VM is to be
 * refreshed. */
bool vm_names_others(const Vm *vm);
void vm_forget_named(Vm *vm);

/* === device.c: hardware as ESX numbers it === */

#define DEVICE_IDE       200 /* and 201 */
#define DEVICE_PCI       100
#define DEVICE_SCSI      1000 /* to 1004 */
#define DEVICE_SCSI_LSI  1004 /* of disks that libvirt has on "scsi" */
#define DEVICE_SATA      15000
#define DEVICE_DISK      2000
#define DEVICE_CDROM     3000
#define DEVICE_CARD      4000
#define DEVICE_SATA_DISK 16000

typedef struct DevicePlace {
        int key, controller, unit;
} DevicePlace;

/* Where a disk or drive is shown. False: nowhere. */
bool device_place(JsonObject *disk, DevicePlace *ret);
/* libvirt's name of a disk there, owned; NULL: there is no such place, or it is the controller's own. */
char *device_target(int controller, int unit);
const char *device_bus(int controller); /* libvirt's */
bool device_has_any_on(JsonObject *hardware, int controller);
/*
 * A controller without disks, and which kind a SCSI controller is, is an option of the VM, by ESX's name:
 * "scsi1.virtualDev", owned. NULL: of those that every VM has, and are as they are.
 */
char *device_controller_option(int controller);
const char *device_scsi_word(const VimValue *controller); /* "pvscsi", "lsilogic", ... */

/* The other way round; NULL: there is no such disk or card. Borrowed from facts. */
JsonObject *device_find_disk(const Vm *vm, int key);
JsonObject *device_find_card(const Vm *vm, int key);
int device_card_key(const Vm *vm, const char *mac); /* -1: it has none */
/* New cards get the next free key, those that are gone give theirs back. */
/* False: there are no others than before. */
bool device_number_cards(Vm *vm);
/* Whether one who sees its cards for the first time would number them the same way. */
bool device_cards_in_order(const Vm *vm);

/* VirtualHardware.device of such hardware (of the VM, or of a snapshot). */
VimValue *device_list(const Vm *vm, JsonObject *hardware);

/* === values of properties === */

VimValue *vm_config(const Vm *vm, JsonObject *hardware); /* NULL where the hardware is not known */
VimValue *vm_resource_config(const Vm *vm);
VimValue *vm_memory_allocation(const Vm *vm, JsonObject *hardware);
VimValue *vm_cpu_allocation(const Vm *vm, JsonObject *hardware);
int64_t vm_cpu_limit_mhz(const Vm *vm); /* -1: none */

VimValue *vm_runtime(const Vm *vm);
VimValue *vm_quick_idle(void);                                              /* of one that does not run */
VmFigures vm_figures(const Vm *vm, const Machine *machine, int64_t now_us); /* wall clock */
VimValue *vm_quick(const VmFigures *figures);
/* config, runtime, storage: the properties, or NULL. */
VimValue *vm_summary(const Vm *vm, const VimValue *config, const VimValue *runtime, const VimValue *storage);
VimValue *vm_capability(void);
VimValue *vm_disabled_methods(const Vm *vm);

VimValue *vm_guest(const Vm *vm);
VimValue *vm_guest_summary(const Vm *vm);
bool vm_agent_answers(const Vm *vm);

/* before: the property as it is, whose time stays when nothing else has changed; NULL: none. */
VimValue *vm_layout(const Vm *vm);
VimValue *vm_layout_ex(const Vm *vm, const VimValue *before);
VimValue *vm_storage(const Vm *vm, const VimValue *before);

/* Makes and removes the VirtualMachineSnapshot objects, and sets snapshot and rootSnapshot. */
void vm_refresh_snapshots(Api *api, Managed *managed);
void vm_remove_snapshots(Api *api, Managed *managed);

/* datastore, network, resourcePool, parent, and the other ends' lists. */
void vm_refresh_places(Managed *managed);
void vm_leave_places(Managed *managed);

/* === moved.c: what the API itself has changed, shown before the next description === */

/* settings: as scheduler_configure() has them, char * to char *. */
void vm_settings_changed(Managed *managed, GHashTable *settings);
/* What is in a folder or a pool (fact: "folder", "pool"), or below it, is so in another path now. */
void vm_places_moved(World *world, const char *fact, const char *from, const char *to);
