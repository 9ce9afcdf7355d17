/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tables of VLANs and port groups: read, checked, and compared with what is there. Pure: no I/O. Errors are
 * G_IO_ERROR_INVALID_ARGUMENT.
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#define PLAN_NAME_MAX   80   /* characters of a port group's or a switch's name, as ESX has it */
#define PLAN_VLAN_TRUNK 4095 /* the VLAN that is all of them */
#define PLAN_ROWS_MAX   4096
#define PLAN_TEXT_MAX   (1u << 20) /* bytes of a table */

/* A port group: a row of a table, or one that is there. */
typedef struct PlanGroup {
        char *name;
        char *switch_name; /* NULL: the row names none */
        unsigned vlan;     /* 0: untagged, 1 to 4094, PLAN_VLAN_TRUNK */
        unsigned line;     /* of the table, from 1; 0: from no table */
} PlanGroup;

PlanGroup *plan_group_new(const char *name, const char *switch_name, unsigned vlan);
void plan_group_free(PlanGroup *group);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanGroup, plan_group_free)

/*
 * 1 to PLAN_NAME_MAX characters of UTF-8, no control characters, no "/" or "\", not "." or "..", no blank at
 * either end. kind ("port group", "virtual switch") is for the error.
 */
bool plan_check_name(const char *kind, const char *name, GError **error);

/* 0 to PLAN_VLAN_TRUNK. */
bool plan_check_vlan(gint64 vlan, GError **error);

/*
 * The rows of a table: lines VLAN,NAME[,SWITCH], by UTF-8 and CSV's rules for quotes ("a ""b"", c"); blanks
 * around fields do not count. Empty lines, and those that begin with "#", say nothing; the first that says
 * something may be the titles, VLAN,NAME[,SWITCH] in any case. The error names every line that is wrong (the
 * first ten of them) and why: a field that cannot be, a name that an earlier line has. Of PlanGroup *,
 * owned.
 */
GPtrArray *plan_parse(const char *text, GError **error);

typedef enum PlanAction { PLAN_MAKE, PLAN_CHANGE, PLAN_REMOVE, PLAN_KEEP } PlanAction;

const char *plan_action_name(PlanAction action); /* "make", "change", "remove", "keep" */

typedef struct PlanStep {
        PlanAction action;
        const PlanGroup *before; /* NULL for PLAN_MAKE; of the array that was given */
        const PlanGroup *after;  /* NULL for PLAN_REMOVE */
} PlanStep;

/*
 * What makes present into wanted, both of PlanGroup * with switches: in the order of wanted, then (only with
 * remove_others) those of present that are not wanted and are on a switch that wanted names. A port group is
 * the same when its name is. Of PlanStep *, owned.
 */
GPtrArray *plan_difference(const GPtrArray *wanted, const GPtrArray *present, bool remove_others);
