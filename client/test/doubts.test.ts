/// <reference lib="dom" />
/** The doubts about a total: shown before, during and after, in words that can be followed on the page. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatewayClient } from '../../server/test/support/clients.ts';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import { choose, PageTest, shownState, slowDown, startJob } from './page-test.ts';

const head = 'Region\tSales\n';
const rows = 'North\t1,234\nSouth\t-2,345\nnorth\t1,111\nEast\tn/a\n';

let pageTest: PageTest;
beforeAll(async () => {
  pageTest = await PageTest.start();
});
afterAll(() => pageTest[Symbol.asyncDispose]());

const doubtsOf = (page: Page, name: string) => page.getByRole('region', { name });
const bottomOf = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => element.getBoundingClientRect().bottom);
const jobOf = async (id: string) => (await gatewayClient(pageTest.server.url).getJob({ id })).job;

test('doubts are shown before the upload, beside the total, and in the list; certain decisions have none', async () => {
  const { page, troubles } = await pageTest.open();
  await choose(page, await pageTest.file('doubtful.tsv', head + rows));
  const before = doubtsOf(page, 'Worth a look before you start');
  await before
    .getByText('Amounts such as 1,234 are read as 1234; set “Decimal sign” to comma if that is wrong.')
    .waitFor();
  await page.getByRole('button', { name: 'Start', disabled: false }).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();

  const after = doubtsOf(page, 'Before you rely on the total');
  const items = after.getByRole('listitem');
  await after.getByText('Amounts such as 1,234').waitFor();
  expect(await items.count()).toBe(2);
  await page.getByRole('heading', { name: 'Totals per Region' }).waitFor();
  // The totals are in sight with the doubts, and in a narrow window the grand total is.
  expect(await bottomOf(page, '#totals')).toBeLessThan(900);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await bottomOf(page, '.total-line')).toBeLessThan(640);
  await page.setViewportSize({ width: 1440, height: 900 });
  await after.getByRole('button', { name: 'Show 2 more' }).click();
  expect(await items.allTextContents()).toEqual([
    expect.stringMatching(/^To check: Decimal sign\./),
    expect.stringMatching(/^Good to know: Amounts below zero\..*set “Below zero” to “Leave out”/i),
    expect.stringMatching(/^Good to know: Rows left out\. 1 of 4 rows/),
    expect.stringMatching(/^Good to know: Names that look alike\./),
  ]);
  await page.getByRole('link', { name: 'All files' }).click();
  await page.getByRole('listitem').filter({ hasText: 'doubtful.tsv' }).getByText('1 to check').waitFor();
  expect(troubles).toEqual([]);
});

test('the advice of a doubt can be followed before the upload, and the doubt is gone with it', async () => {
  const { page } = await pageTest.open();
  await choose(page, await pageTest.file('followed.tsv', head + rows));
  await doubtsOf(page, 'Worth a look before you start').waitFor();
  await page.getByLabel('Decimal sign').selectOption(',');
  await page.getByText('set “Decimal sign” to comma').waitFor({ state: 'detached' });
  await page.getByLabel('Below zero').selectOption('reject');
  await page.getByText('Would be rejected: negative amount').waitFor();
  await page.getByRole('button', { name: 'Start', disabled: false }).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  await page.getByRole('heading', { name: 'Totals per Region' }).waitFor();
  const id = page.url().split('/').at(-1) ?? '';
  const job = await jobOf(id);
  expect(job).toMatchObject({
    total: '2.345',
    options: { decimalSeparator: ',', negativeAmounts: 'reject', delimiter: '' },
  });
  expect(job?.doubts.map(({ code }) => code)).not.toContain('DECIMAL_SEPARATOR_UNCERTAIN');
});

test('a file with doubts that is not kept leads back to its settings, with its file at hand or chosen again', async () => {
  await using forgetful = await ServerProcess.start({ KEEP_UPLOADS: '0' });
  const file = await pageTest.file('again.tsv', head + rows);
  const { page } = await pageTest.open({}, forgetful.url);
  const id = await startJob(page, file);
  await page.getByRole('button', { name: 'Check the settings' }).click();
  await page.getByRole('heading', { name: 'again.tsv' }).waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.goto(`${forgetful.url}/#/jobs/${id}`);
  await page.reload();
  await page.getByLabel('Choose the file again to change the settings').setInputFiles(file);
  await page.getByRole('heading', { name: 'again.tsv' }).waitFor();
  await page.getByRole('button', { name: 'Start', disabled: false }).waitFor();
});

test('a setting that is rarely needed is at hand where a doubt names it', async () => {
  const { page } = await pageTest.open();
  await choose(page, await pageTest.file('titled.csv', 'Sales of the year\n\nRegion,Sales\nNorth,1\nSouth,2\n'));
  await page.getByText('set “Lines to skip” to 0 if that is wrong').waitFor();
  await page.getByLabel('Lines to skip').fill('2');
  await page.getByLabel('Lines to skip').press('Enter');
  await page.getByText('set “Lines to skip”').waitFor({ state: 'detached' });
  await page.getByLabel('Thousands sign').waitFor();
  await page.getByLabel('Encoding').waitFor();
  await page.getByLabel('Quotes').selectOption('none');
  await page.getByRole('button', { name: 'Start', disabled: false }).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  const id = page.url().split('/').at(-1) ?? '';
  expect(await jobOf(id)).toMatchObject({ total: '3', doubts: [], options: { skipLines: 2, quote: 'none' } });
});

test('doubts are shown while a file still arrives', async () => {
  const { page } = await pageTest.open();
  await slowDown(page, 200_000);
  await startJob(page, await pageTest.file('arriving.tsv', head + rows.repeat(60_000)));
  const soFar = doubtsOf(page, 'Worth knowing so far');
  await soFar.getByText('Amounts such as 1,234').waitFor();
  await page.getByRole('heading', { name: 'Largest sums per Region' }).waitFor();
  await soFar.getByText('amounts are below zero').waitFor();
  // Rejected rows have their own place on this page.
  await page.getByRole('heading', { name: 'Why rows were rejected' }).waitFor();
  expect(await soFar.getByText('Rows left out').count()).toBe(0);
  await page.getByRole('button', { name: 'Cancel' }).click();
});
