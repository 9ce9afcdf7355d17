# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU's monitor protocol over a connected socket, as much of it as the harness needs."""

import json
import time


class QmpError(Exception):
    """QEMU refused a command."""


class Qmp:
    """A negotiated connection. Used from one thread; events are kept until someone asks for them."""

    def __init__(self, sock, timeout=60, last_words=lambda: ""):
        """last_words() says what is known of this QEMU, for the message when it does not answer."""
        self.socket = sock
        self.timeout = timeout
        self._last_words = last_words
        self.events = []
        self._buffer = b""
        self._read(time.monotonic() + timeout)  # the greeting
        self("qmp_capabilities")

    def close(self):
        self.socket.close()

    def _read(self, deadline):
        while b"\n" not in self._buffer:
            try:
                self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
                data = self.socket.recv(65536)
            except TimeoutError:
                raise TimeoutError(f"QEMU's monitor does not answer\n{self._last_words()}") from None
            if not data:
                raise ConnectionResetError("QEMU closed its monitor")
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return json.loads(line)

    def __call__(self, command, timeout=None, **arguments):
        """Executes a command; underscores in the names of arguments stand for dashes."""
        arguments = {name.replace("_", "-"): value for name, value in arguments.items()}
        message = {"execute": command, "arguments": arguments}
        self.socket.sendall(json.dumps(message).encode() + b"\n")
        deadline = time.monotonic() + (timeout or self.timeout)
        while True:
            answer = self._read(deadline)
            if "event" in answer:
                self.events.append(answer)
            elif "error" in answer:
                raise QmpError(f"{command}: {answer['error']['desc']}")
            else:
                return answer["return"]

    def hmp(self, line, timeout=None):
        """A command of the human monitor, whose errors are text."""
        return self("human-monitor-command", timeout=timeout, command_line=line)

    def wait_event(self, name, timeout=60):
        deadline = time.monotonic() + timeout
        while True:
            for event in self.events:
                if event["event"] == name:
                    self.events.remove(event)
                    return event
            answer = self._read(deadline)
            if "event" in answer:
                self.events.append(answer)

    def run_job(self, command, timeout=120, **arguments):
        """A command that starts a job (snapshot-save and the like), to the job's end."""
        job = arguments["job_id"]
        self(command, **arguments)
        deadline = time.monotonic() + timeout
        while True:
            state = next(item for item in self("query-jobs") if item["id"] == job)
            if state["status"] == "concluded":
                break
            if time.monotonic() > deadline:
                raise TimeoutError(f"{command} is still {state['status']} after {timeout} s")
            time.sleep(0.02)
        self("job-dismiss", id=job)
        if "error" in state:
            raise QmpError(f"{command}: {state['error']}")
