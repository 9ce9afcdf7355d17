/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A definition as a whole: reading, writing, a new machine, and its name, memory, processors, environment.
 */
#include "vm/definition.h"

#include <inttypes.h>
#include <libxml/parser.h>
#include <string.h>

#include "base/macro.h"
#include "vm/definition-xml.h"

/* Entities need a document type, which no domain has: so there is nothing to be expanded. */
static void refuse_document_type(void *data, const xmlChar *name, const xmlChar *external,
                                 const xmlChar *system)
{
        xmlParserCtxt *context = data;

        (void)name;
        (void)external;
        (void)system;
        *(bool *)context->_private = true;
        xmlStopParser(context);
}

static void set_parse_error(GError **error, xmlParserCtxt *context, bool has_document_type)
{
        const xmlError *last = xmlCtxtGetLastError(context);
        g_autofree char *reason =
                g_strdup(last != NULL && last->message != NULL ? last->message : "no element");

        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "the VM's definition is not valid XML: %s",
                    has_document_type ? "it has a document type" : g_strstrip(reason));
}

static xmlDoc *parse(const char *xml, size_t length, GError **error)
{
        xmlParserCtxt *context = xmlNewParserCtxt();
        bool has_document_type = false;
        xmlDoc *doc;

        context->_private = &has_document_type;
        context->sax->internalSubset = refuse_document_type;
        doc = xmlCtxtReadMemory(context, xml, (int)length, NULL, "UTF-8",
                                XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_NOERROR |
                                        XML_PARSE_NOWARNING);
        if (doc == NULL || has_document_type || xmlDocGetRootElement(doc) == NULL) {
                set_parse_error(error, context, has_document_type);
                xmlFreeDoc(doc);
                doc = NULL;
        }
        xmlFreeParserCtxt(context);
        return doc;
}

static Definition *definition_of(xmlDoc *doc)
{
        Definition *definition = g_new0(Definition, 1);

        definition->doc = doc;
        definition->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        return definition;
}

Definition *definition_parse(const char *xml, GError **error)
{
        size_t length = strnlen(xml, DEFINITION_MAX + 1);
        xmlDoc *doc;

        if (length > DEFINITION_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "the VM's definition is larger than %u bytes", DEFINITION_MAX);
                return NULL;
        }
        doc = parse(xml, length, error);
        if (doc == NULL)
                return NULL;
        if (!xml_is(xmlDocGetRootElement(doc), "domain")) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "the VM's definition is not a <domain> of libvirt's");
                xmlFreeDoc(doc);
                return NULL;
        }
        return definition_of(doc);
}

void definition_free(Definition *definition)
{
        if (definition == NULL)
                return;
        xmlFreeDoc(definition->doc);
        g_hash_table_unref(definition->texts);
        g_free(definition);
}

char *definition_text(const Definition *definition)
{
        xmlBuffer *buffer = xmlBufferCreate();
        char *text;

        (void)xmlNodeDump(buffer, definition->doc, xmlDocGetRootElement(definition->doc), 0, 1);
        text = g_strconcat((const char *)xmlBufferContent(buffer), "\n", NULL);
        xmlBufferFree(buffer);
        return text;
}

/* Keeps what is handed out. */
static const char *keep(Definition *definition, const char *key, char *text)
{
        g_hash_table_replace(definition->texts, g_strdup(key), text);
        return text;
}

const char *definition_name(Definition *definition)
{
        return keep(definition, "name", xml_text(xml_child(definition_root(definition), "name")));
}

const char *definition_uuid(Definition *definition)
{
        return keep(definition, "uuid", xml_text(xml_child(definition_root(definition), "uuid")));
}

const char *definition_agent(Definition *definition)
{
        xmlNode *devices = xml_child(definition_root(definition), "devices");

        for (xmlNode *node = xml_child(devices, "channel"); node != NULL; node = xml_next(node, "channel")) {
                xmlNode *target = xml_child(node, "target");
                char *state;

                if (!xml_attribute_is(target, "name", "org.qemu.guest_agent.0"))
                        continue;
                state = xml_attribute(target, "state");
                return keep(definition, "agent", state != NULL ? state : g_strdup(""));
        }
        return NULL;
}

const char *definition_nvram(Definition *definition)
{
        return keep(definition, "nvram",
                    xml_text(xml_grandchild(definition_root(definition), "os", "nvram")));
}

void definition_set_nvram(Definition *definition, const char *path)
{
        xml_set_text(xml_grandchild(definition_root(definition), "os", "nvram"), path);
}

void definition_set_name(Definition *definition, const char *name)
{
        xml_set_text(xml_need(definition_root(definition), "name"), name);
}

/* The machine tells the guest its UUID; libvirt refuses one that is not the domain's. */
static void set_system_uuid(xmlNode *root, const char *uuid)
{
        xmlNode *system = xml_grandchild(root, "sysinfo", "system");

        for (xmlNode *entry = xml_child(system, "entry"); entry != NULL; entry = xml_next(entry, "entry"))
                if (xml_attribute_is(entry, "name", "uuid"))
                        xml_set_text(entry, uuid);
}

void definition_set_uuid(Definition *definition, const char *uuid)
{
        xmlNode *root = definition_root(definition);

        xml_set_text(xml_need(root, "uuid"), uuid);
        set_system_uuid(root, uuid);
}

static const struct {
        const char *name;
        uint64_t bytes;
} units[] = {
        {"b", 1},        {"bytes", 1},          {"KB", 1000},     {"k", KIB(1)},      {"KiB", KIB(1)},
        {"MB", 1000000}, {"M", MIB(1)},         {"MiB", MIB(1)},  {"GB", 1000000000}, {"G", GIB(1)},
        {"GiB", GIB(1)}, {"TB", 1000000000000}, {"T", GIB(1024)}, {"TiB", GIB(1024)},
};

uint64_t definition_memory_bytes(Definition *definition)
{
        xmlNode *memory = xml_child(definition_root(definition), "memory");
        g_autofree char *text = xml_text(memory);
        g_autofree char *unit = xml_attribute(memory, "unit");
        guint64 n;

        if (text == NULL || !g_ascii_string_to_unsigned(g_strstrip(text), 10, 0, UINT64_MAX, &n, NULL))
                return 0;
        for (unsigned i = 0; i < ARRAY_LENGTH(units); i++)
                if (g_ascii_strcasecmp(units[i].name, unit != NULL ? unit : "KiB") == 0)
                        return n <= UINT64_MAX / units[i].bytes ? n * units[i].bytes : 0;
        return 0;
}

static void set_memory_element(xmlNode *root, const char *name, uint64_t bytes)
{
        g_autofree char *text = g_strdup_printf("%" PRIu64, bytes / KIB(1));
        xmlNode *node = xml_need(root, name);

        xml_set_text(node, text);
        xml_set_attribute(node, "unit", "KiB");
}

void definition_set_memory(Definition *definition, uint64_t bytes)
{
        xmlNode *root = definition_root(definition);

        set_memory_element(root, "memory", bytes);
        set_memory_element(root, "currentMemory", bytes);
}

static unsigned parse_count(const char *text)
{
        guint64 n = 0;

        return text != NULL && g_ascii_string_to_unsigned(text, 10, 1, UINT16_MAX, &n, NULL) ? (unsigned)n
                                                                                             : 0;
}

unsigned definition_cpus_max(Definition *definition)
{
        g_autofree char *text = xml_text(xml_child(definition_root(definition), "vcpu"));

        /* libvirt's own answer where there is no such element. */
        return MAX(1u, parse_count(text != NULL ? g_strstrip(text) : NULL));
}

unsigned definition_cpus(Definition *definition)
{
        g_autofree char *current = xml_attribute(xml_child(definition_root(definition), "vcpu"), "current");
        unsigned n = parse_count(current);

        return n != 0 ? n : definition_cpus_max(definition);
}

static void set_cpus(xmlNode *root, unsigned cpus, unsigned cpus_max)
{
        g_autofree char *current = g_strdup_printf("%u", cpus);
        g_autofree char *maximum = g_strdup_printf("%u", cpus_max);
        xmlNode *vcpu = xml_need(root, "vcpu");

        xml_set_text(vcpu, maximum);
        xml_set_attribute(vcpu, "current", cpus < cpus_max ? current : NULL);
}

/* These describe each processor, and libvirt refuses them when there are more or fewer. */
static void drop_single_cpus(xmlNode *root)
{
        xml_remove(xml_child(root, "vcpus"));
        xml_remove(xml_grandchild(root, "cpu", "topology"));
}

void definition_set_cpus(Definition *definition, unsigned cpus)
{
        xmlNode *root = definition_root(definition);
        xmlNode *vcpu = xml_child(root, "vcpu");
        unsigned cpus_max = definition_cpus_max(definition);
        bool has_more = vcpu != NULL && xmlHasProp(vcpu, (const xmlChar *)"current") != NULL;

        /* Without a number of its own for the start, all there are is what it starts with. */
        if (!has_more || cpus > cpus_max) {
                if (cpus != cpus_max)
                        drop_single_cpus(root);
                cpus_max = cpus;
        } else {
                xml_remove(xml_child(root, "vcpus"));
        }
        set_cpus(root, cpus, cpus_max);
}

void definition_copy_cpu_time(Definition *definition, Definition *from)
{
        xmlNode *tune = xml_child(definition_root(from), "cputune");

        xml_remove(xml_child(definition_root(definition), "cputune"));
        if (tune != NULL)
                (void)xmlAddChild(definition_root(definition), xmlDocCopyNode(tune, definition->doc, 1));
}

static xmlNode *find_variable(xmlNode *root, const char *name)
{
        for (xmlNode *line = root->children; line != NULL; line = line->next) {
                if (line->type != XML_ELEMENT_NODE || line->ns == NULL ||
                    strcmp((const char *)line->name, "commandline") != 0 ||
                    strcmp((const char *)line->ns->href, QEMU_NAMESPACE) != 0)
                        continue;
                for (xmlNode *env = line->children; env != NULL; env = env->next)
                        if (env->type == XML_ELEMENT_NODE && strcmp((const char *)env->name, "env") == 0 &&
                            xml_attribute_is(env, "name", name))
                                return env;
        }
        return NULL;
}

const char *definition_environment(Definition *definition, const char *name)
{
        g_autofree char *key = g_strconcat("env ", name, NULL);

        return keep(definition, key,
                    xml_attribute(find_variable(definition_root(definition), name), "value"));
}

static xmlNode *need_command_line(Definition *definition)
{
        xmlNode *root = definition_root(definition);
        xmlNs *ns = xmlSearchNsByHref(definition->doc, root, (const xmlChar *)QEMU_NAMESPACE);

        if (ns == NULL)
                ns = xmlNewNs(root, (const xmlChar *)QEMU_NAMESPACE, (const xmlChar *)"qemu");
        for (xmlNode *line = root->children; line != NULL; line = line->next)
                if (line->type == XML_ELEMENT_NODE && line->ns == ns &&
                    strcmp((const char *)line->name, "commandline") == 0)
                        return line;
        return xmlNewChild(root, ns, (const xmlChar *)"commandline", NULL);
}

void definition_set_environment(Definition *definition, const char *name, const char *value)
{
        xmlNode *variable = find_variable(definition_root(definition), name);
        xmlNode *line;

        if (value == NULL) {
                line = variable != NULL ? variable->parent : NULL;
                xml_remove(variable);
                if (line != NULL && xmlFirstElementChild(line) == NULL)
                        xml_remove(line);
                return;
        }
        if (variable == NULL) {
                line = need_command_line(definition);
                variable = xmlNewChild(line, line->ns, (const xmlChar *)"env", NULL);
                xml_set_attribute(variable, "name", name);
        }
        xml_set_attribute(variable, "value", value);
}
