import { For } from 'solid-js';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { resultHref } from '../navigation/route.ts';
import { texts } from '../texts.ts';
import { Icon } from '../ui/icon.tsx';
import { resultNames } from './result-names.ts';

/** The files of a result; without one, the rows that were rejected. */
export function Downloads(props: { job: Job }) {
  const app = useApp();
  const words = texts.downloads;
  // With a key a link alone does not do; without one it does all that is needed.
  const download = (event: MouseEvent & { currentTarget: HTMLAnchorElement }) => {
    if (app.access.key() === undefined) return;
    event.preventDefault();
    void app.download(event.currentTarget.href);
  };
  const totals = () => [
    { file: 'totals.csv', name: words.csv, hint: resultNames(props.job.dialect).contents },
    { file: 'totals.csv?columns=all', name: words.csvAll, hint: words.csvAllHint },
    { file: 'totals.json', name: words.json, hint: words.jsonHint },
    { file: 'totals.parquet', name: words.parquet, hint: words.parquetHint },
  ];
  const files = () => [
    ...(props.job.state === JobState.SUCCEEDED ? totals() : []),
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
