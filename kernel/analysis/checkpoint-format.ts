import { crc32 } from 'node:zlib';
import { KernelError } from '../kernel.ts';
import { type CheckpointFacts, type PartLengths, readFacts } from './checkpoint-facts.ts';

const MAGIC = 'TSCP';
/** Changes with anything that a checkpoint holds, the state of the kernel included. */
const VERSION = 7;
/** Magic, version, checksum of the rest, length of the JSON. */
const HEADER_BYTES = 16;
/** Names of columns can be as long as a record, and JSON escapes some of their characters with six. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

/** A checkpoint of an analysis. */
export interface CheckpointParts {
  facts: CheckpointFacts;
  /** The head of the file, as long as there is no kernel. */
  head: Uint8Array;
  /** The bytes that the transcoder holds back. */
  held: Uint8Array;
  /** The state of the kernel. */
  kernel: Uint8Array;
}

/** Packs a checkpoint into bytes. */
export function packCheckpoint({ facts, head, held, kernel }: CheckpointParts): Uint8Array {
  const json = Buffer.from(JSON.stringify({ facts, lengths: lengthsOf(head, held, kernel) }));
  const packed = Buffer.concat([Buffer.alloc(HEADER_BYTES), json, head, held, kernel]);
  packed.write(MAGIC, 'latin1');
  packed.writeUInt32LE(VERSION, 4);
  packed.writeUInt32LE(json.length, 12);
  packed.writeUInt32LE(crc32(packed.subarray(12)), 8);
  return packed;
}

/** Takes a checkpoint apart. @throws KernelError `CHECKPOINT_INVALID` */
export function unpackCheckpoint(state: Uint8Array): CheckpointParts {
  const packed = Buffer.from(state.buffer, state.byteOffset, state.byteLength);
  if (packed.length < HEADER_BYTES || packed.toString('latin1', 0, 4) !== MAGIC) {
    throw new KernelError(
      'CHECKPOINT_INVALID',
      'the bytes are not a checkpoint; start from the first byte of the file',
    );
  }
  const version = packed.readUInt32LE(4);
  if (version !== VERSION) {
    throw new KernelError(
      'CHECKPOINT_INVALID',
      `the checkpoint has version ${version}, but this program needs ${VERSION}; start from the first byte of the file`,
    );
  }
  if (packed.readUInt32LE(8) !== crc32(packed.subarray(12))) {
    throw new KernelError('CHECKPOINT_INVALID', 'the checkpoint is damaged; start from the first byte of the file');
  }
  const jsonEnd = HEADER_BYTES + packed.readUInt32LE(12);
  const { facts, lengths } = readJson(packed.subarray(HEADER_BYTES, jsonEnd));
  const heldAt = jsonEnd + lengths.head;
  const kernelAt = heldAt + lengths.held;
  if (kernelAt + lengths.kernel !== packed.length) throw impossible();
  return {
    facts,
    head: packed.subarray(jsonEnd, heldAt),
    held: packed.subarray(heldAt, kernelAt),
    kernel: packed.subarray(kernelAt),
  };
}

function readJson(json: Buffer): { facts: CheckpointFacts; lengths: PartLengths } {
  if (json.length > MAX_JSON_BYTES) throw impossible();
  try {
    return readFacts(json.toString());
  } catch {
    throw impossible();
  }
}

function lengthsOf(head: Uint8Array, held: Uint8Array, kernel: Uint8Array): PartLengths {
  return { head: head.length, held: held.length, kernel: kernel.length };
}

function impossible(): KernelError {
  return new KernelError(
    'CHECKPOINT_INVALID',
    'the checkpoint holds invalid data; start from the first byte of the file',
  );
}
