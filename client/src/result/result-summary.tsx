import { For, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { formatBytes, formatBytesPerSecond } from '../format/bytes.ts';
import { formatCount } from '../format/count.ts';
import { formatDecimal } from '../format/decimal.ts';
import { formatDuration } from '../format/duration.ts';
import { secondsBetween } from '../format/timestamp.ts';
import { amountsOf } from '../groups/amounts.ts';
import { groupName, groupsOf } from '../groups/groups.ts';
import { whyGone } from '../jobs/ask-again.ts';
import { DoubtList } from '../jobs/doubt-list.tsx';
import { countDoubts } from '../jobs/doubts.ts';
import { sizeOf } from '../jobs/job-figures.ts';
import { StartAgain } from '../jobs/start-again.tsx';
import { TotalLine } from '../jobs/total-line.tsx';
import { askHref } from '../navigation/route.ts';
import { texts } from '../texts.ts';
import { resultTexts } from '../texts-of-results.ts';
import { Figure } from '../ui/figure.tsx';
import { resultNames } from './result-names.ts';

/** The grand total with what must be known about it, and the figures that explain it. */
export function ResultSummary(props: { job: Job }) {
  const took = () => {
    const { startTime, finishTime } = props.job;
    return startTime && finishTime ? formatDuration(secondsBetween(startTime, finishTime)) : undefined;
  };
  const amounts = () => amountsOf(props.job);
  const longestTotal = () => Math.max(...amounts().map(({ total }) => formatDecimal(total).length));
  const totalLabel = () => {
    const [first, ...others] = amounts();
    return first === undefined || others.length === 0 ? texts.job.total : resultTexts.amounts.total(first.name);
  };
  const readAs = () => {
    const { dialect } = props.job;
    if (!dialect) return '';
    const names = amounts().map(({ name }) => name);
    if (names.includes('')) return '';
    const delimiter = texts.prepare.delimiterNames[dialect.delimiter] ?? dialect.delimiter;
    const groups = groupsOf(dialect).map(groupName);
    return texts.job.readAs(delimiter, dialect.encoding.toUpperCase(), groups.join(', '), names.join(', '));
  };
  return (
    <section class="panel">
      <div class="total-and-doubts">
        <TotalLine label={totalLabel()} total={props.job.total} />
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
      <Show when={amounts().length > 1}>
        <dl class="figures sums" style={{ '--figure-length': longestTotal() }}>
          <For each={amounts().slice(1)}>
            {({ name, total }) => <Figure label={resultTexts.amounts.others(name)}>{formatDecimal(total)}</Figure>}
          </For>
        </dl>
      </Show>
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
