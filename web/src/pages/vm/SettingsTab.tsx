// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a VM is made of and how it behaves, with a dialog for each group of settings. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import { plain } from '../../api/client';
import type { Vm } from '../../api/types';
import { Button, ButtonLink } from '../../ui/controls';
import { bytes, MIB } from '../../ui/format';
import { folderPaths, poolPaths } from '../../vm/places';
import { type EditField, EditDialog, option, reconfigure, type Values, wholeNumber } from './edit';
import type { VmConfig, VmDetails } from './types';

const MEMORY_MB = [4, 1 << 24] as const;
const CPUS_MOST = 256;
const NAME_MAX = 80;
const NOTES_MAX = 4096;

const SCHEDULER: { key: string; label: string; about: string; check?: (text: string) => string }[] = [
  {
    key: 'sched.mem.maxmemctl',
    label: 'Balloon, at most (MB)',
    about: 'The balloon takes no more than this; -1: as much as the host allows.',
    check: (text) => (text === '-1' ? '' : wholeNumber(0, MEMORY_MB[1], 'MB, or -1')(text)),
  },
  {
    key: 'sched.mem.pshare.enable',
    label: 'Page sharing',
    about: 'Whether pages are shared with those of other VMs.',
  },
  {
    key: 'sched.mem.pshare.salt',
    label: 'Sharing salt',
    about: 'VMs share pages only with those of the same salt; empty: as Mem.ShareForceSalting says.',
    check: (text) => (text.length > 255 ? 'At most 255 letters.' : ''),
  },
];

const ON_OFF = [
  { value: 'TRUE', label: 'On' },
  { value: 'FALSE', label: 'Off' },
];

const SOFT_HARD = [
  { value: 'soft', label: 'By the guest (soft)' },
  { value: 'hard', label: 'At once (hard)' },
];

type Group = 'general' | 'hardware' | 'power' | 'scheduler' | 'option';

function extra(config: VmConfig): [string, string][] {
  return (config.extraConfig ?? []).map(({ key, value }) => [key, String(plain(value) ?? '')]);
}

function Facts({
  title,
  onEdit,
  because,
  children,
}: {
  title: string;
  onEdit?: () => void;
  because?: string | undefined;
  children: ComponentChildren;
}) {
  return (
    <section class="card stack" aria-label={title}>
      <div class="row spread">
        <h2>{title}</h2>
        {onEdit && (
          <Button icon="edit" because={because} onClick={onEdit} aria-label={`Edit ${title.toLowerCase()}`}>
            Edit
          </Button>
        )}
      </div>
      <dl class="facts">{children}</dl>
    </section>
  );
}

function Fact({ name, about, children }: { name: string; about?: string; children: ComponentChildren }) {
  return (
    <div title={about}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function generalFields(config: VmConfig, off: boolean): EditField[] {
  return [
    {
      id: 'name',
      label: 'Name',
      value: config.name,
      hint: off ? '' : 'Can be changed while the VM is off.',
      check: (text) =>
        text.trim() === '' || text.length > NAME_MAX
          ? `A name of 1 to ${NAME_MAX} letters.`
          : off || text === config.name
            ? ''
            : 'Power the VM off first.',
    },
    {
      id: 'annotation',
      label: 'Notes',
      value: config.annotation ?? '',
      long: true,
      check: (text) => (new Blob([text]).size > NOTES_MAX ? `At most ${NOTES_MAX} bytes.` : ''),
    },
  ];
}

function hardwareFields(config: VmConfig, off: boolean): EditField[] {
  const whileOff = off ? {} : { hint: 'Can be changed while the VM is off.' };
  const now = String(config.hardware.memoryMB);
  return [
    {
      id: 'memoryMB',
      label: 'Memory in MB',
      value: now,
      ...whileOff,
      check: (text) =>
        wholeNumber(MEMORY_MB[0], MEMORY_MB[1], 'MB')(text) ||
        (off || text === now ? '' : 'Power the VM off first.'),
    },
    {
      id: 'numCPUs',
      label: 'Processors',
      value: String(config.hardware.numCPU),
      hint: config.cpuHotAddEnabled ? 'More can be added while it runs.' : (whileOff.hint ?? ''),
      check: wholeNumber(1, CPUS_MOST),
    },
  ];
}

function powerFields(config: VmConfig): EditField[] {
  const ops = config.defaultPowerOps;
  return [
    { id: 'powerOffType', label: 'Power off', value: ops.powerOffType ?? 'soft', choices: SOFT_HARD },
    { id: 'resetType', label: 'Reset', value: ops.resetType ?? 'soft', choices: SOFT_HARD },
    { id: 'suspendType', label: 'Suspend', value: ops.suspendType ?? 'hard', choices: SOFT_HARD },
    {
      id: 'standbyAction',
      label: 'When the guest goes to standby',
      value: ops.standbyAction ?? 'checkpoint',
      choices: [
        { value: 'checkpoint', label: 'Suspend it, memory in a file (checkpoint)' },
        { value: 'powerOnSuspend', label: 'Let it sleep, memory stays (powerOnSuspend)' },
      ],
    },
  ];
}

function schedulerFields(values: Map<string, string>): EditField[] {
  return SCHEDULER.map(({ key, label, about, check }) => ({
    id: key,
    label,
    hint: `${about} ${key}`,
    value: values.get(key) ?? '',
    ...(check && { check }),
    ...(key === 'sched.mem.pshare.enable' && { choices: ON_OFF }),
  }));
}

const OPTION_FIELDS: EditField[] = [
  {
    id: 'key',
    label: 'Name',
    value: '',
    hint: 'As guestinfo.role',
    check: (text) => (/^[!-~]{1,128}$/.test(text) ? '' : '1 to 128 letters without blanks.'),
  },
  { id: 'value', label: 'Value', value: '', hint: 'Empty: the option is removed.' },
];

interface Editor {
  title: string;
  fields: EditField[];
  spec: (changed: Values, all: Values) => Record<string, unknown>;
  saved: string;
}

function numbers(values: Values): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Number(text)]));
}

function editorOf(group: Group, config: VmConfig, off: boolean, name: string): Editor {
  switch (group) {
    case 'general':
      return {
        title: `Name and notes of ${name}`,
        fields: generalFields(config, off),
        spec: (changed) => changed,
        saved: 'Name and notes are saved.',
      };
    case 'hardware':
      return {
        title: `Memory and processors of ${name}`,
        fields: hardwareFields(config, off),
        spec: numbers,
        saved: 'Memory and processors are changed.',
      };
    case 'power':
      return {
        title: `Power of ${name}`,
        fields: powerFields(config),
        spec: (changed) => ({ powerOpInfo: { _typeName: 'VirtualMachineDefaultPowerOpInfo', ...changed } }),
        saved: 'What power buttons do is saved.',
      };
    case 'scheduler':
      return {
        title: `How memory is taken from ${name}`,
        fields: schedulerFields(new Map(extra(config))),
        spec: (changed) => ({
          extraConfig: Object.entries(changed).map(([key, value]) => option(key, value)),
        }),
        saved: 'The options are saved.',
      };
    case 'option':
      return {
        title: `Option of ${name}`,
        fields: OPTION_FIELDS,
        spec: (_, all) => ({ extraConfig: [option(all.key ?? '', all.value ?? '')] }),
        saved: 'The option is saved.',
      };
  }
}

export function SettingsTab({ vm, details }: { vm: Vm; details: VmDetails }) {
  const [editing, setEditing] = useState<Group | null>(null);
  const { config } = details;
  if (!config) return null;
  const off = vm['runtime.powerState'] === 'poweredOff';
  const name = vm.name ?? vm.id;
  const options = extra(config);
  const values = new Map(options);
  const others = options.filter(([key]) => !key.startsWith('sched.mem.'));
  const ops = config.defaultPowerOps;
  const editor = editing && editorOf(editing, config, off, name);
  return (
    <div class="settings-grid">
      <Facts title="Name and notes" onEdit={() => setEditing('general')}>
        <Fact name="Name">{config.name}</Fact>
        <Fact name="Notes">
          <span class="notes">{config.annotation || <span class="muted">none</span>}</span>
        </Fact>
        <Fact name="Folder">{folderPaths.value.get(vm.parent?.value ?? '')}</Fact>
        <Fact name="Resource pool">{poolPaths.value.get(vm.resourcePool?.value ?? '')}</Fact>
        <Fact name="Settings file">
          <code>{config.files.vmPathName || '-'}</code>
        </Fact>
        <Fact name="UUID">
          <code>{config.uuid}</code>
        </Fact>
      </Facts>
      <Facts title="Memory and processors" onEdit={() => setEditing('hardware')}>
        <Fact name="Memory">{bytes(config.hardware.memoryMB * MIB)}</Fact>
        <Fact name="Processors">{config.hardware.numCPU}</Fact>
        <Fact name="Guest">{config.guestFullName}</Fact>
        <Fact name="Shares, reservation, limit">
          <ButtonLink href={`#/allocation/vm/${vm.id}`} icon="memory">
            Edit allocation
          </ButtonLink>
        </Fact>
      </Facts>
      <Facts title="Power and boot" onEdit={() => setEditing('power')}>
        <Fact name="Power off">{ops.powerOffType}</Fact>
        <Fact name="Reset">{ops.resetType}</Fact>
        <Fact name="Suspend">{ops.suspendType}</Fact>
        <Fact name="Guest standby">{ops.standbyAction}</Fact>
        <Fact name="Firmware">{config.firmware === 'efi' ? 'EFI' : 'BIOS'}</Fact>
        <Fact name="Boot delay">{config.bootOptions?.bootDelay ?? 0} ms</Fact>
      </Facts>
      <Facts title="Reclaiming" onEdit={() => setEditing('scheduler')}>
        {SCHEDULER.map(({ key, label, about }) => (
          <Fact key={key} name={label} about={`${key}: ${about}`}>
            {values.get(key) || <span class="muted">not set</span>}
          </Fact>
        ))}
      </Facts>
      <Facts title="Other options" onEdit={() => setEditing('option')}>
        {others.length === 0 && <Fact name="None">Options beyond those above can be added.</Fact>}
        {others.map(([key, value]) => (
          <Fact key={key} name={key}>
            <code>{value}</code>
          </Fact>
        ))}
      </Facts>
      {editor && (
        <EditDialog
          title={editor.title}
          fields={editor.fields}
          save={(changed, all) =>
            reconfigure(vm, config.changeVersion, editor.spec(changed, all), `Reconfigure ${name}`)
          }
          saved={editor.saved}
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  );
}
