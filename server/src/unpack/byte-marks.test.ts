import { expect, test } from 'vitest';
import { ByteMarks } from './byte-marks.ts';

test('without compression both positions are the same', () => {
  expect(new ByteMarks().at(12_345)).toBe(12_345);
});

test('a position in the text stands for what of the upload it came out of, never more', () => {
  const marks = new ByteMarks();
  marks.add(1000, 100);
  marks.add(2000, 150);
  expect(marks.at(999)).toBe(0);
  expect(marks.at(1000)).toBe(100);
  expect(marks.at(1999)).toBe(100);
  marks.add(3000, 400);
  expect(marks.at(5000)).toBe(400);
});

test('from a checkpoint on, the position of before holds until the text gets beyond it', () => {
  const marks = new ByteMarks({ bytes: 2000, uploadBytes: 150 });
  expect(marks.at(2000)).toBe(150);
  marks.add(1000, 100);
  expect(marks.at(2000)).toBe(150);
  marks.add(3000, 400);
  expect(marks.at(3000)).toBe(400);
});
