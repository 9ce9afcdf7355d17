# SPDX-License-Identifier: LGPL-2.1-or-later
"""What pyVmomi has since 6.7.3 and Ansible's modules take for granted, for the 6.7.1 that Debian has: objects as JSON."""

import datetime
import json

from pyVmomi import VmomiSupport


class VmomiJSONEncoder(json.JSONEncoder):
    def __init__(self, explode=None, strip_dynamic=False, **keywords):
        super().__init__(**keywords)
        self.skipped = {"dynamicType", "dynamicProperty"} if strip_dynamic else set()
        self.explode = explode or []

    def default(self, o):
        if isinstance(o, VmomiSupport.ManagedObject):
            return str(o)
        if isinstance(o, VmomiSupport.DataObject):
            return {"_vimtype": o.__class__.__name__,
                    **{name: getattr(o, name) for name in o._propInfo if name not in self.skipped}}
        if isinstance(o, datetime.datetime):
            return o.isoformat()
        if isinstance(o, (bytes, bytearray)):
            return o.hex()
        return o.__name__ if isinstance(o, type) else super().default(o)


if not hasattr(VmomiSupport, "VmomiJSONEncoder"):
    VmomiSupport.VmomiJSONEncoder = VmomiJSONEncoder
