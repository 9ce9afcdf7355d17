/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong now, one line for each cause; the gravest that lasts is what clients are told. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "pager/pager.h"

#define EXIT_LOST 74 /* EX_IOERR of sysexits.h */

static void set_locked(struct aerostat_pager *pager, enum reason_cause cause, const char *format,
                       va_list args) __attribute__((format(printf, 3, 0)));
static void set_locked(struct aerostat_pager *pager, enum reason_cause cause, const char *format,
                       va_list args)
{
        struct reasons *reasons = &pager->reasons;

        (void)vsnprintf(reasons->text[cause], sizeof(reasons->text[cause]), format, args);
        (void)atomic_fetch_or(&reasons->present, 1u << cause);
}

void reason_set(struct aerostat_pager *pager, enum reason_cause cause, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        (void)pthread_mutex_lock(&pager->reasons.lock);
        set_locked(pager, cause, format, args);
        (void)pthread_mutex_unlock(&pager->reasons.lock);
        va_end(args);
}

void reason_clear(struct aerostat_pager *pager, enum reason_cause cause)
{
        if (reason_is_set(pager, cause))
                (void)atomic_fetch_and(&pager->reasons.present, ~(1u << cause));
}

bool reason_is_set(struct aerostat_pager *pager, enum reason_cause cause)
{
        return atomic_load_explicit(&pager->reasons.present, memory_order_relaxed) & 1u << cause;
}

/* Drops what was noted about memory inside [addr, addr + length). */
static void forget_locked(struct reasons *reasons, uintptr_t addr, size_t length)
{
        for (unsigned i = 0; i < ARRAY_LENGTH(reasons->refusal); i++) {
                struct refusal *r = &reasons->refusal[i];

                if (r->length && r->addr >= addr && r->length <= length &&
                    r->addr - addr <= length - r->length)
                        r->length = 0;
        }
}

void reason_refused(struct aerostat_pager *pager, uintptr_t addr, size_t length, const char *text)
{
        struct reasons *reasons = &pager->reasons;
        struct refusal *free = NULL;

        (void)pthread_mutex_lock(&reasons->lock);
        forget_locked(reasons, addr, length);
        for (unsigned i = 0; i < ARRAY_LENGTH(reasons->refusal) && !free; i++) {
                if (!reasons->refusal[i].length)
                        free = &reasons->refusal[i];
        }
        if (free) {
                free->addr = addr;
                free->length = length;
                free->number = ++reasons->refusals;
                (void)snprintf(free->text, sizeof(free->text), "%s", text);
        } else {
                /* So many that nobody keeps them apart. */
                reasons->refused_more += length;
        }
        (void)pthread_mutex_unlock(&reasons->lock);
}

void reason_not_refused(struct aerostat_pager *pager, uintptr_t addr, size_t length)
{
        (void)pthread_mutex_lock(&pager->reasons.lock);
        forget_locked(&pager->reasons, addr, length);
        (void)pthread_mutex_unlock(&pager->reasons.lock);
}

uint64_t reason_now(struct aerostat_pager *pager, char *ret_text)
{
        struct reasons *reasons = &pager->reasons;
        const struct refusal *latest = NULL;
        const char *text = NULL;
        uint64_t unmanaged;

        (void)pthread_mutex_lock(&reasons->lock);
        unmanaged = reasons->refused_more;
        for (unsigned i = 0; i < ARRAY_LENGTH(reasons->refusal); i++) {
                const struct refusal *r = &reasons->refusal[i];

                unmanaged += r->length;
                if (r->length && (!latest || r->number > latest->number))
                        latest = r;
        }
        for (enum reason_cause cause = 0; cause < REASON_CAUSES && !text; cause++) {
                if (reason_is_set(pager, cause))
                        text = reasons->text[cause];
        }
        if (!text)
                text = latest ? latest->text : unmanaged ? "some guest memory is not managed" : "";
        (void)snprintf(ret_text, AEROSTAT_PAGER_REASON_MAX, "%s", text);
        (void)pthread_mutex_unlock(&reasons->lock);
        return unmanaged;
}

void pager_fatal(struct aerostat_pager *pager, const char *format, ...)
{
        char reason[AEROSTAT_PAGER_REASON_MAX];
        va_list args;

        if (atomic_exchange(&pager->fatal, true))
                return;
        va_start(args, format);
        (void)vsnprintf(reason, sizeof(reason), format, args);
        va_end(args);
        reason_set(pager, REASON_FATAL, "%s", reason);
        if (pager->on_fatal) {
                pager->on_fatal(pager->userdata, reason);
                return;
        }
        (void)dprintf(STDERR_FILENO, "aerostat: VM %s is stopped: %s\n", pager->name, reason);
        _exit(EXIT_LOST);
}
