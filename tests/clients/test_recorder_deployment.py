# SPDX-License-Identifier: LGPL-2.1-or-later
"""A deployment of linked clones, and what else VMs go through, recorded on one host and done again on others by
the scripts of it; what is there then is the same."""

import importlib.util
import itertools
import json
import os
import re
import ssl
import subprocess
import sys
import urllib.request

import pytest
from pyVim.connect import Disconnect
from pyVmomi import vim

from conftest import AEROSTAT, PASSWORD, ROOT, USER, new_guest_host, wait_until
from vms import STORE, Machines, WaitForTask, change_device, devices, disk_to_add, disks, reconfigure

PARENT = "Tmpl Capture 1.0"
SECRET = "Kxq7-never-to-be-seen"
EXPECTED = ROOT / "tests/clients/recorded/deployment.ps1"
HASH = "$6$aaaaaaaa$Kxq7nevertobeseen"
FORMS = ("shell", "python", "powercli")

SPECIFICATION = f"""{{"host_name": "{{name}}", "domain": "lab",
 "users": [{{"name": "ops", "password_hash": "{HASH}", "sudo": true}}]}}"""


def customization(name=None):
    kinds = vim.vm.customization
    return kinds.Specification(
        globalIPSettings=kinds.GlobalIPSettings(), options=kinds.LinuxOptions(),
        identity=kinds.LinuxPrep(domain="lab", hostName=kinds.FixedName(name=name) if name
                                 else kinds.VirtualMachineNameGenerator()))


def prepare(machines):
    """What both hosts have before."""
    parent = machines.create(PARENT, disks=(64,), folder=machines.folder.CreateFolder("lab"))
    fields = machines.content.customFieldsManager
    for name, value in {"Customization": "capture", "Owner": "it's \"anna\"", "Purpose": ""}.items():
        key = fields.AddCustomFieldDef(name, vim.VirtualMachine).key
        if value:
            fields.SetField(parent, key, value)
    machines.do("CreateCustomizationSpec", name="capture", text=SPECIFICATION)
    WaitForTask(parent.CreateSnapshot_Task("base", "", False, False))


def deploy(machines):
    """By the script as users have it."""
    spec = importlib.util.spec_from_file_location("deploy_clones", ROOT / "docs/examples/deploy-clones.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.deploy(machines.content, PARENT, 3)


def work_on_vms(machines):
    vm = machines.create("web1", disks=(16, 32), memoryMB=96, annotation="", extraConfig=[
        vim.option.OptionValue(key="guestinfo.password", value=SECRET)])
    parent = machines.find(PARENT)
    clone = vim.vm.CloneSpec(
        location=vim.vm.RelocateSpec(diskMoveType="createNewChildDiskBacking"), powerOn=False, template=False,
        snapshot=parent.snapshot.currentSnapshot, customization=customization("inline-name"))
    WaitForTask(parent.CloneVM_Task(folder=parent.parent, name="-inline", spec=clone))
    WaitForTask(parent.CloneVM_Task(folder=machines.folder, name="whole", spec=vim.vm.CloneSpec(
        location=vim.vm.RelocateSpec(), powerOn=False, template=True)))
    reconfigure(vm, memoryMB=128, memoryAllocation=vim.ResourceAllocationInfo(
        reservation=32, limit=100, shares=vim.SharesInfo(level="high", shares=0)),
        powerOpInfo=vim.vm.DefaultPowerOpInfo(standbyAction="powerOnSuspend"))
    reconfigure(vm, deviceChange=[disk_to_add(24, unit=2)])
    last = disks(vm)[2]
    last.backing.diskMode = "independent_persistent"
    reconfigure(vm, deviceChange=[change_device(last)])
    first = disks(vm)[0]
    first.capacityInKB, first.capacityInBytes = 20 << 10, 20 << 20
    reconfigure(vm, deviceChange=[change_device(first),
                                  change_device(disks(vm)[1], "remove", fileOperation="destroy")])
    WaitForTask(vm.CreateSnapshot_Task("one", "the first", False, False))
    WaitForTask(vm.CreateSnapshot_Task("two", "", False, False))
    vm.snapshot.currentSnapshot.RenameSnapshot("three", "renamed")
    WaitForTask(vm.snapshot.rootSnapshotList[0].snapshot.RevertToSnapshot_Task())
    WaitForTask(vm.Rename_Task("web 2"))
    WaitForTask(vm.PowerOnVM_Task())
    WaitForTask(vm.SuspendVM_Task())


def operate(machines, operation, **args):
    """By the operation's name, as the web client does it."""
    stub = machines.si._stub
    is_task = next(each["task"] for each in machines.host.manager.query("QueryOperations") if each["name"] == operation)
    method = "RunOperation_Task" if is_task else "RunOperation"
    request = urllib.request.Request(
        f"https://{stub.host}/sdk/vim25/8.0.1.0/AerostatManager/AerostatManager/{method}",
        json.dumps({"operation": operation, "arguments": json.dumps(args)}).encode(),
        {"Content-Type": "application/json", "Cookie": stub.cookie})
    with urllib.request.urlopen(request, context=ssl._create_unverified_context()) as answer:
        task = vim.Task(json.load(answer)["value"], stub) if is_task else None
    # WaitForTask() takes only tasks of vim25's methods.
    assert task is None or wait_until(lambda: task.info if task.info.completeTime else None, operation).state == "success"


def work_by_operations(machines):
    """Most with a method of vim25 that does the same, and those without: disks, drives, what is preset."""
    uuid = machines.create("by-name", disks=(16,)).config.uuid
    operate(machines, "CreateFolder", path="/named")
    operate(machines, "MoveIntoFolder", vms=[uuid], folder="/named")
    operate(machines, "RenameVM", vm=uuid, name="by name")
    operate(machines, "ReconfigVM", vm=uuid, memory_mb=80, cpus=2, standbyAction="powerOnSuspend")
    operate(machines, "ConfigureVM", vm=uuid, settings={"sched.mem.shares": "300", "sched.mem.min": "16", "pool": "/gold"})
    operate(machines, "AddDisk", vm=uuid, size_mb=8, provisioning="thick")
    operate(machines, "AddDisk", vm=uuid, size_mb=8, bus="sata")
    operate(machines, "ExtendDisk", vm=uuid, target="vda", size_mb=24)
    operate(machines, "AddDrive", vm=uuid, file="")
    operate(machines, "CreateSnapshot", vm=uuid, name="s1", description="words", memory=False, quiesce=False)
    operate(machines, "CreateSnapshot", vm=uuid, name="s2")
    operate(machines, "RenameSnapshot", vm=uuid, snapshot="s2", name="s3")
    operate(machines, "CloneVM", vm=uuid, names=["of it", "of it too"], customization="", folder="/named")
    operate(machines, "CloneVM", vm=uuid, names=["of-s1"], linked=False, snapshot="s1", customization="")
    operate(machines, "RevertToSnapshot", vm=uuid, snapshot="s1")
    operate(machines, "PowerOnVM", vm=uuid)
    operate(machines, "SuspendVM", vm=uuid, type="preset")
    operate(machines, "PowerOffVM", vm=uuid, type="hard")
    operate(machines, "SetField", vms=[uuid], name="Purpose", value="named")
    operate(machines, "AddCustomFieldDef", name="Rack", type="any")
    operate(machines, "RenameCustomFieldDef", name="Rack", to="Row")
    operate(machines, "CreateVM", name="plain", datastore=STORE, memory_mb=64, disks=[{"size_mb": 16}], cards=[], pager=False)
    operate(machines, "MarkAsTemplate", vm=machines.find("plain").config.uuid)
    operate(machines, "MarkAsVirtualMachine", vm=machines.find("plain").config.uuid)
    operate(machines, "CreateFolder", path="/named/one")
    operate(machines, "MoveFolder", path="/named/one", to="/named/two")
    operate(machines, "MoveFolder", path="/named/two", to="/two")
    operate(machines, "RenameCustomizationSpec", name="more", to="less")
    operate(machines, "CloneVM", vm="by name", names=["never"], customization="", what_if=True)
    vm = machines.find("by name")
    reconfigure(vm, annotation="of it", guestId="debian11_64Guest", cpuAllocation=vim.ResourceAllocationInfo(
        reservation=0, limit=900, shares=vim.SharesInfo(level="high", shares=0)), extraConfig=[
            vim.option.OptionValue(key="guestinfo.role", value="it's $(web)"), vim.option.OptionValue(key="lab.row", value="7")])
    reconfigure(vm, deviceChange=[vim.vm.device.VirtualDeviceSpec(operation="add", device=vim.vm.device.VirtualCdrom(
        key=-1, backing=vim.vm.device.VirtualCdrom.RemotePassthroughBackingInfo(deviceName="", exclusive=False)))])
    machines.pool.resourcePool[0].UpdateConfig("silver", None)


def work_on_the_rest(machines):
    content = machines.content
    old = machines.folder.CreateFolder("old")
    WaitForTask(old.CreateFolder("older").Rename_Task("oldest"))
    WaitForTask(old.MoveIntoFolder_Task([machines.find("web 2")]))
    gone = machines.folder.CreateFolder("gone").CreateFolder("deep")
    machines.create("short-lived", folder=gone)
    WaitForTask(gone.parent.Destroy_Task())
    plain = vim.ResourceAllocationInfo(reservation=0, limit=-1, expandableReservation=True,
                                       shares=vim.SharesInfo(level="normal", shares=0))
    gold = machines.pool.CreateResourcePool("gold", vim.ResourceConfigSpec(cpuAllocation=plain, memoryAllocation=plain))
    plain.limit = 4096
    gold.UpdateConfig(None, vim.ResourceConfigSpec(cpuAllocation=vim.ResourceAllocationInfo(), memoryAllocation=plain))
    gold.MoveIntoResourcePool([machines.find("web 2")])
    options = machines.compute.host[0].configManager.advancedOption
    options.UpdateOptions([vim.option.OptionValue(key="Mem.IdleTax", value=50)])
    content.customizationSpecManager.CreateCustomizationSpec(vim.CustomizationSpecItem(
        info=vim.CustomizationSpecInfo(name="more", description="words", type="Linux"), spec=customization()))
    content.customizationSpecManager.DuplicateCustomizationSpec("capture", "copied")
    content.customizationSpecManager.DeleteCustomizationSpec("copied")
    rights = content.authorizationManager
    accounts = content.accountManager or vim.host.LocalAccountManager("HostLocalAccountManager", machines.si._stub)
    accounts.CreateUser(vim.host.LocalAccountManager.AccountSpecification(id="olga", password=SECRET))
    rights.SetEntityPermissions(content.rootFolder, [vim.AuthorizationManager.Permission(
        principal="olga", group=False, roleId=-2, propagate=True)])
    # What fails is not done again: neither a call, nor a task.
    with pytest.raises(vim.fault.DuplicateName):
        machines.folder.CreateFolder("old")
    with pytest.raises(vim.fault.InvalidPowerState):
        WaitForTask(machines.find("Capture01").PowerOnVM_Task())


def path_of(entity):
    names = []
    while entity is not None and entity.parent is not None:
        names.insert(0, entity.name)
        entity = entity.parent
    return "/".join(names)


def disk_facts(disk):
    backing = disk.backing
    return (disk.deviceInfo.label, disk.capacityInKB, disk.controllerKey, disk.unitNumber, backing.diskMode,
            backing.thinProvisioned, backing.fileName, backing.parent.fileName if backing.parent else None)


def snapshots_of(trees):
    return [(tree.name, tree.description, tree.state, snapshots_of(tree.childSnapshotList)) for tree in trees]


def current_snapshot(trees, current):
    return next((tree.name for tree in trees if tree.snapshot == current), None) or next(
        filter(None, (current_snapshot(tree.childSnapshotList, current) for tree in trees)), None)


def allocation_of(allocation):
    return allocation.reservation, allocation.limit, allocation.shares.level


def facts_of(vm, names):
    config = vm.config
    return {
        "path": path_of(vm), "pool": path_of(vm.resourcePool) if vm.resourcePool else None, "template": config.template,
        "power": vm.runtime.powerState, "hardware": (config.hardware.memoryMB, config.hardware.numCPU),
        "devices": sorted((device.key, type(device).__name__) for device in config.hardware.device),
        "disks": [disk_facts(disk) for disk in disks(vm)],
        "drives": [getattr(drive.backing, "fileName", None) for drive in devices(vm, vim.vm.device.VirtualCdrom)],
        "attributes": sorted((names[value.key], value.value) for value in vm.customValue),
        "notes": config.annotation, "options": sorted((option.key, option.value) for option in config.extraConfig
                                                      if option.key.startswith(("guestinfo.", "lab."))),
        "processors": allocation_of(config.cpuAllocation), "guest": config.guestId,
        "memory": allocation_of(config.memoryAllocation), "standby": config.defaultPowerOps.standbyAction,
        "snapshots": snapshots_of(vm.snapshot.rootSnapshotList) if vm.snapshot else [],
        "current": current_snapshot(vm.snapshot.rootSnapshotList, vm.snapshot.currentSnapshot) if vm.snapshot else None}


def all_of(content, kind):
    view = content.viewManager.CreateContainerView(content.rootFolder, [kind], True)
    try:
        return list(view.view)
    finally:
        view.Destroy()


def inventory(machines):
    content = machines.content
    names = {field.key: field.name for field in content.customFieldsManager.field}
    options = machines.compute.host[0].configManager.advancedOption
    return {
        "vms": {vm.name: facts_of(vm, names) for vm in all_of(content, vim.VirtualMachine)},
        "folders": sorted(path_of(folder) for folder in all_of(content, vim.Folder)),
        "pools": {path_of(pool): allocation_of(pool.config.memoryAllocation)
                  for pool in all_of(content, vim.ResourcePool) if pool.parent._moId != machines.compute._moId},
        "fields": sorted((field.name, str(field.managedObjectType)) for field in content.customFieldsManager.field),
        "specifications": sorted((info.name, info.description, info.changeVersion)
                                 for info in content.customizationSpecManager.info),
        # Which of them each VM has its number of, and what it was told.
        "customized": machines.do("ListCustomizationSpecs"),
        "seeds": {path.name: host_name_in(path) for path in machines.store.glob("*/*-seed.iso")},
        "setting": options.QueryOptions("Mem.IdleTax")[0].value,
        "permissions": sorted((permission.principal, permission.roleId)
                              for permission in content.authorizationManager.RetrieveAllPermissions())}


def host_name_in(image):
    """Of cloud-init's seed, and who its users are."""
    text = image.read_bytes()
    return [line for line in text.splitlines() if line.startswith((b"local-hostname:", b"hostname:", b"  - name:"))]


@pytest.fixture(scope="module", name="recorded")
def _recorded(guest_host):
    """The scripts of the session by their forms, and the inventory after it."""
    machines = Machines(guest_host)
    prepare(machines)
    key = machines.content.sessionManager.currentSession.key
    assert guest_host.call("POST", f"/recorder/{key}")[0] == 204
    deploy(machines)
    work_on_vms(machines)
    work_on_the_rest(machines)
    work_by_operations(machines)
    scripts = {form: guest_host.call("GET", f"/recorder/{key}?form={form}")[1].decode() for form in FORMS}
    scripts["host"] = machines.compute.name
    return scripts, inventory(machines)


def run_shell(host, script):
    environment = {**os.environ, "AEROSTAT_DAEMON": host.local,
                   "PATH": f"{os.path.dirname(AEROSTAT)}:{os.environ['PATH']}"}
    return subprocess.run(["sh", "-c", script], input=2 * f"{SECRET}\n", env=environment, capture_output=True, text=True,
                          check=False, timeout=300)


def run_python(host, script):
    # As at a terminal, where the passwords are asked for.
    answers = f"import getpass\ngetpass.getpass = lambda prompt: {SECRET!r}\n"
    environment = {**os.environ, "VI_SERVER": "127.0.0.1", "VI_PORT": str(host.port), "VI_USERNAME": USER,
                   "VI_PASSWORD": PASSWORD}
    return subprocess.run([sys.executable, "-"], input=answers + script, env=environment, capture_output=True,
                          text=True, check=False, timeout=300)


@pytest.mark.parametrize("form, run", [("shell", run_shell), ("python", run_python)])
def test_replay(recorded, form, run):
    scripts, wanted = recorded
    with new_guest_host() as host:
        machines = Machines(host)
        prepare(machines)
        before = inventory(machines)
        done = run(host, scripts[form])
        assert done.returncode == 0, done.stdout + done.stderr
        found = inventory(machines)
        Disconnect(machines.si)
    assert before != wanted
    assert set(found["vms"]) == set(wanted["vms"])
    for name, facts in wanted["vms"].items():
        assert found["vms"][name] == facts, name
    assert found == wanted


@pytest.mark.parametrize("form", FORMS)
def test_no_secrets(recorded, form):
    script = recorded[0][form]
    assert SECRET not in script and HASH not in script
    assert "olga" in script


def test_everything_with_a_command_is_a_line(recorded):
    comments = [line for line in recorded[0]["shell"].splitlines()[2:] if line.startswith("#")]
    assert comments == []


def test_shell_is_checked(recorded):
    assert subprocess.run(["sh", "-n"], input=recorded[0]["shell"], text=True, check=False).returncode == 0


def statements(script):
    """Of PowerShell: each begins a line, and its others are set in or begin with a parenthesis."""
    return re.split(r"\n(?![ )])", script.rstrip("\n"))


def as_expected(scripts):
    """Without what is another each time: ids, this machine's name, which clone was ready first."""
    script = scripts["powercli"].replace(f"/host/{scripts['host']}/", "/host/HOST/")
    script = re.sub(r"uuid = '[-0-9a-f]{36}'", "uuid = 'UUID'", script)
    script = re.sub(r"diskObjectId = 'vm-\d+-", "diskObjectId = 'vm-1-", script)
    groups = itertools.groupby(statements(script), lambda text: text.startswith("Set-Annotation"))
    ordered = [sorted(group) if sort else list(group) for sort, group in groups]
    return "\n".join(itertools.chain.from_iterable(ordered)) + "\n"


def test_powercli_is_as_expected(recorded):
    """UPDATE_RECORDED=1 writes the file anew."""
    script = as_expected(recorded[0])
    if os.environ.get("UPDATE_RECORDED"):
        EXPECTED.write_text(script, encoding="utf-8")
    assert script == EXPECTED.read_text(encoding="utf-8")


def unbalanced(script):
    """What PowerShell would say of quotes and brackets: the first that has no other, or None. No PowerShell is here."""
    open_ones, pairs = [], {")": "(", "}": "{"}
    # Comments, and texts, in which only a quote means something.
    for match in re.finditer(r"#[^\n]*|'(?:[^']|'')*'|[(){}']", script):
        text = match.group()
        if text in "({":
            open_ones.append(text)
        elif text in ")}":
            if not open_ones or open_ones.pop() != pairs[text]:
                return match.start()
        elif text == "'":
            return match.start()
    return len(script) if open_ones else None


def test_powercli_is_checked(recorded):
    script = recorded[0]["powercli"]
    assert unbalanced("(it's)") is not None and unbalanced("@{ 'a)' }") is None
    assert unbalanced(script) is None
    # A line goes on with a backtick at its very end, and then with a parameter.
    lines = script.splitlines()
    for line, following in zip(lines, lines[1:]):
        assert line.endswith(" `") == following.startswith("    -"), line
    known = {"New-VM", "Set-VM", "Start-VM", "Suspend-VM", "New-Snapshot", "Set-Snapshot", "New-Folder", "Set-Folder",
             "Remove-Folder", "Set-Annotation", "Get-AdvancedSetting", "Stop-VM", "New-CustomAttribute",
             "Set-CustomAttribute", "Get-VMResourceConfiguration"}
    begun = {re.match(r"(?:\$\w+ = )?([A-Z]\w+-\w+)", text).group(1) for text in statements(script)
             if re.match(r"(?:\$\w+ = )?[A-Z]\w+-", text)}
    assert known <= begun
    assert begun - known == {"Do-Call"}
