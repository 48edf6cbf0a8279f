import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { DialectSchema } from '#gen/tallystream/v1/processor_pb.ts';
import { changeSettings, columnReference, detectEverything, settleOptions, toOptions } from './csv-options.ts';

const dialect = create(DialectSchema, {
  delimiter: '\t',
  quote: '',
  hasHeader: true,
  encoding: 'utf-8',
  decimalSeparator: ',',
  groupSeparator: '.',
  columns: [
    { index: 0, name: 'Region' },
    { index: 1, name: 'Value' },
    { index: 2, name: 'Value' },
    { index: 3, name: '' },
  ],
  departmentIndex: 0,
  amountIndex: 2,
});

describe('columnReference', () => {
  it('prefers the name', () => expect(columnReference(dialect.columns[0]!, dialect.columns)).toBe('Region'));
  it('takes the index where the name is not clear', () => {
    expect(columnReference(dialect.columns[2]!, dialect.columns)).toBe('2');
    expect(columnReference(dialect.columns[3]!, dialect.columns)).toBe('3');
  });
});

describe('changeSettings', () => {
  const chosen = { ...detectEverything, departmentColumn: 'Region', amountColumn: '2' };
  it('forgets the columns when the file falls into others', () => {
    expect(changeSettings(chosen, { delimiter: ';' })).toMatchObject({ delimiter: ';', departmentColumn: '' });
    expect(changeSettings(chosen, { header: 'false' })).toMatchObject({ header: 'false', amountColumn: '' });
  });
  it('keeps them otherwise', () => {
    expect(changeSettings(chosen, { allowNegative: true })).toMatchObject({
      departmentColumn: 'Region',
      amountColumn: '2',
    });
  });
});

describe('toOptions', () => {
  it('names the tab', () => expect(toOptions({ ...detectEverything, delimiter: '\t' }).delimiter).toBe('tab'));
});

describe('settleOptions', () => {
  it('spells out what the preview showed', () => {
    expect(settleOptions({ ...detectEverything, allowNegative: true }, dialect)).toMatchObject({
      delimiter: 'tab',
      quote: 'none',
      header: 'true',
      encoding: '',
      departmentColumn: 'Region',
      amountColumn: '2',
      decimalSeparator: ',',
      groupSeparator: '.',
      allowNegative: true,
    });
  });
});
