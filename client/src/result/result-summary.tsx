import { Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatBytes, formatBytesPerSecond } from '../format/bytes.ts';
import { formatCount } from '../format/count.ts';
import { formatDuration } from '../format/duration.ts';
import { secondsBetween } from '../format/timestamp.ts';
import { groupName, groupsOf } from '../groups/groups.ts';
import { whyGone } from '../jobs/ask-again.ts';
import { DoubtList } from '../jobs/doubt-list.tsx';
import { countDoubts } from '../jobs/doubts.ts';
import { sizeOf } from '../jobs/job-figures.ts';
import { StartAgain } from '../jobs/start-again.tsx';
import { TotalLine } from '../jobs/total-line.tsx';
import { askHref } from '../navigation/route.ts';
import { texts } from '../texts.ts';
import { Figure } from '../ui/figure.tsx';
import { columnName } from '../upload/csv-options.ts';
import { resultNames } from './result-names.ts';

/** The grand total with what must be known about it, and the figures that explain it. */
export function ResultSummary(props: { job: Job }) {
  const took = () => {
    const { startTime, finishTime } = props.job;
    return startTime && finishTime ? formatDuration(secondsBetween(startTime, finishTime)) : undefined;
  };
  const readAs = () => {
    const { dialect } = props.job;
    const amount = dialect?.columns.find(({ index }) => index === dialect.amountIndex);
    if (!dialect || !amount) return '';
    const delimiter = texts.prepare.delimiterNames[dialect.delimiter] ?? dialect.delimiter;
    const groups = groupsOf(dialect).map(groupName);
    return texts.job.readAs(delimiter, dialect.encoding.toUpperCase(), groups.join(', '), columnName(amount));
  };
  return (
    <section class="panel">
      <div class="total-and-doubts">
        <TotalLine label={texts.job.total} total={props.job.total} />
        <DoubtList title={texts.doubts.title} doubts={props.job.doubts}>
          <Show when={countDoubts(props.job.doubts).uncertain > 0}>
            <Show
              when={props.job.fileKept}
              fallback={
                <StartAgain
                  job={props.job}
                  label={texts.startAgain.checkSettings}
                  chooseLabel={texts.startAgain.chooseFile}
                />
              }
            >
              <a class="button" href={askHref(props.job.id)}>
                {texts.startAgain.checkSettings}
              </a>
            </Show>
          </Show>
        </DoubtList>
      </div>
      <dl class="figures">
        <Figure label={texts.job.rows}>{formatCount(props.job.rowsProcessed)}</Figure>
        <Figure label={resultNames(props.job.dialect).groups}>{formatCount(props.job.departments)}</Figure>
        <Figure label={texts.job.rejected} tone={props.job.rowsRejected > 0n ? 'bad' : undefined}>
          {formatCount(props.job.rowsRejected)}
        </Figure>
        <Figure label={texts.job.size}>{formatBytes(sizeOf(props.job) ?? props.job.receivedBytes)}</Figure>
        <Show when={took()}>{(duration) => <Figure label={texts.job.took}>{duration()}</Figure>}</Show>
        <Show when={props.job.bytesPerSecond > 0}>
          <Figure label={texts.job.speed}>{formatBytesPerSecond(props.job.bytesPerSecond)}</Figure>
        </Show>
      </dl>
      <p class="quiet read-as">
        {readAs()}
        <Show when={props.job.blankLines > 0n}> {texts.job.blankLines(formatCount(props.job.blankLines))}.</Show>
        <Show when={!props.job.fileKept}> {whyGone(props.job)}</Show>
      </p>
    </section>
  );
}
