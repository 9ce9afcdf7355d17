# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files of datastores over HTTP."""

import base64
import fcntl
import hashlib
import os
import socket
import struct
import time
import urllib.parse

import pytest
from pyVmomi import vim

from conftest import PASSWORD, PATIENCE, USER, answer_of, insecure, wait_until

BASIC = {"Authorization": "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()}


@pytest.fixture(scope="module")
def store(host):
    """A datastore's folder, with a file and what is beside it."""
    folder = host.folder / "store 1"
    folder.mkdir()
    (folder / "web01").mkdir()
    (folder / "web01/web01.vmx").write_text('displayName = "web01"\n', encoding="ascii")
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "links").symlink_to("/etc")
    os.mkfifo(folder / "pipe")
    (host.folder / "secret").write_text("secret", encoding="ascii")
    host.manager.run("AddDatastore", name="store 1", path=str(folder))
    return folder


@pytest.fixture(scope="module")
def cookie(host):
    host.add_account("olga", "x", "ReadOnly")
    host.add_account("otto", "x", "VirtualMachineUser")
    found = {}
    for user, password in ((USER, PASSWORD), ("olga", "x"), ("otto", "x")):
        status, headers, _ = ask(host, "POST", "/sdk/vim25/7.0/SessionManager/SessionManager/Login",
                                 f'{{"userName":"{user}","password":"{password}"}}'.encode())
        assert status == 200
        found[user] = {"Cookie": headers["Set-Cookie"]}
    return found


def ask(host, method, path, body=None, headers=None):
    connection = host.https()
    try:
        return answer_of(connection, method, path, body, headers)
    finally:
        connection.close()


def url(path, datastore="store 1", datacenter=None):
    query = {"dsName": datastore, **({"dcPath": datacenter} if datacenter else {})}
    return f"/folder/{urllib.parse.quote(path)}?{urllib.parse.urlencode(query)}"


def test_vmx_is_read(host, store, cookie, si):
    names = [entity.name for entity in si.content.rootFolder.childEntity]
    for datacenter in (None, "ha-datacenter", names[0], "/" + names[0]):
        status, headers, text = ask(host, "GET", url("web01/web01.vmx", datacenter=datacenter), headers=cookie[USER])
        assert (status, text) == (200, b'displayName = "web01"\n')
        assert headers["Content-Type"] == "application/octet-stream" and headers["Accept-Ranges"] == "bytes"
    status, headers, text = ask(host, "HEAD", url("web01/web01.vmx"), headers=cookie[USER])
    assert (status, headers["Content-Length"], text) == (200, "22", b"")


@pytest.mark.parametrize("wanted, status, text, place", [
    ("bytes=0-3", 206, b"disp", "bytes 0-3/22"),
    ("bytes=15-", 206, b'web01"\n'[0:0] + b'"web01"\n'[1:], "bytes 15-21/22"),
    ("bytes=-3", 206, b'1"\n', "bytes 19-21/22"),
    ("bytes=20-1000", 206, b'"\n', "bytes 20-21/22"),
    ("bytes=22-", 416, None, "bytes */22"),
    ("bytes=0-1,5-6", 200, b'displayName = "web01"\n', None),
    ("lines=1", 200, b'displayName = "web01"\n', None),
])
def test_ranges(host, store, cookie, wanted, status, text, place):
    got, headers, body = ask(host, "GET", url("web01/web01.vmx"), headers={**cookie[USER], "Range": wanted})
    assert (got, headers["Content-Range"]) == (status, place)
    assert text is None or body == text


def test_lists(host, store, cookie):
    assert b'href="/folder?dsName=store%201"' in ask(host, "GET", "/folder", headers=cookie[USER])[2]
    status, _, text = ask(host, "GET", url(""), headers=cookie[USER])
    assert status == 200 and b">web01/</a>" in text and b"link" not in text
    assert b">web01.vmx</a> 22" in ask(host, "GET", url("web01/"), headers=cookie[USER])[2]


@pytest.mark.parametrize("path, status", [
    ("/folder/none?dsName=store+1", 404), ("/folder/a?dsName=none", 404), ("/folder/a", 400),
    ("/folder/a?dsName=store+1&dcPath=elsewhere", 404),
    ("/folder/../secret?dsName=store+1", 400), ("/folder/%2e%2e/secret?dsName=store+1", 400),
    ("/folder/web01/..%2f..%2fsecret?dsName=store+1", 400), ("/folder//etc/passwd?dsName=store+1", 404),
    ("/folder/%2fetc%2fpasswd?dsName=store+1", 404), ("/folder/a?dsName=..", 404),
    ("/folder/link?dsName=store+1", 403), ("/folder/links/passwd?dsName=store+1", 403),
    ("/folder/pipe?dsName=store+1", 403), ("/folder/web01/web01.vmx/x?dsName=store+1", 404),
    ("/folder/a?dsName=store+1%5d+..%2f", 400), ("/folder/" + "a/" * 40 + "?dsName=store+1", 400),
])
def test_paths_that_lead_nowhere(host, store, cookie, path, status):
    assert ask(host, "GET", path, headers=cookie[USER])[0] == status
    if path != "/folder/none?dsName=store+1":
        assert ask(host, "PUT", path, b"x", headers=cookie[USER])[0] in (400, 403, 404, 409)
        assert ask(host, "DELETE", path, headers=cookie[USER])[0] in (400, 403, 404, 409)
    assert (store / "link").is_symlink() and (store / "pipe").is_fifo()
    assert (host.folder / "secret").read_text() == "secret"


def test_write_and_delete(host, store, cookie):
    status, _, _ = ask(host, "PUT", url("web01/new file"), b"first", cookie[USER])
    assert status == 201 and (store / "web01/new file").read_bytes() == b"first"
    assert ask(host, "PUT", url("web01/new file"), b"", cookie[USER])[0] == 200
    assert (store / "web01/new file").read_bytes() == b""
    assert ask(host, "DELETE", url("web01/new file"), headers=cookie[USER])[0] == 204
    assert ask(host, "DELETE", url("web01/new file"), headers=cookie[USER])[0] == 404
    assert ask(host, "PUT", url("none/new file"), b"x", cookie[USER])[0] == 404
    assert ask(host, "PUT", url("web01"), b"x", cookie[USER])[0] == 409
    assert ask(host, "PUT", url(""), b"x", cookie[USER])[0] == 400
    assert sorted(os.listdir(store / "web01")) == ["web01.vmx"]


def test_privileges(host, store, cookie):
    path = url("web01/web01.vmx")
    assert ask(host, "GET", path)[0] == 401
    assert ask(host, "GET", path, headers=cookie["olga"])[0] == 403
    assert ask(host, "GET", path, headers=cookie["otto"])[0] == 200
    for user in ("olga", "otto"):
        assert ask(host, "PUT", url("web01/x"), b"x", cookie[user])[0] == 403
        assert ask(host, "DELETE", path, headers=cookie[user])[0] == 403
    assert sorted(os.listdir(store / "web01")) == ["web01.vmx"]


def test_name_and_password_with_the_request(host, store, si):
    before = len(si.content.sessionManager.sessionList)
    assert ask(host, "PUT", url("web01/basic"), b"basic" * 10000, BASIC)[0] == 201
    assert ask(host, "GET", url("web01/basic"), headers=BASIC)[2] == b"basic" * 10000
    assert ask(host, "DELETE", url("web01/basic"), headers=BASIC)[0] == 204
    wrong = {"Authorization": "Basic " + base64.b64encode(f"{USER}:wrong".encode()).decode()}
    status, headers, _ = ask(host, "GET", url("web01/web01.vmx"), headers=wrong)
    assert status == 401 and headers["WWW-Authenticate"].startswith("Basic")
    for bad in ("Basic", "Basic !!!", "Basic " + base64.b64encode(b"\xff\xfe").decode(), "Bearer x"):
        assert ask(host, "GET", url("web01/web01.vmx"), headers={"Authorization": bad})[0] == 401
    assert len(si.content.sessionManager.sessionList) == before


def test_tickets(host, store, si):
    path = url("web01/web01.vmx")
    spec = vim.SessionManager.HttpServiceRequestSpec(method="httpGet", url=f"https://*:{host.port}{path}")
    manager = si.content.sessionManager

    def use(method="GET", where=path):
        ticket = manager.AcquireGenericServiceTicket(spec).id
        return ticket, ask(host, method, where, headers={"Cookie": f"vmware_cgi_ticket={ticket}"})[0]
    ticket, status = use()
    assert status == 200
    assert ask(host, "GET", path, headers={"Cookie": f"vmware_cgi_ticket={ticket}"})[0] == 401  # once
    assert use("HEAD")[1] == 401
    assert use(where=url("web01/other"))[1] == 401
    assert ask(host, "GET", path, headers={"Cookie": "vmware_cgi_ticket=x"})[0] == 401


def test_large_files_are_streamed(host, store, cookie):
    size, piece = 300 << 20, os.urandom(1 << 20)
    told = hashlib.sha256()
    before = host.resident_bytes()
    connection = host.https()
    connection.putrequest("PUT", url("large"))
    for name, value in {**cookie[USER], "Content-Length": str(size)}.items():
        connection.putheader(name, value)
    connection.endheaders()
    most = 0
    for _ in range(size // len(piece)):
        connection.send(piece)
        told.update(piece)
        most = max(most, host.resident_bytes())
    assert connection.getresponse().status == 201
    connection.close()
    got = hashlib.sha256()
    connection = host.https()
    connection.request("GET", url("large"), headers=cookie[USER])
    answer = connection.getresponse()
    while text := answer.read(1 << 20):
        got.update(text)
        most = max(most, host.resident_bytes())
    connection.close()
    assert got.digest() == told.digest()
    assert most - before < 32 << 20
    (store / "large").unlink()


def test_upload_that_breaks_off_leaves_nothing(host, store, cookie):
    before = host.descriptors()
    for chunked in (False, True):
        connection = host.https()
        connection.putrequest("PUT", url("web01/web01.vmx"))
        for name, value in cookie[USER].items():
            connection.putheader(name, value)
        connection.putheader(*(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", "1000000")))
        connection.endheaders()
        connection.send(b"10000\r\n" + bytes(65536) + b"\r\nnonsense\r\n" if chunked else bytes(500000))
        if chunked:
            assert connection.getresponse().status == 400
        connection.close()
    wait_until(lambda: host.descriptors() <= before, "the connections to be closed")
    assert sorted(os.listdir(store / "web01")) == ["web01.vmx"]
    assert (store / "web01/web01.vmx").read_text(encoding="ascii") == 'displayName = "web01"\n'


def test_image_that_is_written_to_is_not_read(host, store, cookie):
    """As QEMU locks what it writes to."""
    image = store / "disk.qcow2"
    image.write_bytes(bytes(1000))
    with image.open("r+b") as file:
        fcntl.fcntl(file, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, 101, 1, 0))
        status, _, text = ask(host, "GET", url("disk.qcow2"), headers=cookie[USER])
        assert status == 409 and b"being written to" in text
    assert ask(host, "GET", url("disk.qcow2"), headers=cookie[USER])[0] == 200
    image.unlink()
