/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The types of the vSphere API (vim25): what there is, as VMware publishes it.
 *
 * One table, made of src/vim/schema when aerostat is built, that SOAP, JSON, WSDL and the checks of requests
 * read alike. All of it is constant: any thread may read it, and types are compared by their addresses.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Of the API, in the order in which they came. */
typedef enum VimVersion {
        VIM_2_0,
        VIM_2_5,
        VIM_4_0,
        VIM_4_1,
        VIM_5_0,
        VIM_5_1,
        VIM_5_5,
        VIM_6_0,
        VIM_6_5,
        VIM_6_7,
        VIM_6_7_1,
        VIM_6_7_2,
        VIM_6_7_3,
        VIM_6_8_7,
        VIM_6_9_1,
        VIM_7_0,
} VimVersion;

#define VIM_NEWEST VIM_7_0

typedef enum VimKind {
        VIM_BOOLEAN,
        VIM_BYTE,  /* 8 bits with a sign, and so on */
        VIM_SHORT, /* 16 */
        VIM_INT,   /* 32 */
        VIM_LONG,  /* 64 */
        VIM_FLOAT,
        VIM_DOUBLE,
        VIM_STRING, /* and anyURI, TypeName, PropertyPath, MethodName, which are strings on the wire */
        VIM_TIME,
        VIM_BINARY,
        VIM_ANY, /* only of fields: a value is never of this type, but of its own */
        VIM_ENUM,
        VIM_OBJECT,    /* data object */
        VIM_REFERENCE, /* to a managed object of this type or one that extends it */
} VimKind;

typedef struct VimType VimType;

typedef struct VimField {
        const char *name;
        const VimType *type;
        VimVersion since;
        bool is_list;
        bool is_optional;
        const char *privilege; /* to read a property, or NULL */
} VimField;

typedef struct VimMethod {
        const char *name; /* as on the wire: "PowerOnVM_Task" */
        const VimType *owner;
        VimVersion since;
        const VimField *params;
        unsigned n_params;
        const VimType *result; /* NULL: none */
        bool result_is_list;
        bool result_is_optional;
        const char *privilege; /* NULL: the method says itself what it takes */
        const VimType *const *faults;
        unsigned n_faults;
} VimMethod;

typedef struct VimConstant {
        const char *text;
        VimVersion since;
} VimConstant;

struct VimType {
        const char *name; /* as on the wire */
        VimKind kind;
        VimVersion since;
        const VimType *base; /* NULL: none */

        /* Of data objects, and properties of managed ones: those of the base first, in the order of the
         * wire. */
        const VimField *fields;
        unsigned n_fields, n_inherited;

        const VimMethod *methods; /* its own: the base has more */
        unsigned n_methods;

        const VimConstant *values; /* of an enumeration */
        unsigned n_values;
};

/* NULL when there is none such. "ManagedObjectReference" is ManagedObject. */
const VimType *vim_type(const char *name);

/* For who goes through all; sorted by name. */
extern const VimType vim_types[];
extern const unsigned vim_n_types;

bool vim_type_is(const VimType *type, const VimType *base); /* it, or extends it */
/* -1: there is none such. */
int vim_type_field(const VimType *type, const char *name);
/* Of a managed object's type or its bases. NULL: none such. */
const VimMethod *vim_type_method(const VimType *type, const char *name);
/* The constant of an enumeration that has these letters; NULL: none such. */
const VimConstant *vim_type_value(const VimType *type, const char *value);

/* How a type is named by xsi:type, also of lists in an anyType; with "xsd:" before those of XML Schema. */
const char *vim_type_wire_name(const VimType *type); /* "xsd:int", "VirtualMachineConfigSpec", */
bool vim_type_is_xsd(const VimType *type);

/* "6.7", "6.9" (which is 6.8.7's), "7.0", "8.0.1.0" (the newest). False: not a version. */
bool vim_version_parse(const char *text, VimVersion *ret);
const char *vim_version_name(VimVersion version); /* "6.7", "7.0.0.0": as clients compare them */
