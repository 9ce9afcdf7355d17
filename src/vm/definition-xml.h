/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of definition.h share: elements and their texts, by libxml2. */
#pragma once

#include <libxml/tree.h>

#include "vm/definition.h"

#define QEMU_NAMESPACE "http://libvirt.org/schemas/domain/qemu/1.0"

/* A Unix socket's path has so many bytes. */
#define SOCKET_PATH_MAX 107

struct Definition {
        xmlDoc *doc;
        GHashTable *texts; /* what was handed out, by the member: char * to char * */
};

xmlNode *definition_root(Definition *definition);

/* The first child element of that name, without a namespace; NULL. next: the one after it. */
xmlNode *xml_child(const xmlNode *parent, const char *name);
xmlNode *xml_next(const xmlNode *node, const char *name);
bool xml_is(const xmlNode *node, const char *name);

/* The first child of the first child; parent may be NULL. */
xmlNode *xml_grandchild(const xmlNode *parent, const char *child, const char *name);

/* Owned; NULL when there is none. node may be NULL. */
char *xml_attribute(const xmlNode *node, const char *name);
char *xml_text(const xmlNode *node);
bool xml_attribute_is(const xmlNode *node, const char *name, const char *value);

/* What XML cannot hold becomes a question mark in these. value NULL: the attribute goes. */
void xml_set_attribute(xmlNode *node, const char *name, const char *value);
void xml_set_text(xmlNode *node, const char *text);
xmlNode *xml_add(xmlNode *parent, const char *name, const char *text);

/* The child of that name, made when it is not there. */
xmlNode *xml_need(xmlNode *parent, const char *name);
void xml_remove(xmlNode *node); /* NULL: nothing */
void xml_remove_children(xmlNode *parent, const char *name);
char *xml_element_text(xmlNode *node);

/* Whether XML can hold the text as it is; INVALID_ARGUMENT names what it is. NULL is no text. */
bool xml_check_text(const char *what, const char *text, GError **error);

/* All cards are new ones. */
void definition_new_macs(Definition *definition);
