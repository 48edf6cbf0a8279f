import './styles/result.css';
import './styles/totals.css';
import './compare/compare.css';
import { createMemo, For, Match, Show, Switch } from 'solid-js';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from './app-state.ts';
import { type CompareView, createCompareView } from './compare/compare-view.ts';
import { ComparedPeriods } from './compare/compared-periods.tsx';
import { ComparedResults } from './compare/compared-results.tsx';
import { hasTotals } from './compare/match.ts';
import { createOffered } from './compare/offered.ts';
import { ResultChoice } from './compare/result-choice.tsx';
import { groupsOf, periodGroup } from './groups/groups.ts';
import { createKnownJob } from './jobs/known-job.ts';
import { questionText } from './jobs/question-words.ts';
import { UnknownJob } from './jobs/unknown-job.tsx';
import { BackLink } from './navigation/back-link.tsx';
import { compareHref, jobHref } from './navigation/route.ts';
import { texts } from './texts.ts';
import { compareTexts } from './texts-of-comparisons.ts';

/** A result beside another one, or two of its periods beside each other. */
export default function ComparePage(props: { id: string }) {
  const { job, problem } = createKnownJob(() => props.id);
  return (
    <Show when={job()} fallback={<UnknownJob problem={problem()} />}>
      {(known) => (
        <article class="page">
          <header class="job-head">
            <BackLink href={jobHref(props.id)}>
              {known().state === JobState.SUCCEEDED ? texts.ask.back : texts.ask.backEnded}
            </BackLink>
            <h1 tabindex={-1}>{compareTexts.title(known().filename)}</h1>
            <Show when={known().dialect}>
              <p class="quiet job-head-question">{texts.question.sentence(questionText(known()))}</p>
            </Show>
          </header>
          <Show when={hasTotals(known())} fallback={<p class="notice">{compareTexts.noResult}</p>}>
            <Compared job={known()} />
          </Show>
        </article>
      )}
    </Show>
  );
}

function Compared(props: { job: Job }) {
  const { jobs } = useApp();
  const [view, setView] = createCompareView(props.job.id);
  const time = createMemo(() => {
    const groups = groupsOf(props.job.dialect);
    const at = periodGroup(groups);
    const kind = at === undefined ? undefined : groups[at]?.period;
    return at === undefined || kind === undefined ? undefined : { at, kind };
  });
  const offered = createOffered(jobs, () => props.job);
  const isOfferedNone = () => jobs.isLoaded() && offered().sameQuestion.length + offered().otherAmounts.length === 0;
  const isOfPeriods = () => {
    const { with: other, of } = view();
    return other === undefined && time() !== undefined && (of === 'periods' || (of === undefined && isOfferedNone()));
  };
  return (
    <>
      <Show when={time() !== undefined && view().with === undefined}>
        <ModeSwitch
          isOfPeriods={isOfPeriods()}
          onChoose={(isChosen) => setView({ of: isChosen ? 'periods' : 'results' })}
        />
      </Show>
      <Switch fallback={<ResultChoice job={props.job} offered={offered()} hasPeriods={time() !== undefined} />}>
        <Match when={view().with}>
          {(id) => <WithResult job={props.job} id={id()} view={view()} onView={setView} />}
        </Match>
        <Match when={isOfPeriods() && time()}>
          {(known) => <ComparedPeriods job={props.job} time={known()} view={view()} onView={setView} />}
        </Match>
      </Switch>
    </>
  );
}

function ModeSwitch(props: { isOfPeriods: boolean; onChoose: (isOfPeriods: boolean) => void }) {
  return (
    <fieldset class="filters view-switch">
      <legend class="visually-hidden">{compareTexts.mode.label}</legend>
      <For each={[false, true]}>
        {(isOfPeriods) => (
          <label>
            <input
              type="radio"
              name="compare-mode"
              checked={props.isOfPeriods === isOfPeriods}
              onChange={() => props.onChoose(isOfPeriods)}
            />
            {isOfPeriods ? compareTexts.mode.periods : compareTexts.mode.results}
          </label>
        )}
      </For>
    </fieldset>
  );
}

/** The other result, once it is known. */
function WithResult(props: { job: Job; id: string; view: CompareView; onView: (change: CompareView) => void }) {
  const { job: other, problem } = createKnownJob(() => props.id);
  const choose = () => <a href={compareHref(props.job.id)}>{compareTexts.choice.another}</a>;
  return (
    <Switch
      fallback={
        <p class="notice" role="status">
          <Show when={problem()} fallback={compareTexts.lookingFor}>
            {(known) => (
              <>
                {known().isMissing ? compareTexts.missingResult : known().words} {choose()}
              </>
            )}
          </Show>
        </p>
      }
    >
      <Match when={other()}>
        {(known) => (
          <Show
            when={hasTotals(known())}
            fallback={
              <p class="notice">
                {compareTexts.otherResult(known().filename)} {choose()}
              </p>
            }
          >
            <ComparedResults here={props.job} there={known()} view={props.view} onView={props.onView} />
          </Show>
        )}
      </Match>
    </Switch>
  );
}
