import { createEffect, For, Show } from 'solid-js';
import type { Total } from '#gen/tallystream/v1/processor_pb.ts';
import { formatFinePercent } from '../lib/count.ts';
import { formatDecimal, ratio } from '../lib/decimal.ts';
import { prefersReducedMotion } from '../lib/motion.ts';
import { texts } from '../texts.ts';

/** How long a department takes to its new place. */
const moveMs = 300;

/** The leading departments as bars. A department keeps its element, so bars grow and places change without a jump. */
export function Ranking(props: { top: readonly Total[]; total: string }) {
  const rows = new Map<string, HTMLLIElement>();
  const places = new Map<string, number>();
  const largest = () => props.top[0]?.sum ?? '0';

  createEffect(() => {
    const order = props.top.map(({ department }) => department);
    const height = rows.get(order[0] ?? '')?.offsetHeight ?? 0;
    order.forEach((department, place) => {
      const before = places.get(department);
      places.set(department, place);
      if (before === undefined || before === place || prefersReducedMotion()) return;
      const from = `translateY(${(before - place) * height}px)`;
      rows
        .get(department)
        ?.animate([{ transform: from }, { transform: 'none' }], { duration: moveMs, easing: 'ease-out' });
    });
    const present = new Set(order);
    for (const department of places.keys()) if (!present.has(department)) places.delete(department);
  });

  return (
    <section class="panel" aria-labelledby="leading">
      <h2 id="leading">{texts.job.leading}</h2>
      <Show when={props.top.length > 0} fallback={<p class="quiet">{texts.job.leadingEmpty}</p>}>
        <ol class="ranking">
          <For each={props.top}>
            {(entry) => (
              <li ref={(row) => rows.set(entry.department, row)}>
                <span class="ranking-name" title={entry.department}>
                  {entry.department}
                </span>
                <span class="ranking-sum">{formatDecimal(entry.sum)}</span>
                <span class="ranking-share">{formatFinePercent(ratio(entry.sum, props.total))}</span>
                <span class="ranking-bar" aria-hidden="true">
                  <span style={{ transform: `scaleX(${ratio(entry.sum, largest())})` }} />
                </span>
              </li>
            )}
          </For>
        </ol>
      </Show>
    </section>
  );
}
