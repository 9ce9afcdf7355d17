# SPDX-License-Identifier: LGPL-2.1-or-later
"""A client of a pager's control socket whose structures come from the C headers themselves."""

import collections
import ctypes
import itertools
import os
import re
import socket
import time
from pathlib import Path
from types import SimpleNamespace

INCLUDE = Path(__file__).resolve().parents[2] / "include"
HEADERS = [INCLUDE / "aerostat/pager.h", INCLUDE / "aerostat/pager-protocol.h"]

TYPES = {"char": ctypes.c_char, "int32_t": ctypes.c_int32, "uint16_t": ctypes.c_uint16,
         "uint32_t": ctypes.c_uint32, "uint64_t": ctypes.c_uint64}


class Headers:
    """Constants and structures of the protocol, read from its headers.

    Both sides are built from one declaration this way. What is understood is the small part of C
    that the headers use; anything else in a structure is an error and not a guess. test_protocol.py
    holds the result against the compiler.
    """

    def __init__(self, paths):
        text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        self.constants = {"UINT64_MAX": 2**64 - 1}
        for name, value in re.findall(r"^#define\s+(\w+)\s+(\w+)\s*$", text, re.M):
            self.constants[name] = self._number(value)
        for body in re.findall(r"\benum\s+\w+\s*\{(.*?)\}", text, re.S):
            self._enum(body)
        self._bodies = dict(re.findall(r"\bstruct\s+(\w+)\s*\{(.*?)\};", text, re.S))
        self._structures = {}

    def _number(self, text):
        if text in self.constants:
            return self.constants[text]
        return int(re.sub(r"[uUlL]+$", "", text), 0)

    def _enum(self, body):
        following = 0
        for name, value in re.findall(r"(\w+)\s*(?:=\s*(\w+))?\s*(?:,|$)", body.strip()):
            self.constants[name] = self._number(value) if value else following
            following = self.constants[name] + 1

    def structure(self, name):
        if name not in self._structures:
            fields = [self._field(name, line) for line in self._lines(name)]
            self._structures[name] = type(name, (ctypes.Structure,), {"_fields_": fields})
        return self._structures[name]

    def _lines(self, name):
        return [line.strip() for line in self._bodies[name].split(";") if line.strip()]

    def _field(self, structure, text):
        match = re.fullmatch(r"(struct\s+)?(\w+)\s+(\w+)((?:\[\w+\])*)", text)
        if not match:
            raise ValueError(f"struct {structure}: cannot read the field '{text}'")
        is_structure, kind, name, dimensions = match.groups()
        field = self.structure(kind) if is_structure else TYPES[kind]
        for size in reversed(re.findall(r"\w+", dimensions)):
            field = field * self._number(size)
        return name, field


HEADER = Headers(HEADERS)
REQUEST = HEADER.structure("aerostat_pager_request")
REPLY = HEADER.structure("aerostat_pager_reply")
UNLIMITED = HEADER.constants["AEROSTAT_PAGER_UNLIMITED"]
FAULT_KINDS = [name.removeprefix("AEROSTAT_PAGER_FAULT_").lower() for name, _ in sorted(
    ((name, value) for name, value in HEADER.constants.items()
     if name.startswith("AEROSTAT_PAGER_FAULT_") and not name.endswith("_KINDS")),
    key=lambda item: item[1])]


def constant(name):
    return HEADER.constants[f"AEROSTAT_PAGER_{name}"]


def plain(value):
    """A ctypes value as Python's own kind: numbers, text, lists, and attributes for structures."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, ctypes.Array):
        return [plain(item) for item in value]
    if isinstance(value, ctypes.Structure):
        return SimpleNamespace(**{name: plain(getattr(value, name)) for name, _ in value._fields_})
    return value


class PagerError(OSError):
    """The pager's answer to a request that it could not carry out."""


def connect(path, timeout):
    """A connected socket; waits for the pager to be there for at most timeout seconds."""
    deadline = time.monotonic() + timeout
    while True:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            sock.settimeout(max(timeout, 1))
            sock.connect(str(path))
            return sock
        except (FileNotFoundError, ConnectionRefusedError, BlockingIOError):
            # Not there yet, or with more clients waiting than it has taken in (EAGAIN).
            sock.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        except BaseException:
            sock.close()
            raise


class PagerClient:
    """One connection. Each request returns the pager's statistics after it."""

    def __init__(self, path, timeout=30):
        self.socket = connect(path, timeout)
        self._serials = itertools.count(1)
        self._subscription = None
        self._updates = collections.deque()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _receive(self):
        # A byte more than a reply, to notice one that is too long.
        message = self.socket.recv(ctypes.sizeof(REPLY) + 1)
        if not message:
            raise ConnectionResetError("the pager closed the connection")
        if len(message) != ctypes.sizeof(REPLY):
            raise ValueError(f"a reply has {len(message)} bytes, expected {ctypes.sizeof(REPLY)}")
        return REPLY.from_buffer_copy(message)

    def request(self, kind, *values):
        serial = next(self._serials)
        request = REQUEST(magic=constant("MAGIC"), version=constant("VERSION"), type=constant(kind),
                          serial=serial)
        for i, value in enumerate(values):
            request.value[i] = value
        self.socket.send(bytes(request))
        while True:
            reply = self._receive()
            if reply.serial == serial:
                break
            if reply.serial != self._subscription:
                raise ValueError(f"a reply to serial {reply.serial}, which nobody sent")
            self._updates.append(plain(reply.stats))
        if reply.error:
            message = reply.message.decode(errors="replace") or os.strerror(-reply.error)
            raise PagerError(-reply.error, message)
        return plain(reply.stats)

    def get_stats(self):
        return self.request("GET_STATS")

    def set_limit(self, limit_bytes):
        """None: no limit."""
        return self.request("SET_LIMIT", UNLIMITED if limit_bytes is None else limit_bytes)

    def set_reservation(self, reservation_bytes):
        return self.request("SET_RESERVATION", reservation_bytes)

    def set_cache_pct(self, pct):
        return self.request("SET_CACHE_PCT", pct)

    def set_codec(self, name):
        """off, lz4 or zstd"""
        return self.request("SET_CODEC", constant(f"CODEC_{name.upper()}"))

    def set_sampling(self, period_ms, pages):
        return self.request("SET_SAMPLING", period_ms, pages)

    def set_mergeable(self, mergeable):
        return self.request("SET_MERGEABLE", int(mergeable))

    def subscribe(self, interval_ms):
        """Statistics every interval_ms from now on, for next_update(); 0 ends it."""
        self._updates.clear()
        stats = self.request("SUBSCRIBE", interval_ms)
        # The serial of the request just made: its number is the counter's before the next.
        serial = next(self._serials) - 1
        self._subscription = serial if interval_ms else None
        return stats

    def next_update(self):
        """The next statistics of the subscription, waiting for them."""
        if self._updates:
            return self._updates.popleft()
        while True:
            reply = self._receive()
            if reply.serial == self._subscription:
                return plain(reply.stats)
