// SPDX-License-Identifier: LGPL-2.1-or-later
/* Tasks as rows of a table. Pure. */
import { faultError } from '../../api/client';
import { taskTitle } from '../../api/tasks';
import type { Task, TaskInfo } from '../../api/types';

export interface TaskRow {
  info: TaskInfo;
  title: string;
  /** In a word: what was cancelled is no error. */
  state: 'waits' | 'runs' | 'done' | 'failed' | 'cancelled';
  going: boolean;
  /** Of the one that it runs, or ran; undefined: it has not begun. In ms. */
  lasted: number | undefined;
  /** What went wrong, and what to do about it. */
  problem: string | undefined;
}

const WORDS = { queued: 'waits', running: 'runs', success: 'done', error: 'failed' } as const;

function lastedOf(info: TaskInfo, now: number): number | undefined {
  if (info.startTime === undefined) return undefined;
  const end = info.completeTime === undefined ? now : Date.parse(info.completeTime);
  return Math.max(0, end - Date.parse(info.startTime));
}

function problemOf(info: TaskInfo, title: string): string | undefined {
  if (!info.error || info.cancelled) return undefined;
  const { why, cure } = faultError(title, info.error);
  return `${why} ${cure}`.trim();
}

function rowOf(info: TaskInfo, now: number): TaskRow {
  const title = taskTitle(info);
  return {
    info,
    title,
    state: info.cancelled ? 'cancelled' : WORDS[info.state],
    going: info.state === 'queued' || info.state === 'running',
    lasted: lastedOf(info, now),
    problem: problemOf(info, title),
  };
}

/* Rows of what has ended do not change any more; the table draws again only those that do. */
const ended = new WeakMap<TaskInfo, TaskRow>();

/** The newest first. */
export function rowsOf(tasks: Iterable<Task>, now: number): TaskRow[] {
  return [...tasks]
    .flatMap(({ info }) => info ?? [])
    .sort((a, b) => b.queueTime.localeCompare(a.queueTime))
    .map((info) => {
      const known = ended.get(info);
      if (known) return known;
      const row = rowOf(info, now);
      if (!row.going) ended.set(info, row);
      return row;
    });
}

export function label(row: TaskRow): string {
  return row.info.entityName ? `${row.title} of ${row.info.entityName}` : row.title;
}

/** Why it cannot be cancelled; undefined: it can. */
export function against(row: TaskRow): string | undefined {
  if (!row.going) return 'It has ended.';
  return row.info.cancelable ? undefined : 'It cannot be stopped any more.';
}
