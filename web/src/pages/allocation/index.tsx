// SPDX-License-Identifier: LGPL-2.1-or-later
/* The allocation of a VM or a pool, edited with the policy's word on who would gain and lose by it. */
import './allocation.css';

import { useEffect, useState } from 'preact/hooks';

import { loaded, pools, vms } from '../../api/inventory';
import type { PageProps } from '../../routes';
import { Button, ButtonLink, Empty, ErrorNotice } from '../../ui/controls';
import { say } from '../../ui/Toast';
import { poolPaths } from '../../vm/places';
import { readAllocation, save, type Subject, usePreview } from './data';
import { check, type Draft, differs, draftOf, moves } from './draft';
import { Form } from './Form';
import { Outcomes } from './Outcomes';

function subjectOf(kind: string | undefined, id: string): Subject | null {
  if (kind === 'vm') {
    const vm = vms.value.get(id);
    if (!vm) return null;
    const { name = id, resourcePool: pool } = vm;
    return { kind, name, entity: vm, pool, memoryMb: vm['summary.config.memorySizeMB'] };
  }
  const pool = kind === 'pool' ? pools.value.get(id) : undefined;
  if (!pool) return null;
  const name = poolPaths.value.get(id) ?? pool.name ?? id;
  return { kind: 'pool', name, entity: pool, pool: pool.parent, memoryMb: undefined };
}

function Editor({ subject }: { subject: Subject }) {
  const [was, setWas] = useState<Draft | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const read = async () => {
    const found = draftOf(await readAllocation(subject), subject.pool?.value ?? '');
    setWas(found);
    return found;
  };
  useEffect(() => void read().then(setDraft).catch(setError), []);
  // Moved meanwhile, by whomever: what is not chosen here follows.
  useEffect(() => {
    const pool = subject.pool?.value ?? '';
    if (!was || was.pool === pool) return;
    if (draft?.pool === was.pool) setDraft({ ...draft, pool });
    setWas({ ...was, pool });
  }, [subject.pool?.value]);

  const errors = draft ? check(draft, subject.memoryMb) : {};
  const wrong = Object.keys(errors).length > 0;
  const changed = draft !== null && was !== null && (differs(draft, was) || moves(draft, was));
  const preview = usePreview(subject, changed && !wrong ? draft : null, was);
  if (!draft || !was) return <ErrorNotice error={error} />;

  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      await save(subject, draft, was);
      setDraft(await read());
      say(`The allocation of ${subject.name} is saved.`, 'good');
    } catch (problem) {
      setError(problem);
      // What is there now is what is compared with.
      await read().catch(() => {});
    } finally {
      setBusy(false);
    }
  };
  const discard = () => {
    setDraft(was);
    setError(null);
  };
  const nothing = changed ? undefined : 'Nothing is changed.';
  const because = nothing ?? (wrong ? 'Put right first what is marked.' : undefined);
  const idle = wrong
    ? 'Put right what is marked to see what would come of it.'
    : changed
      ? undefined
      : 'Change something to see who would gain and who would lose, before it is saved.';

  return (
    <div class="allocation">
      <form
        class="card stack"
        aria-label="Allocation"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (because === undefined && !busy) void submit();
        }}
      >
        <Form
          subject={subject}
          draft={draft}
          was={was}
          errors={errors}
          onChange={(fields) => setDraft({ ...draft, ...fields })}
        />
        <ErrorNotice error={error} />
        <div class="row">
          <Button type="submit" kind="primary" because={because} disabled={busy}>
            Save
          </Button>
          <Button because={nothing} disabled={busy} onClick={discard}>
            Discard
          </Button>
        </div>
      </form>
      <section class="card stack" aria-label="Preview">
        <h2>Who would gain, who would lose</h2>
        <Outcomes preview={preview} own={subject.entity.id} idle={idle} />
      </section>
    </div>
  );
}

export function AllocationPage({ params }: PageProps) {
  const subject = subjectOf(params.kind, params.id ?? '');
  if (!subject) {
    if (!loaded.value) return null;
    return (
      <div class="stack">
        <h1>Allocation</h1>
        <Empty title="That VM or pool is not there (any more).">
          <ButtonLink href="#/vms">All VMs</ButtonLink>
        </Empty>
      </div>
    );
  }
  const root = subject.kind === 'pool' && poolPaths.value.get(subject.entity.id) === '/';
  return (
    <div class="stack">
      <div class="row spread">
        <h1>Allocation of {subject.name}</h1>
        <ButtonLink href={subject.kind === 'vm' ? `#/vm/${subject.entity.id}` : '#/vms'} icon="vm">
          {subject.kind === 'vm' ? subject.name : 'All VMs'}
        </ButtonLink>
      </div>
      {root ? (
        <Empty title="The root pool is the host's memory.">
          It has no shares, reservation or limit to change; those of the pools and VMs in it share it out.
        </Empty>
      ) : (
        <Editor key={`${subject.kind} ${subject.entity.id}`} subject={subject} />
      )}
    </div>
  );
}
