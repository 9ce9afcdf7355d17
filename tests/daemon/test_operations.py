# SPDX-License-Identifier: LGPL-2.1-or-later
"""Operations and tasks over HTTP, with no libvirt behind: what is refused, and what waits."""

import json
import threading

import pytest
from conftest import wait_until
from test_http import BODIES, refused


@pytest.mark.parametrize("name", ["", "Nope", "Reconcile", "%00", "%ff", "%0a%1b[2J", "x" * 4000, "ListVMs/x"])
def test_unknown_methods(daemon, name):
    text = refused(daemon.call("POST", f"/do/{name}", {}), 404, 400)
    assert "\n" not in text and "\x1b" not in text


def test_only_post(daemon):
    for method in "GET", "PUT", "DELETE", "PATCH":
        refused(daemon.call(method, "/do/ListFolders"), 405)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_bodies_that_are_none(daemon, body):
    refused(daemon.call("POST", "/do/ListFolders", body), 400, 413)
    assert daemon.call("POST", "/do/ListFolders", {})[0] == 200


def test_members_are_checked(daemon):
    assert "\"nonsense\" is no member" in refused(daemon.call("POST", "/do/ListFolders", {"nonsense": 1}), 400)
    assert "to be a string" in refused(daemon.call("POST", "/do/CreateFolder", {"path": 5}), 400)


def test_many_at_once(daemon):
    answers = []
    threads = [threading.Thread(target=lambda n=n: answers.append(
        daemon.call("POST", "/do/CreateFolder", {"path": f"/f{n}"}))) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in answers} <= {200, 204}
    assert len(daemon.call("POST", "/do/ListFolders", {})[1]) == 41


def test_clients_that_leave_before_the_answer(daemon):
    body = json.dumps({"path": "/gone"}).encode()
    request = b"POST /do/CreateFolder HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    for _ in range(20):
        connection = daemon.connect()
        connection.sendall(request)
        connection.close()
    wait_until(lambda: any(folder["path"] == "/gone" for folder in daemon.call("POST", "/do/ListFolders", {})[1]),
               "the folder")
    assert daemon.call("GET", "/host")[0] == 200


def test_a_task_waits_for_libvirt_and_can_be_cancelled(daemon):
    status, body = daemon.call("POST", "/do/ReconcileVMs", {})
    assert status == 202
    task = daemon.call("GET", f"/tasks/{body['task']}")[1]
    assert (task["method"], task["state"], task["percent"]) == ("ReconcileVMs", "queued", 0)
    assert daemon.call("DELETE", f"/tasks/{body['task']}") == (204, b"")
    assert daemon.call("GET", "/tasks?limit=1")[1][0]["id"] == body["task"]
    for path in "/tasks/0", "/tasks/99999999999999999999", "/tasks/x", "/tasks/-1", "/tasks/12345":
        refused(daemon.call("GET", path), 404)
        refused(daemon.call("DELETE", path), 404)
    refused(daemon.call("POST", "/tasks", {}), 405)
    refused(daemon.call("PATCH", f"/tasks/{body['task']}", {}), 405)


def test_tasks_of_an_earlier_life_have_ended(daemon):
    number = daemon.call("POST", "/do/ReconcileVMs", {})[1]["task"]
    daemon.process.kill()
    daemon.process.wait()
    daemon.start()
    task = daemon.call("GET", f"/tasks/{number}")[1]
    assert task["state"] == "error" and "daemon ended" in task["message"]
