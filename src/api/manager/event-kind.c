/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of aerostat as vim25's. */
#include "api/manager/event-kind.h"

#include <stdio.h>
#include <string.h>

#include "api/manager/manager.h"
#include "api/manager/session-event.h"

/* A VM whose object nobody knows any more: there is never one of this id. */
#define NO_VM "vm-0"

/* --- arguments --- */

static VimValue *argument(const char *type, const char *field, const Managed *managed)
{
        const VimValue *name = managed != NULL ? managed_peek(managed, "name") : NULL;
        VimValue *value;

        if (managed == NULL)
                return NULL;
        value = vim_new_object(type);
        vim_set_text(value, "name", name != NULL ? name->text : "");
        vim_set(value, field, managed_reference(managed));
        return value;
}

static VimValue *host_argument(Api *api)
{
        return argument("HostEventArgument", "host", world_find_key(api_world(api), "HostSystem", "host"));
}

static VimValue *vm_argument(const char *id, const char *name)
{
        VimValue *value = vim_new_object("VmEventArgument");

        vim_set_text(value, "name", name);
        vim_set_ref(value, "vm", "VirtualMachine", id != NULL ? id : NO_VM);
        return value;
}

/* What is between the first pair of quotes; "" when there is none. Owned. */
static char *quoted(const char *message)
{
        const char *start = strchr(message, '"');
        const char *end = start != NULL ? strrchr(start + 1, '"') : NULL;

        return end != NULL ? g_strndup(start + 1, (gsize)(end - start - 1)) : g_strdup("");
}

/* --- what types have besides --- */

static void fill_renamed(VimValue *event, const EventContext *context, const InventoryEvent *record)
{
        g_autofree char *old = quoted(record->message);

        (void)context;
        vim_set_text(event, "oldName", old);
        vim_set_text(event, "newName", record->vm != NULL ? record->vm : "");
}

/* What was changed is in the message: of the specification nothing is kept. */
static void fill_reconfigured(VimValue *event, const EventContext *context, const InventoryEvent *record)
{
        VimValue *changes = vim_new_object("ChangesInfoEventArgument");

        (void)context;
        vim_set(event, "configSpec", vim_new_object("VirtualMachineConfigSpec"));
        vim_set_text(changes, "modified", record->message);
        vim_set(event, "configChanges", changes);
}

static void fill_reallocated(VimValue *event, const EventContext *context, const InventoryEvent *record)
{
        VimValue *changes = vim_new_object("ChangesInfoEventArgument");

        (void)context;
        vim_set_text(changes, "modified", record->message);
        vim_set(event, "configChanges", changes);
}

static void fill_relocated(VimValue *event, const EventContext *context, const InventoryEvent *record)
{
        (void)record;
        vim_set(event, "sourceHost", host_argument(context->api));
}

static void fill_cloned(VimValue *event, const EventContext *context, const InventoryEvent *record)
{
        g_autofree char *name = quoted(record->message);
        const Managed *source = scope_vm_named(api_world(context->api), name);

        vim_set(event, "sourceVm", vm_argument(source != NULL ? source->id : NULL, name));
}

static void fill_message(VimValue *event, const EventContext *context, const InventoryEvent *record)
{
        (void)context;
        vim_set_text(event, "message", record->message);
}

/* "USER: WORDS" */
static void fill_user(VimValue *event, const EventContext *context, const InventoryEvent *record)
{
        const char *words = strstr(record->message, ": ");
        VimValue *entity;

        vim_set_text(event, "message", words != NULL ? words + 2 : record->message);
        if (record->vm == NULL || context->vm_id == NULL)
                return;
        entity = vim_new_object("ManagedEntityEventArgument");
        vim_set_text(entity, "name", record->vm);
        vim_set_ref(entity, "entity", "VirtualMachine", context->vm_id);
        vim_set(event, "entity", entity);
}

static void fill_login(VimValue *event, const EventContext *context, const InventoryEvent *record)
{
        g_auto(SessionEvent) session = {0};

        (void)context;
        session_event_parse(record->message, &session);
        vim_set_text(event, "ipAddress", session.address);
        vim_set_text(event, "userAgent", session.agent);
        vim_set_text(event, "locale", "en");
        vim_set_text(event, "sessionId", session.id);
}

static void fill_logout(VimValue *event, const EventContext *context, const InventoryEvent *record)
{
        g_auto(SessionEvent) session = {0};

        (void)context;
        session_event_parse(record->message, &session);
        vim_set_text(event, "ipAddress", session.address);
        vim_set_text(event, "userAgent", session.agent);
        vim_set_text(event, "sessionId", session.id);
}

static void fill_bad_login(VimValue *event, const EventContext *context, const InventoryEvent *record)
{
        g_auto(SessionEvent) session = {0};

        (void)context;
        session_event_parse(record->message, &session);
        vim_set_text(event, "ipAddress", session.address);
}

static void add_pair(VimValue *event, const char *key, const char *text)
{
        VimValue *pair = vim_new_object("KeyAnyValue");
        const VimValue *old = vim_get(event, "arguments");
        VimValue *list = vim_new_list("KeyAnyValue");

        for (unsigned i = 0; i < vim_length(old); i++)
                vim_add(list, vim_ref(vim_item(old, i)));
        vim_set_text(pair, "key", key);
        vim_set(pair, "value", vim_new_string(text));
        vim_add(list, pair);
        vim_set(event, "arguments", list);
}

/* "memory is soft, was high: ..." */
static void fill_state(VimValue *event, const EventContext *context, const InventoryEvent *record)
{
        char now[16], before[16];

        (void)context;
        if (sscanf(record->message, "memory is %15[a-z], was %15[a-z]", now, before) != 2)
                return;
        add_pair(event, "state", now);
        add_pair(event, "previousState", before);
}

/* --- all kinds; the first that fits is it --- */

#define VM(words, event_type, text, function)                                            \
        {                                                                                \
                .journal = "vm", .begins = (words), .of_vm = true, .type = (event_type), \
                .category = "info", .description = (text), .fill = (function)            \
        }
#define EX(source, words, event_id, kind, text)                                              \
        {                                                                                    \
                .journal = (source), .begins = (words), .type = "EventEx", .id = (event_id), \
                .category = (kind), .description = (text)                                    \
        }

const EventKind event_kinds[] = {
        VM("is powered on", "VmPoweredOnEvent", "VM powered on", NULL),
        VM("is powered off", "VmPoweredOffEvent", "VM powered off", NULL),
        VM("is shut down", "VmPoweredOffEvent", "VM powered off", NULL),
        VM("is suspended", "VmSuspendedEvent", "VM suspended", NULL),
        VM("is created in ", "VmCreatedEvent", "VM created", NULL),
        VM("is a linked clone of ", "VmClonedEvent", "VM cloned", fill_cloned),
        VM("is a full clone of ", "VmClonedEvent", "VM cloned", fill_cloned),
        VM("is deleted", "VmRemovedEvent", "VM removed", NULL),
        VM("is unregistered", "VmRemovedEvent", "VM removed", NULL),
        VM("is registered from ", "VmRegisteredEvent", "VM registered", NULL),
        VM("was taken into the inventory", "VmDiscoveredEvent", "VM discovered", NULL),
        VM("was called ", "VmRenamedEvent", "VM renamed", fill_renamed),
        VM("has a card ", "VmReconfiguredEvent", "VM reconfigured", fill_reconfigured),
        VM("has its card ", "VmReconfiguredEvent", "VM reconfigured", fill_reconfigured),
        VM("has no card ", "VmReconfiguredEvent", "VM reconfigured", fill_reconfigured),
        VM("customized with ", "CustomizationSucceeded", "Customization succeeded", NULL),
        VM("the guest has rebooted", "VmGuestRebootEvent", "Guest reboot", NULL),
        EX("vm", NULL, "aerostat.vm", "info", "What a VM does"),
        {.journal = "task",
         .begins = "disk ",
         .of_vm = true,
         .type = "VmReconfiguredEvent",
         .category = "info",
         .description = "VM reconfigured",
         .fill = fill_reconfigured},
        {.journal = "task",
         .begins = "moved to datastore ",
         .of_vm = true,
         .type = "VmRelocatedEvent",
         .category = "info",
         .description = "VM relocated",
         .fill = fill_relocated},
        EX("task", NULL, "aerostat.vm.task", "info", "What was done to a VM"),
        EX("question", "is answered", "aerostat.vm.answer", "info", "A VM's question was answered"),
        {.journal = "question",
         .of_vm = true,
         .type = "VmMessageEvent",
         .category = "warning",
         .description = "VM asks a question",
         .fill = fill_message},
        {.journal = "setting",
         .of_vm = true,
         .type = "VmResourceReallocatedEvent",
         .category = "info",
         .description = "VM resource reallocated",
         .fill = fill_reallocated},
        EX("setting", NULL, "aerostat.setting", "info", "A setting of the host was changed"),
        EX("error", NULL, "aerostat.error", "error", "Something went wrong"),
        {.journal = "state",
         .begins = "memory is soft",
         .type = "EventEx",
         .id = "aerostat.memory.state",
         .category = "warning",
         .description = "State of the host's memory",
         .fill = fill_state},
        {.journal = "state",
         .begins = "memory is hard",
         .type = "EventEx",
         .id = "aerostat.memory.state",
         .category = "error",
         .description = "State of the host's memory",
         .fill = fill_state},
        {.journal = "state",
         .begins = "memory is low",
         .type = "EventEx",
         .id = "aerostat.memory.state",
         .category = "error",
         .description = "State of the host's memory",
         .fill = fill_state},
        {.journal = "state",
         .type = "EventEx",
         .id = "aerostat.memory.state",
         .category = "info",
         .description = "State of the host's memory",
         .fill = fill_state},
        EX("reclaim", NULL, "aerostat.memory.reclaim", "info", "Memory is taken from a VM"),
        EX("balloon", NULL, "aerostat.memory.balloon", "warning", "A balloon does not do as it is asked"),
        EX("limit", NULL, "aerostat.memory.limit", "info", "A VM is at its limit"),
        EX("stop", NULL, "aerostat.memory.stop", "warning", "A VM is stopped: memory is low"),
        EX("resume", NULL, "aerostat.memory.resume", "info", "A stopped VM goes on"),
        EX("share", NULL, "aerostat.memory.share", "info", "Page sharing"),
        EX("account", NULL, "aerostat.account", "info", "Accounts"),
        EX("daemon", NULL, "aerostat.daemon", "info", "aerostatd"),
        {.journal = SESSION_EVENT_LOGIN,
         .type = "UserLoginSessionEvent",
         .category = "info",
         .description = "User login",
         .fill = fill_login},
        {.journal = SESSION_EVENT_LOGOUT,
         .type = "UserLogoutSessionEvent",
         .category = "info",
         .description = "User logout",
         .fill = fill_logout},
        {.journal = SESSION_EVENT_REFUSED,
         .type = "BadUsernameSessionEvent",
         .category = "error",
         .description = "Login refused",
         .fill = fill_bad_login},
        {.journal = EVENT_USER,
         .type = "GeneralUserEvent",
         .category = "user",
         .description = "User event",
         .fill = fill_user},
        EX(NULL, NULL, "aerostat.event", "info", "Another event"),
        {.type = NULL},
};

const EventKind *event_kind_of(const char *journal, const char *vm, const char *message)
{
        const EventKind *kind = event_kinds;

        while ((kind->journal != NULL && strcmp(kind->journal, journal) != 0) ||
               (kind->begins != NULL && !g_str_has_prefix(message, kind->begins)) ||
               (kind->of_vm && vm == NULL))
                kind++;
        return kind;
}

bool event_kind_is(const EventKind *kind, const char *name)
{
        const VimType *type = vim_type(kind->type), *asked;

        if (g_str_has_prefix(name, "vim.event."))
                name += strlen("vim.event.");
        asked = vim_type(name);
        return (kind->id != NULL && strcmp(kind->id, name) == 0) ||
               (asked != NULL && vim_type_is(type, asked));
}

char *event_kind_user(const EventKind *kind, const char *message)
{
        const char *words = kind->fill == fill_user ? strstr(message, ": ") : NULL;
        g_auto(SessionEvent) session = {0};

        if (words != NULL)
                return g_strndup(message, (gsize)(words - message));
        if (kind->fill != fill_login && kind->fill != fill_logout && kind->fill != fill_bad_login)
                return g_strdup("");
        session_event_parse(message, &session);
        return g_strdup(session.user);
}

/* --- values --- */

static bool is_template(const EventContext *context)
{
        const Managed *vm =
                context->vm_id != NULL ? world_find(api_world(context->api), context->vm_id) : NULL;

        return vm != NULL && vim_get_bool(managed_peek(vm, "config"), "template", false);
}

static void set_extended(VimValue *event, const EventKind *kind, const EventContext *context,
                         const InventoryEvent *record)
{
        vim_set_text(event, "eventTypeId", kind->id);
        vim_set_text(event, "severity", kind->category);
        vim_set_text(event, "message", record->message);
        if (record->vm == NULL)
                return;
        vim_set_text(event, "objectId", context->vm_id);
        vim_set_text(event, "objectType", "VirtualMachine");
        vim_set_text(event, "objectName", record->vm);
        add_pair(event, "vm", record->vm);
}

VimValue *event_value(const EventContext *context, const InventoryEvent *record)
{
        const EventKind *kind = event_kind_of(record->type, record->vm, record->message);
        World *world = api_world(context->api);
        VimValue *event = vim_new_object(kind->type);
        g_autofree char *full = record->vm != NULL && strcmp(record->type, EVENT_USER) != 0
                                        ? g_strdup_printf("%s: %s", record->vm, record->message)
                                        : g_strdup(record->message);

        vim_set_int(event, "key", record->id);
        vim_set_int(event, "chainId", context->chain != 0 ? context->chain : record->id);
        vim_set(event, "createdTime", vim_new_time_ms(record->time_ms));
        vim_set_text(event, "userName", context->user);
        vim_set(event, "datacenter",
                argument("DatacenterEventArgument", "datacenter",
                         world_find_key(world, "Datacenter", "host")));
        vim_set(event, "computeResource",
                argument("ComputeResourceEventArgument", "computeResource",
                         world_find_key(world, "ComputeResource", "host")));
        vim_set(event, "host", host_argument(context->api));
        if (record->vm != NULL)
                vim_set(event, "vm", vm_argument(context->vm_id, record->vm));
        if (!context->without_message)
                vim_set_text(event, "fullFormattedMessage", full);
        if (vim_is(event, "VmEvent"))
                vim_set_bool(event, "template", is_template(context));
        if (kind->id != NULL)
                set_extended(event, kind, context, record);
        if (kind->fill != NULL)
                kind->fill(event, context, record);
        return event;
}

/* --- description --- */

static VimValue *detail(const EventKind *kind)
{
        VimValue *value = vim_new_object("EventDescriptionEventDetail");
        g_autofree char *format = kind->id != NULL ? g_strdup_printf("%s|{message}", kind->id)
                                                   : g_strdup("{fullFormattedMessage}");

        vim_set_text(value, "key", kind->type);
        vim_set_text(value, "description", kind->description);
        vim_set_text(value, "category", kind->category);
        vim_set_text(value, "formatOnDatacenter", format);
        vim_set_text(value, "formatOnComputeResource", format);
        vim_set_text(value, "formatOnHost", format);
        vim_set_text(value, "formatOnVm", format);
        vim_set_text(value, "fullFormat", format);
        return value;
}

VimValue *event_description(void)
{
        static const char *const categories[][2] = {
                {"info", "Information"}, {"warning", "Warning"}, {"error", "Error"}, {"user", "User"}};
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        VimValue *value = vim_new_object("EventDescription");
        VimValue *category = vim_new_list("ElementDescription");
        VimValue *info = vim_new_list("EventDescriptionEventDetail");

        for (unsigned i = 0; i < G_N_ELEMENTS(categories); i++)
                vim_add(category, manager_element(categories[i][0], categories[i][1], NULL));
        for (const EventKind *kind = event_kinds; kind->type != NULL; kind++)
                if (g_hash_table_add(seen, (gpointer)(gintptr)(kind->id != NULL ? kind->id : kind->type)))
                        vim_add(info, detail(kind));
        vim_set(value, "category", category);
        vim_set(value, "eventInfo", info);
        return value;
}
