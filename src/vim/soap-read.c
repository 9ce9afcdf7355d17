/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SOAP to values, by libxml2's reader: what is known of a type says what its elements are. */
#include <libxml/xmlreader.h>
#include <string.h>

#include "vim/soap-scan.h"
#include "vim/soap.h"
#include "vim/wire-form.h"

#define XSI     BAD_CAST "http://www.w3.org/2001/XMLSchema-instance"
#define XSD     "http://www.w3.org/2001/XMLSchema"
#define SOAPENC "http://schemas.xmlsoap.org/soap/encoding/"
#define SOAPENV "http://schemas.xmlsoap.org/soap/envelope/"

typedef struct Reader {
        xmlTextReader *xml;
        WirePath path;
        char *broken; /* what libxml2 says is wrong with the document, first */
        GError **error;
} Reader;

static bool read_value(Reader *r, const VimType *declared, bool may_be_list, VimValue **ret);

/* --- the document --- */

static void note_broken(void *user_data, xmlErrorPtr error)
{
        Reader *r = user_data;

        if (r->broken == NULL && error->message != NULL)
                r->broken = g_strdup_printf("line %d: %s", error->line, g_strchomp(error->message));
}

static void *init_xml(gpointer data)
{
        (void)data;
        xmlInitParser();
        return NULL;
}

static bool reader_open(Reader *r, const char *xml, size_t length, GError **error)
{
        static GOnce once = G_ONCE_INIT;

        (void)g_once(&once, init_xml, NULL);
        *r = (Reader){.error = error};
        r->xml = xmlReaderForMemory(xml, (int)length, NULL, "UTF-8",
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
        if (r->xml == NULL)
                return wire_fail(&r->path, error, WIRE_ERROR_MALFORMED, "The request cannot be read");
        xmlTextReaderSetStructuredErrorHandler(r->xml, note_broken, r);
        return true;
}

static void reader_close(Reader *r)
{
        if (r->xml != NULL)
                xmlFreeTextReader(r->xml);
        g_free(r->broken);
        *r = (Reader){0};
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reader, reader_close)

static bool malformed(Reader *r, const char *why)
{
        r->path.n = 0;
        return wire_fail(&r->path, r->error, WIRE_ERROR_MALFORMED, "The request is not a SOAP document: %s",
                         why);
}

#define wrong(r, ...) wire_fail(&(r)->path, (r)->error, WIRE_ERROR_WRONG_VALUE, __VA_ARGS__)

/* To the next node; false with an error where the document ends or is broken. */
static bool step(Reader *r)
{
        if (xmlTextReaderRead(r->xml) == 1)
                return true;
        return malformed(r, r->broken != NULL ? r->broken : "it ends too early");
}

static const char *name_of(Reader *r)
{
        return (const char *)xmlTextReaderConstLocalName(r->xml);
}

static bool is_in(Reader *r, const char *space)
{
        const char *own = (const char *)xmlTextReaderConstNamespaceUri(r->xml);

        return own != NULL && strcmp(own, space) == 0;
}

static bool is_vim(const char *space)
{
        return strcmp(space, "urn:vim2") == 0 || g_str_has_prefix(space, "urn:vim25");
}

/*
 * From the start of an element, or the end of a child of it, to its next child. False at its end, or with an
 * error: *ok says which. depth: of the element; has_children: it was not <like-this/>.
 */
static bool next_child(Reader *r, int depth, bool has_children, bool *ok)
{
        *ok = true;
        if (!has_children)
                return false;
        while ((*ok = step(r))) {
                int kind = xmlTextReaderNodeType(r->xml);

                if (kind == XML_READER_TYPE_ELEMENT)
                        return true;
                if (kind == XML_READER_TYPE_END_ELEMENT && xmlTextReaderDepth(r->xml) == depth)
                        return false;
        }
        return false;
}

/* To the end of the element. */
static bool skip(Reader *r)
{
        int depth = xmlTextReaderDepth(r->xml);

        if (xmlTextReaderIsEmptyElement(r->xml))
                return true;
        while (step(r))
                if (xmlTextReaderNodeType(r->xml) == XML_READER_TYPE_END_ELEMENT &&
                    xmlTextReaderDepth(r->xml) == depth)
                        return true;
        return false;
}

/* The text of the element, to its end. */
static bool read_text(Reader *r, char **ret)
{
        g_autoptr(GString) text = g_string_new(NULL);

        if (!xmlTextReaderIsEmptyElement(r->xml)) {
                int depth = xmlTextReaderDepth(r->xml);

                for (;;) {
                        int kind;

                        if (!step(r))
                                return false;
                        kind = xmlTextReaderNodeType(r->xml);
                        if (kind == XML_READER_TYPE_END_ELEMENT && xmlTextReaderDepth(r->xml) == depth)
                                break;
                        if (kind == XML_READER_TYPE_ELEMENT)
                                return wrong(r, "an element <%.100s> where text is meant to be", name_of(r));
                        if (kind == XML_READER_TYPE_ENTITY_REFERENCE)
                                return malformed(r, "it has an entity that XML does not");
                        if (kind != XML_READER_TYPE_COMMENT &&
                            kind != XML_READER_TYPE_PROCESSING_INSTRUCTION)
                                g_string_append(text, (const char *)xmlTextReaderConstValue(r->xml));
                }
        }
        *ret = g_string_free(g_steal_pointer(&text), FALSE);
        return true;
}

/* --- attributes --- */

static char *take_attribute(xmlChar *text)
{
        char *copy = text != NULL ? g_strstrip(g_strdup((const char *)text)) : NULL;

        xmlFree(text);
        return copy;
}

static bool is_nil(Reader *r)
{
        g_autofree char *nil = take_attribute(xmlTextReaderGetAttributeNs(r->xml, BAD_CAST "nil", XSI));

        return nil != NULL && (strcmp(nil, "true") == 0 || strcmp(nil, "1") == 0);
}

/* A reference's own, which some send with a prefix, that says nothing. */
static char *managed_type(Reader *r)
{
        g_autofree char *type = take_attribute(xmlTextReaderGetAttribute(r->xml, BAD_CAST "type"));
        const char *colon = type != NULL ? strchr(type, ':') : NULL;

        return colon != NULL ? g_strdup(colon + 1) : g_steal_pointer(&type);
}

/* The type that xsi:type names; its type is NULL where there is none. */
static bool find_said_type(Reader *r, WireType *ret)
{
        g_autofree char *said = take_attribute(xmlTextReaderGetAttributeNs(r->xml, BAD_CAST "type", XSI));
        char *name = said != NULL ? strchr(said, ':') : NULL;
        g_autofree char *space = NULL;

        *ret = (WireType){0};
        if (said == NULL)
                return true;
        if (name != NULL)
                *name++ = '\0';
        space = take_attribute(xmlTextReaderLookupNamespace(r->xml, name != NULL ? BAD_CAST said : NULL));
        /* govmomi writes the customary prefix without binding it, which a vCenter takes for what it means.
         */
        if (space == NULL && name != NULL && strcmp(said, "xsd") == 0)
                space = g_strdup(XSD);
        if (space == NULL && name != NULL)
                return wrong(r, "the prefix of the xsi:type \"%.50s:%.100s\" is bound to no namespace", said,
                             name);
        if (name == NULL)
                name = said;
        if (space != NULL && (strcmp(space, XSD) == 0 || strcmp(space, SOAPENC) == 0))
                *ret = wire_xsd_type(name);
        else if (space == NULL || is_vim(space))
                *ret = wire_type(name);
        if (ret->type == NULL)
                return wrong(r, "there is no type \"%.100s\"", name);
        return true;
}

/* --- values --- */

static bool fits(const VimType *said, const VimType *declared)
{
        switch (declared->kind) {
        case VIM_ANY:
                return true;
        case VIM_OBJECT:
                return vim_type_is(said, declared);
        case VIM_REFERENCE:
                return said->kind == VIM_REFERENCE;
        default: /* toolkits are not strict about primitives: it is read as what it has to be */
                return vim_type_is_xsd(said) || said->kind == VIM_ENUM;
        }
}

/* What an element is to be read as. */
static bool find_type(Reader *r, const VimType *declared, bool may_be_list, WireType *ret)
{
        WireType said;

        if (!find_said_type(r, &said))
                return false;
        if (said.type == NULL || (said.type->kind == VIM_ANY && !said.is_list)) {
                g_autofree char *own = declared->kind == VIM_ANY ? managed_type(r) : NULL;

                /* Some leave it away from references, and from strings. */
                *ret = (WireType){.type = declared->kind != VIM_ANY ? declared
                                          : own != NULL             ? vim_type("ManagedObject")
                                                                    : vim_type("string")};
                return true;
        }
        if ((said.is_list && !may_be_list) || !fits(said.type, declared))
                return wrong(r, "%s%s is no %s", said.is_list ? "a list of " : "", said.type->name,
                             declared->name);
        *ret = said;
        /* An object is what it says it is, the rest is what it was declared to be. */
        if (declared->kind != VIM_ANY && said.type->kind != VIM_OBJECT)
                ret->type = declared;
        return true;
}

static bool read_items(Reader *r, const VimType *type, VimValue **ret)
{
        g_autoptr(VimValue) list = vim_new_list(type->name);
        bool has_children = !xmlTextReaderIsEmptyElement(r->xml), ok;
        int depth = xmlTextReaderDepth(r->xml);

        while (next_child(r, depth, has_children, &ok)) {
                VimValue *item = NULL;

                if (!read_value(r, type, false, &item))
                        return false;
                if (item != NULL)
                        g_ptr_array_add(list->items, item);
        }
        if (ok)
                *ret = g_steal_pointer(&list);
        return ok;
}

/* An element that stands for a field. */
static bool read_field(Reader *r, const VimField *field, VimValue **place)
{
        VimValue *value = NULL;
        bool ok;

        wire_enter(&r->path, field->name);
        ok = read_value(r, field->type, field->is_list || field->type->kind == VIM_ANY, &value) &&
             (value == NULL || wire_place(&r->path, field, place, value, r->error));
        if (ok)
                wire_leave(&r->path);
        return ok;
}

static bool read_object(Reader *r, const VimType *type, VimValue **ret)
{
        g_autoptr(VimValue) object = vim_new_object(type->name);
        bool has_children = !xmlTextReaderIsEmptyElement(r->xml), ok;
        int depth = xmlTextReaderDepth(r->xml);

        while (next_child(r, depth, has_children, &ok)) {
                int place = vim_type_field(type, name_of(r));

                if (place < 0 ? !skip(r) : !read_field(r, &type->fields[place], &object->fields[place]))
                        return false;
        }
        if (!ok || !wire_check_object(&r->path, object, r->error))
                return false;
        *ret = g_steal_pointer(&object);
        return true;
}

static bool read_reference(Reader *r, const VimType *declared, VimValue **ret)
{
        g_autofree char *type = managed_type(r);
        g_autofree char *id = NULL;

        return read_text(r, &id) &&
               wire_make_reference(&r->path, declared, type, g_strstrip(id), ret, r->error);
}

static bool read_primitive(Reader *r, const VimType *type, VimValue **ret)
{
        g_autofree char *text = NULL;

        if (!read_text(r, &text))
                return false;
        *ret = wire_parse(type, text);
        return *ret != NULL || wrong(r, "\"%.100s\" is no %s", text, type->name);
}

/* The element that the reader stands at, to its end. *ret stays NULL where it says that it is unset. */
static bool read_value(Reader *r, const VimType *declared, bool may_be_list, VimValue **ret)
{
        WireType type = {0};

        if (is_nil(r))
                return skip(r);
        if (!find_type(r, declared, may_be_list, &type))
                return false;
        if (type.is_list)
                return read_items(r, type.type, ret);
        switch (type.type->kind) {
        case VIM_OBJECT:
                return read_object(r, type.type, ret);
        case VIM_REFERENCE:
                return read_reference(r, type.type, ret);
        default:
                return read_primitive(r, type.type, ret);
        }
}

/* --- requests --- */

static bool read_header(Reader *r, WireCall *call)
{
        bool has_children = !xmlTextReaderIsEmptyElement(r->xml), ok;
        int depth = xmlTextReaderDepth(r->xml);

        while (next_child(r, depth, has_children, &ok)) {
                char **place = strcmp(name_of(r), "operationID") == 0       ? &call->operation_id
                               : strcmp(name_of(r), "vcSessionCookie") == 0 ? &call->session_cookie
                                                                            : NULL;

                if (place == NULL) {
                        if (!skip(r))
                                return false;
                        continue;
                }
                g_clear_pointer(place, g_free);
                if (!read_text(r, place))
                        return false;
                g_strstrip(*place);
        }
        return ok;
}

/* To the element of the method; the header on the way there is for the call, which may be NULL. */
static bool enter_method(Reader *r, WireCall *call)
{
        bool ok;

        do {
                if (!step(r))
                        return false;
        } while (xmlTextReaderNodeType(r->xml) != XML_READER_TYPE_ELEMENT);
        if (strcmp(name_of(r), "Envelope") != 0 || !is_in(r, SOAPENV))
                return malformed(r, "there is no SOAP 1.1 envelope");
        while (next_child(r, 0, !xmlTextReaderIsEmptyElement(r->xml), &ok)) {
                if (strcmp(name_of(r), "Body") == 0 && is_in(r, SOAPENV)) {
                        if (next_child(r, 1, !xmlTextReaderIsEmptyElement(r->xml), &ok))
                                return true;
                        return ok && malformed(r, "its body is empty");
                }
                if (call != NULL && strcmp(name_of(r), "Header") == 0 ? !read_header(r, call) : !skip(r))
                        return false;
        }
        return ok && malformed(r, "it has no body");
}

/* What is called, and on which object: "this" first, as elements may stand in any order. */
static bool read_head(Reader *r, WireCall *call)
{
        const char *space;
        bool has_children, ok;

        if (!enter_method(r, call))
                return false;
        call->method_name = g_strdup(name_of(r));
        space = (const char *)xmlTextReaderConstNamespaceUri(r->xml);
        if (space != NULL && !is_vim(space))
                return wire_fail(&r->path, r->error, WIRE_ERROR_UNKNOWN_METHOD,
                                 "There are no methods in the namespace %.200s, only in urn:vim25", space);
        has_children = !xmlTextReaderIsEmptyElement(r->xml);
        while (next_child(r, 2, has_children, &ok)) {
                if (strcmp(name_of(r), "_this") == 0) {
                        call->object_type = managed_type(r);
                        if (call->object_type == NULL)
                                call->object_type = g_strdup("");
                        return read_text(r, &call->object_id) && g_strstrip(call->object_id) != NULL;
                }
                if (!skip(r))
                        return false;
        }
        return ok && malformed(r, "it does not say which object is called (_this)");
}

static bool find_method(Reader *r, WireTypeOf type_of, gpointer user_data, WireCall *call)
{
        const VimType *type = type_of(call->object_type, call->object_id, user_data);

        if (type == NULL)
                return wire_fail(
                        &r->path, r->error, WIRE_ERROR_UNKNOWN_OBJECT, "There is no %.100s \"%.200s\"",
                        call->object_type[0] != '\0' ? call->object_type : "object", call->object_id);
        call->method = vim_type_method(type, call->method_name);
        return call->method != NULL || wire_fail(&r->path, r->error, WIRE_ERROR_UNKNOWN_METHOD,
                                                 "A %s has no method %.200s", type->name, call->method_name);
}

static const VimField *find_param(const VimMethod *method, const char *name, unsigned *ret)
{
        for (*ret = 0; *ret < method->n_params; (*ret)++)
                if (strcmp(method->params[*ret].name, name) == 0)
                        return &method->params[*ret];
        return NULL;
}

static bool read_args(Reader *r, const VimMethod *method, VimValue **args)
{
        bool has_children, ok;

        if (!enter_method(r, NULL))
                return false;
        has_children = !xmlTextReaderIsEmptyElement(r->xml);
        while (next_child(r, 2, has_children, &ok)) {
                unsigned place;
                const VimField *param = find_param(method, name_of(r), &place);

                if (param == NULL ? !skip(r) : !read_field(r, param, &args[place]))
                        return false;
        }
        return ok;
}

/* What follows has to be well formed too. */
static bool read_rest(Reader *r)
{
        int more;

        while ((more = xmlTextReaderRead(r->xml)) == 1)
                ;
        return more == 0 || malformed(r, r->broken != NULL ? r->broken : "it is not well formed");
}

bool soap_read_call(const char *body, size_t length, WireTypeOf type_of, gpointer user_data, WireCall *ret,
                    GError **error)
{
        g_auto(Reader) head = {0};
        g_auto(Reader) r = {0};
        VimValue **args;

        if (!soap_scan(body, length, error) || !reader_open(&head, body, length, error) ||
            !read_head(&head, ret) || !find_method(&head, type_of, user_data, ret) ||
            !reader_open(&r, body, length, error))
                return false;
        args = g_new0(VimValue *, ret->method->n_params + 1);
        if (!read_args(&r, ret->method, args) || !read_rest(&r) ||
            !wire_check_args(&r.path, ret->method, args, error)) {
                wire_free_args(ret->method, args);
                ret->method = NULL;
                return false;
        }
        ret->args = args;
        return true;
}

VimValue *soap_read_value(const char *xml, size_t length, GError **error)
{
        g_auto(Reader) r = {0};
        g_autoptr(VimValue) value = NULL;

        if (!soap_scan(xml, length, error) || !reader_open(&r, xml, length, error))
                return NULL;
        do {
                if (!step(&r))
                        return NULL;
        } while (xmlTextReaderNodeType(r.xml) != XML_READER_TYPE_ELEMENT);
        if (!read_value(&r, vim_type("anyType"), true, &value) || !read_rest(&r))
                return NULL;
        if (value == NULL)
                (void)wrong(&r, "there is no value in it");
        return g_steal_pointer(&value);
}
