import { expect, test } from 'vitest';
import { textCell } from './csv.ts';
import { withoutFormulas } from './formula.ts';

test.each([
  ['=1+1', "'=1+1"],
  [' =1+1', "' =1+1"],
  ['\t=1', "'\t'=1"],
  ['＝1+1', "'＝1+1"],
  ['a;=1+1', "a;'=1+1"],
  ['a; =1+1;-2', "a; '=1+1;'-2"],
  ['a|@x\t+1', "a|'@x\t'+1"],
  ['two\n=lines', "two\n'=lines"],
  ['a=b, c-d; e', 'a=b, c-d; e'],
  ['Sports', 'Sports'],
])('%j is written as %j', (text, safe) => {
  expect(withoutFormulas(text)).toBe(safe);
});

/** As a spreadsheet reads a line in which another character separates, with and without a look at the quotes. */
function cells(line: string, separator: string): string[] {
  return line.split(separator).flatMap((cell) => [cell, cell.replace(/^"/, '')]);
}

test('no cell of a line runs, whatever separates for its reader', () => {
  const names = [';', '|', '\t'].flatMap((separator) =>
    ['=', '+', '-', '@'].flatMap((sign) => [
      `a${separator}${sign}1`,
      `a"${separator} ${sign}1`,
      `${sign}x${separator}`,
    ]),
  );
  for (const name of names) {
    const line = `${textCell(name, false)},5`;
    for (const separator of [';', '|', '\t']) {
      for (const cell of cells(line, separator)) expect(cell, JSON.stringify(line)).not.toMatch(/^\s*[=+\-@]/);
    }
    expect(textCell(name, true).replace(/^"|"$/g, '').replaceAll('""', '"')).toBe(name);
  }
});
