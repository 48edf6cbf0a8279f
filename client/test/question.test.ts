/// <reference lib="dom" />
/** The question before its start: a sentence whose parts are changed by pointer and by keyboard. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { choose, chooseColumn, PageTest, shownState } from './page-test.ts';
import { SamplePage } from './sample-page.ts';

const rows = Array.from({ length: 40 }, (_, index) => {
  const region = ['North', 'South', '', 'Korea, South'][index % 4];
  return `${1 + (index % 3)}/${1 + (index % 5)}/2026,"${region}",Shop ${index % 7},${index}`;
});
const CSV = ['Date,Region,Shop,Revenue', ...rows].join('\n');

let sample: SamplePage;
let pageTest: PageTest;
beforeAll(async () => {
  [sample, pageTest] = await Promise.all([SamplePage.start(), PageTest.start()]);
});
afterAll(async () => {
  await sample[Symbol.asyncDispose]();
  await pageTest[Symbol.asyncDispose]();
});

const start = (page: Page) => page.getByRole('button', { name: 'Start', disabled: false });
const sentence = (page: Page) => page.getByRole('group', { name: 'The question' }).getByRole('paragraph').first();
const chip = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const hash = (page: Page) => decodeURIComponent(new URL(page.url()).hash);
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
  });
const words = async (page: Page) => ((await sentence(page).textContent()) ?? '').replaceAll(/\s+/g, ' ').trim();

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

test('Start is a few tabs away from the beginning of the card', async () => {
  const { page } = await sample.open('#/jobs/5/ask?by=Region&by=Date:month&where=Region is not empty');
  await start(page).waitFor();
  await page.getByRole('heading', { name: 'sales-2024' }).focus();
  const stops: string[] = [];
  while (stops.length < 10 && stops.at(-1) !== 'Start') {
    await press(page, 'Tab');
    stops.push(await focused(page));
  }
  expect(stops).toEqual([
    'Sum of: Revenue',
    'Group by: Region',
    'Group by: month of Date',
    'Only where: Region is not empty',
    'Yes, add up Revenue',
    'Start',
  ]);
});

test('a question is asked by keyboard alone, and Escape leaves a popover, not the page', async () => {
  const { page, troubles } = await sample.open('#/jobs/5/ask');
  await start(page).waitFor();
  await chip(page, 'Group by: Region').focus();
  // By the first letters of a column; a date begins with months.
  await press(page, 'Enter');
  await page.getByRole('listbox').waitFor();
  await press(page, 'd', 'a', 'Enter');
  await page.getByRole('radio', { name: 'Month', checked: true }).waitFor();
  await press(page, 'ArrowRight', 'Enter');
  await expect.poll(() => focused(page)).toBe('Group by: quarter of Date');
  expect(await page.getByRole('dialog').count()).toBe(0);
  // The small buttons are beside the parts.
  await press(page, 'ArrowRight');
  expect(await focused(page)).toBe('Add a group');
  await press(page, 'Enter', 'ArrowDown', 'Enter');
  await expect.poll(() => words(page)).toBe('Sum of Revenue by quarter of Date and Region over all rows');
  await expect.poll(() => focused(page)).toBe('Group by: Region');
  await press(page, 'Tab', 'Enter');
  await page.getByRole('dialog', { name: 'Which rows count' }).waitFor();
  await press(page, 'Escape');
  await expect.poll(() => focused(page)).toBe('Only where: no condition, all rows');
  expect(hash(page)).toBe('#/jobs/5/ask');
  await press(page, 'Enter', 'r', 'e', 'g', 'Enter');
  // The focus begins at the values.
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('checkbox');
  await press(page, 'Space', 'Tab', 'Space');
  await page.getByRole('textbox', { name: 'Another value' }).fill('Korea, South');
  await press(page, 'Enter');
  await expect.poll(() => words(page)).toContain('only where Region is Region 0, Region 1 or Korea, South');
  await press(page, 'Escape');
  await page.getByText('The conditions leave out').waitFor();
  // Delete leaves a part out, and goes on at the one in its place.
  await chip(page, 'Group by: quarter of Date').focus();
  await press(page, 'Delete');
  expect(await focused(page)).toBe('Group by: Region');
  await press(page, 'Delete');
  await press(page, 'Tab', 'Delete');
  expect(await focused(page)).toBe('Only where: no condition, all rows');
  expect(await words(page)).toBe('Sum of Revenue by Region over all rows');
  await press(page, 'Escape');
  await page.getByRole('heading', { name: 'Totals per Region' }).waitFor();
  expect(troubles).toEqual([]);
});

test('by pointer: popovers open and close, one takes the place of another, and Start is one click away', async () => {
  const { page } = await sample.open('#/jobs/5/ask');
  await start(page).waitFor();
  const dialog = (name: string) => page.getByRole('dialog', { name });
  await chip(page, 'Sum of: Revenue').click();
  await dialog('Which column to add up').waitFor();
  await chip(page, 'Sum of: Revenue').click();
  await dialog('Which column to add up').waitFor({ state: 'detached' });
  await chip(page, 'Sum of: Revenue').click();
  await chip(page, 'Group by: Region').click();
  await dialog('Which column to group by').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(1);
  await page.getByText('It is on the server already').click();
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  // The roles in the table do the same.
  await page.getByRole('button', { name: 'Group by Product' }).click();
  await page.getByRole('button', { name: 'Filter by Date' }).click();
  await page.getByLabel('From').fill('2024-03-20');
  await expect.poll(() => words(page)).toContain('only where Date is at least 2024-03-20');
  await start(page).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  await page.getByText('Sum of Revenue by Region and Product, only where Date is at least 2024-03-20').waitFor();
});

test('a date in another form is understood, and shown in the one form', async () => {
  const { page } = await sample.open('#/jobs/5/ask');
  await start(page).waitFor();
  const from = page.getByLabel('From');
  for (const [typed, read] of [
    ['2024/03/20', '2024-03-20'],
    ['20.3.2024', '2024-03-20'],
    ['March 2024', '2024-03'],
    ['3/2024', '2024-03'],
  ] as const) {
    await page.getByRole('button', { name: 'Filter by Date' }).click();
    await expect.poll(() => focused(page)).toBe('');
    await page.keyboard.type(typed);
    await page.getByText(`Read as ${read}.`).waitFor();
    if (read === '2024-03') {
      await press(page, 'Tab');
      expect(await from.inputValue()).toBe(read);
    }
    // At once: leaving the field moves nothing away from the pointer.
    await page.getByRole('button', { name: 'Done' }).click();
    await expect.poll(() => words(page)).toBe(`Sum of Revenue by Region only where Date is at least ${read}`);
    await page.getByRole('button', { name: 'Remove Date is' }).click();
  }
});

test('a condition that cannot be read leaves no other one in force in silence', async () => {
  const { page, troubles } = await sample.open('#/jobs/5/ask?where=Date between 2024-03-15 and 2024-Q2');
  await start(page).waitFor();
  const before = 'Sum of Revenue by Region only where Date is between 2024-03-15 and 2024-Q2';
  const dialog = page.getByRole('dialog');
  const done = page.getByRole('button', { name: 'Done' });
  const startIsHeld = page.getByRole('button', { name: 'Start', disabled: true });
  const open = async () => {
    await chip(page, 'Only where: Date').click();
    await expect.poll(() => page.getByLabel('From').evaluate((field) => field === document.activeElement)).toBe(true);
  };
  for (const typed of ['01.03', '31.02.2024', 'Marhc 2024', '1.3.24', '5']) {
    await open();
    await page.getByLabel('From').clear();
    await page.keyboard.type(typed);
    await startIsHeld.waitFor();
    await done.click();
    await dialog.getByText(`“${typed}” cannot be read as a date. Dates are written 2026-12-31`).waitFor();
    expect(await page.getByLabel('From').getAttribute('aria-invalid')).toBe('true');
    expect(await words(page)).toBe(before);
    // Escape is the way back.
    await press(page, 'Escape');
    await expect.poll(() => dialog.count()).toBe(0);
    expect(await words(page)).toBe(before);
    await start(page).waitFor();
  }
  // Also where parts of it could be read on the way.
  await open();
  await page.getByLabel('From').clear();
  await page.keyboard.type('2024');
  await expect.poll(() => words(page)).toContain('between 2024 and');
  await page.keyboard.type('/03/012');
  await press(page, 'Escape');
  await expect.poll(() => words(page)).toBe(before);
  // Two ways to read it, one to choose.
  await open();
  await page.getByLabel('From').fill('1.3.2024');
  await dialog.getByText('can be read in two ways').waitFor();
  await dialog.getByRole('button', { name: '2024-03-01' }).click();
  await expect.poll(() => words(page)).toContain('between 2024-03-01 and');
  // A range that is turned around is one, too.
  await page.getByLabel('To', { exact: true }).fill('2024-02');
  await page.getByText('From is after To: nothing lies between them.').waitFor();
  await startIsHeld.waitFor();
  await dialog.getByRole('button', { name: 'Turn them around' }).click();
  await expect.poll(() => words(page)).toContain('between 2024-02 and 2024-03-01');
  await done.click();
  // Clicking elsewhere leaves it, which is said, and Start waits.
  await open();
  await page.getByLabel('From').fill('soon');
  await startIsHeld.click({ force: true });
  const notice = page.getByRole('alert').filter({ hasText: 'The condition on Date that you wrote does not count' });
  await notice.waitFor();
  expect(await dialog.count()).toBe(0);
  expect(hash(page)).toContain('/ask');
  await startIsHeld.waitFor();
  await notice.getByRole('button', { name: 'Mend it' }).click();
  await expect.poll(() => page.getByLabel('From').inputValue()).toBe('soon');
  await page.getByLabel('From').fill('2024-02-10');
  await press(page, 'Enter');
  await expect.poll(() => words(page)).toContain('between 2024-02-10 and 2024-03-01');
  await start(page).waitFor();
  await open();
  await page.getByLabel('From').fill('soon');
  await page.getByRole('heading', { level: 1 }).click();
  await notice.getByRole('button', { name: 'Go on without it' }).click();
  await start(page).waitFor();
  expect(await notice.count()).toBe(0);
  expect(await words(page)).toContain('between 2024-02-10 and 2024-03-01');
  expect(troubles).toEqual([]);
});

test('one period is asked for as one, and opens as one', async () => {
  const { page } = await sample.open('#/jobs/5/ask?where=Date between 2024-03 and 2024-03');
  await start(page).waitFor();
  expect(await words(page)).toBe('Sum of Revenue by Region only where Date is 2024-03');
  await chip(page, 'Only where: Date').click();
  await expect.poll(() => page.getByLabel('Day or period').inputValue()).toBe('2024-03');
  await page.getByLabel('Condition', { exact: true }).selectOption('is between');
  await page.getByLabel('From').fill('March 2024');
  await page.getByLabel('To', { exact: true }).fill('');
  await expect.poll(() => words(page)).toContain('is at least 2024-03');
  await page.getByRole('button', { name: 'Only 2024-03' }).click();
  await expect.poll(() => words(page)).toContain('Date is 2024-03');
  expect(await page.getByLabel('Day or period').inputValue()).toBe('2024-03');
});

test('rows that pass no condition are told of as the first ones, not as all', async () => {
  const { page } = await sample.open('#/jobs/5/ask?where=Date between 2020 and 2021');
  const none = 'None of these first 20 rows passes the conditions; the file may have others that do.';
  await page.getByText(none, { exact: true }).waitFor();
});

test('numbers in a range are read as their file writes them, and no date is taken for one', async () => {
  const { page } = await sample.open('#/jobs/5/ask');
  await start(page).waitFor();
  await page.getByRole('button', { name: 'Filter by Revenue' }).click();
  const from = page.getByLabel('From');
  await from.fill('1.205,5');
  await page.getByText('Read as 1205.5.').waitFor();
  await page.getByLabel('To', { exact: true }).fill('2024-03');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('“2024-03” cannot be read as a number.').waitFor();
  expect(await from.inputValue()).toBe('1205.5');
  await page.getByLabel('To', { exact: true }).fill("1'210");
  await press(page, 'Enter');
  await expect.poll(() => words(page)).toContain('Revenue is between 1205.5 and 1210');
});

test('the roles in the table begin dates by month, and say why they cannot be used', async () => {
  const { page } = await sample.open('#/jobs/5/ask');
  await start(page).waitFor();
  const use = (name: string) => page.getByRole('columnheader').getByRole('button', { name, exact: true });
  const reason = async (name: string) => [
    await use(name).getAttribute('aria-disabled'),
    await use(name).getAttribute('title'),
  ];
  expect(await reason('Group by Region')).toEqual(['true', 'The only group: choose another column first.']);
  await use('Group by Region').click({ force: true });
  await use('Group by Date').click();
  await expect.poll(() => words(page)).toBe('Sum of Revenue by Region and month of Date over all rows');
  expect(await reason('Group by Region')).toEqual(['false', null]);
  await use('Group by Region').click();
  await expect.poll(() => words(page)).toBe('Sum of Revenue by month of Date over all rows');
  expect(await reason('Group by Date')).toEqual(['true', 'The only group: choose another column first.']);
});

test('a list of columns begins with those that fit, and ends in the middle of a row', async () => {
  const { page } = await pageTest.open();
  const names = ['Note', 'Day', 'Shop', 'Qty', 'Price', 'Tax', 'City', 'Net', 'Gross', 'Fee'];
  const lines = Array.from({ length: 9 }, (_, row) =>
    ['a b', `2026-01-1${row}`, `Shop ${row}`, row, 1.5, 0.1, 'York', row + 0.5, row + 0.75, 2].join(','),
  );
  await choose(page, await pageTest.file('columns.csv', [names.join(','), ...lines].join('\n')));
  await start(page).waitFor();
  const shown = async () => {
    const list = page.getByRole('listbox');
    await list.waitFor();
    const options = await list.getByRole('option').locator('.column-option-name').allTextContents();
    const rest = await list.evaluate((box) => {
      const option = box.querySelector('[role="option"]')?.getBoundingClientRect().height ?? 1;
      return (box.clientHeight % option) / option;
    });
    return { options, rest };
  };
  await page.getByRole('button', { name: 'Sum of: ' }).click();
  const amounts = await shown();
  expect(amounts.options).toEqual(['Qty', 'Price', 'Tax', 'Net', 'Gross', 'Fee', 'Note', 'Day', 'Shop', 'City']);
  expect(amounts.rest).toBeGreaterThan(0.3);
  expect(amounts.rest).toBeLessThan(0.7);
  await press(page, 'Escape');
  await page.getByRole('button', { name: 'Group by: ' }).click();
  expect((await shown()).options.slice(0, 4)).toEqual(['Note', 'Day', 'Shop', 'City']);
});

test('a shadow at an edge of the preview tells of columns behind it', async () => {
  const { page } = await sample.open('#/jobs/5/ask');
  await page.setViewportSize({ width: 320, height: 800 });
  await start(page).waitFor();
  const hidden = () =>
    page
      .locator('.sample-frame')
      .evaluate((frame) => ['before', 'after'].filter((side) => frame.classList.contains(`has-${side}`)));
  const scroll = (to: number) =>
    page.locator('.sample').evaluate((area, left) => {
      area.scrollLeft = left;
    }, to);
  await scroll(0);
  await expect.poll(hidden).toEqual(['after']);
  await scroll(40);
  await expect.poll(hidden).toEqual(['before', 'after']);
  await scroll(9999);
  await expect.poll(hidden).toEqual(['before']);
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect.poll(hidden).toEqual([]);
});

test('a doubt about a column goes away once the reader has confirmed it', async () => {
  const { page } = await pageTest.open();
  const orders = `Shop,quantity,revenue\n${Array.from({ length: 30 }, (_, row) => `Shop ${row % 4},${(row * 7) % 13},${row * 31.25}`).join('\n')}`;
  const doubt = page.getByText('is added up, but');
  const open = async (name: string) => {
    await choose(page, await pageTest.file(name, orders));
    await start(page).waitFor();
    await doubt.waitFor();
  };
  const settled = async () => {
    await doubt.waitFor({ state: 'detached' });
    await start(page).waitFor();
    expect(await words(page)).toBe('Sum of revenue by Shop over all rows');
    await page.getByRole('button', { name: 'Discard' }).click();
  };
  await open('said.csv');
  await page.getByRole('button', { name: 'Yes, add up revenue' }).focus();
  await press(page, 'Enter');
  expect(await focused(page)).toBe('Sum of: revenue');
  await settled();
  // By choosing it once more.
  await open('picked.csv');
  await chooseColumn(page, 'Sum of', 'revenue');
  await settled();
  await open('used.csv');
  await page.getByRole('button', { name: 'Sum revenue' }).click();
  await settled();
});

test('a file with 2,000 columns: they are searched, few are made, and the chosen ones are in sight', async () => {
  const { page, troubles } = await sample.open('#/jobs/5/ask', 'wide');
  await start(page).waitFor();
  await chip(page, 'Sum of: Revenue').click();
  await page.getByText('2,000 of 2,000 columns').waitFor();
  expect(await page.getByRole('listbox').getByRole('option').count()).toBeLessThan(30);
  await press(page, 'ArrowDown', 'PageDown', 'ArrowUp');
  await page.keyboard.type('measure 19');
  await page.getByText('111 of 2,000 columns').waitFor();
  await press(page, 'ArrowDown', 'ArrowDown', 'Enter');
  await expect.poll(() => focused(page)).toBe('Sum of: Measure 191');
  const heads = page.getByRole('columnheader');
  await expect.poll(() => heads.count()).toBe(12);
  expect(await heads.nth(1).textContent()).toContain('Measure 191');
  await page.getByRole('button', { name: 'Show all 2,000 columns' }).click();
  await expect.poll(() => heads.count()).toBe(2000);
  await page.getByRole('button', { name: 'Show fewer columns' }).click();
  await expect.poll(() => heads.count()).toBe(12);
  await start(page).waitFor();
  expect(troubles).toEqual([]);
});

test('a link brings its question, and says what it cannot read', async () => {
  const { page } = await sample.open('#/jobs/13/ask?by=Date:week&of=Note&where=Region not in "Region 1"&where=Region');
  await start(page).waitFor();
  expect(await words(page)).toBe('Sum of Note by week of Date only where Region is not Region 1');
  await page.getByText('The link has a condition that cannot be read, and is left out: Region').waitFor();
  // The rest is as the job was asked with.
  expect(await page.getByLabel('Below zero').inputValue()).toBe('reject');
  await page.evaluate(() => {
    location.hash = '#/jobs/13/ask?of=Revenue';
  });
  await expect.poll(() => words(page)).toBe('Sum of Revenue by Region over all rows');
  // A column that is not there is said to be so, and the sentence is the way out.
  await page.evaluate(() => {
    location.hash = '#/jobs/13/ask?by=Shop';
  });
  await page.getByRole('alert').filter({ hasText: 'Shop' }).waitFor();
});

test('the column that was chosen last is scrolled into view', async () => {
  const { page } = await sample.open('#/jobs/5/ask');
  await page.setViewportSize({ width: 320, height: 800 });
  await start(page).waitFor();
  /** Whether the head of a column is in sight, at least where it begins. */
  const isSeen = (name: string) =>
    page
      .getByRole('columnheader')
      .filter({ hasText: name })
      .evaluate((head) => {
        const area = head.closest('section')?.getBoundingClientRect();
        const { left } = head.getBoundingClientRect();
        return area !== undefined && left >= area.left - 1 && left < area.right;
      });
  expect(await isSeen('Note')).toBe(false);
  await chooseColumn(page, 'Sum of', 'Note');
  await expect.poll(() => isSeen('Note')).toBe(true);
  await chooseColumn(page, 'Group by', 'Date');
  await expect.poll(() => isSeen('Date')).toBe(true);
});

test('groups, periods and filters are asked of a real server, and are there when it is asked again', async () => {
  const { page, troubles } = await pageTest.open();
  await choose(page, await pageTest.file('first.csv', CSV));
  await start(page).waitFor();
  await chip(page, 'Group by: Region').click();
  await page.getByRole('button', { name: 'Add a group' }).last().click();
  await page.getByRole('option', { name: /^Date Dates/ }).click();
  await page.getByText('Day or month first').waitFor();
  await press(page, 'Escape');
  await chip(page, 'no condition').click();
  await page.getByRole('option', { name: /^Region/ }).click();
  await page.getByText('The most frequent in the first rows come first.').waitFor();
  await page.getByRole('checkbox', { name: 'Korea, South' }).check();
  await page.getByRole('checkbox', { name: 'North' }).check();
  await press(page, 'Escape');
  await page.getByText('The conditions leave out').waitFor();
  await start(page).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  const asked = 'Revenue by Region and month of Date, only where Region is Korea, South or North';
  await page.getByText(`Sum of ${asked}`).waitFor();
  const id = page.url().split('/').at(-1);
  const totals = await (await fetch(`${pageTest.server.url}/jobs/${id}/totals.csv`)).text();
  expect(totals.split('\n').slice(0, 3)).toEqual([
    expect.stringContaining('Region'),
    expect.stringMatching(/^"Korea, South",2026-01,/),
    expect.stringMatching(/^"Korea, South",2026-02,/),
  ]);
  await page.getByRole('link', { name: 'Ask again with other settings' }).click();
  await start(page).waitFor();
  expect(await words(page)).toBe(`Sum of ${asked.replace(',', '')}`);
  await page.getByRole('button', { name: 'Remove Region is' }).click();
  await page.getByRole('button', { name: 'Remove month of Date' }).click();
  await start(page).click();
  await page.getByRole('heading', { name: 'Totals per Region' }).waitFor();
  await page.getByRole('link', { name: 'All files' }).click();
  await page.getByRole('link', { name: asked }).waitFor();
  expect(troubles).toEqual([]);
});

test('the question of the last file is the one of the next with the same columns, with a way back', async () => {
  const { page } = await pageTest.open();
  await choose(page, await pageTest.file('may.csv', CSV));
  await start(page).waitFor();
  await chooseColumn(page, 'Group by', 'Shop');
  await start(page).click();
  await page.getByRole('heading', { name: 'Totals per Shop' }).waitFor();
  await page.getByRole('link', { name: 'All files' }).click();
  await choose(page, await pageTest.file('june.csv', `${CSV}\n1/1/2026,East,Shop 9,5`));
  await page.getByText('This is the question of the last file with these columns.').waitFor();
  expect(await words(page)).toBe('Sum of Revenue by Shop over all rows');
  await page.getByRole('button', { name: 'Begin with the suggested one instead' }).click();
  await expect.poll(() => words(page)).toBe('Sum of Revenue by Region over all rows');
  expect(await page.getByText('This is the question of the last file').count()).toBe(0);
  await page.getByRole('button', { name: 'Discard' }).click();
  await choose(page, await pageTest.file('other.csv', 'Region,Shop,Revenue\nNorth,a,1\n'));
  await start(page).waitFor();
  expect(await words(page)).toBe('Sum of Revenue by Region over all rows');
});

test('several sums at once, one of them multiplied: chosen by pointer and by keyboard, and exact', async () => {
  const { page, troubles } = await pageTest.open();
  const orders = 'Shop,Quantity,Price,Tax\nLeeds,2,1.10,0.1\nYork,3,0.35,0.2\nLeeds,1,7.999,0.3\n';
  await choose(page, await pageTest.file('orders.csv', orders));
  await start(page).waitFor();
  await chooseColumn(page, 'Sum of', 'Quantity');
  await chip(page, 'Add a sum').click();
  await page.getByRole('option', { name: /^Tax/ }).click();
  await expect.poll(() => words(page)).toBe('Sum of Quantity and Tax by Shop over all rows');
  // A column that is there already is not offered once more, and none that the file is grouped by.
  await chip(page, 'Sum of: Tax').click();
  expect(await page.getByRole('option', { disabled: true }).allTextContents()).toEqual([
    expect.stringMatching(/^Quantity.*is in the question/),
    expect.stringMatching(/^Shop.*is grouped by/),
  ]);
  await press(page, 'Escape');
  await chip(page, 'Sum of: Quantity').focus();
  await press(page, 'Enter');
  await page.getByRole('button', { name: 'Add a sum' }).last().click();
  await page.getByRole('option', { name: /^Price/ }).click();
  await chip(page, 'Sum of: Price').click();
  await page.getByRole('button', { name: 'Multiply by …' }).click();
  await page.getByText('In each row, Price times …').waitFor();
  await press(page, 'q', 'Enter');
  await expect.poll(() => focused(page)).toBe('Sum of: Price × Quantity');
  await chip(page, 'Sum of: Tax').focus();
  await press(page, 'Delete');
  // Also where a sum is added, by keyboard.
  await press(page, 'ArrowRight', 'ArrowRight');
  expect(await focused(page)).toBe('Add a sum');
  await press(page, 'Enter');
  await page.getByRole('listbox').waitFor();
  await press(page, 'Tab');
  expect(await focused(page)).toBe('Multiply two columns …');
  await press(page, 'Enter');
  await page.getByRole('listbox', { name: 'Which column to multiply', exact: true }).waitFor();
  await press(page, 't', 'Enter');
  await page.getByText('In each row, Tax times …').waitFor();
  await press(page, 'q', 'Enter');
  await expect.poll(() => focused(page)).toBe('Sum of: Tax × Quantity');
  await press(page, 'Delete');
  await expect.poll(() => words(page)).toBe('Sum of Quantity and Price × Quantity by Shop over all rows');
  expect(await focused(page)).toBe('Sum of: Price × Quantity');
  await start(page).click();
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  const id = page.url().split('/').at(-1);
  const totals = await (await fetch(`${pageTest.server.url}/jobs/${id}/totals.csv`)).text();
  expect(totals).toBe('Shop,Quantity,Price*Quantity\nLeeds,3,10.199\nYork,3,1.05\n');
  await page.getByRole('link', { name: 'Ask again with other settings' }).click();
  await start(page).waitFor();
  expect(await words(page)).toBe('Sum of Quantity and Price × Quantity by Shop over all rows');
  expect(troubles).toEqual([]);
});
