// SPDX-License-Identifier: LGPL-2.1-or-later
/* Accounts, and the roles that they have on the whole inventory. */
import { call, get, service } from '../../api/client';
import type { Ref } from '../../api/types';

export interface Role {
  roleId: number;
  name: string;
  info: { label: string; summary: string };
  privilege?: string[];
}

export interface User {
  name: string;
  description: string;
  /** On the root folder; undefined: none there. */
  roleId: number | undefined;
  /** Permissions on single objects. */
  elsewhere: number;
}

interface Permission {
  entity: Ref;
  principal: string;
  group: boolean;
  roleId: number;
}

export interface Access {
  roles: Role[];
  users: User[];
}

export async function readAccess(): Promise<Access> {
  const content = await service();
  const [roles, permissions, found] = await Promise.all([
    get<Role[]>(content.authorizationManager, 'roleList', 'Read the roles'),
    call<Permission[] | undefined>(
      content.authorizationManager,
      'RetrieveAllPermissions',
      {},
      'Read the permissions',
    ),
    call<{ principal: string; fullName?: string }[] | undefined>(
      content.userDirectory,
      'RetrieveUserGroups',
      { searchStr: '', exactMatch: false, findUsers: true, findGroups: false },
      'Read the users',
    ),
  ]);
  const root = content.rootFolder.value;
  const users = (found ?? []).map(({ principal, fullName }) => {
    const own = (permissions ?? []).filter((each) => !each.group && each.principal === principal);
    return {
      name: principal,
      description: fullName ?? '',
      roleId: own.find((each) => each.entity.value === root)?.roleId,
      elsewhere: own.filter((each) => each.entity.value !== root).length,
    };
  });
  return { roles, users };
}

export async function setRole(user: string, roleId: number): Promise<void> {
  const content = await service();
  const permission = { _typeName: 'Permission', principal: user, group: false, propagate: true, roleId };
  await call(
    content.authorizationManager,
    'SetEntityPermissions',
    { entity: content.rootFolder, permission: [permission] },
    `Give ${user} the role`,
  );
}

function account(id: string, password: string | undefined, description: string) {
  return { _typeName: 'HostAccountSpec', id, description, ...(password && { password }) };
}

export async function addUser(
  name: string,
  password: string,
  description: string,
  roleId: number,
): Promise<void> {
  const { accountManager } = await service();
  await call(accountManager, 'CreateUser', { user: account(name, password, description) }, `Add ${name}`);
  await setRole(name, roleId);
}

export async function changeUser(
  name: string,
  password: string | undefined,
  description: string,
): Promise<void> {
  const { accountManager } = await service();
  await call(accountManager, 'UpdateUser', { user: account(name, password, description) }, `Change ${name}`);
}

export async function removeUser(name: string): Promise<void> {
  const { accountManager } = await service();
  await call(accountManager, 'RemoveUser', { userName: name }, `Remove ${name}`);
}
