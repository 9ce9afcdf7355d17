# SPDX-License-Identifier: LGPL-2.1-or-later
"""Line plots as SVG, with nothing but the standard library."""

import math
from html import escape

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 78, 150, 44, 56
COLOURS = {"free": "#666666", "swap": "#b3541e", "zram": "#c99700", "ksm+zram": "#2a7f62", "aerostat": "#2457c5",
           "budget": "#c0392b"}


def _nice_ticks(low, high, count=6):
    step = (high - low) / count or 1.0
    power = 10 ** math.floor(math.log10(step))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= step * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


def _log_ticks(low, high):
    return [10.0 ** i for i in range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)]


class Axis:
    """Maps values to positions."""

    def __init__(self, values, start, end, log=False, zero=False):
        values = [value for value in values if value is not None and (value > 0 or not log)]
        low, high = (min(values), max(values)) if values else (1.0, 2.0)
        if zero:
            low = min(0.0, low)
        if high <= low:
            high = low * 2 if log else low + 1
        if log:
            low, high = 10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(high))
        elif zero:
            high *= 1.05
        self.low, self.high, self.start, self.end, self.log = low, high, start, end, log

    def place(self, value):
        if self.log:
            part = math.log10(max(value, self.low) / self.low) / math.log10(self.high / self.low)
        else:
            part = (value - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)

    def ticks(self):
        return _log_ticks(self.low, self.high) if self.log else _nice_ticks(self.low, self.high)


def _label(value):
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


def line_plot(path, title, x_label, y_label, lines, log_x=False, log_y=False, marks=False, x_ticks=None,
              tick_text=_label, levels=()):
    """lines: {name: [(x, y), ...]}; levels: (name, y) for dashed lines across."""
    points = [point for line in lines.values() for point in line]
    x = Axis([point[0] for point in points], LEFT, WIDTH - RIGHT, log_x)
    y = Axis([point[1] for point in points] + [level for _, level in levels], HEIGHT - BOTTOM, TOP, log_y,
             zero=not log_y)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
           f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="24" font-size="15">{escape(title)}</text>']
    for value in y.ticks():
        at = y.place(value)
        out.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
        out.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{_label(value)}</text>')
    for value in x_ticks or x.ticks():
        at = x.place(value)
        out.append(f'<path d="M{at:.1f} {HEIGHT - BOTTOM}v5" stroke="black"/>')
        out.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 19}" text-anchor="middle">'
                   f'{escape(tick_text(value))}</text>')
    out.append(f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" stroke="black" fill="none"/>')
    middle = (HEIGHT - BOTTOM + TOP) / 2
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{escape(x_label)}</text>')
    out.append(f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">'
               f'{escape(y_label)}</text>')
    row = TOP + 8
    for name, level in levels:
        at = y.place(level)
        colour = COLOURS.get(name, "black")
        out.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="{colour}" stroke-dasharray="6 4"/>')
        out.append(f'<text x="{WIDTH - RIGHT + 8}" y="{at + 4:.1f}" fill="{colour}">{escape(name)}</text>')
    for name, line in lines.items():
        colour = COLOURS.get(name, "black")
        places = [(x.place(a), y.place(b)) for a, b in line if b is not None]
        if places:
            out.append('<polyline fill="none" stroke-width="1.8" stroke="' + colour + '" points="'
                       + " ".join(f"{a:.1f},{b:.1f}" for a, b in places) + '"/>')
        if marks:
            out += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.2" fill="{colour}"/>' for a, b in places]
        out.append(f'<path d="M{WIDTH - RIGHT + 34} {row}h22" stroke="{colour}" stroke-width="2.5"/>')
        out.append(f'<text x="{WIDTH - RIGHT + 61}" y="{row + 4}">{escape(name)}</text>')
        row += 19
    out.append("</svg>\n")
    path.write_text("\n".join(out), encoding="utf-8")


def draw(folder, prefix, results, factors, detail_factor):
    """All plots of a set of results; returns their paths."""
    paths = []

    def plot(name, *arguments, **keywords):
        if any(arguments[3].values()):
            path = folder / f"{prefix}-{name}.svg"
            line_plot(path, *arguments, **keywords)
            paths.append(path)

    modes = [mode for mode in results.runs if mode != "free"]
    if results.free():
        plot("kept", "Throughput kept, of guests without a limit", "overcommit",
             "part of free", {mode: [(factor, results.kept(mode, factor)) for factor in factors
                                     if results.kept(mode, factor) is not None] for mode in modes},
             marks=True, x_ticks=factors, tick_text=lambda value: f"{value:g}x", levels=[("0.8", 0.8)])
    detail = {mode: results.run(mode, None if mode == "free" else detail_factor) for mode in results.runs}
    detail = {mode: run for mode, run in detail.items() if run}
    text = f"{detail_factor:g}x"
    plot("series", f"Throughput while roles change, {text}", "seconds", "accesses/s",
         {mode: [(when - run["series"][0][0], rate) for when, rate in run["series"]] for mode, run in detail.items()})
    plot("latency", f"Latency from when an access was due, {text}", "part of the accesses above",
         "microseconds", {mode: run["latency_curve"] for mode, run in detail.items()}, log_x=True, log_y=True)
    budgets = [run["budget_bytes"] for run in detail.values() if run["budget_bytes"]]
    plot("memory", f"Host memory, everything included, {text}", "seconds from start", "MiB",
         {mode: [(when, used / 2**20) for when, used in run["memory"]] for mode, run in detail.items()},
         levels=[("budget", budgets[0] / 2**20)] if budgets else [])
    return paths
