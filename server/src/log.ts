import { type Logger, pino } from 'pino';

export type Log = Logger;

/** A logger that writes JSON lines to stderr; stdout is for what the user asked for. No data of the user goes in. */
export function createLog(level: string, role: string): Log {
  return pino({ level, base: { pid: process.pid, role } }, pino.destination({ dest: 2, sync: true }));
}
