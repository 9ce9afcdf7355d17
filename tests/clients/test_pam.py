# SPDX-License-Identifier: LGPL-2.1-or-later
"""Accounts of the host, whose passwords PAM checks, by the service as it is installed: in a mount namespace with users
of the test's own."""

import os
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest
from pyVim.connect import Disconnect
from pyVmomi import vim

from conftest import ROOT, Host

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    crypt = pytest.importorskip("crypt")

RIGHT = "a word of the host's"
UNSHARE = ["unshare", "-m", "--propagation", "private"]
FILES = ("passwd", "shadow", "group")
# Over those of the machine, as only this process and its children see them.
ENTER = """\
set -e
folder=$1
shift
for file in passwd shadow group; do
        mount --bind "$folder/$file" "/etc/$file"
done
mount --bind "$folder/pam.d" /etc/pam.d
exec "$@"
"""


def missing():
    if os.getuid() != 0:
        return "a mount namespace needs root"
    if not os.path.exists("/etc/pam.d/common-auth") or not os.path.exists("/etc/shadow"):
        return "this host's PAM is not set up as Debian's is"
    if subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode:
        return "mount namespaces are not allowed here"
    return None


pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


def write_users(folder):
    """olga may log in, paul's account has expired, the password of rita is locked."""
    for name in FILES:
        shutil.copy(f"/etc/{name}", folder / name)
    hashed = crypt.crypt(RIGHT, crypt.METHOD_SHA512)
    with open(folder / "passwd", "a", encoding="utf-8") as passwd, \
            open(folder / "shadow", "a", encoding="utf-8") as shadow:
        for number, (name, password, expires) in enumerate(
                [("olga", hashed, ""), ("paul", hashed, "1"), ("rita", f"!{hashed}", ""), ("emil", hashed, "")]):
            passwd.write(f"{name}:x:{61000 + number}:61000::/nonexistent:/usr/sbin/nologin\n")
            shadow.write(f"{name}:{password}:19000:0:99999:7::{expires}:\n")
    shutil.copytree("/etc/pam.d", folder / "pam.d")
    shutil.copy(ROOT / "data/aerostat.pam", folder / "pam.d/aerostat")


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pam")
    write_users(Path(folder))
    result = Host(before=[*UNSHARE, "sh", "-c", ENTER, "sh", str(folder)])
    try:
        result.start()
        for name in ("olga", "paul", "rita"):
            result.method("HostLocalAccountManager", "HostLocalAccountManager", "CreateUser",
                          user={"_typeName": "HostAccountSpec", "id": name})
            result.set_role(name, "ReadOnly")
        yield result
        result.end()
    finally:
        result.close()


def test_right_password(host):
    si = host.connect("olga", RIGHT)
    assert si.content.sessionManager.currentSession.userName == "olga"
    with pytest.raises(vim.fault.NoPermission):  # the role is aerostat's matter
        si.content.rootFolder.childEntity[0].vmFolder.CreateFolder("hers")
    Disconnect(si)


@pytest.mark.parametrize("user, password", [
    ("olga", "another word"), ("olga", ""), ("paul", RIGHT), ("rita", RIGHT),
    # PAM would let them in; nobody has given them an account here.
    ("emil", RIGHT), ("root", RIGHT)])
def test_refused(host, user, password):
    with pytest.raises(vim.fault.InvalidLogin):
        host.connect(user, password)
    assert RIGHT not in host.said()


def test_role_taken_away(host):
    host.set_role("olga", "NoAccess")
    with pytest.raises(vim.fault.NoPermission):
        host.connect("olga", RIGHT)
