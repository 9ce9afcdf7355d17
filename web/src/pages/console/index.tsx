// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a VM shows on its display, or says by its serial port, and what is typed into it. */
import './console.css';

import { loaded, vms } from '../../api/inventory';
import type { Vm } from '../../api/types';
import { query, setQuery } from '../../router';
import type { PageProps } from '../../routes';
import { Button, ButtonLink, Empty } from '../../ui/controls';
import { Tabs } from '../../ui/Tabs';
import { carryOut, powerOn } from '../../vm/actions';
import type { Port } from './channel';
import { Screen } from './Screen';

function Off({ vm }: { vm: Vm }) {
  const name = vm.name ?? vm.id;
  const suspended = vm['runtime.powerState'] === 'suspended';
  return (
    <Empty title={`${name} is ${suspended ? 'suspended' : 'off'}.`}>
      <p>A VM has a console while it runs.</p>
      <Button
        kind="primary"
        icon={powerOn.icon}
        because={powerOn.against(vm)}
        onClick={() => void carryOut(powerOn, [{ id: vm.id, name, vm }])}
      >
        {powerOn.label}
      </Button>
    </Empty>
  );
}

function Shown({ vm }: { vm: Vm }) {
  const on = vm['runtime.powerState'] === 'poweredOn';
  const content = (port: Port) => () => (on ? <Screen key={port} vm={vm} port={port} /> : <Off vm={vm} />);
  return (
    <div class="fill console">
      <header class="row spread">
        <h1>Console of {vm.name}</h1>
        <a href={`#/vm/${vm.id}`}>All about {vm.name}</a>
      </header>
      <Tabs
        label={`Consoles of ${vm.name}`}
        current={query.value.get('port') ?? 'display'}
        onChange={(id) => setQuery('port', id === 'display' ? null : id)}
        tabs={[
          { id: 'display', label: 'Display', content: content('display') },
          { id: 'serial', label: 'Serial port', content: content('serial') },
        ]}
      />
    </div>
  );
}

export function ConsolePage({ params }: PageProps) {
  const vm = vms.value.get(params.id ?? '');
  if (vm) return <Shown vm={vm} />;
  if (!loaded.value) return null;
  return (
    <Empty title="This VM is not there (any more).">
      <ButtonLink href="#/vms">All VMs</ButtonLink>
    </Empty>
  );
}
