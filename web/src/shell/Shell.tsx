// SPDX-License-Identifier: LGPL-2.1-or-later
/* Header, navigation, and the page that the address names. */
import './shell.css';

import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { host } from '../api/inventory';
import { match, path } from '../router';
import { type PageProps, type Route, routes } from '../routes';
import { Button, Empty, Notice } from '../ui/controls';
import { Icon } from '../ui/Icon';
import { Toasts } from '../ui/Toast';
import { Boundary } from './Boundary';
import { Header } from './Header';
import { Lost } from './Lost';
import { TaskDrawer } from './TaskDrawer';

interface Found {
  route: Route;
  params: Record<string, string>;
}

function find(actual: string): Found | null {
  for (const route of routes) {
    const params = match(route.path, actual);
    if (params) return { route, params };
  }
  return null;
}

function Navigation({ current }: { current: Route | undefined }) {
  // What belongs to a place in the navigation begins with its word: /vm/vm-12 is under /vms.
  const under = (route: Route) =>
    route === current ||
    (route.path === '/vms' && (current?.path.startsWith('/vm/') || current?.path === '/deploy'));
  return (
    <nav class="side" aria-label="Main">
      <ul>
        {routes
          .filter((route) => route.icon)
          .map((route) => (
            <li key={route.path}>
              <a href={`#${route.path}`} aria-current={under(route) ? 'page' : undefined}>
                {route.icon && <Icon name={route.icon} />}
                {route.title}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}

/* The page before stays until the next is there. */
function usePage(found: Found | null) {
  const [page, setPage] = useState<{ route: Route; Page: ComponentType<PageProps> } | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const route = found?.route;
  useEffect(() => {
    let wanted = true;
    setFailed(false);
    route?.load().then(
      (Page) => wanted && setPage({ route, Page }),
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
    };
  }, [route, attempt]);
  return { page, failed, tryAgain: () => setAttempt(attempt + 1) };
}

function NotLoaded({ title, onAgain }: { title: string; onAgain: () => void }) {
  return (
    <div class="stack">
      <h1>{title}</h1>
      <Notice kind="error" title="This page could not be loaded">
        The server did not send it. If aerostat was updated meanwhile, reload: the pages have new names then.
      </Notice>
      <div class="row">
        <Button kind="primary" onClick={onAgain}>
          Try again
        </Button>
        <Button onClick={() => location.reload()}>Reload</Button>
      </div>
    </div>
  );
}

function Page({ found }: { found: Found | null }) {
  const { page, failed, tryAgain } = usePage(found);
  if (!found) {
    return (
      <Empty>
        <h1>There is no such page.</h1>
        <a href="#/">Go to the host</a>
      </Empty>
    );
  }
  if (failed) return <NotLoaded title={found.route.title} onAgain={tryAgain} />;
  if (page?.route !== found.route) return null;
  return <page.Page params={found.params} key={path.value} />;
}

export function Shell() {
  const found = find(path.value);
  const main = useRef<HTMLElement>(null);
  const [drawer, setDrawer] = useState(false);
  const first = useRef(true);
  const title = found?.route.title ?? 'aerostat';

  useEffect(() => {
    document.title = `${title} - ${host.value?.name ?? 'aerostat'}`;
  }, [title, host.value?.name]);
  // Readers and keys go on in the new page.
  useEffect(() => {
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [path.value]);

  return (
    <div class="shell">
      <div class="top">
        <a
          class="skip"
          href="#main"
          onClick={(event) => {
            event.preventDefault();
            main.current?.focus();
          }}
        >
          Go to the page's content
        </a>
        <Header tasksOpen={drawer} onTasks={() => setDrawer(!drawer)} />
        <Lost />
      </div>
      <Navigation current={found?.route} />
      <main class="main" id="main" tabIndex={0} ref={main}>
        <Boundary key={path.value}>
          <Page found={found} />
        </Boundary>
      </main>
      {drawer && <TaskDrawer onClose={() => setDrawer(false)} />}
      <Toasts />
    </div>
  );
}
