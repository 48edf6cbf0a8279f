/// <reference lib="dom" />
/** Results that are not like most: many digits, sums below zero, thousands of rows, nothing at all. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PageTest, SCREENSHOTS } from './page-test.ts';

let pageTest: PageTest;
beforeAll(async () => {
  pageTest = await PageTest.start();
});
afterAll(() => pageTest[Symbol.asyncDispose]());

/** Uploads a file as a script does, and opens its job. */
async function openResult(name: string, content: string, width = 1440) {
  const url = `${pageTest.server.url}/upload?filename=${name}`;
  const { id } = await (await fetch(url, { method: 'PUT', body: content })).json();
  const { page } = await pageTest.open({ viewport: { width, height: 800 } }, `${pageTest.server.url}/#/jobs/${id}`);
  return page;
}

test.each([320, 500, 1440])('no digit of the largest numbers is cut off at %i px', async (width) => {
  const digits = '999999999999.999999';
  const rows = Array.from({ length: 30 }, (_, index) => `Department ${index % 3},${digits}\n`).join('');
  const page = await openResult('digits.csv', `Department,Sales\n${rows}`, width);
  await page.getByRole('cell').first().waitFor();
  const cut = await page.evaluate(() => {
    // The letters of some fonts are higher than their lines, which cuts nothing off where what is higher is shown.
    const isTooHigh = (cell: Element) =>
      getComputedStyle(cell).overflowY !== 'visible' && cell.scrollHeight > cell.clientHeight + 1;
    return [...document.querySelectorAll('.totals-row > td:not([data-column="department"]), .total-digits')]
      .filter((cell) => cell.scrollWidth > cell.clientWidth || isTooHigh(cell))
      .map((cell) => cell.textContent);
  });
  expect(cut).toEqual([]);
  await page.screenshot({ path: `${SCREENSHOTS}/digits-${width}.png` });
});

test('shares go beyond the whole where other sums are below zero, and bars only show what is above', async () => {
  const page = await openResult('returns.csv', 'Department,Sales\nShop,10\nReturns,-5\n');
  const cells = page.locator('td[data-column="share"]');
  await cells.first().waitFor();
  expect(await cells.allTextContents()).toEqual(['200.0%', '-100.0%']);
});

test('a total of nothing has no shares', async () => {
  const page = await openResult('even.csv', 'Department,Sales\nA,5\nB,-5\n');
  await page.locator('td[data-column="share"]').first().waitFor();
  expect(await page.locator('td[data-column="share"]').allTextContents()).toEqual(['–', '–']);
});

test('the head of the table stays in sight, and a page that cannot be loaded is asked for once, and again on request', async () => {
  const rows = Array.from({ length: 2_000 }, (_, index) => `Department ${index},${index}\n`).join('');
  const page = await openResult('many.csv', `Department,Sales\n${rows}`);
  await page.getByRole('cell', { name: 'Department 1999' }).waitFor();
  let requests = 0;
  await page.route('**/ListTotals', (route) => {
    requests++;
    return route.abort();
  });
  const scroller = page.getByRole('region', { name: 'Rows of the totals' });
  await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await page.getByRole('alert').filter({ hasText: 'cannot be reached' }).waitFor();
  const tops = await scroller.evaluate((element) =>
    [element, element.querySelector('thead')].map((part) => part!.getBoundingClientRect().top),
  );
  expect(Math.abs(tops[1]! - tops[0]!)).toBeLessThanOrEqual(2);
  // A page that asks without end has done so by the time that another answer is here.
  await page.evaluate(() => fetch('/healthz'));
  expect(requests).toBe(1);
  await page.unroute('**/ListTotals');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  // The rows come some time after the alert has gone: scroll until they are there.
  const lastRow = async () => {
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return Number(await page.locator('.totals-row').last().getAttribute('aria-rowindex'));
  };
  await expect.poll(lastRow).toBeGreaterThan(300);
});

test('a part of the page that cannot be loaded says so, and comes with a reload', async () => {
  const { page } = await pageTest.open();
  await page.route('**/assets/job-result*', (route) => route.abort());
  await page.getByRole('link', { name: 'many.csv' }).click();
  await page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor();
  await page.screenshot({ path: `${SCREENSHOTS}/part-missing.png` });
  await page.unroute('**/assets/job-result*');
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.getByRole('cell', { name: 'Department 1999' }).waitFor();
});
