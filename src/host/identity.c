/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which machine the host is. */
#include "host/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/macro.h"

#define THREADS_MAX  65536u
#define PACKAGES_MAX 32768u /* what vim25's short can tell apart */
#define NODES_MAX    1024u

/* One line of text, as it may be shown. */
static char *read_text(const char *root, const char *path)
{
        HostPath whole = host_path(root, "%s", path);
        char text[256];
        g_autofree char *valid = NULL;

        if (host_file_read(AT_FDCWD, whole.text, text, sizeof(text)) <= 0)
                return g_strdup("");
        text[strcspn(text, "\n")] = '\0';
        valid = g_utf8_make_valid(text, -1);
        for (char *c = valid; *c != '\0'; c++)
                if ((unsigned char)*c < ' ' || *c == 0x7f)
                        *c = ' ';
        return g_strdup(g_strstrip(valid));
}

static char *read_dmi(const char *root, const char *name)
{
        g_autofree char *path = g_strconcat("/sys/class/dmi/id/", name, NULL);

        return read_text(root, path);
}

/* 32 hexadecimal digits as a UUID; NULL: they are none. */
static char *uuid_of(const char *digits)
{
        if (strlen(digits) != 32 || strspn(digits, "0123456789abcdef") != 32)
                return NULL;
        return g_strdup_printf("%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12, digits + 16,
                               digits + 20);
}

static char *read_uuid(const char *root)
{
        g_autofree char *firmware = read_dmi(root, "product_uuid"), *lower = g_ascii_strdown(firmware, -1),
                        *machine = read_text(root, "/etc/machine-id");
        char *uuid;

        if (g_uuid_string_is_valid(lower))
                return g_steal_pointer(&lower);
        uuid = uuid_of(machine);
        return uuid != NULL ? uuid : g_strdup("00000000-0000-0000-0000-000000000000");
}

/* The value of the first line "key : value". */
static char *cpuinfo_value(const char *text, const char *key)
{
        const char *value = host_find_line(text, key);
        g_autofree char *line = value != NULL ? g_strndup(value, strcspn(value, "\n")) : g_strdup("");
        g_autofree char *valid = g_utf8_make_valid(line, -1);

        return g_strdup(g_strstrip(valid));
}

static void read_models(const char *root, HostIdentity *identity)
{
        HostPath path = host_path(root, "/proc/cpuinfo");
        char text[4096]; /* the first processor's lines are within it */

        if (host_file_read(AT_FDCWD, path.text, text, sizeof(text)) < 0)
                text[0] = '\0';
        identity->cpu_vendor = cpuinfo_value(text, "vendor_id");
        identity->cpu_model = cpuinfo_value(text, "model name");
}

static unsigned topology(const char *root, unsigned number, const char *what, unsigned otherwise)
{
        HostPath path = host_path(root, "/sys/devices/system/cpu/cpu%u/topology/%s", number, what);
        uint64_t value;

        if (host_file_read_u64(AT_FDCWD, path.text, &value) < 0 || value >= PACKAGES_MAX)
                return otherwise;
        return (unsigned)value;
}

/* Calls add for each number of "0-3,5". */
static void each_of(const char *list, unsigned max, void (*add)(unsigned number, gpointer data),
                    gpointer data)
{
        for (;;) {
                uint64_t first, last;

                if (host_parse_u64(list, &list, &first) < 0)
                        return;
                last = first;
                if (*list == '-' && host_parse_u64(list + 1, &list, &last) < 0)
                        return;
                for (uint64_t i = first; i <= last && i < max; i++)
                        add((unsigned)i, data);
                if (*list != ',')
                        return;
                list++;
        }
}

typedef struct Reading {
        const char *root;
        HostIdentity *identity;
        GHashTable *packages, *cores;
} Reading;

static void add_thread(unsigned number, gpointer data)
{
        const Reading *reading = data;
        HostThread thread = {
                .number = number,
                .package = topology(reading->root, number, "physical_package_id", 0),
                .core = topology(reading->root, number, "core_id", number),
        };

        g_array_append_val(reading->identity->threads, thread);
        g_hash_table_add(reading->packages, GUINT_TO_POINTER(thread.package));
        g_hash_table_add(reading->cores, GUINT_TO_POINTER(thread.package * THREADS_MAX + thread.core));
}

static void count_one(unsigned number, gpointer data)
{
        unsigned *count = data;

        (void)number;
        (*count)++;
}

static void read_topology(const char *root, HostIdentity *identity)
{
        g_autoptr(GHashTable) packages = g_hash_table_new(NULL, NULL), cores = g_hash_table_new(NULL, NULL);
        Reading reading = {.root = root, .identity = identity, .packages = packages, .cores = cores};
        g_autofree char *online = read_text(root, "/sys/devices/system/cpu/online"),
                        *nodes = read_text(root, "/sys/devices/system/node/online");

        each_of(online, THREADS_MAX, add_thread, &reading);
        if (identity->threads->len == 0)
                add_thread(0, &reading);
        identity->packages = g_hash_table_size(packages);
        identity->cores = g_hash_table_size(cores);
        each_of(nodes, NODES_MAX, count_one, &identity->nodes);
        identity->nodes = MAX(identity->nodes, 1u);
}

/* /proc/stat is long where there are many processors and interrupts: what is wanted may be far down. */
static int64_t read_boot(const char *root)
{
        HostPath path = host_path(root, "/proc/stat");
        g_autofree char *text = NULL;
        uint64_t boot = 0;

        if (!g_file_get_contents(path.text, &text, NULL, NULL) ||
            host_parse_line_u64(text, "btime", &boot) < 0)
                return 0;
        return (int64_t)MIN(boot, (uint64_t)INT64_MAX / 1000000);
}

HostIdentity *host_identity_read(const char *root)
{
        HostIdentity *identity = g_new0(HostIdentity, 1);

        identity->vendor = read_dmi(root, "sys_vendor");
        identity->model = read_dmi(root, "product_name");
        identity->serial = read_dmi(root, "product_serial");
        identity->bios_vendor = read_dmi(root, "bios_vendor");
        identity->bios_version = read_dmi(root, "bios_version");
        identity->uuid = read_uuid(root);
        identity->threads = g_array_new(FALSE, FALSE, sizeof(HostThread));
        read_models(root, identity);
        read_topology(root, identity);
        identity->boot_s = read_boot(root);
        return identity;
}

void host_identity_free(HostIdentity *identity)
{
        if (identity == NULL)
                return;
        g_free(identity->vendor);
        g_free(identity->model);
        g_free(identity->serial);
        g_free(identity->uuid);
        g_free(identity->bios_vendor);
        g_free(identity->bios_version);
        g_free(identity->cpu_vendor);
        g_free(identity->cpu_model);
        g_array_unref(identity->threads);
        g_free(identity);
}

bool host_cpu_time_read(const char *root, HostCpuTime *ret_time, GError **error)
{
        HostPath path = host_path(root, "/proc/stat");
        HostCpuTime time = {0};
        char text[512];
        const char *at;
        ssize_t n = host_file_read(AT_FDCWD, path.text, text, sizeof(text));

        if (n < 0) {
                host_set_file_error(error, path.text, (int)n);
                return false;
        }
        at = host_find_line(text, "cpu");
        if (at == NULL) {
                host_set_file_error(error, path.text, -EINVAL);
                return false;
        }
        /* user nice system idle iowait irq softirq steal; guests' time is in user's already. */
        for (unsigned i = 0; i < 8; i++) {
                uint64_t ticks;

                while (*at == ' ')
                        at++;
                if (host_parse_u64(at, &at, &ticks) < 0)
                        break;
                time.total += ticks;
                if (i != 3 && i != 4)
                        time.busy += ticks;
        }
        *ret_time = time;
        return true;
}

double host_cpu_busy(const HostCpuTime *before, const HostCpuTime *now)
{
        /* iowait may go back a little: a counter that did is as if it stood still. */
        if (now->total <= before->total || now->busy <= before->busy)
                return 0;
        return MIN((double)(now->busy - before->busy) / (double)(now->total - before->total), 1.0);
}
