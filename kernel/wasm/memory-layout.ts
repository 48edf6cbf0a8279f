import { FIRST_SLOTS, REGIONS, SLOT_BYTES, UNIT_BYTES } from '#gen/kernel-constants.ts';
import { MAX_NAME_BYTES, MAX_REJECT_RAW_BYTES, type ReadPlan } from '../kernel.ts';
import { outOfMemory } from './limit-errors.ts';

/** The most bytes of a file that are taken up at once: small enough to stay in the second level of the cache. */
export const PIECE_BYTES = 512 * 1024;
/** Reads of 64 bytes at a time may begin just before a region, or end just behind it. */
const SLACK_BYTES = 256;
const PAGE_BYTES = 64 * 1024;
/** With more departments, names and all might not fit into the 4 GiB that WebAssembly can address. */
export const MOST_DEPARTMENTS = 12_000_000;

/** Where the regions of a kernel's memory begin; the entries of departments are last and grow. */
export interface MemoryLayout {
  scratch: number;
  input: number;
  inputEnd: number;
  /** Room for the slots of all departments that may come; what is not in use yet takes no memory of the machine. */
  slots: number;
  entries: number;
  /** The most bytes of the memory: a multiple of a page. */
  maxBytes: number;
  maxDepartments: number;
}

/** The limits of a job that decide about its memory. */
export type MemoryLimits = Pick<ReadPlan, 'maxRecordBytes' | 'maxDepartments'>;

/** Lays out the memory of a job. */
export function layOutMemory({ maxRecordBytes, maxDepartments }: MemoryLimits): MemoryLayout {
  const departments = Math.min(maxDepartments, MOST_DEPARTMENTS);
  const held = Math.max(maxRecordBytes, MAX_REJECT_RAW_BYTES + 1);
  const scratch = REGIONS;
  const input = align(scratch + maxRecordBytes + SLACK_BYTES, SLACK_BYTES);
  const inputEnd = input + held + 2 * PIECE_BYTES;
  const slots = align(inputEnd + SLACK_BYTES, SLACK_BYTES);
  const slotBytes = SLOT_BYTES * Math.max(FIRST_SLOTS, 2 ** Math.ceil(Math.log2(departments * 4)));
  // A name is rounded up to whole units.
  const names = Math.min(MAX_NAME_BYTES, departments * maxRecordBytes) + departments * UNIT_BYTES;
  // Before the first entry lies the one that stands for an unknown department.
  const entries = slots + slotBytes + UNIT_BYTES;
  const end = entries + 2 * departments * UNIT_BYTES + names + SLACK_BYTES;
  return {
    scratch,
    input,
    inputEnd,
    slots,
    entries,
    // Memory grows by some pages at a time.
    maxBytes: align(end, PAGE_BYTES) + 16 * PAGE_BYTES,
    maxDepartments: departments,
  };
}

/**
 * The most memory that a job's kernel can take, in bytes: 2.5 MiB for the input and the longest record, and for each
 * department 16 to 32 bytes of slots, 64 bytes, as many again if it has amounts beyond 64 bits, and what its name has
 * beyond 16 bytes in steps of 64; all names together are at most {@link MAX_NAME_BYTES}. A job takes what its departments
 * need: about 90 bytes each with short names, 150 with long ones.
 */
export function kernelMemoryBytes(limits: MemoryLimits): number {
  return layOutMemory(limits).maxBytes;
}

/** Makes a kernel's memory, without room for entries yet. @throws KernelError `OUT_OF_MEMORY` */
export function createMemory({ entries, maxBytes }: MemoryLayout): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({
      initial: align(entries, PAGE_BYTES) / PAGE_BYTES,
      maximum: maxBytes / PAGE_BYTES,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw outOfMemory();
  }
}

function align(address: number, to: number): number {
  return Math.ceil(address / to) * to;
}
