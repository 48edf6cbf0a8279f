import type { ServiceImpl } from '@connectrpc/connect';
import type { ProcessCsvRequest, ProcessCsvResponse, ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { CallPlaces } from '../call-places.ts';
import { callerKey, sharerOf } from '../caller.ts';
import { OUTSIDE_HEADER } from '../outside-header.ts';
import { takeTurns } from '../take-turns.ts';
import type { Processors } from './processors.ts';

/**
 * Hands calls of ProcessCsv on to a processor as they are. They share places of their own, fairly among callers, and take
 * one with their first bytes, so that they never keep the gateway's jobs waiting, nor each other for nothing.
 *
 * @param places how many such calls have bytes at a processor at once
 */
export function outsideCalls(
  processors: Processors,
  places: number,
): ServiceImpl<typeof ProcessorService>['processCsv'] {
  const queue = CallPlaces.shared(places);
  return async function* processCsv(requests, context): AsyncGenerator<ProcessCsvResponse> {
    const ended = new AbortController();
    const signal = AbortSignal.any([context.signal, ended.signal]);
    const call = new OutsideCall(queue, sharerOf(context.values.get(callerKey) ?? {}), ended);
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

/** One call on its way. */
class OutsideCall {
  readonly #queue: CallPlaces;
  readonly #caller: string;
  readonly #ended: AbortController;
  #release: (() => void) | undefined;
  /** When the call began to wait for its caller; undefined while the processor has what the caller gave. */
  #idleSince: number | undefined;

  constructor(queue: CallPlaces, caller: string, ended: AbortController) {
    this.#queue = queue;
    this.#caller = caller;
    this.#ended = ended;
  }

  /** The requests, of which the first with bytes waits for a place. */
  async *paced(requests: AsyncIterable<ProcessCsvRequest>, signal: AbortSignal): AsyncGenerator<ProcessCsvRequest> {
    for await (const request of takeTurns(requests)) {
      this.#idleSince = undefined;
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
