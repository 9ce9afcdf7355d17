# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the guests do, and what is measured of it: roles that change, a noisy neighbour, sharing."""

import contextlib
import time

from cgroup import make_cgroup
from guests import Histogram
from harness import MIB, Undisturbed, Workspace, wait_until
from meter import Meter, ksm_record_bytes, ksmd_cpu_seconds
from same_pages import compare_memory

WORKING_SETS_MIB = [250, 150, 200, 200, 150, 250]  # of each guest, which has filled no more memory
NOISY_DATA_MIB, QUIET_DATA_MIB = 400, 200
IDLE_RATE = 20            # accesses a second of an idle guest, all over its memory
DUE_PART = 0.1            # of what a guest of mode free can do is due when latency is measured
NEIGHBOURS = 4            # the first of them is the noisy one
NEIGHBOUR_MIB = 40        # hot set of the others
NEIGHBOUR_FACTOR = 1.5
STREAM_RATE = 10000       # pages a second: through all its memory in 10 s
BOOT_S, FILL_S, REPORT_S = 120, 240, 60
LAST_CHECK_S = 2


class Scene:
    """A set of guests under one mode, from boot to end; a context manager."""

    def __init__(self, settings, mode, data_mib, budget_bytes, expected_bytes=None):
        self.settings = settings
        self.mode = mode
        self.data_mib = data_mib  # of each guest
        self.budget_bytes = budget_bytes
        self.expected_bytes = expected_bytes or len(data_mib) * settings.guest_mib * MIB
        self.started = time.monotonic()
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        try:
            self._enter()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _enter(self):
        self.cgroup = make_cgroup()
        self._stack.callback(self.cgroup.close)
        # Ends before the cgroup does.
        workspace = self._stack.enter_context(Workspace())
        self._stack.callback(self.mode.end)
        self.mode.start(workspace, self.cgroup, self.budget_bytes, self.expected_bytes)
        self.guests = []
        slow = [lambda: ksm_record_bytes([guest.pid for guest in self.guests])] if self.mode.uses_ksm else []
        self.meter = Meter([self.cgroup.used_bytes, self.mode.extra_bytes], slow)
        self._stack.callback(self.meter.end)
        for number in range(len(self.data_mib)):
            self.guests.append(self.mode.new_guest(
                workspace, self.cgroup, self.settings.image, f"guest{number + 1}", self.settings.guest_mib))
        deadline = time.monotonic() + BOOT_S
        for guest in self.guests:
            guest.wait_ready(max(1, deadline - time.monotonic()))
        self.mode.guests_up(self.guests)
        for number, (guest, mib) in enumerate(zip(self.guests, self.data_mib)):
            guest.start_work(mib, number + 1)
        deadline = time.monotonic() + FILL_S
        for guest in self.guests:
            guest.wait_filled(max(1, deadline - time.monotonic()))
        self.mode.guests_filled(self.guests)

    def __exit__(self, *_):
        with Undisturbed():
            self._stack.close()

    def wait_over(self, roles):
        """Waits for the reports; a guest that stands still for long does not send them."""
        wait_until(lambda: all(role.over for role in roles), REPORT_S, "the guests' reports", interval=0.02)

    def finish(self):
        """The last check of all guests; returns what was done in them."""
        for guest in self.guests:
            guest.end_work(LAST_CHECK_S)
        for guest in self.guests:
            guest.wait_ended(REPORT_S + LAST_CHECK_S)
        self.meter.end()
        self.meter.check()
        used = self.meter.peak
        return {
            "budget_bytes": self.budget_bytes, "peak_bytes": used,
            "peak_over_budget": used / self.budget_bytes if self.budget_bytes else None,
            "longest_gap_s": self.meter.longest_gap_s(),
            "accesses": sum(guest.ended["accesses"] for guest in self.guests),
            "checked_at_end": sum(guest.ended["checked"] for guest in self.guests),
            "mismatches": sum(guest.mismatches for guest in self.guests),
            "mode": self.mode.facts(),
            "memory": [[round(when - self.started, 2), used] for when, used in self.meter.samples[::10]],
        }


def budget_of(settings, count, factor):
    """Host memory for so many guests; the overhead is for what QEMU has beside it."""
    return int(count * (settings.guest_mib / factor + settings.overhead_mib)) * MIB


def _sleep_watching(guests, until):
    """Fails early when a guest does."""
    while time.monotonic() < until:
        for guest in guests:
            if guest.process.poll() is not None:
                raise guest._died()
            guest.check()
        time.sleep(min(0.2, max(0.0, until - time.monotonic())))


def _periods(scene, count, first, seconds, rate):
    """Gives the roles of one period after the other; returns [(start, busy roles)] and all roles."""
    guests, periods, everything = scene.guests, [], []
    for number in range(first, first + count):
        busy = [(2 * number) % len(guests), (2 * number + 1) % len(guests)]
        start = time.monotonic()
        roles = []
        for i, guest in enumerate(guests):
            role = guest.give("busy", WORKING_SETS_MIB[i], rate) if i in busy else guest.give("idle", IDLE_RATE)
            everything.append(role)
            if i in busy:
                roles.append(role)
        periods.append((start, roles))
        _sleep_watching(guests, start + seconds)
    return periods, everything


def _series(periods, seconds, step, origin):
    """Accesses a second of all busy guests, step by step."""
    result = []
    for start, roles in periods:
        for i in range(round(seconds / step)):
            rate = sum(role.rate(i * step, (i + 1) * step) for role in roles)
            result.append([round(start - origin + i * step, 2), rate])
    return result


def run_roles(settings, mode, factor, due_rate, expected_bytes):
    """Two of the guests busy at a time. Throughput first, then latency with accesses due at a rate."""
    budget = budget_of(settings, settings.guests, factor) if mode.name != "free" else None
    with Scene(settings, mode, WORKING_SETS_MIB, budget, expected_bytes) as scene:
        seconds = settings.seconds
        busy, all_roles = _periods(scene, settings.busy_periods, 0, seconds, 0)
        busy_end = time.monotonic()
        rates = [sum(role.rate(0, seconds) for role in roles) for _, roles in busy]
        throughput = sum(rates) / len(rates)
        due_rate = due_rate or int(throughput / 2 * DUE_PART)
        count = settings.due_periods if factor in (None, 2) else 1
        due, more = _periods(scene, count, settings.busy_periods, seconds, due_rate)
        all_roles += more
        for guest in scene.guests:
            all_roles.append(guest.give("idle", IDLE_RATE))
        # The last role of each is over when workload ends.
        scene.wait_over([role for _, roles in busy + due for role in roles])
        latency, service = Histogram(), Histogram()
        for periods, histogram in (busy, service), (due, latency):
            for _, roles in periods:
                for role in roles:
                    histogram.add(role.histogram)
        result = {
            "throughput": throughput,
            "first_second": sum(role.rate(0, 1) for _, roles in busy for role in roles) / len(busy),
            "due_rate": due_rate,
            "latency_us": _quantiles(latency), "service_us": _quantiles(service),
            "missed": sum(role.missed for _, roles in due for role in roles),
            "series": _series(busy, seconds, 0.5, scene.started),
            "latency_curve": _curve(latency),
            "mean_bytes": scene.meter.mean_between(busy[0][0], busy_end),
            **scene.finish(),
        }
        result["seconds"] = time.monotonic() - scene.started
        return result


QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999, "p9999": 0.9999}


def _quantiles(histogram):
    result = {name: histogram.quantile_us(part) for name, part in QUANTILES.items()}
    return {**result, "worst": histogram.worst_ns / 1e3, "accesses": histogram.total()}


def _curve(histogram):
    """(1 - part of the accesses, microseconds) for a plot, ten points to each power of ten."""
    parts = [1 - 10 ** (-i / 10) for i in range(1, 61)]
    total = histogram.total()
    return [[1 - part, histogram.quantile_us(part)] for part in parts if total * (1 - part) >= 10]


def run_noisy(settings, mode, expected_bytes):
    """One guest streams through all its memory, the others keep to small hot sets."""
    budget = budget_of(settings, NEIGHBOURS, NEIGHBOUR_FACTOR) if mode.name != "free" else None
    data_mib = [NOISY_DATA_MIB] + [QUIET_DATA_MIB] * (NEIGHBOURS - 1)
    with Scene(settings, mode, data_mib, budget, expected_bytes) as scene:
        noisy, *others = scene.guests
        stream = noisy.give("stream", STREAM_RATE)
        roles = [guest.give("busy", NEIGHBOUR_MIB, 0) for guest in others]
        start = time.monotonic()
        warm, seconds = 0.3 * settings.seconds, 1.5 * settings.seconds
        _sleep_watching(scene.guests, start + warm + seconds)
        rates = [role.rate(warm, warm + seconds) for role in roles]
        streamed = stream.rate(warm, warm + seconds)
        for guest in scene.guests:
            guest.give("idle", IDLE_RATE)
        scene.wait_over([stream, *roles])
        service = Histogram()
        for role in roles:
            service.add(role.histogram)
        return {"throughput": sum(rates), "streamed": streamed, "service_us": _quantiles(service), **scene.finish(),
                "seconds": time.monotonic() - scene.started}


def run_sharing(settings, mode):
    """What is shared some time after boot, of what could be. No shortage of memory."""
    cpu = ksmd_cpu_seconds()
    with Scene(settings, mode, WORKING_SETS_MIB, None) as scene:
        for guest in scene.guests:
            guest.give("idle", IDLE_RATE)
        _sleep_watching(scene.guests, scene.started + settings.sharing_seconds)
        elapsed = time.monotonic() - scene.started
        mode.hold_still()
        for guest in scene.guests:
            guest.stop()
        result = compare_memory(scene.guests)
        for guest in scene.guests:
            guest.go_on()
        _sleep_watching(scene.guests, scene.started + settings.sharing_cpu_seconds)
        used = ksmd_cpu_seconds()
        if cpu is not None and used is not None:
            result["cpu_seconds"], result["cpu_over_seconds"] = used - cpu, time.monotonic() - scene.started
            result["cpu"] = result["cpu_seconds"] / result["cpu_over_seconds"]
        result["after_seconds"] = elapsed
        return {**result, **scene.finish(), "seconds": time.monotonic() - scene.started}
