# SPDX-License-Identifier: LGPL-2.1-or-later
"""A VM with EFI: it boots to its firmware, and the file of the firmware's variables is the VM's own."""

import os
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from fleet import Fleet, Refused, TaskFailed
from harness import Workspace, wait_until


@pytest.fixture(scope="module")
def fleet():
    if os.getuid() != 0:
        pytest.skip("libvirt's private daemon needs root")
    if not Path("/usr/share/OVMF/OVMF_CODE_4M.fd").exists():
        pytest.skip("the firmware is missing: Debian's package ovmf")
    with Workspace() as workspace:
        yield Fleet(workspace)


def nvram(fleet, name):
    root = ElementTree.fromstring(fleet.libvirt.virsh("dumpxml", "--inactive", name).stdout)
    return Path(root.findtext("os/nvram"))


def console(fleet, name):
    return next(fleet.home(name).glob("*.console"))


def boots(fleet, name):
    """The firmware says on the serial port what it tries, disks with nothing on them among it."""
    before = console(fleet, name).stat().st_size if list(fleet.home(name).glob("*.console")) else 0
    fleet.do("PowerOnVM", vm=name)
    wait_until(lambda: console(fleet, name).stat().st_size > before and
               b"BdsDxe" in console(fleet, name).read_bytes()[before:], what="the firmware")


def test_efi(fleet):
    fleet.do("CreateVM", name="efi", datastore="ds1", memory_mb=128, firmware="efi", disks=[{"size_mb": 1}])
    assert nvram(fleet, "efi") == fleet.home("efi") / "efi.nvram"
    boots(fleet, "efi")
    assert nvram(fleet, "efi").exists()
    fleet.off("efi")
    # What the firmware has kept, a clone has too: here, in the place of a boot entry, a byte of ours at the end.
    text = bytearray(nvram(fleet, "efi").read_bytes())
    text[-1] ^= 0x55
    nvram(fleet, "efi").write_bytes(text)

    fleet.do("CreateSnapshot", vm="efi", name="base")
    fleet.do("CloneVM", vm="efi", names=["efi2"])
    fleet.do("CloneVM", vm="efi", names=["efi3"], linked=False)
    for name in "efi2", "efi3":
        assert nvram(fleet, name) == fleet.home(name) / f"{name}.nvram"
        assert nvram(fleet, name).read_bytes() == text
        assert nvram(fleet, name).stat().st_mode & 0o777 == 0o600
        boots(fleet, name)
        fleet.off(name)

    # Relocated, registered elsewhere and renamed, it is there still.
    fleet.do("AddDatastore", name="ds2", path=str(fleet.workspace.folder("ds2")))
    fleet.do("RelocateVM", vm="efi3", datastore="ds2")
    assert nvram(fleet, "efi3").parent == fleet.workspace.path / "ds2/efi3" and nvram(fleet, "efi3").exists()
    fleet.do("UnregisterVM", vm="efi3")
    shutil.move(fleet.workspace.path / "ds2/efi3", fleet.store / "back")
    fleet.do("RegisterVM", path="[ds1] back/efi3.vmx")
    assert nvram(fleet, "efi3") == fleet.store / "back/efi3.nvram" and nvram(fleet, "efi3").exists()
    fleet.do("RenameVM", vm="efi3", name="efi4")
    fleet.do("PowerOnVM", vm="efi4")
    wait_until(lambda: fleet.power("efi4") == "running", what="it to run")
    fleet.off("efi4")
    for name in "efi2", "efi4", "efi":
        fleet.do("DestroyVM", vm=name)
    assert [path.name for path in fleet.store.iterdir()] == []
    fleet.do("RemoveDatastore", name="ds2")


# EFI, a kernel and what it unpacks need so much.
MEMORY_MB = 512
GUID = "5b1b4a8e-2f0c-4a57-9d8e-0123456789ab"


def mount(guest):
    guest.shell("insmod /modules/efivarfs.ko; mkdir -p /efi; mount -t efivarfs none /efi")


def keep(guest, name):
    """In a variable of the firmware's, which is there after a power-off."""
    guest.shell(f"printf '\\007\\000\\000\\000text' > /efi/{name}-{GUID}")


def kept(guest):
    return {name.split("-")[0] for name in guest.shell(f"cd /efi; ls -d *-{GUID}").split()}


@pytest.fixture(scope="module")
def stores(fleet):
    stores = {name: fleet.workspace.folder(name) for name in ("ds3", "ds4")}
    for name, path in stores.items():
        fleet.do("AddDatastore", name=name, path=str(path))
    return stores


def has_moved(fleet, name, store):
    """Nothing of it is anywhere else, and the definition names its variables there."""
    home = nvram(fleet, name).parent
    assert home.parent == store and nvram(fleet, name).exists()
    stores = [fleet.store, *(fleet.workspace.path / other for other in ("ds3", "ds4"))]
    assert [path for other in stores for path in other.glob(f"{name}*")] == [home]


def test_moved_while_running(fleet, stores):
    """QEMU writes variables where they were: they follow when it ends, also those of after the move."""
    fleet.create("moved", memory_mb=MEMORY_MB, firmware="efi", pager=False)
    guest = fleet.on("moved")
    mount(guest)
    keep(guest, "early")
    old = fleet.home("moved")
    moved = fleet.do("RelocateVM", vm="moved", datastore="ds3")
    assert moved["left"] == [str(old)] and fleet.disk("moved") == str(stores["ds3"] / "moved/moved.qcow2")
    assert not list(stores["ds3"].glob("moved/*.nvram")) and nvram(fleet, "moved") == old / "moved.nvram"
    with pytest.raises((Refused, TaskFailed), match="moved"):
        fleet.do("RemoveDatastore", name="ds1")
    with pytest.raises((Refused, TaskFailed), match="lives there"):
        fleet.do("DeleteDatastoreFile", path="[ds1] moved")
    keep(guest, "late")
    # Once more, and a snapshot with memory between, which is of a VM in three places.
    fleet.do("CreateSnapshot", vm="moved", name="between", memory=True)
    assert fleet.do("RelocateVM", vm="moved", datastore="ds4")["left"] == [str(old), str(stores["ds3"] / "moved")]
    keep(guest, "last")
    fleet.off("moved")
    has_moved(fleet, "moved", stores["ds4"])
    guest = fleet.on("moved")
    mount(guest)
    assert kept(guest) == {"early", "late", "last"}
    # Back to the snapshot, whose memory knew other folders.
    fleet.do("RevertToSnapshot", vm="moved", snapshot="between")
    guest = fleet.guest("moved")
    assert kept(guest) == {"early", "late"}
    fleet.off("moved")
    fleet.do("DestroyVM", vm="moved")


def test_moved_and_suspended(fleet, stores):
    """With the VM's memory on the new datastore, its variables are there, too, and the old folder is gone."""
    fleet.create("sleeper", memory_mb=MEMORY_MB, firmware="efi", pager=False)
    guest = fleet.on("sleeper")
    mount(guest)
    fleet.do("RelocateVM", vm="sleeper", datastore="ds3")
    keep(guest, "late")
    fleet.do("SuspendVM", vm="sleeper")
    has_moved(fleet, "sleeper", stores["ds3"])
    guest = fleet.on("sleeper", wait=False)
    guest.wait_ready()
    assert kept(guest) == {"late"}
    keep(guest, "later")
    fleet.off("sleeper")
    guest = fleet.on("sleeper")
    mount(guest)
    assert kept(guest) == {"late", "later"}
    fleet.off("sleeper")
    fleet.do("DestroyVM", vm="sleeper")


def test_moved_and_ended_by_itself(fleet, stores):
    """Nobody powered it off, and the daemon was not there: the next one sees to it."""
    fleet.create("ended", memory_mb=MEMORY_MB, firmware="efi", pager=False)
    guest = fleet.on("ended")
    mount(guest)
    fleet.do("RelocateVM", vm="ended", datastore="ds3")
    keep(guest, "late")
    fleet.daemon.kill()
    fleet.libvirt.virsh("destroy", "ended")
    # Also one that ended in the middle of this.
    (stores["ds3"] / "ended/ended.nvram.aerostat-partial").write_bytes(b"half")
    fleet.daemon.start()
    wait_until(lambda: not fleet.home("ended").exists(), what="the old folder to go")
    has_moved(fleet, "ended", stores["ds3"])
    assert not list(stores["ds3"].glob("ended/*partial"))
    guest = fleet.on("ended")
    mount(guest)
    assert kept(guest) == {"late"}
    fleet.off("ended")
    fleet.do("DestroyVM", vm="ended")
