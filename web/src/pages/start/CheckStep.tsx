// SPDX-License-Identifier: LGPL-2.1-or-later
/* What will be made, and how far it is. */
import { datastores, tasks } from '../../api/inventory';
import type { Ref } from '../../api/types';
import { Badge, Button, ErrorNotice } from '../../ui/controls';
import { bytes, MIB } from '../../ui/format';
import { type Draft, diskWords, draft, storeName } from './draft';
import { madeVm, making, type Step } from './making';

const KINDS = { waits: undefined, runs: undefined, done: 'good', failed: 'error' } as const;

function Progress({ step }: { step: Step }) {
  const info = step.task && tasks.value.get(step.task.value)?.info;
  return (
    <li class="row spread">
      <span>{step.words}</span>
      {step.state === 'runs' && <progress max={100} value={info?.progress} aria-label={step.words} />}
      <Badge kind={KINDS[step.state]}>{step.state}</Badge>
    </li>
  );
}

function facts(now: Draft): [string, string][] {
  return [
    ['Name', now.name],
    ['Datastore', storeName(now, datastores.value)],
    ['Memory', bytes(Number(now.memory) * MIB)],
    ['Processors', now.cpus],
    ['Disk', diskWords(now)],
    ['ISO image', now.iso || 'none'],
    ['Network', now.network || 'none'],
  ];
}

export function CheckStep({ onLeave }: { onLeave: (vm: Ref) => void }) {
  const vm = madeVm();
  const now = making.value;
  return (
    <>
      <dl class="start-facts">
        {facts(draft.value).map(([name, value]) => (
          <div key={name}>
            <dt class="muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {now && (
        <ol class="start-progress" aria-label="Progress" aria-live="polite">
          {now.steps.map((step) => (
            <Progress key={step.words} step={step} />
          ))}
        </ol>
      )}
      <ErrorNotice error={now?.error} />
      {vm && now?.error != null && (
        <div>
          <Button onClick={() => onLeave(vm)}>Go to {draft.value.name}, which is off</Button>
        </div>
      )}
    </>
  );
}
