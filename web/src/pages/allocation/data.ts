// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is read and saved of allocations, and the policy's preview of them. */
import { useEffect, useState } from 'preact/hooks';

import { ApiError, AEROSTAT, call, get } from '../../api/client';
import { pools, round } from '../../api/inventory';
import { runTask } from '../../api/tasks';
import type { AllocationInfo, Pool, Ref, Vm } from '../../api/types';
import { poolPaths } from '../../vm/places';
import { allocationOf, type Draft, differs, moves } from './draft';

/** What is edited: a VM or a pool. */
export interface Subject {
  kind: 'vm' | 'pool';
  name: string;
  entity: Vm | Pool;
  /** The pool that it is in. */
  pool: Ref | undefined;
  /** Of a VM. */
  memoryMb: number | undefined;
}

/** What would become of one VM or pool. */
export interface Outcome {
  entity: Ref;
  targetBytes: number;
  newTargetBytes: number;
}

interface ResourceConfig {
  cpuAllocation?: AllocationInfo;
  memoryAllocation?: AllocationInfo;
}

export async function readAllocation(subject: Subject): Promise<AllocationInfo> {
  const config = await get<ResourceConfig>(subject.entity.ref, 'config', `Read ${subject.name}`);
  return config.memoryAllocation ?? {};
}

function poolRef(id: string): Ref {
  const pool = pools.value.get(id);
  if (!pool)
    throw new ApiError('Choose the pool', 'That pool is not there any more.', 'Choose another.', '', 404);
  return pool.ref;
}

function changeOf(subject: Subject, draft: Draft, was: Draft) {
  return {
    _typeName: 'AerostatAllocationChange',
    entity: subject.entity.ref,
    ...(differs(draft, was) && { memoryAllocation: allocationOf(draft, subject.kind === 'pool') }),
    ...(moves(draft, was) && { resourcePool: poolRef(draft.pool) }),
  };
}

async function reconfigure(subject: Subject, draft: Draft): Promise<void> {
  const what = `Change ${subject.name}`;
  const memoryAllocation = allocationOf(draft, subject.kind === 'pool');
  if (subject.kind === 'vm') {
    await runTask(
      subject.entity.ref,
      'ReconfigVM_Task',
      { spec: { _typeName: 'VirtualMachineConfigSpec', memoryAllocation } },
      what,
    );
    return;
  }
  const { cpuAllocation } = await get<ResourceConfig>(subject.entity.ref, 'config', what);
  const config = { _typeName: 'ResourceConfigSpec', cpuAllocation, memoryAllocation };
  await call(subject.entity.ref, 'UpdateConfig', { config }, what);
}

async function move(subject: Subject, pool: string): Promise<void> {
  const what = `Move ${subject.name} to ${poolPaths.value.get(pool) ?? pool}`;
  await call(poolRef(pool), 'MoveIntoResourcePool', { list: [subject.entity.ref] }, what);
}

/** All of it or nothing. Who is to have more goes first where there is more; who is to have less gives it back first. */
export async function save(subject: Subject, draft: Draft, was: Draft): Promise<void> {
  const steps = [
    moves(draft, was) && ((to: Draft) => move(subject, to.pool)),
    differs(draft, was) && ((to: Draft) => reconfigure(subject, to)),
  ].filter((step) => step !== false);
  if (Number(draft.reservation) <= Number(was.reservation)) steps.reverse();
  const [first, second] = steps;
  await first?.(draft);
  try {
    await second?.(draft);
  } catch (error) {
    await first?.(was);
    throw error;
  }
}

const PAUSE_MS = 200;

export interface Preview {
  outcomes: Outcome[] | null;
  error: unknown;
}

const NONE: Preview = { outcomes: null, error: null };

/** What the policy says to the draft, again with each round. @param draft  null: there is nothing to ask */
export function usePreview(subject: Subject, draft: Draft | null, was: Draft | null): Preview {
  const [preview, setPreview] = useState<Preview>(NONE);
  const now = round.value;
  const asked = draft && JSON.stringify(draft);

  useEffect(() => setPreview(NONE), [asked === null]);
  useEffect(() => {
    if (!draft || !was) return;
    let current = true;
    const ask = async () => {
      try {
        const change = [changeOf(subject, draft, was)];
        const what = 'Preview the allocation';
        const outcomes = await call<Outcome[] | undefined>(AEROSTAT, 'PreviewAllocation', { change }, what);
        if (current) setPreview({ outcomes: outcomes ?? [], error: null });
      } catch (error) {
        if (current) setPreview({ outcomes: null, error });
      }
    };
    const timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [asked, now]);
  return preview;
}
