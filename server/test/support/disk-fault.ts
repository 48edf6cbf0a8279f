/** The file in which a test asks for faults. */
export const FAULT_FILE = 'disk-fault.json';

export interface DiskFault {
  /** Only files whose path has this in it. */
  path: string;
  /** The error of the calls; for `statfs`, there is no room instead. */
  code: 'ENOSPC' | 'EIO';
  /** `database` is any write to it. */
  on: ('write' | 'datasync' | 'sync' | 'statfs' | 'database')[];
  /** Only as long as the reserve takes room on the disk. */
  untilReserveIsGiven?: boolean;
  /** Writes below this place in the file are well. */
  fromByte?: number;
}
