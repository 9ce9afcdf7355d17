// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the page of one VM knows of it, beside what every page knows. */
import type { Ref } from '../../api/types';

export interface Backing {
  fileName?: string;
  datastore?: Ref;
  diskMode?: string;
  thinProvisioned?: boolean;
  parent?: Backing;
  deviceName?: string;
  network?: Ref;
}

export interface Device {
  _typeName: string;
  key: number;
  deviceInfo?: { label: string; summary: string };
  backing?: Backing;
  controllerKey?: number;
  unitNumber?: number;
  capacityInKB?: number;
  capacityInBytes?: number;
  macAddress?: string;
  connectable?: { startConnected: boolean; connected: boolean; allowGuestControl: boolean };
}

export interface Option {
  key: string;
  value: string;
}

export interface VmConfig {
  changeVersion: string;
  name: string;
  annotation?: string;
  guestId: string;
  guestFullName: string;
  createDate?: string;
  version: string;
  uuid: string;
  firmware?: string;
  cpuHotAddEnabled?: boolean;
  files: { vmPathName?: string };
  defaultPowerOps: {
    powerOffType?: string;
    suspendType?: string;
    resetType?: string;
    standbyAction?: string;
  };
  bootOptions?: { bootDelay?: number; enterBIOSSetup?: boolean; bootRetryEnabled?: boolean };
  extraConfig?: { key: string; value: unknown }[];
  hardware: { numCPU: number; memoryMB: number; device?: Device[] };
}

export interface SnapshotTree {
  snapshot: Ref;
  name: string;
  description: string;
  id: number;
  createTime: string;
  state: string;
  childSnapshotList?: SnapshotTree[];
}

export interface FileLayout {
  file?: { key: number; name: string; type: string; size: number; uniqueSize?: number }[];
}

export interface Details {
  config: VmConfig;
  snapshot: { currentSnapshot?: Ref; rootSnapshotList: SnapshotTree[] };
  layoutEx: FileLayout;
  guest: { guestFullName?: string; toolsRunningStatus?: string };
  'runtime.consolidationNeeded': boolean;
}

export const DETAIL_PATHS = ['config', 'snapshot', 'layoutEx', 'guest', 'runtime.consolidationNeeded'];

export type VmDetails = Partial<Details>;
