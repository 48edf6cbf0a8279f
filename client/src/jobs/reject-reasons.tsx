import { For } from 'solid-js';
import type { RejectCount } from '#gen/tallystream/v1/processor_pb.ts';
import { formatCount } from '../format/count.ts';
import { reasonWord } from './reject-reason.ts';

/** How many rows were rejected for which reason. */
export function RejectReasons(props: { counts: readonly RejectCount[] }) {
  return (
    <ul class="reasons">
      <For each={props.counts}>
        {(entry) => (
          <li>
            <span>{reasonWord(entry.reason)}</span>
            <span class="number">{formatCount(entry.count)}</span>
          </li>
        )}
      </For>
    </ul>
  );
}
