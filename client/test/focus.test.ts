/// <reference lib="dom" />
/** Where the keyboard is after each action (never at the start of the page again), and when one comes back. */
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endedJob, gatewayClient } from '../../server/test/support/clients.ts';
import { TusFile } from '../../server/test/support/tus-file.ts';
import { choose, PageTest, shownState } from './page-test.ts';

const CSV = 'Department Name,Number of Sales\nToys,1\nBooks,2.50\nToys,3\n';
const KEY = 'right-key-of-mine';

let pageTest: PageTest;

beforeAll(async () => {
  pageTest = await PageTest.start();
  // With so many, the list can be searched.
  for (const name of ['w', 'x', 'y', 'z']) await upload(`other-${name}.csv`);
});
afterAll(() => pageTest[Symbol.asyncDispose]());

async function upload(name: string, body: string | Uint8Array<ArrayBuffer> = CSV): Promise<string> {
  const url = `${pageTest.server.url}/upload?filename=${name}`;
  const { id } = (await (await fetch(url, { method: 'POST', body })).json()) as { id: string };
  await endedJob(pageTest.server.url, id);
  return id;
}

/** Files of a test, and a page that shows only them. The newest is the last. */
async function openList(test: string, names: readonly string[]): Promise<Page> {
  for (const name of names) await upload(`${test}-${name}.csv`);
  const { page } = await pageTest.open();
  await page.getByRole('searchbox').fill(`${test}-`);
  await expect.poll(() => namesOf(page)).toHaveLength(names.length);
  return page;
}

const namesOf = (page: Page) => page.getByRole('list').getByRole('link').allTextContents();
const rowOf = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });
const serverNames = async () =>
  (await gatewayClient(pageTest.server.url).listJobs({})).jobs.map(({ filename }) => filename);

/** The element with the focus: its name, or its words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    if (element === document.body) return 'nothing';
    return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
  });

/** The file in whose row the focus is. */
const focusedRow = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('li')?.querySelector('a')?.textContent);

/** Waits for the next frame: with it, browsers take the focus from what cannot have it any more, and tell of scrolling. */
const nextFrame = (page: Page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** Presses a button as a keyboard does. */
async function press(button: ReturnType<Page['getByRole']>): Promise<void> {
  await button.focus();
  await button.press('Enter');
}

test('deleting goes on at the next file, or at the one before; the last one leaves the heading', async () => {
  const page = await openList('row', ['a', 'b', 'c']);
  await press(rowOf(page, 'row-b').getByRole('button', { name: 'Delete' }));
  expect(await focused(page)).toBe('row-a.csv');
  await press(rowOf(page, 'row-a').getByRole('button', { name: 'Delete' }));
  expect(await focused(page)).toBe('row-c.csv');
  await press(rowOf(page, 'row-c').getByRole('button', { name: 'Delete' }));
  expect(await focused(page)).toBe('Files');
});

test('a row that moves keeps the focus', async () => {
  const page = await openList('move', ['a', 'b']);
  await rowOf(page, 'move-b').getByRole('link').focus();
  await page.getByRole('list').evaluate((list) => list.append(list.firstElementChild as Element));
  expect(await namesOf(page)).toEqual(['move-a.csv', 'move-b.csv']);
  expect(await focused(page)).toBe('move-b.csv');
});

test('Undo goes on at the file that came back, by its button and by its keys', async () => {
  const page = await openList('undo', ['a', 'b', 'c']);
  const remove = () => press(rowOf(page, 'undo-b').getByRole('button', { name: 'Delete' }));
  await remove();
  await page.keyboard.press('Control+z');
  expect(await focused(page)).toBe('undo-b.csv');
  await remove();
  await press(page.getByRole('button', { name: 'Undo' }));
  expect(await focused(page)).toBe('undo-b.csv');
  expect(await namesOf(page)).toEqual(['undo-c.csv', 'undo-b.csv', 'undo-a.csv']);
});

test('the keys of Undo are left to a text that is being written', async () => {
  const page = await openList('text', ['a', 'b']);
  await press(rowOf(page, 'text-a').getByRole('button', { name: 'Delete' }));
  await page.getByRole('searchbox').press('Control+z');
  expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(1);
});

test('files that were deleted shortly after each other come back together, also of one name', async () => {
  const page = await openList('many', ['a', 'a', 'b', 'c', 'd', 'e']);
  for (let count = 0; count < 5; count++) {
    await press(page.getByRole('listitem').first().getByRole('button', { name: 'Delete' }));
  }
  await page.getByText('5 files were deleted.').waitFor();
  await expect.poll(() => namesOf(page)).toEqual(['many-a.csv']);
  await page.keyboard.press('Control+z');
  expect(await namesOf(page)).toHaveLength(6);
  expect(await focused(page)).toBe('many-e.csv');
});

test('the time for Undo stands still while the focus or the pointer is at the message', async () => {
  const page = await openList('time', ['a', 'b']);
  await page.clock.install();
  await press(rowOf(page, 'time-a').getByRole('button', { name: 'Delete' }));
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.focus();
  await page.clock.runFor(60_000);
  expect(await undo.count()).toBe(1);
  await page.getByText('time-a.csv was deleted.').hover();
  await page.getByRole('searchbox').focus();
  await page.clock.runFor(60_000);
  expect(await undo.count()).toBe(1);
  expect(await serverNames()).toContain('time-a.csv');
  await page.mouse.move(0, 0);
  await page.clock.runFor(8000);
  expect(await undo.count()).toBe(0);
  await expect.poll(serverNames).not.toContain('time-a.csv');
});

test('a message that is closed gives the focus back, and its file is gone', async () => {
  const page = await openList('close', ['a', 'b']);
  await press(rowOf(page, 'close-a').getByRole('button', { name: 'Delete' }));
  await press(page.getByRole('button', { name: 'Close message' }));
  expect(await focused(page)).toBe('close-b.csv');
  await expect.poll(serverNames).not.toContain('close-a.csv');
});

test('Cancel and Retry go on at what can be done next, in the list and on the page of the job', async () => {
  const client = gatewayClient(pageTest.server.url);
  await client.createJob({ filename: 'cancel-list.csv', sizeBytes: 100n });
  const { job } = await client.createJob({ filename: 'cancel-page.csv', sizeBytes: 100n });
  // Long enough that it is seen to run, and cut off at its end.
  const rows = gzipSync(Buffer.alloc(100_000_000, `${CSV}${'Toys,1\n'.repeat(1000)}`), { level: 1 });
  await upload('retry.csv.gz', rows.subarray(0, -100));
  const { page } = await pageTest.open();
  await press(rowOf(page, 'cancel-list').getByRole('button', { name: 'Cancel' }));
  await press(page.getByRole('button', { name: 'Cancel the upload' }));
  await rowOf(page, 'cancel-list').getByText('Cancelled').waitFor();
  await expect.poll(() => focused(page)).toBe('Delete');
  expect(await focusedRow(page)).toBe('cancel-list.csv');
  const retry = rowOf(page, 'retry').getByRole('button', { name: 'Retry' });
  await retry.focus();
  const isRunning = rowOf(page, 'retry').getByRole('button', { name: 'Cancel' }).waitFor();
  await retry.press('Enter');
  await isRunning;
  await rowOf(page, 'retry').getByText('Failed').waitFor();
  await expect.poll(() => focused(page)).toMatch(/Retry|Delete/);
  expect(await focusedRow(page)).toBe('retry.csv.gz');
  await page.goto(`${pageTest.server.url}/#/jobs/${job?.id}`);
  await press(page.getByRole('button', { name: 'Cancel' }));
  await press(page.getByRole('button', { name: 'Cancel the upload' }));
  await page.getByRole('heading', { name: 'cancelled' }).waitFor();
  expect(await focused(page)).toBe('Delete');
});

test('a file that leaves a filtered list by an action leaves the focus in it', async () => {
  const client = gatewayClient(pageTest.server.url);
  for (const name of ['filter-a.csv', 'filter-b.csv']) await client.createJob({ filename: name, sizeBytes: 100n });
  const { page } = await pageTest.open();
  await page.getByRole('radio', { name: /^Running/ }).check();
  await page.getByRole('searchbox').fill('filter-');
  await expect.poll(() => namesOf(page)).toHaveLength(2);
  await press(rowOf(page, 'filter-b').getByRole('button', { name: 'Cancel' }));
  await press(page.getByRole('button', { name: 'Cancel the upload' }));
  await rowOf(page, 'filter-b').waitFor({ state: 'detached' });
  expect(await focused(page)).toBe('filter-a.csv');
  await page.getByRole('searchbox').fill('none of these');
  await press(page.getByRole('button', { name: 'Show all files' }));
  expect(await focused(page)).toBe('Files');
});

test('a preview keeps the focus: at its roles, at a start that failed, and on the start page when it is left', async () => {
  const { page } = await pageTest.open();
  await choose(page, await pageTest.file('three.csv', 'Region,Sales,Note\nNorth,1,2\nSouth,2,3\n'));
  const chip = page.getByRole('button', { name: 'Sum Note' });
  await press(chip);
  await page.locator('[aria-busy="false"] button[aria-pressed="true"]').nth(1).waitFor();
  await expect.poll(() => chip.getAttribute('aria-pressed')).toBe('true');
  expect(await focused(page)).toBe('Sum Note');
  await page.route('**/CreateJob', (route) => route.abort());
  await page.getByRole('button', { name: 'Start', disabled: false }).waitFor();
  await press(page.getByRole('button', { name: 'Start' }));
  await page.getByRole('alert').waitFor();
  await nextFrame(page);
  expect(await focused(page)).toBe('Start');
  await press(page.getByRole('button', { name: 'Discard' }));
  expect(await focused(page)).toBe('Drop a CSV, get the totals');
});

test('the two columns of a file change places by one role', async () => {
  const { page } = await pageTest.open();
  await choose(page, await pageTest.file('two.csv', '10,20\n30,40\n'));
  const chosen = async (name: string) => (await page.getByRole('button', { name: `${name}: ` }).textContent()) ?? '';
  const [department, amount] = [await chosen('Group by'), await chosen('Sum of')];
  expect(department).not.toBe(amount);
  await press(page.getByRole('button', { name: `Sum ${department}`, exact: true }));
  await expect.poll(() => chosen('Group by')).toBe(amount);
  expect(await chosen('Sum of')).toBe(department);
  expect(await focused(page)).toBe(`Sum ${department}`);
  await page.getByRole('button', { name: 'Start', disabled: false }).waitFor();
});

test('a control with the focus is never below the foot of the preview', async () => {
  const { page } = await pageTest.open({ viewport: { width: 320, height: 640 } });
  await choose(page, await pageTest.file('foot.csv', CSV));
  await page.getByRole('table').waitFor();
  const foot = page.locator('.preparation-foot');
  for (const select of await page.getByRole('combobox').all()) {
    // It comes from below, as far as it must.
    await page.evaluate(() => scrollTo(0, 0));
    await select.focus();
    const [control, covered] = [await select.boundingBox(), await foot.boundingBox()];
    expect((control?.y ?? 0) + (control?.height ?? 0)).toBeLessThanOrEqual(covered?.y ?? 0);
  }
});

test('rejected rows come page by page under one button, and leave the focus at their number', async () => {
  const id = await upload('rejects.csv', `${CSV}${'Toys,none\n'.repeat(60)}`);
  const { page } = await pageTest.open({}, `${pageTest.server.url}/#/jobs/${id}`);
  const { promise: isSeen, resolve: release } = Promise.withResolvers<void>();
  await page.route('**/ListRejects', (route) => isSeen.then(() => route.continue()), { times: 1 });
  const asked = page.waitForRequest('**/ListRejects');
  await press(page.getByRole('button', { name: 'Show the rows' }));
  await asked;
  await nextFrame(page);
  expect(await focused(page)).toBe('Loading…');
  release();
  await page.getByText('25 of 60 shown').waitFor();
  expect(await focused(page)).toBe('Show more');
  await page.keyboard.press('Enter');
  await page.getByText('50 of 60 shown').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('60 of 60 shown').waitFor();
  await expect.poll(() => focused(page)).toBe('60 of 60 shown');
});

test('copying keeps the focus, and copies once', async () => {
  const id = await upload('copy.csv');
  const { page } = await pageTest.open(
    { permissions: ['clipboard-read', 'clipboard-write'] },
    `${pageTest.server.url}/#/jobs/${id}`,
  );
  // The chart has the name before the table has asked for its rows.
  await page.getByRole('cell', { name: 'Books' }).waitFor();
  let requests = 0;
  const pressedTwice = Promise.withResolvers<void>();
  await page.route('**/ListTotals', async (route) => {
    requests++;
    await pressedTwice.promise;
    await route.continue();
  });
  const copy = page.getByRole('button', { name: 'Copy as table' });
  await press(copy);
  await copy.press('Enter');
  pressedTwice.resolve();
  await page.getByText('2 rows copied').waitFor();
  expect(await focused(page)).toBe('Copy as table');
  expect(requests).toBe(1);
});

test('a file that is chosen again leaves the focus on its page', async () => {
  const { page } = await pageTest.open();
  const body = `Department Name,Number of Sales\n${'Toys,1\n'.repeat(1000)}`;
  const { job } = await gatewayClient(pageTest.server.url).createJob({
    filename: 'again.csv',
    sizeBytes: BigInt(body.length),
  });
  const id = job?.id ?? '';
  await new TusFile(id, Buffer.from(body), { url: async () => pageTest.server.url }).send(1000);
  await page.goto(`${pageTest.server.url}/#/jobs/${id}`);
  const input = page.getByLabel('Choose the file again');
  await input.waitFor({ state: 'attached' });
  const chooser = page.waitForEvent('filechooser');
  await input.focus();
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(await pageTest.file('again.csv', body));
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  expect(await focused(page)).toBe('again.csv');
});

test('an accepted key goes on at the heading of the page', async () => {
  await using locked = await PageTest.start({ API_KEYS: KEY });
  const { page } = await locked.open();
  await page.getByLabel('API key').fill(KEY);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Drop a CSV' }).waitFor();
  await expect.poll(() => focused(page)).toBe('Drop a CSV, get the totals');
});

test('a long list is as it was left when the reader comes back, and a link leads to the top', async () => {
  await using long = await PageTest.start();
  const client = gatewayClient(long.server.url);
  for (let number = 10; number < 75; number++)
    await client.createJob({ filename: `long-${number}.csv`, sizeBytes: 9n });
  const { page } = await long.open();
  await page.getByRole('radio', { name: /^Running/ }).check();
  await page.getByRole('searchbox').fill('LONG');
  await press(page.getByRole('button', { name: 'Show more files' }));
  expect(await namesOf(page)).toHaveLength(65);
  expect(await focused(page)).toBe('long-24.csv');
  const last = page.getByRole('link', { name: 'long-10.csv' });
  await last.focus();
  const top = () => page.evaluate(() => Math.round(scrollY));
  await expect.poll(top).toBeGreaterThan(1000);
  await nextFrame(page);
  const left = await top();
  await last.press('Enter');
  await page.getByRole('heading', { name: 'long-10.csv' }).waitFor();
  expect(await top()).toBe(0);
  await page.goBack();
  await last.waitFor();
  await expect.poll(top).toBe(left);
  expect(await page.getByRole('radio', { name: /^Running/ }).isChecked()).toBe(true);
  expect(await page.getByRole('searchbox').inputValue()).toBe('LONG');
  await page.goForward();
  await page.getByRole('link', { name: 'All files' }).press('Enter');
  await last.waitFor();
  expect(await top()).toBe(0);
});
