import { constants, type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Stream } from 'node:http2';
import { toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { parseTimeout, setTrailerStatus } from '@connectrpc/connect/protocol-grpc';
import {
  type ProcessCsvResponse,
  ProcessCsvResponseSchema,
  ProcessorService,
} from '#gen/tallystream/v1/processor_pb.ts';
import { toConnectError } from '../connect-errors.ts';
import { isBodyWhole } from '../http/body-end.ts';
import { encodeBytesFieldHead, encodeFrame } from '../process-csv/frame.ts';
import { EncodedTotals, ProcessCall } from './process-call.ts';
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
const CONTENT_TYPE = /^application\/grpc(\+proto)?$/i;

/**
 * Whether a request is a call of ProcessCsv in plain gRPC, which {@link handleGrpcCall} can take straight off the
 * stream. Everything else (compressed messages, JSON, other protocols) is left to Connect.
 */
export function isGrpcCall(request: Http2ServerRequest): boolean {
  const { headers, method, httpVersionMajor, url } = request;
  const encoding = headers['grpc-encoding'] ?? 'identity';
  return (
    httpVersionMajor === 2 &&
    method === 'POST' &&
    url === PROCESS_CSV_PATH &&
    CONTENT_TYPE.test(headers['content-type'] ?? '') &&
    encoding === 'identity'
  );
}

/** Serves one call of ProcessCsv: the bytes of chunks go from the HTTP/2 stream into the kernel thread's memory. */
export function handleGrpcCall(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  options: GrpcHandlerOptions,
): void {
  const { stream, headers } = request;
  const ended = new AbortController();
  const signals = [ended.signal];
  const timeout = parseTimeout(String(headers['grpc-timeout'] ?? '') || null, Number.MAX_SAFE_INTEGER);
  if (timeout.timeoutMs !== undefined) signals.push(deadline(timeout.timeoutMs, ended.signal));
  stream.on('error', () => {});
  stream.on('close', () => ended.abort(new ConnectError('the caller has gone away', Code.Canceled)));
  const onShutdown = () => call.fail(new ConnectError('the processor is stopping', Code.Unavailable));
  const call = new ProcessCall(options.pool, options.limits, options.caller, AbortSignal.any(signals));
  options.shutdownSignal.addEventListener('abort', onShutdown, { once: true });
  ended.signal.addEventListener('abort', () => options.shutdownSignal.removeEventListener('abort', onShutdown));
  if (timeout.error) call.fail(timeout.error);
  receive(request, call, options.readMaxBytes);
  void respond(response, String(headers['content-type']), call);
}

function deadline(timeoutMs: number, endedSignal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const error = new ConnectError('the deadline of the call has passed', Code.DeadlineExceeded);
  const timer = setTimeout(() => controller.abort(error), Math.min(timeoutMs, 2 ** 31 - 1));
  endedSignal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return controller.signal;
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

async function respond(response: Http2ServerResponse, contentType: string, call: ProcessCall): Promise<void> {
  const { stream } = response;
  let failure: ConnectError | undefined;
  try {
    stream.respond({ ':status': 200, 'content-type': contentType }, { waitForTrailers: true });
    for await (const message of call.responses) {
      const hasRoom = stream.write(toFrame(message));
      if (!hasRoom) await drained(stream);
    }
  } catch (error) {
    failure = toConnectError(error);
  } finally {
    call.close();
  }
  if (stream.destroyed) return;
  // The compatibility API that the stream came through sends them when they are wanted.
  response.addTrailers(Object.fromEntries(setTrailerStatus(new Headers(), failure)));
  stream.once('wantTrailers', () => {
    // Further bytes from the caller are of no use; gRPC has servers say so with NO_ERROR.
    if (!stream.readableEnded) setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR));
  });
  stream.end();
}

function toFrame(message: ProcessCsvResponse | EncodedTotals): Uint8Array {
  if (message instanceof EncodedTotals) {
    const { batch } = message;
    return Buffer.concat([encodeBytesFieldHead(ProcessCsvResponseSchema.field.totals.number, batch.length), batch]);
  }
  return encodeFrame(toBinary(ProcessCsvResponseSchema, message));
}

/** Resolves when the stream takes more, or is gone. */
async function drained(stream: ServerHttp2Stream): Promise<void> {
  if (stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}
