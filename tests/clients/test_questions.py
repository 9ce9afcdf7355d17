# SPDX-License-Identifier: LGPL-2.1-or-later
"""A datastore runs full under the thin disk of a guest: who watches by a property collector sees the question,
the event and the colour, and answers by pyVmomi or in the JSON form."""

import os
import subprocess
import threading

import pytest

from conftest import new_guest_host
from harness import PATIENCE
from managed import Libvirt
from vms import Machines, Watch, WaitForTask, disks, fails_with, vim, vmodl, wait_until

STORE_MIB = 20
LEFT_MIB = 3
DISK_MIB = 32
WRITTEN_MIB = 8
RETRY, CANCEL = "0", "1"


@pytest.fixture(scope="module")
def machines():
    def new_libvirt(workspace):
        # libvirtd has the mounts that there are when it starts.
        small = workspace.folder("small")
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={STORE_MIB}m", "tmpfs", str(small)], check=True)
        # Lazily, as libvirtd may have it open still.
        workspace.on_close(lambda: subprocess.run(["umount", "-l", str(small)], check=False))
        return Libvirt(workspace)
    with new_guest_host(new_libvirt) as host:
        result = Machines(host)
        result.small = host.workspace.folder("small")
        result.compute.host[0].configManager.datastoreSystem.CreateLocalDatastore("small", str(result.small))
        yield result


@pytest.fixture(scope="module")
def guests(machines):
    return machines.guests()


@pytest.fixture
def asking(machines, guests):
    """A VM whose guest writes more than its datastore has room for, its guest, the job that waits, and a watch."""
    guests.create("thin", datastore="small", memory_mb=160, disks=[{"size_mb": DISK_MIB}], pager=False)
    guest = guests.on("thin")
    guest.shell(f"dd if=/dev/urandom of=/tmp/data bs=1M count={WRITTEN_MIB} 2>/dev/null")
    guest.checksum = guest.shell("sha256sum </tmp/data")
    vm = wait_until(lambda: machines.find("thin"), "the VM")
    watch = Watch(machines.si, vm, "runtime.question", "overallStatus", "summary.overallStatus", "runtime.powerState",
                  "disabledMethod")
    watch.until(lambda seen: seen["runtime.powerState"] == "poweredOn" and seen["overallStatus"] == "green")
    assert seen_none(watch) and "AnswerVM" in watch.seen["disabledMethod"]
    fill(machines)
    job = guest.start("sh -c 'dd if=/tmp/data of=/dev/vda bs=1M oflag=direct 2>/dev/null; echo written $?'")
    watch.until(lambda seen: seen["runtime.question"])
    yield vm, guest, job, watch
    (machines.small / "filler").unlink(missing_ok=True)
    if vm.runtime.question:
        vm.AnswerVM(vm.runtime.question.id, CANCEL)
    if vm.runtime.powerState != "poweredOff":
        WaitForTask(vm.PowerOffVM_Task())
    WaitForTask(vm.Destroy_Task())
    watch.end()


def seen_none(watch):
    return watch.seen["runtime.question"] is None


def fill(machines):
    """Leaves too little room for what the guest will write."""
    with open(machines.small / "filler", "wb") as filler:
        space = os.statvfs(machines.small)
        filler.write(bytes(max(0, space.f_bavail * space.f_frsize - (LEFT_MIB << 20))))


def on_disk(guest):
    guest.shell("echo 3 >/proc/sys/vm/drop_caches")
    return guest.shell(f"dd if=/dev/vda bs=1M count={WRITTEN_MIB} 2>/dev/null | sha256sum")


def events(machines, vm, *ids):
    entity = vim.event.EventFilterSpec.ByEntity(entity=vm, recursion="self")
    return machines.content.eventManager.QueryEvents(vim.event.EventFilterSpec(entity=entity, eventTypeId=list(ids)))


def test_question_and_retry(machines, asking):
    vm, guest, job, watch = asking
    question = watch.seen["runtime.question"]
    assert '"thin"' in question.text and '"small"' in question.text and "vda" in question.text
    assert [(choice.key, choice.label) for choice in question.choice.choiceInfo] == [(RETRY, "Retry"), (CANCEL, "Cancel")]
    assert question.choice.choiceInfo[question.choice.defaultIndex].key == RETRY
    assert [message.text for message in question.message] == [question.text]
    watch.until(lambda seen: seen["overallStatus"] == "yellow" and seen["summary.overallStatus"] == "yellow")
    assert vm.runtime.powerState == "poweredOn" and "AnswerVM" not in vm.disabledMethod
    assert vm.summary.runtime.question.id == question.id and job.status is None
    [event] = events(machines, vm, "VmMessageEvent")
    assert isinstance(event, vim.event.VmMessageEvent) and event.vm.vm == vm and event.message == question.text
    assert question.text in event.fullFormattedMessage

    for id, choice, fault in [("nonsense", RETRY, vmodl.fault.InvalidArgument), ("0", RETRY, vmodl.fault.InvalidArgument),
                              (str(int(question.id) + 1), RETRY, vmodl.fault.InvalidArgument),
                              (question.id, "2", vmodl.fault.InvalidArgument), (question.id, "", vmodl.fault.InvalidArgument)]:
        with fails_with(fault) as caught:
            vm.AnswerVM(id, choice)
        assert caught.value.invalidProperty == ("answerChoice" if id == question.id else "questionId")
    assert vm.runtime.question.id == question.id

    # Still full: the same question again, and nobody answers the first any more.
    vm.AnswerVM(question.id, RETRY)
    watch.until(lambda seen: seen["runtime.question"] and seen["runtime.question"].id != question.id)
    with fails_with(vim.fault.ConcurrentAccess):
        vm.AnswerVM(question.id, RETRY)

    (machines.small / "filler").unlink()
    vm.AnswerVM(watch.seen["runtime.question"].id, RETRY)
    assert vm.runtime.question is None
    watch.until(lambda seen: seen["runtime.question"] is None and seen["overallStatus"] == "green" and
                seen["summary.overallStatus"] == "green" and "AnswerVM" in seen["disabledMethod"])
    job.wait_line("written 0")
    assert on_disk(guest) == guest.checksum
    with fails_with(vim.fault.ConcurrentAccess):
        vm.AnswerVM(question.id, RETRY)
    assert len(events(machines, vm, "VmMessageEvent")) == 2 and len(events(machines, vm, "aerostat.vm.answer")) == 2


def test_cancel(machines, asking, guests):
    vm, _, _, watch = asking
    vm.AnswerVM(watch.seen["runtime.question"].id, CANCEL)
    assert vm.runtime.powerState == "poweredOff" and vm.runtime.question is None
    watch.until(lambda seen: seen["runtime.powerState"] == "poweredOff" and seen_none(watch) and
                seen["overallStatus"] == "green")
    assert events(machines, vm, "VmPoweredOffEvent")
    guests.check_disks("thin")


def test_power_off_instead(asking):
    """pyVim says of the task that somebody has to answer, and it ends without."""
    vm, _, _, watch = asking
    question = watch.seen["runtime.question"]
    task = vm.PowerOffVM_Task()
    watch.until(lambda seen: seen["runtime.powerState"] == "poweredOff" and seen_none(watch))
    wait_until(lambda: task.info.state == "success", "the task's end")
    with fails_with(vim.fault.ConcurrentAccess):
        vm.AnswerVM(question.id, RETRY)


def test_by_json(machines, asking):
    """The same in the JSON form; and who may answer."""
    vm, guest, job, watch = asking
    host, place = machines.host, f"VirtualMachine/{vm._GetMoId()}"  # pylint: disable=protected-access

    def call(method, path, body=None):
        status, answer = host.call(method, f"/sdk/vim25/7.0.0.0/{place}/{path}", body)
        return status, answer

    def refused(id, choice):
        status, answer = call("POST", "AnswerVM", {"questionId": id, "answerChoice": choice})
        assert status >= 400, answer
        return answer["_typeName"], answer.get("invalidProperty")
    status, runtime = call("GET", "runtime")
    question = runtime["question"]
    assert status == 200 and question["_typeName"] == "VirtualMachineQuestionInfo"
    assert [message["text"] for message in question["message"]] == [question["text"]]
    assert [choice["key"] for choice in question["choice"]["choiceInfo"]] == [RETRY, CANCEL]
    assert call("GET", "overallStatus") == (200, "yellow")
    assert refused("nonsense", RETRY) == ("InvalidArgument", "questionId")
    assert refused(question["id"], "retry") == ("InvalidArgument", "answerChoice")

    host.add_account("reader", "a word of hers", "ReadOnly")
    reader = host.connect("reader", "a word of hers")
    with fails_with(vim.fault.NoPermission) as caught:
        vim.VirtualMachine(vm._GetMoId(), reader._stub).AnswerVM(question["id"], RETRY)  # pylint: disable=protected-access
    assert caught.value.privilegeId == "VirtualMachine.Interact.AnswerQuestion"

    (machines.small / "filler").unlink()
    assert call("POST", "AnswerVM", {"questionId": question["id"], "answerChoice": RETRY})[0] in (200, 204)
    assert "question" not in call("GET", "runtime")[1]
    watch.until(lambda seen: seen_none(watch) and seen["overallStatus"] == "green")
    job.wait_line("written 0")
    assert on_disk(guest) == guest.checksum
    assert refused(question["id"], RETRY)[0] == "ConcurrentAccess"


def test_answered_at_once(machines, asking):
    """Of several who answer, one does; the others are told that somebody else has."""
    vm, guest, job, watch = asking
    (machines.small / "filler").unlink()
    id, faults = watch.seen["runtime.question"].id, []

    def answer(own):
        try:
            own.AnswerVM(id, RETRY)
            faults.append(None)
        except vmodl.MethodFault as fault:
            faults.append(type(fault))
    vms = [vim.VirtualMachine(vm._GetMoId(), machines.host.connect()._stub) for _ in range(4)]  # pylint: disable=protected-access
    threads = [threading.Thread(target=answer, args=(own,)) for own in vms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert faults.count(None) == 1 and faults.count(vim.fault.ConcurrentAccess) == 3, faults
    job.wait_line("written 0")
    assert on_disk(guest) == guest.checksum
