// SPDX-License-Identifier: LGPL-2.1-or-later
/* Add an account, change one, remove one. */
import { useState } from 'preact/hooks';

import { SelectField, TextField } from '../../ui/controls';
import { Dialog } from '../../ui/Dialog';
import { addUser, changeUser, removeUser, type Role, setRole, type User } from './users-data';

interface Props {
  roles: Role[];
  onDone: () => Promise<void>;
  onClose: () => void;
}

const READ_ONLY = 'ReadOnly';

function RoleField({
  roles,
  value,
  onValue,
}: {
  roles: Role[];
  value: string;
  onValue: (id: string) => void;
}) {
  const role = roles.find((each) => String(each.roleId) === value);
  return (
    <SelectField
      label="Role"
      hint={role?.info.summary}
      value={value}
      onValue={onValue}
      choices={[
        ...(role ? [] : [{ value: '', label: 'none' }]),
        ...roles.map((each) => ({ value: String(each.roleId), label: each.info.label })),
      ]}
    />
  );
}

export function AddUser({ roles, onDone, onClose }: Props) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [password, setPassword] = useState('');
  const [roleId, setRoleId] = useState(String(roles.find((role) => role.name === READ_ONLY)?.roleId ?? ''));
  const because = name === '' ? 'A name is missing.' : password === '' ? 'A password is missing.' : undefined;
  return (
    <Dialog
      title="Add a user"
      action="Add"
      because={because}
      onAction={async () => {
        try {
          await addUser(name, password, description, Number(roleId));
        } finally {
          await onDone();
        }
      }}
      onClose={onClose}
    >
      <TextField label="User name" autofocus value={name} onValue={setName} />
      <TextField label="Full name" value={description} onValue={setDescription} />
      <TextField
        label="Password"
        type="password"
        autocomplete="new-password"
        value={password}
        onValue={setPassword}
      />
      <RoleField roles={roles} value={roleId} onValue={setRoleId} />
    </Dialog>
  );
}

export function ChangeUser({ user, roles, onDone, onClose }: Props & { user: User }) {
  const [description, setDescription] = useState(user.description);
  const [password, setPassword] = useState('');
  const [roleId, setRoleId] = useState(String(user.roleId ?? ''));
  const role = Number(roleId) !== user.roleId && roleId !== '';
  const other = password !== '' || description !== user.description;
  return (
    <Dialog
      title={`Change ${user.name}`}
      action="Save"
      because={role || other ? undefined : 'Nothing is changed.'}
      onAction={async () => {
        try {
          if (other) await changeUser(user.name, password || undefined, description);
          if (role) await setRole(user.name, Number(roleId));
        } finally {
          await onDone();
        }
      }}
      onClose={onClose}
    >
      <TextField label="Full name" value={description} onValue={setDescription} />
      <TextField
        label="New password"
        type="password"
        autocomplete="new-password"
        hint="Empty: it stays as it is."
        value={password}
        onValue={setPassword}
      />
      <RoleField roles={roles} value={roleId} onValue={setRoleId} />
    </Dialog>
  );
}

export function RemoveUser({ user, onDone, onClose }: Omit<Props, 'roles'> & { user: User }) {
  return (
    <Dialog
      title={`Remove ${user.name}?`}
      action="Remove"
      danger
      onAction={async () => {
        await removeUser(user.name);
        await onDone();
      }}
      onClose={onClose}
    >
      <p>
        {user.name} cannot sign in any more; sessions that {user.name} has are ended. What {user.name} made
        stays.
      </p>
    </Dialog>
  );
}
