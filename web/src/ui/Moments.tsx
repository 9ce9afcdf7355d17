// SPDX-License-Identifier: LGPL-2.1-or-later
/* Moments with their causes: marks at a chart, and the same as a list. */
import './moments.css';

import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

import type { Change } from '../api/history';
import { Badge, Button, type Kind } from './controls';
import { time } from './format';
import { stateKind, stateToken } from './state';

export interface Moment {
  key: number;
  /** ms */
  at: number;
  /** In a word. */
  label: string;
  /** The cause. */
  text: string;
  /** A token's name. */
  colour: string;
  kind?: Kind | undefined;
}

/** What the list shows at first. */
const SHOWN = 50;

export function changeMoments(changes: readonly Change[]): Moment[] {
  return changes.map(({ key, at, state, before, cause }) => ({
    key,
    at,
    label: state,
    text: `was ${before}${cause && `: ${cause}`}`,
    colour: stateToken(state),
    kind: stateKind(state),
  }));
}

/**
 * Below a chart, each at its time: one stop of the tab key, arrow keys go from one to the next; what the mark
 * is about is shown while it is pointed at or has the focus.
 */
export function MomentMarks({
  label,
  moments,
  from,
  to,
}: {
  label: string;
  moments: readonly Moment[];
  from: number;
  to: number;
}) {
  const bar = useRef<HTMLDivElement>(null);
  const [reached, setReached] = useState<number | null>(null);
  const [told, setTold] = useState<number | null>(null);
  const inside = moments.filter(({ at }) => at >= from && at <= to).sort((a, b) => a.at - b.at);
  if (inside.length === 0) return null;
  const stop = inside.some(({ key }) => key === reached) ? reached : inside[inside.length - 1]!.key;
  const shown = inside.find(({ key }) => key === told);

  const move = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setTold(null);
    const at = inside.findIndex(({ key }) => key === stop);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: inside.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    bar.current?.querySelectorAll('button')[to]?.focus();
  };

  return (
    <div
      class="moment-marks"
      role="toolbar"
      aria-label={label}
      ref={bar}
      onKeyDown={move}
      onMouseLeave={() => setTold(null)}
    >
      {inside.map((moment) => (
        <button
          key={moment.key}
          type="button"
          tabIndex={moment.key === stop ? 0 : -1}
          aria-label={`${time(moment.at)}: ${moment.label}, ${moment.text}`}
          style={{
            left: `${((moment.at - from) * 100) / (to - from)}%`,
            '--colour': `var(${moment.colour})`,
          }}
          onClick={() => setTold(moment.key)}
          onMouseEnter={() => setTold(moment.key)}
          onFocus={() => {
            setReached(moment.key);
            setTold(moment.key);
          }}
          onBlur={() => setTold(null)}
        />
      ))}
      {shown && (
        <div class="moment-tip" aria-hidden="true">
          <strong>
            {time(shown.at)} {shown.label}
          </strong>{' '}
          {shown.text}
        </div>
      )}
    </div>
  );
}

/** The newest first. children: what there is to say where there are none. */
export function MomentList({
  moments,
  children,
}: {
  moments: readonly Moment[];
  children: ComponentChildren;
}) {
  const [all, setAll] = useState(false);
  if (moments.length === 0) return <p class="muted">{children}</p>;
  return (
    <>
      <ol class="moments">
        {moments.slice(0, all ? undefined : SHOWN).map((moment) => (
          <li key={moment.key}>
            <time dateTime={new Date(moment.at).toISOString()}>{time(moment.at)}</time>
            <span>
              <Badge kind={moment.kind}>{moment.label}</Badge>
            </span>
            <span>{moment.text}</span>
          </li>
        ))}
      </ol>
      {!all && moments.length > SHOWN && (
        <div>
          <Button onClick={() => setAll(true)}>Show all {moments.length}</Button>
        </div>
      )}
    </>
  );
}
