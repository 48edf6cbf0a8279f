/** Where a test says what fails. */
export const FAULT_FILE = 'disk-fault.json';

export interface DiskFault {
  /** Only files whose path has this in it. */
  path: string;
  /** What the calls fail with; for `statfs`, there is no room instead. */
  code: 'ENOSPC' | 'EIO';
  /** `database` is whatever is written to it. */
  on: ('write' | 'datasync' | 'sync' | 'statfs' | 'database')[];
  /** Only as long as the reserve takes room on the disk. */
  untilReserveIsGiven?: boolean;
  /** Writes below this place in the file are well. */
  fromByte?: number;
}
