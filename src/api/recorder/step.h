/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One call as it is kept: what it names is looked up while it is there, under the names of that moment. */
#pragma once

#include "api/request.h"

/* How an object is found again. */
typedef struct Place {
        char *type;
        char *path;     /* in the inventory, "ha/vm/web1"; "" the root; NULL: it has none */
        char *snapshot; /* of the VM at the path; NULL: it is none */
        char *id;
} Place;

/* One operation (src/operation) that a call began, in names: as the command line begins it. */
typedef struct Operation {
        char *name;
        JsonObject *args;
} Operation;

typedef struct Step {
        unsigned references;
        const VimMethod *method;
        char *target; /* its id */
        VimValue **args;
        GHashTable *places;    /* char * (id) to Place * */
        size_t bytes;          /* what it takes, about */
        char *field;           /* the name of the custom field whose key is an argument, or NULL */
        char *specification;   /* the name of the one that is kept and that the call's says the same as, or
                                  NULL */
        GPtrArray *operations; /* of Operation *, in their order */
        bool called;           /* it is the call of one operation by its name (AerostatManager) */
        GPtrArray *equals;     /* then: of Step *, calls of vim25 that do the same; none: vim25 has none */
} Step;

/* A customization specification that no one else has, for the time of one call. */
#define STEP_SPECIFICATION "recorded"

/* NULL: the call changes nothing that would outlive the session. */
Step *step_new(const Request *request);
Step *step_ref(Step *step);
void step_unref(Step *step); /* NULL is well */

/* One that nobody has made: of this object, with no arguments yet. */
Step *step_make(const Managed *target, const char *method);
void step_give(Step *step, World *world, const char *param, VimValue *value); /* takes the value */
const Place *step_add_place(Step *step, const Managed *managed);

const Place *step_place(const Step *step, const char *id);
const VimValue *step_arg(const Step *step, const char *name); /* NULL: not given, or no such parameter */

/* Whether a value under this name is for nobody's eyes. owner: the type of the object it is in, or NULL. */
bool step_is_secret(const VimType *owner, const char *field);

/* --- operation.c --- */

/* What one is made of that stands for several is added one by one, without the secrets that are in it. */
void step_add_operation(Step *step, const Request *request, const char *operation, JsonObject *args);
void step_operation_free(gpointer operation);

/* Members of arguments, which may be anything. Borrowed; NULL: not there, or something else. */
const char *step_json_text(JsonObject *object, const char *member);
bool step_json_truth(JsonObject *object, const char *member, bool otherwise);
int64_t step_json_number(JsonObject *object, const char *member, int64_t otherwise);
JsonObject *step_json_object(JsonObject *object, const char *member);
JsonArray *step_json_array(JsonObject *object, const char *member);
JsonArray *step_json_texts(JsonObject *object, const char *member); /* of texts and nothing else */

/* --- equal.c --- */

/* Those that the operation with these arguments has. */
void step_add_equals(Step *step, const Request *request, const char *operation, JsonObject *args);

/* --- cmdlet.c --- */

/* False: VMware's cmdlets have none for it, or not for all that it says. */
bool cmdlet_add(GString *script, const Step *step);
/* Nothing in it means anything to PowerShell but itself. */
void cmdlet_add_text(GString *script, const char *text);

/* --- script.c --- */

/* Whether the script needs what calls operations that vim25 has not. */
bool script_operates(const Step *step);
void script_begin(GString *script, bool operates, bool powercli);
void script_add(GString *script, const Step *step, bool powercli);

/* --- shell.c --- */

void shell_add(GString *script, const Step *step);
