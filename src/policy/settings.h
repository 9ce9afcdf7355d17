/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings by ESX's names: Mem.* of the host, sched.* of a VM. Values in MB are MiB, as with ESX. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POLICY_MB_MAX ((int64_t)1 << 33) /* 8 PiB: nobody's host, and no sum of it overflows */

enum policy_setting_id {
        POLICY_IDLE_TAX,
        POLICY_SAMPLE_PERIOD,
        POLICY_SAMPLE_PAGES,
        POLICY_BALANCE_PERIOD,
        POLICY_CTL_MAX_PERCENT,
        POLICY_SHARE_SCAN_TIME,
        POLICY_SHARE_SCAN_GHZ,
        POLICY_SHARE_RATE_MAX,
        POLICY_SHARE_FORCE_SALTING,
        POLICY_MEM_ZIP_ENABLE,
        POLICY_MEM_ZIP_MAX_PCT,
        POLICY_MIN_FREE_PCT,
        POLICY_HOST_MEMORY_MB,
        POLICY_SETTINGS
};

struct policy_setting {
        const char *name;
        int64_t default_value, min, max;
        const char *unit; /* "" for a plain number */
        const char *help; /* one sentence */
};

extern const struct policy_setting policy_settings[POLICY_SETTINGS];

/* By name, in any case. -ENOENT: there is none. */
int policy_setting_find(const char *name);

/* -ERANGE: not allowed; error says what is. */
int policy_setting_check(enum policy_setting_id id, int64_t value, char *error, size_t error_size);

/* A decimal number and nothing else. -EINVAL or -ERANGE, with error. */
int policy_setting_parse(enum policy_setting_id id, const char *text, int64_t *ret, char *error,
                         size_t error_size);

void policy_settings_defaults(int64_t values[POLICY_SETTINGS]);

/* ---- of a VM ---- */

enum policy_shares_level {
        POLICY_SHARES_LOW,    /* 5 per MB */
        POLICY_SHARES_NORMAL, /* 10 */
        POLICY_SHARES_HIGH,   /* 20 */
        POLICY_SHARES_CUSTOM,
};

#define POLICY_SHARES_MAX 1000000u
#define POLICY_SALT_MAX   64

enum policy_vm_key {
        POLICY_VM_SHARES,
        POLICY_VM_MIN,
        POLICY_VM_MAX,
        POLICY_VM_MAXMEMCTL,
        POLICY_VM_PSHARE_ENABLE,
        POLICY_VM_PSHARE_SALT,
        POLICY_VM_SWAP_DIR,
        POLICY_VM_KEYS
};

extern const char *const policy_vm_keys[POLICY_VM_KEYS]; /* sched.mem.shares ... */

struct policy_vm_config {
        enum policy_shares_level shares_level;
        uint32_t custom_shares; /* with POLICY_SHARES_CUSTOM */
        int64_t reservation_mb;
        int64_t limit_mb;       /* -1: unlimited */
        int64_t balloon_max_mb; /* -1: by Mem.CtlMaxPercent */
        bool share_pages;
        char salt[POLICY_SALT_MAX + 1]; /* "": none */
        char swap_dir[PATH_MAX];        /* "": the host's */
};

void policy_vm_config_init(struct policy_vm_config *config);

/* By name, in any case. -ENOENT: there is none. */
int policy_vm_key_find(const char *key);

/* -ENOENT (no such key), -EINVAL or -ERANGE, with error; config is unchanged then. */
int policy_vm_config_parse(struct policy_vm_config *config, const char *key, const char *value, char *error,
                           size_t error_size);

/* The value as policy_vm_config_parse() takes it. -ENOSPC when it does not fit. */
int policy_vm_config_format(const struct policy_vm_config *config, enum policy_vm_key key, char *text,
                            size_t size);

/* What only shows when all keys are known: -ERANGE, with error, for a reservation above limit or size. */
int policy_vm_config_check(const struct policy_vm_config *config, uint64_t memory_bytes, char *error,
                           size_t error_size);

/* At least 1. */
uint32_t policy_vm_config_shares(const struct policy_vm_config *config, uint64_t memory_bytes);
/* POLICY_UNLIMITED or bytes. */
uint64_t policy_vm_config_limit_bytes(const struct policy_vm_config *config);
/* How large the balloon may become: by the VM's setting, else ctl_max_pct (Mem.CtlMaxPercent) of it. */
uint64_t policy_vm_config_balloon_max_bytes(const struct policy_vm_config *config, uint64_t memory_bytes,
                                            uint32_t ctl_max_pct);

/* low, normal, high, or a number; of VMs and pools. 0 or -EINVAL with error. */
int policy_shares_parse(const char *text, enum policy_shares_level *ret_level, uint32_t *ret_custom,
                        char *error, size_t error_size);
const char *policy_shares_level_name(enum policy_shares_level level);
