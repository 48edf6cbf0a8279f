import { Code, ConnectError } from '@connectrpc/connect';
import { COMPRESSED_FLAG, FRAME_HEADER_BYTES } from './frame.ts';

/** Takes gRPC messages out of a stream of bytes that is cut anywhere. */
export class FrameReader {
  readonly #maxBytes: number;
  readonly #pending: Buffer[] = [];
  #length = 0;

  /** @param maxBytes the largest message that is taken */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether the stream stands in the middle of a message. */
  get isPartial(): boolean {
    return this.#length > 0;
  }

  /**
   * The messages that are whole with these bytes.
   *
   * @throws ConnectError for a message that is compressed or too large
   */
  *read(bytes: Buffer): Generator<Buffer> {
    this.#pending.push(bytes);
    this.#length += bytes.length;
    while (this.#length >= FRAME_HEADER_BYTES) {
      const header = this.#gather(FRAME_HEADER_BYTES);
      const length = header.readUInt32BE(1);
      if (header.readUInt8(0) & COMPRESSED_FLAG) throw new ConnectError('a compressed message came', Code.Internal);
      if (length > this.#maxBytes) {
        const text = `a message has ${length} bytes, ${this.#maxBytes} are allowed`;
        throw new ConnectError(text, Code.ResourceExhausted);
      }
      if (this.#length < FRAME_HEADER_BYTES + length) return;
      const frame = FRAME_HEADER_BYTES + length;
      const whole = this.#gather(frame);
      this.#pending[0] = whole.subarray(frame);
      this.#length -= frame;
      yield whole.subarray(FRAME_HEADER_BYTES, frame);
    }
  }

  /** Brings at least so many bytes into the first buffer, and returns it. */
  #gather(length: number): Buffer {
    let [first = Buffer.alloc(0)] = this.#pending;
    if (first.length < length) {
      first = Buffer.concat(this.#pending);
      this.#pending.splice(0, this.#pending.length, first);
    }
    return first;
  }
}
