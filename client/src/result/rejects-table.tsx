import { For, Show } from 'solid-js';
import type { Reject } from '#gen/tallystream/v1/processor_pb.ts';
import { formatCount } from '../format/count.ts';
import { reasonWord } from '../jobs/reject-reason.ts';
import { texts } from '../texts.ts';

/** Rejected rows one by one: where, why, and what they say. */
export function RejectsTable(props: { rejects: readonly Reject[] }) {
  return (
    <table class="rejects">
      <caption class="visually-hidden">{texts.rejects.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.rejects.line}</th>
          <th scope="col">{texts.rejects.reason}</th>
          <th scope="col">{texts.rejects.raw}</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.rejects}>
          {(reject) => (
            <tr>
              <td class="number">
                {formatCount(reject.line)}
                <Show when={reject.lines > 1n}>
                  <span class="quiet rejects-span">{texts.rejects.spans(formatCount(reject.lines))}</span>
                </Show>
                <Show when={reject.file !== ''}>
                  <span class="quiet rejects-span rejects-file">{reject.file}</span>
                </Show>
              </td>
              <td>{reasonWord(reject.reason)}</td>
              <td>
                <code>{reject.raw}</code>
                <Show when={reject.rawTruncated}>
                  <span class="quiet">{texts.rejects.truncated}</span>
                </Show>
              </td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
