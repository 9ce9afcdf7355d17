// SPDX-License-Identifier: LGPL-2.1-or-later
/* Options of the host, users and roles, sessions. */
import './settings.css';

import { query, setQuery } from '../../router';
import { Tabs } from '../../ui/Tabs';
import { Options } from './Options';
import { Sessions } from './Sessions';
import { Users } from './Users';

const TABS = [
  { id: 'options', label: 'Host options', content: () => <Options /> },
  { id: 'users', label: 'Users and roles', content: () => <Users /> },
  { id: 'sessions', label: 'Sessions', content: () => <Sessions /> },
];

export function SettingsPage() {
  return (
    <div class="stack">
      <h1>Settings</h1>
      <Tabs
        label="Settings"
        tabs={TABS}
        current={query.value.get('tab') ?? 'options'}
        onChange={(id) => setQuery('tab', id)}
      />
    </div>
  );
}
