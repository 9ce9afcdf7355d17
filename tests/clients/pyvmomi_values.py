# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random values of pyVmomi's types."""

import datetime
import random

from pyVmomi import SoapAdapter, VmomiSupport, vim, vmodl

VERSION = VmomiSupport.newestVersions.Get("vim")
ANY = VmomiSupport.Object(name="object", type=object, version=VERSION, flags=VmomiSupport.F_OPTIONAL)
DEPTH = 3
# Types that pyVmomi sends in no other way than as another.
ITS_OWN = ("DataObject", "DynamicArray", "LocalizedMethodFault")
WORDS = ["vm", "<a&b>", "é", "日本", "", " two words ", "line\nline", "]]>", "'\""]
ANY_TYPES = ["string", "boolean", "int", "long", "short", "byte", "double", "vmodl.DateTime", "vmodl.Binary",
             "vim.VirtualMachine", "vim.VirtualMachine.PowerState", "vim.option.OptionValue",
             "vim.vm.device.VirtualDevice", "vim.fault.NotFound"]


def to_soap(value, info=ANY):
    return SoapAdapter.Serialize(value, info, VERSION, {})


def from_soap(text):
    return SoapAdapter.Deserialize(text, object)


def sorted_types():
    """All data objects' types, by their names."""
    return [VmomiSupport.GetVmodlType(name) for name in sorted(VmomiSupport._dataDefMap)
            if not name.startswith("vmodl.reflect") and VmomiSupport._dataDefMap[name][1] not in ITS_OWN]


class Maker:
    """Values of any type, the same in each run."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.heirs = {}
        for kind in sorted_types():
            for base in kind.__mro__:
                self.heirs.setdefault(base, []).append(kind)
        self.makers = {VmomiSupport.GetVmodlType(name): make for name, make in self.primitives().items()}
        self.references = [vim.VirtualMachine, vim.HostSystem, vim.Folder, vim.Datastore]

    def primitives(self):
        """What makes a value of each, by pyVmomi's names; floats have few digits, as it has those of doubles."""
        choose = self.random.choice
        edges = {bits: [-2 ** (bits - 1), 0, 7, 2 ** (bits - 1) - 1] for bits in (8, 16, 32, 64)}
        return {"boolean": lambda: choose([False, True]), "string": lambda: choose(WORDS),
                "byte": lambda: choose(edges[8]), "short": lambda: choose(edges[16]),
                "int": lambda: choose(edges[32]), "long": lambda: choose(edges[64]),
                "float": lambda: choose([0.5, -2.25, 1e10]), "double": lambda: choose([0.1, -1e-9, 1e300]),
                "vmodl.Binary": lambda: self.random.randbytes(self.random.randint(0, 9)),
                "Link": lambda: "key-1", "vmodl.URI": lambda: "https://host/a?b=c", "vmodl.PropertyPath": lambda: "config.name",
                "vmodl.DateTime": self.time, "vmodl.TypeName": lambda: choose(self.references),
                "vmodl.MethodName": lambda: vim.VirtualMachine.PowerOn}

    def primitive(self, kind):
        make = self.makers.get(kind)
        if make is None:
            return None
        made = make()
        # Numbers and texts carry their own type, as it is what anyType is sent with.
        return kind(made) if isinstance(made, (int, float, str, bytes)) else made

    def time(self):
        # In UTC, as it comes back.
        micro = self.random.choice([0, 5000, 123456])
        return datetime.datetime(2020, 2, self.random.randint(1, 29), 23, 59, 58, micro, tzinfo=datetime.timezone.utc)

    def any(self, depth, in_list=False):
        kind = self.random.choice(ANY_TYPES)
        if not in_list and self.random.random() < 0.3 and kind != "vim.fault.NotFound":
            return self.list(VmomiSupport.GetVmodlType(kind + "[]"), depth)
        return self.value(VmomiSupport.GetVmodlType(kind), depth)

    def list(self, kind, depth):
        # A list of anything has no lists in it: nobody sends such.
        length = self.random.choice([1, 3])
        return kind([self.any(depth, True) if kind.Item is object else self.value(kind.Item, depth)
                     for _ in range(length)])

    def value(self, kind, depth):
        made = self.primitive(kind)
        if made is not None:
            return made
        if kind is object:
            return self.any(depth + 1)
        if issubclass(kind, VmomiSupport.Enum):
            values = VmomiSupport._enumDefMap[VmomiSupport.GetVmodlName(kind)][3]
            return getattr(kind, self.random.choice(values))
        if issubclass(kind, VmomiSupport.ManagedObject):
            return kind(f"{kind.__name__}-{self.random.randint(1, 99)}")
        if issubclass(kind, list):
            return self.list(kind, depth)
        if depth < DEPTH and self.random.random() < 0.3:
            kind = self.random.choice(self.heirs[kind])
        return self.object(kind, depth + 1)

    def object(self, kind, depth=0):
        made = kind()
        for info in made._GetPropertyList():
            # Where pyVmomi's faults have more than those that VMware publishes.
            if isinstance(made, vmodl.MethodFault) and info.name.startswith("dynamic"):
                continue
            optional = info.flags & VmomiSupport.F_OPTIONAL
            if not optional or (depth < DEPTH and self.random.random() < 0.5 / (depth + 1)):
                value = self.value(info.type, depth)
                # The message of a fault is beside it on the wire, as text that may be unset.
                if isinstance(value, vmodl.MethodFault):
                    value.msg = self.random.choice(WORDS)
                setattr(made, info.name, value)
        if isinstance(made, vmodl.MethodFault):
            made.msg = "what was wrong"
        return made
