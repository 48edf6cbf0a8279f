import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { CsvOptionsSchema, DialectSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { askedColumns, describeQuestions } from './question.ts';

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

describe('askedColumns', () => {
  it('names the columns that were found, and counts those without a name', () => {
    expect(askedColumns({ dialect, options: undefined })).toBe('Revenue by Region');
    expect(askedColumns({ dialect: { ...dialect, departmentIndex: 2 }, options: undefined })).toBe(
      'Revenue by Column 3',
    );
  });

  it('names those that were asked for until then', () => {
    const options = create(CsvOptionsSchema, { amountColumn: 'Net', departmentColumn: 'Shop' });
    expect(askedColumns({ dialect: undefined, options })).toBe('Net by Shop');
    expect(askedColumns({ dialect: undefined, options: { ...options, departmentColumn: '' } })).toBe('Net by …');
    expect(askedColumns({ dialect: undefined, options: undefined })).toBe('Columns chosen automatically');
  });
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
    expect(describeQuestions([asked({ delimiter: ';' })])).toEqual([{ columns: 'Revenue by Region', settings: [] }]);
  });
});
