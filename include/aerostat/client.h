/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libaerostat: virtual machines of a host, and what is done to them and in them, from a program. */
#ifndef AEROSTAT_CLIENT_H
#define AEROSTAT_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What takes time is a job: it begins at once, in a thread of the library, and is waited for, asked, or
 * heard of by a callback. Handles (host, VM, job) are counted references; every function may be called from
 * any thread. A VM keeps its host, a job keeps its VM: handles may be given back in any order, also while
 * jobs are under way, which then go on.
 *
 * Errors are negative errno values, and for people there is the job's message, which names object, cause and
 * cure:
 *   -ENOENT      there is no such VM, snapshot, file or process
 *   -EACCES      wrong user or password, of the host or of the guest, or logged out meanwhile
 *   -EPERM       this user may not do that
 *   -EINVAL      an argument that cannot be
 *   -EEXIST      the name is taken
 *   -EBUSY       something else is being done to it
 *   -ESTALE      not in this state: a VM that is off cannot be suspended
 *   -ENOSPC      no room
 *   -EOPNOTSUPP  the host cannot do that
 *   -ECANCELED   it was cancelled
 *   -ECONNREFUSED, -ETIMEDOUT, -ECONNRESET   nobody answers, or not in time, or the connection broke off
 *   -EPROTO      what answers is no such server, or its certificate is not to be trusted
 *   -EIO         everything else
 */

typedef struct aerostat_host aerostat_host;
typedef struct aerostat_vm aerostat_vm;
typedef struct aerostat_job aerostat_job;

/* --- jobs --- */

enum aerostat_job_event {
        AEROSTAT_JOB_PROGRESS, /* see aerostat_job_progress() */
        AEROSTAT_JOB_DONE,     /* once, the last one */
};

/* In a thread of the library; must not wait for a job. job is borrowed. */
typedef void (*aerostat_callback)(aerostat_job *job, enum aerostat_job_event event, void *data);

#pragma GCC visibility push(default)

/*
 * Waits until it has ended, or for timeout_ms at most (-1: as long as it takes). 0 when it has succeeded,
 * its error when it has failed, -ETIME when it has not ended yet.
 */
int aerostat_job_wait(aerostat_job *job, int timeout_ms);
bool aerostat_job_is_done(aerostat_job *job);
/* 0 to 100, as the host tells. */
unsigned aerostat_job_progress(aerostat_job *job);
/* Asks for its end; it may still succeed. */
void aerostat_job_cancel(aerostat_job *job);
/* Of one that has failed; "" otherwise. Good as long as the job. */
const char *aerostat_job_message(aerostat_job *job);
aerostat_job *aerostat_job_ref(aerostat_job *job);
void aerostat_job_unref(aerostat_job *job); /* NULL is well, here and in the others */

/* What a job that has succeeded has found; each function below says which. Good as long as the job. */
size_t aerostat_job_count(aerostat_job *job);
const char *aerostat_job_text(aerostat_job *job, size_t index); /* NULL: no so many */
int64_t aerostat_job_number(aerostat_job *job);

/* --- hosts --- */

struct aerostat_connection {
        const char *url;    /* "https://host[:port]"; NULL: the daemon of this machine, by its socket */
        const char *socket; /* of that, where it is not in its usual place; NULL: it is */
        const char *user;   /* not needed by the socket */
        const char *password;
        const char *ca_file; /* that the host's certificate is checked with; NULL: the system's */
        const char
                *thumbprint; /* SHA-256 of the certificate, hexadecimal, ":" allowed: trust this one alone */
        unsigned timeout_ms; /* for one answer; 0: 60000 */
};

/* Connects and logs in. connection is copied. The job's host: aerostat_job_host(). */
aerostat_job *aerostat_connect(const struct aerostat_connection *connection, aerostat_callback callback,
                               void *data);
/* A new reference; NULL while the job has not succeeded. */
aerostat_host *aerostat_job_host(aerostat_job *job);
aerostat_host *aerostat_host_ref(aerostat_host *host);
/* The last one logs out. */
void aerostat_host_unref(aerostat_host *host);

/* The names of all VMs, sorted: aerostat_job_text(). */
aerostat_job *aerostat_host_list_vms(aerostat_host *host, aerostat_callback callback, void *data);

/* --- virtual machines --- */

/* By name or UUID; aerostat_job_vm() has it. -ENOTUNIQ when several have the name. */
aerostat_job *aerostat_host_open_vm(aerostat_host *host, const char *name, aerostat_callback callback,
                                    void *data);
/* A new reference; NULL while the job has not succeeded. */
aerostat_vm *aerostat_job_vm(aerostat_job *job);
aerostat_vm *aerostat_vm_ref(aerostat_vm *vm);
void aerostat_vm_unref(aerostat_vm *vm);
const char *aerostat_vm_name(aerostat_vm *vm); /* as it was when it was opened */

enum aerostat_power {
        AEROSTAT_POWER_ON,
        AEROSTAT_POWER_OFF,
        AEROSTAT_POWER_SUSPEND,
        AEROSTAT_POWER_RESET,
        AEROSTAT_POWER_SHUT_DOWN, /* by the guest, and so on; done when the guest was told */
        AEROSTAT_POWER_REBOOT,
        AEROSTAT_POWER_STANDBY,
};
aerostat_job *aerostat_vm_power(aerostat_vm *vm, enum aerostat_power operation, aerostat_callback callback,
                                void *data);
/* "poweredOn", "poweredOff" or "suspended": aerostat_job_text(0). */
aerostat_job *aerostat_vm_get_power(aerostat_vm *vm, aerostat_callback callback, void *data);
/* Waits until the guest's agent answers; the job's timeout is seconds. */
aerostat_job *aerostat_vm_wait_for_agent(aerostat_vm *vm, unsigned seconds, aerostat_callback callback,
                                         void *data);

/* flags of aerostat_vm_create_snapshot() */
#define AEROSTAT_SNAPSHOT_MEMORY  1U /* with the memory of a running VM */
#define AEROSTAT_SNAPSHOT_QUIESCE 2U /* the guest's file systems are made to rest for it */

aerostat_job *aerostat_vm_create_snapshot(aerostat_vm *vm, const char *name, const char *description,
                                          unsigned flags, aerostat_callback callback, void *data);
/* Their names, a parent before its children: aerostat_job_text(). */
aerostat_job *aerostat_vm_list_snapshots(aerostat_vm *vm, aerostat_callback callback, void *data);
/* By name, which must be of one alone (-ENOTUNIQ). NULL: the current one. */
aerostat_job *aerostat_vm_revert(aerostat_vm *vm, const char *snapshot, aerostat_callback callback,
                                 void *data);
/* children: and all below it. */
aerostat_job *aerostat_vm_remove_snapshot(aerostat_vm *vm, const char *snapshot, bool children,
                                          aerostat_callback callback, void *data);

/* An option of the VM ("guestinfo.role", "sched.mem.shares"): aerostat_job_text(0), -ENOENT when unset. */
aerostat_job *aerostat_vm_read_option(aerostat_vm *vm, const char *name, aerostat_callback callback,
                                      void *data);
aerostat_job *aerostat_vm_write_option(aerostat_vm *vm, const char *name, const char *value,
                                       aerostat_callback callback, void *data);

/* --- in the guest, by its agent --- */

/* Checks the user, and works as him from now on, in what follows. */
aerostat_job *aerostat_vm_log_in(aerostat_vm *vm, const char *user, const char *password,
                                 aerostat_callback callback, void *data);
void aerostat_vm_log_out(aerostat_vm *vm);

/*
 * Starts a program: aerostat_job_number() is its process id; or, with wait, goes on until it has ended, and
 * the number is its exit code. arguments: as a shell takes them, or NULL.
 */
aerostat_job *aerostat_vm_run(aerostat_vm *vm, const char *program, const char *arguments, bool wait,
                              aerostat_callback callback, void *data);
/* "PID USER COMMAND" each: aerostat_job_text(). */
aerostat_job *aerostat_vm_list_processes(aerostat_vm *vm, aerostat_callback callback, void *data);
aerostat_job *aerostat_vm_kill(aerostat_vm *vm, int64_t pid, aerostat_callback callback, void *data);
/* Files as a whole; what is there already is replaced at the end, not before. */
aerostat_job *aerostat_vm_copy_to_guest(aerostat_vm *vm, const char *local_path, const char *guest_path,
                                        aerostat_callback callback, void *data);
aerostat_job *aerostat_vm_copy_from_guest(aerostat_vm *vm, const char *guest_path, const char *local_path,
                                          aerostat_callback callback, void *data);
/* Of a directory's entries: aerostat_job_text(). */
aerostat_job *aerostat_vm_list_directory(aerostat_vm *vm, const char *guest_path, aerostat_callback callback,
                                         void *data);
aerostat_job *aerostat_vm_make_directory(aerostat_vm *vm, const char *guest_path, aerostat_callback callback,
                                         void *data);
aerostat_job *aerostat_vm_delete_file(aerostat_vm *vm, const char *guest_path, aerostat_callback callback,
                                      void *data);
/* A variable of the user's environment in the guest: aerostat_job_text(0), -ENOENT when unset. */
aerostat_job *aerostat_vm_read_variable(aerostat_vm *vm, const char *name, aerostat_callback callback,
                                        void *data);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
