import { create } from '@bufbuild/protobuf';
import { type RowFilter, RowFilterSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { type BoundFormat, type BoundReading, isDate, isNumber, isReversed, readBound, writeNumber } from './bound.ts';

/** The conditions of a filter, as the page offers them. */
export const conditions = ['in', 'notIn', 'exactly', 'between', 'empty', 'notEmpty'] as const;

/** One of the {@link conditions}. */
export type Condition = (typeof conditions)[number];

/** A filter while it is written. Values that one condition does not need are kept for another. */
export interface FilterDraft {
  condition: Condition;
  values: readonly string[];
  /** Also the value of `exactly`. */
  from: string;
  to: string;
}

/** The ends of the range of a draft. */
export type End = 'from' | 'to';

/** The obstacle to a filter of a draft. */
export type Trouble =
  | { kind: 'unread' | 'unclear'; end: End; text: string; choices: readonly string[]; isUnfinished: boolean }
  | { kind: 'mixed' | 'reversed' };

/** The filter of a draft, undefined while it says nothing, or the obstacle to one. */
export type DraftReading = { filter: RowFilter | undefined; trouble: undefined } | { trouble: Trouble };

/** The draft of a filter; a new one has no value yet. */
export function draftOf(filter: RowFilter | undefined, decimalSeparator = '.'): FilterDraft {
  const draft: FilterDraft = { condition: 'in', values: [], from: '', to: '' };
  const test = filter?.test;
  if (test?.case === 'between') {
    const [from, to] = [test.value.from, test.value.to].map((bound) => writeNumber(bound, decimalSeparator));
    return { ...draft, condition: from === to ? 'exactly' : 'between', from: from!, to: from === to ? '' : to! };
  }
  if (test?.case === undefined) return draft;
  const { values } = test.value;
  if (values.length === 1 && values[0] === '') {
    return { ...draft, condition: test.case === 'in' ? 'empty' : 'notEmpty' };
  }
  return { ...draft, condition: test.case, values: [...values] };
}

/** The ends that a condition needs. */
export function endsOf(condition: Condition): readonly End[] {
  if (condition === 'exactly') return ['from'];
  return condition === 'between' ? ['from', 'to'] : [];
}

/** Reads the ends of a draft in the form of the server where it is certain, and leaves the others as they are. */
export function settleDraft(draft: FilterDraft, format: BoundFormat): FilterDraft {
  const settled = { ...draft };
  for (const end of endsOf(draft.condition)) {
    const reading = readBound(draft[end], format);
    if (reading.state === 'read') settled[end] = reading.text;
  }
  return settled;
}

/** Reads the filter of a draft. */
export function readDraft(column: string, draft: FilterDraft, format: BoundFormat): DraftReading {
  const list = (name: 'in' | 'notIn', values: readonly string[]): DraftReading => ({
    filter:
      values.length === 0
        ? undefined
        : create(RowFilterSchema, { column, test: { case: name, value: { values: [...values] } } }),
    trouble: undefined,
  });
  switch (draft.condition) {
    case 'in':
    case 'notIn':
      return list(draft.condition, draft.values);
    case 'empty':
      return list('in', ['']);
    case 'notEmpty':
      return list('notIn', ['']);
    case 'exactly':
    case 'between':
      return readRange(column, draft, format);
  }
}

function readRange(column: string, draft: FilterDraft, format: BoundFormat): DraftReading {
  const bounds: Partial<Record<End, string>> = {};
  for (const end of endsOf(draft.condition)) {
    const reading = readBound(draft[end], format);
    const trouble = troubleOf(end, draft[end].trim(), reading);
    if (trouble !== undefined) return { trouble };
    bounds[end] = reading.state === 'read' ? reading.text : '';
  }
  const { from = '', to = from } = bounds;
  if (from === '' && to === '') return { filter: undefined, trouble: undefined };
  if (from !== '' && to !== '') {
    const areDates = isDate(from) && isDate(to) && !(format.kind === 'number');
    if (!areDates && !(isNumber(from) && isNumber(to))) return { trouble: { kind: 'mixed' } };
    // Years are both, and in the same order as dates and as numbers.
    if (isReversed(from, to, areDates ? 'date' : 'number')) return { trouble: { kind: 'reversed' } };
  }
  return {
    filter: create(RowFilterSchema, { column, test: { case: 'between', value: { from, to } } }),
    trouble: undefined,
  };
}

function troubleOf(end: End, text: string, reading: BoundReading): Trouble | undefined {
  if (reading.state === 'unclear') {
    return { kind: 'unclear', end, text, choices: reading.choices, isUnfinished: false };
  }
  if (reading.state !== 'unread') return undefined;
  return { kind: 'unread', end, text, choices: [], isUnfinished: reading.isUnfinished };
}
