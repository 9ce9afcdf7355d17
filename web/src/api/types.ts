// SPDX-License-Identifier: LGPL-2.1-or-later
/* The types of the API that the pages use, as docs/guide/api.md and src/vim/schema have them. */

/** A managed object. */
export interface Ref {
  type: string;
  value: string;
}

export interface UserSession {
  key: string;
  userName: string;
  fullName: string;
  loginTime: string;
  lastActiveTime: string;
  ipAddress: string;
  userAgent: string;
}

export interface ServiceContent {
  rootFolder: Ref;
  propertyCollector: Ref;
  viewManager: Ref;
  sessionManager: Ref;
  authorizationManager: Ref;
  eventManager: Ref;
  taskManager: Ref;
  perfManager: Ref;
  customFieldsManager: Ref;
  customizationSpecManager: Ref;
  searchIndex: Ref;
  userDirectory: Ref;
  accountManager: Ref;
  about: { name: string; fullName: string; version: string; build: string; instanceUuid: string };
}

export interface LocalizedFault {
  localizedMessage?: string;
  fault?: { _typeName?: string; [field: string]: unknown };
}

export type TaskState = 'queued' | 'running' | 'success' | 'error';

export interface TaskInfo {
  key: string;
  task: Ref;
  name?: string;
  descriptionId: string;
  entity?: Ref;
  entityName?: string;
  state: TaskState;
  cancelled: boolean;
  cancelable: boolean;
  error?: LocalizedFault;
  result?: unknown;
  progress?: number;
  reason?: { userName?: string };
  queueTime: string;
  startTime?: string;
  completeTime?: string;
}

export interface CustomValue {
  key: number;
  value: string;
}

export interface VmQuestion {
  id: string;
  text: string;
  choice: { choiceInfo: { key: string; label: string; summary?: string }[]; defaultIndex?: number };
}

export interface AllocationInfo {
  reservation?: number;
  expandableReservation?: boolean;
  limit?: number;
  shares?: { shares: number; level: 'low' | 'normal' | 'high' | 'custom' };
  overheadLimit?: number;
}

/** What the page watches of every VM, by property path. */
export interface VmProperties {
  name: string;
  parent: Ref;
  resourcePool: Ref;
  'runtime.powerState': 'poweredOn' | 'poweredOff' | 'suspended';
  'runtime.question': VmQuestion;
  'runtime.bootTime': string;
  'summary.config.template': boolean;
  'summary.config.memorySizeMB': number;
  'summary.config.numCpu': number;
  'summary.config.instanceUuid': string;
  'guest.hostName': string;
  'guest.ipAddress': string;
  overallStatus: string;
  customValue: CustomValue[];
}

export interface FolderProperties {
  name: string;
  parent: Ref;
  childType: string[];
}

export interface PoolProperties {
  name: string;
  parent: Ref;
  'config.memoryAllocation': AllocationInfo;
}

export interface NetworkProperties {
  name: string;
  parent: Ref;
}

export interface DatastoreProperties {
  name: string;
  'summary.capacity': number;
  'summary.freeSpace': number;
  'summary.accessible': boolean;
}

export interface HostProperties {
  name: string;
  'summary.hardware.memorySize': number;
  'runtime.bootTime': string;
}

/** An object of the live world: what is watched of it, where it has it. */
export type Live<P> = Partial<P> & { ref: Ref; id: string };

export type Vm = Live<VmProperties>;
export type Folder = Live<FolderProperties>;
export type Pool = Live<PoolProperties>;
export type Network = Live<NetworkProperties>;
export type Datastore = Live<DatastoreProperties>;
export type Host = Live<HostProperties>;
export type Task = Live<{ info: TaskInfo }>;

export interface PropertyChange {
  name: string;
  op: 'add' | 'remove' | 'assign' | 'indirectRemove';
  val?: unknown;
}

export interface ObjectUpdate {
  kind: 'enter' | 'modify' | 'leave';
  obj: Ref;
  changeSet?: PropertyChange[];
}

export interface UpdateSet {
  version: string;
  truncated?: boolean;
  filterSet?: { filter: Ref; objectSet?: ObjectUpdate[] }[];
}

export interface Sharing {
  state: string;
  reason: string;
  sharedBytes: number;
  commonBytes: number;
  savedBytes: number;
  pagesPerSecond: number;
  processors: number;
}

/** A round of the memory scheduler, as AerostatManager.QueryHostMemory gives it. */
export interface HostMemory {
  time: string;
  managedBytes: number;
  totalBytes: number;
  freeBytes: number;
  consumedBytes: number;
  overheadBytes: number;
  otherBytes: number;
  privateBytes: number;
  state: string;
  stateSince: string;
  stateCause: string;
  highBytes: number;
  softBytes: number;
  hardBytes: number;
  lowBytes: number;
  overcommit: number[];
  vms: number;
  share: Sharing;
  balloonBytes: number;
  balloonTargetBytes: number;
  balloonMaxBytes: number;
  swappedBytes: number;
  swapTargetBytes: number;
  swapReadBytesPerSecond: number;
  swapWriteBytesPerSecond: number;
  cacheBytes: number;
  zippedBytes: number;
  zipSavedBytes: number;
  zipBytesPerSecond: number;
  unzipBytesPerSecond: number;
  connection: string;
  connectionReason?: string;
}

/** A VM's row of `aerostat top`. */
export interface VmMemory {
  vm?: Ref;
  name: string;
  uuid: string;
  processId: number;
  pool: string;
  power: string;
  managed: string;
  problem?: string;
  cause?: string;
  stopped: boolean;
  memoryBytes: number;
  grantedBytes: number;
  targetBytes: number;
  activeBytes: number;
  consumedBytes: number;
  overheadBytes: number;
  idleBytes: number;
  residentBytes: number;
  parkedBytes: number;
  absentBytes: number;
  sharedBytes: number;
  savedBytes: number;
  privateBytes: number;
  balloonBytes: number;
  balloonTargetBytes: number;
  balloonMaxBytes: number;
  balloonState: string;
  swappedBytes: number;
  swapTargetBytes: number;
  swapReadBytesPerSecond: number;
  swapWriteBytesPerSecond: number;
  cacheBytes: number;
  cacheUsedBytes: number;
  compressedBytes: number;
  sameBytes: number;
  zipBytesPerSecond: number;
  unzipBytesPerSecond: number;
  faultsPerSecond: number;
  pagerLimitBytes?: number;
  shares: number;
  sharesLevel: string;
  reservationBytes: number;
  limitBytes?: number;
}

export interface PoolMemory {
  pool: Ref;
  path: string;
  shares: number;
  sharesLevel: string;
  reservationBytes: number;
  limitBytes?: number;
  expandable: boolean;
  targetBytes: number;
  consumedBytes: number;
  activeBytes: number;
  reservationUsedBytes: number;
  reservationFreeBytes: number;
  vms: number;
  pools: number;
}

export interface VimEvent {
  _typeName?: string;
  key: number;
  chainId: number;
  createdTime: string;
  userName: string;
  fullFormattedMessage?: string;
  eventTypeId?: string;
  message?: string;
  vm?: { name: string; vm: Ref };
}
