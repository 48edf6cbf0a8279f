import { For } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { resultHref } from '../lib/route.ts';
import { useApp } from '../state/app-state.tsx';
import { texts } from '../texts.ts';
import { Icon } from './icon.tsx';

/** The files of a result. */
export function Downloads(props: { job: Job }) {
  const app = useApp();
  const words = texts.downloads;
  // With a key a link alone does not do; without one it does all that is needed.
  const download = (event: MouseEvent & { currentTarget: HTMLAnchorElement }) => {
    if (app.access.key() === undefined) return;
    event.preventDefault();
    void app.download(event.currentTarget.href);
  };
  const files = () => [
    { file: 'totals.csv', name: words.csv, hint: words.csvHint },
    { file: 'totals.csv?columns=all', name: words.csvAll, hint: words.csvAllHint },
    { file: 'totals.json', name: words.json, hint: words.jsonHint },
    { file: 'totals.parquet', name: words.parquet, hint: words.parquetHint },
    ...(props.job.rowsRejected > 0n ? [{ file: 'rejects.csv', name: words.rejects, hint: words.rejectsHint }] : []),
  ];
  return (
    <section class="panel" aria-labelledby="downloads">
      <h2 id="downloads">{words.heading}</h2>
      <ul class="downloads">
        <For each={files()}>
          {(entry) => (
            <li>
              <a href={resultHref(props.job.id, entry.file)} download="" onClick={download}>
                <Icon name="download" />
                <span>{entry.name}</span>
                <span class="quiet">{entry.hint}</span>
              </a>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
