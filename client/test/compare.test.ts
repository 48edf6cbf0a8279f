/// <reference lib="dom" />
/** Two results, and two periods of one, beside each other against a real server: every number as a plain sum has it. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endedJob } from '../../server/test/support/clients.ts';
import { PageTest } from './page-test.ts';

let pageTest: PageTest;
beforeAll(async () => {
  pageTest = await PageTest.start();
});
afterAll(() => pageTest[Symbol.asyncDispose]());

/** A sale; its amount in cents. */
interface Sale {
  date: string;
  region: string;
  product: string;
  cents: bigint;
}

/** Made-up sales of a year, some of them very large, some below zero; regions differ from year to year. */
function salesOf(year: number, count: number): Sale[] {
  return Array.from({ length: count }, (_, at) => ({
    date: `${year}-${String(1 + ((at * 5 + (year % 3)) % 12)).padStart(2, '0')}-${String(1 + (at % 28)).padStart(2, '0')}`,
    region: `Region ${((at * 7 + year) % 9) + (year % 2) * 3}`,
    product: `Product ${(at * 3) % 4}`,
    cents: BigInt((at * 7919 * year) % 1_000_003) - 90_000n + (at % 50 === 0 ? 9_007_199_254_740_993n : 0n),
  }));
}

function csvOf(sales: readonly Sale[]): string {
  const rows = sales.map(({ date, region, product, cents }) => `${date},${region},${product},${plain(cents)}`);
  return `${['Date,Region,Product,Revenue', ...rows].join('\n')}\n`;
}

/** Cents as a decimal. */
function plain(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** The same as the page writes it. */
function shown(cents: bigint | undefined, isSigned = false): string {
  if (cents === undefined) return '–';
  const [whole = '', fraction = ''] = plain(cents < 0n ? -cents : cents).split('.');
  const sign = cents < 0n ? '-' : isSigned && cents > 0n ? '+' : '';
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`;
}

function sumBy(sales: readonly Sale[], keyOf: (sale: Sale) => string): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const sale of sales) sums.set(keyOf(sale), (sums.get(keyOf(sale)) ?? 0n) + sale.cents);
  return sums;
}

/** The rows that a comparison must have: the largest differences first. */
function expectedRows(here: Map<string, bigint>, there: Map<string, bigint>, names: { here: string; there: string }) {
  return [...new Set([...here.keys(), ...there.keys()])]
    .map((key) => ({ key, here: here.get(key), there: there.get(key) }))
    .map((row) => ({ ...row, difference: (row.here ?? 0n) - (row.there ?? 0n) }))
    .sort((a, b) => Number(abs(b.difference) - abs(a.difference)))
    .map((row) => {
      const only = row.there === undefined ? names.here : row.here === undefined ? names.there : undefined;
      return [
        row.key + (only === undefined ? '' : `only in ${only}`),
        shown(row.here),
        shown(row.there),
        shown(row.difference, true),
        percent(row.difference, row.there),
      ];
    });
}

const abs = (units: bigint) => (units < 0n ? -units : units);

/** Rounded half to even at a tenth of a per cent. */
function percent(difference: bigint, there: bigint | undefined): string {
  if (there === undefined || there <= 0n) return '–';
  const [floor, rest] = [(abs(difference) * 1000n) / there, (abs(difference) * 1000n) % there];
  const rounded = 2n * rest > there || (2n * rest === there && floor % 2n === 1n) ? floor + 1n : floor;
  const sign = rounded === 0n ? '' : difference < 0n ? '-' : '+';
  return `${sign}${String(rounded / 10n).replace(/\B(?=(\d{3})+$)/g, ',')}.${rounded % 10n}%`;
}

const total = (sums: Map<string, bigint>) => [...sums.values()].reduce((sum, cents) => sum + cents, 0n);

/** Uploads a file as a script does, and gives the id of its job. */
async function upload(name: string, query: string, body: string): Promise<string> {
  const url = `${pageTest.server.url}/upload?filename=${name}&${query}`;
  const { id } = (await (await fetch(url, { method: 'POST', body })).json()) as { id: string };
  await endedJob(pageTest.server.url, id);
  return id;
}

async function open(hash: string) {
  const permissions = ['clipboard-read', 'clipboard-write'];
  return await pageTest.open({ permissions }, `${pageTest.server.url}/#/jobs/${hash}`);
}

/** The cells of all rows in sight. */
const rowsOf = (page: Page) =>
  page
    .locator('tbody .totals-row')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim() ?? '')),
    );
const totalsOf = (page: Page) => page.locator('.compare-total dd').allTextContents();
const hashOf = (page: Page) => new URL(page.url()).hash;

const [of2025, of2026] = [salesOf(2025, 400), salesOf(2026, 500)];

test('two files are compared group by group, exactly, by a link that opens the same view, and Back leads back', async () => {
  const older = await upload('sales-2025.csv', 'groupBy=Region&groupBy=Product', csvOf(of2025));
  const newer = await upload('sales-2026.csv', 'groupBy=Region&groupBy=Product', csvOf(of2026));
  await upload('regions.csv', 'groupBy=Region', csvOf(of2026));
  const { page, troubles } = await open(newer);
  await page.getByRole('link', { name: 'Compare with…' }).click();
  await page.getByText('1 other result has other groups').waitFor();
  await page.getByRole('heading', { name: 'Same question' }).waitFor();
  await page.getByRole('link', { name: /^sales-2025/ }).click();
  await page.getByRole('table', { name: 'Difference of Revenue per Region · Product' }).waitFor();
  expect(hashOf(page)).toBe(`#/jobs/${newer}/compare?with=${older}`);

  const keyOf = ({ region, product }: Sale) => `${region} · ${product}`;
  const [here, there] = [sumBy(of2026, keyOf), sumBy(of2025, keyOf)];
  const names = { here: 'sales-2026.csv', there: 'sales-2025.csv' };
  const expected = expectedRows(here, there, names);
  expect(expected.filter(([key]) => key?.includes('only in')).length).toBeGreaterThan(5);
  const difference = total(here) - total(there);
  expect(await totalsOf(page)).toEqual([
    shown(total(here)),
    shown(total(there)),
    shown(difference, true) + percent(difference, total(there)),
  ]);
  // The rows in sight, which are drawn beyond what is seen; those of equal differences may stand in another order.
  const first = await rowsOf(page);
  expect(first.length).toBeGreaterThan(12);
  expect(first).toEqual(expected.slice(0, first.length));

  // All of them, to the last digit, in the file.
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the comparison as CSV' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe('sales-2026.csv and sales-2025.csv.csv');
  const [heads, ...cells] = parse(await readFile(await file.path(), 'utf8')) as string[][];
  expect(heads).toEqual([
    'Region',
    'Product',
    'Revenue, sales-2026.csv',
    'Revenue, sales-2025.csv',
    'Difference',
    'Change in %',
  ]);
  const keys = new Set([...here.keys(), ...there.keys()]);
  expect(cells).toHaveLength(keys.size);
  for (const [region = '', product = '', ...numbers] of cells) {
    const key = `${region} · ${product}`;
    const [ours, theirs] = [here.get(key), there.get(key)];
    expect(numbers.slice(0, 3)).toEqual([
      ours === undefined ? '' : plain(ours),
      theirs === undefined ? '' : plain(theirs),
      plain((ours ?? 0n) - (theirs ?? 0n)),
    ]);
  }

  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('searchbox').fill('product 3');
  await expect.poll(() => hashOf(page)).toContain('search=product+3');
  const found = await rowsOf(page);
  expect(found.every(([key]) => key?.includes('Product 3'))).toBe(true);
  await page.getByRole('button', { name: 'Copy as table' }).click();
  await page.getByText(`${found.length} rows copied`).waitFor();
  const copied = parse(await page.evaluate(() => navigator.clipboard.readText()), { delimiter: '\t' }) as string[][];
  expect(copied.slice(1).map(([region, product]) => `${region} · ${product}`)).toEqual(
    found.map(([key]) => key?.replace(/only in .*/, '')),
  );

  const link = await open(hashOf(page).replace('#/jobs/', ''));
  await expect.poll(() => rowsOf(link.page)).toEqual(found);
  expect(await link.page.getByRole('columnheader', { name: 'Change' }).getAttribute('aria-sort')).toBe('descending');

  await page.getByRole('link', { name: 'Swap both sides' }).click();
  await expect
    .poll(async () => (await totalsOf(page))[2])
    .toBe(shown(-difference, true) + percent(-difference, total(here)));
  await page.goBack();
  await expect.poll(() => rowsOf(page)).toEqual(found);
  await page.goBack();
  await page.getByRole('heading', { name: 'Same question' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'sales-2026.csv', exact: true }).waitFor();
  // A keyboard goes on at the link that led away.
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Compare with…');
  expect([...troubles, ...link.troubles]).toEqual([]);
});

test('two periods of a result are compared: the latest and the one a year before at first, then any', async () => {
  const all = [...of2025, ...of2026];
  const id = await upload('years.csv', 'groupBy=Region&groupBy=Date:month', csvOf(all));
  const { page, troubles } = await open(`${id}/compare`);
  // There is nothing else to compare it with.
  await page.getByRole('radio', { name: 'Two periods', checked: true }).waitFor();
  await page.getByRole('radio', { name: 'Another result' }).check();
  await page.getByText('No other result has the same groups').waitFor();
  await page.getByRole('link', { name: 'Ask this file with another condition' }).click();
  await page.getByRole('button', { name: 'Group by: Region' }).waitFor();
  await page.goBack();
  await page.getByRole('link', { name: 'Compare two periods of this result' }).click();
  const region = ({ region: name }: Sale) => name;
  const sumsOf = (period: string) =>
    sumBy(
      all.filter(({ date }) => date.startsWith(period)),
      region,
    );
  const expectShown = async (period: string, before: string) => {
    const [here, there] = [sumsOf(period), sumsOf(before)];
    const difference = total(here) - total(there);
    await expect
      .poll(() => totalsOf(page))
      .toEqual([shown(total(here)), shown(total(there)), shown(difference, true) + percent(difference, total(there))]);
    const expected = expectedRows(here, there, { here: period, there: before });
    expect(expected.length).toBeGreaterThan(3);
    expect((await rowsOf(page)).toSorted()).toEqual(expected.toSorted());
  };
  await page.getByRole('table', { name: 'Difference of Revenue per Region' }).waitFor();
  await expectShown('2026-12', '2025-12');
  await page.getByLabel('Date (month)').selectOption('2026-03');
  await page.getByLabel('Compared with').selectOption('2026-02');
  await expectShown('2026-03', '2026-02');
  expect(hashOf(page)).toContain('of=periods');
  await page.reload();
  await expectShown('2026-03', '2026-02');
  expect(troubles).toEqual([]);
});

test('of a result by dates alone, the totals of two periods are one row', async () => {
  const id = await upload('dates.csv', 'groupBy=Date:year', csvOf([...of2025, ...of2026]));
  const { page } = await open(`${id}/compare?of=periods`);
  const [here, there] = [of2026, of2025].map((sales) => total(sumBy(sales, () => '')));
  await expect
    .poll(() => rowsOf(page))
    .toEqual([
      [
        'All rows',
        shown(here),
        shown(there),
        shown((here ?? 0n) - (there ?? 0n), true),
        percent((here ?? 0n) - (there ?? 0n), there),
      ],
    ]);
});

test('of several amounts one is compared, groups are matched by name, and doubts are told with a link', async () => {
  const here = 'Shop,Price,Quantity\nA,0.10,3\nB,2.5,2\n';
  const there = 'Quantity,Price,shop\n1,4,A\n1,-1,C\nnone,1,D\n';
  const older = await upload('there.csv', 'groupBy=shop&amounts=Quantity&amounts=Quantity*Price', there);
  const newer = await upload('here.csv', 'groupBy=Shop&amounts=Quantity*Price&amounts=Quantity', here);
  const { page } = await open(`${newer}/compare?with=${older}`);
  await expect
    .poll(async () => (await rowsOf(page)).toSorted())
    .toEqual([
      ['A', '0.30', '4.00', '-3.70', '-92.5%'],
      ['Bonly in here.csv', '5.00', '–', '+5.00', '–'],
      ['Conly in there.csv', '–', '-1.00', '+1.00', '–'],
    ]);
  await page.getByLabel('Amount', { exact: true }).selectOption({ label: 'Quantity' });
  await expect
    .poll(async () => (await rowsOf(page)).toSorted())
    .toEqual([
      ['A', '3', '1', '+2', '+200.0%'],
      ['Bonly in here.csv', '2', '–', '+2', '–'],
      ['Conly in there.csv', '–', '1', '-1', '-100.0%'],
    ]);
  expect(await totalsOf(page)).toEqual(['5', '2', '+3+150.0%']);
  const notice = page.locator('.compare-doubts');
  await notice.getByRole('link', { name: 'there.csv' }).click();
  await page.getByRole('region', { name: 'Before you rely on the total' }).getByText('Rows left out').waitFor();
});

test('an amount is compared with another one where both sides have not the same, which is said', async () => {
  const older = await upload('prices.csv', 'groupBy=Shop&amountColumn=Price', 'Shop,Price\nA,4\nB,1\n');
  const newer = await upload('revenues.csv', 'groupBy=Shop&amountColumn=Revenue', 'Shop,Revenue\nA,5\nB,1\n');
  const { page } = await open(`${newer}/compare`);
  await page.getByRole('heading', { name: 'Same groups, other amounts' }).waitFor();
  // By keyboard: the link of the list, then the head of a column, which keeps the focus.
  await page.getByRole('link', { name: /^prices/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Revenue is compared with Price.').waitFor();
  expect(hashOf(page)).toContain(`with=${older}`);
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  await expect
    .poll(() => rowsOf(page))
    .toEqual([
      ['A', '5', '4', '+1', '+25.0%'],
      ['B', '1', '1', '0', '0.0%'],
    ]);
  await page.getByRole('button', { name: 'revenues.csv', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await rowsOf(page))[0]?.[0]).toBe('B');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('revenues.csv');
  await page.getByRole('button', { name: 'Copy as table' }).click();
  await page.getByText('2 rows copied').waitFor();
  const copied = parse(await page.evaluate(() => navigator.clipboard.readText()), { delimiter: '\t' }) as string[][];
  expect(copied[0]?.slice(1, 3)).toEqual(['Revenue, revenues.csv', 'Price, prices.csv']);
});

test('two questions about one file are told apart by their filters', async () => {
  const query = 'groupBy=Product&where=Region in ';
  const [south, north] = [
    await upload('one.csv', `${query}Region 3`, csvOf(of2025)),
    await upload('one.csv', `${query}Region 5`, csvOf(of2025)),
  ];
  const { page } = await open(`${north}/compare?with=${south}`);
  await page.getByRole('columnheader', { name: 'Region 5', exact: true }).waitFor();
  await page.getByRole('columnheader', { name: 'Region 5 minus Region 3' }).waitFor();
  const sumsOf = (region: string) =>
    sumBy(
      of2025.filter((sale) => sale.region === region),
      ({ product }) => product,
    );
  const names = { here: 'Region 5', there: 'Region 3' };
  expect((await rowsOf(page)).toSorted()).toEqual(
    expectedRows(sumsOf('Region 5'), sumsOf('Region 3'), names).toSorted(),
  );
});

test('results of other groups are not compared, and the other file can be asked the same question', async () => {
  const byRegion = await upload('by-region.csv', 'groupBy=Region&groupBy=Date:year', csvOf(of2026));
  const byProduct = await upload('by-product.csv', 'groupBy=Product', csvOf(of2025));
  const { page } = await open(`${byRegion}/compare?with=${byProduct}`);
  await page.getByRole('heading', { name: 'by-product.csv cannot be compared with this result' }).waitFor();
  await page.getByText('This result is grouped by Region, Date (year), the other one by Product.').waitFor();
  expect(await page.getByRole('table').count()).toBe(0);
  await page.getByRole('link', { name: 'Ask by-product.csv the same question' }).click();
  await page.getByRole('button', { name: 'Group by: Region' }).waitFor();
  await page.getByRole('button', { name: 'Sum of: Revenue' }).waitFor();
  await page.goto(`${pageTest.server.url}/#/jobs/${byRegion}/compare?with=none`);
  await page.getByText('The other result was deleted').waitFor();
});

test('of results with too many groups the leading ones are compared, none of which only seems to be missing', async () => {
  const groups = 100_400;
  // Those that lead here are the last there.
  const here = Array.from({ length: groups }, (_, at) => `g${at},${groups - at}`);
  const there = Array.from({ length: groups }, (_, at) => `g${at},${at + 1}`).filter((_, at) => at !== 7);
  const older = await upload('many-there.csv', '', `Group,Sales\n${there.join('\n')}\n`);
  const newer = await upload('many-here.csv', '', `Group,Sales\n${here.join('\n')}\n`);
  const { page, troubles } = await open(`${newer}/compare?with=${older}`);
  await page.getByText('One of the results has more than 100,000 groups').waitFor();
  await page.getByText('2,000 groups · 1,999 in both · 1 only in many-here.csv').waitFor();
  // The totals are of all rows, also of those that are not listed.
  const total = (groups * (groups + 1)) / 2;
  const words = (count: number) => count.toLocaleString('en-US');
  expect(await totalsOf(page)).toEqual([words(total), words(total - 8), '+8<0.1%']);
  await page.getByRole('searchbox').fill('g50000');
  await expect.poll(() => rowsOf(page)).toEqual([['g50000', '50,400', '50,001', '+399', '+0.8%']]);
  expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
  await page.getByRole('searchbox').fill('g7');
  await page.getByText('Of the groups that the search has found').waitFor();
  await expect
    .poll(async () => (await rowsOf(page)).find(([key]) => key?.startsWith('g7only')))
    .toEqual(['g7only in many-here.csv', '100,393', '–', '+100,393', '–']);
  expect(troubles).toEqual([]);
});

test('two periods of a result with too many groups are compared as a whole', async () => {
  const shops = 26_000;
  const months = ['2025-01', '2025-12', '2026-01', '2026-02'];
  const rows = months.flatMap((month, place) =>
    Array.from({ length: shops }, (_, shop) => `${month}-01,s${shop},${shop + place}`),
  );
  const id = await upload('shops.csv', 'groupBy=Shop&groupBy=Date:month', `Date,Shop,Sales\n${rows.join('\n')}\n`);
  const { page, troubles } = await open(`${id}/compare?of=periods`);
  await page.getByText('This result has too many groups to know all its periods').waitFor();
  await page.getByText('26,000 groups').waitFor();
  expect(await totalsOf(page)).toEqual(['338,065,000', '338,039,000', '+26,000<0.1%']);
  expect((await rowsOf(page))[0]?.[3]).toBe('+1');
  expect(troubles).toEqual([]);
});
