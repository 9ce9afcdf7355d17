/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Managers of a vCenter that have nothing to manage here, and say so: extensions, alarms, scheduled tasks,
 * licences. */
#include <string.h>

#include "api/tree/tree.h"

static void refuse(Request *request)
{
        request_fault(request, vim_new_fault("NotSupported"), "%s.%s: aerostat has nothing of this kind",
                      request_target(request)->type->name, request_method(request)->name);
}

static void return_nothing(Request *request)
{
        request_return(request, NULL);
}

/* --- extensions --- */

static void refuse_extension(Request *request)
{
        request_fault(request, vim_new_fault("NotFound"), "there is no extension: aerostat has none");
}

/* --- alarms --- */

static void alarms_enabled(Request *request)
{
        request_return(request, vim_new_bool(false));
}

static VimValue *element(const char *key, const char *label)
{
        VimValue *value = vim_new_object("ElementDescription");

        vim_set_text(value, "key", key);
        vim_set_text(value, "label", label);
        vim_set_text(value, "summary", label);
        return value;
}

/* The constants of an enumeration, as their own descriptions. */
static VimValue *elements_of(const char *type_name)
{
        const VimType *type = vim_type(type_name);
        VimValue *list = vim_new_list("ElementDescription");

        for (unsigned i = 0; i < type->n_values; i++)
                vim_add(list, element(type->values[i].text, type->values[i].text));
        return list;
}

static void add_alarms(World *world)
{
        Managed *alarms = world_add(world, "AlarmManager", "AlarmManager", NULL);
        VimValue *description = vim_new_object("AlarmDescription");

        vim_set(description, "expr", vim_new_list("TypeDescription"));
        vim_set(description, "stateOperator", elements_of("StateAlarmOperator"));
        vim_set(description, "metricOperator", elements_of("MetricAlarmOperator"));
        vim_set(description, "hostSystemConnectionState", elements_of("HostSystemConnectionState"));
        vim_set(description, "virtualMachinePowerState", elements_of("VirtualMachinePowerState"));
        vim_set(description, "datastoreConnectionState", vim_new_list("ElementDescription"));
        vim_set(description, "hostSystemPowerState", elements_of("HostSystemPowerState"));
        vim_set(description, "virtualMachineGuestHeartbeatStatus", elements_of("ManagedEntityStatus"));
        vim_set(description, "entityStatus", elements_of("ManagedEntityStatus"));
        vim_set(description, "action", vim_new_list("TypeDescription"));
        managed_set(alarms, "description", description);
        managed_set(alarms, "defaultExpression", vim_new_list("AlarmExpression"));
}

/* --- scheduled tasks --- */

static void add_scheduled_tasks(World *world)
{
        Managed *tasks = world_add(world, "ScheduledTaskManager", "ScheduledTaskManager", NULL);
        VimValue *description = vim_new_object("ScheduledTaskDescription");

        vim_set(description, "action", vim_new_list("TypeDescription"));
        vim_set(description, "schedulerInfo", vim_new_list("ScheduledTaskDetail"));
        vim_set(description, "state", elements_of("TaskInfoState"));
        vim_set(description, "dayOfWeek", elements_of("DayOfWeek"));
        vim_set(description, "weekOfMonth", elements_of("WeekOfMonth"));
        managed_set(tasks, "description", description);
        managed_set(tasks, "scheduledTask", vim_new_list("ScheduledTask"));
}

/* --- licences: aerostat is free, and clients that ask are told so in their own words --- */

#define LICENSE_KEY  "00000-00000-00000-00000-00000"
#define LICENSE_NAME "aerostat (LGPL-2.1-or-later)"

static VimValue *property(const char *key, VimValue *value)
{
        VimValue *pair = vim_new_object("KeyAnyValue");

        vim_set_text(pair, "key", key);
        vim_set(pair, "value", value);
        return pair;
}

static VimValue *license(void)
{
        VimValue *info = vim_new_object("LicenseManagerLicenseInfo");
        VimValue *properties = vim_new_list("KeyAnyValue");

        vim_add(properties, property("ProductName", vim_new_string("aerostat")));
        vim_add(properties, property("ProductVersion", vim_new_string(AEROSTAT_VERSION)));
        vim_set_text(info, "licenseKey", LICENSE_KEY);
        vim_set_text(info, "editionKey", "free");
        vim_set_text(info, "name", LICENSE_NAME);
        vim_set_int(info, "total", 0); /* without a bound */
        vim_set_int(info, "used", 0);
        vim_set_text(info, "costUnit", "host");
        vim_set(info, "properties", properties);
        return info;
}

static VimValue *license_source(void)
{
        VimValue *source = vim_new_object("LocalLicenseSource");

        vim_set_text(source, "licenseKeys", "");
        return source;
}

static void add_licenses(World *world)
{
        Managed *licenses = world_add(world, "LicenseManager", "LicenseManager", NULL);
        const Managed *assignments =
                world_add(world, "LicenseAssignmentManager", "LicenseAssignmentManager", NULL);
        VimValue *evaluation = vim_new_object("LicenseManagerEvaluationInfo");

        vim_set(evaluation, "properties", vim_new_list("KeyAnyValue"));
        managed_set(licenses, "source", license_source());
        managed_set(licenses, "sourceAvailable", vim_new_bool(true));
        managed_set(licenses, "featureInfo", vim_new_list("LicenseFeatureInfo"));
        managed_set_text(licenses, "licensedEdition", "free");
        managed_set(licenses, "licenses", license());
        managed_set(licenses, "evaluation", evaluation);
        managed_set(licenses, "licenseAssignmentManager", managed_reference(assignments));
}

static void query_license_usage(Request *request)
{
        VimValue *usage = vim_new_object("LicenseUsageInfo");

        vim_set(usage, "source", license_source());
        vim_set_bool(usage, "sourceAvailable", true);
        request_return(request, usage);
}

static void add_assignment(VimValue *list, const char *entity, const char *name)
{
        VimValue *assignment = vim_new_object("LicenseAssignmentManagerLicenseAssignment");

        vim_set_text(assignment, "entityId", entity);
        vim_set_text(assignment, "entityDisplayName", name);
        vim_set(assignment, "assignedLicense", license());
        vim_add(list, assignment);
}

static void query_assigned(Request *request)
{
        const char *entity = request_arg_text(request, "entityId");
        const Managed *service = world_find(request_world(request), "ServiceInstance");
        const Managed *host = world_find_key(request_world(request), "HostSystem", "host");
        const char *uuid = vim_get_text(vim_get(managed_peek(service, "content"), "about"), "instanceUuid");
        VimValue *list = vim_new_list("LicenseAssignmentManagerLicenseAssignment");

        if (entity == NULL || strcmp(entity, uuid) == 0)
                add_assignment(list, uuid, "aerostat");
        if (entity == NULL || strcmp(entity, host->id) == 0)
                add_assignment(list, host->id, managed_peek(host, "name")->text);
        request_return(request, list);
}

static bool start(Api *api, GError **error)
{
        World *world = api_world(api);
        Managed *extensions = world_add(world, "ExtensionManager", "ExtensionManager", NULL);

        (void)error;
        managed_set(extensions, "extensionList", vim_new_list("Extension"));
        add_alarms(world);
        add_scheduled_tasks(world);
        add_licenses(world);
        return true;
}

static const Handler handlers[] = {
        {"ExtensionManager", "FindExtension", return_nothing, NULL},
        {"ExtensionManager", "QueryManagedBy", return_nothing, NULL},
        {"ExtensionManager", "QueryExtensionIpAllocationUsage", return_nothing, NULL},
        {"ExtensionManager", "RegisterExtension", refuse, NULL},
        {"ExtensionManager", "UpdateExtension", refuse_extension, NULL},
        {"ExtensionManager", "UnregisterExtension", refuse_extension, NULL},
        {"AlarmManager", "GetAlarm", return_nothing, NULL},
        {"AlarmManager", "GetAlarmState", return_nothing, "System.Read"},
        {"AlarmManager", "AreAlarmActionsEnabled", alarms_enabled, "System.Read"},
        {"AlarmManager", "CreateAlarm", refuse, "Alarm.Create"},
        {"ScheduledTaskManager", "RetrieveEntityScheduledTask", return_nothing, NULL},
        {"ScheduledTaskManager", "RetrieveObjectScheduledTask", return_nothing, NULL},
        {"ScheduledTaskManager", "CreateScheduledTask", refuse, "ScheduledTask.Create"},
        {"ScheduledTaskManager", "CreateObjectScheduledTask", refuse, "ScheduledTask.Create"},
        {"LicenseManager", "QuerySupportedFeatures", return_nothing, NULL},
        {"LicenseManager", "QueryLicenseSourceAvailability", return_nothing, NULL},
        {"LicenseManager", "QueryLicenseUsage", query_license_usage, NULL},
        {"LicenseManager", "AddLicense", refuse, NULL},
        {"LicenseManager", "UpdateLicense", refuse, NULL},
        {"LicenseManager", "RemoveLicense", refuse, NULL},
        {"LicenseAssignmentManager", "QueryAssignedLicenses", query_assigned, NULL},
        {"LicenseAssignmentManager", "UpdateAssignedLicense", refuse, NULL},
        {"LicenseAssignmentManager", "RemoveAssignedLicense", refuse, NULL},
        {NULL},
};

const ApiModule catalogue_module = {.name = "catalogue", .handlers = handlers, .start = start};
