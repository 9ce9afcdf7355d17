/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat host: the host's memory, its state, and what is reclaimed. */
#include <string.h>

#include "cli/daemon.h"
#include "cli/memory.h"

#define LABEL_WIDTH 12

static CliStatus host_show(const CliArgs *args, GError **error);

/* clang-format off */
static const CliOption show_options[] = {
        {"format", "FORMAT", daemon_show_formats, false, "table (default) or json"},
        OPTIONS_DAEMON,
        OPTION_END,
};

const CliVerb host_verbs[] = {
        {
                .name = "show",
                .summary = "Show the host's memory, its state, and what is reclaimed",
                .options = show_options,
                .run = host_show,
        },
        {.name = NULL},
};
/* clang-format on */

static char *size(JsonObject *object, const char *member)
{
        uint64_t bytes;

        if (object == NULL || daemon_json_uint(object, member, &bytes) != DAEMON_GIVEN)
                return g_strdup("-");
        return cli_format_size(bytes, CLI_UNIT_AUTO);
}

static char *rate(JsonObject *object, const char *member)
{
        double value;

        if (object == NULL || daemon_json_double(object, member, &value) != DAEMON_GIVEN || value < 0)
                return g_strdup("-");
        return cli_format_size((uint64_t)MIN(value, 9e18), CLI_UNIT_AUTO);
}

static void line(const char *label, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void line(const char *label, const char *format, ...)
{
        va_list arguments;

        printf("%-*s", LABEL_WIDTH, label);
        va_start(arguments, format);
        vprintf(format, arguments);
        va_end(arguments);
        putchar('\n');
}

static void show_state(JsonObject *host)
{
        g_autofree char *state = field_text(host, "state"), *cause = field_text(host, "state_cause");
        uint64_t since_ms = daemon_json_uint_or_0(host, "state_since_ms");
        uint64_t now_ms = (uint64_t)(g_get_real_time() / 1000);
        g_autofree char *age = cli_format_duration_ms(now_ms > since_ms ? now_ms - since_ms : 0);

        line("state", "%s%s%s%s%s", state, since_ms > 0 ? " for " : "", since_ms > 0 ? age : "",
             cause[0] != '\0' ? ": " : "", cause);
}

static void show_overcommit(JsonObject *host)
{
        JsonNode *node = json_object_get_member(host, "overcommit");
        JsonArray *averages = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
        double shown[3];

        if (averages == NULL || json_array_get_length(averages) != G_N_ELEMENTS(shown))
                return;
        for (guint i = 0; i < G_N_ELEMENTS(shown); i++)
                shown[i] = daemon_json_number(json_array_get_element(averages, i));
        line("overcommit", "%.2f, %.2f, %.2f (1, 5, 15 minutes)", shown[0], shown[1], shown[2]);
}

static void show_memory(JsonObject *host)
{
        JsonObject *thresholds = daemon_json_object(host, "thresholds");
        g_autofree char *total = size(host, "total_bytes"), *managed = size(host, "managed_bytes"),
                        *free = size(host, "free_bytes"), *consumed = size(host, "consumed_bytes"),
                        *overhead = size(host, "overhead_bytes"), *other = size(host, "other_bytes");
        g_autofree char *high = size(thresholds, "high_bytes"), *soft = size(thresholds, "soft_bytes"),
                        *hard = size(thresholds, "hard_bytes"), *low = size(thresholds, "low_bytes");

        line("memory", "%s, of which %s managed, %s free (%u %% of managed)", total, managed, free,
             cli_percent(daemon_json_uint_or_0(host, "free_bytes"),
                         daemon_json_uint_or_0(host, "managed_bytes")));
        line("used", "%s by guests, %s overhead, %s other", consumed, overhead, other);
        line("thresholds", "high %s, soft %s, hard %s, low %s", high, soft, hard, low);
}

static void show_reclaim(JsonObject *host)
{
        JsonObject *share = daemon_json_object(host, "share"),
                   *balloon = daemon_json_object(host, "balloon"), *swap = daemon_json_object(host, "swap"),
                   *zip = daemon_json_object(host, "zip");
        g_autofree char *shared = size(share, "shared_bytes"), *common = size(share, "common_bytes"),
                        *saved = size(share, "saved_bytes"), *b = size(balloon, "current_bytes"),
                        *b_target = size(balloon, "target_bytes"), *b_max = size(balloon, "max_bytes");
        g_autofree char *zipped = size(zip, "zipped_bytes"), *zip_saved = size(zip, "saved_bytes"),
                        *zips = rate(zip, "zip_bytes_per_s"), *unzips = rate(zip, "unzip_bytes_per_s"),
                        *s = size(swap, "current_bytes"), *s_target = size(swap, "target_bytes"),
                        *reads = rate(swap, "reads_bytes_per_s"), *writes = rate(swap, "writes_bytes_per_s");

        if (share != NULL) {
                g_autofree char *state = field_text(share, "state"), *reason = field_text(share, "reason");

                line("sharing", "%s shared as %s common, saves %s; %s%s%s, %.0f pages/s, %.1f %% of a core",
                     shared, common, saved, state, reason[0] != '\0' ? ": " : "", reason,
                     daemon_json_double_or_0(share, "pages_per_s"),
                     daemon_json_double_or_0(share, "cpu") * 100);
        }
        line("balloon", "%s, target %s, at most %s", b, b_target, b_max);
        line("compressed", "%s, saves %s; %s/s in, %s/s out", zipped, zip_saved, zips, unzips);
        line("swap", "%s, target %s; %s/s read, %s/s written", s, s_target, reads, writes);
}

static void show_text(JsonObject *host, const ApiClient *client)
{
        g_autofree char *version = field_text(host, "version"), *connection = field_text(host, "connection"),
                        *reason = field_text(host, "connection_reason");

        line("daemon", "aerostatd %s at %s", version, api_client_label(client));
        show_state(host);
        show_memory(host);
        show_overcommit(host);
        line("VMs", "%" G_GUINT64_FORMAT, daemon_json_uint_or_0(host, "vms"));
        show_reclaim(host);
        if (connection[0] != '\0')
                line("libvirt", "%s%s%s", connection, reason[0] != '\0' ? ": " : "", reason);
}

static CliStatus host_show(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonObject) host = NULL;
        unsigned format = CLI_FORMAT_TABLE;

        if (!cli_args_choice(args, "format", daemon_show_formats, &format, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        host = client != NULL ? memory_host(client, error) : NULL;
        if (host == NULL)
                return CLI_FAILED;
        if (daemon_json_text(host, "state") == NULL) {
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "the daemon at %s sent a host without a state; is it another version than this "
                            "aerostat?",
                            api_client_label(client));
                return CLI_FAILED;
        }

        if (format == CLI_FORMAT_JSON) {
                field_print_json(host, true);
                putchar('\n');
        } else {
                show_text(host, client);
        }
        return CLI_OK;
}
