import { createMemo, Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { formatCount } from '../format/count.ts';
import { mostLoadedGroups } from '../groups/all-totals.ts';
import type { Amount } from '../groups/amounts.ts';
import { groupsOf } from '../groups/groups.ts';
import { questionText } from '../jobs/question-words.ts';
import { compareHref, jobHref } from '../navigation/route.ts';
import { texts } from '../texts.ts';
import { compareTexts } from '../texts-of-comparisons.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Icon } from '../ui/icon.tsx';
import { AmountChoice } from './amount-choice.tsx';
import { type CompareView, compareViewHref } from './compare-view.ts';
import { ComparisonPanel } from './comparison-panel.tsx';
import { ComparisonTotals } from './comparison-totals.tsx';
import { DoubtNotice } from './doubt-notice.tsx';
import { leadingGroups } from './load-sums.ts';
import { matchGroups } from './match.ts';
import { OtherGroups } from './other-groups.tsx';
import { type ComparedJobs, createShownComparison } from './shown-comparison.ts';
import { fullName } from './side-names.ts';

interface ViewProps {
  view: CompareView;
  onView: (change: CompareView) => void;
}

/** Two results side by side, if they have the same groups. */
export function ComparedResults(props: ViewProps & { here: Job; there: Job }) {
  const places = createMemo(() => matchGroups(groupsOf(props.here.dialect), groupsOf(props.there.dialect)));
  return (
    <Show when={places()} fallback={<OtherGroups here={props.here} there={props.there} />}>
      {(matched) => (
        <SameGroups
          jobs={{ here: props.here, there: props.there, places: matched() }}
          view={props.view}
          onView={props.onView}
        />
      )}
    </Show>
  );
}

function SameGroups(props: ViewProps & { jobs: ComparedJobs }) {
  const { gateway } = useApp();
  const shown = createShownComparison(
    gateway,
    () => props.jobs,
    () => props.view,
  );
  const { loaded, names, amounts } = shown;
  const amountHere = (): Amount | undefined => amounts().here[shown.amount()];
  const amountThere = (): Amount | undefined => amounts().there[shown.other()];
  const loading = () => {
    if (!shown.isWhole()) return compareTexts.looking;
    const all = props.jobs.here.departments + props.jobs.there.departments;
    return compareTexts.loading(formatCount(loaded.count()), formatCount(all));
  };
  const leading = () => {
    const count = formatCount(leadingGroups);
    const { here, there } = names();
    if (shown.serverSearch() !== '') return compareTexts.leadingFound(count, here, there);
    return compareTexts.leading(formatCount(mostLoadedGroups), count, here, there);
  };
  return (
    <>
      <div class="result-tools">
        <div class="compare-choices">
          <AmountChoice
            label={compareTexts.amount}
            amounts={amounts().here}
            chosen={shown.amount()}
            onChoose={(amount) => props.onView({ amount })}
          />
          <Show when={!shown.hasMatch()}>
            <AmountChoice
              label={compareTexts.amountThere(names().there)}
              amounts={amounts().there}
              chosen={shown.other()}
              onChoose={(other) => props.onView({ other })}
            />
          </Show>
        </div>
        <div class="actions">
          <a class="button" href={compareHref(props.jobs.here.id)}>
            {compareTexts.choice.another}
          </a>
          <a class="button" href={compareViewHref(props.jobs.there.id, { with: props.jobs.here.id })}>
            <Icon name="compare" />
            {compareTexts.swap}
          </a>
        </div>
      </div>
      <Show when={!shown.hasMatch()}>
        <p class="notice">{compareTexts.otherAmount(amountHere()?.name ?? '', amountThere()?.name ?? '')}</p>
      </Show>
      <DoubtNotice
        sides={[
          { job: props.jobs.here, name: fullName(props.jobs.here, names().here) },
          { job: props.jobs.there, name: fullName(props.jobs.there, names().there) },
        ]}
      />
      <ComparisonTotals
        names={names()}
        here={{ head: <SideHead job={props.jobs.here} name={names().here} />, total: amountHere()?.total || '0' }}
        there={{ head: <SideHead job={props.jobs.there} name={names().there} />, total: amountThere()?.total || '0' }}
      />
      <Show when={loaded.error() !== ''}>
        <ErrorNotice action={{ label: texts.totals.again, run: loaded.again }}>{loaded.error()}</ErrorNotice>
      </Show>
      <Show
        when={shown.comparison()}
        fallback={
          <p class="quiet result-loading" role="status">
            {loaded.error() === '' ? loading() : ''}
          </p>
        }
      >
        {(comparison) => (
          <ComparisonPanel
            comparison={comparison()}
            isSearched={!shown.isWhole()}
            isLoading={loaded.isLoading()}
            groups={shown.groups()}
            amounts={{ here: amountHere()?.name ?? '', there: amountThere()?.name ?? '' }}
            names={names()}
            view={props.view}
            onView={props.onView}
          >
            <Show when={!shown.isWhole()}>
              <p class="notice">{leading()}</p>
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
