import { outOfMemory } from './department-limits.ts';
import { MAX_NAME_BYTES, MAX_REJECT_RAW_BYTES, type ReadPlan } from './kernel.ts';

/** Below this address: state, tables and the index of separators, at the places that `assembly/memory.ts` has. */
const REGIONS_START = 256 * 1024;
/** The most bytes of a file that are taken up at once: small enough to stay in the second level of the cache. */
export const PIECE_BYTES = 128 * 1024;
/** Reads of 64 bytes at a time may begin just before a region, or end just behind it. */
const SLACK_BYTES = 256;
export const ENTRY_BYTES = 64;
const SLOT_BYTES = 8;
const FIRST_SLOTS = 8192;
/** What a name takes beyond itself: what stands before it, what rounds it up, and amounts beyond 64 bits. */
const NAME_EXTRA_BYTES = 8 + 7 + 32;
const PAGE_BYTES = 64 * 1024;
/** With more departments, names and all might not fit into the 4 GiB that WebAssembly can address. */
const MOST_DEPARTMENTS = 2 ** 24;

/** Where the fixed regions of a kernel's memory begin; the table of departments comes last and grows. */
export interface MemoryLayout {
  scratch: number;
  input: number;
  inputEnd: number;
  table: number;
  /** What the memory never exceeds, in bytes: a multiple of a page. */
  maxBytes: number;
  maxDepartments: number;
}

/** The limits of a job that decide about its memory. */
export type MemoryLimits = Pick<ReadPlan, 'maxRecordBytes' | 'maxDepartments'>;

/** Lays out the memory of a job. */
export function layOutMemory({ maxRecordBytes, maxDepartments }: MemoryLimits): MemoryLayout {
  const departments = Math.min(maxDepartments, MOST_DEPARTMENTS);
  const held = Math.max(maxRecordBytes, MAX_REJECT_RAW_BYTES + 1);
  const scratch = REGIONS_START;
  const input = align(scratch + maxRecordBytes + SLACK_BYTES, SLACK_BYTES);
  const inputEnd = input + held + 2 * PIECE_BYTES;
  const table = align(inputEnd + SLACK_BYTES, SLACK_BYTES);
  const slots = Math.max(FIRST_SLOTS, 2 ** Math.ceil(Math.log2(departments * 2)));
  const names = Math.min(MAX_NAME_BYTES, departments * maxRecordBytes) + departments * NAME_EXTRA_BYTES;
  const end = table + slots * SLOT_BYTES + (departments + 1) * ENTRY_BYTES + names + SLACK_BYTES;
  return {
    scratch,
    input,
    inputEnd,
    table,
    // Memory grows by some pages at a time.
    maxBytes: align(end, PAGE_BYTES) + 16 * PAGE_BYTES,
    maxDepartments: departments,
  };
}

/**
 * The most memory that a job's kernel can take, in bytes: 3.5 MiB for the input and the longest record, and for each
 * department 64 bytes, its slots (16 to 32 bytes) and its name with at most 47 bytes around it, all names together at
 * most {@link MAX_NAME_BYTES}. It takes what its departments need: about 110 bytes each with usual names.
 */
export function kernelMemoryBytes(limits: MemoryLimits): number {
  return layOutMemory(limits).maxBytes;
}

/** Makes a kernel's memory, without room for the table yet. @throws KernelError `OUT_OF_MEMORY` */
export function createMemory({ table, maxBytes }: MemoryLayout): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({
      initial: align(table, PAGE_BYTES) / PAGE_BYTES,
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
