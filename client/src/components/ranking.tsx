import { createEffect, createMemo, For, Show } from 'solid-js';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { formatFinePercent } from '../lib/count.ts';
import { formatDecimal, ratio } from '../lib/decimal.ts';
import { prefersReducedMotion } from '../lib/motion.ts';
import { createThrottled } from '../lib/throttled.ts';
import { texts } from '../texts.ts';
import { Fill } from './fill.tsx';

/** Sums change ten times a second; places no more often than the eye can follow. */
const reorderMs = 1000;
/** How long a department takes to its new place. */
const moveMs = 250;

/** The leading departments as bars. A department keeps its element, so bars grow and places change without a jump. */
export function Ranking(props: { top: readonly Total[]; total: string }) {
  const order = createThrottled(() => props.top.map(({ department }) => department), reorderMs);
  const current = createMemo(() => new Map(props.top.map((entry) => [entry.department, entry])));
  const largest = () => props.top[0]?.sum ?? '0';
  const elements = new Map<string, HTMLLIElement>();
  createEffect((before: readonly string[]) => {
    const now = order();
    if (!prefersReducedMotion()) moveRows(elements, before, now);
    return now;
  }, []);

  return (
    <section class="panel" aria-labelledby="leading">
      <h2 id="leading">{texts.job.leading}</h2>
      <Show when={order().length > 0} fallback={<p class="quiet">{texts.job.leadingEmpty}</p>}>
        <ol class="ranking">
          <For each={order()}>
            {(department) => (
              <li ref={(element) => elements.set(department, element)}>
                <RankingRow
                  department={department}
                  entry={current().get(department)}
                  total={props.total}
                  largest={largest()}
                />
              </li>
            )}
          </For>
        </ol>
      </Show>
    </section>
  );
}

function RankingRow(props: { department: string; entry: Total | undefined; total: string; largest: string }) {
  // A department that has just been overtaken keeps its last sum until the places change.
  const sum = createMemo((last: string) => props.entry?.sum ?? last, '0');
  return (
    <>
      <span class="ranking-line">
        <span class="ranking-name" title={props.department}>
          {props.department}
        </span>
        <span class="ranking-sum">{formatDecimal(sum())}</span>
      </span>
      <span class="ranking-line">
        <span class="ranking-bar" aria-hidden="true">
          <Fill share={ratio(sum(), props.largest)} />
        </span>
        <span class="ranking-share">{formatFinePercent(ratio(sum(), props.total))}</span>
      </span>
    </>
  );
}

/** Lets rows that have changed places glide from the old to the new one, and new rows fade in. */
function moveRows(rows: Map<string, HTMLLIElement>, before: readonly string[], now: readonly string[]): void {
  const height = rows.get(now[0] ?? '')?.offsetHeight ?? 0;
  const places = new Map(before.map((department, place) => [department, place]));
  now.forEach((department, place) => {
    const old = places.get(department);
    if (old === place || before.length === 0) return;
    const from = old === undefined ? { opacity: 0 } : { transform: `translateY(${(old - place) * height}px)` };
    const to = old === undefined ? { opacity: 1 } : { transform: 'none' };
    rows.get(department)?.animate([from, to], { duration: moveMs, easing: 'ease-out' });
  });
  for (const department of rows.keys()) if (!now.includes(department)) rows.delete(department);
}
