/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The nouns and commands that ask aerostatd, and the options they have in common. */
#pragma once

#include "cli/api-client.h"
#include "cli/cli.h"
#include "cli/field.h"
#include "cli/host-choice.h"
#include "cli/output.h"

extern const CliVerb card_verbs[], portgroup_verbs[], switch_verbs[];
extern const CliVerb customization_verbs[];
extern const CliVerb host_verbs[], vm_verbs[], pool_verbs[], setting_verbs[], event_verbs[];
extern const CliVerb datastore_verbs[], disk_verbs[], drive_verbs[], guest_verbs[], snapshot_verbs[];
extern const CliVerb account_verbs[], folder_verbs[], attribute_verbs[], task_verbs[];
extern const CliVerb advise_command, top_command;

/* clang-format off */
#define OPTION_END {NULL, NULL, NULL, false, NULL}
#define OPTIONS_DAEMON \
        {"host", "HOST", NULL, false, \
         "which: [USER@]HOST[:PORT], a socket's path, or a section of the\n" \
         "file of hosts; see aerostat(1) for which it is otherwise", \
         .letter = 'H', .complete = host_complete}, \
        {"fingerprint", "SHA256", NULL, false, "of the host's certificate: it and no other is trusted"}, \
        {"timeout", "SECONDS", NULL, false, "how long to wait for an answer (default 10)"}
#define OPTION_FORMAT {"format", "FORMAT", cli_format_names, false, "table (default), json or csv"}
#define OPTION_NO_HEADER {"no-header", NULL, NULL, false, "leave out the line of titles"}
#define OPTION_UNIT \
        {"unit", "UNIT", cli_unit_names, false, \
         "sizes of the table in auto (default), B, K, M, G or T;\n" \
         "JSON and CSV are in bytes always"}
#define OPTION_WHAT_IF {"what-if", NULL, NULL, false, "tell what would change, change nothing"}
/* clang-format on */

/* What commands that print a list read: --format, and --unit and --no-header where the verb has them. */
typedef struct DaemonLook {
        CliFormat format;
        CliUnit unit;
        bool header;
} DaemonLook;

bool daemon_read_look(const CliArgs *args, DaemonLook *ret, GError **error);

/* --format of what is one object: table or json. */
extern const char *const daemon_show_formats[];

/* One "NAME -> VALUE" of what was or would be changed. */
void daemon_tell_change(const char *object, const char *what, const char *before, const char *after,
                        bool what_if);

/* The word in "--shares": low, normal, high or a number, as the daemon writes it. */
bool daemon_check_shares(const char *text, GError **error);

/*
 * A size that the daemon holds in MB (MiB): of --option. memory_bytes is what a percentage is of, 0 when
 * there is none to be of. "none" gives -1 where allowed.
 */
bool daemon_parse_mb(const char *text, const char *option, bool none_allowed, uint64_t memory_bytes,
                     int64_t *ret_mb, GError **error);

/* "512M", or none_word for what is negative. */
char *daemon_format_mb(int64_t mb, const char *none_word);

/* For completion. */
void vm_complete(const char *prefix);
void pool_complete(const char *prefix);
void customization_complete(const char *prefix);
void datastore_complete(const char *prefix);
void folder_complete(const char *prefix);
void switch_complete(const char *prefix);
void portgroup_complete(const char *prefix);
void attribute_complete(const char *prefix);
