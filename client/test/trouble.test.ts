/// <reference lib="dom" />
/** Errors while a page is in use, said in words, and their outcome. */
import { appendFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateSales } from '../../server/test/support/sales.ts';
import { ServerProcess } from '../../server/test/support/server-process.ts';
import { plainDecimal, readTotals } from '../../server/test/support/totals.ts';
import { choose, PageTest, SCREENSHOTS, shownState, slowDown, startJob } from './page-test.ts';

const sales = generateSales(400_000, 33, 60);
const right = new Map(sales.truth.departments.map(({ department, sum }) => [department, plainDecimal(sum)]));

let pageTest: PageTest;
let file: string;

beforeAll(async () => {
  pageTest = await PageTest.start();
  file = await pageTest.file('sales.csv', sales.csv);
});
afterAll(() => pageTest[Symbol.asyncDispose]());

test('a server that is killed in the middle of an upload: the page says so, goes on by itself, and the totals are right', async () => {
  const own = await ServerProcess.start();
  const { page } = await pageTest.open({}, own.url);
  await slowDown(page, 1_500_000);
  const id = await startJob(page, file);
  await page
    .getByText(/^2\.\d+\sMB of/)
    .first()
    .waitFor();
  const port = new URL(own.url).port;
  await own.stop('SIGKILL');
  await page.getByText('Connection lost').waitFor();
  await page.screenshot({ path: `${SCREENSHOTS}/restart-lost.png` });
  await using back = await ServerProcess.start({ PORT: port, DATA_DIR: own.dataDir });
  await page.getByText('Connection lost').waitFor({ state: 'hidden' });
  await slowDown(page, -1);
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  expect(readTotals(await (await fetch(`${back.url}/jobs/${id}/totals.csv`)).text())).toEqual(right);
});

test('a file that is changed while it is uploaded is noticed, and not taken for the whole', async () => {
  const changing = await pageTest.file('changing.csv', sales.csv);
  const { page } = await pageTest.open();
  await slowDown(page, 1_000_000);
  await startJob(page, changing);
  await page
    .getByText(/^1\.\d+\sMB of/)
    .first()
    .waitFor();
  await appendFile(changing, 'more,2024-01-01,1\n');
  await page.getByText('was changed, moved or deleted during the upload').waitFor();
  await shownState(page).filter({ hasText: 'Interrupted' }).waitFor();
  // The same file again would be refused again.
  expect(await page.getByRole('button', { name: 'Resume' }).count()).toBe(0);
  await page.screenshot({ path: `${SCREENSHOTS}/changed-file.png` });
  await page.getByLabel('Choose the file again').setInputFiles(changing);
  await page.getByRole('alert').filter({ hasText: 'is a different file' }).waitFor();
});

test('a connection that would take hours is called so, with what would help', async () => {
  const { page } = await pageTest.open();
  await slowDown(page, 8_000);
  await startJob(page, file);
  await page.getByText('The connection carries').waitFor();
  await page.getByText('compressed with gzip').waitFor();
  await page.screenshot({ path: `${SCREENSHOTS}/slow.png` });
});

test('a full disk is said to be full, before anything is uploaded', async () => {
  await using full = await ServerProcess.start({ MIN_FREE_DISK_BYTES: '1000TiB' });
  const { page } = await pageTest.open({}, full.url);
  await page.getByLabel('Choose a CSV file').setInputFiles(file);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('alert').filter({ hasText: /disk/i }).waitFor();
  await page.screenshot({ path: `${SCREENSHOTS}/disk-full.png` });
  // A user who has made room can try again.
  await page.getByRole('button', { name: 'Start', disabled: false }).waitFor();
});

test('a column that is not there: the page says so, and what is, and the file can be analysed otherwise', async () => {
  const { page } = await pageTest.open();
  const url = `${pageTest.server.url}/upload?filename=columns.csv&amountColumn=Revenue`;
  const { id } = (await (await fetch(url, { method: 'POST', body: 'Region,Sales\nNorth,1\n' })).json()) as {
    id: string;
  };
  await page.goto(`${pageTest.server.url}/#/jobs/${id}`);
  await page.getByText('does not have the requested column').waitFor();
  await page.getByText('1 "Sales"').waitFor();
  await page.getByRole('button', { name: 'Analyse again' }).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  expect(await (await fetch(`${pageTest.server.url}/jobs/${id}/totals.csv`)).text()).toContain('North,1\n');
});

test('a file of which no row counted keeps its settings at hand, and is read otherwise from where it is', async () => {
  const decimals = await pageTest.file('decimals.csv', 'Region;Sales\nNorth;1,5\nSouth;2,25\n');
  const { page } = await pageTest.open();
  await choose(page, decimals);
  await page.getByLabel('Decimal sign').selectOption('.');
  await page.getByText('None of these rows would count').waitFor();
  await page.getByRole('button', { name: 'Start', disabled: false }).click();
  await page.getByRole('heading', { name: 'No row of this file counted' }).waitFor();
  expect(await page.getByLabel('Decimal sign').inputValue()).toBe('.');
  await page.getByLabel('Decimal sign').selectOption('');
  await page.getByRole('button', { name: 'Analyse again' }).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  await page.getByText('3.75').first().waitFor();
});

test('rows of which none counts are called hopeless while they still arrive, with what to change', async () => {
  const hopeless = await pageTest.file('hopeless.csv', `Region,Sales\n${'North,n/a\n'.repeat(300_000)}`);
  const { page } = await pageTest.open();
  await slowDown(page, 300_000);
  await startJob(page, hopeless);
  await page.getByText('No row has counted so far').waitFor();
  await page.getByText('another decimal sign').waitFor();
  await page.screenshot({ path: `${SCREENSHOTS}/hopeless-live.png` });
});
