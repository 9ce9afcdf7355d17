/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One VM's power, definition and devices, by libvirt; its errors in GLib's terms. */
#include "vm/life.h"

#include <errno.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "vm/life-internal.h"

#define CPU_PERIOD_US    100000
#define CPU_QUOTA_MIN_US 1000
#define DISK_ERRORS_MAX  64

static GIOErrorEnum error_code(const virError *error)
{
        switch (error->code) {
        case VIR_ERR_NO_DOMAIN:
                return G_IO_ERROR_NOT_FOUND;
        case VIR_ERR_OPERATION_TIMEOUT:
        case VIR_ERR_RESOURCE_BUSY:
                /* Another call to the same domain has not ended. */
                return G_IO_ERROR_BUSY;
        case VIR_ERR_AGENT_UNRESPONSIVE:
                return G_IO_ERROR_TIMED_OUT;
        default:
                break;
        }
        /* What QEMU says of a full disk comes as its words only. */
        if ((error->code == VIR_ERR_SYSTEM_ERROR && error->int1 == ENOSPC) ||
            (error->message != NULL && strstr(error->message, "No space left on device") != NULL))
                return G_IO_ERROR_NO_SPACE;
        return G_IO_ERROR_FAILED;
}

void life_set_error(GError **error, virDomainPtr domain, const char *uuid, const char *what)
{
        /* A copy: asking for the name is another call, which forgets the error of the one before. */
        virErrorPtr last = virSaveLastError();
        const char *name = domain != NULL ? virDomainGetName(domain) : uuid;
        g_autofree char *words =
                g_strescape(last != NULL && last->message != NULL ? last->message : "unknown error", NULL);

        g_set_error(error, G_IO_ERROR, last != NULL ? error_code(last) : G_IO_ERROR_FAILED, "%s%s%s: %s",
                    what, name != NULL ? " " : "", name != NULL ? name : "", words);
        virFreeError(last);
}

virDomainPtr life_find(virConnectPtr connection, const char *uuid, GError **error)
{
        virDomainPtr domain = virDomainLookupByUUIDString(connection, uuid);

        if (domain == NULL)
                life_set_error(error, NULL, uuid, "looking for VM");
        return domain;
}

void life_domain_free(virDomainPtr *domain)
{
        if (*domain != NULL)
                (void)virDomainFree(*domain);
}

bool life_wait(unsigned ms, GCancellable *cancellable, GError **error)
{
        GPollFD poll_fd;

        if (cancellable == NULL || !g_cancellable_make_pollfd(cancellable, &poll_fd)) {
                g_usleep(ms * (gulong)1000);
                return true;
        }
        (void)g_poll(&poll_fd, 1, (int)ms);
        g_cancellable_release_fd(cancellable);
        return !g_cancellable_set_error_if_cancelled(cancellable, error);
}

static LifePower power_of(virDomainPtr domain, int state, int reason)
{
        switch (state) {
        case VIR_DOMAIN_RUNNING:
        case VIR_DOMAIN_BLOCKED:
        case VIR_DOMAIN_SHUTDOWN:
                return LIFE_ON;
        case VIR_DOMAIN_PAUSED:
                return reason == VIR_DOMAIN_PAUSED_IOERROR ? LIFE_IO_ERROR : LIFE_PAUSED;
        case VIR_DOMAIN_PMSUSPENDED:
                return LIFE_STANDBY;
        default:
                /* A crashed one may have been kept for a look at it. */
                return virDomainIsActive(domain) == 1 ? LIFE_PAUSED : LIFE_OFF;
        }
}

static bool get_power(virDomainPtr domain, LifePower *ret)
{
        int state = 0, reason = 0;

        if (virDomainGetState(domain, &state, &reason, 0) < 0) {
                if (virGetLastErrorCode() != VIR_ERR_NO_DOMAIN)
                        return false;
                *ret = LIFE_NONE;
                return true;
        }
        *ret = power_of(domain, state, reason);
        return true;
}

bool life_power(virConnectPtr connection, const char *uuid, LifePower *ret, GError **error)
{
        g_autoptr(GError) local = NULL;
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, &local);

        if (domain == NULL) {
                if (!g_error_matches(local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
                        g_propagate_error(error, g_steal_pointer(&local));
                        return false;
                }
                *ret = LIFE_NONE;
                return true;
        }
        if (get_power(domain, ret))
                return true;
        life_set_error(error, domain, uuid, "asking for the state of");
        return false;
}

char *life_definition(virConnectPtr connection, const char *uuid, bool live, GError **error)
{
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, error);
        char *xml, *copy;

        if (domain == NULL)
                return NULL;
        /* With what is secret in it: it is there to be defined again. */
        xml = virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_SECURE | (live ? 0 : VIR_DOMAIN_XML_INACTIVE));
        if (xml == NULL) {
                life_set_error(error, domain, uuid, "reading the definition of");
                return NULL;
        }
        copy = g_strdup(xml);
        free(xml);
        return copy;
}

bool life_define(virConnectPtr connection, const char *xml, GError **error)
{
        _cleanup_domain_ virDomainPtr domain = virDomainDefineXMLFlags(connection, xml, 0);

        if (domain == NULL)
                life_set_error(error, NULL, NULL, "defining the VM");
        return domain != NULL;
}

bool life_undefine(virConnectPtr connection, const char *uuid, GError **error)
{
        /* The file of EFI variables lies with the disks, and goes or stays with them. */
        unsigned flags = VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA |
                         VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA | VIR_DOMAIN_UNDEFINE_KEEP_NVRAM;
        g_autoptr(GError) local = NULL;
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, &local);

        if (domain == NULL) {
                if (g_error_matches(local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
                        return true;
                g_propagate_error(error, g_steal_pointer(&local));
                return false;
        }
        if (virDomainUndefineFlags(domain, flags) == 0 || virGetLastErrorCode() == VIR_ERR_NO_DOMAIN)
                return true;
        life_set_error(error, domain, uuid, "forgetting");
        return false;
}

/* A call of one domain and no more. */
static bool simple(virConnectPtr connection, const char *uuid, const char *what, int (*call)(virDomainPtr),
                   GError **error)
{
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, error);

        if (domain == NULL)
                return false;
        if (call(domain) == 0)
                return true;
        life_set_error(error, domain, uuid, what);
        return false;
}

static int reset(virDomainPtr domain)
{
        return virDomainReset(domain, 0);
}

static int reboot(virDomainPtr domain)
{
        return virDomainReboot(domain, 0);
}

static int destroy(virDomainPtr domain)
{
        LifePower power;

        if (virDomainDestroyFlags(domain, 0) == 0)
                return 0;
        /* It may have ended by itself, which is what was wanted. */
        return virGetLastErrorCode() == VIR_ERR_OPERATION_INVALID && get_power(domain, &power) &&
                               power == LIFE_OFF
                       ? 0
                       : -1;
}

bool life_start(virConnectPtr connection, const char *uuid, GError **error)
{
        return simple(connection, uuid, "starting", virDomainCreate, error);
}

bool life_destroy(virConnectPtr connection, const char *uuid, GError **error)
{
        g_autoptr(GError) local = NULL;

        if (simple(connection, uuid, "powering off", destroy, &local) ||
            g_error_matches(local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
                return true;
        g_propagate_error(error, g_steal_pointer(&local));
        return false;
}

bool life_start_as(virConnectPtr connection, const char *xml, GError **error)
{
        _cleanup_domain_ virDomainPtr domain = virDomainCreateXML(connection, xml, 0);

        if (domain == NULL)
                life_set_error(error, NULL, NULL, "starting the VM");
        return domain != NULL;
}

bool life_reset(virConnectPtr connection, const char *uuid, GError **error)
{
        return simple(connection, uuid, "resetting", reset, error);
}

bool life_reboot(virConnectPtr connection, const char *uuid, GError **error)
{
        return simple(connection, uuid, "rebooting", reboot, error);
}

bool life_pause(virConnectPtr connection, const char *uuid, GError **error)
{
        return simple(connection, uuid, "pausing", virDomainSuspend, error);
}

bool life_resume(virConnectPtr connection, const char *uuid, GError **error)
{
        return simple(connection, uuid, "resuming", virDomainResume, error);
}

static int standby(virDomainPtr domain)
{
        return virDomainPMSuspendForDuration(domain, VIR_NODE_SUSPEND_TARGET_MEM, 0, 0);
}

static int wake(virDomainPtr domain)
{
        return virDomainPMWakeup(domain, 0);
}

bool life_standby(virConnectPtr connection, const char *uuid, GError **error)
{
        return simple(connection, uuid, "sending to standby", standby, error);
}

bool life_wake(virConnectPtr connection, const char *uuid, GError **error)
{
        return simple(connection, uuid, "waking", wake, error);
}

bool life_rename(virConnectPtr connection, const char *uuid, const char *name, GError **error)
{
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, error);

        if (domain == NULL)
                return false;
        if (virDomainRename(domain, name, 0) == 0)
                return true;
        life_set_error(error, domain, uuid, "renaming");
        return false;
}

bool life_set_cpus(virConnectPtr connection, const char *uuid, unsigned cpus, GError **error)
{
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, error);

        if (domain == NULL)
                return false;
        if (virDomainSetVcpusFlags(domain, cpus, VIR_DOMAIN_VCPU_LIVE) == 0)
                return true;
        life_set_error(error, domain, uuid, "changing the processors of");
        return false;
}

/* In a period's microseconds; -1: no limit. */
static long long quota_of(virDomainPtr domain, uint64_t mhz)
{
        virNodeInfo node;

        if (mhz == 0 || virNodeGetInfo(virDomainGetConnect(domain), &node) < 0 || node.mhz == 0)
                return -1;
        return (long long)MAX(mhz * CPU_PERIOD_US / node.mhz, (uint64_t)CPU_QUOTA_MIN_US);
}

static bool set_cpu_time(virDomainPtr domain, uint64_t shares, long long quota)
{
        virTypedParameterPtr values = NULL;
        int n = 0, max = 0;
        bool well =
                virTypedParamsAddULLong(&values, &n, &max, VIR_DOMAIN_SCHEDULER_CPU_SHARES, shares) == 0 &&
                virTypedParamsAddULLong(&values, &n, &max, VIR_DOMAIN_SCHEDULER_GLOBAL_PERIOD,
                                        CPU_PERIOD_US) == 0 &&
                virTypedParamsAddLLong(&values, &n, &max, VIR_DOMAIN_SCHEDULER_GLOBAL_QUOTA, quota) == 0 &&
                virDomainSetSchedulerParametersFlags(domain, values, n, VIR_DOMAIN_AFFECT_LIVE) == 0;

        virTypedParamsFree(values, n);
        return well;
}

bool life_set_cpu_time(virConnectPtr connection, const char *uuid, uint64_t shares, uint64_t mhz,
                       GError **error)
{
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, error);

        if (domain == NULL)
                return false;
        if (set_cpu_time(domain, shares, quota_of(domain, mhz)))
                return true;
        life_set_error(error, domain, uuid, "giving processors to");
        return false;
}

char *life_disk_error(virConnectPtr connection, const char *uuid, bool *ret_no_space)
{
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, NULL);
        virDomainDiskError errors[DISK_ERRORS_MAX];
        char *target = NULL;
        int n = domain != NULL ? virDomainGetDiskErrors(domain, errors, DISK_ERRORS_MAX, 0) : 0;

        for (int i = 0; i < n; i++) {
                if (target == NULL) {
                        target = g_strdup(errors[i].disk);
                        *ret_no_space = errors[i].error == VIR_DOMAIN_DISK_ERROR_NO_SPACE;
                }
                free(errors[i].disk);
        }
        return target;
}

static unsigned device_flags(bool live, bool config)
{
        return (live ? VIR_DOMAIN_AFFECT_LIVE : 0u) | (config ? VIR_DOMAIN_AFFECT_CONFIG : 0u);
}

static bool change_device(virConnectPtr connection, const char *uuid, const char *what, const char *element,
                          int (*call)(virDomainPtr, const char *, unsigned), unsigned flags, GError **error)
{
        _cleanup_domain_ virDomainPtr domain = life_find(connection, uuid, error);

        if (domain == NULL)
                return false;
        if (call(domain, element, flags) == 0)
                return true;
        life_set_error(error, domain, uuid, what);
        return false;
}

bool life_attach(virConnectPtr connection, const char *uuid, const char *element, bool live, bool config,
                 GError **error)
{
        return change_device(connection, uuid, "adding a device to", element, virDomainAttachDeviceFlags,
                             device_flags(live, config), error);
}

bool life_detach(virConnectPtr connection, const char *uuid, const char *element, bool live, bool config,
                 GError **error)
{
        return change_device(connection, uuid, "taking a device from", element, virDomainDetachDeviceFlags,
                             device_flags(live, config), error);
}

bool life_update(virConnectPtr connection, const char *uuid, const char *element, bool live, bool config,
                 GError **error)
{
        return change_device(connection, uuid, "changing a device of", element, virDomainUpdateDeviceFlags,
                             device_flags(live, config), error);
}
