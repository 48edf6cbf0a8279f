/// <reference lib="dom" />
/** The next question against a real server: about the file of a result, and about a file that lies on the server. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseColumn, PageTest, shownState, startJob } from './page-test.ts';

const CSV = 'Region,Product,Revenue\nNorth,Chair,5\nSouth,Chair,7\nNorth,Desk,-1.50\n';

let folder: string;
let pageTest: PageTest;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallystream-sources-'));
  await mkdir(join(folder, '2024'));
  await writeFile(join(folder, '2024', 'on the server.csv'), CSV);
  pageTest = await PageTest.start({ SOURCES: folder });
});
afterAll(async () => {
  await pageTest[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const idOf = (page: Page) => page.url().split('/').at(-1) ?? '';
const totalsOf = async (page: Page) =>
  await (await fetch(`${pageTest.server.url}/jobs/${idOf(page)}/totals.csv`)).text();
/** Starts what is prepared, and waits for the result of another job than that of `before`. */
async function startAnother(page: Page, before: string): Promise<void> {
  await page.getByRole('button', { name: 'Start', disabled: false }).click();
  await expect.poll(() => idOf(page)).not.toMatch(new RegExp(`^(${before}|ask)?$`));
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
}

test('a file that was uploaded once is asked for again, and the list has both questions under its name', async () => {
  const { page, troubles } = await pageTest.open();
  const first = await startJob(page, await pageTest.file('uploaded.csv', CSV));
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  const sent: string[] = [];
  page.on('request', (request) => sent.push(new URL(request.url()).pathname));
  await page.getByRole('link', { name: 'Ask again with other settings' }).click();
  await chooseColumn(page, 'Group by', 'Product');
  await page.getByLabel('Below zero').selectOption('reject');
  await startAnother(page, first);
  expect(await totalsOf(page)).toBe('Product,Revenue\nChair,12\n');
  expect(sent.filter((path) => path.startsWith('/upload'))).toEqual([]);
  // A question about the file of a question is one about the same file.
  const second = idOf(page);
  await page.getByRole('link', { name: 'Ask again with other settings' }).click();
  await page.getByRole('button', { name: 'Start', disabled: false }).waitFor();
  expect(await page.getByLabel('Below zero').inputValue()).toBe('reject');
  await page.getByLabel('Below zero').selectOption('count');
  await startAnother(page, second);
  expect(await totalsOf(page)).toBe('Product,Revenue\nChair,12\nDesk,-1.50\n');
  await page.getByRole('link', { name: 'All files' }).click();
  const items = page.getByRole('listitem').filter({ hasText: 'uploaded.csv' });
  await items.first().getByText('3 questions').waitFor();
  expect(await items.getByRole('link').allTextContents()).toEqual([
    'Revenue by Product, uploaded.csv',
    'Revenue by Product, uploaded.csv',
    'Revenue by Region, uploaded.csv',
  ]);
  expect(troubles).toEqual([]);
});

test('a file that lies on the server is chosen, started and asked for again', async () => {
  const { page, troubles } = await pageTest.open();
  await page.getByRole('button', { name: 'Choose a file on the server' }).click();
  // The only folder is open at once.
  await page.getByRole('button', { name: 'Folder 2024' }).click();
  await page.getByRole('button', { name: /^on the server\.csv \d+\sbytes/ }).click();
  await page.getByText(join(folder, '2024', 'on the server.csv')).waitFor();
  await startAnother(page, '#');
  expect(await totalsOf(page)).toBe('Region,Revenue\nNorth,3.50\nSouth,7\n');
  const first = idOf(page);
  await page.getByRole('link', { name: 'Ask again with other settings' }).click();
  await chooseColumn(page, 'Group by', 'Product');
  await startAnother(page, first);
  expect(await totalsOf(page)).toBe('Product,Revenue\nChair,12\nDesk,-1.50\n');
  await page.getByRole('link', { name: 'All files' }).click();
  await page.getByRole('listitem').filter({ hasText: 'on the server.csv' }).first().getByText('2 questions').waitFor();
  expect(troubles).toEqual([]);
});
