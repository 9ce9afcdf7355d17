// SPDX-License-Identifier: LGPL-2.1-or-later
/* One VM: its state and what can be done above, all that it is in tabs below. */
import '../../vm/vm.css';
import './page.css';

import { useState } from 'preact/hooks';

import { loaded, vms } from '../../api/inventory';
import { memoryOf, useVmMemory } from '../../api/memory';
import type { Vm } from '../../api/types';
import { go, query, setQuery } from '../../router';
import type { PageProps } from '../../routes';
import { Button, ButtonLink, Empty } from '../../ui/controls';
import { ago, bytes, MIB, plural } from '../../ui/format';
import { Menu } from '../../ui/Menu';
import { Tabs } from '../../ui/Tabs';
import { powerOff, powerOn, reset, restart, shutDown, suspend, type Target } from '../../vm/actions';
import { ActionDialog, type Asking } from '../../vm/dialogs';
import { actionItem, begin, manageItems } from '../../vm/menu';
import { folderPaths, poolPaths } from '../../vm/places';
import { stateOf } from '../../vm/state';
import { useProperties } from '../../vm/watch';
import { AttributesTab } from './AttributesTab';
import { DisksTab } from './DisksTab';
import { EventsTab } from './EventsTab';
import { MemoryTab } from './MemoryTab';
import { NetworkTab } from './NetworkTab';
import { Question } from './Question';
import { SettingsTab } from './SettingsTab';
import { SnapshotsTab } from './SnapshotsTab';
import { DETAIL_PATHS, type Details, type VmDetails } from './types';

/* What is done most, in the state that it is in. */
function mainActions(vm: Vm) {
  if (vm['runtime.powerState'] !== 'poweredOn') return [powerOn];
  return [shutDown, suspend];
}

function Buttons({ vm, ask }: { vm: Vm; ask: (asking: Asking) => void }) {
  const targets: Target[] = [{ id: vm.id, name: vm.name ?? vm.id, vm }];
  const first = mainActions(vm);
  const rest = [powerOn, shutDown, suspend, restart, reset, powerOff].filter(
    (action) => !first.includes(action),
  );
  const on = vm['runtime.powerState'] === 'poweredOn';
  return (
    <div class="row vm-buttons">
      {first.map((action) => (
        <Button
          key={action.id}
          icon={action.icon}
          {...(action === powerOn && { kind: 'primary' as const })}
          because={action.against(vm)}
          onClick={() => begin(action, targets, ask)}
        >
          {action.label}
        </Button>
      ))}
      {on && (
        <ButtonLink href={`#/vm/${vm.id}/console`} icon="console">
          Console
        </ButtonLink>
      )}
      <Menu
        label={`More actions on ${vm.name}`}
        text="More"
        items={[
          ...rest
            .filter((action) => action.against(vm) === undefined)
            .map((action) => actionItem(action, targets, ask)),
          { label: 'Clone...', icon: 'clone', onSelect: () => go(`/deploy?from=${vm.id}`) },
          ...manageItems(targets, ask),
        ]}
      />
    </div>
  );
}

function Header({ vm, details, ask }: { vm: Vm; details: VmDetails; ask: (asking: Asking) => void }) {
  const memory = memoryOf(vm.id);
  const state = stateOf(vm, memory);
  const size = vm['summary.config.memorySizeMB'];
  const boot = vm['runtime.bootTime'];
  const facts = [
    size && bytes(size * MIB),
    vm['summary.config.numCpu'] && plural(vm['summary.config.numCpu'], 'processor'),
    details.guest?.guestFullName,
    vm['guest.hostName'],
    vm['guest.ipAddress'],
    boot && vm['runtime.powerState'] === 'poweredOn' && `started ${ago(boot)}`,
  ].filter(Boolean);
  return (
    <header class="vm-header">
      <div class="vm-title">
        <nav class="small muted" aria-label="Where it is">
          <a href="#/vms">VMs</a>
          <a href={`#/vms?in=${vm.parent?.value ?? ''}`}>
            folder {folderPaths.value.get(vm.parent?.value ?? '') ?? '/'}
          </a>
          {vm.resourcePool && (
            <a href={`#/vms?in=${vm.resourcePool.value}`}>
              pool {poolPaths.value.get(vm.resourcePool.value)}
            </a>
          )}
        </nav>
        <div class="row">
          <h1>{vm.name}</h1>
          <span class="vm-state" data-kind={state.kind} title={state.about || undefined}>
            {state.word}
          </span>
        </div>
        <div class="muted">{facts.join(' · ')}</div>
      </div>
      <Buttons vm={vm} ask={ask} />
    </header>
  );
}

export function VmPage({ params }: PageProps) {
  useVmMemory();
  const vm = vms.value.get(params.id ?? '');
  if (!vm) {
    if (!loaded.value) return null;
    return (
      <>
        <h1 class="visually-hidden">VM</h1>
        <Empty title="This VM is not there (any more).">
          <ButtonLink href="#/vms">All VMs</ButtonLink>
        </Empty>
      </>
    );
  }
  return <Shown vm={vm} />;
}

function Shown({ vm }: { vm: Vm }) {
  const details: VmDetails = useProperties<Details>(vm.ref, DETAIL_PATHS) ?? {};
  const [asking, setAsking] = useState<Asking | null>(null);
  return (
    <div class="stack vm-page">
      <Header vm={vm} details={details} ask={setAsking} />
      <Question vm={vm} />
      <Tabs
        label={`About ${vm.name}`}
        current={query.value.get('tab') ?? 'memory'}
        onChange={(id) => setQuery('tab', id === 'memory' ? null : id)}
        tabs={[
          { id: 'memory', label: 'Memory', content: () => <MemoryTab vm={vm} /> },
          { id: 'disks', label: 'Disks', content: () => <DisksTab vm={vm} details={details} /> },
          {
            id: 'snapshots',
            label: 'Snapshots',
            content: () => <SnapshotsTab vm={vm} details={details} ask={setAsking} />,
          },
          { id: 'network', label: 'Network', content: () => <NetworkTab vm={vm} details={details} /> },
          { id: 'attributes', label: 'Attributes', content: () => <AttributesTab vm={vm} /> },
          { id: 'events', label: 'Events', content: () => <EventsTab vm={vm} /> },
          { id: 'settings', label: 'Settings', content: () => <SettingsTab vm={vm} details={details} /> },
        ]}
      />
      <ActionDialog asking={asking} onClose={() => setAsking(null)} onDeleted={() => go('/vms')} />
    </div>
  );
}
