// SPDX-License-Identifier: LGPL-2.1-or-later
import { ButtonLink, Empty } from '../../ui/controls';

/** What a page of VMs shows where there are none. */
export function EmptyHost() {
  return (
    <Empty title="There is no VM on this host yet.">
      <ButtonLink href="#/start" kind="primary" icon="plus">
        Make the first one
      </ButtonLink>
    </Empty>
  );
}
