# SPDX-License-Identifier: LGPL-2.1-or-later
"""Linked clones by the dozen, deployed by the example script as it is given to users."""

import os
import subprocess
import sys

import pytest
from pyVmomi import vim

from conftest import PASSWORD, ROOT, USER
from vms import Machines, WaitForTask, change_device, disk_to_add, disks, reconfigure

SCRIPT = ROOT / "docs/examples/deploy-clones.py"
PARENT = "Tmpl Capture 1.0"
COUNT = 25


@pytest.fixture(scope="module")
def machines(guest_host):
    return Machines(guest_host)


@pytest.fixture(scope="module")
def parent(machines):
    parent = machines.create(PARENT, disks=(64,))
    fields, manager = machines.content.customFieldsManager, machines.content.customizationSpecManager
    for name, value in {"Customization": "capture", "Owner": "lab", "Purpose": ""}.items():
        key = fields.AddCustomFieldDef(name, vim.VirtualMachine).key
        if value:
            fields.SetField(parent, key, value)
    manager.CreateCustomizationSpec(vim.CustomizationSpecItem(
        info=vim.CustomizationSpecInfo(name="capture", type="Linux", description=""),
        spec=vim.vm.customization.Specification(
            globalIPSettings=vim.vm.customization.GlobalIPSettings(),
            identity=vim.vm.customization.LinuxPrep(domain="lab", hostName=vim.vm.customization.VirtualMachineNameGenerator()))))
    return parent


def deploy(machines, *words):
    certificate = machines.host.certificate()
    return subprocess.run(
        [sys.executable if "/usr/bin" in sys.executable else "/usr/bin/python3", SCRIPT, "--host", "127.0.0.1", "--port",
         str(machines.host.port), "--user", USER, "--thumbprint", certificate, *words],
        env={**os.environ, "AEROSTAT_PASSWORD": PASSWORD, "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True,
        check=False, timeout=600)


def names(machines):
    view = machines.content.viewManager.CreateContainerView(machines.content.rootFolder, [vim.VirtualMachine], True)
    try:
        return sorted(vm.name for vm in view.view)
    finally:
        view.Destroy()


def assert_refused(machines, why, *words):
    before = names(machines)
    done = deploy(machines, *words)
    assert done.returncode == 1 and f"nothing was made: {why}" in done.stderr, done
    assert names(machines) == before


def test_refused_without_snapshot(machines, parent):
    assert_refused(machines, f'"{parent.name}" has no snapshot', PARENT)
    assert_refused(machines, 'there is no VM "Tmpl None 1.0"', "Tmpl None 1.0")


def test_refused_with_a_nonpersistent_disk(machines, parent):
    reconfigure(parent, deviceChange=[disk_to_add(16, unit=1, mode="independent_nonpersistent")])
    # A snapshot is there, so that the disk is the one thing in the way.
    WaitForTask(parent.CreateSnapshot_Task("base", "", False, False))
    disk = disks(parent)[1]
    assert_refused(machines, f'{disk.deviceInfo.label} of "{PARENT}" is non-persistent', PARENT)
    WaitForTask(parent.RemoveAllSnapshots_Task())
    reconfigure(parent, deviceChange=[change_device(disks(parent)[1], "remove", fileOperation="destroy")])


def test_refused_without_specification(machines, parent):
    WaitForTask(parent.CreateSnapshot_Task("base", "", False, False))
    manager = machines.content.customizationSpecManager
    manager.RenameCustomizationSpec("capture", "other")
    assert_refused(machines, 'there is no customization specification "capture"', PARENT)
    manager.RenameCustomizationSpec("other", "capture")


def test_deploys(machines, parent):
    done = deploy(machines, PARENT, str(COUNT))
    assert done.returncode == 0, done
    assert done.stdout.splitlines()[-1].startswith(f'{COUNT} of {COUNT} clones of "{PARENT}" in ')
    wanted = [f"Capture{number:02}" for number in range(1, COUNT + 1)]
    assert names(machines) == [*wanted, PARENT]
    keys = {field.key: field.name for field in machines.content.customFieldsManager.field}
    base = disks(parent)[0].backing.parent.fileName
    for name in wanted:
        vm = machines.find(name)
        assert vm.runtime.powerState == "poweredOn"
        assert {keys[value.key]: value.value for value in vm.customValue} == {"Owner": "lab", "Template": PARENT}
        assert disks(vm)[0].backing.parent.fileName == base
    # The names go on from there.
    assert deploy(machines, PARENT, "1").returncode == 0
    assert machines.find(f"Capture{COUNT + 1}") is not None
    for name in [*wanted, f"Capture{COUNT + 1}"]:
        vm = machines.find(name)
        WaitForTask(vm.PowerOffVM_Task())
        WaitForTask(vm.Destroy_Task())
    assert names(machines) == [PARENT]
