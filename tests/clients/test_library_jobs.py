# SPDX-License-Identifier: LGPL-2.1-or-later
"""libaerostat's jobs and sessions, through ctypes, against a host that the test makes up, and a daemon that dies."""

import ctypes
import errno
import http.server
import json
import os
import threading

import pytest

from conftest import PASSWORD, ROOT, USER, Host, wait_until

LIBRARY = os.environ.get("LIBAEROSTAT", str(ROOT / "build/src/client/libaerostat.so"))
PROGRESS, DONE = 0, 1
CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
WAIT_MS = 60000


class Connection(ctypes.Structure):
    _fields_ = [("url", ctypes.c_char_p), ("socket", ctypes.c_char_p), ("user", ctypes.c_char_p),
                ("password", ctypes.c_char_p), ("ca_file", ctypes.c_char_p), ("thumbprint", ctypes.c_char_p),
                ("timeout_ms", ctypes.c_uint)]


@pytest.fixture(scope="module", name="library")
def _library():
    library = ctypes.CDLL(LIBRARY)
    for name in ("aerostat_connect", "aerostat_job_host", "aerostat_host_ref", "aerostat_host_list_vms",
                 "aerostat_job_ref"):
        getattr(library, name).restype = ctypes.c_void_p
    library.aerostat_job_message.restype = ctypes.c_char_p
    return library


class Told:
    """What a callback was told; .function is one."""

    def __init__(self):
        self.events, self.done = [], threading.Event()
        self.function = CALLBACK(self._told)

    def _told(self, _job, event, _data):
        self.events.append(event)
        if event == DONE:
            self.done.set()


class Job:
    def __init__(self, library, handle):
        self.library, self.handle = library, ctypes.c_void_p(handle)

    def wait(self, timeout_ms=WAIT_MS):
        return self.library.aerostat_job_wait(self.handle, timeout_ms)

    def message(self):
        return self.library.aerostat_job_message(self.handle).decode()

    def drop(self):
        self.library.aerostat_job_unref(self.handle)


NO_CALLBACK = ctypes.cast(None, CALLBACK)


def connect(library, callback=NO_CALLBACK, **words):
    connection = Connection(**{name: value.encode() if isinstance(value, str) else value
                               for name, value in words.items()})
    return Job(library, library.aerostat_connect(ctypes.byref(connection), callback, None))


def host_of(library, job):
    """A reference of the caller's own."""
    return ctypes.c_void_p(library.aerostat_job_host(job.handle))


def list_vms(library, host, callback=NO_CALLBACK):
    return Job(library, library.aerostat_host_list_vms(host, callback, None))


class FakeHost:
    """Answers Login and Logout, and counts them; everything else waits until it is let go, and then is not answered."""

    def __init__(self):
        self.calls, self.let_go, self.waiting = [], threading.Event(), threading.Event()
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_words):
                pass

            def do_GET(self):
                fake.calls.append(self.path.rsplit("/", 1)[1])
                fake.waiting.set()
                fake.let_go.wait(WAIT_MS / 1000)
                self.close_connection = True

            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                name = self.path.rsplit("/", 1)[1]
                if name not in ("Login", "Logout"):
                    self.do_GET()
                    return
                fake.calls.append(name)
                body = json.dumps({"_typeName": "UserSession", "key": "one"}).encode() if name == "Login" else b""
                self.send_response(200 if body else 204)
                self.send_header("vmware-api-session-id", "one")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.let_go.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(name="fake")
def _fake():
    result = FakeHost()
    yield result
    result.close()


def test_logs_out_once(library, fake):
    for round_number in range(1, 4):
        job = connect(library, url=fake.url, user="a", password="b")
        assert job.wait() == 0, job.message()
        host = host_of(library, job)
        job.drop()
        assert fake.calls.count("Logout") == round_number - 1
        library.aerostat_host_unref(host)
        wait_until(lambda: fake.calls.count("Logout") >= round_number, "the logout")
        # The next round takes longer than another logout would.
    job = connect(library, url=fake.url, user="a", password="b")
    assert job.wait() == 0
    assert fake.calls == ["Login", "Logout"] * 3 + ["Login"]
    job.drop()
    wait_until(lambda: fake.calls == ["Login", "Logout"] * 4, "the last logout")


def test_jobs_keep_their_host(library, fake):
    job = connect(library, url=fake.url, user="a", password="b")
    assert job.wait() == 0
    host, told = host_of(library, job), Told()
    job.drop()
    job = list_vms(library, host, told.function)
    wait_until(fake.waiting.is_set, "the job's first call")
    library.aerostat_host_unref(host)
    job.drop()
    # Its last reference is the job's own.
    assert fake.calls.count("Logout") == 0
    fake.let_go.set()
    assert told.done.wait(WAIT_MS / 1000)
    wait_until(lambda: fake.calls.count("Logout") == 1, "the logout")
    assert told.events.count(DONE) == 1


def test_wait_ends_in_time(library, fake):
    job = connect(library, url=fake.url, user="a", password="b")
    assert job.wait() == 0
    host = host_of(library, job)
    job.drop()
    job = list_vms(library, host)
    assert job.wait(10) == -errno.ETIME and not library.aerostat_job_is_done(job.handle)
    library.aerostat_job_cancel(job.handle)
    assert job.wait() == -errno.ECANCELED, job.message()
    job.drop()
    library.aerostat_host_unref(host)
    wait_until(lambda: fake.calls.count("Logout") == 1, "the logout")


@pytest.mark.parametrize("by_socket", [False, True], ids=["tls", "socket"])
def test_daemon_that_dies(library, by_socket):
    """Every job ends, once, with an error that says why: one that waits, one that begins then, the logout."""
    daemon = Host()
    try:
        daemon.start()
        daemon.add_account(USER, PASSWORD)
        where = {"socket": daemon.local} if by_socket else {
            "url": f"https://127.0.0.1:{daemon.port}", "user": USER, "password": PASSWORD,
            "thumbprint": daemon.certificate("sha256")}
        told = Told()
        job = connect(library, told.function, **where)
        assert job.wait() == 0, job.message()
        assert told.done.wait(WAIT_MS / 1000)
        host = host_of(library, job)
        job.drop()
        job = list_vms(library, host)
        assert job.wait() == 0, job.message()
        job.drop()
        # Stopped, it answers nothing more; then it is gone.
        os.kill(daemon.process.pid, 19)
        tolds = [Told() for _ in range(3)]
        jobs = [list_vms(library, host, told.function) for told in tolds]
        waited = [job.wait(50) for job in jobs]
        assert waited == [-errno.ETIME] * 3
        daemon.process.kill()
        daemon.process.wait()
        for job, told in zip(jobs, tolds):
            assert job.wait() < 0 and job.message()
            assert told.done.wait(WAIT_MS / 1000)
            assert told.events.count(DONE) == 1 and told.events[-1] == DONE
            job.drop()
        late = Told()
        job = list_vms(library, host, late.function)
        assert job.wait() < 0 and job.message()
        assert late.done.wait(WAIT_MS / 1000)
        job.drop()
        library.aerostat_host_unref(host)
    finally:
        daemon.close()
