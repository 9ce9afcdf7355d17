# SPDX-License-Identifier: LGPL-2.1-or-later
"""Options of the host, which are 'aerostat setting', and of the vCenter that there seems to be; by pyVmomi."""

import pytest
from pyVmomi import VmomiSupport, vim, vmodl

long = VmomiSupport.GetVmodlType("long")


@pytest.fixture(name="manager")
def _manager(si):
    machine = si.content.rootFolder.childEntity[0].hostFolder.childEntity[0].host[0]
    return machine.configManager.advancedOption


def value_of(manager, key):
    (option,) = manager.QueryOptions(key)
    return option.value


def change(key, value):
    return vim.option.OptionValue(key=key, value=value)


def test_listed(manager):
    defs = {one.key: one.optionType for one in manager.supportedOption}
    assert (defs["Mem.IdleTax"].min, defs["Mem.IdleTax"].max, defs["Mem.IdleTax"].defaultValue) == (0, 99, 75)
    assert defs["Mem.HostMemoryMB"].defaultValue == 0
    for option in manager.setting:
        assert defs[option.key].min <= option.value <= defs[option.key].max
    assert {option.key for option in manager.QueryOptions("Mem.")} == set(defs)
    assert {option.key for option in manager.setting} == set(defs)


def test_set(host, si, manager):
    manager.UpdateOptions([change("Mem.IdleTax", long(60)), change("mem.balanceperiod", 20)])
    assert value_of(manager, "Mem.IdleTax") == 60
    values = host.manager.settings()
    assert (values["Mem.IdleTax"], values["Mem.BalancePeriod"]) == (60, 20)
    machine = si.content.rootFolder.childEntity[0].hostFolder.childEntity[0].host[0]
    assert {option.key: option.value for option in machine.config.option}["Mem.IdleTax"] == 60


@pytest.mark.parametrize("key, value, fault", [
    ("Mem.IdleTax", long(100), vmodl.fault.InvalidArgument),
    ("Mem.IdleTax", "much", vmodl.fault.InvalidArgument),
    ("Mem.IdleTax", True, vmodl.fault.InvalidArgument),
    ("Mem.Nonsense", long(1), vim.fault.InvalidName),
])
def test_refused(manager, key, value, fault):
    before = {option.key: option.value for option in manager.QueryOptions("Mem.")}
    with pytest.raises(fault):
        manager.UpdateOptions([change("Mem.SamplePages", long(77)), change(key, value)])
    assert {option.key: option.value for option in manager.QueryOptions("Mem.")} == before


def test_unknown(manager):
    with pytest.raises(vim.fault.InvalidName):
        manager.QueryOptions("Net.")


def test_vcenter(si):
    setting = si.content.setting
    setting.UpdateOptions([change("VirtualCenter.InstanceName", "Graz")])
    assert value_of(setting, "VirtualCenter.InstanceName") == "Graz"
    with pytest.raises(vmodl.fault.NotSupported):
        setting.UpdateOptions([change("VirtualCenter.FQDN", "x")])


def test_who_may_only_look(host, manager):
    host.add_account("reader", "secret word", "ReadOnly")
    stub = host.connect("reader", "secret word")._stub
    same = vim.option.OptionManager(manager._moId, stub)
    assert value_of(same, "Mem.IdleTax") is not None
    with pytest.raises(vim.fault.NoPermission):
        same.UpdateOptions([change("Mem.IdleTax", long(1))])
