/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory sizes: 256M, 1.5G, 262144K, bytes, percent. Units are powers of 1024 throughout. */
#include <string.h>

#include "cli/cli.h"
#include "cli/output.h"

const char *const cli_unit_names[] = {"B", "K", "M", "G", "T", "auto", NULL};

static const char letters[] = "BKMGT";

static uint64_t unit_bytes(CliUnit unit)
{
        return UINT64_C(1) << (10 * (unsigned)unit);
}

char *cli_format_size(uint64_t bytes, CliUnit unit)
{
        if (unit == CLI_UNIT_B)
                return g_strdup_printf("%" G_GUINT64_FORMAT, bytes);
        if (unit != CLI_UNIT_AUTO)
                return g_strdup_printf("%.1f%c", (double)bytes / (double)unit_bytes(unit), letters[unit]);

        unit = CLI_UNIT_B;
        while (unit < CLI_UNIT_T && bytes >= unit_bytes(unit + 1))
                unit++;
        if (unit == CLI_UNIT_B)
                return g_strdup_printf("%" G_GUINT64_FORMAT "%s", bytes, bytes != 0 ? "B" : "");

        /* Three digits tell enough; so does none after the point when there is nothing to tell. */
        double value = (double)bytes / (double)unit_bytes(unit);
        int digits = value >= 99.95 || bytes % unit_bytes(unit) == 0 ? 0 : 1;
        return g_strdup_printf("%.*f%c", digits, value, letters[unit]);
}

char *cli_format_size_exact(uint64_t bytes)
{
        CliUnit unit = CLI_UNIT_B;

        if (bytes == 0)
                return g_strdup("0");
        while (unit < CLI_UNIT_T && bytes % unit_bytes(unit + 1) == 0)
                unit++;
        return g_strdup_printf("%" G_GUINT64_FORMAT "%c", bytes / unit_bytes(unit), letters[unit]);
}

/* suffix: what follows the number. K, KB and KiB are the same thing, in either case. */
static bool find_unit(const char *suffix, CliUnit *ret)
{
        const char *letter;

        if (*suffix == '\0') {
                *ret = CLI_UNIT_B;
                return true;
        }
        letter = strchr(letters, g_ascii_toupper(*suffix));
        if (letter == NULL)
                return false;
        *ret = (CliUnit)(letter - letters);
        suffix++;
        if (*ret == CLI_UNIT_B)
                return *suffix == '\0';
        return *suffix == '\0' || g_ascii_strcasecmp(suffix, "b") == 0 ||
               g_ascii_strcasecmp(suffix, "ib") == 0;
}

static bool parse_number(const char *number, const char *suffix, CliSize *size)
{
        double value = g_ascii_strtod(number, NULL);
        CliUnit unit;

        if (strcmp(suffix, "%") == 0) {
                size->kind = CLI_SIZE_PERCENT;
                size->percent = value;
                return value <= 100;
        }
        if (!find_unit(suffix, &unit))
                return false;

        size->kind = CLI_SIZE_BYTES;
        if (strchr(number, '.') == NULL) {
                guint64 whole = 0;

                /* Apart, because a double does not hold every number of bytes. */
                if (!g_ascii_string_to_unsigned(number, 10, 0, INT64_MAX / unit_bytes(unit), &whole, NULL))
                        return false;
                size->bytes = whole * unit_bytes(unit);
                return true;
        }
        value *= (double)unit_bytes(unit);
        if (value > (double)(INT64_MAX / 2))
                return false;
        size->bytes = (uint64_t)value;
        return true;
}

bool cli_parse_size(const char *text, const char *what, bool none_allowed, CliSize *ret, GError **error)
{
        size_t length = strspn(text, "0123456789.");
        g_autofree char *number = g_strndup(text, length);
        const char *point = strchr(number, '.');
        CliSize size = {0};

        if (none_allowed && (strcmp(text, "none") == 0 || strcmp(text, "unlimited") == 0)) {
                *ret = (CliSize){.kind = CLI_SIZE_NONE};
                return true;
        }
        /* A digit first, and digits after the one point. */
        if (!g_ascii_isdigit(number[0]) ||
            (point != NULL && (!g_ascii_isdigit(point[1]) || strchr(point + 1, '.') != NULL)) ||
            !parse_number(number, text + length, &size)) {
                g_autofree char *shown = g_strescape(text, NULL);

                g_set_error(error, CLI_ERROR, CLI_USAGE,
                            "%s is a size such as 256M, 1.5G, 262144K, a number of bytes, "
                            "0%% to 100%% of the VM's memory%s, not \"%s\"",
                            what, none_allowed ? ", or none" : "", shown);
                return false;
        }
        *ret = size;
        return true;
}
