# SPDX-License-Identifier: LGPL-2.1-or-later
"""The web client's files at /ui/: what is sent, with which headers, and what is not."""

import gzip
import http.client
import os
import random
import socket

import pytest

from conftest import PATIENCE, answer_of

SCRIPT = b"console.log('here')\n" * 1000
LARGE = random.Random(1).randbytes(3 << 20)


@pytest.fixture(scope="module")
def web(host):
    """The folder, with a web client in it."""
    folder = host.folder / "web"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!DOCTYPE html><title>here</title>", encoding="ascii")
    (folder / "assets/app-1234.js").write_bytes(SCRIPT)
    (folder / "assets/app-1234.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "assets/large.bin").write_bytes(LARGE)
    (folder / "favicon.svg").write_text("<svg/>", encoding="ascii")
    (folder / ".secret").write_text("secret", encoding="ascii")
    (folder / ".git").mkdir()
    (folder / ".git/config").write_text("secret", encoding="ascii")
    (host.folder / "outside").write_text("secret", encoding="ascii")
    (folder / "out").symlink_to("../outside")
    (folder / "passwd").symlink_to("/etc/passwd")
    (folder / "up").symlink_to("..")
    (folder / "in").symlink_to("favicon.svg")
    os.mkfifo(folder / "pipe")
    return folder


def get(host, path, method="GET", **headers):
    connection = host.plain()
    try:
        return answer_of(connection, method, path, headers={name.replace("_", "-"): value
                                                            for name, value in headers.items()})
    finally:
        connection.close()


def test_without_web_client(host):
    status, headers, page = get(host, "/ui/")
    assert status == 404 and b"not installed" in page and headers.get_content_type() == "text/html"
    assert get(host, "/")[0] == 200


@pytest.mark.usefixtures("web")
class TestFiles:
    def test_index(self, host):
        status, headers, page = get(host, "/ui/")
        assert (status, page) == (200, b"<!DOCTYPE html><title>here</title>")
        assert headers["Content-Type"] == "text/html; charset=utf-8" and headers["Cache-Control"] == "no-cache"
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'self'" and policy["frame-ancestors"] == "'none'"
        assert not {"'unsafe-inline'", "'unsafe-eval'"} & set(headers["Content-Security-Policy"].split())
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert get(host, "/ui/?x=y")[2] == page == get(host, "/ui/index.html")[2]

    def test_the_way_there(self, host):
        for path in ("/", "/ui"):
            status, headers, _ = get(host, path)
            assert (status, headers["Location"]) == (302, "/ui/")

    def test_assets(self, host):
        status, headers, body = get(host, "/ui/assets/app-1234.js")
        assert (status, body) == (200, SCRIPT) and "Content-Encoding" not in headers
        assert headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        status, packed, body = get(host, "/ui/assets/app-1234.js", Accept_Encoding="gzip, br")
        assert status == 200 and packed["Content-Encoding"] == "gzip" and gzip.decompress(body) == SCRIPT
        assert packed["Content-Type"] == headers["Content-Type"] and packed["Vary"] == "Accept-Encoding"
        assert packed["ETag"] != headers["ETag"]
        assert get(host, "/ui/assets/large.bin", Accept_Encoding="gzip")[2] == LARGE

    def test_unchanged(self, host, web):
        tag = get(host, "/ui/favicon.svg")[1]["ETag"]
        status, headers, body = get(host, "/ui/favicon.svg", If_None_Match=f'W/"x", {tag}')
        assert (status, body, headers["ETag"]) == (304, b"", tag)
        (web / "favicon.svg").write_text("<svg></svg>", encoding="ascii")
        assert get(host, "/ui/favicon.svg", If_None_Match=tag)[0] == 200

    def test_head_and_others(self, host):
        status, headers, body = get(host, "/ui/assets/app-1234.js", "HEAD")
        assert (status, int(headers["Content-Length"]), body) == (200, len(SCRIPT), b"")
        assert get(host, "/ui/", "POST")[0] == get(host, "/ui/", "PUT")[0] == get(host, "/", "DELETE")[0] == 405

    @pytest.mark.parametrize("path", [
        "none", "assets", "assets/", "assets/none.js", ".secret", ".git/config", "assets/../.secret", "../outside",
        "%2e%2e/outside", "..%2foutside", "%2e%2e%2foutside", "assets/%2e%2e/%2e%2e/outside", "/etc/passwd", "%2fetc/passwd",
        "out", "passwd", "up/outside", "up/web/index.html", "pipe", "%00", "index.html%00", "x" * 5000, "a/" * 1000])
    def test_what_is_not_served(self, host, path):
        connection = socket.create_connection(("127.0.0.1", host.plain_port), PATIENCE)
        with connection:  # by hand, so that no client makes the path neat
            connection.sendall(f"GET /ui/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            body = answer.read()
        assert answer.status in (400, 404)
        assert b"secret" not in body and b"root:" not in body

    def test_links_within(self, host):
        assert get(host, "/ui/in")[0] == 200

    def test_pages_of_elsewhere(self, host):
        assert get(host, "/ui/", Origin="https://evil.example")[0] == 403

    def test_by_the_unix_socket(self, host):
        assert host.call("GET", "/ui/")[0] == 200

    def test_without_index_there_is_no_client(self, host, web):
        (web / "index.html").rename(web / "away.html")
        try:
            assert get(host, "/ui/assets/app-1234.js")[0] == 404
            assert get(host, "/")[0] == 200
        finally:
            (web / "away.html").rename(web / "index.html")
