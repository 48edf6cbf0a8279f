/** Where a test says what fails. */
export const FAULT_FILE = 'disk-fault.json';

export interface DiskFault {
  /** Only files whose path has this in it. */
  path: string;
  /** What the calls fail with; for `statfs`, there is no room instead. */
  code: 'ENOSPC' | 'EIO';
  on: ('write' | 'datasync' | 'sync' | 'statfs')[];
  /** Writes below this place in the file are well. */
  fromByte?: number;
}
