import { expect, it } from 'vitest';
import { readDrop } from './dropped-files.ts';

/** A drop of files with these names, as a browser hands it over; names that end with a slash are folders. */
function drop(...names: string[]) {
  const files = names.map((name) => new File(['a,1\n'], name.replace('/', '')));
  const items = names.map((name) => ({ kind: 'file', webkitGetAsEntry: () => ({ isDirectory: name.endsWith('/') }) }));
  // A text comes along with what is dragged from some programs.
  return { files, items: [{ kind: 'string', webkitGetAsEntry: () => null }, ...items] } as unknown as DataTransfer;
}

it('tells files from folders', () => {
  const { files, folders } = readDrop(drop('a.csv', 'sales/', 'b.csv'));
  expect(files.map(({ name }) => name)).toEqual(['a.csv', 'b.csv']);
  expect(folders).toEqual(['sales']);
});

it('takes what cannot be told for a file', () => {
  const file = new File(['a,1\n'], 'a.csv');
  const items = [{ kind: 'file', webkitGetAsEntry: () => null }];
  expect(readDrop({ files: [file], items } as unknown as DataTransfer)).toEqual({ files: [file], folders: [] });
});
