import { type Accessor, createSignal, onCleanup } from 'solid-js';
import { compareHref } from '../navigation/route.ts';
import { type CompareColumn, type CompareOrder, compareColumns, usualOrder } from './order.ts';

/** A comparison as far as its reader has chosen: with which other result or periods, and how it is looked at. */
export interface CompareView {
  /** The id of the other result. */
  with?: string | undefined;
  /** Whether another result is compared, or two periods of this one. */
  of?: 'results' | 'periods';
  period?: string;
  before?: string;
  /** Which of several amounts is compared, and with which one of the other result if that has not the same. */
  amount?: number;
  other?: number;
  order?: CompareOrder;
  search?: string;
}

/** Reads a view from the query of an address: `with=42&sort=group`. Parts that make no sense are left out. */
export function parseCompareView(text: string): CompareView {
  const query = new URLSearchParams(text);
  const value = (name: string) => query.get(name) || undefined;
  const [id, period, before, search] = [value('with'), value('period'), value('before'), value('search')];
  const [amount, other] = [parsePlace(query.get('amount')), parsePlace(query.get('other'))];
  const order = parseOrder(query.get('sort'));
  const of = (['results', 'periods'] as const).find((name) => name === query.get('of'));
  return {
    ...(id !== undefined && { with: id }),
    ...(of !== undefined && { of }),
    ...(period !== undefined && { period }),
    ...(before !== undefined && { before }),
    ...(amount !== undefined && { amount }),
    ...(other !== undefined && { other }),
    ...(order !== undefined && { order }),
    ...(search !== undefined && { search }),
  };
}

/** The address of a comparison. */
export function compareViewHref(id: string, view: CompareView): string {
  const { order, ...texts } = view;
  const isUsual = order?.column === usualOrder.column && order.isDescending === usualOrder.isDescending;
  const fields: [string, string | number | undefined][] = [
    ...Object.entries(texts),
    ['sort', order === undefined || isUsual ? undefined : `${order.isDescending ? '-' : ''}${order.column}`],
  ];
  const query = new URLSearchParams(
    fields.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]])),
  );
  return [compareHref(id), String(query)].filter((part) => part !== '').join('?');
}

function parseOrder(text: string | null): CompareOrder | undefined {
  const column = compareColumns.find((name): name is CompareColumn => name === text?.replace(/^-/, ''));
  return column === undefined ? undefined : { column, isDescending: text?.startsWith('-') ?? false };
}

function parsePlace(text: string | null): number | undefined {
  return text !== null && /^[0-7]$/.test(text) ? Number(text) : undefined;
}

/** The view in the address bar. A change takes the place of the address: Back leaves the comparison. */
export function createCompareView(id: string): [Accessor<CompareView>, (change: CompareView) => void] {
  const read = () => parseCompareView(location.hash.split('?').slice(1).join('?'));
  const [view, setView] = createSignal(read());
  let isLeft = false;
  onCleanup(() => {
    isLeft = true;
  });
  const change = (changes: CompareView) => {
    // A search is written down a little later than it is typed.
    if (isLeft) return;
    const next = { ...view(), ...changes };
    history.replaceState(history.state, '', compareViewHref(id, next));
    setView(next);
  };
  return [view, change];
}
