# SPDX-License-Identifier: LGPL-2.1-or-later
"""`aerostat account`: how the first account is made."""

import os
import pty
import subprocess

import pytest
from pyVmomi import vim

from conftest import AEROSTAT, PATIENCE, USER


def aerostat(host, *words, password=None, status=0):
    done = subprocess.run([AEROSTAT, "account", *words, "--host", host.local], input=password or "",
                          capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stderr


def login(host, user, password):
    return vim.SessionManager("SessionManager", host.stub()).Login(user, password, None)


def test_life_of_an_account(host):
    assert aerostat(host, "add", "--role", "admin", "--description", "Anna B.", "anna@vsphere.local",
                    password="old one\n") == "anna@vsphere.local: may log in as admin\n"
    rows = [line.split(None, 2) for line in aerostat(host, "list", "--no-header").splitlines()]
    assert ["anna@vsphere.local", "Admin", "Anna B."] in rows and [USER, "Admin", "-"] in rows
    assert login(host, "anna@vsphere.local", "old one").fullName == "Anna B."
    aerostat(host, "password", "anna@vsphere.local", password="new one\n")
    with pytest.raises(vim.fault.InvalidLogin):
        login(host, "anna@vsphere.local", "old one")
    login(host, "anna@vsphere.local", "new one")
    aerostat(host, "role", "anna@vsphere.local", "NoAccess")
    with pytest.raises(vim.fault.NoPermission):
        login(host, "anna@vsphere.local", "new one")
    aerostat(host, "remove", "anna@vsphere.local")
    with pytest.raises(vim.fault.InvalidLogin):
        login(host, "anna@vsphere.local", "new one")


@pytest.mark.parametrize("words, password, status, said", [
    (["add", USER], "x\n", 1, f'there is an account "{USER}" already'),
    (["add", "a b"], "x\n", 1, "cannot be the name of an account"),
    (["add", "anna"], "", 2, "no password was given"),
    (["add", "anna"], "\n", 2, "no password was given"),
    (["add", "--role", "King", "anna"], "x\n", 2, "King"),
    (["role", USER, "King"], "", 2, "there is no role"),
    (["role", USER, "ReadOnly"], "", 1, "no account would have the role Admin"),
    (["role", "nobody", "Admin"], "", 1, "there is no account"),
    (["password", "nobody"], "x\n", 1, "there is no account"),
    (["remove", "nobody"], "", 1, "there is no account"),
])
def test_refused(host, words, password, status, said):
    assert said in aerostat(host, *words, password=password, status=status)
    assert [line.split() for line in aerostat(host, "list", "--no-header").splitlines()] == [[USER, "Admin", "-"]]


def test_password_at_a_terminal(host):
    """Asked twice, and not shown."""
    for again, status in (("other", 2), ("secret", 0)):
        leader, follower = pty.openpty()
        process = subprocess.Popen([AEROSTAT, "account", "add", "--host", host.local, "typed"], stdin=follower,
                                   stdout=follower, stderr=follower)
        os.close(follower)
        shown = b""
        for prompt, answer in ((b"Password: ", "secret"), (b"Again: ", again)):
            while prompt not in shown:
                shown += os.read(leader, 1000)
            os.write(leader, answer.encode() + b"\n")
        try:
            while text := os.read(leader, 1000):
                shown += text
        except OSError:
            pass  # the end of a terminal
        os.close(leader)
        assert process.wait(PATIENCE) == status
        assert b"secret" not in shown and b"other" not in shown
    with pytest.raises(vim.fault.InvalidLogin):
        login(host, "typed", "other")
    assert login(host, "typed", "secret").userName == "typed"
    aerostat(host, "remove", "typed")


def test_account_of_the_host(host):
    """PAM has no such user here, or another password; without a password in the inventory nothing else counts."""
    aerostat(host, "add", "--system", "nobody")
    for password in ("", "x"):
        with pytest.raises(vim.fault.InvalidLogin):
            login(host, "nobody", password)
    aerostat(host, "remove", "nobody")
