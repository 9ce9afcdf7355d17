/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat: finds the noun and the verb, runs it, prints its error once, and says how it went. */
#include <errno.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/daemon.h"
#include "cli/pager.h"

const CliNoun cli_nouns[] = {
        {"host", "The host's memory, its state, and what is reclaimed", host_verbs, NULL},
        {"vm", "VMs: all that there are, their life, their memory", vm_verbs, NULL},
        {"snapshot", "Snapshots of VMs", snapshot_verbs, NULL},
        {"disk", "Disks of VMs", disk_verbs, NULL},
        {"drive", "CD drives of VMs", drive_verbs, NULL},
        {"guest", "Programs and files in guests", guest_verbs, NULL},
        {"datastore", "Where VMs live, and what they take there", datastore_verbs, NULL},
        {"customization", "What makes clones other than their parents", customization_verbs, NULL},
        {"folder", "Folders of VMs", folder_verbs, NULL},
        {"attribute", "Custom attributes of VMs and of the host", attribute_verbs, NULL},
        {"switch", "Virtual switches and their uplinks", switch_verbs, NULL},
        {"portgroup", "Port groups and their VLANs", portgroup_verbs, NULL},
        {"card", "Network cards of VMs", card_verbs, NULL},
        {"pool", "Resource pools", pool_verbs, NULL},
        {"task", "What is being done, and what was done", task_verbs, NULL},
        {"account", "Who may log in to the API, and what he may do there", account_verbs, NULL},
        {"setting", "The host's settings: Mem.IdleTax and the like", setting_verbs, NULL},
        {"event", "What happened, and why", event_verbs, NULL},
        {"pager", "The pagers of running VMs: their limits and where their memory is", pager_verbs, NULL},
        {"top", "Show the memory of the host and its VMs, again and again", NULL, &top_command},
        {"advise", "Say which VMs are sized wrong, and what blocks better use", NULL, &advise_command},
        {NULL, NULL, NULL, NULL},
};

/* Output that did not get out (a full disk behind a redirection) is a failure like any other. */
static CliStatus flush_output(CliStatus status)
{
        if (fflush(stdout) == 0 && !ferror(stdout))
                return status;
        fprintf(stderr, "aerostat: cannot write the output: %s\n", g_strerror(errno));
        return status == CLI_OK ? CLI_FAILED : status;
}

/* where: the noun and verb of the command, for the message and the pointer to its help. */
static CliStatus report(const GError *error, const char *where)
{
        fprintf(stderr, "aerostat%s: %s\n", where, error->message);
        if (error->code == CLI_USAGE)
                fprintf(stderr, "'aerostat%s --help' shows what there is.\n", where);
        return (CliStatus)error->code;
}

static CliStatus run_verb(const CliNoun *noun, const CliVerb *verb, char *const *words)
{
        g_autoptr(GError) error = NULL;
        g_auto(CliArgs) args = {0};
        g_autofree char *name = cli_command_name(noun, verb), *where = g_strconcat(" ", name, NULL);
        CliStatus status;

        if (!cli_args_parse(&args, verb, words, &error))
                return report(error, where);
        if (args.help) {
                cli_help_verb(stdout, noun, verb);
                return flush_output(CLI_OK);
        }

        status = verb->run(&args, &error);
        if (error != NULL) {
                (void)fflush(stdout);
                return report(error, where);
        }
        return flush_output(status);
}

static bool is_help(const char *word)
{
        return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

/* words: what comes after "help". */
static CliStatus run_help(char *const *words)
{
        g_autoptr(GError) error = NULL;
        const CliNoun *noun = NULL;
        const CliVerb *verb = NULL;

        if (words[0] == NULL) {
                cli_help(stdout);
                return flush_output(CLI_OK);
        }
        noun = cli_find_noun(words[0], &error);
        if (noun != NULL && words[1] != NULL)
                verb = cli_find_verb(noun, words[1], &error);
        else if (noun != NULL)
                verb = noun->command;
        if (error != NULL)
                return report(error, "");

        if (verb != NULL)
                cli_help_verb(stdout, noun, verb);
        else
                cli_help_noun(stdout, noun);
        return flush_output(CLI_OK);
}

int main(int argc, char **argv)
{
        g_autoptr(GError) error = NULL;
        const CliNoun *noun;
        const CliVerb *verb;

        /* No setlocale(): figures in tables and CSV look the same for everybody. */
        if (argc < 2) {
                cli_help(stderr);
                return CLI_USAGE;
        }
        if (strcmp(argv[1], "--version") == 0) {
                puts("aerostat " AEROSTAT_VERSION);
                return flush_output(CLI_OK);
        }
        if (strcmp(argv[1], "__complete") == 0) {
                cli_complete(argv + 2);
                return flush_output(CLI_OK);
        }
        if (is_help(argv[1]))
                return run_help(argv + 2);

        noun = cli_find_noun(argv[1], &error);
        if (noun == NULL)
                return report(error, "");
        if (noun->verbs == NULL)
                return run_verb(noun, noun->command, argv + 2);
        if (argc < 3) {
                cli_help_noun(stderr, noun);
                return CLI_USAGE;
        }
        if (is_help(argv[2])) {
                cli_help_noun(stdout, noun);
                return flush_output(CLI_OK);
        }
        verb = cli_find_verb(noun, argv[2], &error);
        if (verb == NULL) {
                g_autofree char *where = g_strconcat(" ", noun->name, NULL);

                return report(error, where);
        }
        return run_verb(noun, verb, argv + 3);
}
