/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is asked of ovs-vsctl, and what is made of its answers, by a stand-in that says what it is told to.
 */
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "network/command.h"
#include "network/interface.h"
#include "network/ovs.h"
#include "unit.h"

#define NO_BRIDGES "{\"data\":[],\"headings\":[]}\n"
#define NOTHING    NO_BRIDGES NO_BRIDGES NO_BRIDGES

/* br0 is somebody else's, vs0 ours with an uplink that is not there and a VM's card on it. */
#define TWO_BRIDGES                                                                                       \
        "{\"data\":[[\"br0\",\"\",[\"map\",[]],[\"uuid\",\"p-1\"]],"                                      \
        "[\"vs0\",\"netdev\",[\"map\",[[\"x\",\"y\"],[\"aerostat-switch\",\"lab \\\"1\\\"\"]]],"          \
        "[\"set\",[[\"uuid\",\"p-2\"],[\"uuid\",\"p-3\"],[\"uuid\",\"p-4\"],[\"uuid\",\"p-9\"]]]]]}\n"    \
        "{\"data\":[[[\"uuid\",\"p-1\"],\"br0\",[\"set\",[]],[\"map\",[]],[\"uuid\",\"i-1\"]],"           \
        "[[\"uuid\",\"p-2\"],\"vs0\",[\"set\",[]],[\"map\",[]],[\"uuid\",\"i-2\"]],"                      \
        "[[\"uuid\",\"p-3\"],\"vs0-uplinks\",[\"set\",[]],[\"map\",[[\"aerostat-uplink\",\"true\"]]],"    \
        "[\"set\",[[\"uuid\",\"i-3\"],[\"uuid\",\"i-4\"]]]],"                                             \
        "[[\"uuid\",\"p-4\"],\"vnet7\",120,[\"map\",[]],[\"uuid\",\"i-5\"]]]}\n"                          \
        "{\"data\":[[[\"uuid\",\"i-1\"],\"br0\",[\"set\",[]]],[[\"uuid\",\"i-2\"],\"vs0\",[\"set\",[]]]," \
        "[[\"uuid\",\"i-3\"],\"none0\",\"no such device\"],[[\"uuid\",\"i-4\"],\"none1\",[\"set\",[]]],"  \
        "[[\"uuid\",\"i-5\"],\"vnet7\",[\"set\",[]]]]}\n"

/* A folder with an ovs-vsctl that writes its arguments down, and the only one there is. */
typedef struct Fake {
        char *folder, *program, *log, *answer, *path;
} Fake;

static void fake_say(Fake *fake, const char *answer)
{
        g_assert_true(g_file_set_contents(fake->answer, answer, -1, NULL));
}

/* Its last command is what it does besides: "exit 1". */
static void fake_do(Fake *fake, const char *what)
{
        g_autofree char *script = g_strdup_printf("#!/bin/sh\nPATH='%s'\n"
                                                  "shift 2\necho \"$*\" >>'%s'\ncat '%s'\n%s\n",
                                                  fake->path, fake->log, fake->answer, what);

        g_assert_true(g_file_set_contents(fake->program, script, -1, NULL));
        g_assert_cmpint(g_chmod(fake->program, 0700), ==, 0);
}

static void fake_init(Fake *fake)
{
        fake->path = g_strdup(g_getenv("PATH"));
        fake->folder = g_dir_make_tmp("aerostat-ovs-XXXXXX", NULL);
        g_assert_nonnull(fake->folder);
        fake->program = g_build_filename(fake->folder, "ovs-vsctl", NULL);
        fake->log = g_build_filename(fake->folder, "log", NULL);
        fake->answer = g_build_filename(fake->folder, "answer", NULL);
        fake_say(fake, NOTHING);
        fake_do(fake, "");
        g_assert_true(g_setenv("PATH", fake->folder, TRUE));
}

static void fake_clear(Fake *fake)
{
        g_assert_true(g_setenv("PATH", fake->path, TRUE));
        (void)g_remove(fake->program);
        (void)g_remove(fake->log);
        (void)g_remove(fake->answer);
        g_assert_cmpint(g_rmdir(fake->folder), ==, 0);
        g_free(fake->folder);
        g_free(fake->program);
        g_free(fake->log);
        g_free(fake->answer);
        g_free(fake->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fake, fake_clear)

/* What it was asked since the last time, besides for the lists. */
static char *fake_orders(Fake *fake)
{
        g_autofree char *text = NULL;
        g_auto(GStrv) lines = NULL;
        g_autoptr(GString) orders = g_string_new(NULL);

        if (!g_file_get_contents(fake->log, &text, NULL, NULL))
                return g_strdup("");
        (void)g_remove(fake->log);
        lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line != NULL; line++)
                if (**line != '\0' && strstr(*line, "list Bridge") == NULL)
                        g_string_append_printf(orders, "%s%s", orders->len > 0 ? "\n" : "", *line);
        return g_string_free(g_steal_pointer(&orders), FALSE);
}

static void assert_orders(Fake *fake, const char *expected)
{
        g_autofree char *orders = fake_orders(fake);

        g_assert_cmpstr(orders, ==, expected);
}

static void assert_list_fails(int code, const char *words)
{
        g_autoptr(GError) error = NULL;

        g_assert_null(ovs_list(&error));
        g_assert_error(error, G_IO_ERROR, code);
        if (strstr(error->message, words) == NULL)
                g_error("\"%s\" does not say \"%s\"", error->message, words);
}

static void test_trouble(void)
{
        g_auto(Fake) fake = {0};

        fake_init(&fake);
        fake_do(&fake,
                "echo 'ovs-vsctl: unix:/run/x/db.sock: database connection failed (No such file)' >&2\n"
                "exit 1");
        assert_list_fails(G_IO_ERROR_NOT_SUPPORTED, "systemctl start openvswitch-switch");
        fake_do(&fake, "kill -ALRM $$");
        assert_list_fails(G_IO_ERROR_TIMED_OUT, "did not answer for 10 s");
        fake_do(&fake, "echo 'ovs-vsctl: so \"not\"\nmore' >&2; exit 3");
        assert_list_fails(G_IO_ERROR_FAILED, "Open vSwitch: so \"not\"");
        fake_do(&fake, "exit 1");
        assert_list_fails(G_IO_ERROR_FAILED, "it does not say why");
        fake_do(&fake, "kill -KILL $$");
        assert_list_fails(G_IO_ERROR_FAILED, "it does not say why");
        fake_do(&fake, "echo \"ovs-vsctl: Error detected while setting up 'x': y.\" >&2");
        assert_list_fails(G_IO_ERROR_FAILED, "Error detected while setting up 'x'");
        fake_do(&fake, "exec yes");
        assert_list_fails(G_IO_ERROR_TIMED_OUT, "more than can be true");
        fake_do(&fake, "exec yes >&2");
        assert_list_fails(G_IO_ERROR_TIMED_OUT, "more than can be true");

        g_assert_cmpint(g_chmod(fake.program, 0600), ==, 0);
        if (access(fake.program, X_OK) != 0)
                assert_list_fails(G_IO_ERROR_FAILED, "ovs-vsctl cannot be started");
        g_assert_cmpint(g_remove(fake.program), ==, 0);
        assert_list_fails(G_IO_ERROR_NOT_SUPPORTED,
                          "not installed on this host: apt install openvswitch-switch");
        g_assert_true(g_file_set_contents(fake.program, "", 0, NULL));
}

static void test_nonsense(void)
{
        g_autofree char *deep = g_strnfill(1000000, '[');
        g_auto(Fake) fake = {0};

        fake_init(&fake);
        for (const char **answer =
                     (const char *[]){"", "\n", "x", "{", "[]", "{}", "{\"data\":1}", "{\"data\":[1]}",
                                      "{\"data\":[[]]}", "{\"data\":[[1,2,3]]}", NO_BRIDGES, deep,
                                      NO_BRIDGES NO_BRIDGES "{\"data\":[[1]]}", NULL};
             *answer; answer++) {
                fake_say(&fake, *answer);
                assert_list_fails(G_IO_ERROR_FAILED, "what ovs-vsctl printed cannot be read");
        }
        /* The right number of columns, and nothing in them that could be used. */
        fake_say(&fake, "{\"data\":[[1,2,3,4],[\"a\",[\"set\",[]],[\"map\",[1,[2],[\"aerostat-switch\"]]],"
                        "[\"set\",[1,[\"uuid\"],[\"uuid\",2],[\"uuid\",\"p\"]]]]]}\n"
                        "{\"data\":[[[\"uuid\",\"p\"],\"b\",-1,3,4],[1,2,3,4,5]]}\n"
                        "{\"data\":[[[\"uuid\",[]],1,2]]}\n");
        g_autoptr(GPtrArray) bridges = ovs_list(NULL);
        g_assert_cmpuint(bridges->len, ==, 1);
        const OvsBridge *bridge = bridges->pdata[0];
        g_assert_cmpstr(bridge->name, ==, "a");
        g_assert_null(bridge->switch_name);
        g_assert_cmpuint(bridge->ports->len, ==, 1);
        g_assert_cmpuint(((OvsPort *)bridge->ports->pdata[0])->vlan, ==, 4095);
}

static void test_list(void)
{
        g_autoptr(GPtrArray) bridges = NULL;
        const OvsBridge *bridge;
        const OvsPort *port;
        g_auto(Fake) fake = {0};

        fake_init(&fake);
        fake_say(&fake, TWO_BRIDGES);
        bridges = ovs_list(NULL);
        g_assert_cmpuint(bridges->len, ==, 2);
        bridge = ovs_find(bridges, "br0");
        g_assert_null(bridge->switch_name);
        g_assert_false(bridge->userspace);
        g_assert_cmpuint(bridge->ports->len, ==, 0);
        g_assert_null(ovs_uplinks(bridge)[0]);

        bridge = ovs_find(bridges, "vs0");
        g_assert_cmpstr(bridge->switch_name, ==, "lab \"1\"");
        g_assert_true(bridge->userspace);
        g_assert_cmpuint(bridge->ports->len, ==, 2);
        port = bridge->ports->pdata[0];
        g_assert_true(port->uplink);
        g_assert_cmpuint(port->vlan, ==, 4095);
        g_assert_cmpstr(port->error, ==, "no such device");
        g_assert_cmpstr(ovs_uplinks(bridge)[0], ==, "none0");
        g_assert_cmpstr(ovs_uplinks(bridge)[1], ==, "none1");
        g_assert_null(ovs_uplinks(bridge)[2]);
        port = bridge->ports->pdata[1];
        g_assert_false(port->uplink);
        g_assert_cmpuint(port->vlan, ==, 120);
        g_assert_null(port->error);
        g_assert_null(ovs_find(bridges, "vs1"));
}

static void assert_refused(const char *bridge, const char *name, const char *const *uplinks, int code,
                           const char *words)
{
        g_autoptr(GError) error = NULL;
        bool made = true;

        g_assert_false(ovs_apply(bridge, name, uplinks, &made, &error));
        g_assert_error(error, G_IO_ERROR, code);
        g_assert_true(made);
        if (strstr(error->message, words) == NULL)
                g_error("\"%s\" does not say \"%s\"", error->message, words);
}

#define UPLINKS(...) ((const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static void test_apply(void)
{
        g_autofree char *expected = NULL;
        g_autoptr(GError) error = NULL;
        g_auto(Fake) fake = {0};
        bool made = false;

        fake_init(&fake);
        g_assert_true(ovs_apply("vs0", "a \"b\", c=d", UPLINKS(), &made, NULL));
        g_assert_true(made);
        expected = g_strdup_printf("add-br vs0 -- set Bridge vs0 datapath_type=%s "
                                   "external_ids:aerostat-switch=\"a \\\"b\\\", c=d\"",
                                   interface_kernel_switches() ? "system" : "netdev");
        assert_orders(&fake, expected);

        /* There already, as wanted: nothing is done. The uplinks need not exist for that. */
        fake_say(&fake, TWO_BRIDGES);
        assert_refused("vs0", "lab \"1\"", UPLINKS("none1", "none0", "none1"), G_IO_ERROR_INVALID_ARGUMENT,
                       "given twice");
        g_assert_true(ovs_apply("vs0", "lab \"1\"", UPLINKS(), &made, &error));
        g_assert_no_error(error);
        g_assert_false(made);
        assert_orders(&fake, "del-port vs0 vs0-uplinks");

        assert_refused("br0", "br0", UPLINKS(), G_IO_ERROR_EXISTS, "a bridge br0 already");
        assert_refused("vs0", "other", UPLINKS(), G_IO_ERROR_EXISTS, "virtual switch \"lab \"1\"\"");
        assert_refused("lo", "lo", UPLINKS(), G_IO_ERROR_EXISTS, "a network interface lo already");
        assert_refused("vs1", "s", UPLINKS("vnet7"), G_IO_ERROR_BUSY, "on bridge vs0 already");
        assert_refused("vs1", "s", UPLINKS("none0"), G_IO_ERROR_BUSY, "on bridge vs0 already");
        assert_refused("vs1", "s", UPLINKS("br0"), G_IO_ERROR_INVALID_ARGUMENT, "a bridge itself");
        assert_refused("vs1", "s", UPLINKS("aero-none"), G_IO_ERROR_NOT_FOUND,
                       "no network interface aero-none");
        assert_refused("vs1", "s", UPLINKS("lo"), G_IO_ERROR_BUSY, "lo has the address");
        for (const char *const *name =
                     UPLINKS("", "-x", "a b", "a/b", "..", "0123456789abcdef", "a\nb", "é");
             *name; name++)
                assert_refused("vs1", "s", UPLINKS(*name), G_IO_ERROR_INVALID_ARGUMENT,
                               "cannot be the name of a network interface");
        assert_orders(&fake, "");
}

/* As TWO_BRIDGES, with another one and vnet7 on that; the uplinks are lost. */
#define HALF_WAY                                                                                     \
        "{\"data\":[[\"br0\",\"\",[\"map\",[]],[\"set\",[]]],"                                       \
        "[\"vs0\",\"netdev\",[\"map\",[[\"aerostat-switch\",\"lab \\\"1\\\"\"]]],[\"set\",[]]],"     \
        "[\"vs1\",\"netdev\",[\"map\",[[\"aerostat-switch\",\"new\"]]],[\"uuid\",\"p-4\"]]]}\n"      \
        "{\"data\":[[[\"uuid\",\"p-4\"],\"vnet7\",[\"set\",[]],[\"map\",[]],[\"uuid\",\"i-5\"]]]}\n" \
        "{\"data\":[[[\"uuid\",\"i-5\"],\"vnet7\",[\"set\",[]]]]}\n"

/* ovs-vsctl fails, and what it has done then is what is there. */
static void fake_fail_with(Fake *fake, const char *left)
{
        g_autofree char *after = g_strconcat(fake->answer, "-after", NULL), *what = NULL;

        g_assert_true(g_file_set_contents(after, left, -1, NULL));
        what = g_strdup_printf("case $* in *Bridge*list*) ;; *) [ -e '%s' ] || exit 0; mv '%s' '%s'\n"
                               "echo 'ovs-vsctl: no' >&2; exit 1 ;; esac",
                               after, after, fake->answer);
        fake_do(fake, what);
}

/* What failed is taken back, by what there is then; where nothing was done nothing is. */
static void test_undo(void)
{
        OvsWanted bridges[] = {{.bridge = "vs1", .switch_name = "new", .uplinks = UPLINKS()},
                               {.bridge = "vs0", .switch_name = "lab \"1\"", .uplinks = UPLINKS()}};
        const OvsPlace port = {.port = "vnet7", .bridge = "vs1", .vlan = 4095};
        g_autofree char *orders = NULL, *expected = NULL;
        g_autoptr(GError) error = NULL;
        g_auto(Fake) fake = {0};

        fake_init(&fake);
        fake_say(&fake, TWO_BRIDGES);
        fake_fail_with(&fake, TWO_BRIDGES);
        assert_refused("vs0", "lab \"1\"", UPLINKS(), G_IO_ERROR_FAILED, "Open vSwitch: no");
        assert_orders(&fake, "del-port vs0 vs0-uplinks");

        fake_say(&fake, TWO_BRIDGES);
        fake_fail_with(&fake, HALF_WAY);
        g_assert_false(ovs_change(bridges, 2, &port, 1, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
        orders = fake_orders(&fake);
        expected =
                g_strdup_printf("add-br vs1 -- set Bridge vs1 datapath_type=%s "
                                "external_ids:aerostat-switch=\"new\" -- del-port vs0 vs0-uplinks "
                                "-- --id=@vnet7 get Port vnet7 -- remove Bridge vs0 ports @vnet7 "
                                "-- add Bridge vs1 ports @vnet7 -- clear Port vnet7 tag trunks vlan_mode\n"
                                "--id=@vnet7 get Port vnet7 -- remove Bridge vs1 ports @vnet7 "
                                "-- add Bridge vs0 ports @vnet7 -- clear Port vnet7 tag trunks vlan_mode "
                                "-- set Port vnet7 tag=120 -- del-br vs1 "
                                "-- add-bond vs0 vs0-uplinks none0 none1 bond_mode=balance-slb "
                                "vlan_mode=trunk external_ids:aerostat-uplink=true",
                                interface_kernel_switches() ? "system" : "netdev");
        g_assert_cmpstr(orders, ==, expected);
}

/* One order for several changes, of which each makes the next possible. */
static void test_several(void)
{
        OvsWanted bridges[] = {{.bridge = "vs0", .switch_name = "lab \"1\""},
                               {.bridge = "vs1", .switch_name = "new", .uplinks = UPLINKS()}};
        const OvsPlace port = {.port = "vnet7", .bridge = "vs1", .vlan = 7},
                       nowhere = {.port = "vnet7", .bridge = "vs0", .vlan = 7};
        g_autofree char *expected = NULL;
        g_autoptr(GError) busy = NULL, gone = NULL, twice = NULL, error = NULL;
        g_auto(Fake) fake = {0};

        fake_init(&fake);
        fake_say(&fake, TWO_BRIDGES);
        g_assert_false(ovs_change(bridges, 2, NULL, 0, &busy));
        g_assert_error(busy, G_IO_ERROR, G_IO_ERROR_BUSY);
        g_assert_cmpstr(busy->message, ==,
                        "virtual switch \"lab \"1\"\": bridge vs0 has ports that are in use: vnet7");
        g_assert_false(ovs_change(bridges, 2, &nowhere, 1, &gone));
        g_assert_error(gone, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        assert_orders(&fake, "");

        g_assert_true(ovs_change(bridges, 2, &port, 1, &error));
        g_assert_no_error(error);
        g_assert_true(bridges[1].made && !bridges[0].made);
        expected = g_strdup_printf("add-br vs1 -- set Bridge vs1 datapath_type=%s "
                                   "external_ids:aerostat-switch=\"new\" -- --id=@vnet7 get Port vnet7 "
                                   "-- remove Bridge vs0 ports @vnet7 -- add Bridge vs1 ports @vnet7 "
                                   "-- clear Port vnet7 tag trunks vlan_mode -- set Port vnet7 tag=7 "
                                   "-- del-br vs0",
                                   interface_kernel_switches() ? "system" : "netdev");
        assert_orders(&fake, expected);

        /* Both want what one of them has. */
        bridges[0].uplinks = bridges[1].uplinks = UPLINKS("none0");
        g_assert_false(ovs_change(bridges, 2, NULL, 0, &twice));
        g_assert_error(twice, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        assert_orders(&fake, "");
}

static void test_remove(void)
{
        g_autoptr(GError) error = NULL;
        g_auto(Fake) fake = {0};

        fake_init(&fake);
        g_assert_true(ovs_remove("vs0", "vs0", NULL));
        fake_say(&fake, TWO_BRIDGES);
        g_assert_true(ovs_remove("br0", "br0", NULL));
        g_assert_true(ovs_remove("vs0", "other", NULL));
        assert_orders(&fake, "");
        g_assert_false(ovs_remove("vs0", "lab \"1\"", &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_BUSY);
        g_assert_nonnull(strstr(error->message, "vnet7"));
        g_assert_null(strstr(error->message, "uplinks"));
        assert_orders(&fake, "");

        /* A port that is left from a VM of before the host's last start is no use of it. */
        fake_say(&fake,
                 "{\"data\":[[\"vs0\",\"\",[\"map\",[[\"aerostat-switch\",\"vs0\"]]],[\"uuid\",\"p\"]]]}\n"
                 "{\"data\":[[[\"uuid\",\"p\"],\"vnet1\",9,[\"map\",[]],[\"uuid\",\"i\"]]]}\n"
                 "{\"data\":[[[\"uuid\",\"i\"],\"vnet1\",\"no such device\"]]}\n");
        g_assert_true(ovs_remove("vs0", "vs0", NULL));
        assert_orders(&fake, "del-br vs0");
}

static void test_bridge_names(void)
{
        for (const char *const *name = UPLINKS("vSwitch0", "a", "0123456789abcde", "a.b_c-d"); *name;
             name++) {
                g_autofree char *bridge = ovs_bridge_name(*name);

                g_assert_cmpstr(bridge, ==, *name);
        }
        for (const char *const *name = UPLINKS("0123456789abcdef", "VM Network", "-x", "grün", "a,b"); *name;
             name++) {
                g_autofree char *bridge = ovs_bridge_name(*name), *again = ovs_bridge_name(*name);

                g_assert_true(interface_name_is_valid(bridge));
                g_assert_true(g_str_has_prefix(bridge, "vs"));
                g_assert_cmpstr(bridge, ==, again);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/network-ovs/trouble", test_trouble);
        g_test_add_func("/network-ovs/nonsense", test_nonsense);
        g_test_add_func("/network-ovs/list", test_list);
        g_test_add_func("/network-ovs/apply", test_apply);
        g_test_add_func("/network-ovs/undo", test_undo);
        g_test_add_func("/network-ovs/several", test_several);
        g_test_add_func("/network-ovs/remove", test_remove);
        g_test_add_func("/network-ovs/bridge-names", test_bridge_names);
        return g_test_run();
}
