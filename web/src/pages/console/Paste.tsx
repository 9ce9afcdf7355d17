// SPDX-License-Identifier: LGPL-2.1-or-later
/* The clipboard, typed into the guest: what it is is seen before. */
import { useEffect, useState } from 'preact/hooks';

import { Field } from '../../ui/controls';
import { Dialog } from '../../ui/Dialog';
import type { Port, Session } from './channel';
import { untypable } from './keys';

const LONGEST = 10_000;
const NAMED = 5;

function wrongIn(text: string, port: Port): string | undefined {
  if (text.length > LONGEST) return `That is too much to type: ${LONGEST} characters at most.`;
  const none = port === 'display' ? untypable(text) : [];
  if (none.length === 0) return undefined;
  return `No key of a US keyboard types ${none.slice(0, NAMED).join(' ')}. Leave that out.`;
}

export function Paste({ port, session, onClose }: { port: Port; session: Session; onClose: () => void }) {
  const [text, setText] = useState('');
  useEffect(() => {
    // Not every browser lets pages read it; then it is pasted by hand.
    navigator.clipboard?.readText().then(
      (found) => setText((typed) => typed || found),
      () => {},
    );
  }, []);
  const wrong = wrongIn(text, port);
  return (
    <Dialog
      title="Type text into the guest"
      action="Type it"
      because={wrong ?? (text === '' ? 'Paste or write something first.' : undefined)}
      onAction={() => session.type(text)}
      onClose={() => {
        onClose();
        session.focus();
      }}
    >
      <Field
        label="Text"
        hint={
          port === 'display'
            ? 'Typed key by key, as on a US keyboard; the guest is to have that layout, too.'
            : 'Sent as it is; each line ends with the Return key.'
        }
        error={wrong}
      >
        {(tied) => (
          <textarea
            {...tied}
            class="input console-text"
            rows={6}
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
