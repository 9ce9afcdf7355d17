// SPDX-License-Identifier: LGPL-2.1-or-later
/* Buttons, fields, notices: what every page is made of. */
import './controls.css';

import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

import { ApiError } from '../api/client';
import { Icon, type IconName } from './Icon';

type ButtonProps = Omit<JSX.IntrinsicElements['button'], 'icon' | 'size'> & {
  kind?: 'primary' | 'danger' | 'quiet';
  icon?: IconName;
  /** Why it cannot be pressed now; it is then disabled, and says so to who points at it. */
  because?: string | undefined;
  children?: ComponentChildren;
};

export function Button({
  kind,
  icon,
  because,
  children,
  disabled,
  title,
  class: more,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button ${(more as string | undefined) ?? ''}`}
      data-kind={kind}
      disabled={disabled || because !== undefined}
      title={because ?? title}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function IconButton({
  label,
  icon,
  ...rest
}: Omit<ButtonProps, 'children'> & { label: string; icon: IconName }) {
  return (
    <Button kind="quiet" {...rest} class="icon-only" aria-label={label} title={label}>
      <Icon name={icon} />
    </Button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  href,
  kind,
  icon,
  children,
}: {
  href: string;
  kind?: 'primary';
  icon?: IconName;
  children: ComponentChildren;
}) {
  return (
    <a class="button" href={href} data-kind={kind}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  );
}

interface FieldFrame {
  label: string;
  hint?: ComponentChildren;
  /** What is wrong with what was typed. */
  error?: string | undefined;
}

/** Label, control, hint and error, tied together for readers. */
export function Field({
  label,
  hint,
  error,
  children,
}: FieldFrame & {
  children: (props: {
    id: string;
    'aria-describedby'?: string;
    'aria-invalid'?: boolean;
  }) => ComponentChildren;
}) {
  const id = useId();
  const about = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, ...(about && { 'aria-describedby': about }), ...(error && { 'aria-invalid': true }) })}
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error && (
        <div class="wrong" id={`${id}-error`} role="alert">
          {error}
        </div>
      )}
    </div>
  );
}

type TextFieldProps = FieldFrame &
  Omit<JSX.IntrinsicElements['input'], 'label' | 'onInput' | 'value'> & {
    value: string;
    onValue: (value: string) => void;
  };

export function TextField({ label, hint, error, value, onValue, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(tied) => (
        <input
          type="text"
          autocomplete="off"
          spellcheck={false}
          {...rest}
          {...tied}
          class="input"
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export interface Choice {
  value: string;
  label: string;
}

export function SelectField({
  label,
  hint,
  error,
  value,
  onValue,
  choices,
  disabled,
}: FieldFrame & {
  value: string;
  onValue: (value: string) => void;
  choices: Choice[];
  disabled?: boolean;
}) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(tied) => (
        <select
          {...tied}
          class="select"
          value={value}
          disabled={disabled}
          onChange={(event) => onValue(event.currentTarget.value)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Check({
  label,
  checked,
  onValue,
  disabled,
}: {
  label: ComponentChildren;
  checked: boolean;
  onValue: (checked: boolean) => void;
  disabled?: boolean;
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onValue(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

export type Kind = 'good' | 'warning' | 'error';

export function Notice({
  kind,
  title,
  children,
}: {
  kind?: Kind;
  title?: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="notice" data-kind={kind} role={kind === 'error' ? 'alert' : 'status'}>
      {title && <strong>{title}</strong>}
      {children && <div>{children}</div>}
    </div>
  );
}

/** What failed, why, what to do. */
export function ErrorNotice({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  if (error instanceof ApiError) {
    return (
      <Notice kind="error" title={`${error.what}: that did not work`}>
        {error.why} {error.cure}
      </Notice>
    );
  }
  return (
    <Notice kind="error" title="That did not work">
      {error instanceof Error ? error.message : String(error)}
    </Notice>
  );
}

export function Badge({ kind, children }: { kind?: Kind | undefined; children: ComponentChildren }) {
  return (
    <span class="badge" data-kind={kind}>
      {children}
    </span>
  );
}

/** What is where nothing is, and what to do about it. */
export function Empty({ title, children }: { title?: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      {title && <strong>{title}</strong>}
      {children}
    </div>
  );
}
