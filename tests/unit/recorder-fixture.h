/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A world with one VM of which a session is recorded, and handlers that tell of operations without doing
 * them. */
#pragma once

#include "api-fixture.h"
#include "api/recorder/recorder.h"

#define UUID "11111111-2222-3333-4444-555555555555" /* of the VM, whose name is web1 */

typedef struct RecorderFixture {
        ApiFixture base;
        Managed *vm, *accounts, *fields, *manager;
} RecorderFixture;

/* The arguments of the operation that ReconfigVM_Task and CloneVM_Task begin, as JSON. */
extern const char *recorder_to_tell;

/* Without what is before the first call. */
char *recorder_calls(RecorderFixture *fixture, RecorderForm form);
void recorder_assert_calls(RecorderFixture *fixture, RecorderForm form, const char *expected);
/* Of two texts with as many lines. */
unsigned recorder_different_lines(const char *a, const char *b);
/* Calls ReconfigVM_Task or CloneVM_Task with spec, which it takes; operations is what they tell. */
void recorder_told(RecorderFixture *fixture, const char *method, const char *operations, VimValue *spec);
/* Runs an operation by its name. */
void recorder_operate(RecorderFixture *fixture, const char *operation, const char *args);
void recorder_add_test(const char *path, void (*test)(RecorderFixture *, gconstpointer));
