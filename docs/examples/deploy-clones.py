#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Deploys linked clones of one parent by the vSphere API, as scripts written for vCenter do it.

usage: deploy-clones.py --host HOST --user USER [--thumbprint SHA1 | --ca FILE] PARENT [COUNT]

The clones stand on the parent's current snapshot. Their names are the second word of the parent's name and a
number that goes on from those there are ("Tmpl Capture 1.0": Capture01, Capture02 ...). The parent's custom
attribute "Customization" names the specification; "Owner" and "Purpose" are copied where the parent has them,
and "Template" names the parent. Nothing is made when something is missing. The password comes from AEROSTAT_PASSWORD
or is asked for. Runs against a vCenter, too.
"""
import argparse
import getpass
import os
import re
import ssl
import sys
import time

from pyVim.connect import Disconnect, SmartConnect
from pyVmomi import vim, vmodl

COPIED = ('Owner', 'Purpose')
SPECIFICATION = 'Customization'
PARENT = 'Template'


class Refused(Exception):
    """Why nothing was made."""


def find_all(content, kind, paths):
    """{object: {path: value}} of all objects of a kind."""
    view = content.viewManager.CreateContainerView(content.rootFolder, [kind], True)
    through = vmodl.query.PropertyCollector.TraversalSpec(
        name='view', path='view', skip=False, type=vim.view.ContainerView)
    spec = vmodl.query.PropertyCollector.FilterSpec(
        objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=view, skip=True, selectSet=[through])],
        propSet=[vmodl.query.PropertyCollector.PropertySpec(type=kind, pathSet=paths)])
    found, options = {}, vmodl.query.PropertyCollector.RetrieveOptions(maxObjects=100)
    result = content.propertyCollector.RetrievePropertiesEx([spec], options)
    while result is not None:
        for item in result.objects:
            found[item.obj] = {prop.name: prop.val for prop in item.propSet}
        if not result.token:
            break
        result = content.propertyCollector.ContinueRetrievePropertiesEx(result.token)
    view.DestroyView()
    return found


def attributes_of(content, vm):
    names = {field.key: field.name for field in content.customFieldsManager.field}
    return {names[value.key]: value.value for value in vm.customValue if value.key in names}


def check(content, vms, name):
    """The parent, its attributes and the specification; or why it cannot be."""
    parents = [vm for vm, facts in vms.items() if facts['name'] == name]
    if not parents:
        raise Refused(f'there is no VM "{name}"')
    parent = parents[0]
    if parent.snapshot is None:
        raise Refused(f'"{name}" has no snapshot for clones to stand on')
    for device in parent.config.hardware.device:
        if isinstance(device, vim.vm.device.VirtualDisk) and \
                device.backing.diskMode == 'independent_nonpersistent':
            raise Refused(f'{device.deviceInfo.label} of "{name}" is non-persistent')
    attributes = attributes_of(content, parent)
    wanted = attributes.get(SPECIFICATION)
    if wanted is None:
        raise Refused(f'"{name}" has no custom attribute "{SPECIFICATION}"')
    if not content.customizationSpecManager.DoesCustomizationSpecExist(wanted):
        raise Refused(f'there is no customization specification "{wanted}"')
    return parent, attributes, content.customizationSpecManager.GetCustomizationSpec(wanted).spec


def names_for(vms, parent_name, count):
    words = parent_name.split()
    if len(words) < 2:
        raise Refused(f'"{parent_name}" has no second word to name clones by')
    taken = {facts['name'] for facts in vms.values()}
    numbers = [int(match.group(1)) for match in
               (re.fullmatch(re.escape(words[1]) + r'(\d\d+)', name) for name in taken) if match]
    first = max(numbers, default=0) + 1
    return [f'{words[1]}{number:02}' for number in range(first, first + count)]


def begin(parent, name, customization):
    spec = vim.vm.CloneSpec(
        location=vim.vm.RelocateSpec(diskMoveType='createNewChildDiskBacking', pool=parent.resourcePool),
        snapshot=parent.snapshot.currentSnapshot, customization=customization, powerOn=True, template=False)
    return parent.CloneVM_Task(folder=parent.parent, name=name, spec=spec)


def wait_for_all(content, tasks):
    """Yields tasks as they end."""
    collector = content.propertyCollector.CreatePropertyCollector()
    spec = vmodl.query.PropertyCollector.FilterSpec(
        objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=task) for task in tasks],
        propSet=[vmodl.query.PropertyCollector.PropertySpec(type=vim.Task, pathSet=['info.state'])])
    collector.CreateFilter(spec, True)
    left, version = set(tasks), ''
    while left:
        update = collector.WaitForUpdatesEx(version)
        version = update.version
        for item in [item for one in update.filterSet for item in one.objectSet]:
            if item.obj in left and any(change.val in ('success', 'error') for change in item.changeSet):
                left.discard(item.obj)
                yield item.obj
    collector.Destroy()


def set_attributes(content, vm, parent_name, attributes):
    manager = content.customFieldsManager
    keys = {field.name: field.key for field in manager.field}
    values = {name: attributes[name] for name in COPIED if name in attributes}
    values[PARENT] = parent_name
    for name, value in values.items():
        if name not in keys:
            keys[name] = manager.AddCustomFieldDef(name, vim.VirtualMachine).key
        manager.SetField(vm, keys[name], value)


def deploy(content, parent_name, count):
    started = time.monotonic()
    vms = find_all(content, vim.VirtualMachine, ['name'])
    parent, attributes, customization = check(content, vms, parent_name)
    names = names_for(vms, parent_name, count)
    tasks = {begin(parent, name, customization): name for name in names}
    failed = 0
    for task in wait_for_all(content, list(tasks)):
        info = task.info
        if info.state == 'success':
            set_attributes(content, info.result, parent_name, attributes)
            print(f'{tasks[task]}: deployed')
        else:
            failed += 1
            print(f'{tasks[task]}: {info.error.msg}', file=sys.stderr)
    print(f'{len(names) - failed} of {len(names)} clones of "{parent_name}" in '
          f'{time.monotonic() - started:.1f} s')
    return failed == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', 1)[0])
    parser.add_argument('--host', required=True)
    parser.add_argument('--port', type=int, default=443)
    parser.add_argument('--user', required=True)
    parser.add_argument('--thumbprint', help='SHA-1 of the certificate, hexadecimal')
    parser.add_argument('--ca', help="file with the certificate's authority, or the certificate itself")
    parser.add_argument('parent')
    parser.add_argument('count', type=int, nargs='?', default=25)
    args = parser.parse_args()
    password = os.environ.get('AEROSTAT_PASSWORD') or getpass.getpass()
    context = ssl.create_default_context(cafile=args.ca)
    if args.thumbprint:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    service = SmartConnect(host=args.host, port=args.port, user=args.user, pwd=password, sslContext=context,
                           thumbprint=args.thumbprint)
    try:
        return 0 if deploy(service.RetrieveContent(), args.parent, args.count) else 1
    except Refused as why:
        print(f'nothing was made: {why}', file=sys.stderr)
        return 1
    finally:
        Disconnect(service)


if __name__ == '__main__':
    sys.exit(main())
