/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What VMs are sorted into and made from: folders, custom attributes, customization, datastores, networks.
 */
#pragma once

#include "inventory/inventory.h"

#define CATALOG_NAME_MAX 80 /* bytes of a name of anything here, and of a VM */

/*
 * Whether a name can be one: UTF-8, 1 to CATALOG_NAME_MAX bytes, no control characters, no "/" or "\", not
 * "." or "..", no blank at either end. kind ("virtual machine", "folder") is for the error,
 * INVALID_ARGUMENT.
 */
bool catalog_check_name(const char *kind, const char *name, GError **error);

/* What comes from outside as it can be shown in an error: valid, without controls, not too long. Owned. */
char *catalog_shown(const char *name);

/* --- folders of VMs: "/", "/lab", "/lab/old" --- */

#define FOLDER_PATH_MAX 1024 /* bytes */

/* Whether it can be the path of one; INVALID_ARGUMENT. */
bool folder_check(const char *path, GError **error);
bool folder_add(Inventory *inventory, const char *path, GError **error);    /* its parent must be there */
bool folder_exists(Inventory *inventory, const char *path, GError **error); /* false without an error */
/* Renames or moves it with what is in it. */
bool folder_move(Inventory *inventory, const char *from, const char *to, GError **error);
bool folder_delete(Inventory *inventory, const char *path, GError **error); /* only an empty one: BUSY */
/* Without "/"; in an order in which a parent comes before its children. */
char **folder_list(Inventory *inventory, GError **error);

/* --- custom attributes --- */

typedef enum AttributeType { ATTRIBUTE_ANY, ATTRIBUTE_VM, ATTRIBUTE_HOST } AttributeType;

typedef struct Attribute {
        char *name;
        AttributeType type;
} Attribute;

void attribute_free(Attribute *attribute); /* NULL is well, here and in the others */
bool attribute_add(Inventory *inventory, const char *name, AttributeType type, GError **error);
bool attribute_rename(Inventory *inventory, const char *name, const char *to, GError **error);
bool attribute_delete(Inventory *inventory, const char *name, GError **error); /* with all values */
GPtrArray *attribute_list(Inventory *inventory, GError **error);               /* of Attribute * */

#define ATTRIBUTE_VALUE_MAX 4096 /* bytes */

/*
 * object: the UUID of a VM that has a Record, or "host". value NULL or "": none. The attribute must exist
 * (NOT_FOUND) and fit the object (INVALID_ARGUMENT).
 */
bool attribute_set(Inventory *inventory, const char *object, const char *name, const char *value,
                   GError **error);
/* char *name to char *value, owned. */
GHashTable *attribute_values(Inventory *inventory, const char *object, GError **error);
/* Of all objects at once: char *object to such a table; those without values are not in it. Owned. */
GHashTable *attribute_values_all(Inventory *inventory, GError **error);
/* NULL without an error when there is no value, or no such attribute. */
char *attribute_get(Inventory *inventory, const char *object, const char *name, GError **error);
/* UUIDs of the VMs whose attribute has this value, or with value NULL any. NOT_FOUND: no such attribute. */
char **attribute_find(Inventory *inventory, const char *name, const char *value, GError **error);

/* --- customization specifications: their text is customization.h's matter --- */

typedef struct NamedText {
        char *name;
        char *text;
} NamedText;

void named_text_free(NamedText *entry);
bool specification_save(Inventory *inventory, const char *name, const char *text, GError **error);
/* With the numbers that VMs have of it. EXISTS when the new name is another's. */
bool specification_rename(Inventory *inventory, const char *name, const char *to, GError **error);
bool specification_delete(Inventory *inventory, const char *name, GError **error);
char *specification_load(Inventory *inventory, const char *name, GError **error); /* NULL without an error */
GPtrArray *specification_list(Inventory *inventory, GError **error);              /* of NamedText * */

/*
 * The VM's number among those of the specification, from 0: the one that it has, else the wanted one, else
 * (and with UINT_MAX) the smallest that no other has. It has it from now on, until it is deleted or
 * customized with another specification.
 */
bool customization_number(Inventory *inventory, const char *uuid, const char *specification, unsigned wanted,
                          unsigned *ret, GError **error);
/* How many numbers below limit VMs have. */
bool customization_count(Inventory *inventory, const char *specification, unsigned limit, unsigned *ret,
                         GError **error);

/* A specification that a VM with a number is to be customized with when its guest's agent answers. */
typedef struct PendingCustomization {
        char *uuid;
        char *specification; /* its name */
        char *text;          /* as it was when it was asked for */
        unsigned number;
} PendingCustomization;

void pending_customization_free(PendingCustomization *pending);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PendingCustomization, pending_customization_free)
bool customization_set_pending(Inventory *inventory, const char *uuid, const char *text, GError **error);
/* Forgets it, unless another text has come in its place. */
bool customization_end(Inventory *inventory, const PendingCustomization *pending, GError **error);
/* uuid NULL: of all VMs. Of PendingCustomization *, owned. */
GPtrArray *customization_list_pending(Inventory *inventory, const char *uuid, GError **error);

/* --- datastores: directories --- */

bool datastore_add(Inventory *inventory, const char *name, const char *path, GError **error);
bool datastore_rename(Inventory *inventory, const char *name, const char *to, GError **error);
bool datastore_delete(Inventory *inventory, const char *name,
                      GError **error);                                        /* BUSY while VMs live there */
char *datastore_path(Inventory *inventory, const char *name, GError **error); /* NULL without an error */
GPtrArray *datastore_list(Inventory *inventory, GError **error); /* of NamedText *, the text is the path */

/* --- switches and port groups --- */

typedef struct SwitchRecord {
        char *name;
        char *bridge;   /* the Open vSwitch bridge */
        char **uplinks; /* interfaces that carry all VLANs as a trunk */
} SwitchRecord;

typedef struct PortGroupRecord {
        char *name; /* unique on the host */
        char *switch_name;
        unsigned vlan; /* 0: untagged, 1 to 4094, 4095: all of them, tagged, as ESX has it */
} PortGroupRecord;

void switch_record_free(SwitchRecord *record);
void port_group_record_free(PortGroupRecord *record);
bool switch_save(Inventory *inventory, const SwitchRecord *record, GError **error);
bool switch_delete(Inventory *inventory, const char *name, GError **error); /* BUSY with port groups */
GPtrArray *switch_list(Inventory *inventory, GError **error);
bool port_group_save(Inventory *inventory, const PortGroupRecord *record, GError **error);
/* BUSY while a card is on it. */
bool port_group_delete(Inventory *inventory, const char *name, GError **error);
GPtrArray *port_group_list(Inventory *inventory, GError **error);
/* A whole table in one transaction: these are there afterwards, others of the switch stay. */
bool port_group_save_all(Inventory *inventory, const PortGroupRecord *records, unsigned n, GError **error);
/* UUIDs of VMs with a card on it. */
char **port_group_users(Inventory *inventory, const char *name, GError **error);
