import { ordinal } from '../detect/ordinal.ts';
import { readSampleRecords, type Sample } from '../detect/sample-records.ts';
import type { Doubt } from '../doubt.ts';
import { DATE_ORDERS, type DateOrder, type Period, type ReadPlan, RejectReason, type RowFilter } from '../kernel.ts';
import { WasmKernel } from '../wasm/wasm-kernel.ts';

/** Groups of a sample that are looked at. */
const MAX_GROUPS_SEEN = 100_000;
const COMMA = 44;
const SEMICOLON = 59;

/**
 * Decides by a sample in which order the numbers of dates stand, for each column that is grouped by a period or filtered
 * by dates: the order in which most of them are readable. The kernel itself reads them, so that the decision is about what
 * it will do.
 *
 * @param text the rows of the sample, from the header on
 * @param isComplete whether that is the whole file
 */
export function decideDateOrders(
  plan: ReadPlan,
  text: Uint8Array,
  isComplete: boolean,
): { plan: ReadPlan; doubts: Doubt[] } {
  const { groups = [], where = [] } = plan;
  const columns = new Set([
    ...groups.filter(({ period }) => period).map(({ index }) => index),
    ...where.filter(({ kind }) => kind === 'dates').map(({ index }) => index),
  ]);
  if (columns.size === 0) return { plan, doubts: [] };
  const decided = new Map(Array.from(columns, (index) => [index, decide(plan, index, text, isComplete)]));
  const withOrder = <T extends { index: number }>(column: T, isDate: boolean): T =>
    isDate ? { ...column, order: decided.get(column.index)!.order } : column;
  const [uncertain] = [...decided].filter(([, { isUncertain }]) => isUncertain);
  const shortYear = [...decided]
    .map(([index, { order }]) => shortYearDoubt(plan, { index, order }, { text, isComplete }))
    .find(Boolean);
  return {
    plan: {
      ...plan,
      groups: groups.map((group) => withOrder(group, group.period !== undefined)),
      ...(plan.where && { where: where.map((filter) => withOrder(filter, filter.kind === 'dates')) }),
    },
    doubts: uncertain ? [orderDoubt(uncertain[0], uncertain[1].order)] : shortYear ? [shortYear] : [],
  };
}

function decide(
  plan: ReadPlan,
  index: number,
  text: Uint8Array,
  isComplete: boolean,
): { order: DateOrder; isUncertain: boolean } {
  const tried = DATE_ORDERS.map((order) => ({ order, unreadable: countUnreadable(plan, index, order, text) }));
  const least = Math.min(...tried.map(({ unreadable }) => unreadable));
  const best = tried.filter(({ unreadable }) => unreadable === least).map(({ order }) => order);
  // No date of the sample has an order to be decided: one that comes later is rejected instead of guessed.
  if (best.includes('year first')) return { order: 'year first', isUncertain: false };
  // Without a comma in amounts or between fields nobody knows; where there is one, days come first.
  const usual: DateOrder =
    plan.decimalSeparator === COMMA || plan.delimiter === SEMICOLON ? 'day first' : 'month first';
  if (best.length === 1) return { order: best[0]!, isUncertain: false };
  // Dates such as 1/1/2026 are the same either way, but what follows them may be others.
  const [days, otherDays] = best.map((order) => daysOf(plan, index, order, text));
  return { order: usual, isUncertain: !isComplete || days !== otherDays };
}

/** How many dates are not readable in an order, whatever else is wrong with their rows. */
function countUnreadable(plan: ReadPlan, index: number, order: DateOrder, text: Uint8Array): number {
  const isDate: RowFilter = { index, kind: 'dates', values: [], isNegated: false, order };
  return readSample(plan, index, 'year', { order, where: [isDate] }, text).snapshot(0).rejectedByReason[
    RejectReason.DATE_NOT_READABLE
  ]!;
}

/** The days of a sample in an order, and how often each occurs. */
function daysOf(plan: ReadPlan, index: number, order: DateOrder, text: Uint8Array): string {
  const kernel = readSample(plan, index, 'day', { order, where: undefined }, text);
  const totals = [...kernel.totals(MAX_GROUPS_SEEN)].flat();
  return totals.map(({ department, count }) => `${department} ${count}`).join();
}

function readSample(
  plan: ReadPlan,
  index: number,
  period: Period,
  { order, where }: { order: DateOrder; where: RowFilter[] | undefined },
  text: Uint8Array,
): WasmKernel {
  const limits = { maxDepartments: MAX_GROUPS_SEEN, maxRejects: 0 };
  const kernel = new WasmKernel({ ...plan, ...limits, where, groups: [{ index, period, order }] });
  kernel.push(text);
  kernel.finish();
  return kernel;
}

/** A date with two digits at both ends, and those. */
const SHORT_YEAR = /^(\d{2})([-/.])(\d{1,2})\2(\d{2})(?!\d)/;

/**
 * The doubt about dates such as 26-01-05, which are read with the year last: where their ends vary as much as their
 * beginnings, and each could be a day, the year may come first.
 */
function shortYearDoubt(
  plan: ReadPlan,
  { index, order }: { index: number; order: DateOrder },
  sample: Sample,
): Doubt | undefined {
  if (order === 'year first') return undefined;
  const { records } = readSampleRecords(sample, plan);
  const values = records.map(({ fields }) => fields[index] ?? '');
  const dates = values.map((value) => SHORT_YEAR.exec(value)).filter((found) => found !== null);
  const [date] = dates;
  const isDay = (digits = '') => Number(digits) >= 1 && Number(digits) <= 31;
  if (!date || !dates.every(([, , , month, end]) => Number(month) <= 12 && isDay(end))) return undefined;
  const beginnings = new Set(dates.map(([, beginning]) => beginning));
  const ends = new Set(dates.map(([, , , , end]) => end));
  if (beginnings.size > ends.size) return undefined;
  return {
    code: 'DATE_ORDER_UNCERTAIN',
    message: `Dates of the ${ordinal(index + 1)} column, such as ${date[0]}, are read with the year last, but the year may come first; check the periods, and write dates as 2026-12-31 if they are wrong.`,
  };
}

function orderDoubt(index: number, order: DateOrder): Doubt {
  const [first, other] = order === 'day first' ? ['the day', 'the month'] : ['the month', 'the day'];
  return {
    code: 'DATE_ORDER_UNCERTAIN',
    message: `Dates of the ${ordinal(index + 1)} column are read with ${first} first, but nothing in the first rows excludes ${other} first; check the periods, and write dates as 2026-12-31 if they are wrong.`,
  };
}
