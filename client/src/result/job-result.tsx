import '../styles/result.css';
import '../styles/scroll-edges.css';
import '../styles/totals.css';
import { Show } from 'solid-js';
import type { Job } from '#gen/tallystream/v1/gateway_pb.ts';
import { useApp } from '../app-state.ts';
import { Ranking } from '../jobs/ranking.tsx';
import { texts } from '../texts.ts';
import { Downloads } from './downloads.tsx';
import { EmptyResult } from './empty-result.tsx';
import { RejectsPanel } from './rejects-panel.tsx';
import { resultNames } from './result-names.ts';
import { ResultSummary } from './result-summary.tsx';
import { ResultViews } from './result-views.tsx';

/** A job with its result. */
export default function JobResult(props: { job: Job }) {
  const { uploads } = useApp();
  return (
    <>
      <Show when={uploads.find(props.job.id)?.isDoubtful}>
        <p class="notice" data-tone="warning" role="alert">
          {texts.job.changedAtEnd}
        </p>
      </Show>
      <Show when={props.job.rowsProcessed > 0n} fallback={<EmptyResult job={props.job} />}>
        <ResultSummary job={props.job} />
        <FullResult job={props.job} />
      </Show>
    </>
  );
}

function FullResult(props: { job: Job }) {
  const names = () => resultNames(props.job.dialect);
  return (
    <ResultViews
      job={props.job}
      names={names()}
      below={
        <Show when={props.job.rowsRejected > 0n}>
          <RejectsPanel job={props.job} />
        </Show>
      }
      side={(leaders) => (
        <>
          <Downloads job={props.job} />
          <Show when={leaders().top.length > 0}>
            <Ranking top={leaders().top} total={leaders().total} names={names()} onAsk={leaders().onAsk} />
          </Show>
        </>
      )}
    />
  );
}
