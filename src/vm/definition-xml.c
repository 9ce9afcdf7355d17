/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxml2's tree in the few ways that definitions need it. */
#include "vm/definition-xml.h"

#include <string.h>

static const xmlChar *as_xml(const char *text)
{
        return (const xmlChar *)text;
}

/* libxml2's strings are freed by a function of its own. */
static char *take(xmlChar *text)
{
        char *copy = g_strdup((const char *)text);

        xmlFree(text);
        return copy;
}

xmlNode *definition_root(Definition *definition)
{
        return xmlDocGetRootElement(definition->doc);
}

bool xml_is(const xmlNode *node, const char *name)
{
        return node->type == XML_ELEMENT_NODE && node->ns == NULL &&
               strcmp((const char *)node->name, name) == 0;
}

static xmlNode *find(xmlNode *node, const char *name)
{
        while (node != NULL && !xml_is(node, name))
                node = node->next;
        return node;
}

xmlNode *xml_child(const xmlNode *parent, const char *name)
{
        return parent != NULL ? find(parent->children, name) : NULL;
}

xmlNode *xml_next(const xmlNode *node, const char *name)
{
        return find(node->next, name);
}

xmlNode *xml_grandchild(const xmlNode *parent, const char *child, const char *name)
{
        return xml_child(xml_child(parent, child), name);
}

char *xml_attribute(const xmlNode *node, const char *name)
{
        return node != NULL ? take(xmlGetNoNsProp(node, as_xml(name))) : NULL;
}

char *xml_text(const xmlNode *node)
{
        return node != NULL ? take(xmlNodeGetContent(node)) : NULL;
}

bool xml_attribute_is(const xmlNode *node, const char *name, const char *value)
{
        g_autofree char *own = xml_attribute(node, name);

        return g_strcmp0(own, value) == 0;
}

static bool is_held(gunichar c)
{
        return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

static const char *find_unheld(const char *text)
{
        while (*text != '\0' && is_held(g_utf8_get_char(text)))
                text += g_utf8_skip[(unsigned char)*text];
        return *text != '\0' ? text : NULL;
}

/* Such a text must not make a definition that nobody can read again. */
static char *make_held(const char *text)
{
        g_autofree char *valid = g_utf8_make_valid(text, -1);
        GString *held = g_string_new(NULL);

        for (const char *c = valid; *c != '\0'; c += g_utf8_skip[(unsigned char)*c])
                g_string_append_unichar(held, is_held(g_utf8_get_char(c)) ? g_utf8_get_char(c) : '?');
        return g_string_free(held, FALSE);
}

bool xml_check_text(const char *what, const char *text, GError **error)
{
        if (text == NULL || (g_utf8_validate(text, -1, NULL) && find_unheld(text) == NULL))
                return true;
        g_set_error(
                error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                "%s is not valid UTF-8 or has control characters in it, which a VM's definition cannot hold",
                what);
        return false;
}

void xml_set_attribute(xmlNode *node, const char *name, const char *value)
{
        g_autofree char *held = value != NULL ? make_held(value) : NULL;

        if (value != NULL)
                (void)xmlSetProp(node, as_xml(name), as_xml(held));
        else
                (void)xmlUnsetProp(node, as_xml(name));
}

void xml_set_text(xmlNode *node, const char *text)
{
        g_autofree char *held = make_held(text);

        /* Added and not set: setting would take it for text with entities in it. */
        xmlNodeSetContent(node, NULL);
        xmlNodeAddContent(node, as_xml(held));
}

xmlNode *xml_add(xmlNode *parent, const char *name, const char *text)
{
        xmlNode *node = xmlNewChild(parent, NULL, as_xml(name), NULL);

        /* A child takes its parent's namespace otherwise, which elements of a domain do not have. */
        node->ns = NULL;
        if (text != NULL)
                xml_set_text(node, text);
        return node;
}

xmlNode *xml_need(xmlNode *parent, const char *name)
{
        xmlNode *node = xml_child(parent, name);

        return node != NULL ? node : xml_add(parent, name, NULL);
}

void xml_remove(xmlNode *node)
{
        if (node == NULL)
                return;
        xmlUnlinkNode(node);
        xmlFreeNode(node);
}

void xml_remove_children(xmlNode *parent, const char *name)
{
        xmlNode *node;

        while ((node = xml_child(parent, name)) != NULL)
                xml_remove(node);
}

char *xml_element_text(xmlNode *node)
{
        xmlBuffer *buffer = xmlBufferCreate();
        char *text;

        (void)xmlNodeDump(buffer, node->doc, node, 0, 1);
        text = g_strdup((const char *)xmlBufferContent(buffer));
        xmlBufferFree(buffer);
        return text;
}
