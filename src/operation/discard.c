/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each step may have been made before. */
#include "operation/discard.h"

#include "inventory/catalog.h"
#include "operation/left-home.h"
#include "storage/datastore.h"
#include "vm/life.h"

bool vm_discard(Call *call, const Record *record, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autofree char *datastore = NULL;

        if (connection == NULL || !life_destroy(connection, record->uuid, error))
                return false;
        (void)left_home_settle(call, record->uuid);
        if (!life_undefine(connection, record->uuid, error))
                return false;
        if (record->home != NULL && g_file_test(record->home, G_FILE_TEST_EXISTS)) {
                datastore = datastore_path(call_inventory(call), record->datastore, error);
                if (datastore == NULL) {
                        if (error == NULL || *error == NULL)
                                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                            "VM \"%s\": its datastore \"%s\" is not known any more, so the "
                                            "files "
                                            "in %s were left alone; add the datastore again",
                                            record->name, record->datastore, record->home);
                        return false;
                }
                if (!datastore_remove_home(datastore, record->home, error))
                        return false;
        }
        return record_delete(call_inventory(call), record->uuid, error);
}
