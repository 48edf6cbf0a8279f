import { describe, expect, it } from 'vitest';
import { filterText, parseFilter } from '../jobs/filter-text.ts';
import type { BoundFormat } from './bound.ts';
import { draftOf, type FilterDraft, readDraft, settleDraft } from './filter-draft.ts';

const format = (kind: BoundFormat['kind']): BoundFormat => ({ kind, decimalSeparator: '.', groupSeparator: '' });
const range = (from: string, to: string): FilterDraft => ({ condition: 'between', values: [], from, to });
/** The text of the filter, or the kind of the trouble. */
const read = (draft: FilterDraft, kind: BoundFormat['kind'] = 'date') => {
  const reading = readDraft('Date', draft, format(kind));
  if (reading.trouble !== undefined) return reading.trouble.kind;
  return reading.filter && filterText(reading.filter);
};

describe('draftOf and readDraft', () => {
  it.each([
    'Region in North,South',
    'Region in "",North',
    'Region not in North',
    'Region between 1 and 5',
    'Region between 1.5 and 1.5',
    'Region between "" and 2026-Q4',
    'Region between 2026 and 2026',
    'Region is empty',
    'Region is not empty',
  ])('keep %s as it is', (text) => {
    const filter = parseFilter(text);
    expect(filter).toBeDefined();
    expect(readDraft('Region', draftOf(filter), format('either'))).toEqual({ filter, trouble: undefined });
  });

  it('make no filter of nothing', () => {
    const draft = draftOf(undefined);
    for (const condition of ['in', 'notIn', 'exactly', 'between'] as const) {
      expect(read({ ...draft, condition, from: ' ' })).toBeUndefined();
    }
  });

  it('keep a number with three decimals one in a file with decimal commas', () => {
    const german: BoundFormat = { kind: 'number', decimalSeparator: ',', groupSeparator: '.' };
    const draft = draftOf(parseFilter('Date between 1.234 and 5'), ',');
    const { filter } = readDraft('Date', draft, german) as { filter: NonNullable<ReturnType<typeof parseFilter>> };
    expect(filterText(filter)).toBe('Date between 1.2340 and 5');
  });
});

describe('readDraft', () => {
  it('reads ends in other forms, and settleDraft shows them in that of the server', () => {
    expect(read(range('2025/03/01', 'May 2025'))).toBe('Date between 2025-03-01 and 2025-05');
    const written = range('2025/03/01', 'soon');
    expect(settleDraft(written, format('date'))).toEqual(range('2025-03-01', 'soon'));
  });

  it.each([
    ['01.03', '', 'date', 'unread'],
    ['', '5', 'date', 'unread'],
    ['2025-03', '', 'number', 'unread'],
    ['1.3.2025', '2026', 'date', 'unclear'],
    ['2026-05', '2026-03', 'date', 'reversed'],
    ['10', '9', 'number', 'reversed'],
    ['5', '2026-03', 'either', 'mixed'],
    ['2026', '2025', 'either', 'reversed'],
  ] as const)('makes no filter of %j to %j of a %s: %s', (from, to, kind, trouble) =>
    expect(read(range(from, to), kind)).toBe(trouble),
  );
});
