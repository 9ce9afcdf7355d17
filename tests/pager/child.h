/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests in a process of their own: for what ends a process, or must be undone however it ends. */
#pragma once

/*
 * Calls body in a child; to be called while this process has no pager. Returns the child's wait
 * status, 0 when body returned, and all that it wrote to standard error (to be freed by g_free()).
 */
int in_child(void (*body)(const void *), const void *argument, char **ret_stderr);

/* Fails the test unless body returns. */
void in_child_succeed(void (*body)(const void *), const void *argument);
