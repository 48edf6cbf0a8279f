/// <reference lib="dom" />
/** The page of a server that wants a key, in a real browser: asked for, tried, kept, withdrawn, and in no address. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import { launchBrowser } from './browser.ts';

const SCREENSHOTS = 'test-output/screenshots';
const KEY = 'right-key-of-mine';
const CSV = 'Department Name,Number of Sales\nToys,1\nBooks,2.5\nToys,3\n';

let server: ServerProcess;
let browser: Browser;
let folder: string;
let file: string;

beforeAll(async () => {
  await mkdir(SCREENSHOTS, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'tallystream-key-'));
  file = join(folder, 'sales.csv');
  await writeFile(file, CSV);
  [server, browser] = await Promise.all([ServerProcess.start({ API_KEYS: `${KEY},other-key` }), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const newContext = (options: Parameters<Browser['newContext']>[0] = {}) =>
  browser.newContext({ locale: 'en-US', viewport: { width: 1024, height: 700 }, ...options });

async function openPage(context: BrowserContext, url = server.url): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

const question = (page: Page) => page.getByLabel('API key');
const start = (page: Page) => page.getByLabel('Choose a CSV file');

/** Enters a key by keyboard alone: the question has the focus. */
async function enter(page: Page, key: string): Promise<void> {
  await question(page).waitFor();
  await page.keyboard.type(key);
  await page.keyboard.press('Enter');
}

test('a wrong key is said to be wrong, the right one leads on to upload, totals and download', async () => {
  const context = await newContext();
  const page = await context.newPage();
  const urls: string[] = [];
  context.on('request', (request) => urls.push(request.url()));
  await page.goto(server.url);
  await enter(page, 'wrong-key');
  await page.getByRole('alert').filter({ hasText: 'does not accept' }).waitFor();
  expect(await question(page).getAttribute('aria-invalid')).toBe('true');
  // The wrong key is selected, so that typing replaces it.
  await enter(page, KEY);
  await start(page).setInputFiles(file);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL(/#\/jobs\//);
  await page.getByRole('main').getByRole('status').first().filter({ hasText: 'Done' }).waitFor();
  await page
    .getByRole('table', { name: /totals/i })
    .getByText('Toys')
    .waitFor();
  for (const name of [/^CSV department/, /^JSON/]) {
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name }).click();
    urls.push((await download).url());
    const content = await readFile(await (await download).path(), 'utf8');
    expect(content).toContain('Toys');
    expect(content).toContain('2.5');
  }
  expect(urls.filter((url) => /totals\.(csv|json)$/.test(url))).toHaveLength(2);
  expect(urls.filter((url) => url.includes(KEY))).toEqual([]);
  expect(page.url()).not.toContain(KEY);
  // The ticket is out of reach for scripts.
  expect(await page.evaluate(() => document.cookie)).toBe('');
  await context.close();
});

test('the key stays with the tab, or on the computer if that is wanted', async () => {
  const context = await newContext();
  const tab = await openPage(context);
  await enter(tab, KEY);
  await start(tab).waitFor({ state: 'attached' });
  await tab.reload();
  await tab.getByRole('link', { name: /sales\.csv/ }).waitFor();
  const another = await openPage(context);
  await question(another).waitFor();
  await another.getByLabel('Remember').check();
  await question(another).focus();
  await enter(another, KEY);
  await another.getByRole('link', { name: /sales\.csv/ }).waitFor();
  const third = await openPage(context);
  await third.getByRole('link', { name: /sales\.csv/ }).waitFor();
  expect(await question(third).count()).toBe(0);
  await context.close();
});

test('a key sees its own files only, and a link to another is a link to nothing', async () => {
  const [own, other] = await Promise.all([newContext(), newContext()]);
  const mine = await openPage(own);
  await enter(mine, KEY);
  const link = mine.getByRole('link', { name: /sales\.csv/ }).first();
  await link.click();
  await mine.waitForURL(/#\/jobs\//);
  const theirs = await openPage(other, mine.url());
  await enter(theirs, 'other-key');
  await theirs.getByRole('heading', { name: 'This file does not exist' }).waitFor();
  await theirs.goto(`${server.url}/#/`);
  await theirs.getByText('No files yet').waitFor();
  await Promise.all([own.close(), other.close()]);
});

test('whoever comes after a key that was forgotten sees nothing of it', async () => {
  const context = await newContext();
  const page = await openPage(context);
  await enter(page, KEY);
  await page
    .getByRole('link', { name: /sales\.csv/ })
    .first()
    .click();
  await page.waitForURL(/#\/jobs\//);
  await expect.poll(() => page.title()).toContain('sales.csv');
  await page.getByRole('button', { name: 'Forget the key' }).click();
  await question(page).waitFor();
  await expect.poll(() => page.title()).not.toContain('sales.csv');
  await page.goto(`${server.url}/#/`);
  await enter(page, 'other-key');
  await page.getByText('No files yet').waitFor();
  expect(await page.getByRole('link', { name: /sales\.csv/ }).count()).toBe(0);
  await context.close();
});

test('a tab without a key does not take away the one that another tab keeps for good', async () => {
  const context = await newContext();
  const waiting = await openPage(context);
  await question(waiting).waitFor();
  const entering = await openPage(context);
  await entering.getByLabel('Remember').check();
  await question(entering).focus();
  await enter(entering, KEY);
  await entering
    .getByRole('link', { name: /sales\.csv/ })
    .first()
    .waitFor();
  // It asks the server again, and is refused again.
  const refused = waiting.waitForResponse((response) => response.url().includes('WatchJobs'));
  await waiting.evaluate(() => dispatchEvent(new Event('online')));
  await refused;
  await waiting.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  expect(await entering.evaluate(() => Object.values({ ...localStorage }))).toContain(KEY);
  await context.close();
});

test('a key that was withdrawn is asked for anew, and the page goes on where it was', async () => {
  const before = await ServerProcess.start({ API_KEYS: 'key-of-before' });
  const context = await newContext();
  const page = await openPage(context, before.url);
  await enter(page, 'key-of-before');
  await start(page).setInputFiles(file);
  await page.getByRole('button', { name: 'Start' }).waitFor();
  const { port } = new URL(before.url);
  await before.stop();
  await using after = await ServerProcess.start({ API_KEYS: 'key-of-after', PORT: port, DATA_DIR: before.dataDir });
  expect(after.url).toBe(before.url);
  await page.getByRole('alert').filter({ hasText: 'does not accept' }).waitFor();
  const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
  expect(kept).not.toContain('key-of-before');
  await enter(page, 'key-of-after');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('main').getByRole('status').first().filter({ hasText: 'Done' }).waitFor();
  await context.close();
});

test('the question fits into a small window, in light and in dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [320, 1024]) {
      const context = await newContext({ viewport: { width, height: 700 }, colorScheme });
      const page = await openPage(context);
      await enter(page, 'wrong-key');
      await page.getByRole('alert').filter({ hasText: 'does not accept' }).waitFor();
      await page.screenshot({ path: `${SCREENSHOTS}/key-${width}-${colorScheme}.png` });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await context.close();
    }
  }
});
