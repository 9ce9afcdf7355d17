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

from harness import BUILD, HarnessError, Workspace, wait_until
from managed import Daemon, Refused
from vm_world import World

STRIDE = int(os.environ.get("AEROSTAT_TEST_STRIDE", "7"))
STEPS_MAX = 80
LIBRARY = BUILD / "tests/fault/die-at.so"


class MortalDaemon(Daemon):
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
def world():
    with Workspace() as workspace:
        if not LIBRARY.exists():
            pytest.skip(f"{LIBRARY} is missing; run make")
        try:
            yield World(workspace, MortalDaemon)
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


def settle(world, vm):
    """After a restart: what was left half-done is put right, and there is nothing of it any more."""
    def settled():
        try:
            vm.snapshots()
            return not world.daemon.intents()
        except Refused:
            return False
    wait_until(settled, what="the daemon to put things right")
    vm.check()


def die_everywhere(world, vm, prepare, operation, check):
    """Kills the daemon before every step of the operation in turn; prepare() makes the VM that it starts from."""
    killed = 0
    for number in range(1, STEPS_MAX, STRIDE):
        prepare()
        world.daemon.arm(number)
        try:
            operation()
        except (OSError, http.client.HTTPException):
            pass
        world.daemon.disarm()
        if not world.daemon.is_dead():
            check()
            assert killed > 0
            return killed
        killed += 1
        world.daemon.start()
        settle(world, vm)
        check()
    raise AssertionError("the operation has more steps than this test believes")


def reset(world, vm):
    """One file, and no snapshots."""
    vm.do("RemoveAllSnapshots")
    settle(world, vm)
    assert vm.files() == [f"{vm.name}.qcow2"]
    for mib, value in enumerate((1, 1, 1)):
        write(vm, mib, value)


@pytest.fixture(scope="module")
def vm(world):
    return world.make("mortal")


def test_create(world, vm):
    def prepare():
        reset(world, vm)
        vm.snapshot("one")
        write(vm, 1, 2)

    def check():
        expect(vm.leaves()["vda"], (1, 2, 1))
        files = frozen(vm)
        expect(files["one"], (1, 1, 1))
        if "two" in files:
            expect(files["two"], (1, 2, 1))
            assert vm.leaves()["vda"] not in files.values()

    print(die_everywhere(world, vm, prepare, lambda: vm.snapshot("two"), check), "steps")


def test_revert(world, vm):
    def prepare():
        reset(world, vm)
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

    print(die_everywhere(world, vm, prepare, lambda: vm.do("RevertToSnapshot", snapshot="one"), check), "steps")


def test_remove(world, vm):
    """The lower one of two: the upper one's file takes its place, and the upper one's record follows."""
    def prepare():
        reset(world, vm)
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

    print(die_everywhere(world, vm, prepare, lambda: vm.do("RemoveSnapshot", snapshot="one"), check), "steps")


def test_remove_all(world, vm):
    """With a side branch."""
    def prepare():
        reset(world, vm)
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

    print(die_everywhere(world, vm, prepare, lambda: vm.do("RemoveAllSnapshots"), check), "steps")
    reset(world, vm)


def test_running(world):
    """The same below a guest that goes on writing, and that notices nothing."""
    vm = world.make("alive")
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
    for operation in (lambda: vm.snapshot("three"), lambda: vm.do("RemoveSnapshot", snapshot="one"),
                      lambda: vm.do("RemoveAllSnapshots"), lambda: vm.snapshot("memory", memory=True)):
        print(die_everywhere(world, vm, prepare, operation, check), "steps")
    vm.do("RemoveAllSnapshots")
    check()
    assert vm.files() == ["alive.qcow2"]
    vm.off()
    vm.check()


class Places:
    """Two datastores, and a VM that is in one of them, whole, with nothing of it in the other."""

    def __init__(self, world, vm):
        self.world, self.vm = world, vm
        self.stores = {"store": world.store, "other": world.workspace.folder("other")}

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


def test_relocate(world, vm):
    places = Places(world, vm)
    world.do("AddDatastore", name="other", path=str(places.stores["other"]))
    reset(world, vm)
    vm.snapshot("one")
    write(vm, 1, 2)

    def check():
        places.check()
        expect(vm.leaves()["vda"], (1, 2, 1))
        expect(frozen(vm)["one"], (1, 1, 1))

    print(die_everywhere(world, vm, lambda: None, places.go, check), "steps")


def test_relocate_running(world):
    vm = world.make("moving")
    vm.on()
    vm.write(1, "one")
    vm.snapshot("first")
    vm.write(2, "two")
    places = Places(world, vm)

    def check():
        places.check()
        assert (vm.read(1), vm.read(2)) == ("one", "two")

    print(die_everywhere(world, vm, lambda: None, places.go, check), "steps")
    vm.off()
    vm.check()
