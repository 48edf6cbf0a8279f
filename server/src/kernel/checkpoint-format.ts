import { crc32 } from 'node:zlib';
import type { Dialect } from './dialect.ts';
import type { Doubt } from './doubt.ts';
import { KernelError, type ReadPlan } from './kernel.ts';

const MAGIC = 'TSCP';
/** Changes with anything that a checkpoint holds, the state of the kernel included. */
const VERSION = 3;
/** Magic, version, checksum of what follows, length of the JSON. */
const HEADER_BYTES = 16;

/** The findings about the beginning of a file that what comes later is compared with. */
export interface SampleFindings {
  doubts: Doubt[];
  isDecimalAssumed: boolean;
  isDecimalDetected: boolean;
  /** The lines that were left out at the beginning, and their bytes; offsets count from the start of the text. */
  skipped: { lines: number; bytes: number };
}

/** What a checkpoint of an analysis holds besides bytes. */
export interface CheckpointFacts extends SampleFindings {
  /** The options that say how the file is read, as JSON. */
  options: string;
  bytes: number;
  markBytes: number;
  headBytes: number;
  dialect: Dialect | undefined;
  /** How the kernel reads; undefined while the head of the file is still collected. */
  plan: ReadPlan | undefined;
  /** The transcoder's. */
  encoding: string;
}

/** A checkpoint of an analysis. */
export interface CheckpointParts {
  facts: CheckpointFacts;
  /** The head of the file, as long as there is no kernel. */
  head: Uint8Array;
  /** What the transcoder holds back. */
  held: Uint8Array;
  /** The state of the kernel. */
  kernel: Uint8Array;
}

/** Packs a checkpoint into bytes. */
export function packCheckpoint({ facts, head, held, kernel }: CheckpointParts): Uint8Array {
  const json = Buffer.from(JSON.stringify({ facts, lengths: [head.length, held.length, kernel.length] }));
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
    throw new KernelError('CHECKPOINT_INVALID', 'the bytes are no checkpoint; start from the first byte of the file');
  }
  const version = packed.readUInt32LE(4);
  if (version !== VERSION) {
    throw new KernelError(
      'CHECKPOINT_INVALID',
      `the checkpoint has version ${version}, this program has ${VERSION}; start from the first byte of the file`,
    );
  }
  if (packed.readUInt32LE(8) !== crc32(packed.subarray(12))) {
    throw new KernelError('CHECKPOINT_INVALID', 'the checkpoint is damaged; start from the first byte of the file');
  }
  const jsonEnd = HEADER_BYTES + packed.readUInt32LE(12);
  const { facts, lengths } = JSON.parse(packed.toString('utf8', HEADER_BYTES, jsonEnd)) as {
    facts: CheckpointFacts;
    lengths: [head: number, held: number, kernel: number];
  };
  const heldAt = jsonEnd + lengths[0];
  const kernelAt = heldAt + lengths[1];
  return {
    facts,
    head: packed.subarray(jsonEnd, heldAt),
    held: packed.subarray(heldAt, kernelAt),
    kernel: packed.subarray(kernelAt, kernelAt + lengths[2]),
  };
}
