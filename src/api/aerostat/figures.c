/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory scheduler's figures as values: those of scheduler/figures.h, field by field. */
#include "scheduler/figures.h"

#include <string.h>

#include "api/aerostat/aerostat.h"
#include "api/host/host.h"

#define TEXT_MAX (PATH_MAX + 1)

/* --- from structs to objects --- */

typedef enum ShownKind {
        SHOWN_NUMBER,  /* uint64_t */
        SHOWN_BOUND,   /* uint64_t; POLICY_UNLIMITED is not said */
        SHOWN_RATE,    /* double */
        SHOWN_FLAG,    /* bool */
        SHOWN_TEXT,    /* const char * */
        SHOWN_TEXT_IF, /* the same; "" is not said */
} ShownKind;

/* A field and where its value is. Tables of these are in the order of the type's fields. */
typedef struct Shown {
        const char *field;
        size_t offset;
        ShownKind kind;
} Shown;

static VimValue *value_at(const void *place, ShownKind kind)
{
        const char *text;
        uint64_t number;

        switch (kind) {
        case SHOWN_NUMBER:
        case SHOWN_BOUND:
                number = *(const uint64_t *)place;
                return kind == SHOWN_BOUND && number == POLICY_UNLIMITED
                               ? NULL
                               : vim_new_long((int64_t)MIN(number, (uint64_t)INT64_MAX));
        case SHOWN_RATE:
                return vim_new_double(*(const double *)place);
        case SHOWN_FLAG:
                return vim_new_bool(*(const bool *)place);
        case SHOWN_TEXT:
        case SHOWN_TEXT_IF:
                text = *(const char *const *)place;
                return kind == SHOWN_TEXT_IF && text[0] == '\0' ? NULL : vim_new_string(text);
        }
        return NULL;
}

/* Of a thousand VMs there are many fields: none is looked for from the first on. */
static void show(VimValue *object, const Shown *table, size_t n, const void *figures)
{
        const VimType *type = object->type;
        unsigned place = 0;

        for (size_t i = 0; i < n; i++) {
                while (strcmp(type->fields[place].name, table[i].field) != 0)
                        if (++place == type->n_fields)
                                g_error("%s.%s is not there, or not in this place", type->name,
                                        table[i].field);
                object->fields[place] =
                        vim_fit_field(&type->fields[place],
                                      value_at((const char *)figures + table[i].offset, table[i].kind));
        }
}

/* --- VMs --- */

#define VM(field, member, kind)                          \
        {                                                \
                field, offsetof(FiguresVm, member), kind \
        }

static const Shown vm_table[] = {
        VM("name", name, SHOWN_TEXT),
        VM("uuid", uuid, SHOWN_TEXT),
        VM("processId", pid, SHOWN_NUMBER),
        VM("pool", pool, SHOWN_TEXT),
        VM("power", power, SHOWN_TEXT),
        VM("managed", managed, SHOWN_TEXT),
        VM("problem", problem, SHOWN_TEXT_IF),
        VM("cause", cause, SHOWN_TEXT_IF),
        VM("stopped", stopped, SHOWN_FLAG),
        VM("memoryBytes", memory_bytes, SHOWN_NUMBER),
        VM("grantedBytes", granted_bytes, SHOWN_NUMBER),
        VM("targetBytes", target_bytes, SHOWN_NUMBER),
        VM("activeBytes", active_bytes, SHOWN_NUMBER),
        VM("consumedBytes", consumed_bytes, SHOWN_NUMBER),
        VM("overheadBytes", overhead_bytes, SHOWN_NUMBER),
        VM("idleBytes", idle_bytes, SHOWN_NUMBER),
        VM("residentBytes", resident_bytes, SHOWN_NUMBER),
        VM("parkedBytes", parked_bytes, SHOWN_NUMBER),
        VM("absentBytes", absent_bytes, SHOWN_NUMBER),
        VM("sharedBytes", shared_bytes, SHOWN_NUMBER),
        VM("savedBytes", saved_bytes, SHOWN_NUMBER),
        VM("privateBytes", private_bytes, SHOWN_NUMBER),
        VM("balloonBytes", balloon_bytes, SHOWN_NUMBER),
        VM("balloonTargetBytes", balloon_target_bytes, SHOWN_NUMBER),
        VM("balloonMaxBytes", balloon_max_bytes, SHOWN_NUMBER),
        VM("balloonState", balloon_state, SHOWN_TEXT),
        VM("swappedBytes", swapped_bytes, SHOWN_NUMBER),
        VM("swapTargetBytes", swap_target_bytes, SHOWN_NUMBER),
        VM("swapReadBytesPerSecond", rates.swap_in, SHOWN_RATE),
        VM("swapWriteBytesPerSecond", rates.swap_out, SHOWN_RATE),
        VM("cacheBytes", cache_bytes, SHOWN_NUMBER),
        VM("cacheUsedBytes", cache_used_bytes, SHOWN_NUMBER),
        VM("compressedBytes", compressed_bytes, SHOWN_NUMBER),
        VM("sameBytes", same_bytes, SHOWN_NUMBER),
        VM("zipBytesPerSecond", rates.zip, SHOWN_RATE),
        VM("unzipBytesPerSecond", rates.unzip, SHOWN_RATE),
        VM("faultsPerSecond", faults_per_s, SHOWN_RATE),
        VM("pagerLimitBytes", pager_limit_bytes, SHOWN_BOUND),
        VM("shares", shares, SHOWN_NUMBER),
        VM("sharesLevel", shares_level, SHOWN_TEXT),
        VM("reservationBytes", reservation_bytes, SHOWN_NUMBER),
        VM("limitBytes", limit_bytes, SHOWN_BOUND),
};

static VimValue *config_value(const struct policy_vm_config *config)
{
        VimValue *list = vim_new_list("OptionValue");

        for (unsigned key = 0; key < POLICY_VM_KEYS; key++) {
                VimValue *option = vim_new_object("OptionValue");
                char text[TEXT_MAX] = "";

                (void)policy_vm_config_format(config, (enum policy_vm_key)key, text, sizeof(text));
                vim_set_text(option, "key", policy_vm_keys[key]);
                vim_set_text(option, "value", text);
                vim_add(list, option);
        }
        return list;
}

/* object: NULL of one that has none yet. */
static VimValue *vm_value(const Machine *machine, const Managed *object)
{
        VimValue *value = vim_new_object("AerostatVmMemory");
        FiguresVm figures;

        figures_vm(machine, &figures);
        vim_set(value, "vm", managed_reference(object));
        show(value, vm_table, G_N_ELEMENTS(vm_table), &figures);
        vim_set(value, "config", config_value(&machine->config));
        return value;
}

/* The objects that are asked for, or all when none is said. False: one is not there, which was sent. */
static bool read_wanted(Request *request, GHashTable **ret)
{
        const VimValue *list = request_arg(request, "vm");
        g_autoptr(GHashTable) wanted = g_hash_table_new(NULL, NULL);

        for (unsigned i = 0; i < vim_length(list); i++) {
                Managed *vm = world_resolve(request_world(request), vim_item(list, i));

                if (vm == NULL) {
                        VimValue *fault = vim_new_fault("ManagedObjectNotFound");

                        vim_set(fault, "obj", vim_ref(vim_item(list, i)));
                        request_fault(request, fault, "there is no VM \"%.100s\" (any more)",
                                      vim_item(list, i)->text);
                        return false;
                }
                (void)g_hash_table_add(wanted, vm);
        }
        *ret = list != NULL ? g_steal_pointer(&wanted) : NULL;
        return true;
}

void aerostat_query_vms(Request *request)
{
        GPtrArray *machines = scheduler_machines(api_parts(request_api(request))->scheduler);
        g_autoptr(GHashTable) wanted = NULL;
        VimValue *list;

        if (!read_wanted(request, &wanted))
                return;
        list = vim_new_list("AerostatVmMemory");
        for (unsigned i = 0; i < machines->len; i++) {
                const Machine *machine = machines->pdata[i];
                Managed *object =
                        world_find_key(request_world(request), "VirtualMachine", machine->record->uuid);

                if (wanted == NULL || (object != NULL && g_hash_table_contains(wanted, object)))
                        vim_add(list, vm_value(machine, object));
        }
        request_return(request, list);
}

/* --- pools --- */

#define POOL(field, member, kind)                          \
        {                                                  \
                field, offsetof(FiguresPool, member), kind \
        }

static const Shown pool_table[] = {
        POOL("path", path, SHOWN_TEXT),
        POOL("shares", shares, SHOWN_NUMBER),
        POOL("sharesLevel", shares_level, SHOWN_TEXT),
        POOL("reservationBytes", reservation_bytes, SHOWN_NUMBER),
        POOL("limitBytes", limit_bytes, SHOWN_BOUND),
        POOL("expandable", expandable, SHOWN_FLAG),
        POOL("targetBytes", target_bytes, SHOWN_NUMBER),
        POOL("consumedBytes", consumed_bytes, SHOWN_NUMBER),
        POOL("activeBytes", active_bytes, SHOWN_NUMBER),
        POOL("reservationUsedBytes", reserved_bytes, SHOWN_NUMBER),
        POOL("reservationFreeBytes", reservation_free_bytes, SHOWN_NUMBER),
        POOL("vms", vms, SHOWN_NUMBER),
        POOL("pools", pools, SHOWN_NUMBER),
};

void aerostat_query_pools(Request *request)
{
        const ApiParts *parts = api_parts(request_api(request));
        VimValue *list = vim_new_list("AerostatPoolMemory");
        size_t n;
        g_autofree FiguresPool *pools = figures_pools(parts->scheduler, parts->pools, &n);

        for (size_t i = 0; i < n; i++) {
                VimValue *value = vim_new_object("AerostatPoolMemory");

                vim_set(value, "pool", managed_reference(pool_object(request_api(request), pools[i].path)));
                show(value, pool_table, G_N_ELEMENTS(pool_table), &pools[i]);
                vim_add(list, value);
        }
        request_return(request, list);
}

/* --- the host --- */

#define HOST(field, member, kind)                            \
        {                                                    \
                field, offsetof(SchedulerHost, member), kind \
        }
#define SUM(field, member, kind)                           \
        {                                                  \
                field, offsetof(FiguresSums, member), kind \
        }
#define SHARE(field, member, kind)                            \
        {                                                     \
                field, offsetof(SharingFigures, member), kind \
        }

static const Shown host_table[] = {
        HOST("managedBytes", managed_bytes, SHOWN_NUMBER),
        HOST("totalBytes", total_bytes, SHOWN_NUMBER),
        HOST("freeBytes", free_bytes, SHOWN_NUMBER),
        HOST("consumedBytes", consumed_bytes, SHOWN_NUMBER),
        HOST("overheadBytes", overhead_bytes, SHOWN_NUMBER),
        HOST("otherBytes", other_bytes, SHOWN_NUMBER),
        HOST("stateCause", state_cause, SHOWN_TEXT),
        HOST("highBytes", thresholds.bytes[POLICY_HIGH], SHOWN_NUMBER),
        HOST("softBytes", thresholds.bytes[POLICY_SOFT], SHOWN_NUMBER),
        HOST("hardBytes", thresholds.bytes[POLICY_HARD], SHOWN_NUMBER),
        HOST("lowBytes", thresholds.bytes[POLICY_LOW], SHOWN_NUMBER),
        HOST("connectionReason", connection_reason, SHOWN_TEXT_IF),
};

static const Shown sum_table[] = {
        SUM("privateBytes", private_bytes, SHOWN_NUMBER),
        SUM("balloonBytes", balloon_bytes, SHOWN_NUMBER),
        SUM("balloonTargetBytes", balloon_target_bytes, SHOWN_NUMBER),
        SUM("balloonMaxBytes", balloon_max_bytes, SHOWN_NUMBER),
        SUM("swappedBytes", swapped_bytes, SHOWN_NUMBER),
        SUM("swapTargetBytes", swap_target_bytes, SHOWN_NUMBER),
        SUM("swapReadBytesPerSecond", rates.swap_in, SHOWN_RATE),
        SUM("swapWriteBytesPerSecond", rates.swap_out, SHOWN_RATE),
        SUM("cacheBytes", cache_bytes, SHOWN_NUMBER),
        SUM("zippedBytes", zipped_bytes, SHOWN_NUMBER),
        SUM("zipSavedBytes", zip_saved_bytes, SHOWN_NUMBER),
        SUM("zipBytesPerSecond", rates.zip, SHOWN_RATE),
        SUM("unzipBytesPerSecond", rates.unzip, SHOWN_RATE),
};

static const Shown share_table[] = {
        SHARE("state", state, SHOWN_TEXT),
        SHARE("reason", reason, SHOWN_TEXT),
        SHARE("sharedBytes", shared_bytes, SHOWN_NUMBER),
        SHARE("commonBytes", common_bytes, SHOWN_NUMBER),
        SHARE("savedBytes", saved_bytes, SHOWN_NUMBER),
        SHARE("pagesPerSecond", pages_per_s, SHOWN_RATE),
        SHARE("processors", cores, SHOWN_RATE),
};

static VimValue *overcommit_value(const SchedulerHost *host)
{
        VimValue *list = vim_new_list("double");

        for (unsigned i = 0; i < G_N_ELEMENTS(host->overcommit); i++)
                vim_add(list, vim_new_double(host->overcommit[i]));
        return list;
}

void aerostat_query_host(Request *request)
{
        const ApiParts *parts = api_parts(request_api(request));
        const SchedulerHost *host = scheduler_host(parts->scheduler);
        VimValue *value = vim_new_object("AerostatHostMemory"), *share = vim_new_object("AerostatSharing");
        FiguresSums sums;

        figures_sums(parts->scheduler, &sums);
        show(share, share_table, G_N_ELEMENTS(share_table), sharing_figures(parts->sharing));
        show(value, host_table, G_N_ELEMENTS(host_table), host);
        show(value, sum_table, G_N_ELEMENTS(sum_table), &sums);
        vim_set(value, "time", vim_new_time(g_get_real_time()));
        vim_set_text(value, "state", policy_state_name(host->state));
        vim_set(value, "stateSince", vim_new_time_ms(host->state_since_ms));
        vim_set(value, "overcommit", overcommit_value(host));
        vim_set_int(value, "vms", host->vms);
        vim_set(value, "share", share);
        vim_set_text(value, "connection", host->connected ? "ok" : "lost");
        request_return(request, value);
}

/* --- advice --- */

void aerostat_query_advice(Request *request)
{
        const ApiParts *parts = api_parts(request_api(request));
        GPtrArray *machines = scheduler_machines(parts->scheduler);
        VimValue *list = vim_new_list("AerostatAdvice");
        size_t n;
        g_autofree struct policy_advice *advice = figures_advice(parts->scheduler, parts->sharing, &n);

        for (size_t i = 0; i < n; i++) {
                VimValue *value = vim_new_object("AerostatAdvice");
                const Machine *machine =
                        advice[i].vm != POLICY_ADVICE_HOST ? machines->pdata[advice[i].vm] : NULL;

                if (machine != NULL) {
                        vim_set(value, "vm",
                                managed_reference(world_find_key(request_world(request), "VirtualMachine",
                                                                 machine->record->uuid)));
                        vim_set_text(value, "name", machine->record->name);
                }
                vim_set_text(value, "kind", policy_advice_kind_name(advice[i].kind));
                vim_set_text(value, "message", advice[i].message);
                vim_set_int(value, "memoryBytes", (int64_t)advice[i].memory_bytes);
                vim_set_int(value, "suggestedBytes", (int64_t)advice[i].suggested_bytes);
                vim_add(list, value);
        }
        request_return(request, list);
}
