/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the methods of a VM's life share. */
#pragma once

#include "operation/operation.h"
#include "vm/definition.h"
#include "vm/life.h"

#define VM_CPUS_MAX      256
#define VM_MEMORY_MB_MIN 4
#define VM_MEMORY_MB_MAX (1 << 24)
#define VM_DISKS_MAX     60

/* Options of a VM, kept as text with the scheduler's, and in NAME.vmx by the same names. */
typedef struct VmOption {
        const char *name;   /* in the inventory and NAME.vmx */
        const char *arg;    /* of ReconfigVM, as in vim25 */
        const char *values; /* those allowed, with "|" between; the first is the default */
} VmOption;

#define VM_OPTION_PAGER     "aerostat.pager"
#define VM_OPTION_STANDBY   "aerostat.standbyAction"
#define VM_OPTION_POWER_OFF "powerType.powerOff"
#define VM_OPTION_SUSPEND   "powerType.suspend"
#define VM_OPTION_RESET     "powerType.reset"

/* Processors: "low", "high" or a number of shares; MHz that are reserved; MHz at most. Defaults are not
 * kept. */
#define VM_OPTION_CPU        "aerostat.cpu."
#define VM_OPTION_CPU_SHARES "aerostat.cpu.shares"
#define VM_OPTION_CPU_MIN    "aerostat.cpu.min"
#define VM_OPTION_CPU_MAX    "aerostat.cpu.max"
#define VM_CPU_SHARES_NORMAL 1000 /* of each processor; half of it is low, twice high */

/* The shares of all its processors together. shares: as the option has them, NULL: normal. */
int64_t vm_cpu_shares(const char *shares, unsigned cpus);

/*
 * --- cpu.c: shares and limit of a VM that runs, by libvirt. What cannot be is an event: they stay kept.
 * always: also when there are none, which takes those back that there were.
 */
void vm_apply_cpu(Call *call, const Record *record, bool always);

extern const VmOption vm_options[]; /* ended by a name of NULL */

const VmOption *vm_option_find(const char *name); /* NULL: none of ours */
/* Whether it goes with the VM, in NAME.vmx, besides the scheduler's: also of what others may have written.
 */
bool vm_option_travels(const char *name, const char *value);
bool vm_option_check(const VmOption *option, const char *value, GError **error);
/* The VM's, or the default; owned. NULL with an error. */
char *vm_option_get(Call *call, const char *uuid, const char *name, GError **error);

/* "[datastore] path" or an absolute path to an absolute path, owned. */
char *vm_parse_file(Call *call, const char *text, GError **error);

/* The datastore that a file lies in, by its path; both are owned. False: in none. */
bool vm_find_datastore(Call *call, const char *file, char **ret_name, char **ret_path);

/* The VM's definition as it starts next, or as it runs. */
Definition *vm_definition(Call *call, const char *uuid, bool live, GError **error);
bool vm_define(Call *call, const Definition *definition, GError **error);

/* "kvm" or "qemu": what VMs are made for here. */
const char *vm_domain_type(Call *call, GError **error);

/* What the pager needs, into or out of the definition of a VM that is about to start. */
bool vm_set_pager(Call *call, const Record *record, Definition *definition, GError **error);

/* NAME.vmx and NAME.xml anew, after a change that is made already: what fails is an event and no error. */
void vm_update_files(Call *call, const Record *record);

/* NOT_SUPPORTED: VM "NAME" WHAT. Always false. */
bool vm_refuse(const Record *record, const char *what, GError **error);

/* Whether work on it was begun that nobody has ended. */
bool vm_has_intent(Call *call, const char *uuid);

/* A power operation's way: "hard", "soft", "preset" or (NULL) hard. */
bool vm_is_soft(Call *call, const char *uuid, JsonObject *args, const char *option, bool *ret,
                GError **error);

/* --- redo.c: independent-nonpersistent disks --- */

/* For a VM that is off and not suspended: what it wrote since its last power-on goes. */
bool redo_drop(Call *call, const Record *record, GError **error);

/* Fresh REDO files, into the definition for this start. *ret_any: there are some. */
bool redo_begin(Call *call, const Record *record, Definition *definition, bool *ret_any, GError **error);

/* --- suspend.c --- */

/* The VM is locked, off and has Record.saved. */
bool suspend_resume(Call *call, Record *record, GError **error);

/* Forgets the memory of a suspended VM: it is powered off then. */
bool suspend_forget(Call *call, Record *record, GError **error);

/* HOME/NAME.vmss; owned. */
char *suspend_path(const Record *record);

/* --- question.c --- */

/* For a VM that is paused by an I/O error: asks, unless it was asked already. */
bool question_ask(Call *call, const Record *record, GError **error);
