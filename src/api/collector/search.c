/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SearchIndex: entities by UUID, address, name, place on a datastore, path in the inventory. */
#include <string.h>

#include "api/collector/children.h"
#include "api/request.h"

#define DEPTH_MAX 1000 /* of the inventory; a circle would be a mistake, and must not hang */

/* === where entities are === */

static bool is_in_datacenter(const Managed *entity, const Managed *datacenter)
{
        for (unsigned depth = 0; datacenter != NULL && entity != datacenter && depth < DEPTH_MAX; depth++) {
                if (entity == NULL)
                        return false;
                entity = world_resolve(entity->world, managed_peek(entity, "parent"));
        }
        return true;
}

/* A property below an entity; NULL: it is not there. Owned. */
static VimValue *at(const Managed *entity, const char *property, const char *path)
{
        const VimValue *value = managed_peek(entity, property);

        return value != NULL ? vim_at_path(value, path, NULL) : NULL;
}

static bool is_text(const Managed *entity, const char *property, const char *path, const char *text)
{
        g_autoptr(VimValue) value = at(entity, property, path);

        return value != NULL && !value->is_list && value->type->kind == VIM_STRING &&
               g_ascii_strcasecmp(value->text, text) == 0;
}

/* === what is looked for === */

typedef bool (*Matches)(const Managed *entity, const char *text);

static bool vm_has_uuid(const Managed *vm, const char *uuid)
{
        return is_text(vm, "config", "uuid", uuid) || is_text(vm, "summary", "config.uuid", uuid);
}

static bool vm_has_instance_uuid(const Managed *vm, const char *uuid)
{
        return is_text(vm, "config", "instanceUuid", uuid) ||
               is_text(vm, "summary", "config.instanceUuid", uuid);
}

static bool host_has_uuid(const Managed *host, const char *uuid)
{
        return is_text(host, "hardware", "systemInfo.uuid", uuid) ||
               is_text(host, "summary", "hardware.uuid", uuid);
}

static bool vm_has_dns_name(const Managed *vm, const char *name)
{
        return is_text(vm, "guest", "hostName", name) || is_text(vm, "summary", "guest.hostName", name);
}

static bool host_has_dns_name(const Managed *host, const char *name)
{
        const VimValue *own = managed_peek(host, "name");
        g_autoptr(VimValue) domain = at(host, "config", "network.dnsConfig.domainName");
        g_autoptr(VimValue) short_name = at(host, "config", "network.dnsConfig.hostName");
        g_autofree char *full = NULL;

        if (own != NULL && g_ascii_strcasecmp(own->text, name) == 0)
                return true;
        if (short_name == NULL || domain == NULL)
                return short_name != NULL && g_ascii_strcasecmp(short_name->text, name) == 0;
        full = g_strconcat(short_name->text, ".", domain->text, NULL);
        return g_ascii_strcasecmp(full, name) == 0;
}

static bool has_string(const VimValue *list, const char *text)
{
        for (unsigned i = 0; i < vim_length(list); i++)
                if (g_ascii_strcasecmp(vim_item(list, i)->text, text) == 0)
                        return true;
        return false;
}

static bool vm_has_ip(const Managed *vm, const char *ip)
{
        g_autoptr(VimValue) nics = at(vm, "guest", "net");

        if (is_text(vm, "guest", "ipAddress", ip) || is_text(vm, "summary", "guest.ipAddress", ip))
                return true;
        for (unsigned i = 0; i < vim_length(nics); i++)
                if (has_string(vim_get(vim_item(nics, i), "ipAddress"), ip))
                        return true;
        return false;
}

static bool host_has_ip(const Managed *host, const char *ip)
{
        g_autoptr(VimValue) nics = at(host, "config", "network.vnic");

        for (unsigned i = 0; i < vim_length(nics); i++) {
                g_autoptr(VimValue) address = vim_at_path(vim_item(nics, i), "spec.ip.ipAddress", NULL);

                if (address != NULL && g_ascii_strcasecmp(address->text, ip) == 0)
                        return true;
        }
        return false;
}

/* === looking === */

/* Of ManagedEntity; `first`: one is enough. */
static VimValue *find_all(const Request *request, const char *type, const char *text, Matches matches,
                          const Managed *datacenter, bool first)
{
        g_autoptr(GPtrArray) entities = world_list(request_world(request), type);
        VimValue *found = vim_new_list("ManagedEntity");

        for (unsigned i = 0; i < entities->len; i++) {
                const Managed *entity = entities->pdata[i];

                if (!matches(entity, text) || !is_in_datacenter(entity, datacenter))
                        continue;
                vim_add(found, managed_reference(entity));
                if (first)
                        break;
        }
        return found;
}

static void find(Request *request, const char *argument, Matches of_vms, Matches of_hosts, bool all)
{
        bool answered, vms = request_arg_bool(request, "vmSearch", true);
        const Managed *datacenter = request_arg_object(request, "datacenter", &answered);
        g_autoptr(VimValue) found = NULL;

        if (answered)
                return;
        found = find_all(request, vms ? "VirtualMachine" : "HostSystem", request_arg_text(request, argument),
                         vms ? of_vms : of_hosts, datacenter, !all);
        if (all)
                request_return(request, g_steal_pointer(&found));
        else
                request_return(request, vim_length(found) > 0 ? vim_ref(vim_item(found, 0)) : NULL);
}

static Matches uuid_of_vms(const Request *request)
{
        return request_arg_bool(request, "instanceUuid", false) ? vm_has_instance_uuid : vm_has_uuid;
}

static void find_by_uuid(Request *request)
{
        find(request, "uuid", uuid_of_vms(request), host_has_uuid, false);
}

static void find_all_by_uuid(Request *request)
{
        find(request, "uuid", uuid_of_vms(request), host_has_uuid, true);
}

static void find_by_dns_name(Request *request)
{
        find(request, "dnsName", vm_has_dns_name, host_has_dns_name, false);
}

static void find_all_by_dns_name(Request *request)
{
        find(request, "dnsName", vm_has_dns_name, host_has_dns_name, true);
}

static void find_by_ip(Request *request)
{
        find(request, "ip", vm_has_ip, host_has_ip, false);
}

static void find_all_by_ip(Request *request)
{
        find(request, "ip", vm_has_ip, host_has_ip, true);
}

/* === by datastore path === */

static bool vm_is_at(const Managed *vm, const char *path)
{
        g_autoptr(VimValue) value = at(vm, "config", "files.vmPathName");

        if (value == NULL)
                value = at(vm, "summary", "config.vmPathName");
        return value != NULL && strcmp(value->text, path) == 0;
}

static bool is_datastore(const Request *request, const char *name)
{
        g_autoptr(GPtrArray) datastores = world_list(request_world(request), "Datastore");

        for (unsigned i = 0; i < datastores->len; i++) {
                const VimValue *own = managed_peek(datastores->pdata[i], "name");

                if (own != NULL && strcmp(own->text, name) == 0)
                        return true;
        }
        return false;
}

static void find_by_datastore_path(Request *request)
{
        const char *path = request_arg_text(request, "path");
        const char *end = path[0] == '[' ? strchr(path, ']') : NULL;
        g_autofree char *name = end != NULL ? g_strndup(path + 1, (gsize)(end - path - 1)) : NULL;
        g_autofree char *normal = NULL;
        g_autoptr(VimValue) found = NULL;
        bool answered;
        const Managed *datacenter = request_arg_object(request, "datacenter", &answered);
        VimValue *fault;

        if (answered)
                return;
        if (name == NULL || !is_datastore(request, name)) {
                fault = vim_new_fault(name == NULL ? "InvalidDatastorePath" : "InvalidDatastore");
                vim_set_text(fault, "name", name);
                if (name == NULL)
                        vim_set_text(fault, "datastorePath", path);
                request_fault(request, fault, "\"%.200s\": %s", path,
                              name == NULL ? "a datastore path begins with [datastore]"
                                           : "there is no such datastore");
                return;
        }
        /* The space behind the name may be missing. */
        normal = g_strdup_printf("[%s] %s", name, end + 1 + strspn(end + 1, " "));
        found = find_all(request, "VirtualMachine", normal, vm_is_at, datacenter, true);
        request_return(request, vim_length(found) > 0 ? vim_ref(vim_item(found, 0)) : NULL);
}

/* === by place in the inventory === */

/* Names may have "/", "\" and "%" written as %2f and so on, on both sides. */
static char *plain(const char *name)
{
        char *text = g_uri_unescape_string(name, NULL);

        if (text == NULL)
                text = g_strdup(name);
        return text;
}

static Managed *child_named(const Managed *entity, const char *name)
{
        g_autoptr(GPtrArray) children = children_of(entity);
        g_autofree char *wanted = plain(name);

        for (unsigned i = 0; i < children->len; i++) {
                const VimValue *own = managed_peek(children->pdata[i], "name");
                g_autofree char *text = own != NULL ? plain(own->text) : NULL;

                if (text != NULL && (strcmp(own->text, name) == 0 || strcmp(text, wanted) == 0))
                        return children->pdata[i];
        }
        return NULL;
}

static void find_child(Request *request)
{
        bool answered;
        const Managed *entity = request_arg_object(request, "entity", &answered);

        if (!answered)
                request_return(request,
                               managed_reference(child_named(entity, request_arg_text(request, "name"))));
}

static void find_by_inventory_path(Request *request)
{
        g_auto(GStrv) names = g_strsplit(request_arg_text(request, "inventoryPath"), "/", DEPTH_MAX);
        Managed *entity = world_find_key(request_world(request), "Folder", "root");

        for (unsigned i = 0; entity != NULL && names[i] != NULL; i++)
                if (names[i][0] != '\0')
                        entity = child_named(entity, names[i]);
        request_return(request, managed_reference(entity));
}

static bool start(Api *api, GError **error)
{
        (void)error;
        (void)world_add(api_world(api), "SearchIndex", "SearchIndex", NULL);
        return true;
}

static const Handler handlers[] = {
        {"SearchIndex", "FindByUuid", find_by_uuid},
        {"SearchIndex", "FindAllByUuid", find_all_by_uuid},
        {"SearchIndex", "FindByDnsName", find_by_dns_name},
        {"SearchIndex", "FindAllByDnsName", find_all_by_dns_name},
        {"SearchIndex", "FindByIp", find_by_ip},
        {"SearchIndex", "FindAllByIp", find_all_by_ip},
        {"SearchIndex", "FindByDatastorePath", find_by_datastore_path},
        {"SearchIndex", "FindByInventoryPath", find_by_inventory_path},
        {"SearchIndex", "FindChild", find_child},
        {NULL},
};

const ApiModule search_module = {.name = "search", .handlers = handlers, .start = start};
