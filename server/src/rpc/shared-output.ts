import { setImmediate as nextTurn } from 'node:timers/promises';
import { createContextKey } from '@connectrpc/connect';
import {
  type Compression,
  encodeEnvelope,
  type UniversalHandler,
  type UniversalServerRequest,
} from '@connectrpc/connect/protocol';
import { COMPRESSED_FLAG, FRAME_HEADER_BYTES } from '../process-csv/frame.ts';
import { COMPRESSIONS } from './request-guard.ts';

/** The form in which a call wants its messages. */
export type MessageFormat = 'binary' | 'json';

/** Bytes that are written at once, so that a reader that stands still holds no copy of more than this. */
const SLICE_BYTES = 64 * 1024;
/** Below this compression costs more than it saves: Connect's own limit. */
const COMPRESS_MIN_BYTES = 1024;
const ENCODING_HEADERS = ['connect-content-encoding', 'grpc-encoding'];

/** A message that goes to many: it is serialised once in each form that anybody wants, and its bytes are shared. */
export class SharedMessage {
  readonly #serialize: (format: MessageFormat) => Uint8Array;
  readonly #frames = new Map<string, Promise<Uint8Array>>();

  constructor(serialize: (format: MessageFormat) => Uint8Array) {
    this.#serialize = serialize;
  }

  /** The message in its envelope, which Connect's streams, gRPC and gRPC-Web have alike. */
  frame(format: MessageFormat, compression: Compression | undefined): Promise<Uint8Array> {
    const form = `${format} ${compression?.name}`;
    let frame = this.#frames.get(form);
    if (!frame) {
      frame = this.#encode(format, compression);
      this.#frames.set(form, frame);
    }
    return frame;
  }

  async #encode(format: MessageFormat, compression: Compression | undefined): Promise<Uint8Array> {
    if (!compression) return encodeEnvelope(0, this.#serialize(format));
    const plain = (await this.frame(format, undefined)).subarray(FRAME_HEADER_BYTES);
    if (plain.length < COMPRESS_MIN_BYTES) return await this.frame(format, undefined);
    return encodeEnvelope(COMPRESSED_FLAG, await compression.compress(plain));
  }
}

/** The shared messages that a call is about to send, in order. */
export class SharedOutput {
  readonly #messages: SharedMessage[] = [];

  /** Sends a message in place of the next one that the handler yields, which must be empty. */
  push(message: SharedMessage): void {
    this.#messages.push(message);
  }

  next(): SharedMessage | undefined {
    return this.#messages.shift();
  }
}

/** Where a handler finds the {@link SharedOutput} of its call; undefined where it cannot share. */
export const sharedOutputKey = createContextKey<SharedOutput | undefined>(undefined, {
  description: 'the shared messages of a streaming RPC',
});

/**
 * The same handler, whose calls may send {@link SharedMessage}s. Connect serialises each message for each call, and has
 * no place to say that the bytes are there already. So a handler yields an empty message, and the envelope of it is
 * replaced on its way out; headers, errors and trailers of every protocol stay Connect's.
 */
export function shareOutput(handler: UniversalHandler): UniversalHandler {
  const sharing = async (request: UniversalServerRequest) => {
    const output = new SharedOutput();
    request.contextValues?.set(sharedOutputKey, output);
    const response = await handler(request);
    if (!response.body || response.status !== 200) return response;
    const header = new Headers(response.header);
    const format = /json/.test(header.get('content-type') ?? '') ? 'json' : 'binary';
    const encoding = ENCODING_HEADERS.map((name) => header.get(name)).find((name) => name !== null);
    const compression = COMPRESSIONS.find(({ name }) => name === encoding);
    return { ...response, body: replaced(response.body, output, format, compression) };
  };
  return Object.assign(sharing, handler);
}

/** Connect's envelopes come one at a time. Flags other than 0 are of an end, which stays. */
async function* replaced(
  body: AsyncIterable<Uint8Array>,
  output: SharedOutput,
  format: MessageFormat,
  compression: Compression | undefined,
): AsyncIterable<Uint8Array> {
  for await (const envelope of body) {
    const message = envelope[0] === 0 ? output.next() : undefined;
    if (!message) {
      yield envelope;
      continue;
    }
    const frame = await message.frame(format, compression);
    for (let at = 0; at < frame.length; at += SLICE_BYTES) {
      yield frame.subarray(at, at + SLICE_BYTES);
      // Hundreds of readers of megabytes each would keep everybody else from their turn.
      await nextTurn();
    }
  }
}
