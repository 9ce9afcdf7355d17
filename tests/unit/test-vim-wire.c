/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SOAP and JSON say the same: each type's values come back as they were. */
#include <glib.h>
#include <string.h>

#include "vim-random.h"
#include "vim/json.h"
#include "vim/soap.h"

#define ROUNDS 3 /* of each type */

static GString *to_soap_of(const VimValue *value, VimVersion version)
{
        GString *text = g_string_new(NULL);

        soap_write_value(text, "value", value, version);
        return text;
}

static GString *to_soap(const VimValue *value)
{
        return to_soap_of(value, VIM_NEWEST);
}

/* SOAP, memory, JSON, memory, SOAP. */
static void check_round(const VimValue *value)
{
        g_autoptr(GString) soap = to_soap(value);
        g_autoptr(GString) json = NULL;
        g_autoptr(GString) again = NULL;
        g_autoptr(VimValue) from_soap = NULL;
        g_autoptr(VimValue) from_json = NULL;
        g_autoptr(GError) error = NULL;

        from_soap = soap_read_value(soap->str, soap->len, &error);
        if (from_soap == NULL)
                g_error("%s\n%s", error->message, soap->str);
        if (!vim_equal(value, from_soap))
                g_error("SOAP does not come back as it was: %s", soap->str);
        json = json_write_any(from_soap, VIM_NEWEST);
        from_json = json_read_value(json->str, json->len, &error);
        if (from_json == NULL)
                g_error("%s\n%s", error->message, json->str);
        if (!vim_equal(value, from_json))
                g_error("JSON does not come back as it was: %s", json->str);
        again = to_soap(from_json);
        g_assert_cmpstr(again->str, ==, soap->str);
}

/* Alone, it is as in an anyType. */
static VimValue *random_of_type(GRand *rand, const VimType *type, unsigned depth)
{
        VimValue *value;

        if (type->kind == VIM_STRING)
                return random_value(rand, vim_type("string"), depth);
        if (type->kind != VIM_OBJECT)
                return random_value(rand, type, depth);
        value = random_object(rand, type, depth);
        return vim_is(value, "MethodFault") ? vim_new_localized(value, "what was wrong") : value;
}

static void test_all_types(void)
{
        g_autoptr(GRand) rand = g_rand_new_with_seed(42);

        g_assert_cmpuint(vim_n_types, >, 3000);
        for (unsigned i = 0; i < vim_n_types; i++)
                for (unsigned round = 0; round < ROUNDS; round++) {
                        g_autoptr(VimValue) value = random_of_type(rand, &vim_types[i], round);

                        check_round(value);
                }
}

/* Each, and all of them as a list in an anyType. */
static void test_all_values(void)
{
        unsigned n = 0;

        for (unsigned i = 0; i < vim_n_types; i++) {
                const VimType *type = &vim_types[i];
                g_autoptr(VimValue) all = NULL;

                if (type->kind != VIM_ENUM)
                        continue;
                all = vim_new_list(type->name);
                for (unsigned v = 0; v < type->n_values; v++, n++) {
                        VimValue *value = vim_new_enum(type->name, type->values[v].text);

                        check_round(value);
                        vim_add(all, value);
                }
                check_round(all);
        }
        g_assert_cmpuint(n, >, 1800);
}

/* What a list in an anyType is of: faults have places for their messages, of references and texts are no
 * kinds. */
static const VimType *list_type(const VimType *type)
{
        if (vim_type_is(type, vim_type("MethodFault")))
                return vim_type("LocalizedMethodFault");
        if (type->kind == VIM_REFERENCE)
                return vim_type("ManagedObject");
        return type->kind == VIM_STRING && strcmp(type->name, "anyURI") != 0 ? vim_type("string") : type;
}

/* ArrayOf..., whose items are of the type and of those that extend it, which xsi:type says. */
static void test_all_lists(void)
{
        g_autoptr(GRand) rand = g_rand_new_with_seed(43);
        unsigned extending = 0;

        for (unsigned i = 0; i < vim_n_types; i++) {
                const VimType *type = &vim_types[i];
                const VimType *of = list_type(type);
                g_autoptr(VimValue) list = vim_new_list(of->name);

                check_round(list);
                if (type->kind == VIM_ANY) /* what it has in it, the others are */
                        continue;
                vim_add(list, random_of_type(rand, type, RANDOM_DEPTH));
                for (unsigned other = 0; other < vim_n_types && vim_length(list) < 4; other++)
                        if (type->kind == VIM_OBJECT && of == type && vim_types[other].base == type &&
                            !vim_type_is(&vim_types[other], vim_type("MethodFault"))) {
                                vim_add(list, random_of_type(rand, &vim_types[other], RANDOM_DEPTH));
                                extending++;
                        }
                check_round(list);
        }
        g_assert_cmpuint(extending, >, 300);
}

/* A reference's type stands before xsi:type with some clients, behind it with others, with a prefix or
 * without. */
static void test_references(void)
{
#define SPACES \
        "xmlns=\"urn:vim25\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:w=\"urn:vim25\""
        static const struct {
                const char *before, *behind;
        } forms[] = {
                {"<v " SPACES " type=\"", "\" i:type=\"ManagedObjectReference\">a-1</v>"},
                {"<v " SPACES " i:type=\"ManagedObjectReference\" type=\"", "\">a-1</v>"},
                {"<v " SPACES " i:type=\"w:ManagedObjectReference\" type=\"w:", "\">a-1</v>"},
                {"<v " SPACES " type=\"", "\">a-1</v>"},
        };
#undef SPACES

        for (unsigned i = 0; i < vim_n_types; i++) {
                g_autoptr(VimValue) meant = NULL;

                if (vim_types[i].kind != VIM_REFERENCE)
                        continue;
                meant = vim_new_reference(vim_types[i].name, "a-1");
                for (unsigned form = 0; form < G_N_ELEMENTS(forms); form++) {
                        g_autofree char *text =
                                g_strconcat(forms[form].before, vim_types[i].name, forms[form].behind, NULL);
                        g_autoptr(GError) error = NULL;
                        g_autoptr(VimValue) value = soap_read_value(text, strlen(text), &error);

                        g_assert_no_error(error);
                        g_assert_true(vim_equal(value, meant));
                        check_round(value);
                }
        }
}

/* What an older client is told, it can send back as it was. */
static void test_all_versions(void)
{
        g_autoptr(GRand) rand = g_rand_new_with_seed(44);

        for (unsigned i = 0; i < vim_n_types; i++) {
                g_autoptr(VimValue) value = random_of_type(rand, &vim_types[i], 1);

                for (VimVersion version = VIM_2_5; version <= VIM_NEWEST; version++) {
                        g_autoptr(GString) soap = to_soap_of(value, version);
                        g_autoptr(GString) json = json_write_any(value, version);
                        g_autoptr(GError) error = NULL;
                        g_autoptr(VimValue) from_soap = soap_read_value(soap->str, soap->len, &error);
                        g_autoptr(VimValue) from_json = json_read_value(json->str, json->len, &error);
                        g_autoptr(GString) again = NULL, again_by_json = NULL;

                        if (from_soap == NULL || from_json == NULL)
                                g_error("%s: %s\n%s", vim_version_name(version), error->message, soap->str);
                        again = to_soap_of(from_soap, version);
                        again_by_json = to_soap_of(from_json, version);
                        g_assert_cmpstr(again->str, ==, soap->str);
                        g_assert_cmpstr(again_by_json->str, ==, soap->str);
                }
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vim-wire/all-types", test_all_types);
        g_test_add_func("/vim-wire/all-values", test_all_values);
        g_test_add_func("/vim-wire/all-lists", test_all_lists);
        g_test_add_func("/vim-wire/references", test_references);
        g_test_add_func("/vim-wire/all-versions", test_all_versions);
        return g_test_run();
}
