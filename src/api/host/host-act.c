/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be asked of the host, and what of it is not the API's to do. */
#include "api/host/host.h"

static void query_overhead(Request *request)
{
        request_return(request, vim_new_long((int64_t)SCHEDULER_NEW_VM_OVERHEAD_BYTES));
}

static void query_connection(Request *request)
{
        const Managed *host = request_target(request);
        VimValue *info = vim_new_object("HostConnectInfo");

        vim_set_text(info, "serverIp", managed_peek(host, "name")->text);
        vim_set(info, "host", vim_ref(managed_peek(host, "summary")));
        vim_set_bool(info, "vimAccountNameRequired", false);
        vim_set_bool(info, "clusterSupported", false);
        vim_set(info, "capability", vim_ref(managed_peek(host, "capability")));
        request_return(request, info);
}

static void query_uptime(Request *request)
{
        const VimValue *stats = vim_get(managed_peek(request_target(request), "summary"), "quickStats");

        request_return(request, vim_new_long(vim_get_int(stats, "uptime", 0)));
}

static void refuse(Request *request)
{
        request_fault(request, vim_new_fault("NotSupported"),
                      "HostSystem.%s: the host \"%s\" runs aerostat itself, which neither stops, moves nor "
                      "reconfigures it; use the host's own means",
                      request_method(request)->name, managed_peek(request_target(request), "name")->text);
}

const Handler host_handlers[] = {
        {"HostSystem", "QueryMemoryOverhead", query_overhead, NULL},
        {"HostSystem", "QueryMemoryOverheadEx", query_overhead, NULL},
        {"HostSystem", "QueryHostConnectionInfo", query_connection, NULL},
        {"HostSystem", "RetrieveHardwareUptime", query_uptime, NULL},
        {"HostSystem", "EnterMaintenanceMode_Task", refuse, NULL},
        {"HostSystem", "ExitMaintenanceMode_Task", refuse, NULL},
        {"HostSystem", "RebootHost_Task", refuse, NULL},
        {"HostSystem", "ShutdownHost_Task", refuse, NULL},
        {"HostSystem", "PowerDownHostToStandBy_Task", refuse, NULL},
        {"HostSystem", "PowerUpHostFromStandBy_Task", refuse, NULL},
        {"HostSystem", "DisconnectHost_Task", refuse, NULL},
        {"HostSystem", "ReconnectHost_Task", refuse, NULL},
        {"HostSystem", "ReconfigureHostForDAS_Task", refuse, NULL},
        {"HostSystem", "UpdateSystemResources", refuse, NULL},
        {"HostSystem", "UpdateFlags", refuse, NULL},
        {"HostSystem", "EnterLockdownMode", refuse, NULL},
        {"HostSystem", "ExitLockdownMode", refuse, NULL},
        {NULL},
};
