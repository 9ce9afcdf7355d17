/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a client does in its session, on demand, as a script that does it again: only calls that succeeded
 * and that change something, with names in place of ids, without secrets. In memory, and bounded.
 *
 * vim25 has nothing of the kind, and its table is VMware's, so this is no method: it is served at /recorder
 * (server/recorder.c).
 */
#pragma once

#include "api/api.h"

#define RECORDINGS_MAX 16
#define RECORDED_MAX   5000 /* calls of one */
#define RECORDED_BYTES ((size_t)8 << 20)

typedef enum RecorderForm { RECORDER_SHELL, RECORDER_PYTHON, RECORDER_POWERCLI } RecorderForm;

/* "shell", "python", "powercli". False: none such. */
bool recorder_form_parse(const char *name, RecorderForm *ret);

/* From now on; what was recorded of this session before is forgotten. BUSY. */
bool recorder_start(Api *api, const Session *session, GError **error);
/* Leaves out, or no longer, what is called from now on. False: there is no recording. */
bool recorder_pause(Api *api, const char *session_id, bool paused);
bool recorder_is_paused(Api *api, const char *session_id);
/* Ends it and forgets it. False: there is none. */
bool recorder_stop(Api *api, const char *session_id);
/* Whose session it was, borrowed; NULL: there is no recording. It outlives the session. */
const char *recorder_user(Api *api, const char *session_id);
/* What there is so far. NULL: there is no recording. */
GString *recorder_script(Api *api, const char *session_id, RecorderForm form);

extern const ApiModule recorder_module;
