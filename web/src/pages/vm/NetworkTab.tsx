// SPDX-License-Identifier: LGPL-2.1-or-later
/* Network cards and the port groups that they are on. */
import { useState } from 'preact/hooks';

import { networks } from '../../api/inventory';
import type { Vm } from '../../api/types';
import { Badge, Button, ButtonLink, Empty } from '../../ui/controls';
import { Dialog } from '../../ui/Dialog';
import { Menu } from '../../ui/Menu';
import { EditDialog, reconfigure } from './edit';
import type { Device, VmDetails } from './types';

const MODELS = [
  { value: 'VirtualVmxnet3', label: 'virtio (VMXNET3): fastest' },
  { value: 'VirtualE1000e', label: 'Intel e1000e' },
  { value: 'VirtualE1000', label: 'Intel e1000' },
  { value: 'VirtualPCNet32', label: 'Realtek 8139 (PCNet32): for old guests' },
];

const isCard = (device: Device) => MODELS.some((model) => model.value === device._typeName);

function modelWords(type: string): string {
  return MODELS.find((model) => model.value === type)?.label.replace(/:.*/, '') ?? type;
}

function backing(group: string): object {
  return { _typeName: 'VirtualEthernetCardNetworkBackingInfo', deviceName: group };
}

function change(operation: 'add' | 'edit' | 'remove', device: object): Record<string, unknown> {
  return { deviceChange: [{ _typeName: 'VirtualDeviceConfigSpec', operation, device }] };
}

function connectable(connected: boolean): object {
  return {
    _typeName: 'VirtualDeviceConnectInfo',
    startConnected: connected,
    connected,
    allowGuestControl: true,
  };
}

const ADDRESS = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;

function EditCard({
  vm,
  device,
  version,
  groups,
  onClose,
}: {
  vm: Vm;
  device: Device | null;
  version: string | undefined;
  groups: string[];
  onClose: () => void;
}) {
  const label = device?.deviceInfo?.label ?? 'New network card';
  const on = vm['runtime.powerState'] === 'poweredOn';
  const connected = on ? device?.connectable?.connected : device?.connectable?.startConnected;
  const fields = [
    {
      id: 'group',
      label: 'Port group',
      value: device?.backing?.deviceName ?? groups[0] ?? '',
      choices: groups.map((value) => ({ value, label: value })),
    },
    {
      id: 'connected',
      label: on && device ? 'Cable' : 'Cable at power on',
      value: String(connected ?? true),
      choices: [
        { value: 'true', label: 'Connected' },
        { value: 'false', label: 'Disconnected' },
      ],
    },
    ...(device
      ? []
      : [
          { id: 'model', label: 'Model', value: 'VirtualVmxnet3', choices: MODELS },
          {
            id: 'mac',
            label: 'MAC address',
            hint: 'Empty: one is made.',
            value: '',
            check: (text: string) => (text === '' || ADDRESS.test(text) ? '' : 'Like 52:54:00:12:34:56.'),
          },
        ]),
  ];
  return (
    <EditDialog
      title={device ? `${label} of ${vm.name}` : label}
      action={device ? 'Save' : 'Add'}
      // A new one can be added as it is proposed.
      unchanged={!device}
      fields={fields}
      save={(_, all) => {
        const common = {
          backing: backing(all.group ?? ''),
          connectable: connectable(all.connected === 'true'),
        };
        const spec = device
          ? change('edit', { ...device, ...common })
          : change('add', {
              _typeName: all.model,
              key: -1,
              ...(all.mac && { macAddress: all.mac }),
              ...common,
            });
        return reconfigure(
          vm,
          version,
          spec,
          device ? `Change ${label} of ${vm.name}` : `Add a card to ${vm.name}`,
        );
      }}
      saved={device ? `${label} is changed.` : 'The card is added.'}
      onClose={onClose}
    />
  );
}

export function NetworkTab({ vm, details }: { vm: Vm; details: VmDetails }) {
  const [doing, setDoing] = useState<{ what: 'add' | 'edit' | 'remove'; device: Device | null } | null>(null);
  const cards = details.config?.hardware.device?.filter(isCard) ?? [];
  const groups = [...networks.value.values()].flatMap((network) => network.name ?? []).sort();
  const version = details.config?.changeVersion;
  const close = () => setDoing(null);
  const none = groups.length === 0 ? 'There is no port group yet: make one on the page Networks.' : undefined;
  return (
    <section class="card stack" aria-label="Network cards">
      <div class="row spread">
        <h2>Network cards</h2>
        <Button icon="plus" because={none} onClick={() => setDoing({ what: 'add', device: null })}>
          Add card
        </Button>
      </div>
      {cards.length === 0 && (
        <Empty title="It has no network cards.">
          {none && <ButtonLink href="#/networks">Make a port group</ButtonLink>}
        </Empty>
      )}
      <ul class="cards">
        {cards.map((device) => {
          const on = vm['runtime.powerState'] === 'poweredOn';
          const connected = on ? device.connectable?.connected : device.connectable?.startConnected;
          const label = device.deviceInfo?.label ?? `Card ${device.key}`;
          return (
            <li key={device.key} class="row spread">
              <div>
                <div class="row">
                  <strong>{label}</strong>
                  <Badge kind={connected ? 'good' : undefined}>
                    {connected ? 'connected' : 'disconnected'}
                  </Badge>
                </div>
                <div class="muted">
                  {device.backing?.deviceName || 'no port group'}, <code>{device.macAddress}</code>,{' '}
                  {modelWords(device._typeName)}
                </div>
              </div>
              <Menu
                label={`Actions on ${label} of ${vm.name}`}
                icon="more"
                side="right"
                items={[
                  {
                    label: 'Change...',
                    icon: 'edit',
                    because: none,
                    onSelect: () => setDoing({ what: 'edit', device }),
                  },
                  { label: 'Remove...', icon: 'trash', onSelect: () => setDoing({ what: 'remove', device }) },
                ]}
              />
            </li>
          );
        })}
      </ul>
      {(doing?.what === 'add' || doing?.what === 'edit') && (
        <EditCard vm={vm} device={doing.device} version={version} groups={groups} onClose={close} />
      )}
      {doing?.what === 'remove' && doing.device && (
        <Dialog
          title={`Remove ${doing.device.deviceInfo?.label}?`}
          action="Remove"
          danger
          onAction={() =>
            reconfigure(
              vm,
              version,
              change('remove', doing.device ?? {}),
              `Remove ${doing.device?.deviceInfo?.label} of ${vm.name}`,
            )
          }
          onClose={close}
        >
          <p>The guest loses the card with the address {doing.device.macAddress} at once.</p>
        </Dialog>
      )}
    </section>
  );
}
