/// <reference lib="dom" />
/** Results of several groups and of dates against a real server: over time, as a pivot, and the next question by a click. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endedJob } from '../../server/test/support/clients.ts';
import { PageTest, SCREENSHOTS, shownState } from './page-test.ts';

const CSV = [
  'Date,Region,Product,Revenue',
  '2025-01-03,North,Chair,10.25',
  '2025-12-31,North,Chair,9007199254740993',
  '2026-01-02,North,Chair,0.1',
  '2026-01-02,South,Desk,0.2',
  '2026-01-05,South,Chair,-4',
  '2026-03-01,South,Desk,7',
  '2026-03-02,,Desk,1',
  '',
].join('\n');

let pageTest: PageTest;
beforeAll(async () => {
  pageTest = await PageTest.start();
});
afterAll(() => pageTest[Symbol.asyncDispose]());

/** Uploads a file as a script does, and opens its result. */
async function openResult(name: string, query: string, view = '', csv = CSV) {
  const url = `${pageTest.server.url}/upload?filename=${name}&${query}`;
  const { id } = (await (await fetch(url, { method: 'POST', body: csv })).json()) as { id: string };
  await endedJob(pageTest.server.url, id);
  const permissions = ['clipboard-read', 'clipboard-write'];
  const opened = await pageTest.open({ permissions }, `${pageTest.server.url}/#/jobs/${id}${view}`);
  return { ...opened, id };
}

const byMonth = 'groupBy=Product&groupBy=Date:month';
const chart = (page: Page) => page.getByRole('slider', { name: 'Revenue by month' });
const idOf = (page: Page) => new URL(page.url()).hash.split('/').at(-1)?.split('?')[0] ?? '';
const totalsOf = async (page: Page) =>
  await (await fetch(`${pageTest.server.url}/jobs/${idOf(page)}/totals.csv`)).text();
const chips = (page: Page) =>
  page.getByRole('region', { name: 'Only rows where' }).getByRole('listitem').allTextContents();

test('a chart is drawn in a browser whose language no formatter takes', async () => {
  // Without a language of its own, the browser has that of the environment, which here is that of C.
  const { page, troubles, id } = await openResult('c.csv', byMonth);
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix', configurable: true });
  });
  await page.goto('about:blank');
  await page.goto(`${pageTest.server.url}/#/jobs/${id}`);
  await chart(page).waitFor();
  expect(troubles).toEqual([]);
  await page.close();
});

test('a chart reads every value to the last digit, by keyboard and by pointer, and says where there is none', async () => {
  const { page, troubles } = await openResult('course.csv', byMonth);
  await chart(page).focus();
  await page.keyboard.press('Home');
  expect(await chart(page).getAttribute('aria-valuetext')).toBe('2025-01, Total: 10.25, Chair: 10.25, Desk: no rows');
  await page.keyboard.press('ArrowRight');
  await expect
    .poll(() => chart(page).getAttribute('aria-valuetext'))
    .toBe('2025-12, Total: 9,007,199,254,740,993.00, Chair: 9,007,199,254,740,993.00, Desk: no rows');
  await page.keyboard.press('End');
  const readout = page.locator('.chart-readout');
  await readout.getByText('2026-03').waitFor();
  expect(await readout.locator('dd').allTextContents()).toEqual(['8.00', 'no rows', '8.00']);
  await page.getByText('Where a line is interrupted, there are no rows of that month.').waitFor();

  const desk = page.getByRole('group', { name: 'Lines' }).getByRole('button', { name: 'Desk' });
  await desk.focus();
  await page.keyboard.press('Space');
  await expect.poll(() => desk.getAttribute('aria-pressed')).toBe('false');
  expect(await chart(page).getAttribute('aria-valuetext')).not.toContain('Desk');
  const box = await chart(page).boundingBox();
  await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 60, (box?.y ?? 0) + 60);
  await readout.getByText('2026-03').waitFor();
  // The table has the same for a screen reader.
  await page.getByRole('table', { name: 'Totals per Product, Date (month)' }).waitFor();
  expect(troubles).toEqual([]);
});

test('a list of periods has the changes to the period before and to the year before', async () => {
  const { page } = await openResult('changes.csv', byMonth);
  const row = page.getByRole('row').filter({ hasText: 'Chair · 2026-01' });
  const cell = (column: string) => row.locator(`[data-column="${column}"]`);
  await expect.poll(() => cell('toBefore').textContent()).toBe('-9,007,199,254,740,996.9 -100.0%');
  expect(await cell('toYearBefore').textContent()).toBe('-14.15 -138.0%');
  const first = page.getByRole('row').filter({ hasText: 'Chair · 2025-01' });
  expect((await first.locator('[data-column="toBefore"]').textContent())?.trim()).toBe('–');
  await page.getByRole('columnheader', { name: 'vs. previous month' }).waitFor();
});

test('a list is sorted by its changes, exactly, with its search and copy, by a link that opens the same order', async () => {
  const { page, troubles } = await openResult('grown.csv', byMonth);
  const shown = () => page.locator('tbody .totals-row [data-column="department"]').allTextContents();
  const byLargest = ['Chair · 2025-12', 'Chair · 2025-01', 'Desk · 2026-03', 'Desk · 2026-01', 'Chair · 2026-01'];
  await expect.poll(async () => (await shown()).toSorted()).toEqual(byLargest.toSorted());
  const head = page.getByRole('columnheader', { name: 'vs. year before' });
  await head.getByRole('button', { name: 'vs. year before', exact: true }).click();
  // Only one group has a year before; those without come last.
  await expect.poll(async () => (await shown())[0]).toBe('Chair · 2026-01');
  expect(await head.getAttribute('aria-sort')).toBe('descending');
  expect(page.url()).toContain('?order=-toYearBefore');
  await page.getByRole('button', { name: 'vs. previous month, in %' }).click();
  await page.getByRole('button', { name: 'vs. previous month, in %' }).click();
  await expect.poll(() => page.url()).toContain('?order=toBeforePart');
  await page.reload();
  await expect.poll(async () => (await shown())[0]).toBe('Chair · 2026-01');
  await page.getByRole('searchbox').fill('DESK');
  await page.getByText('2 groups').waitFor();
  await page.getByRole('button', { name: 'Copy as table' }).click();
  await page.getByText('2 rows copied').waitFor();
  const copied = parse(await page.evaluate(() => navigator.clipboard.readText()), { delimiter: '\t' }) as string[][];
  expect(copied.slice(1).map(([name]) => name)).toEqual(await shown());
  await page.getByRole('columnheader', { name: 'Product · Date (month)' }).getByRole('button').click();
  await expect.poll(shown).toEqual(['Desk · 2026-01', 'Desk · 2026-03']);
  expect(page.url()).toContain('?order=department');
  expect(troubles).toEqual([]);
});

test('a pivot has exact totals of rows, columns and all, in the address, by keyboard and on the clipboard', async () => {
  const { page, troubles } = await openResult('pivot.csv', byMonth, '?view=pivot');
  const grid = page.getByRole('grid', { name: 'Revenue by Product and Date (month)' });
  const cells = () =>
    page
      .locator('.pivot-row')
      .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)));
  await expect.poll(cells).toEqual([
    ['Product', '2025-01', '2025-12', '2026-01', '2026-03', 'Total'],
    ['Chair', '10.25', '9,007,199,254,740,993.00', '-3.90', '–', '9,007,199,254,740,999.35'],
    ['Desk', '–', '–', '0.20', '8.00', '8.20'],
    ['Total', '10.25', '9,007,199,254,740,993.00', '-3.70', '8.00', '9,007,199,254,741,007.55'],
  ]);
  await page.getByRole('button', { name: 'Copy as table' }).click();
  await page.getByText('Pivot with 2 rows copied').waitFor();
  const copied = parse(await page.evaluate(() => navigator.clipboard.readText()), { delimiter: '\t' });
  expect(copied[1]).toEqual(['Chair', '10.25', '9007199254740993.00', '-3.90', '', '9007199254740999.35']);

  await grid.focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'End']) await page.keyboard.press(key);
  const active = await grid.getAttribute('aria-activedescendant');
  expect(await page.locator(`#${active}`).textContent()).toBe('8.20');

  await page.getByLabel('Changes to the month before').check();
  const change = page.locator('.pivot-change');
  // Of Chair, January 2026 is the only month with one before it.
  await expect.poll(() => change.allTextContents()).toEqual(['-100.0%', '-100.0%']);
  expect(await change.first().getAttribute('title')).toBe('-9,007,199,254,740,996.90');
  expect(page.url()).toContain('changes=true');
  await page.getByLabel('Changes to the month before').uncheck();
  await expect.poll(() => change.count()).toBe(0);

  await page.getByRole('button', { name: 'Swap rows and columns' }).click();
  expect(page.url()).toContain('?view=pivot&rows=1&columns=0');
  await expect.poll(async () => (await cells())[1]?.[0]).toBe('2025-01');
  await page.getByLabel('Sort rows by').selectOption({ label: 'Total' });
  await expect.poll(async () => (await cells())[1]?.[0]).toBe('2025-12');
  await page.getByLabel('Sort rows by').selectOption({ label: 'Desk' });
  await expect.poll(async () => (await cells())[1]?.[0]).toBe('2026-03');
  expect(page.url()).toContain('sort=column&key=Desk');
  expect(await page.getByRole('columnheader', { name: 'Desk' }).getAttribute('aria-sort')).toBe('descending');
  await page.reload();
  await expect.poll(async () => (await cells())[1]?.[0]).toBe('2026-03');
  await page.getByRole('radio', { name: 'List' }).check();
  await page.getByRole('table', { name: 'Totals per Product, Date (month)' }).waitFor();
  expect(await grid.count()).toBe(0);
  expect(troubles).toEqual([]);
});

test('rows and columns of a pivot of three groups can be chosen', async () => {
  const { page } = await openResult('three.csv', 'groupBy=Region&groupBy=Product&groupBy=Date:year', '?view=pivot');
  await page.getByRole('grid', { name: 'Revenue by Region and Date (year)' }).waitFor();
  await page.getByLabel('Rows', { exact: true }).selectOption({ label: 'Product' });
  await page.getByRole('grid', { name: 'Revenue by Product and Date (year)' }).waitFor();
  // The same for both: they change places.
  await page.getByLabel('Columns', { exact: true }).selectOption({ label: 'Product' });
  await page.getByRole('grid', { name: 'Revenue by Date (year) and Product' }).waitFor();
});

test('a click on a cell asks about it without another upload, Back leads back, and a filter can be taken away', async () => {
  const { page, id, troubles } = await openResult('asked.csv', byMonth, '?view=pivot');
  const sent: string[] = [];
  page.on('request', (request) => sent.push(new URL(request.url()).pathname));
  await page.getByRole('gridcell', { name: '-3.90' }).click();
  const menu = page.getByRole('menu', { name: 'Ask about Chair · 2026-01' });
  expect(await menu.getByRole('menuitem').allTextContents()).toEqual([
    'Only ChairProduct',
    'Only 2026-01Date',
    '2026-01 by dayDate',
    'Chair · 2026-01 by dayProduct, Date',
  ]);
  await page.screenshot({ path: `${SCREENSHOTS}/ask-menu.png` });
  await menu.getByRole('menuitem', { name: 'Chair · 2026-01 by day' }).click();
  await expect.poll(() => idOf(page)).not.toBe(id);
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  await expect.poll(() => chips(page)).toEqual(['Product is Chair', 'Date is 2026-01']);
  expect(await totalsOf(page)).toBe('Product,Date (day),Revenue\nChair,2026-01-02,0.1\nChair,2026-01-05,-4\n');
  expect(sent.filter((path) => path.startsWith('/upload'))).toEqual([]);
  const narrow = idOf(page);

  await page.getByRole('button', { name: 'Ask without “Product is Chair”' }).click();
  await expect.poll(() => idOf(page)).not.toBe(narrow);
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  await expect.poll(() => chips(page)).toEqual(['Date is 2026-01']);
  expect((await totalsOf(page)).split('\n')).toHaveLength(5);
  await page.goBack();
  await expect.poll(() => idOf(page)).toBe(narrow);
  await page.goBack();
  await expect.poll(() => idOf(page)).toBe(id);
  // The same way again leads to the answer that is there.
  await page.getByRole('gridcell', { name: '-3.90' }).click();
  await page.getByRole('menuitem', { name: 'Chair · 2026-01 by day' }).click();
  await expect.poll(() => idOf(page)).toBe(narrow);
  expect(troubles).toEqual([]);
});

test('a row of a list and a point of a chart are asked about by keyboard', async () => {
  const { page } = await openResult('keys.csv', 'groupBy=Region&groupBy=Date:year');
  const rows = page.locator('.totals-row .ask-link');
  await rows.first().waitFor();
  expect(await rows.evaluateAll((all) => all.filter((row) => (row as HTMLElement).tabIndex === 0).length)).toBe(1);
  await rows.first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  // The focus is back at the row.
  expect(await page.evaluate(() => document.activeElement?.className)).toBe('ask-link');

  const slider = page.getByRole('slider', { name: 'Revenue by year' });
  await slider.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: '2026 by month' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('slider', { name: 'Revenue by month' }).waitFor();
  await expect.poll(() => chips(page)).toEqual(['Date is 2026']);
});

test('a click anywhere in a chart asks about the nearest period, and the keyboard about the point it reads', async () => {
  const months = Array.from(
    { length: 12 },
    (_, at) => `2026-${String(at + 1).padStart(2, '0')}-01,North,Chair,${700 + at}`,
  );
  const csv = `Date,Region,Product,Revenue\n${months.join('\n')}\n`;
  const { page, troubles } = await openResult('clicks.csv', 'groupBy=Date:month&where=Region in North', '', csv);
  const slider = chart(page);
  await slider.scrollIntoViewIfNeeded();
  const menu = page.getByRole('menu');
  const box = (await slider.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const plot = (await page.locator('.u-over').boundingBox()) ?? box;
  const xOf = (month: number) => plot.x + (plot.width * month) / 11;
  const places: [x: number, y: number, month: string][] = [
    // At a point, beside it, between two, far below the line, and on both axes.
    [xOf(3), plot.y + 20, '2026-04'],
    [xOf(5.3), plot.y + plot.height / 2, '2026-06'],
    [xOf(8.6), plot.y + plot.height - 5, '2026-10'],
    [box.x + 5, plot.y + 60, '2026-01'],
    [xOf(7), box.y + box.height - 8, '2026-08'],
    [box.x + box.width - 3, plot.y + 60, '2026-12'],
  ];
  for (const [x, y, month] of places) {
    await page.mouse.click(x, y);
    await page.getByRole('menu', { name: `Ask about ${month}` }).waitFor();
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
  }
  await slider.focus();
  for (const key of ['End', 'Enter']) await page.keyboard.press(key);
  await page.getByRole('menu', { name: 'Ask about 2026-12' }).waitFor();
  const [opened, around] = [await menu.boundingBox(), await page.locator('.panel').first().boundingBox()];
  const right = ({ x, width }: { x: number; width: number }) => x + width;
  expect(right(opened ?? plot)).toBeLessThanOrEqual(right(around ?? plot) + 1);
  // Right below the point, which is near the top of the plot.
  expect(Math.abs((opened?.y ?? 0) - plot.y)).toBeLessThan(60);
  expect(troubles).toEqual([]);
});

test('a table whose columns are cut off shows so at the edge beyond which they go on', async () => {
  const { page } = await openResult('edges.csv', byMonth, '?view=list');
  const area = page.getByRole('region', { name: 'Rows of the totals' });
  await page.getByRole('columnheader', { name: 'vs. year before' }).waitFor();
  const edges = () =>
    area.evaluate((element) => ['data-more-left', 'data-more-right'].map((name) => element.hasAttribute(name)));
  await expect.poll(edges).toEqual([false, true]);
  expect(await area.evaluate((element) => getComputedStyle(element).maskImage)).toContain('gradient');
  await area.evaluate((element) => element.scrollTo(element.scrollWidth, 0));
  await expect.poll(edges).toEqual([true, false]);
  // With all of them in sight there is nothing to show.
  await page.setViewportSize({ width: 320, height: 800 });
  await expect.poll(edges).toEqual([false, false]);
  expect(await area.evaluate((element) => getComputedStyle(element).maskImage)).toBe('none');
});

test('filters that leave no row say so, and can be taken away', async () => {
  const { page } = await openResult('none.csv', `${byMonth}&where=Region in West`);
  await page.getByRole('heading', { name: 'No row passes the filters' }).waitFor();
  await page.getByRole('button', { name: 'Ask without “Region is West”' }).click();
  await page.getByRole('slider', { name: 'Revenue by month' }).waitFor();
});

test('a result of one column has a list alone, and its rows are asked about too', async () => {
  const { page } = await openResult('one.csv', 'groupBy=Product');
  await page.getByRole('cell', { name: 'Chair' }).getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Only Chair' }).click();
  await expect.poll(() => chips(page)).toEqual(['Product is Chair']);
  expect(await page.getByRole('radio').count()).toBe(0);
});

test('a chart is downloaded as a picture and as a drawing, and printed with all columns of a pivot', async () => {
  const { page, troubles } = await openResult('pictures.csv', byMonth);
  const download = async (name: string) => {
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name }).click();
    return await waiting;
  };
  const svg = await download('Download the chart as SVG');
  expect(svg.suggestedFilename()).toBe('pictures Revenue by month.svg');
  const drawing = await readFile(await svg.path(), 'utf8');
  expect(drawing).toContain('>Chair</text>');
  expect(drawing).toContain('>Sum of Revenue by Product and month of Date</text>');
  expect(drawing).toContain('>pictures.csv</text>');
  expect(drawing).not.toMatch(/NaN|undefined|style=/);
  const png = await readFile(await (await download('Download the chart as PNG')).path());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1920, 960]);

  await page.emulateMedia({ media: 'print' });
  await page.locator('.chart-printed svg').waitFor();
  const controls = page.locator('.button, .search, select, [type="radio"], .chart-plot');
  expect(await controls.evaluateAll((all) => all.filter((element) => element.checkVisibility()).length)).toBe(0);
  await page.getByRole('cell', { name: 'Chair · 2025-12' }).waitFor();
  await page
    .locator('.view-switch input')
    .last()
    .evaluate((radio) => (radio as HTMLElement).click());
  await page.locator('.pivot-printed table').first().waitFor();
  expect(await page.locator('.pivot-printed thead th').allTextContents()).toEqual(
    expect.arrayContaining(['2025-01', '2025-12', '2026-01', '2026-03']),
  );
  expect(troubles).toEqual([]);
});

test('of several amounts, one is shown at a time, with its own sums, changes and order', async () => {
  const csv = 'Date,Shop,Price,Quantity\n2026-01-01,A,0.10,3\n2026-02-01,A,2.5,2\n2026-02-02,B,1.25,7\n';
  const query = 'groupBy=Shop&groupBy=Date:month&amounts=Quantity&amounts=Quantity*Price';
  const { page, troubles } = await openResult('amounts.csv', query, '', csv);
  const summary = page.getByText('Grand total of Quantity');
  await summary.waitFor();
  await page.getByText('Total of Quantity × Price').waitFor();
  await page.getByText('14.05').first().waitFor();
  const sums = () => page.locator('td[data-column="sum"]').allTextContents();
  await expect.poll(sums).toEqual(['7', '3', '2']);
  await page.getByLabel('Amount', { exact: true }).selectOption({ label: 'Quantity × Price' });
  await expect.poll(sums).toEqual(['8.75', '5.0', '0.30']);
  expect(page.url()).toContain('?amount=1');
  await page.getByRole('columnheader', { name: 'Quantity × Price', exact: true }).waitFor();
  await page.getByRole('columnheader', { name: 'Largest of Quantity × Price' }).waitFor();
  await expect.poll(() => page.locator('.ranking-sum').allTextContents()).toEqual(['8.75', '5.0', '0.30']);
  const february = page.getByRole('row').filter({ hasText: 'A · 2026-02' });
  expect(await february.locator('[data-column="toBefore"]').textContent()).toBe('+4.70 +1,566.7%');
  expect(await february.locator('[data-column="share"]').textContent()).toBe('35.6%');
  await page.getByRole('slider', { name: 'Quantity × Price by month' }).waitFor();
  await page.getByRole('radio', { name: 'Pivot' }).check();
  await page.getByRole('gridcell', { name: '14.05' }).waitFor();
  expect(troubles).toEqual([]);
});
