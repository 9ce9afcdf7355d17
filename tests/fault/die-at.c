/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded into aerostatd by tests: kills it with SIGKILL just before the n-th call that leaves something
 * behind.
 *
 * Such calls are those that put something on storage, start a program, or have libvirt change something.
 * What is between two of them leaves nothing, so that dying before each in turn is dying everywhere. The
 * file named by AEROSTAT_DIE_AT holds n; as long as it is not there, nothing is counted. aerostatd knows
 * nothing of this.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <libvirt/libvirt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))next(#name))

static void *next(const char *name)
{
        void *function = dlsym(RTLD_NEXT, name);

        if (function == NULL)
                abort();
        return function;
}

/* The number in the file; 0: it is not there. */
static long read_number(void)
{
        const char *path = getenv("AEROSTAT_DIE_AT");
        int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        char text[16] = "";

        if (fd < 0)
                return 0;
        if (read(fd, text, sizeof(text) - 1) < 0)
                text[0] = '\0';
        (void)close(fd);
        return strtol(text, NULL, 10);
}

static void count(void)
{
        static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
        static long counted;
        long number = read_number();

        if (number == 0)
                return;
        (void)pthread_mutex_lock(&mutex);
        if (++counted >= number)
                (void)kill(getpid(), SIGKILL);
        (void)pthread_mutex_unlock(&mutex);
}

#pragma GCC visibility push(default)

int fsync(int fd)
{
        count();
        return NEXT(fsync)(fd);
}

int fdatasync(int fd)
{
        count();
        return NEXT(fdatasync)(fd);
}

int unlink(const char *path)
{
        count();
        return NEXT(unlink)(path);
}

int rename(const char *from, const char *to)
{
        count();
        return NEXT(rename)(from, to);
}

int link(const char *from, const char *to)
{
        count();
        return NEXT(link)(from, to);
}

pid_t fork(void)
{
        count();
        return NEXT(fork)();
}

virDomainPtr virDomainDefineXMLFlags(virConnectPtr connection, const char *xml, unsigned flags)
{
        count();
        return NEXT(virDomainDefineXMLFlags)(connection, xml, flags);
}

virDomainSnapshotPtr virDomainSnapshotCreateXML(virDomainPtr domain, const char *xml, unsigned flags)
{
        count();
        return NEXT(virDomainSnapshotCreateXML)(domain, xml, flags);
}

int virDomainBlockCommit(virDomainPtr domain, const char *disk, const char *base, const char *top,
                         unsigned long bandwidth, unsigned flags)
{
        count();
        return NEXT(virDomainBlockCommit)(domain, disk, base, top, bandwidth, flags);
}

int virDomainBlockCopy(virDomainPtr domain, const char *disk, const char *xml,
                       virTypedParameterPtr parameters, int n, unsigned flags)
{
        count();
        return NEXT(virDomainBlockCopy)(domain, disk, xml, parameters, n, flags);
}

int virDomainBlockJobAbort(virDomainPtr domain, const char *disk, unsigned flags)
{
        count();
        return NEXT(virDomainBlockJobAbort)(domain, disk, flags);
}

int virDomainBlockResize(virDomainPtr domain, const char *disk, unsigned long long size, unsigned flags)
{
        count();
        return NEXT(virDomainBlockResize)(domain, disk, size, flags);
}

int virDomainAttachDeviceFlags(virDomainPtr domain, const char *xml, unsigned flags)
{
        count();
        return NEXT(virDomainAttachDeviceFlags)(domain, xml, flags);
}

int virDomainDetachDeviceFlags(virDomainPtr domain, const char *xml, unsigned flags)
{
        count();
        return NEXT(virDomainDetachDeviceFlags)(domain, xml, flags);
}

int virDomainDestroyFlags(virDomainPtr domain, unsigned flags)
{
        count();
        return NEXT(virDomainDestroyFlags)(domain, flags);
}

#pragma GCC visibility pop
