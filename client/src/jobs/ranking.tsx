import { createEffect, createMemo, For, Show } from 'solid-js';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { formatShare } from '../format/count.ts';
import { barShare, formatDecimal, shareOf } from '../format/decimal.ts';
import { prefersReducedMotion } from '../reactive/motion.ts';
import { createThrottled } from '../reactive/throttled.ts';
import type { ResultNames } from '../result/result-names.ts';
import { texts } from '../texts.ts';
import { Fill } from '../ui/fill.tsx';
import { groupLabel } from './group-label.ts';

/**
 * Sums change ten times a second; places no more often than the eye can follow. Until then the sums wait as well: what
 * is shown is always how things stood at one moment.
 */
const reorderMs = 1000;
/** How long a department takes to settle in its new place. */
const moveMs = 250;
/** A place is higher than its row by twice as much. */
const settleDistance = '0.3rem';

type Place = Pick<Total, 'department' | 'sum'>;

/** The leading departments as bars. A department keeps its element, so bars grow and places change without a jump. */
export function Ranking(props: {
  top: readonly Total[];
  total: string;
  names: ResultNames;
  /** Offers questions about a group; left out where none can be asked. */
  onAsk?: ((department: string, place: DOMRect) => void) | undefined;
}) {
  // A copy each time: the store writes into the objects that it has given.
  const standing = () => ({
    top: props.top.map((total) => ({ department: groupLabel(total), sum: total.sum })),
    total: props.total,
  });
  const shown = createThrottled(standing, reorderMs, (before, after) => hasSamePlaces(before.top, after.top));
  const order = createMemo(() => shown().top.map(({ department }) => department));
  const sums = createMemo(() => new Map(shown().top.map(({ department, sum }) => [department, sum])));
  const largest = () => shown().top[0]?.sum ?? '0';
  const elements = new Map<string, HTMLElement>();
  createEffect((before: readonly string[]) => {
    const now = order();
    if (!prefersReducedMotion()) moveRows(elements, before, now);
    return now;
  }, []);

  return (
    <section class="panel" aria-labelledby="leading">
      <h2 id="leading">{props.names.leading}</h2>
      <Show when={order().length > 0} fallback={<p class="quiet">{texts.job.leadingEmpty}</p>}>
        <ol class="ranking" classList={{ 'is-grouped': props.top.some(({ keys }) => keys.length > 1) }}>
          <For each={order()}>
            {(department) => (
              <li>
                <div class="ranking-row" ref={(element) => elements.set(department, element)}>
                  <RankingRow
                    department={department}
                    sum={sums().get(department) ?? '0'}
                    total={shown().total}
                    largest={largest()}
                    onAsk={props.onAsk}
                  />
                </div>
              </li>
            )}
          </For>
        </ol>
      </Show>
    </section>
  );
}

function RankingRow(props: {
  department: string;
  sum: string;
  total: string;
  largest: string;
  onAsk: ((department: string, place: DOMRect) => void) | undefined;
}) {
  return (
    <>
      <span class="ranking-line">
        <Show
          when={props.onAsk}
          fallback={
            <span class="ranking-name" title={props.department}>
              {props.department}
            </span>
          }
        >
          {(onAsk) => (
            <button
              type="button"
              class="ranking-name ask-link"
              title={props.department}
              aria-haspopup="menu"
              onClick={({ currentTarget }) => onAsk()(props.department, currentTarget.getBoundingClientRect())}
            >
              {props.department}
            </button>
          )}
        </Show>
        <span class="ranking-sum">{formatDecimal(props.sum)}</span>
      </span>
      <span class="ranking-line">
        <span class="ranking-bar" aria-hidden="true">
          <Fill share={barShare(props.sum, props.largest)} />
        </span>
        <span class="ranking-share">{formatShare(shareOf(props.sum, props.total))}</span>
      </span>
    </>
  );
}

function hasSamePlaces(before: readonly Place[], after: readonly Place[]): boolean {
  return (
    before.length === after.length && before.every(({ department }, place) => after[place]?.department === department)
  );
}

/**
 * Lets rows that have changed places settle in the new one, from the side that they come from. Each stays inside of its
 * place all the time: rows that pass each other on the way would lie over each other.
 */
function moveRows(rows: Map<string, HTMLElement>, before: readonly string[], now: readonly string[]): void {
  const places = new Map(before.map((department, place) => [department, place]));
  now.forEach((department, place) => {
    const old = places.get(department);
    if (old === place || before.length === 0) return;
    const isFromBelow = old === undefined || old > place;
    const from = { transform: `translateY(${isFromBelow ? '' : '-'}${settleDistance})` };
    rows.get(department)?.animate([from, { transform: 'none' }], { duration: moveMs, easing: 'ease-out' });
  });
  for (const department of rows.keys()) if (!now.includes(department)) rows.delete(department);
}
