/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The JSON form, as VMware's VI JSON has it:
 *      POST /sdk/vim25/RELEASE/TYPE/ID/METHOD, its arguments in the body
 *      GET  /sdk/vim25/RELEASE/TYPE/ID/PROPERTY
 *      GET  /sdk/vim25/RELEASE/PropertyCollector/ID/updates, a stream: see updates.c
 */
#include "vim/json.h"

#include <string.h>

#include "server/call.h"

#define CONTENT "application/json"
#define PREFIX  "/sdk/vim25/"

typedef struct Status {
        const char *fault;
        unsigned status;
} Status;

/* The first that a fault is, or extends. */
static const Status statuses[] = {
        {"NotAuthenticated", SOUP_STATUS_UNAUTHORIZED},  {"InvalidLogin", SOUP_STATUS_UNAUTHORIZED},
        {"NoPermission", SOUP_STATUS_FORBIDDEN},         {"ManagedObjectNotFound", SOUP_STATUS_NOT_FOUND},
        {"MethodNotFound", SOUP_STATUS_NOT_FOUND},       {"NotFound", SOUP_STATUS_NOT_FOUND},
        {"InvalidArgument", SOUP_STATUS_BAD_REQUEST},    {"InvalidRequest", SOUP_STATUS_BAD_REQUEST},
        {"NotImplemented", SOUP_STATUS_NOT_IMPLEMENTED},
};

static GString *write_result(const VimMethod *method, const VimValue *result, VimVersion version)
{
        (void)method;
        return result != NULL ? json_write_value(result, version) : NULL;
}

static void send_fault(Exchange *exchange, const VimValue *fault, const char *message, VimVersion version)
{
        unsigned status = SOUP_STATUS_INTERNAL_SERVER_ERROR;

        for (unsigned i = G_N_ELEMENTS(statuses); i-- > 0;)
                if (vim_is(fault, statuses[i].fault))
                        status = statuses[i].status;
        exchange_answer(exchange, status, CONTENT, json_write_fault(fault, message, version));
}

static const Form form = {.content = CONTENT, .result = write_result, .fault = send_fault};

static void run_method(Server *server, Exchange *exchange, VimVersion version, Managed *target,
                       const VimMethod *method)
{
        g_autoptr(GError) error = NULL;
        VimValue **args = NULL;
        gsize length;
        const char *body = g_bytes_get_data(exchange_body(exchange), &length);

        if (!json_read_args(body != NULL ? body : "", length, method, &args, &error)) {
                call_refuse(exchange, &form, version, target->type->name, target->id, method->name, error);
                return;
        }
        call_run(server, exchange, &form, version, target, method, args);
        g_free(args);
}

static void refuse_privilege(Exchange *exchange, VimVersion version, const Managed *target,
                             const char *privilege)
{
        bool is_stranger = route_session(exchange)->role == ROLE_NONE;
        g_autoptr(VimValue) fault = vim_new_fault(is_stranger ? "NotAuthenticated" : "NoPermission");

        vim_set(fault, "object", managed_reference(target));
        vim_set_text(fault, "privilegeId", privilege);
        send_fault(exchange, fault, "the session may not read this", version);
}

/* Privileges are those of the type table, as the property collector has them. */
static void read_property(Server *server, Exchange *exchange, VimVersion version, const Managed *target,
                          unsigned place)
{
        const VimField *field = &target->type->fields[place];
        const char *privilege = field->privilege != NULL ? field->privilege : "System.Read";
        Session *session = route_session(exchange);
        g_autoptr(VimValue) value = NULL;

        if (!role_has(session->role, privilege)) {
                refuse_privilege(exchange, version, target, privilege);
                return;
        }
        value = managed_get(target, place, session->role != ROLE_NONE ? session : NULL);
        call_answer(server, exchange, &form, NULL, value, version);
}

static bool is_updates(const Managed *target, const char *name)
{
        return strcmp(name, "updates") == 0 && strcmp(target->type->name, "PropertyCollector") == 0;
}

static void stream_updates(Server *server, Exchange *exchange, VimVersion version, Managed *target)
{
        if (!role_has(route_session(exchange)->role, "System.View"))
                refuse_privilege(exchange, version, target, "System.View");
        else if (!exchange_is(exchange, "GET"))
                exchange_refuse(exchange, SOUP_STATUS_METHOD_NOT_ALLOWED, "updates are read by GET");
        else
                updates_stream(server, exchange, version, target);
}

/* kind: of what there is not, of this name. */
static void refuse(Exchange *exchange, VimVersion version, char *const *parts, WireError code,
                   const char *kind, const char *name)
{
        g_autoptr(GError) error =
                g_error_new(WIRE_ERROR, (int)code, "there is no %s \"%.100s\"", kind, name);

        call_refuse(exchange, &form, version, parts[1], parts[2], parts[3], error);
}

void json_run(Exchange *exchange, gpointer user_data)
{
        Server *server = user_data;
        World *world = api_world(server_api(server));
        g_auto(GStrv) parts = g_strsplit(exchange_head(exchange)->path + strlen(PREFIX), "/", -1);
        VimVersion version = VIM_NEWEST;
        Managed *target;

        if (g_strv_length(parts) != 4 || !vim_version_parse(parts[0], &version)) {
                exchange_refuse(exchange, SOUP_STATUS_NOT_FOUND,
                                "there are %sRELEASE/TYPE/ID/METHOD to call and .../PROPERTY to read",
                                PREFIX);
                return;
        }
        target = call_type_of(parts[1], parts[2], world) != NULL ? world_find(world, parts[2]) : NULL;
        if (target == NULL || (target->owner != NULL && target->owner != route_session(exchange))) {
                refuse(exchange, version, parts, WIRE_ERROR_UNKNOWN_OBJECT, "object", parts[2]);
        } else if (exchange_is(exchange, "POST")) {
                const VimMethod *method = vim_type_method(target->type, parts[3]);

                if (method != NULL)
                        run_method(server, exchange, version, target, method);
                else
                        refuse(exchange, version, parts, WIRE_ERROR_UNKNOWN_METHOD, "method", parts[3]);
        } else if (is_updates(target, parts[3])) {
                stream_updates(server, exchange, version, target);
        } else {
                int place = vim_type_field(target->type, parts[3]);

                if (place >= 0)
                        read_property(server, exchange, version, target, (unsigned)place);
                else
                        refuse(exchange, version, parts, WIRE_ERROR_UNKNOWN_METHOD, "property", parts[3]);
        }
}
