// SPDX-License-Identifier: LGPL-2.1-or-later
/* What can be done to VMs, one or many at a time, and which of them it can be done to. */
import { ApiError, call } from '../api/client';
import { runTask } from '../api/tasks';
import type { Ref, Vm } from '../api/types';
import type { IconName } from '../ui/Icon';
import { plural } from '../ui/format';
import { say, sayError } from '../ui/Toast';
import { rootPool } from './places';

/** What actions need to know of a VM. */
export interface Target {
  id: string;
  name: string;
  vm: Vm;
}

export interface Action {
  id: string;
  /** A verb: "Power on". */
  label: string;
  icon: IconName;
  /** What it did: "powered on". */
  done: string;
  /** Why it cannot be done to this one now; undefined: it can. */
  against: (vm: Vm) => string | undefined;
  one: (target: Target) => Promise<unknown>;
  /** Asked before: what is lost. */
  loses?: string;
}

const power = (vm: Vm) => vm['runtime.powerState'];
const isTemplate = (vm: Vm) => (vm['summary.config.template'] ? 'It is a template.' : undefined);
const needsOn = (vm: Vm) => isTemplate(vm) ?? (power(vm) === 'poweredOn' ? undefined : 'It does not run.');

function task(method: string, label: string) {
  return (target: Target) => runTask(target.vm.ref, method, {}, `${label} ${target.name}`);
}

function plainCall(method: string, label: string, args: Record<string, unknown> = {}) {
  return (target: Target) => call(target.vm.ref, method, args, `${label} ${target.name}`);
}

export const powerOn: Action = {
  id: 'on',
  label: 'Power on',
  icon: 'play',
  done: 'powered on',
  against: (vm) => isTemplate(vm) ?? (power(vm) === 'poweredOn' ? 'It runs already.' : undefined),
  one: task('PowerOnVM_Task', 'Power on'),
};

export const shutDown: Action = {
  id: 'shutdown',
  label: 'Shut down guest',
  icon: 'power',
  done: 'asked to shut down',
  against: needsOn,
  one: plainCall('ShutdownGuest', 'Shut down the guest of'),
};

export const restart: Action = {
  id: 'restart',
  label: 'Restart guest',
  icon: 'refresh',
  done: 'asked to restart',
  against: needsOn,
  one: plainCall('RebootGuest', 'Restart the guest of'),
};

export const suspend: Action = {
  id: 'suspend',
  label: 'Suspend',
  icon: 'pause',
  done: 'suspended',
  against: needsOn,
  one: task('SuspendVM_Task', 'Suspend'),
};

export const powerOff: Action = {
  id: 'off',
  label: 'Power off',
  icon: 'stop',
  done: 'powered off',
  against: (vm) => isTemplate(vm) ?? (power(vm) === 'poweredOff' ? 'It is off already.' : undefined),
  one: task('PowerOffVM_Task', 'Power off'),
  loses: 'What the guest has not written to its disks is lost, as when the plug is pulled.',
};

export const reset: Action = {
  id: 'reset',
  label: 'Reset',
  icon: 'refresh',
  done: 'reset',
  against: needsOn,
  one: task('ResetVM_Task', 'Reset'),
  loses: 'What the guest has not written to its disks is lost, as by the reset button.',
};

export const markTemplate: Action = {
  id: 'template',
  label: 'Mark as template',
  icon: 'template',
  done: 'marked as templates',
  against: (vm) => isTemplate(vm) ?? (power(vm) === 'poweredOff' ? undefined : 'It is to be off.'),
  one: plainCall('MarkAsTemplate', 'Mark as template'),
};

export const markVm: Action = {
  id: 'vm',
  label: 'Make it a VM again',
  icon: 'vm',
  done: 'made VMs again',
  against: (vm) => (isTemplate(vm) ? undefined : 'It is no template.'),
  one: (target) =>
    call(target.vm.ref, 'MarkAsVirtualMachine', { pool: rootPool() }, `Make ${target.name} a VM again`),
};

export const destroy: Action = {
  id: 'delete',
  label: 'Delete',
  icon: 'trash',
  done: 'deleted',
  against: (vm) => (power(vm) === 'poweredOn' ? 'It runs; power it off first.' : undefined),
  one: task('Destroy_Task', 'Delete'),
};

export const powerActions = [powerOn, shutDown, suspend, restart, powerOff, reset] as const;

/** Those of the targets that it can be done to. */
export function fit(action: Action, targets: readonly Target[]): Target[] {
  return targets.filter((target) => action.against(target.vm) === undefined);
}

/** Why it can be done to none of them; undefined: it can to some. */
export function against(action: Action, targets: readonly Target[]): string | undefined {
  if (targets.length === 0) return 'Select VMs first.';
  if (fit(action, targets).length > 0) return undefined;
  const first = targets[0] && action.against(targets[0].vm);
  return targets.length === 1 ? first : `To none of the ${targets.length} VMs. ${targets[0]?.name}: ${first}`;
}

const AT_ONCE = 8;
const NAMED = 5;

/** All are tried, some at a time, whatever becomes of the others; throws what went wrong, of how many. */
export async function forEach(
  label: string,
  targets: readonly Target[],
  one: (target: Target) => Promise<unknown>,
): Promise<void> {
  const wrong: unknown[] = [];
  const waiting = [...targets];
  const work = async () => {
    for (let target = waiting.shift(); target; target = waiting.shift()) {
      try {
        await one(target);
      } catch (error) {
        wrong.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, targets.length) }, work));
  if (wrong.length === 0) return;
  if (targets.length === 1) throw wrong[0];
  const said = wrong.slice(0, NAMED).map((error) => (error instanceof Error ? error.message : String(error)));
  if (wrong.length > NAMED) said.push(`And ${wrong.length - NAMED} more.`);
  throw new ApiError(
    `${label}: ${wrong.length} of ${targets.length} VMs`,
    said.join(' '),
    wrong.length < targets.length ? 'The others are done; the task list has all.' : 'The task list has all.',
    '',
    500,
  );
}

export function named(targets: readonly Target[]): string {
  return targets.length === 1 ? (targets[0]?.name ?? '') : plural(targets.length, 'VM');
}

/** Does it to those that it can be done to, and says how that went. */
export async function carryOut(action: Action, targets: readonly Target[]): Promise<void> {
  const fitting = fit(action, targets);
  try {
    await forEach(action.label, fitting, action.one);
    say(`${named(fitting)} ${action.done}.`, 'good');
  } catch (error) {
    sayError(error);
  }
}

export async function takeSnapshot(
  target: Target,
  spec: { name: string; description: string; memory: boolean; quiesce: boolean },
): Promise<void> {
  await runTask(target.vm.ref, 'CreateSnapshot_Task', spec, `Take a snapshot of ${target.name}`);
}

export async function moveToFolder(targets: readonly Target[], folder: Ref, path: string): Promise<void> {
  await runTask(
    folder,
    'MoveIntoFolder_Task',
    { list: targets.map((each) => each.vm.ref) },
    `Move to ${path}`,
  );
}

export async function moveToPool(targets: readonly Target[], pool: Ref, path: string): Promise<void> {
  await call(pool, 'MoveIntoResourcePool', { list: targets.map((each) => each.vm.ref) }, `Move to ${path}`);
}
