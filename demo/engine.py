# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest that keeps more memory busy than the host gives it."""

import re
import subprocess
import time

from harness import QEMU, Guest, GuestDied, HarnessError, Pager, Workspace, accelerator, guest_image
from pager_client import FAULT_KINDS
from screen import GREEN, GREY, MIB, RED, mib

SECONDS = 20

# Where a page of the guest can be: the name shown, the fields that count, a colour, and a glyph that
# tells the states apart without one.
STATES = [
    ("resident", ("resident_bytes",), 35, "█"),
    ("parked", ("parked_bytes",), 114, "▓"),
    ("same-value", ("same_bytes",), 75, "="),
    ("compressed", ("compressed_bytes",), 179, "▒"),
    ("swapped", ("swapped_bytes", "writing_bytes", "reading_bytes"), 167, "░"),
    ("absent", ("absent_bytes",), 240, "·"),
]

# The faults that bring memory in; the others are rare, and part of the pager's inner life.
ALWAYS_SHOWN = ("zero", "parked", "same", "compressed", "swapped")

UPDATE_MS = 250  # of the figures; the peak must not hide between two looks
REDRAW_S = 0.5
LINE_S = 2
# What QEMU itself may grow by meanwhile: its cache of translated code is bounded at 64 MiB, and the
# pager's buffers and records come on top.
OWN_GROWTH_MIB = 96
SETTLE_S = 60


def state_bytes(stats, fields):
    return sum(getattr(stats, field) for field in fields)


class Watch:
    """What is known about the guest's memory over time."""

    def __init__(self, guest, job, limit_bytes):
        self.guest = guest
        self.job = job
        self.limit_bytes = limit_bytes
        self.peak = 0
        self.peak_rss = 0
        self.last = None
        self.rates = dict.fromkeys(FAULT_KINDS, 0.0)
        self.guest_rate = 0.0
        self._rated = None

    def settle(self):
        """Sets the limit and waits until it is reached; returns the seconds that took."""
        started = time.monotonic()
        stats = self.guest.pager.set_limit(self.limit_bytes)
        while stats.consumed_bytes > self.limit_bytes:
            if time.monotonic() - started > SETTLE_S:
                raise GuestDied(f"the limit was not reached within {SETTLE_S} s: "
                                f"{mib(stats.consumed_bytes):.0f} MiB are still consumed")
            time.sleep(0.02)
            stats = self.guest.pager.get_stats()
        self.guest.pager.subscribe(UPDATE_MS)
        return time.monotonic() - started

    def update(self):
        self.last = self.guest.pager.next_update()
        self.peak = max(self.peak, self.last.consumed_bytes)
        self.peak_rss = max(self.peak_rss, self.guest.status_bytes("RssAnon"))

    def measure_rates(self):
        """Events a second since the last call."""
        now = time.monotonic()
        accesses = self.job.values().get("accesses", 0)
        if self._rated:
            then, faults, _ = self._rated
            for i, kind in enumerate(FAULT_KINDS):
                self.rates[kind] = (self.last.faults[i] - faults[i]) / (now - then)
        # The guest reports once a second, at its own beat.
        match = [re.search(r" t=([\d.]+) accesses=(\d+)", line) for line in self.job.lines[-3:]]
        match = [(float(m[1]), int(m[2])) for m in match if m]
        if len(match) >= 2 and match[-1][0] > match[-2][0]:
            self.guest_rate = (match[-1][1] - match[-2][1]) / (match[-1][0] - match[-2][0])
        self._rated = (now, list(self.last.faults), accesses)


def draw_live(screen, watch, elapsed, seconds):
    stats = watch.last
    width = screen.width() - 4
    used = stats.consumed_bytes / watch.limit_bytes
    cells = [f"{screen.paint(glyph * 2, colour)} {name:<11}{mib(state_bytes(stats, fields)):7.1f}"
             for name, fields, colour, glyph in STATES]
    faults = ", ".join(f"{kind} {watch.rates[kind]:,.0f}" for kind in FAULT_KINDS
                       if kind in ALWAYS_SHOWN or (kind == "protected" and watch.rates[kind] >= 1))
    guest = watch.job.values()
    gauge = round(20 * min(used, 1))
    screen.draw([
        "",
        "  " + screen.paint(f"Where the guest's {mib(stats.memory_bytes):.0f} MiB are", bold=True)
        + f"   (MiB; {min(elapsed, seconds):.0f} of {seconds} s)",
        "  " + screen.bar([(state_bytes(stats, fields), colour, glyph)
                          for _, fields, colour, glyph in STATES], width),
        "  " + "   ".join(cells[:3]),
        "  " + "   ".join(cells[3:]),
        "",
        f"  consumed    {screen.paint('█' * gauge, GREEN)}{screen.paint('·' * (20 - gauge), GREY)} "
        f"{mib(stats.consumed_bytes):.1f} of {mib(watch.limit_bytes):.0f} MiB, "
        f"cache {mib(stats.cache_bytes):.1f}",
        f"  faults/s    {faults}"[:width + 4],
        f"  guest       {watch.guest_rate:,.0f} pages used a second, p99 {guest.get('p99_us', 0):,.0f} µs, "
        f"mismatches {guest.get('mismatches', 0)}",
    ])


def line_header(screen):
    names = "".join(f"{name:>11}" for name, *_ in STATES)
    screen.say(f"     s{names}   consumed   faults/s: {', '.join(ALWAYS_SHOWN)}")


def draw_line(screen, watch, elapsed):
    stats = watch.last
    cells = "".join(f"{mib(state_bytes(stats, fields)):11.1f}" for _, fields, *_ in STATES)
    faults = ", ".join(f"{watch.rates[kind]:.0f}" for kind in ALWAYS_SHOWN)
    screen.say(f"{elapsed:6.1f}{cells}{mib(stats.consumed_bytes):11.1f}   {faults}")


def watch_guest(screen, watch, seconds):
    """The time in which the guest is looked at."""
    watch.update()
    watch.measure_rates()  # the first rates are those since here
    started = time.monotonic()
    due = 0.0 if screen.live else 1.0
    if not screen.live:
        line_header(screen)
    while (elapsed := time.monotonic() - started) < seconds:
        watch.update()
        if elapsed >= due:
            due = elapsed + (REDRAW_S if screen.live else LINE_S)
            watch.measure_rates()
            if screen.live:
                draw_live(screen, watch, elapsed, seconds)
            else:
                draw_line(screen, watch, elapsed)


def introduce(screen, arguments):
    """The guest's accelerator is known after this, and the first run's long work is done."""
    screen.title(f"a guest of {arguments.memory} MiB, {arguments.busy} MiB of it busy, "
                 f"in {arguments.limit} MiB of host memory")
    how = accelerator(guest_image())
    name = {"kvm": "KVM", "tcg": "TCG, QEMU's emulation"}[how.name]
    screen.say(f"  Runs on {name}: {how.reason}")


def summarize(screen, arguments, watch, before, own):
    """The figures of the end and what they say; returns whether all is well."""
    guest = watch.job.values()
    checked = guest.get("checked", 0) * 4096
    mismatches = guest.get("mismatches", -1)
    held = watch.peak <= watch.limit_bytes
    seen = watch.peak_rss <= watch.limit_bytes + own + OWN_GROWTH_MIB * MIB
    right = watch.job.status == 0 and mismatches == 0 and checked > 0

    screen.say()
    screen.verdict(held, "Host memory", f"{mib(watch.peak):.1f} MiB at most, {arguments.limit} MiB allowed")
    screen.verdict(seen, "Kernel's view", f"QEMU's RssAnon {mib(before):.0f} → {mib(watch.peak_rss):.0f} MiB, "
                               f"of which {mib(own):.0f} are QEMU's own")
    screen.verdict(right, "Guest's view", f"{checked / 2**30:.1f} GiB compared byte by byte, {mismatches} mismatches")
    screen.say()
    if held and seen and right:
        screen.say("  " + screen.paint("Every byte was right.", GREEN, bold=True))
    else:
        screen.say("  " + screen.paint("Something went wrong.", RED, bold=True))
        for line in watch.job.lines:
            if " mismatch " in line:
                screen.say(f"    {line}")
    screen.say()
    return held and seen and right


def demonstrate(screen, arguments, workspace):
    introduce(screen, arguments)
    version = subprocess.run([QEMU, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"version (\S+)", version)[1]

    started = time.monotonic()
    done = screen.step("booting")
    guest = Guest(workspace, pager=Pager(), memory_mib=arguments.memory, name="demo")
    done(f"Linux booted in {time.monotonic() - started:.1f} s under stock QEMU {version}, "
         "with the pager preloaded")
    reason = guest.pager.get_stats().reason
    if reason:
        raise HarnessError(f"the pager cannot manage guest memory here: {reason}")

    done = screen.step(f"pagecheck fills {arguments.busy} MiB")
    job = guest.start_pagecheck(arguments.busy)
    # Its first report comes a second later, when the pager's figures have caught up as well.
    job.wait_line("accesses=")
    stats = guest.pager.get_stats()
    before = guest.status_bytes("RssAnon")
    own = before - stats.consumed_bytes
    done(f"pagecheck is busy with {arguments.busy} MiB; the guest takes "
         f"{mib(stats.consumed_bytes):.0f} MiB of the host")

    watch = Watch(guest, job, arguments.limit * MIB)
    done = screen.step(f"limiting it to {arguments.limit} MiB")
    done(f"limited to {arguments.limit} MiB, reached after {watch.settle():.1f} s while the guest runs on")

    watch_guest(screen, watch, arguments.seconds or SECONDS)
    done = screen.step("the guest compares every page a last time")
    job.signal("TERM")
    while job.status is None:
        watch.update()  # raises when QEMU has died, and its pager with it
    done("the guest has compared every page a last time")
    return summarize(screen, arguments, watch, before, own)


def run(screen, arguments):
    with Workspace() as workspace:
        return demonstrate(screen, arguments, workspace)
