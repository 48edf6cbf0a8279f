import { fromBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { type ProcessCsvRequest, ProcessCsvRequestSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { COMPRESSED_FLAG, FRAME_HEADER_BYTES, onlyFieldHeadBytes } from '../grpc/frame.ts';

const CHUNK_FIELD = ProcessCsvRequestSchema.field.chunk.number;

/** What a stream of ProcessCsv requests holds: bytes of the file as they come, and other messages whole. */
export type RequestItem = { kind: 'bytes'; bytes: Buffer } | { kind: 'message'; message: ProcessCsvRequest };

/**
 * Takes the requests of ProcessCsv out of gRPC's frames. The bytes of a chunk are handed on where they lie, as soon as
 * they are there: neither a whole message nor a copy of it is ever made.
 */
export class RequestReader {
  readonly #maxBytes: number;
  /** What has come and is not taken up yet. */
  #bytes: Buffer = Buffer.alloc(0);
  /** What is still to come of the chunk that is being read. */
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
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
  }

  /** Puts bytes of a chunk back that could not be taken up now. */
  unread(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([bytes, this.#bytes]);
    this.#chunkRest += bytes.length;
  }

  /**
   * The next item, or undefined if more bytes are needed for it.
   *
   * @throws ConnectError for what is no request
   */
  next(): RequestItem | undefined {
    while (true) {
      if (this.#chunkRest > 0) return this.#chunkBytes();
      if (this.#bytes.length < FRAME_HEADER_BYTES) return undefined;
      const length = this.#bytes.readUInt32BE(1);
      this.#check(this.#bytes.readUInt8(0), length);
      const headBytes = onlyFieldHeadBytes(CHUNK_FIELD, this.#bytes, FRAME_HEADER_BYTES, length);
      if (headBytes === 'unclear') return undefined;
      if (headBytes) {
        this.#bytes = this.#bytes.subarray(FRAME_HEADER_BYTES + headBytes);
        this.#chunkRest = length - headBytes;
        continue;
      }
      if (this.#bytes.length < FRAME_HEADER_BYTES + length) return undefined;
      const body = this.#bytes.subarray(FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + length);
      this.#bytes = this.#bytes.subarray(FRAME_HEADER_BYTES + length);
      return this.#message(body);
    }
  }

  #chunkBytes(): RequestItem | undefined {
    if (this.#bytes.length === 0) return undefined;
    const bytes = this.#bytes.subarray(0, this.#chunkRest);
    this.#bytes = this.#bytes.subarray(bytes.length);
    this.#chunkRest -= bytes.length;
    return { kind: 'bytes', bytes };
  }

  #check(flags: number, length: number): void {
    if (flags & COMPRESSED_FLAG) throw new ConnectError('a compressed message came without an encoding', Code.Internal);
    if (length <= this.#maxBytes) return;
    throw new ConnectError(`a message has ${length} bytes, ${this.#maxBytes} are allowed`, Code.ResourceExhausted);
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
      throw new ConnectError('a message is no ProcessCsvRequest', Code.InvalidArgument, {}, [], cause);
    }
  }
}
