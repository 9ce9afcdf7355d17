/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All modules there are, in the order in which they start: who makes objects that others name comes first.
 */
#include "api/api.h"

#include "api/access/access.h"
#include "api/host/host.h"
#include "api/recorder/recorder.h"
#include "api/tree/tree.h"

extern const ApiModule task_module;

/* aerostat/ */
extern const ApiModule aerostat_module;

/* collector/ */
extern const ApiModule property_collector_module;
extern const ApiModule search_module;
extern const ApiModule view_module;

/* manager/ */
extern const ApiModule event_manager_module;
extern const ApiModule field_module;
extern const ApiModule history_module;
extern const ApiModule perf_manager_module;
extern const ApiModule specification_module;
extern const ApiModule task_manager_module;

/* store/ */
extern const ApiModule datastore_browser_module;
extern const ApiModule datastore_module;
extern const ApiModule disk_manager_module;
extern const ApiModule file_manager_module;
extern const ApiModule storage_system_module;
extern const ApiModule wait_module;

/* vm/ */
extern const ApiModule vm_module;
extern const ApiModule vm_clone_module;
extern const ApiModule vm_console_module;
extern const ApiModule vm_create_module;
extern const ApiModule vm_manage_module;
extern const ApiModule vm_power_module;
extern const ApiModule vm_reconfigure_module;
extern const ApiModule vm_relocate_module;
extern const ApiModule vm_snapshot_module;

/* network/ */
extern const ApiModule network_module;

/* guest/ */
extern const ApiModule guest_file_module;
extern const ApiModule guest_module;
extern const ApiModule guest_process_module;

/* clang-format off */
const ApiModule *const api_modules[] = {
        &task_module,
        &session_manager_module,
        &authorization_module,
        &account_module,
        &folder_module,
        &host_module,
        &compute_module,
        &pool_module,
        &option_module,
        &system_module,
        &catalogue_module,
        &wait_module,
        &datastore_module,
        &datastore_browser_module,
        &disk_manager_module,
        &file_manager_module,
        &storage_system_module,
        &network_module,
        &view_module,
        &property_collector_module,
        &search_module,
        &vm_module,
        &vm_clone_module,
        &vm_console_module,
        &vm_create_module,
        &vm_manage_module,
        &vm_power_module,
        &vm_reconfigure_module,
        &vm_relocate_module,
        &vm_snapshot_module,
        &history_module,
        &task_manager_module,
        &event_manager_module,
        &perf_manager_module,
        &field_module,
        &specification_module,
        &guest_module,
        &guest_file_module,
        &guest_process_module,
        &recorder_module,
        &aerostat_module,
        /* The last: it names what all others have made. */
        &service_module,
        NULL,
};
/* clang-format on */
