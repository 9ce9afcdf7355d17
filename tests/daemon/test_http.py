# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hostile clients: each request is answered, with an error that says something, and the daemon stays up."""

import contextlib
import random
import resource
import socket

import pytest
from conftest import wait_until

GET = ["/host", "/vms", "/pools", "/settings", "/events", "/advice", "/metrics"]


def refused(answer, *statuses):
    status, body = answer
    if answer == (400, b""):
        return ""  # by the HTTP library: no request that could be told from noise
    assert status in statuses, answer
    assert isinstance(body, dict) and len(body["error"]) > 10, answer
    return body["error"]


@pytest.mark.parametrize("path", GET)
def test_reads(daemon, path):
    assert daemon.call("GET", path)[0] == 200
    for method in "POST", "PUT", "DELETE", "PATCH":
        if (path, method) not in (("/pools", "POST"), ("/settings", "PATCH")):
            refused(daemon.call(method, path, {}), 405)


@pytest.mark.parametrize("path", ["/", "/hosts", "/host/", "/vmsx", "/h%6Fst/x", "/%7f", "/%00",
                                  "/%ff%fe", "/" + "a" * 4000])
def test_unknown_paths(daemon, path):
    refused(daemon.call("GET", path), 404, 400)


@pytest.mark.parametrize("name", ["none", "%00", "%ff", "%0a%1b[2J", "a%2Fb", "x" * 4000, "%C3%A4" * 500, "'--"])
def test_unknown_names(daemon, name):
    for method in "GET", "PATCH":
        text = refused(daemon.call(method, f"/vms/{name}", {}), 404, 400)
        assert "\n" not in text and "\x1b" not in text
    for method in "DELETE", "PATCH":
        text = refused(daemon.call(method, f"/pools/{name}", {}), 404, 400)
        assert "\n" not in text and "\x1b" not in text


BODIES = [b"", b"{", b"[]", b"null", b"5", b'"x"', b"\x00", b"\xff\xfe", b'{"a"', b'{"a":}', b"{'a':1}",
          b'{"\xff":1}', b"[" * 100000, b'{"a":' * 100000, b"[" * 1000000, b'{"a":[' * 170000,
          b'{"a":"' + b"x" * 100000, b'{"a":"\\ud800"}', b"//" + b"x" * 1000, b"/*" * 1000]


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_bodies(daemon, number):
    """Not JSON, no object, nested without end."""
    settings = daemon.call("GET", "/settings")
    for method, path in ("PATCH", "/settings"), ("POST", "/pools"), ("POST", "/admission"):
        refused(daemon.call(method, path, BODIES[number]), 400, 404)
    assert daemon.call("GET", "/settings") == settings
    assert len(daemon.call("GET", "/pools")[1]) == 1


VALUES = [None, True, False, 0, -1, -2, 1.5, 1e300, 2**63 - 1, -2**63, 2**64, 10**30, "", "x", "-1", "\x00", "\u2028\n",
          "ä" * 3000, [], {}, [1], {"a": 1}, "9" * 400]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_values(daemon, value):
    """Any member of any request with a value that it cannot have: an error or something sensible."""
    settings = daemon.call("GET", "/settings")
    if value not in (0, False):
        refused(daemon.call("PATCH", "/settings", {"Mem.BalancePeriod": value}), 400)
    refused(daemon.call("PATCH", "/settings", {"Mem.IdleTax": 20, "Mem.Nothing": value}), 400, 404)
    assert daemon.call("GET", "/settings") == settings

    refused(daemon.call("POST", "/pools", {"path": value}), 400, 404)
    for name in "shares", "reservation_mb", "limit_mb", "expandable", "nothing":
        status, body = daemon.call("POST", "/pools", {"path": "/p", name: value})
        if status == 201:
            assert daemon.call("DELETE", "/pools/%2Fp")[0] == 204
        else:
            refused((status, body), 400, 409)
    for name in "uuid", "name", "memory_bytes":
        status, body = daemon.call("POST", "/admission", {"uuid": "u", "name": "n", "memory_bytes": 1, name: value})
        assert status == 204 or refused((status, body), 400, 409)
    assert len(daemon.call("GET", "/pools")[1]) == 1


def test_pool_needs_types(daemon):
    """What is no boolean does not become one, and what has no name no pool."""
    refused(daemon.call("POST", "/pools", {"path": "/p", "expandable": "yes"}), 400)
    refused(daemon.call("POST", "/pools", {"path": 5}), 400)
    refused(daemon.call("POST", "/pools", {}), 400)


def test_admission_needs_all(daemon):
    for body in {}, {"uuid": "u"}, {"uuid": 1, "name": "n", "memory_bytes": 1}, \
            {"uuid": "u", "name": "n", "memory_bytes": "x"}, {"uuid": "u", "name": "n", "memory_bytes": -1}:
        refused(daemon.call("POST", "/admission", body), 400)


def test_many_members(daemon):
    refused(daemon.call("PATCH", "/settings", {f"Mem.{i}": 1 for i in range(65)}), 400)


def test_event_queries(daemon):
    for query in "after=x&limit=y", "limit=0", "limit=-1", "limit=999999999999999999999", "after=-5", "=&&;", "%00=%ff", \
            "limit", "after=" + "9" * 1000:
        status, events = daemon.call("GET", f"/events?{query}")
        assert status == 200 and 0 < len(events) <= 1000


def read_all(connection):
    data = b""
    with contextlib.suppress(ConnectionError):
        while chunk := connection.recv(65536):
            data += chunk
    return data


@pytest.mark.parametrize("chunked", [False, True])
def test_oversized_body(daemon, chunked):
    """Cut off after a megabyte, however long it goes on and whatever it said before."""
    piece = b"x" * 65536
    with daemon.connect() as connection:
        sent = 0
        if chunked:
            connection.sendall(b"PATCH /settings HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            piece = b"10000\r\n" + piece + b"\r\n"
        else:
            connection.sendall(b"PATCH /settings HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while sent < 64 << 20:
                connection.sendall(piece)
                sent += len(piece)
        assert sent < 16 << 20
    assert daemon.answers()
    megabyte = b'{"Mem.IdleTax": 75' + b" " * (1 << 20) + b"}"
    with contextlib.suppress(ConnectionError, OSError):
        refused(daemon.call("PATCH", "/settings", megabyte), 413)
    assert daemon.call("PATCH", "/settings", megabyte[:500] + b"}")[0] == 200


def test_noise(daemon):
    """Not HTTP at all, and HTTP of which pieces were changed."""
    random.seed(3)
    before = daemon.descriptors()
    valid = b"PATCH /settings HTTP/1.1\r\nHost: x\r\nContent-Length: 19\r\n\r\n{\"Mem.IdleTax\": 75}"
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
    words = ["/vms", "/pools", "/settings", "/events", "/admission", "/host", "/", "%2F", "%00", "a", "?after=", "&", "..", "ä"]
    for _ in range(1500):
        method = random.choice(["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "X", "TRACE"])
        path = "/" + "".join(random.choice(words) for _ in range(random.randrange(5)))
        body = random.choice([b"", random.randbytes(random.randrange(200)), b'{"path":"/q"}', b'{"a":[1,{}]}'])
        with daemon.connect() as connection, contextlib.suppress(ConnectionError):
            connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}"
                               "\r\n\r\n".encode() + body)
            assert read_all(connection).startswith((b"HTTP/1.1 ", b"HTTP/1.0 ")), (method, path, body)
    assert daemon.answers()
    for pool in daemon.call("GET", "/pools")[1][1:]:
        daemon.call("DELETE", "/pools/" + pool["path"].replace("/", "%2F"))


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
                connection.sendall(b"PATCH /settings HTTP/1.1\r\nContent-Length: 100\r\n\r\n{" if i % 4 == 1 else b"GET /ho")
        wait_until(lambda: daemon.descriptors() >= 1000, "all connections to be taken")
        assert daemon.call("GET", "/vms") == (200, [])
        for connection in connections[::2]:
            connection.sendall(b"GET /host HTTP/1.1\r\nHost: x\r\n\r\n")
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
                    connection.send(b"GET /settings HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(20):
            assert daemon.call("GET", "/host")[0] == 200


def test_unreachable_libvirt_is_said(daemon):
    host = daemon.call("GET", "/host")[1]
    assert host["connection"] == "lost"
    assert "/nonexistent/libvirt-sock" in host["connection_reason"]
    assert host["vms"] == 0
