import { create } from '@bufbuild/protobuf';
import { type RowFilter, RowFilterSchema } from '#gen/tallystream/v1/processor_pb.ts';

/** The conditions of a filter, as the page offers them. */
export const conditions = ['in', 'notIn', 'between', 'empty', 'notEmpty'] as const;

/** One of the {@link conditions}. */
export type Condition = (typeof conditions)[number];

/** A filter while it is written. Values that one condition does not need are kept for another. */
export interface FilterDraft {
  condition: Condition;
  values: readonly string[];
  from: string;
  to: string;
}

/** The draft of a filter; a new one has no value yet. */
export function draftOf(filter: RowFilter | undefined): FilterDraft {
  const draft: FilterDraft = { condition: 'in', values: [], from: '', to: '' };
  const test = filter?.test;
  if (test?.case === 'between') return { ...draft, condition: 'between', from: test.value.from, to: test.value.to };
  if (test?.case === undefined) return draft;
  const { values } = test.value;
  if (values.length === 1 && values[0] === '') {
    return { ...draft, condition: test.case === 'in' ? 'empty' : 'notEmpty' };
  }
  return { ...draft, condition: test.case, values: [...values] };
}

/** A number with a point for its decimals, or a day or a period in the form of ISO 8601, with quarters. */
const boundPattern = /^(?:[+-]?\d{1,18}(?:\.\d{1,6})?|\d{4}-(?:Q[1-4]|W\d\d|\d\d(?:-\d\d)?))$/;

/** Whether an end of a range can be read; one that is left out can. */
export function isBound(text: string): boolean {
  return text.trim() === '' || boundPattern.test(text.trim());
}

/** The filter of a draft; undefined while it says nothing. */
export function filterOf(column: string, draft: FilterDraft): RowFilter | undefined {
  const list = (name: 'in' | 'notIn', values: readonly string[]) =>
    values.length === 0
      ? undefined
      : create(RowFilterSchema, { column, test: { case: name, value: { values: [...values] } } });
  switch (draft.condition) {
    case 'in':
    case 'notIn':
      return list(draft.condition, draft.values);
    case 'empty':
      return list('in', ['']);
    case 'notEmpty':
      return list('notIn', ['']);
    case 'between': {
      const [from, to] = [draft.from.trim(), draft.to.trim()];
      if (from === '' && to === '') return undefined;
      return create(RowFilterSchema, { column, test: { case: 'between', value: { from, to } } });
    }
  }
}
