// SPDX-License-Identifier: LGPL-2.1-or-later
import { useMemo, useState } from 'preact/hooks';

import { useLoad } from '../../api/load';
import { session } from '../../api/session';
import { Button, ErrorNotice, IconButton } from '../../ui/controls';
import { plural } from '../../ui/format';
import { type Column, Table } from '../../ui/Table';
import { AddUser, ChangeUser, RemoveUser } from './UserDialogs';
import { readAccess, type Role, type User } from './users-data';

type Doing = { what: 'add' } | { what: 'change' | 'remove'; user: User } | null;

function columns(roles: Role[], onDo: (doing: Doing) => void): Column<User>[] {
  const me = session.value?.userName;
  const roleOf = (user: User) =>
    [
      roles.find((role) => role.roleId === user.roleId)?.info.label ?? 'none',
      ...(user.elsewhere > 0 ? [`${plural(user.elsewhere, 'more')} on single objects`] : []),
    ].join(', ');
  return [
    { id: 'name', title: 'User', value: (user) => user.name, width: 140, grow: 1 },
    { id: 'description', title: 'Full name', value: (user) => user.description, width: 140, grow: 1 },
    { id: 'role', title: 'Role', value: roleOf, width: 180, grow: 1 },
    {
      id: 'actions',
      title: 'Actions',
      value: () => undefined,
      width: 90,
      render: (user) => (
        <>
          <IconButton
            label={`Change ${user.name}`}
            icon="edit"
            onClick={() => onDo({ what: 'change', user })}
          />
          <IconButton
            label={`Remove ${user.name}`}
            icon="trash"
            because={user.name === me ? 'You are signed in as this user.' : undefined}
            onClick={() => onDo({ what: 'remove', user })}
          />
        </>
      ),
    },
  ];
}

function Roles({ roles }: { roles: Role[] }) {
  return (
    <section class="card stack" aria-labelledby="roles">
      <h2 id="roles">Roles</h2>
      <ul class="roles">
        {roles.map((role) => (
          <li key={role.roleId}>
            <h3>{role.info.label}</h3>
            <p class="muted">{role.info.summary}</p>
            <details>
              <summary>{plural(role.privilege?.length ?? 0, 'privilege')}</summary>
              <ul>
                {(role.privilege ?? []).map((privilege) => (
                  <li key={privilege}>{privilege}</li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Users() {
  const { data, error, reload } = useLoad(readAccess);
  const [doing, setDoing] = useState<Doing>(null);
  const shown = useMemo(() => columns(data?.roles ?? [], setDoing), [data]);
  const close = () => setDoing(null);
  const roles = data?.roles ?? [];
  return (
    <>
      <ErrorNotice error={error} />
      {data && (
        <section class="card" aria-label="Users">
          <Table
            name="users"
            columns={shown}
            rows={data.users}
            rowId={(user) => user.name}
            fit={12}
            onOpen={(user) => setDoing({ what: 'change', user })}
            tools={
              <Button icon="plus" onClick={() => setDoing({ what: 'add' })}>
                Add a user
              </Button>
            }
          />
        </section>
      )}
      {data && <Roles roles={roles} />}
      {doing?.what === 'add' && <AddUser roles={roles} onDone={reload} onClose={close} />}
      {doing?.what === 'change' && (
        <ChangeUser user={doing.user} roles={roles} onDone={reload} onClose={close} />
      )}
      {doing?.what === 'remove' && <RemoveUser user={doing.user} onDone={reload} onClose={close} />}
    </>
  );
}
