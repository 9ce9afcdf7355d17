# SPDX-License-Identifier: LGPL-2.1-or-later
"""Operations and tasks with no libvirt behind: what is refused, and what waits."""

import json
import threading

import pytest
from conftest import wait_until
from manager import Refused
from test_http import MANAGER


@pytest.mark.parametrize("name", ["", "Nope", "Reconcile", "\n\x1b[2J", "x" * 4000, "ListVMs/x"])
def test_unknown_operations(daemon, name):
    for method in "RunOperation", "RunOperation_Task":
        with pytest.raises(Refused) as refused:
            daemon.manager.query(method, operation=name)
        assert refused.value.status == 400 and "\x1b" not in refused.value.text


def test_members_are_checked(daemon):
    for arguments, words in (({"nonsense": 1}, '"nonsense" is no member'), ({"path": 5}, "to be a string")):
        with pytest.raises(Refused, match=words):
            daemon.manager.run("CreateFolder" if "path" in arguments else "ListFolders", **arguments)


def test_many_at_once(daemon):
    answers = []
    threads = [threading.Thread(target=lambda n=n: answers.append(
        daemon.manager.run("CreateFolder", path=f"/f{n}"))) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [None] * 40
    assert len(daemon.manager.run("ListFolders")) == 41


def test_clients_that_leave_before_the_answer(daemon):
    body = json.dumps({"operation": "CreateFolder", "arguments": '{"path": "/gone"}'}).encode()
    request = f"POST {MANAGER}/RunOperation HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    for _ in range(20):
        connection = daemon.connect()
        connection.sendall(request)
        connection.close()
    wait_until(lambda: any(folder["path"] == "/gone" for folder in daemon.manager.run("ListFolders")), "the folder")
    assert daemon.answers()


def test_a_task_waits_for_libvirt_and_can_be_cancelled(daemon):
    number, _ = daemon.manager.start("ReconcileVMs")
    task = daemon.manager.task(number)
    assert (task["state"], task["percent"]) == ("queued", 0)
    assert number in daemon.manager.running_tasks()
    daemon.manager.cancel(number)
    for unknown in 0, 99999999999999999999, -1, 12345:
        with pytest.raises(Refused) as refused:
            daemon.manager.task(unknown)
        assert refused.value.status == 404
        with pytest.raises(Refused):
            daemon.manager.cancel(unknown)


def test_tasks_of_an_earlier_life_have_ended(daemon):
    number, _ = daemon.manager.start("ReconcileVMs")
    daemon.process.kill()
    daemon.process.wait()
    daemon.start()
    task = daemon.manager.task(number)
    assert task["state"] == "error" and "daemon ended" in task["message"]
