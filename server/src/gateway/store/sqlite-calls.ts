import type { MessagePort, Worker } from 'node:worker_threads';
import { fromSqliteError } from './sqlite-errors.ts';

/** What a thread can be asked, by name. */
type Calls = Record<string, (...values: never[]) => unknown>;

interface CallRequest {
  id: number;
  name: string;
  values: unknown[];
  /** Shared with the asking thread, which sets it when nobody wants the answer any more. */
  isUnwanted: Int32Array | undefined;
}

type CallResponse = { id: number; value: unknown } | { id: number; error: unknown };

/** Asks the thread; it answers one call after the other. */
export interface ThreadCalls<C extends Calls> {
  call<K extends keyof C & string>(name: K, ...values: Parameters<C[K]>): Promise<ReturnType<C[K]>>;
  /** As `call`, until the signal: a call that waits in line then is dropped. @throws the signal's reason */
  callUntil<K extends keyof C & string>(
    signal: AbortSignal | undefined,
    name: K,
    ...values: Parameters<C[K]>
  ): Promise<ReturnType<C[K]>>;
}

/** The asking end. Calls that the thread leaves unanswered fail with what ended it. */
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
  const send = async (signal: AbortSignal | undefined, name: string, values: unknown[]) => {
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
    thread.postMessage({ id, name, values, isUnwanted } satisfies CallRequest);
    try {
      return await answer.promise;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  };
  return {
    call: (name, ...values) => send(undefined, name, values),
    callUntil: (signal, name, ...values) => send(signal, name, values),
  } as ThreadCalls<C>;
}

/** The answering end, in the thread. It ends with the call of `close`. */
export function answerCalls(port: MessagePort, calls: Calls): void {
  port.on('message', ({ id, name, values, isUnwanted }: CallRequest) => {
    if (isUnwanted && Atomics.load(isUnwanted, 0) === 1) return;
    try {
      const value = calls[name]?.(...(values as never[]));
      port.postMessage({ id, value } satisfies CallResponse);
      if (name === 'close') port.close();
    } catch (error) {
      const { message, code } = error as Error & { code?: unknown };
      port.postMessage({ id, error: { message, code } } satisfies CallResponse);
    }
  });
}
