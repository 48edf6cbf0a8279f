/// <reference lib="dom" />
/** Files that lie on the server: found folder by folder, and chosen instead of an upload. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shownState } from './page-test.ts';
import { SamplePage } from './sample-page.ts';

let sample: SamplePage;
beforeAll(async () => {
  sample = await SamplePage.start();
});
afterAll(() => sample[Symbol.asyncDispose]());

const opener = (page: Page) => page.getByRole('button', { name: 'Choose a file on the server' });
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Files on the server' });
const entry = (page: Page, name: string | RegExp) => dialog(page).getByRole('listitem').getByRole('button', { name });
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim());

async function openFolder(page: Page, ...names: string[]): Promise<void> {
  await opener(page).click();
  for (const name of names) await entry(page, `Folder ${name}`).click();
}

test('a file of the server is found, looked into and started, and no byte is uploaded', async () => {
  const { page, troubles } = await sample.open();
  await openFolder(page, '/data');
  await entry(page, /^sales-2024\.csv 48\.2 GB/).click();
  await dialog(page).waitFor({ state: 'detached' });
  await page.getByText('/data/sales-2024.csv').waitFor();
  await expect.poll(() => focused(page)).toBe('sales-2024.csv');
  await page.getByRole('button', { name: 'Start', disabled: false }).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('sales-2024.csv');
  expect(troubles).toEqual([]);
});

test('the keyboard alone goes through the folders, and Escape back to where it was', async () => {
  const { page } = await sample.open();
  await opener(page).focus();
  await page.keyboard.press('Enter');
  await entry(page, 'Folder /data').waitFor();
  expect(await focused(page)).toBe('Folders');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Folder /data');
  await page.keyboard.press('Enter');
  await entry(page, 'Folder archive').waitFor();
  expect(await focused(page)).toBe('/data');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  expect(await focused(page)).toBe('Folder empty');
  await page.keyboard.press('End');
  expect(await focused(page)).toMatch(/^nothing\.csv/);
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  expect(await focused(page)).toBe('Choose a file on the server');
});

test('a long folder comes page by page, and the focus goes on at what is there', async () => {
  const { page } = await sample.open();
  await openFolder(page, '/data', 'archive');
  const files = dialog(page).locator('ul').getByRole('listitem');
  await dialog(page).getByRole('status').filter({ hasText: 'The first 100 entries' }).waitFor();
  const more = dialog(page).getByRole('button', { name: 'Show more' });
  await more.focus();
  await page.keyboard.press('Enter');
  await dialog(page).getByRole('status').filter({ hasText: 'The first 200 entries' }).waitFor();
  expect(await focused(page)).toBe('Show more');
  await page.keyboard.press('Enter');
  await dialog(page).getByRole('status').filter({ hasText: '230 entries' }).waitFor();
  expect(await files.count()).toBe(230);
  expect(await focused(page)).toBe('230 entries');
  await dialog(page).getByRole('navigation').getByRole('button', { name: '/data' }).click();
  await entry(page, 'Folder archive').waitFor();
  await dialog(page).getByRole('navigation').getByRole('button', { name: 'Folders' }).click();
  await entry(page, 'Folder /mnt/exports').waitFor();
});

test('an empty folder and one that cannot be read say so', async () => {
  const { page } = await sample.open();
  await openFolder(page, '/data', 'empty');
  await dialog(page).getByText('This folder has no files.').waitFor();
  await dialog(page).getByRole('button', { name: '/data' }).click();
  await entry(page, 'Folder locked').click();
  await dialog(page).getByRole('alert').filter({ hasText: 'cannot be read' }).waitFor();
  await dialog(page).getByRole('button', { name: 'Try again' }).click();
  await dialog(page).getByRole('alert').waitFor();
  await dialog(page).getByRole('button', { name: 'Close' }).click();
  await dialog(page).waitFor({ state: 'detached' });
});

test('an empty file is called empty before it is started', async () => {
  const { page } = await sample.open();
  await openFolder(page, '/data');
  await entry(page, /^nothing\.csv/).click();
  await page.getByRole('alert').filter({ hasText: 'The file is empty' }).waitFor();
});

test.each(['empty', 'old'] as const)('nothing is offered where there is nothing to read (%s)', async (scene) => {
  const { page, troubles } = await sample.open('#/', scene);
  await page
    .getByText('No files yet')
    .or(page.getByRole('link', { name: 'live.csv' }))
    .waitFor();
  expect(await opener(page).count()).toBe(0);
  expect(troubles).toEqual([]);
});
