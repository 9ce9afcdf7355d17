/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Believes nothing that a pager sends: it lives in the process that a guest attacks first. */
#include "pager-client/message.h"

#include <glib.h>
#include <string.h>

void pager_request_init(struct aerostat_pager_request *request, enum aerostat_pager_request_type type,
                        uint64_t serial, uint64_t value0, uint64_t value1)
{
        *request = (struct aerostat_pager_request){
                .magic = AEROSTAT_PAGER_MAGIC,
                .version = AEROSTAT_PAGER_VERSION,
                .type = (uint16_t)type,
                .serial = serial,
                .value = {value0, value1},
        };
}

static bool terminated(const char *text, size_t size)
{
        return memchr(text, '\0', size) != NULL;
}

bool pager_reply_check(const struct aerostat_pager_reply *reply, size_t length,
                       const struct aerostat_pager_request *request, char **ret_problem)
{
        /* Magic and version first: they tell a newer pager, whose size differs, from a stranger. */
        if (length < offsetof(struct aerostat_pager_reply, serial) || reply->magic != AEROSTAT_PAGER_MAGIC)
                *ret_problem = g_strdup("what listens there is not a pager");
        else if (reply->version != AEROSTAT_PAGER_VERSION)
                *ret_problem = g_strdup_printf("it speaks version %u of the protocol, this aerostat %u",
                                               reply->version, AEROSTAT_PAGER_VERSION);
        else if (length != sizeof(*reply))
                *ret_problem =
                        g_strdup_printf("its reply has %zu bytes instead of %zu", length, sizeof(*reply));
        else if (reply->serial != request->serial || reply->type != request->type)
                *ret_problem = g_strdup("it answers something that was not asked");
        else if (reply->error > 0 || reply->error < -4095)
                *ret_problem = g_strdup("its reply carries an error number that does not exist");
        else if (!terminated(reply->message, sizeof(reply->message)) ||
                 !terminated(reply->stats.name, sizeof(reply->stats.name)) ||
                 !terminated(reply->stats.reason, sizeof(reply->stats.reason)))
                *ret_problem = g_strdup("its reply holds text without an end");
        else
                return true;
        return false;
}
