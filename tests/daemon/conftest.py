# SPDX-License-Identifier: LGPL-2.1-or-later
"""An aerostatd that runs without libvirt, and raw requests to it."""

import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/guest"))

from manager import Connection, Manager  # noqa: E402

AEROSTATD = os.environ.get("AEROSTATD", str(ROOT / "build" / "src" / "daemon" / "aerostatd"))
PATIENCE = 60

# No KSM: it is the whole machine's.
CONFIG = """\
[aerostatd]
Connection=qemu+unix:///system?socket=/nonexistent/libvirt-sock
PagerDirectories={folder}/pagers
ApiPort=0
[Memory]
Mem.ShareScanGHz=0
{memory}
"""


def wait_until(condition, what):
    deadline = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)
    return value


class Aerostatd:
    def __init__(self, memory="", environment=None):
        self.folder = tempfile.mkdtemp(prefix="aerostatd-", dir="/tmp")
        self.socket = f"{self.folder}/aerostatd.sock"
        self.manager = Manager(self.socket)
        self.environment = {**os.environ, **(environment or {})}
        self.write_config(CONFIG.format(folder=self.folder, memory=memory))
        self.log = open(f"{self.folder}/log", "wb")
        self.process = None

    def write_config(self, text):
        pathlib.Path(f"{self.folder}/aerostatd.conf").write_text(text, encoding="utf-8")

    def command(self):
        return [AEROSTATD, "--config", f"{self.folder}/aerostatd.conf", "--state-dir", f"{self.folder}/state",
                "--socket", self.socket]

    def start(self):
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, env=self.environment)
        wait_until(self.answers, "aerostatd to answer")
        return self

    def answers(self):
        assert self.process.poll() is None, f"aerostatd ended ({self.process.returncode}):\n{self.said()[-3000:]}"
        try:
            return self.call("GET", "/metrics")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def said(self):
        return pathlib.Path(f"{self.folder}/log").read_text(encoding="utf-8", errors="replace")

    def connect(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        connection.connect(self.socket)
        return connection

    def call(self, method, path, body=None):
        """body: bytes as they are, or anything else as JSON. Returns status and what the answer's JSON says."""
        connection = Connection(self.socket)
        try:
            if body is not None and not isinstance(body, bytes):
                body = json.dumps(body)
            connection.request(method, path, body)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.headers.get_content_type() == "application/json":
            return answer.status, json.loads(text.decode())
        return answer.status, text

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def daemon():
    """Shared by a module's tests; it must have survived them all, and end in order."""
    result = Aerostatd().start()
    try:
        yield result
        assert result.answers()
        assert "CRITICAL" not in result.said()
        result.process.terminate()
        assert result.process.wait(PATIENCE) == 0
    finally:
        result.close()
