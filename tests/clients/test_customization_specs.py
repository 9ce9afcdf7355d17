# SPDX-License-Identifier: LGPL-2.1-or-later
"""Customization specifications, as pyVmomi and Ansible's modules write them."""

import pytest
from pyVmomi import vim, vmodl

Customization = vim.vm.customization


def linux_spec(**more):
    """With a fixed address and a card by DHCP, as community.vmware's vmware_guest makes it."""
    fixed = Customization.IPSettings(ip=Customization.FixedIp(ipAddress="10.0.0.10"), subnetMask="255.255.255.0",
                                     gateway=["10.0.0.1"], dnsDomain="lab.example.com")
    by_dhcp = Customization.IPSettings(ip=Customization.DhcpIpGenerator())
    identity = Customization.LinuxPrep(hostName=Customization.VirtualMachineNameGenerator(),
                                       domain="lab.example.com", timeZone="Europe/Berlin", hwClockUTC=True)
    return Customization.Specification(
        identity=more.get("identity", identity),
        globalIPSettings=Customization.GlobalIPSettings(dnsServerList=["10.0.0.2", "10.0.0.3"],
                                                        dnsSuffixList=["lab.example.com"]),
        nicSettingMap=[Customization.AdapterMapping(adapter=fixed), Customization.AdapterMapping(adapter=by_dhcp)])


def item(name, spec, kind="Linux", description="for tests"):
    return vim.CustomizationSpecItem(
        info=vim.CustomizationSpecInfo(name=name, description=description, type=kind), spec=spec)


@pytest.fixture
def specs(si):
    manager = si.content.customizationSpecManager
    yield manager
    for info in manager.info:
        manager.DeleteCustomizationSpec(info.name)


def test_there_and_back(specs):
    specs.CreateCustomizationSpec(item("lab", linux_spec()))
    assert [(info.name, info.type, info.description) for info in specs.info] == [("lab", "Linux", "for tests")]
    assert specs.DoesCustomizationSpecExist("lab") and not specs.DoesCustomizationSpecExist("other")
    spec = specs.GetCustomizationSpec("lab").spec
    assert isinstance(spec.identity, Customization.LinuxPrep)
    assert isinstance(spec.identity.hostName, Customization.VirtualMachineNameGenerator)
    assert (spec.identity.domain, spec.identity.timeZone) == ("lab.example.com", "Europe/Berlin")
    fixed, by_dhcp = (mapping.adapter for mapping in spec.nicSettingMap)
    assert fixed.ip.ipAddress == "10.0.0.10" and fixed.subnetMask == "255.255.255.0"
    assert fixed.gateway == ["10.0.0.1"]
    assert isinstance(by_dhcp.ip, Customization.DhcpIpGenerator)
    assert spec.globalIPSettings.dnsServerList == ["10.0.0.2", "10.0.0.3"]
    assert not specs.encryptionKey


def test_life(specs):
    specs.CreateCustomizationSpec(item("a", linux_spec()))
    with pytest.raises(vim.fault.AlreadyExists):
        specs.CreateCustomizationSpec(item("a", linux_spec()))
    specs.DuplicateCustomizationSpec("a", "b")
    specs.RenameCustomizationSpec("b", "c")
    assert [info.name for info in specs.info] == ["a", "c"]
    read = specs.GetCustomizationSpec("a")
    read.info.description = "another"
    read.spec.identity.hostName = Customization.FixedName(name="web")
    specs.OverwriteCustomizationSpec(read)
    assert specs.GetCustomizationSpec("a").spec.identity.hostName.name == "web"
    with pytest.raises(vim.fault.ConcurrentAccess):
        specs.OverwriteCustomizationSpec(read)
    specs.DeleteCustomizationSpec("a")
    for method in (specs.DeleteCustomizationSpec, specs.GetCustomizationSpec):
        with pytest.raises(vim.fault.NotFound):
            method("a")


def test_refused_with_a_reason(specs):
    sysprep = Customization.Sysprep(
        guiUnattended=Customization.GuiUnattended(timeZone=110, autoLogon=False, autoLogonCount=0),
        userData=Customization.UserData(fullName="a", orgName="b", productId="",
                                        computerName=Customization.VirtualMachineNameGenerator()),
        identification=Customization.Identification(joinWorkgroup="w"))
    with pytest.raises(vmodl.fault.InvalidArgument) as refused:
        specs.CreateCustomizationSpec(item("w", linux_spec(identity=sysprep)))
    assert refused.value.invalidProperty == "item.spec.identity"
    assert "Sysprep" in refused.value.msg
    with pytest.raises(vmodl.fault.InvalidArgument):
        specs.CreateCustomizationSpec(item("w", linux_spec(), kind="Windows"))
    assert specs.info == []


def test_as_xml(specs):
    xml = specs.CustomizationSpecItemToXml(item("a", linux_spec()))
    specs.CreateCustomizationSpec(specs.XmlToCustomizationSpecItem(xml))
    assert specs.GetCustomizationSpec("a").info.description == "for tests"
    with pytest.raises(vim.fault.CustomizationFault):
        specs.XmlToCustomizationSpecItem("<ConfigRoot/>")
