/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding types and what they have. */
#include "vim/type.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *name, const void *type)
{
        return strcmp(name, ((const VimType *)type)->name);
}

const VimType *vim_type(const char *name)
{
        if (strcmp(name, "ManagedObjectReference") == 0)
                name = "ManagedObject";
        return bsearch(name, vim_types, vim_n_types, sizeof vim_types[0], by_name);
}

bool vim_type_is(const VimType *type, const VimType *base)
{
        while (type != NULL && type != base)
                type = type->base;
        return type != NULL;
}

int vim_type_field(const VimType *type, const char *name)
{
        for (unsigned i = 0; i < type->n_fields; i++)
                if (strcmp(type->fields[i].name, name) == 0)
                        return (int)i;
        return -1;
}

const VimMethod *vim_type_method(const VimType *type, const char *name)
{
        for (; type != NULL; type = type->base)
                for (unsigned i = 0; i < type->n_methods; i++)
                        if (strcmp(type->methods[i].name, name) == 0)
                                return &type->methods[i];
        return NULL;
}

const VimConstant *vim_type_value(const VimType *type, const char *value)
{
        for (unsigned i = 0; i < type->n_values; i++)
                if (strcmp(type->values[i].text, value) == 0)
                        return &type->values[i];
        return NULL;
}

bool vim_type_is_xsd(const VimType *type)
{
        switch (type->kind) {
        case VIM_ENUM:
        case VIM_OBJECT:
        case VIM_REFERENCE:
                return false;
        default:
                return true;
        }
}

const char *vim_type_wire_name(const VimType *type)
{
        switch (type->kind) {
        case VIM_REFERENCE:
                return "ManagedObjectReference";
        case VIM_STRING: /* also TypeName and the like: XML Schema has no such */
                return strcmp(type->name, "anyURI") == 0 ? "anyURI" : "string";
        default:
                return type->name;
        }
}

/* --- versions --- */

static const struct {
        const char *name;
        unsigned major, minor, patch;
} versions[] = {
        [VIM_2_0] = {"2.0", 2, 0, 0},     [VIM_2_5] = {"2.5", 2, 5, 0},     [VIM_4_0] = {"4.0", 4, 0, 0},
        [VIM_4_1] = {"4.1", 4, 1, 0},     [VIM_5_0] = {"5.0", 5, 0, 0},     [VIM_5_1] = {"5.1", 5, 1, 0},
        [VIM_5_5] = {"5.5", 5, 5, 0},     [VIM_6_0] = {"6.0", 6, 0, 0},     [VIM_6_5] = {"6.5", 6, 5, 0},
        [VIM_6_7] = {"6.7", 6, 7, 0},     [VIM_6_7_1] = {"6.7.1", 6, 7, 1}, [VIM_6_7_2] = {"6.7.2", 6, 7, 2},
        [VIM_6_7_3] = {"6.7.3", 6, 7, 3}, [VIM_6_8_7] = {"6.8.7", 6, 8, 7}, [VIM_6_9_1] = {"6.9.1", 6, 9, 1},
        [VIM_7_0] = {"7.0.0.0", 7, 0, 0},
};

const char *vim_version_name(VimVersion version)
{
        return versions[version].name;
}

/* One part of a version; what follows it ("u2" in "2.5u2") does not count. */
static bool parse_part(const char **text, unsigned *ret)
{
        unsigned value = 0;

        if (!isdigit((unsigned char)**text))
                return false;
        for (; isdigit((unsigned char)**text); (*text)++)
                if ((value = value * 10 + (unsigned)(**text - '0')) > 999)
                        return false;
        while (isalnum((unsigned char)**text))
                (*text)++;
        *ret = value;
        return true;
}

bool vim_version_parse(const char *text, VimVersion *ret)
{
        unsigned part[4] = {0}, n = 0;

        do {
                if (n == 4 || !parse_part(&text, &part[n++]))
                        return false;
        } while (*text == '.' && text++ != NULL);
        if (*text != '\0' || part[0] < 2)
                return false;
        for (unsigned i = VIM_NEWEST + 1; i-- > 0;) {
                unsigned asked = part[0] << 20 | part[1] << 10 | part[2];
                unsigned known = versions[i].major << 20 | versions[i].minor << 10 | versions[i].patch;

                if (asked < known)
                        continue;
                *ret = (VimVersion)i;
                return true;
        }
        return false;
}
