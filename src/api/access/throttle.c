/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names with their attempts; the one not used for the longest goes first. */
#include "api/access/throttle.h"

#include <stdbool.h>

#define FREE_ATTEMPTS 4 /* people mistype */
#define FIRST_US      (250 * INT64_C(1000))
#define FORGET_US     (900 * INT64_C(1000000))
#define NAMES_MAX     4096

typedef struct Attempts {
        char *name;
        unsigned n;
        int64_t next_us, last_us;
        GList link; /* in used */
} Attempts;

struct Throttle {
        GHashTable *by_name; /* name, borrowed, to Attempts */
        GQueue used;         /* the last one last */
        int64_t longest_us;
};

static void attempts_free(gpointer data)
{
        Attempts *attempts = data;

        g_free(attempts->name);
        g_free(attempts);
}

Throttle *throttle_new(int64_t longest_us)
{
        Throttle *throttle = g_new0(Throttle, 1);

        throttle->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, attempts_free);
        g_queue_init(&throttle->used);
        throttle->longest_us = longest_us;
        return throttle;
}

void throttle_free(Throttle *throttle)
{
        g_hash_table_unref(throttle->by_name);
        g_free(throttle);
}

static void forget(Throttle *throttle, Attempts *attempts)
{
        g_queue_unlink(&throttle->used, &attempts->link);
        (void)g_hash_table_remove(throttle->by_name, attempts->name);
}

static Attempts *find(Throttle *throttle, const char *name, int64_t now_us)
{
        Attempts *attempts = g_hash_table_lookup(throttle->by_name, name);

        if (attempts != NULL && now_us - attempts->last_us > FORGET_US) {
                forget(throttle, attempts);
                attempts = NULL;
        }
        if (attempts != NULL) {
                g_queue_unlink(&throttle->used, &attempts->link);
        } else {
                if (g_queue_get_length(&throttle->used) >= NAMES_MAX)
                        forget(throttle, g_queue_peek_head(&throttle->used));
                attempts = g_new0(Attempts, 1);
                attempts->name = g_strdup(name);
                attempts->link.data = attempts;
                g_hash_table_insert(throttle->by_name, attempts->name, attempts);
        }
        g_queue_push_tail_link(&throttle->used, &attempts->link);
        return attempts;
}

static int64_t pause_after(const Throttle *throttle, unsigned attempts)
{
        int64_t pause_us = FIRST_US;

        if (attempts < FREE_ATTEMPTS)
                return 0;
        for (unsigned i = FREE_ATTEMPTS; i < attempts && pause_us < throttle->longest_us; i++)
                pause_us *= 2;
        return MIN(pause_us, throttle->longest_us);
}

int64_t throttle_take(Throttle *throttle, const char *name, int64_t now_us)
{
        Attempts *attempts = find(throttle, name, now_us);
        int64_t at_us = MAX(now_us, attempts->next_us);

        attempts->n++;
        attempts->last_us = at_us;
        attempts->next_us = at_us + pause_after(throttle, attempts->n);
        return at_us - now_us;
}

void throttle_clear(Throttle *throttle, const char *name)
{
        Attempts *attempts = g_hash_table_lookup(throttle->by_name, name);

        if (attempts != NULL)
                forget(throttle, attempts);
}
