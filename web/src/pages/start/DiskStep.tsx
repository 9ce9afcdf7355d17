// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the VM starts from: a new disk, an image that lies on the datastore, an ISO image in its drive. */
import { datastores } from '../../api/inventory';
import { useLoad } from '../../api/load';
import { findFiles, type StoreFile } from '../../api/store';
import { ErrorNotice, SelectField, TextField } from '../../ui/controls';
import { bytes } from '../../ui/format';
import { type Draft, draft, edit, type Wrong } from './draft';

const KINDS: { kind: Draft['disk']; label: string; hint: string }[] = [
  { kind: 'new', label: 'New disk', hint: 'empty; takes the room that is written to' },
  { kind: 'image', label: 'Disk image', hint: 'one that lies on the datastore; the VM writes into it' },
  { kind: 'none', label: 'No disk', hint: 'the VM runs from an ISO image' },
];

function choices(files: StoreFile[], kind: StoreFile['kind'], none: string) {
  const found = files
    .filter((file) => file.kind === kind)
    .map(({ path, bytes: size }) => ({ value: path, label: `${path} (${bytes(size)})` }));
  return [{ value: '', label: none }, ...found];
}

export function DiskStep({ wrong }: { wrong: Wrong }) {
  const now = draft.value;
  const store = datastores.value.get(now.store);
  const { data, error } = useLoad(async () => (store ? findFiles(store) : []), 0, [now.store]);
  const files = data ?? [];
  const has = (kind: StoreFile['kind']) => files.some((file) => file.kind === kind);
  return (
    <>
      <fieldset class="start-choices">
        <legend>Disk</legend>
        {KINDS.map(({ kind, label, hint }) => (
          <label key={kind} class="card start-choice">
            <input
              type="radio"
              name="disk"
              checked={now.disk === kind}
              onChange={() => edit({ disk: kind })}
            />
            <span>
              <strong>{label}</strong> <span class="muted small">{hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {now.disk === 'new' && (
        <TextField
          label="Size in GB"
          hint={`${store?.name} has ${bytes(store?.['summary.freeSpace'])} free.`}
          inputMode="decimal"
          value={now.size}
          onValue={(size) => edit({ size })}
          error={wrong.size}
        />
      )}
      {now.disk === 'image' && (
        <SelectField
          label="Image"
          hint={
            data && !has('disk') ? `There is none on ${store?.name}: put one into its folder.` : undefined
          }
          value={now.image}
          onValue={(image) => edit({ image })}
          choices={choices(files, 'disk', 'Choose...')}
          error={wrong.image}
        />
      )}
      <SelectField
        label="ISO image in its drive"
        hint={
          data && !has('iso')
            ? `There is none on ${store?.name}: put one into its folder to install from it.`
            : 'To install from. An empty disk is skipped: the VM starts from this.'
        }
        value={now.iso}
        onValue={(iso) => edit({ iso })}
        choices={choices(files, 'iso', 'None')}
        error={wrong.iso}
      />
      <ErrorNotice error={error} />
    </>
  );
}
