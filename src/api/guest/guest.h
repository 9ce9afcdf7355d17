/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Guest operations: what the files of this folder share.
 *
 * A method's request becomes work, which a thread carries out: it talks with the guest's agent, as the user
 * whose name and password the client has given. The guest itself says whether they are right, each time:
 * its su is asked (see as-user); and what is done there is done with that user's rights, by the guest's
 * kernel. Nothing is kept of a password, here or there.
 */
#pragma once

#include "api/entity.h"
#include "api/guest/agent.h"
#include "api/request.h"

#define GUEST_MODULE "guest"

#define GUEST_PATH_MAX      4096u
#define GUEST_ARGUMENTS_MAX 65536u
#define GUEST_VARIABLES_MAX 256u

typedef struct Login {
        char *user, *password;
} Login;

/* What a thread makes of it: a result (of the method's type, or NULL), or a fault. */
typedef struct Work Work;
struct Work {
        /* For the thread. */
        Agent agent;
        Login login;
        char *vm;                   /* name, for messages */
        void (*run)(Work *work);    /* sets result, or one of the rest by work_fail() and the like */
        void (*finish)(Work *work); /* in the main thread, after it, when it has not failed; or NULL */
        gpointer data;              /* of run and finish */
        GDestroyNotify free_data;
        VimValue *result, *fault;
        char *message;
        /* The frame's. */
        Api *api;
        Request *request; /* NULL: of none, done is called */
        void (*done)(Work *work);
        char *uuid;
        virConnectPtr connection;
};

/*
 * Reads "vm" and "auth" of the request and starts the work; a fault is sent when they are wrong. data is
 * taken.
 */
void work_start(Request *request, void (*run)(Work *work), void (*finish)(Work *work), gpointer data,
                GDestroyNotify free_data);
/* Of no request: a transfer. login NULL: none. done frees what it needs from work; work is the frame's. */
bool work_start_for(Api *api, const char *uuid, const char *vm, void (*run)(Work *work),
                    void (*done)(Work *work), gpointer data);

/* === in the thread === */

/* Of what the agent or the frame could not do. */
void work_fail(Work *work, const GError *error);
/* A fault, taken. */
void work_fault(Work *work, VimValue *fault, const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * Does a word of in-guest as the user, after his password has been checked. file: what faults are about, or
 * NULL. words end with NULL. The output; NULL: it has failed, and the fault is set.
 */
GBytes *work_do(Work *work, const char *file, const char *const *words);
/* Begins one without checking the password again, which work_do() has just done, and does not wait. */
bool work_begin(Work *work, const char *const *words, int64_t *ret_pid);
/* Waits for the end of one that was begun so: as work_do(). */
GBytes *work_do_trusted(Work *work, const char *file, const char *const *words);

/* A text argument of the request: not longer than max, without NUL. False: InvalidArgument was sent. */
bool guest_check_text(Request *request, const char *name, const char *text, unsigned max);

/* What is between NUL and NUL: the next text of *at, of what was said; NULL: there is no other. */
const char *guest_next_text(const char **at, const char *end);

/*
 * The method that is one word of in-guest: words (owned strings, ended by NULL, taken) as the user; about:
 * the file that faults name, one of words, or NULL. make: the result of what was said; NULL: none.
 */
void guest_run_words(Request *request, GPtrArray *words, const char *about,
                     VimValue *(*make)(Work *work, GBytes *said));
/* Copies, ended by NULL. */
GPtrArray *guest_words(const char *first, ...) G_GNUC_NULL_TERMINATED;

/* === the parts === */

extern const Handler guest_file_handlers[], guest_process_handlers[];

void guest_transfer_start(Api *api);
void guest_transfer_stop(Api *api);
void guest_transfer_from(Request *request);
void guest_transfer_to(Request *request);

void guest_process_start(Api *api);
void guest_process_stop(Api *api);

/* --- attributes of files, from what in-guest says: pure, and tested --- */

/* "kind|size|modified|accessed|owner|group|mode" and where a link leads, to a GuestFileInfo; NULL: it makes
 * no sense. */
VimValue *guest_file_value(const char *path, const char *attributes, const char *target);
/* GuestListFileInfo of all that was said. pattern: NULL, or what names are to match. */
VimValue *guest_list_value(GBytes *said, const GRegex *pattern, int64_t index, int64_t max);
/* Of GuestProcessInfo. */
VimValue *guest_processes_value(GBytes *said);
