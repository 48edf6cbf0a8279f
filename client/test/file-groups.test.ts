/// <reference lib="dom" />
/** The questions about one file stand together in the list, and can be told apart. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SamplePage } from './sample-page.ts';

let sample: SamplePage;
beforeAll(async () => {
  sample = await SamplePage.start();
});
afterAll(() => sample[Symbol.asyncDispose]());

const items = (page: Page) => page.getByRole('main').getByRole('listitem');
const links = (page: Page) => items(page).getByRole('link').allTextContents();
const item = (page: Page, question: string) => items(page).filter({ hasText: question });
const REGIONS = 'sales-2024-all-regions.csv';

test('the questions about a file follow its name, each with its columns and what else tells it apart', async () => {
  const { page, troubles } = await sample.open();
  await items(page).first().waitFor();
  const all = await links(page);
  expect(all).toHaveLength(18);
  const at = all.indexOf(`Revenue by Region, ${REGIONS}`);
  expect(all.slice(at, at + 3)).toEqual([
    `Revenue by Region, ${REGIONS}`,
    `Revenue by Region, ${REGIONS}`,
    `Quantity by Product, ${REGIONS}`,
  ]);
  expect(await items(page).nth(at).textContent()).toMatch(/^sales-2024-all-regions\.csv5\.92\sGB · 3 questions/);
  expect(
    await items(page)
      .nth(at + 1)
      .textContent(),
  ).toMatch(/^Revenue by Region.*Below zero: leave out/);
  await item(page, 'Quantity by Product').getByRole('link').click();
  await page.getByRole('heading', { name: 'Totals per Product' }).waitFor();
  expect(troubles).toEqual([]);
});

test('files of the server are together by their place, and questions whose first one was deleted', async () => {
  const { page } = await sample.open();
  await page.getByRole('searchbox').fill('branches');
  await expect
    .poll(() => links(page))
    .toEqual(['Revenue by Region, all branches.csv', 'Revenue by Branch, all branches.csv']);
  await page.getByRole('searchbox').fill('is-gone');
  await expect.poll(() => links(page)).toHaveLength(2);
  await items(page).first().getByText('2 questions').waitFor();
});

test('a question that a filter leaves alone still says which one it is', async () => {
  const { page } = await sample.open();
  await page.getByRole('radio', { name: /^Running/ }).check();
  await item(page, 'all branches.csv').getByText('Revenue by Region').waitFor();
  await item(page, 'all branches.csv').getByText('2 questions').waitFor();
});

test('a deleted question leaves the others; the last one stands for its file again, and all come back', async () => {
  const { page } = await sample.open();
  await page.getByRole('searchbox').fill('all-regions');
  await expect.poll(() => links(page)).toHaveLength(3);
  const removeFirst = async () => {
    await items(page).first().getByRole('button', { name: 'Delete' }).focus();
    await page.keyboard.press('Enter');
  };
  await removeFirst();
  await page.getByText(`Revenue by Region of ${REGIONS} was deleted.`).waitFor();
  expect(await items(page).first().textContent()).toContain('2 questions');
  await removeFirst();
  await page.getByText('2 questions were deleted.').waitFor();
  expect(await links(page)).toEqual([REGIONS]);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(REGIONS);
  await page.keyboard.press('Control+z');
  await expect.poll(() => links(page)).toHaveLength(3);
});

test('the newest question brings its file to the top', async () => {
  const { page } = await sample.open('#/jobs/14/ask');
  await page.getByRole('button', { name: 'Start', disabled: false }).click();
  await page.getByRole('link', { name: 'All files' }).click();
  await items(page).first().getByText('4 questions').waitFor();
  expect((await links(page))[0]).toBe(`Revenue by Region, ${REGIONS}`);
});
