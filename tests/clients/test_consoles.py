# SPDX-License-Identifier: LGPL-2.1-or-later
"""Displays and serial ports of real VMs by tickets and WebSockets."""

import hashlib
import os
import socket
import struct

import pytest

from conftest import PASSWORD, PATIENCE, USER, answer_of
from vms import Machines, WaitForTask, fails_with, vim, vmodl, wait_until
from websocket import PING, PONG, TEXT, Refused, WebSocket

JSON = "/sdk/vim25/7.0.0.0"
SESSION_CONSOLES = 16


@pytest.fixture(scope="module")
def machines(guest_host):
    return Machines(guest_host)


@pytest.fixture(scope="module")
def screen(machines):
    """A VM with a display: it boots from disks, of which it has none, and its BIOS says so."""
    vm = machines.create("screen")
    WaitForTask(vm.PowerOnVM_Task())
    yield vm
    if vm.runtime.powerState == "poweredOn":
        WaitForTask(vm.PowerOffVM_Task())


@pytest.fixture(scope="module")
def guest(machines):
    """A guest with a serial console; it boots a kernel and has no display."""
    fleet = machines.guests()
    fleet.create("typed")
    return fleet.on("typed")


@pytest.fixture(scope="module")
def typed(machines, guest):
    return wait_until(lambda: machines.find(guest.name), "the VM")


def ticket(vm, kind="webmks"):
    return f"/ticket/{vm.AcquireTicket(kind).ticket}"


def rfb(websocket):
    """The handshake of RFB as a client does it: the width and height of the screen."""
    assert websocket.until(b"\n") == b"RFB 003.008\n"
    websocket.send(b"RFB 003.008\n")
    read = Reader(websocket)
    kinds = read(read(1)[0])
    assert 1 in kinds  # none: who may was asked by aerostat
    websocket.send(b"\x01")
    assert read(4) == bytes(4)
    websocket.send(b"\x01")
    width, height = struct.unpack(">HH", read(4))
    read(16)
    assert b"screen" in read(struct.unpack(">I", read(4))[0])
    return width, height


class Reader:
    def __init__(self, websocket):
        self.websocket = websocket

    def __call__(self, count):
        while len(self.websocket.bytes) < count:
            _, payload = self.websocket.frame()
            self.websocket.bytes += payload
        taken, self.websocket.bytes = self.websocket.bytes[:count], self.websocket.bytes[count:]
        return taken


def at_port(guest, settings, script):
    """Runs it in the guest with the serial port as its terminal, which stays open: what comes while it is not is lost."""
    guest.shell(f"(exec </dev/ttyS0 >/dev/ttyS0; stty {settings}; {script}) >/dev/null 2>&1 &")


def key_of(host, user=USER, password=PASSWORD):
    connection = host.plain()
    _, headers, _ = answer_of(connection, "POST", f"{JSON}/SessionManager/SessionManager/Login",
                              {"userName": user, "password": password})
    connection.close()
    return {"vmware-api-session-id": headers["vmware-api-session-id"]}


def json_call(host, headers, kind, id, method, /, **arguments):
    connection = host.plain()
    try:
        return answer_of(connection, "POST", f"{JSON}/{kind}/{id}/{method}", arguments, headers)
    finally:
        connection.close()


# --- tickets ---

def test_what_a_ticket_says(guest_host, screen):
    made = screen.AcquireTicket("webmks")
    assert len(made.ticket) >= 32 and made.cfgFile == screen.config.files.vmPathName
    assert made.port == guest_host.port and made.sslThumbprint.replace(":", "").lower() == guest_host.certificate()


def test_tickets_that_are_not_made(machines, screen, typed):
    with fails_with(vim.fault.InvalidState) as caught:
        typed.AcquireTicket("webmks")
    assert "virsh edit" in caught.value.msg and "vnc" in caught.value.msg
    for kind in "mks", "device", "":
        with fails_with(vmodl.fault.InvalidArgument):
            screen.AcquireTicket(kind)
    off = machines.create("dark")
    with fails_with(vim.fault.InvalidPowerState):
        off.AcquireTicket("webmks")
    WaitForTask(off.Destroy_Task())


def test_who_may(guest_host, screen):
    guest_host.add_account("olga", "secret", "ReadOnly")
    status, _, fault = json_call(guest_host, key_of(guest_host, "olga", "secret"), "VirtualMachine", screen._GetMoId(),
                                 "AcquireTicket", ticketType="webmks")
    assert (status, fault["_typeName"]) == (403, "NoPermission")
    assert fault["privilegeId"] == "VirtualMachine.Interact.ConsoleInteract"
    assert json_call(guest_host, {}, "VirtualMachine", screen._GetMoId(), "AcquireTicket", ticketType="webmks")[0] == 401


def test_a_ticket_is_good_once(guest_host, screen):
    path = ticket(screen)
    WebSocket.to(guest_host, path).close()
    for again in path, path + "0", "/ticket/", "/ticket/none":
        with pytest.raises(Refused) as refused:
            WebSocket.to(guest_host, again)
        assert refused.value.status == 404


def test_a_session_has_so_many_tickets(guest_host, screen):
    mine = key_of(guest_host)

    def acquire():
        return json_call(guest_host, mine, "VirtualMachine", screen._GetMoId(), "AcquireTicket", ticketType="webmks")
    made = [acquire() for _ in range(17)]
    assert [status for status, _, _ in made] == [200] * 16 + [500]
    assert made[-1][2]["_typeName"] == "LimitExceeded"
    json_call(guest_host, mine, "SessionManager", "SessionManager", "Logout")
    with pytest.raises(Refused):  # with the session they went
        WebSocket.to(guest_host, f"/ticket/{made[0][2]['ticket']}")


@pytest.mark.parametrize("leave, headers, status", [
    ((), {"Origin": "https://evil.example"}, 403),
    ((), {"Origin": "null"}, 403),
    (("Upgrade",), {}, 400),
    (("Connection",), {}, 400),
    (("Sec-WebSocket-Key",), {}, 400),
    ((), {"Sec-WebSocket-Key": "short"}, 400),
    ((), {"Sec-WebSocket-Version": "8"}, 400),
])
def test_handshakes_that_are_refused(guest_host, screen, leave, headers, status):
    path = ticket(screen)
    with pytest.raises(Refused) as refused:
        WebSocket.to(guest_host, path, leave=leave, **headers)
    assert refused.value.status == status
    WebSocket.to(guest_host, path).close()  # and the ticket is still good


# --- the display ---

@pytest.mark.parametrize("tls", [True, False])
def test_display(guest_host, screen, tls):
    websocket = WebSocket.to(guest_host, ticket(screen), tls, Sec_WebSocket_Protocol="binary, base64",
                             Origin="https://x" if tls else "http://x")
    assert websocket.headers["sec-websocket-protocol"] == "binary"
    width, height = rfb(websocket)
    assert width >= 640 and height >= 400
    # All of the screen, as it is.
    websocket.send(struct.pack(">BBHHHH", 3, 0, 0, 0, width, height))
    read = Reader(websocket)
    kind, _, rectangles = struct.unpack(">BBH", read(4))
    assert kind == 0 and rectangles >= 1
    x, y, w, h, encoding = struct.unpack(">HHHHi", read(12))
    assert encoding == 0 and x + w <= width and y + h <= height
    assert len(read(w * h * 4)) == w * h * 4
    websocket.close()


def test_two_look_at_once(guest_host, screen):
    pair = [WebSocket.to(guest_host, ticket(screen)) for _ in range(2)]
    for websocket in pair:
        assert "sec-websocket-protocol" not in websocket.headers
        rfb(websocket)
        websocket.close()


def test_by_the_unix_socket(guest_host, screen):
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE)
    connection.connect(guest_host.local)
    websocket = WebSocket(connection, ticket(screen))
    rfb(websocket)
    websocket.close()


def test_pings_are_answered(guest_host, screen):
    websocket = WebSocket.to(guest_host, ticket(screen))
    websocket.until(b"\n")
    websocket.send(b"there?", PING)
    assert websocket.frame() == (PONG, b"there?")
    websocket.close()


def test_closing(guest_host, screen):
    websocket = WebSocket.to(guest_host, ticket(screen))
    websocket.send(struct.pack(">H", 4711) + b"enough", 8)
    assert websocket.closed() == (4711, "")


@pytest.mark.parametrize("code, frame", [
    (1003, {"data": b"RFB", "opcode": TEXT}),
    (1002, {"data": b"x", "mask": False}),
    (1002, {"data": b"x", "first": 0xc0}),
    (1002, {"data": b"x", "opcode": 0}),
    (1002, {"data": b"x", "opcode": 3}),
    (1002, {"data": b"x", "opcode": PING, "first": 0}),
    (1002, {"data": b"x" * 126, "opcode": PING}),
    (1002, {"data": b"x", "opcode": 8}),
])
def test_frames_that_are_not(guest_host, screen, code, frame):
    websocket = WebSocket.to(guest_host, ticket(screen))
    websocket.send(**frame)
    assert websocket.closed()[0] == code


def test_a_message_in_pieces(guest_host, screen):
    websocket = WebSocket.to(guest_host, ticket(screen))
    websocket.until(b"\n")
    for place, piece in enumerate([b"RFB", b"", b" 003.", b"008\n"]):
        websocket.send(piece, 0 if place else 2, 0x80 if place == 3 else 0)
        websocket.send(b"", PING)
    read = Reader(websocket)

    def data():
        while not websocket.bytes:
            opcode, payload = websocket.frame()
            if opcode == 2:
                websocket.bytes += payload
        return read(1)
    assert data() == b"\x01"
    websocket.close()


# --- the serial port ---

def test_serial_port(guest_host, guest, typed):
    websocket = WebSocket.to(guest_host, ticket(typed, "serial"))
    at_port(guest, "-echo", "printf 'typed login: '; read name; echo so you are $name")
    websocket.until(b"typed login: ")
    websocket.send(b"olga\n")
    websocket.until(b"so you are olga")
    # What was said is kept as well.
    wait_until(lambda: b"so you are olga" in open(guest.console, "rb").read(), "the log")
    websocket.close()


def test_much_from_the_guest(guest_host, guest, typed):
    """A piece at a time, as much as a serial port keeps that nobody reads: what is faster it may lose."""
    websocket = WebSocket.to(guest_host, ticket(typed, "serial"))
    at_port(guest, "raw -echo", "for n in $(seq 40); do seq $n 400; echo piece-$n; read go; done")
    for number in range(1, 41):
        said = websocket.until(b"piece-%d\n" % number).split()
        assert said[-1 - (401 - number):-1] == [b"%d" % each for each in range(number, 401)]
        websocket.send(b"go\n")
    websocket.close()


def test_much_to_the_guest(guest_host, guest, typed):
    websocket = WebSocket.to(guest_host, ticket(typed, "serial"))
    lines = 2000
    at_port(guest, "raw -echo", "echo ready; head -c 32000 | md5sum >/tmp/sum")
    websocket.until(b"ready")
    websocket.send(b"".join(b"%015d\n" % number for number in range(lines)))
    wanted = hashlib.md5(b"".join(b"%015d\n" % number for number in range(lines))).hexdigest()
    wait_until(lambda: wanted in guest.shell("cat /tmp/sum"), "what was typed")
    websocket.close()


def test_the_last_one_has_the_serial_port(guest_host, typed):
    first = WebSocket.to(guest_host, ticket(typed, "serial"))
    second = WebSocket.to(guest_host, ticket(typed, "serial"))
    code, reason = first.closed()
    assert code == 1000 and "somewhere else" in reason
    second.close()


# --- ends ---

def test_session_ends(guest_host, screen):
    mine = key_of(guest_host)
    made = json_call(guest_host, mine, "VirtualMachine", screen._GetMoId(), "AcquireTicket", ticketType="webmks")[2]
    websocket = WebSocket.to(guest_host, f"/ticket/{made['ticket']}")
    websocket.until(b"\n")
    json_call(guest_host, mine, "SessionManager", "SessionManager", "Logout")
    code, reason = websocket.closed()
    assert code == 1008 and "session has ended" in reason


def test_not_more_consoles_than_may_be(guest_host, screen):
    open_ones = []
    for _ in range(SESSION_CONSOLES):
        open_ones.append(WebSocket.to(guest_host, ticket(screen)))
    with pytest.raises(Refused) as refused:
        WebSocket.to(guest_host, ticket(screen))
    assert refused.value.status == 503
    for websocket in open_ones:
        websocket.close()


def test_clients_that_go_away_leave_nothing(guest_host, screen, typed):
    def descriptors():
        return len(os.listdir(f"/proc/{guest_host.daemon.process.pid}/fd"))
    WebSocket.to(guest_host, ticket(screen)).close()
    WebSocket.to(guest_host, ticket(typed, "serial")).close()
    before = descriptors()
    for _ in range(5):
        one, other = WebSocket.to(guest_host, ticket(screen)), WebSocket.to(guest_host, ticket(typed, "serial"))
        one.until(b"\n")
        one.close()
        other.close()
    wait_until(lambda: descriptors() <= before, "them to be closed")


def test_power_off(guest_host, machines, screen, typed):
    looking, typing = WebSocket.to(guest_host, ticket(screen)), WebSocket.to(guest_host, ticket(typed, "serial"))
    looking.until(b"\n")
    for vm in screen, typed:
        WaitForTask(vm.PowerOffVM_Task())
    for websocket in looking, typing:
        code, reason = websocket.closed()
        assert code == 1000 and "powered off" in reason
