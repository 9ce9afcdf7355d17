# SPDX-License-Identifier: LGPL-2.1-or-later
"""The server by plain HTTP: the JSON form, cookies, documents, and what it does not put up with."""

import gzip
import json
import resource
import socket
import ssl
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import pytest

from conftest import PASSWORD, PATIENCE, USER, answer_of, insecure, wait_until

JSON = "/sdk/vim25/7.0.0.0"
MANAGER = f"{JSON}/SessionManager/SessionManager"
ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Header>{header}</soapenv:Header><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"""
SOAP = {"SOAPAction": '"urn:vim25/6.7"', "Content-Type": "text/xml; charset=utf-8"}
VIM = 'xmlns="urn:vim25"'
SESSIONS = f'<_this type="SessionManager">SessionManager</_this>'
LOGIN = f'<Login {VIM}>{SESSIONS}<userName>{USER}</userName><password>{PASSWORD}</password></Login>'
LOCALE = f'<SetLocale {VIM}>{SESSIONS}<locale>en</locale></SetLocale>'


def ask(host, method, path, body=None, headers=None):
    connection = host.https()
    try:
        return answer_of(connection, method, path, body, headers)
    finally:
        connection.close()


def soap(host, body, header="", headers=None):
    status, sent, text = ask(host, "POST", "/sdk", ENVELOPE.format(body=body, header=header).encode(),
                             {**SOAP, **(headers or {})})
    return status, sent, text.decode()


@pytest.fixture(scope="module")
def key(host):
    """Of a session."""
    status, headers, _ = ask(host, "POST", f"{MANAGER}/Login", {"userName": USER, "password": PASSWORD})
    assert status == 200
    return headers["vmware-api-session-id"]


def raw(host, tls=True):
    plain = socket.create_connection(("127.0.0.1", host.port if tls else host.plain_port), timeout=PATIENCE)
    return insecure().wrap_socket(plain) if tls else plain


def status_of(text):
    return int(text.split(b" ", 2)[1]) if text else None


def read_all(connection):
    text = b""
    try:
        while piece := connection.recv(65536):
            text += piece
    except (ConnectionError, ssl.SSLError):
        pass
    return text


# --- the JSON form ---

def test_json_login_and_logout(host):
    status, headers, session = ask(host, "POST", f"{MANAGER}/Login", {"userName": USER, "password": PASSWORD})
    assert (status, session["_typeName"], session["userName"]) == (200, "UserSession", USER)
    mine = {"vmware-api-session-id": headers["vmware-api-session-id"]}
    assert ask(host, "GET", f"{MANAGER}/currentSession", headers=mine)[2]["key"] == session["key"]
    assert ask(host, "POST", f"{MANAGER}/Logout", headers=mine)[0] == 204
    assert ask(host, "GET", f"{MANAGER}/sessionList", headers=mine)[0] == 401


def test_json_content_before_login(host):
    status, _, content = ask(host, "POST", f"{JSON}/ServiceInstance/ServiceInstance/RetrieveServiceContent", {})
    assert status == 200
    assert content["sessionManager"] == {"_typeName": "ManagedObjectReference", "type": "SessionManager",
                                         "value": "SessionManager"}
    assert ask(host, "GET", f"{JSON}/ServiceInstance/ServiceInstance/content")[0] == 200


@pytest.mark.parametrize("method, path, body, status, fault", [
    ("POST", "SessionManager/SessionManager/Login", {"userName": USER, "password": "x"}, 401, "InvalidLogin"),
    ("POST", "SessionManager/SessionManager/Login", {"userName": USER}, 400, "InvalidArgument"),
    ("POST", "SessionManager/SessionManager/Login", {"userName": 1, "password": "x"}, 400, "InvalidArgument"),
    ("POST", "SessionManager/SessionManager/Login", b"{", 400, "InvalidRequest"),
    ("POST", "SessionManager/SessionManager/Login", b"", 400, "InvalidArgument"),
    ("POST", "SessionManager/SessionManager/Nothing", {}, 404, "MethodNotFound"),
    ("POST", "SessionManager/none/Logout", {}, 401, "NotAuthenticated"),
    ("GET", "SessionManager/SessionManager/nothing", None, 404, "MethodNotFound"),
    ("GET", "SessionManager/SessionManager/sessionList", None, 401, "NotAuthenticated"),
    ("GET", "VirtualMachine/SessionManager/name", None, 401, "NotAuthenticated"),
])
def test_json_faults(host, method, path, body, status, fault):
    got, _, answer = ask(host, method, f"{JSON}/{path}", body)
    assert (got, answer["_typeName"]) == (status, fault)


def test_json_unknown_object_with_a_session(host, key):
    status, _, fault = ask(host, "POST", f"{JSON}/Folder/no-such/Logout", {}, {"vmware-api-session-id": key})
    assert (status, fault["_typeName"], fault["obj"]["value"]) == (404, "ManagedObjectNotFound", "no-such")


@pytest.mark.parametrize("path", ["/sdk/vim25", "/sdk/vim25/", "/sdk/vim25/7.0", "/sdk/vim25/x/Folder/a/name",
                                  "/sdk/vim25/7.0/Folder/a/name/more", "/nothing", "/sdk/none.wsdl", "/etc/passwd",
                                  "/sdk/vim25/7.0/Folder/%2e%2e/name"])
def test_paths_that_there_are_not(host, path):
    assert ask(host, "GET", path)[0] in (400, 404)


def test_deep_json(host, key):
    deep = b'{"userName":' + b"[" * 10000 + b"]" * 10000 + b"}"
    assert ask(host, "POST", f"{MANAGER}/SetLocale", deep, {"vmware-api-session-id": key})[0] == 400
    assert host.answers()


# --- SOAP ---

def test_soap_cookie(host):
    status, headers, text = soap(host, LOGIN)
    assert status == 200 and f"<userName>{USER}</userName>" in text
    cookie = headers["Set-Cookie"]
    assert "; Path=/; HttpOnly; Secure; SameSite=Strict" in cookie and cookie.startswith('vmware_soap_session="')
    key = cookie.split('"')[1]
    # As it came, with the attributes; without quotes; among others; in SOAP's header.
    for sent in (cookie, f"vmware_soap_session={key}", f'a=b; vmware_soap_session="{key}"; c=d'):
        assert soap(host, LOCALE, headers={"Cookie": sent})[0] == 200
    assert soap(host, LOCALE, header=f"<vcSessionCookie>{key}</vcSessionCookie>")[0] == 200
    for sent in (f"vmware_soap_session={key[:-1]}", f"vmware_soap_session={key}0", "vmware_soap_session=",
                 f"other={key}"):
        status, _, text = soap(host, LOCALE, headers={"Cookie": sent})
        assert status == 500 and "NotAuthenticatedFault" in text


@pytest.mark.parametrize("body, fault", [
    (f'<Logout {VIM}><_this type="SessionManager">none</_this></Logout>', "NotAuthenticated"),
    (f'<Nothing {VIM}>{SESSIONS}</Nothing>', "MethodNotFound"),
    (f'<Login {VIM}>{SESSIONS}</Login>', "InvalidArgument"),
    (f'<Login {VIM}>{SESSIONS}', "InvalidRequest"),
])
def test_soap_faults(host, body, fault):
    status, _, text = soap(host, body)
    assert status == 500 and f"{fault}" in text


def test_xml_bombs(host):
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "boom">{entities}]>' + ENVELOPE.split("?>")[1].format(body="&a9;", header="")
    outside = ('<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>' +
               ENVELOPE.split("?>")[1].format(body=LOGIN.replace(USER, "&file;"), header=""))
    deep = ENVELOPE.format(body="<a>" * 20000, header="")
    before = host.resident_bytes()
    for body in (bomb, outside, deep):
        started = time.monotonic()
        status, _, text = ask(host, "POST", "/sdk", body.encode(), SOAP)
        assert status == 500 and b"InvalidRequest" in text and b"root:" not in text
        assert time.monotonic() - started < 10
    assert host.resident_bytes() - before < 64 << 20


def test_who_is_not_logged_in_calls_nothing(host):
    for body in (LOCALE, f'<RetrieveAllPermissions {VIM}><_this type="AuthorizationManager">AuthorizationManager</_this>'
                         '</RetrieveAllPermissions>'):
        status, _, text = soap(host, body)
        assert status == 500 and "NotAuthenticatedFault" in text


# --- documents ---

def test_documents(host):
    for path in ("/sdk/vimServiceVersions.xml", "/sdk/vimService.wsdl", "/sdk/vimService?wsdl", "/sdk?wsdl"):
        status, headers, text = ask(host, "GET", path)
        assert status == 200 and headers.get_content_type() == "text/xml"
        ElementTree.fromstring(text)
    imports = ElementTree.fromstring(ask(host, "GET", "/sdk/vimService.wsdl")[2])
    for place in imports.iter("{http://schemas.xmlsoap.org/wsdl/}import"):
        status, _, text = ask(host, "GET", "/sdk/" + place.get("location"))
        assert status == 200
        for schema in ElementTree.fromstring(text).iter("{http://www.w3.org/2001/XMLSchema}include"):
            assert ask(host, "GET", "/sdk/" + schema.get("schemaLocation"))[0] == 200
    assert ask(host, "GET", "/")[0] == 200
    status, headers, text = ask(host, "HEAD", "/")
    assert status == 200 and int(headers["Content-Length"]) > 100 and text == b""


def test_large_answers_are_compressed(host):
    plain = ask(host, "GET", "/sdk/vim-types.xsd")
    packed = ask(host, "GET", "/sdk/vim-types.xsd", headers={"Accept-Encoding": "gzip, deflate"})
    for status, headers, text in (plain, packed):
        assert status == 200 and int(headers["Content-Length"]) == len(text)
    assert packed[1]["Content-Encoding"] == "gzip" and gzip.decompress(packed[2]) == plain[2]


# --- connections ---

def test_connection_is_kept(host):
    connection = host.https()
    connection.connect()
    port = connection.sock.getsockname()
    for _ in range(20):
        assert answer_of(connection, "GET", "/")[0] == 200
        assert connection.sock.getsockname() == port
    connection.close()


def test_pipelined_requests_are_answered_in_order(host):
    with raw(host) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 3 +
                           b"GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answers = read_all(connection).split(b"HTTP/1.1 ")[1:]
    assert [answer[:3] for answer in answers] == [b"200", b"200", b"200", b"404"]


def test_request_byte_by_byte(host):
    body = json.dumps({"userName": USER, "password": PASSWORD}).encode()
    text = (f"POST {MANAGER}/Login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            f"Transfer-Encoding: chunked\r\n\r\n{len(body):x}\r\n").encode() + body + b"\r\n0\r\n\r\n"
    with raw(host) as connection:
        for byte in text:
            connection.sendall(bytes([byte]))
        assert status_of(read_all(connection)) == 200


def test_expect_continue(host):
    body = b'{"userName":"x","password":"y"}'
    with raw(host) as connection:
        connection.sendall(f"POST {MANAGER}/Login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n"
                           f"Content-Length: {len(body)}\r\n\r\n".encode())
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert status_of(read_all(connection)) == 401


def test_session_ends_between_head_and_body(host):
    headers = ask(host, "POST", f"{MANAGER}/Login", {"userName": USER, "password": PASSWORD})[1]
    mine = {"vmware-api-session-id": headers["vmware-api-session-id"]}
    with raw(host) as connection:
        # What would make an object of the session's; "continue" says that the head was read.
        connection.sendall(f"POST {JSON}/PropertyCollector/PropertyCollector/CreatePropertyCollector HTTP/1.1\r\n"
                           "Host: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
                           f"vmware-api-session-id: {mine['vmware-api-session-id']}\r\n\r\n".encode())
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert ask(host, "POST", f"{MANAGER}/Logout", headers=mine)[0] == 204
        connection.sendall(b"{}")
        answer = read_all(connection)
    assert status_of(answer) == 401 and b"NotAuthenticated" in answer


@pytest.mark.parametrize("head, status", [
    (b"GET\r\n\r\n", 400),
    (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
    (b"GET / HTTP/1.1\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\0\r\n\r\n", 400),
    (b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET /../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET /%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET etc HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"POST /sdk HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    (b"POST /sdk HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (b"POST /sdk HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
    (b"POST /sdk HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
    (b"POST /sdk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
    (b"POST /sdk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
    (b"POST /sdk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n", 413),
    (b"POST /sdk HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n", 413),
    (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 200 + b"\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 40000 + b"\r\n\r\n", 431),
    (b"GET /" + b"a" * 70000, 431),
    (b"DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    (b"GET /sdk HTTP/1.1\r\nHost: x\r\n\r\n", 405),
])
def test_requests_that_are_refused(host, head, status):
    with raw(host) as connection:
        connection.sendall(head)
        connection.settimeout(PATIENCE)
        assert status_of(connection.recv(4096)) == status


def test_pages_of_elsewhere(host):
    origin = {"Origin": "https://evil.example"}
    assert soap(host, LOGIN, headers=origin)[0] == 403
    assert ask(host, "GET", "/", headers={"Origin": "null"})[0] == 403
    assert ask(host, "GET", "/", headers={"Origin": f"https://127.0.0.1:{host.port}"})[0] == 200


def test_large_body_is_refused_before_it_is_read(host, key):
    before = host.resident_bytes()
    with raw(host) as connection:
        connection.sendall(f"POST {MANAGER}/SetLocale HTTP/1.1\r\nHost: x\r\nvmware-api-session-id: {key}\r\n"
                           f"Content-Length: {1 << 30}\r\n\r\n".encode())
        assert status_of(connection.recv(4096)) == 413
        # Who sends it all the same is not listened to for long.
        sent = 0
        try:
            while sent < 1 << 30:
                connection.sendall(bytes(1 << 20))
                sent += 1 << 20
        except (ConnectionError, ssl.SSLError):
            pass
        assert sent < 64 << 20
    with raw(host) as connection:  # the same in chunks
        connection.sendall(f"POST {MANAGER}/SetLocale HTTP/1.1\r\nHost: x\r\nvmware-api-session-id: {key}\r\n"
                           "Transfer-Encoding: chunked\r\n\r\n".encode())
        try:
            for _ in range(1024):
                connection.sendall(b"100000\r\n" + bytes(1 << 20) + b"\r\n")
        except (ConnectionError, ssl.SSLError):
            pass
        else:
            pytest.fail("1 GB was taken")
    assert host.resident_bytes() - before < 64 << 20


def test_slow_clients_are_cut_off(host, key):
    """Heads and bodies that trickle; a handshake that does not come."""
    before = host.descriptors()
    head, silent = raw(host), socket.create_connection(("127.0.0.1", host.port))
    idle = raw(host)
    body = raw(host)
    body.sendall(f"POST {MANAGER}/SetLocale HTTP/1.1\r\nHost: x\r\nvmware-api-session-id: {key}\r\n"
                 "Content-Length: 100\r\n\r\n".encode())
    started = time.monotonic()

    def is_cut(connection, byte):
        try:
            connection.settimeout(0.05)
            if byte:
                connection.sendall(byte)
            return connection.recv(1000) == b""
        except (TimeoutError, ssl.SSLWantReadError):
            return False
        except (ConnectionError, ssl.SSLError):
            return True
    left = {"head": (head, b"G"), "silent": (silent, b""), "idle": (idle, b""), "body": (body, b" ")}
    while left and time.monotonic() - started < 90:
        left = {name: one for name, one in left.items() if not is_cut(*one)}
        time.sleep(0.3)
    assert not left
    assert time.monotonic() - started > 5
    for connection in (head, silent, idle, body):
        connection.close()
    wait_until(lambda: host.descriptors() <= before, "the connections to be closed")


def test_client_that_goes_away_while_it_waits(host):
    si = host.connect()
    collector = si.content.propertyCollector
    before = host.descriptors()
    cookie = si._stub.cookie
    body = ENVELOPE.format(header="", body=f'<WaitForUpdatesEx {VIM}><_this type="PropertyCollector">{collector._GetMoId()}'
                                           '</_this></WaitForUpdatesEx>').encode()
    waiting = []
    for _ in range(10):
        connection = raw(host)
        connection.sendall(b"POST /sdk HTTP/1.1\r\nHost: x\r\nSOAPAction: urn:vim25/6.7\r\nCookie: " + cookie.encode() +
                           b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)
        waiting.append(connection)
    assert host.descriptors() >= before + 5
    for connection in waiting:
        connection.close()
    wait_until(lambda: host.descriptors() <= before, "the connections to be closed")
    assert si.content.sessionManager.currentSession.userName == USER
    si.content.sessionManager.Logout()


def test_one_address_does_not_take_all_connections(host):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    connections = []
    try:
        for _ in range(1100):
            connections.append(socket.create_connection(("127.0.0.1", host.plain_port), timeout=PATIENCE))

        def refused():
            count = 0
            for connection in connections:
                connection.setblocking(False)
                try:
                    count += connection.recv(1) == b""
                except BlockingIOError:
                    pass
                except ConnectionError:
                    count += 1
            return count
        # 1024 may stay; those are served.
        connections[0].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert status_of(connections[0].recv(100)) == 200
        wait_until(lambda: refused() >= 76, "76 to be refused")
        assert host.call("GET", f"{MANAGER}/currentSession")[0] == 200  # by the Unix socket
    finally:
        for connection in connections:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    wait_until(lambda: host.descriptors() < 200, "the connections to be closed")
    assert answer_of(host.plain(), "GET", "/")[0] == 200


def test_without_tls(host):
    """On loopback, where the settings say so; the port with TLS answers nothing else."""
    assert answer_of(host.plain(), "GET", "/")[0] == 200
    status, headers, _ = answer_of(host.plain(), "POST", f"{MANAGER}/Login", {"userName": USER, "password": PASSWORD})
    assert status == 200 and "Secure" not in headers["Set-Cookie"]
    with socket.create_connection(("127.0.0.1", host.port), timeout=PATIENCE) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"HTTP/" not in read_all(connection)


def test_old_tls_is_refused(host):
    old = subprocess.run(["openssl", "s_client", "-tls1_1", "-cipher", "ALL@SECLEVEL=0", "-connect",
                          f"127.0.0.1:{host.port}"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                         check=False, timeout=PATIENCE)
    assert old.returncode != 0 and "Cipher is (NONE)" in old.stdout


def test_certificate_names_the_host(host):
    certificate = ssl.get_server_certificate(("127.0.0.1", host.port))
    context = ssl.create_default_context(cadata=certificate)
    for name in ("127.0.0.1", "localhost", socket.gethostname()):
        with socket.create_connection(("127.0.0.1", host.port), timeout=PATIENCE) as connection:
            context.wrap_socket(connection, server_hostname=name).close()
    assert (host.folder / "state/api.key").stat().st_mode & 0o777 == 0o600


def test_own_session_by_the_unix_socket(host):
    status, session = host.call("GET", f"{MANAGER}/currentSession")
    assert status == 200 and session["ipAddress"] == "local"
    # It goes with its connection.
    wait_until(lambda: len([s for s in host.call("GET", f"{MANAGER}/sessionList")[1] if s["ipAddress"] == "local"]) == 1,
               "the others' to end")
