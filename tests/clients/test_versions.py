# SPDX-License-Identifier: LGPL-2.1-or-later
"""Clients that were written for 4.0, 5.5, 6.5, 6.7 and 7.0: each is told what its version knows, and nothing newer.
What a version knows is pyVmomi's word, of every element of what is there; of versions of values and of 7.0 it has none,
so these are here, as VMware's reference has them."""

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
import requests
import urllib3
from pyVmomi import SoapStubAdapter, VmomiSupport, vim, vmodl
from vim_tool import TOOL
from zeep import Client, Settings
from zeep.transports import Transport

from conftest import PASSWORD, USER, insecure
from vms import Machines, WaitForTask, change_device, reconfigure

VERSIONS = {"4.0": "version5", "5.5": "version9", "6.5": "version11", "6.7": "version12", "6.7.1": "version13"}
# Some that came later than their enumerations; the last of each is one of the first.
VALUES = {
    "VirtualMachineGuestOsIdentifier": {
        "winNetDatacenterGuest": "2.5", "rhel6_64Guest": "4.0", "centos64Guest": "4.1", "debian6_64Guest": "5.0",
        "opensuse64Guest": "5.1", "sles12_64Guest": "5.5", "coreos64Guest": "6.0", "debian10_64Guest": "6.5",
        "rhel8_64Guest": "6.7", "amazonlinux2_64Guest": "6.7.1", "debian11_64Guest": "7.0", "crxPod1Guest": "7.0",
        "winXPProGuest": "2.0"},
    "VirtualMachineToolsVersionStatus": {"guestToolsTooNew": "5.0", "guestToolsUnmanaged": "4.0"},
    "VirtualMachineTicketType": {"webmks": "6.0", "guestIntegrity": "6.7", "webRemoteDevice": "7.0", "mks": "4.1"},
    "HostVirtualNicManagerNicType": {"vsan": "5.5", "vsanWitness": "6.5", "ptp": "7.0", "vmotion": "4.0"},
    "RecommendationReasonCode": {"hostInDegradation": "6.5", "vmAntiAffinityPolicy": "6.8.7", "fairnessCpuAvg": "2.5"},
    "PerformanceManagerUnit": {"watt": "4.1", "teraBytes": "6.0", "celsius": "6.5", "percent": "2.0"},
}
# What came between 6.7.1 and 7.0 and has something in it here: object, path, version.
LATER = [
    ("VirtualMachine", "summary.config.hwVersion", "6.9.1"), ("VirtualMachine", "guest.hwVersion", "6.9.1"),
    ("VirtualMachine", "summary.quickStats.grantedMemory", "7.0.0.0"),
    ("ComputeResource", "lifecycleManaged", "6.9.1"), ("ResourcePool", "runtime.sharesScalable", "7.0.0.0"),
    ("ResourcePool", "config.scaleDescendantsShares", "7.0.0.0"),
    ("Datastore", "capability.clusteredVmdkSupported", "7.0.0.0"),
    ("ServiceInstance", "capability.scalableSharesSupported", "7.0.0.0")]
# And what has not, yet is no unknown name.
UNSET = [("VirtualMachine", "config.sgxInfo", "7.0.0.0"), ("HostSystem", "config.assignableHardwareConfig", "7.0.0.0"),
         ("HostSystem", "hardware.sgxInfo", "7.0.0.0"), ("Folder", "namespace", "7.0.0.0"),
         ("ServiceInstance", "content.storageQueryManager", "6.7.2")]
# Each with what it follows in the order of the wire.
ELEMENTS = {
    ("VirtualMachineConfigInfo", "vcpuConfig"): "hardware", ("VirtualMachineConfigInfo", "sgxInfo"): "migrateEncryption",
    ("VirtualMachineConfigSpec", "vcpuConfig"): "numCPUs", ("VirtualMachineQuickStats", "grantedMemory"): None,
    ("ConfigTarget", "maxCpusPerHost"): "numNumaNodes", ("ConfigTarget", "supportedMaxMemMB"): "maxMemMBOptimalPerf",
    ("CustomizationLinuxPrep", "scriptText"): "hwClockUTC", ("VirtualMachineTicket", "url"): "sslThumbprint",
    ("VirtualMachineSgxInfo", "flcMode"): "epcSize", ("DVPortgroupConfigInfo", "backingType"): None}
Collector = vmodl.query.PropertyCollector
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@pytest.fixture(scope="module", name="machines")
def _machines(guest_host):
    """With a VM that has what old clients know nothing of: a SATA disk, and memory options of 6.0."""
    machines = Machines(guest_host)
    vm = machines.create("web1", disks=(16,))
    disk = vim.vm.device.VirtualDisk(
        key=-2, controllerKey=-1, unitNumber=0, capacityInKB=16 << 10,
        backing=vim.vm.device.VirtualDisk.FlatVer2BackingInfo(diskMode="persistent", thinProvisioned=True, fileName=""))
    reconfigure(vm, deviceChange=[
        change_device(vim.vm.device.VirtualAHCIController(key=-1, busNumber=0), "add"),
        change_device(disk, "add", fileOperation="create")])
    WaitForTask(vm.CreateSnapshot_Task("base", "", False, False))
    return machines


def objects_of(si):
    """All there are in the tree, and all managers that clients begin with."""
    content = si.content
    view = content.viewManager.CreateContainerView(content.rootFolder, None, True)
    found = [si, content.rootFolder, *view.view]
    view.Destroy()
    managers = [getattr(content, info.name) for info in content._GetPropertyList()]
    found += [manager for manager in managers if isinstance(manager, vim.ManagedObject)]
    for host in [one for one in found if isinstance(one, vim.HostSystem)]:
        managers = [getattr(host.configManager, info.name) for info in host.configManager._GetPropertyList()]
        found += [manager for manager in managers if isinstance(manager, vim.ManagedObject)]
        found += [host.parent.environmentBrowser, *[store.browser for store in host.datastore]]
    found += [vm.snapshot.currentSnapshot for vm in found if isinstance(vm, vim.VirtualMachine) and vm.snapshot]
    return {one._moId: one for one in found}


def stub_of(host, version):
    return SoapStubAdapter("127.0.0.1", host.port, version=f"vim.version.{VERSIONS[version]}", path="/sdk",
                           sslContext=insecure())


def raw(host, stub, managed, method, *arguments, action=None):
    """What is answered, as it is."""
    info = managed._GetMethodInfo(method)
    body = stub.SerializeRequest(managed, info, arguments)
    connection = host.https()
    try:
        connection.request("POST", "/sdk", body, {"Content-Type": "text/xml", "Cookie": stub.cookie,
                                                  "SOAPAction": action or stub.versionId})
        return ElementTree.fromstring(connection.getresponse().read())
    finally:
        connection.close()


class Check:
    """Whether everything in an answer is known to a version; .seen are the types that were."""

    def __init__(self, version):
        self.version, self.seen, self.newer = f"vim.version.{VERSIONS[version]}", set(), []

    def knows(self, version):
        return VmomiSupport.IsChildVersion(self.version, version)

    def type_of(self, element, declared):
        name = element.get(TYPE)
        if name is None:
            return declared
        prefix, _, local = name.rpartition(":")
        if prefix == "xsd" or local.endswith("ManagedObjectReference"):
            return None
        return VmomiSupport.GetWsdlType("urn:vim25", local)

    def walk(self, element, declared, where):
        kind = self.type_of(element, declared)
        if isinstance(kind, type) and issubclass(kind, list):
            for child in element if element.get(TYPE) else [element]:
                self.walk(child, kind.Item, where)
        elif isinstance(kind, type) and issubclass(kind, VmomiSupport.DataObject):
            self.object(element, kind, where)
        elif element.get(TYPE) and isinstance(kind, type) and issubclass(kind, VmomiSupport.Enum):
            self.seen.add(kind)
            since = VALUES.get(VmomiSupport.GetWsdlName(kind), {}).get(element.text)
            if since is not None and not self.knows(VmomiSupport.versionMap[f"vim25/{since}"]):
                self.newer.append(f"{where}={element.text}")

    def object(self, element, kind, where):
        where = f"{where}({kind.__name__})"
        self.seen.add(kind)
        if not self.knows(kind._version):
            self.newer.append(where)
        for child in element:
            name = child.tag.split("}")[1]
            info = kind._GetPropertyInfo(name)
            if not self.knows(info.version):
                self.newer.append(f"{where}.{name}")
            item = info.type.Item if issubclass(info.type, list) else info.type
            self.walk(child, item, f"{where}.{name}")

    def contents(self, answer):
        """Of RetrieveProperties: ObjectContent by ObjectContent. How many properties there were."""
        count = 0
        for content in answer.iter("{urn:vim25}returnval"):
            managed = VmomiSupport.GetWsdlType("urn:vim25", content.find("{urn:vim25}obj").get("type"))
            if not self.knows(managed._version):
                self.newer.append(managed.__name__)
            for prop in content.findall("{urn:vim25}propSet"):
                name = prop.find("{urn:vim25}name").text
                where = f"{managed.__name__}.{name}"
                if not self.knows(managed._GetPropertyInfo(name).version):
                    self.newer.append(where)
                self.walk(prop.find("{urn:vim25}val"), None, where)
                count += 1
        return count


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_newer(guest_host, machines, version):
    stub = stub_of(guest_host, version)
    vim.SessionManager("SessionManager", stub).Login(USER, PASSWORD, None)
    collector = vim.ServiceInstance("ServiceInstance", stub).RetrieveContent().propertyCollector
    check = Check(version)
    known = [one for one in objects_of(machines.si).values() if check.knows(type(one)._version)]
    spec = Collector.FilterSpec(
        objectSet=[Collector.ObjectSpec(obj=one) for one in known],
        propSet=[Collector.PropertySpec(type=kind, all=True) for kind in {type(one) for one in known}])
    answer = raw(guest_host, stub, collector, "RetrieveContents", [spec])
    assert check.contents(answer) > 100
    assert sorted(set(check.newer)) == []
    # And it is what the client's own library reads.
    found = collector.RetrieveContents([spec])
    assert {content.obj._moId for content in found} == {one._moId for one in known}
    assert vim.ManagedEntity.Status in check.seen
    # A device that the version has no name for is one of the kind that it extends.
    ahci = vim.vm.device.VirtualAHCIController
    assert (ahci in check.seen) == (version != "4.0")
    assert vim.vm.device.VirtualController in check.seen or version != "4.0"
    vim.SessionManager("SessionManager", stub).Logout()


@pytest.mark.parametrize("version, managed, path, known", [
    ("4.0", "VirtualMachine", "rootSnapshot", False), ("5.5", "VirtualMachine", "rootSnapshot", True),
    ("4.0", "VirtualMachine", "config.hardware.memoryMB", True), ("4.0", "Datastore", "iormConfiguration", False),
    ("5.5", "Datastore", "iormConfiguration", True),
    ("4.0", "VirtualMachine", "config.hardware.numCoresPerSocket", False),
    ("5.5", "VirtualMachine", "config.hardware.numCoresPerSocket", True),
    ("5.5", "VirtualMachine", "config.createDate", False), ("6.7", "VirtualMachine", "config.createDate", True)])
def test_newer_properties_are_none(guest_host, machines, version, managed, path, known):
    """By their names they are as unknown as any."""
    stub = stub_of(guest_host, version)
    vim.SessionManager("SessionManager", stub).Login(USER, PASSWORD, None)
    collector = vim.ServiceInstance("ServiceInstance", stub).RetrieveContent().propertyCollector
    entity = machines.find("web1") if managed == "VirtualMachine" else machines.datastore
    spec = Collector.FilterSpec(objectSet=[Collector.ObjectSpec(obj=entity)],
                                propSet=[Collector.PropertySpec(type=type(entity), pathSet=[path])])
    answer = ElementTree.tostring(raw(guest_host, stub, collector, "RetrieveContents", [spec])).decode()
    assert ("InvalidProperty" in answer) == (not known), answer
    vim.SessionManager("SessionManager", stub).Logout()


# --- what pyVmomi does not know yet ---

def is_known(since, version):
    def parts(text):
        return [int(part) for part in text.split(".")]
    return parts(since) <= parts(version)


@pytest.mark.parametrize("version", ["6.7.1", "6.7.3", "6.8.7", "6.9.1", "7.0.0.0"])
def test_up_to_7(guest_host, machines, version):
    stub = stub_of(guest_host, "6.7.1")
    vim.SessionManager("SessionManager", stub).Login(USER, PASSWORD, None)
    collector = vim.ServiceInstance("ServiceInstance", stub).RetrieveContent().propertyCollector
    entities = {"VirtualMachine": machines.find("web1"), "ComputeResource": machines.compute,
                "ResourcePool": machines.compute.resourcePool, "Datastore": machines.datastore,
                "HostSystem": machines.compute.host[0], "Folder": machines.si.content.rootFolder,
                "ServiceInstance": machines.si}

    def retrieve(name, path):
        entity = entities[name]
        spec = Collector.FilterSpec(objectSet=[Collector.ObjectSpec(obj=entity)],
                                    propSet=[Collector.PropertySpec(type=type(entity), pathSet=[path])])
        answer = raw(guest_host, stub, collector, "RetrieveContents", [spec], action=f"urn:vim25/{version}")
        assert ("InvalidProperty" in ElementTree.tostring(answer).decode()) == (path not in known), path
        return [one.text for one in answer.iter("{urn:vim25}val")]
    known = {path for _, path, since in LATER + UNSET if is_known(since, version)}
    for name, path, _ in LATER:
        assert len(retrieve(name, path)) == (path in known), path
    for name, path, _ in UNSET:
        assert retrieve(name, path) == []
    vim.SessionManager("SessionManager", stub).Logout()


def test_schema_is_pyvmomis():
    """All that pyVmomi knows, and nothing else of what it knows."""
    tool = Path(__file__).parent.parent.parent / "tools" / "vim-schema"
    subprocess.run([tool, "--check"], check=True)


def schema_of(wsdl):
    return ElementTree.parse(wsdl.parent / "vim-types.xsd").getroot()


def test_values_are_described(wsdl):
    """A description is of the newest; each value is a version's that the schema has beside it."""
    xsd = "{http://www.w3.org/2001/XMLSchema}"
    described = {one.get("name"): [value.get("value") for value in one.iter(f"{xsd}enumeration")]
                 for one in schema_of(wsdl).iter(f"{xsd}simpleType")}
    for name, values in VALUES.items():
        assert set(values) <= set(described[name])
    folder = Path(__file__).parent.parent.parent / "src" / "vim" / "schema"
    written = {}
    for path in folder.glob("*.vim"):
        for part in path.read_text(encoding="utf-8").split("\n\n"):
            if part.startswith("enum "):
                head, *values = part.splitlines()
                _, name, since = head.split()
                written[name] = {value.split()[0]: (value.split() + [since])[1] for value in values}
    assert {name: list(values) for name, values in written.items()} == described
    for name, values in VALUES.items():
        assert values.items() <= written[name].items()


def test_later_elements_are_described(wsdl):
    xsd = "{http://www.w3.org/2001/XMLSchema}"
    described = {one.get("name"): [field.get("name") for field in one.iter(f"{xsd}element")]
                 for one in schema_of(wsdl).iter(f"{xsd}complexType")}
    for (name, field), before in ELEMENTS.items():
        place = described[name].index(field)
        assert before is None or described[name][place - 1] == before, (name, field)


# --- a toolkit that has the WSDL, asking for each ---

class Versioned(Transport):
    def __init__(self, version):
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        session = requests.Session()
        session.verify, session.trust_env = False, False
        super().__init__(session=session)
        self.version, self.text = version, ""

    def post(self, address, message, headers):
        answer = super().post(address, message, {**headers, "SOAPAction": f'"urn:vim25/{self.version}"'})
        self.text = answer.text
        return answer


@pytest.fixture(scope="module", name="wsdl")
def _wsdl(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wsdl")
    subprocess.run([TOOL, "wsdl", folder], check=True)
    return folder / "vimService.wsdl"


@pytest.mark.parametrize("version", [*VERSIONS, "7.0", "7.0.0.0", "9.1"])
def test_zeep(guest_host, machines, wsdl, version):
    transport = Versioned(version)
    # What later versions have made obligatory, a description of 7.0 misses in what 4.0 knows.
    client = Client(str(wsdl), transport=transport, settings=Settings(strict=version != "4.0"))
    service = client.service
    service._binding_options["address"] = f"https://127.0.0.1:{guest_host.port}/sdk"

    def kind(name):
        return client.get_type(f"{{urn:vim25}}{name}")

    def reference(name, key):
        return kind("ManagedObjectReference")(key, type=name)
    content = service.RetrieveServiceContent(_this=reference("ServiceInstance", "ServiceInstance"))
    session = service.Login(_this=content.sessionManager, userName=USER, password=PASSWORD)
    assert session.userName == USER
    # 5.1 has it, as a part of the session.
    assert ("ipAddress" in transport.text) == (version != "4.0")
    host = machines.compute.host[0]._moId
    spec = kind("PropertyFilterSpec")(
        objectSet=[kind("ObjectSpec")(obj=reference("HostSystem", host))],
        propSet=[kind("PropertySpec")(type="HostSystem", pathSet=["summary", "hardware", "name"])])
    (found,) = service.RetrieveProperties(_this=content.propertyCollector, specSet=[spec])
    said = {prop.name: prop.val for prop in found.propSet}
    assert said["name"] == machines.compute.host[0].name
    assert said["hardware"].memorySize == machines.compute.host[0].hardware.memorySize
    service.Logout(_this=content.sessionManager)


def test_versions_are_listed(guest_host):
    connection = guest_host.https()
    connection.request("GET", "/sdk/vimServiceVersions.xml")
    root = ElementTree.fromstring(connection.getresponse().read())
    listed = {}
    for namespace in root.findall("namespace"):
        prior = [version.text for version in namespace.findall("priorVersions/version")]
        listed[namespace.find("name").text] = [namespace.find("version").text, *prior]
    # The newest first, as clients look through it.
    assert listed == {"urn:vim25": ["7.0.0.0", "6.9.1", "6.8.7", "6.7.3", "6.7.2", "6.7.1", "6.7", "6.5", "6.0", "5.5", "5.1",
                                    "5.0", "4.1", "4.0", "2.5u2", "2.5"], "urn:vim2": ["2.0"]}


def test_pyvmomi_chooses(guest_host):
    """The newest that it and the host have in common."""
    si = guest_host.connect()
    assert si._stub.version == "vim.version.version13"
