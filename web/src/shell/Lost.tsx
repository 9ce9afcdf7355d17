// SPDX-License-Identifier: LGPL-2.1-or-later
/* Says that what is on the page is of the past, and what is done about it. */
import { useEffect, useState } from 'preact/hooks';

import { connection, retryNow } from '../api/updates';
import { Button } from '../ui/controls';
import { Icon } from '../ui/Icon';

export function Lost() {
  const state = connection.value;
  const [now, setNow] = useState(Date.now());
  const lost = state.state === 'lost';
  useEffect(() => {
    if (!lost) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [lost]);
  if (!lost) return <div role="status" class="visually-hidden" />;
  const seconds = Math.max(0, Math.ceil((state.at - now) / 1000));
  return (
    <div class="lost" role="status">
      <Icon name="warning" />
      <span>
        <strong>Connection lost, trying again</strong>
        <span aria-hidden="true">{seconds > 0 ? ` in ${seconds} s` : ' now'}</span>. What you see is what the
        server said last.
      </span>
      <Button onClick={retryNow}>Try now</Button>
    </div>
  );
}
