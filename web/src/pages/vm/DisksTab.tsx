// SPDX-License-Identifier: LGPL-2.1-or-later
/* Disks: where each stands, file upon file, and what that takes. */
import { useState } from 'preact/hooks';

import { datastores } from '../../api/inventory';
import type { Vm } from '../../api/types';
import { Badge, Button, Check, Empty } from '../../ui/controls';
import { Dialog } from '../../ui/Dialog';
import { bytes } from '../../ui/format';
import { Menu } from '../../ui/Menu';
import { EditDialog, reconfigure, wholeNumber } from './edit';
import type { Backing, Device, FileLayout, VmDetails } from './types';

const MIB = 1024 * 1024;
const LARGEST_MB = 64 * 1024 * 1024;
const SCSI = 1000;

const MODES = [
  { value: 'persistent', label: 'Persistent: part of snapshots' },
  { value: 'independent_persistent', label: 'Independent: left out of snapshots' },
  { value: 'independent_nonpersistent', label: 'Non-persistent: changes are gone at power off' },
];

function modeWords(mode: string | undefined): string {
  return (mode ?? '')
    .replace('independent_nonpersistent', 'non-persistent')
    .replace('independent_persistent', 'independent');
}

function chainOf(backing: Backing | undefined): Backing[] {
  return backing ? [backing, ...chainOf(backing.parent)] : [];
}

function Chain({ chain, layout }: { chain: Backing[]; layout: FileLayout | undefined }) {
  return (
    <ol class="chain" aria-label="Files, the uppermost first">
      {chain.map((each, index) => {
        const file = layout?.file?.find((one) => one.name === each.fileName);
        return (
          <li key={each.fileName}>
            <code>{each.fileName}</code>
            <span class="muted small">
              {file ? bytes(file.size) : ''}
              {index > 0 && (file && file.uniqueSize === 0 ? ', shared with other VMs' : ', only read')}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function Disk({
  vm,
  device,
  details,
  onEdit,
  onRemove,
}: {
  vm: Vm;
  device: Device;
  details: VmDetails;
  onEdit: () => void;
  onRemove: () => void;
}) {
  const chain = chainOf(device.backing);
  const used = chain.reduce(
    (sum, each) => sum + (details.layoutEx?.file?.find((one) => one.name === each.fileName)?.size ?? 0),
    0,
  );
  const store = datastores.value.get(device.backing?.datastore?.value ?? '');
  const label = device.deviceInfo?.label ?? `Disk ${device.key}`;
  const part = device.capacityInBytes ? used / device.capacityInBytes : 0;
  return (
    <li class="card stack">
      <div class="row spread">
        <h3>{label}</h3>
        <Menu
          label={`Actions on ${label} of ${vm.name}`}
          icon="more"
          side="right"
          items={[
            { label: 'Edit...', icon: 'edit', onSelect: onEdit },
            { label: 'Remove...', icon: 'trash', onSelect: onRemove },
          ]}
        />
      </div>
      <div class="row">
        <strong>{bytes(device.capacityInBytes)}</strong>
        <span class="muted">{bytes(used)} used</span>
        <Badge>{modeWords(device.backing?.diskMode)}</Badge>
        <Badge>{chain.length > 1 ? 'linked' : device.backing?.thinProvisioned ? 'thin' : 'thick'}</Badge>
        {store && <span class="muted">on {store.name}</span>}
      </div>
      <meter
        class="space"
        min={0}
        max={1}
        value={Math.min(1, part)}
        aria-label={`${label}: used of its size`}
      />
      <Chain chain={chain} layout={details.layoutEx} />
    </li>
  );
}

function RemoveDialog({
  vm,
  device,
  version,
  onClose,
}: {
  vm: Vm;
  device: Device;
  version: string | undefined;
  onClose: () => void;
}) {
  const [destroy, setDestroy] = useState(false);
  const label = device.deviceInfo?.label ?? '';
  return (
    <Dialog
      title={`Remove ${label}?`}
      action={destroy ? 'Remove and delete' : 'Remove'}
      danger
      onAction={() =>
        reconfigure(
          vm,
          version,
          {
            deviceChange: [
              {
                _typeName: 'VirtualDeviceConfigSpec',
                operation: 'remove',
                ...(destroy && { fileOperation: 'destroy' }),
                device,
              },
            ],
          },
          `Remove ${label} of ${vm.name}`,
        )
      }
      onClose={onClose}
    >
      <p>{destroy ? 'Its file goes, too; nothing brings it back.' : 'Its file stays where it is.'}</p>
      <p>
        <code>{device.backing?.fileName}</code>
      </p>
      <Check label="Delete the file, too" checked={destroy} onValue={setDestroy} />
    </Dialog>
  );
}

/* Without an address: a new disk gets the next that is free. */
function newDisk(mb: string | undefined, mode: string | undefined, kind: string | undefined): object {
  return {
    _typeName: 'VirtualDeviceConfigSpec',
    operation: 'add',
    fileOperation: 'create',
    device: {
      _typeName: 'VirtualDisk',
      key: -1,
      controllerKey: SCSI,
      capacityInKB: Number(mb) * 1024,
      backing: {
        _typeName: 'VirtualDiskFlatVer2BackingInfo',
        fileName: '',
        diskMode: mode,
        thinProvisioned: kind === 'thin',
      },
    },
  };
}

function EditDisk({
  vm,
  device,
  version,
  onClose,
}: {
  vm: Vm;
  device: Device;
  version: string | undefined;
  onClose: () => void;
}) {
  const now = Math.ceil((device.capacityInBytes ?? 0) / MIB);
  const label = device.deviceInfo?.label ?? '';
  const off = vm['runtime.powerState'] === 'poweredOff';
  const save = (all: Record<string, string>) =>
    reconfigure(
      vm,
      version,
      {
        deviceChange: [
          {
            _typeName: 'VirtualDeviceConfigSpec',
            operation: 'edit',
            device: {
              _typeName: 'VirtualDisk',
              key: device.key,
              capacityInKB: Number(all.mb) * 1024,
              backing: {
                _typeName: 'VirtualDiskFlatVer2BackingInfo',
                fileName: device.backing?.fileName,
                diskMode: all.mode,
              },
            },
          },
        ],
      },
      `Change ${label} of ${vm.name}`,
    );
  return (
    <EditDialog
      title={`${label} of ${vm.name}`}
      fields={[
        {
          id: 'mb',
          label: 'Size in MB',
          hint: 'A disk can only grow; its file systems are made larger in the guest.',
          value: String(now),
          check: wholeNumber(now, LARGEST_MB, 'MB'),
        },
        {
          id: 'mode',
          label: 'Mode',
          value: device.backing?.diskMode ?? 'persistent',
          choices: MODES,
          hint: off ? '' : 'Can be changed while the VM is off.',
          check: (mode) => (off || mode === device.backing?.diskMode ? '' : 'Power the VM off first.'),
        },
      ]}
      save={(_, all) => save(all)}
      saved={`${label} is changed.`}
      onClose={onClose}
    />
  );
}

export function DisksTab({ vm, details }: { vm: Vm; details: VmDetails }) {
  const [doing, setDoing] = useState<{ what: 'add' | 'edit' | 'remove'; device?: Device } | null>(null);
  const devices = details.config?.hardware.device ?? [];
  const disks = devices.filter((device) => device._typeName === 'VirtualDisk');
  const drives = devices.filter((device) => device._typeName === 'VirtualCdrom');
  const close = () => setDoing(null);
  const version = details.config?.changeVersion;
  return (
    <section class="stack" aria-label="Disks">
      <div class="row spread">
        <h2>Disks</h2>
        <Button icon="plus" onClick={() => setDoing({ what: 'add' })}>
          Add disk
        </Button>
      </div>
      {disks.length === 0 && <Empty title="It has no disks." />}
      <ul class="stack">
        {disks.map((device) => (
          <Disk
            key={device.key}
            vm={vm}
            device={device}
            details={details}
            onEdit={() => setDoing({ what: 'edit', device })}
            onRemove={() => setDoing({ what: 'remove', device })}
          />
        ))}
      </ul>
      {drives.map((device) => (
        <p key={device.key}>
          <strong>{device.deviceInfo?.label}</strong>{' '}
          <span class="muted">{device.backing?.fileName ?? 'empty'}</span>
        </p>
      ))}
      {doing?.what === 'add' && (
        <EditDialog
          title={`New disk of ${vm.name}`}
          action="Add"
          fields={[
            { id: 'mb', label: 'Size in MB', value: '', check: wholeNumber(1, LARGEST_MB, 'MB') },
            { id: 'mode', label: 'Mode', value: 'persistent', choices: MODES },
            {
              id: 'kind',
              label: 'Space',
              value: 'thin',
              choices: [
                { value: 'thin', label: 'Thin: takes what is written' },
                { value: 'thick', label: 'Thick: takes its whole size now' },
              ],
            },
          ]}
          save={(_, all) =>
            reconfigure(
              vm,
              version,
              { deviceChange: [newDisk(all.mb, all.mode, all.kind)] },
              `Add a disk to ${vm.name}`,
            )
          }
          saved="The disk is added."
          onClose={close}
        />
      )}
      {doing?.what === 'edit' && doing.device && (
        <EditDisk vm={vm} device={doing.device} version={version} onClose={close} />
      )}
      {doing?.what === 'remove' && doing.device && (
        <RemoveDialog vm={vm} device={doing.device} version={version} onClose={close} />
      )}
    </section>
  );
}
