/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings of the memory scheduler as options of vim25, and back. Pure. */
#include <string.h>
#include <strings.h>

#include "api/host/option.h"

#define MESSAGE_MAX 256

VimValue *option_def(const struct policy_setting *setting)
{
        VimValue *def = vim_new_object("OptionDef"), *type = vim_new_object("LongOption");
        g_autofree char *summary = setting->unit[0] != '\0'
                                           ? g_strdup_printf("%s (%s)", setting->help, setting->unit)
                                           : g_strdup(setting->help);

        vim_set_bool(type, "valueIsReadonly", false);
        vim_set_int(type, "min", setting->min);
        vim_set_int(type, "max", setting->max);
        vim_set_int(type, "defaultValue", setting->default_value);
        vim_set_text(def, "key", setting->name);
        vim_set_text(def, "label", setting->name);
        vim_set_text(def, "summary", summary);
        vim_set(def, "optionType", type);
        return def;
}

VimValue *option_value(const char *key, VimValue *value)
{
        VimValue *option = vim_new_object("OptionValue");

        vim_set_text(option, "key", key);
        vim_set(option, "value", value);
        return option;
}

VimValue *option_find(const VimValue *settings, const char *prefix)
{
        size_t length = prefix != NULL ? strlen(prefix) : 0;
        VimValue *found = vim_new_list("OptionValue");

        for (unsigned i = 0; i < vim_length(settings); i++) {
                const VimValue *option = vim_item(settings, i);

                if (length == 0 || strncasecmp(vim_get_text(option, "key"), prefix, length) == 0)
                        vim_add(found, vim_ref(option));
        }
        if (vim_length(found) > 0)
                return found;
        vim_unref(found);
        return NULL;
}

bool option_number(enum policy_setting_id id, const VimValue *value, int64_t *ret, GError **error)
{
        char message[MESSAGE_MAX];
        int r;

        if (value == NULL || value->is_list) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "%s is a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                            policy_settings[id].name, policy_settings[id].min, policy_settings[id].max);
                return false;
        }
        switch (value->type->kind) {
        case VIM_BYTE:
        case VIM_SHORT:
        case VIM_INT:
        case VIM_LONG:
                r = policy_setting_check(id, value->integer, message, sizeof(message));
                if (r == 0)
                        *ret = value->integer;
                break;
        case VIM_STRING:
                r = policy_setting_parse(id, value->text, ret, message, sizeof(message));
                break;
        default:
                r = policy_setting_parse(id, value->type->name, ret, message, sizeof(message));
        }
        if (r == 0)
                return true;
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, message);
        return false;
}
