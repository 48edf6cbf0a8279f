import { type Accessor, createSignal, onCleanup } from 'solid-js';
import { type PivotOrder, pivotOrders } from '../pivot/pivot.ts';
import { orderText, parseTotalsOrder, type TotalsOrder, usualTotalsOrder } from './totals-order.ts';

/** The ways to look at a result. */
export const viewNames = ['list', 'chart', 'pivot'] as const;

/** A way to look at a result. */
export type ViewName = (typeof viewNames)[number];

/** How a result is looked at, as far as its reader has chosen. */
export interface ResultView {
  view?: ViewName;
  /** Which of several amounts is shown. */
  amount?: number;
  /** Which key makes the rows of the pivot, and which its columns. */
  rows?: number;
  columns?: number;
  sort?: PivotOrder;
  /** The column that the rows of the pivot are sorted by, where they are by one. */
  key?: string | undefined;
  /** Whether the cells of the pivot have their changes to the period before. */
  changes?: true | undefined;
  /** How the list is sorted. */
  order?: TotalsOrder;
  /** Which key the lines of the chart are of; `all` for all of them together. */
  lines?: number | 'all';
}

/** Reads a view from the address of a result: `#/jobs/1?view=pivot&rows=1`. Parts that make no sense are left out. */
export function parseView(hash: string): ResultView {
  const query = new URLSearchParams(hash.split('?')[1] ?? '');
  const view = viewNames.find((name) => name === query.get('view'));
  const sort = pivotOrders.find((name) => name === query.get('sort'));
  const amount = parsePlace(query.get('amount'));
  const rows = parsePlace(query.get('rows'));
  const columns = parsePlace(query.get('columns'));
  const order = parseTotalsOrder(query.get('order'));
  const lines = query.get('lines') === 'all' ? 'all' : parsePlace(query.get('lines'));
  return {
    ...(view !== undefined && { view }),
    ...(amount !== undefined && { amount }),
    ...(rows !== undefined && { rows }),
    ...(columns !== undefined && { columns }),
    ...(sort !== undefined && { sort }),
    ...(sort === 'column' && { key: query.get('key') ?? '' }),
    ...(query.get('changes') === 'true' && { changes: true as const }),
    ...(order !== undefined && { order }),
    ...(lines !== undefined && { lines }),
  };
}

/** The address of a result with a view of it. */
export function withView(hash: string, { order, ...view }: ResultView): string {
  const fields = Object.entries(view).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const text = order === undefined ? undefined : orderText(order);
  if (text !== undefined && text !== orderText(usualTotalsOrder)) fields.push(['order', text]);
  const query = new URLSearchParams(fields);
  return [hash.split('?')[0], String(query)].filter((part) => part !== '').join('?');
}

function parsePlace(text: string | null): number | undefined {
  return text !== null && /^[0-7]$/.test(text) ? Number(text) : undefined;
}

/** The view in the address bar. A change takes the place of the address: Back leaves the result. */
export function createResultView(): [Accessor<ResultView>, (change: ResultView) => void] {
  const [view, setView] = createSignal(parseView(location.hash));
  const follow = () => setView(parseView(location.hash));
  addEventListener('hashchange', follow);
  onCleanup(() => removeEventListener('hashchange', follow));
  const change = (changes: ResultView) => {
    const next = { ...view(), ...changes };
    history.replaceState(history.state, '', withView(location.hash, next));
    setView(next);
  };
  return [view, change];
}
