/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a shell script in a VM's guest and brings back what it wrote, from a snapshot and back to it:
 *
 *     cc run-in-guest.c $(pkg-config --cflags --libs aerostat)
 *     AEROSTAT_GUEST_PASSWORD=... ./a.out web1 root ./inventory.sh result.txt
 *
 * It works on the daemon of this machine; with AEROSTAT_URL, AEROSTAT_USER, AEROSTAT_PASSWORD and
 * AEROSTAT_THUMBPRINT on another.
 */
#include <aerostat/client.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SNAPSHOT      "before run-in-guest"
#define AGENT_SECONDS 120

/* Waits for a job, and says what went wrong with it. */
static int finish(aerostat_job *job, const char *what)
{
        int result = aerostat_job_wait(job, -1);

        if (result < 0)
                fprintf(stderr, "%s: %s\n", what, aerostat_job_message(job));
        return result;
}

/* The same of a job of which nothing else is wanted. */
static int done(aerostat_job *job, const char *what)
{
        int result = finish(job, what);

        aerostat_job_unref(job);
        return result;
}

/* In a thread of the library. */
static void show(aerostat_job *job, enum aerostat_job_event event, void *what)
{
        if (event == AEROSTAT_JOB_PROGRESS)
                fprintf(stderr, "%s: %u %%\n", (const char *)what, aerostat_job_progress(job));
}

static int power_on(aerostat_vm *vm)
{
        aerostat_job *job = aerostat_vm_get_power(vm, NULL, NULL);
        int result = finish(job, "power");

        if (result == 0 && strcmp(aerostat_job_text(job, 0), "poweredOn") != 0)
                result = done(aerostat_vm_power(vm, AEROSTAT_POWER_ON, NULL, NULL), "power on");
        aerostat_job_unref(job);
        if (result < 0)
                return result;
        return done(aerostat_vm_wait_for_agent(vm, AGENT_SECONDS, NULL, NULL), "guest");
}

/* The script's exit code, or an error. */
static int run_script(aerostat_vm *vm, const char *script, const char *result_path)
{
        aerostat_job *job;
        int result = done(aerostat_vm_copy_to_guest(vm, script, "/tmp/script", show, "script"), "script");

        if (result < 0)
                return result;
        job = aerostat_vm_run(vm, "/bin/sh", "/tmp/script > /tmp/result 2>&1", true, NULL, NULL);
        result = finish(job, "run");
        if (result == 0)
                result = (int)aerostat_job_number(job);
        aerostat_job_unref(job);
        if (result >= 0 &&
            done(aerostat_vm_copy_from_guest(vm, "/tmp/result", result_path, show, "result"), "result") < 0)
                return -EIO;
        return result;
}

static int work(aerostat_vm *vm, char **argv)
{
        int result = power_on(vm);

        if (result == 0)
                result = done(aerostat_vm_log_in(vm, argv[2], getenv("AEROSTAT_GUEST_PASSWORD"), NULL, NULL),
                              "guest login");
        if (result == 0)
                result = done(aerostat_vm_create_snapshot(vm, SNAPSHOT, "", AEROSTAT_SNAPSHOT_MEMORY, show,
                                                          "snapshot"),
                              "snapshot");
        if (result < 0)
                return result;
        result = run_script(vm, argv[3], argv[4]);
        /* Whatever it did: the VM is again what it was. */
        if (done(aerostat_vm_revert(vm, SNAPSHOT, NULL, NULL), "revert") < 0 ||
            done(aerostat_vm_remove_snapshot(vm, SNAPSHOT, false, NULL, NULL), "remove snapshot") < 0)
                return -EIO;
        return result;
}

int main(int argc, char **argv)
{
        const struct aerostat_connection connection = {.url = getenv("AEROSTAT_URL"),
                                                       .socket = getenv("AEROSTAT_DAEMON"),
                                                       .user = getenv("AEROSTAT_USER"),
                                                       .password = getenv("AEROSTAT_PASSWORD"),
                                                       .thumbprint = getenv("AEROSTAT_THUMBPRINT")};
        aerostat_host *host;
        aerostat_job *job;
        aerostat_vm *vm = NULL;
        int result;

        if (argc != 5 || getenv("AEROSTAT_GUEST_PASSWORD") == NULL) {
                fprintf(stderr, "usage: AEROSTAT_GUEST_PASSWORD=... %s VM USER SCRIPT RESULT\n", argv[0]);
                return 2;
        }
        job = aerostat_connect(&connection, NULL, NULL);
        result = finish(job, "connect");
        host = aerostat_job_host(job);
        aerostat_job_unref(job);
        if (result == 0) {
                job = aerostat_host_open_vm(host, argv[1], NULL, NULL);
                result = finish(job, argv[1]);
                vm = aerostat_job_vm(job);
                aerostat_job_unref(job);
        }
        if (result == 0)
                result = work(vm, argv);
        aerostat_vm_unref(vm);
        aerostat_host_unref(host);
        return result < 0 ? 1 : result;
}
