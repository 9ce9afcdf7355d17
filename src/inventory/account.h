/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may log in to the API. Any thread. */
#pragma once

#include "inventory/inventory.h"

#define ACCOUNT_NAME_MAX  64
#define ACCOUNT_TEXT_MAX  256
#define ACCOUNT_COUNT_MAX 1000

typedef struct Account {
        char *name;
        char *full_name;
        char *hash; /* of the password, as crypt(3) has it; NULL: the host's own account, which PAM knows */
        int role;   /* session.h's Role */
        int64_t made_ms;
} Account;

void account_free(Account *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Account, account_free)

/* NULL with NOT_FOUND, or another error. */
Account *account_get(Inventory *inventory, const char *name, GError **error);
GPtrArray *account_list(Inventory *inventory, GError **error); /* of Account *, by name */

bool account_add(Inventory *inventory, const Account *account, GError **error);
bool account_change(Inventory *inventory, const Account *account, GError **error);
bool account_remove(Inventory *inventory, const char *name, GError **error);
