/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What disk.c and disk-copy.c share. */
#pragma once

#include "storage/disk.h"

void disk_set_errno(GError **error, int error_number, const char *doing, const char *path);

/* An empty file of ours where none is yet; and away with one, if it is there. */
bool disk_make_file(const char *path, GError **error);
void disk_drop_file(const char *path);

/* NO_SPACE with what is missing, when the folder of path has less. */
bool disk_check_space(const char *path, uint64_t needed_bytes, GError **error);
