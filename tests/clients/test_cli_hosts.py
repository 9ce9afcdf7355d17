# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat against a host by TLS: which host, as whom, with which password, whom it trusts, and what it may do."""

import contextlib
import ctypes
import os
import pty
import select
import signal
import socket
import subprocess
import threading
from pathlib import Path

import pytest
from conftest import AEROSTAT, PASSWORD, PATIENCE, USER, free_ports, wait_until

READER = ("reader", "only reads")
LISTS = [["host", "show"], ["vm", "list"], ["vm", "show", "test"], ["vm", "question", "list"], ["datastore", "list"],
         ["datastore", "space"], ["folder", "list"], ["attribute", "list"], ["switch", "list"], ["portgroup", "list"],
         ["card", "list", "test"], ["disk", "list", "test"], ["snapshot", "list", "test"], ["pool", "list"],
         ["task", "list"], ["account", "list"], ["setting", "list"], ["setting", "get", "Mem.IdleTax"],
         ["event", "list"], ["advise"], ["top", "-bn1"]]
CHANGES = [(["folder", "create", "/x"], "Folder.Create"), (["pool", "create", "/x"], "Resource.CreatePool"),
           (["pool", "set", "/kept", "--shares", "low"], "Resource.EditPool"),
           (["pool", "delete", "/kept"], "Resource.DeletePool"),
           (["setting", "set", "Mem.IdleTax=5"], "Host.Config.AdvancedConfig"),
           (["vm", "set", "test", "--shares", "low"], "VirtualMachine.Config.Resource"),
           (["vm", "off", "test", "--hard"], "VirtualMachine.Interact.PowerOff"),
           (["snapshot", "create", "test", "x"], "VirtualMachine.State.CreateSnapshot"),
           (["attribute", "define", "x"], "Global.ManageCustomFields"),
           (["customization", "list"], "VirtualMachine.Provisioning.ReadCustSpecs"),
           (["switch", "create", "x"], "Host.Config.Network"),
           (["account", "remove", USER], "Host.Local.ManageUserGroups")]


@pytest.fixture(scope="module", autouse=True)
def _accounts(host):
    host.add_account(*READER, "ReadOnly")
    host.fingerprint = host.certificate("sha256")
    assert run(host, "vm", "adopt", "test", at=host.local).returncode == 0
    assert run(host, "pool", "create", "/kept", at=host.local).returncode == 0


def environment(**more):
    """Of a user who has said nothing yet."""
    kept = {name: value for name, value in os.environ.items()
            if name in ("PATH", "LD_LIBRARY_PATH") or name.endswith("SAN_OPTIONS")}
    return {**kept, "HOME": "/nonexistent", **{name: value for name, value in more.items() if value is not None}}


def start(*words, **more):
    return subprocess.Popen([AEROSTAT, *map(str, words)], env=environment(**more), stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def run(host, *words, at=None, user=USER, password=PASSWORD, pin=True, **more):
    """The command to its end. at: of --host; None: as usual."""
    more.setdefault("AEROSTAT_PASSWORD", password)
    if at is None:
        at = f"{user}@127.0.0.1:{host.port}"
    words = [*words, "--host", at]
    if pin and "/" not in str(at):
        words += ["--fingerprint", host.fingerprint]
    process = start(*words, **more)
    process.out, process.err = process.communicate(timeout=PATIENCE)
    return process


def plain(words, **more):
    """Without options for the host: only the environment, and files."""
    process = start(*words, **more)
    process.out, process.err = process.communicate(timeout=PATIENCE)
    return process


def sessions(host):
    """Keys of all there are, but for the one that asks."""
    _, listed = host.call("GET", "/sdk/vim25/7.0.0.0/SessionManager/SessionManager/sessionList")
    return {session["key"] for session in listed if session["userName"] in (USER, READER[0])}


def write_config(folder, text):
    (folder / "aerostat").mkdir(exist_ok=True)
    (folder / "aerostat" / "config").write_text(text, encoding="utf-8")
    return {"XDG_CONFIG_HOME": str(folder)}


def state_of(process):
    """S: it sleeps."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
        return stat.read().rpartition(")")[2].split()[0]


# --- whom it trusts ---

def test_an_unknown_certificate_is_refused_with_its_fingerprint(host):
    process = run(host, "vm", "list", pin=False)
    shown = ":".join(host.fingerprint[i:i + 2] for i in range(0, 64, 2)).upper()
    assert process.returncode == 1 and shown in process.err and "--fingerprint" in process.err
    assert "refused by user" not in host.said()  # nothing was sent
    # As it is shown it can be given.
    assert run(host, "vm", "list", "--fingerprint", shown, pin=False).returncode == 0


def test_another_certificate_than_the_pinned_one(host):
    before = len(host.said())
    process = run(host, "vm", "list", "--fingerprint", "ab" * 32, pin=False)
    assert process.returncode == 1 and "AB:AB" in process.err and host.fingerprint[:2].upper() in process.err
    assert "login" not in host.said()[before:]
    process = run(host, "vm", "list", "--fingerprint", "ab", pin=False)
    assert process.returncode == 2 and "SHA-256" in process.err


def test_a_certificate_of_an_authority_of_the_system(host, tmp_path):
    """GnuTLS has no environment for it: the certificate is among the system's for this one command."""
    if os.getuid() != 0:
        pytest.skip("only root can change for a command what authorities the system has")
    bundle = "/etc/ssl/certs/ca-certificates.crt"
    if not os.path.exists(bundle):
        pytest.skip("the system has no bundle of authorities")
    (tmp_path / "bundle").write_bytes((host.folder / "state" / "api.crt").read_bytes())
    script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script, "sh", tmp_path / "bundle", bundle, AEROSTAT, "vm",
                           "list", "--host", f"{USER}@127.0.0.1:{host.port}"],
                          env=environment(AEROSTAT_PASSWORD=PASSWORD), stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False, timeout=PATIENCE)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"no mount namespaces here: {done.stderr.strip()}")
    assert done.returncode == 0 and "test" in done.stdout, done.stderr
    # A pin goes before it: a certificate that is good is not good enough.
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script, "sh", tmp_path / "bundle", bundle, AEROSTAT, "vm",
                           "list", "--host", f"{USER}@127.0.0.1:{host.port}", "--fingerprint", "ab" * 32],
                          env=environment(AEROSTAT_PASSWORD=PASSWORD), stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 1 and "another certificate" in done.stderr


# --- as whom ---

def test_login_and_logout(host):
    before = sessions(host)
    process = run(host, "vm", "list")
    assert process.returncode == 0 and "test" in process.out and process.err == ""
    assert "login by user admin" in host.said() and sessions(host) == before


def test_logged_out_after_errors_too(host):
    before = sessions(host)
    assert run(host, "vm", "show", "nobody").returncode == 3
    assert run(host, "folder", "create", "/y", user=READER[0], password=READER[1]).returncode == 1
    assert sessions(host) == before


@pytest.fixture(autouse=True)
def interruptible():
    """Programs that are started are interrupted by SIGINT, also where that is ignored, as in a shell's background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("words, title", [(["event", "list", "--follow"], "TIME"),
                                          (["top", "-b", "-d", "3600"], "time"),
                                          (["top", "-b", "-d", "0.1"], "time")], ids=lambda value: " ".join(value))
def test_logged_out_after_an_interrupt(host, number, words, title):
    before = sessions(host)
    process = start(*words, "--host", f"{USER}@127.0.0.1:{host.port}", "--fingerprint", host.fingerprint,
                    AEROSTAT_PASSWORD=PASSWORD)
    assert process.stdout.readline().startswith(title)
    # Its first sample is out before it sleeps.
    wait_until(lambda: "S" in state_of(process), "it to wait")
    process.send_signal(number)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == (0 if words[0] == "event" else -number)
    assert sessions(host) == before


def test_wrong_password(host):
    process = run(host, "vm", "list", password="wrong", user=READER[0])
    assert process.returncode == 1 and "does not let reader in" in process.err and "wrong" in process.err
    assert "Traceback" not in process.err and PASSWORD not in process.err


def test_nobody_said_who_asks(host):
    process = run(host, "vm", "list", at=f"127.0.0.1:{host.port}")
    assert process.returncode == 2 and "AEROSTAT_USER" in process.err
    process = run(host, "vm", "list", AEROSTAT_PASSWORD=None)
    assert process.returncode == 1 and "AEROSTAT_PASSWORD" in process.err and "PasswordFile" in process.err


@pytest.mark.parametrize("word, said", [
    ("http://olga@h", "TLS"), ("olga:secret@h", "command line"), ("@h", "before the @"), ("h:0", "65535"),
    ("h:99999", "65535"), ("h/x", "nothing besides"), ("", "--host"), ("ol ga@", "a name"), ("h?x", "nothing besides"),
    ("/" + 120 * "x", "107 bytes")])
def test_hosts_that_are_none(host, word, said):
    process = run(host, "vm", "list", at=word, pin=False)
    assert process.returncode == 2 and said in process.err and "secret" not in process.err


def ask_at_terminal(*words, typed, environment):
    """Runs it with a terminal of its own, types once it is asked (or calls typed with its pid), and returns what the
    terminal showed.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(AEROSTAT, [AEROSTAT, *map(str, words)], environment)
    shown = b""
    while True:
        assert select.select([terminal], [], [], PATIENCE)[0], shown
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if typed and b": " in shown:
            if callable(typed):
                typed(pid)
            else:
                os.write(terminal, typed)
            typed = None
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def test_the_terminal_is_asked_and_does_not_show_it(host):
    words = ["vm", "list", "--host", f"{USER}@127.0.0.1:{host.port}", "--fingerprint", host.fingerprint]
    status, shown = ask_at_terminal(*words, typed=PASSWORD.encode() + b"\n", environment=environment())
    assert status == 0 and f"Password of {USER} at 127.0.0.1:{host.port}: " in shown
    assert PASSWORD not in shown and "test" in shown
    # Ctrl-C leaves nothing behind.
    status, shown = ask_at_terminal(*words, typed=b"half\x03", environment=environment())
    assert status == -signal.SIGINT and "half" not in shown


def interrupt_other_thread(pid):
    """As the kernel does when the signal comes while the thread that asks blocks it."""
    wait_until(lambda: Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "S",
               "it to wait for input")
    others = [int(task.name) for task in Path(f"/proc/{pid}/task").iterdir() if int(task.name) != pid]
    assert others, "the command line has one thread only"
    assert ctypes.CDLL(None, use_errno=True).tgkill(pid, others[-1], signal.SIGINT) == 0


def test_an_interruption_that_reaches_another_thread_ends_the_question(host):
    words = ["vm", "list", "--host", f"{USER}@127.0.0.1:{host.port}", "--fingerprint", host.fingerprint]
    status, shown = ask_at_terminal(*words, typed=interrupt_other_thread, environment=environment())
    assert status == -signal.SIGINT and shown.endswith("\r\n")


# --- where it is said ---

def test_environment(host):
    at = {"AEROSTAT_HOST": f"127.0.0.1:{host.port}", "AEROSTAT_PASSWORD": READER[1]}
    process = plain(["account", "list", "--fingerprint", host.fingerprint], AEROSTAT_USER=READER[0], **at)
    assert process.returncode == 0 and "reader" in process.out
    assert plain(["vm", "list"], AEROSTAT_HOST=str(host.local)).returncode == 0


def test_file_of_hosts(host, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(READER[1] + "\nnot this\n", encoding="utf-8")
    secret.chmod(0o600)
    at = write_config(tmp_path, f"""[default]
Host=lab

[lab]
Host=127.0.0.1:{host.port}
User={READER[0]}
Fingerprint={host.fingerprint}
PasswordFile={secret}

[here]
Host={host.local}
""")
    logins = host.said().count("login by user reader")
    for words in (["vm", "list"], ["vm", "list", "--host", "lab"], ["vm", "list", "-H", "reader@lab"]):
        process = plain(words, **at)
        assert process.returncode == 0 and "test" in process.out, process.err
    assert host.said().count("login by user reader") == logins + 3
    assert f"at {host.local}" in plain(["host", "show", "--host", "here"], **at).out
    assert plain(["__complete", "vm", "list", "--host", ""], **at).out.splitlines() == ["lab", "here"]
    assert plain(["__complete", "vm", "list", "-H", "l"], **at).out == "lab\n"


def test_what_goes_before_what(host, tmp_path):
    """--host, the environment, the file; and the user's name in a host before all others."""
    secret = tmp_path / "secret"
    secret.write_text(PASSWORD, encoding="utf-8")
    secret.chmod(0o600)
    files = write_config(tmp_path, f"[default]\nHost={tmp_path}/of-default\n"
                                   f"[lab]\nHost=somebody@127.0.0.1:{host.port}\n"
                                   f"User=nobody\nFingerprint={host.fingerprint}\nPasswordFile={secret}\n")
    said = {**files, "AEROSTAT_HOST": f"{tmp_path}/of-environment", "AEROSTAT_DAEMON": f"{tmp_path}/of-daemon"}
    assert "of-argument:" in plain(["vm", "list", "--host", f"{tmp_path}/of-argument"], **said).err
    assert "of-environment:" in plain(["vm", "list"], **said).err
    assert "of-default:" in plain(["vm", "list"], **files, AEROSTAT_DAEMON=f"{tmp_path}/of-daemon").err
    assert "of-daemon:" in plain(["vm", "list"], AEROSTAT_DAEMON=f"{tmp_path}/of-daemon").err
    # Users: before the @, of the environment, of the section, of the section's host.
    assert plain(["vm", "list", "--host", f"{USER}@lab"], **files, AEROSTAT_USER="other").returncode == 0
    assert plain(["vm", "list", "--host", "lab"], **files, AEROSTAT_USER=USER).returncode == 0
    assert "does not let nobody in" in plain(["vm", "list", "--host", "lab"], **files).err
    # The environment's password before the section's, and the argument's fingerprint.
    wrong = plain(["vm", "list", "--host", f"{USER}@lab"], **files, AEROSTAT_PASSWORD="wrong")
    assert "does not let admin in" in wrong.err
    process = plain(["vm", "list", "--host", f"{USER}@lab", "--fingerprint", "0" * 64], **files)
    assert "another certificate" in process.err


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_password_that_others_can_read(host, tmp_path, mode):
    secret = tmp_path / "secret"
    secret.write_text(PASSWORD, encoding="utf-8")
    secret.chmod(mode)
    files = write_config(tmp_path, f"[lab]\nHost=127.0.0.1:{host.port}\nUser={USER}\nPasswordFile={secret}\n"
                                   f"Fingerprint={host.fingerprint}\n")
    process = plain(["vm", "list", "--host", "lab"], **files)
    assert process.returncode == 1 and f"chmod 600 {secret}" in process.err
    secret.chmod(0o600)
    assert plain(["vm", "list", "--host", "lab"], **files).returncode == 0


@pytest.mark.parametrize("text, said", [
    ("[lab]\nHost=h\nPassword=x\n", 'not "Password"'), ("[lab\n", "cannot be read"), ("x" * 70000, "KiB"),
    ("[lab]\nHost=h\nUser=u\nPasswordFile=/nonexistent/x\nFingerprint=" + 64 * "0", "/nonexistent/x"),
    ("[lab]\nHost=h\nUser=u\nPasswordFile=/dev/null\n", "is no file"), ("[lab]\nHost=h h\n", "is no host"),
    ("[lab]\nHost=h\nFingerprint=zz\n", "SHA-256")])
def test_files_of_hosts_that_are_wrong(tmp_path, text, said):
    process = plain(["vm", "list", "--host", "lab"], **write_config(tmp_path, text))
    assert process.returncode in (1, 2) and said in process.err and process.out == ""


# --- what may go wrong ---

def test_nothing_listens(host):
    process = run(host, "vm", "list", at=f"{USER}@127.0.0.1:{free_ports(1)[0]}")
    assert process.returncode == 1 and "nothing listens at 127.0.0.1" in process.err and "ApiPort" in process.err
    process = run(host, "vm", "list", at=f"{USER}@no.such.host.invalid")
    assert process.returncode == 1 and "no.such.host.invalid" in process.err


def test_a_host_that_does_not_answer(host):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        process = run(host, "vm", "list", "--timeout", "0.3", at=f"{USER}@127.0.0.1:{port}")
        assert process.returncode == 4 and f"127.0.0.1:{port} did not answer within" in process.err


def test_what_speaks_no_tls(host):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak():
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(b"220 ready to talk of other things\r\n")
                while connection.recv(4096):
                    pass

        speaker = threading.Thread(target=speak, daemon=True)
        speaker.start()
        process = run(host, "vm", "list", at=f"{USER}@127.0.0.1:{listener.getsockname()[1]}")
        speaker.join(PATIENCE)
    assert process.returncode == 1 and "TLS" in process.err and process.out == ""


def test_a_session_that_ends_in_between(host):
    """Whoever waits and follows is logged in again."""
    process = start("event", "list", "--follow", "--host", f"{USER}@127.0.0.1:{host.port}", "--fingerprint",
                    host.fingerprint, "--format", "json", AEROSTAT_PASSWORD=PASSWORD)
    try:
        process.stdout.readline()
        before = wait_until(lambda: sessions(host), "the session")
        host.method("SessionManager", "SessionManager", "TerminateSession", sessionId=sorted(before))
        wait_until(lambda: sessions(host) - before, "another session")
        assert process.poll() is None
        run(host, "setting", "set", "Mem.IdleTax=44", at=host.local)
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(iter(process.stdout.readline, "")), daemon=True)
        reader.start()
        wait_until(lambda: any("Mem.IdleTax = 44" in line for line in lines), "the event")
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


# --- what a reader may ---

@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_lists_by_tls_as_a_reader(host, words):
    here, there = run(host, *words, at=host.local), run(host, *words, user=READER[0], password=READER[1])
    assert there.returncode == here.returncode == 0, there.err
    titles = here.out.splitlines()[:1]
    assert words[0] == "host" or there.out.splitlines()[:1] == titles


@pytest.mark.parametrize("words, privilege", CHANGES, ids=[" ".join(words) for words, _ in CHANGES])
def test_refused_with_the_privilege_that_is_missing(host, words, privilege):
    process = run(host, *words, user=READER[0], password=READER[1])
    assert process.returncode == 1 and privilege in process.err and "reader has not the privilege" in process.err
    assert process.out == ""


def test_changes_by_tls(host):
    assert run(host, "pool", "create", "/far", "--shares", "high").out == "/far: made\n"
    assert run(host, "pool", "set", "/far", "--limit", "1G").out == "/far: limit: none -> 1G\n"
    assert run(host, "vm", "set", "test", "--pool", "/far", "--shares", "low").out.splitlines() == [
        "test: shares: normal -> low", "test: pool: / -> /far"]
    wait_until(lambda: "/far" in run(host, "vm", "list", "--columns", "pool").out, "the VM in its pool")
    assert "has VMs in it" in run(host, "pool", "delete", "/far").err
    assert run(host, "vm", "set", "test", "--pool", "/").returncode == 0
    wait_until(lambda: run(host, "pool", "delete", "/far").returncode == 0, "the pool to be empty")
    assert run(host, "setting", "set", "Mem.IdleTax=33").out.endswith("-> 33\n")
    assert run(host, "setting", "get", "Mem.IdleTax", at=host.local).out == "33\n"
    assert run(host, "folder", "create", "/a").out == "/a: made\n"


def test_tasks_by_tls(host):
    """One that fails says why, with the status that it would have here."""
    number = run(host, "vm", "off", "test", "--hard", "--no-wait").out.strip()
    assert number.isdigit()
    assert run(host, "task", "wait", number).out == f"task {number}: done\n"
    shown = run(host, "task", "show", number).out
    assert "PowerOffVM" in shown and "success" in shown
    assert run(host, "vm", "reset", "nobody").returncode == 3
    assert run(host, "task", "cancel", number).returncode == 1
    assert run(host, "task", "show", "999999").returncode == 3
