# SPDX-License-Identifier: LGPL-2.1-or-later
"""docs/guide/api.md says which methods and properties are there: it must say what is so.

With UPDATE_API_DOCUMENT=1 in the environment the tables are written instead of compared.
"""

import collections
import os
import re
import subprocess

import pytest
from conftest import ROOT
from pyVmomi import vmodl
from pyVmomi.VmomiSupport import DataObject, GetWsdlType, ManagedObject

DOCUMENT = ROOT / "docs/guide/api.md"
# Of 7.0, which pyVmomi does not know; test_versions.py asks for them.
LATER = {"ComputeResource": {"lifecycleManaged"}}
LIST_METHODS = os.environ.get("LIST_METHODS", str(ROOT / "build/tests/clients/list-methods"))


def section(name):
    """What is between two marks: before, inside, after."""
    text = DOCUMENT.read_text(encoding="utf-8")
    parts = re.split(rf"(<!-- {name} -->\n|<!-- end of {name} -->\n)", text)
    assert len(parts) == 5, f"{DOCUMENT} has no section {name}"
    return parts[0] + parts[1], parts[2], parts[3] + parts[4]


def table(heading, rows):
    lines = [f"| type | {heading} |", "|---|---|"]
    lines += [f"| `{kind}` | {', '.join(f'`{name}`' for name in sorted(names, key=str.lower))} |"
              for kind, names in sorted(rows.items())]
    return "\n".join(lines) + "\n"


def rows_of(text):
    return {kind: set(re.findall(r"`(\w+)`", names))
            for kind, names in re.findall(r"^\| `(\w+)` \| (.*) \|$", text, re.MULTILINE)}


def write(name, inside):
    before, _, after = section(name)
    DOCUMENT.write_text(before + inside + after, encoding="utf-8")


def test_methods():
    lines = subprocess.run([LIST_METHODS], capture_output=True, text=True, check=True).stdout.splitlines()
    there = collections.defaultdict(set)
    for line in lines:
        kind, name = line.split()
        there[kind].add(name)
    assert len(lines) > 100
    if os.environ.get("UPDATE_API_DOCUMENT"):
        write("methods", table("methods", there))
    assert section("methods")[1] == table("methods", there), \
        "the table of methods is not what there is; UPDATE_API_DOCUMENT=1 writes it"


def references(value):
    """All managed objects that a property's value names."""
    if isinstance(value, ManagedObject):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, DataObject):
        for info in value._GetPropertyList():
            yield from references(getattr(value, info.name))


def read(collector, managed):
    spec = vmodl.query.PropertyCollector.FilterSpec(
        objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=managed)],
        propSet=[vmodl.query.PropertyCollector.PropertySpec(type=type(managed), all=True)])
    found = collector.RetrieveContents([spec])
    return found[0].propSet if found else []


@pytest.fixture(name="properties")
def _properties(host, si):
    """Of each type, what some object of it has: all objects that lead on from ServiceInstance."""
    datacenter = si.content.rootFolder.childEntity[0]
    store = host.folder / "store"
    store.mkdir()
    manager = datacenter.hostFolder.childEntity[0].host[0].configManager.datastoreSystem
    manager.CreateLocalDatastore("documented", str(store))
    folder = datacenter.vmFolder.CreateFolder("documented")
    folder.Rename_Task("documented well")
    seen, ahead, there = set(), [si], collections.defaultdict(set)
    while ahead:
        managed = ahead.pop()
        if managed._moId in seen:
            continue
        seen.add(managed._moId)
        for prop in read(si.content.propertyCollector, managed):
            there[type(managed)._wsdlName].add(prop.name)
            ahead += references(prop.val)
    return there


def test_properties(properties):
    assert {"Folder", "Datacenter", "HostSystem", "ResourcePool", "ComputeResource", "VirtualMachine",
            "OptionManager", "Task"} <= set(properties)
    said = rows_of(section("properties")[1])
    if os.environ.get("UPDATE_API_DOCUMENT"):
        for kind, names in properties.items():
            said.setdefault(kind, set()).update(names)
        write("properties", table("properties", said))
    for kind, names in properties.items():
        missing = names - said.get(kind, set())
        assert not missing, f"{kind} has {missing}, which {DOCUMENT} does not say; UPDATE_API_DOCUMENT=1 adds it"
    for kind, names in said.items():
        known = {info.name for info in GetWsdlType("urn:vim25", kind)._GetPropertyList()} | LATER.get(kind, set())
        assert names <= known, f"{kind} has no {names - known}"
