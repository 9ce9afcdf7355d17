/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* By what clients know this host: the certificate of its TLS. */
#pragma once

#include <gio/gio.h>

/*
 * The certificate and key in these files (PEM). Both NULL: those in the state directory, which are made at
 * first start, signed by themselves, for the host's name and addresses.
 */
GTlsCertificate *certificate_get(const char *state_dir, const char *certificate_file, const char *key_file,
                                 GError **error);

/* "01:23:...": SHA-1, as VMware's tools show it. Owned. */
char *certificate_thumbprint(GTlsCertificate *certificate);
