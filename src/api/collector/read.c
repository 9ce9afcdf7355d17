/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading single objects. */
#include "api/collector/read.h"

#include <string.h>

static const char *privilege_of(const VimField *field)
{
        return field->privilege != NULL ? field->privilege : "System.View";
}

bool may_read(const Session *session, const VimField *field)
{
        return role_has(session != NULL ? session->role : ROLE_NONE, privilege_of(field));
}

bool may_see(const Session *session, const Managed *managed)
{
        return managed->owner == NULL || managed->owner == session;
}

/* Borrowed where the property is kept; in *ret_made where it is made for whoever asks. */
static const VimValue *property_of(const Path *path, const Managed *managed, Session *session,
                                   VimValue **ret_made)
{
        if (managed->gets == NULL || managed->gets[path->place] == NULL)
                return managed->properties[path->place];
        *ret_made = managed_get(managed, path->place, session);
        return *ret_made;
}

static VimValue *at_places(const VimValue *value, const GArray *places)
{
        for (unsigned i = 0; i < places->len && value != NULL; i++)
                value = value->fields[g_array_index(places, unsigned, i)];
        return vim_ref(value);
}

VimValue *path_read(const Path *path, const Managed *managed, Session *session)
{
        g_autoptr(VimValue) made = NULL;
        const VimValue *found = property_of(path, managed, session, &made);

        if (path->key != NULL)
                found = vim_find_item(found, path->key);
        if (path->rest == NULL || found == NULL)
                return vim_ref(found);
        if (path->places != NULL)
                return at_places(found, path->places);
        return vim_at_path(found, path->rest, NULL);
}

bool path_has_parent(const Path *path, const Managed *managed, Session *session)
{
        g_autoptr(VimValue) made = NULL, parent = NULL;
        const VimValue *found = property_of(path, managed, session, &made);

        if (path->rest == NULL)
                return path->key == NULL || found != NULL;
        if (path->key != NULL)
                found = vim_find_item(found, path->key);
        if (found != NULL)
                parent = vim_at_path(found, path->parent, NULL);
        return parent != NULL;
}

VimValue *fault_unreadable(const Session *session, const Managed *managed, const VimField *field)
{
        VimValue *fault = vim_new_fault(session == NULL ? "NotAuthenticated" : "NoPermission");

        vim_set(fault, "object", managed_reference(managed));
        vim_set_text(fault, "privilegeId", privilege_of(field));
        return fault;
}

VimValue *missing_of(const GPtrArray *paths, const Managed *managed, const Session *session)
{
        VimValue *list = NULL;

        for (unsigned i = 0; i < paths->len; i++) {
                const Path *path = paths->pdata[i];
                const VimField *field = &managed->type->fields[path->place];
                VimValue *missing;

                if (may_read(session, field))
                        continue;
                missing = vim_new_object("MissingProperty");
                vim_set(missing, "path", vim_ref(path->name));
                vim_set(missing, "fault",
                        vim_new_localized(fault_unreadable(session, managed, field),
                                          session == NULL
                                                  ? "the session is not authenticated; log in first"
                                                  : "this takes a privilege that the session has not"));
                if (list == NULL)
                        list = vim_new_list("MissingProperty");
                vim_add(list, missing);
        }
        return list;
}

/* What answers consist of, looked up once: there may be thousands in one. */
typedef struct Types {
        const VimType *content, *property;
        unsigned obj, prop_set, name, val;
} Types;

static const Types *types_of_answers(void)
{
        static Types types;

        if (types.content != NULL)
                return &types;
        types.content = vim_type("ObjectContent");
        types.property = vim_type("DynamicProperty");
        types.obj = (unsigned)vim_type_field(types.content, "obj");
        types.prop_set = (unsigned)vim_type_field(types.content, "propSet");
        types.name = (unsigned)vim_type_field(types.property, "name");
        types.val = (unsigned)vim_type_field(types.property, "val");
        return &types;
}

static bool is_in(const GPtrArray *paths, const Path *path)
{
        for (unsigned i = 0; i < paths->len; i++)
                if (strcmp(((const Path *)paths->pdata[i])->name->text, path->name->text) == 0)
                        return true;
        return false;
}

/* The same path in an earlier list was sent with that. */
static bool is_earlier(const GPtrArray *const *path_lists, unsigned n, const Path *path)
{
        for (unsigned i = 0; i < n; i++)
                if (is_in(path_lists[i], path))
                        return true;
        return false;
}

static void add_properties(VimValue *set, const GPtrArray *const *path_lists, unsigned n,
                           const Managed *managed, Session *session)
{
        const GPtrArray *paths = path_lists[n];
        const Types *types = types_of_answers();

        for (unsigned i = 0; i < paths->len; i++) {
                const Path *path = paths->pdata[i];
                VimValue *value, *property;

                if (!may_read(session, &managed->type->fields[path->place]) ||
                    is_earlier(path_lists, n, path))
                        continue;
                value = path_read(path, managed, session);
                if (value == NULL)
                        continue;
                property = vim_new_object_of(types->property);
                property->fields[types->name] = vim_ref(path->name);
                property->fields[types->val] = value;
                vim_add(set, property);
        }
}

VimValue *content_new(const Managed *managed, const GPtrArray *const *path_lists, unsigned n,
                      Session *session)
{
        const Types *types = types_of_answers();
        VimValue *content = vim_new_object_of(types->content);
        VimValue *set = vim_new_list_of(types->property), *missing = NULL;

        content->fields[types->obj] = managed_reference(managed);
        for (unsigned i = 0; i < n; i++) {
                add_properties(set, path_lists, i, managed, session);
                if (missing == NULL)
                        missing = missing_of(path_lists[i], managed, session);
        }
        if (missing != NULL)
                vim_set(content, "missingSet", missing);
        if (vim_length(set) > 0)
                content->fields[types->prop_set] = set;
        else
                vim_unref(set);
        return content;
}
