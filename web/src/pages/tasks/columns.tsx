// SPDX-License-Identifier: LGPL-2.1-or-later
import { Badge, Button } from '../../ui/controls';
import { duration, time } from '../../ui/format';
import type { Column } from '../../ui/Table';
import { against, label, type TaskRow } from './rows';

const KINDS = {
  waits: undefined,
  runs: undefined,
  done: 'good',
  failed: 'error',
  cancelled: 'warning',
} as const;

function State({ row }: { row: TaskRow }) {
  if (row.state !== 'runs') return <Badge kind={KINDS[row.state]}>{row.state}</Badge>;
  const { progress } = row.info;
  return (
    <span class="task-progress">
      <progress max={100} value={progress} aria-label={`Progress of ${label(row)}`} />
      {progress !== undefined && <span class="small">{progress}%</span>}
    </span>
  );
}

function Object({ row }: { row: TaskRow }) {
  const { entity, entityName } = row.info;
  if (entity?.type !== 'VirtualMachine' || !entityName) return <>{entityName ?? ''}</>;
  return <a href={`#/vm/${entity.value}`}>{entityName}</a>;
}

export function columns(onCancel: (row: TaskRow) => void): Column<TaskRow>[] {
  return [
    { id: 'what', title: 'Task', value: (row) => row.title, width: 170, grow: 2 },
    {
      id: 'object',
      title: 'On',
      about: 'What it is done to',
      value: (row) => row.info.entityName,
      render: (row) => <Object row={row} />,
      width: 110,
      grow: 2,
    },
    {
      id: 'state',
      title: 'State',
      value: (row) => row.state,
      render: (row) => <State row={row} />,
      width: 130,
    },
    {
      id: 'user',
      title: 'By',
      about: 'Who began it',
      value: (row) => row.info.reason?.userName,
      width: 90,
      grow: 1,
    },
    {
      id: 'when',
      title: 'Asked for',
      value: (row) => row.info.queueTime,
      text: (row) => time(row.info.queueTime),
      width: 100,
      grow: 1,
    },
    {
      id: 'lasted',
      title: 'Took',
      about: 'How long it took, or has run until now',
      value: (row) => row.lasted,
      text: (row) => (row.lasted === undefined ? '-' : duration(row.lasted)),
      align: 'right',
      width: 96,
    },
    {
      id: 'problem',
      title: 'Error',
      value: (row) => row.problem,
      render: (row) => row.problem && <span title={row.problem}>{row.problem}</span>,
      width: 200,
      grow: 4,
    },
    {
      id: 'cancel',
      title: 'Actions',
      value: () => undefined,
      width: 90,
      render: (row) =>
        row.going && (
          <Button
            kind="quiet"
            aria-label={`Cancel ${label(row)}`}
            because={against(row)}
            onClick={() => onCancel(row)}
          >
            Cancel
          </Button>
        ),
    },
  ];
}
