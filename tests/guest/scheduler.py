# SPDX-License-Identifier: LGPL-2.1-or-later
"""A host with aerostatd and small guests, watched all the time: what tests of the scheduler share."""

import collections
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

from checks import assert_right
from harness import MIB
from managed import Daemon, Libvirt, ManagedGuest

# More than all guests of a test can take.
PLENTY_MB = 2500
# Guests of this size can use about 120 MiB for themselves.
MEMORY_MIB = 256

# No KSM of the machine's, and figures and rounds that come soon.
SETTINGS = {"Mem.HostMemoryMB": PLENTY_MB, "Mem.ShareScanGHz": 0, "Mem.SamplePeriod": 1, "Mem.BalancePeriod": 2}


def out_of_reach(vm):
    """What the pager has taken away from the guest."""
    return vm["compressed_bytes"] + vm["swapped_bytes"] + vm["same_bytes"]


class Watch:
    """Looks at all VMs all the time: limits between reservation and limit, and together within the host."""

    INTERVAL_S = 0.1
    # What QEMU takes for itself grows unasked, and limits make room for it with the next round.
    OVERHEAD_LOOKS = 50

    def __init__(self, daemon):
        self.daemon = daemon
        self.fits = False  # the host holds all it has to; from then on it must stay so
        self.looks = 0
        self.wrong = []
        self._overheads = collections.deque(maxlen=self.OVERHEAD_LOOKS)
        self._looking = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        while not self._ended.wait(self.INTERVAL_S):
            with self._looking:
                try:
                    self._look()
                except Exception as error:
                    self.wrong.append(f"the daemon stopped answering: {error!r}")
                    return

    def _look(self):
        host = self.daemon.host()
        for name, vm in self.daemon.vms().items():
            self.wrong += [f"{name}: {line}" for line in wrong_limits(vm)]
        self._overheads.append(host["overhead_bytes"])
        used = host["consumed_bytes"] + min(self._overheads)
        if self.fits and used > host["managed_bytes"]:
            self.wrong.append(f"{used / MIB:.1f} MiB are used of {host['managed_bytes'] / MIB:.1f}")
        self.looks += 1

    @contextlib.contextmanager
    def paused(self):
        """While bounds change: the pager hears of it a little later than those who look."""
        with self._looking:
            yield

    def check(self):
        assert self.looks > 0
        assert not self.wrong, "\n".join(self.wrong[:20])

    def end(self):
        self._ended.set()
        self._thread.join()


def wrong_limits(vm):
    """What is wrong with the limit that a VM's pager enforces, in words."""
    limit, own = vm["pager_limit_bytes"], vm["limit_bytes"]
    most = vm["memory_bytes"] if own is None else min(own, vm["memory_bytes"])
    least = min(vm["reservation_bytes"], most)
    if limit is None:
        # None is its whole memory.
        return [f"no limit, and it may have {most / MIB:.0f} MiB"] if most < vm["memory_bytes"] else []
    if limit < least:
        return [f"held at {limit / MIB:.1f} MiB, below its reservation of {least / MIB:.1f}"]
    if limit > most:
        return [f"may have {limit / MIB:.1f} MiB, above its limit of {most / MIB:.1f}"]
    return []


class Host:
    """Guests, the daemon over them and the watch; jobs in the guests have to end well."""

    def __init__(self, workspace, settings=None):
        self.libvirt = Libvirt(workspace)
        self.daemon = Daemon(workspace, self.libvirt, {**SETTINGS, **(settings or {})})
        self.workspace = workspace
        self.guests = {}
        self.jobs = []
        self.watch = None

    def boot(self, shares_pages=False, **guests):
        """boot(idle={}, plain={"balloon": False})"""
        with ThreadPoolExecutor() as pool:
            started = {name: pool.submit(ManagedGuest, self.workspace, self.libvirt, name,
                                         **{"memory_mib": MEMORY_MIB, **options})
                       for name, options in guests.items()}
        self.guests.update({name: future.result() for name, future in started.items()})
        self.daemon.wait_for(lambda: all(self.daemon.vm(name)["managed"] == "pager" for name in guests),
                             "all pagers to be found")
        for name in guests:
            if not shares_pages:
                self.daemon.set_vm(name, **{"pshare.enable": "FALSE"})
        self.watch = Watch(self.daemon)

    def pagecheck(self, name, mib, arguments="", seed=1):
        job = self.guests[name].start_pagecheck(mib, seed=seed, arguments=arguments)
        self.jobs.append(job)
        return job

    def touch_and_leave(self, name, mib, seed=2):
        """Memory that the guest has touched and needs no more."""
        job = self.guests[name].run(f"pagecheck memory --mib {mib} --seconds 1 --seed {seed}")
        assert_right(job)

    def vm(self, name):
        return self.daemon.vm(name)

    def mib(self, name, figure):
        value = self.vm(name)[f"{figure}_bytes"]
        return None if value is None else value / MIB

    def wait_for(self, condition, what):
        return self.daemon.wait_for(condition, what)

    def used_mib(self):
        host = self.daemon.host()
        return (host["consumed_bytes"] + host["overhead_bytes"]) / MIB

    def manage(self, managed_mb):
        """Mem.HostMemoryMB, live; more than what is there now is used until it is reclaimed."""
        self.watch.fits = False
        self.daemon.set(HostMemoryMB=int(managed_mb))
        self.wait_for(lambda: self.daemon.host()["managed_bytes"] == int(managed_mb) * MIB, "the next round")

    def fits(self):
        """Waits until the host holds all it has to; from then on it has to stay so."""
        self.wait_for(lambda: self.used_mib() * MIB <= self.daemon.host()["managed_bytes"],
                      "the guests to fit the host")
        self.watch.fits = True

    def be_filled(self):
        """Waits until the guests' programs have touched what they touch: what is used does not change."""
        looks = []

        def still():
            looks.append(self.used_mib())
            return len(looks) > 20 and max(looks[-20:]) - min(looks[-20:]) < 2

        self.wait_for(still, "what the guests use to stay as it is")

    def press(self, free_percent):
        """Managed memory such that so much of it is free now; less than 0: it is overrun."""
        self.manage(self.used_mib() / (1 - free_percent / 100))

    def share_out(self, mib):
        """Managed memory such that guests may have so much: it less what is kept free, and overheads."""
        host = self.daemon.host()
        kept = host["thresholds"]["high_bytes"] / host["managed_bytes"]
        self.manage((mib + host["overhead_bytes"] / MIB) / (1 - kept) + 1)

    def plenty(self):
        self.manage(PLENTY_MB)
        self.wait_for(lambda: self.daemon.host()["state"] == "high" and
                      all(vm["balloon_bytes"] == 0 and not vm["stopped"] for vm in self.daemon.vms().values()),
                      "everything to be given back")

    def set_vm(self, name, **keys):
        """And waits until its pager has heard of it."""
        with self.watch.paused():
            self.daemon.set_vm(name, **keys)
            self.wait_for(lambda: not wrong_limits(self.vm(name)), f"{name} to be within its new bounds")

    def last_event(self):
        return self.daemon.events()[-1]["id"]

    def event(self, after, kind, text, vm=None):
        """The first such event, which may be still to come."""
        return self.wait_for(lambda: next((event for event in self.daemon.events(after)
                                           if event["type"] == kind and text in event["message"] and
                                           event["vm"] == vm), None), f"an event of {vm}: {text}")

    def end(self):
        """All that was asserted all the time, and every byte."""
        if self.watch is not None:
            self.watch.end()
        self.daemon.set(HostMemoryMB=PLENTY_MB)
        for job in self.jobs:
            if job.status is None:
                job.signal()
        for job in self.jobs:
            job.wait()
        assert_right(*self.jobs)
        for guest in self.guests.values():
            said = guest.console.read_text(errors="replace")
            assert "Out of memory" not in said and "oom" not in said.lower(), said[-2000:]
        self.watch.check()
