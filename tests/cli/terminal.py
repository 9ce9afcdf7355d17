# SPDX-License-Identifier: LGPL-2.1-or-later
"""A terminal (a VT100, as far as ncurses uses one) whose screen can be read and on which keys can be typed."""

import os
import pty
import re
import select
import signal
import time

import fake_pager

KEYS = {"up": "\033OA", "down": "\033OB", "right": "\033OC", "left": "\033OD"}
SEQUENCE = re.compile(rb"\033(?:\[\??([0-9;]*)([A-Za-z])|([()][A-Z0-9])|([=>78MDE]))")
PATIENCE = 20  # seconds; only a test that fails waits that long


class Terminal:
    def __init__(self, rows=24, columns=80):
        self.ours, self.theirs = pty.openpty()
        self.pending = b""
        self.process = None
        self.resize(rows, columns)

    def resize(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.cells = [[" "] * columns for _ in range(rows)]
        self.region = (0, rows - 1)
        self.y = self.x = 0
        fake_pager.termios_size(self.theirs, rows, columns)
        if self.process:
            self.process.send_signal(signal.SIGWINCH)

    def close(self):
        for fd in (self.ours, self.theirs):
            if fd is not None:
                os.close(fd)
        self.ours = self.theirs = None

    def type(self, *keys):
        for key in keys:
            os.write(self.ours, KEYS.get(key, key).encode())

    @property
    def lines(self):
        return ["".join(row).rstrip() for row in self.cells]

    @property
    def text(self):
        return "\n".join(self.lines)

    def read(self, seconds):
        """Takes in what comes; False when nothing did."""
        if not select.select([self.ours], [], [], seconds)[0]:
            return False
        self.pending += os.read(self.ours, 65536)
        self.take()
        return True

    def wait(self, wanted):
        """Until wanted (a piece of the screen's text, or a question to it) is there."""
        question = wanted if callable(wanted) else lambda text: wanted in text
        end = time.monotonic() + PATIENCE
        while not question(self.text):
            assert time.monotonic() < end, f"waited for {wanted!r} in vain:\n{self.text}"
            self.read(0.1)
            # The end of the program is no reason to wait.
            if self.process and self.process.poll() is not None and not self.read(0):
                assert question(self.text), f"ended without {wanted!r}:\n{self.text}"
        return self.text

    def wait_for_end(self):
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, f"does not end:\n{self.text}"
            self.read(0.05)
        while self.read(0):
            pass
        return self.process.returncode

    def take(self):
        while self.pending:
            byte = self.pending[0]
            if byte == 27:
                match = SEQUENCE.match(self.pending)
                if not match:
                    assert len(self.pending) < 16, f"unknown sequence {self.pending[:16]!r}"
                    return
                self.pending = self.pending[match.end():]
                if match[2]:
                    self.control([int(n or 0) for n in match[1].split(b";")], match[2].decode())
                elif match[4]:
                    self.escape(match[4].decode())
                continue
            self.pending = self.pending[1:]
            if byte == 13:
                self.x = 0
            elif byte == 10:
                self.y += 1
                if self.y > self.region[1]:
                    self.y = self.region[1]
                    del self.cells[self.region[0]]
                    self.cells.insert(self.region[1], [" "] * self.columns)
            elif byte == 8:
                self.x = max(self.x - 1, 0)
            elif byte not in (0, 7, 14, 15):
                assert 32 <= byte < 127, f"a stray byte {byte:#x} reached the terminal"
                self.put(chr(byte))

    def put(self, character):
        """What is written before a new size has got round lies outside, and does no harm."""
        if self.y < self.rows and self.x < self.columns:
            self.cells[self.y][self.x] = character
        self.x += 1

    def escape(self, letter):
        if letter == "7":
            self.saved = (self.y, self.x)
        elif letter == "8":
            self.y, self.x = self.saved
        elif letter == "M":
            if self.y == self.region[0]:
                del self.cells[self.region[1]]
                self.cells.insert(self.region[0], [" "] * self.columns)
            else:
                self.y = max(self.y - 1, 0)
        else:
            assert letter in "=>", f"unknown escape {letter}"

    def control(self, n, letter):
        one = max(n[0], 1)
        if letter == "H":
            self.y, self.x = max(n[0], 1) - 1, (max(n[1], 1) if len(n) > 1 else 1) - 1
        elif letter == "A":
            self.y = max(self.y - one, 0)
        elif letter == "B":
            self.y += one
        elif letter == "C":
            self.x += one
        elif letter == "D":
            self.x = max(self.x - one, 0)
        elif letter == "K":
            if self.y < self.rows:
                first, last = {0: (self.x, self.columns), 1: (0, self.x + 1), 2: (0, self.columns)}[n[0]]
                for x in range(first, min(last, self.columns)):
                    self.cells[self.y][x] = " "
        elif letter == "J":
            assert n[0] in (0, 2), n
            self.control([0 if n[0] == 0 else 2], "K")
            for y in range(self.y + 1 if n[0] == 0 else 0, self.rows):
                self.cells[y] = [" "] * self.columns
        elif letter == "r":
            self.region = (max(n[0], 1) - 1, (n[1] if len(n) > 1 and n[1] else self.rows) - 1)
            self.y = self.x = 0
        else:
            assert letter in "mhl", f"unknown control {n} {letter}"
