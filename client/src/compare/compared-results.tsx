import { createMemo, For, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { formatCount } from '../format/count.ts';
import { mostLoadedGroups } from '../groups/all-totals.ts';
import { amountsOf } from '../groups/amounts.ts';
import { groupsOf } from '../groups/groups.ts';
import { DoubtMark } from '../jobs/doubt-mark.tsx';
import { questionText } from '../jobs/question-words.ts';
import { compareHref, jobHref } from '../navigation/route.ts';
import { texts } from '../texts.ts';
import { compareTexts } from '../texts-of-comparisons.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Icon } from '../ui/icon.tsx';
import { LabelledSelect } from '../ui/labelled-select.tsx';
import { type CompareView, compareViewHref } from './compare-view.ts';
import { compareSums } from './comparison.ts';
import { ComparisonPanel } from './comparison-panel.tsx';
import { ComparisonTotals } from './comparison-totals.tsx';
import { createLoaded } from './create-loaded.ts';
import { leadingGroups, loadSums, loadsWhole, type SumsOf } from './load-sums.ts';
import { matchAmounts, matchGroups } from './match.ts';
import { OtherGroups } from './other-groups.tsx';
import { fullName, sideNames } from './side-names.ts';

/** Two results side by side, if they have the same groups. */
export function ComparedResults(props: {
  here: Job;
  there: Job;
  view: CompareView;
  onView: (change: CompareView) => void;
}) {
  const places = createMemo(() => matchGroups(groupsOf(props.here.dialect), groupsOf(props.there.dialect)));
  return (
    <Show when={places()} fallback={<OtherGroups here={props.here} there={props.there} />}>
      {(matched) => (
        <Comparable here={props.here} there={props.there} places={matched()} view={props.view} onView={props.onView} />
      )}
    </Show>
  );
}

function Comparable(props: {
  here: Job;
  there: Job;
  places: readonly number[];
  view: CompareView;
  onView: (change: CompareView) => void;
}) {
  const { gateway } = useApp();
  const groups = createMemo(() => groupsOf(props.here.dialect));
  const names = createMemo(() => sideNames(props.here, props.there));
  const amounts = createMemo(() => ({ here: amountsOf(props.here), there: amountsOf(props.there) }));
  const amount = () => Math.min(props.view.amount ?? 0, amounts().here.length - 1);
  const match = () => matchAmounts(amounts().here, amounts().there)[amount()];
  const other = () => match() ?? Math.min(props.view.other ?? 0, amounts().there.length - 1);
  const amountHere = () => amounts().here[amount()];
  const amountThere = () => amounts().there[other()];

  // Finished jobs stay as they are, but the stream tells of them again after each reconnect: what is the same is not loaded anew.
  const sides = createMemo(
    (): { here: SumsOf; there: SumsOf } => ({
      here: {
        jobId: props.here.id,
        size: props.here.departments,
        amount: amount(),
        places: groups().map((_, place) => place),
      },
      there: { jobId: props.there.id, size: props.there.departments, amount: other(), places: props.places },
    }),
    undefined,
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  const isWhole = () => loadsWhole(sides().here, sides().there);
  /** Groups that are all here are searched here. */
  const serverSearch = createMemo(() => (isWhole() ? '' : (props.view.search ?? '').trim()));
  const loaded = createLoaded(
    gateway,
    () => {
      const [{ here, there }, search] = [sides(), serverSearch()];
      return (loading) => loadSums(here, there, search, loading);
    },
    sides,
  );
  const comparison = createMemo(() => {
    const sums = loaded.value();
    return sums && compareSums(sums.here, sums.there);
  });
  const loading = () => {
    if (!isWhole()) return compareTexts.looking;
    const all = props.here.departments + props.there.departments;
    return compareTexts.loading(formatCount(loaded.count()), formatCount(all));
  };
  const note = () => {
    const count = formatCount(leadingGroups);
    const { here, there } = names();
    if (serverSearch() !== '') return compareTexts.leadingFound(count, here, there);
    return compareTexts.leading(formatCount(mostLoadedGroups), count, here, there);
  };
  const doubtful = () => [props.here, props.there].filter(({ doubts }) => doubts.length > 0);
  const nameOf = (job: Job) => (job.id === props.here.id ? names().here : names().there);
  return (
    <>
      <div class="result-tools">
        <div class="compare-choices">
          <Show when={amounts().here.length > 1}>
            <LabelledSelect
              class="amount-choice"
              label={compareTexts.amount}
              value={String(amount())}
              options={amounts().here.map(({ name }, place) => ({ value: String(place), text: name }))}
              onChange={(value) => props.onView({ amount: Number(value) })}
            />
          </Show>
          <Show when={match() === undefined && amounts().there.length > 1}>
            <LabelledSelect
              class="amount-choice"
              label={compareTexts.amountThere(names().there)}
              value={String(other())}
              options={amounts().there.map(({ name }, place) => ({ value: String(place), text: name }))}
              onChange={(value) => props.onView({ other: Number(value) })}
            />
          </Show>
        </div>
        <div class="actions">
          <a class="button" href={compareHref(props.here.id)}>
            {compareTexts.choice.another}
          </a>
          <a class="button" href={compareViewHref(props.there.id, { with: props.here.id })}>
            <Icon name="compare" />
            {compareTexts.swap}
          </a>
        </div>
      </div>
      <Show when={match() === undefined}>
        <p class="notice">{compareTexts.otherAmount(amountHere()?.name ?? '', amountThere()?.name ?? '')}</p>
      </Show>
      <Show when={doubtful().length > 0}>
        <div class="notice compare-doubts" data-tone="warning">
          <p>{compareTexts.doubts}</p>
          <ul>
            <For each={doubtful()}>
              {(job) => (
                <li>
                  <a href={jobHref(job.id)}>{fullName(job, nameOf(job))}</a> <DoubtMark doubts={job.doubts} />
                </li>
              )}
            </For>
          </ul>
        </div>
      </Show>
      <ComparisonTotals
        here={{ head: <SideHead job={props.here} name={names().here} />, total: amountHere()?.total || '0' }}
        there={{ head: <SideHead job={props.there} name={names().there} />, total: amountThere()?.total || '0' }}
      />
      <Show when={loaded.error() !== ''}>
        <ErrorNotice action={{ label: texts.totals.again, run: loaded.again }}>{loaded.error()}</ErrorNotice>
      </Show>
      <Show
        when={comparison()}
        fallback={
          <p class="quiet result-loading" role="status">
            {loaded.error() === '' ? loading() : ''}
          </p>
        }
      >
        {(known) => (
          <ComparisonPanel
            comparison={known()}
            isSearched={!isWhole()}
            isLoading={loaded.isLoading()}
            groups={groups()}
            amounts={{ here: amountHere()?.name ?? '', there: amountThere()?.name ?? '' }}
            names={names()}
            view={props.view}
            onView={props.onView}
          >
            <Show when={!isWhole()}>
              <p class="notice">{note()}</p>
            </Show>
            <Show when={loaded.value()?.leftOut}>
              {(count) => <p class="notice">{compareTexts.leftOut(formatCount(count()))}</p>}
            </Show>
          </ComparisonPanel>
        )}
      </Show>
    </>
  );
}

/** A side by its file, with its question: filters may make the difference. */
function SideHead(props: { job: Job; name: string }) {
  return (
    <>
      <a href={jobHref(props.job.id)}>{fullName(props.job, props.name)}</a>
      <span class="quiet">{questionText(props.job)}</span>
    </>
  );
}
