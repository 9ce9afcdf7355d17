/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What filters ask of events, of all that the inventory keeps, in memory: some 50 bytes an event, 5 MB at
 * most. The events themselves are read when somebody wants them.
 */
#pragma once

#include "api/manager/history.h"

typedef struct EventLog EventLog;

EventLog *event_log_new(Api *api, GError **error);
void event_log_free(EventLog *log);

/* Takes up what is new in the inventory; each is told to the collectors. The newest; 0: there are none. */
int64_t event_log_update(EventLog *log);

/* NULL: it is there no more. */
VimValue *event_log_read(EventLog *log, int64_t id, bool without_message);

/* NULL with InvalidArgument sent. */
gpointer event_filter_new(Request *request, const VimValue *value);
extern const HistoryKind event_history_kind;
