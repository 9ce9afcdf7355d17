/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A disk that cannot grow stops its VM, which then waits for an answer. Nothing is lost meanwhile. */
#include <string.h>

#include "operation/args.h"
#include "operation/vm.h"
#include "storage/datastore.h"

/* The file of the disk, as it runs. */
static char *find_file(Call *call, const char *uuid, const char *target)
{
        g_autoptr(Definition) definition = target != NULL ? vm_definition(call, uuid, true, NULL) : NULL;
        g_autoptr(GPtrArray) disks = definition != NULL ? definition_disks(definition) : NULL;

        for (unsigned i = 0; disks != NULL && i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (g_strcmp0(disk->target, target) == 0)
                        return g_strdup(disk->path);
        }
        return NULL;
}

static char *make_text(const Record *record, const char *target, const char *file, const char *datastore,
                       const char *path, bool no_space)
{
        DatastoreSpace space = {0};
        g_autofree char *free_text = NULL, *base = file != NULL ? g_path_get_basename(file) : NULL;

        if (!no_space || datastore == NULL || !datastore_space(path, &space, NULL))
                return g_strdup_printf(
                        "VM \"%s\" is stopped by an error of its disk %s (%s)%s. When the cause is gone, "
                        "answer retry to go on; cancel powers it off.",
                        record->name, target != NULL ? target : "",
                        file != NULL ? file : "its file is not known",
                        no_space ? ": there is no space left for it" : "");
        free_text = g_format_size_full(space.free_bytes, G_FORMAT_SIZE_IEC_UNITS);
        return g_strdup_printf(
                "VM \"%s\" is stopped: its disk %s (%s) has to grow, and datastore \"%s\" has only %s "
                "left. Make room there, then answer retry to go on; cancel powers it off.",
                record->name, target, base, datastore, free_text);
}

static bool has_question(Call *call, const char *uuid)
{
        g_autoptr(GPtrArray) questions = question_list(call_inventory(call), NULL);

        for (unsigned i = 0; questions != NULL && i < questions->len; i++)
                if (strcmp(((const Question *)questions->pdata[i])->uuid, uuid) == 0)
                        return true;
        return false;
}

bool question_ask(Call *call, const Record *record, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        bool no_space = true;
        g_autofree char *target = NULL, *file = NULL, *datastore = NULL, *path = NULL, *text = NULL;
        Question question = {.uuid = record->uuid, .time_ms = g_get_real_time() / 1000};

        if (connection == NULL)
                return false;
        if (has_question(call, record->uuid))
                return true;
        target = life_disk_error(connection, record->uuid, &no_space);
        file = find_file(call, record->uuid, target);
        if (file != NULL)
                (void)vm_find_datastore(call, file, &datastore, &path);
        text = make_text(record, target, file, datastore, path, no_space);
        question.text = text;
        question.datastore = datastore;
        if (!question_save(call_inventory(call), &question, error))
                return false;
        call_event(call, "question", record->name, "%s", text);
        return true;
}

static void add_text(JsonBuilder *builder, const char *name, const char *text)
{
        json_builder_set_member_name(builder, name);
        if (text != NULL)
                json_builder_add_string_value(builder, text);
        else
                json_builder_add_null_value(builder);
}

static void add_number(JsonBuilder *builder, const char *name, int64_t number)
{
        json_builder_set_member_name(builder, name);
        json_builder_add_int_value(builder, number);
}

static bool run_list(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GPtrArray) questions =
                args_only(args, error, NULL) ? question_list(call_inventory(call), error) : NULL;

        if (questions == NULL)
                return false;
        json_builder_begin_array(result);
        for (unsigned i = 0; i < questions->len; i++) {
                const Question *question = questions->pdata[i];
                g_autoptr(Record) record = record_load(call_inventory(call), question->uuid, NULL);

                json_builder_begin_object(result);
                add_text(result, "vm", record != NULL ? record->name : question->uuid);
                add_text(result, "uuid", question->uuid);
                add_number(result, "id", question->id);
                add_text(result, "text", question->text);
                add_text(result, "datastore", question->datastore);
                add_number(result, "time_ms", question->time_ms);
                json_builder_set_member_name(result, "choices");
                json_builder_begin_array(result);
                json_builder_add_string_value(result, "retry");
                json_builder_add_string_value(result, "cancel");
                json_builder_end_array(result);
                json_builder_end_object(result);
        }
        json_builder_end_array(result);
        return true;
}

/* Its id; 0 with an error when there is none, or another one than was meant. */
static int64_t find_question(Call *call, const Record *record, int64_t wanted, GError **error)
{
        g_autoptr(GPtrArray) questions = question_list(call_inventory(call), error);

        for (unsigned i = 0; questions != NULL && i < questions->len; i++) {
                const Question *question = questions->pdata[i];

                if (strcmp(question->uuid, record->uuid) == 0 && (wanted == 0 || wanted == question->id))
                        return question->id;
        }
        if (questions != NULL)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            wanted == 0 ? "VM \"%s\" has no question; 'aerostat vm question list' shows all"
                                        : "VM \"%s\" does not ask that question any more",
                            record->name);
        return 0;
}

static bool run_answer(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name =
                args_only(args, error, "vm", "id", "answer", NULL) ? args_text(args, "vm", error) : NULL;
        const char *answer = name != NULL ? args_text(args, "answer", error) : NULL;
        virConnectPtr connection;
        g_autoptr(Record) record = NULL;
        g_autoptr(JsonObject) off = NULL;
        int64_t id = 0;

        if (answer == NULL || !args_int_if(args, "id", 1, INT64_MAX, &id, error))
                return false;
        if (strcmp(answer, "retry") != 0 && strcmp(answer, "cancel") != 0) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"answer\" is to be retry or cancel");
                return false;
        }
        connection = call_connection(call, error);
        record = connection != NULL ? call_vm(call, name, true, error) : NULL;
        if (record == NULL || find_question(call, record, id, error) == 0)
                return false;
        call_event(call, "question", record->name, "is answered: %s", answer);
        if (strcmp(answer, "cancel") == 0) {
                off = json_object_new();
                json_object_set_string_member(off, "vm", record->uuid);
                return call_method(call, "PowerOffVM", off, result, error);
        }
        /* Before it runs: it may ask again at once. */
        return question_delete(call_inventory(call), record->uuid, error) &&
               life_resume(connection, record->uuid, error);
}

const Method question_methods[] = {
        {.name = "ListQuestions", .run = run_list},
        {.name = "AnswerVM", .is_task = true, .run = run_answer},
        {.name = NULL},
};
