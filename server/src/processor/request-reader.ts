import { fromBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { type ProcessCsvRequest, ProcessCsvRequestSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { COMPRESSED_FLAG, FRAME_HEADER_BYTES } from '../grpc/frame.ts';

/** The tag of `ProcessCsvRequest.chunk`: field 2, bytes. */
const CHUNK_TAG = (2 << 3) | 2;
/** A tag and a length of at most 32 bits. */
const MAX_CHUNK_HEAD_BYTES = 6;

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
      const chunk = this.#chunkHead(length);
      if (chunk === 'unclear') return undefined;
      if (chunk) {
        this.#bytes = this.#bytes.subarray(FRAME_HEADER_BYTES + chunk.headBytes);
        this.#chunkRest = chunk.length;
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

  /** The head of a message that is one chunk and nothing else; undefined for any other message. */
  #chunkHead(messageLength: number): { headBytes: number; length: number } | 'unclear' | undefined {
    let length = 0;
    const end = Math.min(messageLength, MAX_CHUNK_HEAD_BYTES);
    for (let index = 0; index < end; index++) {
      const byte = this.#bytes[FRAME_HEADER_BYTES + index];
      if (byte === undefined) return 'unclear';
      if (index === 0) {
        if (byte !== CHUNK_TAG) return undefined;
      } else {
        length += (byte & 0x7f) * 2 ** (7 * (index - 1));
        if (byte < 0x80) return length === messageLength - index - 1 ? { headBytes: index + 1, length } : undefined;
      }
    }
    return undefined;
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
