# SPDX-License-Identifier: LGPL-2.1-or-later
"""libaerostat: its example program, as users build it, against a real guest; and what its errors are."""

import os
import subprocess

import pytest

from conftest import PASSWORD, USER, wait_until

EXAMPLE = os.environ.get("RUN_IN_GUEST", "build/docs/examples/run-in-guest")
NAME = "agent"


@pytest.fixture(scope="module")
def fleet(guest_host):
    from fleet import Fleet
    from harness import agent_image
    fleet = Fleet.__new__(Fleet)
    fleet.workspace, fleet.libvirt, fleet.daemon = guest_host.workspace, guest_host.libvirt, guest_host.daemon
    fleet.store, fleet.datastore, fleet._guests = guest_host.workspace.folder("store"), "store", {}
    fleet.do("AddDatastore", name="store", path=str(fleet.store))
    fleet.create_from(agent_image(), NAME, 160)
    fleet.do("PowerOnVM", vm=NAME)
    wait_until(lambda: fleet.ask_agent(NAME, "guest-ping") is not None, "the agent")
    fleet.agent_shell(NAME, "echo root:roots-word | chpasswd")
    return fleet


def run(host, *words, password="roots-word", **environment):
    remote = {"AEROSTAT_URL": f"https://127.0.0.1:{host.port}", "AEROSTAT_USER": USER, "AEROSTAT_PASSWORD": PASSWORD,
              "AEROSTAT_THUMBPRINT": host.certificate("sha256"), "AEROSTAT_GUEST_PASSWORD": password, **environment}
    return subprocess.run([EXAMPLE, *map(str, words)], env={**os.environ, **{k: v for k, v in remote.items() if v}},
                          capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "script"
    path.write_text("id -un\necho made >/root/mark\nexit 7\n", encoding="ascii")
    return path


def test_runs_and_leaves_no_trace(guest_host, fleet, script, tmp_path):
    done = run(guest_host, NAME, "root", script, tmp_path / "result")
    assert done.returncode == 7, done
    assert (tmp_path / "result").read_text(encoding="ascii") == "root\n"
    assert fleet.agent_shell(NAME, "ls /root/mark 2>/dev/null || echo gone") == "gone\n"
    assert fleet.do("ListSnapshots", vm=NAME)["snapshots"] == []


def test_by_the_socket(guest_host, fleet, script, tmp_path):
    done = run(guest_host, NAME, "root", script, tmp_path / "result", AEROSTAT_URL=None, AEROSTAT_USER=None,
               AEROSTAT_PASSWORD=None, AEROSTAT_THUMBPRINT=None, AEROSTAT_DAEMON=guest_host.local)
    assert done.returncode == 7, done


@pytest.mark.parametrize("change, said", [
    ({"AEROSTAT_PASSWORD": "wrong"}, "connect: "),
    ({"AEROSTAT_THUMBPRINT": "ab" * 32}, "is not trusted"),
    ({"AEROSTAT_THUMBPRINT": None}, "is not trusted"),
    ({"AEROSTAT_THUMBPRINT": "abc"}, "is no SHA-256 thumbprint"),
    ({"AEROSTAT_URL": "ftp://host"}, "is no address"),
    ({"password": "wrong"}, "guest login: "),
])
def test_refused(guest_host, fleet, script, tmp_path, change, said):
    done = run(guest_host, NAME, "root", script, tmp_path / "result", **change)
    assert done.returncode == 1 and said in done.stderr, done
    assert fleet.do("ListSnapshots", vm=NAME)["snapshots"] == []


def test_what_is_not_there(guest_host, fleet, script, tmp_path):
    done = run(guest_host, "nobody", "root", script, tmp_path / "result")
    assert done.returncode == 1 and 'there is no VM "nobody"' in done.stderr, done
    done = run(guest_host, NAME, "root", tmp_path / "none", tmp_path / "result")
    assert done.returncode == 1 and "No such file" in done.stderr, done
