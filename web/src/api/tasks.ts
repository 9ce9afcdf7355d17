// SPDX-License-Identifier: LGPL-2.1-or-later
/* Methods whose names end in _Task: start one, follow it to its end, cancel it. */
import { effect } from '@preact/signals';

import { call, faultError, get, methodWords, ref } from './client';
import { tasks } from './inventory';
import { connection } from './updates';
import type { Ref, TaskInfo } from './types';

function done(info: TaskInfo | undefined): info is TaskInfo {
  return info?.state === 'success' || info?.state === 'error';
}

/** Waits for the end; what the collector says is asked for by hand after a connection was lost. */
function ending(task: Ref): Promise<TaskInfo> {
  return new Promise((resolve, reject) => {
    let stop: () => void = () => {};
    let asked = false;
    const end = (info: TaskInfo) => {
      queueMicrotask(() => stop());
      resolve(info);
    };
    const ask = async () => {
      try {
        const info = await get<TaskInfo>(ref('Task', task.value), 'info', 'Follow the task');
        if (done(info)) end(info);
      } catch (error) {
        queueMicrotask(() => stop());
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    stop = effect(() => {
      const info = tasks.value.get(task.value)?.info;
      const live = connection.value.state === 'live';
      if (done(info)) end(info);
      else if (live && !asked) void ask();
      asked = live;
    });
  });
}

/**
 * Calls a method that returns a task, and waits for the task's end.
 * @param what  for errors: "Power on web-1"
 * @returns the task's result
 */
export async function runTask<T = unknown>(
  object: Ref,
  method: string,
  args: Record<string, unknown> = {},
  what = methodWords(method),
): Promise<T> {
  return followTask<T>(await call<Ref>(object, method, args, what), what);
}

export async function followTask<T = unknown>(task: Ref, what: string): Promise<T> {
  const info = await ending(task);
  if (info.state === 'error') throw faultError(what, info.error ?? {});
  return info.result as T;
}

export async function cancelTask(task: Ref, name: string): Promise<void> {
  await call(ref('Task', task.value), 'CancelTask', {}, `Cancel ${name}`);
}

/** What a task does, in words. */
export function taskTitle(info: TaskInfo): string {
  // An operation of aerostat's own has its name there: "CloneVM", "CloneVM.whatIf".
  const own = info.name === undefined || info.name.startsWith('RunOperation');
  const parts = info.descriptionId.split('.');
  const asks = parts.at(-1) === 'whatIf' && parts.pop();
  const words = methodWords((own ? parts.at(-1) : info.name) ?? 'task');
  return asks ? `${words}, what if` : words;
}
