/// <reference lib="dom" />
/** Jobs without a result to be glad of: nothing in them, nothing that counts, nothing that arrives. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endedJob, gatewayClient } from '../../server/test/support/clients.ts';
import { chooseColumn, PageTest, shownState } from './page-test.ts';

let pageTest: PageTest;
beforeAll(async () => {
  pageTest = await PageTest.start();
});
afterAll(() => pageTest[Symbol.asyncDispose]());

/** Uploads a file as a script does, and opens its job. */
async function openJob(name: string, body: string, query = ''): Promise<{ page: Page; id: string }> {
  const url = `${pageTest.server.url}/upload?filename=${name}${query}`;
  const { id } = (await (await fetch(url, { method: 'POST', body })).json()) as { id: string };
  await endedJob(pageTest.server.url, id);
  const { page } = await pageTest.open({}, `${pageTest.server.url}/#/jobs/${id}`);
  return { page, id };
}

const totalsOf = async (id: string) => await (await fetch(`${pageTest.server.url}/jobs/${id}/totals.csv`)).text();
const rowOf = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });

test.each([
  ['header-only.csv', 'Region,Sales\n', 'It has a header and nothing below it: Region, Sales.'],
  ['empty.csv', '', 'There is nothing in it, not even a header.'],
])('%s is not called done with a total of 0, but a file without rows', async (name, body, words) => {
  const { page } = await openJob(name, body);
  await shownState(page).filter({ hasText: 'No rows' }).waitFor();
  await page.getByRole('heading', { name: 'This file has no rows' }).waitFor();
  await page.getByText(words).waitFor();
  expect(await page.getByText('Grand total').count()).toBe(0);
  await page.getByRole('link', { name: 'All files' }).click();
  await rowOf(page, name).getByText('No rows').waitFor();
  expect(await rowOf(page, name).getByText('Done').count()).toBe(0);
});

test('a file of which no row counts is a failure with its reason, its mend and its rows', async () => {
  const rows = ['X,', 'Y,', ',5', ...Array.from({ length: 9 }, (_, index) => `Shop,none ${index}`)];
  const { page } = await openJob('words.csv', `Department,Sales\n${rows.join('\n')}\n`);
  await shownState(page).filter({ hasText: 'No row counted' }).waitFor();
  await page.getByRole('heading', { name: 'No row of this file counted' }).waitFor();
  await page.getByText('9 with an amount that is not a number, 2 with no amount, 1 with no department').waitFor();
  const examples = page.locator('.reject-examples code');
  await examples.first().waitFor();
  expect(await examples.allTextContents()).toEqual(['Shop,none 0', 'Shop,none 1', 'Shop,none 2']);
  await expect.poll(() => page.title()).toContain('No row counted');
  await page.getByRole('button', { name: 'Show the rows' }).click();
  await page.getByText('12 of 12 shown').waitFor();
  await page.getByRole('link', { name: 'Rejected rows' }).waitFor();
  // The same settings would find the same.
  expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
  await page.getByRole('link', { name: 'All files' }).click();
  await page.getByRole('listitem').first().waitFor();
  await rowOf(page, 'words.csv').getByText('No row counted').waitFor();
});

test('a file of which no row counts is read differently without another upload', async () => {
  const { page, id } = await openJob('decimals.csv', 'Region;Sales\nNorth;1,5\nSouth;2,25\n', '&decimalSeparator=.');
  await page.getByText('use "," as the decimal separator: set “Decimal sign” to comma.').waitFor();
  await page.getByLabel('Decimal sign').selectOption(',');
  await page.getByRole('button', { name: 'Analyse again' }).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  await page.getByText('3.75').first().waitFor();
  expect(await totalsOf(id)).toBe('Region,Sales\nNorth,1.5\nSouth,2.25\n');
});

test('another column, and a column of another reading, can be chosen for the next reading', async () => {
  const { page, id } = await openJob('columns.csv', 'Region;Note;Sales\nNorth;x;5\nSouth;y;7\n', '&amountColumn=Note');
  await page.getByRole('heading', { name: 'Read it differently' }).waitFor();
  await chooseColumn(page, 'Sum of', 'Sales');
  await page.getByRole('button', { name: 'Analyse again' }).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  expect(await totalsOf(id)).toBe('Region,Sales\nNorth,5\nSouth,7\n');

  const other = await openJob('bars.csv', 'Region|Sales|x;y\nNorth|5|a;b\nSouth|7|c;d\n', '&delimiter=;');
  await other.page.getByLabel('Separator').selectOption('|');
  await chooseColumn(other.page, 'Sum of', 'Sales');
  await other.page.getByRole('button', { name: 'Analyse again' }).click();
  await shownState(other.page).filter({ hasText: 'Done' }).waitFor();
  expect(await totalsOf(other.id)).toBe('Region,Sales\nNorth,5\nSouth,7\n');
});

test('an upload that nobody sends says that it waits, and takes the file from here', async () => {
  const body = 'Region,Sales\nNorth,5\n';
  const { job } = await gatewayClient(pageTest.server.url).createJob({
    filename: 'announced.csv',
    sizeBytes: BigInt(body.length),
  });
  const { page } = await pageTest.open();
  await rowOf(page, 'announced.csv').getByText('Waiting for its file').waitFor();
  expect(await rowOf(page, 'announced.csv').getByText('%').count()).toBe(0);
  await page.getByRole('link', { name: 'announced.csv' }).click();
  await page.getByRole('heading', { name: 'Nothing of this file has arrived yet' }).waitFor();
  await page.getByText('Announced now. This tab is not sending it').waitFor();
  await expect.poll(() => page.title()).toBe('Waiting for its file · announced.csv');
  const input = page.getByLabel('Choose the file to send');
  await input.setInputFiles(await pageTest.file('other.csv', 'x'));
  await page.getByRole('alert').filter({ hasText: 'is a different file' }).waitFor();
  await input.setInputFiles(await pageTest.file('announced.csv', body));
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  expect(await totalsOf(job?.id ?? '')).toBe('Region,Sales\nNorth,5\n');
});

test('an upload that another program sends goes on by itself on a page that waits for it', async () => {
  const body = 'Region,Sales\nNorth,5\n';
  const { job } = await gatewayClient(pageTest.server.url).createJob({
    filename: 'elsewhere.csv',
    sizeBytes: BigInt(body.length),
  });
  const { page } = await pageTest.open({}, `${pageTest.server.url}/#/jobs/${job?.id}`);
  await shownState(page).filter({ hasText: 'Waiting for its file' }).waitFor();
  const headers = { 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' };
  await fetch(new URL(job?.uploadUrl ?? '', pageTest.server.url), { method: 'PATCH', headers, body });
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
});

test('rejected rows are filtered by their reason, and say how many lines they span', async () => {
  const csv = `Region,Sales\nNorth,5\nNorth,none\nSouth,\nSouth,more\n"a\nb\nc"x,5\n`;
  const { page } = await openJob('reasons.csv', csv);
  await page.getByRole('button', { name: 'Show the rows' }).click();
  const table = page.getByRole('table', { name: 'Rejected rows' });
  await page.getByText('4 of 4 shown').waitFor();
  await table.getByRole('row').filter({ hasText: '"a' }).getByText('3 lines').waitFor();
  expect(await table.getByText(/\d lines/).count()).toBe(1);
  const reason = page.getByRole('combobox', { name: 'Reason' });
  await reason.selectOption({ label: 'amount is not a number (2)' });
  await page.getByText('2 of 2 shown').waitFor();
  expect(await table.getByRole('cell').getByRole('code').allTextContents()).toEqual(['North,none', 'South,more']);
  await reason.selectOption({ label: 'All reasons (4)' });
  await page.getByText('4 of 4 shown').waitFor();
});
