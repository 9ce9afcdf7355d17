# SPDX-License-Identifier: LGPL-2.1-or-later
"""Six guests on a host with half the memory: two are busy, four idle, then the roles change."""

import contextlib
import math
import os
import time

from harness import (KSM_LOCK, PATIENCE, HarnessError, Undisturbed, Workspace, accelerator, guest_image,
                     ksm_turn)
from host_view import View
from managed import Daemon, Libvirt, ManagedGuest
from member import Member
from screen import MIB

SECONDS = 120
GUESTS, MEMORY_MIB, MANAGED_MIB = 6, 512, 1536
HELD_MIB = 120  # what each guest keeps, and seldom uses
HELD_RATE = 20  # accesses a second of that
ROLES = [{0: 220, 1: 160}, {2: 190, 3: 190}, {4: 160, 5: 220}]  # busy guests and the MiB that they use
STEPS, STEP_S = 4, 2  # in which they get busy: programs start one after the other
LOOK_S = 0.5
LOCK_WAIT_S = 20

SETTINGS = {
    "Mem.HostMemoryMB": MANAGED_MIB,
    "Mem.ShareForceSalting": 0,
    # Two minutes are to show what otherwise takes an hour.
    "Mem.ShareScanTime": 10,
    "Mem.ShareRateMax": 4096,
    "Mem.SamplePeriod": 2,
    "Mem.BalancePeriod": 1,
}


class Host:
    """The daemon and its guests; a context manager that leaves nothing behind."""

    def __init__(self, screen, sharing):
        self.screen = screen
        self.sharing = sharing
        self.members = []
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        try:
            self._enter()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        with Undisturbed():
            self._stack.close()

    def _enter(self):
        workspace = self._stack.enter_context(Workspace())
        libvirt = Libvirt(workspace)
        settings = {**SETTINGS, "Mem.ShareScanGHz": 4 if self.sharing else 0}
        self.daemon = Daemon(workspace, libvirt, settings)
        # In order, and before the guests: it puts KSM back as it was.
        self._stack.callback(self.daemon.stop)

        started = time.monotonic()
        done = self.screen.step(f"booting {GUESTS} guests")
        for number in range(GUESTS):
            # A guest that libvirt starts while we are ending would be left behind.
            with Undisturbed():
                guest = ManagedGuest(workspace, libvirt, f"vm{number + 1}", memory_mib=MEMORY_MIB, wait=False)
                self.members.append(Member(guest, number))
        for member in self.members:
            member.guest.wait_ready()
        self.daemon.wait_for(self._all_managed, "the daemon to find the guests' pagers")
        done(f"{GUESTS} guests of {MEMORY_MIB} MiB booted in {time.monotonic() - started:.1f} s under libvirt "
             "and stock QEMU; aerostatd has found them")

    def _all_managed(self):
        vms = self.daemon.vms()
        return len(vms) == GUESTS and all(vm["managed"] == "pager" for vm in vms.values())


class Show:
    """What happens on that host, and what is seen of it."""

    def __init__(self, screen, host, seconds):
        self.host = host
        self.members = host.members
        self.daemon = host.daemon
        self.seconds = seconds
        self.view = View(screen, self.members, seconds)
        self.started = time.monotonic()
        self._last_event = max((event["id"] for event in self.daemon.events()), default=0)
        self._looked = 0

    def look(self):
        """One look at everything, at most every LOOK_S."""
        time.sleep(max(0, self._looked + LOOK_S - time.monotonic()))
        self._looked = time.monotonic()
        elapsed = self._looked - self.started
        host, vms = self.daemon.host(), self.daemon.vms()
        for member in self.members:
            member.look(vms[member.name])
        events = self.daemon.events(self._last_event)
        if events:
            self._last_event = events[-1]["id"]
        self.view.update(elapsed, host, events)

    def look_until(self, condition, timeout=PATIENCE):
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {timeout:.0f} s: {self.view.text}")
            self.look()

    def look_until_time(self, when):
        self.look_until(lambda: time.monotonic() >= when, math.inf)

    def run(self):
        self.view.scene(f"each guest fills {HELD_MIB} MiB, to keep them and seldom use them")
        for member in self.members:
            member.hold(HELD_MIB, HELD_RATE)
            self.look_until(member.holds)

        begin = time.monotonic()
        phase_s = self.seconds / len(ROLES)
        step_s = min(STEP_S, phase_s / 2 / STEPS)
        for number, roles in enumerate(ROLES):
            names = " and ".join(self.members[i].name for i in roles)
            sizes = " and ".join(str(size) for size in roles.values())
            self.view.scene(("the roles change: " if number else "") + f"{names} get busy with {sizes} MiB")
            started = begin + phase_s * number
            for member in self.members:
                member.rest()
            for step in range(STEPS):
                for i, size in roles.items():
                    self.members[i].work(size // STEPS)
                self.look_until_time(started + step_s * (step + 1))
            self.look_until_time(started + phase_s)

        self.view.scene("every guest compares every page a last time")
        for member in self.members:
            member.end()
        self.look_until(lambda: all(member.over() for member in self.members))
        self.look()


def run(screen, seconds):
    """Returns whether all was well."""
    screen.title(f"{GUESTS} guests with {GUESTS * MEMORY_MIB:,} MiB between them, on a host with {MANAGED_MIB:,} MiB")
    if os.getuid() != 0:
        raise HarnessError("this part needs root: it starts a private libvirtd, and aerostatd steers the host's KSM")
    accelerator(guest_image())
    with ksm_turn(LOCK_WAIT_S) as sharing:
        if not sharing:
            screen.say(f"  Another program that uses KSM holds {KSM_LOCK}: without sharing this time.")
        with Host(screen, sharing) as host:
            reason = host.daemon.host()["share"]["reason"]
            if sharing and reason:
                screen.say(f"  About sharing: {reason}")
            show = Show(screen, host, seconds)
            show.run()
            return show.view.summarize(MANAGED_MIB * MIB)
