// SPDX-License-Identifier: LGPL-2.1-or-later
/* Datastores: folders of the host with a name, and what VMs can use in them. */
import { call, get, plain, ref } from './client';
import { host } from './inventory';
import { runTask } from './tasks';
import type { Datastore, Ref } from './types';

/** path: as the API takes it, "[ds1] images/debian.iso". */
export interface StoreFile {
  path: string;
  kind: 'disk' | 'iso';
  bytes: number;
}

interface Found {
  folderPath: string;
  file?: { _typeName: string; path: string; fileSize?: number; capacityKb?: number }[];
}

/** @returns the new datastore */
export async function addStore(name: string, path: string): Promise<Ref> {
  const here = host.peek();
  if (!here) throw new Error('The host is not known yet.');
  const manager = await get<{ datastoreSystem: Ref }>(here.ref, 'configManager', 'Find the datastores');
  const system = ref('HostDatastoreSystem', manager.datastoreSystem.value);
  return call<Ref>(system, 'CreateLocalDatastore', { name, path }, `Add the datastore ${name}`);
}

type FoundFile = NonNullable<Found['file']>[number];

function fileOf(folder: string, { _typeName, path, fileSize, capacityKb }: FoundFile): StoreFile {
  const disk = _typeName === 'VmDiskFileInfo';
  const bytes = disk && capacityKb ? capacityKb * 1024 : (fileSize ?? 0);
  return { path: folder + path, kind: disk ? 'disk' : 'iso', bytes };
}

/** Disk images and ISO images, also in folders. */
export async function findFiles(store: Datastore): Promise<StoreFile[]> {
  const what = `Look through the datastore ${store.name}`;
  const browser = await get<Ref>(store.ref, 'browser', what);
  const answer = await runTask(
    ref('HostDatastoreBrowser', browser.value),
    'SearchDatastoreSubFolders_Task',
    {
      datastorePath: `[${store.name}]`,
      searchSpec: {
        _typeName: 'HostDatastoreBrowserSearchSpec',
        query: [
          {
            _typeName: 'VmDiskFileQuery',
            details: {
              _typeName: 'VmDiskFileQueryFlags',
              diskType: false,
              capacityKb: true,
              hardwareVersion: false,
            },
          },
          { _typeName: 'IsoImageFileQuery' },
        ],
        details: {
          _typeName: 'FileQueryFlags',
          fileType: true,
          fileSize: true,
          modification: false,
          fileOwner: false,
        },
      },
    },
    what,
  );
  const folders = (plain(answer) ?? []) as Found[];
  return folders
    .flatMap((folder) => (folder.file ?? []).map((file) => fileOf(folder.folderPath, file)))
    .sort((a, b) => a.path.localeCompare(b.path, undefined, { numeric: true }));
}
