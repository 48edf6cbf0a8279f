/// <reference lib="dom" />
/**
 * A walk from a file of orders to revenue per month in the North, by department, beside the year before: each click, and
 * the answer that its reader waits for.
 */
import type { Locator, Page } from 'playwright-core';
import { choose, shownState } from './page-test.ts';

interface Click {
  what: string;
  at: (page: Page) => Locator;
  /** In sight once the click is answered. */
  answer: (page: Page) => Locator;
}

const part = (page: Page, name: string) => page.getByRole('button', { name });
const option = (page: Page, name: RegExp) => page.getByRole('option', { name });

const CLICKS: Click[] = [
  {
    what: 'one more group',
    at: (page) => part(page, 'Add a group'),
    answer: (page) => option(page, /^date/),
  },
  {
    what: 'date, by month',
    at: (page) => option(page, /^date/),
    answer: (page) => part(page, 'Group by: month of date'),
  },
  { what: 'Done', at: (page) => part(page, 'Done'), answer: (page) => part(page, 'no condition, all rows') },
  {
    what: 'a condition',
    at: (page) => part(page, 'no condition, all rows'),
    answer: (page) => option(page, /^region/),
  },
  {
    what: 'on the region',
    at: (page) => option(page, /^region/),
    answer: (page) => page.getByRole('checkbox', { name: 'North' }),
  },
  {
    what: 'North',
    at: (page) => page.getByRole('checkbox', { name: 'North' }),
    answer: (page) => part(page, 'Only where: region is North'),
  },
  {
    what: 'Done',
    at: (page) => part(page, 'Done'),
    answer: (page) => page.getByText('Left out by a condition').first(),
  },
  {
    what: 'Start',
    at: (page) => page.getByRole('button', { name: 'Start', disabled: false }),
    answer: (page) => page.getByText('Sum of revenue by department and month of date, only where region is North'),
  },
];

/** A click of the walk, and how long its answer took, in milliseconds. */
export interface Step {
  what: string;
  milliseconds: number;
}

/**
 * Chooses the file and walks. Afterwards the result is in sight.
 *
 * @param onStep is called after each click, for a picture
 */
export async function walk(page: Page, path: string, onStep: (place: number) => Promise<void>): Promise<Step[]> {
  await choose(page, path);
  await onStep(0);
  const steps: Step[] = [];
  for (const [place, { what, at, answer }] of CLICKS.entries()) {
    await at(page).waitFor();
    const startedAt = performance.now();
    await at(page).click();
    await answer(page).waitFor();
    steps.push({ what, milliseconds: performance.now() - startedAt });
    await onStep(place + 1);
  }
  await shownState(page).filter({ hasText: 'Done' }).waitFor();
  await page.getByRole('slider', { name: 'revenue by month' }).waitFor();
  await page.getByRole('columnheader', { name: 'vs. year before' }).waitFor();
  await onStep(CLICKS.length + 1);
  return steps;
}
