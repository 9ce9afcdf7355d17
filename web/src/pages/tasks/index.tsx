// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is being done, by whomever, and what lately was. */
import './tasks.css';

import { useEffect, useMemo, useState } from 'preact/hooks';

import { ApiError } from '../../api/client';
import { tasks } from '../../api/inventory';
import { cancelTask } from '../../api/tasks';
import { Button, Empty, Notice } from '../../ui/controls';
import { plural } from '../../ui/format';
import { Table } from '../../ui/Table';
import { say, sayError } from '../../ui/Toast';
import { columns } from './columns';
import { against, label, rowsOf, type TaskRow } from './rows';

const TICK_MS = 1000;

/* The time, while it matters. */
function useNow(ticks: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!ticks) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [ticks]);
  return now;
}

/** All are tried, whatever becomes of the others. */
async function cancel(rows: readonly TaskRow[]): Promise<void> {
  const results = await Promise.allSettled(rows.map((row) => cancelTask(row.info.task, label(row))));
  const wrong = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const done = rows.length - wrong.length;
  if (done > 0) say(`${done === 1 ? 'The task was' : `${plural(done, 'task')} were`} told to stop.`, 'good');
  if (wrong.length === 1) sayError(wrong[0]);
  if (wrong.length > 1) {
    const words = wrong.map((error) =>
      error instanceof ApiError ? `${error.what}: ${error.why}` : String(error),
    );
    sayError(new ApiError(`Cancel ${plural(wrong.length, 'task')}`, words.join(' '), '', '', 500));
  }
}

/* The error of what is selected, whole: the table has one line for it. */
function Problem({ rows }: { rows: readonly TaskRow[] }) {
  const row = rows.length === 1 ? rows[0] : undefined;
  if (!row?.problem) return null;
  return (
    <Notice kind="error" title={`${label(row)}: that did not work`}>
      {row.problem}
    </Notice>
  );
}

export function TasksPage() {
  const going = [...tasks.value.values()].some(({ info }) => info && info.completeTime === undefined);
  const now = useNow(going);
  const rows = useMemo(() => rowsOf(tasks.value.values(), now), [tasks.value, now]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(() => columns((row) => void cancel([row])), []);
  const chosen = rows.filter((row) => selected.has(row.info.key));
  const stoppable = chosen.filter((row) => against(row) === undefined);
  const because =
    chosen.length === 0
      ? 'Select tasks first.'
      : stoppable.length === 0
        ? 'None of those selected can be stopped.'
        : undefined;
  return (
    <div class="fill tasks">
      <h1>Tasks</h1>
      <Problem rows={chosen} />
      <Table
        name="tasks"
        columns={shown}
        rows={rows}
        rowId={(row) => row.info.key}
        rowLabel={label}
        selected={selected}
        onSelect={setSelected}
        tools={
          <Button icon="stop" because={because} onClick={() => void cancel(stoppable)}>
            {stoppable.length > 1 ? `Cancel ${stoppable.length} tasks` : 'Cancel selected'}
          </Button>
        }
        empty={
          <Empty title="Nothing has been done yet.">What takes a while is a task, and is shown here.</Empty>
        }
      />
    </div>
  );
}
