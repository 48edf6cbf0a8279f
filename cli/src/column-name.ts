import type { Dialect } from '#gen/tallystream/v1/processor_pb.ts';
import { printable } from '../../terminal/printable.ts';

/** The name of a column for users: its name in the header, else its number. */
export function columnName(dialect: Dialect, index: number): string {
  const name = dialect.columns.find((column) => column.index === index)?.name;
  return name ? printable(name) : `column ${index}`;
}
