# SPDX-License-Identifier: LGPL-2.1-or-later
"""Folders and resource pools with VMs in them, by pyVmomi: who is where, and what goes with a folder."""

import pytest

from vms import STORE, Machines, WaitForTask, fails_with, reconfigure, vim, vmodl, wait_until


@pytest.fixture(scope="module")
def machines(guest_host):
    return Machines(guest_host)


@pytest.fixture(name="lab")
def _lab(machines):
    folder = machines.folder.CreateFolder("lab")
    yield folder
    for vm in list(machines.compute.host[0].vm):
        if vm.runtime.powerState == "poweredOn":
            WaitForTask(vm.PowerOffVM_Task())
    if folder in machines.folder.childEntity:
        WaitForTask(folder.Destroy_Task())
    assert not machines.compute.host[0].vm


def is_there(managed):
    try:
        return bool(managed.name)
    except vmodl.fault.ManagedObjectNotFound:
        return False


def test_vms_follow_their_folder(machines, lab):
    inner = lab.CreateFolder("inner")
    one, two = machines.create("one", folder=inner), machines.create("two")
    assert one.parent == inner and two.parent == machines.folder
    WaitForTask(lab.Rename_Task("renamed"))
    assert one.parent == inner and machines.content.searchIndex.FindByInventoryPath(
        f"{machines.datacenter.name}/vm/renamed/inner/one") == one
    # What is told of it later says the same.
    reconfigure(one, annotation="seen again")
    assert one.config.annotation == "seen again" and one.parent == inner
    WaitForTask(machines.folder.MoveIntoFolder_Task([inner]))
    assert inner.parent == machines.folder and one.parent == inner
    WaitForTask(lab.MoveIntoFolder_Task([inner, two]))
    assert set(lab.childEntity) == {inner, two} and two.parent == lab
    assert one not in machines.folder.childEntity and two not in machines.folder.childEntity


def test_vms_follow_a_folder_that_others_move(machines, lab):
    """By an operation, as the command line does: the folder is another object then."""
    vms = [machines.create(name, folder=lab) for name in ("one", "two", "three")]
    for number in range(6):
        machines.do("MoveFolder", path="/lab" if number == 0 else f"/moved{number - 1}", to=f"/moved{number}")
        wait_until(lambda number=number: {vm.parent.name for vm in vms} == {f"moved{number}"}, "all to be in it")
    moved = vms[0].parent
    assert set(moved.childEntity) == set(vms) and not set(vms) & set(machines.folder.childEntity)
    WaitForTask(moved.Destroy_Task())


def test_destroy_takes_the_vms(machines, lab):
    """Also a parent whose clones stand on its disk: they go before it."""
    inner = lab.CreateFolder("inner")
    parent = machines.create("parent", disks=[8], folder=lab)
    WaitForTask(parent.CreateSnapshot_Task("base", "", False, False))
    machines.do("CloneVM", vm="parent", linked=True, names=["clone"], folder="/lab/inner")
    clone = machines.find("clone")
    assert clone.parent == inner and machines.home("clone").exists()
    WaitForTask(lab.Destroy_Task())
    assert not any(is_there(managed) for managed in (lab, inner, parent, clone))
    assert not machines.home("parent").exists() and not machines.home("clone").exists()


def test_nothing_goes_while_one_runs(machines, lab):
    off, on = machines.create("off", disks=[8], folder=lab), machines.create("on", folder=lab)
    WaitForTask(on.PowerOnVM_Task())
    for task in (lab.Destroy_Task(), lab.UnregisterAndDestroy_Task()):
        with fails_with(vim.fault.InvalidState):
            WaitForTask(task)
    assert is_there(off) and is_there(on) and machines.home("off").exists()


def test_unregister_leaves_the_files(machines, lab):
    vm = machines.create("kept", disks=[8], folder=lab)
    WaitForTask(lab.UnregisterAndDestroy_Task())
    assert not is_there(vm) and not is_there(lab)
    assert (machines.home("kept") / "kept.vmx").exists()
    WaitForTask(machines.folder.RegisterVM_Task(path=f"[{STORE}] kept/kept.vmx", asTemplate=False, pool=machines.pool))
    WaitForTask(machines.find("kept").Destroy_Task())


def test_pools(machines, lab):
    plain = vim.ResourceConfigSpec(cpuAllocation=vim.ResourceAllocationInfo(),
                                   memoryAllocation=vim.ResourceAllocationInfo())
    pool = machines.pool.CreateResourcePool("gold", plain)
    on, off = machines.create("on", folder=lab, memoryMB=96), machines.create("off", folder=lab)
    WaitForTask(on.PowerOnVM_Task())
    pool.MoveIntoResourcePool([on, off])
    assert on.resourcePool == off.resourcePool == pool and set(pool.vm) == {on, off}

    reserve = vim.ResourceConfigSpec(entity=on, cpuAllocation=vim.ResourceAllocationInfo(),
                                     memoryAllocation=vim.ResourceAllocationInfo(reservation=32))
    pool.UpdateChildResourceConfiguration([reserve])
    assert on.resourceConfig.memoryAllocation.reservation == 32
    wait_until(lambda: pool.runtime.memory.reservationUsed == 32 << 20, "the next round")
    assert pool.runtime.memory.reservationUsedForVm == 32 << 20
    assert pool.summary.configuredMemoryMB == 96 and pool.runtime.memory.overallUsage > 0

    reserve.memoryAllocation.reservation = 97  # more than it has
    with fails_with(vmodl.fault.InvalidArgument):
        pool.UpdateChildResourceConfiguration([reserve])
    WaitForTask(pool.Rename_Task("silver"))
    reconfigure(off, annotation="seen again")
    assert off.resourcePool == on.resourcePool == pool
    WaitForTask(pool.Destroy_Task())
    assert on.resourcePool == off.resourcePool == machines.pool
    reconfigure(off, annotation="and again")
    assert off.resourcePool == machines.pool and off in machines.pool.vm
