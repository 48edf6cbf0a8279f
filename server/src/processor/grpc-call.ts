import { constants, type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Stream } from 'node:http2';
import { toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { parseTimeout, setTrailerStatus } from '@connectrpc/connect/protocol-grpc';
import { type ProcessCsvResponse, ProcessCsvResponseSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { toConnectError } from '../connect-errors.ts';
import { encodeBytesFieldHead, encodeFrame } from '../process-csv/frame.ts';
import { EncodedTotals } from './process-call.ts';

/** A call whose responses are sent. */
export interface AnsweredCall {
  readonly responses: AsyncIterable<ProcessCsvResponse | EncodedTotals>;
  /** Ends the call with an error. */
  fail(error: unknown): void;
  /** Frees all that the call holds. */
  close(): void;
}

const CONTENT_TYPE = /^application\/grpc(\+proto)?$/i;

/**
 * Whether a request is a call of a method in plain gRPC, which can be taken straight off the stream. Everything else
 * (compressed messages, JSON, other protocols) is left to Connect.
 *
 * @param path of the method
 */
export function isGrpcCall({ headers, method, httpVersionMajor, url }: Http2ServerRequest, path: string): boolean {
  const encoding = headers['grpc-encoding'] ?? 'identity';
  return (
    httpVersionMajor === 2 &&
    method === 'POST' &&
    url === path &&
    CONTENT_TYPE.test(headers['content-type'] ?? '') &&
    encoding === 'identity'
  );
}

/**
 * Answers a call.
 *
 * @param begin makes the call. Its signal ends it: the caller has gone away, or its deadline has passed
 * @param shutdownSignal ends the call with `unavailable`
 */
export function answer<Call extends AnsweredCall>(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  shutdownSignal: AbortSignal,
  begin: (signal: AbortSignal) => Call,
): Call {
  const { stream, headers } = request;
  const ended = new AbortController();
  const signals = [ended.signal];
  const timeout = parseTimeout(String(headers['grpc-timeout'] ?? '') || null, Number.MAX_SAFE_INTEGER);
  if (timeout.timeoutMs !== undefined) signals.push(deadline(timeout.timeoutMs, ended.signal));
  stream.on('error', () => {});
  stream.on('close', () => ended.abort(new ConnectError('the caller has gone away', Code.Canceled)));
  const call = begin(AbortSignal.any(signals));
  const onShutdown = () => call.fail(new ConnectError('the processor is stopping', Code.Unavailable));
  shutdownSignal.addEventListener('abort', onShutdown, { once: true });
  ended.signal.addEventListener('abort', () => shutdownSignal.removeEventListener('abort', onShutdown));
  if (timeout.error) call.fail(timeout.error);
  void respond(response, String(headers['content-type']), call);
  return call;
}

function deadline(timeoutMs: number, endedSignal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const error = new ConnectError('the deadline of the call has passed', Code.DeadlineExceeded);
  const timer = setTimeout(() => controller.abort(error), Math.min(timeoutMs, 2 ** 31 - 1));
  endedSignal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return controller.signal;
}

async function respond(response: Http2ServerResponse, contentType: string, call: AnsweredCall): Promise<void> {
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
