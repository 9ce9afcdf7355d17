/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What KSM's settings were before we changed them, in a file that outlives the daemon. */
#include "host/ksm-record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"

#define FILE_NAME  "ksm-settings"
#define DRAFT_NAME "ksm-settings.new"
#define HEADER     "aerostat-ksm-settings 1"
#define NO_VALUE   "-"
#define FILE_MAX   4096

const char *const ksm_field_names[KSM_FIELDS] = {
        [KSM_SLEEP_MILLISECS] = "sleep_millisecs",
        [KSM_ADVISOR_TARGET_SCAN_TIME] = "advisor_target_scan_time",
        [KSM_ADVISOR_MAX_CPU] = "advisor_max_cpu",
        [KSM_ADVISOR_MIN_PAGES_TO_SCAN] = "advisor_min_pages_to_scan",
        [KSM_ADVISOR_MAX_PAGES_TO_SCAN] = "advisor_max_pages_to_scan",
        [KSM_ADVISOR_MODE] = "advisor_mode",
        [KSM_PAGES_TO_SCAN] = "pages_to_scan",
        [KSM_RUN] = "run",
        [KSM_USE_ZERO_PAGES] = "use_zero_pages",
        [KSM_SMART_SCAN] = "smart_scan",
        [KSM_MAX_PAGE_SHARING] = "max_page_sharing",
        [KSM_MERGE_ACROSS_NODES] = "merge_across_nodes",
};

bool ksm_value_is_valid(const char *value)
{
        const char *end;
        uint64_t number;

        if (strcmp(value, KSM_ANY) == 0)
                return true;
        if (strlen(value) >= KSM_VALUE_SIZE)
                return false;
        if (host_parse_u64(value, &end, &number) == 0)
                return *end == '\0';
        return value[0] >= 'a' && value[0] <= 'z' &&
               value[strspn(value, "abcdefghijklmnopqrstuvwxyz-_0123456789")] == '\0';
}

static bool set_error(GError **error, const char *what, const char *state_dir, int error_number)
{
        g_set_error(error, HOST_ERROR, HOST_ERROR_IO,
                    "cannot %s %s/" FILE_NAME ", which keeps KSM's settings to be restored: %s", what,
                    state_dir, g_strerror(error_number));
        return false;
}

/* "NAME FOUND BEFORE OURS" */
static bool parse_line(const char *line, KsmRecord *record)
{
        g_auto(GStrv) words = g_strsplit(line, " ", 5);
        KsmSetting *setting = NULL;

        if (g_strv_length(words) != 4)
                return false;
        for (size_t i = 0; i < KSM_FIELDS; i++)
                if (strcmp(words[0], ksm_field_names[i]) == 0)
                        setting = &record->settings[i];
        if (!setting || setting->found[0])
                return false;

        char *const values[] = {setting->found, setting->before, setting->ours};

        for (size_t i = 0; i < ARRAY_LENGTH(values); i++) {
                if (i > 0 && strcmp(words[1 + i], NO_VALUE) == 0)
                        continue;
                if (!ksm_value_is_valid(words[1 + i]) ||
                    (strcmp(words[1 + i], KSM_ANY) == 0 &&
                     (i == 0 || setting != &record->settings[KSM_PAGES_TO_SCAN])))
                        return false;
                (void)g_strlcpy(values[i], words[1 + i], KSM_VALUE_SIZE);
        }
        return true;
}

KsmRecordState ksm_record_load(const char *state_dir, const char *boot, KsmRecord *ret_record,
                               GError **error)
{
        _cleanup_close_ int dir = open(state_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
        char text[FILE_MAX];
        ssize_t n = dir < 0 ? -errno : host_file_read(dir, FILE_NAME, text, sizeof(text));
        KsmRecord record = {0};

        if (n == -ENOENT && dir >= 0)
                return KSM_RECORD_NONE;
        if (n < 0) {
                (void)set_error(error, "read", state_dir, (int)-n);
                return KSM_RECORD_FAILED;
        }

        g_auto(GStrv) lines = g_strsplit(text, "\n", KSM_FIELDS + 5);
        unsigned count = g_strv_length(lines);

        /* The last line says that nothing is cut off; behind it is what follows the last line's end. */
        if (strlen(text) != (size_t)n || count < 4 || strcmp(lines[0], HEADER) != 0 ||
            !g_str_has_prefix(lines[1], "boot ") || strcmp(lines[count - 2], "end") != 0 ||
            lines[count - 1][0])
                return KSM_RECORD_DAMAGED;
        if (strcmp(lines[1] + strlen("boot "), boot) != 0)
                return KSM_RECORD_OLD;
        for (unsigned i = 2; i < count - 2; i++)
                if (!parse_line(lines[i], &record))
                        return KSM_RECORD_DAMAGED;
        if (!record.settings[KSM_RUN].found[0])
                return KSM_RECORD_DAMAGED;
        (void)g_strlcpy(record.boot, boot, sizeof(record.boot));
        *ret_record = record;
        return KSM_RECORD_GOOD;
}

static int write_all(int dir, const char *name, const char *text, size_t length)
{
        _cleanup_close_ int fd =
                openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

        if (fd < 0)
                return -errno;
        while (length > 0) {
                ssize_t n = write(fd, text, length);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                text += n;
                length -= (size_t)n;
        }
        return fsync(fd) < 0 ? -errno : 0;
}

bool ksm_record_save(const char *state_dir, const KsmRecord *record, GError **error)
{
        _cleanup_close_ int dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        GString *text = g_string_new(NULL);
        int r = dir < 0 ? -errno : 0;

        g_string_append_printf(text, HEADER "\nboot %s\n", record->boot);
        for (size_t i = 0; i < KSM_FIELDS; i++) {
                const KsmSetting *setting = &record->settings[i];

                if (setting->found[0])
                        g_string_append_printf(text, "%s %s %s %s\n", ksm_field_names[i], setting->found,
                                               setting->before[0] ? setting->before : NO_VALUE,
                                               setting->ours[0] ? setting->ours : NO_VALUE);
        }
        g_string_append(text, "end\n");

        if (r == 0)
                r = write_all(dir, DRAFT_NAME, text->str, text->len);
        if (r == 0 && renameat(dir, DRAFT_NAME, dir, FILE_NAME) < 0)
                r = -errno;
        if (r == 0 && fsync(dir) < 0)
                r = -errno;
        (void)g_string_free(text, TRUE);
        return r == 0 || set_error(error, "write", state_dir, -r);
}

bool ksm_record_remove(const char *state_dir, GError **error)
{
        _cleanup_close_ int dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (dir < 0)
                return set_error(error, "remove", state_dir, errno);
        (void)unlinkat(dir, DRAFT_NAME, 0);
        if ((unlinkat(dir, FILE_NAME, 0) < 0 && errno != ENOENT) || fsync(dir) < 0)
                return set_error(error, "remove", state_dir, errno);
        return true;
}
