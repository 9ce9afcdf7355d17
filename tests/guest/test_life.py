# SPDX-License-Identifier: LGPL-2.1-or-later
"""Start and end of a VM under the pager: what it costs, what is refused, what is left behind."""

import os
import re
import signal
from pathlib import Path

import pytest

from checks import assert_right, let_run, limit_held, percent_of_use, unsampled
from harness import MIB, SANDBOX, Guest, GuestDied

needs_root = pytest.mark.skipif(os.getuid() != 0, reason="needs root")


def swap_files(guest):
    """The files in the swap directory that QEMU has open, whether they have a name or not."""
    folder = str(guest.settings.swap_dir)
    found = []
    for path in Path(f"/proc/{guest.pid}/fd").iterdir():
        target = os.readlink(path)
        if target.startswith(folder):
            found.append((target, path.stat()))
    return found


def test_kill_leaves_nothing(own_workspace):
    """However the VM ends, its swap file goes with it; its socket is in nobody's way."""
    settings = unsampled(limit_mib=96)
    guest = Guest(own_workspace, settings, memory_mib=384)
    guest.start_pagecheck(150)
    assert guest.pager.get_stats().swap_used_bytes > 0
    [(name, status)] = swap_files(guest)
    assert status.st_size >= 384 * MIB
    assert name.endswith("(deleted)") and status.st_nlink == 0
    assert list(settings.swap_dir.iterdir()) == []
    guest.process.send_signal(signal.SIGKILL)
    guest.process.wait()
    assert list(settings.swap_dir.iterdir()) == []
    assert settings.socket.exists(), "the test is about a socket that was left behind"

    again = Guest(own_workspace, settings, memory_mib=384)
    assert again.pager.get_stats().pid == again.pid
    assert_right(again.run("pagecheck memory --mib 100 --seconds 1"))
    assert again.poweroff() == 0
    assert not settings.socket.exists()
    assert list(settings.swap_dir.iterdir()) == []


def test_no_limit_costs_nothing(own_workspace):
    """Without a limit no page is out, and the kernel handles all faults without asking anyone."""
    guest = Guest(own_workspace, unsampled(), memory_mib=384)
    assert_right(guest.run("pagecheck memory --mib 200 --seconds 1"))
    ram = guest.guest_ram_mappings()
    assert sum(end - start for start, end, _ in ram) >= 384 * MIB
    for start, _, fields in ram:
        flags = fields["VmFlags"] & {"um", "uw", "ui"}
        assert not flags, f"{start:x} is registered with userfaultfd: {flags}"
    stats = guest.pager.get_stats()
    assert stats.memory_bytes >= 384 * MIB
    assert stats.parks == stats.compressions == stats.swap_outs == sum(stats.faults) == 0


def test_limit_can_be_lifted(own_workspace):
    """With a limit gone everything comes back by itself as it is touched."""
    guest = Guest(own_workspace, unsampled(), memory_mib=384)
    check = guest.start_pagecheck(150)
    with limit_held(guest, percent_of_use(guest, 33)):
        let_run(guest, 1)
    guest.pager.set_limit(None)
    check.stop()
    assert_right(check)
    stats = guest.pager.get_stats()
    assert stats.resident_bytes > 100 * MIB


@needs_root
def test_power_on_refused_without_room_for_swap(own_workspace):
    folder = own_workspace.folder("small")
    # A file system of 64 MiB in a mount namespace of its own, gone with the process.
    wrapper = ["unshare", "--mount", "sh", "-c",
               f'mount -t tmpfs -o size=64m small "{folder}" && exec "$@"', "sh"]
    with pytest.raises(GuestDied) as refused:
        Guest(own_workspace, unsampled(swap_dir=folder), memory_mib=384, wrapper=wrapper)
    assert re.search(r"\b3[12]\d(\.\d+)? MiB", str(refused.value)), str(refused.value)

    # What is reserved needs no swap space.
    guest = Guest(own_workspace, unsampled(swap_dir=folder, reservation_mib=340), memory_mib=384,
                  wrapper=wrapper)
    assert guest.pager.get_stats().swap_file_bytes <= 64 * MIB


@needs_root
@pytest.mark.skipif(Path("/proc/sys/vm/unprivileged_userfaultfd").read_text(encoding="ascii").strip() != "0",
                    reason="every user has the right to userfaultfd here")
def test_user_without_rights_runs_unmanaged(own_workspace):
    guest = Guest(own_workspace, unsampled(limit_mib=128), memory_mib=384, user="nobody")
    said = [line for line in guest.stderr().splitlines() if "aerostat" in line]
    assert len(said) == 1 and "userfaultfd" in said[0], guest.stderr()
    assert_right(guest.run("pagecheck memory --mib 200 --seconds 1"))
    assert guest.poweroff() == 0


def test_sandboxed_qemu_is_managed(own_workspace):
    """The seccomp filter that libvirt sets by default stays on."""
    guest = Guest(own_workspace, unsampled(), memory_mib=384, arguments=SANDBOX)
    status = Path(f"/proc/{guest.pid}/status").read_text(encoding="ascii")
    assert re.search(r"^Seccomp:\s+2$", status, re.M), "the filter is not there"
    check = guest.start_pagecheck(180)
    with limit_held(guest, percent_of_use(guest, 33)):
        guest.pager.set_codec("zstd")
        let_run(guest, 2)
        guest.pager.set_sampling(1000, 100)
        let_run(guest, 2)
        check.stop()
    assert_right(check)
    assert guest.poweroff() == 0
