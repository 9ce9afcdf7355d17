# SPDX-License-Identifier: LGPL-2.1-or-later
"""The picture of the host and its guests while they run, and the table of the end."""

import collections
import re
import time

from screen import BLUE, GREEN, GREY, RED, mib

# Where a guest's memory can be, with a colour and a glyph that tells them apart without one.
PLACES = {"private": (GREEN, "█"), "shared": (BLUE, "▚"), "balloon": (141, "◌"),
          "compressed": (179, "▒"), "swapped": (RED, "░"), "absent": (GREY, "·")}
STATE_COLOURS = {"high": GREEN, "soft": 179, "hard": RED, "low": RED}
LINE_S = 4
EVENTS_SHOWN = 5
SAME_AGAIN_S = 20  # what a guest or the host was said to do is not said again before
KERNEL_S = 2
GAUGE = 40


def clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


class View:
    def __init__(self, screen, members, seconds):
        self.screen = screen
        self.members = members
        self.seconds = seconds
        self.host = None
        self.text = ""
        self.saved = self.peak_used = self.peak_kernel = self.peak_saved = 0
        self.in_state = collections.Counter()
        self.changes = 0  # of the state
        self._elapsed = 0.0
        self._told = {}   # when what was last said of whom
        self._events = collections.deque(maxlen=EVENTS_SHOWN)
        self._kernel_looked = 0
        self._line_due = 0
        self._header_due = True

    def scene(self, text):
        self.text = text
        if not self.screen.live:
            self.screen.say(f"  {clock(self._elapsed):>5}  {text}")

    def update(self, elapsed, host, events):
        self.in_state[host["state"]] += elapsed - self._elapsed
        self._elapsed = elapsed
        self.host = host
        self.peak_used = max(self.peak_used, host["consumed_bytes"] + host["overhead_bytes"])
        # KSM counts for the whole machine, and other programs' memory may be merged there.
        self.saved = min(host["share"]["saved_bytes"], sum(vm["shared_bytes"] for vm in (member.vm for member in self.members)))
        self.peak_saved = max(self.peak_saved, self.saved)
        if time.monotonic() - self._kernel_looked > KERNEL_S:
            self._kernel_looked = time.monotonic()
            self.peak_kernel = max(self.peak_kernel, sum(member.kernel_bytes() for member in self.members))
        for event in events:
            self._tell(event)
        if self.screen.live:
            self._draw()
        elif elapsed >= self._line_due:
            self._line_due = elapsed + LINE_S
            self._line()

    def _tell(self, event):
        """An event of the daemon's journal; states go to and fro as memory does, once is enough."""
        self.changes += event["type"] == "state"
        kind = (event["type"], event["vm"], re.sub(r":.*|[\d,]+", "", event["message"]))
        if self._elapsed - self._told.get(kind, -SAME_AGAIN_S) < SAME_AGAIN_S:
            return
        self._told[kind] = self._elapsed
        text = f"{clock(self._elapsed):>5}  {event['vm'] or 'host'}: {event['message']}"
        # On a terminal the figures are above already.
        self._events.append(text.split(": target ")[0])
        if not self.screen.live:
            self.screen.say(f"  {text}")

    def _sum(self, place):
        return sum(member.places()[place] for member in self.members)

    def _line(self):
        if self._header_due:
            self._header_due = False
            self.screen.say("   time  state free MiB   private   saved  balloon  compressed  swapped   busy: pages/s")
        sums = {place: mib(self._sum(place)) for place in PLACES}
        rates = ", ".join(f"{member.name} {member.rate:,.0f}" for member in self.members if member.rate)
        self.screen.say(f"  {clock(self._elapsed):>5}  {self.host['state']:<5}{mib(self.host['free_bytes']):9.0f}"
                        f"{sums['private']:10.0f}{mib(self.saved):8.0f}{sums['balloon']:9.0f}"
                        f"{sums['compressed']:12.0f}{sums['swapped']:9.0f}   {rates or '-'}")

    # --- on a terminal ---

    def _gauge(self):
        """Free memory, with a mark at each threshold of a worse state."""
        host = self.host
        whole = 2 * host["thresholds"]["high_bytes"]
        cells = ["█" if (i + 0.5) * whole / GAUGE < host["free_bytes"] else "·" for i in range(GAUGE)]
        marks = {min(int(host["thresholds"][f"{state}_bytes"] * GAUGE / whole), GAUGE - 1)
                 for state in ("soft", "hard", "low")}
        colour = STATE_COLOURS[host["state"]]
        return "".join(self.screen.paint("│", bold=True) if i in marks else
                       self.screen.paint(cell, colour if cell == "█" else GREY) for i, cell in enumerate(cells))

    def _draw(self):
        screen, host = self.screen, self.host
        width = screen.width()
        bar_width = width - 44
        share = host["share"]
        state = screen.paint(f"{host['state']:<4}", STATE_COLOURS[host["state"]], bold=True)
        lines = [
            "",
            "  " + screen.paint(f"{clock(self._elapsed)}  {self.text}"[:width - 2], bold=True),
            "",
            f"  host  {state}  free {mib(host['free_bytes']):4.0f} of {mib(host['managed_bytes']):,.0f} MiB  "
            f"{self._gauge()}",
            f"        sharing saves {mib(self.saved):.0f} MiB ({share['state']}), marks: below them the "
            "state is low, hard, soft"[:width - 8],
            "",
            f"  {'guest':<6}{'where its 512 MiB are':<{bar_width}} {'target':>7}{'active':>8}{'faults/s':>9}"
            f"{'pages/s':>10}",
        ]
        for member in self.members:
            places, vm = member.places(), member.vm
            bar = screen.bar([(places[name], *look) for name, look in PLACES.items()], bar_width)
            name = screen.paint(f"{member.name:<6}", bold=member.busy())
            last = "stopped" if vm["stopped"] else f"{member.rate:,.0f}" if member.busy() else "idle"
            lines.append(f"  {name}{bar} {mib(vm['target_bytes']):7.0f}{mib(vm['active_bytes']):8.0f}"
                         f"{vm['faults_per_s']:9,.0f}{last:>10}")
        lines += ["", "  " + "  ".join(f"{screen.paint(glyph * 2, colour)} {name}"
                                       for name, (colour, glyph) in PLACES.items()), ""]
        events = [f"  {event}" if len(event) <= width - 2 else f"  {event[:width - 3]}…" for event in self._events]
        screen.draw(lines + events + [""] * (EVENTS_SHOWN - len(events)))

    # --- the end ---

    def summarize(self, managed_bytes):
        screen, members = self.screen, self.members
        screen.say()
        screen.say("  " + screen.paint("What it cost", bold=True))
        screen.say("             busy   faults of pages that were                      waited  stopped"
                   "    at most, MiB       checked")
        screen.say("          pages/s  absent   parked  same-v.  compr.  swapped            s        s"
                   "   ball. compr. swap.  GiB wrong")
        checked = wrong = 0
        well = True
        for member in members:
            faults, peaks = member.faults(), member.peaks
            compared, mismatches, ended_well = member.checked()
            checked, wrong, well = checked + compared, wrong + mismatches, well and ended_well
            rate = member.busy_accesses / member.busy_s if member.busy_s else 0
            screen.say(f"  {member.name:<5}{rate:10,.0f}{faults['zero']:8,}{faults['parked']:9,}{faults['same']:9,}"
                       f"{faults['compressed']:8,}{faults['swapped']:9,}{member.waited_s():13.1f}"
                       f"{member.stopped_s:9.1f}{mib(peaks['balloon']):8.0f}{mib(peaks['compressed']):7.0f}"
                       f"{mib(peaks['swapped']):6.0f}{compared / 2**30:5.1f}{mismatches:6}")
        complaints = [line for member in members for line in member.complaints()]
        held = self.peak_used <= managed_bytes
        seen = self.peak_kernel <= managed_bytes
        right = well and wrong == 0 and checked > 0 and not complaints
        states = ", ".join(f"{state} {self.in_state[state]:.0f} s" for state in STATE_COLOURS
                           if self.in_state[state] >= 0.5)
        screen.say()
        screen.verdict(held, "Host memory", f"{mib(self.peak_used):,.0f} MiB at most, QEMU's own included; "
                                            f"{mib(managed_bytes):,.0f} allowed")
        screen.verdict(True, "Its state", f"{states}; changed {self.changes} times")
        screen.verdict(seen, "Kernel's view", f"{mib(self.peak_kernel):,.0f} MiB at most in all QEMU processes; "
                                              f"sharing saved up to {mib(self.peak_saved):.0f}")
        screen.verdict(right, "Guests' view", f"{checked / 2**30:.1f} GiB compared byte by byte, {wrong} mismatches, "
                                              f"{'no' if right else 'see below:'} guest in trouble")
        screen.say()
        if held and seen and right:
            screen.say("  " + screen.paint("Every byte was right.", GREEN, bold=True))
        else:
            screen.say("  " + screen.paint("Something went wrong.", RED, bold=True))
            for line in complaints:
                screen.say(f"    {line}")
        screen.say()
        return held and seen and right
