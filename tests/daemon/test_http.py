# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hostile clients: each request is answered, with an error that says something, and the daemon stays up."""

import contextlib
import random
import resource
import socket

import pytest
from conftest import wait_until

from manager import RELEASE

MANAGER = f"{RELEASE}/AerostatManager/AerostatManager"


def refused(answer, *statuses):
    """What the refusal says."""
    status, body = answer
    assert status in statuses, answer
    text = body["faultMessage"][0]["message"] if isinstance(body, dict) else body.decode()
    assert len(text) > 10 and "\x1b" not in text, answer
    return text


def test_metrics(daemon):
    status, text = daemon.call("GET", "/metrics")
    assert status == 200 and text.endswith(b"# EOF\n")
    for method in "POST", "PUT", "DELETE", "PATCH":
        refused(daemon.call(method, "/metrics", {}), 405)


@pytest.mark.parametrize("path", ["/host", "/vms", "/do/ListFolders", "/metricsx", "/metrics/x", "/h%6Fst/x", "/%7f",
                                  "/%00", "/%ff%fe", "/" + "a" * 4000])
def test_unknown_paths(daemon, path):
    refused(daemon.call("GET", path), 404, 400)


@pytest.mark.parametrize("name", ["none", "%00", "%ff", "%0a%1b[2J", "a%2Fb", "x" * 4000, "%C3%A4" * 500, "'--"])
def test_unknown_names(daemon, name):
    for method in "GET", "POST":
        refused(daemon.call(method, f"{RELEASE}/VirtualMachine/{name}/name", {}), 404, 400, 414, 431)
        refused(daemon.call(method, f"{MANAGER}/{name}", {}), 404, 400, 414, 431)


BODIES = [b"", b"{", b"[]", b"null", b"5", b'"x"', b"\x00", b"\xff\xfe", b'{"a"', b'{"a":}', b"{'a':1}",
          b'{"\xff":1}', b"[" * 100000, b'{"a":' * 100000, b"[" * 1000000, b'{"a":[' * 170000,
          b'{"a":"' + b"x" * 100000, b'{"a":"\\ud800"}', b"//" + b"x" * 1000, b"/*" * 1000]


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_bodies(daemon, number):
    """Not JSON, no object, nested without end."""
    settings = daemon.manager.settings()
    pool = daemon.manager.pools()[0]["pool"]["value"]
    for path in f"{RELEASE}/OptionManager/VpxSettings/UpdateOptions", \
            f"{RELEASE}/ResourcePool/{pool}/CreateResourcePool", f"{MANAGER}/AdmitVm":
        refused(daemon.call("POST", path, BODIES[number]), 400, 404, 413)
    assert daemon.manager.settings() == settings
    assert len(daemon.manager.pools()) == 1


VALUES = [None, True, False, 0, -1, -2, 1.5, 1e300, 2**63 - 1, -2**63, 2**64, 10**30, "", "x", "-1", "\x00", "\u2028\n",
          "ä" * 3000, [], {}, [1], {"a": 1}, "9" * 400]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_values(daemon, value):
    """Any argument with a value that it cannot have: an error or something sensible."""
    good = {"uuid": "11111111-2222-3333-4444-555555555555", "name": "n", "memoryBytes": 1}
    for name in good:
        status, body = daemon.call("POST", f"{MANAGER}/AdmitVm", {**good, name: value})
        assert status == 204 or refused((status, body), 400, 500)
    for method, name in ("RunOperation", "operation"), ("RunOperation", "arguments"), ("QueryJournal", "limit"), \
            ("QueryJournal", "after"), ("QueryVmMemory", "vm"), ("PreviewAllocation", "change"):
        status, body = daemon.call("POST", f"{MANAGER}/{method}", {"operation": "ListFolders", name: value}
                                   if method == "RunOperation" else {name: value})
        assert status in (200, 204) or refused((status, body), 400, 404)
    assert len(daemon.manager.pools()) == 1


def test_admission_needs_all(daemon):
    for body in {}, {"uuid": "u"}, {"uuid": "11111111-2222-3333-4444-555555555555", "name": "n"}, \
            {"uuid": "u", "name": "n", "memoryBytes": 1}:
        refused(daemon.call("POST", f"{MANAGER}/AdmitVm", body), 400)


def read_all(connection):
    data = b""
    with contextlib.suppress(ConnectionError):
        while chunk := connection.recv(65536):
            data += chunk
    return data


@pytest.mark.parametrize("chunked", [False, True])
def test_oversized_body(daemon, chunked):
    """Cut off, however long it goes on and whatever it said before."""
    piece = b"x" * 65536
    with daemon.connect() as connection:
        sent = 0
        if chunked:
            connection.sendall(b"POST /sdk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            piece = b"10000\r\n" + piece + b"\r\n"
        else:
            connection.sendall(b"POST /sdk HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while sent < 256 << 20:
                connection.sendall(piece)
                sent += len(piece)
        assert sent < 64 << 20
    assert daemon.answers()


def test_noise(daemon):
    """Not HTTP at all, and HTTP of which pieces were changed."""
    random.seed(3)
    before = daemon.descriptors()
    valid = f"POST {MANAGER}/QueryJournal HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n{{\"limit\": 5}}".encode()
    for i in range(1500):
        data = bytearray(valid if i % 3 else random.randbytes(random.randrange(1, 300)))
        if i % 3:
            for _ in range(random.randrange(1, 6)):
                at = random.randrange(len(data))
                data[at:at + random.randrange(3)] = random.choice([b"", b"\x00", b"\r\n", b"9", b"%", b"\xff", b"{", b"-"])
        with daemon.connect() as connection, contextlib.suppress(ConnectionError):
            connection.sendall(bytes(data))
            if i % 2:
                connection.shutdown(socket.SHUT_WR)
        if i % 100 == 0:
            assert daemon.answers()
    assert daemon.answers()
    wait_until(lambda: daemon.descriptors() <= before + 5, "all connections to be closed")


def test_random_requests(daemon):
    """Well-formed HTTP with anything in it."""
    random.seed(4)
    words = ["/sdk", "/folder", "/metrics", "/vim25/7.0", MANAGER, "/QueryVmMemory", "/", "%2F", "%00", "a", "?form=", "&", "..", "ä"]
    for _ in range(1500):
        method = random.choice(["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "X", "TRACE"])
        path = "/" + "".join(random.choice(words) for _ in range(random.randrange(5)))
        body = random.choice([b"", random.randbytes(random.randrange(200)), b'{"path":"/q"}', b'{"a":[1,{}]}'])
        with daemon.connect() as connection, contextlib.suppress(ConnectionError):
            connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}"
                               "\r\n\r\n".encode() + body)
            assert read_all(connection).startswith((b"HTTP/1.1 ", b"HTTP/1.0 ")), (method, path, body)
    assert daemon.answers()


def test_thousand_connections(daemon):
    """Those that say nothing, and those that never finish, keep nobody else from an answer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 1200:
        pytest.skip(f"only {hard} files may be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1200), hard))
    before = daemon.descriptors()
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(daemon.connect()) for _ in range(1000)]
        for i, connection in enumerate(connections):
            if i % 2:
                connection.sendall(b"POST /sdk HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{" if i % 4 == 1 else b"GET /sd")
        wait_until(lambda: daemon.descriptors() >= 1000, "all connections to be taken")
        assert daemon.manager.vms() == []
        for connection in connections[::2]:
            connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        for connection in connections[::2]:
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
    wait_until(lambda: daemon.descriptors() <= before + 5, "all connections to be closed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_slow_reader(daemon):
    """Who asks and never reads is no burden to others."""
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            connection = stack.enter_context(daemon.connect())
            connection.setblocking(False)
            with contextlib.suppress(BlockingIOError, ConnectionError):
                for _ in range(3000):
                    connection.send(f"POST {MANAGER}/QueryOperations HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        for _ in range(20):
            assert daemon.manager.host()


def test_unreachable_libvirt_is_said(daemon):
    host = daemon.manager.host()
    assert host["connection"] == "lost"
    assert "/nonexistent/libvirt-sock" in host["connection_reason"]
    assert host["vms"] == 0
