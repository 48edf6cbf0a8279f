import type { Doubt } from '../doubt.ts';
import { DATE_ORDERS, type DateOrder, type GroupColumn, type ReadPlan, RejectReason } from '../kernel.ts';
import { WasmKernel } from '../wasm/wasm-kernel.ts';

/** Groups of a sample that are looked at. */
const MAX_GROUPS_SEEN = 100_000;
const COMMA = 44;
const SEMICOLON = 59;

/**
 * Decides by a sample in which order the numbers of dates stand, for each column that is grouped by a period: the order in
 * which most of them are readable. The kernel itself reads them, so that the decision is about what it will do.
 *
 * @param text the rows of the sample, from the header on
 */
export function decideDateOrders(plan: ReadPlan, text: Uint8Array): { plan: ReadPlan; doubts: Doubt[] } {
  if (!plan.groups) return { plan, doubts: [] };
  const decided = plan.groups.map((group) =>
    group.period ? decide(plan, group, text) : { group, isUncertain: false },
  );
  const uncertain = decided.find(({ isUncertain }) => isUncertain);
  const groups = decided.map(({ group }) => group);
  return { plan: { ...plan, groups }, doubts: uncertain ? [orderDoubt(uncertain.group)] : [] };
}

function decide(plan: ReadPlan, group: GroupColumn, text: Uint8Array): { group: GroupColumn; isUncertain: boolean } {
  const tried = DATE_ORDERS.map((order) => tryOrder(plan, { ...group, order }, text));
  const least = Math.min(...tried.map(({ unreadable }) => unreadable));
  const best = tried.filter(({ unreadable }) => unreadable === least);
  // Without a comma in amounts or between fields nobody knows; where there is one, days come first.
  const usual: DateOrder =
    plan.decimalSeparator === COMMA || plan.delimiter === SEMICOLON ? 'day first' : 'month first';
  const chosen = best.find(({ order }) => order === usual) ?? best[0]!;
  const isUncertain = best.some(({ days }) => days !== chosen.days);
  return { group: { ...group, order: chosen.order }, isUncertain };
}

/** How many dates are not readable in an order, and the days that the others are. */
function tryOrder(plan: ReadPlan, group: GroupColumn, text: Uint8Array) {
  const { order = 'year first' } = group;
  const limits = { maxDepartments: MAX_GROUPS_SEEN, maxRejects: 0 };
  const unreadableIn = (each: GroupColumn) => {
    const kernel = new WasmKernel({ ...plan, ...limits, groups: [each] });
    kernel.push(text);
    kernel.finish();
    const totals = [...kernel.totals(MAX_GROUPS_SEEN)].flat().map(({ department, count }) => `${department} ${count}`);
    return { unreadable: kernel.snapshot(0).rejectedByReason[RejectReason.DATE_NOT_READABLE]!, totals };
  };
  const { unreadable } = unreadableIn(group);
  return { order, unreadable, days: unreadableIn({ ...group, period: 'day' }).totals.join() };
}

function orderDoubt({ index, order }: GroupColumn): Doubt {
  const [first, other] = order === 'day first' ? ['the day', 'the month'] : ['the month', 'the day'];
  return {
    code: 'DATE_ORDER_UNCERTAIN',
    message: `Dates of the ${index + 1}. column are read with ${first} first, but nothing in the first rows excludes ${other} first; check the periods, and write dates as 2026-12-31 if they are wrong.`,
  };
}
