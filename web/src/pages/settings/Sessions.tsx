// SPDX-License-Identifier: LGPL-2.1-or-later
/* Who is signed in now. */
import { useMemo, useState } from 'preact/hooks';

import { call, get, SESSIONS } from '../../api/client';
import { useLoad } from '../../api/load';
import { session } from '../../api/session';
import type { UserSession } from '../../api/types';
import { Button, ErrorNotice } from '../../ui/controls';
import { Dialog } from '../../ui/Dialog';
import { time } from '../../ui/format';
import { type Column, Table } from '../../ui/Table';

const READ_MS = 5000;

function columns(own: string | undefined, onEnd: (one: UserSession) => void): Column<UserSession>[] {
  return [
    {
      id: 'user',
      title: 'User',
      value: (one) => one.userName,
      text: (one) => (one.key === own ? `${one.userName} (this one)` : one.userName),
      width: 150,
      grow: 1,
    },
    { id: 'address', title: 'From', value: (one) => one.ipAddress, width: 120, grow: 1 },
    {
      id: 'since',
      title: 'Since',
      value: (one) => one.loginTime,
      text: (one) => time(one.loginTime),
      width: 100,
      grow: 1,
    },
    {
      id: 'active',
      title: 'Last active',
      value: (one) => one.lastActiveTime,
      text: (one) => time(one.lastActiveTime),
      width: 100,
      grow: 1,
    },
    { id: 'client', title: 'Client', value: (one) => one.userAgent, width: 160, grow: 3 },
    {
      id: 'end',
      title: 'Actions',
      value: () => undefined,
      width: 90,
      render: (one) => (
        <Button
          kind="quiet"
          aria-label={`End ${one.userName}'s session from ${one.ipAddress}`}
          because={one.key === own ? 'This is yours: sign out instead.' : undefined}
          onClick={() => onEnd(one)}
        >
          End
        </Button>
      ),
    },
  ];
}

export function Sessions() {
  const { data, error, reload } = useLoad(
    () => get<UserSession[] | undefined>(SESSIONS, 'sessionList', 'Read the sessions'),
    READ_MS,
  );
  const [ending, setEnding] = useState<UserSession | null>(null);
  const own = session.value?.key;
  const shown = useMemo(() => columns(own, setEnding), [own]);
  return (
    <>
      <ErrorNotice error={error} />
      {data && (
        <section class="card" aria-label="Sessions">
          <Table name="sessions" columns={shown} rows={data} rowId={(one) => one.key} fit={15} />
        </section>
      )}
      {ending && (
        <Dialog
          title={`End the session of ${ending.userName}?`}
          action="End it"
          danger
          onAction={async () => {
            await call(SESSIONS, 'TerminateSession', { sessionId: [ending.key] }, 'End the session');
            await reload();
          }}
          onClose={() => setEnding(null)}
        >
          <p>
            Whoever uses it, from {ending.ipAddress} since {time(ending.loginTime)}, has to sign in again.
            Tasks that it began go on.
          </p>
        </Dialog>
      )}
    </>
  );
}
