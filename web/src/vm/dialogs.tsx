// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is asked before something is done to VMs. */
import { useState } from 'preact/hooks';

import { folders, pools } from '../api/inventory';
import { Check, Notice, SelectField, TextField } from '../ui/controls';
import { Dialog } from '../ui/Dialog';
import { plural } from '../ui/format';
import { say } from '../ui/Toast';
import {
  type Action,
  carryOut,
  destroy,
  fit,
  forEach,
  moveToFolder,
  moveToPool,
  named,
  takeSnapshot,
  type Target,
} from './actions';
import { folderPaths, poolPaths } from './places';

interface DialogProps {
  targets: readonly Target[];
  onClose: () => void;
}

const LISTED = 8;

function Names({ targets }: { targets: readonly Target[] }) {
  const rest = targets.length - LISTED;
  return (
    <ul class="names">
      {targets.slice(0, rest === 1 ? LISTED + 1 : LISTED).map((target) => (
        <li key={target.id}>{target.name}</li>
      ))}
      {rest > 1 && <li class="muted">and {rest} more</li>}
    </ul>
  );
}

/** Says which of the chosen are left out, and why the first of them is. */
function LeftOut({ action, targets }: { action: Action; targets: readonly Target[] }) {
  const out = targets.filter((target) => action.against(target.vm) !== undefined);
  const first = out[0];
  if (!first) return null;
  return (
    <Notice
      kind="warning"
      title={`${plural(out.length, 'VM')} left as ${out.length === 1 ? 'it is' : 'they are'}`}
    >
      {first.name}: {action.against(first.vm)}
    </Notice>
  );
}

export function ConfirmDialog({ action, targets, onClose }: DialogProps & { action: Action }) {
  const fitting = fit(action, targets);
  return (
    <Dialog
      title={`${action.label} ${named(fitting)}?`}
      action={action.label}
      danger
      onAction={() => void carryOut(action, fitting)}
      onClose={onClose}
    >
      <p>{action.loses}</p>
      <Names targets={fitting} />
      <LeftOut action={action} targets={targets} />
    </Dialog>
  );
}

export function DeleteDialog({ targets, onClose, onDone }: DialogProps & { onDone?: () => void }) {
  const [typed, setTyped] = useState('');
  const fitting = fit(destroy, targets);
  const wanted = fitting.length === 1 ? (fitting[0]?.name ?? '') : `delete ${fitting.length} VMs`;
  return (
    <Dialog
      title={`Delete ${named(fitting)}?`}
      action="Delete"
      danger
      because={typed === wanted ? undefined : `Type "${wanted}" first.`}
      onAction={() => {
        void carryOut(destroy, fitting);
        onDone?.();
      }}
      onClose={onClose}
    >
      <p>
        {fitting.length === 1 ? 'The VM goes' : 'These VMs go'} with everything that is theirs: disks,
        snapshots, saved memory, settings. Nothing brings that back. Disks that others stand on (linked
        clones) stay.
      </p>
      <Names targets={fitting} />
      <LeftOut action={destroy} targets={targets} />
      <TextField label={`Type "${wanted}" to go on`} value={typed} onValue={setTyped} />
    </Dialog>
  );
}

export function SnapshotDialog({ targets, onClose }: DialogProps) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [memory, setMemory] = useState(true);
  const [quiesce, setQuiesce] = useState(false);
  const running = targets.filter((target) => target.vm['runtime.powerState'] === 'poweredOn');
  return (
    <Dialog
      title={`Snapshot of ${named(targets)}`}
      action="Take snapshot"
      because={name.trim() === '' ? 'Give it a name.' : undefined}
      onAction={async () => {
        const spec = {
          name: name.trim(),
          description,
          memory: memory && running.length > 0,
          quiesce: quiesce && running.length > 0,
        };
        await forEach('Take snapshots', targets, (target) => takeSnapshot(target, spec));
        say(`Snapshot "${spec.name}" of ${named(targets)} taken.`, 'good');
      }}
      onClose={onClose}
    >
      <TextField label="Name" value={name} onValue={setName} maxLength={80} autofocus />
      <TextField label="Description" value={description} onValue={setDescription} maxLength={1000} />
      {running.length > 0 ? (
        <>
          <Check
            label="With memory: going back, it runs on from this moment"
            checked={memory}
            onValue={(on) => {
              setMemory(on);
              if (on) setQuiesce(false);
            }}
          />
          <Check
            label="Quiesced: the guest's agent has its file systems written out first"
            checked={quiesce}
            disabled={memory}
            onValue={setQuiesce}
          />
        </>
      ) : (
        <p class="muted">
          {targets.length === 1 ? 'It is off' : 'They are off'}: there is no memory to keep.
        </p>
      )}
    </Dialog>
  );
}

const sorted = (paths: ReadonlyMap<string, string>) =>
  [...paths].sort(([, a], [, b]) => a.localeCompare(b)).map(([value, label]) => ({ value, label }));

/** The place that all are in; undefined: they are in several. */
function common(places: (string | undefined)[]): string | undefined {
  return places.every((place) => place === places[0]) ? places[0] : undefined;
}

export function MoveDialog({ targets, to, onClose }: DialogProps & { to: 'folder' | 'pool' }) {
  const paths = to === 'folder' ? folderPaths.value : poolPaths.value;
  const now = common(targets.map(({ vm }) => (to === 'folder' ? vm.parent : vm.resourcePool)?.value));
  const [chosen, setChosen] = useState(now ?? '');
  const label = to === 'folder' ? 'Folder' : 'Resource pool';
  const move = async () => {
    const path = paths.get(chosen) ?? '';
    const place = (to === 'folder' ? folders : pools).value.get(chosen);
    if (!place) throw new Error(`${label} ${path} is not there any more.`);
    if (to === 'folder') await moveToFolder(targets, place.ref, path);
    else await moveToPool(targets, place.ref, path);
    say(`${named(targets)} moved to ${path}.`, 'good');
  };
  return (
    <Dialog
      title={`Move ${named(targets)} to another ${label.toLowerCase()}`}
      action="Move"
      because={chosen === '' || chosen === now ? `Choose another ${label.toLowerCase()}.` : undefined}
      onAction={move}
      onClose={onClose}
    >
      {targets.length > 1 && <Names targets={targets} />}
      <SelectField
        label={label}
        hint={to === 'pool' ? "The pool's shares, reservation and limit then hold for it, too." : undefined}
        value={chosen}
        onValue={setChosen}
        choices={[...(now ? [] : [{ value: '', label: 'They are in several' }]), ...sorted(paths)]}
      />
    </Dialog>
  );
}

export type Asking =
  | { what: 'confirm'; action: Action; targets: readonly Target[] }
  | { what: 'snapshot' | 'delete' | 'folder' | 'pool'; targets: readonly Target[] };

/** The dialog that is open, if one is. */
export function ActionDialog({
  asking,
  onClose,
  onDeleted,
}: {
  asking: Asking | null;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  if (!asking) return null;
  const { targets } = asking;
  switch (asking.what) {
    case 'confirm':
      return <ConfirmDialog action={asking.action} targets={targets} onClose={onClose} />;
    case 'snapshot':
      return <SnapshotDialog targets={targets} onClose={onClose} />;
    case 'delete':
      return <DeleteDialog targets={targets} onClose={onClose} {...(onDeleted && { onDone: onDeleted })} />;
    default:
      return <MoveDialog targets={targets} to={asking.what} onClose={onClose} />;
  }
}
