import { expect, test } from 'vitest';
import { readPaste } from './pasted-file.ts';

const origin = 'http://127.0.0.1:8080';
const paste = (text: string, files: File[] = []) =>
  readPaste({ files, getData: () => text } as unknown as DataTransfer, origin);

test('files are taken as they are', () => {
  const file = new File(['a'], 'a.csv');
  expect(paste('a.csv', [file])).toEqual({ files: [file] });
});

test('rows become a file', async () => {
  const pasted = paste('Region\tSales\nNorth\t5\n');
  const file = pasted && 'files' in pasted ? pasted.files[0] : undefined;
  expect(file?.name).toBe('pasted.csv');
  expect(await file?.text()).toBe('Region\tSales\nNorth\t5\n');
});

test.each(['', 'a word', 'one line\n', '\n\n'])('%j is nothing to count', (text) => {
  expect(paste(text)).toBeUndefined();
});

test.each(['/samples/sales.csv', `${origin}/samples/sales.csv`, ' /a.csv.gz\n'])('%j is loaded', (text) => {
  expect(paste(text)).toEqual({ url: new URL(text.trim(), origin) });
});

test.each(['https://example.com/sales.csv', '//example.com/sales.csv', '/etc/passwd', 'C:\\sales.csv'])(
  '%j is not loaded',
  (text) => {
    expect(paste(text)).toBeUndefined();
  },
);
