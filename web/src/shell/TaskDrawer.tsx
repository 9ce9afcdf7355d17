// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is being done, and what was, the newest first. */
import { useEffect, useRef } from 'preact/hooks';

import { faultError } from '../api/client';
import { tasks } from '../api/inventory';
import { cancelTask, taskTitle } from '../api/tasks';
import type { TaskInfo } from '../api/types';
import { Badge, Button, Empty, IconButton } from '../ui/controls';
import { time } from '../ui/format';
import { sayError } from '../ui/Toast';

function TaskLine({ info }: { info: TaskInfo }) {
  const title = taskTitle(info);
  const going = info.state === 'running' || info.state === 'queued';
  return (
    <li>
      <div class="row spread">
        <strong>
          {title}
          {info.entityName && ` ${info.entityName}`}
        </strong>
        <Badge kind={info.state === 'success' ? 'good' : info.state === 'error' ? 'error' : undefined}>
          {info.state}
        </Badge>
      </div>
      {going && <progress max={100} value={info.progress} aria-label={`Progress of ${title}`} />}
      {info.error && <span>{faultError(title, info.error).why}</span>}
      <div class="row spread">
        <span class="muted small">
          {time(info.startTime ?? info.queueTime)} {info.reason?.userName}
        </span>
        {going && info.cancelable && (
          <Button onClick={() => void cancelTask(info.task, title).catch(sayError)}>Cancel</Button>
        )}
      </div>
    </li>
  );
}

export function TaskDrawer({ onClose }: { onClose: () => void }) {
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    root.current?.querySelector('button')?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  const infos = [...tasks.value.values()]
    .flatMap((task) => task.info ?? [])
    .sort((a, b) => b.queueTime.localeCompare(a.queueTime));
  return (
    <aside
      class="drawer"
      aria-label="Tasks"
      ref={root}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header>
        <h2>Tasks</h2>
        <IconButton label="Close tasks" icon="close" onClick={onClose} />
      </header>
      {infos.length === 0 ? (
        <Empty title="Nothing has been done lately." />
      ) : (
        <ul tabIndex={0} aria-label="Recent tasks">
          {infos.map((info) => (
            <TaskLine key={info.key} info={info} />
          ))}
        </ul>
      )}
      <header>
        <a href="#/tasks" onClick={onClose}>
          All tasks
        </a>
      </header>
    </aside>
  );
}
