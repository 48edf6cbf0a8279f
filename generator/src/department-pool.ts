import { awkwardDepartmentName, departmentName } from './department-names.ts';

/** One awkward name among so many, if rows may be quoted at all. */
const AWKWARD_ONE_IN = 20;
/** Bytes behind the last name, so that names can be copied several bytes at a time. */
const PADDING = 4;

/**
 * The departments of a file, encoded once: a name is found by its offset and copied, never made anew.
 *
 * The last ones have awkward names, which need quotes. Only quoted rows use them.
 */
export class DepartmentPool {
  readonly names: string[] = [];
  /** Names that need no quotes: the numbers below this. */
  readonly plainCount: number;
  /** How the names stand in the file, with quotes where they are needed, and {@link PADDING} behind the last. */
  readonly bytes: Uint8Array;
  /** Where each name begins in {@link bytes}; it ends where the next begins. */
  readonly offsets: Uint32Array;

  constructor(count: number, hasAwkward: boolean) {
    const awkward = hasAwkward && count > 1 ? Math.ceil(count / AWKWARD_ONE_IN) : 0;
    this.plainCount = count - awkward;
    this.offsets = new Uint32Array(count + 1);
    let bytes = new Uint8Array(64 * 1024);
    const encoder = new TextEncoder();
    let length = 0;
    for (let index = 0; index < count; index++) {
      const isAwkward = index >= this.plainCount;
      const name = isAwkward ? awkwardDepartmentName(index) : departmentName(index);
      this.names.push(name);
      const encoded = encoder.encode(isAwkward ? `"${name.replaceAll('"', '""')}"` : name);
      if (length + encoded.length + PADDING > bytes.length) {
        const grown = new Uint8Array(bytes.length * 2);
        grown.set(bytes);
        bytes = grown;
      }
      bytes.set(encoded, length);
      length += encoded.length;
      this.offsets[index + 1] = length;
    }
    this.bytes = bytes.subarray(0, length + PADDING);
  }
}
