import { Code, ConnectError } from '@connectrpc/connect';
import type { Progress, Summary } from '#gen/tallystream/v1/processor_pb.ts';
import { ERROR_CODE_HEADER, isErrorCode, TallyError } from '../../errors.ts';
import type { StreamResponse } from '../../processor-client/process-stream.ts';
import type { JobStore } from '../store/job-store.ts';
import type { BoundedWrites } from './bounded-writes.ts';
import type { CheckpointKeeper } from './checkpoint-keeper.ts';
import type { FeedObserver } from './feeder.ts';

/** Where the responses of a call go. */
export interface ResponseTargets {
  store: JobStore;
  resultId: number;
  /** What is on its way into the store. */
  writes: BoundedWrites;
  keeper: CheckpointKeeper;
  observer: FeedObserver;
  /** How much of the upload a progress stands for, in bytes. */
  toUpload(progress: Progress): number;
  /** The processor has said something. */
  onResponse(): void;
}

/**
 * Brings the responses of a call into the store.
 *
 * @throws the error of the call or of the store
 */
export async function receiveResponses(
  responses: AsyncIterable<StreamResponse>,
  { store, resultId, writes, keeper, observer, toUpload, onResponse }: ResponseTargets,
): Promise<Summary> {
  let summary: Summary | undefined;
  for await (const message of responses) {
    onResponse();
    if (message.case === 'progress') {
      observer.onProgress(message.value, toUpload(message.value));
    } else if (message.case === 'rejects') {
      keeper.gotRejects(message.value.rejects);
      await writes.add(store.addRejects(resultId, message.value.rejects));
    } else if (message.case === 'checkpoint') {
      if (!message.value.more) observer.onCheckpointReceived();
      const kept = keeper.received(message.value, () => writes.settle());
      if (kept) await writes.add(kept);
    } else if (message.case === 'totals') {
      await writes.add(store.addTotals(resultId, message.value));
    } else if (message.case === 'summary') {
      summary = message.value;
    }
  }
  await writes.settle();
  if (summary) return summary;
  throw new ConnectError('the stream ended without a summary', Code.Internal);
}

/** A verdict of the processor about the file is final; its loss is not. */
export function explainFailure(error: unknown, hasStarted: boolean): unknown {
  if (!(error instanceof ConnectError)) return error;
  const code = error.metadata.get(ERROR_CODE_HEADER);
  if (isErrorCode(code) && code !== 'UNAUTHENTICATED') return new TallyError(code, error.rawMessage, { cause: error });
  switch (error.code) {
    case Code.Unavailable:
    case Code.Aborted:
    case Code.Internal:
    case Code.Unknown:
    case Code.Canceled:
      return hasStarted && error.code !== Code.Unavailable
        ? new TallyError('PROCESSOR_CRASHED', 'The processor crashed while it worked on this file.', { cause: error })
        : new TallyError('PROCESSOR_UNAVAILABLE', 'No processor can be reached.', { cause: error });
    case Code.Unauthenticated:
    case Code.PermissionDenied:
      return new TallyError('PROCESSOR_UNAVAILABLE', "The processor rejects this gateway's key.", {
        cause: error,
      });
    default:
      return error;
  }
}
