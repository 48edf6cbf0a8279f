/** A way in which a row can be bad. The names are those of the reasons that the server gives. */
export interface MalformedKind {
  reason: string;
  /** The row with its line end, made of a department's name as it stands in the file. */
  write(name: string): Uint8Array;
}

const DATE = '2024-06-15';

function text(reason: string, write: (name: string) => string): MalformedKind {
  return { reason, write: (name) => Buffer.from(`${write(name)}\n`) };
}

/**
 * All kinds. None of them takes more with it than its own row: no open quotes, which would swallow the next rows, and
 * no megabyte rows.
 */
export const MALFORMED_KINDS: readonly MalformedKind[] = [
  text('COLUMN_COUNT', (name) => `${name},${DATE}`),
  text('COLUMN_COUNT', (name) => `${name},${DATE},12,34`),
  text('COLUMN_COUNT', () => 'subtotal'),
  text('EMPTY_DEPARTMENT', () => `,${DATE},12`),
  text('EMPTY_DEPARTMENT', () => `"  ",${DATE},12`),
  text('EMPTY_AMOUNT', (name) => `${name},${DATE},`),
  text('AMOUNT_NOT_A_NUMBER', (name) => `${name},${DATE},n/a`),
  text('AMOUNT_NOT_A_NUMBER', (name) => `${name},${DATE},1e3`),
  text('AMOUNT_OUT_OF_RANGE', (name) => `${name},${DATE},1234567890123456789`),
  text('AMOUNT_OUT_OF_RANGE', (name) => `${name},${DATE},0.1234567`),
  text('MALFORMED_QUOTE', (name) => `"${name.replaceAll('"', '')}"x,${DATE},12`),
  // A character of windows-1252 among more that show that the file is UTF-8.
  {
    reason: 'INVALID_ENCODING',
    write: () => Buffer.concat([Buffer.from('Crème brûlée Caf'), Buffer.from(`\u00e9,${DATE},12\n`, 'latin1')]),
  },
];
