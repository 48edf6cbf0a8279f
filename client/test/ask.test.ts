/// <reference lib="dom" />
/** Another question about a file that the server has already, from wherever the answer to the last one stands. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseColumn, shownState } from './page-test.ts';
import { SamplePage } from './sample-page.ts';

let sample: SamplePage;
beforeAll(async () => {
  sample = await SamplePage.start();
});
afterAll(() => sample[Symbol.asyncDispose]());

const askLink = (page: Page) => page.getByRole('link', { name: 'Ask again with other settings' });
const start = (page: Page) => page.getByRole('button', { name: 'Start', disabled: false });
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim());
const hash = (page: Page) => new URL(page.url()).hash;

test('a result is asked for again with other columns, without an upload; Back leads to the first result', async () => {
  const { page, troubles } = await sample.open('#/jobs/14');
  await askLink(page).click();
  await page.getByRole('heading', { name: 'sales-2024-all-regions.csv' }).waitFor();
  await page.getByText('It is on the server already: nothing is uploaded.').waitFor();
  expect(await page.getByText('have been read so far').count()).toBe(0);
  await chooseColumn(page, 'Group by', 'Product');
  await start(page).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  expect(hash(page)).toBe('#/jobs/19');
  await page.getByRole('heading', { name: 'Totals per Product' }).waitFor();
  await page.goBack();
  expect(hash(page)).toBe('#/jobs/14');
  expect(troubles).toEqual([]);
});

test('the card begins with the settings that were asked with', async () => {
  const { page } = await sample.open('#/jobs/13');
  await askLink(page).click();
  await start(page).waitFor();
  expect(await page.getByLabel('Below zero').inputValue()).toBe('reject');
  expect(await page.getByLabel('Separator').inputValue()).toBe('');
});

test('Escape and Cancel lead back to the result: to the place and the link that one came from', async () => {
  const { page } = await sample.open('#/');
  await page.getByRole('link', { name: 'Quantity by Product' }).click();
  await page.getByRole('heading', { name: 'Totals per Product' }).waitFor();
  for (const leave of [
    () => page.keyboard.press('Escape'),
    () => page.getByRole('button', { name: 'Cancel' }).click(),
    () => page.getByRole('link', { name: 'Back to the result' }).click(),
  ]) {
    await askLink(page).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('sales-2024-all-regions.csv');
    await start(page).waitFor();
    await leave();
    await expect.poll(() => focused(page)).toBe('Ask again with other settings');
  }
  // The three visits have left no trace in the history.
  await page.goBack();
  expect(hash(page)).toBe('#/');
});

test('a link that leads straight to the question has a way out, too', async () => {
  const { page } = await sample.open('#/jobs/5/ask');
  await start(page).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Totals per Region' }).waitFor();
  expect(hash(page)).toBe('#/jobs/5');
});

test('a result with doubts leads to its settings without the file at hand', async () => {
  const { page } = await sample.open('#/jobs/5');
  await page.getByRole('link', { name: 'Check the settings' }).click();
  await start(page).waitFor();
  await page.getByRole('region', { name: 'Worth a look before you start' }).waitFor();
});

test('a job that failed is read otherwise in its place, with its first rows in sight', async () => {
  const { page } = await sample.open('#/jobs/10');
  await page.getByRole('heading', { name: 'Read it differently' }).waitFor();
  await page.getByRole('table', { name: 'First rows of the file' }).waitFor();
  expect(await askLink(page).count()).toBe(0);
  await chooseColumn(page, 'Sum of', 'Note');
  await page.getByRole('button', { name: 'Analyse again' }).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  expect(hash(page)).toBe('#/jobs/10');
});

test('a job that failed for another reason can be tried again as it is, or with other settings in its place', async () => {
  const { page } = await sample.open('#/jobs/17');
  await page.getByRole('button', { name: 'Retry' }).waitFor();
  await askLink(page).click();
  await start(page).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  expect(hash(page)).toBe('#/jobs/17');
});

test('a file that is not kept any more is said to be so, and nothing is offered', async () => {
  const { page } = await sample.open('#/jobs/12');
  await page.getByText('The file is not kept any more: another question needs another upload.').waitFor();
  expect(await askLink(page).count()).toBe(0);
  await page.goto(page.url().replace('#/jobs/12', '#/jobs/16'));
  await page.getByText('There is no file at /data/sales/2024/all branches.csv any more').waitFor();
});

test('a file that has gone meanwhile is said to be gone, with the way that is left', async () => {
  const { page } = await sample.open('#/jobs/5', 'gone');
  await askLink(page).click();
  await page.getByRole('alert').filter({ hasText: 'The file of this job is not kept any more' }).waitFor();
  await expect.poll(() => focused(page)).toBe('This file is not there any more');
  await page.getByLabel('Upload it again').setInputFiles({
    name: 'again.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Region;Sales\nNorth;1\n'),
  });
  await page.getByRole('heading', { name: 'again.csv' }).waitFor();
});

test('a file of the server that is analysed shows no upload', async () => {
  const { page } = await sample.open('#/jobs/15');
  await page.getByRole('progressbar', { name: 'Analysed' }).waitFor();
  expect(await page.getByRole('progressbar', { name: 'Uploaded' }).count()).toBe(0);
});
