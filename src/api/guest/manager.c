/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GuestOperationsManager and its managers: the module. */
#include "api/guest/guest.h"
#include "api/guest/module.h"

static bool start(Api *api, GError **error)
{
        static const struct {
                const char *type, *id, *property;
        } managers[] = {{"GuestAuthManager", "guestOperationsAuthManager", "authManager"},
                        {"GuestFileManager", "guestOperationsFileManager", "fileManager"},
                        {"GuestProcessManager", "guestOperationsProcessManager", "processManager"}};
        Managed *manager =
                world_add(api_world(api), "GuestOperationsManager", "guestOperationsManager", NULL);
        GuestModule *module = g_new0(GuestModule, 1);

        (void)error;
        api_set_data(api, GUEST_MODULE, module);
        for (unsigned i = 0; i < G_N_ELEMENTS(managers); i++)
                managed_set(manager, managers[i].property,
                            managed_reference(
                                    world_add(api_world(api), managers[i].type, managers[i].id, NULL)));
        guest_threads_start(module);
        guest_process_start(api);
        guest_transfer_start(api);
        return true;
}

static void stop(Api *api)
{
        GuestModule *module = api_get_data(api, GUEST_MODULE);

        guest_threads_stop(module);
        guest_transfer_stop(api);
        guest_process_stop(api);
        g_free(module);
}

extern const ApiModule guest_module, guest_file_module, guest_process_module;
const ApiModule guest_module = {.name = GUEST_MODULE, .start = start, .stop = stop};
const ApiModule guest_file_module = {.name = "guest-file", .handlers = guest_file_handlers};
const ApiModule guest_process_module = {.name = "guest-process", .handlers = guest_process_handlers};
