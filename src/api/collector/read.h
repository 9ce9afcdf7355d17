/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties of one object: which of them a session may read, and how they are sent. */
#pragma once

#include "api/collector/spec.h"

/* session NULL: not logged in. */
bool may_read(const Session *session, const VimField *field);
bool may_see(const Session *session, const Managed *managed);

/* What a path leads to; NULL: it is unset. Owned. */
VimValue *path_read(const Path *path, const Managed *managed, Session *session);
/* Whether that in which the path's last step would be is there. */
bool path_has_parent(const Path *path, const Managed *managed, Session *session);

/* NoPermission or NotAuthenticated of a property. Owned. */
VimValue *fault_unreadable(const Session *session, const Managed *managed, const VimField *field);
/* Of the paths that the session may not read: of MissingProperty; NULL: there are none. */
VimValue *missing_of(const GPtrArray *paths, const Managed *managed, const Session *session);

/* An ObjectContent. path_lists: of GPtrArray of Path *, n of them. */
VimValue *content_new(const Managed *managed, const GPtrArray *const *path_lists, unsigned n,
                      Session *session);
