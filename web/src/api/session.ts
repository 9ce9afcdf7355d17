// SPDX-License-Identifier: LGPL-2.1-or-later
/* Who is signed in. The cookie, which scripts cannot read, is the session; nothing of it is kept here. */
import { signal } from '@preact/signals';

import { ApiError, call, get, SESSIONS, whenSignedOut } from './client';
import type { UserSession } from './types';

/** undefined: not known yet; null: nobody is signed in. */
export const session = signal<UserSession | null | undefined>(undefined);

/** Why the login page is there, if not because nobody has signed in yet. */
export const sessionEnded = signal(false);

/** The server does not know our session any more. */
export function forgetSession(): void {
  if (session.value) sessionEnded.value = true;
  session.value = null;
}

whenSignedOut(forgetSession);

/** Finds out who is signed in; throws ApiError when the server does not answer. */
export async function findSession(): Promise<void> {
  try {
    session.value =
      (await get<UserSession | null>(SESSIONS, 'currentSession', 'Find out who is signed in')) ?? null;
  } catch (error) {
    if (!(error instanceof ApiError) || error.unreachable) throw error;
    session.value = null;
  }
}

export async function login(userName: string, password: string): Promise<void> {
  session.value = await call<UserSession>(SESSIONS, 'Login', { userName, password }, 'Sign in');
  sessionEnded.value = false;
}

export async function logout(): Promise<void> {
  await call(SESSIONS, 'Logout', {}, 'Sign out');
  session.value = null;
  sessionEnded.value = false;
}
