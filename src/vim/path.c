/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Property paths: "config.hardware.device[4000].backing". */
#include <stdlib.h>
#include <string.h>

#include "vim/value.h"

/* One step of a path: a field's name, and perhaps the key of an item of it. */
typedef struct Step {
        char name[128];
        char key[128];
        bool has_key;
} Step;

/* Takes the next step off the path; false: it is none. */
static bool next_step(const char **path, Step *ret)
{
        size_t length = strcspn(*path, ".[");

        if (length == 0 || length >= sizeof ret->name)
                return false;
        memcpy(ret->name, *path, length);
        ret->name[length] = '\0';
        *path += length;
        ret->has_key = **path == '[';
        if (ret->has_key) {
                const char *start = *path + 1;

                length = strcspn(start, "]");
                if (start[length] != ']')
                        return false;
                /* Keys that are strings may stand between quotes. */
                if (length >= 2 && start[0] == '"' && start[length - 1] == '"') {
                        start++;
                        length -= 2;
                        *path += 2;
                }
                if (length == 0 || length >= sizeof ret->key)
                        return false;
                memcpy(ret->key, start, length);
                ret->key[length] = '\0';
                *path += length + 2;
        }
        if (**path == '\0')
                return true;
        return *(*path)++ == '.' && **path != '\0';
}

static bool has_text(const VimValue *value, const char *text)
{
        switch (value != NULL && !value->is_list ? value->type->kind : VIM_ANY) {
        case VIM_STRING:
        case VIM_ENUM:
        case VIM_REFERENCE:
                return strcmp(value->text, text) == 0;
        case VIM_BYTE:
        case VIM_SHORT:
        case VIM_INT:
        case VIM_LONG:
                return strtoll(text, NULL, 10) == value->integer;
        default:
                return false;
        }
}

static bool has_key(const VimValue *item, const char *key)
{
        static const char *const names[] = {"key", "name"};

        if (item->type->kind != VIM_OBJECT)
                return has_text(item, key);
        for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
                int place = vim_type_field(item->type, names[i]);

                if (place >= 0)
                        return has_text(item->fields[place], key);
        }
        return false;
}

const VimValue *vim_find_item(const VimValue *list, const char *key)
{
        for (unsigned i = 0; i < vim_length(list); i++)
                if (has_key(list->items->pdata[i], key))
                        return list->items->pdata[i];
        return NULL;
}

char *vim_item_step(const VimValue *item)
{
        int place = item->type->kind == VIM_OBJECT ? vim_type_field(item->type, "key") : -1;
        const VimValue *key = item->type->kind == VIM_REFERENCE ? item : NULL;

        if (place >= 0)
                key = item->fields[place];
        if (key == NULL || key->is_list)
                return NULL;
        switch (key->type->kind) {
        case VIM_BYTE:
        case VIM_SHORT:
        case VIM_INT:
        case VIM_LONG:
                return g_strdup_printf("[%" G_GINT64_FORMAT "]", key->integer);
        case VIM_STRING:
        case VIM_ENUM:
        case VIM_REFERENCE:
                /* What a path cannot carry. */
                if (key->text[0] == '\0' || strchr(key->text, ']') != NULL ||
                    strlen(key->text) >= sizeof((Step *)NULL)->key)
                        return NULL;
                return g_strdup_printf("[\"%s\"]", key->text);
        default:
                return NULL;
        }
}

bool vim_path_first(const char *path, char **ret_name, char **ret_key, const char **ret_rest)
{
        Step step;

        if (!next_step(&path, &step))
                return false;
        *ret_name = g_strdup(step.name);
        *ret_key = step.has_key ? g_strdup(step.key) : NULL;
        *ret_rest = path;
        return true;
}

VimValue *vim_at_path(const VimValue *value, const char *path, bool *ret_valid)
{
        const VimValue *found = NULL;
        bool valid = true;

        while (valid && *path != '\0' && value != NULL) {
                Step step;
                int place;

                valid = next_step(&path, &step) && !value->is_list && value->type->kind == VIM_OBJECT;
                place = valid ? vim_type_field(value->type, step.name) : -1;
                valid = place >= 0;
                found = valid ? value->fields[place] : NULL;
                if (found != NULL && step.has_key)
                        found = vim_find_item(found, step.key);
                value = found;
        }
        if (ret_valid != NULL)
                *ret_valid = valid;
        return valid ? vim_ref(found) : NULL;
}

/* A path may lead on into what only types that extend this one have. */
static bool extended_has(const VimType *type, const char *name, VimVersion version, const VimField **ret)
{
        for (unsigned i = 0; i < vim_n_types; i++) {
                int place = vim_types[i].since <= version && vim_type_is(&vim_types[i], type)
                                    ? vim_type_field(&vim_types[i], name)
                                    : -1;

                if (place >= 0) {
                        *ret = &vim_types[i].fields[place];
                        return true;
                }
        }
        return false;
}

bool vim_type_has_path(const VimType *type, const char *path, VimVersion version)
{
        while (*path != '\0') {
                const VimField *field;
                Step step;
                int place;

                if (type->kind == VIM_ANY)
                        return true;
                if (!next_step(&path, &step) || (type->kind != VIM_OBJECT && type->kind != VIM_REFERENCE))
                        return false;
                place = vim_type_field(type, step.name);
                if (place >= 0)
                        field = &type->fields[place];
                else if (!extended_has(type, step.name, version, &field))
                        return false;
                if (field->since > version)
                        return false;
                if ((step.has_key && !field->is_list) || (*path != '\0' && field->is_list && !step.has_key))
                        return false;
                type = field->type;
                if (*path != '\0' && type->kind == VIM_REFERENCE)
                        return false; /* other objects' properties are their own */
        }
        return true;
}
