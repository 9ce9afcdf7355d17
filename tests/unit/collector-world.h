/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the tests of the property collector share: a small inventory without anything behind it, sessions,
 * and calls in the JSON form (with ' for ") whose answers are said in few words.
 */
#pragma once

#include <string.h>

#include "api/entity.h"
#include "api/request.h"
#include "unit.h"
#include "vim/json.h"

extern const ApiModule property_collector_module, search_module, view_module;

/* Nothing else: no daemon is needed for these. */
const ApiModule *const api_modules[] = {&view_module, &property_collector_module, &search_module, NULL};

#define REF(type, id) "{'_typeName':'ManagedObjectReference','type':'" type "','value':'" id "'}"
#define ROOT          REF("Folder", "group-d1")
#define VM_FOLDER     REF("Folder", "group-v3")

typedef struct Reply {
        VimValue *result, *fault;
        char *message;
        unsigned times;   /* that it was answered */
        Request *request; /* while it is not */
} Reply;

typedef struct Lab {
        Api *api;
        World *world;
        Session *session, *other; /* both administrators */
        GPtrArray *texts;         /* what was said, freed at the end */
        Reply last;
} Lab;

/* === sessions === */

static inline Session *lab_session(const char *user, Role role)
{
        Session *session = session_new("192.0.2.1", NULL);

        session->user = g_strdup(user);
        session->role = role;
        return session;
}

/* As the server does when somebody logs out. */
static inline void lab_log_out(Session *session)
{
        for (unsigned i = 0; i < session->owned->len; i++) {
                world_remove(session->owned->pdata[i]);
                managed_unref(session->owned->pdata[i]);
        }
        g_ptr_array_set_size(session->owned, 0);
        session_unref(session);
}

/* === the inventory === */

static inline Managed *lab_add(Lab *lab, const char *type, const char *id, const char *name,
                               const char *parent)
{
        Managed *managed = world_add(lab->world, type, id, strcmp(id, "group-d1") == 0 ? "root" : NULL);

        entity_set_up(managed, name);
        if (parent != NULL)
                entity_set_parent(managed, world_find(lab->world, parent));
        return managed;
}

static inline VimValue *lab_device(int key, const char *label)
{
        VimValue *device = vim_new_object("VirtualDisk"), *info = vim_new_object("Description");

        vim_set_text(info, "label", label);
        vim_set_int(device, "key", key);
        vim_set(device, "deviceInfo", info);
        return device;
}

static inline VimValue *lab_config(const char *name, unsigned n_devices)
{
        VimValue *config = vim_new_object("VirtualMachineConfigInfo");
        VimValue *hardware = vim_new_object("VirtualHardware"), *devices = vim_new_list("VirtualDevice");

        for (unsigned i = 0; i < n_devices; i++) {
                g_autofree char *label = g_strdup_printf("disk %u", i);

                vim_add(devices, lab_device(2000 + (int)i, label));
        }
        vim_set_int(hardware, "memoryMB", 512);
        vim_set(hardware, "device", devices);
        vim_set_text(config, "name", name);
        vim_set(config, "hardware", hardware);
        return config;
}

static inline Managed *lab_add_vm(Lab *lab, const char *id, const char *name, const char *folder)
{
        Managed *vm = lab_add(lab, "VirtualMachine", id, name, folder);

        managed_set(vm, "config", lab_config(name, 2));
        return vm;
}

static inline void lab_remove(Lab *lab, const char *id)
{
        Managed *managed = world_find(lab->world, id);

        entity_set_parent(managed, NULL);
        world_remove(managed);
}

static inline void lab_fill(Lab *lab)
{
        Managed *datacenter, *service;

        service = world_add(lab->world, "ServiceInstance", "ServiceInstance", NULL);
        managed_set(service, "content", vim_new_object("ServiceContent"));
        managed_set(service, "serverClock", vim_new_time(0));
        (void)lab_add(lab, "Folder", "group-d1", "Datacenters", NULL);
        datacenter = lab_add(lab, "Datacenter", "datacenter-2", "ha-datacenter", "group-d1");
        (void)lab_add(lab, "Folder", "group-v3", "vm", "datacenter-2");
        (void)lab_add(lab, "Folder", "group-h4", "host", "datacenter-2");
        (void)lab_add(lab, "Folder", "group-v5", "lab", "group-v3");
        managed_set(datacenter, "vmFolder", vim_new_reference("Folder", "group-v3"));
        managed_set(datacenter, "hostFolder", vim_new_reference("Folder", "group-h4"));
        (void)lab_add_vm(lab, "vm-1", "web1", "group-v3");
        (void)lab_add_vm(lab, "vm-2", "web2", "group-v5");
}

/* === life === */

static inline Lab *lab_new(void)
{
        static const ApiParts parts;
        Lab *lab = g_new0(Lab, 1);
        GError *error = NULL;

        lab->api = api_new(&parts, &error);
        g_assert_no_error(error);
        lab->world = api_world(lab->api);
        lab->session = lab_session("root", ROLE_ADMINISTRATOR);
        lab->other = lab_session("other", ROLE_ADMINISTRATOR);
        lab->texts = g_ptr_array_new_with_free_func(g_free);
        lab_fill(lab);
        return lab;
}

static inline void reply_clear(Reply *reply)
{
        vim_unref(reply->result);
        vim_unref(reply->fault);
        g_free(reply->message);
        *reply = (Reply){0};
}

static inline void lab_free(Lab *lab)
{
        if (lab->session != NULL)
                lab_log_out(lab->session);
        if (lab->other != NULL)
                lab_log_out(lab->other);
        api_free(lab->api);
        g_ptr_array_unref(lab->texts);
        reply_clear(&lab->last);
        g_free(lab);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lab, lab_free)

/* === calls === */

static inline void on_reply(const VimValue *result, const VimValue *fault, const char *message,
                            gpointer user_data)
{
        Reply *reply = user_data;

        reply->times++;
        reply->result = vim_ref(result);
        reply->fault = vim_ref(fault);
        reply->message = g_strdup(message);
        reply->request = NULL;
}

/* reply must be clear. */
static inline void lab_begin(Lab *lab, Session *session, const char *object, const char *name,
                             const char *args, Reply *reply)
{
        Managed *target = world_find(lab->world, object);
        const VimMethod *method = vim_type_method(target->type, name);
        g_autofree char *body = g_strdup(args);
        VimValue **values;
        GError *error = NULL;
        Request *request;

        g_assert_nonnull(method);
        g_strdelimit(body, "'", '"');
        (void)json_read_args(body, strlen(body), method, &values, &error);
        g_assert_no_error(error);
        request = request_start(lab->api, session, VIM_NEWEST, target, method, values, on_reply, reply);
        if (reply->times == 0)
                reply->request = request;
        g_free(values);
}

static inline const char *lab_text(Lab *lab, char *text)
{
        g_ptr_array_add(lab->texts, text);
        return text;
}

/* === answers in few words === */

static inline void say(GString *to, const VimValue *value);

static inline void say_list(GString *to, const VimValue *list)
{
        g_string_append_c(to, '[');
        for (unsigned i = 0; i < vim_length(list); i++) {
                if (i > 0)
                        g_string_append_c(to, ' ');
                say(to, vim_item(list, i));
        }
        g_string_append_c(to, ']');
}

static inline void say(GString *to, const VimValue *value)
{
        if (value == NULL) {
                g_string_append(to, "-");
        } else if (value->is_list) {
                say_list(to, value);
        } else if (value->type->kind == VIM_STRING || value->type->kind == VIM_ENUM ||
                   value->type->kind == VIM_REFERENCE) {
                g_string_append(to, value->text);
        } else if (value->type->kind == VIM_INT || value->type->kind == VIM_LONG) {
                g_string_append_printf(to, "%" G_GINT64_FORMAT, value->integer);
        } else if (value->type->kind == VIM_BOOLEAN) {
                g_string_append(to, value->boolean ? "true" : "false");
        } else {
                g_string_append(to, value->type->name);
        }
}

static inline void say_missing(GString *to, const VimValue *missing)
{
        for (unsigned i = 0; i < vim_length(missing); i++)
                g_string_append_printf(to, "%s!%s:%s", i > 0 ? " " : "",
                                       vim_get_text(vim_item(missing, i), "path"),
                                       vim_get(vim_get(vim_item(missing, i), "fault"), "fault")->type->name);
}

/* "vm-1{name=web1} vm-2{!name:NoPermission}" of ObjectContents. */
static inline void say_objects(GString *to, const VimValue *objects)
{
        for (unsigned i = 0; i < vim_length(objects); i++) {
                const VimValue *set = vim_get(vim_item(objects, i), "propSet");

                g_string_append_printf(to, "%s%s{", to->len > 0 ? " " : "",
                                       vim_get_text(vim_item(objects, i), "obj"));
                for (unsigned j = 0; j < vim_length(set); j++) {
                        g_string_append_printf(to, "%s%s=", j > 0 ? " " : "",
                                               vim_get_text(vim_item(set, j), "name"));
                        say(to, vim_get(vim_item(set, j), "val"));
                }
                say_missing(to, vim_get(vim_item(objects, i), "missingSet"));
                g_string_append_c(to, '}');
        }
}

/* "enter vm-1{name=web1} modify vm-2{+a=1 -b ~c} leave vm-3{} missing vm-9" of an UpdateSet. */
static inline void say_update(GString *to, const VimValue *update)
{
        const VimValue *changes = vim_get(update, "changeSet");

        g_string_append_printf(to, "%s%s %s{", to->len > 0 ? " " : "", vim_get_text(update, "kind"),
                               vim_get_text(update, "obj"));
        for (unsigned i = 0; i < vim_length(changes); i++) {
                const VimValue *change = vim_item(changes, i);
                const char *op = vim_get_text(change, "op");

                g_string_append_printf(to, "%s%s%s", i > 0 ? " " : "",
                                       strcmp(op, "assign") == 0   ? ""
                                       : strcmp(op, "add") == 0    ? "+"
                                       : strcmp(op, "remove") == 0 ? "-"
                                                                   : "~",
                                       vim_get_text(change, "name"));
                if (strcmp(op, "assign") == 0 || strcmp(op, "add") == 0) {
                        g_string_append_c(to, '=');
                        say(to, vim_get(change, "val"));
                }
        }
        say_missing(to, vim_get(update, "missingSet"));
        g_string_append_c(to, '}');
}

static inline void say_set(GString *to, const VimValue *set)
{
        const VimValue *filters = vim_get(set, "filterSet");

        for (unsigned i = 0; i < vim_length(filters); i++) {
                const VimValue *objects = vim_get(vim_item(filters, i), "objectSet");
                const VimValue *missing = vim_get(vim_item(filters, i), "missingSet");

                for (unsigned j = 0; j < vim_length(objects); j++)
                        say_update(to, vim_item(objects, j));
                for (unsigned j = 0; j < vim_length(missing); j++)
                        g_string_append_printf(to, "%smissing %s", to->len > 0 ? " " : "",
                                               vim_get_text(vim_item(missing, j), "obj"));
        }
        if (vim_get_bool(set, "truncated", false))
                g_string_append(to, " truncated");
}

static inline const char *reply_text(Lab *lab, const Reply *reply)
{
        GString *to = g_string_new(NULL);

        if (reply->times == 0)
                g_string_append(to, "waiting");
        else if (reply->fault != NULL)
                g_string_append(to, reply->fault->type->name);
        else if (vim_is(reply->result, "RetrieveResult"))
                say_objects(to, vim_get(reply->result, "objects"));
        else if (reply->result != NULL && reply->result->is_list &&
                 strcmp(reply->result->type->name, "ObjectContent") == 0)
                say_objects(to, reply->result);
        else if (vim_is(reply->result, "UpdateSet"))
                say_set(to, reply->result);
        else
                say(to, reply->result);
        return lab_text(lab, g_string_free(to, FALSE));
}

/* The answer, which must come at once; also in lab->last. */
static inline const char *lab_ask_as(Lab *lab, Session *session, const char *object, const char *method,
                                     const char *args)
{
        reply_clear(&lab->last);
        lab_begin(lab, session, object, method, args, &lab->last);
        g_assert_cmpuint(lab->last.times, ==, 1);
        return reply_text(lab, &lab->last);
}

static inline const char *lab_ask(Lab *lab, const char *object, const char *method, const char *args)
{
        return lab_ask_as(lab, lab->session, object, method, args);
}

/* All that is to be done now. */
static inline void lab_settle(void)
{
        while (g_main_context_iteration(NULL, FALSE))
                ;
}
