import { fromBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { type ProcessCsvRequest, ProcessCsvRequestSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { ByteQueue } from '../process-csv/byte-queue.ts';
import { COMPRESSED_FLAG, FRAME_HEADER_BYTES, MAX_FIELD_HEAD_BYTES, onlyFieldHeadBytes } from '../process-csv/frame.ts';

const CHUNK_FIELD = ProcessCsvRequestSchema.field.chunk.number;

/** An item of a stream of ProcessCsv requests: bytes of the file as they come, and other messages whole. */
export type RequestItem = { kind: 'bytes'; bytes: Buffer } | { kind: 'message'; message: ProcessCsvRequest };

/**
 * Takes the requests of ProcessCsv out of gRPC's frames. The bytes of a chunk are handed on where they lie, as soon as
 * they are there: neither a whole message nor a copy of it is ever made.
 */
export class RequestReader {
  readonly #maxBytes: number;
  /** The bytes that are not taken up yet. */
  readonly #bytes = new ByteQueue();
  /** Bytes that are still to come of the chunk that is being read. */
  #chunkRest = 0;

  /** @param maxBytes the largest message that is taken */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether the stream stands in the middle of a message. */
  get isPartial(): boolean {
    return this.#chunkRest > 0 || this.#bytes.length > 0;
  }

  push(bytes: Buffer): void {
    this.#bytes.push(bytes);
  }

  /** Puts bytes of a chunk back that could not be taken up now. */
  unread(bytes: Buffer): void {
    this.#bytes.unshift(bytes);
    this.#chunkRest += bytes.length;
  }

  /**
   * The next item, or undefined if more bytes are needed for it.
   *
   * @throws ConnectError for bytes that are no request
   */
  next(): RequestItem | undefined {
    while (true) {
      if (this.#chunkRest > 0) return this.#chunkBytes();
      if (this.#bytes.length < FRAME_HEADER_BYTES) return undefined;
      const head = this.#bytes.peek(FRAME_HEADER_BYTES + MAX_FIELD_HEAD_BYTES);
      const length = head.readUInt32BE(1);
      this.#check(head.readUInt8(0), length);
      const headBytes = onlyFieldHeadBytes(CHUNK_FIELD, head, FRAME_HEADER_BYTES, length);
      if (headBytes === 'unclear') return undefined;
      if (headBytes) {
        this.#bytes.take(FRAME_HEADER_BYTES + headBytes);
        this.#chunkRest = length - headBytes;
        // An empty chunk has no bytes to hand on, and still begins the file.
        if (this.#chunkRest === 0) return { kind: 'bytes', bytes: Buffer.alloc(0) };
        continue;
      }
      if (this.#bytes.length < FRAME_HEADER_BYTES + length) return undefined;
      return this.#message(this.#bytes.take(FRAME_HEADER_BYTES + length).subarray(FRAME_HEADER_BYTES));
    }
  }

  #chunkBytes(): RequestItem | undefined {
    if (this.#bytes.length === 0) return undefined;
    const bytes = this.#bytes.takePiece(this.#chunkRest);
    this.#chunkRest -= bytes.length;
    return { kind: 'bytes', bytes };
  }

  #check(flags: number, length: number): void {
    if (flags & COMPRESSED_FLAG) throw new ConnectError('a compressed message names no encoding', Code.Internal);
    if (length <= this.#maxBytes) return;
    throw new ConnectError(
      `a message has ${length} bytes, but at most ${this.#maxBytes} are allowed`,
      Code.ResourceExhausted,
    );
  }

  #message(body: Buffer): RequestItem {
    try {
      const message = fromBinary(ProcessCsvRequestSchema, body);
      // A chunk in an unusual form, for example beside fields that are not known here.
      if (message.message.case === 'chunk') {
        const { buffer, byteOffset, byteLength } = message.message.value;
        return { kind: 'bytes', bytes: Buffer.from(buffer, byteOffset, byteLength) };
      }
      return { kind: 'message', message };
    } catch (cause) {
      throw new ConnectError('a message is not a valid ProcessCsvRequest', Code.InvalidArgument, {}, [], cause);
    }
  }
}
