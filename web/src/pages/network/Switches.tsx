// SPDX-License-Identifier: LGPL-2.1-or-later
import { useState } from 'preact/hooks';

import { addSwitch, type NetworkInfo, removeSwitch, type Switch } from '../../api/network';
import { Button, Empty, IconButton, SelectField, TextField } from '../../ui/controls';
import { Dialog } from '../../ui/Dialog';
import { plural } from '../../ui/format';

function uplinks(one: Switch): string {
  const nics = one.spec.bridge?.nicDevice;
  const all = nics === undefined ? [] : [nics].flat();
  return all.length > 0 ? all.join(', ') : 'none: leads nowhere';
}

function AddSwitch({ info, onDone }: { info: NetworkInfo; onDone: () => void }) {
  const [name, setName] = useState('');
  const [uplink, setUplink] = useState('');
  const wrong = /^[A-Za-z0-9_.-]{0,15}$/.test(name)
    ? undefined
    : 'Letters, digits, "-", "_" and ".", 15 at most.';
  const devices = (info.pnic ?? []).map(({ device }) => ({ value: device, label: device }));
  return (
    <Dialog
      title="Add a switch"
      action="Add"
      because={wrong ?? (name === '' ? 'Type a name.' : undefined)}
      onAction={() => addSwitch(name, uplink)}
      onClose={onDone}
    >
      <TextField label="Name" value={name} onValue={setName} error={wrong} hint="As vSwitch1." />
      <SelectField
        label="Uplink"
        hint="The host's network device that carries all VLANs of the switch out."
        value={uplink}
        onValue={setUplink}
        choices={[{ value: '', label: 'None' }, ...devices]}
      />
    </Dialog>
  );
}

export function Switches({ info, onChange }: { info: NetworkInfo; onChange: () => void }) {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<string | null>(null);
  const all = info.vswitch ?? [];
  const groups = (name: string) =>
    (info.portgroup ?? []).filter(({ spec }) => spec.vswitchName === name).length;
  return (
    <section class="card stack" aria-label="Switches">
      <div class="row spread">
        <h2>Switches</h2>
        <Button icon="plus" onClick={() => setAdding(true)}>
          Add switch
        </Button>
      </div>
      {all.length === 0 && (
        <Empty title="There are no switches.">
          A switch joins VMs' cards with each other, and by its uplink with the network outside.
        </Empty>
      )}
      <ul class="switches">
        {all.map((one) => (
          <li key={one.name} class="row spread">
            <span>
              <strong>{one.name}</strong>{' '}
              <span class="muted small">
                {plural(groups(one.name), 'port group')}; uplink {uplinks(one)}
              </span>
            </span>
            <IconButton label={`Remove ${one.name}`} icon="trash" onClick={() => setRemoving(one.name)} />
          </li>
        ))}
      </ul>
      {adding && (
        <AddSwitch
          info={info}
          onDone={() => {
            setAdding(false);
            onChange();
          }}
        />
      )}
      {removing !== null && (
        <Dialog
          title={`Remove ${removing}`}
          action="Remove"
          danger
          onAction={() => removeSwitch(removing)}
          onClose={() => {
            setRemoving(null);
            onChange();
          }}
        >
          <p>
            {groups(removing) > 0
              ? `It has ${plural(groups(removing), 'port group')}; a switch goes when it has none.`
              : 'Nothing is plugged into it.'}
          </p>
        </Dialog>
      )}
    </section>
  );
}
