import { readFileSync } from 'node:fs';

/** The exports of `assembly/index.ts`. Addresses are numbers. */
export interface WasmExports {
  placeRegions(scratch: number, input: number, inputEnd: number, slots: number, entries: number): void;
  setFormat(
    delimiter: number,
    quote: number,
    columnCount: number,
    departmentIndex: number,
    amountIndex: number,
    decimalSeparator: number,
    groupSeparator: number,
    isAnyGroup: boolean,
    allowNegative: boolean,
    trim: boolean,
    /** Of the currency, which has been written to its place. */
    currencyBytes: number,
  ): void;
  /** Of the columns to group by, which have been written to their place; 0 for the department as it stands. */
  setGroups(count: number): void;
  /** Of the filters, which have been written to their place with their values, once the seeds are set. */
  setFilters(count: number, values: number, valuesEnd: number): void;
  /** Of the amounts, which have been written to their place; 0 for the one of the format as it stands. */
  setAmounts(count: number): void;
  setLimits(maxRecordBytes: number, maxDepartments: number, maxNameBytes: number, maxRejects: number): void;
  setSeeds(a: bigint, b: bigint, c: bigint): void;
  /** Returns the address that the next bytes of the file go to. */
  reservePiece(length: number): number;
  /** Returns why the job cannot go on, or 0. */
  takePiece(address: number, length: number): number;
  /** Returns the bytes to the end of the open record, or minus the number of a failure. */
  takeRecordEnd(address: number, length: number): number;
  endPieces(): number;
  /** Returns how many leading departments there are. */
  summarize(topCount: number): number;
  /** Adds up another amount than the first: the total is then its. */
  addUp(index: number): void;
  /** 0 if there is no memory. */
  ensureMemory(end: number): number;
  /** Makes slots for so many departments; 0 if there is no memory. */
  growTable(departments: number): number;
  /** 0 if what a checkpoint brought cannot be. */
  restoreDepartments(): number;
  /** Merges counters and evidence of another state, of whose beginning a copy lies at `block`. */
  mergeCounters(block: number): void;
  /** Merges departments; returns the bytes that were whole, -1 for what cannot be, -1 - n for a failure n. */
  mergeEntries(from: number, to: number, units: number): number;
  /** Returns how many rows are complete in a range: for measuring. */
  indexSeparators(from: number, to: number): number;
  /** Writes totals from `from` on, not beyond `to`; returns how many of `count` entries, up to {@link totalsEnd}. */
  writeTotals(list: number, count: number, from: number, to: number): number;
  readonly totalsEnd: ExportedNumber;
  /** The tag by which a name is found: for tests of its spread. */
  tagOfName(start: number, length: number): number;
  readonly entries: ExportedNumber;
  readonly held: ExportedNumber;
  readonly totalLow: { readonly value: bigint };
  readonly totalHigh: { readonly value: bigint };
  readonly totalScale: ExportedNumber;
  readonly totalHasNegative: ExportedNumber;
  /** Of the entries merged since the counters were. */
  readonly mergedRows: { readonly value: bigint };
  readonly mergedDepartments: ExportedNumber;
}

/** A number that changes; addresses beyond 2 GiB are negative. */
interface ExportedNumber {
  readonly value: number;
}

/** The callbacks of the kernel: `assembly/host.ts`. */
export interface KernelHost {
  report(
    reason: number,
    line: number,
    byteOffset: number,
    raw: number,
    rawBytes: number,
    isTruncated: number,
    lines: number,
  ): void;
  fetchUnit(number: number, to: number): void;
}

const FILE = new URL('../../gen/kernel.wasm', import.meta.url);

/** Compiled once a thread. */
let compiled: WebAssembly.Module | undefined;

/** Makes an instance on a memory of its own. */
export function instantiateKernel(memory: WebAssembly.Memory, host: KernelHost): WasmExports {
  compiled ??= new WebAssembly.Module(readFileSync(FILE));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory }, host: { ...host } });
  return exports as unknown as WasmExports;
}
