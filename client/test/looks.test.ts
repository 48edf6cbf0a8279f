/// <reference lib="dom" />
/** Every main state of the page, in light and dark, in a narrow and a wide window: nothing sticks out, axe-core finds
 * nothing, and a screenshot shows what it looks like. */
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endedJob, gatewayClient } from '../../server/test/support/clients.ts';
import { generateSales } from '../../server/test/support/sales.ts';
import { TusFile } from '../../server/test/support/tus-file.ts';
import { choose, PageTest, SCREENSHOTS, shownState, slowDown, startJob } from './page-test.ts';
import { SamplePage } from './sample-page.ts';

const WIDTHS = [320, 1440];
const sales = generateSales(300_000, 31, 40);

let pageTest: PageTest;
let file: string;

beforeAll(async () => {
  pageTest = await PageTest.start();
  file = await pageTest.file('sales.csv', sales.csv);
});
afterAll(() => pageTest[Symbol.asyncDispose]());

/** Looks at a page as it is, in every size and colour. */
async function look(page: Page, name: string, widths = WIDTHS): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(width);
      expect(await violations(page), `${name} at ${width} px, ${colorScheme}`).toEqual([]);
      await page.screenshot({ path: `${SCREENSHOTS}/${name}-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
}

/** The findings of axe-core, in one line each. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    return await axe.run({ runOnly: tags, resultTypes: ['violations'] });
  });
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** The parts of a question while they are changed. */
async function lookAtQuestion(page: Page): Promise<void> {
  const isRead = page.locator('.sample-place:not(.is-reading)');
  await page.getByRole('button', { name: 'Group by: Region' }).click();
  await page.getByRole('option', { name: /^Date/ }).click();
  await page.getByRole('radio', { name: 'Month', checked: true }).waitFor();
  await isRead.waitFor();
  await look(page, 'ask-group');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'no condition' }).click();
  await page.getByRole('option', { name: /^Region/ }).click();
  await page.getByRole('checkbox', { name: 'Region 1' }).check();
  await page.getByText('The conditions leave out').waitFor();
  await isRead.waitFor();
  await look(page, 'ask-filter', [320, 1440, 2560]);
  await page.getByRole('combobox', { name: 'Condition' }).selectOption('between');
  await page.getByLabel('From').fill('x');
  await page.getByText('The conditions leave out').waitFor({ state: 'detached' });
  await isRead.waitFor();
  await look(page, 'ask-range');
  await page.keyboard.press('Escape');
}

test('questions about one file, the next one, a file that has gone, and the files on the server', async () => {
  await using sample = await SamplePage.start();
  const { page, troubles } = await sample.open();
  await page.getByText('3 questions').waitFor();
  await look(page, 'home-questions');
  await page.getByRole('button', { name: 'Choose a file on the server' }).click();
  await page.getByRole('button', { name: 'Folder /data' }).click();
  await page.getByRole('button', { name: 'sales-2024' }).waitFor();
  await look(page, 'sources');
  await page.getByRole('button', { name: 'Folder locked' }).click();
  await page.getByRole('alert').waitFor();
  await look(page, 'sources-locked');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('link', { name: 'Quantity by Product' }).click();
  await page.getByRole('cell', { name: 'Online' }).waitFor();
  await look(page, 'result-kept');
  await page.getByRole('link', { name: 'Ask again with other settings' }).click();
  await page.getByRole('table').waitFor();
  await look(page, 'ask');
  await lookAtQuestion(page);
  expect(troubles).toEqual([]);
  const wide = await sample.open(
    '#/jobs/5/ask?by=Region&by=Date:month&where=Measure 7 between 0 and 5&where=?',
    'wide',
  );
  await wide.page.getByRole('button', { name: 'Sum of: Revenue' }).click();
  await wide.page.getByText('2,000 of 2,000 columns').waitFor();
  await look(wide.page, 'ask-wide');
  const gone = await sample.open('#/jobs/5/ask', 'gone');
  await gone.page.getByRole('alert').waitFor();
  await look(gone.page, 'ask-gone');
});

test('the first visit, with nothing there yet', async () => {
  const { page, troubles } = await pageTest.open();
  await page.getByText('No files yet').waitFor();
  await page.getByRole('button', { name: 'Try it with a sample' }).waitFor();
  await look(page, 'first-visit', [320, 768, 1440, 3840]);
  expect(troubles).toEqual([]);
});

test('a file before its start: as it should be, doubtful, and unreadable', async () => {
  const { page, troubles } = await pageTest.open();
  await choose(page, file);
  await page.getByRole('table').waitFor();
  await look(page, 'prepare');
  await page.getByRole('button', { name: 'Discard' }).click();
  const doubtful = 'Region;Sales;Note\nNorth;1,5;a\n;2,5;b\nSouth;x;c\nWest;3;d\n';
  await choose(page, await pageTest.file('doubtful.csv', doubtful));
  await page.getByText('would not count').waitFor();
  await look(page, 'prepare-doubtful');
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByLabel('Choose a CSV file').setInputFiles(await pageTest.file('empty.csv', ''));
  await page.getByRole('alert').waitFor();
  await look(page, 'prepare-empty');
  expect(troubles).toEqual([]);
});

test('results of groups and of dates: over time, as a pivot, as a list, and too large for all of that', async () => {
  await using sample = await SamplePage.start();
  const { page, troubles } = await sample.open('#/jobs/1', 'groups');
  const chart = page.getByRole('slider', { name: 'Revenue by month' });
  await chart.waitFor();
  await look(page, 'result-chart', [320, 1440, 2560]);
  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  await look(page, 'result-chart-read');
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await look(page, 'result-chart-ask');
  await page.keyboard.press('Escape');
  await page.getByRole('radio', { name: 'Pivot' }).check();
  await page.getByRole('gridcell').first().waitFor();
  await look(page, 'result-pivot', [320, 768, 1440, 2560]);
  await page.getByRole('radio', { name: 'List' }).check();
  await page.locator('[data-column="toBefore"]').nth(1).waitFor();
  await look(page, 'result-changes');
  await page.evaluate(() => {
    location.hash = '#/jobs/3';
  });
  await page.getByRole('region', { name: 'Only rows where' }).waitFor();
  await page.getByLabel('A line for each').waitFor();
  await look(page, 'result-filtered');
  await page.evaluate(() => {
    location.hash = '#/jobs/4';
  });
  await page.getByText('this result has 240,000').waitFor();
  await look(page, 'result-too-many-groups');
  expect(troubles).toEqual([]);
});

/** A made-up file of a year, in which some shops are missing. */
function salesOfYear(year: number): string {
  const rows = Array.from({ length: 2400 }, (_, at) => {
    const shop = ((at * 7) % 61) + (year % 2) * 4;
    const month = String(1 + (at % 12)).padStart(2, '0');
    return `${year}-${month}-01,Shop ${shop},${((at * year * 7919) % 1_000_003) / 100}`;
  });
  const long = `${year}-12-01,A shop whose name goes on and on because somebody wanted it to say everything,-1234567890.5`;
  return `${['Date,Shop,Revenue', ...rows, long, `${year}-12-02,,9007199254740.99`].join('\n')}\n`;
}

test('two results and two periods beside each other, the choice of both, and what cannot be compared', async () => {
  const upload = async (name: string, query: string, body: string) => {
    const url = `${pageTest.server.url}/upload?filename=${name}&${query}`;
    const { id } = (await (await fetch(url, { method: 'POST', body })).json()) as { id: string };
    await endedJob(pageTest.server.url, id);
    return id;
  };
  const shops = 'groupBy=Shop';
  const older = await upload('export-2025-final-with-all-the-returns.csv', shops, salesOfYear(2025));
  const newer = await upload('sales-2026.csv', shops, salesOfYear(2026));
  const both = salesOfYear(2025) + salesOfYear(2026).split('\n').slice(1).join('\n');
  const months = await upload('months.csv', `${shops}&groupBy=Date:month`, both);
  const goTo = (page: Page, hash: string) =>
    page.evaluate((next) => {
      location.hash = next;
    }, `#/jobs/${hash}`);
  const { page, troubles } = await pageTest.open({}, `${pageTest.server.url}/#/jobs/${newer}/compare`);
  await page.getByRole('link', { name: /^export-2025/ }).waitFor();
  await look(page, 'compare-choice');
  await goTo(page, `${newer}/compare?with=${older}`);
  await page.getByText('only in').first().waitFor();
  await look(page, 'compare-results', [320, 768, 1440, 2560]);
  // Where not all columns have room, the difference is in sight.
  await page.setViewportSize({ width: 768, height: 900 });
  const edges = await page.locator('.compare-scroll').evaluate((area) => {
    const right = (element: Element | null) => element?.getBoundingClientRect().right ?? Number.NaN;
    return {
      isScrolled: area.scrollWidth > area.clientWidth,
      cell: right(area.querySelector('td:last-child')),
      area: right(area),
    };
  });
  expect(edges.isScrolled).toBe(true);
  expect(edges.cell).toBeLessThanOrEqual(edges.area);
  await page.getByRole('button', { name: 'Difference' }).click();
  await page.getByRole('searchbox').fill('nowhere');
  await page.getByText('No group contains').waitFor();
  await look(page, 'compare-nothing-found', [320]);
  await goTo(page, `${months}/compare?of=periods`);
  await page.getByLabel('Compared with').waitFor();
  await look(page, 'compare-periods', [320, 1440, 2560]);
  await goTo(page, `${newer}/compare?with=${months}`);
  await page.getByRole('heading', { name: 'cannot be compared' }).waitFor();
  await look(page, 'compare-other-groups');
  expect(troubles).toEqual([]);
});

test('a file while it is uploaded and analysed, its result, and the list of files', async () => {
  const { page, troubles } = await pageTest.open();
  // So slow that it is still on its way when all has been looked at.
  await slowDown(page, 300_000);
  await startJob(page, file);
  await shownState(page).filter({ hasText: 'Uploading' }).waitFor();
  await page.getByRole('figure').getByText('peak').waitFor();
  await page.getByRole('list').getByText('%').first().waitFor();
  await look(page, 'live');
  await page.getByRole('link', { name: 'All files' }).click();
  await page.getByRole('heading', { name: 'Files' }).waitFor();
  await look(page, 'home-running');
  await page.getByRole('link', { name: 'sales.csv' }).click();
  await slowDown(page, -1);
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  await page.getByRole('table', { name: /totals/i }).waitFor();
  await page.getByRole('button', { name: 'Show the rows' }).click();
  await page.getByRole('table', { name: /rejected/i }).waitFor();
  await look(page, 'result', [320, 768, 1440, 3840]);
  expect(troubles).toEqual([]);
});

test('a total with doubts, a file without rows, an upload that nobody sends, and the list with all of them', async () => {
  const { page, troubles } = await pageTest.open();
  const doubtful = 'Region\tSales\nNorth\t1,234\nSouth\t-2,345\nnorth\t1,111\nEast\tn/a\nEast\t\n';
  await choose(page, await pageTest.file('doubts.tsv', doubtful));
  await page.getByText('Worth a look').waitFor();
  await page.getByText('More settings').click();
  await look(page, 'prepare-doubts');
  await page.getByRole('button', { name: 'Start', disabled: false }).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  await page.getByRole('cell', { name: 'South' }).waitFor();
  await look(page, 'result-doubts');
  await page.getByRole('button', { name: 'Show 2 more' }).click();
  await page.getByLabel('Reason').selectOption({ label: 'no amount (1)' });
  await page.getByText('1 of 1 shown').waitFor();
  await look(page, 'result-all-doubts');

  await fetch(`${pageTest.server.url}/upload?filename=no-rows.csv`, { method: 'POST', body: 'Region,Sales\n' });
  const { job } = await gatewayClient(pageTest.server.url).createJob({ filename: 'announced.csv', sizeBytes: 100n });
  await page.goto(`${pageTest.server.url}/#/jobs/${job?.id}`);
  await page.getByRole('heading', { name: 'Nothing of this file has arrived yet' }).waitFor();
  await look(page, 'awaiting');
  await page.getByRole('link', { name: 'All files' }).click();
  await page.getByText('1 to check').first().waitFor();
  await look(page, 'home-doubts');
  await page.getByRole('link', { name: 'no-rows.csv' }).click();
  await page.getByRole('heading', { name: 'This file has no rows' }).waitFor();
  await look(page, 'no-rows');
  expect(troubles).toEqual([]);
});

test('an interrupted, a cancelled, a failed and a hopeless file, and one that is not there', async () => {
  const { page } = await pageTest.open();
  await page.route('**/uploads/**', (route) => route.abort());
  const id = await startJob(page, file);
  await new TusFile(id, sales.csv, { url: async () => pageTest.server.url }).send(1_000_000);
  await page.reload();
  await page.getByLabel('Choose the file again').waitFor({ state: 'attached' });
  await look(page, 'interrupted');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await look(page, 'cancel-asked');
  await page.getByRole('button', { name: 'Cancel the upload' }).click();
  await page.getByRole('heading', { name: 'cancelled' }).waitFor();
  await look(page, 'cancelled');

  const upload = async (name: string, body: string, options = '') => {
    const url = `${pageTest.server.url}/upload?filename=${name}${options}`;
    const { id } = (await (await fetch(url, { method: 'POST', body })).json()) as { id: string };
    await page.goto(`${pageTest.server.url}/#/jobs/${id}`);
  };
  await upload('wide.csv', 'Region,Sales\nNorth,1\n', '&amountColumn=Revenue');
  await page.getByRole('heading', { name: 'could not be analysed' }).waitFor();
  await look(page, 'failed');

  await upload('hopeless.csv', `Region,Sales\n${'North,n/a\n'.repeat(5000)}`);
  await page.getByRole('heading', { name: 'No row of this file counted' }).waitFor();
  await page.getByText('Line 2:').waitFor();
  await page.getByRole('button', { name: 'Show the rows' }).click();
  await page.getByRole('table', { name: /rejected/i }).waitFor();
  await page.getByText('More settings').click();
  await look(page, 'hopeless');

  await page.goto(`${pageTest.server.url}/#/jobs/none-of-these`);
  await page.getByRole('heading', { name: 'does not exist' }).waitFor();
  await look(page, 'missing');
});
