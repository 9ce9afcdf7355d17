# SPDX-License-Identifier: LGPL-2.1-or-later
"""Resource pools by pyVmomi."""

import pytest
from pyVim.task import WaitForTask
from pyVmomi import vim, vmodl

from conftest import wait_until


def allocation(reservation=0, limit=-1, level="normal", shares=0, expandable=True):
    return vim.ResourceAllocationInfo(reservation=reservation, limit=limit, expandableReservation=expandable,
                                      shares=vim.SharesInfo(level=level, shares=shares))


def config(**memory):
    return vim.ResourceConfigSpec(cpuAllocation=allocation(shares=4000), memoryAllocation=allocation(**memory))


@pytest.fixture(name="root")
def _root(si):
    pool = si.content.rootFolder.childEntity[0].hostFolder.childEntity[0].resourcePool
    yield pool
    pool.DestroyChildren()


@pytest.fixture(name="machine")
def _machine(si):
    (vm,) = [vm for vm in si.content.rootFolder.childEntity[0].vmFolder.childEntity if vm.name == "test"]
    return vm


def test_made_and_changed(root):
    pool = root.CreateResourcePool("gold", config(level="high", limit=4096))
    assert pool.name == "gold" and pool.parent == root and pool in root.resourcePool
    memory = pool.config.memoryAllocation
    assert (memory.shares.level, memory.shares.shares) == ("high", 327680)
    assert (memory.reservation, memory.limit, memory.expandableReservation) == (0, 4096, True)

    change = vim.ResourceConfigSpec(cpuAllocation=vim.ResourceAllocationInfo(),
                                    memoryAllocation=vim.ResourceAllocationInfo(reservation=64))
    pool.UpdateConfig("silver", change)
    assert pool.name == "silver"
    memory = pool.config.memoryAllocation
    assert (memory.shares.level, memory.reservation, memory.limit) == ("high", 64, 4096)
    assert pool.summary.config.memoryAllocation.reservation == 64
    assert root.runtime.memory.reservationUsed == 64 << 20
    assert pool.runtime.memory.maxUsage <= 4096 << 20
    assert pool.runtime.memory.unreservedForPool >= 64 << 20

    WaitForTask(pool.Rename_Task("bronze"))
    assert pool.name == "bronze" and pool.summary.name == "bronze"
    WaitForTask(pool.Destroy_Task())
    with pytest.raises(vmodl.fault.ManagedObjectNotFound):
        pool.name  # pylint: disable=pointless-statement


def test_tree(root):
    outer, other = (root.CreateResourcePool(name, config()) for name in ("outer", "other"))
    inner = outer.CreateResourcePool("inner", config(level="custom", shares=77))
    other.MoveIntoResourcePool([inner])
    assert inner.parent == other and not outer.resourcePool and list(other.resourcePool) == [inner]
    assert inner.config.memoryAllocation.shares.shares == 77
    spec = config(level="low")
    spec.entity = inner
    other.UpdateChildResourceConfiguration([spec])
    assert inner.config.memoryAllocation.shares.level == "low"
    assert [child.entity for child in other.childConfiguration] == [inner]
    WaitForTask(other.Destroy_Task())
    assert inner.parent == root
    with pytest.raises(vmodl.fault.InvalidArgument):
        inner.MoveIntoResourcePool([inner])


def test_vms(root, machine):
    pool = root.CreateResourcePool("vms", config())
    try:
        pool.MoveIntoResourcePool([machine])
        assert machine.resourcePool == pool and machine in pool.vm and machine not in root.vm
        spec = vim.ResourceConfigSpec(entity=machine, cpuAllocation=vim.ResourceAllocationInfo(),
                                      memoryAllocation=allocation(level="custom", shares=123, limit=2048))
        pool.UpdateChildResourceConfiguration([spec])
        memory = machine.resourceConfig.memoryAllocation
        assert (memory.shares.level, memory.shares.shares, memory.limit) == ("custom", 123, 2048)
        assert [child.memoryAllocation.limit for child in pool.childConfiguration] == [2048]
        # Its pool is renamed, and then deleted: the VM goes with the one, and to the parent of the other.
        WaitForTask(pool.Rename_Task("renamed"))
        assert machine.resourcePool == pool
        WaitForTask(pool.Destroy_Task())
        assert machine.resourcePool == root and machine in root.vm
    finally:
        if machine.resourcePool != root:
            root.MoveIntoResourcePool([machine])


def tight(pool, name, megabytes):
    return pool.CreateResourcePool(name, config(reservation=megabytes, expandable=False))


@pytest.mark.usefixtures("fixed")
def test_all_move_or_none(root, machine):
    """Together they fit or not, whichever comes first; the fault says whose promise is the first too many."""
    target, a, b = (tight(root, name, size) for name, size in (("target", 100), ("a", 64), ("b", 64)))
    inner = tight(a, "inner", 40)
    for moved in [a, b], [machine, b, a], [inner, a], [a, inner]:
        with pytest.raises(vim.fault.InsufficientMemoryResourcesFault) as refused:
            target.MoveIntoResourcePool(moved)
        last = "inner" if moved == [a, inner] else moved[-1].name
        assert f'{last}"' in refused.value.msg and "pool \"/target\" has" in refused.value.msg
        assert refused.value.requested == {"inner": 40, "a": 64, "b": 64}[last] << 20
        assert (a.parent, b.parent, inner.parent, machine.resourcePool) == (root, root, a, root)
    assert not target.resourcePool and not target.vm and target.runtime.memory.reservationUsed == 0

    target.MoveIntoResourcePool([machine, inner, b.CreateResourcePool("c", config())])
    assert {pool.name for pool in target.resourcePool} == {"inner", "c"} and not a.resourcePool
    assert target.runtime.memory.reservationUsed == 40 << 20
    # A VM that is in a pool that moves, too, goes on its own: it is in the target itself.
    root.MoveIntoResourcePool([inner])
    inner.MoveIntoResourcePool([machine])
    target.MoveIntoResourcePool([inner, machine, inner])
    assert machine.resourcePool == target and inner.parent == target and not inner.vm
    root.MoveIntoResourcePool([machine])


def test_none_of_several_moves(root, machine):
    target, a, b = (root.CreateResourcePool(name, config()) for name in ("target", "a", "b"))
    one, other = a.CreateResourcePool("same", config()), b.CreateResourcePool("same", config())
    deep = target.CreateResourcePool("deep", config())
    with pytest.raises(vim.fault.DuplicateName) as refused:
        target.MoveIntoResourcePool([machine, one, other])
    assert refused.value.object == one and refused.value.name == "same"
    for wrong, says in (target, "/target"), (root, '"/"'):
        with pytest.raises(vmodl.fault.InvalidArgument) as refused:
            deep.MoveIntoResourcePool([machine, a, wrong])
        assert says in refused.value.msg
    with pytest.raises(vmodl.fault.InvalidArgument) as refused:
        target.MoveIntoResourcePool([machine, a, root.owner])
    assert refused.value.invalidProperty == "list"
    assert (one.parent, other.parent, a.parent, machine.resourcePool) == (a, b, root, root)

    # What only the last step finds: it would be too deep. The others are where they were.
    bottom = target
    for level in range(2, 16):
        bottom = bottom.CreateResourcePool(f"level {level}", config())
    with pytest.raises(vmodl.fault.InvalidArgument) as refused:
        bottom.MoveIntoResourcePool([machine, b.CreateResourcePool("flat", config()), a])
    assert "/a/same" in refused.value.msg
    assert a.parent == root and machine.resourcePool == root
    assert {pool.name for pool in b.resourcePool} == {"same", "flat"}
    assert not bottom.resourcePool and not bottom.vm


@pytest.mark.parametrize("name, spec, fault", [
    ("taken", config(), vim.fault.DuplicateName),
    ("", config(), vim.fault.InvalidName),
    ("a/b", config(), vim.fault.InvalidName),
    ("x", config(reservation=-1), vmodl.fault.InvalidArgument),
    ("x", config(reservation=10, limit=5), vmodl.fault.InvalidArgument),
    ("x", config(level="custom", shares=0), vmodl.fault.InvalidArgument),
    ("x", config(reservation=1 << 30), vim.fault.InsufficientMemoryResourcesFault),
    ("x", vim.ResourceConfigSpec(cpuAllocation=allocation(reservation=500), memoryAllocation=allocation()),
     vmodl.fault.NotSupported),
])
def test_refused(root, name, spec, fault):
    root.CreateResourcePool("taken", config())
    with pytest.raises(fault):
        root.CreateResourcePool(name, spec)
    assert [pool.name for pool in root.resourcePool] == ["taken"]


@pytest.fixture(name="fixed")
def _fixed(host):
    """What is to be shared out does not change with what else the machine does."""
    before = host.manager.settings()["Mem.HostMemoryMB"]
    host.manager.set(**{"Mem.HostMemoryMB": 512})
    wait_until(lambda: host.manager.host()["managed_bytes"] == 512 << 20, "a round with it")
    yield
    host.manager.set(**{"Mem.HostMemoryMB": before})


@pytest.mark.usefixtures("fixed")
def test_what_can_still_be_promised(host, root):
    """As much as is said to be free is admitted, and not more, in the root as in a pool."""
    def free(path):
        return {pool["path"]: pool["reservation_free_bytes"] for pool in host.manager.pools()}[path]

    most = free("/")
    assert 64 << 20 < most < 512 << 20
    wait_until(lambda: root.runtime.memory.unreservedForPool == most, "the pool to be told so")
    with pytest.raises(vim.fault.InsufficientMemoryResourcesFault):
        tight(root, "too much", (most >> 20) + 1)
    pool = tight(root, "some", 64)
    assert (free("/some"), free("/")) == (64 << 20, most - (64 << 20))
    tight(pool, "child", 24)  # which a pool has promised, VMs or not
    assert (free("/some"), free("/some/child"), free("/")) == (40 << 20, 24 << 20, most - (64 << 20))
    with pytest.raises(vim.fault.InsufficientMemoryResourcesFault):
        tight(pool, "too much", 41)
    tight(root, "all", free("/") >> 20)
    assert free("/") < 1 << 20


def test_root_stays(root):
    with pytest.raises(vmodl.fault.NotSupported):
        root.UpdateConfig(None, config())
    with pytest.raises(vmodl.fault.NotSupported):
        root.Destroy_Task()
    assert root.config.memoryAllocation.limit == root.config.memoryAllocation.reservation > 0


def test_ids_last(host):
    """An object keeps its id, also while the daemon is started again."""
    si = host.connect()
    root = si.content.rootFolder.childEntity[0].hostFolder.childEntity[0].resourcePool
    pool = root.CreateResourcePool("lasting", config())
    inner = pool.CreateResourcePool("inner", config())
    pool.UpdateConfig("renamed", None)
    ids = {pool._moId, inner._moId}
    uuid = si.content.about.instanceUuid
    host.end()
    host.start()
    service = host.connect()
    again = service.content.rootFolder.childEntity[0].hostFolder.childEntity[0].resourcePool
    (found,) = again.resourcePool
    assert {found._moId, found.resourcePool[0]._moId} == ids and found.name == "renamed"
    assert service.content.about.instanceUuid == uuid
    again.DestroyChildren()
