// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is typed of an allocation, what is wrong with it, and what the API is to be told. */
import type { AllocationInfo } from '../../api/types';

export type Level = 'low' | 'normal' | 'high' | 'custom';

export interface Draft {
  level: Level;
  /** Of the level custom. */
  shares: string;
  /** MB. */
  reservation: string;
  /** MB; "": none. */
  limit: string;
  /** Of pools. */
  expandable: boolean;
  /** The pool that it is in. */
  pool: string;
}

export type Errors = Partial<Record<'shares' | 'reservation' | 'limit', string>>;

const SHARES_MAX = 1_000_000;

export function draftOf(info: AllocationInfo, pool: string): Draft {
  return {
    level: info.shares?.level ?? 'normal',
    shares: String(info.shares?.shares ?? ''),
    reservation: String(info.reservation ?? 0),
    limit: info.limit === undefined || info.limit < 0 ? '' : String(info.limit),
    expandable: info.expandableReservation ?? true,
    pool,
  };
}

/** A whole number that is not negative; NaN: it is something else. */
function whole(text: string): number {
  return /^\d{1,12}$/.test(text.trim()) ? Number(text) : NaN;
}

function limitOf(draft: Draft): number {
  return draft.limit.trim() === '' ? -1 : whole(draft.limit);
}

/** @param memoryMb  a VM's memory; undefined: it is a pool */
export function check(draft: Draft, memoryMb: number | undefined): Errors {
  const errors: Errors = {};
  const shares = whole(draft.shares);
  const reservation = whole(draft.reservation);
  const limit = limitOf(draft);
  if (draft.level === 'custom' && !(shares >= 1 && shares <= SHARES_MAX))
    errors.shares = `A whole number from 1 to ${SHARES_MAX}.`;
  if (Number.isNaN(reservation)) errors.reservation = 'A whole number of MB; 0 for none.';
  else if (memoryMb !== undefined && reservation > memoryMb)
    errors.reservation = `At most the VM's memory, ${memoryMb} MB.`;
  if (Number.isNaN(limit)) errors.limit = 'A whole number of MB; empty for none.';
  else if (limit >= 0 && limit < reservation)
    errors.limit = `Not below the reservation, ${reservation} MB: raise it, or lower the reservation.`;
  return errors;
}

/** What is typed, as ResourceAllocationInfo. It is right. */
export function allocationOf(draft: Draft, isPool: boolean): AllocationInfo {
  return {
    shares: { level: draft.level, shares: draft.level === 'custom' ? whole(draft.shares) : 0 },
    reservation: whole(draft.reservation),
    limit: limitOf(draft),
    ...(isPool && { expandableReservation: draft.expandable }),
  };
}

/** Whether it says something else, but for the pool. */
export function differs(draft: Draft, was: Draft): boolean {
  return (
    draft.level !== was.level ||
    (draft.level === 'custom' && whole(draft.shares) !== whole(was.shares)) ||
    whole(draft.reservation) !== whole(was.reservation) ||
    limitOf(draft) !== limitOf(was) ||
    draft.expandable !== was.expandable
  );
}

export function moves(draft: Draft, was: Draft): boolean {
  return draft.pool !== was.pool;
}
