// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sign in. */
import './login.css';

import { useState } from 'preact/hooks';

import { login, sessionEnded } from '../../api/session';
import icon from '../../icon.svg';
import { Button, ErrorNotice, Notice, TextField } from '../../ui/controls';

export function LoginPage() {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await login(user, password);
    } catch (problem) {
      setError(problem);
      setPassword('');
    } finally {
      setBusy(false);
    }
  };

  return (
    <main class="login">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <div class="row">
          <img class="mark" src={icon} alt="" />
          <h1>Sign in to aerostat</h1>
        </div>
        {sessionEnded.value && !error && (
          <Notice>Your session has ended. Sign in to go on where you were.</Notice>
        )}
        <TextField
          label="User name"
          name="username"
          autocomplete="username"
          autofocus
          required
          value={user}
          onValue={setUser}
        />
        <TextField
          label="Password"
          type="password"
          name="password"
          autocomplete="current-password"
          required
          value={password}
          onValue={setPassword}
        />
        <ErrorNotice error={error} />
        <Button type="submit" kind="primary" disabled={busy}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
