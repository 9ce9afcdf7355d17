# SPDX-License-Identifier: LGPL-2.1-or-later
"""Performance counters, as pyVmomi reads them."""

import datetime
import time

import past
import pytest
from pyVmomi import vim, vmodl

from conftest import PASSWORD, USER, Host, wait_until

INTERVAL_S, DAY_INTERVAL_S = 20, 300


def one(si, kind):
    view = si.content.viewManager.CreateContainerView(si.content.rootFolder, [kind], True)
    try:
        return wait_until(lambda: list(view.view), f"a {kind.__name__}")[0]
    finally:
        view.DestroyView()


def counters(si):
    """"mem.active.average" to its id, as every script makes it."""
    return {f"{c.groupInfo.key}.{c.nameInfo.key}.{c.rollupType}": c.key for c in si.content.perfManager.perfCounter}


def spec_of(si, entity, *names, **more):
    ids = counters(si)
    metrics = [vim.PerformanceManager.MetricId(counterId=ids[name], instance="") for name in names]
    return vim.PerformanceManager.QuerySpec(entity=entity, metricId=metrics, **{"intervalId": INTERVAL_S, **more})


def query(si, entity, *names, **more):
    return si.content.perfManager.QueryPerf([spec_of(si, entity, *names, **more)])


@pytest.fixture(scope="module")
def sampled(host):
    """Once the first sample was taken."""
    from pyVim.connect import Disconnect
    service = host.connect()
    wait_until(lambda: query(service, one(service, vim.HostSystem), "mem.consumed.average"), "a sample",
               timeout=3 * INTERVAL_S)
    Disconnect(service)


def test_counters(si):
    names = counters(si)
    for name in ("mem.granted.average", "mem.active.average", "mem.shared.average", "mem.zero.average",
                 "mem.swapped.average", "mem.vmmemctl.average", "mem.vmmemctltarget.average", "mem.swapin.average",
                 "mem.swapout.average", "mem.swapinRate.average", "mem.swapoutRate.average", "mem.overhead.average",
                 "mem.consumed.average", "mem.usage.average", "mem.compressed.average",
                 "mem.compressionRate.average", "mem.decompressionRate.average", "mem.swaptarget.average",
                 "mem.entitlement.average", "mem.sharedcommon.average", "mem.reservedCapacity.average",
                 "mem.state.latest", "mem.totalmb.average", "mem.unreserved.average", "sys.uptime.latest"):
        assert name in names
    manager = si.content.perfManager
    assert manager.QueryPerfCounter([names["mem.active.average"]])[0].unitInfo.key == "kiloBytes"
    assert all(counter.level == 1 for counter in manager.QueryPerfCounterByLevel(1))
    interval, = manager.historicalInterval
    assert (interval.samplingPeriod, interval.length) == (DAY_INTERVAL_S, 86400)
    assert (interval.name, interval.enabled) == ("Past day", True)


def test_providers(si):
    for kind, measured in ((vim.HostSystem, True), (vim.VirtualMachine, True), (vim.ResourcePool, True),
                           (vim.Datacenter, False)):
        summary = si.content.perfManager.QueryPerfProviderSummary(one(si, kind))
        assert summary.currentSupported is measured
        assert summary.summarySupported is measured
        assert summary.refreshRate == (INTERVAL_S if measured else None)


def test_samples(sampled, host, si):
    entity = one(si, vim.HostSystem)
    available = {metric.counterId for metric in si.content.perfManager.QueryAvailablePerfMetric(entity)}
    assert counters(si)["mem.consumed.average"] in available
    result, = query(si, entity, "mem.totalmb.average", "mem.state.latest", maxSample=1)
    assert result.entity == entity
    assert len(result.sampleInfo) == 1 and result.sampleInfo[0].interval == INTERVAL_S
    assert result.sampleInfo[0].timestamp.second % INTERVAL_S == 0
    values = {series.id.counterId: series.value for series in result.value}
    shown = host.manager.host()
    assert values[counters(si)["mem.totalmb.average"]] == [shown["total_bytes"] >> 20]
    assert values[counters(si)["mem.state.latest"]] == [["high", "soft", "hard", "low"].index(shown["state"])]


def test_csv(sampled, si):
    entity = one(si, vim.HostSystem)
    result, = query(si, entity, "mem.totalmb.average", format="csv", maxSample=1)
    assert result.sampleInfoCSV.split(",")[0] == str(INTERVAL_S)
    assert int(result.value[0].value) > 0


def test_a_vm_is_as_top_shows_it(sampled, host, si):
    vm = one(si, vim.VirtualMachine)
    result, = query(si, vm, "mem.consumed.average", "mem.granted.average", "mem.vmmemctl.average", maxSample=1)
    values = {series.id.counterId: series.value[0] for series in result.value}
    shown = host.manager.vm(vm.name)
    ids = counters(si)
    assert values[ids["mem.consumed.average"]] == shown["consumed_bytes"] >> 10
    assert values[ids["mem.granted.average"]] == shown["granted_bytes"] >> 10
    assert values[ids["mem.vmmemctl.average"]] == shown["balloon_bytes"] >> 10


def test_composite(sampled, si):
    ids = counters(si)
    host = one(si, vim.HostSystem)
    spec = vim.PerformanceManager.QuerySpec(
        entity=host, intervalId=INTERVAL_S, maxSample=1,
        metricId=[vim.PerformanceManager.MetricId(counterId=ids["mem.consumed.average"], instance="")])
    result = si.content.perfManager.QueryPerfComposite(spec)
    assert result.entity.entity == host
    assert [child.entity for child in result.childEntity] == [one(si, vim.VirtualMachine)]


def test_a_pool_is_the_sum_of_its_vms(sampled, si):
    of_pool, = query(si, one(si, vim.ResourcePool), "mem.consumed.average", "mem.overhead.average", maxSample=1)
    of_vm, = query(si, one(si, vim.VirtualMachine), "mem.consumed.average", "mem.overhead.average",
                   endTime=of_pool.sampleInfo[0].timestamp, maxSample=1)
    assert [series.value for series in of_pool.value] == [series.value for series in of_vm.value]


@pytest.mark.parametrize("interval", (None, 0))
def test_without_an_interval_as_it_was_measured(sampled, si, interval):
    result, = query(si, one(si, vim.HostSystem), "mem.consumed.average", intervalId=interval, maxSample=1)
    assert result.sampleInfo[0].interval == INTERVAL_S


def test_what_is_not_kept(si):
    entity = one(si, vim.HostSystem)
    manager = si.content.perfManager
    for spec in (vim.PerformanceManager.QuerySpec(entity=entity, intervalId=1800),
                 vim.PerformanceManager.QuerySpec(entity=entity, format="xml"),
                 vim.PerformanceManager.QuerySpec(
                     entity=entity, metricId=[vim.PerformanceManager.MetricId(counterId=99999, instance="")])):
        with pytest.raises(vmodl.fault.InvalidArgument):
            manager.QueryPerf([spec])
    with pytest.raises(vmodl.fault.InvalidArgument):
        manager.QueryAvailablePerfMetric(entity, intervalId=1800)
    assert manager.QueryPerf([vim.PerformanceManager.QuerySpec(entity=one(si, vim.Datacenter))]) == []


# --- the past day ---

CONSUMED = "mem.consumed.average"
VM_KB, HOST_KB, POOL_KB = 1000, 5000, 3000


def utc(time_ms):
    return datetime.datetime.fromtimestamp(time_ms / 1000, datetime.timezone.utc)


class Day:
    """A daemon over an inventory with roll-ups of the past day, all but the last interval; one was not taken."""

    def __init__(self, host):
        from pyVim.connect import Disconnect
        self.host = host
        host.start()
        host.add_account(USER, PASSWORD)
        service = host.connect()
        self.key = counters(service)[CONSUMED]
        ids = [one(service, kind)._moId for kind in (vim.VirtualMachine, vim.HostSystem, vim.ResourcePool)]
        Disconnect(service)
        host.end()
        last = int(time.time() * 1000) // past.INTERVAL_MS * past.INTERVAL_MS - past.INTERVAL_MS
        self.times = [last - i * past.INTERVAL_MS for i in range(280) if i != 2][::-1]
        past.write(host.folder / "state", [(time_ms, thing, {self.key: kb + i}) for i, time_ms in enumerate(self.times)
                                           for thing, kb in zip(ids, (VM_KB, HOST_KB, POOL_KB))])
        host.start()

    def query(self, si, kind, **more):
        """Those that were written: the daemon may have rolled up meanwhile."""
        more = {"endTime": utc(self.times[-1]), **more}
        return query(si, one(si, kind), CONSUMED, intervalId=DAY_INTERVAL_S, **more)


@pytest.fixture(scope="module")
def day():
    host = Host()
    try:
        yield Day(host)
        host.end()
    finally:
        host.close()


@pytest.fixture
def day_si(day):
    from pyVim.connect import Disconnect
    service = day.host.connect()
    yield service
    Disconnect(service)


@pytest.mark.parametrize("kind, kb", ((vim.VirtualMachine, VM_KB), (vim.HostSystem, HOST_KB), (vim.ResourcePool, POOL_KB)))
def test_the_past_day_of_an_earlier_daemon(day, day_si, kind, kb):
    result, = day.query(day_si, kind)
    assert [info.interval for info in result.sampleInfo] == [DAY_INTERVAL_S] * len(day.times)
    assert [info.timestamp for info in result.sampleInfo] == [utc(time_ms) for time_ms in day.times]
    assert list(result.value[0].value) == [kb + i for i in range(len(day.times))]


def test_a_part_of_the_past_day(day, day_si):
    def values(**more):
        return [list(each.value[0].value) for each in day.query(day_si, vim.VirtualMachine, **more)]

    # After the beginning, up to the end; the newest of these.
    begin, end = utc(day.times[10]), utc(day.times[13])
    assert values(startTime=begin, endTime=end) == [[VM_KB + 11, VM_KB + 12, VM_KB + 13]]
    assert values(startTime=begin, endTime=end, maxSample=2) == [[VM_KB + 12, VM_KB + 13]]
    assert values(startTime=utc(day.times[0] - 3_600_000), endTime=utc(day.times[0] - 1)) == []


def test_the_past_day_in_csv(day, day_si):
    result, = day.query(day_si, vim.HostSystem, format="csv", maxSample=2)
    assert result.sampleInfoCSV == ",".join(f"{DAY_INTERVAL_S},{utc(time_ms):%Y-%m-%dT%H:%M:%SZ}" for time_ms in day.times[-2:])
    assert result.value[0].value == f"{HOST_KB + len(day.times) - 2},{HOST_KB + len(day.times) - 1}"


def test_the_past_day_of_a_host_and_its_vms(day, day_si):
    result = day_si.content.perfManager.QueryPerfComposite(
        spec_of(day_si, one(day_si, vim.HostSystem), CONSUMED, intervalId=DAY_INTERVAL_S, maxSample=1,
                endTime=utc(day.times[-1])))
    assert result.entity.value[0].value[0] == HOST_KB + len(day.times) - 1
    assert [child.value[0].value[0] for child in result.childEntity] == [VM_KB + len(day.times) - 1]


def test_available_by_interval_and_time(day, day_si):
    manager, vm = day_si.content.perfManager, one(day_si, vim.VirtualMachine)

    def available(**more):
        return day.key in {metric.counterId for metric in manager.QueryAvailablePerfMetric(vm, **more)}

    assert available() and available(intervalId=DAY_INTERVAL_S)
    assert available(intervalId=DAY_INTERVAL_S, beginTime=utc(day.times[3]), endTime=utc(day.times[4]))
    assert not available(intervalId=DAY_INTERVAL_S, endTime=utc(day.times[0] - 1))
    # The hour is not kept over a daemon's end.
    assert not available(intervalId=INTERVAL_S, endTime=utc(day.times[-1]))


def test_a_kill_loses_nothing_of_the_past_day(day):
    from pyVim.connect import Disconnect
    day.host.process.kill()
    day.host.process.wait()
    day.host.start()
    service = day.host.connect()
    result, = wait_until(lambda: day.query(service, vim.HostSystem), "the day")
    assert len(result.sampleInfo) == len(day.times)
    Disconnect(service)
