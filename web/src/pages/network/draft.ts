// SPDX-License-Identifier: LGPL-2.1-or-later
/* The table of VLANs as it is being edited: what is wrong in it, and what would change. Pure. */
export interface Group {
  name: string;
  vlanId: number;
  vswitchName: string;
}

/** A line of the table. was: the port group as it is on the host; null: a new one. */
export interface Line {
  id: number;
  was: Group | null;
  name: string;
  vlan: string;
  vswitch: string;
  removed: boolean;
}

export type Change = { kind: 'add' | 'edit' | 'remove'; name: string; spec: Group; words: string };

export const VLAN_TRUNK = 4095;
const NAME_MAX = 80;

let last = 0;

export function lineOf(group: Group): Line {
  const { name, vlanId, vswitchName } = group;
  return { id: ++last, was: group, name, vlan: String(vlanId), vswitch: vswitchName, removed: false };
}

export function newLine(vswitch: string, name = '', vlan = '0'): Line {
  return { id: ++last, was: null, name, vlan, vswitch, removed: false };
}

export function vlanWords(vlanId: number): string {
  if (vlanId === 0) return 'no VLAN';
  return vlanId === VLAN_TRUNK ? 'all VLANs' : `VLAN ${vlanId}`;
}

/** By field; no field: the line is right. */
export function wrongIn(
  line: Line,
  all: readonly Line[],
): Partial<Record<'name' | 'vlan' | 'vswitch', string>> {
  const wrong: ReturnType<typeof wrongIn> = {};
  if (line.removed) return wrong;
  const name = line.name.trim();
  if (name === '') wrong.name = 'A port group has a name.';
  else if (name.length > NAME_MAX) wrong.name = `A name has at most ${NAME_MAX} characters.`;
  else if (all.some((other) => other !== line && !other.removed && other.name.trim() === name))
    wrong.name = 'There is another port group of this name.';
  if (!/^\d{1,4}$/.test(line.vlan.trim()) || Number(line.vlan) > VLAN_TRUNK)
    wrong.vlan = 'A VLAN is a number from 0 (none) to 4094, or 4095 for all.';
  if (line.vswitch === '') wrong.vswitch = 'A port group is on a switch.';
  return wrong;
}

export function isRight(lines: readonly Line[]): boolean {
  return lines.every((line) => Object.keys(wrongIn(line, lines)).length === 0);
}

function changeOf(line: Line): Change | null {
  const { was, removed } = line;
  const spec = { name: line.name.trim(), vlanId: Number(line.vlan), vswitchName: line.vswitch };
  if (!was) {
    if (removed) return null;
    const words = `Add ${spec.name}: ${vlanWords(spec.vlanId)} on ${spec.vswitchName}`;
    return { kind: 'add', name: spec.name, spec, words };
  }
  if (removed) return { kind: 'remove', name: was.name, spec: was, words: `Remove ${was.name}` };
  const parts = [
    spec.vlanId !== was.vlanId && `${vlanWords(was.vlanId)} to ${vlanWords(spec.vlanId)}`,
    spec.vswitchName !== was.vswitchName && `${was.vswitchName} to ${spec.vswitchName}`,
  ].filter(Boolean);
  if (parts.length === 0) return null;
  return { kind: 'edit', name: was.name, spec, words: `Change ${was.name}: ${parts.join(', ')}` };
}

export function changesOf(lines: readonly Line[]): Change[] {
  return lines.map(changeOf).filter((change) => change !== null);
}

/** Lines of a spreadsheet or of CSV, "name, VLAN, switch"; null if the text is no table. */
export function linesOf(text: string, vswitch: string): Line[] | null {
  const rows = text
    .split(/\r?\n/)
    .map((row) => row.split(/[\t,;]/).map((cell) => cell.trim()))
    .filter((row) => row.some(Boolean));
  if (rows.length === 0 || rows.some((row) => row.length < 2)) return null;
  const body = /^\d+$/.test(rows[0]?.[1] ?? '') ? rows : rows.slice(1);
  return body.map(([name = '', vlan = '', on = '']) => newLine(on || vswitch, name, vlan));
}
