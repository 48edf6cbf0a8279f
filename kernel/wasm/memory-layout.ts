import { FIRST_SLOTS, REGIONS, SLOT_BYTES, UNIT_BYTES } from '#gen/kernel-constants.ts';
import { MAX_NAME_BYTES, MAX_REJECT_RAW_BYTES, type ReadPlan } from '../kernel.ts';
import { outOfMemory } from './limit-errors.ts';

/** The most bytes of a file that the kernel takes at once: they stay in the L2 cache. */
export const PIECE_BYTES = 512 * 1024;
/** Reads of 64 bytes at a time may begin just before a region, or end just behind it. */
const SLACK_BYTES = 256;
const PAGE_BYTES = 64 * 1024;
/** With more, departments and their names might not fit into the 4 GiB that WebAssembly can address. */
export const MOST_DEPARTMENTS = 12_000_000;

/** Where the regions of a kernel's memory begin; the entries of departments are last and grow. */
export interface MemoryLayout {
  scratch: number;
  input: number;
  inputEnd: number;
  /** Behind this address is room for the slots of the most departments; unused ones take no physical memory. */
  slots: number;
  entries: number;
  /** The most bytes of the memory: a multiple of a page. */
  maxBytes: number;
  maxDepartments: number;
}

/** No memory has more, in bytes; one page less, so that every address fits into 32 bits. */
const MOST_BYTES = 2 ** 32 - PAGE_BYTES;

/** The limits of a job that determine its memory. */
export type MemoryLimits = Pick<ReadPlan, 'maxRecordBytes' | 'maxDepartments'> & {
  amounts?: { readonly length: number } | undefined;
};

/** Lays out the memory of a job. */
export function layOutMemory({ maxRecordBytes, maxDepartments, amounts }: MemoryLimits): MemoryLayout {
  const departments = Math.min(maxDepartments, MOST_DEPARTMENTS);
  const held = Math.max(maxRecordBytes, MAX_REJECT_RAW_BYTES + 1);
  const scratch = REGIONS;
  // A key is twice as long as its record where each byte is escaped.
  const input = align(scratch + 2 * maxRecordBytes + SLACK_BYTES, SLACK_BYTES);
  const inputEnd = input + held + 2 * PIECE_BYTES;
  const slots = align(inputEnd + SLACK_BYTES, SLACK_BYTES);
  const slotBytes = SLOT_BYTES * Math.max(FIRST_SLOTS, 2 ** Math.ceil(Math.log2(departments * 4)));
  // Each name is rounded up to whole units of UNIT_BYTES.
  const names = Math.min(MAX_NAME_BYTES, departments * maxRecordBytes) + departments * UNIT_BYTES;
  // One unit in front of the first entry stands for an unknown department.
  const entries = slots + slotBytes + UNIT_BYTES;
  // Each amount has a unit, and perhaps one for what goes beyond 64 bits.
  const figures = 2 * Math.max(1, amounts?.length ?? 1) * departments * UNIT_BYTES;
  const end = entries + figures + names + SLACK_BYTES;
  return {
    scratch,
    input,
    inputEnd,
    slots,
    entries,
    // Memory grows by up to 15 pages more than it needs.
    maxBytes: Math.min(align(end, PAGE_BYTES) + 16 * PAGE_BYTES, MOST_BYTES),
    maxDepartments: departments,
  };
}

/**
 * The most memory that a job's kernel can take, in bytes. The fixed part is 4.25 MiB and 16 pages to grow by. Each
 * department takes 16 to 32 bytes of slots and an entry of 64 bytes. Amounts beyond 64 bits take another 64 bytes, and each further amount as much again. A name
 * beyond 28 bytes takes further units of 64 bytes; all names together take at most {@link MAX_NAME_BYTES}. In practice a
 * department takes about 90 bytes with a short name, 150 with a long one.
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
