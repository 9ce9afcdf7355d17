# SPDX-License-Identifier: LGPL-2.1-or-later
"""Things that go wrong around aerostatd: after each, figures add up and no guest saw a wrong byte."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import time

import pytest

from checks import assert_right, assert_states_add_up
from harness import KSM, MIB, HarnessError, Workspace, put_ksm, read_ksm, wait_until
from managed import AEROSTATD, Daemon, Libvirt, ManagedGuest
from test_ksm import ksm_lock

# Both guests' 256 MiB and what QEMU takes for itself do not fit.
TIGHT_MIB = 330
LOW_MIB = 200
ROOMY_MIB = 900

# Moves the wall clock, and it alone, by the seconds in a file.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static long jump(void)
{
        long seconds = 0;
        FILE *f = fopen(getenv("CLOCK_JUMP"), "re");

        if (f) {
                if (fscanf(f, "%ld", &seconds) != 1)
                        seconds = 0;
                fclose(f);
        }
        return seconds;
}

int clock_gettime(clockid_t id, struct timespec *ts)
{
        int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
        int result = real(id, ts);

        if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)
                ts->tv_sec += jump();
        return result;
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
        struct timespec ts;

        (void)zone;
        clock_gettime(CLOCK_REALTIME, &ts);
        tv->tv_sec = ts.tv_sec;
        tv->tv_usec = ts.tv_nsec / 1000;
        return 0;
}

time_t time(time_t *ret)
{
        struct timespec ts;

        clock_gettime(CLOCK_REALTIME, &ts);
        if (ret)
                *ret = ts.tv_sec;
        return ts.tv_sec;
}
"""


class JumpyDaemon(Daemon):
    """aerostatd whose wall clock can be moved."""

    def __init__(self, workspace, libvirt, settings):
        self.jump_file = workspace.path / "clock-jump"
        self.shim = workspace.path / "shim.so"
        (workspace.path / "shim.c").write_text(SHIM, encoding="ascii")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.shim, workspace.path / "shim.c", "-ldl"], check=True)
        super().__init__(workspace, libvirt, settings)

    def command(self):
        return ["env", f"LD_PRELOAD={self.shim}", f"CLOCK_JUMP={self.jump_file}", *super().command()]

    def jump(self, seconds):
        partial = self.jump_file.with_suffix(".new")
        partial.write_text(str(seconds), encoding="ascii")
        partial.replace(self.jump_file)

    def restart(self):
        """After a kill."""
        self.start()


class Site:
    def __init__(self, workspace):
        self.workspace = workspace
        self.libvirt = Libvirt(workspace)
        # KSM is the whole machine's: off but in the test about it.
        self.daemon = JumpyDaemon(workspace, self.libvirt, {
            "Mem.HostMemoryMB": ROOMY_MIB, "Mem.ShareForceSalting": 0, "Mem.ShareScanGHz": 0, "Mem.SamplePeriod": 2,
            "Mem.BalancePeriod": 2})
        self.guests = [self.guest(f"vm{i}") for i in range(2)]
        self.wait_managed("vm0", "vm1")

    def guest(self, name, **keywords):
        # Without a balloon where nothing else is said: what is taken is taken by the pager, and at once.
        return ManagedGuest(self.workspace, self.libvirt, name, memory_mib=256,
                            **{"balloon": False, "translation_cache_mib": 16, **keywords})

    def wait_managed(self, *names):
        self.daemon.wait_for(lambda: all(self.daemon.vm(name)["managed"] == "pager" for name in names),
                             f"{names} to be managed")

    def work(self, *guests, mib=110):
        jobs = [guest.start_pagecheck(mib, seed=i) for i, guest in enumerate(guests or self.guests)]
        return jobs

    def squeeze(self, memory_mib=TIGHT_MIB):
        """Less memory than the VMs hold; returns when all are limited and something has been taken."""
        self.daemon.set(HostMemoryMB=memory_mib)
        self.daemon.wait_for(lambda: self.limits_fit(memory_mib), f"the limits to fit into {memory_mib} MiB")

    def relax(self):
        self.daemon.set(HostMemoryMB=ROOMY_MIB)

    def limits(self):
        return [guest.pager.get_stats().limit_bytes for guest in self.guests]

    def limits_fit(self, memory_mib):
        overhead = sum(vm["overhead_bytes"] for vm in self.daemon.vms().values())
        return sum(self.limits()) + overhead <= memory_mib * MIB

    def check(self, *jobs):
        """Ends the jobs; every byte was right, and what everybody says adds up."""
        for job in jobs:
            job.signal()
        for job in jobs:
            job.wait()
        assert_right(*jobs)
        for guest in self.guests:
            assert_states_add_up(guest.pager.get_stats())
        host = self.daemon.host()
        assert host["free_bytes"] == max(0, host["managed_bytes"] - host["consumed_bytes"] - host["overhead_bytes"])
        for vm in self.daemon.vms().values():
            assert vm["consumed_bytes"] <= vm["memory_bytes"] + 4 * MIB, vm
            assert vm["reservation_bytes"] <= vm["target_bytes"] <= vm["memory_bytes"], vm


@pytest.fixture(scope="module")
def site():
    if os.getuid() != 0:
        pytest.skip("libvirt's private daemon needs root")
    with Workspace() as workspace:
        site = Site(workspace)
        yield site
        assert site.daemon.stop() == 0
        assert "CRITICAL" not in site.daemon.log.read_text(errors="replace")


def events(site, kind, after=0):
    return [event for event in site.daemon.events(after) if event["type"] == kind]


def last_event(site):
    # events() are the oldest after an id; of none the last are given.
    return max((event["id"] for event in site.daemon.api.events(limit=1)), default=0)


def test_killed_in_mid_reclaim(site):
    """VMs keep their limits while nobody governs them, and the next daemon takes up."""
    daemon = site.daemon
    jobs = site.work()
    daemon.wait_for(lambda: sum(vm["consumed_bytes"] for vm in daemon.vms().values()) > 240 * MIB,
                    "the guests to use their memory")
    daemon.set(HostMemoryMB=TIGHT_MIB)
    daemon.wait_for(lambda: site.limits_fit(TIGHT_MIB), "limits that fit")
    overhead = sum(vm["overhead_bytes"] for vm in daemon.vms().values())
    before = site.limits()
    daemon.kill()

    assert sum(before) + overhead <= TIGHT_MIB * MIB
    wait_until(lambda: all(guest.pager.get_stats().consumed_bytes <= limit
                           for guest, limit in zip(site.guests, site.limits())), what="the pagers to get there alone")
    assert site.limits() == before

    daemon.restart()
    site.wait_managed("vm0", "vm1")
    assert any("found running" in event["message"] for event in events(site, "vm"))
    # It governs: what one is promised, the other loses.
    daemon.set_vm("vm0", min=150)
    daemon.wait_for(lambda: daemon.vm("vm0")["pager_limit_bytes"] is None
                    or daemon.vm("vm0")["pager_limit_bytes"]  >= 150 * MIB, "the reservation to be given")
    daemon.wait_for(lambda: site.limits_fit(TIGHT_MIB), "limits that fit")
    daemon.set_vm("vm0", min=0)
    site.check(*jobs)
    site.relax()


def test_second_daemon(site):
    first = site.daemon.process.pid
    done = subprocess.run([str(AEROSTATD), "--config", str(site.daemon.config), "--state-dir",
                           str(site.workspace.folder("second")), "--socket", str(site.daemon.socket)],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "another aerostatd" in done.stderr and str(first) in done.stderr
    assert site.daemon.process.poll() is None
    assert site.daemon.host()["vms"] == 2


def mark_stopped(site, name):
    """As the low state does, which writes it down before it stops the VM."""
    with contextlib.closing(sqlite3.connect(site.daemon.folder / "state/inventory.sqlite")) as inventory:
        assert inventory.execute("UPDATE vm SET stopped = 1 WHERE name = ?", [name]).rowcount == 1
        inventory.commit()


def test_stopped_before_the_kill(site):
    """What the low state stopped is resumed by the next daemon; what it was yet to stop is let run."""
    daemon, libvirt = site.daemon, site.libvirt
    jobs = site.work()
    mark = last_event(site)
    daemon.kill()
    libvirt.virsh("suspend", "vm0")
    mark_stopped(site, "vm0")
    mark_stopped(site, "vm1")
    daemon.restart()
    daemon.wait_for(lambda: daemon.vm("vm0")["power"] == "on", "vm0 to be resumed")
    daemon.wait_for(lambda: not any(vm["stopped"] for vm in daemon.vms().values()), "both to be let run")
    told = [(event["type"], event["vm"]) for event in daemon.events(mark) if event["type"] in ("resume", "stop", "error")]
    assert ("resume", "vm0") in told and ("resume", "vm1") not in told, told
    assert not any(kind == "error" and vm is not None for kind, vm in told), told
    site.check(*jobs)


def test_paused_by_the_administrator(site):
    """It stays paused, whatever the host's state and whoever is the daemon."""
    daemon, libvirt = site.daemon, site.libvirt
    jobs = site.work()
    daemon.wait_for(lambda: sum(vm["consumed_bytes"] for vm in daemon.vms().values()) > 240 * MIB,
                    "the guests to use their memory")
    libvirt.virsh("suspend", "vm0")
    daemon.wait_for(lambda: daemon.vm("vm0")["power"] == "paused", "the pause to be seen")
    mark = last_event(site)
    daemon.set(HostMemoryMB=LOW_MIB)
    daemon.wait_for(lambda: any(event["type"] == "stop" and event["vm"] == "vm1" for event in daemon.events(mark)),
                    "vm1 to be stopped in the low state")
    site.relax()
    daemon.wait_for(lambda: daemon.host()["state"] == "high" and not daemon.vm("vm1")["stopped"], "the high state")
    daemon.kill()
    daemon.restart()
    site.wait_managed("vm0", "vm1")
    # What is promised to vm1 is given by a round; by then vm0 would have been resumed.
    daemon.set_vm("vm1", max=100)
    daemon.wait_for(lambda: site.guests[1].pager.get_stats().limit_bytes <= 100 * MIB, "a round")
    daemon.set_vm("vm1", max=-1)
    assert daemon.vm("vm0")["power"] == "paused" and not daemon.vm("vm0")["stopped"]
    assert not [event for event in site.daemon.events(mark) if event["type"] in ("stop", "resume") and event["vm"] == "vm0"]
    assert libvirt.virsh("domstate", "vm0").stdout.strip() == "paused"
    libvirt.virsh("resume", "vm0")
    daemon.wait_for(lambda: daemon.vm("vm0")["power"] == "on", "vm0 to go on")
    site.check(*jobs)


def test_libvirt_lost_and_back(site):
    """VMs with a pager stay governed meanwhile."""
    daemon, libvirt = site.daemon, site.libvirt
    jobs = site.work()
    libvirt.kill()
    daemon.wait_for(lambda: daemon.host()["connection"] == "lost", "the connection to be missed")
    assert daemon.host()["connection_reason"]
    assert set(daemon.vms()) == {"vm0", "vm1"}
    site.squeeze()
    libvirt.start()
    daemon.wait_for(lambda: daemon.host()["connection"] == "ok", "the connection to come back")
    libvirt.virsh("suspend", "vm1")
    daemon.wait_for(lambda: daemon.vm("vm1")["power"] == "paused", "news from libvirt")
    libvirt.virsh("resume", "vm1")
    daemon.wait_for(lambda: daemon.vm("vm1")["power"] == "on", "news from libvirt")
    site.check(*jobs)
    site.relax()


def test_frozen_qemu(site):
    """One QEMU that does not answer holds up neither the daemon nor the others."""
    daemon = site.daemon
    jobs = site.work()
    site.squeeze()
    pid = site.guests[0].pid
    os.kill(pid, signal.SIGSTOP)
    try:
        daemon.wait_for(lambda: "says nothing" in daemon.vm("vm0")["problem"], "the silence of vm0 to be noticed")
        daemon.set_vm("vm1", max=100)
        daemon.wait_for(lambda: site.guests[1].pager.get_stats().limit_bytes <= 100 * MIB, "vm1 to be governed")
        site.libvirt.virsh("suspend", "vm1")
        daemon.wait_for(lambda: daemon.vm("vm1")["power"] == "paused", "news of vm1")
        site.libvirt.virsh("resume", "vm1")
    finally:
        os.kill(pid, signal.SIGCONT)
    daemon.set_vm("vm1", max=-1)
    daemon.wait_for(lambda: not daemon.vm("vm0")["problem"], "vm0 to be heard again")
    site.relax()
    site.check(*jobs)


@pytest.mark.parametrize("seconds", [-20 * 365 * 86400, 50 * 365 * 86400])
def test_clock_jump(site, seconds):
    """No decision goes by the wall clock: nothing happens when it jumps, and all goes on."""
    daemon = site.daemon
    jobs = site.work()
    before = daemon.host()
    mark = last_event(site)
    daemon.jump(seconds)
    try:
        # A change proves that there are rounds, and its event that the clock has jumped.
        daemon.set_vm("vm1", max=100)
        daemon.wait_for(lambda: site.guests[1].pager.get_stats().limit_bytes <= 100 * MIB, "vm1 to be governed")
        told = daemon.events(mark)
        assert any(abs(event["time_ms"] / 1000 - seconds - time.time()) < 3600 for event in told), told
        assert not [event for event in told if event["type"] in ("error", "stop", "resume", "daemon")], told
        host = daemon.host()
        assert abs(host["overcommit"][0] - before["overcommit"][0]) < 0.5
        assert all(vm["swap_reads_bytes_per_s"] >= 0 for vm in daemon.vms().values())
        daemon.set_vm("vm1", max=-1)
        daemon.wait_for(lambda: site.guests[1].pager.get_stats().limit_bytes > 100 * MIB, "vm1 to be governed")
    finally:
        daemon.jump(0)
    site.check(*jobs)


def test_reset(site):
    """The guest starts anew inside the same QEMU."""
    daemon, guest = site.daemon, site.guests[0]
    jobs = site.work(site.guests[1])
    site.squeeze()
    mark = last_event(site)
    guest._ready = False
    site.libvirt.virsh("reset", guest.name)
    daemon.wait_for(lambda: any("rebooted" in event["message"] for event in daemon.events(mark)), "the reboot to be seen")
    guest.wait_ready()
    jobs += site.work(guest)
    daemon.wait_for(lambda: daemon.vm("vm0")["consumed_bytes"] > 80 * MIB and site.limits_fit(TIGHT_MIB),
                    "the guest to be governed again")
    site.check(*jobs)
    site.relax()


def test_ksm_switched_off_by_somebody_else(site):
    daemon = site.daemon
    if not (KSM / "run").exists():
        pytest.skip("this kernel has no KSM")
    with ksm_lock():
        if (KSM / "run").read_text(encoding="ascii").strip() == "1":
            pytest.skip("KSM is on already, and not by this test")
        before = read_ksm()
        try:
            jobs = site.work()
            # Started anew: KSM may have been somebody else's when it looked first.
            daemon.set(ShareScanGHz=4)
            assert daemon.stop() == 0
            daemon.restart()
            site.wait_managed("vm0", "vm1")
            daemon.wait_for(lambda: (KSM / "run").read_text(encoding="ascii").strip() == "1", "aerostatd to turn KSM on")
            (KSM / "run").write_text("0", encoding="ascii")
            daemon.wait_for(lambda: daemon.host()["share"]["state"] == "foreign", "aerostatd to notice")
            assert daemon.host()["share"]["reason"]
            daemon.set_vm("vm1", max=200)
            mark = daemon.vm("vm1")["pager_limit_bytes"]
            daemon.wait_for(lambda: site.guests[1].pager.get_stats().limit_bytes != mark or mark == 200 * MIB, "a round")
            daemon.set_vm("vm1", max=-1)
            assert (KSM / "run").read_text(encoding="ascii").strip() == "0"
            site.check(*jobs)
            # In order: what is somebody else's stays, the rest is given back.
            assert daemon.stop() == 0
            assert (KSM / "run").read_text(encoding="ascii").strip() == "0"
        finally:
            if daemon.process.poll() is None:
                daemon.stop()
            put_ksm(before)
            text = daemon.config.read_text(encoding="ascii")
            daemon.config.write_text(text.replace("Mem.ShareScanGHz=4", "Mem.ShareScanGHz=0"), encoding="ascii")
            daemon.restart()
    site.wait_managed("vm0", "vm1")


def test_swap_directory_full(site):
    """Swap space is reserved at power-on: a VM without room for it does not start, and the others go on."""
    folder = site.workspace.folder("small")
    # Where QEMU sees it, and nobody else: it ends with libvirt's namespace.
    subprocess.run(["nsenter", "-t", str(site.libvirt.process.pid), "-m", "mount", "-t", "tmpfs", "-o", "size=4m",
                    "tmpfs", folder], check=True)
    mark = last_event(site)
    with pytest.raises(HarnessError, match="swap file: .* missing"):
        site.guest("vm2", environment={"AEROSTAT_SWAP_DIR": folder})
    assert set(site.daemon.vms()) <= {"vm0", "vm1", "vm2"}
    site.daemon.wait_for(lambda: set(site.daemon.vms()) == {"vm0", "vm1"}, "vm2 to be gone")
    assert not events(site, "error", mark)
    site.check()


def test_destroyed_while_reclaimed(site):
    daemon = site.daemon
    guest = site.guest("vm4")
    site.wait_managed("vm4")
    guest.start_pagecheck(110, seed=8)
    daemon.wait_for(lambda: daemon.vm("vm4")["consumed_bytes"] > 100 * MIB, "vm4 to use its memory")
    mark = last_event(site)
    daemon.set_vm("vm4", max=60)
    daemon.wait_for(lambda: daemon.vm("vm4")["pager_limit_bytes"] == 60 * MIB, "vm4 to be reclaimed")
    guest.destroy()
    daemon.wait_for(lambda: "vm4" not in daemon.vms(), "vm4 to be gone")
    assert not events(site, "error", mark)
    site.check()


def test_guest_that_does_not_balloon(site):
    """Its driver is removed: it is called uncooperative, and its pager takes what its balloon does not give."""
    daemon = site.daemon
    guest = site.guest("vm3", balloon=True)
    site.wait_managed("vm3")
    assert guest.run("rmmod virtio_balloon").status == 0
    job = guest.start_pagecheck(100, seed=9)
    daemon.set_vm("vm3", max=90)
    daemon.wait_for(lambda: guest.pager.get_stats().limit_bytes <= 90 * MIB
                    and guest.pager.get_stats().consumed_bytes <= 90 * MIB, "the pager to take it")
    assert daemon.vm("vm3")["balloon_bytes"] == 0
    site.check(job)
    guest.destroy()
