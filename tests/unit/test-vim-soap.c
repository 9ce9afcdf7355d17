/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests as clients send them, answers as they expect them, and what older ones are sent. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "vim/json.h"
#include "vim/soap.h"

#define ENVELOPE                                                                        \
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"                                    \
        "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"" \
        " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "                              \
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
#define BODY(inner) ENVELOPE "<soapenv:Body>" inner "</soapenv:Body></soapenv:Envelope>"
#define VALUE(inner)                                                            \
        "<v xmlns=\"urn:vim25\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"" \
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" " inner

/* One object of each type, named by it: "vm-1" is a VirtualMachine. */
static const VimType *type_of(const char *claimed, const char *id, gpointer user_data)
{
        const VimType *type = strcmp(id, "vm-1") == 0       ? vim_type("VirtualMachine")
                              : strcmp(id, "group-v3") == 0 ? vim_type("Folder")
                              : strcmp(id, "pc") == 0       ? vim_type("PropertyCollector")
                                                            : NULL;
        const VimType *said = vim_type(claimed);

        (void)user_data;
        if (type == NULL || (claimed[0] != '\0' && (said == NULL || !vim_type_is(type, said))))
                return NULL;
        return type;
}

static bool read_call(const char *text, WireCall *call, GError **error)
{
        return soap_read_call(text, strlen(text), type_of, NULL, call, error);
}

/* The arguments of a call that has to be understood, as JSON. */
static void assert_call(const char *text, const char *method, const char *argument, const char *expected)
{
        g_auto(WireCall) call = {0};
        g_autoptr(GError) error = NULL;

        (void)read_call(text, &call, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(call.method->name, ==, method);
        for (unsigned i = 0; i < call.method->n_params; i++) {
                g_autoptr(GString) json = NULL;

                if (strcmp(call.method->params[i].name, argument) != 0)
                        continue;
                json = json_write_value(call.args[i], VIM_NEWEST);
                g_assert_cmpstr(json->str, ==, expected);
                return;
        }
        g_assert_not_reached();
}

static void assert_wrong_call(const char *text, WireError code, const char *cause)
{
        g_auto(WireCall) call = {0};
        g_autoptr(GError) error = NULL;

        g_assert_false(read_call(text, &call, &error));
        g_assert_error(error, WIRE_ERROR, (int)code);
        if (strstr(error->message, cause) == NULL)
                g_error("\"%s\" does not say: %s", error->message, cause);
        g_assert_null(call.args);
}

/* --- requests --- */

static void test_this(void)
{
        static const char *const forms[] = {
                "<_this type=\"VirtualMachine\">vm-1</_this>",
                "<_this xsi:type=\"ManagedObjectReference\" type=\"VirtualMachine\">vm-1</_this>",
                "<_this type=\"VirtualMachine\" xsi:type=\"ManagedObjectReference\">vm-1</_this>",
                "<_this type=\"vim25:VirtualMachine\" xmlns:q=\"urn:vim25\" "
                "xsi:type=\"q:ManagedObjectReference\">"
                "vm-1</_this>",
                "<_this type=\"ManagedEntity\">\n vm-1 \n</_this>",
                "<_this>vm-1</_this>",
                "<!-- --><_this type=\"VirtualMachine\"><![CDATA[vm-1]]></_this>",
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(forms); i++) {
                g_autofree char *text = g_strdup_printf(
                        BODY("<PowerOnVM_Task xmlns=\"urn:vim25\">%s</PowerOnVM_Task>"), forms[i]);
                g_auto(WireCall) call = {0};
                g_autoptr(GError) error = NULL;

                (void)read_call(text, &call, &error);
                g_assert_no_error(error);
                g_assert_cmpstr(call.object_id, ==, "vm-1");
                g_assert_cmpstr(call.method_name, ==, "PowerOnVM_Task");
                g_assert_true(call.method == vim_type_method(vim_type("VirtualMachine"), "PowerOnVM_Task"));
                g_assert_null(call.args[0]);
                wire_call_clear(&call);
        }
}

static void test_namespaces(void)
{
        static const char *const spaces[] = {"urn:vim25", "urn:vim2", "urn:vim25/6.7"};

        for (unsigned i = 0; i < G_N_ELEMENTS(spaces); i++) {
                g_autofree char *text = g_strdup_printf(
                        BODY("<n:Rename_Task xmlns:n=\"%s\"><n:newName xsi:type=\"xsd:string\">a</n:newName>"
                             "<n:_this type=\"Folder\">group-v3</n:_this></n:Rename_Task>"),
                        spaces[i]);

                assert_call(text, "Rename_Task", "newName", "\"a\"");
        }
        assert_call(BODY("<Rename_Task><_this>group-v3</_this><newName>a</newName></Rename_Task>"),
                    "Rename_Task", "newName", "\"a\"");
        /* govmomi's: "xsd" without saying what that is. */
        assert_call(
                "<soapenv:Envelope "
                "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>"
                "<Rename_Task xmlns=\"urn:vim25\"><_this>group-v3</_this><newName xmlns:x=\""
                "http://www.w3.org/2001/XMLSchema-instance\" x:type=\"xsd:string\">a</newName></Rename_Task>"
                "</soapenv:Body></soapenv:Envelope>",
                "Rename_Task", "newName", "\"a\"");
        assert_wrong_call(BODY("<Rename_Task xmlns=\"urn:pbm\"/>"), WIRE_ERROR_UNKNOWN_METHOD, "urn:pbm");
        assert_wrong_call("<Envelope xmlns=\"http://www.w3.org/2003/05/soap-envelope\"/>",
                          WIRE_ERROR_MALFORMED, "SOAP 1.1");
}

static void test_header(void)
{
        g_auto(WireCall) call = {0};
        g_autoptr(GError) error = NULL;

        (void)read_call(ENVELOPE "<soapenv:Header><other><operationID>no</operationID></other>"
                                 "<operationID>op-7</operationID><vcSessionCookie>52-a</vcSessionCookie>"
                                 "</soapenv:Header><soapenv:Body><PowerOnVM_Task><_this>vm-1</_this>"
                                 "</PowerOnVM_Task></soapenv:Body></soapenv:Envelope>",
                        &call, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(call.operation_id, ==, "op-7");
        g_assert_cmpstr(call.session_cookie, ==, "52-a");
}

static void test_wrong_calls(void)
{
        assert_wrong_call(BODY("<PowerOnVM_Task><_this>vm-9</_this></PowerOnVM_Task>"),
                          WIRE_ERROR_UNKNOWN_OBJECT, "vm-9");
        assert_wrong_call(BODY("<PowerOnVM_Task><_this type=\"Folder\">vm-1</_this></PowerOnVM_Task>"),
                          WIRE_ERROR_UNKNOWN_OBJECT, "Folder");
        assert_wrong_call(BODY("<CreateVM_Task><_this>vm-1</_this></CreateVM_Task>"),
                          WIRE_ERROR_UNKNOWN_METHOD, "VirtualMachine has no method CreateVM_Task");
        assert_wrong_call(BODY("<PowerOnVM_Task/>"), WIRE_ERROR_MALFORMED, "_this");
        assert_wrong_call(BODY(""), WIRE_ERROR_MALFORMED, "empty");
        assert_wrong_call(BODY("<Rename_Task><_this>vm-1</_this></Rename_Task>"), WIRE_ERROR_WRONG_VALUE,
                          "newName");
        assert_wrong_call(BODY("<Rename_Task><_this>vm-1</_this><newName xsi:nil=\"true\"/></Rename_Task>"),
                          WIRE_ERROR_WRONG_VALUE, "newName");
        assert_wrong_call(BODY("<RetrieveProperties><_this>pc</_this></RetrieveProperties>"),
                          WIRE_ERROR_WRONG_VALUE, "specSet");
        assert_wrong_call(BODY("<ReconfigVM_Task><_this>vm-1</_this><spec><memoryMB>x</memoryMB></spec>"
                               "</ReconfigVM_Task>"),
                          WIRE_ERROR_WRONG_VALUE, "spec.memoryMB: \"x\" is no long");
        assert_wrong_call(
                BODY("<ReconfigVM_Task><_this>vm-1</_this><spec xsi:type=\"Nothing\"/></ReconfigVM_Task>"),
                WIRE_ERROR_WRONG_VALUE, "\"Nothing\"");
        assert_wrong_call(BODY("<ReconfigVM_Task><_this>vm-1</_this><spec xsi:type=\"VirtualDisk\"/>"
                               "</ReconfigVM_Task>"),
                          WIRE_ERROR_WRONG_VALUE, "VirtualDisk is no VirtualMachineConfigSpec");
        assert_wrong_call(
                BODY("<ReconfigVM_Task><_this>vm-1</_this><spec xsi:type=\"q:VirtualMachineConfigSpec\"/>"
                     "</ReconfigVM_Task>"),
                WIRE_ERROR_WRONG_VALUE, "bound to no namespace");
        assert_wrong_call(BODY("<Rename_Task><_this>vm-1</_this><newName>a</newName><newName>b</newName>"
                               "</Rename_Task>"),
                          WIRE_ERROR_WRONG_VALUE, "newName");
        assert_wrong_call(BODY("<Rename_Task><_this>vm-1</_this><newName>a<b/></newName></Rename_Task>"),
                          WIRE_ERROR_WRONG_VALUE, "<b>");
        assert_wrong_call(
                BODY("<RelocateVM_Task><_this>vm-1</_this><spec><pool type=\"Datastore\">x</pool></spec>"
                     "</RelocateVM_Task>"),
                WIRE_ERROR_WRONG_VALUE, "ResourcePool");
        /* Its object lacks what it must have. */
        assert_wrong_call(
                BODY("<RetrieveProperties><_this>pc</_this><specSet><objectSet><skip>0</skip></objectSet>"
                     "</specSet></RetrieveProperties>"),
                WIRE_ERROR_WRONG_VALUE, "obj");
}

static void test_arguments(void)
{
        /* What is not known is passed over, with all that it has. */
        assert_call(BODY("<Rename_Task><_this>vm-1</_this><future><newName>b</newName></future><newName> a "
                         "</newName>"
                         "<other/></Rename_Task>"),
                    "Rename_Task", "newName", "\" a \"");
        /* Elements in any order; lists apart from each other. */
        assert_call(
                BODY("<RetrieveProperties xmlns=\"urn:vim25\"><specSet><objectSet><skip>false</skip>"
                     "<obj type=\"Folder\" xsi:type=\"ManagedObjectReference\">group-v3</obj></objectSet>"
                     "<propSet><pathSet>name</pathSet><type>VirtualMachine</type><pathSet>guest</pathSet>"
                     "</propSet></specSet><_this>pc</_this></RetrieveProperties>"),
                "RetrieveProperties", "specSet",
                "[{\"_typeName\":\"PropertyFilterSpec\",\"propSet\":[{\"_typeName\":\"PropertySpec\","
                "\"type\":\"VirtualMachine\",\"pathSet\":[\"name\",\"guest\"]}],"
                "\"objectSet\":[{\"_typeName\":\"ObjectSpec\",\"obj\":{\"_typeName\":"
                "\"ManagedObjectReference\","
                "\"type\":\"Folder\",\"value\":\"group-v3\"},\"skip\":false}]}]");
        /* xsi:type by any prefix; primitives that are said to be others; nil. */
        assert_call(BODY("<ReconfigVM_Task><_this>vm-1</_this><spec xmlns:q=\"urn:vim25\""
                         " xsi:type=\"q:VirtualMachineConfigSpec\"><name xsi:nil=\"1\"/>"
                         "<memoryMB xsi:type=\"xsd:int\"> 512\n</memoryMB><annotation "
                         "xsi:type=\"xsd:int\">5</annotation>"
                         "<numCPUs xmlns:e=\"http://schemas.xmlsoap.org/soap/encoding/\" "
                         "xsi:type=\"e:int\">+2</numCPUs>"
                         "</spec></ReconfigVM_Task>"),
                    "ReconfigVM_Task", "spec",
                    "{\"_typeName\":\"VirtualMachineConfigSpec\",\"annotation\":\"5\",\"numCPUs\":2,"
                    "\"memoryMB\":512}");
        /* A reference of which less is known than the argument says. */
        assert_call(
                BODY("<RelocateVM_Task><_this>vm-1</_this><spec><folder "
                     "type=\"ManagedEntity\">g</folder></spec>"
                     "</RelocateVM_Task>"),
                "RelocateVM_Task", "spec",
                "{\"_typeName\":\"VirtualMachineRelocateSpec\",\"folder\":"
                "{\"_typeName\":\"ManagedObjectReference\",\"type\":\"ManagedEntity\",\"value\":\"g\"}}");
}

/* --- values --- */

/* What a value is read as, as JSON; NULL: it has to be refused. */
static void assert_value(const char *text, const char *expected)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(VimValue) value = soap_read_value(text, strlen(text), &error);
        g_autoptr(GString) json = NULL;

        if (expected == NULL) {
                g_assert_error(error, WIRE_ERROR, WIRE_ERROR_WRONG_VALUE);
                g_assert_null(value);
                return;
        }
        g_assert_no_error(error);
        json = json_write_any(value, VIM_NEWEST);
        g_assert_cmpstr(json->str, ==, expected);
}

static void test_primitives(void)
{
        static const struct {
                const char *type, *text, *expected;
        } cases[] = {
                {"boolean", "1", "true"},
                {"boolean", " false ", "false"},
                {"boolean", "0", "false"},
                {"boolean", "true", "true"},
                {"boolean", "yes", NULL},
                {"boolean", "", NULL},
                {"byte", "-128", "-128"},
                {"byte", "200", "-56"},
                {"byte", "256", NULL},
                {"short", "32768", NULL},
                {"int", "2147483647", "2147483647"},
                {"int", "2147483648", NULL},
                {"int", "0x10", NULL},
                {"int", "1.0", NULL},
                {"int", "--1", NULL},
                {"int", "", NULL},
                {"long", "-9223372036854775808", "-9223372036854775808"},
                {"long", "9223372036854775808", NULL},
                {"double", "1e3", "1000"},
                {"double", "INF", "\"INF\""},
                {"double", "nan", "\"NaN\""},
                {"double", "1e999", NULL},
                {"double", "0x1", NULL},
                {"float", "0.1", "0.1"},
                {"float", "1e39", NULL},
                {"string", " a ", "\" a \""},
                {"string", "", "\"\""},
                {"base64Binary", "aGVs\n bG8=", "\"aGVsbG8=\""},
                {"base64Binary", "", "\"\""},
                {"base64Binary", "aGVsbG8", NULL},
                {"base64Binary", "a=bc", NULL},
                {"base64Binary", "====", NULL},
                {"dateTime", "2020-02-29T12:00:00Z", "\"2020-02-29T12:00:00Z\""},
                {"dateTime", "2020-02-29T12:00:00", "\"2020-02-29T12:00:00Z\""},
                {"dateTime", " 2020-02-29T12:00:00.5+02:00", "\"2020-02-29T10:00:00.500000Z\""},
                {"dateTime", "2020-12-31T23:30:00.1234567-01:30", "\"2021-01-01T01:00:00.123456Z\""},
                {"dateTime", "0001-01-01T00:00:00", "\"0001-01-01T00:00:00Z\""},
                {"dateTime", "9999-12-31T23:59:59-14:00", "\"9999-12-31T23:59:59.999999Z\""},
                {"dateTime", "1969-12-31T24:00:00Z", "\"1970-01-01T00:00:00Z\""},
                {"dateTime", "2021-02-29T12:00:00Z", NULL},
                {"dateTime", "2020-02-29", NULL},
                {"dateTime", "2020-13-01T00:00:00Z", NULL},
                {"dateTime", "2020-01-01T00:00:00+15:00", NULL},
                {"dateTime", "2020-01-01T00:00:00.Z", NULL},
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text =
                        g_strdup_printf(VALUE("xsi:type=\"xsd:%s\">%s</v>"), cases[i].type, cases[i].text);
                g_autofree char *expected = cases[i].expected == NULL
                                                    ? NULL
                                                    : g_strdup_printf("{\"_typeName\":\"%s\",\"_value\":%s}",
                                                                      cases[i].type, cases[i].expected);

                assert_value(text, expected);
        }
}

static void test_any(void)
{
        assert_value(VALUE(">a</v>"), "{\"_typeName\":\"string\",\"_value\":\"a\"}");
        assert_value(VALUE("type=\"Folder\">g</v>"),
                     "{\"_typeName\":\"ManagedObjectReference\",\"type\":\"Folder\",\"value\":\"g\"}");
        assert_value(VALUE("type=\"Folder\" xsi:type=\"ManagedObject\">g</v>"),
                     "{\"_typeName\":\"ManagedObjectReference\",\"type\":\"Folder\",\"value\":\"g\"}");
        assert_value(VALUE("xsi:type=\"VirtualMachinePowerState\"> poweredOn </v>"),
                     "{\"_typeName\":\"VirtualMachinePowerState\",\"_value\":\"poweredOn\"}");
        assert_value(VALUE("xsi:type=\"VirtualMachinePowerState\">on</v>"), NULL);
        assert_value(VALUE("xsi:type=\"xsd:unsignedShort\">65535</v>"),
                     "{\"_typeName\":\"int\",\"_value\":65535}");
        assert_value(VALUE("xsi:type=\"ArrayOfInt\"><int>1</int><x>2</x></v>"),
                     "{\"_typeName\":\"ArrayOfInt\",\"_value\":[1,2]}");
        assert_value(
                VALUE("xsi:type=\"ArrayOfManagedObjectReference\"><ManagedObjectReference type=\"Folder\">g"
                      "</ManagedObjectReference></v>"),
                "{\"_typeName\":\"ArrayOfManagedObjectReference\",\"_value\":["
                "{\"_typeName\":\"ManagedObjectReference\",\"type\":\"Folder\",\"value\":\"g\"}]}");
        assert_value(VALUE("xsi:type=\"ArrayOfString\"/>"),
                     "{\"_typeName\":\"ArrayOfString\",\"_value\":[]}");
        assert_value(VALUE("xsi:type=\"ArrayOfAnyType\"><anyType "
                           "xsi:type=\"xsd:int\">1</anyType><anyType>a</anyType>"
                           "</v>"),
                     "{\"_typeName\":\"ArrayOfAnyType\",\"_value\":[{\"_typeName\":\"int\",\"_value\":1},"
                     "{\"_typeName\":\"string\",\"_value\":\"a\"}]}");
        assert_value(VALUE("xsi:type=\"ArrayOfAnyType\"><anyType xsi:type=\"ArrayOfInt\"/></v>"), NULL);
        assert_value(VALUE("xsi:type=\"ArrayOfVirtualDisk\"><VirtualDisk xsi:type=\"VirtualCdrom\"/></v>"),
                     NULL);
        assert_value(VALUE("xsi:type=\"xsd:Folder\">g</v>"), NULL);
        assert_value(VALUE("type=\"Nothing\">g</v>"), NULL);
        assert_value(VALUE("xsi:type=\"ArrayOf\"/>"), NULL);
}

static char *soap_of(const VimValue *value, VimVersion version)
{
        GString *text = g_string_new(NULL);

        soap_write_value(text, "v", value, version);
        return g_string_free(text, FALSE);
}

/* What stands between the first element's tags. */
static void assert_written(const VimValue *value, VimVersion version, const char *type, const char *expected)
{
        g_autofree char *text = soap_of(value, version);
        g_autofree char *whole = g_strdup_printf(VALUE("xsi:type=\"%s\">%s</v>"), type, expected);

        g_assert_cmpstr(text, ==, whole);
}

static void test_written(void)
{
        g_autoptr(VimValue) text = vim_new_string("<a & \"b\"]]>\r\n");
        g_autoptr(VimValue) list = vim_new_list("VirtualMachine");
        g_autoptr(VimValue) fault = vim_new_object("NotFound");
        g_autoptr(VimValue) method = vim_new_list("MethodName");

        assert_written(text, VIM_NEWEST, "xsd:string", "&lt;a &amp; \"b\"]]&gt;&#13;\n");
        vim_add(list, vim_new_reference("VirtualMachine", "vm-1"));
        assert_written(
                list, VIM_NEWEST, "ArrayOfManagedObjectReference",
                "<ManagedObjectReference type=\"VirtualMachine\" xsi:type=\"ManagedObjectReference\">vm-1"
                "</ManagedObjectReference>");
        assert_written(fault, VIM_NEWEST, "LocalizedMethodFault", "<fault xsi:type=\"NotFound\"></fault>");
        vim_add(method, vim_new_string("PowerOnVM_Task"));
        assert_written(method, VIM_NEWEST, "ArrayOfString",
                       "<string xsi:type=\"xsd:string\">PowerOnVM_Task</string>");
}

static void test_versions(void)
{
        /* An XHCI controller is of 5.0; before, it was at most a controller. */
        g_autoptr(VimValue) device = vim_new_object("VirtualUSBXHCIController");
        g_autoptr(VimValue) list = vim_new_list("VirtualDevice");
        g_autoptr(VimValue) portgroup = vim_new_reference("DistributedVirtualPortgroup", "dvportgroup-1");
        g_autoptr(VimValue) level = vim_new_enum("LatencySensitivitySensitivityLevel", "high");
        g_autoptr(VimValue) info = vim_new_object("VirtualMachineFileInfo");
        g_autofree char *old = NULL;

        vim_set_int(device, "key", 1);
        vim_set_int(device, "busNumber", 0);
        vim_set_bool(device, "autoConnectDevices", true);
        assert_written(device, VIM_6_7, "VirtualUSBXHCIController",
                       "<key>1</key><busNumber>0</busNumber><autoConnectDevices>true</autoConnectDevices>");
        assert_written(device, VIM_4_0, "VirtualController", "<key>1</key><busNumber>0</busNumber>");
        vim_add(list, vim_ref(device));
        assert_written(list, VIM_4_0, "ArrayOfVirtualDevice",
                       "<VirtualDevice xsi:type=\"VirtualController\"><key>1</key><busNumber>0</busNumber>"
                       "</VirtualDevice>");
        old = soap_of(portgroup, VIM_2_5);
        g_assert_nonnull(
                strstr(old, " type=\"Network\" xsi:type=\"ManagedObjectReference\">dvportgroup-1<"));
        /* Of a type that is newer than the client a word is left. */
        assert_written(level, VIM_5_0, "xsd:string", "high");
        assert_written(level, VIM_5_1, "LatencySensitivitySensitivityLevel", "high");
        vim_set_text(info, "vmPathName", "[a] b");
        vim_set_text(info, "ftMetadataDirectory", "[a] ft");
        assert_written(info, VIM_4_0, "VirtualMachineFileInfo", "<vmPathName>[a] b</vmPathName>");
        assert_written(info, VIM_6_7, "VirtualMachineFileInfo",
                       "<vmPathName>[a] b</vmPathName><ftMetadataDirectory>[a] ft</ftMetadataDirectory>");
        g_autoptr(GString) json = json_write_any(device, VIM_4_0);
        g_assert_cmpstr(json->str, ==, "{\"_typeName\":\"VirtualController\",\"key\":1,\"busNumber\":0}");
}

/* A word is left of a value that is newer than the client, and of a whole list with such a value. */
static void test_newer_values(void)
{
        g_autoptr(VimValue) status = vim_new_enum("VirtualMachineToolsVersionStatus", "guestToolsTooNew");
        g_autoptr(VimValue) list = vim_new_list("VirtualMachineToolsVersionStatus");
        g_autoptr(VimValue) option = vim_new_object("OptionValue");
        g_autoptr(GString) old = NULL, new = NULL, pair = NULL;

        assert_written(status, VIM_4_1, "xsd:string", "guestToolsTooNew");
        assert_written(status, VIM_5_0, "VirtualMachineToolsVersionStatus", "guestToolsTooNew");
        vim_add(list, vim_new_enum("VirtualMachineToolsVersionStatus", "guestToolsCurrent"));
        assert_written(list, VIM_4_0, "ArrayOfVirtualMachineToolsVersionStatus",
                       "<VirtualMachineToolsVersionStatus xsi:type=\"VirtualMachineToolsVersionStatus\">"
                       "guestToolsCurrent</VirtualMachineToolsVersionStatus>");
        assert_written(list, VIM_2_5, "ArrayOfString",
                       "<string xsi:type=\"xsd:string\">guestToolsCurrent</string>");
        vim_add(list, vim_ref(status));
        assert_written(list, VIM_4_0, "ArrayOfString",
                       "<string xsi:type=\"xsd:string\">guestToolsCurrent</string>"
                       "<string xsi:type=\"xsd:string\">guestToolsTooNew</string>");
        vim_set_text(option, "key", "k");
        vim_set(option, "value", vim_ref(list));
        assert_written(option, VIM_4_0, "OptionValue",
                       "<key>k</key><value xsi:type=\"ArrayOfString\">"
                       "<string xsi:type=\"xsd:string\">guestToolsCurrent</string>"
                       "<string xsi:type=\"xsd:string\">guestToolsTooNew</string></value>");
        old = json_write_any(status, VIM_4_1);
        new = json_write_any(status, VIM_5_0);
        pair = json_write_any(list, VIM_4_0);
        g_assert_cmpstr(old->str, ==, "{\"_typeName\":\"string\",\"_value\":\"guestToolsTooNew\"}");
        g_assert_cmpstr(
                new->str, ==,
                "{\"_typeName\":\"VirtualMachineToolsVersionStatus\",\"_value\":\"guestToolsTooNew\"}");
        g_assert_cmpstr(
                pair->str, ==,
                "{\"_typeName\":\"ArrayOfString\",\"_value\":[\"guestToolsCurrent\",\"guestToolsTooNew\"]}");
}

static void test_answers(void)
{
        const VimMethod *find = vim_type_method(vim_type("SearchIndex"), "FindAllByUuid");
        const VimMethod *power = vim_type_method(vim_type("VirtualMachine"), "PowerOnVM_Task");
        g_autoptr(VimValue) list = vim_new_list("ManagedEntity");
        g_autoptr(VimValue) fault = vim_new_object("InvalidPowerState");
        g_autoptr(GString) many = NULL;
        g_autoptr(GString) none = soap_write_result(power, NULL, VIM_NEWEST);
        g_autoptr(GString) wrong = NULL;
        g_autoptr(GString) old = NULL;
        g_autoptr(GString) json = NULL;

        vim_add(list, vim_new_reference("VirtualMachine", "a&b"));
        vim_add(list, vim_new_reference("VirtualMachine", "vm-2"));
        many = soap_write_result(find, list, VIM_NEWEST);
        g_assert_nonnull(strstr(
                many->str,
                "<FindAllByUuidResponse xmlns=\"urn:vim25\">"
                "<returnval type=\"VirtualMachine\" xsi:type=\"ManagedObjectReference\">a&amp;b</returnval>"
                "<returnval type=\"VirtualMachine\" xsi:type=\"ManagedObjectReference\">vm-2</returnval>"
                "</FindAllByUuidResponse>"));
        g_assert_nonnull(
                strstr(none->str, "<PowerOnVM_TaskResponse xmlns=\"urn:vim25\"></PowerOnVM_TaskResponse>"));
        vim_set_text(fault, "existingState", "poweredOn");
        wrong = soap_write_fault(fault, "it is <on>", VIM_NEWEST);
        g_assert_nonnull(
                strstr(wrong->str,
                       "<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>it is &lt;on&gt;"
                       "</faultstring><detail><InvalidPowerStateFault xmlns=\"urn:vim25\""
                       " xsi:type=\"InvalidPowerState\"><existingState>poweredOn</existingState>"
                       "</InvalidPowerStateFault></detail></soapenv:Fault>"));
        json = json_write_fault(fault, "it is \"on\"", VIM_NEWEST);
        g_assert_cmpstr(
                json->str, ==,
                "{\"_typeName\":\"InvalidPowerState\",\"existingState\":\"poweredOn\",\"faultMessage\":"
                "[{\"_typeName\":\"LocalizableMessage\",\"key\":\"InvalidPowerState\","
                "\"message\":\"it is \\\"on\\\"\"}]}");
        g_clear_pointer(&fault, vim_unref);
        fault = vim_new_object("HostHasComponentFailure");
        old = soap_write_fault(fault, NULL, VIM_2_5);
        g_assert_null(strstr(old->str, "HostHasComponentFailure"));
        g_assert_nonnull(strstr(old->str, "<VimFaultFault xmlns=\"urn:vim25\" xsi:type=\"VimFault\">"));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vim-soap/this", test_this);
        g_test_add_func("/vim-soap/namespaces", test_namespaces);
        g_test_add_func("/vim-soap/header", test_header);
        g_test_add_func("/vim-soap/wrong-calls", test_wrong_calls);
        g_test_add_func("/vim-soap/arguments", test_arguments);
        g_test_add_func("/vim-soap/primitives", test_primitives);
        g_test_add_func("/vim-soap/any", test_any);
        g_test_add_func("/vim-soap/written", test_written);
        g_test_add_func("/vim-soap/versions", test_versions);
        g_test_add_func("/vim-soap/newer-values", test_newer_values);
        g_test_add_func("/vim-soap/answers", test_answers);
        return g_test_run();
}
