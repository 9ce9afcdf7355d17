/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of life.h share. */
#pragma once

#include "base/macro.h"
#include "vm/life.h"

#define _cleanup_domain_ _cleanup_(life_domain_free)
void life_domain_free(virDomainPtr *domain);

/* The calling thread's last libvirt error: "WHAT NAME: libvirt's words". domain and uuid may be NULL. */
void life_set_error(GError **error, virDomainPtr domain, const char *uuid, const char *what);

virDomainPtr life_find(virConnectPtr connection, const char *uuid, GError **error);

/* Waits so long; false when it is cancelled meanwhile. */
bool life_wait(unsigned ms, GCancellable *cancellable, GError **error);
