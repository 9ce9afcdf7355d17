/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The messages of the pager's control protocol, as a client makes and checks them. */
#pragma once

#include <aerostat/pager-protocol.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void pager_request_init(struct aerostat_pager_request *request, enum aerostat_pager_request_type type,
                        uint64_t serial, uint64_t value0, uint64_t value1);

/*
 * Whether length bytes at reply are a well-formed answer to request. Else *ret_problem, to be freed
 * with g_free(), says what is wrong with them; it is fit to be shown.
 */
bool pager_reply_check(const struct aerostat_pager_reply *reply, size_t length,
                       const struct aerostat_pager_request *request, char **ret_problem);
