# SPDX-License-Identifier: LGPL-2.1-or-later
"""Real guests for tests, benchmarks and the demo: stock QEMU, with or without the pager.

    with Workspace() as workspace:
        guest = Guest(workspace, pager=Pager(limit_mib=256))
        job = guest.start("pagecheck memory --mib 600 --seconds 30")
        ...

Everything is in the workspace's one temporary directory and ends with it. QEMU dies with the
process that started it, even when that is killed.
"""

import collections
import contextlib
import dataclasses
import fcntl
import functools
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from pager_client import PagerClient
from qmp import Qmp

MIB = 1 << 20
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = Path(os.environ.get("AEROSTAT_BUILD", ROOT / "build"))
PAGER_LIBRARY = Path(os.environ.get("AEROSTAT_PAGER_LIB", BUILD / "src/pager/libaerostat-pager.so"))
QEMU = os.environ.get("AEROSTAT_QEMU", "qemu-system-x86_64")

# A guest that is emulated, on a slow machine, under a tight limit. Only failures wait this long.
PATIENCE = float(os.environ.get("AEROSTAT_TEST_TIMEOUT", 180))

KSM_LOCK = Path("/run/lock/aerostat-ksm")

BOOT_MARKER = "aerostat-guest: ready"
# The kernel's check of its timer fails when an emulated guest does not get a processor for a moment.
KERNEL_ARGUMENTS = "console=ttyS0 quiet panic=-1 no_timer_check"
# What libvirt gives every QEMU by default.
SANDBOX = ["-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"]


class HarnessError(Exception):
    """The machine lacks something; the message says what would mend it."""


class GuestDied(Exception):
    """QEMU ended while something was expected of it."""


def wait_until(condition, timeout=PATIENCE, what="the condition", interval=0.05):
    """Polls until condition() is true and returns what it returned."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {timeout:.0f} s for {what}")
        time.sleep(interval)


def end_on_signals():
    """SIGTERM and SIGHUP end the program as Ctrl-C does, so that everything is cleaned up."""
    def end(number, _frame):
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)


@contextlib.contextmanager
def ksm_turn(patience_s):
    """There is one KSM in a host, and what uses it takes turns; False when it is taken for longer."""
    with open(KSM_LOCK, "w", encoding="ascii") as lock:
        deadline = time.monotonic() + patience_s
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    yield False
                    return
                time.sleep(0.1)
        yield True


KSM = Path("/sys/kernel/mm/ksm")
KSM_SETTINGS = ("run", "sleep_millisecs", "advisor_target_scan_time", "advisor_max_cpu", "advisor_min_pages_to_scan",
                "advisor_max_pages_to_scan", "advisor_mode", "pages_to_scan", "use_zero_pages", "smart_scan",
                "max_page_sharing", "merge_across_nodes")


def read_ksm():
    """The settings that this kernel has. What its advisor chooses is none."""
    found = {}
    for name in KSM_SETTINGS:
        with contextlib.suppress(FileNotFoundError):
            words = (KSM / name).read_text(encoding="ascii").split()
            # A choice shows all that there is, the chosen one in brackets.
            found[name] = next((word[1:-1] for word in words if word[0] == "["), words[0])
    if found.get("advisor_mode", "none") != "none":
        del found["pages_to_scan"]
    return found


def put_ksm(settings):
    """Sets what is in the dictionary and differs, in an order that the kernel takes; the scanner rests first."""
    for name in KSM_SETTINGS:
        if name in settings and read_ksm().get(name, settings[name]) != settings[name]:
            (KSM / name).write_text(settings[name], encoding="ascii")


class Undisturbed:
    """Cleaning up must not be broken off by an impatient second Ctrl-C.

    By handlers and not by the signal mask: another thread would take the signal, and Python would
    raise the exception in the main thread all the same.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __enter__(self):
        self._came, self._before = [], {}
        if threading.current_thread() is threading.main_thread():
            for number in self.SIGNALS:
                self._before[number] = signal.signal(number, lambda number, _frame: self._came.append(number))

    def __exit__(self, *_):
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if self._came:
            signal.raise_signal(self._came[0])


class Workspace:
    """A temporary directory and the processes that work in it; both are gone after close()."""

    PREFIX = "aerostat-guest-"

    def __init__(self):
        # Not /tmp: where that is memory, a swap file in it would be beside the point.
        base = Path(os.environ.get("TMPDIR", "/var/tmp"))
        self._remove_abandoned(base)
        self.path = Path(tempfile.mkdtemp(prefix=self.PREFIX, dir=base))
        self._lock = open(self.path / "lock", "w", encoding="ascii")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._processes = []
        self._last_processes = []
        self._closers = []

    @classmethod
    def _remove_abandoned(cls, base):
        """Directories of ours whose process was killed: nobody holds their lock any more."""
        for path in base.glob(f"{cls.PREFIX}*"):
            try:
                if path.stat().st_uid != os.getuid():
                    continue
                with open(path / "lock", encoding="ascii") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path, ignore_errors=True)
            except OSError:
                continue

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def folder(self, name):
        path = self.path / name
        path.mkdir(exist_ok=True)
        return path

    def spawn(self, command, log, environment=None, pass_fds=(), user=None, last=False):
        """Starts a process that ends with this workspace, and with this process in any case.

        last: ends after what was on_close(), which needs it.

        To be called from the main thread: the kernel sends the parent's death signal when the
        thread that forked ends.
        """
        wrapper = ["setpriv", "--pdeathsig", "KILL"]
        if user is not None:
            wrapper += ["--reuid", user, "--regid", "nogroup", "--clear-groups", "--inh-caps", "-all"]
        # Through env, so that the variables are there for the command and not for the wrappers.
        wrapper += ["env", *[f"{name}={value}" for name, value in (environment or {}).items()]]
        with open(log, "wb") as output:
            # A session of its own: Ctrl-C at the terminal is ours to handle, QEMU is to be stopped
            # in order.
            process = subprocess.Popen([*wrapper, *command], stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=output, pass_fds=pass_fds, start_new_session=True)
        (self._last_processes if last else self._processes).append(process)
        return process

    def on_close(self, function):
        self._closers.append(function)

    @staticmethod
    def _kill(processes):
        for process in processes:
            if process.poll() is None:
                process.kill()
        for process in processes:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                print(f"process {process.pid} does not die ({process.args})", file=sys.stderr)

    def close(self):
        with Undisturbed():
            self._kill(self._processes)
            for function in reversed(self._closers):
                function()
            self._closers.clear()
            self._kill(self._last_processes)
            shutil.rmtree(self.path, ignore_errors=True)
            self._lock.close()


def cache_root():
    if "AEROSTAT_CACHE" in os.environ:
        return Path(os.environ["AEROSTAT_CACHE"])
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aerostat"


def _image(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise HarnessError("the guest's image could not be made, see above")
    return Path(done.stdout.strip())


@functools.cache
def guest_image():
    """The directory with the guest's vmlinuz and initrd, made now if it is not there yet."""
    return _image(HERE / "image/build-image")


@functools.cache
def agent_image():
    """The same with disk.qcow2 besides, to be cloned: Debian with a small init and QEMU's guest agent.

    It boots from the first virtio disk, and 128 MiB are enough. KERNEL_ARGUMENTS are right for it.
    """
    return _image(HERE / "image/build-agent-image", "agent")


@functools.cache
def cloud_image():
    """The same with systemd, cloud-init and the agent, for 384 MiB at least."""
    return _image(HERE / "image/build-agent-image", "cloud")


@dataclasses.dataclass
class Accelerator:
    name: str    # kvm or tcg
    reason: str  # in a few words
    detail: str = ""

    def arguments(self, tb_size_mib=64):
        if self.name == "kvm":
            return ["-accel", "kvm", "-cpu", "host"]
        # The cache of translated code is otherwise sized by the guest's memory and hides what it costs.
        return ["-accel", f"tcg,thread=multi,tb-size={tb_size_mib}"]


def _try_kvm(image, timeout):
    """Boots our kernel with KVM, as the presence of /dev/kvm says little about what it can do."""
    if not os.path.exists("/dev/kvm"):
        return Accelerator("tcg", "there is no /dev/kvm")
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return Accelerator("tcg", "no access to /dev/kvm")
    with Workspace() as workspace:
        console = workspace.path / "console"
        process = workspace.spawn(
            [QEMU, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-m", "256",
             "-accel", "kvm", "-cpu", "host", "-kernel", image / "vmlinuz", "-initrd", image / "initrd",
             "-append", KERNEL_ARGUMENTS, "-serial", f"file:{console}"], workspace.path / "log")
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if console.exists() and BOOT_MARKER in console.read_text(errors="replace"):
                return Accelerator("kvm", "/dev/kvm boots a Linux guest")
            if process.poll() is not None:
                log = (workspace.path / "log").read_text(errors="replace").strip()
                return Accelerator("tcg", "there is a /dev/kvm, but QEMU fails with it", log)
            time.sleep(0.05)
    return Accelerator("tcg", f"there is a /dev/kvm, but it boots no Linux kernel within {timeout} s")


def accelerator(image):
    """KVM if it really runs a guest, else TCG. Tried once for each boot of the host."""
    forced = os.environ.get("AEROSTAT_ACCEL")
    if forced:
        return Accelerator(forced, "AEROSTAT_ACCEL says so")
    # Tried again with another guest as well.
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip() + image.name
    cache = cache_root() / f"accelerator-{os.getuid()}"
    try:
        known = json.loads(cache.read_text(encoding="utf-8"))
        if known.pop("boot") == boot:
            return Accelerator(**known)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    result = _try_kvm(image, timeout=8)
    # Renamed into place: another harness may be reading or writing it.
    with tempfile.NamedTemporaryFile("w", dir=cache.parent, delete=False, encoding="utf-8") as stream:
        json.dump({"boot": boot, **dataclasses.asdict(result)}, stream)
    os.replace(stream.name, cache)
    return result


@dataclasses.dataclass
class Pager:
    """Settings of the preloaded library, as its environment variables have them; None: its default."""

    limit_mib: int | None = None
    reservation_mib: int | None = None
    cache_pct: int | None = None
    codec: str | None = None
    sample_period_s: int | None = None
    sample_pages: int | None = None
    name: str | None = None
    swap_dir: Path | str | None = None  # None: a folder of the workspace; "": no swap file
    socket: Path | None = None          # None: in the workspace

    def environment(self, workspace, name):
        if not PAGER_LIBRARY.exists():
            raise HarnessError(f"{PAGER_LIBRARY} is not there; build aerostat first, "
                               "or name the library in AEROSTAT_PAGER_LIB")
        if self.swap_dir is None:
            self.swap_dir = workspace.folder("swap")
        if self.socket is None:
            self.socket = workspace.path / f"{name}.sock"
        variables = {"LD_PRELOAD": PAGER_LIBRARY, "AEROSTAT_NAME": self.name or name,
                     "AEROSTAT_SWAP_DIR": self.swap_dir, "AEROSTAT_SOCKET": self.socket,
                     "AEROSTAT_LIMIT_MIB": self.limit_mib, "AEROSTAT_RESERVATION_MIB": self.reservation_mib,
                     "AEROSTAT_CACHE_PCT": self.cache_pct, "AEROSTAT_CODEC": self.codec,
                     "AEROSTAT_SAMPLE_PERIOD_S": self.sample_period_s,
                     "AEROSTAT_SAMPLE_PAGES": self.sample_pages}
        return {name: str(value) for name, value in variables.items() if value is not None}


def make_disk(path, size_mib):
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(path), f"{size_mib}M"], check=True,
                   stdin=subprocess.DEVNULL)
    return path


def disk_arguments(paths, aio="io_uring"):
    """qcow2 files as /dev/vda, /dev/vdb, …, read and written past the host's page cache."""
    arguments = []
    for i, path in enumerate(paths):
        arguments += ["-drive", f"file={path},if=none,id=disk{i},format=qcow2,cache=none,aio={aio}",
                      "-device", f"virtio-blk-pci,drive=disk{i}"]
    return arguments


class Job:
    """A command running in a guest."""

    def __init__(self, guest, number, command):
        self.guest = guest
        self.number = number
        self.command = command
        self.lines = []
        self.status = None

    def __str__(self):
        return f"'{self.command}' in {self.guest.name}"

    def output(self):
        return "\n".join(self.lines)

    def wait_line(self, pattern, timeout=PATIENCE, after=0):
        """Waits for a line that matches, from line number after on, and returns the match."""
        def search():
            for line in self.lines[after:]:
                match = re.search(pattern, line)
                if match:
                    return match
            if self.status is not None:
                raise AssertionError(f"{self} ended ({self.status}) without '{pattern}':\n{self.output()}")
            return None
        return self.guest.wait(search, timeout, f"'{pattern}' from {self}")

    def wait(self, timeout=PATIENCE):
        """Waits for the end and returns the exit status."""
        self.guest.wait(lambda: self.status is not None, timeout, f"the end of {self}")
        return self.status

    def signal(self, name="TERM"):
        self.guest.send(f"signal {self.number} {name}")

    def stop(self, timeout=PATIENCE):
        """Asks pagecheck for its last check; returns its exit status."""
        self.signal("TERM")
        return self.wait(timeout)

    def values(self):
        """The key=value pairs of the last line of pagecheck that is not a mismatch."""
        for line in reversed(self.lines):
            pairs = dict(re.findall(r"(\w+)=([\d.]+)", line))
            if line.startswith("pagecheck: ") and "mismatches" in pairs:
                return {name: float(value) if "." in value else int(value) for name, value in pairs.items()}
        return {}


class Guest:
    """A QEMU process with a booted guest in it."""

    _count = 0

    def __init__(self, workspace, pager=None, memory_mib=1024, cpus=2, arguments=(),
                 balloon="virtio-balloon-pci,id=balloon0", name=None, user=None, wrapper=(),
                 incoming=False, image=None, tb_size_mib=64):
        Guest._count += 1
        self.name = name or f"guest{Guest._count}"
        self.workspace = workspace
        self.settings = pager
        self.memory_mib = memory_mib
        self.image = image or guest_image()
        self.log = workspace.path / f"{self.name}.log"
        self.console = workspace.path / f"{self.name}.console"
        self._changed = threading.Condition()
        self._closed = False
        self._partial = b""
        self._heard = collections.deque(maxlen=30)  # the last lines over the channel, to and fro
        self._ready = False
        self._jobs = {}
        self._pager_client = None
        self.qmp = None

        # Socket pairs and not paths: connected from the start, and closed when QEMU ends.
        self._channel, channel = socket.socketpair()
        # A guest that reads nothing any more fills it up in the end.
        self._channel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO,
                                 struct.pack("@ll", int(PATIENCE), 0))
        monitor_ours, monitor = socket.socketpair()
        environment = pager.environment(workspace, self.name) if pager else {}
        if user is not None:
            self._prepare_for(user, environment)
        command = [
            *wrapper, QEMU, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-name", self.name,
            *accelerator(self.image).arguments(tb_size_mib), "-m", str(memory_mib), "-smp", str(cpus),
            "-kernel", self.image / "vmlinuz", "-initrd", self.image / "initrd",
            "-append", KERNEL_ARGUMENTS, "-serial", f"file:{self.console}",
            "-chardev", f"socket,id=channel,fd={channel.fileno()}", "-serial", "chardev:channel",
            "-chardev", f"socket,id=monitor,fd={monitor.fileno()}", "-mon", "chardev=monitor,mode=control",
            *arguments]
        if balloon:
            command += ["-device", balloon]
        if incoming:
            # Stopped when everything has arrived, until this side has taken over the channel.
            command += ["-incoming", "defer", "-S"]
        self.process = workspace.spawn(command, self.log, environment, user=user,
                                       pass_fds=(channel.fileno(), monitor.fileno()))
        channel.close()
        monitor.close()
        workspace.on_close(self._close)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self.qmp = Qmp(monitor_ours, timeout=PATIENCE, last_words=self.last_words)
            self.qmp("query-status")
        except TimeoutError:
            monitor_ours.close()
            raise
        except OSError as error:
            monitor_ours.close()
            raise self._died() from error
        if not incoming:
            self.wait_ready()

    def _prepare_for(self, user, environment):
        """Lets QEMU run as another user, who may not be able to reach the tree or the cache."""
        folder = self.workspace.folder(f"{self.name}.files")
        for path in self.workspace.path, folder:
            path.chmod(0o711)
        for name in "vmlinuz", "initrd":
            shutil.copy(self.image / name, folder)
        self.image = folder
        if environment:
            environment["LD_PRELOAD"] = shutil.copy(environment["LD_PRELOAD"], folder)
            shutil.chown(environment["AEROSTAT_SWAP_DIR"], user)
            # The control socket is made by QEMU's user, in a folder where that one may.
            sockets = self.workspace.folder(f"{self.name}.run")
            shutil.chown(sockets, user)
            self.settings.socket = sockets / "pager.sock"
            environment["AEROSTAT_SOCKET"] = str(self.settings.socket)
        self.console.touch()
        shutil.chown(self.console, user)

    @property
    def pid(self):
        return self.process.pid

    @property
    def pager(self):
        """The connection to this guest's pager."""
        if self._pager_client is None:
            self._pager_client = PagerClient(self.settings.socket)
        return self._pager_client

    def stderr(self):
        return self.log.read_text(errors="replace")

    def _died(self):
        try:
            status = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            status = "still running"
        return GuestDied(f"{self.name}: QEMU ended ({status})\n{self.last_words()}")

    def _timed_out(self, timeout, what):
        return TimeoutError(f"{self.name}: waited {timeout:.0f} s for {what}\n{self.last_words()}\n{self._threads()}")

    def _threads(self):
        """What QEMU's threads wait for and how much they run within a second: to tell a hang from slowness."""
        def look():
            found = {}
            # QEMU itself, or the child of the wrapper that was started.
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
            for pid in [self.process.pid, *children.split()]:
                for task in Path(f"/proc/{pid}/task").iterdir():
                    ran_ns = int((task / "schedstat").read_text(encoding="ascii").split()[0])
                    found[task.name] = (ran_ns, (task / "comm").read_text().strip(), (task / "wchan").read_text())
            return found

        try:
            before = look()
            time.sleep(1)
            lines = [f"thread {number} {name}: in {wchan}, ran {(ran - before.get(number, (ran,))[0]) / 1e6:.1f} ms of 1 s"
                     for number, (ran, name, wchan) in look().items()]
        except (OSError, ValueError) as error:
            lines = [f"its threads cannot be looked at: {error}"]
        with contextlib.suppress(Exception):  # without a pager, or one that is silent
            lines.append(repr(self.pager.get_stats()))
        return "\n".join(lines)

    def last_words(self):
        """The ends of all that QEMU and the guest have said, to tell what went wrong."""
        console = self.console.read_text(errors="replace") if self.console.exists() else ""
        with self._changed:
            channel = [*self._heard, *([f"< {self._partial!r}"] if self._partial else [])]
        parts = {"QEMU's stderr": self.stderr()[-4000:], "console": console[-2000:],
                 "channel (> to the guest, < from it)": "\n".join(channel)}
        return "\n".join(f"--- {name}:\n{text.strip()}" for name, text in parts.items() if text.strip())

    def _read(self):
        """Takes in what the guest sends at once, so that it never waits for this process."""
        while True:
            try:
                data = self._channel.recv(65536)
            except OSError:
                data = b""
            with self._changed:
                if not data:
                    self._closed = True
                *lines, self._partial = (self._partial + data).split(b"\n")
                for line in lines:
                    line = line.decode(errors="replace").rstrip("\r")
                    self._heard.append(f"< {line[:300]}")
                    self._line(line)
                self._changed.notify_all()
            if not data:
                return

    def _line(self, line):
        if line == "ready":
            self._ready = True
        match = re.match(r"(\d+) (out|exit) ?(.*)", line)
        job = self._jobs.get(int(match[1])) if match else None
        if job and match[2] == "out":
            job.lines.append(match[3])
        elif job:
            job.status = int(match[3])

    def wait(self, condition, timeout, what):
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                value = condition()
                if value:
                    return value
                if self._closed:
                    break
                if not self._changed.wait(max(0, deadline - time.monotonic())):
                    raise self._timed_out(timeout, what)
        raise self._died()

    def ended(self):
        """Whether QEMU has closed the channel."""
        return self._closed

    def wait_ready(self, timeout=PATIENCE):
        self.wait(lambda: self._ready, timeout, "the guest to boot")

    def send(self, line):
        with self._changed:
            self._heard.append(f"> {line[:300]}")
        try:
            self._channel.sendall(line.encode() + b"\n")
        except BlockingIOError:
            raise self._timed_out(PATIENCE, f"the guest to take '{line[:300]}'") from None

    def _wait_for_end(self, timeout):
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise self._timed_out(timeout, "QEMU to end") from None

    def start(self, command):
        """Starts a command in the guest."""
        with self._changed:
            number = max(self._jobs, default=0) + 1
            job = self._jobs[number] = Job(self, number, command)
        self.send(f"run {number} {command}")
        return job

    def run(self, command, timeout=PATIENCE):
        job = self.start(command)
        job.wait(timeout)
        return job

    def start_pagecheck(self, mib, seconds=0, seed=1, arguments=""):
        """Starts pagecheck and waits until it has filled its memory."""
        job = self.start(f"pagecheck memory --mib {mib} --seconds {seconds} --seed {seed} {arguments}")
        job.wait_line("filled=")
        return job

    def start_stress(self, mib, seconds, workers=2):
        return self.start(f"stress-ng --vm {workers} --vm-bytes {mib // workers}M --vm-keep --verify "
                          f"--timeout {seconds} --oomable --temp-path /tmp")

    def adopt_jobs(self, other):
        """After a migration, before it runs on here: the other guest's jobs are this one's now."""
        other._drain()
        with other._changed, self._changed:
            self._jobs, other._jobs = other._jobs, {}
            self._partial, self._ready = other._partial, other._ready
            for job in self._jobs.values():
                job.guest = self

    def channel_state(self):
        """What has arrived so far; the guest must be stopped. See restore_channel()."""
        self._drain()
        with self._changed:
            return self._partial, {number: (len(job.lines), job.status) for number, job in self._jobs.items()}

    def restore_channel(self, state):
        """Forgets what the guest said after channel_state(), when it has been reverted to then."""
        self._drain()
        with self._changed:
            self._partial, jobs = state
            for number in list(self._jobs):
                if number not in jobs:
                    del self._jobs[number]
                    continue
                length, self._jobs[number].status = jobs[number]
                del self._jobs[number].lines[length:]

    def _drain(self):
        """Lets the reader take in what the stopped guest has sent before."""
        while True:
            with self._changed:
                before = self._partial, sum(len(job.lines) for job in self._jobs.values())
            time.sleep(0.1)
            with self._changed:
                if before == (self._partial, sum(len(job.lines) for job in self._jobs.values())):
                    return

    def balloon(self, mib):
        """Asks the guest's balloon driver to leave the guest this much memory."""
        self.qmp("balloon", value=mib * MIB)

    def balloon_actual_mib(self):
        return self.qmp("query-balloon")["actual"] // MIB

    def status_bytes(self, field):
        """A field of /proc/PID/status that is given in kB."""
        text = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(re.search(rf"^{field}:\s+(\d+) kB", text, re.M)[1]) * 1024

    def mappings(self):
        """QEMU's mappings as (start, end, fields of smaps), sizes in bytes, VmFlags as a set."""
        result = []
        for line in Path(f"/proc/{self.pid}/smaps").read_text(encoding="utf-8").splitlines():
            address = re.match(r"([0-9a-f]+)-([0-9a-f]+) ", line)
            if address:
                result.append((int(address[1], 16), int(address[2], 16), {}))
                continue
            name, _, value = line.partition(":")
            fields = result[-1][2]
            fields[name] = (set(value.split()) if name == "VmFlags"
                            else int(value.split()[0]) * 1024 if value.endswith("kB") else value.strip())
        return result

    def guest_ram_mappings(self):
        """The mappings that QEMU marked as mergeable, which is how it marks guest memory."""
        return [item for item in self.mappings() if "mg" in item[2].get("VmFlags", ())]

    def poweroff(self, timeout=PATIENCE):
        self.send("poweroff")
        return self._wait_for_end(timeout)

    def quit(self, timeout=PATIENCE):
        """Ends QEMU as a management program does."""
        try:
            self.qmp("quit")
        except OSError:
            pass
        return self._wait_for_end(timeout)

    def kill(self):
        self.process.kill()
        self._wait_for_end(PATIENCE)

    def _close(self):
        if self._pager_client is not None:
            self._pager_client.close()
        if self.qmp is not None:
            self.qmp.close()
        # Wakes the reader, which the end of QEMU may have done already.
        try:
            self._channel.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._reader.join(timeout=10)
        self._channel.close()


def main():
    """Boots a guest and runs a command in it, for trying things by hand."""
    if len(sys.argv) < 2:
        sys.exit("usage: harness.py COMMAND...   (AEROSTAT_LIMIT_MIB=N: under the pager)")
    end_on_signals()
    limit = os.environ.get("AEROSTAT_LIMIT_MIB")
    with Workspace() as workspace:
        started = time.monotonic()
        guest = Guest(workspace, pager=Pager(limit_mib=int(limit)) if limit else None)
        print(f"{accelerator(guest.image)}, booted in {time.monotonic() - started:.1f} s", file=sys.stderr)
        job = guest.run(" ".join(sys.argv[1:]), timeout=3600)
        print(job.output())
        sys.exit(job.status)


if __name__ == "__main__":
    main()
