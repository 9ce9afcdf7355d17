// SPDX-License-Identifier: LGPL-2.1-or-later
/* Step by step to a VM that runs. The steps are in the address, so the browser's way back goes one back. */
import './start.css';

import { useEffect, useRef } from 'preact/hooks';

import { datastores, loaded, vms } from '../../api/inventory';
import type { Ref } from '../../api/types';
import { go, query, setQuery } from '../../router';
import { Button } from '../../ui/controls';
import { say, sayError } from '../../ui/Toast';
import { CheckStep } from './CheckStep';
import { DiskStep } from './DiskStep';
import { draft, edit, isRight, startAnew, STEPS, type Wrong, wrongIn } from './draft';
import { isBusy, madeVm, make, making } from './making';
import { NetworkStep } from './NetworkStep';
import { SizeStep } from './SizeStep';
import { StoreStep } from './StoreStep';

const LAST = STEPS.length - 1;

const at = (step: number) => (step === 0 ? '/start' : `/start?step=${step + 1}`);

/** What the VM itself has taken is no obstacle to it. */
function useWrong(): Wrong[] {
  const mine = madeVm()?.value;
  const busy = isBusy();
  const names = [...vms.value.values()]
    .filter(({ id }) => id !== mine && !busy)
    .map(({ name }) => name ?? '');
  return wrongIn(draft.value, { stores: datastores.value, names });
}

function leaveTo(vm: Ref): void {
  go(`/vm/${vm.value}`);
  startAnew();
  making.value = null;
}

async function finish(): Promise<void> {
  const { name } = draft.peek();
  try {
    const vm = await make();
    if (!vm) return;
    say(`${name} runs.`, 'good');
    leaveTo(vm);
  } catch (error) {
    making.value = null;
    sayError(error);
  }
}

function Steps({ step, reachable }: { step: number; reachable: number }) {
  return (
    <ol class="start-steps" aria-label="Steps">
      {STEPS.map((title, number) => (
        <li key={title} aria-current={number === step ? 'step' : undefined}>
          {number <= reachable && number !== step ? <a href={`#${at(number)}`}>{title}</a> : title}
        </li>
      ))}
    </ol>
  );
}

function Content({ step, wrong }: { step: number; wrong: Wrong[] }) {
  if (step === 0) return <StoreStep />;
  if (step === 1) return <SizeStep wrong={wrong[1] ?? {}} />;
  if (step === 2) return <DiskStep wrong={wrong[2] ?? {}} />;
  return step === 3 ? <NetworkStep /> : <CheckStep onLeave={leaveTo} />;
}

/** Where there is one datastore, it is chosen. */
function useOnlyStore(): void {
  const only = datastores.value.size === 1 ? [...datastores.value.keys()][0] : undefined;
  useEffect(() => {
    if (only && draft.peek().store === '') edit({ store: only });
  }, [only]);
}

/** The step that the address names, or the first before it in which something is wrong. */
function useStep(wrong: Wrong[]): { step: number; reachable: number } {
  const firstWrong = wrong.findIndex((each) => !isRight(each));
  const reachable = firstWrong < 0 ? LAST : firstWrong;
  const named = Number(query.value.get('step') ?? 1) - 1;
  const asked = Number.isInteger(named) && named > 0 ? named : 0;
  const step = Math.min(asked, reachable);
  const there = loaded.value;
  useEffect(() => {
    if (!there) return;
    // Else putting right what is wrong would leap ahead.
    if (asked !== step) setQuery('step', step === 0 ? null : String(step + 1));
    // What went wrong with what is being changed now is no news any more.
    if (step !== LAST && !isBusy() && !madeVm()) making.value = null;
  }, [there, asked, step]);
  return { step, reachable };
}

export function StartPage() {
  useOnlyStore();
  const wrong = useWrong();
  const { step, reachable } = useStep(wrong);
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    // Who does not see the page hears that another step is there.
    if (shown.current !== step) heading.current?.focus();
    shown.current = step;
  }, [step]);

  if (!loaded.value) return null;
  const here = Object.values(wrong[step] ?? {}).find((words) => words !== undefined);
  const last = step === LAST;
  const busy = isBusy();
  const failed = making.value?.error != null;
  // What is made is not changed here any more.
  const fixed = busy || madeVm() !== null;
  return (
    <div class="stack start">
      <h1>{vms.value.size === 0 ? 'The first VM' : 'A new VM'}</h1>
      <Steps step={step} reachable={fixed ? -1 : reachable} />
      <section class="card stack" aria-labelledby="start-step">
        <h2 id="start-step" ref={heading} tabIndex={-1}>
          {STEPS[step]}
        </h2>
        <Content step={step} wrong={wrong} />
        <div class="row spread">
          <Button disabled={step === 0 || fixed} onClick={() => go(at(step - 1))}>
            Back
          </Button>
          {last ? (
            <Button kind="primary" icon="power" disabled={busy} onClick={() => void finish()}>
              {failed ? 'Try again' : 'Create and power on'}
            </Button>
          ) : (
            <Button kind="primary" because={here} onClick={() => go(at(step + 1))}>
              Next
            </Button>
          )}
        </div>
      </section>
    </div>
  );
}
