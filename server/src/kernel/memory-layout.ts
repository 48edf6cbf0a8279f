import { outOfMemory } from './department-limits.ts';
import { MAX_NAME_BYTES, MAX_REJECT_RAW_BYTES, type ReadPlan } from './kernel.ts';

/** Below this address: state, tables and the index of separators, at the places that `assembly/memory.ts` has. */
const REGIONS_START = 256 * 1024;
/** The most bytes of a file that are taken up at once: small enough to stay in the second level of the cache. */
export const PIECE_BYTES = 128 * 1024;
/** Reads of 64 bytes at a time may begin just before the end of a region, or end just behind its beginning. */
const SLACK_BYTES = 256;
export const ENTRY_BYTES = 64;
const SLOT_BYTES = 8;
const FIRST_SLOTS = 8192;
/** What a name takes beyond itself: where its record begins, what rounds it up, and amounts beyond 64 bits. */
const NAME_EXTRA_BYTES = 8 + 7 + 32;
export const PAGE_BYTES = 64 * 1024;
const MAX_PAGES = 65_536;
/** More departments than this do not fit into the 4 GiB that WebAssembly can address. */
export const MOST_DEPARTMENTS = 2 ** 25;

/** Where the regions of a kernel's memory begin, in the order in which they lie. */
export interface MemoryLayout {
  scratch: number;
  input: number;
  inputEnd: number;
  slots: number;
  entries: number;
  names: number;
  /** The most that names may reach, a multiple of a page: the size that the memory never exceeds. */
  end: number;
  maxDepartments: number;
}

/** Lays out the memory of a job. */
export function layOutMemory({
  maxRecordBytes,
  maxDepartments,
}: Pick<ReadPlan, 'maxRecordBytes' | 'maxDepartments'>): MemoryLayout {
  const departments = Math.min(maxDepartments, MOST_DEPARTMENTS);
  const held = Math.max(maxRecordBytes, MAX_REJECT_RAW_BYTES + 1);
  const scratch = REGIONS_START;
  const input = align(scratch + maxRecordBytes + SLACK_BYTES);
  const inputEnd = input + held + 2 * PIECE_BYTES;
  const slots = align(inputEnd + SLACK_BYTES);
  const entries = slots + slotCount(departments) * SLOT_BYTES + ENTRY_BYTES;
  const names = entries + departments * ENTRY_BYTES;
  const nameBytes = Math.min(MAX_NAME_BYTES, departments * maxRecordBytes);
  const end = names + nameBytes + departments * NAME_EXTRA_BYTES + SLACK_BYTES;
  const pages = Math.min(Math.ceil(end / PAGE_BYTES), MAX_PAGES);
  return {
    scratch,
    input,
    inputEnd,
    slots,
    entries,
    names,
    end: pages * PAGE_BYTES - (pages === MAX_PAGES ? PAGE_BYTES : 0),
    maxDepartments: departments,
  };
}

/**
 * The most memory that a job's kernel takes, in bytes: about 1.4 MiB for the input and the longest record, and for each
 * department 64 bytes, its slots (16 to 32 bytes) and its name with at most 47 bytes around it, all names together at
 * most {@link MAX_NAME_BYTES}. Pages that were never written to are address space only: a job with few departments takes
 * little, whatever its limit.
 */
export function kernelMemoryBytes(limits: Pick<ReadPlan, 'maxRecordBytes' | 'maxDepartments'>): number {
  return layOutMemory(limits).end;
}

/** At most half of the slots are in use. */
function slotCount(departments: number): number {
  return Math.max(FIRST_SLOTS, 2 ** Math.ceil(Math.log2(departments * 2)));
}

function align(address: number): number {
  return Math.ceil(address / SLACK_BYTES) * SLACK_BYTES;
}

/** Makes a kernel's memory. @throws KernelError `OUT_OF_MEMORY` */
export function createMemory({ names, end }: MemoryLayout): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({
      initial: Math.ceil((names + PAGE_BYTES) / PAGE_BYTES),
      maximum: Math.ceil(end / PAGE_BYTES),
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw outOfMemory();
  }
}
