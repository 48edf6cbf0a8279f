import type { Doubt } from '../doubt.ts';
import { DATE_ORDERS, type DateOrder, type ReadPlan, RejectReason } from '../kernel.ts';
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
 */
export function decideDateOrders(plan: ReadPlan, text: Uint8Array): { plan: ReadPlan; doubts: Doubt[] } {
  const { groups = [], where = [] } = plan;
  const columns = new Set([
    ...groups.filter(({ period }) => period).map(({ index }) => index),
    ...where.filter(({ kind }) => kind === 'dates').map(({ index }) => index),
  ]);
  if (columns.size === 0) return { plan, doubts: [] };
  const decided = new Map(Array.from(columns, (index) => [index, decide(plan, index, text)]));
  const withOrder = <T extends { index: number }>(column: T, isDate: boolean): T =>
    isDate ? { ...column, order: decided.get(column.index)!.order } : column;
  const [uncertain] = [...decided].filter(([, { isUncertain }]) => isUncertain);
  return {
    plan: {
      ...plan,
      groups: groups.map((group) => withOrder(group, group.period !== undefined)),
      ...(plan.where && { where: where.map((filter) => withOrder(filter, filter.kind === 'dates')) }),
    },
    doubts: uncertain ? [orderDoubt(uncertain[0], uncertain[1].order)] : [],
  };
}

function decide(plan: ReadPlan, index: number, text: Uint8Array): { order: DateOrder; isUncertain: boolean } {
  const tried = DATE_ORDERS.map((order) => tryOrder(plan, index, order, text));
  const least = Math.min(...tried.map(({ unreadable }) => unreadable));
  const best = tried.filter(({ unreadable }) => unreadable === least);
  // Without a comma in amounts or between fields nobody knows; where there is one, days come first.
  const usual: DateOrder =
    plan.decimalSeparator === COMMA || plan.delimiter === SEMICOLON ? 'day first' : 'month first';
  const { order, days } = best.find((each) => each.order === usual) ?? best[0]!;
  return { order, isUncertain: best.some((other) => other.days !== days) };
}

/** How many dates are not readable in an order, and the days that the others are. */
function tryOrder(plan: ReadPlan, index: number, order: DateOrder, text: Uint8Array) {
  const limits = { maxDepartments: MAX_GROUPS_SEEN, maxRejects: 0, where: undefined };
  const readBy = (period: 'day' | 'year') => {
    const kernel = new WasmKernel({ ...plan, ...limits, groups: [{ index, period, order }] });
    kernel.push(text);
    kernel.finish();
    return kernel;
  };
  // Dates without a day are none of days.
  const unreadable = readBy('year').snapshot(0).rejectedByReason[RejectReason.DATE_NOT_READABLE]!;
  const totals = [...readBy('day').totals(MAX_GROUPS_SEEN)].flat();
  return { order, unreadable, days: totals.map(({ department, count }) => `${department} ${count}`).join() };
}

function orderDoubt(index: number, order: DateOrder): Doubt {
  const [first, other] = order === 'day first' ? ['the day', 'the month'] : ['the month', 'the day'];
  return {
    code: 'DATE_ORDER_UNCERTAIN',
    message: `Dates of the ${index + 1}. column are read with ${first} first, but nothing in the first rows excludes ${other} first; check the periods, and write dates as 2026-12-31 if they are wrong.`,
  };
}
