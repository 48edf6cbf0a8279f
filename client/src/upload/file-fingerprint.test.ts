import { expect, it } from 'vitest';
import { fingerprint } from './file-fingerprint.ts';

const text = 'Books,1\n'.repeat(50_000);
const file = (content: string, lastModified = 1) => new File([content], 'sales.csv', { lastModified });

it('is the same for the same file', async () => {
  expect(await fingerprint(file(text))).toBe(await fingerprint(file(text)));
});

it.each([
  ['another first byte', `C${text.slice(1)}`, 1],
  ['another last byte', `${text.slice(0, -1)} `, 1],
  ['another size', `${text}\n`, 1],
  ['a later change, wherever in the file', text, 2],
])('differs with %s', async (_, content, lastModified) => {
  expect(await fingerprint(file(content, lastModified))).not.toBe(await fingerprint(file(text)));
});

it('takes small and empty files', async () => {
  expect(await fingerprint(file(''))).toBe('0-1-811c9dc5');
  expect(await fingerprint(file('a'))).not.toBe(await fingerprint(file('b')));
});
