# SPDX-License-Identifier: LGPL-2.1-or-later
"""aerostat guest: programs and files in guests, as whom, and where the password is from."""

import subprocess

import pytest

SECRET = {"AEROSTAT_GUEST_PASSWORD": "Kxq7"}
NOBODY = {"stdin": subprocess.DEVNULL}


@pytest.fixture(autouse=True)
def _vms(daemon):
    daemon.add_vm("web1")


def asked(daemon):
    """The last call in the guest, without who it was."""
    method, body = next((method, body) for _, method, body in reversed(daemon.requests) if method.endswith("InGuest"))
    assert body.pop("vm") == {"_typeName": "ManagedObjectReference", "type": "VirtualMachine", "value": "vm-web1"}
    assert body.pop("auth") == {"_typeName": "NamePasswordAuthentication", "interactiveSession": False, "username": "ann",
                                "password": "Kxq7"}
    return method, body


@pytest.mark.parametrize("words, method, body", [
    (("mkdir", "web1", "/a/b"), "MakeDirectoryInGuest", {"directoryPath": "/a/b", "createParentDirectories": False}),
    (("mkdir", "--parents", "web1", "/a"), "MakeDirectoryInGuest", {"directoryPath": "/a", "createParentDirectories": True}),
    (("rm", "web1", "/a"), "DeleteFileInGuest", {"filePath": "/a"}),
    (("rm", "--directory", "web1", "/a"), "DeleteDirectoryInGuest", {"directoryPath": "/a", "recursive": False}),
    (("rm", "--recursive", "web1", "/a"), "DeleteDirectoryInGuest", {"directoryPath": "/a", "recursive": True}),
    (("mv", "--overwrite", "web1", "/a", "/b"), "MoveFileInGuest", {"srcFilePath": "/a", "dstFilePath": "/b", "overwrite": True}),
    (("mv", "--directory", "web1", "/a", "/b"), "MoveDirectoryInGuest", {"srcDirectoryPath": "/a", "dstDirectoryPath": "/b"}),
    (("kill", "web1", "77"), "TerminateProcessInGuest", {"pid": 77}),
    (("run", "--detach", "--directory", "/tmp", "--environment", "A=1,B=2", "web1", "/bin/sh", "-c 'x'"), "StartProgramInGuest",
     {"spec": {"_typeName": "GuestProgramSpec", "programPath": "/bin/sh", "arguments": "-c 'x'", "workingDirectory": "/tmp",
               "envVariables": ["A=1", "B=2"]}}),
])
def test_what_is_asked(run, daemon, words, method, body):
    # What begins with a hyphen is said after "--".
    words = (words[0], "--user", "ann", *words[1:]) if "-c 'x'" not in words else (
        words[0], "--user", "ann", *words[1:-3], "--", *words[-3:])
    run("guest", *words, env=SECRET)
    assert asked(daemon) == (method, body)


def test_what_is_shown(run, daemon):
    assert run("guest", "ls", "--user", "ann", "web1", "/", env=SECRET).out == "a\nb\\x0a\nc\n"
    assert run("guest", "ps", "--user", "ann", "web1", env=SECRET).out == "77 ann sh \\x0a-c\n"
    assert run("guest", "run", "--user", "ann", "--detach", "web1", "/bin/true", env=SECRET).out == "77\n"
    assert run("guest", "run", "--user", "ann", "web1", "/bin/true", env=SECRET).out == ""
    daemon.exit_code = 3
    assert "/bin/false ended with 3" in run("guest", "run", "--user", "ann", "web1", "/bin/false", env=SECRET, status=1).err


@pytest.mark.parametrize("words, text, status", [
    (("ls", "web1", "/"), "--user", 2), (("kill", "--user", "ann", "web1", "all"), "number", 2),
    (("ls", "--user", "ann", "web1", "/"), "no password", 2), (("ls", "--user", "ann", "web9", "/"), "web9", 3),
])
def test_wrong_lines(run, daemon, words, text, status):
    assert text in run("guest", *words, status=status, **NOBODY).err
    assert not [request for request in daemon.requests if request[1].endswith("InGuest")]
