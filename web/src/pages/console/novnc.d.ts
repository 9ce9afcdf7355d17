// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is used of noVNC, which comes without types. */
declare module '@novnc/novnc' {
  export default class RFB extends EventTarget {
    constructor(place: HTMLElement, socket: WebSocket, options?: { shared?: boolean });
    scaleViewport: boolean;
    showDotCursor: boolean;
    background: string;
    focus(): void;
    disconnect(): void;
    sendCtrlAltDel(): void;
    sendKey(keysym: number, code: string, down?: boolean): void;
  }
}
