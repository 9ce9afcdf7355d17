// SPDX-License-Identifier: LGPL-2.1-or-later
/* The entries of menus about VMs. */
import { go } from '../router';
import type { MenuItem } from '../ui/Menu';
import {
  type Action,
  against,
  carryOut,
  destroy,
  fit,
  markTemplate,
  markVm,
  powerActions,
  type Target,
} from './actions';
import type { Asking } from './dialogs';

/** Does it, or asks first when something would be lost. */
export function begin(action: Action, targets: readonly Target[], ask: (asking: Asking) => void): void {
  if (action === destroy) ask({ what: 'delete', targets });
  else if (action.loses) ask({ what: 'confirm', action, targets });
  else void carryOut(action, targets);
}

export function actionItem(
  action: Action,
  targets: readonly Target[],
  ask: (asking: Asking) => void,
): Exclude<MenuItem, 'line'> {
  const count = fit(action, targets).length;
  const some = count > 0 && count < targets.length ? ` (${count} of ${targets.length})` : '';
  return {
    label: `${action.label}${some}`,
    icon: action.icon,
    because: against(action, targets),
    onSelect: () => begin(action, targets, ask),
  };
}

export function manageItems(targets: readonly Target[], ask: (asking: Asking) => void): MenuItem[] {
  const none = targets.length === 0 ? 'Select VMs first.' : undefined;
  const templates = targets.length > 0 && targets.every(({ vm }) => vm['summary.config.template']);
  return [
    {
      label: 'Take snapshot...',
      icon: 'camera',
      because: none,
      onSelect: () => ask({ what: 'snapshot', targets }),
    },
    {
      label: 'Move to folder...',
      icon: 'folder',
      because: none,
      onSelect: () => ask({ what: 'folder', targets }),
    },
    { label: 'Move to pool...', icon: 'pool', because: none, onSelect: () => ask({ what: 'pool', targets }) },
    {
      label: 'Allocation...',
      icon: 'memory',
      because: none ?? (targets.length > 1 ? 'Of one VM at a time.' : undefined),
      onSelect: () => go(`/allocation/vm/${targets[0]?.id}`),
    },
    actionItem(templates ? markVm : markTemplate, targets, ask),
    'line',
    { ...actionItem(destroy, targets, ask), label: 'Delete...' },
  ];
}

export function powerItems(targets: readonly Target[], ask: (asking: Asking) => void): MenuItem[] {
  return powerActions.map((action) => actionItem(action, targets, ask));
}
