# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs and files in a guest, as pyVmomi's users have them: with a real guest and its agent."""

import datetime
import os
import re
import subprocess
import urllib.error
import urllib.request

import pytest
from pyVmomi import vim

from conftest import AEROSTAT, insecure, wait_until

NAME = "agent"


class Guest:
    """A VM that runs a guest with users: root, ann (password "ann's word"), locked (none)."""

    def __init__(self, host):
        from fleet import Fleet
        from harness import agent_image
        self.host = host
        fleet = Fleet.__new__(Fleet)
        fleet.workspace, fleet.libvirt, fleet.daemon = host.workspace, host.libvirt, host.daemon
        fleet.store, fleet.datastore, fleet._guests = host.workspace.folder("store"), "store", {}
        self.fleet = fleet
        self.si = host.connect()
        content = self.si.content
        system = content.rootFolder.childEntity[0].hostFolder.childEntity[0].host[0].configManager.datastoreSystem
        system.CreateLocalDatastore("store", str(fleet.store))
        fleet.create_from(agent_image(), NAME, 160, pager=False)
        self.vm = wait_until(self.find, "the VM")
        self.manager = content.guestOperationsManager
        self.auth, self.files, self.processes = (self.manager.authManager, self.manager.fileManager,
                                                 self.manager.processManager)

    def find(self):
        content = self.si.content
        view = content.viewManager.CreateContainerView(content.rootFolder, [vim.VirtualMachine], True)
        try:
            return next((vm for vm in view.view if vm.name == NAME), None)
        finally:
            view.Destroy()

    def start(self):
        self.fleet.do("PowerOnVM", vm=NAME)
        self.sh("useradd -m -s /bin/sh ann; useradd -m -s /bin/sh locked; echo \"ann:ann's word\" | chpasswd;"
                "echo root:roots-word | chpasswd")

    def sh(self, line):
        """Past the API: as root, by the agent."""
        return self.fleet.agent_shell(NAME, line)

    def run(self, program, arguments, login, **fields):
        """Starts it and waits: its exit code."""
        pid = self.processes.StartProgramInGuest(self.vm, login, vim.vm.guest.ProcessManager.ProgramSpec(
            programPath=program, arguments=arguments, **fields))
        return wait_until(lambda: self.ended(login, pid), f"{program} {arguments}").exitCode

    def ended(self, login, pid):
        found = self.processes.ListProcessesInGuest(self.vm, login, [pid])
        assert [info.pid for info in found] == [pid]
        return found[0] if found[0].endTime else None


def login(user="ann", password="ann's word", interactive=False):
    return vim.vm.guest.NamePasswordAuthentication(username=user, password=password, interactiveSession=interactive)


ANN = login()
ROOT = login("root", "roots-word")


@pytest.fixture(scope="module")
def guest(guest_host):
    result = Guest(guest_host)
    # Off, it has nobody to log in to.
    with pytest.raises(vim.fault.InvalidPowerState):
        result.auth.ValidateCredentialsInGuest(result.vm, ANN)
    result.start()
    return result


def test_logins(guest):
    guest.auth.ValidateCredentialsInGuest(guest.vm, ANN)
    guest.auth.ValidateCredentialsInGuest(guest.vm, ROOT)
    for wrong in login(password="other"), login(password=""), login("locked", ""), login("nobody-there"), \
            login("root", "ann's word"), login("-c", "x"):
        with pytest.raises(vim.fault.InvalidGuestLogin):
            guest.auth.ValidateCredentialsInGuest(guest.vm, wrong)
    with pytest.raises(Exception) as refused:
        guest.auth.ValidateCredentialsInGuest(guest.vm, login(interactive=True))
    assert "NotSupported" in type(refused.value).__name__
    # The password is nowhere to be seen there.
    assert "ann's word" not in guest.sh("cat /proc/[0-9]*/cmdline | tr '\\000' ' '")


def test_programs(guest):
    assert guest.run("/bin/sh", "-c 'exit 7'", ANN) == 7
    assert guest.run("/bin/sh", "-c 'true; exit 8' >/dev/null 2>&1", ANN) == 8
    assert guest.run("/bin/sh", "-c 'id -un >/tmp/who; pwd >>/tmp/who; echo \"$WORD\" >>/tmp/who'", ANN,
                     workingDirectory="/usr", envVariables=["WORD=two words"]) == 0
    assert guest.sh("cat /tmp/who; stat -c %U /tmp/who") == "ann\n/usr\ntwo words\nann\n"
    # Arguments go through the guest's shell.
    assert guest.run("/bin/echo", "$HOME && touch /tmp/after >/tmp/home", ANN) == 0
    guest.sh("test -e /tmp/after")
    # As the user, and no more.
    assert guest.run("/bin/sh", "-c 'cat /etc/shadow'", ANN) != 0
    assert guest.run("/bin/sh", "-c 'cat /etc/shadow'", ROOT) == 0
    with pytest.raises(vim.fault.FileNotFound):
        guest.run("/bin/none", "", ANN)
    with pytest.raises(vim.fault.GuestPermissionDenied):
        guest.run("/etc/passwd", "", ANN)


def test_processes(guest):
    pid = guest.processes.StartProgramInGuest(guest.vm, ANN, vim.vm.guest.ProcessManager.ProgramSpec(
        programPath="/bin/sleep", arguments="1000"))
    every = {info.pid: info for info in guest.processes.ListProcessesInGuest(guest.vm, ANN, [])}
    assert every[pid].name == "sleep" and every[pid].owner == "ann" and every[pid].endTime is None
    assert every[1].owner == "root" and "init" in every[1].cmdLine
    assert guest.sh(f"cat /proc/{pid}/comm") == "sleep\n"
    with pytest.raises(vim.fault.GuestPermissionDenied):
        guest.processes.TerminateProcessInGuest(guest.vm, ANN, 1)
    guest.processes.TerminateProcessInGuest(guest.vm, ANN, pid)
    assert wait_until(lambda: guest.ended(ANN, pid), "its end").exitCode == 128 + 15
    with pytest.raises(vim.fault.GuestProcessNotFound):
        guest.processes.TerminateProcessInGuest(guest.vm, ANN, 999999)
    assert guest.processes.ReadEnvironmentVariableInGuest(guest.vm, ANN, ["HOME", "NONE"]) == ["HOME=/home/ann"]


def test_files(guest):
    files, vm = guest.files, guest.vm
    files.MakeDirectoryInGuest(vm, ANN, "/tmp/a/b c", True)
    with pytest.raises(vim.fault.FileAlreadyExists):
        files.MakeDirectoryInGuest(vm, ANN, "/tmp/a", False)
    with pytest.raises(vim.fault.FileNotFound):
        files.MakeDirectoryInGuest(vm, ANN, "/tmp/none/x", False)
    with pytest.raises(vim.fault.GuestPermissionDenied):
        files.MakeDirectoryInGuest(vm, ANN, "/root/x", False)
    made = files.CreateTemporaryFileInGuest(vm, ANN, "pre", ".txt", "/tmp/a")
    assert re.fullmatch(r"/tmp/a/pre\w+\.txt", made)
    folder = files.CreateTemporaryDirectoryInGuest(vm, ANN, "", "", None)
    assert guest.sh(f"stat -c '%U %a' {made} {folder}") == "ann 600\nann 700\n"
    when = datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    files.ChangeFileAttributesInGuest(vm, ANN, made, vim.vm.guest.FileManager.PosixFileAttributes(
        permissions=0o640, modificationTime=when))
    guest.sh("ln -s /etc/passwd '/tmp/a/a\nlink'")
    listed = files.ListFilesInGuest(vm, ANN, "/tmp/a", 0, 50, None)
    assert listed.remaining == 0
    by_type = {info.type: info for info in listed.files}
    assert by_type["file"].path == made.rsplit("/", 1)[1] and by_type["file"].attributes.permissions == 0o640
    assert by_type["file"].attributes.modificationTime == when
    assert by_type["directory"].path == "b c"
    assert by_type["symlink"].attributes.symlinkTarget == "/etc/passwd"
    assert len(files.ListFilesInGuest(vm, ANN, "/tmp/a", 0, 1, "^[pb]").files) == 1
    assert files.ListFilesInGuest(vm, ANN, "/tmp/a", 0, 1, "^[pb]").remaining == 1
    files.MoveFileInGuest(vm, ANN, made, "/tmp/a/moved", False)
    with pytest.raises(vim.fault.FileAlreadyExists):
        files.MoveFileInGuest(vm, ANN, "/tmp/a/moved", "/tmp/who", False)
    files.MoveDirectoryInGuest(vm, ANN, "/tmp/a/b c", "/tmp/a/d")
    with pytest.raises(vim.fault.DirectoryNotEmpty):
        files.DeleteDirectoryInGuest(vm, ANN, "/tmp/a", False)
    with pytest.raises(vim.fault.NotAFile):
        files.DeleteFileInGuest(vm, ANN, "/tmp/a/d")
    files.DeleteFileInGuest(vm, ANN, "/tmp/a/moved")
    files.DeleteDirectoryInGuest(vm, ANN, "/tmp/a", True)
    with pytest.raises(vim.fault.FileNotFound):
        files.ListFilesInGuest(vm, ANN, "/tmp/a", 0, 50, None)
    with pytest.raises(vim.fault.GuestPermissionDenied):
        files.ListFilesInGuest(vm, ANN, "/root", 0, 50, None)


def here(guest, url):
    return re.sub(r"^https://\*:\d+", f"https://127.0.0.1:{guest.host.port}", url)


def fetch(guest, url, data=None):
    request = urllib.request.Request(here(guest, url), data=data, method="GET" if data is None else "PUT")
    try:
        with urllib.request.urlopen(request, context=insecure(), timeout=60) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        error.msg = error.read().decode()
        raise


def command_line(guest, script):
    """By the command, whose users' passwords are in the environment."""
    environment = {**os.environ, "AEROSTAT_DAEMON": guest.host.local, "AEROSTAT_GUEST_PASSWORD": "ann's word",
                   "PATH": f"{os.path.dirname(AEROSTAT)}:{os.environ['PATH']}"}
    # However slow the machine is.
    return subprocess.run(["sh", "-ec", script.replace(" --user ", " --timeout 100 --user ")], env=environment,
                          capture_output=True, text=True, check=False, timeout=400)


def test_command_line(guest):
    done = command_line(guest, f"""
aerostat guest mkdir --user ann --parents {NAME} /tmp/cli/a
aerostat guest run --user ann --directory /tmp/cli --environment WORD=two -- {NAME} /bin/sh "-c 'echo \\"\\$WORD\\" >b'"
aerostat guest mv --user ann {NAME} /tmp/cli/b /tmp/cli/a/c
aerostat guest ls --user ann {NAME} /tmp/cli/a
aerostat guest mv --user ann --directory {NAME} /tmp/cli/a /tmp/cli/d
pid=$(aerostat guest run --user ann --detach {NAME} /bin/sleep 1000)
aerostat guest ps --user ann {NAME} | grep "^$pid ann .*sleep"
aerostat guest kill --user ann {NAME} $pid
""")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nc\n" in f"\n{done.stdout}" and "sleep" in done.stdout
    assert guest.sh("cat /tmp/cli/d/c; stat -c %U /tmp/cli/d/c") == "two\nann\n"
    done = command_line(guest, f"aerostat guest run --user ann -- {NAME} /bin/sh '-c \"exit 7\"'")
    assert done.returncode == 1 and "/bin/sh ended with 7" in done.stderr
    done = command_line(guest, f"aerostat guest rm --user ann --recursive {NAME} /tmp/cli")
    assert done.returncode == 0 and guest.sh("ls -d /tmp/cli 2>&1 || true").count("No such file") == 1
    assert command_line(guest, f"aerostat guest ls --user root {NAME} /").returncode == 1


def test_recorded(guest):
    """What was done in a guest is done again by the shell's lines, without the password."""
    key = guest.si.content.sessionManager.currentSession.key
    assert guest.host.call("POST", f"/recorder/{key}")[0] == 204
    guest.files.MakeDirectoryInGuest(guest.vm, ANN, "/tmp/-re 'c", False)
    assert guest.run("/bin/sh", "-c 'echo again >>/tmp/re-c'", ANN) == 0
    guest.files.MoveDirectoryInGuest(guest.vm, ANN, "/tmp/-re 'c", "/tmp/rec2")
    script = guest.host.call("GET", f"/recorder/{key}")[1].decode()
    assert guest.host.call("DELETE", f"/recorder/{key}")[0] == 204
    assert "ann's" not in script and "not one line" not in script
    guest.sh("rmdir /tmp/rec2")
    done = command_line(guest, script)
    assert done.returncode == 0, script + done.stderr
    wait_until(lambda: guest.sh("cat /tmp/re-c; ls -d /tmp/rec2") == "again\nagain\n/tmp/rec2\n", "the program")


def test_transfers(guest):
    files, vm = guest.files, guest.vm
    data = bytes(range(256)) * 9000
    attributes = vim.vm.guest.FileManager.PosixFileAttributes(permissions=0o600)
    url = files.InitiateFileTransferToGuest(vm, ANN, "/home/ann/sent", attributes, len(data), False)
    fetch(guest, url, data)
    assert guest.sh("stat -c '%U %a %s' /home/ann/sent; ls -A /home/ann | grep -c aerostat; true") == (
        f"ann 600 {len(data)}\n0\n")
    info = files.InitiateFileTransferFromGuest(vm, ANN, "/home/ann/sent")
    assert info.size == len(data)
    assert fetch(guest, info.url) == data
    # Once, and with the right word only.
    for url in info.url, info.url[:-1], info.url.replace("id=", "id=1"):
        with pytest.raises(urllib.error.HTTPError):
            fetch(guest, url)
    with pytest.raises(vim.fault.FileAlreadyExists):
        files.InitiateFileTransferToGuest(vm, ANN, "/home/ann/sent", attributes, 3, False)
    with pytest.raises(vim.fault.GuestPermissionDenied):
        files.InitiateFileTransferFromGuest(vm, ANN, "/etc/shadow")
    with pytest.raises(vim.fault.GuestPermissionDenied):
        files.InitiateFileTransferToGuest(vm, ANN, "/etc/new", attributes, 3, False)
    fetch(guest, files.InitiateFileTransferToGuest(vm, ANN, "/home/ann/sent", attributes, 3, True), b"new")
    assert guest.sh("cat /home/ann/sent") == "new"


def test_who_may_not_operate(guest):
    guest.host.add_account("looker", "looker's word", "ReadOnly")
    manager = guest.host.connect("looker", "looker's word").content.guestOperationsManager
    with pytest.raises(vim.fault.NoPermission):
        manager.authManager.ValidateCredentialsInGuest(guest.vm, ANN)
