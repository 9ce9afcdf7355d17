/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What page faults cost when they are served outside of the kernel, before any pager has done anything. */
#include <err.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/macro.h"
#include "base/sys.h"
#include "pager/uffd.h"
#include "sides.h"

static unsigned char content[PAGE_BYTES] __attribute__((aligned(4096)));

static void *serve(void *argument)
{
        const struct bare_side *side = argument;
        struct uffd_msg message;
        size_t copied;

        for (;;) {
                if (uffd_read(side->uffd, &message, 1, true) == 1)
                        (void)uffd_copy(side->uffd,
                                        (uintptr_t)(message.arg.pagefault.address & ~(PAGE_BYTES - 1)),
                                        content, PAGE_BYTES, &copied);
        }
        return NULL;
}

void bare_side_new(struct bare_side *side, uint32_t pages)
{
        char reason[AEROSTAT_PAGER_REASON_MAX];

        *side = (struct bare_side){.ram = map_pages(pages), .pages = pages};
        if (uffd_open(&side->uffd, reason, sizeof(reason)) < 0)
                errx(1, "%s", reason);
        if (uffd_register(side->uffd, (uintptr_t)side->ram, pages * PAGE_BYTES, false) < 0)
                errx(1, "the memory is not registered");
        for (unsigned i = 0; i < ARRAY_LENGTH(side->thread); i++) {
                if (pthread_create(&side->thread[i], NULL, serve, side) != 0)
                        errx(1, "no thread");
        }
}

void bare_side_free(struct bare_side *side)
{
        /* They are waiting for messages, which can be cancelled. */
        for (unsigned i = 0; i < ARRAY_LENGTH(side->thread); i++) {
                (void)pthread_cancel(side->thread[i]);
                (void)pthread_join(side->thread[i], NULL);
        }
        (void)close(side->uffd);
        (void)munmap(side->ram, side->pages * PAGE_BYTES);
        *side = (struct bare_side){};
}
