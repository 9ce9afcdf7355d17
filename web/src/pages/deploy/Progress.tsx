// SPDX-License-Identifier: LGPL-2.1-or-later
/* How far the clones are, one by one; at the end, the report. */
import { tasks, vms } from '../../api/inventory';
import { Badge, Button, type Kind } from '../../ui/controls';
import { duration } from '../../ui/format';
import { cancel, type Machine, type Run } from './run';

const WORDS: Record<Machine['state'], [string, Kind | undefined]> = {
  waits: ['waits', undefined],
  runs: ['being made', undefined],
  made: ['made', 'good'],
  before: ['made before', 'good'],
  failed: ['failed', 'error'],
  cancelled: ['not made', 'warning'],
};

function Row({ machine }: { machine: Machine }) {
  const [word, kind] = WORDS[machine.state];
  const progress = machine.task ? tasks.value.get(machine.task.value)?.info?.progress : undefined;
  const vm = machine.vm && vms.value.get(machine.vm.value);
  return (
    <tr>
      <th scope="row">{vm ? <a href={`#/vm/${vm.id}`}>{machine.name}</a> : machine.name}</th>
      <td>
        {machine.state === 'runs' ? (
          <progress max={100} value={progress ?? 0} aria-label={`Progress of ${machine.name}`} />
        ) : (
          <Badge kind={kind}>{word}</Badge>
        )}
      </td>
      <td>{machine.ms > 0 ? duration(machine.ms) : ''}</td>
      <td class="deploy-why">{machine.error instanceof Error ? machine.error.message : ''}</td>
    </tr>
  );
}

export function Progress({ run, onAgain }: { run: Run; onAgain: () => void }) {
  const made = run.machines.filter(({ state }) => state === 'made' || state === 'before').length;
  const total = run.machines.length;
  const over = run.endedMs > 0;
  const text = over
    ? `${made} of ${total} ${run.linked ? 'linked' : 'full'} clones of ${run.parent}, in ${duration(run.endedMs - run.begunMs)}.`
    : `${made} of ${total} are there.`;
  return (
    <section class="card stack" aria-labelledby="deploy-report">
      <div class="row spread">
        <h2 id="deploy-report">{over ? 'Report' : 'Deploying'}</h2>
        {over ? (
          <Button kind={made < total ? 'primary' : undefined} onClick={onAgain}>
            {made < total ? 'Go on with the rest' : 'Deploy more'}
          </Button>
        ) : (
          <Button
            kind="danger"
            because={run.cancelled ? 'What runs is being ended.' : undefined}
            onClick={cancel}
          >
            Cancel
          </Button>
        )}
      </div>
      <p role="status">{text}</p>
      {!over && <progress max={total} value={made} aria-label="Progress of all" />}
      <div class="deploy-report" role="region" aria-label="Clones" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">State</th>
              <th scope="col">Took</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {run.machines.map((machine) => (
              <Row key={machine.name} machine={machine} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
