import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ColumnKind, InspectCsvResponseSchema } from '#gen/tallystream/v1/gateway_pb.ts';
import { lookAtColumns } from './column-looks.ts';

const found = (response: MessageInitShape<typeof InspectCsvResponseSchema>) =>
  create(InspectCsvResponseSchema, response);
const ofValues = (...values: string[]) =>
  lookAtColumns(found({ rows: values.map((value) => ({ fields: [value] })) }))(0);

describe('lookAtColumns', () => {
  it('believes the server', () => {
    const facts = { index: 3, kind: ColumnKind.DATE, values: 90, empty: 10, distinct: 7, frequent: ['2026-01-01'] };
    const look = lookAtColumns(found({ columnFacts: [facts], rows: [{ fields: ['a', 'b', 'c', 'd'] }] }));
    expect(look(3)).toEqual({ kind: 'date', empty: 10, distinct: 7, frequent: ['2026-01-01'] });
  });

  it('looks at the rows where the server says nothing', () => {
    expect(ofValues('b', '', 'a', 'b')).toEqual({ kind: 'text', empty: 1, distinct: 2, frequent: ['b', 'a'] });
    const shops = ofValues('Shop 10', 'Shop 9', 'Shop 30', 'Shop 2', 'Shop 30');
    expect(shops.frequent).toEqual(['Shop 30', 'Shop 2', 'Shop 9', 'Shop 10']);
    expect(ofValues('', '').kind).toBe('none');
    expect(lookAtColumns(found({ rows: [{ fields: ['a'] }] }))(7)).toMatchObject({ kind: 'none', empty: 0 });
  });

  it.each([
    ['date', ['2026-12-31', '2026-1-1']],
    ['date', ['31.12.2026', '1/2/26', 'n/a']],
    ['date', ['2026-12-31T23:59:59Z', '2026-12-31 10:00']],
    ['number', ['1', '-2.50', '1,234.50', "1'000", '(5)', '12 %']],
    ['number', ['€ 5', '5 €', 'USD 5', '5 EUR', '$1,200.00', 'x']],
    ['text', ['Region 1', 'North', '12 pieces']],
    ['text', ['1', 'a', 'b']],
  ] as const)('calls a column %s: %j', (kind, values) => expect(ofValues(...values).kind).toBe(kind));
});
