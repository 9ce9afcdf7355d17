# SPDX-License-Identifier: LGPL-2.1-or-later
"""Standard output: with colours and redrawn in place on a terminal, plain lines elsewhere."""

import os
import shutil
import sys

MIB = 1 << 20
GREEN, RED, BLUE, GREY = 35, 167, 75, 240


def mib(value):
    return value / MIB


class Screen:
    def __init__(self):
        # A line that wraps could not be drawn over.
        self.live = (sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
                     and shutil.get_terminal_size().columns >= 78)
        self.colours = self.live and "NO_COLOR" not in os.environ
        self.unicode = (sys.stdout.encoding or "").lower().startswith("utf")
        self.height = 0  # lines drawn that the next drawing replaces

    def width(self):
        return min(shutil.get_terminal_size().columns, 100)

    def paint(self, text, colour=None, bold=False):
        if not self.colours:
            return text
        codes = [*(["1"] if bold else []), *([f"38;5;{colour}"] if colour is not None else [])]
        return f"\033[{';'.join(codes)}m{text}\033[0m"

    def title(self, text):
        self.say()
        self.say("  " + self.paint("aerostat", BLUE, bold=True) + f": {text}")
        self.say()

    def plain(self, text):
        if self.unicode:
            return text
        for glyph, other in zip("█▓▒░▚◌│·✓✗→µ…", "#%o:s~|.++>u.", strict=True):
            text = text.replace(glyph, other)
        return text

    def say(self, text=""):
        self.height = 0
        print(self.plain(text), flush=True)

    def draw(self, lines):
        """Draws over what was drawn before, if nothing was said since."""
        up = f"\033[{self.height}A" if self.height else "\033[?25l"
        # What was drawn may have been higher.
        print(up + "".join(f"\033[2K{self.plain(line)}\n" for line in lines) + "\033[J", end="", flush=True)
        self.height = len(lines)

    def step(self, doing):
        """A step that takes a moment: what it is, and when it is done how that went."""
        if self.live:
            print(self.plain(f"  … {doing}"), end="", flush=True)
        return lambda done: self.say(("\r\033[2K" if self.live else "") + f"  {self.good()} {done}")

    def bar(self, parts, width):
        """(bytes, colour, glyph) next to each other, all of them together as wide as asked."""
        whole = max(sum(size for size, *_ in parts), 1)
        text, drawn, before = "", 0, 0
        for size, colour, glyph in parts:
            before += size
            end = round(width * before / whole)
            text += self.paint(glyph * (end - drawn), colour)
            drawn = end
        return text

    def good(self):
        return self.paint("✓", GREEN, bold=True)

    def bad(self):
        return self.paint("✗", RED, bold=True)

    def verdict(self, good, name, text):
        self.say(f"  {self.good() if good else self.bad()} {name:<16}{text}")

    def restore(self):
        if self.live:
            print("\033[?25h", end="", flush=True)
