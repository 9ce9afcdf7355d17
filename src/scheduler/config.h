/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon's file: where things are, and the host's settings by their ESX names. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

#include "policy/settings.h"

/* The file is the one truth: what is changed live is written there, comments and all stay. */
typedef struct Config Config;

/* A file that is not there means defaults. Unknown names and bad values are refused, with what is allowed.
 */
Config *config_new(const char *path, GError **error);
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

/* Reads the file again: all of it is taken over, or nothing. */
bool config_reload(Config *config, GError **error);

/* [aerostatd] */
const char *config_connection(const Config *config);        /* libvirt's URI */
const char *const *config_pager_dirs(const Config *config); /* where the pagers' sockets are */
const char *config_pager_library(const Config *config);     /* for LD_PRELOAD of the VMs made here */
const char *config_domain_type(const Config *config); /* "kvm", "qemu"; NULL: what libvirt can do best */
unsigned config_metrics_port(const Config *config);   /* on loopback; 0: none */
unsigned config_api_port(const Config *config);       /* of the API, with TLS; 0: none */
const char *const *config_api_addresses(const Config *config); /* to listen at; NULL: all */
unsigned config_api_plain_port(const Config *config);     /* the same without TLS, on loopback; 0: none */
const char *config_api_certificate(const Config *config); /* files; NULL: one that is made */
const char *config_web_dir(const Config *config);         /* the web client's files; need not be there */
const char *config_api_key(const Config *config);         /* NULL: in the certificate's file */
unsigned config_session_timeout(const Config *config);    /* seconds of doing nothing */

/* [Memory]: always within the setting's bounds. */
int64_t config_get(const Config *config, enum policy_setting_id id);

/* Several at once: all are checked, then written, then in force. Of char * (a name) to int64_t *. */
bool config_set(Config *config, GHashTable *values, GError **error);
