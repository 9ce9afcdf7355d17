/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What KSM's settings were before we changed them, in a file that outlives the daemon. It is on the
 * disk before a setting is changed, so whatever is found after a crash is in it.
 */
#pragma once

#include "host/file.h"

#define KSM_VALUE_SIZE 32
#define KSM_ANY        "*" /* a value that the kernel chooses itself */

/* In the order in which they are set: the advisor starts from its bounds, and it owns pages_to_scan. */
typedef enum KsmField {
        KSM_SLEEP_MILLISECS,
        KSM_ADVISOR_TARGET_SCAN_TIME,
        KSM_ADVISOR_MAX_CPU,
        KSM_ADVISOR_MIN_PAGES_TO_SCAN,
        KSM_ADVISOR_MAX_PAGES_TO_SCAN,
        KSM_ADVISOR_MODE,
        KSM_PAGES_TO_SCAN,
        KSM_RUN,
        /* Written down, but never changed by us. */
        KSM_USE_ZERO_PAGES,
        KSM_SMART_SCAN,
        KSM_MAX_PAGE_SHARING,
        KSM_MERGE_ACROSS_NODES,
        KSM_FIELDS
} KsmField;

extern const char *const ksm_field_names[KSM_FIELDS];

typedef struct KsmSetting {
        char found[KSM_VALUE_SIZE];  /* "": this kernel does not have it */
        char before[KSM_VALUE_SIZE]; /* what was there before ours */
        char ours[KSM_VALUE_SIZE];   /* "": we have not set it */
} KsmSetting;

typedef struct KsmRecord {
        char boot[40]; /* /proc/sys/kernel/random/boot_id: with the next start all is the kernel's own again
                        */
        KsmSetting settings[KSM_FIELDS];
} KsmRecord;

typedef enum KsmRecordState {
        KSM_RECORD_NONE,
        KSM_RECORD_GOOD,
        KSM_RECORD_OLD,     /* from before the host's last start */
        KSM_RECORD_DAMAGED, /* no record of ours, whoever wrote it */
        KSM_RECORD_FAILED,  /* cannot be read; the error is set */
} KsmRecordState;

/* A number, a word such as the advisor's modes are, or KSM_ANY. */
bool ksm_value_is_valid(const char *value);

KsmRecordState ksm_record_load(const char *state_dir, const char *boot, KsmRecord *ret_record,
                               GError **error);

/* Replaces the file at once or not at all, and returns when it is on the disk. */
bool ksm_record_save(const char *state_dir, const KsmRecord *record, GError **error);

bool ksm_record_remove(const char *state_dir, GError **error);
