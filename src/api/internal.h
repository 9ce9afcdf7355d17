/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the frame's own files know of each other. */
#pragma once

#include "api/request.h"

/* Of the type, or of the nearest one that it extends. NULL: the method is not implemented. */
const Handler *api_handler(const Api *api, const VimType *type, const VimMethod *method);

/* "PowerOnVM_Task" of VirtualMachine is "VirtualMachine.powerOn", as a vCenter calls it. Owned. */
char *task_description_id(const VimType *type, const char *method);
FaultOf request_get_fault(const Request *request);

VimValue *fault_no_object(const char *type, const char *id);
/* As the function makes it, with the object (a reference, or NULL) that the operation was about. */
VimValue *fault_about(FaultOf make, const GError *error, const VimValue *object);
