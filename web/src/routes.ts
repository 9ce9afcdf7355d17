// SPDX-License-Identifier: LGPL-2.1-or-later
/* The pages. Each is loaded when it is first gone to. */
import type { ComponentType } from 'preact';

import type { IconName } from './ui/Icon';

export interface PageProps {
  /** What the path's parts with a colon stand for. */
  params: Record<string, string>;
}

export interface Route {
  path: string;
  title: string;
  load: () => Promise<ComponentType<PageProps>>;
  /** In the navigation. */
  icon?: IconName;
}

export const routes: Route[] = [
  {
    path: '/',
    title: 'Host',
    icon: 'host',
    load: () => import('./pages/host').then((page) => page.HostPage),
  },
  { path: '/vms', title: 'VMs', icon: 'vm', load: () => import('./pages/vms').then((page) => page.VmsPage) },
  { path: '/vm/:id', title: 'VM', load: () => import('./pages/vm').then((page) => page.VmPage) },
  {
    path: '/vm/:id/console',
    title: 'Console',
    load: () => import('./pages/console').then((page) => page.ConsolePage),
  },
  {
    path: '/allocation/:kind/:id',
    title: 'Allocation',
    load: () => import('./pages/allocation').then((page) => page.AllocationPage),
  },
  {
    path: '/deploy',
    title: 'Deploy',
    load: () => import('./pages/deploy').then((page) => page.DeployPage),
  },
  {
    path: '/networks',
    title: 'Networks',
    icon: 'network',
    load: () => import('./pages/network').then((page) => page.NetworkPage),
  },
  {
    path: '/recorder',
    title: 'Recorder',
    icon: 'record',
    load: () => import('./pages/recorder').then((page) => page.RecorderPage),
  },
  {
    path: '/tasks',
    title: 'Tasks',
    load: () => import('./pages/tasks').then((page) => page.TasksPage),
  },
  { path: '/start', title: 'First VM', load: () => import('./pages/start').then((page) => page.StartPage) },
  {
    path: '/settings',
    title: 'Settings',
    icon: 'settings',
    load: () => import('./pages/settings').then((page) => page.SettingsPage),
  },
];
