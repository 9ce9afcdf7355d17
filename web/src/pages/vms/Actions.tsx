// SPDX-License-Identifier: LGPL-2.1-or-later
/* What can be done to the selected VMs. */
import { Button } from '../../ui/controls';
import { Menu } from '../../ui/Menu';
import { against, powerOff, powerOn, reset, restart, shutDown, suspend, type Target } from '../../vm/actions';
import type { Asking } from '../../vm/dialogs';
import { actionItem, begin, manageItems, powerItems } from '../../vm/menu';

export function Actions({ targets, ask }: { targets: readonly Target[]; ask: (asking: Asking) => void }) {
  const none = targets.length === 0 ? 'Select VMs first.' : undefined;
  return (
    <div class="row vm-actions" role="toolbar" aria-label="Actions on selected VMs">
      {[powerOn, shutDown, suspend].map((action) => (
        <Button
          key={action.id}
          class="wide-only"
          icon={action.icon}
          because={against(action, targets)}
          onClick={() => begin(action, targets, ask)}
        >
          {action.label}
        </Button>
      ))}
      <Button
        class="wide-only"
        icon="camera"
        because={none}
        onClick={() => ask({ what: 'snapshot', targets })}
      >
        Snapshot
      </Button>
      <div class="wide-only">
        <Menu
          label="More actions"
          text="More"
          because={none}
          items={[
            ...[restart, reset, powerOff].map((action) => actionItem(action, targets, ask)),
            'line',
            ...manageItems(targets, ask).slice(1),
          ]}
        />
      </div>
      <div class="narrow-only">
        <Menu
          label="Actions on selected VMs"
          text={targets.length > 0 ? `Actions on ${targets.length}` : 'Actions'}
          because={none}
          items={[...powerItems(targets, ask), 'line', ...manageItems(targets, ask)]}
        />
      </div>
    </div>
  );
}
