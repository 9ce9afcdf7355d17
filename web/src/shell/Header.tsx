// SPDX-License-Identifier: LGPL-2.1-or-later
/* The host's name, its memory state, search, tasks, theme, user. */
import { host, tasks } from '../api/inventory';
import { hostMemory } from '../api/memory';
import { logout, session } from '../api/session';
import icon from '../icon.svg';
import { Badge, Button, IconButton } from '../ui/controls';
import { bytes } from '../ui/format';
import { Menu } from '../ui/Menu';
import { stateKind } from '../ui/state';
import { theme, toggleTheme } from '../ui/theme';
import { sayError } from '../ui/Toast';
import { Search } from './Search';

function MemoryState() {
  const memory = hostMemory.value;
  if (!memory) return null;
  return (
    <a href="#/" class="row small" title={memory.stateCause || 'Memory state'}>
      <Badge kind={stateKind(memory.state)}>{memory.state}</Badge>
      <span class="host-name">{bytes(memory.freeBytes)} free</span>
    </a>
  );
}

function running(): number {
  return [...tasks.value.values()].filter(({ info }) => info?.state === 'running' || info?.state === 'queued')
    .length;
}

export function Header({ tasksOpen, onTasks }: { tasksOpen: boolean; onTasks: () => void }) {
  const count = running();
  const dark = theme.value === 'dark';
  return (
    <header class="bar">
      <a class="brand" href="#/" aria-label="aerostat, host">
        <img src={icon} alt="" />
        <span class="host-name">{host.value?.name ?? 'aerostat'}</span>
      </a>
      <MemoryState />
      <span class="grow" />
      <Search />
      <Button
        kind="quiet"
        icon="tasks"
        aria-expanded={tasksOpen}
        aria-label={count > 0 ? `Tasks, ${count} running` : 'Tasks'}
        onClick={onTasks}
      >
        {count > 0 ? count : null}
      </Button>
      <IconButton
        label={dark ? 'Use light colours' : 'Use dark colours'}
        icon={dark ? 'sun' : 'moon'}
        onClick={toggleTheme}
      />
      <Menu
        label={`Signed in as ${session.value?.userName ?? ''}`}
        icon="user"
        side="right"
        items={[
          {
            label: `Sign out ${session.value?.userName ?? ''}`,
            onSelect: () => void logout().catch(sayError),
          },
        ]}
      />
    </header>
  );
}
