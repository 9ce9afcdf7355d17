// SPDX-License-Identifier: LGPL-2.1-or-later
import { defineConfig } from '@playwright/test';

const width = (name: string, width: number, height: number) => ({
  name,
  use: { viewport: { width, height }, hasTouch: width < 600 },
});

export default defineConfig({
  testDir: 'specs',
  outputDir: 'results/files',
  // One world at a time: a daemon and a browser, on a machine that may have two processors.
  workers: 1,
  // A machine may be slow, and busy with other tests.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  // In a new world; tools/check names what passed only then.
  retries: 1,
  reporter: [['list'], ['json', { outputFile: 'results/report.json' }]],
  use: {
    ignoreHTTPSErrors: true,
    colorScheme: 'light',
    locale: 'en-GB',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
  projects: [width('wide', 1280, 800), width('narrow', 390, 844)],
});
