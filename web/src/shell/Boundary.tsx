// SPDX-License-Identifier: LGPL-2.1-or-later
/* A page that cannot be drawn says so, and leaves the rest alone. */
import { Component, type ComponentChildren } from 'preact';

import { Button, Notice } from '../ui/controls';

export class Boundary extends Component<{ children: ComponentChildren }, { error: unknown }> {
  override state = { error: null as unknown };

  override componentDidCatch(error: unknown): void {
    this.setState({ error });
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div class="stack">
        <Notice kind="error" title="This page could not be drawn">
          {error instanceof Error ? error.message : String(error)}. Nothing was changed on the host. Load the
          page again; if that does not help, `aerostat` on the command line does the same.
        </Notice>
        <div class="row">
          <Button kind="primary" onClick={() => location.reload()}>
            Load again
          </Button>
          <Button onClick={() => this.setState({ error: null })}>Try to go on</Button>
        </div>
      </div>
    );
  }
}
