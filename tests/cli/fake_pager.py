# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pagers that are not there: the control protocol spoken by this process, well or badly as told."""

import ctypes
import errno
import fcntl
import os
import selectors
import socket
import struct
import tempfile
import termios
import threading
import types

MAGIC = 0x52475041
VERSION = 1
UNLIMITED = 2**64 - 1
GET_STATS, SET_LIMIT, SET_RESERVATION, SET_CACHE_PCT, SET_CODEC, SET_SAMPLING, SUBSCRIBE = range(1, 8)
FAULTS = ["zero", "parked", "same", "compressed", "swapped", "protected", "raced"]
MIB = 1 << 20


class Stats(ctypes.Structure):
    _fields_ = (
        [("name", ctypes.c_char * 64), ("reason", ctypes.c_char * 192)]
        + [(field, ctypes.c_uint64) for field in (
            "pid uptime_ms memory_bytes unmanaged_bytes limit_bytes reservation_bytes consumed_bytes "
            "absent_bytes resident_bytes parked_bytes same_bytes compressed_bytes writing_bytes swapped_bytes "
            "reading_bytes shared_bytes shared_saved_bytes cache_bytes cache_live_bytes cache_limit_bytes "
            "swap_file_bytes swap_used_bytes records_bytes").split()]
        + [(field, ctypes.c_uint32) for field in "cache_pct codec sample_period_ms sample_pages".split()]
        + [(field, ctypes.c_uint64) for field in (
            "active_bytes active_slow_bytes active_fast_bytes active_current_bytes sample_periods "
            "parks unparks compressions decompressions same_pages incompressible swap_outs swap_ins prefetched "
            "discards busy limit_overruns swap_errors").split()]
        + [("faults", ctypes.c_uint64 * 7), ("latency", ctypes.c_uint64 * 24 * 7)]
    )


class Request(ctypes.Structure):
    _fields_ = [("magic", ctypes.c_uint32), ("version", ctypes.c_uint16), ("type", ctypes.c_uint16),
                ("serial", ctypes.c_uint64), ("value", ctypes.c_uint64 * 2), ("reserved", ctypes.c_uint64 * 4)]


class Reply(ctypes.Structure):
    _fields_ = [("magic", ctypes.c_uint32), ("version", ctypes.c_uint16), ("type", ctypes.c_uint16),
                ("serial", ctypes.c_uint64), ("error", ctypes.c_int32), ("reserved", ctypes.c_uint32),
                ("message", ctypes.c_char * 192), ("stats", Stats)]


def plausible_stats(name, pid):
    """A guest of 1 GiB with something in every state, which add up."""
    s = Stats(name=name if isinstance(name, bytes) else name.encode(), pid=pid, uptime_ms=3_600_000)
    s.memory_bytes = 1024 * MIB
    s.limit_bytes = UNLIMITED
    s.resident_bytes, s.parked_bytes, s.same_bytes = 400 * MIB, 24 * MIB, 100 * MIB
    s.compressed_bytes, s.swapped_bytes, s.absent_bytes = 200 * MIB, 200 * MIB, 100 * MIB
    s.cache_bytes, s.cache_live_bytes, s.cache_limit_bytes = 70 * MIB, 64 * MIB, 102 * MIB
    s.consumed_bytes = 494 * MIB
    s.active_bytes, s.active_slow_bytes, s.active_fast_bytes = 300 * MIB, 250 * MIB, 300 * MIB
    s.swap_file_bytes, s.swap_used_bytes = 1024 * MIB, 210 * MIB
    s.cache_pct, s.codec, s.sample_period_ms, s.sample_pages = 10, 1, 60000, 100
    return s


def copy_stats(stats, **changes):
    """The same figures later on; a counter may be given as +n through a function of the old value."""
    new = Stats.from_buffer_copy(stats)
    for field, value in changes.items():
        setattr(new, field, value(getattr(new, field)) if callable(value) else value)
    return new


def termios_size(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class Pager:
    """One socket and the stats behind it.

    mangle   changes the bytes of every reply; None for no reply at all
    refuse   {request type: (errno, message)}
    updates  what a subscriber is sent at once, each a Stats
    after    what becomes of the connection then: "keep", "close", or "end" (the socket goes as well)
    hook     called with (pager, request) before a request is carried out
    """

    def __init__(self, host, path, stats, **behaviour):
        self.host, self.path, self.stats = host, path, stats
        self.mangle = behaviour.pop("mangle", lambda data: data)
        self.refuse = behaviour.pop("refuse", {})
        self.updates = behaviour.pop("updates", [])
        self.after = behaviour.pop("after", "keep")
        self.hook = behaviour.pop("hook", None)
        self.rude = behaviour.pop("rude", False)  # closes whoever connects
        assert not behaviour, behaviour
        self.requests = []  # (type, value, value)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(path)
        self.listener.listen(16)
        self.listener.setblocking(False)

    @property
    def sets(self):
        return [r for r in self.requests if r[0] != GET_STATS]

    def send(self, connection, request, stats=None, error=0, message=b""):
        reply = Reply(magic=MAGIC, version=VERSION, type=request.type, serial=request.serial, error=error,
                      message=message, stats=stats or self.stats)
        data = self.mangle(bytes(reply))
        if data is not None:
            connection.send(data)

    def handle(self, connection, data):
        request = Request.from_buffer_copy(data)
        assert (request.magic, request.version, len(data)) == (MAGIC, VERSION, ctypes.sizeof(Request))
        assert not any(request.reserved)
        self.requests.append((request.type, *request.value))
        if self.hook:
            self.hook(self, request)
        if request.type in self.refuse:
            number, message = self.refuse[request.type]
            self.send(connection, request, error=-number, message=message)
            return True
        value = request.value
        if request.type == SET_LIMIT:
            self.stats.limit_bytes = value[0]
        elif request.type == SET_RESERVATION:
            self.stats.reservation_bytes = value[0]
        elif request.type == SET_CACHE_PCT:
            self.stats.cache_pct = value[0]
        elif request.type == SET_CODEC:
            self.stats.codec = value[0]
        elif request.type == SET_SAMPLING:
            self.stats.sample_period_ms, self.stats.sample_pages = value
        self.send(connection, request)
        if request.type != SUBSCRIBE:
            return True
        for stats in self.updates:
            self.send(connection, request, stats)
        if self.after == "end":
            self.host.close_listener(self)
        return self.after == "keep"


class Host:
    """A run directory full of pagers, all served by one thread."""

    def __init__(self):
        # Short: the path of a socket has 107 bytes at most.
        self.dir = tempfile.mkdtemp(prefix="aerostat-")
        self.pagers = []
        self.selector = selectors.DefaultSelector()
        self.wake_read, self.wake_write = socket.socketpair()
        self.selector.register(self.wake_read, selectors.EVENT_READ, None)
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def add(self, name="web01", pid=None, path=None, stats=None, **behaviour):
        pid = pid if pid is not None else 5_000_000 + len(self.pagers)
        pager = Pager(self, path or os.path.join(self.dir, f"{pid}.sock"), stats or plausible_stats(name, pid),
                      **behaviour)
        with self.lock:
            self.pagers.append(pager)
            self.selector.register(pager.listener, selectors.EVENT_READ, pager)
        self.wake_write.send(b"+")
        return pager

    def close_listener(self, pager):
        self.selector.unregister(pager.listener)
        pager.listener.close()
        os.unlink(pager.path)

    def cut(self, pager):
        """Shuts every connection of a pager; the thread sees their ends and closes them."""
        with self.lock:
            for key in list(self.selector.get_map().values()):
                if isinstance(key.data, types.SimpleNamespace) and key.data.pager is pager:
                    key.fileobj.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.wake_write.send(b"-")
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()
        self.wake_write.close()
        for entry in os.listdir(self.dir):
            os.unlink(os.path.join(self.dir, entry))
        os.rmdir(self.dir)

    def _serve(self):
        while True:
            for key, _ in self.selector.select():
                if key.data is None:
                    if b"-" in self.wake_read.recv(4096):
                        return
                    continue
                with self.lock:
                    self._serve_one(key.fileobj, key.data)

    def _serve_one(self, fileobj, data):
        if isinstance(data, Pager):
            connection, _ = fileobj.accept()
            if data.rude:
                connection.close()
                return
            self.selector.register(connection, selectors.EVENT_READ, types.SimpleNamespace(pager=data))
            return
        try:
            message = fileobj.recv(4096)
            keep = bool(message) and data.pager.handle(fileobj, message)
        except OSError as error:
            assert error.errno in (errno.EPIPE, errno.ECONNRESET), error
            keep = False
        if not keep:
            self.selector.unregister(fileobj)
            fileobj.close()
