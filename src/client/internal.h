/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the library's files know of each other. */
#pragma once

#include "aerostat/client.h"
#include "wire/http.h"
#include "wire/json.h"

/* So many jobs of one program work at a time; more wait. */
#define JOBS_AT_A_TIME 16

struct aerostat_host {
        gatomicrefcount references;
        WireHost wire;         /* not changed once it is logged in */
        char *user, *password; /* until the login */
        unsigned timeout_ms;
};

struct aerostat_vm {
        gatomicrefcount references;
        aerostat_host *host;
        char *id; /* "vm-12" */
        char *name;
        GMutex mutex; /* of the two below */
        char *guest_user, *guest_password;
};

/* What a job is to do. In its own thread; false with an error of JOB_ERROR. */
typedef bool (*JobRun)(aerostat_job *job, GError **error);

struct aerostat_job {
        gatomicrefcount references;
        JobRun run;
        aerostat_callback callback;
        void *data;

        aerostat_host *host; /* a reference; and so the VM, or NULL */
        aerostat_vm *vm;
        char *text[3]; /* of the call, what it is about */
        int64_t number;
        unsigned flags;

        /* Of its own thread. */
        SoupSession *http;
        char *task; /* under way at the host; NULL: none */
        char *collector;

        GCancellable *cancellable;
        GMutex mutex; /* of all below */
        GCond cond;
        bool done;
        unsigned percent;
        int error;
        char *message;
        GPtrArray *texts;
        int64_t result;
        aerostat_vm *found;
};

/* Errors whose code is an errno value. */
#define JOB_ERROR (job_error_quark())
GQuark job_error_quark(void);

/* --- job.c --- */

/* A job with its first string; to be filled and then begun. vm NULL: of the host alone. */
aerostat_job *job_new(aerostat_host *host, aerostat_vm *vm, JobRun run, aerostat_callback callback,
                      void *data);
aerostat_job *job_begin(aerostat_job *job);
void job_set_progress(aerostat_job *job, unsigned percent);
/* Sets an error and returns false. */
bool job_fail(GError **error, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* --- call.c --- */

/*
 * Calls a method of a managed object by the JSON form. args is taken; NULL: none. ret may be NULL; what it
 * gets is NULL for a method without a result.
 */
bool job_call(aerostat_job *job, const char *type, const char *id, const char *method, JsonObject *args,
              JsonNode **ret, GError **error);
/* A property; NULL in *ret when it is unset. */
bool job_get(aerostat_job *job, const char *type, const char *id, const char *property, JsonNode **ret,
             GError **error);
/* Calls a method that is a task and waits for its end. ret: TaskInfo.result. */
bool job_task(aerostat_job *job, const char *type, const char *id, const char *method, JsonObject *args,
              JsonNode **ret, GError **error);
/* A file of the host's, to or from an open local one. */
bool job_download(aerostat_job *job, const char *url, int fd, GError **error);
bool job_upload(aerostat_job *job, const char *url, int fd, uint64_t bytes, GError **error);
