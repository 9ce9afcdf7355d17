/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines above the table of aerostat top, in the form of esxtop's memory screen. */
#include "cli/top.h"

#define MIB (1024.0 * 1024.0)

static double mb(JsonObject *object, const char *member)
{
        return object != NULL ? daemon_json_double_or_0(object, member) / MIB : 0;
}

static char *overview(const Top *top)
{
        JsonNode *node = json_object_get_member(top->host, "overcommit");
        JsonArray *averages = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
        g_autoptr(GDateTime) now = g_date_time_new_now_local();
        g_autofree char *time = g_date_time_format(now, "%H:%M:%S");
        double a[3] = {0, 0, 0};

        for (guint i = 0; averages != NULL && i < MIN(json_array_get_length(averages), G_N_ELEMENTS(a)); i++)
                a[i] = daemon_json_number(json_array_get_element(averages, i));
        return g_strdup_printf("%s  %u VMs; MEM overcommit avg: %.2f, %.2f, %.2f", time,
                               json_array_get_length(top->vms), a[0], a[1], a[2]);
}

static char *state_line(JsonObject *host)
{
        JsonObject *thresholds = daemon_json_object(host, "thresholds");
        g_autofree char *state = field_text(host, "state"), *cause = field_text(host, "state_cause");

        return g_strdup_printf("VMKMEM/MB: %8.0f managed: %8.0f minfree, %8.0f    free, %s state%s%s",
                               mb(host, "managed_bytes"), mb(thresholds, "high_bytes"),
                               mb(host, "free_bytes"), state, cause[0] != '\0' ? ": " : "", cause);
}

char *top_header_line(const Top *top, unsigned n)
{
        JsonObject *host = top->host, *share = daemon_json_object(host, "share"),
                   *balloon = daemon_json_object(host, "balloon"), *swap = daemon_json_object(host, "swap"),
                   *zip = daemon_json_object(host, "zip");

        switch (n) {
        case 0:
                return overview(top);
        case 1:
                return g_strdup_printf("PMEM  /MB: %8.0f   total: %8.0f  guests, %8.0f    ovhd, %8.0f other",
                                       mb(host, "total_bytes"), mb(host, "consumed_bytes"),
                                       mb(host, "overhead_bytes"), mb(host, "other_bytes"));
        case 2:
                return state_line(host);
        case 3:
                return g_strdup_printf("PSHARE/MB: %8.0f  shared, %8.0f  common: %8.0f  saving",
                                       mb(share, "shared_bytes"), mb(share, "common_bytes"),
                                       mb(share, "saved_bytes"));
        case 4:
                return g_strdup_printf("SWAP  /MB: %8.0f    curr, %8.0f rclmtgt: %8.2f     r/s, %8.2f w/s",
                                       mb(swap, "current_bytes"), mb(swap, "target_bytes"),
                                       mb(swap, "reads_bytes_per_s"), mb(swap, "writes_bytes_per_s"));
        case 5:
                return g_strdup_printf(
                        "ZIP   /MB: %8.0f  zipped, %8.0f   saved: %8.2f   zip/s, %8.2f unzip/s",
                        mb(zip, "zipped_bytes"), mb(zip, "saved_bytes"), mb(zip, "zip_bytes_per_s"),
                        mb(zip, "unzip_bytes_per_s"));
        case 6:
                return g_strdup_printf("MEMCTL/MB: %8.0f    curr, %8.0f  target, %8.0f     max",
                                       mb(balloon, "current_bytes"), mb(balloon, "target_bytes"),
                                       mb(balloon, "max_bytes"));
        default:
                return g_strdup("");
        }
}

char *top_format_cell(const Field *field, JsonObject *vm)
{
        double value;

        if (field->kind != FIELD_BYTES && field->kind != FIELD_LIMIT && field->kind != FIELD_RATE)
                return field_format(field, vm, CLI_UNIT_M, false);
        if (daemon_json_double(vm, field->member, &value) == DAEMON_GIVEN)
                return g_strdup_printf("%.2f", value / MIB);
        return g_strdup(field->kind == FIELD_LIMIT ? "none" : "-");
}
