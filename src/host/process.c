/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process of the host, most often a VM's QEMU: who it is, and what memory it takes. */
#include "host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"

#define UUID_LENGTH 36u

static void set_error(GError **error, pid_t pid, const char *file, int error_number)
{
        HostPath path = host_path("/proc", "/%d/%s", (int)pid, file);

        if (error_number == -ENOENT || error_number == -ESRCH)
                g_set_error(error, HOST_ERROR, HOST_ERROR_GONE, "process %d has ended", (int)pid);
        else
                host_set_file_error(error, path.text, error_number);
}

/* Field 22 of stat. The program's name, in parentheses, may hold parentheses and blanks. */
static int parse_stat(const char *text, char *ret_state, uint64_t *ret_start_ticks)
{
        const char *p = strrchr(text, ')');

        if (!p || p[1] != ' ' || p[2] == '\0')
                return -EINVAL;
        *ret_state = p[2];
        p += 2; /* field 3 */
        for (unsigned field = 3; field < 22; field++) {
                p = strchr(p, ' ');
                if (!p)
                        return -EINVAL;
                p++;
        }
        return host_parse_u64(p, NULL, ret_start_ticks);
}

/* "Uid: real effective saved file-system" */
static int parse_uid(const char *text, uid_t *ret_uid)
{
        const char *p = host_find_line(text, "Uid");
        uint64_t uid;
        int r;

        if (!p || host_parse_u64(p, &p, &uid) < 0 || *p != '\t')
                return -EINVAL;
        r = host_parse_u64(p + 1, NULL, &uid);
        if (r < 0)
                return r;
        if (uid > UINT32_MAX)
                return -ERANGE;
        *ret_uid = (uid_t)uid;
        return 0;
}

/* Takes text; gives back a string without control characters, at most length_max bytes long. */
static char *printable(char *text, size_t length, size_t length_max)
{
        g_autofree char *valid = g_utf8_make_valid(text, (gssize)MIN(length, length_max));

        g_free(text);
        for (char *p = valid; *p; p = g_utf8_next_char(p)) {
                gunichar c = g_utf8_get_char(p);

                /* The first byte decides how many there are; of control characters there are up to two. */
                if (g_unichar_iscntrl(c))
                        memset(p, '?', (size_t)g_unichar_to_utf8(c, NULL));
        }
        /* Putting right what was no UTF-8 makes it longer. */
        if (strlen(valid) > length_max) {
                char *cut = valid + length_max;

                while ((*cut & 0xc0) == 0x80)
                        cut--;
                *cut = '\0';
        }
        return g_steal_pointer(&valid);
}

static char *parse_uuid(const char *word)
{
        if (strlen(word) != UUID_LENGTH || !g_uuid_string_is_valid(word))
                return NULL;
        return g_ascii_strdown(word, -1);
}

/*
 * An option list of QEMU: "key=value,key=value"; a comma within a value is doubled, and the first
 * element may lack its key, which then is "guest". NULL: there is no name.
 */
static char *parse_name(const char *list)
{
        char *name = NULL;

        for (bool first = true;; first = false) {
                GString *element = g_string_new(NULL);
                const char *value = NULL;
                bool has_key = list[strcspn(list, "=,")] == '=';

                for (; *list; list++) {
                        if (*list == ',' && list[1] != ',')
                                break;
                        list += *list == ',';
                        g_string_append_c(element, *list);
                }
                if (has_key && g_str_has_prefix(element->str, "guest="))
                        value = element->str + strlen("guest=");
                else if (first && !has_key)
                        value = element->str;
                if (value && value[0]) {
                        g_free(name);
                        name = g_strdup(value);
                        name = printable(name, strlen(name), HOST_VM_NAME_MAX);
                }
                (void)g_string_free(element, TRUE);
                if (*list == '\0')
                        return name;
                list++;
        }
}

void host_process_parse_qemu(const char *words, size_t length, char **ret_name, char **ret_uuid)
{
        g_autofree char *name = NULL, *uuid = NULL;
        const char *end = words + length;

        for (const char *word = words; word < end;) {
                size_t size = strnlen(word, (size_t)(end - word));
                const char *option = word, *value = word + size + 1;

                word = value;
                if (option[0] != '-' || value >= end)
                        continue;
                option++;
                option += *option == '-';
                /* The last word is incomplete if the kernel, or our bound, cut it. */
                size = strnlen(value, (size_t)(end - value));
                if (value + size >= end)
                        break;
                if (strcmp(option, "append") == 0) {
                        /* Free text, the one option whose value may look like an option. */
                        word = value + size + 1;
                } else if (strcmp(option, "name") == 0) {
                        char *parsed = parse_name(value);

                        if (parsed) {
                                g_free(name);
                                name = parsed;
                        }
                        word = value + size + 1;
                } else if (strcmp(option, "uuid") == 0) {
                        char *parsed = parse_uuid(value);

                        if (parsed) {
                                g_free(uuid);
                                uuid = parsed;
                        }
                        word = value + size + 1;
                }
        }
        *ret_name = g_steal_pointer(&name);
        *ret_uuid = g_steal_pointer(&uuid);
}

static int read_command_line(HostProcess *process)
{
        g_autofree char *text = g_malloc(HOST_COMMAND_LINE_MAX + 1);
        ssize_t n = host_file_read(process->dir, "cmdline", text, HOST_COMMAND_LINE_MAX + 1);
        size_t length;

        if (n < 0)
                return (int)n;
        length = (size_t)n;
        host_process_parse_qemu(text, length, &process->name, &process->uuid);
        while (length > 0 && text[length - 1] == '\0')
                length--;
        for (size_t i = 0; i < length; i++)
                if (text[i] == '\0')
                        text[i] = ' ';
        process->command_line = printable(g_steal_pointer(&text), length, HOST_COMMAND_LINE_MAX);
        return 0;
}

HostProcess *host_process_read(const char *root, pid_t pid, GError **error)
{
        HostPath path = host_path(root, "/proc/%d", (int)pid);
        g_autoptr(HostProcess) process = g_new0(HostProcess, 1);
        const char *file = "";
        char text[KIB(16)], state;
        ssize_t n;

        process->pid = pid;
        process->dir = pid > 0 ? open(path.text, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
        n = process->dir >= 0 ? 0 : pid > 0 ? -errno : -ESRCH;
        if (n == 0) {
                file = "stat";
                n = host_file_read(process->dir, file, text, sizeof(text));
                if (n >= 0)
                        n = parse_stat(text, &state, &process->start_ticks);
                if (n == 0 && strchr("ZX", state)) /* only its parent still knows of it */
                        n = -ESRCH;
        }
        if (n == 0) {
                file = "status";
                n = host_file_read(process->dir, file, text, sizeof(text));
                if (n >= 0)
                        n = parse_uid(text, &process->uid);
        }
        if (n == 0) {
                file = "cmdline";
                n = read_command_line(process);
        }
        if (n < 0) {
                set_error(error, pid, file, (int)n);
                return NULL;
        }
        return g_steal_pointer(&process);
}

void host_process_free(HostProcess *process)
{
        if (!process)
                return;
        if (process->dir >= 0)
                (void)close(process->dir);
        g_free(process->command_line);
        g_free(process->name);
        g_free(process->uuid);
        g_free(process);
}

bool host_process_read_memory(const HostProcess *process, HostProcessMemory *ret_memory, GError **error)
{
        HostProcessMemory memory = {0};
        char text[KIB(16)];
        ssize_t n = host_file_read(process->dir, "status", text, sizeof(text));
        const struct {
                const char *key;
                uint64_t *bytes;
        } lines[] = {
                {"RssAnon", &memory.anon_bytes},   {"RssFile", &memory.file_bytes},
                {"RssShmem", &memory.shmem_bytes}, {"VmPTE", &memory.page_table_bytes},
                {"VmSwap", &memory.swap_bytes},
        };
        int r = n < 0 ? (int)n : 0;

        /* A process that is about to end has no memory any more, and none of the lines. */
        if (r == 0 && !host_find_line(text, "VmRSS"))
                r = host_find_line(text, "State") ? -ESRCH : -EINVAL;
        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(lines); i++) {
                r = host_parse_line_kb(text, lines[i].key, lines[i].bytes);
                if (r == -ENOENT)
                        r = -EINVAL;
        }
        if (r < 0) {
                set_error(error, process->pid, "status", r);
                return false;
        }
        *ret_memory = memory;
        return true;
}

uint64_t host_process_overhead(const HostProcessMemory *memory, uint64_t guest_bytes)
{
        uint64_t bytes = host_add(memory->anon_bytes, memory->shmem_bytes);

        return host_add(host_subtract(bytes, guest_bytes), memory->page_table_bytes);
}

bool host_process_read_pss(const HostProcess *process, uint64_t *ret_bytes, GError **error)
{
        char text[4096];
        ssize_t n = host_file_read(process->dir, "smaps_rollup", text, sizeof(text));
        int r = n < 0 ? (int)n : host_parse_line_kb(text, "Pss", ret_bytes);

        if (r == -ENOENT && n > 0)
                r = -EINVAL;
        if (r < 0)
                set_error(error, process->pid, "smaps_rollup", r);
        return r == 0;
}
