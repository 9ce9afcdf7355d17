/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Results as the bodies of answers. What is small is written at once. What is large (the properties of a
 * thousand VMs are some milliseconds' work) is written and compressed by another thread, so that requests
 * that come after it need not wait for it; values do not change any more (vim/value.h), so the answer is
 * what was so when the request was served. When much waits to be written already, it is written at once as
 * well, so that there is never more of it. All but a WriterForm is called in the main thread.
 */
#pragma once

#include "vim/value.h"

/* The result of a method, NULL where it has none, as a client of the version is told. NULL: nothing is sent.
 * Any thread. */
typedef GString *(*WriterForm)(const VimMethod *method, const VimValue *result, VimVersion version);
/* body is borrowed, NULL: nothing. */
typedef void (*WriterDone)(GBytes *body, bool is_compressed, gpointer user_data);

typedef struct Writer Writer;
typedef struct WriterJob WriterJob;

Writer *writer_new(void);
/* Waits for what is being written; `done` is not called any more. */
void writer_free(Writer *writer);

/*
 * compresses: where that is worth it. Returns what is to be cancelled when nobody waits for it any more, as
 * long as done was not called; NULL when it was called already. Holds the result, and gives it up in the
 * thread: what is in it may be freed there.
 */
WriterJob *writer_write(Writer *writer, WriterForm form, const VimMethod *method, const VimValue *result,
                        VimVersion version, bool compresses, WriterDone done, gpointer user_data);
void writer_cancel(WriterJob *job);
