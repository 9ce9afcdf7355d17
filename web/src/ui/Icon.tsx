// SPDX-License-Identifier: LGPL-2.1-or-later
/* Icons on a grid of 16, drawn here as paths of lines. */
const PATHS = {
  host: 'M2 3h12v4H2zM2 9h12v4H2zM4.5 5h.01M4.5 11h.01',
  vm: 'M2 3h12v8H2zM6 14h4M8 11v3',
  template: 'M2 3h12v8H2zM5 6h6M5 8.5h4',
  folder: 'M1.5 4h5l1.5 2h6.5v7h-13z',
  pool: 'M8 2l6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3',
  network: 'M8 2v4M3 14v-4h10v4M8 6v4M1.5 14h3M6.5 14h3M11.5 14h3',
  disk: 'M2.5 4c0-1.2 2.5-2 5.5-2s5.5.8 5.5 2v8c0 1.2-2.5 2-5.5 2s-5.5-.8-5.5-2zM2.5 4c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2',
  record: 'M8 3a5 5 0 1 0 .01 0zM8 6a2 2 0 1 0 .01 0z',
  settings: 'M2 4h7M13 4h1M2 8h2M8 8h6M2 12h6M12 12h2M11 2.5v3M6 6.5v3M10 10.5v3',
  tasks: 'M2 4l1.2 1.2L5.5 3M2 10.5l1.2 1.2 2.3-2.2M8 4.5h6M8 11h6',
  search: 'M7 2.5a4.5 4.5 0 1 0 .01 0zM10.5 10.5L14 14',
  sun: 'M8 5a3 3 0 1 0 .01 0zM8 1v1.5M8 13.500V15M1 8h1.500M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  moon: 'M13.5 9.500A6 6 0 0 1 6.5 2.500a6 6 0 1 0 7 7z',
  user: 'M8 2.500a2.75 2.75 0 1 0 .01 0zM2.5 14c.5-3 2.5-4.5 5.5-4.500s5 1.5 5.5 4.5',
  close: 'M3.5 3.500l9 9M12.5 3.500l-9 9',
  check: 'M3 8.500l3.2 3L13 4.5',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
  plus: 'M8 3v10M3 8h10',
  edit: 'M3 13l.7-3L11 2.7 13.3 5 6 12.300z',
  trash: 'M2.5 4h11M6 4V2.500h4V4M4 4l.7 9.500h6.600L12 4M6.7 7v4M9.3 7v4',
  copy: 'M5.5 5.500h8v8h-8zM10.5 5.500v-3h-8v8h3',
  download: 'M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.500h11',
  play: 'M4.5 2.500l8.5 5.5-8.5 5.500z',
  pause: 'M5 3v10M11 3v10',
  stop: 'M3.5 3.500h9v9h-9z',
  power: 'M8 2v6M4.5 4.200a5 5 0 1 0 7 0',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.500M13 2v3h-3',
  camera: 'M2 5h3l1-2h4l1 2h3v8H2zM8 6.500a2.25 2.25 0 1 0 .01 0z',
  clone: 'M2.5 2.500h7v7h-7zM6.5 11.500v2h7v-7h-2',
  console: 'M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10h3',
  question: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.200c-.8.4-1.1.80-1.1 1.600M8 12.500h.01',
  warning: 'M8 2l6.5 11.500h-13zM8 6.500v3M8 11.500h.01',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  left: 'M10 4L6 8l4 4',
  columns: 'M2 3h12v10H2zM6 3v10M10 3v10',
  move: 'M2 8h11M9.5 4.500L13 8l-3.5 3.5',
  memory: 'M2 4.500h12v6H2zM4.5 4.500v3M8 4.500v3M11.5 4.500v3M4 10.500V13M8 10.500V13M12 10.500V13',
  menu: 'M2 4h12M2 8h12M2 12h12',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration only: what it means is said in words beside it, or in its control's label. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
