import { create } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { DialectSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { questionOfLink } from '../question/linked-question.ts';
import { sameQuestionQuery } from './same-question.ts';

const columns = ['Date', 'Region & more', '', 'Price', 'Quantity'].map((name, index) => ({ index, name }));

it('a question is asked of another file by the names of its columns', () => {
  const dialect = create(DialectSchema, {
    columns,
    groupBy: [
      { index: 1, period: '' },
      { index: 0, period: 'month' },
      { index: 2, period: '' },
    ],
    amounts: [{ index: 4 }, { index: 4, factor: 3 }],
  });
  expect(questionOfLink(sameQuestionQuery({ dialect })).question).toEqual({
    groupBy: ['Region & more', 'Date:month', '2'],
    amountColumn: '',
    amounts: ['Quantity', 'Quantity*Price'],
  });
});

it('so is a plain one', () => {
  const dialect = create(DialectSchema, { columns, departmentIndex: 1, amountIndex: 3 });
  expect(questionOfLink(sameQuestionQuery({ dialect })).question).toEqual({
    groupBy: ['Region & more'],
    amountColumn: 'Price',
    amounts: [],
  });
  expect(sameQuestionQuery({})).toBe('');
});
