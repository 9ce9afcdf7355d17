# SPDX-License-Identifier: LGPL-2.1-or-later
"""The figures that have goals, from the results of all runs."""

from modes import KERNEL_MODES

KEEPS = 0.8           # of free's throughput: as deep as this is counted
FITS = 1.01           # of the budget: a kernel mode is let off a hundredth

# Key, goal, what it says. A goal of None is only shown.
GOALS = [
    ("kept_2x", ">=", 0.97, "throughput kept of free at 2x"),
    ("kept_2x_vs_kernel", ">", 1.0, "the same by the best kernel mode's"),
    ("kept_2_5x", ">=", 0.92, "throughput kept of free at 2.5x"),
    ("kept_2_5x_vs_kernel", ">", 1.0, "the same by the best kernel mode's"),
    ("vs_kernel_3x", ">=", 1.3, "throughput at 3x by that of the best kernel mode that fits"),
    ("depth_ratio", ">=", 1.5, "deepest overcommit that keeps 0.8 of free, by the best kernel mode's"),
    ("p999_ratio_2x", "<=", 0.5, "p99.9 of an access at 2x by the best kernel mode's"),
    ("first_second_2x", ">=", 0.95, "throughput in the first second of a role at 2x, of free's"),
    ("neighbour_loss", "<=", 0.05, "what three guests lose by one that streams through its memory, 1.5x"),
    ("peak_over_budget", "<=", 1.0, "highest host memory of all runs, over the budget"),
    ("sharing_found", ">=", 0.95, "saved by sharing after boot, of what equal pages would allow"),
    ("sharing_cpu", "<=", 0.10, "for how much of a core, averaged over the time stated above"),
    ("idle_cpu_50", "<=", 0.01, "processor time of the daemon at rest with 50 VMs"),
]


class Results:
    """What has been measured: runs[mode][factor], neighbours[mode], sharing[mode]; {'failed': why} for some."""

    def __init__(self):
        self.runs, self.neighbours, self.sharing, self.skipped = {}, {}, {}, {}
        self.idle = None        # the daemon at rest
        self.free_again = None  # the same once more, after all others
        self.neighbours_again = None

    def run(self, mode, factor):
        result = self.runs.get(mode, {}).get(factor)
        return result if result and "failed" not in result else None

    def free(self):
        return self.run("free", None)

    def kept(self, mode, factor, key="throughput"):
        run = self.run(mode, factor)
        free = _free_at(self.free(), self.free_again, run["at"], key) if run and self.free() else None
        return run[key] / free if free else None

    def fits(self, mode, factor):
        run = self.run(mode, factor)
        return bool(run) and run["peak_over_budget"] <= FITS

    def depth(self, mode, factors, must_fit=False):
        """The overcommit at which a mode falls below KEEPS; between two measured ones by a straight line."""
        last, last_kept = 1.0, 1.0
        for factor in sorted(factors):
            kept = self.kept(mode, factor)
            if kept is None or (must_fit and not self.fits(mode, factor)):
                return last
            if kept < KEEPS:
                return last + (factor - last) * (last_kept - KEEPS) / (last_kept - kept)
            last, last_kept = factor, kept
        return last

    def drift(self):
        """Throughput of free at the end by that at the beginning: how steady the machine was."""
        again, free = self.free_again, self.free()
        if not again or not free or "failed" in again:
            return None
        return again["throughput"] / free["throughput"]

    def loss(self, mode):
        run, free = self.neighbours.get(mode), self.neighbours.get("free")
        if not run or not free or "failed" in run or "failed" in free:
            return None
        return 1 - run["throughput"] / _free_at(free, self.neighbours_again, run["at"], "throughput")


def _free_at(first, last, when, key):
    """Of free at that time, by a straight line between its two runs: machines become faster and slower."""
    if not last or "failed" in last:
        return first[key]
    part = (when - first["at"]) / (last["at"] - first["at"])
    return first[key] + min(max(part, 0), 1) * (last[key] - first[key])


def _best(values, choose=max):
    values = [value for value in values if value is not None]
    return choose(values) if values else None


def _ratio(a, b):
    return a / b if a is not None and b else None


def figures(results, factors):
    """{key: value or None} of GOALS, and the kernel's and each mode's beside them."""
    kernel = [mode for mode in KERNEL_MODES if mode in results.runs]
    fitting = [mode for mode in kernel if results.fits(mode, 3)]

    def p999(mode):
        run = results.run(mode, 2)
        return run["latency_us"]["p999"] if run else None

    sharing = results.sharing.get("aerostat", {})
    peaks = [run["peak_over_budget"] for run in [*results.runs.get("aerostat", {}).values(),
                                                 results.neighbours.get("aerostat", {})]
             if run.get("peak_over_budget") is not None]
    kept = {"kept_2x": results.kept("aerostat", 2), "kept_2_5x": results.kept("aerostat", 2.5)}
    return {
        **kept,
        "kept_2x_vs_kernel": _ratio(kept["kept_2x"], _best(results.kept(mode, 2) for mode in kernel)),
        "kept_2_5x_vs_kernel": _ratio(kept["kept_2_5x"], _best(results.kept(mode, 2.5) for mode in kernel)),
        "vs_kernel_3x": _ratio(results.kept("aerostat", 3), _best(results.kept(mode, 3) for mode in fitting)),
        "vs_kernel_3x_mode": max(fitting, key=lambda mode: results.kept(mode, 3) or 0) if fitting else None,
        "depth_ratio": _ratio(results.depth("aerostat", factors) if "aerostat" in results.runs else None,
                              _best(results.depth(mode, factors, must_fit=True) for mode in kernel)),
        "depth": {mode: results.depth(mode, factors) for mode in [*kernel, "aerostat"] if mode in results.runs},
        "p999_ratio_2x": _ratio(p999("aerostat"), _best((p999(mode) for mode in kernel), min)),
        "first_second_2x": results.kept("aerostat", 2, "first_second"),
        "first_second_2x_modes": {mode: results.kept(mode, 2, "first_second") for mode in kernel},
        "neighbour_loss": results.loss("aerostat"),
        "neighbour_loss_modes": {mode: results.loss(mode) for mode in kernel},
        "peak_over_budget": _best(peaks),
        "sharing_found": sharing.get("found"),
        "sharing_cpu": sharing.get("cpu"),
        "idle_cpu_50": (results.idle or {}).get("cpu"),
    }


def reached(value, sign, goal):
    if value is None:
        return None
    return {">=": value >= goal, ">": value > goal, "<=": value <= goal}[sign]


def _cell(value, form="{:.2f}"):
    return "-" if value is None else form.format(value)


def print_table(rows, heading):
    widths = [max(len(str(row[i])) for row in [heading, *rows]) for i in range(len(heading))]
    for row in [heading, *rows]:
        print("  ".join(str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))).rstrip())


def print_runs(results):
    rows = []
    for mode, runs in results.runs.items():
        for factor, run in runs.items():
            name = mode if factor is None else f"{mode} {factor:g}x"
            if "failed" in run:
                rows.append((name, "failed", *["-"] * 7))
                continue
            latency = run["latency_us"]
            rows.append((name, f"{run['throughput']:,.0f}", _cell(results.kept(mode, factor)),
                         _cell(results.kept(mode, factor, "first_second")),
                         _cell(latency["p50"], "{:.1f}"), _cell(latency["p99"], "{:.1f}"),
                         _cell(latency["p999"], "{:,.0f}"),
                         f"{run['peak_bytes'] / 2**20:,.0f}", _cell(run["peak_over_budget"])))
    print_table(rows, ("mode", "accesses/s", "kept", "1st s", "p50 us", "p99 us", "p99.9 us", "peak MiB", "of budget"))
    if results.drift() is not None:
        print(f"free once more at the end: {results.free_again['throughput']:,.0f} accesses/s, "
              f"{results.drift():.2f} of the first; the farther from 1, the less the rest means")
    for mode, run in results.neighbours.items():
        text = run.get("failed") or (f"{run['throughput']:,.0f} accesses/s of the quiet three, loss "
                                     f"{_cell(results.loss(mode))}, {run['streamed']:,.0f} pages/s streamed, "
                                     f"peak {_cell(run['peak_over_budget'])} of the budget")
        print(f"neighbours, {mode}: {text.splitlines()[0]}")
    again = results.neighbours_again
    if again:
        text = again.get("failed") or f"{again['throughput']:,.0f} accesses/s of the quiet three"
        print(f"neighbours, free once more at the end: {text.splitlines()[0]}")
    for mode, run in results.sharing.items():
        text = run.get("failed") or (f"{run['saved_bytes'] / 2**20:,.0f} of {run['possible_bytes'] / 2**20:,.0f} MiB "
                                     f"({_cell(run['found'])}) {run['after_seconds']:.0f} s after boot, "
                                     f"{_cell(run.get('cpu'))} of a core over {_cell(run.get('cpu_over_seconds'), '{:.0f}')} s")
        print(f"sharing, {mode}: {text.splitlines()[0]}")
    if results.idle:
        text = results.idle.get("failed") or (f"{results.idle['cpu']:.4f} of a core for {results.idle['vms']} VMs "
                                              f"over {results.idle['seconds']:.0f} s")
        print(f"daemon at rest: {text.splitlines()[0]}")
    for mode, runs in results.runs.items():
        for factor, run in runs.items():
            worst = run.get("mode", {}).get("accounting")
            if worst:
                print(f"accounting, {mode} {factor:g}x: {worst['mean']:+.3f} of the kernel's figure in the mean, "
                      f"{worst['worst']:+.3f} at worst")
    for what, why in results.skipped.items():
        print(f"not measured: {what}: {why}")


def print_goals(values):
    rows = []
    for key, sign, goal, text in GOALS:
        verdict = {None: "not measured", True: "reached", False: "NOT reached"}[reached(values[key], sign, goal)]
        rows.append((key, _cell(values[key], "{:.3f}"), f"{sign} {goal}", verdict, text))
    print_table(rows, ("figure", "value", "goal", "", "what it is"))
