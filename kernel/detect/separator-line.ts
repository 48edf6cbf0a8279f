import { separatorCode } from '../options.ts';

const LINE = /^(?:"sep=(.|\\t)"|sep=(.|\\t))[^\S\r\n]*(?:\r\n|\r|\n|$)/i;

/**
 * The instruction that spreadsheets write as the first line: `sep=;`. Undefined if the file has none.
 *
 * @param text the beginning of a file
 */
export function readSeparatorLine(text: Uint8Array): { delimiter: number } | undefined {
  const head = Buffer.from(text.buffer, text.byteOffset, Math.min(text.length, 20)).toString('latin1');
  const [, quoted, bare] = LINE.exec(head) ?? [];
  const character = quoted ?? bare;
  if (character === undefined) return undefined;
  const delimiter = character === '\\t' || character === '\t' ? 9 : separatorCode(character);
  return delimiter < 0 ? undefined : { delimiter };
}
