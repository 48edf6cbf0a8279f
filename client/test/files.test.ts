/// <reference lib="dom" />
/** The list of files and the ways in and out of it: filter, undo, paste, copy, notifications, and the keyboard alone. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endedJob, gatewayClient } from '../../server/test/support/clients.ts';
import { PageTest, SCREENSHOTS, shownState } from './page-test.ts';

const CSV = 'Department Name,Number of Sales\nToys,1\nBooks,2.50\nToys,3\n=Sum,4\n';

let pageTest: PageTest;

beforeAll(async () => {
  pageTest = await PageTest.start();
  for (const name of ['january', 'february', 'march']) await upload(`${name}.csv`, CSV);
  await upload('broken.csv', 'no table');
});
afterAll(() => pageTest[Symbol.asyncDispose]());

async function upload(name: string, body: string): Promise<string> {
  const url = `${pageTest.server.url}/upload?filename=${name}`;
  const { id } = (await (await fetch(url, { method: 'POST', body })).json()) as { id: string };
  await endedJob(pageTest.server.url, id);
  return id;
}

const names = (page: Page) => page.getByRole('list').getByRole('link').allTextContents();
const serverNames = async () =>
  (await gatewayClient(pageTest.server.url).listJobs({})).jobs.map(({ filename }) => filename);

test('the list is filtered by state and by name, and says when nothing is left', async () => {
  const { page, troubles } = await pageTest.open();
  await page.getByRole('radio', { name: /^Failed/ }).check();
  expect(await names(page)).toEqual(['broken.csv']);
  await page.getByRole('radio', { name: /^Done/ }).check();
  expect(await names(page)).toEqual(['march.csv', 'february.csv', 'january.csv']);
  await page.getByRole('searchbox').fill('UARY');
  await expect.poll(() => names(page)).toEqual(['february.csv', 'january.csv']);
  await page.getByRole('searchbox').fill('december');
  await page.getByText('No file matches').waitFor();
  await page.screenshot({ path: `${SCREENSHOTS}/none-found.png` });
  await page.getByRole('button', { name: 'Show all files' }).click();
  await expect.poll(() => names(page)).toHaveLength(4);
  expect(troubles).toEqual([]);
});

test('a file that is deleted can be had back; else it is gone, also when the page is closed right away', async () => {
  const { page } = await pageTest.open();
  const row = page.getByRole('listitem').filter({ hasText: 'broken.csv' });
  await row.getByRole('button', { name: 'Delete' }).click();
  await row.waitFor({ state: 'detached' });
  expect(await serverNames()).toContain('broken.csv');
  await page.screenshot({ path: `${SCREENSHOTS}/undo.png` });
  await page.getByRole('button', { name: 'Undo' }).click();
  await row.waitFor();
  await row.getByRole('button', { name: 'Delete' }).click();
  await row.waitFor({ state: 'detached' });
  await page.goto('about:blank');
  await expect.poll(serverNames).not.toContain('broken.csv');
});

test('rows from a spreadsheet and the address of a CSV of this server can be pasted', async () => {
  const { page } = await pageTest.open();
  const paste = (text: string) =>
    page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }, text);
  await paste('Region\tSales\nNorth\t5\nSouth\t7\n');
  await page.getByRole('heading', { name: 'pasted.csv' }).waitFor();
  await page.getByRole('button', { name: 'Start' }).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  const id = page.url().split('/').at(-1);
  const totals = await fetch(`${pageTest.server.url}/jobs/${id}/totals.csv`);
  expect(await totals.text()).toBe('Region,Sales\nNorth,5\nSouth,7\n');
  await paste(`${pageTest.server.url}/jobs/${id}/totals.csv`);
  await page.getByRole('heading', { name: 'totals.csv' }).waitFor();
  await paste('/jobs/none/totals.csv');
  await page.getByText('There is no CSV at /jobs/none/totals.csv').waitFor();
});

test('a folder that is dropped is called one, and a file beside it is taken', async () => {
  const { page, troubles } = await pageTest.open();
  const file = await pageTest.file('sales-2024/beside.csv', CSV);
  const input = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    const data = { items: [], files: [dirname(file), file], dragOperationsMask: 1 };
    await input.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  }
  await page.getByText('sales-2024 is a folder: choose the files in it.').waitFor();
  await page.getByRole('button', { name: 'Start' }).waitFor();
  expect(await page.getByRole('main').textContent()).toContain('beside.csv');
  expect(troubles).toEqual([]);
});

test('totals are copied as a table that a spreadsheet takes, with all digits', async () => {
  const { page } = await pageTest.open({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByRole('link', { name: 'march.csv' }).click();
  await page.getByRole('button', { name: 'Copy as table' }).click();
  await page.getByText('3 rows copied').waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(parse(text, { delimiter: '\t' })).toEqual([
    ['Department', 'Sum', 'Rows', 'Mean', 'Smallest', 'Largest'],
    ["'=Sum", '4', '1', '4', '4', '4'],
    ['Toys', '4', '2', '2', '1', '3'],
    ['Books', '2.50', '1', '2.5', '2.50', '2.50'],
  ]);
});

test('who has agreed is told of the end of a file while the page is hidden, and only then', async () => {
  const { page } = await pageTest.open({ permissions: ['notifications'] });
  await page.addInitScript(() => {
    const shown: string[] = [];
    class Recorded extends EventTarget {
      static permission = 'granted';
      static requestPermission = async () => 'granted';
      constructor(title: string, options: NotificationOptions) {
        super();
        shown.push(`${title}: ${options.body}`);
      }
    }
    Object.assign(window, { Notification: Recorded, shown });
  });
  const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown);
  const slow = async (name: string) => {
    const client = gatewayClient(pageTest.server.url);
    const { job } = await client.createJob({ filename: name, sizeBytes: BigInt(CSV.length) });
    await page.goto(`${pageTest.server.url}/#/jobs/${job?.id}`);
    await shownState(page).filter({ hasText: 'Waiting for its file' }).waitFor();
    return async () => {
      const headers = {
        'Tus-Resumable': '1.0.0',
        'Upload-Offset': '0',
        'Content-Type': 'application/offset+octet-stream',
      };
      await fetch(new URL(job?.uploadUrl ?? '', pageTest.server.url), { method: 'PATCH', headers, body: CSV });
      await shownState(page).filter({ hasText: 'Done' }).waitFor();
    };
  };
  // The script that stands in for the system's notifications runs with the next load.
  await page.reload();
  const seen = await slow('seen.csv');
  await page.getByRole('button', { name: 'Notify me' }).click();
  await page.getByRole('button', { name: 'You will be notified', pressed: true }).waitFor();
  await seen();
  expect(await shown()).toEqual([]);
  const unseen = await slow('unseen.csv');
  await page.evaluate(() => Object.defineProperty(document, 'hidden', { value: true }));
  await unseen();
  expect(await shown()).toEqual(['unseen.csv: The totals are ready: 10.50 in all.']);
});

test('everything can be done by keyboard alone', async () => {
  const { page, troubles } = await pageTest.open();
  const file = await pageTest.file('keys.csv', CSV);
  const focused = () =>
    page.evaluate(() => {
      const { activeElement: element } = document;
      return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
    });
  /** Goes on from control to control until one has the name, as a reader would. */
  const tabTo = async (name: RegExp) => {
    for (let steps = 0; steps < 60; steps++) {
      await page.keyboard.press('Tab');
      if (name.test(await focused())) return;
    }
    throw new Error(`no control ${name}`);
  };
  // Asked for early: the browser needs a moment until it leaves the dialog to the test.
  const chooser = page.waitForEvent('filechooser');
  await tabTo(/^Skip to content/);
  await tabTo(/^Choose a CSV file/);
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(file);
  await page.getByRole('heading', { name: 'keys.csv' }).waitFor();
  await expect.poll(focused).toBe('keys.csv');
  await page.getByRole('button', { name: 'Start', disabled: false }).waitFor();
  await tabTo(/^Start$/);
  await page.keyboard.press('Enter');
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  await page.getByRole('table', { name: /totals/i }).waitFor();
  await tabTo(/^Search departments/);
  await page.keyboard.type('boo');
  await page.getByText('1 department', { exact: true }).waitFor();
  const download = page.waitForEvent('download');
  await tabTo(/^CSVdepartment/);
  await page.keyboard.press('Enter');
  expect(await readFile(await (await download).path(), 'utf8')).toContain('Books,2.5');
  await page.getByRole('heading', { name: 'keys.csv' }).focus();
  await tabTo(/^Delete/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Files' }).waitFor();
  await tabTo(/^Undo/);
  await page.keyboard.press('Enter');
  await page.getByRole('listitem').filter({ hasText: 'keys.csv' }).waitFor();
  expect(troubles).toEqual([]);
});

test('what the first visit loads is no more than 90 KB of scripts and styles', async () => {
  const { gzipSync } = await import('node:zlib');
  const { page } = await pageTest.open({}, 'about:blank');
  const sizes: { url: string; bytes: number }[] = [];
  const loads: Promise<void>[] = [];
  page.on('response', (response) => {
    if (!['script', 'stylesheet'].includes(response.request().resourceType())) return;
    loads.push(
      response
        .body()
        .then((body) => void sizes.push({ url: response.url(), bytes: gzipSync(body, { level: 9 }).length })),
    );
  });
  await page.goto(pageTest.server.url);
  await page.getByRole('link', { name: 'march.csv' }).waitFor();
  await Promise.all(loads);
  expect(sizes.length).toBeGreaterThan(1);
  expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(90_000);
});
