// SPDX-License-Identifier: LGPL-2.1-or-later
/* One property collector for the whole page, whose updates the server pushes; and whether they come. */
import { signal } from '@preact/signals';

import { AEROSTAT, API, ApiError, call, get, ref, service, SESSIONS } from './client';
import { applyUpdates, clearInventory, loaded, pathsOf, VIEWED } from './inventory';
import { forgetSession } from './session';
import type { Ref, UpdateSet, UserSession } from './types';

export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  /** attempt: how many have failed; at: when the next one is made, in ms of Date.now() */
  | { state: 'lost'; attempt: number; at: number };

export const connection = signal<Connection>({ state: 'connecting' });

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

let running = false;
let source: EventSource | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;
/** Of the latest attempt; what comes from earlier ones is ignored. */
let attempt = 0;
/** What the page shows is of an earlier connection. */
let stale = false;

function typed(type: string, fields: object): object {
  return { _typeName: type, ...fields };
}

function properties(type: string, paths: string[]): object {
  return typed('PropertySpec', { type, pathSet: paths });
}

function traversal(type: string, path: string): object {
  return typed('TraversalSpec', { type, path, skip: false });
}

/** Objects of the tree by a view of it, recent tasks by their manager, the scheduler's round. */
async function filterSpecs(): Promise<object[]> {
  const content = await service();
  const view = await call<Ref>(content.viewManager, 'CreateContainerView', {
    container: content.rootFolder,
    type: VIEWED,
    recursive: true,
  });
  const fromView = {
    propSet: VIEWED.map((type) => properties(type, pathsOf(type))),
    objectSet: [
      typed('ObjectSpec', { obj: view, skip: true, selectSet: [traversal('ContainerView', 'view')] }),
    ],
  };
  const fromTasks = {
    propSet: [properties('Task', pathsOf('Task'))],
    objectSet: [
      typed('ObjectSpec', {
        obj: content.taskManager,
        skip: true,
        selectSet: [traversal('TaskManager', 'recentTask')],
      }),
    ],
  };
  const fromScheduler = {
    propSet: [properties('AerostatManager', ['round'])],
    objectSet: [typed('ObjectSpec', { obj: AEROSTAT })],
  };
  return [fromView, fromTasks, fromScheduler].map((spec) => typed('PropertyFilterSpec', spec));
}

async function makeCollector(): Promise<Ref> {
  const content = await service();
  const collector = await call<Ref>(content.propertyCollector, 'CreatePropertyCollector');
  for (const spec of await filterSpecs())
    await call(collector, 'CreateFilter', { spec, partialUpdates: false });
  return ref('PropertyCollector', collector.value);
}

function receive(event: MessageEvent<string>): void {
  const set = JSON.parse(event.data) as UpdateSet;
  // What was there before a loss stays on the page until the whole new picture is.
  if (stale) clearInventory();
  stale = false;
  failures = 0;
  applyUpdates(set);
  // A large picture comes in parts.
  if (loaded.peek() && connection.peek().state !== 'live') connection.value = { state: 'live' };
}

function lose(mine: number): void {
  if (mine !== attempt || !running) return;
  source?.close();
  source = null;
  stale = true;
  const wait = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
  failures++;
  connection.value = { state: 'lost', attempt: failures, at: Date.now() + wait };
  clearTimeout(timer);
  timer = setTimeout(() => void connect(), wait);
}

async function connect(): Promise<void> {
  const mine = ++attempt;
  clearTimeout(timer);
  try {
    // Of a server that was started again our session may be none.
    const current = await get<UserSession | null>(SESSIONS, 'currentSession', 'Go on');
    if (!current)
      throw new ApiError('Go on', 'The session has ended.', 'Sign in again.', 'NotAuthenticated', 401);
    const collector = await makeCollector();
    if (mine !== attempt || !running) return;
    source = new EventSource(`${API}/PropertyCollector/${encodeURIComponent(collector.value)}/updates`);
    source.onmessage = receive;
    source.onerror = () => lose(mine);
    // The stream's own end: the session's, or the collector's.
    source.addEventListener('fault', () => lose(mine));
  } catch (error) {
    if (mine !== attempt) return;
    if (error instanceof ApiError && error.signedOut) forgetSession();
    else lose(mine);
  }
}

/** Starts to follow the server; to be called once signed in. */
export function startUpdates(): void {
  if (running) return;
  running = true;
  stale = false;
  failures = 0;
  connection.value = { state: 'connecting' };
  void connect();
}

export function stopUpdates(): void {
  running = false;
  attempt++;
  clearTimeout(timer);
  source?.close();
  source = null;
  clearInventory();
}

/** Does not wait for the next attempt's time. */
export function retryNow(): void {
  if (running && connection.value.state === 'lost') void connect();
}
