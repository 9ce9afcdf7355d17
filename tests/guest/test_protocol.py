# SPDX-License-Identifier: LGPL-2.1-or-later
"""The control socket: its structures, its errors, and clients that do not behave."""

import contextlib
import ctypes
import errno
import random
import socket
import subprocess

import pytest

from checks import assert_right, unsampled
from harness import MIB, ROOT, Guest, wait_until
from pager_client import REPLY, REQUEST, PagerClient, PagerError, connect, constant


@pytest.fixture(scope="module")
def guest(workspace):
    """It pages all the while, and is unharmed by all that happens at its pager's socket."""
    result = Guest(workspace, unsampled(limit_mib=96), memory_mib=320)
    check = result.start_pagecheck(120)
    yield result
    with PagerClient(result.settings.socket) as client:
        assert client.get_stats().pid == result.pid
    check.stop()
    assert_right(check)


def layout(structure):
    """Lines of "name offset size", and the size of the whole."""
    lines = [f"{name} {getattr(structure, name).offset} {getattr(structure, name).size}"
             for name, _ in structure._fields_]
    return [*lines, f"= {ctypes.sizeof(structure)}"]


@pytest.mark.parametrize("structure", [REQUEST, REPLY, dict(REPLY._fields_)["stats"]],
                         ids=lambda structure: structure.__name__)
def test_structures_are_the_compilers(structure, tmp_path):
    name = f"struct {structure.__name__}"
    body = "".join(f'printf("{field} %zu %zu\\n", offsetof({name}, {field}), sizeof((({name} *)0)->{field}));\n'
                   for field, _ in structure._fields_)
    source = tmp_path / "layout.c"
    source.write_text('#include <stdio.h>\n#include <aerostat/pager-protocol.h>\n'
                      f'int main(void) {{\n{body}printf("= %zu\\n", sizeof({name}));\n}}\n', encoding="utf-8")
    subprocess.run(["cc", "-I", ROOT / "include", "-o", tmp_path / "layout", source], check=True)
    output = subprocess.run([tmp_path / "layout"], check=True, capture_output=True, text=True).stdout
    assert output.splitlines() == layout(structure)


def request_bytes(kind="GET_STATS", serial=7, **changes):
    fields = {"magic": constant("MAGIC"), "version": constant("VERSION"), "type": constant(kind),
              "serial": serial, **changes}
    return bytes(REQUEST(**fields))


def closed_by_pager(sock):
    """Whether the other side has hung up, after whatever it still had to say."""
    with contextlib.suppress(ConnectionResetError):
        while sock.recv(65536):
            pass
    return True


@pytest.mark.parametrize("message", [
    b"x", request_bytes()[:-1], request_bytes() + b"\0", bytes(len(request_bytes())),
    request_bytes(magic=0x12345678), request_bytes(version=99)],
    ids=["short", "cut", "long", "zeros", "magic", "version"])
def test_malformed_message(guest, message):
    with connect(guest.settings.socket, 10) as sock:
        sock.send(message)
        reply = REPLY.from_buffer_copy(sock.recv(ctypes.sizeof(REPLY)))
        assert reply.error == -errno.EPROTO
        assert closed_by_pager(sock)


@pytest.mark.parametrize("kind, values", [
    ("SET_LIMIT", (1,)), ("SET_LIMIT", (0,)), ("SET_CACHE_PCT", (101,)), ("SET_CODEC", (3,)),
    ("SET_SAMPLING", (1, 100)), ("SET_SAMPLING", (60000, 0)), ("SET_SAMPLING", (60000, 1025)),
    ("SUBSCRIBE", (1,)), ("SUBSCRIBE", (2**40,))], ids=str)
def test_refused_request(guest, kind, values):
    """An error, a message, nothing changed, and the connection goes on."""
    settings = ("limit_bytes", "cache_pct", "codec", "sample_period_ms", "sample_pages")
    with PagerClient(guest.settings.socket) as client:
        before = client.get_stats()
        with pytest.raises(PagerError) as refused:
            client.request(kind, *values)
        assert refused.value.errno == errno.EINVAL and refused.value.strerror
        after = client.get_stats()
        assert [getattr(after, name) for name in settings] == [getattr(before, name) for name in settings]


def test_settings(guest):
    with PagerClient(guest.settings.socket) as client:
        assert client.set_limit(100 * MIB).limit_bytes == 100 * MIB
        assert client.set_cache_pct(20).cache_pct == 20
        assert client.set_codec("zstd").codec == constant("CODEC_ZSTD")
        stats = client.set_sampling(2000, 50)
        assert (stats.sample_period_ms, stats.sample_pages) == (2000, 50)
        client.set_sampling(0, 50)
        client.set_cache_pct(10)
        client.set_codec("lz4")
        assert client.set_limit(96 * MIB).limit_bytes == 96 * MIB


def test_subscription(guest):
    with PagerClient(guest.settings.socket) as client:
        client.subscribe(100)
        updates = [client.next_update() for _ in range(5)]
        assert all(a.uptime_ms < b.uptime_ms for a, b in zip(updates, updates[1:]))
        client.get_stats()
        client.next_update()
        client.subscribe(0)
        # Requests are still answered, and nothing else comes.
        client.get_stats()
        client.socket.settimeout(0.5)
        with pytest.raises(TimeoutError):
            client.socket.recv(1)


def test_client_dies_in_mid_conversation(guest):
    for message in (b"", request_bytes()[:20], request_bytes(), request_bytes("SUBSCRIBE")):
        for _ in range(20):
            with connect(guest.settings.socket, 10) as sock, contextlib.suppress(BrokenPipeError):
                if message:
                    sock.send(message)


def test_client_that_does_not_read(guest):
    with connect(guest.settings.socket, 10) as sock:
        sock.setblocking(False)
        # It is closed, or cannot send more; in neither case is anyone else kept waiting.
        with contextlib.suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
            for serial in range(10000):
                sock.send(request_bytes(serial=serial))
        with PagerClient(guest.settings.socket, timeout=10) as client:
            client.get_stats()


def test_too_many_clients(guest):
    with contextlib.ExitStack() as stack:
        taken = 0
        # One connection may be the fixture's or the guest's own.
        for _ in range(constant("CLIENTS_MAX") + 4):
            sock = stack.enter_context(connect(guest.settings.socket, 10))
            try:
                sock.send(request_bytes())
                taken += bool(sock.recv(ctypes.sizeof(REPLY)))
            except (BrokenPipeError, ConnectionResetError):
                pass
        assert constant("CLIENTS_MAX") - 1 <= taken <= constant("CLIENTS_MAX")

    def answers():
        with contextlib.suppress(OSError), PagerClient(guest.settings.socket, timeout=5) as client:
            return client.get_stats()
    wait_until(answers, 30, "a place to be free again")


def test_flood_of_garbage(guest):
    draw = random.Random(1)
    for _ in range(500):
        with contextlib.suppress(OSError), connect(guest.settings.socket, 10) as sock:
            sock.send(draw.randbytes(draw.choice((1, 63, 64, 65, 4096))))
            if draw.random() < 0.3:
                sock.shutdown(socket.SHUT_WR)
