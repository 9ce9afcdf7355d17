# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostatd with its API, and clients of it.

    def test_something(si):             # pyVmomi's ServiceInstance, logged in as an administrator
        assert si.content.about.name

    def test_with_more(host):           # the daemon itself, over libvirt's test driver: one VM, "test"
        host.add_account("olga", "secret", "ReadOnly")
        si = host.connect("olga", "secret")

    def test_with_guests(guest_host):   # over a libvirtd of its own, for real guests (as root); see Host

`host` and `guest_host` last as long as a module, `si` as long as a test. What tests/guest has (Workspace,
ManagedGuest, ...) can be imported as it is there.
"""

import contextlib
import hashlib
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from vim_tool import vim_tool  # noqa: F401, a fixture

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/guest"))

from manager import Connection, Manager, Refused  # noqa: E402

AEROSTAT = os.environ.get("AEROSTAT", str(ROOT / "build/src/cli/aerostat"))
AEROSTATD = os.environ.get("AEROSTATD", str(ROOT / "build/src/daemon/aerostatd"))
PATIENCE = 60
USER, PASSWORD = "admin", "correct horse"

# No KSM: it is the whole machine's.
CONFIG = """\
[aerostatd]
Connection=test:///default
PagerDirectories={folder}/pagers
WebDir={folder}/web
ApiPort={port}
ApiAddresses=127.0.0.1
ApiPlainPort={plain_port}
{lines}
[Memory]
Mem.ShareScanGHz=0
"""


def wait_until(condition, what, timeout=PATIENCE):
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)
    return value


def free_ports(count):
    """Nobody listens there now; they are below those that the kernel gives to clients."""
    found, sockets = [], []
    number = 10000 + os.getpid() * 7 % 20000
    while len(found) < count:
        number += 1
        probe = socket.socket()
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            probe.close()
            continue
        found.append(number)
        sockets.append(probe)
    for probe in sockets:
        probe.close()
    return found


def insecure():
    """A client's context that takes the certificate as it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def answer_of(connection, method, path, body=None, headers=None):
    """Status, headers and body (what its JSON says, or bytes) of one request. body: bytes, or what JSON can say."""
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    text = answer.read()
    if answer.headers.get_content_type() == "application/json":
        return answer.status, answer.headers, json.loads(text)
    return answer.status, answer.headers, text


class Api:
    """The API at a port and a Unix socket, whoever started it."""

    def __init__(self, local, port, plain_port=None):
        self.local, self.port, self.plain_port = str(local), port, plain_port
        self.manager = Manager(local)

    def call(self, method, path, body=None):
        """As the administrator of this machine, by the Unix socket: status and body."""
        connection = Connection(self.local)
        try:
            status, _, body = answer_of(connection, method, path, body)
            return status, body
        finally:
            connection.close()

    def method(self, kind, id, name, **arguments):
        """Calls a method in the JSON form, by the Unix socket; what it returns."""
        status, body = self.call("POST", f"/sdk/vim25/7.0.0.0/{kind}/{id}/{name}", arguments)
        assert status in (200, 204), body
        return body if status == 200 else None

    def adopt(self, name):
        """Into the inventory; nothing when it is there."""
        with contextlib.suppress(Refused):
            self.manager.run("AdoptVM", vm=name)

    def root_folder(self):
        return self.method("ServiceInstance", "ServiceInstance", "RetrieveServiceContent")["rootFolder"]

    def add_account(self, name, password, role="Admin"):
        self.method("HostLocalAccountManager", "HostLocalAccountManager", "CreateUser",
                    user={"_typeName": "HostAccountSpec", "id": name, "password": password})
        self.set_role(name, role)

    def set_role(self, name, role):
        ids = {"Admin": -1, "ReadOnly": -2, "VirtualMachineUser": 5, "NoAccess": -5}
        self.method("AuthorizationManager", "AuthorizationManager", "SetEntityPermissions",
                    entity=self.root_folder(),
                    permission=[{"_typeName": "Permission", "principal": name, "group": False, "propagate": True,
                                 "roleId": ids[role]}])

    def connect(self, user=USER, password=PASSWORD, **keywords):
        """pyVmomi's SmartConnect."""
        from pyVim.connect import SmartConnect
        return SmartConnect(host="127.0.0.1", port=self.port, user=user, pwd=password, sslContext=insecure(), **keywords)

    def connect_locally(self):
        """pyVmomi's ServiceInstance by the Unix socket, as the administrator of this machine."""
        from pyVmomi import SoapStubAdapter, vim
        return vim.ServiceInstance("ServiceInstance", SoapStubAdapter(sock=self.local, version="vim.version.version11",
                                                                      path="/sdk"))

    def stub(self, version="vim.version.version11"):
        """pyVmomi's stub, not logged in."""
        from pyVmomi import SoapStubAdapter
        return SoapStubAdapter("127.0.0.1", self.port, version=version, path="/sdk", sslContext=insecure())

    def certificate(self, digest="sha1"):
        """Its fingerprint, as hexadecimal digits."""
        with insecure().wrap_socket(socket.create_connection(("127.0.0.1", self.port), PATIENCE)) as connection:
            return hashlib.new(digest, connection.getpeercert(True)).hexdigest()

    def https(self, timeout=PATIENCE):
        return http.client.HTTPSConnection("127.0.0.1", self.port, context=insecure(), timeout=timeout)

    def plain(self, timeout=PATIENCE):
        return http.client.HTTPConnection("127.0.0.1", self.plain_port, timeout=timeout)


class Host(Api):
    """An aerostatd of the test's own.

    lines: more of the settings' [aerostatd]; before: what its command begins with.
    """

    def __init__(self, lines="", before=()):
        self.folder = Path(tempfile.mkdtemp(prefix="aerostatd-", dir="/tmp"))
        super().__init__(self.folder / "socket", *free_ports(2))
        self.lines, self.before = lines, before
        self.log = open(self.folder / "log", "wb")
        self.process = None
        self.environment = {**os.environ}

    def start(self):
        config = self.folder / "aerostatd.conf"
        config.write_text(CONFIG.format(folder=self.folder, port=self.port, plain_port=self.plain_port,
                                        lines=self.lines), encoding="ascii")
        self.process = subprocess.Popen([*self.before, AEROSTATD, "--config", config,
                                         "--state-dir", self.folder / "state", "--socket", self.local],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        env=self.environment)
        wait_until(self.answers, "aerostatd to answer")
        return self

    def answers(self):
        assert self.process.poll() is None, f"aerostatd ended ({self.process.returncode}):\n{self.said()[-3000:]}"
        try:
            return self.call("GET", "/metrics")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def said(self):
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def resident_bytes(self):
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def end(self):
        """In order; what it said must be free of complaints about itself."""
        if self.process.poll() is None:
            self.process.terminate()
        assert self.process.wait(PATIENCE) == 0, self.said()[-3000:]
        assert "CRITICAL" not in self.said(), self.said()[-3000:]

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def host():
    """Shared by a module's tests; it must have survived them all, and end in order."""
    result = Host()
    try:
        result.start()
        result.add_account(USER, PASSWORD)
        yield result
        assert result.answers()
        result.end()
    finally:
        result.close()


@pytest.fixture
def si(host):
    from pyVim.connect import Disconnect
    service = host.connect()
    yield service
    Disconnect(service)


@contextlib.contextmanager
def new_guest_host(new_libvirt=None):
    """As the fixture guest_host, for tests that need several, or another libvirt: new_libvirt(workspace). Into one
    with a network of its own only the Unix socket leads."""
    from harness import PAGER_LIBRARY, Workspace
    from managed import Daemon, Libvirt
    if os.getuid() != 0:
        pytest.skip("a private libvirtd needs root")
    port, plain_port = free_ports(2)
    with Workspace() as workspace:
        libvirt = (new_libvirt or Libvirt)(workspace)
        daemon = Daemon(workspace, libvirt, api=[f"ApiPort={port}", "ApiAddresses=127.0.0.1",
                                                 f"ApiPlainPort={plain_port}", f"PagerLibrary={PAGER_LIBRARY}"])
        result = Api(daemon.socket, port, plain_port)
        result.workspace, result.libvirt, result.daemon = workspace, libvirt, daemon
        result.add_account(USER, PASSWORD)
        yield result


@pytest.fixture(scope="module")
def guest_host():
    """An Api over a private libvirtd, with .workspace, .libvirt and .daemon of tests/guest beside it."""
    with new_guest_host() as result:
        yield result
