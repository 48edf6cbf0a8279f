import { Code, ConnectError } from '@connectrpc/connect';
import { ByteQueue } from './byte-queue.ts';
import { COMPRESSED_FLAG, FRAME_HEADER_BYTES } from './frame.ts';

/** Takes gRPC messages out of a stream of bytes that is cut anywhere. */
export class FrameReader {
  readonly #maxBytes: number;
  readonly #bytes = new ByteQueue();

  /** @param maxBytes the largest message that is taken */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether the stream stands in the middle of a message. */
  get isPartial(): boolean {
    return this.#bytes.length > 0;
  }

  /**
   * The messages that are whole with these bytes.
   *
   * @throws ConnectError for a message that is compressed or too large
   */
  *read(bytes: Buffer): Generator<Buffer> {
    this.#bytes.push(bytes);
    while (this.#bytes.length >= FRAME_HEADER_BYTES) {
      const header = this.#bytes.peek(FRAME_HEADER_BYTES);
      const length = header.readUInt32BE(1);
      if (header.readUInt8(0) & COMPRESSED_FLAG) throw new ConnectError('a message is compressed', Code.Internal);
      if (length > this.#maxBytes) {
        const text = `a message has ${length} bytes, but at most ${this.#maxBytes} are allowed`;
        throw new ConnectError(text, Code.ResourceExhausted);
      }
      if (this.#bytes.length < FRAME_HEADER_BYTES + length) return;
      yield this.#bytes.take(FRAME_HEADER_BYTES + length).subarray(FRAME_HEADER_BYTES);
    }
  }
}
