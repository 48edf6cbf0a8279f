import { type Accessor, createSignal } from 'solid-js';
import { JobState } from '#gen/tallystream/v1/gateway_pb.ts';
import type { Gateway } from '../api/gateway.ts';
import { jobHref } from '../navigation/route.ts';
import type { Toasts } from '../shell/toasts.ts';
import { texts } from '../texts.ts';
import type { Uploads } from '../upload/uploads.ts';
import { canRetry } from './job-phase.ts';
import type { Jobs } from './jobs.ts';

/**
 * Cancelling with a way back. An upload of this tab stops at once, and its job ends on the server when it is clear that
 * nobody calls it back. A job whose file is whole ends at once, and is run again if it is called back. Of an upload that
 * this tab does not send there is no way back: its reader is asked first.
 */
export interface Cancels {
  cancel(id: string): Promise<void>;
  /** The upload of somebody else that is to be cancelled, if its reader is asked about one. */
  asked: Accessor<{ id: string; name: string } | undefined>;
  /** The answer to that. */
  answer(isMeant: boolean): Promise<void>;
  /** Ends the jobs that could still be called back: the page is closing. */
  flush(): void;
}

interface Dependencies {
  gateway: Pick<Gateway, 'cancelJob' | 'retryJob'>;
  jobs: Pick<Jobs, 'find' | 'ask'>;
  uploads: Uploads;
  toasts: Toasts;
  /** Says in a message why a call has failed. */
  attempt(call: () => Promise<void>): Promise<void>;
}

/** Makes {@link Cancels}. */
export function createCancels({ gateway, jobs, uploads, toasts, attempt }: Dependencies): Cancels {
  const [asked, setAsked] = createSignal<{ id: string; name: string }>();
  const waiting = new Set<string>();
  const end = (id: string) => attempt(() => jobs.ask(id, () => gateway.cancelJob({ id })));
  const runAgain = (id: string) => attempt(() => jobs.ask(id, () => gateway.retryJob({ id })));

  function offerUndo(id: string, name: string, undo: () => void, lapse: () => void): void {
    const run = () => {
      undo();
      return [jobHref(id)];
    };
    toasts.show('info', texts.actions.canceled(name), { label: texts.actions.undo, run, lapse });
  }

  function endWaiting(id: string): void {
    if (waiting.delete(id)) void end(id);
  }

  return {
    asked,
    async cancel(id) {
      const job = jobs.find(id);
      if (job === undefined) return;
      const isSentHere = uploads.find(id) !== undefined;
      // To cancel once more is to mean it.
      if (waiting.has(id)) return endWaiting(id);
      if (job.state === JobState.UPLOADING && isSentHere && uploads.pause(id)) {
        waiting.add(id);
        const undo = () => waiting.delete(id) && uploads.resume(id);
        offerUndo(id, job.filename, undo, () => endWaiting(id));
      } else if (job.state === JobState.UPLOADING && !isSentHere) {
        setAsked({ id, name: job.filename });
      } else {
        await end(id);
        const ended = jobs.find(id);
        if (ended !== undefined && canRetry(ended)) {
          offerUndo(
            id,
            job.filename,
            () => void runAgain(id),
            () => {},
          );
        }
      }
    },
    async answer(isMeant) {
      const job = asked();
      setAsked(undefined);
      if (isMeant && job !== undefined) await end(job.id);
    },
    flush() {
      for (const id of [...waiting]) endWaiting(id);
    },
  };
}
