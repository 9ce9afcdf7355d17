/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pagecheck: keeps memory busy inside a guest and says whether every byte of it is right.
 *
 *      pagecheck memory --mib N [options]
 *      pagecheck odirect --mib N --device PATH [options]
 *
 * Lines on standard output, each beginning with "pagecheck: " and made of key=value pairs:
 *      filled=PAGES seconds=S                           ready, the run begins
 *      t=S accesses=N reads=N writes=N mismatches=N p99_us=U worst_us=U    once a second
 *      mismatch position=N page=N generation=N class=C offset=N expected=X got=X got_tag=PAGE/GENERATION
 *      checked=PAGES last_pass=PAGES mismatches=N accesses=N reads=N writes=N seconds=S    the last
 * Latencies are those of the first touch of a page (memory) or of a transfer (odirect).
 * Exit status: 0 all right, 1 mismatches, 2 wrong usage, 3 could not run to the end.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagecheck.h"

const struct content_share content_shares[] = {
        {10, CLASS_ZERO, {0, 0}},
        {15, CLASS_SAME, {0, 0}},
        {30, CLASS_COMMON, {8, 8}},
        {45, CLASS_COMPRESSIBLE, {3, 3}},
        {60, CLASS_COMPRESSIBLE, {2, 2}},
        {75, CLASS_COMPRESSIBLE, {2, 1}},
        {100, CLASS_INCOMPRESSIBLE, {8, 8}},
};

static const char usage[] = "usage: pagecheck memory|odirect --mib N [--seconds S] [--accesses N]\n"
                            "       [--seed N] [--writes PCT] [--rate ACCESSES/S]\n"
                            "       memory:  [--hot-pages PCT] [--hot-accesses PCT]\n"
                            "       odirect: --device PATH [--offset-mib N]\n"
                            "Without --seconds and --accesses it runs until SIGTERM.\n";

static bool parse_number(const char *text, uint64_t max, uint64_t *ret_value)
{
        char *end;
        unsigned long long value;

        errno = 0;
        value = strtoull(text, &end, 0);
        if (errno != 0 || end == text || *end != '\0' || *text == '-' || value > max)
                return false;
        *ret_value = value;
        return true;
}

static bool parse_options(int argc, char **argv, struct options *options)
{
        enum { MIB, SECONDS, SEED, HOT_PAGES, HOT_ACCESSES, WRITES, RATE, ACCESSES, OFFSET, DEVICE };
        static const struct option names[] = {
                {"mib", required_argument, NULL, MIB},
                {"seconds", required_argument, NULL, SECONDS},
                {"seed", required_argument, NULL, SEED},
                {"hot-pages", required_argument, NULL, HOT_PAGES},
                {"hot-accesses", required_argument, NULL, HOT_ACCESSES},
                {"writes", required_argument, NULL, WRITES},
                {"rate", required_argument, NULL, RATE},
                {"accesses", required_argument, NULL, ACCESSES},
                {"offset-mib", required_argument, NULL, OFFSET},
                {"device", required_argument, NULL, DEVICE},
                {NULL, 0, NULL, 0},
        };
        /* Pages are numbered in 32 bits. */
        static const uint64_t max[] = {
                [MIB] = 1 << 20,   [SECONDS] = 1 << 30,     [SEED] = UINT64_MAX,
                [HOT_PAGES] = 100, [HOT_ACCESSES] = 100,    [WRITES] = 100,
                [RATE] = 1 << 30,  [ACCESSES] = UINT64_MAX, [OFFSET] = 1 << 30,
        };
        uint64_t values[] = {
                [MIB] = 0,     [SECONDS] = 0, [SEED] = 1,     [HOT_PAGES] = 10, [HOT_ACCESSES] = 90,
                [WRITES] = 30, [RATE] = 0,    [ACCESSES] = 0, [OFFSET] = 0,
        };
        int option;

        while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
                if (option == '?')
                        return false;
                if (option == DEVICE) {
                        options->device = optarg;
                } else if (!parse_number(optarg, max[option], &values[option])) {
                        fprintf(stderr, "pagecheck: --%s %s: not a number, or too large\n",
                                names[option].name, optarg);
                        return false;
                }
        }
        if (optind != argc || values[MIB] == 0)
                return false;

        options->pages = (size_t)values[MIB] * (1 << 20) / PAGE_BYTES;
        options->seconds = (double)values[SECONDS];
        options->seed = values[SEED];
        options->hot_pages_pct = (unsigned)values[HOT_PAGES];
        options->hot_accesses_pct = (unsigned)values[HOT_ACCESSES];
        options->writes_pct = (unsigned)values[WRITES];
        options->rate = values[RATE];
        options->accesses = values[ACCESSES];
        options->device_offset = values[OFFSET] << 20;
        return true;
}

int main(int argc, char **argv)
{
        struct options options = {0};
        bool odirect;

        if (argc < 2)
                goto wrong;
        odirect = strcmp(argv[1], "odirect") == 0;
        if (!odirect && strcmp(argv[1], "memory") != 0)
                goto wrong;
        if (!parse_options(argc - 1, argv + 1, &options) || odirect != (options.device != NULL))
                goto wrong;

        /* Whoever reads along wants lines when they happen; a line goes out whole. */
        (void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
        run_catch_signals();
        return (int)(odirect ? odirect_run(&options) : memory_run(&options));

wrong:
        fputs(usage, stderr);
        return STATUS_USAGE;
}
