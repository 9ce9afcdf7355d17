/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CustomizationSpecManager: specifications by name, shown and taken as vim25 has them. */
#include <string.h>

#include "api/manager/manager.h"
#include "api/manager/spec-convert.h"
#include "inventory/catalog.h"
#include "vim/soap.h"

#define ITEM "CustomizationSpecItem"

/* --- shown --- */

/* The same for the same text: who overwrites shows with it what he has read. Owned. */
static char *version_of(const char *text)
{
        g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

        return g_strndup(sum, 16);
}

static VimValue *info_of(const char *name, const char *text)
{
        VimValue *info = vim_new_object("CustomizationSpecInfo");
        g_autofree char *description = spec_description(text), *version = version_of(text);

        vim_set_text(info, "name", name);
        vim_set_text(info, "description", description);
        vim_set_text(info, "type", "Linux");
        vim_set_text(info, "changeVersion", version);
        return info;
}

static void refresh(Api *api)
{
        Managed *managed = api_get_data(api, "specification");
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) all = specification_list(api_parts(api)->inventory, &error);
        VimValue *list;

        if (all == NULL) {
                g_warning("%s", error->message);
                return;
        }
        list = vim_new_list("CustomizationSpecInfo");
        for (unsigned i = 0; i < all->len; i++) {
                const NamedText *entry = all->pdata[i];

                vim_add(list, info_of(entry->name, entry->text));
        }
        managed_set(managed, "info", list);
}

static void on_catalog(Api *api, gconstpointer data, gpointer user_data)
{
        (void)data;
        (void)user_data;
        refresh(api);
}

/* --- methods --- */

/* The text of that name. NULL: answered, or (with must_be false) there is none. Owned. */
static char *load(Request *request, const char *name, bool must_be, bool *ret_answered)
{
        g_autoptr(GError) error = NULL;
        char *text = specification_load(api_parts(request_api(request))->inventory, name, &error);

        *ret_answered = true;
        if (error != NULL) {
                request_fail(request, error);
        } else if (text == NULL && must_be) {
                request_fault(request, vim_new_fault("NotFound"),
                              "there is no customization specification \"%.100s\"", name);
        } else {
                *ret_answered = false;
        }
        return text;
}

/* False: AlreadyExists, or an error, was sent. */
static bool is_free(Request *request, const char *name)
{
        bool answered;
        g_autofree char *text = load(request, name, false, &answered);
        VimValue *fault;

        if (answered || text == NULL)
                return !answered;
        fault = vim_new_fault("AlreadyExists");
        vim_set_text(fault, "name", name);
        request_fault(request, fault, "there is a customization specification \"%.100s\" already", name);
        return false;
}

static VimValue *on_changed(Api *api, JsonNode *result, gpointer data)
{
        (void)result;
        (void)data;
        refresh(api);
        return NULL;
}

/* operation with its arguments, text by text, ended by NULL. */
static void operate(Request *request, const char *operation, ...) G_GNUC_NULL_TERMINATED;
static void operate(Request *request, const char *operation, ...)
{
        JsonObject *args = json_object_new();
        const char *name;
        va_list words;

        va_start(words, operation);
        while ((name = va_arg(words, const char *)) != NULL)
                json_object_set_string_member(args, name, va_arg(words, const char *));
        va_end(words);
        request_operate(request, operation, args, on_changed, NULL, NULL);
}

static void does_exist(Request *request)
{
        bool answered;
        g_autofree char *text = load(request, request_arg_text(request, "name"), false, &answered);

        if (!answered)
                request_return(request, vim_new_bool(text != NULL));
}

static void get(Request *request)
{
        const char *name = request_arg_text(request, "name");
        bool answered;
        g_autofree char *text = load(request, name, true, &answered);
        g_autoptr(GError) error = NULL;
        VimValue *spec, *item;

        if (answered)
                return;
        spec = spec_to_vim(text, &error);
        if (spec == NULL) {
                request_fault(request, vim_new_fault("CustomizationFault"), "%s", error->message);
                return;
        }
        item = vim_new_object(ITEM);
        vim_set(item, "info", info_of(name, text));
        vim_set(item, "spec", spec);
        request_return(request, item);
}

/* base as spec_from_vim() has it. NULL: answered. Owned. */
static char *text_of_item(Request *request, const VimValue *item, const char *base)
{
        const VimValue *info = vim_get(item, "info");
        g_autofree char *property = NULL, *full = NULL;
        g_autoptr(GError) error = NULL;
        char *text;

        if (g_ascii_strcasecmp(vim_get_text(info, "type"), "Linux") != 0) {
                request_invalid(request, "item.info.type",
                                "specifications are of type \"Linux\": Windows' Sysprep is not run from "
                                "outside (let the template's own first start do that)");
                return NULL;
        }
        text = spec_from_vim(vim_get(item, "spec"), vim_get_text(info, "description"), base, &property,
                             &error);
        if (text != NULL)
                return text;
        full = g_strconcat("item.", property, NULL);
        request_invalid(request, full, "%s", error->message);
        return NULL;
}

static void create(Request *request)
{
        const VimValue *item = request_arg(request, "item");
        const char *name = vim_get_text(vim_get(item, "info"), "name");
        g_autofree char *text = NULL;

        if (!is_free(request, name))
                return;
        text = text_of_item(request, item, NULL);
        if (text != NULL)
                operate(request, "CreateCustomizationSpec", "name", name, "text", text, NULL);
}

static void overwrite(Request *request)
{
        const VimValue *item = request_arg(request, "item"), *info = vim_get(item, "info");
        const char *name = vim_get_text(info, "name"), *version = vim_get_text(info, "changeVersion");
        bool answered;
        g_autofree char *old = load(request, name, true, &answered);
        g_autofree char *text = NULL, *old_version = NULL;

        if (answered)
                return;
        old_version = version_of(old);
        if (version != NULL && version[0] != '\0' && strcmp(version, old_version) != 0) {
                request_fault(request, vim_new_fault("ConcurrentAccess"),
                              "the customization specification \"%.100s\" is another one by now; read it "
                              "again",
                              name);
                return;
        }
        text = text_of_item(request, item, old);
        if (text != NULL)
                operate(request, "OverwriteCustomizationSpec", "name", name, "text", text, NULL);
}

static void delete (Request *request)
{
        operate(request, "DeleteCustomizationSpec", "name", request_arg_text(request, "name"), NULL);
}

static void duplicate(Request *request)
{
        const char *to = request_arg_text(request, "newName");
        bool answered;
        g_autofree char *text = load(request, request_arg_text(request, "name"), true, &answered);

        if (!answered && is_free(request, to))
                operate(request, "CreateCustomizationSpec", "name", to, "text", text, NULL);
}

static void rename_specification(Request *request)
{
        const char *name = request_arg_text(request, "name"), *to = request_arg_text(request, "newName");
        bool answered;
        g_autofree char *text G_GNUC_UNUSED = load(request, name, true, &answered);

        if (!answered && is_free(request, to))
                operate(request, "RenameCustomizationSpec", "name", name, "to", to, NULL);
}

static void to_xml(Request *request)
{
        g_autoptr(GString) xml = g_string_new(NULL);

        soap_write_value(xml, ITEM, request_arg(request, "item"), request_version(request));
        request_return(request, vim_new_string(xml->str));
}

static void from_xml(Request *request)
{
        const char *xml = request_arg_text(request, "specItemXml");
        g_autoptr(GError) error = NULL;
        VimValue *item = soap_read_value(xml, strlen(xml), &error);

        if (item != NULL && vim_is(item, ITEM)) {
                request_return(request, item);
                return;
        }
        vim_unref(item);
        request_fault(request, vim_new_fault("CustomizationFault"),
                      "this is no " ITEM " as CustomizationSpecItemToXml writes it%s%s",
                      error != NULL ? ": " : "", error != NULL ? error->message : "");
}

static bool start(Api *api, GError **error)
{
        (void)error;
        api_set_data(
                api, "specification",
                world_add(api_world(api), "CustomizationSpecManager", "CustomizationSpecManager", NULL));
        api_listen(api, API_CATALOG_CHANGED, on_catalog, NULL);
        refresh(api);
        return true;
}

static const Handler handlers[] = {
        {"CustomizationSpecManager", "DoesCustomizationSpecExist", does_exist, NULL},
        {"CustomizationSpecManager", "GetCustomizationSpec", get, NULL},
        {"CustomizationSpecManager", "CreateCustomizationSpec", create, NULL},
        {"CustomizationSpecManager", "OverwriteCustomizationSpec", overwrite, NULL},
        {"CustomizationSpecManager", "DeleteCustomizationSpec", delete, NULL},
        {"CustomizationSpecManager", "DuplicateCustomizationSpec", duplicate, NULL},
        {"CustomizationSpecManager", "RenameCustomizationSpec", rename_specification, NULL},
        {"CustomizationSpecManager", "CustomizationSpecItemToXml", to_xml, NULL},
        {"CustomizationSpecManager", "XmlToCustomizationSpecItem", from_xml, NULL},
        {NULL},
};

const ApiModule specification_module = {.name = "specification", .handlers = handlers, .start = start};
