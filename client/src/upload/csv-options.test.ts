import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvOptionsSchema, DialectSchema, RowFilterSchema } from '#gen/tallystream/v1/processor_pb.ts';
import {
  changeSettings,
  columnReference,
  detectEverything,
  findColumn,
  fromOptions,
  hasSameColumns,
  splitPeriod,
  toOptions,
} from './csv-options.ts';

const dialect = create(DialectSchema, {
  columns: [
    { index: 0, name: 'Region' },
    { index: 1, name: 'Value' },
    { index: 2, name: 'Value' },
    { index: 3, name: '' },
  ],
});

describe('columnReference', () => {
  it('prefers the name', () => expect(columnReference(dialect.columns[0]!, dialect.columns)).toBe('Region'));
  it('takes the index where the name is not clear', () => {
    expect(columnReference(dialect.columns[2]!, dialect.columns)).toBe('2');
    expect(columnReference(dialect.columns[3]!, dialect.columns)).toBe('3');
  });
});

describe('findColumn', () => {
  const { columns } = create(DialectSchema, {
    columns: ['Region', ' region ', '0', '', 'Date:month'].map((name, index) => ({ index, name })),
  });
  it.each([
    ['Region', 0],
    ['REGION', 0],
    [' region ', 1],
    ['0', 2],
    ['3', 3],
    ['Shop', undefined],
    ['', undefined],
    ['9', undefined],
  ])('%j is column %j: by its name, else by its name in other letters, else by its index', (reference, index) =>
    expect(findColumn(reference, columns)?.index).toBe(index),
  );

  it('takes a period off a wish, unless a column is called so', () => {
    expect(splitPeriod('Sold on: week ', columns)).toEqual({ column: 'Sold on', period: 'week' });
    expect(splitPeriod('Date:month', columns)).toEqual({ column: 'Date:month', period: '' });
    expect(splitPeriod('Date:hour', columns)).toEqual({ column: 'Date:hour', period: '' });
  });
});

describe('changeSettings', () => {
  const where = [create(RowFilterSchema, { column: 'Region' })];
  const chosen = { ...detectEverything, groupBy: ['Region'], amountColumn: '2', where };
  it.each([
    { delimiter: ';' },
    { header: 'false' },
    { quote: 'none' },
    { skipLines: '3' },
    { encoding: 'big5' },
  ] as const)('forgets the question when the file falls into other columns: %o', (change) => {
    expect(changeSettings(chosen, change)).toMatchObject({ ...change, groupBy: [], amountColumn: '', where: [] });
  });
  it('keeps them otherwise', () => {
    expect(changeSettings(chosen, { negativeAmounts: 'reject' })).toMatchObject({
      groupBy: ['Region'],
      amountColumn: '2',
      where,
    });
  });
});

describe('hasSameColumns', () => {
  it('looks at what makes columns, and not at what is done with them', () => {
    expect(hasSameColumns(detectEverything, { ...detectEverything, amountColumn: '2', decimalSeparator: ',' })).toBe(
      true,
    );
    expect(hasSameColumns(detectEverything, { ...detectEverything, skipLines: '0' })).toBe(false);
  });
});

describe('toOptions', () => {
  it('names the tab', () => expect(toOptions({ ...detectEverything, delimiter: '\t' }).delimiter).toBe('tab'));

  it('holds the changes only: a given option is certain, and has no doubts any more', () => {
    expect(toOptions(detectEverything)).toEqual(create(CsvOptionsSchema));
    const settings = { ...detectEverything, decimalSeparator: ',', skipLines: '0', negativeAmounts: 'reject' } as const;
    expect(toOptions(settings)).toEqual(
      create(CsvOptionsSchema, { decimalSeparator: ',', skipLines: 0, negativeAmounts: 'reject' }),
    );
  });

  it('asks for one column as it stands as the department, and for anything else as groups', () => {
    const asked = (...groupBy: string[]) => toOptions({ ...detectEverything, groupBy });
    expect(asked('Region')).toEqual(create(CsvOptionsSchema, { departmentColumn: 'Region' }));
    expect(asked('Date:month')).toEqual(create(CsvOptionsSchema, { groupBy: ['Date:month'] }));
    expect(asked('Region', 'Shop')).toEqual(create(CsvOptionsSchema, { groupBy: ['Region', 'Shop'] }));
  });

  it('keeps what the page knows nothing of', () => {
    const before = create(CsvOptionsSchema, { delimiter: '|', trim: false, maxRejects: 0n, maxDepartments: 7 });
    expect(toOptions(detectEverything, before)).toEqual(
      create(CsvOptionsSchema, { trim: false, maxRejects: 0n, maxDepartments: 7 }),
    );
  });
});

describe('fromOptions', () => {
  it('is the way back', () => {
    const settings = {
      delimiter: '\t',
      quote: 'none',
      header: 'false',
      encoding: 'big5',
      decimalSeparator: ',',
      groupSeparator: '.',
      skipLines: '0',
      groupBy: ['0'],
      amountColumn: 'Sales',
      amounts: ['Sales', 'Pieces*Price'],
      where: [create(RowFilterSchema, { column: 'Note', test: { case: 'notIn', value: { values: [''] } } })],
      negativeAmounts: 'reject',
    } as const;
    expect(fromOptions(toOptions(settings))).toEqual(settings);
  });

  it('loses nothing that a job was asked with', () => {
    const sign = fc.constantFrom('', ',', ';', '|', '.', "'", 'none');
    const asked = fc.record(
      {
        delimiter: fc.constantFrom('', ',', ';', 'tab', '|', '~'),
        quote: sign,
        header: fc.constantFrom('', 'true', 'false'),
        encoding: fc.constantFrom('', 'utf-8', 'big5'),
        departmentColumn: fc.string(),
        amountColumn: fc.string(),
        decimalSeparator: fc.constantFrom('', '.', ','),
        groupSeparator: sign,
        trim: fc.boolean(),
        topN: fc.nat(1000),
        maxDepartments: fc.nat(),
        maxRejects: fc.bigInt(0n, 10n ** 6n),
        negativeAmounts: fc.constantFrom('', 'reject'),
        skipLines: fc.nat(1000),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(asked, (fields) => {
        const options = create(CsvOptionsSchema, fields);
        expect(toOptions(fromOptions(options), options)).toEqual(options);
      }),
    );
  });

  it('takes what says the same as nothing for nothing', () => {
    const options = create(CsvOptionsSchema, { delimiter: 'auto', header: 'auto', negativeAmounts: 'count' });
    expect(fromOptions(options)).toEqual(detectEverything);
    expect(fromOptions(undefined)).toEqual(detectEverything);
  });
});
