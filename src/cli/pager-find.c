/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks into the directories where pagers put their sockets, and picks pagers by what they say they are. */
#include "cli/pager-find.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/output.h"

#define SOCKETS_MAX         16384 /* in one directory */
#define USERS_MAX           4096
#define SOCKETS_PER_USER    256 /* and other files: what a user may make the others wait for is bounded */
#define COMPLETE_TIMEOUT_MS 300

static void find_in(const char *directory, GPtrArray *peers)
{
        DIR *dir = opendir(directory);
        unsigned found = 0;

        if (dir == NULL) {
                /* None there is the usual case: no VM of this kind has run since the host started. */
                if (errno != ENOENT)
                        fprintf(stderr, "aerostat: cannot look for pagers in %s: %s\n", directory,
                                g_strerror(errno));
                return;
        }
        for (struct dirent *entry; found < SOCKETS_MAX && (entry = readdir(dir)) != NULL;) {
                struct stat status;

                if (!g_str_has_suffix(entry->d_name, ".sock") ||
                    fstatat(dirfd(dir), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
                    !S_ISSOCK(status.st_mode))
                        continue;

                g_autofree char *path = g_build_filename(directory, entry->d_name, NULL);
                g_ptr_array_add(peers, pager_peer_new(path));
                found++;
        }
        (void)closedir(dir);
}

/* A directory in one that is open: the user's, and no link to elsewhere. -1: there is none. */
static int open_directory(int parent, const char *name, uid_t owner)
{
        int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        struct stat status;

        if (fd >= 0 && (fstat(fd, &status) < 0 || status.st_uid != owner)) {
                (void)close(fd);
                fd = -1;
        }
        return fd;
}

/* A socket of that user, held so that it cannot become another file between now and connecting. */
static void add_of_user(int directory, const char *name, uid_t owner, GPtrArray *peers)
{
        int fd = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        struct stat status;

        if (fd < 0)
                return;
        if (fstat(fd, &status) < 0 || !S_ISSOCK(status.st_mode) || status.st_uid != owner) {
                (void)close(fd);
                return;
        }
        g_autofree char *path =
                g_strdup_printf(AEROSTAT_PAGER_USERS_DIR "/%u/aerostat/pager/%s", owner, name);
        PagerPeer *peer = pager_peer_new(path);

        peer->pinned = fd;
        peer->owner = owner;
        g_ptr_array_add(peers, peer);
}

static void find_of_user(int users, const char *name, uid_t owner, GPtrArray *peers)
{
        int runtime = open_directory(users, name, owner);
        int aerostat = runtime >= 0 ? open_directory(runtime, "aerostat", owner) : -1;
        int pager = aerostat >= 0 ? open_directory(aerostat, "pager", owner) : -1;
        DIR *dir = pager >= 0 ? fdopendir(pager) : NULL;
        unsigned looked = 0;

        if (runtime >= 0)
                (void)close(runtime);
        if (aerostat >= 0)
                (void)close(aerostat);
        if (dir == NULL) {
                if (pager >= 0)
                        (void)close(pager);
                return;
        }
        for (struct dirent *entry; looked < SOCKETS_PER_USER && (entry = readdir(dir)) != NULL; looked++)
                if (g_str_has_suffix(entry->d_name, ".sock"))
                        add_of_user(dirfd(dir), entry->d_name, owner, peers);
        (void)closedir(dir);
}

/* Root's: the pagers of all users. */
static void find_of_users(GPtrArray *peers)
{
        DIR *users = opendir(AEROSTAT_PAGER_USERS_DIR);
        unsigned looked = 0;

        if (users == NULL)
                return;
        pager_allow_files(USERS_MAX);
        for (struct dirent *entry; looked < USERS_MAX && (entry = readdir(users)) != NULL; looked++) {
                guint64 uid = 0;

                if (g_ascii_string_to_unsigned(entry->d_name, 10, 0, UINT32_MAX - 1, &uid, NULL))
                        find_of_user(dirfd(users), entry->d_name, (uid_t)uid, peers);
        }
        (void)closedir(users);
}

static void find_sockets(GPtrArray *peers)
{
        const char *override = g_getenv("AEROSTAT_RUN_DIR");
        const char *user = g_getenv("XDG_RUNTIME_DIR");
        g_autofree char *usual = NULL;

        /* As the pager does. */
        if ((user == NULL || user[0] == '\0') && geteuid() != 0)
                user = usual = g_strdup_printf(AEROSTAT_PAGER_USERS_DIR "/%u", (unsigned)geteuid());
        if (override != NULL && override[0] != '\0') {
                find_in(override, peers);
                return;
        }
        find_in(AEROSTAT_PAGER_RUN_DIR, peers);
        /* Root has it from another user at times (sudo -E), and looks into all of them with care. */
        if (user != NULL && user[0] == '/' &&
            !(geteuid() == 0 && g_str_has_prefix(user, AEROSTAT_PAGER_USERS_DIR "/"))) {
                g_autofree char *directory = g_build_filename(user, "aerostat", "pager", NULL);

                find_in(directory, peers);
        }
        if (geteuid() == 0)
                find_of_users(peers);
}

/*
 * Whether the socket is nobody's any more; it is removed then. A socket is left alone while a
 * process with the id in its name exists, even one that does not listen: it may be about to.
 */
static bool remove_stale(const PagerPeer *peer)
{
        if (peer->state != PAGER_PEER_GONE)
                return false;
        /* The user's own to remove; by now the name may be that of something else. */
        if (peer->pinned >= 0)
                return true;
        if (access(peer->path, F_OK) < 0 && errno == ENOENT)
                return true;
        if (peer->path_pid <= 0 || kill(peer->path_pid, 0) == 0 || errno != ESRCH)
                return false;
        /* Without the right to remove it, it is not shown either. */
        (void)unlink(peer->path);
        return true;
}

static uint64_t peer_pid(const PagerPeer *peer)
{
        return peer->known ? peer->reply.stats.pid : (uint64_t)peer->path_pid;
}

static int compare(gconstpointer a, gconstpointer b)
{
        const PagerPeer *pa = *(PagerPeer *const *)a, *pb = *(PagerPeer *const *)b;

        /* Those without a name go last. */
        if (pa->known != pb->known)
                return pa->known ? -1 : 1;
        if (pa->known) {
                int order = strcmp(pa->reply.stats.name, pb->reply.stats.name);

                if (order != 0)
                        return order;
        }
        if (peer_pid(pa) != peer_pid(pb))
                return peer_pid(pa) < peer_pid(pb) ? -1 : 1;
        return strcmp(pa->path, pb->path);
}

static void ask_all(GPtrArray *peers, uint64_t timeout_ms)
{
        for (unsigned i = 0; i < peers->len; i++)
                pager_peer_ask(peers->pdata[i], AEROSTAT_PAGER_GET_STATS, 0, 0);
        pager_peers_exchange(peers, timeout_ms);
}

GPtrArray *pager_find_all(uint64_t timeout_ms)
{
        GPtrArray *peers = g_ptr_array_new_with_free_func((GDestroyNotify)pager_peer_free);

        find_sockets(peers);
        ask_all(peers, timeout_ms);
        for (unsigned i = peers->len; i-- > 0;)
                if (remove_stale(peers->pdata[i]))
                        g_ptr_array_remove_index_fast(peers, i);
        g_ptr_array_sort(peers, compare);
        return peers;
}

void pager_peer_set_error(const PagerPeer *peer, GError **error)
{
        g_autofree char *label = pager_peer_label(peer);
        CliStatus status = CLI_FAILED;

        if (peer->state == PAGER_PEER_SILENT)
                status = CLI_TIMED_OUT;
        else if (peer->state == PAGER_PEER_GONE)
                status = CLI_NOT_FOUND;
        g_set_error(error, CLI_ERROR, (int)status, "%s: %s", label, peer->problem);
}

void pager_peer_warn(const PagerPeer *peer)
{
        g_autofree char *label = pager_peer_label(peer);

        fprintf(stderr, "aerostat: %s: %s\n", label, peer->problem);
}

static bool matches(const PagerPeer *peer, const char *word)
{
        guint64 pid = 0;

        if (peer->known && strcmp(peer->reply.stats.name, word) == 0)
                return true;
        return g_ascii_string_to_unsigned(word, 10, 1, UINT64_MAX, &pid, NULL) && peer_pid(peer) == pid;
}

static void set_ambiguous(const char *word, const GPtrArray *found, GError **error)
{
        g_autofree char *shown = cli_escape(word);
        GString *list = g_string_new(NULL);

        for (unsigned i = 0; i < found->len; i++) {
                const PagerPeer *peer = found->pdata[i];
                g_autofree char *label = pager_peer_label(peer), *path = cli_escape(peer->path);

                g_string_append_printf(list, "\n  %s, PID %" G_GUINT64_FORMAT ", %s", label, peer_pid(peer),
                                       path);
        }
        g_set_error(error, CLI_ERROR, CLI_NOT_FOUND,
                    "\"%s\" is the name of %u VMs; give the process id or the socket:%s", shown, found->len,
                    list->str);
        g_string_free(list, TRUE);
}

static void set_not_found(const char *word, const GPtrArray *all, GError **error)
{
        g_autofree char *shown = cli_escape(word);
        GString *unknown = g_string_new(NULL);

        /* A VM whose pager does not answer cannot tell its name: it may be the one. */
        for (unsigned i = 0; i < all->len; i++) {
                const PagerPeer *peer = all->pdata[i];

                if (!peer->known) {
                        g_autofree char *label = pager_peer_label(peer);

                        g_string_append_printf(unknown, "%s%s", unknown->len > 0 ? ", " : "", label);
                }
        }
        if (unknown->len > 0)
                g_set_error(error, CLI_ERROR, CLI_NOT_FOUND,
                            "no VM \"%s\" among the pagers that answer; these do not: %s", shown,
                            unknown->str);
        else
                g_set_error(error, CLI_ERROR, CLI_NOT_FOUND, "no VM \"%s\" with a pager runs here", shown);
        g_string_free(unknown, TRUE);
}

/* The one peer of all that word names; it stays in all. */
static PagerPeer *pick(const GPtrArray *all, const char *word, GError **error)
{
        g_autoptr(GPtrArray) found = g_ptr_array_new();
        PagerPeer *peer;

        for (unsigned i = 0; i < all->len; i++)
                if (matches(all->pdata[i], word))
                        g_ptr_array_add(found, all->pdata[i]);
        if (found->len == 0) {
                set_not_found(word, all, error);
                return NULL;
        }
        if (found->len > 1) {
                set_ambiguous(word, found, error);
                return NULL;
        }
        peer = found->pdata[0];
        if (peer->state != PAGER_PEER_ANSWERED) {
                pager_peer_set_error(peer, error);
                return NULL;
        }
        return peer;
}

static PagerPeer *ask_socket(const char *path, uint64_t timeout_ms, GError **error)
{
        g_autoptr(GPtrArray) one = g_ptr_array_new();
        g_autoptr(PagerPeer) peer = pager_peer_new(path);

        g_ptr_array_add(one, peer);
        ask_all(one, timeout_ms);
        if (peer->state != PAGER_PEER_ANSWERED) {
                pager_peer_set_error(peer, error);
                return NULL;
        }
        return g_steal_pointer(&peer);
}

static PagerPeer *find_path(const GPtrArray *peers, const char *path)
{
        for (unsigned i = 0; i < peers->len; i++) {
                PagerPeer *peer = peers->pdata[i];

                if (strcmp(peer->path, path) == 0)
                        return peer;
        }
        return NULL;
}

/* Moves a peer between arrays that own theirs. */
static void move(PagerPeer *peer, GPtrArray *from, GPtrArray *to)
{
        unsigned index = 0;

        if (from != NULL && g_ptr_array_find(from, peer, &index))
                g_ptr_array_add(to, g_ptr_array_steal_index(from, index));
}

GPtrArray *pager_find_named(const GPtrArray *words, uint64_t timeout_ms, GError **error)
{
        g_autoptr(GPtrArray) by_path = g_ptr_array_new_with_free_func((GDestroyNotify)pager_peer_free);
        g_autoptr(GPtrArray) picked = g_ptr_array_new(); /* borrowed from the two */
        g_autoptr(GPtrArray) all = NULL;
        GPtrArray *named;

        for (unsigned i = 0; i < words->len; i++) {
                const char *word = words->pdata[i];
                PagerPeer *peer;

                if (strchr(word, '/') != NULL) {
                        peer = find_path(picked, word);
                        if (peer == NULL) {
                                peer = ask_socket(word, timeout_ms, error);
                                if (peer != NULL)
                                        g_ptr_array_add(by_path, peer);
                        }
                } else {
                        if (all == NULL)
                                all = pager_find_all(timeout_ms);
                        peer = pick(all, word, error);
                }
                if (peer == NULL)
                        return NULL;
                if (find_path(picked, peer->path) == NULL)
                        g_ptr_array_add(picked, peer);
        }

        named = g_ptr_array_new_with_free_func((GDestroyNotify)pager_peer_free);
        for (unsigned i = 0; i < picked->len; i++) {
                move(picked->pdata[i], by_path, named);
                move(picked->pdata[i], all, named);
        }
        return named;
}

void pager_complete(const char *prefix)
{
        g_autoptr(GPtrArray) all = pager_find_all(COMPLETE_TIMEOUT_MS);

        for (unsigned i = 0; i < all->len; i++) {
                const PagerPeer *peer = all->pdata[i];
                g_autofree char *label = pager_peer_label(peer);
                g_autofree char *pid = g_strdup_printf("%" G_GUINT64_FORMAT, peer_pid(peer));

                /* A name that has to be escaped to be shown could not be typed as shown. */
                if (peer->known && strcmp(label, peer->reply.stats.name) == 0 &&
                    g_str_has_prefix(label, prefix))
                        puts(label);
                /* Process ids only once one is begun, not beside every name. */
                if (prefix[0] != '\0' && g_str_has_prefix(pid, prefix) && strcmp(pid, label) != 0)
                        puts(pid);
        }
}
