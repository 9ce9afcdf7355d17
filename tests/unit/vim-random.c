/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random values of the API's types. */
#include "vim-random.h"

#include <math.h>
#include <string.h>

static int64_t random_bits(GRand *rand)
{
        return (int64_t)((uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand));
}

/* Small, large, and what lies at the ends. */
static int64_t random_integer(GRand *rand, int64_t least, int64_t most)
{
        int64_t bits = random_bits(rand) >> g_rand_int_range(rand, 0, 63);

        switch (g_rand_int_range(rand, 0, 5)) {
        case 0:
                return least;
        case 1:
                return most;
        case 2:
                return 0;
        default:
                return CLAMP(bits, least, most);
        }
}

static double random_number(GRand *rand)
{
        static const double odd[] = {0.0,      -0.0,      0.1, 1e300, -1e-300, 5e-324,
                                     INFINITY, -INFINITY, NAN, 1e15,  16777217};
        int place = g_rand_int_range(rand, 0, 2 * (int)G_N_ELEMENTS(odd));

        return place < (int)G_N_ELEMENTS(odd) ? odd[place] : (g_rand_double(rand) - 0.5) * 1e6;
}

static char *random_text(GRand *rand)
{
        static const char *const parts[] = {"vm",   "<",  ">",  "&",   "\"",   "'",          " ",
                                            "\t",   "\n", "\r", "]]>", "&lt;", "é",          "\u65e5\u672c",
                                            "\\",   "/",  "{",  "[",   "_",    "\U0001f600", "\u2028",
                                            "\x7f", "%s", "a b"};
        GString *text = g_string_new(NULL);

        for (int n = g_rand_int_range(rand, 0, 6); n > 0; n--)
                g_string_append(text, parts[g_rand_int_range(rand, 0, G_N_ELEMENTS(parts))]);
        return g_string_free(text, FALSE);
}

static VimValue *random_primitive(GRand *rand, const VimType *type)
{
        g_autofree char *text = NULL;
        g_autoptr(GBytes) bytes = NULL;
        uint8_t data[20];

        switch (type->kind) {
        case VIM_BOOLEAN:
                return vim_new_bool(g_rand_boolean(rand));
        case VIM_BYTE:
                return vim_new_byte(random_integer(rand, INT8_MIN, INT8_MAX));
        case VIM_SHORT:
                return vim_new_short(random_integer(rand, INT16_MIN, INT16_MAX));
        case VIM_INT:
                return vim_new_int(random_integer(rand, INT32_MIN, INT32_MAX));
        case VIM_LONG:
                return vim_new_long(random_integer(rand, INT64_MIN, INT64_MAX));
        case VIM_FLOAT:
                return vim_new_float(random_number(rand));
        case VIM_DOUBLE:
                return vim_new_double(random_number(rand));
        case VIM_TIME: /* the years 1 to 9999 */
                return vim_new_time(random_integer(rand, -62135596800000000, 253402300799999999));
        case VIM_BINARY:
                for (unsigned i = 0; i < sizeof data; i++)
                        data[i] = (uint8_t)g_rand_int(rand);
                bytes = g_bytes_new(data, (gsize)g_rand_int_range(rand, 0, sizeof data));
                return vim_new_binary(bytes);
        case VIM_ENUM:
                return vim_new_enum(type->name,
                                    type->values[g_rand_int_range(rand, 0, (int)type->n_values)].text);
        default:
                text = strcmp(type->name, "anyURI") == 0
                               ? g_strdup_printf("https://host/%u?a=1&b=%%20", g_rand_int(rand))
                               : random_text(rand);
                return vim_new_text(type, text);
        }
}

/* It, or one that extends it and that a value can be of. */
static const VimType *random_subtype(GRand *rand, const VimType *type)
{
        const VimType *chosen = type;
        unsigned n = 1;

        if (g_rand_int_range(rand, 0, 3) > 0)
                return type;
        for (unsigned i = 0; i < vim_n_types; i++)
                if (&vim_types[i] != type && vim_type_is(&vim_types[i], type) &&
                    g_rand_int_range(rand, 0, (int)++n) == 0)
                        chosen = &vim_types[i];
        return chosen;
}

/* What an anyType can hold so that it is still known from outside: a TypeName would come back as a string.
 */
static const VimType *random_any_type(GRand *rand)
{
        static const char *const names[] = {"string",
                                            "int",
                                            "long",
                                            "boolean",
                                            "byte",
                                            "short",
                                            "double",
                                            "float",
                                            "dateTime",
                                            "anyURI",
                                            "base64Binary",
                                            "ManagedObject",
                                            "VirtualMachinePowerState",
                                            "KeyValue",
                                            "OptionValue",
                                            "PerfMetricId",
                                            "LocalizedMethodFault"};

        return vim_type(names[g_rand_int_range(rand, 0, G_N_ELEMENTS(names))]);
}

static VimValue *random_list(GRand *rand, const VimType *type, int length, unsigned depth)
{
        VimValue *list = vim_new_list(type->name);

        while (length-- > 0) {
                VimValue *item = random_value(rand, type, depth);

                /* What is in a list of anyType is no list. */
                while (item->is_list) {
                        vim_unref(item);
                        item = random_value(rand, type, depth);
                }
                vim_add(list, item);
        }
        return list;
}

static VimValue *random_any(GRand *rand, unsigned depth)
{
        static const int lengths[] = {0, 1, 3};
        const VimType *type =
                g_rand_int_range(rand, 0, 10) == 0 ? vim_type("anyType") : random_any_type(rand);

        if (type->kind == VIM_ANY || g_rand_int_range(rand, 0, 3) == 0)
                return random_list(rand, type, lengths[g_rand_int_range(rand, 0, 3)], depth + 1);
        return random_value(rand, type, depth + 1);
}

VimValue *random_value(GRand *rand, const VimType *type, unsigned depth)
{
        g_autofree char *id = NULL;

        switch (type->kind) {
        case VIM_ANY:
                return random_any(rand, depth);
        case VIM_OBJECT:
                return random_object(rand, depth < RANDOM_DEPTH ? random_subtype(rand, type) : type, depth);
        case VIM_REFERENCE:
                id = random_text(rand);
                return vim_new_reference(random_subtype(rand, type)->name, g_strstrip(id));
        default:
                return random_primitive(rand, type);
        }
}

static bool is_set(GRand *rand, const VimField *field, unsigned depth)
{
        return !field->is_optional ||
               (depth < RANDOM_DEPTH && g_rand_int_range(rand, 0, 1 + (int)depth) == 0);
}

VimValue *random_object(GRand *rand, const VimType *type, unsigned depth)
{
        VimValue *object = vim_new_object(type->name);

        for (unsigned i = 0; i < type->n_fields; i++) {
                const VimField *field = &type->fields[i];
                int length = depth < RANDOM_DEPTH ? g_rand_int_range(rand, 0, 2) * 2 + 1 : 1;

                if (!is_set(rand, field, depth))
                        continue;
                /* An optional list without items is an unset one. */
                if (field->is_list && !field->is_optional && g_rand_int_range(rand, 0, 4) == 0)
                        length = 0;
                if (field->is_list)
                        vim_set(object, field->name, random_list(rand, field->type, length, depth + 1));
                else
                        vim_set(object, field->name, random_value(rand, field->type, depth + 1));
        }
        return object;
}
