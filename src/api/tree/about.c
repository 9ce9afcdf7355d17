/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What aerostat says of itself, and where its managers are. */
#include <stdio.h>

#include "api/tree/kept.h"
#include "api/tree/tree.h"

/*
 * Clients go by these: which methods there are (apiVersion), whether the tree is a vCenter's (apiType,
 * productLineId). For people there are name, vendor and fullName.
 */
#define API_VERSION     "7.0.0.0"
#define PRODUCT_VERSION "7.0.0"

/* A build is a number to clients: 0.1.0 is 100. */
static char *build_number(void)
{
        unsigned major = 0, minor = 0, patch = 0;

        (void)sscanf(AEROSTAT_VERSION, "%u.%u.%u", &major, &minor, &patch);
        return g_strdup_printf("%u", major * 10000 + minor * 100 + patch);
}

/* The same for as long as the inventory is. */
static char *instance_uuid(Api *api)
{
        char *uuid = kept_get(api, "instanceUuid");
        g_autoptr(GError) error = NULL;

        if (uuid != NULL && g_uuid_string_is_valid(uuid))
                return uuid;
        g_free(uuid);
        uuid = g_uuid_string_random();
        if (!kept_set(api, "instanceUuid", uuid, &error))
                g_warning("%s", error->message);
        return uuid;
}

VimValue *about_value(Api *api, AboutOf of)
{
        VimValue *about = vim_new_object("AboutInfo");
        g_autofree char *build = build_number();

        vim_set_text(about, "name", "aerostat");
        vim_set_text(about, "fullName", "aerostat " AEROSTAT_VERSION " (vSphere API " API_VERSION ")");
        vim_set_text(about, "vendor", "aerostat");
        vim_set_text(about, "version", PRODUCT_VERSION);
        vim_set_text(about, "build", build);
        vim_set_text(about, "localeVersion", "INTL");
        vim_set_text(about, "localeBuild", "000");
        vim_set_text(about, "osType", "linux-x64");
        vim_set_text(about, "productLineId", of == ABOUT_VCENTER ? "vpx" : "embeddedEsx");
        vim_set_text(about, "apiType", of == ABOUT_VCENTER ? "VirtualCenter" : "HostAgent");
        vim_set_text(about, "apiVersion", API_VERSION);
        vim_set_text(about, "licenseProductName", "aerostat");
        vim_set_text(about, "licenseProductVersion", AEROSTAT_VERSION);
        if (of == ABOUT_VCENTER) {
                g_autofree char *uuid = instance_uuid(api);

                vim_set_text(about, "instanceUuid", uuid);
        }
        return about;
}

/* One that belongs to nobody's session: these come and go. */
static Managed *the_one(World *world, const VimType *type)
{
        g_autoptr(GPtrArray) all = world_list(world, type->name);
        Managed *found = NULL;

        for (unsigned i = 0; i < all->len; i++) {
                Managed *managed = all->pdata[i];

                if (managed->owner != NULL)
                        continue;
                if (found != NULL)
                        return NULL;
                found = managed;
        }
        return found;
}

void managers_fill(World *world, VimValue *object)
{
        for (unsigned i = 0; i < object->type->n_fields; i++) {
                const VimField *field = &object->type->fields[i];

                if (field->type->kind == VIM_REFERENCE && object->fields[i] == NULL)
                        vim_set(object, field->name, managed_reference(the_one(world, field->type)));
        }
}
