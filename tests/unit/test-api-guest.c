/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guest operations: what a guest and its agent say, also when they mean harm; and what clients may ask. */
#include "api-fixture.h"
#include "api/guest/agent.h"
#include "api/guest/guest.h"
#include "api/guest/transfer.h"

static bool start_tree(Api *api, GError **error)
{
        Managed *vm = world_add(api_world(api), "VirtualMachine", "vm-1",
                                "11111111-2222-4333-8444-555555555555"),
                *test;

        (void)error;
        entity_set_up(vm, "gone");
        test = world_add(api_world(api), "VirtualMachine", "vm-2", "6695eb01-f6a4-8304-79aa-97f2502e193f");
        entity_set_up(test, "test");
        return true;
}

static const ApiModule tree_module = {.name = "test-tree", .start = start_tree};

extern const ApiModule task_module, guest_module, guest_file_module, guest_process_module;
const ApiModule *const api_modules[] = {&tree_module,       &task_module,          &guest_module,
                                        &guest_file_module, &guest_process_module, NULL};

/* --- the agent --- */

/* Answers one after the other; the last one again and again. */
typedef struct Guest {
        const char *const *answers;
        char *asked;
} Guest;

static char *answer_of(const char *command, unsigned timeout_s, gpointer user_data, GError **error)
{
        Guest *guest = user_data;

        (void)timeout_s;
        g_free(guest->asked);
        guest->asked = g_strdup(command);
        if (*guest->answers == NULL) {
                g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no answer");
                return NULL;
        }
        return g_strdup(guest->answers[1] != NULL ? *guest->answers++ : *guest->answers);
}

static void test_run(void)
{
        static const char *const answers[] = {
                "{\"return\":{\"pid\":7}}", "{\"return\":{\"exited\":false}}",
                "{\"return\":{\"exited\":true,\"exitcode\":3,\"out-data\":\"aGkA\"}}", NULL};
        static const char *const argv[] = {"/bin/sh", "-c", "echo", NULL};
        Guest guest = {.answers = answers};
        const Agent agent = {.send = answer_of, .user_data = &guest};
        g_auto(AgentStatus) status = {0};
        g_autoptr(GError) error = NULL;

        g_assert_true(agent_run(&agent, argv, "secret", 5, &status, &error));
        g_assert_no_error(error);
        g_assert_cmpint(status.code, ==, 3);
        g_assert_cmpmem(g_bytes_get_data(status.output, NULL), g_bytes_get_size(status.output), "hi", 3);
        g_free(guest.asked);
}

static void test_hostile_agent(void)
{
        g_autofree char *large = g_strnfill(AGENT_OUTPUT_MAX / 3 * 4 + 100, 'A');
        g_autofree char *too_much =
                g_strdup_printf("{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":\"%s\"}}", large);
        g_autofree char *levels = g_strnfill(100000, '[');
        g_autofree char *deep = g_strdup_printf("{\"return\":%s", levels);
        const char *const wrong[] = {"",
                                     "x",
                                     "[]",
                                     "{}",
                                     "null",
                                     "{\"return\":[]}",
                                     "{\"return\":{}}",
                                     "{\"return\":{\"pid\":\"7\"}}",
                                     "{\"return\":{\"pid\":-1}}",
                                     "{\"return\":{\"pid\":{\"a\":1}}}",
                                     "{\"return\":{\"exited\":true}}",
                                     "{\"return\":{\"exited\":true,\"exitcode\":\"0\"}}",
                                     "{\"return\":{\"exited\":true,\"exitcode\":0,\"out-data\":7}}",
                                     "{\"return\":{\"buf-b64\":7}}",
                                     "{\"return\":{\"count\":0,\"buf-b64\":\"\",\"eof\":false}}",
                                     "{\"return\":{\"count\":99999999}}",
                                     "{\"error\":{\"desc\":7}}",
                                     "{\"error\":{\"desc\":\"a\\nb\"}}",
                                     "{\"error\":[]}",
                                     too_much,
                                     deep};
        static const char *const argv[] = {"/bin/sh", NULL};

        for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
                const char *const answers[] = {wrong[i], NULL};
                Guest guest = {.answers = answers};
                const Agent agent = {.send = answer_of, .user_data = &guest};
                g_autoptr(GBytes) bytes = g_bytes_new("abc", 3), read = NULL;
                AgentStatus status = {0};
                int64_t number;

                for (unsigned call = 0; call < 5; call++) {
                        g_autoptr(GError) error = NULL;
                        bool well = call == 0   ? agent_exec(&agent, argv, NULL, true, &number, &error)
                                    : call == 1 ? agent_status(&agent, 7, &status, &error)
                                    : call == 2 ? agent_open(&agent, "/x", "r", &number, &error)
                                    : call == 3 ? (read = agent_read(&agent, 1, 100, &error)) != NULL
                                                : agent_write(&agent, 1, bytes, &error);

                        /* "exited" is false where it is not there, which is an answer. */
                        if (call == 1 && well && !status.exited)
                                continue;
                        if (well)
                                g_error("%.100s was believed by call %u", wrong[i], call);
                        g_assert_nonnull(error);
                        g_assert_true(g_utf8_validate(error->message, -1, NULL));
                        g_assert_null(strchr(error->message, '\n'));
                }
                g_free(guest.asked);
        }
}

static void test_disabled(void)
{
        static const char *const answers[] = {"{\"error\":{\"class\":\"CommandNotFound\",\"desc\":\"Command "
                                              "guest-exec has been disabled\"}}",
                                              NULL};
        static const char *const argv[] = {"/bin/sh", NULL};
        Guest guest = {.answers = answers};
        const Agent agent = {.send = answer_of, .user_data = &guest};
        g_autoptr(GError) error = NULL;
        int64_t pid;

        g_assert_false(agent_exec(&agent, argv, NULL, false, &pid, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
        g_free(guest.asked);
}

/* --- what in-guest says --- */

static void test_list(void)
{
        static const char said[] = "d|4096|1700000000.5|1700000001.25|0|0|755\0\0sub\0"
                                   "regular file|5|1700000000|1700000001|1000|1001|4644\0\0a b\nc\0"
                                   "l|3|1700000000.5|1700000001.25|0|0|777\0/etc/x\0link\0"
                                   "nonsense\0\0wrong\0"
                                   "f|-5|1|1|0|0|644\0\0negative\0"
                                   "f|5|1|1|0|0|999\0\0no mode\0"
                                   "f|5|1|1|0|0|644\0\0cut";
        g_autoptr(GBytes) bytes = g_bytes_new_static(said, sizeof said - 1);
        g_autoptr(VimValue) all = guest_list_value(bytes, NULL, 0, 50), some = NULL, matched = NULL;
        g_autoptr(GRegex) regex = g_regex_new("^l.*", 0, 0, NULL);
        const VimValue *file, *attributes;

        g_assert_cmpuint(vim_length(vim_get(all, "files")), ==, 3);
        file = vim_item(vim_get(all, "files"), 1);
        attributes = vim_get(file, "attributes");
        g_assert_cmpstr(vim_get_text(file, "type"), ==, "file");
        g_assert_cmpint(vim_get_int(file, "size", 0), ==, 5);
        g_assert_cmpint(vim_get_int(attributes, "permissions", 0), ==, 04644);
        g_assert_cmpint(vim_get_int(attributes, "ownerId", 0), ==, 1000);
        g_assert_cmpint(vim_get(attributes, "modificationTime")->integer, ==, INT64_C(1700000000000000));
        file = vim_item(vim_get(all, "files"), 2);
        g_assert_cmpstr(vim_get_text(file, "type"), ==, "symlink");
        g_assert_cmpstr(vim_get_text(vim_get(file, "attributes"), "symlinkTarget"), ==, "/etc/x");

        some = guest_list_value(bytes, NULL, 1, 1);
        g_assert_cmpuint(vim_length(vim_get(some, "files")), ==, 1);
        g_assert_cmpint(vim_get_int(some, "remaining", 0), ==, 4);
        matched = guest_list_value(bytes, regex, 0, 50);
        g_assert_cmpuint(vim_length(vim_get(matched, "files")), ==, 1);
}

/* Bytes of all kinds are taken for what they are, or for nothing. */
static void test_random(void)
{
        static const char pieces[] = "0|19af\0\0\0-.\xff\n";

        for (unsigned i = 0; i < 20000; i++) {
                char said[200];
                int n = g_test_rand_int_range(0, (int)sizeof said);
                g_autoptr(GBytes) bytes = NULL;
                g_autoptr(VimValue) files = NULL, processes = NULL;

                for (int j = 0; j < n; j++)
                        said[j] = pieces[g_test_rand_int_range(0, (int)sizeof pieces)];
                bytes = g_bytes_new(said, (gsize)n);
                files = guest_list_value(bytes, NULL, 0, 10);
                processes = guest_processes_value(bytes);
                g_assert_cmpuint(vim_length(vim_get(files, "files")), <=, 10);
        }
}

static void test_processes(void)
{
        static const char said[] = "1\0root\0001700000000\0init\0/sbin/init splash \0"
                                   "2\0root\0001700000000\0kthreadd\0\0"
                                   "x\0root\0001700000000\0wrong\0\0"
                                   "99999999999\0root\0001700000000\0wrong\0\0"
                                   "3\0root\0001700000000\0cut";
        g_autoptr(GBytes) bytes = g_bytes_new_static(said, sizeof said - 1);
        g_autoptr(VimValue) list = guest_processes_value(bytes);

        g_assert_cmpuint(vim_length(list), ==, 2);
        g_assert_cmpstr(vim_get_text(vim_item(list, 0), "cmdLine"), ==, "/sbin/init splash ");
        g_assert_cmpstr(vim_get_text(vim_item(list, 1), "cmdLine"), ==, "kthreadd");
}

/* --- methods --- */

static VimValue *login(const char *user, const char *password, bool interactive)
{
        VimValue *auth = vim_new_object("NamePasswordAuthentication");

        vim_set_bool(auth, "interactiveSession", interactive);
        vim_set_text(auth, "username", user);
        vim_set_text(auth, "password", password);
        return auth;
}

static void test_methods(ApiFixture *fixture, gconstpointer data)
{
        Managed *auth = world_find(fixture->world, "guestOperationsAuthManager");
        Managed *files = world_find(fixture->world, "guestOperationsFileManager");
        Managed *processes = world_find(fixture->world, "guestOperationsProcessManager");
        VimValue *spec;

        (void)data;
#define VM(id) "vm", vim_new_reference("VirtualMachine", id)
        (void)call(fixture, &fixture->reader, auth, "ValidateCredentialsInGuest", VM("vm-1"), "auth",
                   login("a", "b", false), NULL);
        assert_fault(fixture, "NoPermission");
        (void)call(fixture, &fixture->operator, auth, "ValidateCredentialsInGuest", VM("vm-9"), "auth",
                   login("a", "b", false), NULL);
        assert_fault(fixture, "ManagedObjectNotFound");
        (void)call(fixture, &fixture->operator, auth, "ValidateCredentialsInGuest", VM("vm-1"), "auth",
                   login("a", "b", true), NULL);
        assert_fault(fixture, "NotSupported");
        for (unsigned i = 0; i < 5; i++) {
                static const char *const users[] = {"", "-c", "a:b", "a/b", "a"};
                static const char *const passwords[] = {"x", "x", "x", "x", "x\ny"};

                (void)call(fixture, &fixture->operator, auth, "ValidateCredentialsInGuest", VM("vm-1"),
                           "auth", login(users[i], passwords[i], false), NULL);
                assert_fault(fixture, "InvalidGuestLogin");
        }
        (void)call(fixture, &fixture->operator, auth, "ValidateCredentialsInGuest", VM("vm-1"), "auth",
                   login("a", "b", false), NULL);
        assert_fault(fixture, "InvalidPowerState");
        g_assert_cmpstr(vim_get_text(fixture->answer.fault, "existingState"), ==, "poweredOff");
        /* It runs, and libvirt's driver for tests knows no agents. */
        (void)call(fixture, &fixture->operator, files, "ListFilesInGuest", VM("vm-2"), "auth",
                   login("a", "b", false), "filePath", vim_new_string("/"), NULL);
        assert_fault(fixture, "GuestOperationsUnavailable");
        (void)call(fixture, &fixture->operator, files, "ListFilesInGuest", VM("vm-2"), "auth",
                   login("a", "b", false), "filePath", vim_new_string("/"), "matchPattern",
                   vim_new_string("("), NULL);
        assert_fault(fixture, "InvalidArgument");
        (void)call(fixture, &fixture->operator, files, "ListFilesInGuest", VM("vm-2"), "auth",
                   login("a", "b", false), "filePath", vim_new_string(""), NULL);
        assert_fault(fixture, "InvalidArgument");
        (void)call(fixture, &fixture->operator, files, "CreateTemporaryFileInGuest", VM("vm-2"), "auth",
                   login("a", "b", false), "prefix", vim_new_string("../x"), "suffix", vim_new_string(""),
                   NULL);
        assert_fault(fixture, "InvalidArgument");
        (void)call(fixture, &fixture->operator, processes, "TerminateProcessInGuest", VM("vm-2"), "auth",
                   login("a", "b", false), "pid", vim_new_long(-1), NULL);
        assert_fault(fixture, "GuestProcessNotFound");
        spec = vim_new_object("GuestProgramSpec");
        vim_set_text(spec, "programPath", "/bin/true");
        vim_set_text(spec, "arguments", "");
        vim_set(spec, "envVariables", vim_new_string("a b=c"));
        (void)call(fixture, &fixture->operator, processes, "StartProgramInGuest", VM("vm-2"), "auth",
                   login("a", "b", false), "spec", spec, NULL);
        assert_fault(fixture, "InvalidArgument");
        g_assert_null(guest_transfer_begin(fixture->api, "1", "", false));
        g_assert_null(guest_transfer_begin(fixture->api, NULL, NULL, true));
#undef VM
}

static void set_up(ApiFixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_set_up(fixture, ":memory:", (ApiParts){0});
}

static void tear_down(ApiFixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_tear_down(fixture);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/api-guest/run", test_run);
        g_test_add_func("/api-guest/hostile-agent", test_hostile_agent);
        g_test_add_func("/api-guest/disabled", test_disabled);
        g_test_add_func("/api-guest/list", test_list);
        g_test_add_func("/api-guest/random", test_random);
        g_test_add_func("/api-guest/processes", test_processes);
        g_test_add("/api-guest/methods", ApiFixture, NULL, set_up, test_methods, tear_down);
        return g_test_run();
}
