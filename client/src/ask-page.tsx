import { createEffect, on, onCleanup, onMount, Show } from 'solid-js';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from './app-state.ts';
import { prepareAgain, whyGone } from './jobs/ask-again.ts';
import { createKnownJob } from './jobs/known-job.ts';
import { StartAgain } from './jobs/start-again.tsx';
import { UnknownJob } from './jobs/unknown-job.tsx';
import { BackLink } from './navigation/back-link.tsx';
import { returnTo } from './navigation/origin.ts';
import { jobHref, parseRoute } from './navigation/route.ts';
import { questionOfLink } from './question/linked-question.ts';
import { texts } from './texts.ts';
import { questionTexts } from './texts-of-questions.ts';
import PreparationCard from './upload/preparation-card.tsx';

/**
 * Another question about the file of a job, without another upload. Escape leads back to the job.
 *
 * @param props.query the question of the link; see `questionOfLink`
 */
export default function AskPage(props: { id: string; query: string }) {
  const { job, problem } = createKnownJob(() => props.id);
  const leave = () => returnTo(jobHref(props.id));
  onMount(() => {
    const leaveByKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) leave();
    };
    addEventListener('keydown', leaveByKey);
    onCleanup(() => removeEventListener('keydown', leaveByKey));
  });
  return (
    <Show when={job()} fallback={<UnknownJob problem={problem()} />}>
      {(known) => (
        <article class="page">
          <BackLink href={jobHref(props.id)}>
            {known().state === JobState.SUCCEEDED ? texts.ask.back : texts.ask.backEnded}
          </BackLink>
          <Show when={known().fileKept} fallback={<FileGone job={known()} words={whyGone(known())} />}>
            <Question job={known()} query={props.query} onLeave={leave} />
          </Show>
        </article>
      )}
    </Show>
  );
}

function Question(props: { job: Job; query: string; onLeave: () => void }) {
  const app = useApp();
  const { id } = props.job;
  const link = questionOfLink(props.query);
  const preparation = prepareAgain(app, props.job, link.question);
  const notes = link.unread.length === 0 ? [] : [questionTexts.badFilters(link.unread.join(' · '))];
  onCleanup(preparation.clear);
  createEffect(on(app.jobs.status, (status) => status === 'live' && preparation.lookAgain(), { defer: true }));
  const start = async () => {
    const started = await preparation.start();
    if (started === undefined) return;
    app.jobs.add(started.job);
    // The new result takes the place of this page: from there, Back leads to the first result.
    const route = parseRoute(location.hash);
    if (route.page === 'ask' && route.id === id) location.replace(jobHref(started.job.id));
    else app.toasts.show('info', texts.prepare.started(started.file.name));
  };
  return (
    <Show
      when={!preparation.isGone() && preparation.file()}
      fallback={<FileGone job={props.job} words={preparation.error()} />}
    >
      {(file) => (
        <PreparationCard
          preparation={preparation}
          file={file()}
          notes={notes}
          onStart={() => void start()}
          leave={{ label: texts.ask.cancel, run: props.onLeave }}
        />
      )}
    </Show>
  );
}

/** The file went while the page was open, or the link is old. */
function FileGone(props: { job: Job; words: string }) {
  return (
    <section class="notice notice-large" data-tone="warning">
      <h1 tabindex={-1}>{texts.ask.goneTitle}</h1>
      <p role="alert">{props.words}</p>
      <div class="notice-actions">
        <StartAgain job={props.job} label={texts.startAgain.newFile} chooseLabel={texts.startAgain.newFile} />
      </div>
    </section>
  );
}
