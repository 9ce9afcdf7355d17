# SPDX-License-Identifier: LGPL-2.1-or-later
"""Custom fields, as pyVmomi sets them."""

import pytest
from pyVmomi import vim, vmodl

from conftest import wait_until


@pytest.fixture
def vm(host, si):
    """In the inventory, so that it can have values."""
    host.adopt("test")
    view = si.content.viewManager.CreateContainerView(si.content.rootFolder, [vim.VirtualMachine], True)
    try:
        return wait_until(lambda: list(view.view), "the VM")[0]
    finally:
        view.DestroyView()


@pytest.fixture
def esx(si):
    view = si.content.viewManager.CreateContainerView(si.content.rootFolder, [vim.HostSystem], True)
    try:
        return view.view[0]
    finally:
        view.DestroyView()


@pytest.fixture
def fields(si):
    manager = si.content.customFieldsManager
    yield manager
    for field in manager.field:
        manager.RemoveCustomFieldDef(field.key)


def values_of(entity):
    names = {field.key: field.name for field in entity.availableField}
    return {names[value.key]: value.value for value in entity.customValue}


def test_fields(fields, esx):
    owner = fields.AddCustomFieldDef("Owner")
    assert owner.name == "Owner" and owner.type is str and owner.managedObjectType is None
    rack = fields.AddCustomFieldDef("Rack", vim.HostSystem)
    assert rack.managedObjectType is vim.HostSystem
    assert {field.name for field in fields.field} == {"Owner", "Rack"}
    assert {field.name for field in esx.availableField} == {"Owner", "Rack"}
    with pytest.raises(vim.fault.DuplicateName):
        fields.AddCustomFieldDef("Owner")
    fields.RenameCustomFieldDef(owner.key, "Contact")
    assert {field.key: field.name for field in fields.field}[owner.key] == "Contact"
    with pytest.raises(vim.fault.DuplicateName):
        fields.RenameCustomFieldDef(owner.key, "Rack")
    with pytest.raises(vmodl.fault.InvalidArgument):
        fields.AddCustomFieldDef("Speed", vim.Datastore)
    with pytest.raises(vmodl.fault.InvalidArgument):
        fields.RemoveCustomFieldDef(999999)


def test_values_of_the_host(fields, esx):
    owner = fields.AddCustomFieldDef("Owner")
    fields.SetField(esx, owner.key, "anna <&>")
    assert values_of(esx) == {"Owner": "anna <&>"}
    assert [value.value for value in esx.value] == ["anna <&>"]
    esx.setCustomValue("Owner", "bert")
    assert values_of(esx) == {"Owner": "bert"}
    fields.SetField(esx, owner.key, "")
    assert values_of(esx) == {}


def test_values_of_a_vm(fields, vm):
    owner = fields.AddCustomFieldDef("Owner", vim.VirtualMachine)
    assert "Owner" in {field.name for field in vm.availableField}
    fields.SetField(vm, owner.key, "anna")
    assert values_of(vm) == {"Owner": "anna"}
    rack = fields.AddCustomFieldDef("Rack", vim.HostSystem)
    with pytest.raises(vmodl.fault.InvalidArgument):
        fields.SetField(vm, rack.key, "7")
    fields.RemoveCustomFieldDef(owner.key)
    assert values_of(vm) == {}


def test_values_are_told(fields, esx, si):
    """A client that waits for updates sees a value as soon as it is set."""
    owner = fields.AddCustomFieldDef("Owner")
    properties = si.content.propertyCollector
    spec = vmodl.query.PropertyCollector.FilterSpec(
        objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=esx)],
        propSet=[vmodl.query.PropertyCollector.PropertySpec(type=vim.HostSystem, pathSet=["customValue"])])
    watched = properties.CreateFilter(spec, False)
    try:
        version = properties.WaitForUpdatesEx("").version
        fields.SetField(esx, owner.key, "carl")
        update = properties.WaitForUpdatesEx(version, vmodl.query.PropertyCollector.WaitOptions(maxWaitSeconds=30))
        assert [value.value for value in update.filterSet[0].objectSet[0].changeSet[0].val] == ["carl"]
    finally:
        watched.DestroyPropertyFilter()
