// SPDX-License-Identifier: LGPL-2.1-or-later
/* Clones of one VM, one or dozens: chosen, checked, made, reported. */
import './deploy.css';

import { useEffect, useMemo, useState } from 'preact/hooks';

import { vms } from '../../api/inventory';
import { useLoad } from '../../api/load';
import { useUnreserved } from '../../api/unreserved';
import { query, setQuery } from '../../router';
import { Button, ErrorNotice, Notice } from '../../ui/controls';
import { plural } from '../../ui/format';
import { readAttributes } from '../../vm/attributes';
import { SnapshotDialog } from '../../vm/dialogs';
import { askServer, type Check, memoryCheck, namesCheck, roomCheck } from './checks';
import { Checks, serverCheck } from './Checks';
import { Names, Places, Source } from './Choose';
import { addressOf, check, type Draft, draftFromAddress, namesOf, nextNumber, patternFor } from './draft';
import { madeBefore } from './before';
import { readParent, readSpecs } from './parent';
import { Progress } from './Progress';
import { run, start } from './run';

const PAUSE_MS = 300;

/** What a draft becomes when a field changes; another parent has other snapshots and proposes other names. */
function changed(draft: Draft, fields: Partial<Draft>): Draft {
  if (fields.from === undefined || fields.from === draft.from) return { ...draft, ...fields };
  const pattern = patternFor(vms.value.get(fields.from)?.name ?? '');
  return { ...draft, snapshot: '', first: '', pattern, ...fields };
}

/** The server's word on the draft; undefined: it has not said yet. */
function useServerCheck(ask: (() => Promise<unknown>) | null, key: string): unknown {
  const [said, setSaid] = useState<{ key: string; error: unknown } | null>(null);
  useEffect(() => {
    if (!ask) return;
    let current = true;
    const tell = (error: unknown) => current && setSaid({ key, error });
    const timer = setTimeout(() => void ask().then(() => tell(null), tell), PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key]);
  return said?.key === key ? said.error : undefined;
}

function Wizard() {
  const [draft, setDraft] = useState(() => {
    const found = draftFromAddress();
    return found.pattern === '' && found.from !== ''
      ? changed({ ...found, from: '' }, { from: found.from })
      : found;
  });
  const [snapshotting, setSnapshotting] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const vm = vms.value.get(draft.from);
  const begun = query.value.get('begun') === 'true';
  const pool = draft.pool || (vm?.resourcePool?.value ?? '');
  const unreserved = useUnreserved(pool);
  const parent = useLoad(() => (vm ? readParent(vm) : Promise.resolve(null)), 0, [vm?.id]);
  const specs = useLoad(readSpecs);
  useLoad(readAttributes);

  const taken = useMemo(
    () => new Set([...vms.value.values()].flatMap(({ name }) => name ?? [])),
    [vms.value],
  );
  const next = nextNumber(draft.pattern, taken);
  const errors = check(draft);
  const right = Object.keys(errors).length === 0;
  const names = right ? namesOf(draft, next) : [];
  const before = begun ? madeBefore(vm?.name ?? '', names) : new Set<string>();
  const fresh = names.filter((name) => !before.has(name));
  const ready = right && vm && parent.data ? parent.data : null;
  // Names are compared here; the server need not be asked with each letter of them.
  const { from, snapshot, linked, folder, store, spec, on } = draft;
  const asked = { from, snapshot, linked, folder, store, spec, on };
  const key = JSON.stringify([asked, fresh.length, ready?.snapshots]);
  const said = useServerCheck(ready && fresh.length > 0 ? () => askServer(draft, ready, fresh) : null, key);

  const checks: Check[] | null = ready && [
    ...(said === undefined ? [] : [serverCheck(said)]),
    namesCheck(fresh, taken),
    roomCheck(draft, ready, draft.store || ready.storeId, fresh.length),
    memoryCheck(draft, ready, pool, unreserved, fresh.length),
  ];
  const wrong = checks?.find(({ state }) => state === 'error');
  const because = !vm
    ? 'Choose the parent first.'
    : !right
      ? 'Put right first what is marked.'
      : fresh.length === 0
        ? 'All of them are there.'
        : said === undefined
          ? 'It is being checked.'
          : wrong?.text;

  const begin = async () => {
    if (!ready) return;
    const first = draft.first || (draft.pattern.includes('#') ? String(next) : '');
    setError(null);
    try {
      await askServer(draft, ready, fresh);
      await start({ ...draft, first }, ready, names, before);
      location.replace(addressOf({ ...draft, first }, true));
    } catch (problem) {
      setError(problem);
    }
  };
  const change = (fields: Partial<Draft>) => setDraft((now) => changed(now, fields));
  const common = { draft, errors, parent: parent.data, onChange: change };
  return (
    <form
      class="stack"
      aria-label="Deploy"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (because === undefined) void begin();
      }}
    >
      {before.size > 0 && (
        <Notice title={`${before.size} of ${names.length} were made before`}>
          This goes on with the rest: {plural(fresh.length, 'clone')}.
        </Notice>
      )}
      <ErrorNotice error={parent.error ?? specs.error} />
      <Source {...common} onSnapshot={() => setSnapshotting(true)} />
      <Names {...common} names={names} next={next} />
      <Places {...common} specs={specs.data ?? []} />
      <Checks checks={checks} onCountOn={draft.first ? () => change({ first: '' }) : undefined} />
      <ErrorNotice error={error} />
      <div class="row">
        <Button type="submit" kind="primary" icon="clone" because={because}>
          {fresh.length > 0 ? `Deploy ${plural(fresh.length, 'VM')}` : 'Deploy'}
        </Button>
      </div>
      {snapshotting && vm && (
        <SnapshotDialog
          targets={[{ id: vm.id, name: vm.name ?? vm.id, vm }]}
          onClose={() => {
            setSnapshotting(false);
            void parent.reload();
          }}
        />
      )}
    </form>
  );
}

/** From the report: what is left of the same, or more of it. */
function again(): void {
  const rest = run.value?.machines.some(({ state }) => state !== 'made' && state !== 'before');
  if (!rest) {
    setQuery('first', null);
    setQuery('begun', null);
  }
  run.value = null;
}

export function DeployPage() {
  // A report stays as long as the address is that of its deployment.
  const now = run.value;
  const shown = now && (now.endedMs === 0 || query.value.get('begun') === 'true');
  return (
    <div class="stack">
      <h1>Deploy</h1>
      {shown ? <Progress run={now} onAgain={again} /> : <Wizard />}
    </div>
  );
}
