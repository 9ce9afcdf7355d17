/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Methods of vim25 that answer when they are done, of operations that are tasks. */
#pragma once

#include "api/request.h"

/*
 * As request_operate(), of an operation that may be a task, too, whose end is waited for; and everybody is
 * told that the catalog has changed before the answer, so that who asks then finds what he has made.
 */
void request_change(Request *request, const char *operation, JsonObject *args, RequestResult result,
                    gpointer data, GDestroyNotify free_data);
