/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A PropertyFilterSpec as it is used: checked, its names looked up, each type's properties together.
 */
#pragma once

#include "api/request.h"

/* Of one specification; what is beyond is refused. */
#define SPEC_PATHS_MAX      4096
#define SPEC_SELECTIONS_MAX 4096
#define SPEC_OBJECTS_MAX    20000

/* A property, or what is below it. */
typedef struct Path {
        VimValue *name; /* as the client wrote it */
        unsigned place; /* of the property */
        char *key;      /* of an item of it; NULL: the whole */
        char *rest;     /* below that; NULL: nothing */
        char *parent;   /* the path without its last step, below the property; NULL: it is the property */
        GArray *places; /* of unsigned: rest as places of fields, one in the other; NULL: it is more than
                           that */
} Path;

/* A TraversalSpec. */
typedef struct Selection {
        const char *name; /* or NULL */
        const VimType *type;
        Path *path;
        bool skip;
        GArray *next; /* of unsigned: places in selections */
} Selection;

/* An ObjectSpec. */
typedef struct Start {
        Managed *managed; /* a reference */
        bool skip;
        GArray *next;
} Start;

typedef struct Spec {
        unsigned references;
        VimVersion version;    /* of the client */
        GPtrArray *wanted;     /* what it says of types: of Wanted *, spec.c's own */
        GPtrArray *selections; /* of Selection * */
        GPtrArray *starts;     /* of Start * */
        GPtrArray *missing;    /* references to objects that are not there */
        GHashTable *by_type;   /* const VimType * to GPtrArray of Path *, borrowed; NULL: not reported */
        GPtrArray *whole;      /* paths made for "all" */
} Spec;

/* NULL: it is wrong, and the request was answered. */
Spec *spec_new(Request *request, const VimValue *filter_spec);
Spec *spec_ref(Spec *spec);
void spec_unref(Spec *spec);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spec, spec_unref)

/* What is wanted of objects of this type: of Path *, each once; NULL: they are not reported. Borrowed. */
const GPtrArray *spec_paths(Spec *spec, const VimType *type);

/* A path of a type's properties that clients of the version have; NULL: there is none such. */
Path *path_new(const VimType *type, const char *text, VimVersion version);
void path_free(Path *path);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Path, path_free)
