import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import { ProcessorService } from '#gen/tallystream/v1/processor_pb.ts';
import { isBodyWhole } from '../http/body-end.ts';
import { answer } from './grpc-call.ts';
import { ProcessCall } from './process-call.ts';
import { RequestReader } from './request-reader.ts';
import type { ThreadPool } from './threads/thread-pool.ts';

export interface GrpcHandlerOptions {
  pool: ThreadPool;
  limits: { maxDepartments: number };
  /** The caller of the call: places on threads are shared out fairly. */
  caller: string;
  /** The largest message that is taken, in bytes. */
  readMaxBytes: number;
  /** Ends running calls with `unavailable`. */
  shutdownSignal: AbortSignal;
}

/** The path of the call in HTTP. */
export const PROCESS_CSV_PATH = `/${ProcessorService.typeName}/${ProcessorService.method.processCsv.name}`;

/** Serves one call of ProcessCsv: the bytes of chunks go from the HTTP/2 stream into the kernel thread's memory. */
export function handleProcessCsv(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  { pool, limits, caller, readMaxBytes, shutdownSignal }: GrpcHandlerOptions,
): void {
  const begin = (signal: AbortSignal) => new ProcessCall(pool, limits, caller, signal);
  receive(request, answer(request, response, shutdownSignal, begin), readMaxBytes);
}

/** Hands on the bytes that come as long as there is room for them; a paused stream makes HTTP/2 stop the sender. */
function receive(request: Http2ServerRequest, call: ProcessCall, readMaxBytes: number): void {
  const { stream } = request;
  const reader = new RequestReader(readMaxBytes);
  let isWaiting = false;
  let isEnded = false;
  const pump = () => {
    if (isWaiting) return;
    try {
      if (!takeUp()) return;
      if (isEnded) finish();
    } catch (error) {
      call.fail(error);
    }
  };
  /** Whether everything that has come is taken up. */
  const takeUp = () => {
    for (let item = reader.next(); item; item = reader.next()) {
      if (item.kind === 'message') {
        const taken = call.message(item.message);
        if (!taken) continue;
        waitFor(taken);
        return false;
      }
      const taken = call.write(item.bytes);
      if (taken === item.bytes.length) continue;
      reader.unread(item.bytes.subarray(taken));
      waitFor(call.room());
      return false;
    }
    return true;
  };
  const waitFor = (room: Promise<void>) => {
    isWaiting = true;
    stream.pause();
    void room.then(() => {
      isWaiting = false;
      stream.resume();
      pump();
    });
  };
  const finish = () => {
    if (reader.isPartial) throw new ConnectError('the stream ended inside a message', Code.InvalidArgument);
    call.end().catch((error) => call.fail(error));
  };
  stream.on('data', (bytes: Buffer) => {
    reader.push(bytes);
    pump();
  });
  const onEnd = () => {
    // A stream that is reset ends too, and what came before is not the whole file.
    if (!isBodyWhole(request)) return;
    isEnded = true;
    pump();
  };
  // A call without a message ends with its headers, before anybody listens.
  if (stream.readableEnded) onEnd();
  else stream.on('end', onEnd);
}
