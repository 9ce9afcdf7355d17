// SPDX-License-Identifier: LGPL-2.1-or-later
/* Virtual switches and port groups of the host. */
import { call, get, ref } from './client';
import { host } from './inventory';
import type { Ref } from './types';

export interface Switch {
  name: string;
  numPorts: number;
  /** Keys of what leads out: "...-eth1". */
  pnic?: string[];
  spec: { bridge?: { nicDevice?: string[] | string } };
}

export interface PortGroup {
  key?: string;
  port?: { mac?: string[]; type: string }[];
  spec: { name: string; vlanId: number; vswitchName: string };
}

export interface NetworkInfo {
  vswitch?: Switch[];
  portgroup?: PortGroup[];
  pnic?: { device: string; mac?: string }[];
}

export interface GroupChange {
  kind: 'add' | 'edit' | 'remove';
  spec: { name: string; vlanId: number; vswitchName: string };
}

async function system(): Promise<Ref> {
  const here = host.peek();
  if (!here) throw new Error('The host is not known yet.');
  const manager = await get<{ networkSystem: Ref }>(here.ref, 'configManager', 'Find the network');
  return ref('HostNetworkSystem', manager.networkSystem.value);
}

export async function readNetwork(): Promise<NetworkInfo> {
  return get<NetworkInfo>(await system(), 'networkInfo', 'Read the switches');
}

/** All of them in one call. */
export async function applyGroups(changes: GroupChange[]): Promise<void> {
  const portgroup = changes.map(({ kind, spec }) => ({
    _typeName: 'HostPortGroupConfig',
    changeOperation: kind,
    spec: { _typeName: 'HostPortGroupSpec', ...spec, policy: { _typeName: 'HostNetworkPolicy' } },
  }));
  await call(
    await system(),
    'UpdateNetworkConfig',
    { config: { _typeName: 'HostNetworkConfig', portgroup }, changeMode: 'modify' },
    'Change the port groups',
  );
}

/** uplink: a network device of the host, "" for a switch that leads nowhere. */
export async function addSwitch(name: string, uplink: string): Promise<void> {
  const bridge = uplink && {
    bridge: { _typeName: 'HostVirtualSwitchBondBridge', nicDevice: [uplink] },
  };
  await call(
    await system(),
    'AddVirtualSwitch',
    { vswitchName: name, spec: { _typeName: 'HostVirtualSwitchSpec', numPorts: 128, ...bridge } },
    `Add the switch ${name}`,
  );
}

export async function removeSwitch(name: string): Promise<void> {
  await call(await system(), 'RemoveVirtualSwitch', { vswitchName: name }, `Remove the switch ${name}`);
}
