// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which clones an earlier start of the same has made: the custom attribute "Template" names their parent. */
import { vms } from '../../api/inventory';
import { attributes } from '../../vm/attributes';

export function madeBefore(parent: string, names: readonly string[]): Set<string> {
  const key = attributes.value.find(({ name }) => name === 'Template')?.key;
  const wanted = new Set(names);
  return new Set(
    [...vms.value.values()].flatMap(({ name, customValue = [] }) => {
      const own = customValue.some((each) => each.key === key && each.value === parent);
      return own && name !== undefined && wanted.has(name) ? [name] : [];
    }),
  );
}
