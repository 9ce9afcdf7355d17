// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a VM asks, with its answers. */
import { useState } from 'preact/hooks';

import { call } from '../../api/client';
import type { Vm } from '../../api/types';
import { Button, Notice } from '../../ui/controls';
import { say, sayError } from '../../ui/Toast';

export function Question({ vm }: { vm: Vm }) {
  const question = vm['runtime.question'];
  const [busy, setBusy] = useState(false);
  if (!question) return null;
  const answer = async (key: string, label: string) => {
    setBusy(true);
    try {
      await call(
        vm.ref,
        'AnswerVM',
        { questionId: question.id, answerChoice: key },
        `Answer the question of ${vm.name}`,
      );
      say(`${vm.name} was told: ${label}.`, 'good');
    } catch (error) {
      sayError(error);
    }
    setBusy(false);
  };
  return (
    <Notice kind="warning" title={`${vm.name} waits for an answer`}>
      <div class="stack">
        <p>{question.text}</p>
        <div class="row">
          {question.choice.choiceInfo.map(({ key, label, summary }, index) => (
            <Button
              key={key}
              {...(index === (question.choice.defaultIndex ?? 0) && { kind: 'primary' as const })}
              title={summary}
              disabled={busy}
              onClick={() => void answer(key, label)}
            >
              {label}
            </Button>
          ))}
        </div>
      </div>
    </Notice>
  );
}
