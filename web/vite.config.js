// SPDX-License-Identifier: LGPL-2.1-or-later
import { defineConfig } from 'vite';

/* A daemon to develop against, see README.md. */
const daemon = process.env.AEROSTATD_URL ?? 'https://127.0.0.1:8443';
const proxied = { target: daemon, changeOrigin: true, secure: false, ws: true };

export default defineConfig({
  base: '/ui/',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'es2022',
    // Nothing inline: the server's content security policy allows none of it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One file, there from the first: a page's style cannot fail to load when the page is gone to.
    cssCodeSplit: false,
    reportCompressedSize: false,
    emptyOutDir: true,
  },
  server: { host: '127.0.0.1', proxy: { '/sdk': proxied, '/ticket': proxied } },
});
