// SPDX-License-Identifier: LGPL-2.1-or-later
/* Where the VM's files will be: a datastore that is there, or a new one. */
import { useState } from 'preact/hooks';

import { datastores } from '../../api/inventory';
import { addStore } from '../../api/store';
import type { Datastore } from '../../api/types';
import { Button, Empty, ErrorNotice, TextField } from '../../ui/controls';
import { bytes } from '../../ui/format';
import { draft, edit, wrongName } from './draft';

function StoreChoice({ store }: { store: Datastore }) {
  const usable = store['summary.accessible'] !== false;
  return (
    <label class="card start-choice">
      <input
        type="radio"
        name="store"
        checked={draft.value.store === store.id}
        disabled={!usable}
        onChange={() => edit({ store: store.id, image: '', iso: '' })}
      />
      <span>
        <strong>{store.name}</strong>{' '}
        <span class="muted small">
          {usable
            ? `${bytes(store['summary.freeSpace'])} free of ${bytes(store['summary.capacity'])}`
            : 'its folder cannot be reached; see that it is there and mounted'}
        </span>
      </span>
    </label>
  );
}

function wrongPath(path: string): string | undefined {
  return path.startsWith('/') ? undefined : 'A folder of the host, from its root: as /var/lib/aerostat/vms.';
}

function AddStore({ onDone }: { onDone?: () => void }) {
  const [name, setName] = useState('');
  const [path, setPath] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const taken = [...datastores.value.values()].some((store) => store.name === name);
  const wrong = wrongName(name) ?? (taken ? `There is a datastore named ${name}.` : undefined);
  const add = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const made = await addStore(name, path);
      edit({ store: made.value, image: '', iso: '' });
      onDone?.();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="card stack" aria-label="New datastore" onSubmit={(event) => void add(event)} noValidate>
      <TextField
        label="Name of the datastore"
        hint="As ds1."
        value={name}
        onValue={setName}
        error={name === '' ? undefined : wrong}
      />
      <TextField
        label="Folder on the host"
        hint="It is there already; VMs get folders of their own in it."
        value={path}
        onValue={setPath}
        error={path === '' ? undefined : wrongPath(path)}
      />
      <ErrorNotice error={error} />
      <div class="row">
        <Button type="submit" because={wrong ?? wrongPath(path)} disabled={busy}>
          Add datastore
        </Button>
        {onDone && <Button onClick={onDone}>Cancel</Button>}
      </div>
    </form>
  );
}

export function StoreStep() {
  const [adding, setAdding] = useState(false);
  const all = [...datastores.value.values()].sort((a, b) => (a.name ?? '').localeCompare(b.name ?? ''));
  if (all.length === 0)
    return (
      <>
        <Empty title="There is no datastore yet.">A datastore is a folder of the host with a name.</Empty>
        <AddStore />
      </>
    );
  return (
    <>
      <fieldset class="start-choices">
        <legend>Where the VM's files will be</legend>
        {all.map((store) => (
          <StoreChoice key={store.id} store={store} />
        ))}
      </fieldset>
      {adding ? (
        <AddStore onDone={() => setAdding(false)} />
      ) : (
        <div>
          <Button icon="plus" onClick={() => setAdding(true)}>
            Add another
          </Button>
        </div>
      )}
    </>
  );
}
