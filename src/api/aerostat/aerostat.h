/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AerostatManager: what aerostat has and vim25 has no words for. What its files know of each other. */
#pragma once

#include "api/request.h"

/* === figures.c: what QueryHostMemory and so on answer === */

void aerostat_query_host(Request *request);
void aerostat_query_vms(Request *request);
void aerostat_query_pools(Request *request);
void aerostat_query_advice(Request *request);

/* === preview.c === */

void aerostat_preview(Request *request);

/* === operations.c: methods of src/operation by their names === */

void aerostat_query_operations(Request *request);
void aerostat_run_operation(Request *request);
void aerostat_run_task(Request *request);

/* What it takes to start one; NULL: it has no entry, and only an administrator may. */
const char *aerostat_privilege(const char *operation);
/* How many have an entry. */
unsigned aerostat_n_privileges(void);
