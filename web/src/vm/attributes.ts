// SPDX-License-Identifier: LGPL-2.1-or-later
/* Custom attributes: their definitions, which VMs' values name by key. */
import { signal } from '@preact/signals';

import { get, service } from '../api/client';
import type { CustomValue } from '../api/types';

export interface Attribute {
  key: number;
  name: string;
}

export const attributes = signal<readonly Attribute[]>([]);

/** Asks for the definitions again. */
export async function readAttributes(): Promise<void> {
  const content = await service();
  attributes.value =
    (await get<Attribute[] | null>(content.customFieldsManager, 'field', 'Read custom attributes')) ?? [];
}

/** "Owner=me, Tier=gold" */
export function attributeText(
  values: readonly CustomValue[] | undefined,
  defined: readonly Attribute[],
): string {
  if (!values || values.length === 0) return '';
  return values
    .filter((each) => each.value !== '')
    .map((each) => `${defined.find((one) => one.key === each.key)?.name ?? each.key}=${each.value}`)
    .sort()
    .join(', ');
}
