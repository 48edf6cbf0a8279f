import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { CsvOptionsSchema, DialectSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { describeQuestions } from './question.ts';

const dialect = create(DialectSchema, {
  columns: [
    { index: 0, name: 'Region' },
    { index: 1, name: 'Revenue' },
    { index: 2, name: '' },
  ],
  amountIndex: 1,
});
const asked = (options: MessageInitShape<typeof CsvOptionsSchema>) => ({
  dialect,
  options: create(CsvOptionsSchema, options),
});

describe('describeQuestions', () => {
  it('tells of the settings that not all questions have', () => {
    const questions = describeQuestions([
      asked({ delimiter: ';', negativeAmounts: 'reject' }),
      asked({ delimiter: ';', decimalSeparator: ',', encoding: 'big5' }),
      asked({ delimiter: ';' }),
    ]);
    expect(questions.map(({ settings }) => settings)).toEqual([
      ['Below zero: leave out'],
      ['Decimal sign: comma', 'Encoding: big5'],
      [],
    ]);
  });

  it('says nothing of settings that one question has alone, since there is no other', () => {
    expect(describeQuestions([asked({ delimiter: ';' })])).toEqual([{ text: 'Revenue by Region', settings: [] }]);
  });
});
