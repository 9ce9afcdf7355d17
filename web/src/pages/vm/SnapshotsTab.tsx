// SPDX-License-Identifier: LGPL-2.1-or-later
/* Snapshots as the tree that they are; going back, and removing with what they are merged into. */
import { useState } from 'preact/hooks';

import { call } from '../../api/client';
import { runTask } from '../../api/tasks';
import type { Vm } from '../../api/types';
import { Badge, Button, Check, Empty, Notice } from '../../ui/controls';
import { Dialog } from '../../ui/Dialog';
import { plural, time } from '../../ui/format';
import { Icon } from '../../ui/Icon';
import { Menu } from '../../ui/Menu';
import { say, sayError } from '../../ui/Toast';
import type { Asking } from '../../vm/dialogs';
import { EditDialog } from './edit';
import type { SnapshotTree, VmDetails } from './types';

const STATES: Record<string, string> = {
  poweredOn: 'with memory, running',
  suspended: 'with memory, suspended',
  poweredOff: 'disks only',
};

type Doing = { what: 'revert' | 'remove' | 'rename'; tree: SnapshotTree } | { what: 'all' };

function count(trees: readonly SnapshotTree[]): number {
  return trees.reduce((sum, tree) => sum + 1 + count(tree.childSnapshotList ?? []), 0);
}

function Branch({
  trees,
  current,
  act,
}: {
  trees: readonly SnapshotTree[];
  current: string | undefined;
  act: (doing: Doing) => void;
}) {
  return (
    <ul class="snapshots">
      {trees.map((tree) => (
        <li key={tree.snapshot.value}>
          <div class="snapshot">
            <Icon name="camera" />
            <div>
              <strong>{tree.name}</strong>
              <span class="muted small">
                {time(tree.createTime)}, {STATES[tree.state] ?? tree.state}
              </span>
              {tree.description && <p>{tree.description}</p>}
            </div>
            <Menu
              label={`Actions on snapshot ${tree.name}`}
              icon="more"
              side="right"
              items={[
                { label: 'Go back to it...', icon: 'refresh', onSelect: () => act({ what: 'revert', tree }) },
                { label: 'Rename...', icon: 'edit', onSelect: () => act({ what: 'rename', tree }) },
                { label: 'Remove...', icon: 'trash', onSelect: () => act({ what: 'remove', tree }) },
              ]}
            />
          </div>
          {tree.snapshot.value === current && (
            <div class="snapshot-now">
              <Badge kind="good">You are here</Badge>
            </div>
          )}
          {tree.childSnapshotList && <Branch trees={tree.childSnapshotList} current={current} act={act} />}
        </li>
      ))}
    </ul>
  );
}

function RevertDialog({ vm, tree, onClose }: { vm: Vm; tree: SnapshotTree; onClose: () => void }) {
  const [off, setOff] = useState(false);
  const runs = tree.state === 'poweredOn';
  return (
    <Dialog
      title={`Go back to "${tree.name}"?`}
      action="Go back"
      danger
      onAction={async () => {
        const what = `Go back to ${tree.name}`;
        await runTask(tree.snapshot, 'RevertToSnapshot_Task', { suppressPowerOn: off }, what);
        say(`${vm.name} is as it was at ${time(tree.createTime)}.`, 'good');
      }}
      onClose={onClose}
    >
      <p>
        What has changed on its disks{runs ? ' and in its memory' : ''} since {time(tree.createTime)} is lost,
        unless a snapshot has it. Independent disks stay as they are.
      </p>
      {runs && <Check label="Leave it off afterwards" checked={off} onValue={setOff} />}
    </Dialog>
  );
}

function RemoveDialog({ tree, onClose }: { tree: SnapshotTree; onClose: () => void }) {
  const below = count(tree.childSnapshotList ?? []);
  const [children, setChildren] = useState(false);
  return (
    <Dialog
      title={`Remove "${tree.name}"?`}
      action="Remove"
      danger
      onAction={async () => {
        const what = `Remove ${tree.name}`;
        await runTask(
          tree.snapshot,
          'RemoveSnapshot_Task',
          { removeChildren: children, consolidate: true },
          what,
        );
        say(`Snapshot "${tree.name}" is removed.`, 'good');
      }}
      onClose={onClose}
    >
      <p>
        The VM stays as it is: what the snapshot kept is merged into what stands on it. One cannot go back to
        it then.
      </p>
      {below > 0 && (
        <Check
          label={`Remove the ${plural(below, 'snapshot')} below it, too`}
          checked={children}
          onValue={setChildren}
        />
      )}
    </Dialog>
  );
}

function RemoveAllDialog({ vm, many, onClose }: { vm: Vm; many: number; onClose: () => void }) {
  return (
    <Dialog
      title={`Remove all snapshots of ${vm.name}?`}
      action="Remove all"
      danger
      onAction={async () => {
        await runTask(
          vm.ref,
          'RemoveAllSnapshots_Task',
          { consolidate: true },
          `Remove snapshots of ${vm.name}`,
        );
        say(`${vm.name} has no snapshots any more.`, 'good');
      }}
      onClose={onClose}
    >
      <p>
        The VM stays as it is now; one cannot go back to{' '}
        {many === 1 ? 'its snapshot' : `any of its ${many} snapshots`} then.
      </p>
    </Dialog>
  );
}

export function SnapshotsTab({
  vm,
  details,
  ask,
}: {
  vm: Vm;
  details: VmDetails;
  ask: (asking: Asking) => void;
}) {
  const [doing, setDoing] = useState<Doing | null>(null);
  const trees = details.snapshot?.rootSnapshotList ?? [];
  const many = count(trees);
  const close = () => setDoing(null);
  const consolidate = () =>
    runTask(vm.ref, 'ConsolidateVMDisks_Task', {}, `Consolidate the disks of ${vm.name}`)
      .then(() => say(`The disks of ${vm.name} are consolidated.`, 'good'))
      .catch(sayError);
  return (
    <section class="card stack" aria-label="Snapshots">
      <div class="row spread">
        <h2>Snapshots</h2>
        <div class="row">
          <Button
            icon="camera"
            onClick={() => ask({ what: 'snapshot', targets: [{ id: vm.id, name: vm.name ?? vm.id, vm }] })}
          >
            Take snapshot
          </Button>
          <Button
            icon="trash"
            because={many === 0 ? 'There are none.' : undefined}
            onClick={() => setDoing({ what: 'all' })}
          >
            Remove all
          </Button>
        </div>
      </div>
      {details['runtime.consolidationNeeded'] && (
        <Notice kind="warning" title="Its disks have files that no snapshot needs">
          <div class="row">
            Merging them gives their space back.
            <Button onClick={() => void consolidate()}>Consolidate</Button>
          </div>
        </Notice>
      )}
      {many === 0 ? (
        <Empty title="There are no snapshots." />
      ) : (
        <Branch trees={trees} current={details.snapshot?.currentSnapshot?.value} act={setDoing} />
      )}
      {doing?.what === 'revert' && <RevertDialog vm={vm} tree={doing.tree} onClose={close} />}
      {doing?.what === 'remove' && <RemoveDialog tree={doing.tree} onClose={close} />}
      {doing?.what === 'all' && <RemoveAllDialog vm={vm} many={many} onClose={close} />}
      {doing?.what === 'rename' && (
        <EditDialog
          title={`Snapshot "${doing.tree.name}"`}
          fields={[
            {
              id: 'name',
              label: 'Name',
              value: doing.tree.name,
              check: (text) => (text.trim() === '' || text.length > 80 ? 'A name of 1 to 80 letters.' : ''),
            },
            { id: 'description', label: 'Description', value: doing.tree.description, long: true },
          ]}
          save={(changed) =>
            call(doing.tree.snapshot, 'RenameSnapshot', changed, `Rename ${doing.tree.name}`)
          }
          saved="The snapshot is renamed."
          onClose={close}
        />
      )}
    </section>
  );
}
