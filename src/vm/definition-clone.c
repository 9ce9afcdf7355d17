/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A definition for another VM, or for files that lie elsewhere. */
#include <string.h>

#include "vm/definition-xml.h"

typedef struct Clone {
        char *old_name;
        const char *name, *uuid, *home;
} Clone;

/* "web01.console" of web01 is "web02.console" of web02; what does not name its VM gets the name before it.
 */
static char *own_path(const Clone *clone, const char *path, bool socket)
{
        g_autofree char *base = g_path_get_basename(path);
        g_autofree char *folder = clone->home != NULL ? g_strdup(clone->home) : g_path_get_dirname(path);
        g_autofree char *file = NULL;
        g_autofree char *short_file = g_strdup_printf("%.8s-%.8s", clone->uuid, base);
        char *own;

        if (clone->old_name != NULL && *clone->old_name != '\0' && g_str_has_prefix(base, clone->old_name))
                file = g_strconcat(clone->name, base + strlen(clone->old_name), NULL);
        else
                file = g_strconcat(clone->name, "-", base, NULL);
        own = g_build_filename(folder, file, NULL);
        if (socket && strlen(own) > SOCKET_PATH_MAX) {
                g_free(own);
                own = g_build_filename(folder, short_file, NULL);
        }
        return own;
}

static void set_path(const Clone *clone, xmlNode *node, const char *attribute, bool socket)
{
        g_autofree char *path = xml_attribute(node, attribute);
        g_autofree char *own = path != NULL ? own_path(clone, path, socket) : NULL;

        if (own != NULL)
                xml_set_attribute(node, attribute, own);
}

static bool is_character_device(const xmlNode *node)
{
        return xml_is(node, "serial") || xml_is(node, "console") || xml_is(node, "channel") ||
               xml_is(node, "parallel");
}

static void clone_character_device(const Clone *clone, xmlNode *node)
{
        bool socket = xml_attribute_is(node, "type", "unix");

        if (socket || xml_attribute_is(node, "type", "file") || xml_attribute_is(node, "type", "pipe"))
                set_path(clone, xml_child(node, "source"), "path", socket);
        set_path(clone, xml_child(node, "log"), "file", false);
}

static void clone_graphics(const Clone *clone, xmlNode *node)
{
        set_path(clone, node, "socket", true);
        for (xmlNode *listen = xml_child(node, "listen"); listen != NULL;
             listen = xml_next(listen, "listen"))
                set_path(clone, listen, "socket", true);
}

/* Numbers that only one VM of a host can have. */
static void clone_vsock(xmlNode *node)
{
        xmlNode *cid = xml_child(node, "cid");

        if (cid == NULL)
                return;
        xml_set_attribute(cid, "auto", "yes");
        xml_set_attribute(cid, "address", NULL);
}

static void clone_devices(const Clone *clone, xmlNode *devices)
{
        for (xmlNode *node = devices != NULL ? devices->children : NULL; node != NULL; node = node->next) {
                if (is_character_device(node))
                        clone_character_device(clone, node);
                else if (xml_is(node, "graphics"))
                        clone_graphics(clone, node);
                else if (xml_is(node, "vsock"))
                        clone_vsock(node);
        }
}

static void clone_pager(Definition *definition, const Clone *clone)
{
        const char *path = definition_environment(definition, "AEROSTAT_SOCKET");

        if (path != NULL) {
                g_autofree char *folder = g_path_get_dirname(path);
                g_autofree char *file = g_strconcat(clone->uuid, ".sock", NULL);
                g_autofree char *own = g_build_filename(folder, file, NULL);

                definition_set_environment(definition, "AEROSTAT_SOCKET", own);
        }
        if (definition_environment(definition, "AEROSTAT_NAME") != NULL)
                definition_set_environment(definition, "AEROSTAT_NAME", clone->name);
}

void definition_make_clone(Definition *definition, const char *name, const char *uuid, const char *home)
{
        g_autofree char *old_name = g_strdup(definition_name(definition));
        Clone clone = {.old_name = old_name, .name = name, .uuid = uuid, .home = home};
        xmlNode *root = definition_root(definition);
        xmlNode *nvram = xml_grandchild(root, "os", "nvram");
        g_autofree char *variables = xml_text(nvram);

        definition_set_name(definition, name);
        definition_set_uuid(definition, uuid);
        definition_new_macs(definition);
        clone_devices(&clone, xml_child(root, "devices"));
        clone_pager(definition, &clone);
        if (variables != NULL && *variables == '/') {
                g_autofree char *own = own_path(&clone, variables, false);

                xml_set_text(nvram, own);
        }
        /* It tells the guest that this is not the machine it was: libvirt makes a new one. */
        if (xml_child(root, "genid") != NULL)
                xml_set_text(xml_child(root, "genid"), "");
}

/* NULL: it does not lie in the folder. */
static char *moved(const char *path, const char *from, const char *to)
{
        size_t length = strlen(from);

        while (length > 0 && from[length - 1] == '/')
                length--;
        if (path == NULL || strncmp(path, from, length) != 0 || path[length] != '/')
                return NULL;
        return g_build_filename(to, path + length + 1, NULL);
}

static void move_attribute(xmlNode *node, const char *name, const char *from, const char *to)
{
        g_autofree char *path = xml_attribute(node, name);
        g_autofree char *own = moved(path, from, to);

        if (own != NULL)
                xml_set_attribute(node, name, own);
}

static void move_text(xmlNode *node, const char *from, const char *to)
{
        g_autofree char *path = xml_text(node);
        g_autofree char *own = moved(path, from, to);

        if (own != NULL)
                xml_set_text(node, own);
}

void definition_move_files(Definition *definition, const char *from, const char *to)
{
        static const char *const texts[] = {"nvram", "kernel", "initrd"};
        xmlNode *root = definition_root(definition);
        xmlNode *devices = xml_child(root, "devices");

        for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
                move_text(xml_grandchild(root, "os", texts[i]), from, to);
        for (xmlNode *node = devices != NULL ? devices->children : NULL; node != NULL; node = node->next) {
                if (xml_is(node, "disk")) {
                        move_attribute(xml_child(node, "source"), "file", from, to);
                        xml_remove_children(node, "backingStore");
                } else if (is_character_device(node)) {
                        move_attribute(xml_child(node, "source"), "path", from, to);
                        move_attribute(xml_child(node, "log"), "file", from, to);
                }
        }
}

static void add_file(GPtrArray *files, char *path)
{
        if (path != NULL && *path == '/')
                g_ptr_array_add(files, path);
        else
                g_free(path);
}

GPtrArray *definition_files(Definition *definition)
{
        static const char *const texts[] = {"loader", "nvram", "kernel", "initrd", "dtb"};
        GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
        xmlNode *root = definition_root(definition);
        xmlNode *devices = xml_child(root, "devices");

        for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
                add_file(files, xml_text(xml_grandchild(root, "os", texts[i])));
        for (xmlNode *node = devices != NULL ? devices->children : NULL; node != NULL; node = node->next) {
                add_file(files, xml_attribute(xml_child(node, "source"), "file"));
                if (is_character_device(node)) {
                        add_file(files, xml_attribute(xml_child(node, "source"), "path"));
                        add_file(files, xml_attribute(xml_child(node, "log"), "file"));
                }
        }
        return files;
}
