/// <reference lib="dom" />
/** The page in a real browser against a real server: what a user does, and what the server has in the end. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateSales } from '../../server/test/support/sales.ts';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import { plainDecimal, readTotals } from '../../server/test/support/totals.ts';
import { TusFile } from '../../server/test/support/tus-file.ts';
import { launchBrowser } from './browser.ts';

const SCREENSHOTS = 'test-output/screenshots';
const sales = generateSales(400_000, 21, 60);
const right = new Map(sales.truth.departments.map(({ department, sum }) => [department, plainDecimal(sum)]));

let server: ServerProcess;
let browser: Browser;
let folder: string;
let file: string;

beforeAll(async () => {
  await mkdir(SCREENSHOTS, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'tallystream-page-'));
  file = join(folder, 'sales.csv');
  await writeFile(file, sales.csv);
  [server, browser] = await Promise.all([ServerProcess.start(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** A page whose complaints fail the test: an error, or something that the content security policy has stopped. */
async function openPage(
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ page: Page; troubles: string[] }> {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await page.goto(server.url);
  return { page, troubles };
}

const state = (page: Page) => page.getByRole('main').getByRole('status').first();

async function choose(page: Page, path: string): Promise<void> {
  await page.getByLabel('Choose a CSV file').setInputFiles(path);
  await page.getByRole('button', { name: 'Start' }).waitFor();
}

test('a file is chosen, looked at, uploaded and watched, and its result downloaded to the last byte', async () => {
  const { page, troubles } = await openPage();
  await choose(page, file);
  await page.getByRole('button', { name: 'Group by: Department Name' }).waitFor();
  await page.getByRole('button', { name: 'Sum of: Number of Sales' }).waitFor();
  await page.screenshot({ path: `${SCREENSHOTS}/prepare.png` });
  // Slow enough that the upload and the live figures are seen.
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 4_000_000,
  });
  await page.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL(/#\/jobs\//);
  await state(page).filter({ hasText: 'Uploading' }).waitFor();
  await page.getByRole('progressbar').first().waitFor();
  await page.getByText('Leading departments').waitFor();
  await page.waitForFunction(() => / %|%/.test(document.title));
  await page.screenshot({ path: `${SCREENSHOTS}/live.png` });
  await state(page).filter({ hasText: 'Done' }).waitFor();
  await page
    .getByRole('heading', { name: /totals/i })
    .first()
    .waitFor();
  await page.screenshot({ path: `${SCREENSHOTS}/result.png`, fullPage: true });
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /csv/i }).first().click();
  const csv = await readFile(await (await download).path(), 'utf8');
  expect(readTotals(csv)).toEqual(right);
  const id = new URL(page.url()).hash.split('/').at(-1);
  expect(csv).toBe(await (await fetch(`${server.url}/jobs/${id}/totals.csv`)).text());
  expect(troubles).toEqual([]);
});

test('a deep link opens the result again, which can be sorted and searched', async () => {
  const { page, troubles } = await openPage();
  await page
    .getByRole('link', { name: /sales\.csv/ })
    .first()
    .click();
  await state(page).filter({ hasText: 'Done' }).waitFor();
  const link = page.url();
  const again = await page.context().newPage();
  await again.goto(link);
  await state(again).filter({ hasText: 'Done' }).waitFor();
  const best = [...sales.truth.departments].sort((a, b) => Number(b.sum) - Number(a.sum))[0]?.department ?? '';
  const table = again.getByRole('table', { name: /totals/i });
  await table.waitFor();
  const search = again.getByRole('searchbox');
  await search.fill(best.slice(0, Math.max(3, best.length - 1)));
  await table.getByText(best, { exact: true }).waitFor();
  expect(troubles).toEqual([]);
});

test('the page comes back by itself when the server was away', async () => {
  const own = await ServerProcess.start();
  const { page } = await openPage();
  await page.goto(own.url);
  await page.getByLabel('Choose a CSV file').waitFor({ state: 'attached' });
  const port = new URL(own.url).port;
  await own.stop();
  await page
    .getByText(/connection/i)
    .first()
    .waitFor();
  await page.screenshot({ path: `${SCREENSHOTS}/lost.png` });
  await using back = await ServerProcess.start({ PORT: port, DATA_DIR: own.dataDir });
  expect(back.url).toBe(own.url);
  await page
    .getByText(/connection/i)
    .first()
    .waitFor({ state: 'hidden' });
});

test('an upload that a closed page has interrupted goes on with its file, and with no other of the same name and size', async () => {
  const { page } = await openPage();
  await page.route('**/uploads/**', (route) => route.abort());
  await choose(page, file);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL(/#\/jobs\//);
  const id = page.url().split('/').at(-1) ?? '';
  const half = Math.floor(sales.csv.length / 2);
  const upload = new TusFile(id, sales.csv, { url: async () => server.url });
  await upload.send(half);
  // Only then: the page of before tries again by itself, and would send the rest.
  await page.reload();
  await page.unroute('**/uploads/**');
  const again = page.getByLabel('Choose the file again');
  await again.waitFor({ state: 'attached' });
  await page.screenshot({ path: `${SCREENSHOTS}/interrupted.png` });
  const other = join(folder, 'other', 'sales.csv');
  await mkdir(join(folder, 'other'));
  await writeFile(other, sales.csv.toString('latin1').replaceAll('1', '2'), 'latin1');
  await again.setInputFiles(other);
  await page.getByRole('alert').getByText('it is not the file').waitFor();
  await again.setInputFiles(file);
  await page.getByRole('link', { name: /csv/i }).first().waitFor();
  expect(readTotals(await (await fetch(`${server.url}/jobs/${id}/totals.csv`)).text())).toEqual(right);
});

test('a job that fails says why in words', async () => {
  const bad = join(folder, 'one-column.csv');
  await writeFile(bad, 'just some text\nand more of it\n');
  const { page } = await openPage();
  await page.getByLabel('Choose a CSV file').setInputFiles(bad);
  await page
    .getByText(/column/i)
    .first()
    .waitFor();
  await page.screenshot({ path: `${SCREENSHOTS}/one-column.png` });
});

test('nothing is wider than the window from 320 px up, in light and in dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [320, 768, 1440]) {
      const { page } = await openPage({ viewport: { width, height: 800 }, colorScheme });
      await page
        .getByRole('link', { name: /sales\.csv/ })
        .first()
        .waitFor();
      await page.screenshot({ path: `${SCREENSHOTS}/home-${width}-${colorScheme}.png`, fullPage: true });
      await page
        .getByRole('link', { name: /sales\.csv/ })
        .first()
        .click();
      await state(page).filter({ hasText: 'Done' }).waitFor();
      await page.getByRole('table', { name: /totals/i }).waitFor();
      await page.screenshot({ path: `${SCREENSHOTS}/result-${width}-${colorScheme}.png`, fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.context().close();
    }
  }
});
