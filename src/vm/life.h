/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls to libvirt about one VM. They block; for the threads of operations. Errors: NOT_FOUND (no such
 * domain), NO_SPACE, TIMED_OUT, BUSY, FAILED with libvirt's own words and the VM's name.
 */
#pragma once

#include <gio/gio.h>
#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum LifePower {
        LIFE_OFF,
        LIFE_ON,
        LIFE_PAUSED,
        LIFE_IO_ERROR, /* paused by an I/O error, out of space among them */
        LIFE_STANDBY,  /* the guest sleeps (ACPI S3) */
        LIFE_NONE,     /* no such domain */
} LifePower;

bool life_power(virConnectPtr connection, const char *uuid, LifePower *ret, GError **error);

/* The domain's XML: as it will start next time, or, live, as it runs now. NULL with an error. */
char *life_definition(virConnectPtr connection, const char *uuid, bool live, GError **error);
bool life_define(virConnectPtr connection, const char *xml, GError **error);
bool life_undefine(virConnectPtr connection, const char *uuid, GError **error); /* nothing when it is gone */

bool life_start(virConnectPtr connection, const char *uuid, GError **error);
/* Starts a VM that is defined with another definition for this time only. */
bool life_start_as(virConnectPtr connection, const char *xml, GError **error);
bool life_destroy(virConnectPtr connection, const char *uuid, GError **error); /* or is off, or gone */
/* By the agent, or ACPI where it does not answer; waits until off. CANCELLED, TIMED_OUT. */
bool life_shutdown(virConnectPtr connection, const char *uuid, unsigned timeout_s, GCancellable *cancellable,
                   GError **error);
/* The same without waiting: the guest may take its time, or not do it at all. */
bool life_ask_shutdown(virConnectPtr connection, const char *uuid, GError **error);
bool life_reset(virConnectPtr connection, const char *uuid, GError **error);
bool life_reboot(virConnectPtr connection, const char *uuid, GError **error);
bool life_pause(virConnectPtr connection, const char *uuid, GError **error);
bool life_resume(virConnectPtr connection, const char *uuid, GError **error);
/* The guest's standby (ACPI S3): into it by the guest's agent, and out of it. */
bool life_standby(virConnectPtr connection, const char *uuid, GError **error);
bool life_wake(virConnectPtr connection, const char *uuid, GError **error);
bool life_rename(virConnectPtr connection, const char *uuid, const char *name,
                 GError **error); /* that is off */
bool life_set_cpus(virConnectPtr connection, const char *uuid, unsigned cpus,
                   GError **error); /* that runs */

/* The first disk that has had an I/O error since the VM was resumed last: its target, owned; NULL: none. */
char *life_disk_error(virConnectPtr connection, const char *uuid, bool *ret_no_space);

/*
 * Memory and state to a file, and off; and on again. progress comes in the caller's thread. xml: the
 * definition it goes on with, NULL: its own. paused: it does not run before life_resume(), so that what is
 * to be written down before can be; else it runs if it did when it was saved.
 */
bool life_save(virConnectPtr connection, const char *uuid, const char *path,
               void (*progress)(unsigned, gpointer), gpointer user_data, GCancellable *cancellable,
               GError **error);
bool life_restore(virConnectPtr connection, const char *path, const char *xml, bool paused, GError **error);
/* Breaks off a saving that somebody began and did not wait for, and waits until it has ended, one way or the
 * other. TIMED_OUT after LIFE_SETTLE_S. */
#define LIFE_SETTLE_S 60
bool life_settle(virConnectPtr connection, const char *uuid, GError **error);
/* The definition in such a file; NULL with an error, also when the file is not whole. */
char *life_saved_definition(virConnectPtr connection, const char *path, GError **error);
bool life_saved_define(virConnectPtr connection, const char *path, const char *xml, GError **error);

/* Of the running VM. shares: as the host's cgroups count them; mhz: of all processors together, 0: no limit.
 */
bool life_set_cpu_time(virConnectPtr connection, const char *uuid, uint64_t shares, uint64_t mhz,
                       GError **error);

/* A device's element to or from the running VM and/or its definition. */
bool life_attach(virConnectPtr connection, const char *uuid, const char *element, bool live, bool config,
                 GError **error);
bool life_detach(virConnectPtr connection, const char *uuid, const char *element, bool live, bool config,
                 GError **error);
bool life_update(virConnectPtr connection, const char *uuid, const char *element, bool live, bool config,
                 GError **error);

/* A command to the guest's agent, JSON both ways; the answer is at most LIFE_AGENT_MAX bytes. Cancelled, it
 * may be done all the same, and nobody hears of it. */
#define LIFE_AGENT_MAX (8u << 20)
char *life_agent(virConnectPtr connection, const char *uuid, const char *command, unsigned timeout_s,
                 GCancellable *cancellable, GError **error);
bool life_agent_wait(virConnectPtr connection, const char *uuid, unsigned timeout_s,
                     GCancellable *cancellable, GError **error);
