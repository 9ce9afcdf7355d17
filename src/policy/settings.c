/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of settings, and what their values may be. */
#include "policy/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/macro.h"
#include "policy/policy.h"

#define MB_PER_BYTES(bytes) ((bytes) / MIB(1))

const struct policy_setting policy_settings[POLICY_SETTINGS] = {
        [POLICY_IDLE_TAX] =
                {"Mem.IdleTax", 75, 0, 99, "%",
                 "How much of its idle memory a VM may lose to VMs that use theirs; 0: shares alone "
                 "decide."},
        [POLICY_SAMPLE_PERIOD] = {"Mem.SamplePeriod", 60, 0, 3600, "s",
                                  "Period over which active memory is sampled; 0: not at all."},
        [POLICY_SAMPLE_PAGES] = {"Mem.SamplePages", 100, 1, 1024, "pages",
                                 "Pages sampled in each VM and period (aerostat's own)."},
        [POLICY_BALANCE_PERIOD] = {"Mem.BalancePeriod", 15, 1, 120, "s",
                                   "How often memory is reallocated; at once when the state gets worse."},
        [POLICY_CTL_MAX_PERCENT] = {"Mem.CtlMaxPercent", 65, 0, 75, "%",
                                    "How much of a VM's memory its balloon may take."},
        [POLICY_SHARE_SCAN_TIME] = {"Mem.ShareScanTime", 60, 10, 600, "min",
                                    "Time in which all memory is scanned for pages to share."},
        [POLICY_SHARE_SCAN_GHZ] = {"Mem.ShareScanGHz", 4, 0, 32, "GHz",
                                   "Most processor time that scanning may take; 0: no sharing."},
        [POLICY_SHARE_RATE_MAX] = {"Mem.ShareRateMax", 1024, 0, 65536, "pages/s",
                                   "Most pages scanned per second for each VM."},
        [POLICY_SHARE_FORCE_SALTING] =
                {"Mem.ShareForceSalting", 2, 0, 2, "",
                 "0: all VMs share; 1: those with the same salt, or none; 2: only those "
                 "that were given the same salt."},
        [POLICY_MEM_ZIP_ENABLE] = {"Mem.MemZipEnable", 1, 0, 1, "",
                                   "Compress pages before they are swapped."},
        [POLICY_MEM_ZIP_MAX_PCT] = {"Mem.MemZipMaxPct", 10, 5, 100, "%",
                                    "How much of a VM's memory its compression cache may take."},
        [POLICY_MIN_FREE_PCT] = {"Mem.MinFreePct", 6, 0, POLICY_MIN_FREE_PCT_MAX, "%",
                                 "Memory kept free; 0: the sliding scale of ESX 5."},
        [POLICY_HOST_MEMORY_MB] = {"Mem.HostMemoryMB", 0, 0, POLICY_MB_MAX, "MB",
                                   "Memory to manage; 0: the host's."},
};

const char *const policy_vm_keys[POLICY_VM_KEYS] = {
        [POLICY_VM_SHARES] = "sched.mem.shares",
        [POLICY_VM_MIN] = "sched.mem.min",
        [POLICY_VM_MAX] = "sched.mem.max",
        [POLICY_VM_MAXMEMCTL] = "sched.mem.maxmemctl",
        [POLICY_VM_PSHARE_ENABLE] = "sched.mem.pshare.enable",
        [POLICY_VM_PSHARE_SALT] = "sched.mem.pshare.salt",
        [POLICY_VM_SWAP_DIR] = "sched.swap.dir",
};

static const char *const levels[] = {"low", "normal", "high"};
static const uint32_t level_shares_per_mb[] = {5, 10, 20};

/* Somebody else's text for a message: not too long, and nothing a terminal would obey. */
struct quoted {
        char text[48];
};

static struct quoted quote(const char *text)
{
        struct quoted q;
        size_t at = 0;

        for (; at < 40 && text[at]; at++)
                q.text[at] = text[at] >= ' ' && text[at] < 0x7f ? text[at] : '?';
        strcpy(q.text + at, text[at] ? "..." : "");
        return q;
}

/* Digits, perhaps after a minus, and nothing else. */
static int parse_number(const char *text, int64_t *ret)
{
        bool minus = *text == '-';
        int64_t value = 0;

        text += minus;
        if (!*text)
                return -EINVAL;
        for (; *text; text++) {
                if (*text < '0' || *text > '9')
                        return -EINVAL;
                if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
                    __builtin_add_overflow(value, (int64_t)(*text - '0'), &value))
                        return -ERANGE;
        }
        *ret = minus ? -value : value;
        return 0;
}

int policy_setting_find(const char *name)
{
        for (int i = 0; i < POLICY_SETTINGS; i++)
                if (strcasecmp(policy_settings[i].name, name) == 0)
                        return i;
        return -ENOENT;
}

int policy_setting_check(enum policy_setting_id id, int64_t value, char *error, size_t error_size)
{
        const struct policy_setting *setting = &policy_settings[id];

        if (value >= setting->min && value <= setting->max)
                return 0;
        (void)snprintf(
                error, error_size, "%s cannot be %" PRId64 "; it goes from %" PRId64 " to %" PRId64 "%s%s",
                setting->name, value, setting->min, setting->max, *setting->unit ? " " : "", setting->unit);
        return -ERANGE;
}

int policy_setting_parse(enum policy_setting_id id, const char *text, int64_t *ret, char *error,
                         size_t error_size)
{
        const struct policy_setting *setting = &policy_settings[id];
        int64_t value;
        int r = parse_number(text, &value);

        if (r < 0) {
                (void)snprintf(error, error_size,
                               "%s cannot be \"%s\"; it is a whole number from %" PRId64 " to %" PRId64,
                               setting->name, quote(text).text, setting->min, setting->max);
                return r;
        }
        r = policy_setting_check(id, value, error, error_size);
        if (r < 0)
                return r;
        *ret = value;
        return 0;
}

void policy_settings_defaults(int64_t values[POLICY_SETTINGS])
{
        for (int i = 0; i < POLICY_SETTINGS; i++)
                values[i] = policy_settings[i].default_value;
}

void policy_vm_config_init(struct policy_vm_config *config)
{
        *config = (struct policy_vm_config){
                .shares_level = POLICY_SHARES_NORMAL,
                .limit_mb = -1,
                .balloon_max_mb = -1,
                .share_pages = true,
        };
}

int policy_vm_key_find(const char *key)
{
        for (int i = 0; i < POLICY_VM_KEYS; i++)
                if (strcasecmp(policy_vm_keys[i], key) == 0)
                        return i;
        return -ENOENT;
}

const char *policy_shares_level_name(enum policy_shares_level level)
{
        return (unsigned)level < ARRAY_LENGTH(levels) ? levels[level] : "custom";
}

int policy_shares_parse(const char *text, enum policy_shares_level *ret_level, uint32_t *ret_custom,
                        char *error, size_t error_size)
{
        int64_t value;

        for (unsigned i = 0; i < ARRAY_LENGTH(levels); i++)
                if (strcasecmp(levels[i], text) == 0) {
                        *ret_level = (enum policy_shares_level)i;
                        *ret_custom = 0;
                        return 0;
                }
        if (parse_number(text, &value) < 0 || value < 1 || value > POLICY_SHARES_MAX) {
                (void)snprintf(error, error_size,
                               "shares cannot be \"%s\"; they are low, normal, high or 1 to %u",
                               quote(text).text, POLICY_SHARES_MAX);
                return -EINVAL;
        }
        *ret_level = POLICY_SHARES_CUSTOM;
        *ret_custom = (uint32_t)value;
        return 0;
}

static int parse_mb(const char *key, const char *text, int64_t least, bool or_minus_one, int64_t *ret,
                    char *error, size_t error_size)
{
        int64_t value = 0;
        int r = parse_number(text, &value);

        if (r == 0 && ((value >= least && value <= POLICY_MB_MAX) || (or_minus_one && value == -1))) {
                *ret = value;
                return 0;
        }
        (void)snprintf(error, error_size, "%s cannot be \"%s\"; it is %s%" PRId64 " to %" PRId64 " MB", key,
                       quote(text).text, or_minus_one ? "-1 (unlimited) or " : "", least, POLICY_MB_MAX);
        return r < 0 ? r : -ERANGE;
}

static bool printable(const char *text)
{
        for (; *text; text++)
                if (*text < ' ' || *text > '~')
                        return false;
        return true;
}

/* Directories may have letters of all languages in their names, but no control characters. */
static bool is_directory_name(const char *text)
{
        if (*text && *text != '/')
                return false;
        for (; *text; text++)
                if ((unsigned char)*text < ' ' || *text == 0x7f)
                        return false;
        return true;
}

int policy_vm_config_parse(struct policy_vm_config *config, const char *key, const char *value, char *error,
                           size_t error_size)
{
        int id = policy_vm_key_find(key);
        const char *name = id >= 0 ? policy_vm_keys[id] : key;

        switch (id) {
        case POLICY_VM_SHARES:
                return policy_shares_parse(value, &config->shares_level, &config->custom_shares, error,
                                           error_size);
        case POLICY_VM_MIN:
                return parse_mb(name, value, 0, false, &config->reservation_mb, error, error_size);
        case POLICY_VM_MAX:
                return parse_mb(name, value, MB_PER_BYTES(POLICY_PAGER_LIMIT_MIN), true, &config->limit_mb,
                                error, error_size);
        case POLICY_VM_MAXMEMCTL:
                return parse_mb(name, value, 0, true, &config->balloon_max_mb, error, error_size);
        case POLICY_VM_PSHARE_ENABLE:
                if (strcasecmp(value, "TRUE") != 0 && strcasecmp(value, "FALSE") != 0) {
                        (void)snprintf(error, error_size, "%s cannot be \"%s\"; it is TRUE or FALSE", name,
                                       quote(value).text);
                        return -EINVAL;
                }
                config->share_pages = strcasecmp(value, "TRUE") == 0;
                return 0;
        case POLICY_VM_PSHARE_SALT:
                if (strlen(value) > POLICY_SALT_MAX || !printable(value)) {
                        (void)snprintf(error, error_size,
                                       "%s cannot be \"%s\"; it is up to %d printable ASCII characters",
                                       name, quote(value).text, POLICY_SALT_MAX);
                        return -EINVAL;
                }
                strcpy(config->salt, value);
                return 0;
        case POLICY_VM_SWAP_DIR:
                if (strlen(value) >= sizeof(config->swap_dir) || !is_directory_name(value)) {
                        (void)snprintf(error, error_size,
                                       "%s cannot be \"%s\"; it is a directory's absolute path, or empty",
                                       name, quote(value).text);
                        return -EINVAL;
                }
                strcpy(config->swap_dir, value);
                return 0;
        default:
                (void)snprintf(error, error_size, "there is no setting \"%s\" of a VM", quote(key).text);
                return -ENOENT;
        }
}

int policy_vm_config_format(const struct policy_vm_config *config, enum policy_vm_key key, char *text,
                            size_t size)
{
        int length = -1;

        switch (key) {
        case POLICY_VM_SHARES:
                if (config->shares_level == POLICY_SHARES_CUSTOM)
                        length = snprintf(text, size, "%" PRIu32, config->custom_shares);
                else
                        length = snprintf(text, size, "%s", policy_shares_level_name(config->shares_level));
                break;
        case POLICY_VM_MIN:
                length = snprintf(text, size, "%" PRId64, config->reservation_mb);
                break;
        case POLICY_VM_MAX:
                length = snprintf(text, size, "%" PRId64, config->limit_mb);
                break;
        case POLICY_VM_MAXMEMCTL:
                length = snprintf(text, size, "%" PRId64, config->balloon_max_mb);
                break;
        case POLICY_VM_PSHARE_ENABLE:
                length = snprintf(text, size, "%s", config->share_pages ? "TRUE" : "FALSE");
                break;
        case POLICY_VM_PSHARE_SALT:
                length = snprintf(text, size, "%s", config->salt);
                break;
        case POLICY_VM_SWAP_DIR:
                length = snprintf(text, size, "%s", config->swap_dir);
                break;
        default:
                return -EINVAL;
        }
        return length < 0 || (size_t)length >= size ? -ENOSPC : 0;
}

int policy_vm_config_check(const struct policy_vm_config *config, uint64_t memory_bytes, char *error,
                           size_t error_size)
{
        const char *what = NULL;
        int64_t most = 0, size_mb = (int64_t)MB_PER_BYTES(memory_bytes);

        if (config->limit_mb >= 0 && config->reservation_mb > config->limit_mb) {
                what = "its limit (sched.mem.max)";
                most = config->limit_mb;
        } else if (config->reservation_mb > size_mb) {
                what = "its size";
                most = size_mb;
        }
        if (!what)
                return 0;
        (void)snprintf(error, error_size,
                       "the reservation (sched.mem.min) of %" PRId64 " MB is above %s of %" PRId64
                       " MB; lower the one or raise the other",
                       config->reservation_mb, what, most);
        return -ERANGE;
}

uint32_t policy_vm_config_shares(const struct policy_vm_config *config, uint64_t memory_bytes)
{
        uint64_t shares;

        if (config->shares_level == POLICY_SHARES_CUSTOM)
                return MAX(config->custom_shares, 1u);
        shares = MB_PER_BYTES(memory_bytes) * level_shares_per_mb[config->shares_level];
        return (uint32_t)CLAMP(shares, (uint64_t)1, (uint64_t)UINT32_MAX);
}

uint64_t policy_vm_config_limit_bytes(const struct policy_vm_config *config)
{
        return config->limit_mb < 0 ? POLICY_UNLIMITED : MIB(config->limit_mb);
}

uint64_t policy_vm_config_balloon_max_bytes(const struct policy_vm_config *config, uint64_t memory_bytes,
                                            uint32_t ctl_max_pct)
{
        if (config->balloon_max_mb >= 0)
                return MIN(MIB(config->balloon_max_mb), memory_bytes);
        return memory_bytes / 100 * MIN(ctl_max_pct, 100u);
}
