import { Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatCount } from '../format/count.ts';
import { DoubtList } from '../jobs/doubt-list.tsx';
import { doubtKind } from '../jobs/doubts.ts';
import { texts } from '../texts.ts';
import { resultTexts } from '../texts-of-results.ts';
import { columnName } from '../upload/csv-options.ts';

const listedColumns = 12;

/** A result without a row: the file has none, or the filters leave none. */
export function EmptyResult(props: { job: Job }) {
  return (
    <Show when={props.job.rowsFiltered > 0n} fallback={<EmptyFile job={props.job} />}>
      <section class="notice notice-large" data-tone="warning">
        <h2>{resultTexts.nonePasses.title}</h2>
        <p>{resultTexts.nonePasses.hint(formatCount(props.job.rowsFiltered))}</p>
      </section>
    </Show>
  );
}

/** There is nothing to total, and nothing to be proud of. */
function EmptyFile(props: { job: Job }) {
  const columns = () => props.job.dialect?.columns ?? [];
  const uncertain = () => props.job.doubts.filter((doubt) => doubtKind(doubt) === 'uncertain');
  return (
    <section class="notice notice-large" data-tone="warning">
      <h2>{texts.job.emptyTitle}</h2>
      <p>
        <Show when={columns().length > 0} fallback={texts.job.emptyFile}>
          {texts.job.emptyColumns(
            columns().slice(0, listedColumns).map(columnName).join(', '),
            columns().length - listedColumns,
          )}
        </Show>
      </p>
      <p>{texts.job.emptyAdvice}</p>
      <DoubtList title={texts.doubts.title} doubts={uncertain()} />
    </section>
  );
}
