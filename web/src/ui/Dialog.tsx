// SPDX-License-Identifier: LGPL-2.1-or-later
/* A modal dialog that is a form: Escape closes it, Enter does what its main button does. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

import { Button, ErrorNotice, IconButton } from './controls';

interface DialogProps {
  title: string;
  /** Of the main button: a verb. */
  action?: string;
  danger?: boolean;
  wide?: boolean;
  /** Why the main button cannot be pressed yet. */
  because?: string | undefined;
  /** Closes by itself when the promise is kept, and says what it was rejected with. */
  onAction?: () => Promise<void> | void;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, action, danger, wide, because, onAction, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const id = useId();

  useEffect(() => {
    const opener = document.activeElement;
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      // While it is modal, nothing else takes the focus.
      dialog?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy || because !== undefined || !onAction) return;
    setBusy(true);
    setError(null);
    try {
      await onAction();
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <dialog
      ref={element}
      class="dialog"
      data-wide={wide ? '' : undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <form method="dialog" onSubmit={(event) => void submit(event)} noValidate>
        <header>
          <h2 id={id}>{title}</h2>
          <IconButton label="Close" icon="close" onClick={onClose} />
        </header>
        <div class="content">
          {children}
          <ErrorNotice error={error} />
        </div>
        <footer>
          <Button onClick={onClose}>{action ? 'Cancel' : 'Close'}</Button>
          {action && (
            <Button type="submit" kind={danger ? 'danger' : 'primary'} because={because} disabled={busy}>
              {action}
            </Button>
          )}
        </footer>
      </form>
    </dialog>
  );
}
