// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What specs are written with:
 *
 *     import { expect, test } from '../world';
 *
 *     test.use({ kind: 'guests' });                      // real guests; without it libvirt's test driver
 *     test('shows something', async ({ page, world, signedIn, check }) => {
 *       await page.goto('#/vms');
 *       await world.tell({ run: ['aerostat', 'vm', 'list'] });
 *       await check();                                   // axe, and that nothing is wider than the window
 *     });
 *
 * A world lasts as long as its worker: all specs of one kind and width, until one fails.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';

export { expect };

type Command = Record<string, unknown>;

export class World {
  private answers: AsyncIterator<string>;
  private lines: Interface;
  url = '';
  user = '';
  password = '';
  vms: string[] = [];
  /** In an empty world, where a datastore can be. */
  folder = '';

  private constructor(private process: ChildProcess) {
    this.lines = createInterface({ input: process.stdout! });
    this.answers = this.lines[Symbol.asyncIterator]();
  }

  static async start(words: string[]): Promise<World> {
    const world = new World(
      spawn('/usr/bin/python3', [join(__dirname, 'world.py'), ...words], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    Object.assign(world, await world.read());
    return world;
  }

  private async read(): Promise<Record<string, unknown>> {
    const { value, done } = await this.answers.next();
    if (done) throw new Error('the world has ended; what it said last is above');
    return JSON.parse(value as string);
  }

  /** One of the commands that world.py knows. */
  async tell<T = any>(command: Command): Promise<T> {
    this.process.stdin!.write(`${JSON.stringify(command)}\n`);
    const answer = await this.read();
    if ('error' in answer) throw new Error(`${JSON.stringify(command)}: ${answer.error}`);
    return answer.ok as T;
  }

  /** The command line; what it printed. */
  async run(...words: string[]): Promise<string> {
    const done = await this.tell<{ status: number; out: string; err: string }>({
      run: ['aerostat', ...words],
    });
    if (done.status !== 0) throw new Error(`aerostat ${words.join(' ')}: ${done.err}`);
    return done.out;
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.stdin!.end();
    await ended;
  }
}

export async function signIn(
  page: Page,
  world: World,
  user = world.user,
  password = world.password,
): Promise<void> {
  await page.goto('/ui/');
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
}

/** No violation of axe's rules; no page that scrolls sideways. */
export async function checkPage(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    (each) =>
      `${each.id}: ${each.help}\n  ${each.nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n  ')}`,
  );
  expect(found).toEqual([]);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBeLessThanOrEqual(0);
}

/** As high as a picture is at most, by project: a guide is no place for long ones. */
const HIGHEST: Record<string, number> = { wide: 1000, narrow: 1800 };

/** With UPDATE_SCREENSHOTS=1, a picture of the page for the guide, as much of it as a window shows that is higher. */
export async function picture(page: Page, name: string): Promise<void> {
  const size = page.viewportSize();
  if (process.env.UPDATE_SCREENSHOTS !== '1' || !size) return;
  const hidden = await page.getByRole('main').evaluate((main) => main.scrollHeight - main.clientHeight);
  const highest = HIGHEST[test.info().project.name] ?? size.height;
  await page.setViewportSize({ width: size.width, height: Math.min(size.height + hidden, highest) });
  const path = join(__dirname, '../../docs/web', `${name}-${test.info().project.name}.png`);
  // News of a moment.
  const show = (visibility: string) =>
    page.evaluate((value) => {
      const news = document.querySelector<HTMLElement>('.toasts');
      if (news) news.style.visibility = value;
    }, visibility);
  await show('hidden');
  await page.screenshot({ path, animations: 'disabled' });
  await show('');
  await page.setViewportSize(size);
}

declare global {
  interface Window {
    /** What the page has said so far. */
    news: string[];
  }
}

/* In the page: what is shown for seconds only is kept, as a test may come later. */
function keepNews(): void {
  window.news = [];
  new MutationObserver((records) => {
    for (const node of records.flatMap((record) => [...record.addedNodes]))
      if (node instanceof HTMLElement && node.parentElement?.matches('.toasts') && node.checkVisibility())
        window.news.push(node.textContent ?? '');
  }).observe(document, { childList: true, subtree: true });
}

interface Fixtures {
  /** The page, with the world's user signed in, at the host. */
  signedIn: void;
  check: () => Promise<void>;
  /** Waits until the page has said that since the last time, in its news, which go again. */
  news: (text: string) => Promise<void>;
  /** What the page complained about; the test fails if there is any. */
  complaints: string[];
}

interface WorkerFixtures {
  kind: 'quick' | 'networks' | 'guests' | 'fleet' | 'cards' | 'empty';
  /** Of VMs in a quick world. */
  count: number;
  world: World;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  kind: ['quick', { option: true, scope: 'worker' }],
  count: [12, { option: true, scope: 'worker' }],
  world: [
    async ({ kind, count }, use) => {
      const world = await World.start(kind === 'quick' ? [kind, String(count)] : [kind]);
      await use(world);
      await world.end();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ world }, use) => use(`${world.url}/ui/`),
  page: async ({ page }, use) => {
    await page.addInitScript(keepNews);
    await use(page);
  },
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(`${error.stack ?? error.message}`));
      page.on('console', (message) => {
        // The network's own errors are what some tests are about.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          complaints.push(message.text());
      });
      page.on('request', (request) => {
        const { protocol, host } = new URL(request.url());
        if (protocol.startsWith('http') && !/^127\.0\.0\.1:\d+$/.test(host))
          complaints.push(`asked ${request.url()}`);
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
  signedIn: async ({ page, world }, use) => {
    await signIn(page, world);
    await use();
  },
  check: async ({ page }, use) => use(() => checkPage(page)),
  news: async ({ page }, use) =>
    use((text) =>
      expect(async () => {
        expect(await page.evaluate(() => window.news)).toContain(text);
        await page.evaluate((said) => window.news.splice(0, window.news.indexOf(said) + 1), text);
      }).toPass({ timeout: 60_000 }),
    ),
});
