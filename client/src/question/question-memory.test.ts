import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DialectSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { parseFilter } from '../jobs/filter-text.ts';
import { detectedQuestion } from '../upload/csv-options.ts';
import { forgetQuestions, keepQuestion, recallQuestion } from './question-memory.ts';

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});
afterEach(() => vi.unstubAllGlobals());

const file = (...names: string[]) =>
  create(DialectSchema, { hasHeader: true, columns: names.map((name, index) => ({ index, name })) });
const sales = file('Date', 'Region', 'Revenue');
const question = {
  groupBy: ['Region', 'Date:month'],
  amountColumn: 'Revenue',
  amounts: [],
  where: [parseFilter('Region not in "",Test')!],
};

describe('recallQuestion', () => {
  it('knows the question of the last file with the same columns, and of no other', () => {
    keepQuestion(sales, question);
    expect(recallQuestion(sales)).toEqual(question);
    expect(recallQuestion(file('Region', 'Date', 'Revenue'))).toBeUndefined();
    expect(recallQuestion(file('Date', 'Region', 'Revenue', 'Note'))).toBeUndefined();
    expect(recallQuestion({ ...sales, hasHeader: false })).toBeUndefined();
  });

  it('forgets it when a file is asked the question that detection makes', () => {
    keepQuestion(sales, question);
    keepQuestion(sales, detectedQuestion);
    expect(recallQuestion(sales)).toBeUndefined();
    expect(kept.size).toBe(0);
  });

  it('keeps column names and choices, and nothing of files without names', () => {
    keepQuestion({ ...sales, hasHeader: false }, question);
    expect(kept.size).toBe(0);
    keepQuestion(sales, question);
    expect(JSON.parse([...kept.values()][0] ?? '')).toEqual([
      {
        header: expect.stringMatching(/^3-/),
        groupBy: ['Region', 'Date:month'],
        amountColumn: 'Revenue',
        amounts: [],
        where: ['Region not in "",Test'],
      },
    ]);
  });

  it('keeps fifty, of which those go first that were not asked about for longest', () => {
    const files = Array.from({ length: 51 }, (_, index) => file('Region', `Revenue ${index}`));
    const asked = { ...question, groupBy: ['Region'], amountColumn: '1', where: [] };
    for (const one of files.slice(0, 50)) keepQuestion(one, asked);
    keepQuestion(files[0]!, asked);
    keepQuestion(files[50]!, asked);
    expect(files.map((one) => recallQuestion(one) !== undefined)).toEqual(files.map((_, index) => index !== 1));
  });

  it('is not misled by what something else has written, or by a browser that keeps nothing', () => {
    kept.set('tallystream.questions', '{"a":1}');
    expect(recallQuestion(sales)).toBeUndefined();
    kept.set('tallystream.questions', 'no JSON');
    expect(recallQuestion(sales)).toBeUndefined();
    keepQuestion(sales, question);
    const [stored = ''] = [...kept.values()];
    kept.set('tallystream.questions', stored.replace('not in', 'like'));
    expect(recallQuestion(sales)).toBeUndefined();
    vi.stubGlobal('localStorage', undefined);
    expect(() => keepQuestion(sales, question)).not.toThrow();
    expect(recallQuestion(sales)).toBeUndefined();
  });

  it('forgets all of them with the key', () => {
    keepQuestion(sales, question);
    forgetQuestions();
    expect(kept.size).toBe(0);
  });
});
