// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is made from what, how many, what they are called and where they go. */
import { datastores, networks, vms } from '../../api/inventory';
import { Button, Check, type Choice, SelectField, TextField } from '../../ui/controls';
import { bytes } from '../../ui/format';
import { folderPaths, poolPaths } from '../../vm/places';
import type { Draft, Errors } from './draft';
import type { Parent } from './parent';

interface Props {
  draft: Draft;
  errors: Errors;
  parent: Parent | null;
  onChange: (fields: Partial<Draft>) => void;
}

const sorted = (choices: Choice[]) =>
  choices.sort((a, b) => a.label.localeCompare(b.label, undefined, { numeric: true }));

const ofPaths = (paths: ReadonlyMap<string, string>) =>
  sorted([...paths].map(([value, label]) => ({ value, label })));

export function Source({ draft, errors, parent, onChange, onSnapshot }: Props & { onSnapshot: () => void }) {
  const parents = sorted(
    [...vms.value.values()].map(({ id, name = id, 'summary.config.template': template }) => ({
      value: id,
      label: template ? `${name} (template)` : name,
    })),
  );
  const snapshots = parent?.snapshots ?? [];
  const current = snapshots.find((each) => each.current);
  const none = draft.linked
    ? current
      ? `The current one: ${current.label.replace(/^(– )+/, '')}`
      : 'There is none'
    : 'None: its disks as they are';
  return (
    <section class="card stack" aria-labelledby="deploy-source">
      <h2 id="deploy-source">What from</h2>
      <SelectField
        label="Parent"
        value={draft.from}
        onValue={(from) => onChange({ from })}
        error={errors.from}
        choices={[
          ...(draft.from === '' ? [{ value: '', label: 'Choose a VM or template' }] : []),
          ...parents,
        ]}
      />
      <fieldset class="deploy-kinds">
        <legend>Disks</legend>
        {[
          { linked: true, label: "Linked: they share the snapshot's disks and keep their changes" },
          { linked: false, label: 'Full: copies of their own' },
        ].map((kind) => (
          <label class="check" key={kind.label}>
            <input
              type="radio"
              name="disks"
              checked={draft.linked === kind.linked}
              onChange={() => onChange({ linked: kind.linked })}
            />
            <span>{kind.label}</span>
          </label>
        ))}
      </fieldset>
      <div class="deploy-beside">
        <SelectField
          label="Snapshot"
          value={draft.snapshot}
          onValue={(snapshot) => onChange({ snapshot })}
          disabled={!parent}
          choices={[{ value: '', label: none }, ...snapshots.map(({ id, label }) => ({ value: id, label }))]}
        />
        <Button icon="camera" because={parent ? undefined : 'Choose the parent first.'} onClick={onSnapshot}>
          Take one
        </Button>
      </div>
    </section>
  );
}

export function Names({
  draft,
  errors,
  names,
  next,
  onChange,
}: Omit<Props, 'parent'> & { names: string[]; next: number }) {
  const shown = names.length > 6 ? [...names.slice(0, 4), '…', names[names.length - 1] ?? ''] : names;
  return (
    <section class="card stack" aria-labelledby="deploy-names">
      <h2 id="deploy-names">How many, and their names</h2>
      <div class="deploy-fields">
        <TextField
          label="Count"
          value={draft.count}
          onValue={(count) => onChange({ count })}
          error={errors.count}
          inputMode="numeric"
        />
        <TextField
          label="Name"
          hint="## is the number, with as many digits."
          value={draft.pattern}
          onValue={(pattern) => onChange({ pattern, first: '' })}
          // The parent proposes one.
          error={draft.from === '' ? undefined : errors.pattern}
        />
        <TextField
          label="First number"
          hint={`Empty: ${next}, which counts on.`}
          value={draft.first}
          onValue={(first) => onChange({ first })}
          error={errors.first}
          inputMode="numeric"
        />
      </div>
      <ul class="deploy-names" aria-label="Names">
        {shown.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </section>
  );
}

export function Places({ draft, parent, specs, onChange }: Omit<Props, 'errors'> & { specs: string[] }) {
  const own = vms.value.get(draft.from);
  const folder = folderPaths.value.get(own?.parent?.value ?? '');
  const pool = poolPaths.value.get(own?.resourcePool?.value ?? '');
  const same = (path: string | undefined) => ({
    value: '',
    label: path ? `As the parent: ${path}` : 'As the parent',
  });
  const stores = [...datastores.value.values()].map(({ id, name = id, 'summary.freeSpace': free }) => ({
    value: id,
    label: `${name}, ${bytes(free)} free`,
  }));
  const groups = [...networks.value.values()].map(({ id, name = id }) => ({ value: name, label: name }));
  return (
    <section class="card stack" aria-labelledby="deploy-places">
      <h2 id="deploy-places">Where, and what they become</h2>
      <div class="deploy-fields">
        <SelectField
          label="Folder"
          value={draft.folder}
          onValue={(folder) => onChange({ folder })}
          choices={[same(folder), ...ofPaths(folderPaths.value)]}
        />
        <SelectField
          label="Resource pool"
          value={draft.pool}
          onValue={(pool) => onChange({ pool })}
          choices={[same(pool), ...ofPaths(poolPaths.value)]}
        />
        <SelectField
          label="Datastore"
          value={draft.store}
          onValue={(store) => onChange({ store })}
          choices={[same(undefined), ...sorted(stores)]}
        />
        <SelectField
          label="Customization"
          value={draft.spec}
          onValue={(spec) => onChange({ spec })}
          choices={[{ value: '', label: 'None' }, ...specs.map((name) => ({ value: name, label: name }))]}
        />
        <SelectField
          label="Port group"
          hint={parent && !parent.card ? 'The parent has no network card.' : undefined}
          value={draft.group}
          onValue={(group) => onChange({ group })}
          disabled={!parent?.card}
          choices={[same(undefined), ...sorted(groups)]}
        />
      </div>
      <Check label="Power on when they are made" checked={draft.on} onValue={(on) => onChange({ on })} />
    </section>
  );
}
