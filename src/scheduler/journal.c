/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An event goes to standard error, where the service manager keeps it, and to the inventory. */
#include "scheduler/journal.h"

#include <stdio.h>

struct Journal {
        Inventory *inventory;
        bool failing; /* said once, not for each event */
        void (*added)(gpointer user_data);
        gpointer user_data;
};

Journal *journal_new(Inventory *inventory)
{
        Journal *journal = g_new0(Journal, 1);

        journal->inventory = inventory;
        return journal;
}

void journal_listen(Journal *journal, void (*added)(gpointer user_data), gpointer user_data)
{
        journal->added = added;
        journal->user_data = user_data;
}

void journal_free(Journal *journal)
{
        g_free(journal);
}

/* Names and messages of others must not steer the terminal that shows the log. */
static void print(const char *type, const char *vm, const char *message)
{
        g_autofree char *line =
                g_strdup_printf("%s%s%s: %s", type, vm != NULL ? " " : "", vm != NULL ? vm : "", message);

        for (char *c = line; *c != '\0'; c++)
                if (g_ascii_iscntrl(*c))
                        *c = '?';
        fprintf(stderr, "aerostatd: %s\n", line);
}

void journal_add(Journal *journal, const char *type, const char *vm, const char *format, ...)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *message = NULL;
        va_list arguments;

        va_start(arguments, format);
        message = g_strdup_vprintf(format, arguments);
        va_end(arguments);

        print(type, vm, message);
        if (inventory_event_add(journal->inventory, g_get_real_time() / 1000, type, vm, message, &error)) {
                journal->failing = false;
                if (journal->added != NULL)
                        journal->added(journal->user_data);
        } else if (!journal->failing) {
                journal->failing = true;
                fprintf(stderr, "aerostatd: events are not kept: %s\n", error->message);
        }
}
