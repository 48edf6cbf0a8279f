import { type Accessor, createSignal } from 'solid-js';
import { type Job, JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import type { CsvOptions } from '#gen/tallystream/v1/processor_pb.ts';
import { describeError } from '../api/error-text.ts';
import type { AppState } from '../app-state.ts';
import { toMillis } from '../format/timestamp.ts';
import { fileKey } from '../jobs/file-groups.ts';
import { jobHref } from '../navigation/route.ts';
import { parseView, withView } from '../result/result-view.ts';
import { isSameQuestion, optionsOf } from './narrowed.ts';

/** Asks next questions about the file of a job. */
export interface AskOn {
  /** Whether one is being asked. */
  isAsking: Accessor<boolean>;
  /** Goes to the answer: to a result that is there already, else to a new job. */
  ask(options: CsvOptions): Promise<void>;
}

/** Makes the {@link AskOn} of a job. */
export function createAskOn(app: AppState, job: Accessor<Job>): AskOn {
  const [isAsking, setAsking] = createSignal(false);
  // The reader goes on with the same view: an entry of its own in the history leads back.
  const goTo = (id: string) => {
    location.hash = withView(jobHref(id), parseView(location.hash));
  };
  return {
    isAsking,
    async ask(options) {
      if (isAsking()) return;
      const known = findAnswer(app, job(), options);
      if (known !== undefined) return goTo(known.id);
      setAsking(true);
      const from = location.hash;
      try {
        const { filename, id } = job();
        const answer = await app.gateway.createJob({ filename, source: `jobs/${id}`, options });
        if (answer.job === undefined) return;
        app.jobs.add(answer.job);
        // A reader who has gone elsewhere meanwhile stays there; the list of files has the new question.
        if (location.hash === from) goTo(answer.job.id);
      } catch (error) {
        app.toasts.show('error', describeError(error));
      } finally {
        setAsking(false);
      }
    },
  };
}

/**
 * A result that answers the same question about the same file. A file of the server may have changed: of it, only what was
 * asked later than the result that is looked at counts.
 */
function findAnswer({ jobs }: AppState, asked: Job, options: CsvOptions): Job | undefined {
  const key = fileKey(asked);
  const isUpload = key.startsWith('jobs/');
  const at = (job: Job) => (job.createTime === undefined ? 0 : toMillis(job.createTime));
  return jobs
    .ids()
    .map((id) => jobs.find(id))
    .find(
      (job): job is Job =>
        job !== undefined &&
        job.state === JobState.SUCCEEDED &&
        fileKey(job) === key &&
        (isUpload || at(job) > at(asked)) &&
        isSameQuestion(optionsOf(job), options),
    );
}
