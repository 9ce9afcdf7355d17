/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON that keeps every string's value and yet is safe to look at on a terminal. */
#include "cli/output.h"

void cli_json_add_uint(JsonBuilder *builder, const char *member, uint64_t value)
{
        if (member != NULL)
                json_builder_set_member_name(builder, member);
        json_builder_add_int_value(builder, (gint64)MIN(value, (uint64_t)INT64_MAX));
}

void cli_json_add_string(JsonBuilder *builder, const char *member, const char *value)
{
        if (member != NULL)
                json_builder_set_member_name(builder, member);
        if (value == NULL) {
                json_builder_add_null_value(builder);
        } else {
                g_autofree char *valid = g_utf8_make_valid(value, -1);

                json_builder_add_string_value(builder, valid);
        }
}

/*
 * json-glib writes characters beyond ASCII as they are, among them terminal controls (U+0080 to
 * U+009F) and those that reverse text. They occur inside strings only, where \u means the same.
 */
static void print_visible(FILE *out, const char *text)
{
        for (const char *next; *text != '\0'; text = next) {
                gunichar c = g_utf8_get_char(text);

                next = cli_next_char(text);
                if (c < 0x80 || (g_unichar_isprint(c) && g_unichar_type(c) != G_UNICODE_FORMAT))
                        fwrite(text, 1, (size_t)(next - text), out);
                else if (c < 0x10000)
                        fprintf(out, "\\u%04x", c);
                else
                        fprintf(out, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
        }
}

void cli_json_print(FILE *out, JsonBuilder *builder, bool indented)
{
        g_autoptr(JsonNode) root = json_builder_get_root(builder);

        cli_json_print_node(out, root, indented);
}

void cli_json_print_node(FILE *out, JsonNode *root, bool indented)
{
        g_autoptr(JsonGenerator) generator = json_generator_new();
        g_autofree char *text = NULL;

        json_generator_set_root(generator, root);
        json_generator_set_pretty(generator, indented);
        text = json_generator_to_data(generator, NULL);
        print_visible(out, text);
}
