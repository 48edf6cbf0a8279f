/// <reference lib="dom" />
/** Sums over time while a file arrives: those of what has arrived, and in the end those of the result. */
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orders } from '../../kernel/testing/orders.ts';
import { gatewayClient } from '../../server/test/support/clients.ts';
import { PageTest, SCREENSHOTS, shownState } from './page-test.ts';

const CSV = orders(8_000, 3);
/** At the end of a row. */
const HALF = CSV.indexOf('\n', CSV.length / 2) + 1;

let pageTest: PageTest;
beforeAll(async () => {
  pageTest = await PageTest.start();
});
afterAll(() => pageTest[Symbol.asyncDispose]());

/** The total of each year, in cents. */
function totalsByYear(csv: string): string[] {
  const sums = new Map<string, bigint>();
  for (const { iso, Revenue } of parse(csv, { columns: true }) as Record<'iso' | 'Revenue', string>[]) {
    const year = iso.slice(0, 4);
    sums.set(year, (sums.get(year) ?? 0n) + BigInt(Revenue.replace('.', '')));
  }
  return [...sums].toSorted().map(([year, cents]) => `${year} ${cents}`);
}

/** The same as the chart reads them out. */
async function readTotals(page: Page, name: string): Promise<string[]> {
  const chart = page.getByRole('slider', { name, exact: true });
  await chart.focus();
  await page.keyboard.press('Home');
  const seen: string[] = [];
  for (;;) {
    const text = (await chart.getAttribute('aria-valuetext')) ?? '';
    const [, year, total = ''] = /^(\d+), Total: (-?[\d,.]*\d)/.exec(text) ?? [];
    const line = `${year} ${total.replaceAll(/[,.]/g, '')}`;
    if (line === seen.at(-1)) return seen;
    seen.push(line);
    await page.keyboard.press('ArrowRight');
  }
}

test('lines grow while a file arrives, and are those of its result in the end', async () => {
  const { url } = pageTest.server;
  const options = { groupBy: ['Region', 'iso:year'], amountColumn: 'Revenue' };
  const sizeBytes = BigInt(Buffer.byteLength(CSV));
  const { job } = await gatewayClient(url).createJob({ filename: 'orders.csv', sizeBytes, options });
  const send = async (text: string, offset: number) => {
    const headers = {
      'Tus-Resumable': '1.0.0',
      'Upload-Offset': String(offset),
      'Content-Type': 'application/offset+octet-stream',
    };
    const { status } = await fetch(`${url}${job!.uploadUrl}`, { method: 'PATCH', headers, body: text });
    expect(status).toBe(204);
  };
  await send(CSV.slice(0, HALF), 0);
  const { page, troubles } = await pageTest.open({}, `${url}/#/jobs/${job!.id}`);
  await page.getByRole('heading', { name: 'Revenue by year so far' }).waitFor();
  await page.screenshot({ path: `${SCREENSHOTS}/live-course.png`, fullPage: true });
  await expect.poll(() => readTotals(page, 'Revenue by year so far')).toEqual(totalsByYear(CSV.slice(0, HALF)));
  await send(CSV.slice(HALF), Buffer.byteLength(CSV.slice(0, HALF)));
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  expect(await readTotals(page, 'Revenue by year')).toEqual(totalsByYear(CSV));
  expect(troubles).toEqual([]);
});
