/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tasks, intents, batches, questions; files of other versions; transactions; many threads. */
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inventory-world.h"

/* --- tasks --- */

static int64_t save_task(Inventory *inventory, int64_t id, TaskState state, const char *object,
                         unsigned percent, const char *message)
{
        TaskRecord task = {.id = id,
                           .method = (char *)(gintptr) "CloneVM",
                           .object = (char *)(gintptr)object,
                           .state = state,
                           .percent = percent,
                           .message = (char *)(gintptr)message,
                           .error = state == TASK_ERROR ? G_IO_ERROR_NO_SPACE : G_IO_ERROR_FAILED,
                           .queued_ms = 1,
                           .started_ms = 2,
                           .ended_ms = state >= TASK_SUCCESS ? 3 : 0};
        g_autoptr(GError) error = NULL;

        assert_done(task_record_save(inventory, &task, &error), &error);
        return task.id;
}

static void assert_task(const TaskRecord *task, int64_t id, TaskState state, unsigned percent,
                        const char *message)
{
        g_assert_cmpint(task->id, ==, id);
        g_assert_cmpstr(task->method, ==, "CloneVM");
        g_assert_cmpint(task->state, ==, state);
        g_assert_cmpuint(task->percent, ==, percent);
        g_assert_cmpstr(task->message, ==, message);
        g_assert_cmpint(task->queued_ms, ==, 1);
        g_assert_cmpint(task->started_ms, ==, 2);
}

static void test_tasks(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GPtrArray) three = NULL, all = NULL;
        g_autoptr(GError) error = NULL;
        int64_t done = save_task(inventory, 0, TASK_SUCCESS, "web\n'", 100, NULL),
                running = save_task(inventory, 0, TASK_RUNNING, NULL, 3, "copies"),
                queued = save_task(inventory, 0, TASK_QUEUED, NULL, 0, NULL),
                failed = save_task(inventory, 0, TASK_ERROR, NULL, 7, "no room");

        g_assert_cmpint(save_task(inventory, running, TASK_RUNNING, NULL, 50, "still"), ==, running);
        three = task_records(inventory, 3, &error);
        g_assert_cmpuint(three->len, ==, 3);
        assert_task(three->pdata[0], failed, TASK_ERROR, 7, "no room");
        assert_task(three->pdata[1], queued, TASK_QUEUED, 0, NULL);
        assert_task(three->pdata[2], running, TASK_RUNNING, 50, "still");

        assert_done(task_records_end_all(inventory, 77, &error), &error);
        all = task_records(inventory, 100, &error);
        g_assert_cmpuint(all->len, ==, 4);
        g_assert_cmpint(((TaskRecord *)all->pdata[0])->error, ==, G_IO_ERROR_NO_SPACE);
        assert_task(all->pdata[1], queued, TASK_ERROR, 0, "the daemon ended before it did");
        assert_task(all->pdata[2], running, TASK_ERROR, 50, "the daemon ended before it did");
        g_assert_cmpint(((TaskRecord *)all->pdata[2])->error, ==, G_IO_ERROR_FAILED);
        assert_task(all->pdata[3], done, TASK_SUCCESS, 100, NULL);
        g_assert_cmpint(((TaskRecord *)all->pdata[2])->ended_ms, ==, 77);
        g_assert_cmpint(((TaskRecord *)all->pdata[3])->ended_ms, ==, 3);
        g_assert_cmpstr(((TaskRecord *)all->pdata[3])->object, ==, "web\n'");
}

/* The oldest go, but none that has not ended. */
static void test_tasks_are_bounded(void)
{
        g_autoptr(Inventory) inventory = open_new();
        int64_t first = save_task(inventory, 0, TASK_RUNNING, NULL, 0, NULL), last = 0;
        g_autoptr(GPtrArray) all = NULL;

        for (unsigned i = 1; i < TASKS_KEPT_MAX + 1000; i++)
                last = save_task(inventory, 0, TASK_SUCCESS, NULL, 100, NULL);
        all = task_records(inventory, G_MAXINT, NULL);
        g_assert_cmpuint(all->len, <=, TASKS_KEPT_MAX + 500);
        g_assert_cmpuint(all->len, >=, TASKS_KEPT_MAX);
        g_assert_cmpint(((TaskRecord *)all->pdata[0])->id, ==, last);
        g_assert_cmpint(((TaskRecord *)all->pdata[all->len - 1])->id, ==, first);
}

/* --- intents, batches, questions --- */

static void test_intents(void)
{
        g_autoptr(Inventory) inventory = open_new();
        char *new_files[] = {(char *)(gintptr) "/d/a\nb", (char *)(gintptr) "/d/\xff,x",
                             (char *)(gintptr) "", NULL};
        Intent intent = {.uuid = (char *)(gintptr)A,
                         .kind = (char *)(gintptr) "move",
                         .new_files = new_files,
                         .details = (char *)(gintptr) "{\"to\": \"fast\"}"},
               second = {.uuid = (char *)(gintptr)A, .kind = (char *)(gintptr) "snapshot"};
        g_autoptr(GPtrArray) list = NULL, changed = NULL;
        g_autoptr(GError) error = NULL;
        const Intent *read;

        /* Of a VM that has no record yet, too. */
        assert_done(intent_save(inventory, &intent, &error), &error);
        assert_done(intent_save(inventory, &second, &error), &error);
        g_assert_cmpint(second.id, >, intent.id);
        list = intent_list(inventory, &error);
        g_assert_cmpuint(list->len, ==, 2);
        read = list->pdata[0];
        g_assert_cmpint(read->id, ==, intent.id);
        g_assert_cmpstr(read->uuid, ==, A);
        g_assert_cmpstr(read->kind, ==, "move");
        g_assert_cmpstr(read->details, ==, "{\"to\": \"fast\"}");
        g_assert_true(g_strv_equal((const char *const *)read->new_files, (const char *const *)new_files));
        g_assert_cmpuint(g_strv_length(read->old_files), ==, 0);
        read = list->pdata[1];
        g_assert_null(read->details);
        g_assert_cmpuint(g_strv_length(read->new_files), ==, 0);

        intent.old_files = new_files;
        intent.new_files = NULL;
        assert_done(intent_save(inventory, &intent, &error), &error);
        assert_done(intent_delete(inventory, second.id, &error), &error);
        assert_done(intent_delete(inventory, second.id, &error), &error);
        changed = intent_list(inventory, &error);
        g_assert_cmpuint(changed->len, ==, 1);
        read = changed->pdata[0];
        g_assert_cmpint(read->id, ==, intent.id);
        g_assert_cmpuint(g_strv_length(read->new_files), ==, 0);
        g_assert_cmpuint(g_strv_length(read->old_files), ==, 3);
}

static void test_batches(void)
{
        g_autoptr(Inventory) inventory = open_new();
        char *names[] = {(char *)(gintptr) "Web01", (char *)(gintptr) "Web02", NULL};
        Batch batch = {.parent = (char *)(gintptr)A,
                       .request = (char *)(gintptr) "{}",
                       .names = names,
                       .begun_ms = 9},
              newer = batch;
        g_autoptr(Batch) found = NULL, older = NULL;
        g_autoptr(GError) error = NULL;

        g_assert_null(batch_find(inventory, A, &error));
        assert_done(batch_save(inventory, &batch, &error), &error);
        newer.request = (char *)(gintptr) "{\"count\": 2}";
        assert_done(batch_save(inventory, &newer, &error), &error);
        found = batch_find(inventory, A, &error);
        g_assert_cmpint(found->id, ==, newer.id);
        g_assert_cmpstr(found->parent, ==, A);
        g_assert_cmpstr(found->request, ==, "{\"count\": 2}");
        g_assert_cmpint(found->begun_ms, ==, 9);
        g_assert_true(g_strv_equal((const char *const *)found->names, (const char *const *)names));
        assert_done(batch_delete(inventory, newer.id, &error), &error);
        batch.begun_ms = 10;
        assert_done(batch_save(inventory, &batch, &error), &error);
        older = batch_find(inventory, A, &error);
        g_assert_cmpint(older->id, ==, batch.id);
        g_assert_cmpint(older->begun_ms, ==, 10);
        g_assert_null(batch_find(inventory, B, &error));
        g_assert_no_error(error);
}

static void test_questions(void)
{
        g_autoptr(Inventory) inventory = open_new();
        Question question = {.uuid = (char *)(gintptr)A, .text = (char *)(gintptr) "full", .time_ms = 4};
        g_autoptr(GPtrArray) list = NULL, none = NULL;
        g_autoptr(GError) error = NULL;
        const Question *read;
        int64_t first;

        assert_done(question_save(inventory, &question, &error), &error);
        first = question.id;
        question.datastore = (char *)(gintptr) "fast";
        question.text = (char *)(gintptr) "still full";
        assert_done(question_save(inventory, &question, &error), &error);
        g_assert_cmpint(question.id, >, first);
        list = question_list(inventory, &error);
        g_assert_cmpuint(list->len, ==, 1);
        read = list->pdata[0];
        g_assert_cmpint(read->id, ==, question.id);
        g_assert_cmpstr(read->uuid, ==, A);
        g_assert_cmpstr(read->text, ==, "still full");
        g_assert_cmpstr(read->datastore, ==, "fast");
        g_assert_cmpint(read->time_ms, ==, 4);
        assert_done(question_delete(inventory, A, &error), &error);
        none = question_list(inventory, &error);
        g_assert_cmpuint(none->len, ==, 0);
}

/* --- transactions --- */

static void test_transactions(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GError) error = NULL;

        assert_done(inventory_begin(inventory, &error), &error);
        add_record(inventory, A, "a");
        g_assert_false(inventory_end(inventory, false, &error));
        g_assert_no_error(error);
        g_assert_null(record_load(inventory, A, &error));

        /* What fails in between, and an inner one that is given up, take nothing else with them. */
        assert_done(inventory_begin(inventory, &error), &error);
        add_record(inventory, A, "a");
        assert_fails(save_record(inventory, B, "a", NULL, NULL, NULL, 0, &error), &error, G_IO_ERROR_EXISTS,
                     "\"a\"");
        assert_done(inventory_begin(inventory, &error), &error);
        add_record(inventory, B, "b");
        assert_done(inventory_event_add(inventory, 1, "vm", NULL, "x", &error), &error);
        g_assert_false(inventory_end(inventory, false, &error));
        assert_done(inventory_begin(inventory, &error), &error);
        add_record(inventory, C, "c");
        assert_done(inventory_end(inventory, true, &error), &error);
        assert_done(inventory_end(inventory, true, &error), &error);
        assert_records(record_list(inventory, NULL, false, &error), "a c");
}

/* --- files --- */

typedef struct Folder {
        char *path, *file;
} Folder;

static void set_up(Folder *folder, gconstpointer data)
{
        g_autoptr(GError) error = NULL;

        (void)data;
        folder->path = g_dir_make_tmp("aerostat-inventory-XXXXXX", &error);
        g_assert_no_error(error);
        folder->file = g_build_filename(folder->path, "inventory.sqlite", NULL);
}

static void tear_down(Folder *folder, gconstpointer data)
{
        static const char *const suffixes[] = {"", "-wal", "-shm"};

        (void)data;
        for (unsigned i = 0; i < G_N_ELEMENTS(suffixes); i++) {
                g_autofree char *file = g_strconcat(folder->file, suffixes[i], NULL);

                (void)g_unlink(file);
        }
        g_assert_cmpint(g_rmdir(folder->path), ==, 0);
        g_free(folder->path);
        g_free(folder->file);
}

static void run_sql(const char *path, const char *sql)
{
        sqlite3 *db = NULL;

        g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_close(db), ==, SQLITE_OK);
}

/* As the first version of aerostat made it. */
static const char file_of_version_1[] =
        "PRAGMA journal_mode = WAL;"
        "CREATE TABLE vm (uuid TEXT PRIMARY KEY, name TEXT NOT NULL, pool TEXT NOT NULL,"
        "  stopped INTEGER NOT NULL) STRICT;"
        "CREATE TABLE vm_option (uuid TEXT NOT NULL REFERENCES vm ON DELETE CASCADE, name TEXT NOT NULL,"
        "  value TEXT NOT NULL, PRIMARY KEY (uuid, name)) STRICT;"
        "CREATE TABLE pool (path TEXT PRIMARY KEY, shares TEXT NOT NULL, reservation_mib INTEGER NOT NULL,"
        "  limit_mib INTEGER NOT NULL, expandable INTEGER NOT NULL) STRICT;"
        "CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL,"
        "  type TEXT NOT NULL, vm TEXT, message TEXT NOT NULL) STRICT;"
        "INSERT INTO vm VALUES ('" A "', 'web', '/prod', 1), ('" B "', 'web', '/', 0);"
        "INSERT INTO vm_option VALUES ('" A "', 'sched.mem.min', '512');"
        "INSERT INTO pool VALUES ('/prod', 'high', 1, -1, 1);"
        "INSERT INTO event (time_ms, type, vm, message) VALUES (1, 'vm', 'web', 'runs');"
        "PRAGMA user_version = 1;";

static void test_migration(Folder *folder, gconstpointer data)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Inventory) inventory = NULL;
        g_autoptr(InventoryVm) vm = NULL;
        g_autoptr(GPtrArray) pools = NULL, events = NULL;

        (void)data;
        run_sql(folder->file, file_of_version_1);
        inventory = inventory_open(folder->file, &error);
        g_assert_no_error(error);
        vm = inventory_vm_load(inventory, A, &error);
        g_assert_cmpstr(vm->name, ==, "web");
        g_assert_cmpstr(vm->pool, ==, "/prod");
        g_assert_true(vm->stopped);
        g_assert_cmpstr(g_hash_table_lookup(vm->options, "sched.mem.min"), ==, "512");
        pools = inventory_pools(inventory, &error);
        g_assert_cmpuint(pools->len, ==, 1);
        events = inventory_events(inventory, -1, 10, &error);
        g_assert_cmpuint(events->len, ==, 1);

        /* None is adopted by that; then one of the two of one name is, once. */
        assert_records(record_list(inventory, NULL, false, &error), "");
        add_record(inventory, A, "web");
        assert_fails(save_record(inventory, B, "web", NULL, NULL, NULL, 0, &error), &error,
                     G_IO_ERROR_EXISTS, "web");
        assert_done(folder_add(inventory, "/lab", &error), &error);

        g_clear_pointer(&inventory, inventory_close);
        inventory = inventory_open(folder->file, &error);
        g_assert_no_error(error);
        assert_records(record_list(inventory, NULL, false, &error), "web");
}

/* It stays what it was when it cannot become what it should: here a table is in the way. */
static void test_migration_fails(Folder *folder, gconstpointer data)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Inventory) inventory = NULL;

        (void)data;
        run_sql(folder->file, file_of_version_1);
        run_sql(folder->file, "CREATE TABLE question (x)");
        g_assert_null(inventory_open(folder->file, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
        g_assert_nonnull(strstr(error->message, folder->file));
        g_clear_error(&error);

        run_sql(folder->file, "DROP TABLE question");
        inventory = inventory_open(folder->file, &error);
        g_assert_no_error(error);
        add_record(inventory, A, "web");
}

/* In a file system of 1 MiB, seen by this process alone. */
static void test_full_disk(Folder *folder, gconstpointer data)
{
        g_autoptr(Inventory) inventory = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *big = g_strnfill(ATTRIBUTE_VALUE_MAX, 'x');
        g_autoptr(GPtrArray) records = NULL, events = NULL;
        g_autoptr(Record) half = NULL;
        bool ok = true;
        unsigned made = 0;

        (void)data;
        if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
            mount("tmpfs", folder->path, "tmpfs", 0, "size=1m") < 0) {
                g_test_skip("only root may mount a small file system");
                return;
        }
        inventory = inventory_open(folder->file, &error);
        g_assert_no_error(error);
        g_assert_true(attribute_add(inventory, "Notes", ATTRIBUTE_VM, NULL));
        while (ok && made < 1000) {
                g_autofree char *uuid = g_uuid_string_random(), *name = g_strdup_printf("vm%03u", made);

                assert_done(inventory_begin(inventory, &error), &error);
                ok = save_record(inventory, uuid, name, NULL, NULL, NULL, 0, &error) &&
                     attribute_set(inventory, uuid, "Notes", big, &error);
                ok = inventory_end(inventory, ok, &error);
                made += ok ? 1 : 0;
        }
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
        g_assert_nonnull(strstr(error->message, folder->file));
        g_clear_error(&error);

        /* Each VM is there with its attribute, or neither is. */
        records = record_list(inventory, NULL, false, &error);
        g_assert_cmpuint(records->len, ==, made);
        g_assert_cmpuint(made, >, 0);
        for (unsigned i = 0; i < records->len; i++) {
                g_autofree char *value =
                        attribute_get(inventory, ((Record *)records->pdata[i])->uuid, "Notes", &error);

                g_assert_cmpstr(value, ==, big);
        }

        /* After a step has failed for want of room the whole is done or nothing, whatever is tried. */
        assert_done(inventory_begin(inventory, &error), &error);
        for (unsigned i = 0; i < 1000 && error == NULL; i++)
                (void)inventory_event_add(inventory, 1, "vm", NULL, big, &error);
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
        g_clear_error(&error);
        (void)save_record(inventory, A, "half", NULL, NULL, NULL, 0, NULL);
        ok = inventory_end(inventory, true, NULL);
        half = record_find(inventory, "half", NULL);
        events = inventory_events(inventory, 0, 1, NULL);
        g_assert_true(ok ? half != NULL && events->len > 0 : half == NULL && events->len == 0);

        g_assert_cmpint(mount(NULL, folder->path, NULL, MS_REMOUNT, "size=8m"), ==, 0);
        assert_done(save_record(inventory, B, "again", NULL, NULL, NULL, 0, &error), &error);
        g_clear_pointer(&inventory, inventory_close);
        g_assert_cmpint(umount(folder->path), ==, 0);
}

/* --- a kill --- */

#define KILLS 8

/* Makes VMs, each with a value, and says so of each by one byte. */
static void make_until_killed(const char *path, unsigned round, int out)
{
        Inventory *inventory = inventory_open(path, NULL);

        for (unsigned i = 0;; i++) {
                /* Not random ones: each child would have the same. */
                g_autofree char *uuid = g_strdup_printf("%08x-0000-4000-8000-%012x", round, i),
                                *name = g_strdup_printf("%u-%u", round, i);

                if (!inventory_begin(inventory, NULL) ||
                    !save_record(inventory, uuid, name, NULL, NULL, NULL, 0, NULL) ||
                    !attribute_set(inventory, uuid, "Notes", name, NULL) ||
                    !inventory_end(inventory, true, NULL) || write(out, "x", 1) != 1)
                        _exit(1);
        }
}

/* All that was said to be there is, and what is there is whole. */
static void test_kill(Folder *folder, gconstpointer data)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Inventory) inventory = inventory_open(folder->file, &error);
        unsigned said = 0;

        (void)data;
        assert_done(attribute_add(inventory, "Notes", ATTRIBUTE_VM, &error), &error);
        g_clear_pointer(&inventory, inventory_close);
        for (unsigned round = 0; round < KILLS; round++) {
                g_autoptr(GHashTable) values = NULL;
                g_autoptr(GPtrArray) records = NULL;
                char bytes[64];
                int pipe_fd[2];
                ssize_t n;
                pid_t pid;

                g_assert_cmpint(pipe(pipe_fd), ==, 0);
                pid = fork();
                if (pid == 0)
                        make_until_killed(folder->file, round, pipe_fd[1]);
                (void)close(pipe_fd[1]);
                /* After another number of them in each round, in the midst of the next one. */
                for (unsigned i = 0; i <= 3 * round; i++, said++)
                        g_assert_cmpint(read(pipe_fd[0], bytes, 1), ==, 1);
                g_assert_cmpint(kill(pid, SIGKILL), ==, 0);
                g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
                while ((n = read(pipe_fd[0], bytes, sizeof(bytes))) > 0)
                        said += (unsigned)n;
                (void)close(pipe_fd[0]);

                inventory = inventory_open(folder->file, &error);
                g_assert_no_error(error);
                records = record_list(inventory, NULL, false, &error);
                values = attribute_values_all(inventory, &error);
                /* One may be there that there was no time to tell of. */
                g_assert_cmpuint(records->len, >=, said);
                g_assert_cmpuint(records->len, <=, said + 1);
                said = records->len;
                for (unsigned i = 0; i < records->len; i++) {
                        const Record *record = records->pdata[i];

                        g_assert_cmpstr(
                                g_hash_table_lookup(g_hash_table_lookup(values, record->uuid), "Notes"), ==,
                                record->name);
                }
                g_clear_pointer(&inventory, inventory_close);
        }
}

/* --- threads --- */

#define THREADS 8
#define ROUNDS  60

typedef struct Worker {
        Inventory *inventory;
        unsigned number;
} Worker;

/* Each VM is in the folder that its attribute names, whenever anybody looks. */
static void check_pairs(Inventory *inventory)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GHashTable) values = NULL;
        g_autoptr(GPtrArray) records = NULL;

        assert_done(inventory_begin(inventory, &error), &error);
        records = record_list(inventory, NULL, false, &error);
        values = attribute_values_all(inventory, &error);
        assert_done(inventory_end(inventory, true, &error), &error);
        for (unsigned i = 0; i < records->len; i++) {
                const Record *record = records->pdata[i];

                g_assert_cmpstr(g_hash_table_lookup(g_hash_table_lookup(values, record->uuid), "Where"), ==,
                                record->folder);
        }
}

static gpointer work(gpointer data)
{
        static const char *const folders[] = {"/", "/one", "/two"};
        const Worker *worker = data;
        Inventory *inventory = worker->inventory;
        g_autofree char *uuid = g_uuid_string_random(), *name = g_strdup_printf("vm%u", worker->number);
        g_autoptr(GError) error = NULL;

        for (unsigned i = 0; i < ROUNDS; i++) {
                const char *folder = folders[(i + worker->number) % G_N_ELEMENTS(folders)];
                TaskRecord task = {.method = (char *)(gintptr) "X", .queued_ms = 1};

                assert_done(inventory_begin(inventory, &error), &error);
                assert_done(save_record(inventory, uuid, name, folder, NULL, NULL, 0, &error), &error);
                assert_done(attribute_set(inventory, uuid, "Where", folder, &error), &error);
                assert_done(inventory_end(inventory, true, &error), &error);
                assert_done(task_record_save(inventory, &task, &error), &error);
                assert_done(inventory_event_add(inventory, i, "vm", name, "moved", &error), &error);
                check_pairs(inventory);
        }
        return NULL;
}

static void test_threads(Folder *folder, gconstpointer data)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Inventory) inventory = inventory_open(folder->file, &error);
        g_autoptr(GPtrArray) tasks = NULL, events = NULL;
        GThread *threads[THREADS];
        Worker workers[THREADS];

        (void)data;
        g_assert_no_error(error);
        g_assert_true(folder_add(inventory, "/one", NULL) && folder_add(inventory, "/two", NULL));
        g_assert_true(attribute_add(inventory, "Where", ATTRIBUTE_VM, NULL));
        for (unsigned i = 0; i < THREADS; i++) {
                workers[i] = (Worker){inventory, i};
                threads[i] = g_thread_new("worker", work, &workers[i]);
        }
        for (unsigned i = 0; i < THREADS; i++)
                g_thread_join(threads[i]);
        assert_records(record_list(inventory, NULL, false, &error), "vm0 vm1 vm2 vm3 vm4 vm5 vm6 vm7");
        tasks = task_records(inventory, G_MAXINT, &error);
        g_assert_cmpuint(tasks->len, ==, THREADS * ROUNDS);
        events = inventory_events(inventory, 0, G_MAXINT, &error);
        g_assert_cmpuint(events->len, ==, THREADS * ROUNDS);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Folder, NULL, set_up, function, tear_down)
        g_test_add_func("/inventory/work/tasks", test_tasks);
        g_test_add_func("/inventory/work/tasks-are-bounded", test_tasks_are_bounded);
        g_test_add_func("/inventory/work/intents", test_intents);
        g_test_add_func("/inventory/work/batches", test_batches);
        g_test_add_func("/inventory/work/questions", test_questions);
        g_test_add_func("/inventory/work/transactions", test_transactions);
        ADD("/inventory/work/migration", test_migration);
        ADD("/inventory/work/migration-fails", test_migration_fails);
        ADD("/inventory/work/kill", test_kill);
        ADD("/inventory/work/threads", test_threads);
        ADD("/inventory/work/full-disk", test_full_disk);
        return g_test_run();
}
