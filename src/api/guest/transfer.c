/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files on their way between clients and guests.
 *
 * The agent, which is root in the guest, opens no path that a user of the guest could make lead elsewhere: a
 * process with the user's rights opens the file and holds it, the agent opens it again by that process
 * (/proc/N/fd/9), and then makes sure that the process is still that one. What is sent to a guest goes to a
 * file of its own beside the place, which it takes in one step.
 */
#include "api/guest/transfer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/guest/guest.h"
#include "api/guest/module.h"

#define TRANSFERS_MAX 100u
#define BEGIN_WITHIN  (5 * 60 * G_USEC_PER_SEC)

#define SWEEP_S       30
#define SIZE_MAX_SENT (INT64_C(1) << 40)

#define OPEN_TRIES    100
#define OPEN_PAUSE_US 20000u

struct GuestTransfer {
        Api *api;
        char *id, *token;
        char *uuid, *vm; /* VM's UUID and name */
        Login login;     /* without a password: it has been checked */
        bool to_guest, begun, overwrite;
        char *path, *made; /* in the guest: the file; what is filled in its place, or NULL */
        char *mode;        /* octal, of what is sent */
        int64_t size, done;
        int64_t handle; /* the agent's */
        int64_t touched_us;
        bool busy;  /* work of it is under way */
        bool ended; /* goes with that */

        /* Of the work under way. */
        GBytes *bytes;
        char *error;
        bool whole;
        GuestTransferDone on_done;
        gpointer user_data;
};

static void transfer_free(gpointer data)
{
        GuestTransfer *transfer = data;

        g_free(transfer->id);
        g_free(transfer->token);
        g_free(transfer->uuid);
        g_free(transfer->vm);
        g_free(transfer->login.user);
        g_free(transfer->path);
        g_free(transfer->made);
        g_free(transfer->mode);
        g_free(transfer->error);
        g_clear_pointer(&transfer->bytes, g_bytes_unref);
        g_free(transfer);
}

/* --- initiating --- */

/* 128 bits from the kernel. */
static char *new_token(void)
{
        guchar random[16];
        GString *text = g_string_new(NULL);

        if (getentropy(random, sizeof random) < 0)
                g_error("the kernel has no random numbers");
        for (unsigned i = 0; i < sizeof random; i++)
                g_string_append_printf(text, "%02x", random[i]);
        return g_string_free(text, FALSE);
}

/* Opens the file by a process of the user that holds it. */
static bool hold(Work *work, const char *word, const char *path, const char *mode, int64_t *ret_handle)
{
        const char *const words[] = {word, path, NULL};
        g_autofree char *link = NULL;
        g_autoptr(GError) error = NULL;
        int64_t pid;

        if (!work_begin(work, words, &pid))
                return false;
        link = g_strdup_printf("/proc/%" PRId64 "/fd/9", pid);
        for (unsigned i = 0; i < OPEN_TRIES; i++) {
                g_auto(AgentStatus) status = {0};
                bool open = agent_open(&work->agent, link, mode, ret_handle, NULL);

                if (!agent_status(&work->agent, pid, &status, &error)) {
                        if (open)
                                agent_close(&work->agent, *ret_handle);
                        work_fail(work, error);
                        return false;
                }
                if (open && !status.exited)
                        return true;
                if (open)
                        agent_close(&work->agent, *ret_handle);
                if (status.exited)
                        break;
                g_usleep(OPEN_PAUSE_US);
        }
        g_set_error(&error, G_IO_ERROR, G_IO_ERROR_FAILED, "its agent cannot open %s", path);
        work_fail(work, error);
        return false;
}

/* What the guest says of a file that is to be read: its size. */
static bool read_size(GBytes *said, const char *path, int64_t *ret, VimValue **ret_attributes)
{
        gsize size;
        const char *at = g_bytes_get_data(said, &size), *end = at + size;
        const char *attributes = at != NULL ? guest_next_text(&at, end) : NULL;
        const char *target = attributes != NULL ? guest_next_text(&at, end) : NULL;
        g_autoptr(VimValue) value = target != NULL ? guest_file_value(path, attributes, target) : NULL;

        if (value == NULL)
                return false;
        *ret = vim_get_int(value, "size", 0);
        *ret_attributes = vim_ref(vim_get(value, "attributes"));
        return true;
}

static char *url_of(const GuestTransfer *transfer)
{
        const GuestModule *module = api_get_data(transfer->api, GUEST_MODULE);

        return g_strdup_printf("%s/guestFile?id=%s&token=%s", module->base, transfer->id, transfer->token);
}

static void run_from(Work *work)
{
        GuestTransfer *transfer = work->data;
        const char *const words[] = {"readable", transfer->path, NULL};
        g_autoptr(GBytes) said = work_do(work, transfer->path, words);
        VimValue *attributes, *info;
        g_autofree char *url = NULL;

        if (said == NULL)
                return;
        if (!read_size(said, transfer->path, &transfer->size, &attributes)) {
                work_fault(work, vim_new_fault("GuestOperationsFault"),
                           "what the guest of VM \"%s\" says of \"%s\" makes no sense", work->vm,
                           transfer->path);
                return;
        }
        if (!hold(work, "hold-read", transfer->path, "r", &transfer->handle)) {
                vim_unref(attributes);
                return;
        }
        info = vim_new_object("FileTransferInformation");
        url = url_of(transfer);
        vim_set(info, "attributes", attributes);
        vim_set_int(info, "size", transfer->size);
        vim_set_text(info, "url", url);
        work->result = info;
}

static void run_to(Work *work)
{
        GuestTransfer *transfer = work->data;
        const char *const words[] = {"writable", transfer->path, transfer->overwrite ? "overwrite" : "no",
                                     NULL};
        g_autoptr(GBytes) said = work_do(work, transfer->path, words);
        g_autofree char *url = NULL;
        const char *data;
        gsize size;

        if (said == NULL)
                return;
        data = g_bytes_get_data(said, &size);
        transfer->made = g_strndup(data != NULL ? data : "", MIN(size, GUEST_PATH_MAX));
        if (!hold(work, "hold-write", transfer->made, "r+", &transfer->handle)) {
                const char *const drop[] = {"drop", transfer->made, NULL};
                g_autoptr(VimValue) fault = vim_ref(work->fault);
                g_autofree char *message = g_strdup(work->message);
                g_autoptr(GBytes) dropped G_GNUC_UNUSED = work_do_trusted(work, NULL, drop);

                work_fault(work, vim_ref(fault), "%s", message);
                return;
        }
        url = url_of(transfer);
        work->result = vim_new_string(url);
}

/* It can be begun now. */
static void keep(Work *work)
{
        GuestModule *module = api_get_data(work->api, GUEST_MODULE);
        GuestTransfer *transfer = work->data;

        transfer->uuid = g_strdup(work->uuid);
        transfer->vm = g_strdup(work->vm);
        transfer->login.user = g_strdup(work->login.user);
        transfer->touched_us = g_get_monotonic_time();
        g_hash_table_insert(module->transfers, transfer->id, transfer);
        work->data = NULL;
        work->free_data = NULL;
}

static GuestTransfer *transfer_new(Request *request)
{
        GuestModule *module = api_get_data(request_api(request), GUEST_MODULE);
        const char *path = request_arg_text(request, "guestFilePath");
        GuestTransfer *transfer;

        if (!guest_check_text(request, "guestFilePath", path, GUEST_PATH_MAX))
                return NULL;
        if (g_hash_table_size(module->transfers) >= TRANSFERS_MAX) {
                request_fault(request, vim_new_fault("GuestOperationsUnavailable"),
                              "%u files are on their way already; try again", TRANSFERS_MAX);
                return NULL;
        }
        transfer = g_new0(GuestTransfer, 1);
        transfer->api = request_api(request);
        transfer->id = g_strdup_printf("%u", ++module->last_transfer);
        transfer->token = new_token();
        transfer->path = g_strdup(path);
        return transfer;
}

void guest_transfer_from(Request *request)
{
        GuestTransfer *transfer = transfer_new(request);

        if (transfer != NULL)
                work_start(request, run_from, keep, transfer, transfer_free);
}

void guest_transfer_to(Request *request)
{
        const VimValue *attributes = request_arg(request, "fileAttributes"), *mode = NULL;
        int64_t size = request_arg_int(request, "fileSize", 0);
        GuestTransfer *transfer;

        if (size < 0 || size > SIZE_MAX_SENT) {
                request_invalid(request, "fileSize", "a file has 0 to 2^40 bytes");
                return;
        }
        transfer = transfer_new(request);
        if (transfer == NULL)
                return;
        if (vim_is(attributes, "GuestPosixFileAttributes"))
                mode = vim_get(attributes, "permissions");
        transfer->mode = g_strdup_printf("%" PRIo64, mode != NULL ? (uint64_t)mode->integer & 07777 : 0644);
        transfer->to_guest = true;
        transfer->overwrite = request_arg_bool(request, "overwrite", false);
        transfer->size = size;
        work_start(request, run_to, keep, transfer, transfer_free);
}

/* --- for the server --- */

void guest_transfer_set_base(Api *api, const char *base)
{
        GuestModule *module = api_get_data(api, GUEST_MODULE);

        g_free(module->base);
        module->base = g_strdup(base);
}

/* In a time that says nothing of how much of it was right. */
static bool same_token(const char *a, const char *b)
{
        unsigned differs = strlen(a) != strlen(b);

        for (size_t i = 0; differs == 0 && i < strlen(a); i++)
                differs |= (unsigned)(a[i] ^ b[i]) << 8;
        return differs == 0;
}

GuestTransfer *guest_transfer_begin(Api *api, const char *id, const char *token, bool to_guest)
{
        GuestModule *module = api_get_data(api, GUEST_MODULE);
        GuestTransfer *transfer = id != NULL ? g_hash_table_lookup(module->transfers, id) : NULL;

        if (transfer == NULL || token == NULL || !same_token(transfer->token, token) ||
            transfer->to_guest != to_guest || transfer->begun)
                return NULL;
        transfer->begun = true;
        transfer->touched_us = g_get_monotonic_time();
        return transfer;
}

int64_t guest_transfer_size(const GuestTransfer *transfer)
{
        return transfer->size;
}

static void on_work_done(Work *work)
{
        GuestTransfer *transfer = work->data;
        GuestModule *module = api_get_data(transfer->api, GUEST_MODULE);
        g_autoptr(GBytes) bytes = g_steal_pointer(&transfer->bytes);
        GuestTransferDone done = transfer->on_done;
        bool ended = transfer->ended; /* done may end it, which is work again */

        transfer->busy = false;
        transfer->touched_us = g_get_monotonic_time();
        if (ended)
                g_hash_table_steal(module->transfers, transfer->id);
        if (done != NULL)
                done(transfer, work->fault == NULL ? bytes : NULL, work->message, transfer->user_data);
        if (ended)
                transfer_free(transfer);
}

static void go(GuestTransfer *transfer, void (*run)(Work *work), GuestTransferDone done, gpointer user_data)
{
        GuestModule *module = api_get_data(transfer->api, GUEST_MODULE);
        bool ended = transfer->ended;

        g_assert(!transfer->busy);
        transfer->on_done = done;
        transfer->user_data = user_data;
        transfer->busy = true;
        if (work_start_for(transfer->api, transfer->uuid, transfer->vm, run, on_work_done, transfer))
                return;
        transfer->busy = false;
        g_clear_pointer(&transfer->bytes, g_bytes_unref);
        if (ended)
                g_hash_table_steal(module->transfers, transfer->id);
        if (done != NULL)
                done(transfer, NULL, "the guest is busy with others; try again", user_data);
        if (ended)
                transfer_free(transfer);
}

static void run_read(Work *work)
{
        GuestTransfer *transfer = work->data;
        g_autoptr(GError) error = NULL;
        int64_t left = transfer->size - transfer->done;

        if (left <= 0) {
                transfer->bytes = g_bytes_new(NULL, 0);
                return;
        }
        transfer->bytes = agent_read(&work->agent, transfer->handle,
                                     (unsigned)MIN(left, (int64_t)GUEST_TRANSFER_CHUNK), &error);
        if (transfer->bytes == NULL)
                work_fail(work, error);
        else
                transfer->done += (int64_t)g_bytes_get_size(transfer->bytes);
        if (transfer->bytes != NULL && g_bytes_get_size(transfer->bytes) == 0)
                work_fault(work, vim_new_fault("GuestOperationsFault"), "\"%s\" has become shorter",
                           transfer->path);
}

void guest_transfer_read(GuestTransfer *transfer, GuestTransferDone done, gpointer user_data)
{
        go(transfer, run_read, done, user_data);
}

static void run_write(Work *work)
{
        GuestTransfer *transfer = work->data;
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = g_steal_pointer(&transfer->bytes);

        if (transfer->done + (int64_t)g_bytes_get_size(bytes) > transfer->size)
                work_fault(work, vim_new_fault("GuestOperationsFault"),
                           "more than the %" PRId64 " bytes that were announced", transfer->size);
        else if (agent_write(&work->agent, transfer->handle, bytes, &error))
                transfer->done += (int64_t)g_bytes_get_size(bytes);
        else
                work_fail(work, error);
}

void guest_transfer_write(GuestTransfer *transfer, GBytes *bytes, GuestTransferDone done, gpointer user_data)
{
        transfer->bytes = g_bytes_ref(bytes);
        go(transfer, run_write, done, user_data);
}

static void run_end(Work *work)
{
        GuestTransfer *transfer = work->data;
        const char *const place[] = {"place",        transfer->made,
                                     transfer->path, transfer->overwrite ? "overwrite" : "no",
                                     transfer->mode, NULL};
        const char *const drop[] = {"drop", transfer->made, NULL};
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) said = NULL;
        bool flushed = !transfer->to_guest || !transfer->whole ||
                       agent_flush(&work->agent, transfer->handle, &error);

        agent_close(&work->agent, transfer->handle);
        if (!transfer->to_guest)
                return;
        work->login.user = g_strdup(transfer->login.user);
        if (!flushed)
                work_fail(work, error);
        else if (transfer->whole && transfer->done != transfer->size)
                work_fault(work, vim_new_fault("GuestOperationsFault"),
                           "%" PRId64 " bytes have come of %" PRId64, transfer->done, transfer->size);
        else if (transfer->whole)
                said = work_do_trusted(work, transfer->path, place);
        if (said == NULL) {
                g_autoptr(VimValue) fault = vim_ref(work->fault);
                g_autofree char *message = g_strdup(work->message);
                g_autoptr(GBytes) dropped G_GNUC_UNUSED = work_do_trusted(work, NULL, drop);

                if (fault != NULL)
                        work_fault(work, vim_ref(fault), "%s", message);
        }
}

void guest_transfer_end(GuestTransfer *transfer, bool whole, GuestTransferDone done, gpointer user_data)
{
        transfer->ended = true;
        transfer->whole = whole;
        go(transfer, run_end, done, user_data);
}

/* --- the module's --- */

/* Those that nobody has begun, or goes on with. */
static gboolean sweep(gpointer user_data)
{
        Api *api = user_data;
        GuestModule *module = api_get_data(api, GUEST_MODULE);
        g_autoptr(GPtrArray) old = g_ptr_array_new();
        GHashTableIter iter;
        gpointer value;

        g_hash_table_iter_init(&iter, module->transfers);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const GuestTransfer *transfer = value;

                if (!transfer->busy && !transfer->begun &&
                    g_get_monotonic_time() - transfer->touched_us > BEGIN_WITHIN)
                        g_ptr_array_add(old, value);
        }
        for (unsigned i = 0; i < old->len; i++)
                guest_transfer_end(old->pdata[i], false, NULL, NULL);
        return G_SOURCE_CONTINUE;
}

void guest_transfer_start(Api *api)
{
        GuestModule *module = api_get_data(api, GUEST_MODULE);

        module->transfers = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, transfer_free);
        module->base = g_strdup("https://*:443");
        module->sweep_source = g_timeout_add_seconds(SWEEP_S, sweep, api);
}

void guest_transfer_stop(Api *api)
{
        GuestModule *module = api_get_data(api, GUEST_MODULE);

        g_source_remove(module->sweep_source);
        g_hash_table_unref(module->transfers);
        g_free(module->base);
}
