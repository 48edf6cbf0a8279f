import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { constants } from 'node:http2';
import { create, type DescMethod, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { codeFromHttpStatus, findTrailerError } from '@connectrpc/connect/protocol-grpc';
import {
  ProcessCsvRequestSchema,
  type ProcessCsvResponse,
  ProcessCsvResponseSchema,
  ProcessorService,
  type ProcessSourceRequest,
  ProcessSourceRequestSchema,
  TotalsBatchSchema,
} from '#gen/tallystream/v1/processor_pb.ts';
import { totalLength } from '../bytes/total-length.ts';
import { TallyError } from '../errors.ts';
import { encodeBytesFieldHead, encodeFrame, onlyFieldHeadBytes } from '../process-csv/frame.ts';
import { FrameReader } from '../process-csv/frame-reader.ts';
import type { ProcessorConnection } from './processor-connection.ts';

const pathOf = ({ name }: DescMethod) => `/${ProcessorService.typeName}/${name}`;
const CHUNK_FIELD = ProcessCsvRequestSchema.field.chunk.number;
/** Totals stay as they came: there may be millions. */
export type StreamResponse =
  | Exclude<ProcessCsvResponse['message'], { case: 'totals' }>
  /** A TotalsBatch of processor.proto. */
  | { case: 'totals'; value: Uint8Array };

const TOTALS_FIELD = ProcessCsvResponseSchema.field.totals.number;
/** The largest response that is taken: a batch of totals or rejects has a fraction of it. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/**
 * The sending side of a gRPC call of ProcessCsv or ProcessSource, written straight onto an HTTP/2 stream. Connect's client copies every
 * message three times into fresh memory and waits for each write; here the bytes of a chunk go to the socket from where
 * they lie.
 */
export class ProcessStream {
  /** The responses; throws the call's error at its end, a ConnectError. */
  readonly responses: AsyncIterable<StreamResponse>;
  /** Aborted when the processor says that it will stop: calls may go on for a moment. */
  readonly leaving: AbortSignal;
  readonly #stream: ClientHttp2Stream;

  private constructor(stream: ClientHttp2Stream) {
    this.#stream = stream;
    this.leaving = leavingSignal(stream);
    this.responses = readResponses(stream);
  }

  /**
   * Begins a call of ProcessCsv.
   *
   * @throws ConnectError `unavailable` if the processor cannot be reached
   */
  static open(connection: ProcessorConnection, signal: AbortSignal): Promise<ProcessStream> {
    return ProcessStream.#begin(connection, ProcessorService.method.processCsv, signal);
  }

  /** Makes a call of ProcessSource. @throws as {@link open} */
  static async openSource(
    connection: ProcessorConnection,
    request: ProcessSourceRequest,
    signal: AbortSignal,
  ): Promise<ProcessStream> {
    const stream = await ProcessStream.#begin(connection, ProcessorService.method.processSource, signal);
    void stream.#write([encodeFrame(toBinary(ProcessSourceRequestSchema, request))]);
    stream.end();
    return stream;
  }

  static async #begin(
    connection: ProcessorConnection,
    method: DescMethod,
    signal: AbortSignal,
  ): Promise<ProcessStream> {
    const headers = { 'content-type': 'application/grpc+proto', te: 'trailers', 'user-agent': 'tallystream-gateway' };
    const stream = await connection.request('POST', pathOf(method), headers, {});
    // `responses` and the writers report errors.
    stream.on('error', () => {});
    const cancel = () => giveUp(stream);
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    stream.once('close', () => signal.removeEventListener('abort', cancel));
    return new ProcessStream(stream);
  }

  /** Sends a message that carries no chunk. */
  async send(message: MessageInitShape<typeof ProcessCsvRequestSchema>): Promise<void> {
    await this.#write([encodeFrame(toBinary(ProcessCsvRequestSchema, create(ProcessCsvRequestSchema, message)))]);
  }

  /** Sends pieces of the file as one message. Their memory may be used again when the promise resolves. */
  async sendChunk(...pieces: readonly Uint8Array[]): Promise<void> {
    await this.#write([encodeBytesFieldHead(CHUNK_FIELD, totalLength(pieces)), ...pieces]);
  }

  /** Says that the file has ended. */
  end(): void {
    this.#stream.end();
  }

  /** Gives the call up; a call that has ended stays as it is. */
  cancel(): void {
    giveUp(this.#stream);
  }

  /** Resolves when the bytes have left; or when nobody wants them any more, which `responses` explains. */
  #write(pieces: readonly Uint8Array[]): Promise<void> {
    const stream = this.#stream;
    return new Promise((resolve) => {
      if (stream.destroyed || stream.closed) {
        resolve();
        return;
      }
      const done = () => {
        stream.off('close', done);
        resolve();
      };
      stream.on('close', done);
      // All of them go to the socket together.
      stream.cork();
      for (const [index, piece] of pieces.entries())
        stream.write(piece, index === pieces.length - 1 ? done : undefined);
      stream.uncork();
    });
  }

  /** Whether the processor has ended the call, so that sending more is of no use. */
  get isClosed(): boolean {
    return this.#stream.destroyed || this.#stream.closed;
  }
}

/**
 * Cancels a stream, and waits for nothing: the cancel alone would end it only when its frame has left, which a processor
 * that does not read holds up until its connection is given up.
 */
function giveUp(stream: ClientHttp2Stream): void {
  stream.close(constants.NGHTTP2_CANCEL);
  stream.destroy();
}

/** HTTP/2's GOAWAY, which a server sends when it begins to stop. */
function leavingSignal(stream: ClientHttp2Stream): AbortSignal {
  const leaving = new AbortController();
  const { session } = stream;
  const onGoaway = () => leaving.abort(new TallyError('STOPPING', 'The processor is stopping.'));
  session?.once('goaway', onGoaway);
  stream.once('close', () => session?.off('goaway', onGoaway));
  return leaving.signal;
}

async function* readResponses(stream: ClientHttp2Stream): AsyncGenerator<StreamResponse> {
  const head = responseHead(stream);
  const trailers = responseTrailers(stream);
  const reader = new FrameReader(MAX_RESPONSE_BYTES);
  const headers = await head;
  const status = Number(headers[':status']);
  if (status !== 200) throw new ConnectError(`the processor answered HTTP ${status}`, codeFromHttpStatus(status));
  // A refusal comes as headers alone.
  throwIfFailed(headers);
  try {
    for await (const bytes of stream as AsyncIterable<Buffer>) {
      for (const message of reader.read(bytes)) yield decoded(message);
    }
    if (reader.isPartial) throw new ConnectError('the stream ended inside a message', Code.Internal);
  } catch (error) {
    throw error instanceof ConnectError ? error : streamError(stream, error);
  }
  const last = await trailers;
  if (!last) throw streamError(stream, undefined);
  throwIfFailed(last);
}

function decoded(bytes: Uint8Array): StreamResponse {
  const headBytes = onlyFieldHeadBytes(TOTALS_FIELD, bytes, 0, bytes.length);
  if (typeof headBytes === 'number') return { case: 'totals', value: bytes.subarray(headBytes) };
  const { message } = fromBinary(ProcessCsvResponseSchema, bytes);
  if (message.case !== 'totals') return message;
  // Beside fields that are not known here.
  return { case: 'totals', value: toBinary(TotalsBatchSchema, message.value) };
}

function responseHead(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    stream.once('response', resolve);
    stream.once('close', () => reject(streamError(stream, undefined)));
    stream.once('error', (error) => reject(streamError(stream, error)));
  });
}

/** The trailers, or undefined if the stream closed without. */
function responseTrailers(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders | undefined> {
  return new Promise((resolve) => {
    stream.once('trailers', resolve);
    stream.once('close', () => resolve(undefined));
  });
}

function throwIfFailed(headers: IncomingHttpHeaders): void {
  const fields = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(':') && value !== undefined) fields.set(name, String(value));
  }
  const error = findTrailerError(fields);
  if (error) throw error;
}

/** As in gRPC's table of HTTP/2 error codes: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors */
function streamError(stream: ClientHttp2Stream, cause: unknown): ConnectError {
  const { rstCode } = stream;
  const code =
    rstCode === constants.NGHTTP2_REFUSED_STREAM
      ? Code.Unavailable
      : rstCode === constants.NGHTTP2_CANCEL
        ? Code.Canceled
        : Code.Internal;
  return new ConnectError(`the stream to the processor broke off (HTTP/2 code ${rstCode})`, code, {}, [], cause);
}
