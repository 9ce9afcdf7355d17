# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is recorded of a session of pyVmomi's does the same to another host."""

import os
import subprocess
import sys

import pytest
from pyVmomi import vim

from conftest import PASSWORD, USER, Host


@pytest.fixture
def second():
    result = Host()
    try:
        result.start()
        result.add_account(USER, PASSWORD)
        yield result
        result.end()
    finally:
        result.close()


def work(si):
    """Of several kinds; some of it fails, and some only looks."""
    fields = si.content.customFieldsManager
    owner = fields.AddCustomFieldDef("Owner")
    fields.AddCustomFieldDef("Rack", vim.HostSystem)
    with pytest.raises(vim.fault.DuplicateName):
        fields.AddCustomFieldDef("Owner")
    view = si.content.viewManager.CreateContainerView(si.content.rootFolder, [vim.HostSystem], True)
    fields.SetField(view.view[0], owner.key, 'it\'s "anna" \\ $(x)')
    fields.RenameCustomFieldDef(owner.key, "Contact")
    customization = vim.vm.customization
    spec = customization.Specification(
        identity=customization.LinuxPrep(hostName=customization.VirtualMachineNameGenerator(), domain="a.example"),
        globalIPSettings=customization.GlobalIPSettings(),
        nicSettingMap=[customization.AdapterMapping(
            adapter=customization.IPSettings(ip=customization.DhcpIpGenerator()))])
    si.content.customizationSpecManager.CreateCustomizationSpec(vim.CustomizationSpecItem(
        info=vim.CustomizationSpecInfo(name="lab", description="words", type="Linux"), spec=spec))


def what_is_there(si):
    fields = si.content.customFieldsManager.field
    names = {field.key: field.name for field in fields}
    view = si.content.viewManager.CreateContainerView(si.content.rootFolder, [vim.HostSystem], True)
    return (sorted((field.name, str(field.managedObjectType)) for field in fields),
            sorted((names[value.key], value.value) for value in view.view[0].customValue),
            [(info.name, info.description, info.changeVersion) for info in si.content.customizationSpecManager.info])


def test_replay(host, si, second):
    key = si.content.sessionManager.currentSession.key
    assert host.call("GET", f"/recorder/{key}")[0] == 404
    assert host.call("POST", f"/recorder/{key}")[0] == 204
    work(si)
    scripts = {}
    for form in ("shell", "python", "powercli"):
        status, text = host.call("GET", f"/recorder/{key}?form={form}")
        assert status == 200
        scripts[form] = text.decode()
    assert host.call("GET", f"/recorder/{key}?form=cobol")[0] == 400
    assert scripts["shell"].count("aerostat attribute define --type 'any' 'Owner'") == 1
    assert "New-Object VMware.Vim.CustomizationLinuxPrep" in scripts["powercli"]
    environment = {**os.environ, "VI_SERVER": "127.0.0.1", "VI_PORT": str(second.port), "VI_USERNAME": USER,
                   "VI_PASSWORD": PASSWORD}
    done = subprocess.run([sys.executable, "-"], input=scripts["python"], env=environment, capture_output=True,
                          text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    from pyVim.connect import Disconnect
    other = second.connect()
    try:
        assert what_is_there(other) == what_is_there(si)
    finally:
        Disconnect(other)
    assert host.call("DELETE", f"/recorder/{key}")[0] == 204
    assert host.call("GET", f"/recorder/{key}")[0] == 404


def test_only_ones_own(host, si):
    key = si.content.sessionManager.currentSession.key
    connection = host.https()
    connection.request("POST", f"/recorder/{key}")
    assert connection.getresponse().status == 401
    host.add_account("olga", "a secret of hers", "ReadOnly")
    other = host.connect("olga", "a secret of hers")
    connection = host.https()
    connection.request("POST", f"/recorder/{key}", headers={"Cookie": other._stub.cookie})
    assert connection.getresponse().status == 404
    connection = host.https()
    connection.request("POST", "/recorder/own", headers={"Cookie": other._stub.cookie})
    assert connection.getresponse().status == 204


def test_pause(host, si):
    key = si.content.sessionManager.currentSession.key
    folder = si.content.rootFolder.childEntity[0].vmFolder
    assert host.call("POST", f"/recorder/{key}?paused=true")[0] == 404
    assert host.call("POST", f"/recorder/{key}")[0] == 204
    made = [folder.CreateFolder("recorded")]
    assert host.call("POST", f"/recorder/{key}?paused=maybe")[0] == 400
    assert host.call("POST", f"/recorder/{key}?paused=true")[0] == 204
    made.append(folder.CreateFolder("unseen"))
    assert host.call("POST", f"/recorder/{key}?paused=false")[0] == 204
    made.append(folder.CreateFolder("seen-again"))
    script = host.call("GET", f"/recorder/{key}")[1].decode()
    assert "recorded" in script and "seen-again" in script and "unseen" not in script
    assert host.call("DELETE", f"/recorder/{key}")[0] == 204
    for each in made:
        each.Destroy_Task()
