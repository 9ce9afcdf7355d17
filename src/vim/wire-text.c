/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Primitives as text, as XML Schema writes them. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "vim/wire-form.h"

#define SPACES " \t\r\n"
#define SECOND G_USEC_PER_SEC
#define DAY    (86400 * (int64_t)SECOND)

/* --- reading --- */

/* The last day that can be written has a year of four digits. */
#define TIME_MIN (-719162 * DAY)     /* 0001-01-01 */
#define TIME_MAX (2932897 * DAY - 1) /* 9999-12-31 */

VimValue *wire_parse_integer(const VimType *type, int64_t number)
{
        VimValue *value = NULL;

        switch (type->kind) {
        case VIM_BYTE:
                /* Some languages have no bytes with a sign. */
                if (number > INT8_MAX && number <= UINT8_MAX)
                        number -= UINT8_MAX + 1;
                value = vim_new_byte(number);
                break;
        case VIM_SHORT:
                value = vim_new_short(number);
                break;
        case VIM_INT:
                value = vim_new_int(number);
                break;
        case VIM_LONG:
                value = vim_new_long(number);
                break;
        default:
                return NULL;
        }
        if (value->integer != number)
                g_clear_pointer(&value, vim_unref);
        return value;
}

VimValue *wire_parse_number(const VimType *type, double number)
{
        if (type->kind == VIM_FLOAT && (!isfinite(number) || isfinite((float)number)))
                return vim_new_float(number);
        return type->kind == VIM_DOUBLE ? vim_new_double(number) : NULL;
}

static VimValue *parse_integer(const VimType *type, const char *text)
{
        char *end;
        int64_t number;

        if (!g_ascii_isdigit(text[strspn(text, "+-")]))
                return NULL;
        errno = 0;
        number = g_ascii_strtoll(text, &end, 10);
        return errno == 0 && *end == '\0' ? wire_parse_integer(type, number) : NULL;
}

static VimValue *parse_number(const VimType *type, const char *text)
{
        char *end;
        double number;

        /* In small letters, as Python writes them, too. */
        if (g_ascii_strcasecmp(text, "NaN") == 0)
                return wire_parse_number(type, NAN);
        if (g_ascii_strcasecmp(text, "INF") == 0 || g_ascii_strcasecmp(text, "-INF") == 0)
                return wire_parse_number(type, text[0] == '-' ? -INFINITY : INFINITY);
        if (*text == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0')
                return NULL;
        number = g_ascii_strtod(text, &end);
        return *end == '\0' && isfinite(number) ? wire_parse_number(type, number) : NULL;
}

static VimValue *parse_boolean(const char *text)
{
        if (g_ascii_strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0)
                return vim_new_bool(true);
        if (g_ascii_strcasecmp(text, "false") == 0 || strcmp(text, "0") == 0)
                return vim_new_bool(false);
        return NULL;
}

static VimValue *parse_binary(const char *text)
{
        g_autofree char *packed = g_malloc(strlen(text) + 1);
        g_autoptr(GBytes) bytes = NULL;
        size_t n = 0, digits, size;

        for (; *text != '\0'; text++)
                if (strchr(SPACES, *text) == NULL)
                        packed[n++] = *text;
        packed[n] = '\0';
        digits = strspn(packed, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
        if (n % 4 != 0 || n - digits > 2 || strspn(packed + digits, "=") != n - digits)
                return NULL;
        if (n == 0) {
                bytes = g_bytes_new(NULL, 0);
        } else {
                guchar *data = g_base64_decode(packed, &size);

                bytes = g_bytes_new_take(data, size);
        }
        return vim_new_binary(bytes);
}

/* Days since 1970 of a day in the calendar that ISO 8601 has, as if it had always been. */
static int64_t days_of(int64_t year, unsigned month, unsigned day)
{
        int64_t y = month <= 2 ? year - 1 : year;
        int64_t era = (y >= 0 ? y : y - 399) / 400;
        int64_t of_era = y - era * 400;
        int64_t of_year = (153 * (int64_t)(month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

        return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
        int64_t z = days + 719468;
        int64_t era = (z >= 0 ? z : z - 146096) / 146097;
        int64_t of_era = z - era * 146097;
        int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
        int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
        int64_t m = (5 * of_year + 2) / 153;

        *day = (unsigned)(of_year - (153 * m + 2) / 5 + 1);
        *month = (unsigned)(m < 10 ? m + 3 : m - 9);
        *year = y + era * 400 + (*month <= 2);
}

/* So many digits, and what stands after them; NULL: they are not there. */
static const char *take_digits(const char *text, unsigned n, unsigned *ret)
{
        unsigned value = 0;

        for (unsigned i = 0; text != NULL && i < n; i++) {
                if (!g_ascii_isdigit(*text))
                        return NULL;
                value = value * 10 + (unsigned)(*text++ - '0');
        }
        *ret = value;
        return text;
}

static const char *take_char(const char *text, char c)
{
        return text != NULL && *text == c ? text + 1 : NULL;
}

/* ".5", or nothing; more digits than microseconds have do not count. */
static const char *take_fraction(const char *text, int64_t *ret_us)
{
        int64_t unit = SECOND / 10;

        *ret_us = 0;
        if (text == NULL || *text != '.')
                return text;
        if (!g_ascii_isdigit(text[1]))
                return NULL;
        for (text++; g_ascii_isdigit(*text); text++, unit /= 10)
                *ret_us += unit * (*text - '0');
        return text;
}

/* "Z", "+02:00", or nothing, which is UTC. */
static const char *take_zone(const char *text, int64_t *ret_us)
{
        unsigned hours = 0, minutes = 0;
        char sign;

        *ret_us = 0;
        if (text == NULL || *text == '\0')
                return text;
        sign = *text++;
        if (sign == 'Z')
                return text;
        if (sign != '+' && sign != '-')
                return NULL;
        text = take_digits(take_char(take_digits(text, 2, &hours), ':'), 2, &minutes);
        if (hours > 14 || minutes > 59)
                return NULL;
        *ret_us = (sign == '-' ? -1 : 1) * (int64_t)(hours * 60 + minutes) * 60 * SECOND;
        return text;
}

static unsigned month_days(unsigned year, unsigned month)
{
        static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        return days[month - 1] + (month == 2 && is_leap);
}

static VimValue *parse_time(const char *text)
{
        unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
        int64_t us = 0, zone = 0;

        text = take_digits(take_char(take_digits(text, 4, &year), '-'), 2, &month);
        text = take_digits(take_char(text, '-'), 2, &day);
        text = take_digits(take_char(text, 'T'), 2, &hour);
        text = take_digits(take_char(text, ':'), 2, &minute);
        text = take_digits(take_char(text, ':'), 2, &second);
        text = take_zone(take_fraction(text, &us), &zone);
        if (text == NULL || *text != '\0' || year < 1 || month < 1 || month > 12 || day < 1 ||
            day > month_days(year, month) || hour > 24 || minute > 59 || second > 59)
                return NULL;
        us += days_of(year, month, day) * DAY + (int64_t)((hour * 60 + minute) * 60 + second) * SECOND -
              zone;
        return vim_new_time(CLAMP(us, TIME_MIN, TIME_MAX));
}

static VimValue *parse_trimmed(const VimType *type, const char *text)
{
        switch (type->kind) {
        case VIM_BOOLEAN:
                return parse_boolean(text);
        case VIM_BYTE:
        case VIM_SHORT:
        case VIM_INT:
        case VIM_LONG:
                return parse_integer(type, text);
        case VIM_FLOAT:
        case VIM_DOUBLE:
                return parse_number(type, text);
        case VIM_TIME:
                return parse_time(text);
        case VIM_ENUM:
                return vim_new_text(type, text);
        default:
                return NULL;
        }
}

VimValue *wire_parse(const VimType *type, const char *text)
{
        g_autofree char *trimmed = NULL;
        size_t length;

        if (type->kind == VIM_STRING)
                return vim_new_text(type, text);
        if (type->kind == VIM_BINARY)
                return parse_binary(text);
        text += strspn(text, SPACES);
        length = strlen(text);
        while (length > 0 && strchr(SPACES, text[length - 1]) != NULL)
                length--;
        trimmed = g_strndup(text, length);
        return parse_trimmed(type, trimmed);
}

/* --- writing --- */

static void append_integer(GString *to, int64_t number)
{
        char digits[24], *p = digits + sizeof digits;
        uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;

        do
                *--p = (char)('0' + rest % 10);
        while ((rest /= 10) > 0);
        if (number < 0)
                *--p = '-';
        g_string_append_len(to, p, digits + sizeof digits - p);
}

/* As few digits as are read as the same number again. */
static void append_number(GString *to, double number, bool is_float)
{
        char text[G_ASCII_DTOSTR_BUF_SIZE];

        if (isnan(number) || isinf(number)) {
                g_string_append(to, isnan(number) ? "NaN" : number > 0 ? "INF" : "-INF");
                return;
        }
        /* "-0" would be a whole number to JSON, which has but one zero. */
        if (number == 0 && signbit(number)) {
                g_string_append(to, "-0.0");
                return;
        }
        for (int digits = is_float ? 6 : 15; digits <= 17; digits++) {
                char format[8];
                double again;

                (void)g_snprintf(format, sizeof format, "%%.%dg", digits);
                again = g_ascii_strtod(g_ascii_formatd(text, sizeof text, format, number), NULL);
                if (is_float ? (float)again == (float)number : again == number)
                        break;
        }
        g_string_append(to, text);
}

static void append_time(GString *to, int64_t us)
{
        int64_t days, year;
        unsigned month, day, second, fraction;

        us = CLAMP(us, TIME_MIN, TIME_MAX);
        days = us / DAY - (us % DAY < 0);
        us -= days * DAY;
        date_of(days, &year, &month, &day);
        second = (unsigned)(us / SECOND);
        fraction = (unsigned)(us % SECOND);
        g_string_append_printf(to, "%04d-%02u-%02uT%02u:%02u:%02u", (int)year, month, day, second / 3600,
                               second / 60 % 60, second % 60);
        if (fraction > 0)
                g_string_append_printf(to, ".%06u", fraction);
        g_string_append_c(to, 'Z');
}

static void append_binary(GString *to, GBytes *bytes)
{
        size_t size;
        const guchar *data = g_bytes_get_data(bytes, &size);
        g_autofree char *text = size > 0 ? g_base64_encode(data, size) : g_strdup("");

        g_string_append(to, text);
}

void wire_append_text(GString *to, const VimValue *value)
{
        switch (value->type->kind) {
        case VIM_BOOLEAN:
                g_string_append(to, value->boolean ? "true" : "false");
                break;
        case VIM_BYTE:
        case VIM_SHORT:
        case VIM_INT:
        case VIM_LONG:
                append_integer(to, value->integer);
                break;
        case VIM_FLOAT:
        case VIM_DOUBLE:
                append_number(to, value->number, value->type->kind == VIM_FLOAT);
                break;
        case VIM_TIME:
                append_time(to, value->integer);
                break;
        case VIM_BINARY:
                append_binary(to, value->binary);
                break;
        default:
                g_string_append(to, value->text);
        }
}
