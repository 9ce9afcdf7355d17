// SPDX-License-Identifier: LGPL-2.1-or-later
/* The host's options, by their ESX names. */
import { ApiError, call, get, plain } from '../../api/client';
import { host } from '../../api/inventory';
import type { Ref } from '../../api/types';

export interface Option {
  key: string;
  value: number;
  /** What it does, with its unit. */
  summary: string;
  min: number;
  max: number;
  fallback: number;
}

interface OptionDef {
  key: string;
  summary: string;
  optionType: { min: number; max: number; defaultValue: number };
}

async function manager(): Promise<Ref> {
  const machine = host.value?.ref;
  if (!machine) throw new ApiError('Read the options', 'The host is not known yet.', 'Try again.', '', 200);
  const { advancedOption } = await get<{ advancedOption: Ref }>(machine, 'configManager', 'Read the options');
  return advancedOption;
}

export async function readOptions(): Promise<Option[]> {
  const options = await manager();
  const [defs, values] = await Promise.all([
    get<OptionDef[]>(options, 'supportedOption', 'Read the options'),
    get<{ key: string; value: unknown }[]>(options, 'setting', 'Read the options'),
  ]);
  const now = new Map(values.map((each) => [each.key, Number(plain(each.value))]));
  return defs.map(({ key, summary, optionType }) => ({
    key,
    summary,
    min: optionType.min,
    max: optionType.max,
    fallback: optionType.defaultValue,
    value: now.get(key) ?? optionType.defaultValue,
  }));
}

export async function setOption(key: string, value: number): Promise<void> {
  await call(
    await manager(),
    'UpdateOptions',
    { changedValue: [{ _typeName: 'OptionValue', key, value: { _typeName: 'long', _value: value } }] },
    `Set ${key}`,
  );
}

/** What is wrong with what was typed; undefined: nothing. */
export function checkOption(option: Option, text: string): string | undefined {
  const value = Number(text);
  if (!/^\s*-?\d+\s*$/.test(text)) return 'A whole number, please.';
  if (value < option.min || value > option.max) return `From ${option.min} to ${option.max}.`;
  return undefined;
}
