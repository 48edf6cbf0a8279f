import type { MessagePort, Worker } from 'node:worker_threads';
import { TallyError } from '../../errors.ts';
import { ReadLanes, type Steps } from './read-lanes.ts';
import { fromSqliteError } from './sqlite-errors.ts';

/** The calls that a thread answers, by name. */
type Calls = Record<string, (...values: never[]) => unknown>;

interface CallRequest {
  id: number;
  name: string;
  values: unknown[];
  /** The caller whose turn it takes; a call without one is answered at once. */
  lane: string | undefined;
  /** Shared with the asking thread, which sets it when nobody wants the answer any more. */
  isUnwanted: Int32Array | undefined;
}

type CallResponse = { id: number; value: unknown } | { id: number; error: unknown };

/** For whom something is read. */
export interface Reader {
  /** The caller, whose readings take their turn with those of others: see `read-lanes.ts`. */
  lane: string;
  /** Says that nobody wants the answer any more. */
  signal?: AbortSignal | undefined;
  /** Whether the number of its readings is bounded in another way, so that none is refused. */
  mayQueue?: boolean;
}

/** Readings that one caller may have waiting. */
const MAX_WAITING = 64;

/** The result of a call that is done in steps is that of the last one. */
type Answer<T> = T extends Generator<void, infer Last> ? Last : T;

/** Asks the thread; it answers one call after the other, and readings between them. */
export interface ThreadCalls<C extends Calls> {
  call<K extends keyof C & string>(name: K, ...values: Parameters<C[K]>): Promise<Answer<ReturnType<C[K]>>>;
  /**
   * As `call`, for something that may take long: it is done in steps, after all calls that wait and in turns with the
   * readings of others. With the signal it is dropped, even in the middle.
   *
   * @throws TallyError TOO_MANY_REQUESTS; the signal's reason
   */
  read<K extends keyof C & string>(
    reader: Reader,
    name: K,
    ...values: Parameters<C[K]>
  ): Promise<Answer<ReturnType<C[K]>>>;
}

/** The asking end. Calls that the thread leaves unanswered fail with the error that ended it. */
export function createCalls<C extends Calls>(thread: Pick<Worker, 'on' | 'postMessage'>): ThreadCalls<C> {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  let death: Error | undefined;
  thread.on('message', (response: CallResponse) => {
    const call = waiting.get(response.id);
    waiting.delete(response.id);
    if ('error' in response) call?.reject(fromSqliteError(response.error));
    else call?.resolve(response.value);
  });
  thread.on('error', (error) => (death = error as Error));
  thread.on('exit', () => {
    death ??= new Error('the thread of the database has ended');
    for (const call of waiting.values()) call.reject(death);
    waiting.clear();
  });
  const send = async (name: string, values: unknown[], { lane, signal }: Partial<Reader> = {}) => {
    signal?.throwIfAborted();
    if (death) throw death;
    const id = ++lastId;
    const answer = Promise.withResolvers<unknown>();
    // A message would stand in line behind the call that it is about.
    const isUnwanted = signal && new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const giveUp = () => {
      if (isUnwanted) Atomics.store(isUnwanted, 0, 1);
      waiting.delete(id);
      answer.reject(signal?.reason);
    };
    waiting.set(id, answer);
    signal?.addEventListener('abort', giveUp, { once: true });
    thread.postMessage({ id, name, values, lane, isUnwanted } satisfies CallRequest);
    try {
      return await answer.promise;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  };
  const lanes = new Map<string, number>();
  return {
    call: (name, ...values) => send(name, values),
    read: (reader, name, ...values) => inLane(lanes, reader, () => send(name, values, reader)),
  } as ThreadCalls<C>;
}

/** Counts the readings of each caller, and refuses those that are too many. */
async function inLane<T>(lanes: Map<string, number>, { lane, mayQueue }: Reader, work: () => Promise<T>): Promise<T> {
  const waiting = lanes.get(lane) ?? 0;
  if (waiting >= MAX_WAITING && !mayQueue) {
    throw new TallyError(
      'TOO_MANY_REQUESTS',
      `${waiting} of your requests for results and lists are already waiting: send the next one when one is answered.`,
    );
  }
  lanes.set(lane, waiting + 1);
  try {
    return await work();
  } finally {
    const left = (lanes.get(lane) ?? 1) - 1;
    if (left > 0) lanes.set(lane, left);
    else lanes.delete(lane);
  }
}

/**
 * The answering end, in the thread. Calls without a lane come first, whenever they come; readings have a step each
 * between them. It ends with the call of `close`.
 */
export function answerCalls(port: MessagePort, calls: Calls): void {
  const lanes = new ReadLanes(setImmediate);
  port.on('message', ({ id, name, values, lane, isUnwanted }: CallRequest) => {
    const isDropped = () => isUnwanted !== undefined && Atomics.load(isUnwanted, 0) === 1;
    const done = (value: unknown) => port.postMessage({ id, value } satisfies CallResponse);
    const failed = (error: unknown) => {
      const { message, code } = error as Error & { code?: unknown };
      port.postMessage({ id, error: { message, code } } satisfies CallResponse);
    };
    const run = () => calls[name]?.(...(values as never[]));
    if (lane !== undefined) {
      lanes.add(lane, { steps: inSteps(run), isUnwanted: isDropped, done, failed });
      return;
    }
    try {
      done(run());
      if (name !== 'close') return;
      lanes.clear();
      port.close();
    } catch (error) {
      failed(error);
    }
  });
}

/** The steps of a call; one, if it has none of its own. */
function* inSteps(run: () => unknown): Steps {
  const value = run();
  return isSteps(value) ? yield* value : value;
}

function isSteps(value: unknown): value is Steps {
  return typeof value === 'object' && value !== null && Symbol.iterator in value && 'next' in value;
}
