/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What kind of event of vim25 an event of aerostat is: VMware's own type where there is one, else an EventEx
 * with an eventTypeId of aerostat's. Types and messages are those of scheduler/journal.h.
 */
#pragma once

#include "api/api.h"

typedef struct EventKind EventKind;

/* Of one event while it is made. */
typedef struct EventContext {
        Api *api;
        const char *vm_id; /* the VM's object, though it may be gone; NULL: not known, or there is none */
        const char *user;  /* who did it; "" when nobody is known */
        int64_t chain;     /* of the task it belongs to; 0: none */
        bool without_message;
} EventContext;

struct EventKind {
        const char *journal; /* the event's type; NULL: any */
        const char *begins;  /* its message does with this; NULL: however */
        bool of_vm;          /* only when it names a VM */
        const char *type;    /* in vim25 */
        const char *id;      /* eventTypeId; NULL when it has a type of its own */
        const char *category;
        const char *description;
        void (*fill)(VimValue *event, const EventContext *context, const InventoryEvent *record);
};

extern const EventKind event_kinds[]; /* ended by a NULL type */

/* Never NULL. */
const EventKind *event_kind_of(const char *journal, const char *vm, const char *message);
/* Whether this is the name of its type, of one that it extends, or its eventTypeId. */
bool event_kind_is(const EventKind *kind, const char *name);
/* Who did it, where the event itself says so; "" else. Owned. */
char *event_kind_user(const EventKind *kind, const char *message);

/* The Event. */
VimValue *event_value(const EventContext *context, const InventoryEvent *record);
VimValue *event_description(void);
