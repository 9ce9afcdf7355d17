// SPDX-License-Identifier: LGPL-2.1-or-later
/* Nobody signed in: the login page. Else the shell, with the server's updates coming in. */
import { effect } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';

import { ApiError } from './api/client';
import { findSession, session } from './api/session';
import { startUpdates, stopUpdates } from './api/updates';
import { LoginPage } from './pages/login';
import { Boundary } from './shell/Boundary';
import { Shell } from './shell/Shell';
import { Button, ErrorNotice } from './ui/controls';

const RETRY_MS = 3000;

effect(() => {
  if (session.value) startUpdates();
  else stopUpdates();
});

export function App() {
  const [error, setError] = useState<ApiError | null>(null);

  const find = async () => {
    try {
      await findSession();
      setError(null);
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      setError(problem);
    }
  };
  useEffect(() => void find(), []);
  useEffect(() => {
    if (!error) return;
    const timer = setTimeout(() => void find(), RETRY_MS);
    return () => clearTimeout(timer);
  }, [error]);

  if (error) {
    return (
      <main class="login">
        <div class="stack">
          <ErrorNotice error={error} />
          <Button onClick={() => void find()}>Try again</Button>
        </div>
      </main>
    );
  }
  if (session.value === undefined) return null;
  return <Boundary>{session.value ? <Shell /> : <LoginPage />}</Boundary>;
}
