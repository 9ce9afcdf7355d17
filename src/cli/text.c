/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words and figures as text. Names come from other processes and may hold anything. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/output.h"

char *cli_escape(const char *text)
{
        GString *out = g_string_new(NULL);

        while (*text != '\0') {
                gunichar c = g_utf8_get_char_validated(text, -1);
                bool valid = c != (gunichar)-1 && c != (gunichar)-2;
                const char *next = valid ? cli_next_char(text) : text + 1;

                /* Formatting characters are invisible and can reverse what follows on a terminal. */
                if (valid && c != '\\' && g_unichar_isprint(c) && g_unichar_type(c) != G_UNICODE_FORMAT) {
                        g_string_append_len(out, text, next - text);
                } else {
                        for (const char *p = text; p < next; p++)
                                g_string_append_printf(out, "\\x%02x", (unsigned char)*p);
                }
                text = next;
        }
        return g_string_free(out, FALSE);
}

static unsigned char_width(gunichar c)
{
        if (g_unichar_iszerowidth(c))
                return 0;
        return g_unichar_iswide(c) ? 2 : 1;
}

unsigned cli_width(const char *text)
{
        unsigned width = 0;

        for (; *text != '\0'; text = cli_next_char(text))
                width += char_width(g_utf8_get_char(text));
        return width;
}

size_t cli_fit(const char *text, unsigned width)
{
        const char *p = text;
        unsigned used = 0;

        while (*p != '\0') {
                used += char_width(g_utf8_get_char(p));
                if (used > width)
                        break;
                p = cli_next_char(p);
        }
        return (size_t)(p - text);
}

unsigned cli_percent(uint64_t part, uint64_t whole)
{
        if (whole == 0 || part == 0)
                return 0;
        if (part >= whole)
                return part == whole ? 100 : (unsigned)MIN((double)part * 100 / (double)whole, 9999);
        return CLAMP((unsigned)((double)part * 100 / (double)whole + 0.5), 1, 99);
}

char *cli_format_duration_ms(uint64_t ms)
{
        uint64_t s = ms / 1000;

        if (s >= 86400)
                return g_strdup_printf("%" G_GUINT64_FORMAT " d %" G_GUINT64_FORMAT " h", s / 86400,
                                       s / 3600 % 24);
        if (s >= 3600)
                return g_strdup_printf("%" G_GUINT64_FORMAT " h %" G_GUINT64_FORMAT " min", s / 3600,
                                       s / 60 % 60);
        if (s >= 60)
                return g_strdup_printf("%" G_GUINT64_FORMAT " min %" G_GUINT64_FORMAT " s", s / 60, s % 60);
        return g_strdup_printf("%.1f s", (double)ms / 1000);
}

char *cli_format_latency_ns(double ns)
{
        if (ns < 999.5)
                return g_strdup_printf("%.0f ns", ns);
        if (ns < 999.5e3)
                return g_strdup_printf("%.3g us", ns / 1e3);
        if (ns < 999.5e6)
                return g_strdup_printf("%.3g ms", ns / 1e6);
        return g_strdup_printf("%.3g s", ns / 1e9);
}

bool cli_may_style(FILE *out)
{
        const char *no_color = g_getenv("NO_COLOR");

        return (no_color == NULL || no_color[0] == '\0') && isatty(fileno(out)) &&
               g_strcmp0(g_getenv("TERM"), "dumb") != 0;
}

static struct winsize terminal_size(FILE *out)
{
        struct winsize size = {0};

        if (!isatty(fileno(out)))
                return size;
        if (ioctl(fileno(out), TIOCGWINSZ, &size) < 0 || size.ws_col == 0 || size.ws_row == 0)
                size = (struct winsize){.ws_col = 80, .ws_row = 24};
        return size;
}

unsigned cli_terminal_width(FILE *out)
{
        return terminal_size(out).ws_col;
}

unsigned cli_terminal_height(FILE *out)
{
        return terminal_size(out).ws_row;
}
