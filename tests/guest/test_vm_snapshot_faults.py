# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon is killed before each step of what is done with snapshots and disks, and nothing is lost.

AEROSTAT_TEST_STRIDE: every how-many-eth step; 1 for all of them, which takes minutes.
"""

import http.client
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from fleet import Fleet, FleetDaemon, Refused
from harness import BUILD, HarnessError, Workspace, wait_until

STRIDE = int(os.environ.get("AEROSTAT_TEST_STRIDE", "7"))
STEPS_MAX = 80
LIBRARY = BUILD / "tests/fault/die-at.so"


class MortalDaemon(FleetDaemon):
    """It dies before the n-th step after arm(n)."""

    @property
    def switch(self):
        return self.folder / "die-at"

    def command(self):
        return ["env", f"LD_PRELOAD={LIBRARY}", f"AEROSTAT_DIE_AT={self.switch}", *super().command()]

    def arm(self, number):
        partial = self.folder / "die-at.new"
        partial.write_text(str(number), encoding="ascii")
        partial.rename(self.switch)

    def disarm(self):
        self.switch.unlink(missing_ok=True)

    def is_dead(self):
        """Asked after disarm(), it stays as it is."""
        try:
            self.host()
            return False
        except (OSError, http.client.HTTPException):
            self.process.wait(60)
            return True

    def intents(self):
        with sqlite3.connect(f"file:{self.folder}/state/inventory.sqlite?mode=ro", uri=True) as db:
            return db.execute("SELECT kind FROM intent").fetchall()


@pytest.fixture(scope="module")
def fleet():
    with Workspace() as workspace:
        if not LIBRARY.exists():
            pytest.skip(f"{LIBRARY} is missing; run make")
        try:
            yield Fleet(workspace, datastore="store", daemon=MortalDaemon)
        except HarnessError as error:
            pytest.skip(str(error))


def io(path, *commands):
    words = [word for command in commands for word in ("-c", command)]
    done = subprocess.run(["qemu-io", "-f", "qcow2", *words, str(path)], check=False, capture_output=True,
                          text=True)
    assert done.returncode == 0 and "failed" not in done.stdout, f"{path}: {done.stdout} {done.stderr}"


def write(vm, mib, value):
    """A MiB of the VM's disk, which is off."""
    io(vm.leaves()["vda"], f"write -P {value} {mib}M 1M")


def expect(path, values):
    io(path, *[f"read -P {value} {mib}M 1M" for mib, value in enumerate(values)])


def holds(path, values):
    try:
        expect(path, values)
    except AssertionError:
        return False
    return True


def frozen(vm):
    """The snapshots' files, by the snapshots' names."""
    return {snapshot["name"]: snapshot["disks"]["vda"] for snapshot in vm.snapshots()["snapshots"]}


def settle(fleet, vm):
    """After a restart: what was left half-done is put right by itself, and there is nothing of it any more."""
    def settled():
        try:
            running = fleet.daemon.api.running_tasks()
            needed = vm.snapshots()["consolidation_needed"]
            return not fleet.daemon.intents() and not running and not needed
        except Refused:
            return False
    wait_until(settled, what="the daemon to put things right")
    vm.check()


def die_everywhere(fleet, vm, prepare, operation, check, stride=STRIDE):
    """Kills the daemon before every step of the operation in turn; prepare() makes the VM that it starts from."""
    killed = 0
    for number in range(1, STEPS_MAX, stride):
        prepare()
        fleet.daemon.arm(number)
        try:
            operation()
        except (OSError, http.client.HTTPException):
            pass
        fleet.daemon.disarm()
        if not fleet.daemon.is_dead():
            check()
            assert killed > 0
            return killed
        killed += 1
        fleet.daemon.start()
        settle(fleet, vm)
        check()
    raise AssertionError("the operation has more steps than this test believes")


def reset(fleet, vm):
    """One file, and no snapshots."""
    vm.do("RemoveAllSnapshots")
    settle(fleet, vm)
    assert vm.files() == [f"{vm.name}.qcow2"]
    for mib, value in enumerate((1, 1, 1)):
        write(vm, mib, value)


@pytest.fixture(scope="module")
def vm(fleet):
    return fleet.machine("mortal")


def test_create(fleet, vm):
    def prepare():
        reset(fleet, vm)
        vm.snapshot("one")
        write(vm, 1, 2)

    def check():
        expect(vm.leaves()["vda"], (1, 2, 1))
        files = frozen(vm)
        expect(files["one"], (1, 1, 1))
        if "two" in files:
            expect(files["two"], (1, 2, 1))
            assert vm.leaves()["vda"] not in files.values()

    print(die_everywhere(fleet, vm, prepare, lambda: vm.snapshot("two"), check), "steps")


def test_revert(fleet, vm):
    def prepare():
        reset(fleet, vm)
        vm.snapshot("one")
        write(vm, 1, 2)
        vm.snapshot("two")
        write(vm, 2, 3)

    def check():
        leaf = vm.leaves()["vda"]
        assert holds(leaf, (1, 2, 3)) or holds(leaf, (1, 1, 1))
        files = frozen(vm)
        expect(files["one"], (1, 1, 1))
        expect(files["two"], (1, 2, 1))
        current = [s["name"] for s in vm.snapshots()["snapshots"] if s["current"]]
        assert current == (["one"] if holds(leaf, (1, 1, 1)) else ["two"])

    print(die_everywhere(fleet, vm, prepare, lambda: vm.do("RevertToSnapshot", snapshot="one"), check), "steps")


def test_remove(fleet, vm):
    """The lower one of two: the upper one's file takes its place, and the upper one's record follows."""
    def prepare():
        reset(fleet, vm)
        vm.snapshot("one")
        write(vm, 1, 2)
        vm.snapshot("two")
        write(vm, 2, 3)

    def check():
        expect(vm.leaves()["vda"], (1, 2, 3))
        files = frozen(vm)
        expect(files["two"], (1, 2, 1))
        if "one" in files:
            expect(files["one"], (1, 1, 1))

    print(die_everywhere(fleet, vm, prepare, lambda: vm.do("RemoveSnapshot", snapshot="one"), check), "steps")


def test_remove_all(fleet, vm):
    """With a side branch."""
    def prepare():
        reset(fleet, vm)
        vm.snapshot("one")
        write(vm, 1, 2)
        vm.snapshot("two")
        vm.do("RevertToSnapshot", snapshot="one")
        write(vm, 2, 3)
        vm.snapshot("three")
        write(vm, 2, 4)

    def check():
        expect(vm.leaves()["vda"], (1, 1, 4))
        files = frozen(vm)
        assert set(files) in ({"one", "two", "three"}, set())
        for name, values in (("one", (1, 1, 1)), ("two", (1, 2, 1)), ("three", (1, 1, 3))):
            if name in files:
                expect(files[name], values)

    print(die_everywhere(fleet, vm, prepare, lambda: vm.do("RemoveAllSnapshots"), check), "steps")
    reset(fleet, vm)


def test_running(fleet):
    """The same below a guest that goes on writing, and that notices nothing."""
    vm = fleet.machine("alive")
    vm.on()
    job = vm.start("sh -c 'i=0; while :; do i=$((i+1)); for b in 100 200 300; do echo $i.$b | dd of=/dev/vda bs=4096 "
                   "seek=$b conv=notrunc,fsync 2>/dev/null; dd if=/dev/vda iflag=direct bs=4096 skip=$b count=1 "
                   "2>/dev/null | head -n 1 | grep -qx $i.$b || exit 1; done; echo round=$i; usleep 50000; done'")
    job.wait_line("round=1")

    def prepare():
        vm.do("RemoveAllSnapshots")
        vm.snapshot("one")
        vm.write(1, "x2")
        vm.snapshot("two")
        vm.write(2, "x3")

    def check():
        assert (vm.read(0), vm.read(1), vm.read(2)) == ("x1", "x2", "x3")
        job.wait_line("round=", after=len(job.lines))

    vm.write(0, "x1")
    operations = [lambda: vm.snapshot("memory", memory=True), lambda: vm.do("RemoveAllSnapshots")]
    if STRIDE == 1:
        operations += [lambda: vm.snapshot("three"), lambda: vm.do("RemoveSnapshot", snapshot="one")]
    for operation in operations:
        print(die_everywhere(fleet, vm, prepare, operation, check), "steps")
    vm.do("RemoveAllSnapshots")
    check()
    assert vm.files() == ["alive.qcow2"]
    vm.off()
    vm.check()


@pytest.mark.parametrize("running", (False, True), ids=("off", "on"))
def test_disks(fleet, running):
    """A disk is there with its file and its mode, or not at all; it has one size or the other."""
    vm = fleet.machine("disks-on" if running else "disks-off")
    if running:
        vm.on()

    def disks():
        return {disk["target"]: disk for disk in vm.do("ListDisks")}

    def remove():
        for target in set(disks()) - {"vda"}:
            vm.do("RemoveDisk", target=target, delete=True)

    def add():
        vm.do("AddDisk", size_mb=8, mode="independent_persistent")

    def check():
        vm.check()
        assert all(disk["mode"] == "independent_persistent" for target, disk in disks().items() if target != "vda")

    def add_again():
        if len(disks()) == 1:
            add()

    def size():
        return int(vm.sh("cat /sys/block/vda/size")) if running else disks()["vda"]["provisioned_bytes"] // 512

    def extend():
        vm.do("ExtendDisk", target="vda", size_mb=sizes[-1] // 2048 + 8)

    def check_size():
        vm.check()
        now = size()
        assert now in (sizes[-1], sizes[-1] + 8 * 2048)
        sizes.append(now)

    print(die_everywhere(fleet, vm, remove, add, check, min(STRIDE, 3)), "steps")
    print(die_everywhere(fleet, vm, add_again, remove, check, min(STRIDE, 3)), "steps")
    sizes = [size()]
    print(die_everywhere(fleet, vm, lambda: None, extend, check_size, 1), "steps")


def test_release(fleet):
    """Killed at any step, the disks say what they said, and what was being made of them is gone."""
    vm = fleet.machine("release", disks=2)

    def prepare():
        for disk in vm.leaves().values():
            io(disk, "write -P 7 1M 1M", "write -P 0 8M 8M")

    def release():
        vm.do("ReleaseSpace")

    def check():
        assert sorted(vm.home.glob("*released*")) == []
        vm.check()
        for disk in vm.leaves().values():
            expect(disk, (0, 7, 0))

    print(die_everywhere(fleet, vm, prepare, release, check, 1), "steps")


def test_attach(fleet):
    """The disk is the VM's with its mode, or is not, and its file is there in any case."""
    vm = fleet.machine("attach")
    path = fleet.store / "shelf.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(path), "8M"], check=True)

    def disks():
        return {disk["target"]: disk["mode"] for disk in vm.do("ListDisks")}

    def detach():
        if len(disks()) > 1:
            vm.do("RemoveDisk", target="vdb")

    def attach():
        vm.do("AttachDisk", path="[store] shelf.qcow2", mode="independent_nonpersistent")

    def check():
        assert path.exists() and disks().get("vdb", "independent_nonpersistent") == "independent_nonpersistent"

    print(die_everywhere(fleet, vm, detach, attach, check, 1), "steps")


class Places:
    """Two datastores, and a VM that is in one of them, whole, with nothing of it in the other."""

    def __init__(self, fleet, vm):
        self.fleet, self.vm = fleet, vm
        self.stores = {"store": fleet.store, "other": fleet.workspace.folder("other")}

    def find(self):
        return next(name for name, path in self.stores.items() if str(path) in self.vm.leaves()["vda"])

    def go(self):
        self.vm.do("RelocateVM", datastore="store" if self.find() == "other" else "other")

    def check(self):
        here = self.find()
        self.vm.home = Path(self.vm.leaves()["vda"]).parent
        self.vm.check()
        for name, path in self.stores.items():
            files = {file for file in path.glob(f"{self.vm.name}*/*.qcow2")}
            assert {file.parent for file in files} == ({self.vm.home} if name == here else set()), files


def test_relocate(fleet, vm):
    places = Places(fleet, vm)
    fleet.do("AddDatastore", name="other", path=str(places.stores["other"]))
    reset(fleet, vm)
    vm.snapshot("one")
    write(vm, 1, 2)

    def check():
        places.check()
        expect(vm.leaves()["vda"], (1, 2, 1))
        expect(frozen(vm)["one"], (1, 1, 1))

    print(die_everywhere(fleet, vm, lambda: None, places.go, check), "steps")


def test_relocate_running(fleet):
    """Disk by disk: what is killed between two of them ends with both in one place."""
    vm = fleet.machine("moving", disks=2)
    vm.on()
    vm.write(1, "one")
    vm.write(1, "other", disk="vdb")
    vm.snapshot("first")
    vm.write(2, "two")
    places = Places(fleet, vm)

    def check():
        places.check()
        assert (vm.read(1), vm.read(2), vm.read(1, disk="vdb")) == ("one", "two", "other")

    # No more than two steps are between the disks.
    print(die_everywhere(fleet, vm, lambda: None, places.go, check, min(STRIDE, 2)), "steps")
    assert any("ended by a task" in event["message"] for event in fleet.events())
    vm.off()
    vm.check()
