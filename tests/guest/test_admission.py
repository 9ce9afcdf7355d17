# SPDX-License-Identifier: LGPL-2.1-or-later
"""Admission of VMs through libvirt: what is promised to a VM can be guaranteed, or it does not start."""

import os
import re
import socket
import subprocess

import pytest

from harness import ROOT, Workspace
from managed import Daemon, Libvirt, ManagedGuest, Refused

HOOK = ROOT / "src/vm/libvirt-hook"
MANAGED_MIB = 1000


class Site:
    def __init__(self, workspace):
        # libvirtd looks for hooks when it starts; it hands them no environment of ours.
        self.workspace = workspace
        self.socket = workspace.folder("v") / "aerostatd.sock"
        hooks = workspace.folder("libvirt") / "etc/hooks"
        hooks.mkdir(parents=True)
        (hooks / "qemu").write_text(f'#!/bin/sh\nAEROSTAT_DAEMON="{self.socket}" exec "{HOOK}" "$@"\n', encoding="utf-8")
        (hooks / "qemu").chmod(0o755)
        self.libvirt = Libvirt(workspace)
        self.daemon = Daemon(workspace, self.libvirt, {"Mem.HostMemoryMB": MANAGED_MIB, "Mem.ShareScanGHz": 0})


@pytest.fixture(scope="module")
def site():
    if os.getuid() != 0:
        pytest.skip("libvirt's private daemon needs root")
    with Workspace() as workspace:
        yield Site(workspace)


def test_reservations_are_admitted(site):
    daemon, libvirt = site.daemon, site.libvirt
    first = ManagedGuest(site.workspace, libvirt, "first", memory_mib=300, balloon=False)
    second = ManagedGuest(site.workspace, libvirt, "second", memory_mib=300, balloon=False)
    daemon.wait_for(lambda: {"first", "second"} <= set(daemon.vms()), "the VMs to be seen")
    daemon.set_vm("first", min=300)
    assert daemon.vm("first")["reservation_bytes"] == 300 << 20

    # While it runs: more than there is is refused, and nothing is changed.
    daemon.set(HostMemoryMB=600)
    with pytest.raises(Refused) as refusal:
        daemon.set_vm("second", min=290)
    assert refusal.value.fault == "InsufficientMemoryResourcesFault"
    assert daemon.vm("second")["config"]["sched.mem.min"] == "0"
    daemon.set(HostMemoryMB=MANAGED_MIB)

    # When it does not run: kept as asked, and admitted when it starts.
    second.destroy()
    daemon.wait_for(lambda: "second" not in daemon.vms(), "the VM to be gone")
    daemon.set_vm(second.uuid, min=290)
    daemon.set(HostMemoryMB=600)
    daemon.wait_for(lambda: daemon.host()["managed_bytes"] == 600 << 20, "a round")
    refused = libvirt.virsh("create", str(site.workspace.path / "second.xml"), check=False)
    assert refused.returncode != 0
    # What is asked for, with what QEMU takes itself, and what is left.
    asked, left = map(int, re.search(r'VM "second": (\d+) MB cannot be guaranteed.* (\d+) MB left', refused.stderr).groups())
    assert asked == 290 + 64 and 0 <= left < asked
    assert "second" not in libvirt.virsh("list", "--name").stdout

    daemon.set(HostMemoryMB=MANAGED_MIB)
    daemon.wait_for(lambda: daemon.host()["managed_bytes"] == MANAGED_MIB << 20, "a round")
    libvirt.virsh("create", str(site.workspace.path / "second.xml"))
    daemon.wait_for(lambda: daemon.vm("second")["reservation_bytes"] == 290 << 20, "the reservation to be in force")
    assert first.run("true").status == 0


def test_unknown_vm_that_is_off(site):
    for name in "none", "00000000-0000-0000-0000-000000000000", "%", "x" * 1000:
        with pytest.raises(Refused) as refusal:
            site.daemon.set_vm(name, min=1)
        assert refusal.value.fault == "NotFound"
    uuid = site.daemon.vm("first")["uuid"]
    with pytest.raises(Refused):
        site.daemon.set_vm(uuid, nothing=1)


def hook(path, *words, text, **keywords):
    return subprocess.run([HOOK, *words], input=text, capture_output=True, text=True, check=False, timeout=30,
                          env={**os.environ, "AEROSTAT_DAEMON": str(path)}, **keywords)


XML = "<domain><name>new</name><uuid>11111111-2222-3333-4444-555555555555</uuid><memory unit='KiB'>1024</memory></domain>"
BEGIN = ("new", "prepare", "begin", "-")


def test_hook_lets_start(site, tmp_path):
    """Whatever is not a refusal lets the VM start, and says why it was not checked."""
    assert hook(site.socket, *BEGIN, text=XML).returncode == 0
    for text in "", "<domain/>", "not XML", XML.replace("KiB", "parsecs"), XML.replace("1024", "many"):
        done = hook(site.socket, *BEGIN, text=text)
        assert done.returncode == 0 and "not checked" in done.stderr and not done.stdout
    done = hook(tmp_path / "none", *BEGIN, text=XML)
    assert done.returncode == 0 and "not checked" in done.stderr
    # Anything else than a start is none of its business: it does not even connect.
    for words in ("new", "release", "end", "-"), ("new", "migrate", "begin", "-"), ("new", "prepare"), ():
        done = hook(tmp_path / "none", *words, text=XML)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_hook_does_not_wait_for_ever(tmp_path):
    """A daemon that takes the connection and never answers."""
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        done = hook(path, *BEGIN, text=XML)
    assert done.returncode == 0 and "no answer" in done.stderr


def test_starts_without_daemon(site):
    site.daemon.stop()
    guest = ManagedGuest(site.workspace, site.libvirt, "third", memory_mib=256, balloon=False)
    guest.destroy()
