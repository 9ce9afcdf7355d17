# SPDX-License-Identifier: LGPL-2.1-or-later
"""A WebSocket by hand (RFC 6455), so that a test can send also what no client would."""

import base64
import hashlib
import os
import socket
import struct

from conftest import PATIENCE, insecure

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Refused(Exception):
    def __init__(self, status):
        super().__init__(status)
        self.status = status


class WebSocket:
    """connection: where to; a handshake that fails is Refused."""

    def __init__(self, connection, path, leave=(), **headers):
        self.socket = connection
        self.key = base64.b64encode(os.urandom(16)).decode()
        lines = {"Host": "x", "Upgrade": "websocket", "Connection": "keep-alive, Upgrade", "Sec-WebSocket-Version": "13",
                 "Sec-WebSocket-Key": self.key, **{name.replace("_", "-"): value for name, value in headers.items()}}
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if name not in leave)
        self.socket.sendall(f"GET {path} HTTP/1.1\r\n{text}\r\n".encode())
        self.kept = b""
        while b"\r\n\r\n" not in self.kept:
            piece = self.socket.recv(65536)
            assert piece, "the connection ended in the handshake"
            self.kept += piece
        head, self.kept = self.kept.split(b"\r\n\r\n", 1)
        status, *rest = head.decode().split("\r\n")
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in rest)}
        if status.split()[1] != "101":
            self.socket.close()
            raise Refused(int(status.split()[1]))
        accept = base64.b64encode(hashlib.sha1((self.key + MAGIC).encode()).digest()).decode()
        assert self.headers["sec-websocket-accept"] == accept and self.headers["upgrade"] == "websocket"
        self.bytes = b""

    @staticmethod
    def to(host, path, tls=True, **keywords):
        plain = socket.create_connection(("127.0.0.1", host.port if tls else host.plain_port), PATIENCE)
        return WebSocket(insecure().wrap_socket(plain) if tls else plain, path, **keywords)

    def send(self, data, opcode=BINARY, first=0x80, mask=True):
        """One frame; first: FIN and the reserved bits."""
        length = len(data)
        header = bytes([first | opcode])
        flag = 0x80 if mask else 0
        if length < 126:
            header += bytes([flag | length])
        elif length < 1 << 16:
            header += struct.pack(">BH", flag | 126, length)
        else:
            header += struct.pack(">BQ", flag | 127, length)
        if mask:
            key = os.urandom(4)
            header += key
            data = bytes(byte ^ key[place % 4] for place, byte in enumerate(data))
        self.socket.sendall(header + data)

    def _take(self, count):
        while len(self.kept) < count:
            piece = self.socket.recv(65536)
            if not piece:
                raise ConnectionError("the connection ended within a frame")
            self.kept += piece
        taken, self.kept = self.kept[:count], self.kept[count:]
        return taken

    def frame(self):
        """(opcode, payload) of the next."""
        first, second = self._take(2)
        assert first & 0x80 and not second & 0x80, "a server's frames are whole and not masked"
        length = second
        if second == 126:
            length, = struct.unpack(">H", self._take(2))
        elif second == 127:
            length, = struct.unpack(">Q", self._take(8))
        return first & 0x0f, self._take(length)

    def until(self, wanted):
        """Reads data until it has these bytes; what came."""
        while wanted not in self.bytes:
            opcode, payload = self.frame()
            assert opcode in (BINARY, PING, PONG), (opcode, payload)
            if opcode == BINARY:
                self.bytes += payload
        before, self.bytes = self.bytes.split(wanted, 1)
        return before + wanted

    def closed(self):
        """Waits for the close frame: its code and reason."""
        while True:
            opcode, payload = self.frame()
            if opcode == CLOSE:
                self.socket.close()
                return (struct.unpack(">H", payload[:2])[0], payload[2:].decode()) if payload else (None, "")

    def close(self):
        self.socket.close()
