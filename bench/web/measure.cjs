// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The page of VMs in Chromium, for bench/web/run: node measure.cjs '{"url", "user", "password", "vms", "loads",
 * "seconds"}' prints figures in JSON.
 */
const { chromium } = require('@playwright/test');

const options = JSON.parse(process.argv[2]);
const PAGE = `${options.url}/ui/#/vms`;
const SIZE = { width: 1280, height: 800 };
const SCROLL_ROUNDS = 3;

function sorted(values) {
  return [...values].sort((a, b) => a - b);
}

function median(values) {
  return sorted(values)[Math.floor(values.length / 2)];
}

function percentile(values, part) {
  return sorted(values)[Math.min(values.length - 1, Math.floor(values.length * part))];
}

async function signIn(browser) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: SIZE,
  });
  const page = await context.newPage();
  await page.goto(`${options.url}/ui/`);
  await page.getByLabel('User name').fill(options.user);
  await page.getByLabel('Password').fill(options.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  const storageState = await context.storageState();
  await context.close();
  return storageState;
}

/** The page with all of its VMs, in a context of its own: nothing of it is in a cache. */
async function open(browser, storageState) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: SIZE,
    storageState,
  });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const look = () => {
      if (document.querySelector('.table .line')) window.firstRows = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(PAGE);
  await page.locator(`[role=grid][aria-rowcount="${options.vms + 1}"]`).waitFor();
  return { context, page };
}

async function load(browser, storageState) {
  const { context, page } = await open(browser, storageState);
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  const times = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    rows: window.firstRows,
  }));
  await context.close();
  return times;
}

/** Times from frame to frame while the wheel turns over the table, down and up again. */
async function scroll(page) {
  const grid = await page.locator('[role=grid][aria-label="VMs"]').boundingBox();
  const at = { x: grid.x + grid.width / 2, y: grid.y + grid.height / 2 };
  const cdp = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    window.frames_ = [];
    const frame = (now) => {
      window.frames_.push(now);
      window.nextFrame_ = requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  for (let i = 0; i < SCROLL_ROUNDS; i++)
    for (const yDistance of [-6000, 6000])
      await cdp.send('Input.synthesizeScrollGesture', {
        ...at,
        yDistance,
        speed: 4000,
        gestureSourceType: 'mouse',
      });
  const moments = await page.evaluate(() => {
    cancelAnimationFrame(window.nextFrame_);
    return window.frames_;
  });
  await cdp.detach();
  return moments.slice(1).map((moment, i) => moment - moments[i]);
}

/** Microseconds that the tasks of the page's main thread took: "dur", by the clock; "tdur", of a processor. */
function mainThreadTime(events, of) {
  const mains = new Set(
    events
      .filter((each) => each.name === 'thread_name' && each.args.name === 'CrRendererMain')
      .map((each) => `${each.pid} ${each.tid}`),
  );
  const spent = new Map();
  for (const each of events) {
    const thread = `${each.pid} ${each.tid}`;
    // A task is in the trace twice: RunTask, and in it ThreadControllerImpl::RunTask.
    const kind = `${thread} ${each.name}`;
    if (each.ph === 'X' && each.name.endsWith('RunTask') && mains.has(thread))
      spent.set(kind, (spent.get(kind) ?? 0) + (each[of] ?? 0));
  }
  // Another renderer may wait for a next page.
  return Math.max(0, ...spent.values());
}

/** libvirt's test driver has VMs without memory. Here each has touched another amount in each round. */
async function touch(page, onRound) {
  await page.context().route('**/QueryVmMemory', async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    onRound();
    await route.fulfill({
      response: answer,
      body: text.replace(
        /"(activeBytes|idleBytes|consumedBytes)":\d+/g,
        (_, field) => `"${field}":${Math.floor(Math.random() * 2 ** 29)}`,
      ),
    });
  });
}

async function updates(browser, page) {
  let rounds = 0;
  let counting = false;
  await touch(page, () => counting && rounds++);
  await page.mouse.move(0, 0);
  // Tasks alone: without "-*" ten times as many events are written, by the thread that is measured.
  await browser.startTracing(page, { categories: ['-*', 'toplevel'] });
  counting = true;
  await page.waitForTimeout(options.seconds * 1000);
  counting = false;
  const trace = JSON.parse((await browser.stopTracing()).toString());
  await page.context().unrouteAll({ behavior: 'ignoreErrors' });
  if (rounds === 0) throw new Error(`the memory scheduler had no round in ${options.seconds} s`);
  return {
    rounds,
    ms: mainThreadTime(trace.traceEvents ?? trace, 'dur') / 1000 / rounds,
    cpu: mainThreadTime(trace.traceEvents ?? trace, 'tdur') / 1000 / rounds,
  };
}

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const state = await signIn(browser);
    const loads = [];
    for (let i = 0; i < options.loads; i++) loads.push(await load(browser, state));
    const { page } = await open(browser, state);
    const frames = await scroll(page);
    const update = await updates(browser, page);
    console.log(
      JSON.stringify({
        first_paint_ms: median(loads.map(({ paint }) => paint)),
        first_rows_ms: median(loads.map(({ rows }) => rows)),
        scroll_p95_frame_ms: percentile(frames, 0.95),
        scroll_frames: frames.length,
        update_ms_1000: update.ms,
        update_cpu_ms_1000: update.cpu,
        update_rounds: update.rounds,
      }),
    );
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
