import type { ServiceImpl } from '@connectrpc/connect';
import {
  type ProcessCsvRequest,
  type ProcessCsvResponse,
  type ProcessorService,
  ProcessSourceRequestSchema,
} from '#gen/tallystream/v1/processor_pb.ts';
import { callerKey, sharerOf } from '../../access/caller.ts';
import { TallyError } from '../../errors.ts';
import { OUTSIDE_HEADER } from '../../process-csv/outside-header.ts';
import { checkTexts } from '../../process-csv/request-texts.ts';
import type { Processors } from '../../processor-client/processors.ts';
import { CallPlaces } from '../../queue/call-places.ts';
import { FairQueue } from '../../queue/fair-queue.ts';
import { Starts } from '../../queue/starts.ts';

/** The most of a call that is handed on in a turn of the event loop, but for one message that is larger alone. */
const STEP_BYTES = 64 * 1024;
const STEP_MESSAGES = 16;

/**
 * Hands calls of ProcessCsv on to a processor as they are. They share places of their own, fairly among callers, and take
 * one with their first bytes, so that they never keep the gateway's jobs waiting, nor each other for nothing. Turns keep
 * their share of this thread small.
 *
 * @param places how many such calls have bytes at a processor at once
 */
export function outsideCalls(
  processors: Processors,
  places: number,
): ServiceImpl<typeof ProcessorService>['processCsv'] {
  const queue = CallPlaces.shared(places);
  const turns = new Starts<string>({ later: setImmediate, perTurn: 1 });
  return async function* processCsv(requests, context): AsyncGenerator<ProcessCsvResponse> {
    const ended = new AbortController();
    const signal = AbortSignal.any([context.signal, ended.signal]);
    const caller = sharerOf(context.values.get(callerKey) ?? {});
    const call = new OutsideCall({ queue, turns, caller, ended });
    try {
      const headers = { [OUTSIDE_HEADER]: '1' };
      yield* processors.client().processCsv(call.paced(requests, signal), { signal, headers });
    } catch (error) {
      // Of a call that lost its place, that is the reason, whatever the processor made of its end.
      ended.signal.throwIfAborted();
      throw error;
    } finally {
      call.end();
      ended.abort();
    }
  };
}

/** A caller that reads nothing for so long gives its place to others that wait. */
const MAX_UNREAD_MS = 10_000;
const LOOK_MS = 1_000;
const UNREAD_TEXT = 'Nothing of the responses was read for 10 seconds while others waited: call again, and read them.';

/** Sources that are read for others at once. */
const OUTSIDE_SOURCES = 2;

/** Hands calls of ProcessSource on to a processor as they are, a few at once, fairly among callers. */
export function outsideSources(processors: Processors): ServiceImpl<typeof ProcessorService>['processSource'] {
  const places = new FairQueue(OUTSIDE_SOURCES);
  return async function* processSource(request, { signal, values }): AsyncGenerator<ProcessCsvResponse> {
    checkTexts(ProcessSourceRequestSchema, request);
    const release = await places.acquire(signal, sharerOf(values.get(callerKey) ?? {}));
    const ended = new AbortController();
    let unreadSince: number | undefined;
    const timer = setInterval(() => {
      if (places.waitingCount === 0 || unreadSince === undefined) return;
      if (performance.now() - unreadSince < MAX_UNREAD_MS) return;
      ended.abort(new TallyError('CALL_IDLE', UNREAD_TEXT));
      release();
    }, LOOK_MS);
    try {
      const headers = { [OUTSIDE_HEADER]: '1' };
      const either = AbortSignal.any([signal, ended.signal]);
      for await (const response of processors.client().processSource(request, { signal: either, headers })) {
        unreadSince = performance.now();
        yield response;
        unreadSince = undefined;
        ended.signal.throwIfAborted();
      }
    } catch (error) {
      ended.signal.throwIfAborted();
      throw error;
    } finally {
      clearInterval(timer);
      release();
    }
  };
}

interface OutsideCallOptions {
  queue: CallPlaces;
  turns: Starts<string>;
  caller: string;
  ended: AbortController;
}

/** One call on its way. */
class OutsideCall {
  readonly #queue: CallPlaces;
  readonly #turns: Starts<string>;
  readonly #caller: string;
  readonly #ended: AbortController;
  #release: (() => void) | undefined;
  /** When the call began to wait for its caller; undefined while the processor has what the caller gave. */
  #idleSince: number | undefined;

  constructor({ queue, turns, caller, ended }: OutsideCallOptions) {
    this.#queue = queue;
    this.#turns = turns;
    this.#caller = caller;
    this.#ended = ended;
  }

  /** The requests, of which the first with bytes waits for a place. */
  async *paced(requests: AsyncIterable<ProcessCsvRequest>, signal: AbortSignal): AsyncGenerator<ProcessCsvRequest> {
    let bytes = 0;
    let messages = 0;
    for await (const request of requests) {
      this.#idleSince = undefined;
      if (bytes >= STEP_BYTES || messages >= STEP_MESSAGES) {
        await this.#turns.turn(this.#caller, signal);
        bytes = 0;
        messages = 0;
      }
      const { value } = request.message;
      // A chunk, or a part of a checkpoint.
      if (value instanceof Uint8Array) bytes += value.length;
      messages++;
      if (!this.#release && request.message.case !== 'options') await this.#takePlace(signal);
      yield request;
      this.#idleSince = performance.now();
    }
    this.#idleSince = undefined;
  }

  end(): void {
    this.#release?.();
  }

  async #takePlace(signal: AbortSignal): Promise<void> {
    this.#release = await this.#queue.acquire(signal, this.#caller, {
      idleMs: () => (this.#idleSince === undefined ? 0 : performance.now() - this.#idleSince),
      onTaken: (reason) => this.#ended.abort(reason),
    });
  }
}
