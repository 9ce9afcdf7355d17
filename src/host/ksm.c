/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steers KSM's scanner, with respect for whoever else does. States and rules are in the header. */
#include "host/ksm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"
#include "host/ksm-record.h"

#define KSM_FOLDER        "/sys/kernel/mm/ksm"
#define PAGES_PER_S_MAX   10000000u
#define NS_PER_PAGE_MAX   1000000u
#define PAGES_PER_WAKE_UP 100u /* fewer are not worth waking up for, unless the pace is slower still */
#define ADVISOR_SLEEP_MS  20u
#define SCAN_TIME_MAX_S   (30u * 24 * 3600)
#define PAGES_TO_SCAN_MAX 1000000u
#define BUSY_MAX          0.9 /* part of the time that the scanner may be thought to scan */
#define CURE                                                                                            \
        "; turn off what does (ksmtuned, a script) and restart aerostatd to have it steer KSM, or set " \
        "Mem.ShareScanGHz to 0"

struct HostKsm {
        char *root, *state_dir;
        HostKsmState state;
        char *reason;
        bool recorded; /* the record is on the disk */
        KsmRecord record;
};

/* What is set, or is to be. "": the kernel does not have it, or it is to stay as it is. */
typedef struct Values {
        char value[KSM_FIELDS][KSM_VALUE_SIZE];
} Values;

static HostPath field_path(const HostKsm *ksm, KsmField field)
{
        return host_path(ksm->root, KSM_FOLDER "/%s", ksm_field_names[field]);
}

__attribute__((format(printf, 3, 4))) static void become(HostKsm *ksm, HostKsmState state,
                                                         const char *format, ...)
{
        va_list arguments;

        ksm->state = state;
        g_free(ksm->reason);
        va_start(arguments, format);
        ksm->reason = g_strdup_vprintf(format, arguments);
        va_end(arguments);
}

/* The value, as it would be written. "" if the kernel does not have this setting. */
static bool read_field(const HostKsm *ksm, KsmField field, char value[KSM_VALUE_SIZE], GError **error)
{
        HostPath path = field_path(ksm, field);
        char text[256], *word = text, *end;
        ssize_t n = host_file_read(AT_FDCWD, path.text, text, sizeof(text));
        int r = n < 0 ? (int)n : 0;

        if (n == -ENOENT && field != KSM_RUN) {
                value[0] = '\0';
                return true;
        }
        if (r == 0) {
                /* A choice shows all that there is, with brackets around the chosen one. */
                char *open = strchr(text, '[');

                word = open ? open + 1 : text;
                end = strchr(word, open ? ']' : '\n');
                if (end)
                        *end = '\0';
                else if (open)
                        r = -EINVAL;
                if (r == 0 && (!ksm_value_is_valid(word) || strcmp(word, KSM_ANY) == 0))
                        r = -EINVAL;
        }
        if (r < 0) {
                host_set_file_error(error, path.text, r);
                return false;
        }
        (void)g_strlcpy(value, word, KSM_VALUE_SIZE);
        return true;
}

static bool read_all(const HostKsm *ksm, Values *ret_values, GError **error)
{
        for (KsmField i = 0; i < KSM_FIELDS; i++)
                if (!read_field(ksm, i, ret_values->value[i], error))
                        return false;
        return true;
}

static bool write_field(const HostKsm *ksm, KsmField field, const char *value, GError **error)
{
        HostPath path = field_path(ksm, field);
        char now[KSM_VALUE_SIZE];
        int r = host_file_write(path.text, value);

        if (r < 0) {
                g_set_error(error, HOST_ERROR, HOST_ERROR_IO, "cannot set %s to %s: %s", path.text, value,
                            g_strerror(-r));
                return false;
        }
        if (!read_field(ksm, field, now, error))
                return false;
        if (strcmp(now, value) != 0) {
                g_set_error(error, HOST_ERROR, HOST_ERROR_IO, "%s was set to %s and is %s", path.text, value,
                            now);
                return false;
        }
        return true;
}

/* Whether the setting is as we left it. A value of the kernel's choice is while the advisor is ours. */
static bool is_ours(const HostKsm *ksm, const Values *now, KsmField field)
{
        const char *ours = ksm->record.settings[field].ours;

        if (!ours[0])
                return false;
        if (strcmp(ours, KSM_ANY) == 0)
                return is_ours(ksm, now, KSM_ADVISOR_MODE);
        return strcmp(ours, now->value[field]) == 0;
}

/* Finds out whether somebody else has taken over. */
static void check(HostKsm *ksm, const Values *now)
{
        if (ksm->state != HOST_KSM_IDLE && ksm->state != HOST_KSM_SCANNING)
                return;
        if (!ksm->record.settings[KSM_RUN].ours[0] && strcmp(now->value[KSM_RUN], "1") == 0) {
                become(ksm, HOST_KSM_FOREIGN, "somebody else has turned KSM on" CURE);
                return;
        }
        /* Only what we set; run first, because it says most. */
        for (KsmField i = KSM_FIELDS; i-- > 0;) {
                const char *ours = ksm->record.settings[i].ours;

                if (!ours[0] || strcmp(ours, KSM_ANY) == 0 || is_ours(ksm, now, i))
                        continue;
                become(ksm, HOST_KSM_FOREIGN,
                       "somebody else has set %s of KSM to %s, where we had set %s" CURE, ksm_field_names[i],
                       now->value[i][0] ? now->value[i] : "nothing", ours);
                return;
        }
}

static void snapshot(HostKsm *ksm, const Values *now)
{
        for (KsmField i = 0; i < KSM_FIELDS; i++) {
                ksm->record.settings[i] = (KsmSetting){0};
                (void)g_strlcpy(ksm->record.settings[i].found, now->value[i], KSM_VALUE_SIZE);
        }
}

/*
 * A predecessor was killed. Each setting is as it set it, or was about to, or as it found it; anything
 * else was set by somebody in the meantime.
 */
static void take_over(HostKsm *ksm, const Values *now)
{
        ksm->recorded = true;
        for (KsmField i = 0; i < KSM_FIELDS; i++) {
                KsmSetting *setting = &ksm->record.settings[i];

                /* The advisor's are looked at below: that needs all others. */
                if (setting->ours[0] && strcmp(setting->ours, KSM_ANY) != 0 &&
                    (strcmp(now->value[i], setting->before) == 0 ||
                     strcmp(now->value[i], setting->found) == 0 || strcmp(setting->before, KSM_ANY) == 0))
                        (void)g_strlcpy(setting->ours, now->value[i], KSM_VALUE_SIZE);
        }
        become(ksm, strcmp(now->value[KSM_RUN], "1") == 0 ? HOST_KSM_SCANNING : HOST_KSM_IDLE, "%s", "");
        check(ksm, now);
}

static bool start(HostKsm *ksm, GError **error)
{
        HostPath path = host_path(ksm->root, "/proc/sys/kernel/random/boot_id");
        char boot[64];
        Values now = {0};
        KsmRecord record;
        KsmRecordState found;
        ssize_t n = host_file_read(AT_FDCWD, path.text, boot, sizeof(boot));

        if (n < 0) {
                host_set_file_error(error, path.text, (int)n);
                return false;
        }
        (void)g_strchomp(boot);
        if (!g_uuid_string_is_valid(boot)) {
                host_set_file_error(error, path.text, -EINVAL);
                return false;
        }
        found = ksm_record_load(ksm->state_dir, boot, &record, error);
        if (found == KSM_RECORD_FAILED || !read_all(ksm, &now, error))
                return false;
        if (found == KSM_RECORD_GOOD) {
                ksm->record = record;
                take_over(ksm, &now);
                return true;
        }
        /* An old one says nothing any more: with the host's start all settings became the kernel's own. */
        (void)g_strlcpy(ksm->record.boot, boot, sizeof(ksm->record.boot));
        snapshot(ksm, &now);
        if (strcmp(now.value[KSM_RUN], "1") == 0)
                become(ksm, HOST_KSM_FOREIGN, "KSM was on before aerostatd came%s" CURE,
                       found == KSM_RECORD_DAMAGED ? " (if by an earlier aerostatd, its record is damaged)"
                                                   : "");
        else if (found == KSM_RECORD_DAMAGED)
                become(ksm, HOST_KSM_IDLE,
                       "the record of KSM's earlier settings in %s is damaged; its present ones will be "
                       "restored",
                       ksm->state_dir);
        return true;
}

HostKsm *host_ksm_open(const char *root, const char *state_dir, GError **error)
{
        g_autoptr(HostKsm) ksm = g_new0(HostKsm, 1);
        HostPath path;

        ksm->root = g_strdup(root);
        ksm->state_dir = g_strdup(state_dir);
        become(ksm, HOST_KSM_IDLE, "%s", "");
        path = field_path(ksm, KSM_RUN);
        if (access(path.text, F_OK) < 0 && errno == ENOENT)
                become(ksm, HOST_KSM_OFF,
                       "this kernel cannot share pages: it has no " KSM_FOLDER " (CONFIG_KSM)");
        else if (access(path.text, W_OK) < 0)
                become(ksm, HOST_KSM_OFF, "no right to write %s: %s; run aerostatd as root", path.text,
                       g_strerror(errno));
        else if (!start(ksm, error))
                return NULL;
        return g_steal_pointer(&ksm);
}

void host_ksm_free(HostKsm *ksm)
{
        if (!ksm)
                return;
        g_free(ksm->root);
        g_free(ksm->state_dir);
        g_free(ksm->reason);
        g_free(ksm);
}

HostKsmState host_ksm_state(const HostKsm *ksm)
{
        return ksm->state;
}

const char *host_ksm_reason(const HostKsm *ksm)
{
        return ksm->reason;
}

bool host_ksm_has_advisor(const HostKsm *ksm)
{
        return ksm->record.settings[KSM_ADVISOR_MODE].found[0] &&
               ksm->record.settings[KSM_ADVISOR_TARGET_SCAN_TIME].found[0];
}

static bool may_steer(const HostKsm *ksm, GError **error)
{
        if (ksm->state == HOST_KSM_IDLE || ksm->state == HOST_KSM_SCANNING)
                return true;
        g_set_error_literal(error, HOST_ERROR,
                            ksm->state == HOST_KSM_OFF ? HOST_ERROR_UNSUPPORTED : HOST_ERROR_FOREIGN,
                            ksm->reason);
        return false;
}

/* Takes the plan into the record. False: the record says so already. */
static bool note_plan(HostKsm *ksm, const Values *plan, const Values *now)
{
        bool news = !ksm->recorded;

        for (KsmField i = 0; i < KSM_FIELDS; i++) {
                KsmSetting *setting = &ksm->record.settings[i];
                const char *planned = plan->value[i];
                /* Turning the advisor off puts pages_to_scan to the kernel's default. */
                bool reset = i == KSM_PAGES_TO_SCAN && now->value[KSM_ADVISOR_MODE][0] &&
                             strcmp(now->value[KSM_ADVISOR_MODE], "none") != 0;

                if (!planned[0] || !setting->found[0] || strcmp(setting->ours, planned) == 0)
                        continue;
                (void)g_strlcpy(setting->before, reset ? KSM_ANY : now->value[i], KSM_VALUE_SIZE);
                (void)g_strlcpy(setting->ours, planned, KSM_VALUE_SIZE);
                news = true;
        }
        return news;
}

static bool carry_out(HostKsm *ksm, const Values *plan, GError **error)
{
        KsmRecord before;
        Values now = {0};

        if (!may_steer(ksm, error) || !read_all(ksm, &now, error))
                return false;
        check(ksm, &now);
        if (!may_steer(ksm, error))
                return false;
        if (!ksm->recorded)
                snapshot(ksm, &now);
        before = ksm->record;
        if (note_plan(ksm, plan, &now) && !ksm_record_save(ksm->state_dir, &ksm->record, error)) {
                ksm->record = before;
                return false;
        }
        ksm->recorded = true;
        for (KsmField i = 0; i < KSM_FIELDS; i++) {
                const char *planned = plan->value[i];
                char present[KSM_VALUE_SIZE];
                bool done;

                if (!planned[0] || strcmp(planned, KSM_ANY) == 0 || !ksm->record.settings[i].found[0])
                        continue;
                /* Read again: setting the one may have changed the other. */
                done = read_field(ksm, i, present, error);
                if (done && strcmp(present, planned) != 0)
                        done = write_field(ksm, i, planned, error);
                if (!done) {
                        /* From here on all is as it was before. The record on the disk allows for both. */
                        for (; i < KSM_FIELDS; i++)
                                ksm->record.settings[i] = before.settings[i];
                        return false;
                }
        }
        return true;
}

static void plan_number(Values *plan, KsmField field, uint64_t value)
{
        (void)g_snprintf(plan->value[field], KSM_VALUE_SIZE, "%" G_GUINT64_FORMAT, value);
}

static void plan_by_hand(const HostKsm *ksm, const HostKsmPace *pace, Values *plan)
{
        /* Who wants the processor while a scan goes on may have to wait for its end: short scans, then. */
        static const unsigned sleeps_ms[] = {4, 10, 20, 50, 100, 200, 500, 1000};
        const KsmSetting *settings = ksm->record.settings;
        double pages_per_s = (double)MIN(pace->pages_per_s, PAGES_PER_S_MAX), busy, pages;
        uint64_t pages_to_scan, as_set, sleep_as_set;
        unsigned sleep_ms = 0;

        for (size_t i = 0; i < ARRAY_LENGTH(sleeps_ms); i++) {
                sleep_ms = sleeps_ms[i];
                if (pages_per_s * sleep_ms / 1000 >= PAGES_PER_WAKE_UP)
                        break;
        }
        /* The scanner sleeps between scans, so the time of a scan comes on top of it. */
        busy = MIN(pages_per_s * MIN(pace->ns_per_page, NS_PER_PAGE_MAX) / 1e9, BUSY_MAX);
        pages = pages_per_s * sleep_ms / 1000 / (1 - busy);
        pages_to_scan = pages < 1 ? 1 : (uint64_t)(pages + 0.5);
        pages_to_scan = MIN(pages_to_scan, PAGES_TO_SCAN_MAX);
        /* Each change goes to the disk first: not for trifles. */
        if (host_parse_u64(settings[KSM_PAGES_TO_SCAN].ours, NULL, &as_set) == 0 &&
            host_parse_u64(settings[KSM_SLEEP_MILLISECS].ours, NULL, &sleep_as_set) == 0 &&
            sleep_as_set == sleep_ms &&
            MAX(as_set, pages_to_scan) - MIN(as_set, pages_to_scan) <= as_set / 16)
                pages_to_scan = as_set;
        plan_number(plan, KSM_SLEEP_MILLISECS, sleep_ms);
        plan_number(plan, KSM_PAGES_TO_SCAN, pages_to_scan);
        (void)g_strlcpy(plan->value[KSM_ADVISOR_MODE], "none", KSM_VALUE_SIZE);
}

static void plan_advisor(const HostKsmPace *pace, Values *plan)
{
        uint32_t pages_min = CLAMP(pace->min_pages_to_scan, 1u, PAGES_TO_SCAN_MAX);

        plan_number(plan, KSM_SLEEP_MILLISECS, ADVISOR_SLEEP_MS);
        plan_number(plan, KSM_ADVISOR_TARGET_SCAN_TIME, MIN(pace->scan_time_s, SCAN_TIME_MAX_S));
        plan_number(plan, KSM_ADVISOR_MAX_CPU, CLAMP(pace->max_cpu_pct, 1u, 100u));
        plan_number(plan, KSM_ADVISOR_MIN_PAGES_TO_SCAN, pages_min);
        plan_number(plan, KSM_ADVISOR_MAX_PAGES_TO_SCAN,
                    CLAMP(pace->max_pages_to_scan, pages_min, PAGES_TO_SCAN_MAX));
        (void)g_strlcpy(plan->value[KSM_ADVISOR_MODE], "scan-time", KSM_VALUE_SIZE);
        (void)g_strlcpy(plan->value[KSM_PAGES_TO_SCAN], KSM_ANY, KSM_VALUE_SIZE);
}

bool host_ksm_set_pace(HostKsm *ksm, const HostKsmPace *pace, GError **error)
{
        Values plan = {0};

        if (pace->scan_time_s > 0 && host_ksm_has_advisor(ksm))
                plan_advisor(pace, &plan);
        else if (pace->pages_per_s > 0)
                plan_by_hand(ksm, pace, &plan);
        else
                return host_ksm_stop(ksm, error);
        (void)g_strlcpy(plan.value[KSM_RUN], "1", KSM_VALUE_SIZE);
        if (!carry_out(ksm, &plan, error))
                return false;
        become(ksm, HOST_KSM_SCANNING, "%s", "");
        return true;
}

bool host_ksm_stop(HostKsm *ksm, GError **error)
{
        Values plan = {0};

        if (!may_steer(ksm, error))
                return false;
        if (ksm->state == HOST_KSM_IDLE)
                return true;
        (void)g_strlcpy(plan.value[KSM_RUN], "0", KSM_VALUE_SIZE);
        if (!carry_out(ksm, &plan, error))
                return false;
        become(ksm, HOST_KSM_IDLE, "%s", "");
        return true;
}

bool host_ksm_tick(HostKsm *ksm, GError **error)
{
        Values now = {0};

        if (ksm->state == HOST_KSM_OFF || ksm->state == HOST_KSM_FOREIGN)
                return true;
        if (!read_all(ksm, &now, error))
                return false;
        check(ksm, &now);
        return true;
}

static bool restore_field(HostKsm *ksm, const Values *now, KsmField field, GError **error)
{
        const KsmSetting *setting = &ksm->record.settings[field];
        const char *value = setting->found;
        char mode[KSM_VALUE_SIZE];

        if (!is_ours(ksm, now, field))
                return true;
        if (field == KSM_RUN && strcmp(value, "2") == 0)
                value = "0";
        /* While the advisor is on, it and nobody else sets this one. */
        if (field == KSM_PAGES_TO_SCAN) {
                if (!read_field(ksm, KSM_ADVISOR_MODE, mode, error))
                        return false;
                if (mode[0] && strcmp(mode, "none") != 0)
                        return true;
        }

        char present[KSM_VALUE_SIZE];

        if (!read_field(ksm, field, present, error))
                return false;
        return strcmp(present, value) == 0 || write_field(ksm, field, value, error);
}

bool host_ksm_restore(HostKsm *ksm, GError **error)
{
        bool failed[KSM_FIELDS] = {false}, whole = true;
        Values now = {0};

        if (!ksm->recorded)
                return true;
        if (!read_all(ksm, &now, error))
                return false;
        /* The scanner rests first; the others go in the order in which they can be set. */
        for (KsmField step = 0; step <= KSM_FIELDS; step++) {
                KsmField field = step == 0 ? KSM_RUN : step - 1;

                if (step > 0 && field == KSM_RUN)
                        continue;
                failed[field] = !restore_field(ksm, &now, field, whole ? error : NULL);
                whole = whole && !failed[field];
        }
        if (!failed[KSM_RUN] && ksm->state == HOST_KSM_SCANNING)
                become(ksm, HOST_KSM_IDLE, "%s", "");
        if (whole && !ksm_record_remove(ksm->state_dir, error))
                return false;
        for (KsmField i = 0; i < KSM_FIELDS; i++)
                if (!failed[i])
                        ksm->record.settings[i].ours[0] = '\0';
        ksm->recorded = !whole;
        return whole;
}
